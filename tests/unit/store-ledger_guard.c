/* store/ledger_guard*.c: what is counted, what trips, what closes. */
#include "test.h"

#include "ledger_sent.h"
#include "store_house.h"

#define HOUR  3600
#define BEGIN (NOW - 40 * DAY) /* of the life that is lived */

static int set_up(void **state)
{
	static struct house h;

	house_open(&h);
	ledger_close(h.ledger);
	h.settings.guard = true;
	h.settings.policy.stale_after = 0;
	assert_int_equal(ledger_open(h.db, &h.settings, &h.ledger), 0);
	*state = &h;
	return 0;
}

static int tear_down(void **state)
{
	house_close(*state);
	return 0;
}

static int serial;

static void put_of(struct house *h, const char *stream, const char *provider,
	const char *domain, int64_t at)
{
	struct ledger_result r;
	char address[64];
	struct verdict v;
	struct mail m;

	(void)snprintf(address, sizeof(address), "a%d@%s", ++serial, domain);
	v = hard(address);
	v.provider = str_from(provider);
	v.stream = str_from(stream);
	v.original_sent_at = at;
	mail_make(&m, &v, 1, serial, at);
	assert_int_equal(ledger_put(h->ledger, &m.entry, at, &r), 0);
}

static void put(
	struct house *h, const char *domain, const char *provider, int64_t at)
{
	put_of(h, "news", provider, domain, at);
}

static void commit(struct house *h)
{
	if (ledger_commit(h->ledger))
		fail_msg("%s", db_error(h->db));
}

/* n bounces of new addresses at a domain, by a provider, in one batch, from
 * `at` on. */
static void bounce(struct house *h, int n, const char *domain,
	const char *provider, int64_t at)
{
	assert_int_equal(ledger_begin(h->ledger), 0);
	for (int i = 0; i < n; i++)
		put(h, domain, provider, at + i);
	commit(h);
}

static void tick(struct house *h, int64_t at)
{
	struct ledger_ticked t;

	if (ledger_tick(h->ledger, at, &t))
		fail_msg("%s", db_error(h->db));
}

/* days in which google says it of 2 an hour and the others of 3. */
static void live(struct house *h, int days)
{
	for (int64_t at = BEGIN; at < BEGIN + days * DAY; at += HOUR) {
		bounce(h, 2, "example.com", "google", at);
		bounce(h, 3, "example.net", "yahoo", at + 60);
	}
}

static void reopen(struct house *h)
{
	ledger_close(h->ledger);
	assert_int_equal(ledger_open(h->db, &h->settings, &h->ledger), 0);
}

static int64_t incidents(struct house *h)
{
	return number(h->db, "SELECT count(*) FROM incidents WHERE cause = 1");
}

static int64_t in_state(struct house *h, enum state state)
{
	char sql[80];

	(void)snprintf(sql, sizeof(sql),
		"SELECT count(*) FROM standings WHERE state = %d", state);
	return number(h->db, sql);
}

static void counts_by_bucket_and_hour(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.com");

	v.stream = str_from("news");
	assert_int_equal(house_event(h, v, ++serial, NOW), FATE_SUPPRESSED);
	assert_int_equal(house_count(h, "hours"), 4);
	assert_int_equal(number(h->db, "SELECT sum(n) FROM hours WHERE hour ="
				       " 480012 AND name IN ('google',"
				       " 'example.com', 'news', '')"),
		4);
	/* who is gone is no news, for 60 days */
	assert_int_equal(house_event(h, v, ++serial, NOW + 60), FATE_ALREADY);
	v.reason = REASON_MAILBOX_DISABLED;
	house_event(h, v, ++serial, NOW);
	assert_int_equal(number(h->db, "SELECT sum(n) FROM hours"), 4);
	house_event(h, v, ++serial, NOW - 60 * DAY);
	assert_int_equal(number(h->db, "SELECT sum(n) FROM hours"), 8);
	/* nobody answered for a domain that is gone */
	v = hard("b@example.com");
	v.reason = REASON_DOMAIN_UNKNOWN;
	house_event(h, v, ++serial, NOW);
	assert_int_equal(number(h->db, "SELECT sum(n) FROM hours"), 9);
	/* these do not count at all */
	v = hard("c@example.com");
	v.class = CLASS_BLOCK;
	v.reason = REASON_SPAM;
	house_event(h, v, ++serial, NOW);
	assert_int_equal(number(h->db, "SELECT sum(n) FROM hours"), 9);
}

