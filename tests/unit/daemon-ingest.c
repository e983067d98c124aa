/* daemon/ingest.c: from bytes to a committed batch, and what makes two mails
 * the same one. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <sqlite3.h>

#include "ingest.h"

#define NOW    1767607200 /* 2026-01-05T10:00:00Z */
#define RECENT "Sun, 04 Jan 2026 10:00:00 +0000"

#define HEADER(id)                                                             \
	"Received: from a.example by b.example; " RECENT "\n"                  \
	"From: MAILER-DAEMON@out.example.net\n"                                \
	"Subject: Undelivered Mail\n"                                          \
	"Message-ID: <" id "@out.example.net>\n"                               \
	"Date: " RECENT "\n"                                                   \
	"Content-Type: multipart/report; report-type=delivery-status;\n"       \
	"\tboundary=b\n\n"
#define BODY(to)                                                               \
	"--b\nContent-Type: message/delivery-status\n\n"                       \
	"Reporting-MTA: dns; out.example.net\n\n"                              \
	"Final-Recipient: rfc822; " to "\nAction: failed\nStatus: 5.1.1\n"     \
	"Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"                    \
	"--b\nContent-Type: message/rfc822\n\n"                                \
	"Message-ID: <1@news.example.com>\nTo: " to "\n\nNews\n\n--b--\n"
#define BOUNCE(id, to) HEADER(id) BODY(to)

static struct {
	char folder[64], path[96];
	struct conf conf;
	struct house *house;
	struct db *db;
	struct ledger *ledger;
	struct ingest_batch *batch;
	struct tally tally;
} t;

static void open_all(void)
{
	t.house = house_new(&t.conf);
	assert_non_null(t.house);
	assert_int_equal(db_open(t.path, DB_CREATE, &t.db), 0);
	assert_int_equal(
		ledger_open(t.db, house_ledger_settings(t.house), &t.ledger),
		0);
	t.batch = ingest_batch_new(t.house);
	assert_non_null(t.batch);
	t.tally = (struct tally){0};
}

static void close_all(void)
{
	ingest_batch_free(t.batch);
	ledger_close(t.ledger);
	db_close(t.db);
	house_free(t.house);
}

static int setup(void **state)
{
	(void)state;
	snprintf(t.folder, sizeof(t.folder), "/tmp/ingest-test.XXXXXX");
	if (!mkdtemp(t.folder))
		return -1;
	snprintf(t.path, sizeof(t.path), "%s/x.db", t.folder);
	conf_init(&t.conf);
	t.conf.own.v = calloc(1, sizeof(*t.conf.own.v));
	assert_non_null(t.conf.own.v);
	t.conf.own.v[0] = strdup("*@news.example.com");
	t.conf.own.n = 1;
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	conf_release(&t.conf);
	snprintf(command, sizeof(command), "rm -rf '%s'", t.folder);
	return system(command);
}

/* As shipped the policy is that of store/policy.h, but for the origin. */
static void copies_the_policy(void **state)
{
	struct policy_settings want;
	const struct policy_settings *got;

	(void)state;
	policy_settings_init(&want);
	t.house = house_new(&t.conf);
	got = &house_ledger_settings(t.house)->policy;
	assert_int_equal(got->stale_after, want.stale_after);
	assert_int_equal(got->suppress_hard, want.suppress_hard);
	assert_int_equal(got->weak_events, want.weak_events);
	assert_int_equal(got->engaged, want.engaged);
	assert_int_equal(got->hold, want.hold);
	assert_int_equal(got->confirm_after, want.confirm_after);
	for (int r = 0; r < REASON_COUNT; r++) {
		assert_int_equal(got->expiry[r], want.expiry[r]);
		assert_int_equal(got->complaint[r], want.complaint[r]);
		assert_int_equal(got->soft[r].events, want.soft[r].events);
		assert_int_equal(got->soft[r].spread, want.soft[r].spread);
		assert_int_equal(got->soft[r].lasts, want.soft[r].lasts);
	}
	assert_true(house_ledger_settings(t.house)->guard);
	assert_int_equal(house_ledger_settings(t.house)->guard_least, 15);
	house_free(t.house);
}

