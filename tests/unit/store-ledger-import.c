/* store/ledger_import.c and ledger_mailed.c: engaged, and the send log. */
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

static size_t log_sent(
	struct house *h, const char *id, const char *address, int64_t at)
{
	const struct ledger_sendlog e = {
		.sent = {.at = at, .n = 1, .how = LEDGER_SENT_LOG},
		.message_id = str_from(id),
		.address_key = str_from(address),
	};
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

/* --- mailed --- */

static size_t mail_days(
	struct house *h, const char *address, const int *days, size_t n)
{
	struct ledger_mailed m[8];
	size_t news;

	for (size_t i = 0; i < n; i++)
		assert_true(ledger_mailed_make(&m[i], str_from(address),
			(int64_t)days[i] * DAY + 4000));
	assert_int_equal(ledger_mailed_put(h->ledger, m, n, &news), 0);
	return news;
}

#define MAILED                                                                 \
	"SELECT first * 1000000 + previous * 1000 + last FROM mailed WHERE "

/* printf a@example.org | sha256sum */
static void mailed_keys_are_as_promised(void **state)
{
	struct house *h = *state;
	struct ledger_mailed m;

	assert_int_equal(mail_days(h, "a@example.org", (int[]){700}, 1), 1);
	assert_int_equal(
		number(h->db, MAILED "key = x'e16bfe08be114c7b'"), 700000700);
	assert_false(ledger_mailed_make(&m, str_of("", 0), NOW));
	assert_false(ledger_mailed_make(&m, str_from("a@example.org"), -1));
}

/* Whatever the order in which days become known, the same comes out of it. */
static void mailed_days_have_no_order(void **state)
{
	static const int orders[][4] = {
		{100, 200, 300, 400},
		{400, 300, 200, 100},
		{300, 100, 400, 200},
		{200, 400, 100, 300},
	};
	struct house *h = *state;
	char name[32];

	for (size_t i = 0; i < 4; i++) {
		(void)snprintf(name, sizeof(name), "a%zu@example.org", i);
		for (size_t k = 0; k < 4; k++)
			mail_days(h, name, &orders[i][k], 1);
		assert_int_equal(mail_days(h, name, orders[i], 4), 0);
	}
	assert_int_equal(house_count(h, "mailed"), 4);
	assert_int_equal(number(h->db, "SELECT count(*) FROM mailed"
				       " WHERE first = 100 AND previous = 300"
				       " AND last = 400"),
		4);
}

static void mailed_once_has_no_day_before(void **state)
{
	struct house *h = *state;

	mail_days(h, "a@example.org", (int[]){500, 500}, 2);
	assert_int_equal(mail_days(h, "a@example.org", (int[]){500}, 1), 0);
	assert_int_equal(number(h->db, MAILED "1"), 500000500);
	assert_int_equal(mail_days(h, "a@example.org", (int[]){501}, 1), 1);
	assert_int_equal(number(h->db, MAILED "1"), 500500501);
}

static void mailed_has_an_end(void **state)
{
	const int today = (int)(NOW / DAY);
	struct house *h = *state;
	struct ledger_ticked ticked;

	mail_days(h, "a@example.org", (int[]){today - 801}, 1);
	mail_days(h, "b@example.org", (int[]){today - 900, today - 799}, 2);
	for (int minute = 0; minute < 256; minute++)
		assert_int_equal(
			ledger_tick(h->ledger, NOW + 60 * minute, &ticked), 0);
	assert_int_equal(house_count(h, "mailed"), 1);
	assert_int_equal(
		number(h->db, "SELECT first FROM mailed"), today - 900);
}

static void mailed_is_forgotten_with_the_address(void **state)
{
	struct house *h = *state;
	struct ledger_purged p;

	mail_days(h, "a@example.org", (int[]){700}, 1);
	mail_days(h, "b@example.org", (int[]){700}, 1);
	assert_int_equal(
		ledger_purge(h->ledger, str_from("a@example.org"), true, &p),
		0);
	assert_int_equal(house_count(h, "mailed"), 2);
	assert_int_equal(
		ledger_purge(h->ledger, str_from("a@example.org"), false, &p),
		0);
	assert_int_equal(house_count(h, "mailed"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keeps_the_latest_engagement),
		TEST(send_log_matches),
		TEST(keys_are_as_promised),
		TEST(send_log_has_an_end),
		TEST(mailed_keys_are_as_promised),
		TEST(mailed_days_have_no_order),
		TEST(mailed_once_has_no_day_before),
		TEST(mailed_has_an_end),
		TEST(mailed_is_forgotten_with_the_address),
	};

	return cmocka_run_group_tests_name(
		"store-ledger-import", tests, NULL, NULL);
}
