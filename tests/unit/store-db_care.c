/* store/db_care.c: what a scenario cannot time. The rest is tests/cmd/db.sh. */
#include "test.h"

#include "db_care.h"
#include "store_house.h"

static int set_up(void **state)
{
	static struct house h;

	house_open(&h);
	*state = &h;
	return 0;
}

static int tear_down(void **state)
{
	house_close(*state);
	return 0;
}

static const char many[] =
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	"LIMIT 200000) INSERT INTO messages SELECT i, randomblob(16), 0 FROM n";

struct busy {
	struct house *h;
	int steps, wrong;
};

/* Between two steps of the copy somebody else commits. */
static void write_more(
	void *arg, const char *what, uint64_t done, uint64_t total)
{
	struct busy *b = arg;

	(void)done, (void)total;
	assert_string_equal(what, "pages");
	/* Of the copy alone, not of the look that follows. */
	if (b->steps++ > 3)
		return;
	house_begin(b->h->db);
	house_exec(b->h->db,
		"INSERT INTO messages SELECT max(day) + 1, x'00', 0 "
		"FROM messages");
	house_commit(b->h->db);
}

static void told(void *arg, const char *line)
{
	struct busy *b = arg;

	print_message("%s\n", line);
	b->wrong++;
}

/* Without a read transaction around it: 200,001 messages and more. */
static void copies_one_moment(void **state)
{
	struct house *h = *state;
	struct busy b = {h, 0, 0};
	const struct db_care_check c = {
		DB_CARE_QUICK, told, &b, {write_more, &b}
        };
	struct db *reader, *copied;
	char to[160];
	int64_t pages;
	int fd;

	house_begin(h->db);
	house_exec(h->db, many);
	house_commit(h->db);
	(void)snprintf(to, sizeof(to), "%s/copy.db", h->dir);
	fd = open(to, O_CREAT | O_EXCL | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	reader = house_db(h, DB_READ);
	if (db_care_backup(reader, to, &c, &pages))
		fail_msg("%s", db_error(reader));
	db_close(reader);
	assert_true(b.steps > 1);
	assert_int_equal(b.wrong, 0);
	assert_true(pages > 1024);
	assert_true(house_count(h, "messages") > 200000);
	assert_int_equal(db_open(to, DB_READ, &copied), 0);
	assert_int_equal(
		number(copied, "SELECT count(*) FROM messages"), 200000);
	db_close(copied);
}

/* With `committing` not taken back. */
static void vacuum_is_for_the_watch(void **state)
{
	struct house *h = *state;
	const struct db_care_watch none = {NULL, NULL};
	struct db *writer = house_db(h, DB_WRITE);
	int64_t needs = 0;

	assert_int_equal(db_care_vacuum(writer, &none, &needs), -1);
	assert_int_equal(db_fault(writer), DB_INTERNAL);
	db_close(writer);
	assert_int_equal(db_care_vacuum(h->db, &none, &needs), 0);
	assert_true(needs > 0);
	/* It is as before, the watch's hold on its commits, too. */
	assert_int_equal(db_exec(h->db, "DELETE FROM words"), -1);
	assert_true(house_count(h, "words") > 0);
}

/* With soft ones counted in any case. */
static void counts_what_an_export_has(void **state)
{
	struct house *h = *state;
	int64_t n;

	house_begin(h->db);
	house_exec(h->db,
		"PRAGMA defer_foreign_keys = ON;"
		"INSERT INTO addresses (id, domain_id, local) VALUES "
		"(1, 0, 'a'), (2, 0, 'b'), (3, 0, 'c');"
		"INSERT INTO suppressions (address_id, scope, state, reason, "
		"seq) SELECT column1, 1, column2, number, 0 FROM (VALUES "
		"(1, 1, 'user-unknown'), (2, 1, 'mailbox-full'), "
		"(3, 4, 'user-unknown')) JOIN words ON kind = 'reason' AND "
		"word = column3");
	house_commit(h->db);
	assert_int_equal(db_care_suppressions(h->db, 1, false, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(db_care_suppressions(h->db, 1, true, &n), 0);
	assert_int_equal(n, 1);
}

/* With the id four bytes before where it is. */
static void knows_its_own(void **state)
{
	struct house *h = *state;
	char path[160];
	FILE *f;

	assert_int_equal(db_checkpoint(h->db), 0);
	assert_true(db_care_is_ours(h->path));
	assert_false(db_care_is_ours("/dev/null"));
	assert_false(db_care_is_ours(h->dir));
	(void)snprintf(path, sizeof(path), "%s/short", h->dir);
	assert_false(db_care_is_ours(path));
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs("SQLite format 3", f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_false(db_care_is_ours(path));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(copies_one_moment),
		TEST(vacuum_is_for_the_watch),
		TEST(counts_what_an_export_has),
		TEST(knows_its_own),
	};

	return cmocka_run_group_tests_name("store-db_care", tests, NULL, NULL);
}