static void add(struct str bytes, int64_t mailbox, uint32_t uid)
{
	const struct ingest_mail m = {.bytes = bytes,
		.mailbox = mailbox,
		.uid = uid,
		.account = "news",
		.source = "a test",
		.act = mailbox != 0};

	assert_int_equal(ingest_batch_add(t.batch, &m, NOW), 0);
}

static void commit(void)
{
	assert_int_equal(
		ingest_batch_commit(t.batch, t.ledger, NOW, &t.tally), 0);
	ingest_batch_reset(t.batch);
}

/* One value of the database, as text. */
static const char *value(const char *query)
{
	static char text[256];
	sqlite3 *db;
	sqlite3_stmt *s;

	assert_int_equal(sqlite3_open(t.path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(db, query, -1, &s, NULL), SQLITE_OK);
	text[0] = '\0';
	if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0))
		snprintf(text, sizeof(text), "%s",
			(const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	sqlite3_close(db);
	return text;
}

static void records_a_batch(void **state)
{
	(void)state;
	open_all();
	add((struct str)STR(BOUNCE("1", "a@example.org")), 0, 0);
	add((struct str)STR(BOUNCE("2", "b@example.org")), 0, 0);
	add((struct str)STR("Subject: lunch\n\nShall we?\n"), 0, 0);
	/* twice in one batch is once */
	add((struct str)STR(BOUNCE("1", "a@example.org")), 0, 0);
	assert_int_equal(ingest_batch_count(t.batch), 4);
	assert_true(ingest_batch_bytes(t.batch) >=
		    3 * sizeof(BOUNCE("1", "a@example.org")));
	commit();
	assert_int_equal(ingest_batch_count(t.batch), 0);
	assert_int_equal(t.tally.messages, 4);
	assert_int_equal(t.tally.duplicates, 1);
	assert_int_equal(t.tally.classes[CLASS_HARD], 2);
	assert_int_equal(t.tally.classes[CLASS_NONE], 1);
	assert_int_equal(t.tally.fates[FATE_SUPPRESSED], 2);
	assert_string_equal(value("SELECT count(*) FROM events"), "2");
	/* and again, after a reset */
	add((struct str)STR(BOUNCE("2", "b@example.org")), 0, 0);
	commit();
	assert_int_equal(t.tally.duplicates, 2);
	assert_string_equal(value("SELECT count(*) FROM events"), "2");
	close_all();
}

/*
 * The digest is on disk and may never change: it is made anew here, from the
 * words of the schema.
 */
static void digest_is_as_promised(void **state)
{
	static const char plain[] =
		"<1@out.example.net>\0" RECENT "\0"
		"MAILER-DAEMON@out.example.net\0Undelivered Mail\0\n" BODY(
			"a@example.org");
	char text[sizeof(plain)];
	unsigned char sum[32];
	char want[33];

	(void)state;
	open_all();
	add((struct str)STR(BOUNCE("1", "a@example.org")), 0, 0);
	commit();
	close_all();
	/* the NUL that ends the body's part stands where its newline was */
	memcpy(text, plain, sizeof(plain));
	assert_int_equal(text[sizeof(plain) - 2], '\n');
	text[sizeof(plain) - 2] = '\0';
	assert_int_equal(gnutls_hash_fast(GNUTLS_DIG_SHA256, text,
				 sizeof(plain) - 1, sum),
		0);
	for (int i = 0; i < 16; i++)
		snprintf(want + 2 * i, 3, "%02X", sum[i]);
	assert_string_equal(value("SELECT hex(digest) FROM messages"), want);
	/* the day of its Date header */
	assert_string_equal(value("SELECT day FROM messages"), "20457");
}

static void crlf(struct str in, char *out)
{
	for (size_t i = 0; i < in.n; i++) {
		if (in.p[i] == '\n')
			*out++ = '\r';
		*out++ = in.p[i];
	}
	*out = '\0';
}

static void same_and_different(void **state)
{
	static const struct str mail = STR(BOUNCE("1", "a@example.org"));
	char other[2048];

	(void)state;
	open_all();
	add(mail, 0, 0);
	crlf(mail, other);
	add(str_from(other), 0, 0);
	/* what is added on the way does not count */
	snprintf(other, sizeof(other), "X-Spam: no\nReceived: by c\n" STR_FMT,
		STR_ARG(mail));
	add(str_from(other), 0, 0);
	commit();
	assert_int_equal(t.tally.duplicates, 2);
	/* another Message-ID, and another body, are other mails */
	add((struct str)STR(BOUNCE("2", "a@example.org")), 0, 0);
	add((struct str)STR(BOUNCE("1", "b@example.org")), 0, 0);
	commit();
	assert_int_equal(t.tally.duplicates, 2);
	assert_int_equal(t.tally.messages, 5);
	close_all();
}

/* Copies of one mail count once, however they were stored. */
static void copies_are_one(void **state)
{
#define TOP "Message-ID: <c@x>\n\n"
	static const struct str copies[] = {
		STR(TOP "a\n\nFrom x\n> From z\n>>Fro\n"), /* .eml */
		STR(TOP "a\n\nFrom x\n> From z\n>>Fro"),
		STR(TOP "a\n\nFrom x\n> From z\n>>Fro\n\n\n"),
		STR(TOP "a\n\n>From x\n> From z\n>>Fro\n"), /* mbox */
		STR(TOP "a\n\n>>From x\n> From z\n>>Fro\n"),
		STR("Message-ID: <c@x>\r\n\r\na\r\n\r\nFrom x\r\n"
		    "> From z\r\n>>Fro\r\n\r\n"),
		STR("Message-ID: <c@x>\r\ra\r\rFrom x\r> From z\r>>Fro"),
	};
	static const struct str others[] = {
		STR(TOP "a\nFrom x\n> From z\n>>Fro\n"),
		STR(TOP "a\n\nFrom x\nFrom z\n>>Fro\n"),
		STR(TOP "a\n\nFrom x\n> From z\n>Fro\n"),
		STR(TOP "a\n\nFrom y\n> From z\n>>Fro\n"),
		STR(TOP "b\n\nFrom x\n> From z\n>>Fro\n"),
		STR(TOP ">From"),
		STR(TOP "From"),
		STR(TOP ">"),
		STR(TOP "\n"),
	};
	const size_t copies_n = sizeof(copies) / sizeof(copies[0]);
	const size_t others_n = sizeof(others) / sizeof(others[0]);
#undef TOP

	(void)state;
	open_all();
	for (size_t i = 0; i < copies_n; i++)
		add(copies[i], 0, 0);
	commit();
	assert_int_equal(t.tally.duplicates, copies_n - 1);
	for (size_t i = 0; i < others_n; i++)
		add(others[i], 0, 0);
	commit();
	assert_int_equal(t.tally.duplicates, copies_n - 1);
	close_all();
}

/* Where one part ends and the next begins is part of the digest. */
static void parts_are_apart(void **state)
{
	static const struct str mails[] = {
		STR("From: ab\nSubject: c\n\nx\n"),
		STR("From: a\nSubject: bc\n\nx\n"),
		STR("From: abc\n\nx\n"),
		STR("Subject: abc\n\nx\n"),
		STR("Message-ID: abc\n\nx\n"),
	};
	const size_t n = sizeof(mails) / sizeof(mails[0]);

	(void)state;
	open_all();
	for (size_t i = 0; i < n; i++)
		add(mails[i], 0, 0);
	commit();
	assert_int_equal(t.tally.duplicates, 0);
	close_all();
}

static void keeps_the_cursor(void **state)
{
	struct ledger_mailbox box;
	struct ledger_pending *pending;
	size_t n;

	(void)state;
	open_all();
	assert_int_equal(ledger_mailbox(t.ledger, str_from("news"),
				 str_from("INBOX"), 7, &box),
		0);
	add((struct str)STR(BOUNCE("1", "a@example.org")), box.id, 5);
	assert_int_equal(
		ingest_batch_skip(t.batch, box.id, 6, UID_QUARANTINED), 0);
	assert_int_equal(ingest_batch_skip(t.batch, box.id, 7, UID_GONE), 0);
	ingest_batch_cursor(t.batch, box.id, 6);
	ingest_batch_cursor(t.batch, box.id, 7);
	assert_int_equal(ingest_batch_uid(t.batch, 0), 5);
	assert_int_equal(ingest_batch_class(t.batch, 0), CLASS_HARD);
	commit();
	/* one that is gone was no message; one that cannot be read was */
	assert_int_equal(t.tally.messages, 2);
	assert_int_equal(t.tally.failed, 1);
	assert_int_equal(ledger_mailbox(t.ledger, str_from("news"),
				 str_from("INBOX"), 7, &box),
		0);
	assert_int_equal(box.last_uid, 7);
	assert_int_equal(ledger_pending(t.ledger, box.id, &pending, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(pending[0].uid, 5);
	free(pending);
	close_all();
}

static void knows_the_time(void **state)
{
	static const struct {
		const char *date;
		int64_t received_at, want;
	} cases[] = {
		{"Date: " RECENT "\n", 0,             NOW - 86400},
		{"Date: " RECENT "\n", NOW - 5,       NOW - 86400},
		{"",                   NOW - 5,       NOW - 5    },
		{"",                   NOW + 1000000, NOW        },
	};

	char query[96];

	(void)state;
	open_all();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char mail[1024];
		struct ingest_mail m = {.account = "", .source = "x"};

		snprintf(mail, sizeof(mail),
			"Message-ID: <%zu>\n%s"
			"Content-Type: multipart/report;\n"
			" report-type=delivery-status; boundary=b\n\n" BODY(
				"a@example.org"),
			i, cases[i].date);
		m.bytes = str_from(mail);
		m.received_at = cases[i].received_at;
		assert_int_equal(ingest_batch_add(t.batch, &m, NOW), 0);
		commit();
		snprintf(query, sizeof(query),
			"SELECT count(*) FROM events "
			"WHERE (id >> 32) * 86400 + second = %lld",
			(long long)cases[i].want);
		assert_string_not_equal(value(query), "0");
	}
	assert_string_equal(value("SELECT count(*) FROM events"), "4");
	close_all();
}

static void policy_comes_from_the_configuration(void **state)
{
	static char own[] = "*@example.net";
	static char *list[] = {own};

	(void)state;
	t.conf.policy.hard = false;
	open_all();
	add((struct str)STR(BOUNCE("1", "a@example.org")), 0, 0);
	commit();
	assert_int_equal(t.tally.fates[FATE_OFF], 1);
	close_all();
	t.conf.policy.hard = true;
	t.conf.policy.stale_after = 3600;
	open_all();
	add((struct str)STR(BOUNCE("2", "a@example.org")), 0, 0);
	commit();
	assert_int_equal(t.tally.fates[FATE_STALE], 1);
	close_all();
	t.conf.policy.stale_after = 0;
	t.conf.origin.require = ORIGIN_SIGNED;
	open_all();
	add((struct str)STR(BOUNCE("3", "a@example.org")), 0, 0);
	commit();
	assert_int_equal(t.tally.fates[FATE_UNVERIFIED], 1);
	close_all();
	t.conf.origin.require = ORIGIN_UNVERIFIED;
	t.conf.never_suppress = (struct conf_list){list, 1};
	open_all();
	add((struct str)STR(BOUNCE("4", "a@example.net")), 0, 0);
	commit();
	assert_int_equal(t.tally.fates[FATE_OWN], 1);
	close_all();
	t.conf.never_suppress = (struct conf_list){NULL, 0};
}

/* What cannot be committed leaves nothing, and can be tried again. */
static void failure_leaves_nothing(void **state)
{
	sqlite3 *other;

	(void)state;
	open_all();
	add((struct str)STR(BOUNCE("1", "a@example.org")), 0, 0);
	assert_int_equal(sqlite3_open(t.path, &other), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(
		ingest_batch_commit(t.batch, t.ledger, NOW, &t.tally), -1);
	assert_int_equal(db_fault(t.db), DB_LOCKED);
	assert_int_equal(t.tally.messages, 0);
	sqlite3_close(other);
	commit();
	assert_int_equal(t.tally.messages, 1);
	assert_string_equal(value("SELECT count(*) FROM events"), "1");
	close_all();
}

static void refuses_bad_rules(void **state)
{
	static char absent[] = "/nonexistent/rules.yaml";
	static char *list[] = {absent};

	(void)state;
	t.conf.rules = (struct conf_list){list, 1};
	assert_null(house_new(&t.conf));
	t.conf.rules = (struct conf_list){NULL, 0};
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(copies_the_policy),
		TEST(records_a_batch),
		TEST(digest_is_as_promised),
		TEST(same_and_different),
		TEST(copies_are_one),
		TEST(parts_are_apart),
		TEST(keeps_the_cursor),
		TEST(knows_the_time),
		TEST(policy_comes_from_the_configuration),
		TEST(failure_leaves_nothing),
		TEST(refuses_bad_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