static void counts_nothing_when_rolled_back(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.com");
	struct ledger_result r;
	struct mail m;

	mail_make(&m, &v, 1, ++serial, NOW);
	assert_int_equal(ledger_begin(h->ledger), 0);
	assert_int_equal(ledger_put(h->ledger, &m.entry, NOW, &r), 0);
	ledger_rollback(h->ledger);
	bounce(h, 1, "example.net", "yahoo", NOW);
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM hours"
			      " WHERE name IN ('google', 'example.com')"),
		0);
	assert_int_equal(
		number(h->db, "SELECT n FROM hours WHERE kind = 4"), 1);
}

static void ordinary_days_open_nothing(void **state)
{
	struct house *h = *state;

	live(h, 10);
	/* all rise: a larger campaign */
	assert_int_equal(ledger_begin(h->ledger), 0);
	for (int i = 0; i < 50; i++)
		put(h, i % 5 < 2 ? "example.com" : "example.net",
			i % 5 < 2 ? "google" : "yahoo", BEGIN + 10 * DAY + i);
	commit(h);
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM incidents WHERE cause = 1"
			      " AND kind < 3"),
		0);
	assert_int_equal(in_state(h, STATE_HELD), 0);
}

/* Mails of an hour, as a log tells them. */
static void mail_out(struct house *h, const char *domain, const char *provider,
	int64_t at, int64_t n)
{
	const struct ledger_sent row = {.at = at,
		.domain = str_from(domain),
		.provider = str_from(provider),
		.n = n,
		.how = LEDGER_SENT_LOG};

	assert_int_equal(ledger_tell(h->ledger, &row, 1), 0);
}

/* 3 of 300 mails to gmail.com bounce each day. Then companies are mailed, half
 * of them hosted by google, which the log does not tell. */
static void a_mailing_to_companies_is_none(void **state)
{
	struct house *h = *state;
	int64_t at = BEGIN;
	char domain[32];

	for (; at < BEGIN + 30 * DAY; at += DAY) {
		bounce(h, 3, "gmail.com", "google", at);
		bounce(h, 4, "example.net", "yahoo", at + 60);
		mail_out(h, "gmail.com", "google", at, 300);
		mail_out(h, "example.net", "yahoo", at, 400);
		mail_out(h, "firm.example", "", at, 100);
	}
	mail_out(h, "gmail.com", "google", at, 300);
	mail_out(h, "firm.example", "", at, 12000);
	assert_int_equal(ledger_settle(h->ledger), 0);
	/* as if the import were another program, as it is */
	reopen(h);
	assert_int_equal(ledger_begin(h->ledger), 0);
	for (int i = 0; i < 120; i++) {
		snprintf(domain, sizeof(domain), "f%d.example", i);
		put(h, domain, i % 2 ? "google" : "", at + 20 * i);
	}
	commit(h);
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM incidents WHERE cause = 1"
			      " AND kind < 3"),
		0);
	assert_int_equal(in_state(h, STATE_HELD), 0);
}

/* How much a stream sent, as its number. */
static void tell_number(
	struct house *h, const char *stream, int64_t at, int64_t n)
{
	const struct ledger_sent row = {
		.at = at, .stream = str_from(stream), .n = n};

	assert_int_equal(ledger_tell(h->ledger, &row, 1), 0);
}

/* The log of one stream tells 300 mails to gmail.com each day; of another one
 * only its number is told, which once is 30 times as large. */
