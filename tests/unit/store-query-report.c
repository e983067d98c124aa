/* store/query_report.c: what only the report asks. */
#include "test.h"

#include <stdarg.h>

#include "query_report.h"
#include "sent_rows.h"
#include "store_house.h"

static int numbers;

static int set_up(void **state)
{
	static struct house h;

	house_open(&h);
	numbers = 0;
	*state = &h;
	return 0;
}

static int tear_down(void **state)
{
	house_close(*state);
	return 0;
}

static int64_t ago(double days)
{
	return NOW - (int64_t)(days * DAY);
}

static const int64_t today = NOW / DAY;

/* What the callbacks were told. */
static void tell(char got[512], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void tell(char got[512], const char *format, ...)
{
	size_t n = strlen(got);
	va_list args;

	va_start(args, format);
	vsnprintf(got + n, 512 - n, format, args);
	va_end(args);
}

/* --- sent, and hard bounces by day --- */

static void sends(struct house *h, enum incident_kind kind, const char *name,
	double days_ago, bool whole, int64_t n)
{
	struct ledger_sent row =
		sent_number(kind, str_from(name), ago(days_ago), whole, n);

	assert_int_equal(sent_put(h->ledger, &row, 1), 0);
}

/* "news 3 1000, " */
static int write_sent(void *arg, const struct query_sent_day *d)
{
	tell(arg, STR_FMT " %d %d, ", STR_ARG(d->name), (int)(today - d->day),
		(int)d->n);
	return 0;
}

static void sums_sends_by_day(void **state)
{
	struct house *h = *state;
	char got[512] = "";

	sends(h, INCIDENT_ALL, "", 3, true, 1000);
	sends(h, INCIDENT_ALL, "", 2, false, 10);
	sends(h, INCIDENT_ALL, "", 2.1, false, 5);
	sends(h, INCIDENT_ALL, "", 8, true, 77);
	sends(h, INCIDENT_STREAM, "news", 3, true, 600);
	sends(h, INCIDENT_STREAM, "alerts", 3, true, 400);
	assert_int_equal(query_sent_days(h->db, INCIDENT_ALL, (today - 6) * DAY,
				 (today + 1) * DAY, write_sent, got),
		0);
	assert_string_equal(got, " 3 1000,  2 15, ");
	*got = '\0';
	assert_int_equal(
		query_sent_days(h->db, INCIDENT_STREAM, (today - 3) * DAY,
			(today - 2) * DAY, write_sent, got),
		0);
	assert_string_equal(got, "alerts 3 400, news 3 600, ");
}

/* A hard bounce of a mail that was sent `lag` days before; below 0: unknown. */
static void bounces(struct house *h, const char *address, double days_ago,
	double lag, const char *stream)
{
	struct verdict v = hard(address);
	struct mail m;

	v.stream = str_from(stream);
	if (lag >= 0)
		v.original_sent_at = ago(days_ago + lag);
	mail_make(&m, &v, 1, ++numbers, ago(days_ago));
	house_put(h, &m.entry, ago(days_ago));
}

static int write_hard(void *arg, const struct query_hard_day *d)
{
	tell(arg, "%d " STR_FMT " " STR_FMT " %d, ", (int)(today - d->day),
		STR_ARG(d->provider), STR_ARG(d->stream), (int)d->n);
	return 0;
}

static void counts_by_the_day_of_the_mail(void **state)
{
	struct house *h = *state;
	struct query_hard_ask ask = {.from = ago(6), .to = NOW};
	struct verdict soft = hard("s@example.org");
	char got[512] = "";

	bounces(h, "a@example.org", 1, 2, "news");
	bounces(h, "b@example.org", 1, 2, "news");
	bounces(h, "c@example.org", 1, -1, NULL);
	bounces(h, "d@example.org", 9, 0, NULL); /* not of the time */
	soft.class = CLASS_SOFT;
	soft.reason = REASON_MAILBOX_FULL;
	house_event(h, soft, ++numbers, ago(1));
	assert_int_equal(query_hard_days(h->db, &ask, write_hard, got), 0);
	assert_string_equal(got, "3 google news 2, 1 google  1, ");
	/* Nobody has looked whose mails these were. */
	ask.required = ORIGIN_MATCHED;
	assert_int_equal(query_hard_days(h->db, &ask, write_hard, got), 0);
	assert_string_equal(got, "3 google news 2, 1 google  1, ");
}

/* --- hours --- */

static void counts_hours_of_a_bucket(void **state)
{
	struct house *h = *state;
	struct query_hours ask = {.kind = INCIDENT_PROVIDER,
		.name = str_from("google"),
		.from = (today - 1) * DAY,
		.to = (today + 1) * DAY};
	struct verdict v = hard("x@example.net");
	int64_t n[48];

	bounces(h, "a@example.org", 1, 0, "news"); /* 12:00, yesterday */
	bounces(h, "b@example.org", 1, 0, NULL);
	bounces(h, "c@example.com", 0.5, 0, "news"); /* 00:00 */
	bounces(h, "old@example.com", 3, 0, "news");
	v.provider = str_from("microsoft");
	house_event(h, v, ++numbers, ago(1));
	assert_int_equal(query_hours(h->db, &ask, n, 48), 0);
	assert_int_equal(n[12], 2);
	assert_int_equal(n[24], 1);
	assert_int_equal(n[11] + n[13] + n[23] + n[47], 0);
	ask.kind = INCIDENT_DOMAIN;
	ask.name = str_from("example.com");
	assert_int_equal(query_hours(h->db, &ask, n, 48), 0);
	assert_int_equal(n[12], 0);
	assert_int_equal(n[24], 1);
	ask.kind = INCIDENT_STREAM;
	ask.name = str_from("news");
	assert_int_equal(query_hours(h->db, &ask, n, 48), 0);
	assert_int_equal(n[12] * 10 + n[24], 11);
	ask.kind = INCIDENT_ALL;
	ask.name = str_from("");
	assert_int_equal(query_hours(h->db, &ask, n, 48), 0);
	assert_int_equal(n[12] * 10 + n[24], 31);
	ask.required = ORIGIN_MATCHED; /* none is */
	assert_int_equal(query_hours(h->db, &ask, n, 48), 0);
	assert_int_equal(n[12] + n[24], 0);
	ask.kind = INCIDENT_STREAM;
	ask.name = str_from("nobody knows it");
	assert_int_equal(query_hours(h->db, &ask, n, 13), 0);
	assert_int_equal(n[12], 0);
}

/* --- releases --- */

static void releases(struct house *h, const char *address, double days_ago)
{
	struct ledger_hand hand = {
		.address_key = str_from(address),
		.seen = str_from(address),
		.scope = str_from("*"),
		.state = STATE_RELEASED,
		.note = str_from("ann"),
	};
	struct ledger_handed done;

	assert_int_equal(
		ledger_hand(h->ledger, &hand, ago(days_ago), &done), 0);
	assert_true(done.changed);
}

/* "c@example.org 5+2 hard user-unknown, ": days since, days after it */
static int write_release(void *arg, const struct query_release *r)
{
	tell(arg, STR_FMT " %d", STR_ARG(r->address),
		(int)((NOW - r->at) / DAY));
	if (r->again)
		tell(arg, "+%d %s %s", (int)((r->again - r->at) / DAY),
			class_word(r->class), reason_word(r->reason));
	tell(arg, ", ");
	return 0;
}

static void assert_releases(
	struct house *h, double from, double to, size_t most, const char *want)
{
	char got[512] = "";

	assert_int_equal(query_releases(h->db, ago(from), ago(to), most,
				 write_release, got),
		0);
	assert_string_equal(got, want);
}

/* A mailbox that is full at a mail of that time: soft. */
static void is_full(struct house *h, const char *address, double days)
{
	struct verdict v = hard(address);

	v.class = CLASS_SOFT;
	v.reason = REASON_MAILBOX_FULL;
	v.original_sent_at = ago(days);
	house_event(h, v, ++numbers, ago(days));
}

static void follows_released_addresses(void **state)
{
	static const char *const all[] = {"old@example.org",
		"quiet@example.org", "again@example.org", "late@example.org",
		"full@example.org", "undated@example.org"};
	struct house *h = *state;

	assert_releases(h, 56, 0, 100, "");
	for (int i = 0; i < 6; i++)
		bounces(h, all[i], 100, 0, NULL);
	for (int i = 0; i < 6; i++)
		releases(h, all[i], i ? 31 - i : 80);
	/* of a mail from before the release */
	bounces(h, "late@example.org", 26, 3, NULL);
	/* four days behind the release: may be late; more than five is not */
	bounces(h, "undated@example.org", 22, -1, NULL);
	bounces(h, "again@example.org", 20, 0.5, NULL);
	bounces(h, "again@example.org", 10, 0.5, NULL);
	is_full(h, "full@example.org", 2);
	assert_releases(h, 56, 0, 100,
		"undated@example.org 26, "
		"full@example.org 27+25 soft mailbox-full, "
		"late@example.org 28, "
		"again@example.org 29+9 hard user-unknown, "
		"quiet@example.org 30, ");
	assert_releases(h, 90, 56, 100, "old@example.org 80, ");
	bounces(h, "undated@example.org", 1.9, -1, NULL);
	assert_releases(h, 56, 0, 2,
		"undated@example.org 26+24 hard user-unknown, "
		"full@example.org 27+25 soft mailbox-full, ");
	/* released once more: that is what counts */
	releases(h, "again@example.org", 1.5);
	assert_releases(h, 56, 27.5, 100,
		"late@example.org 28, quiet@example.org 30, ");
	assert_releases(h, 10, 0, 100, "again@example.org 1, ");
}

/* By hand it is suppressed again: that ends the release, and what came between
 * the two is still what became of it. Seen to fail by released_at alone, which
 * such a suppression forgets. */
static void follows_what_was_suppressed_again(void **state)
{
	struct house *h = *state;

	bounces(h, "again@example.org", 100, 0, NULL);
	bounces(h, "undated@example.org", 100, 0, NULL);
	bounces(h, "quiet@example.org", 100, 0, NULL);
	releases(h, "again@example.org", 30);
	releases(h, "undated@example.org", 29);
	releases(h, "quiet@example.org", 28);
	bounces(h, "again@example.org", 20, 0.5, NULL);
	bounces(h, "undated@example.org", 20, -1, NULL);
	house_hand(h, "again@example.org", "*", STATE_SUPPRESSED, ago(10));
	house_hand(h, "undated@example.org", "*", STATE_SUPPRESSED, ago(10));
	house_hand(h, "quiet@example.org", "*", STATE_SUPPRESSED, ago(10));
	assert_releases(h, 56, 0, 100,
		"quiet@example.org 28, "
		"undated@example.org 29+9 hard user-unknown, "
		"again@example.org 30+10 hard user-unknown, ");
}

/* An incident is released long after its end: what counts again is what was
 * sent after that, but it has bounced again only behind the release. Seen to
 * fail with a bounce that was older than the release. */
static void follows_a_released_incident(void **state)
{
	struct house *h = *state;
	struct ledger_incident i = {
		.kind = INCIDENT_PROVIDER,
		.name = str_from("google"),
		.cause = INCIDENT_DETECTED,
		.state = INCIDENT_CLOSED,
		.from = ago(40),
		.to = ago(39),
		.opened_at = ago(40),
	};
	struct ledger_undo undo;

	house_incident(h, &i);
	bounces(h, "full@example.org", 39.5, 0, NULL);
	bounces(h, "gone@example.org", 39.5, 0, NULL);
	is_full(h, "full@example.org", 15);
	assert_int_equal(ledger_incident_release(h->ledger, i.id, STR_NULL,
				 ago(10), false, &undo),
		0);
	assert_int_equal(undo.released, 2);
	bounces(h, "gone@example.org", 8, 3, NULL);
	assert_releases(h, 56, 0, 100,
		"gone@example.org 10+2 hard user-unknown, "
		"full@example.org 10, ");
	bounces(h, "full@example.org", 7, 0, NULL);
	assert_releases(h, 56, 0, 100,
		"gone@example.org 10+2 hard user-unknown, "
		"full@example.org 10+3 hard user-unknown, ");
}

/* "1" for each address; each has its number. */
static int count_release(void *arg, const struct query_release *r)
{
	int *n = arg;

	assert_int_equal(str_number(r->address, 99999), 2500 - *n);
	assert_int_equal(r->again, 0);
	(*n)++;
	return 0;
}

/* More than one transaction holds, each once. */
static void reads_releases_piece_by_piece(void **state)
{
	struct house *h = *state;
	int n = 0;

	house_begin(h->db);
	house_exec(h->db, "INSERT INTO turns VALUES (9, 1, 1, 4, 1, 2)");
	house_exec(h->db, "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL"
			  " SELECT i + 1 FROM s WHERE i < 2500)"
			  " INSERT INTO addresses (id, domain_id, local)"
			  " SELECT i, 0, i FROM s");
	house_exec(h->db, "INSERT INTO changes (seq, at, address_id, turn_id)"
			  " SELECT id, 20000 * 86400, id, 9 FROM addresses");
	house_exec(h->db,
		"INSERT INTO suppressions (address_id, scope, state, reason,"
		" seq, released_at) SELECT id, 1, 4, 1, id, 20000 * 86400"
		" FROM addresses");
	house_commit(h->db);
	assert_int_equal(
		query_releases(h->db, ago(56), NOW, 9999, count_release, &n),
		0);
	assert_int_equal(n, 2500);
	n = 0;
	assert_int_equal(
		query_releases(h->db, ago(56), NOW, 1700, count_release, &n),
		0);
	assert_int_equal(n, 1700);
}

/* --- what ends --- */

static int write_end(void *arg, const struct query_suppression *s)
{
	tell(arg, STR_FMT " %s, ", STR_ARG(s->address), reason_word(s->reason));
	return 0;
}

/* Disabled mailboxes are suppressed for 180 days. */
static void knows_what_ends(void **state)
{
	static const struct {
		const char *address;
		double days_ago;
	} all[] = {
		{"over@example.org", 180.5},
		{"next@example.org", 179  },
		{"soon@example.org", 176.5},
		{"then@example.org", 173.1},
		{"far@example.org",  172.9},
	};
	struct house *h = *state;
	struct query_ends ends;
	char got[512] = "";

	h->settings.policy.stale_after = 0;
	ledger_close(h->ledger);
	assert_int_equal(ledger_open(h->db, &h->settings, &h->ledger), 0);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct verdict v = hard(all[i].address);

		v.reason = REASON_MAILBOX_DISABLED;
		house_event(h, v, ++numbers, ago(all[i].days_ago));
	}
	bounces(h, "forever@example.org", 10, 0, NULL);
	assert_int_equal(query_ends(h->db, NOW, NOW + 7 * DAY, &ends), 0);
	assert_int_equal(ends.suppressed, 3);
	assert_int_equal(ends.held, 0);
	assert_int_equal(
		query_ends_list(h->db, NOW, NOW + 7 * DAY, 2, write_end, got),
		0);
	assert_string_equal(got, "next@example.org mailbox-disabled, "
				 "soon@example.org mailbox-disabled, ");
}

