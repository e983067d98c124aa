/* store/ledger_import.c and query_rate.c: engaged, sent, and the send log. */
#include "test.h"

#include "ledger_import.h"
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

static size_t engage(struct house *h, const char *address, int64_t at)
{
	const struct ledger_engaged e = {
		str_from(address), str_from(address), at};
	size_t news;

	assert_int_equal(ledger_engaged_put(h->ledger, &e, 1, &news), 0);
	return news;
}

static void keeps_the_latest_engagement(void **state)
{
	struct house *h = *state;

	assert_int_equal(engage(h, "a@example.org", NOW - 5 * DAY), 1);
	assert_int_equal(engage(h, "a@example.org", NOW - 5 * DAY), 0);
	assert_int_equal(engage(h, "a@example.org", NOW - 9 * DAY), 0);
	assert_int_equal(
		number(h->db, "SELECT at FROM engaged"), NOW - 5 * DAY);
	assert_int_equal(engage(h, "a@example.org", NOW - 2 * DAY), 1);
	assert_int_equal(
		number(h->db, "SELECT at FROM engaged"), NOW - 2 * DAY);
	assert_int_equal(engage(h, "", NOW), 0);
	assert_int_equal(house_count(h, "engaged"), 1);
	assert_int_equal(house_event(h, hard("a@example.org"), 1, NOW - DAY),
		FATE_ENGAGED);
	assert_int_equal(house_event(h, hard("b@example.org"), 2, NOW - DAY),
		FATE_SUPPRESSED);
}

/* The name and number of each row, in one line. */
static char told[256];

static int tell(void *arg, struct str name, int64_t n)
{
	size_t at = strlen(told);

	(void)arg;
	(void)snprintf(told + at, sizeof(told) - at, "%.*s=%lld ", (int)name.n,
		name.p, (long long)n);
	return 0;
}

static const char *sent(
	struct house *h, enum incident_kind kind, int64_t from, int64_t to)
{
	told[0] = '\0';
	assert_int_equal(query_sent(h->db, kind, from, to, tell, NULL), 0);
	return told;
}

static void adds_up_what_was_sent(void **state)
{
	const int64_t day = NOW - NOW % DAY;
	const struct ledger_sent v[] = {
		{INCIDENT_PROVIDER, STR("google"), day + 3600,  false, 100},
		{INCIDENT_PROVIDER, STR("google"), day + 7300,  false, 50 },
		{INCIDENT_PROVIDER, STR("yahoo"),  day + 40000, true,  7  },
		{INCIDENT_ALL,      STR(""),       day + 3600,  false, 200},
	};
	struct house *h = *state;

	assert_int_equal(ledger_sent_put(h->ledger, v, 4, false), 0);
	assert_int_equal(ledger_sent_put(h->ledger, v, 4, false), 0);
	assert_string_equal(sent(h, INCIDENT_PROVIDER, day, day + DAY),
		"google=150 yahoo=7 ");
	assert_string_equal(sent(h, INCIDENT_PROVIDER, day + 7200, day + 10800),
		"google=50 ");
	assert_string_equal(
		sent(h, INCIDENT_PROVIDER, day, day + 3600), "yahoo=7 ");
	assert_string_equal(sent(h, INCIDENT_ALL, day, day + DAY), "=200 ");
	assert_string_equal(sent(h, INCIDENT_DOMAIN, day, day + DAY), "");
	assert_int_equal(ledger_sent_put(h->ledger, v, 1, true), 0);
	assert_string_equal(sent(h, INCIDENT_PROVIDER, day, day + 7200),
		"google=200 yahoo=7 ");
}

static size_t log_sent(
	struct house *h, const char *id, const char *address, int64_t at)
{
	const struct ledger_sendlog e = {str_from(id), str_from(address), at};
	size_t news;

	assert_int_equal(ledger_sendlog_put(h->ledger, &e, 1, &news), 0);
	return news;
}

static struct verdict unverified(const char *address, const char *id)
{
	struct verdict v = hard(address);

	v.origin_why = ORIGIN_NO_MARK;
	v.original_message_id = str_from(id);
	return v;
}

static void send_log_matches(void **state)
{
	struct house *h = *state;

	h->settings.policy.require_origin = ORIGIN_MATCHED;
	assert_int_equal(house_event(h, unverified("a@example.org", "<1@x>"), 1,
				 NOW - DAY),
		FATE_UNVERIFIED);
	assert_int_equal(log_sent(h, "<1@x>", "a@example.org", NOW), 1);
	assert_int_equal(log_sent(h, "1@x", "a@example.org", NOW), 0);
	assert_int_equal(house_event(h, unverified("a@example.org", "<2@x>"), 2,
				 NOW - DAY),
		FATE_UNVERIFIED);
	assert_int_equal(house_event(h, unverified("b@example.org", "<1@x>"), 3,
				 NOW - DAY),
		FATE_UNVERIFIED);
	assert_int_equal(
		house_event(h, unverified("b@example.org", ""), 4, NOW - DAY),
		FATE_UNVERIFIED);
	assert_int_equal(house_event(h, unverified("a@example.org", " <1@x> "),
				 5, NOW - DAY),
		FATE_SUPPRESSED);
	assert_int_equal(number(h->db, "SELECT count(*) FROM kinds"
				       " WHERE origin = 1"),
		1);
}

/* 12 bytes of SHA-256 as schema.sql says; made anew here with another tool:
 * printf '1@x\0a@example.org' | sha256sum */
static void keys_are_as_promised(void **state)
{
	struct house *h = *state;

	log_sent(h, "<1@x>", "a@example.org", NOW);
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM sendlog"
			      " WHERE key = x'62da39786358aa382e71577e'"),
		1);
}

static void send_log_has_an_end(void **state)
{
	struct house *h = *state;
	struct ledger_ticked ticked;

	log_sent(h, "<1@x>", "a@example.org", NOW - 60 * DAY - 1);
	log_sent(h, "<2@x>", "a@example.org", NOW - 59 * DAY);
	for (int minute = 0; minute < 256; minute++)
		assert_int_equal(
			ledger_tick(h->ledger, NOW + 60 * minute, &ticked), 0);
	assert_int_equal(house_count(h, "sendlog"), 1);
	assert_int_equal(
		number(h->db, "SELECT at FROM sendlog"), NOW - 59 * DAY);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keeps_the_latest_engagement),
		TEST(adds_up_what_was_sent),
		TEST(send_log_matches),
		TEST(keys_are_as_promised),
		TEST(send_log_has_an_end),
	};

	return cmocka_run_group_tests_name(
		"store-ledger-import", tests, NULL, NULL);
}