static void a_mailing_told_by_its_number_is_none(void **state)
{
	struct house *h = *state;
	int64_t at = BEGIN;

	for (; at <= BEGIN + 30 * DAY; at += DAY) {
		bool last = at == BEGIN + 30 * DAY;

		mail_out(h, "gmail.com", "google", at, 300);
		mail_out(h, "example.net", "yahoo", at, 400);
		tell_number(h, "offers", at, last ? 21000 : 700);
		if (last)
			break;
		bounce(h, 6, "gmail.com", "google", at);
		bounce(h, 8, "example.net", "yahoo", at + 60);
	}
	assert_int_equal(ledger_settle(h->ledger), 0);
	reopen(h);
	assert_int_equal(ledger_begin(h->ledger), 0);
	for (int i = 0; i < 210; i++)
		put(h, i % 7 < 3 ? "gmail.com" : "example.net",
			i % 7 < 3 ? "google" : "yahoo", at + 20 * i);
	commit(h);
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM incidents WHERE cause = 1"
			      " AND kind < 3"),
		0);
	assert_int_equal(in_state(h, STATE_HELD), 0);
}

/* 35 days, and the bounces of the next, on which microsoft refuses 60 and a
 * campaign of others bounces as any mail of theirs. */
static void live_to_a_campaign(struct house *h, int64_t at)
{
	for (int64_t t = at - 35 * DAY; t < at; t += DAY) {
		bounce(h, 1, "outlook.com", "microsoft", t);
		bounce(h, 4, "example.net", "yahoo", t + 60);
		mail_out(h, "outlook.com", "microsoft", t, 100);
		mail_out(h, "example.net", "yahoo", t, 400);
	}
	assert_int_equal(ledger_settle(h->ledger), 0);
	reopen(h);
	assert_int_equal(ledger_begin(h->ledger), 0);
	for (int i = 0; i < 60; i++)
		put(h, "outlook.com", "microsoft", at + 60 + i);
	for (int i = 0; i < 50; i++)
		put(h, "example.net", "yahoo", at + 120 + i);
	commit(h);
	assert_int_equal(number(h->db, "SELECT count(*) FROM incidents"
				       " WHERE cause = 1 AND kind = 1"
				       " AND name = 'microsoft'"),
		1);
	assert_true(in_state(h, STATE_HELD) >= 60);
}

static void assert_no_import(struct house *h)
{
	assert_int_equal(number(h->db, "SELECT state FROM incidents"
				       " WHERE cause = 1 AND kind = 1"
				       " AND name = 'microsoft'"),
		INCIDENT_CLOSED);
	assert_true(in_state(h, STATE_HELD) >= 60);
}

static void tell_the_campaign(struct house *h, int64_t at)
{
	mail_out(h, "outlook.com", "microsoft", at, 100);
	mail_out(h, "example.net", "yahoo", at, 20000);
	assert_int_equal(ledger_settle(h->ledger), 0);
}

/* Who decides has read no bounce of his own. */
static void a_larger_campaign_is_no_import(void **state)
{
	struct house *h = *state;
	int64_t at = BEGIN + 35 * DAY;

	tell_the_campaign(h, at);
	live_to_a_campaign(h, at);
	reopen(h);
	tick(h, at + 26 * HOUR);
	assert_no_import(h);
}

/* Nor is it one while nobody has told how large it was. */
static void decides_when_the_log_has_come(void **state)
{
	struct house *h = *state;
	int64_t at = BEGIN + 35 * DAY;

	live_to_a_campaign(h, at);
	tick(h, at + 26 * HOUR);
	assert_no_import(h);
	tell_the_campaign(h, at);
	tick(h, at + 27 * HOUR);
	assert_no_import(h);
}

/* Who tells nothing for days will not. */
static void decides_by_bounces_when_no_log_comes(void **state)
{
	struct house *h = *state;
	int64_t at = BEGIN + 35 * DAY;

	live_to_a_campaign(h, at);
	tick(h, at + 4 * DAY);
	assert_int_equal(in_state(h, STATE_HELD), 0);
}