/* --- not understood, given up --- */

static int write_shape(void *arg, const struct query_count *c)
{
	tell(arg, STR_FMT " %d, ", STR_ARG(c->name), (int)c->n);
	return 0;
}

static void counts_shapes(void **state)
{
	struct house *h = *state;
	char got[512] = "";

	for (int i = 0; i < 4; i++) {
		struct verdict v = {
			.class = CLASS_UNKNOWN,
			.provider = str_from(i < 3 ? "google" : NULL),
			.status = {5, 7, 26},
			.smtp = 550
                };

		house_event(h, v, ++numbers, ago(1));
	}
	bounces(h, "a@example.org", 1, 0, NULL);
	assert_int_equal(
		query_counts(h->db, QUERY_BY_SHAPE,
			&(struct query_span){ago(7), NOW, ORIGIN_UNVERIFIED},
			write_shape, got),
		0);
	assert_string_equal(got, "google\t5007026\t550 3, \t5007026\t550 1, ");
}

static int write_given_up(
	void *arg, struct str account, struct str folder, int64_t n)
{
	tell(arg, STR_FMT "/" STR_FMT " %d, ", STR_ARG(account),
		STR_ARG(folder), (int)n);
	return 0;
}

static void counts_what_was_given_up(void **state)
{
	struct house *h = *state;
	struct ledger_mailbox box = house_mailbox(h, "INBOX", 7);
	char got[512] = "";

	for (uint32_t uid = 1; uid < 6; uid++) {
		struct verdict v = hard("a@example.org");
		struct mail m;

		mail_make(&m, &v, 0, (int)uid, NOW);
		m.entry.mailbox = box.id;
		m.entry.uid = uid;
		m.entry.uid_state = uid < 3   ? UID_QUARANTINED
				    : uid < 4 ? UID_GONE
					      : UID_RECORDED;
		house_put(h, &m.entry, NOW);
	}
	assert_int_equal(query_given_up(h->db, write_given_up, got), 0);
	assert_string_equal(got, "news/INBOX 2, ");
}

