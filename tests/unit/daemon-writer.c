/* The writer: order, failures, and that a cursor never overtakes its mails. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"
#include "wake.h"
#include "writer.h"

static char folder[] = "/tmp/bouncewatch-writer.XXXXXX";
static char path[64];
static struct house *house;
static struct db *db;
static struct writer writer;
static struct wake wake;

static void sql(const char *text)
{
	sqlite3 *other;

	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(other, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
}

static int64_t count(const char *text)
{
	sqlite3 *other;
	sqlite3_stmt *s;
	int64_t n;

	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(other, text, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(other);
	return n;
}

static int find_mailbox(struct ledger *l, void *arg)
{
	struct ledger_mailbox box;
	int rc = ledger_mailbox(l, str_from("a"), str_from("INBOX"), 7, &box);

	*(int64_t *)arg = box.id;
	return rc;
}

static int fail_always(struct ledger *l, void *arg)
{
	(void)l;
	(void)arg;
	return -1;
}

/* A batch of one mail with this UID, and the cursor behind it. */
static void fill(struct ingest_batch *b, int64_t mailbox, uint32_t uid)
{
	char bytes[100];
	struct ingest_mail m = {
		.mailbox = mailbox,
		.uid = uid,
		.account = "a",
		.source = "a/INBOX",
		.act = true,
	};

	snprintf(bytes, sizeof(bytes), "Message-ID: <%u@x>\n\nmail\n", uid);
	m.bytes = str_from(bytes);
	ingest_batch_reset(b);
	assert_int_equal(ingest_batch_add(b, &m, 1700000000), 0);
	ingest_batch_cursor(b, mailbox, uid);
}

static int64_t cursor(void)
{
	return count("select max(last_uid) from mailboxes");
}

static void test_batches_and_questions(void **state)
{
	struct ingest_batch *b[2] = {
		ingest_batch_new(house), ingest_batch_new(house)};
	struct lane lane = {false};
	struct writer_job jobs[2] = {
		{.batch = b[0], .lane = &lane},
                {.batch = b[1], .lane = &lane}
        };
	int64_t mailbox = 0;
	char why[256] = "";

	(void)state;
	assert_int_equal(
		writer_call(&writer, find_mailbox, &mailbox, why), DB_OK);
	assert_true(mailbox > 0);
	fill(b[0], mailbox, 1);
	fill(b[1], mailbox, 2);
	writer_submit(&writer, &jobs[0]);
	writer_submit(&writer, &jobs[1]);
	/* A question behind them sees what they did. */
	assert_int_equal(
		writer_call(&writer, find_mailbox, &mailbox, why), DB_OK);
	assert_true(writer_is_done(&writer, &jobs[0]));
	assert_true(writer_is_done(&writer, &jobs[1]));
	assert_int_equal(writer_wait(&writer, &jobs[0]), DB_OK);
	assert_int_equal(writer_wait(&writer, &jobs[1]), DB_OK);
	assert_int_equal(jobs[1].tally.messages, 1);
	assert_int_equal(cursor(), 2);
	ingest_batch_free(b[0]);
	ingest_batch_free(b[1]);
}

static void test_a_failure_breaks_its_lane(void **state)
{
	struct ingest_batch *b[3] = {ingest_batch_new(house),
		ingest_batch_new(house), ingest_batch_new(house)};
	struct lane lane = {false}, other = {false};
	struct writer_job jobs[3] = {
		{.batch = b[0], .lane = &lane },
                {.batch = b[1], .lane = &lane },
		{.batch = b[2], .lane = &other}
        };
	int64_t mailbox = 0;
	char why[256] = "";

	(void)state;
	assert_int_equal(
		writer_call(&writer, find_mailbox, &mailbox, why), DB_OK);
	for (uint32_t i = 0; i < 3; i++)
		fill(b[i], mailbox, 10 + i);
	sql("alter table messages rename to elsewhere");
	writer_submit(&writer, &jobs[0]);
	assert_int_not_equal(writer_wait(&writer, &jobs[0]), DB_OK);
	assert_true(lane.broken);
	assert_true(strlen(jobs[0].why) > 0);
	sql("alter table elsewhere rename to messages");
	/* The next one could be recorded, and must not be. */
	writer_submit(&writer, &jobs[1]);
	assert_int_not_equal(writer_wait(&writer, &jobs[1]), DB_OK);
	assert_int_equal(cursor(), 2);
	writer_submit(&writer, &jobs[2]);
	assert_int_equal(writer_wait(&writer, &jobs[2]), DB_OK);
	lane.broken = false;
	writer_submit(&writer, &jobs[1]);
	assert_int_equal(writer_wait(&writer, &jobs[1]), DB_OK);
	for (int i = 0; i < 3; i++)
		ingest_batch_free(b[i]);
}

static void test_a_bug_is_fatal(void **state)
{
	char why[256] = "";

	(void)state;
	assert_int_equal(
		writer_call(&writer, fail_always, NULL, why), DB_INTERNAL);
	assert_int_equal(atomic_load(&writer.fatal), DB_INTERNAL);
	assert_true(wake_sleep(&wake, 1000));
}

static int start(void **state)
{
	char why[256];
	struct conf conf;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/db", folder);
	conf_init(&conf);
	house = house_new(&conf);
	conf_release(&conf);
	if (!house || wake_init(&wake) < 0 || db_open(path, DB_CREATE, &db) < 0)
		return -1;
	return writer_start(&writer, db, house, &wake, why);
}

static int stop(void **state)
{
	char command[128];

	(void)state;
	writer_stop(&writer);
	db_close(db);
	house_free(house);
	wake_release(&wake);
	snprintf(command, sizeof(command), "rm -r '%s'", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_batches_and_questions),
		cmocka_unit_test(test_a_failure_breaks_its_lane),
		cmocka_unit_test(test_a_bug_is_fatal),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