/* Another stream bounces more in that hour, but elsewhere. */
static void names_the_stream_that_bounced_in_it(void **state)
{
	struct house *h = *state;
	int64_t at = BEGIN + 10 * DAY;

	live(h, 10);
	assert_int_equal(ledger_begin(h->ledger), 0);
	for (int i = 0; i < 70; i++)
		put_of(h, "campaign", "yahoo", "example.net", at + i);
	for (int i = 0; i < 60; i++)
		put_of(h, "letter", "microsoft", "example.org", at + 120 + i);
	commit(h);
	assert_int_equal(number(h->db, "SELECT count(*) FROM incidents"
				       " WHERE cause = 1"
				       " AND name = 'microsoft'"
				       " AND note LIKE '%; stream letter'"),
		1);
}

/* What came before the trip, what comes after it, what comes late; then it
 * closes. */
static void holds_a_bad_hour(void **state)
{
	struct house *h = *state;
	int64_t at = BEGIN + 10 * DAY, from;

	live(h, 10);
	bounce(h, 3, "example.com", "google", at);
	assert_int_equal(incidents(h), 0);
	assert_int_equal(in_state(h, STATE_HELD), 0);
	bounce(h, 3, "example.net", "yahoo", at + 60);
	bounce(h, 60, "example.org", "google", at + 120);
	assert_int_equal(incidents(h), 1);
	assert_int_equal(number(h->db, "SELECT kind FROM incidents"
				       " WHERE cause = 1 AND state = 1"),
		INCIDENT_PROVIDER);
	from = number(h->db, "SELECT from_at FROM incidents WHERE cause = 1");
	assert_true(from <= at && from >= at - 2 * HOUR);
	assert_true(number(h->db, "SELECT count(*) FROM log"
				  " WHERE new_state = 2 AND old_state = 1"
				  " AND incident_id IS NOT NULL") >= 63);
	assert_int_equal(number(h->db, "SELECT count(*) FROM standings s,"
				       " people a WHERE s.address_id = a.id"
				       " AND s.state = 1 AND a.address LIKE"
				       " '%@example.org'"),
		0);
	bounce(h, 5, "example.org", "google", at + 600);
	bounce(h, 5, "example.net", "yahoo", at + 660);
	assert_int_equal(number(h->db, "SELECT count(*) FROM standings s,"
				       " people a WHERE s.address_id = a.id"
				       " AND s.state = 2 AND a.address LIKE"
				       " '%@example.net'"),
		0);
	tick(h, at + HOUR + 1);
	assert_int_equal(number(h->db, "SELECT state FROM incidents"
				       " WHERE cause = 1"),
		INCIDENT_OPEN);
	tick(h, at + 2 * HOUR + 1);
	assert_int_equal(number(h->db, "SELECT state FROM incidents"
				       " WHERE cause = 1"),
		INCIDENT_CLOSED);
	assert_int_equal(number(h->db, "SELECT to_at FROM incidents"
				       " WHERE cause = 1"),
		at - at % HOUR + 2 * HOUR);
	/* within the hour behind it: still held */
	bounce(h, 1, "example.org", "google", at + HOUR + 60);
	assert_int_equal(number(h->db, "SELECT count(*) FROM standings s,"
				       " people a WHERE s.address_id = a.id"
				       " AND s.state = 2 AND a.address LIKE"
				       " '%@example.org'"),
		66);
	/* the next day as any other */
	bounce(h, 1, "example.org", "google", at + DAY);
	assert_int_equal(number(h->db, "SELECT count(*) FROM standings s,"
				       " people a WHERE s.address_id = a.id"
				       " AND s.state = 1 AND a.address LIKE"
				       " '%@example.org'"),
		1);
}