/* --- the change log, from its end --- */

/* What is older than a whole piece of the log is not read. */
static void moves_are_those_of_the_time(void **state)
{
	struct house *h = *state;
	struct query_moves m;

	house_begin(h->db);
	house_exec(h->db, "INSERT INTO addresses (id, domain_id, local)"
			  " VALUES (1, 0, 'x')");
	house_exec(h->db, "INSERT INTO turns VALUES (1, 1, 0, 1, 1, 1)");
	/* 50,000 changes, one a minute, the last a minute ago */
	house_exec(h->db,
		"WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL"
		" SELECT i + 1 FROM s WHERE i < 50000)"
		" INSERT INTO changes (at, address_id, turn_id)"
		" SELECT 20000 * 86400 + 43200 - (50001 - i) * 60, 1, 1"
		" FROM s");
	house_commit(h->db);
	assert_int_equal(
		query_moves(h->db, ORIGIN_UNVERIFIED, ago(1), NOW, NOW, &m), 0);
	assert_int_equal(m.suppressed, 24 * 60);
	assert_int_equal(
		query_moves(h->db, ORIGIN_UNVERIFIED, 0, ago(20), NOW, &m), 0);
	assert_int_equal(m.suppressed, 50000 - 20 * 24 * 60);
	assert_int_equal(
		query_moves(h->db, ORIGIN_UNVERIFIED, 0, NOW, NOW, &m), 0);
	assert_int_equal(m.suppressed, 50000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sums_sends_by_day),
		TEST(counts_by_the_day_of_the_mail),
		TEST(counts_hours_of_a_bucket),
		TEST(follows_released_addresses),
		TEST(follows_what_was_suppressed_again),
		TEST(follows_a_released_incident),
		TEST(reads_releases_piece_by_piece),
		TEST(knows_what_ends),
		TEST(counts_shapes),
		TEST(counts_what_was_given_up),
		TEST(moves_are_those_of_the_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