/* All that it knows is in the database. */
static void survives_a_restart(void **state)
{
	struct house *h = *state;
	int64_t at = BEGIN + 10 * DAY;

	live(h, 10);
	bounce(h, 9, "example.org", "google", at);
	assert_int_equal(incidents(h), 0);
	ledger_close(h->ledger);
	assert_int_equal(ledger_open(h->db, &h->settings, &h->ledger), 0);
	bounce(h, 30, "example.org", "google", at + 60);
	assert_int_equal(incidents(h), 1);
	ledger_close(h->ledger);
	assert_int_equal(ledger_open(h->db, &h->settings, &h->ledger), 0);
	bounce(h, 1, "example.org", "google", at + 600);
	assert_int_equal(incidents(h), 1);
	assert_int_equal(number(h->db, "SELECT count(*) FROM standings s,"
				       " people a WHERE s.address_id = a.id"
				       " AND s.state = 2 AND a.address LIKE"
				       " '%@example.org'"),
		40);
	tick(h, at + 3 * HOUR);
	assert_int_equal(number(h->db, "SELECT state FROM incidents"
				       " WHERE cause = 1"),
		INCIDENT_CLOSED);
}

/* A day later: the others rose, too. */
static void tells_an_import_a_day_later(void **state)
{
	struct house *h = *state;
	int64_t at = BEGIN + 30 * DAY;

	live(h, 30);
	bounce(h, 3000, "example.org", "google", at);
	bounce(h, 1000, "example.net", "yahoo", at + 60);
	assert_true(in_state(h, STATE_HELD) >= 3000);
	tick(h, at + 21 * HOUR);
	assert_true(in_state(h, STATE_HELD) >= 3000);
	tick(h, at + 26 * HOUR);
	assert_int_equal(in_state(h, STATE_HELD), 0);
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM incidents"
			      " WHERE cause = 1 AND kind < 3 AND state <> 5"),
		0);
}

static void knows_the_outages_of_all(void **state)
{
	struct house *h = *state;
	/* 2020-12-14 23:00 and 2017-03-29 21:00 in New York */
	int64_t gmail = 1607986800, aol = 1490835600;
	struct verdict v = hard("a@example.com");
	int64_t n = number(h->db, "SELECT count(*) FROM incidents"
				  " WHERE cause = 3 AND state = 2");

	assert_int_equal(n, 3);
	v.original_sent_at = gmail;
	assert_int_equal(house_event(h, v, ++serial, gmail), FATE_HELD);
	v = hard("a@aol.com");
	v.provider = str_from("yahoo");
	v.original_sent_at = aol;
	assert_int_equal(house_event(h, v, ++serial, aol), FATE_HELD);
	v = hard("b@aol.com");
	v.provider = str_from("yahoo");
	v.original_sent_at = aol + DAY;
	assert_int_equal(
		house_event(h, v, ++serial, aol + DAY), FATE_SUPPRESSED);
	/* put in once */
	ledger_close(h->ledger);
	assert_int_equal(ledger_open(h->db, &h->settings, &h->ledger), 0);
	assert_int_equal(house_count(h, "incidents"), 3);
}

static void forgets_old_hours(void **state)
{
	struct house *h = *state;

	bounce(h, 1, "example.com", "google", NOW - 100 * DAY);
	bounce(h, 1, "example.com", "google", NOW);
	tick(h, NOW);
	assert_int_equal(
		number(h->db, "SELECT min(hour) FROM hours"), NOW / HOUR);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(counts_by_bucket_and_hour),
		TEST(counts_nothing_when_rolled_back),
		TEST(ordinary_days_open_nothing),
		TEST(a_mailing_to_companies_is_none),
		TEST(a_mailing_told_by_its_number_is_none),
		TEST(a_larger_campaign_is_no_import),
		TEST(decides_when_the_log_has_come),
		TEST(decides_by_bounces_when_no_log_comes),
		TEST(names_the_stream_that_bounced_in_it),
		TEST(holds_a_bad_hour),
		TEST(survives_a_restart),
		TEST(tells_an_import_a_day_later),
		TEST(knows_the_outages_of_all),
		TEST(forgets_old_hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
