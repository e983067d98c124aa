/*
 * store/ledger_listed.c: what a platform's list may do, and what wins over it.
 *
 * Shown to fail by: is_newer() that is always true; look_at_scopes(),
 * look_at_incidents() and look_at_engagement() left out; is_covered() that says
 * no; LISTED_LONGER without its condition; since always now.
 */
#include "test.h"

#include "ledger_import.h"
#include "ledger_incident.h"
#include "ledger_listed.h"
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

static struct ledger_listed entry(const char *address, int64_t since)
{
	return (struct ledger_listed){
		.address_key = str_from(address),
		.seen = str_from(address),
		.scope = STR("*"),
		.reason = REASON_USER_UNKNOWN,
		.bounce = true,
		.since = since,
		.note = STR("ann: ses, list.csv:1: BOUNCE"),
	};
}

static struct ledger_listed_result put(
	struct house *h, struct ledger_listed e, int64_t now)
{
	struct ledger_listed_result got = {.fate = LISTED_FATES};

	if (ledger_begin(h->ledger) ||
		ledger_listed_put(h->ledger, &e, now, &got) ||
		ledger_commit(h->ledger))
		fail_msg("%s", db_error(h->db));
	return got;
}

/* The same twice: the second changes nothing. */
static enum listed_fate fate(struct house *h, struct ledger_listed e)
{
	struct ledger_listed_result got = put(h, e, NOW), again;
	int64_t changes = house_count(h, "changes");

	again = put(h, e, NOW + 60);
	assert_int_equal(house_count(h, "changes"), changes);
	assert_int_equal(again.fate,
		listed_changes(got.fate) ? LISTED_ALREADY : got.fate);
	return got.fate;
}

static void suppresses_since_the_time_of_the_list(void **state)
{
	struct house *h = *state;
	struct query_suppression s;

	assert_int_equal(
		fate(h, entry("a@example.org", NOW - 400 * DAY)), LISTED_NEW);
	s = house_state(h, "a@example.org");
	assert_int_equal(s.state, STATE_SUPPRESSED);
	assert_int_equal(s.cause, CAUSE_IMPORT);
	assert_int_equal(s.reason, REASON_USER_UNKNOWN);
	assert_int_equal(s.since, NOW - 400 * DAY);
	assert_int_equal(s.expires_at, 0);
	assert_int_equal(house_count(h, "events"), 0);
	assert_int_equal(house_count(h, "hours"), 0);

	/* not known, and not later than now */
	assert_int_equal(fate(h, entry("b@example.org", 0)), LISTED_NEW);
	assert_int_equal(house_state(h, "b@example.org").since, NOW);
	put(h, entry("c@example.org", NOW + DAY), NOW);
	assert_int_equal(house_state(h, "c@example.org").since, NOW);

	/* No event changes it, and a release ends it. */
	assert_int_equal(house_event(h, hard("a@example.org"), 1, NOW - DAY),
		FATE_ALREADY);
	assert_int_equal(house_state(h, "a@example.org").cause, CAUSE_IMPORT);
	assert_true(house_hand(h, "a@example.org", "*", STATE_RELEASED, NOW));
	assert_int_equal(house_state(h, "a@example.org").state, STATE_RELEASED);
}

static void a_person_wins(void **state)
{
	struct house *h = *state;

	house_hand(h, "s@example.org", "*", STATE_SUPPRESSED, NOW - 50 * DAY);
	assert_int_equal(
		fate(h, entry("s@example.org", NOW - DAY)), LISTED_ALREADY);
	assert_int_equal(house_state(h, "s@example.org").cause, CAUSE_HAND);

	house_hand(h, "r@example.org", "*", STATE_RELEASED, NOW - 50 * DAY);
	assert_int_equal(fate(h, entry("r@example.org", NOW - 51 * DAY)),
		LISTED_RELEASED);
	/* it may be the late bounce of a mail from before */
	assert_int_equal(fate(h, entry("r@example.org", NOW - 46 * DAY)),
		LISTED_RELEASED);
	assert_int_equal(fate(h, entry("r@example.org", 0)), LISTED_RELEASED);
	assert_int_equal(
		put(h, entry("r@example.org", 0), NOW).at, NOW - 50 * DAY);
	assert_int_equal(house_state(h, "r@example.org").state, STATE_RELEASED);
	assert_int_equal(
		fate(h, entry("r@example.org", NOW - 44 * DAY)), LISTED_AGAIN);
	assert_int_equal(
		house_state(h, "r@example.org").state, STATE_SUPPRESSED);
}

static void what_ends_does_not_begin_again(void **state)
{
	struct house *h = *state;
	struct ledger_listed e = entry("e@example.org", NOW - 300 * DAY);

	/* for a time, then over */
	e.expires_at = NOW - 100 * DAY;
	put(h, e, NOW - 299 * DAY);
	e.expires_at = 0;
	assert_int_equal(fate(h, e), LISTED_ENDED);
	e.since = 0;
	assert_int_equal(fate(h, e), LISTED_ENDED);
	e.since = NOW - 299 * DAY;
	assert_int_equal(fate(h, e), LISTED_AGAIN);

	/* a longer time, and no shorter one */
	e = entry("l@example.org", NOW - 10 * DAY);
	e.expires_at = NOW + 10 * DAY;
	assert_int_equal(fate(h, e), LISTED_NEW);
	e.expires_at = NOW + 5 * DAY;
	assert_int_equal(fate(h, e), LISTED_ALREADY);
	e.expires_at = NOW + 20 * DAY;
	assert_int_equal(fate(h, e), LISTED_LONGER);
	e.expires_at = 0;
	assert_int_equal(fate(h, e), LISTED_LONGER);
	assert_int_equal(house_state(h, "l@example.org").expires_at, 0);
}

static void holds_in_its_scope(void **state)
{
	struct house *h = *state;
	struct ledger_listed e = entry("c@example.org", NOW - DAY);

	e.reason = REASON_ABUSE;
	e.bounce = false;
	e.scope = (struct str)STR("news");
	assert_int_equal(fate(h, e), LISTED_NEW);
	e.scope = (struct str)STR("shop");
	assert_int_equal(fate(h, e), LISTED_NEW);
	e.scope = (struct str)STR("*");
	assert_int_equal(fate(h, e), LISTED_WIDER);
	e.scope = (struct str)STR("third");
	assert_int_equal(fate(h, e), LISTED_ALREADY);
}

static int64_t mark(struct house *h)
{
	const struct ledger_incident m = {
		.kind = INCIDENT_DOMAIN,
		.name = STR("bad.example"),
		.from = NOW - 30 * DAY,
		.to = NOW - 29 * DAY,
		.note = STR("ann: outage"),
	};
	struct ledger_undo u;

	if (ledger_incident_mark(h->ledger, &m, NOW, false, &u))
		fail_msg("%s", db_error(h->db));
	return u.id;
}

static void a_bad_day_suppresses_nobody(void **state)
{
	struct house *h = *state;
	int64_t id = mark(h);
	struct ledger_listed e = entry("a@bad.example", NOW - 30 * DAY + 3600);
	struct ledger_listed_result got;

	assert_int_equal(fate(h, e), LISTED_INCIDENT);
	got = put(h, e, NOW);
	assert_int_equal(got.incident_id, id);
	/* another domain, another time, no bounce */
	assert_int_equal(
		fate(h, entry("a@good.example", NOW - 30 * DAY + 3600)),
		LISTED_NEW);
	assert_int_equal(
		fate(h, entry("b@bad.example", NOW - 31 * DAY)), LISTED_NEW);
	assert_int_equal(
		fate(h, entry("c@bad.example", NOW - 28 * DAY)), LISTED_NEW);
	e = entry("d@bad.example", NOW - 30 * DAY + 3600);
	e.bounce = false;
	e.reason = REASON_ABUSE;
	assert_int_equal(fate(h, e), LISTED_NEW);
}

static void the_engaged_and_the_held_wait(void **state)
{
	struct house *h = *state;
	const struct ledger_engaged opened = {
		STR("o@example.org"), STR("o@example.org"), NOW - 100 * DAY};
	struct ledger_listed e = entry("o@example.org", NOW - 150 * DAY);
	size_t news;

	assert_int_equal(ledger_engaged_put(h->ledger, &opened, 1, &news), 0);
	/* since, and within 90 days before; not much earlier */
	assert_int_equal(fate(h, e), LISTED_ENGAGED);
	assert_int_equal(put(h, e, NOW).at, NOW - 100 * DAY);
	e.since = NOW - 11 * DAY;
	assert_int_equal(fate(h, e), LISTED_ENGAGED);
	/* who opens can complain */
	e.bounce = false;
	e.reason = REASON_UNSUBSCRIBE;
	assert_int_equal(fate(h, e), LISTED_NEW);

	/* A bounce of one who opened is held: three days make it sure. */
	{
		const struct ledger_engaged held = {STR("h@example.org"),
			STR("h@example.org"), NOW - 12 * DAY};

		assert_int_equal(
			ledger_engaged_put(h->ledger, &held, 1, &news), 0);
	}
	assert_int_equal(
		house_event(h, hard("h@example.org"), 1, NOW - 10 * DAY),
		FATE_ENGAGED);
	assert_int_equal(
		fate(h, entry("h@example.org", NOW - 20 * DAY)), LISTED_HELD);
	assert_int_equal(
		fate(h, entry("h@example.org", NOW - 8 * DAY)), LISTED_HELD);
	e = entry("h@example.org", NOW - 6 * DAY);
	e.bounce = false;
	assert_int_equal(fate(h, e), LISTED_AGAIN);
	assert_int_equal(
		house_state(h, "h@example.org").state, STATE_SUPPRESSED);
}

static void many_by_hand_in_one_transaction(void **state)
{
	struct house *h = *state;
	struct ledger_hand by = {.scope = STR("*"),
		.state = STATE_SUPPRESSED,
		.note = STR("ann: list")};
	struct ledger_handed did;

	assert_int_equal(ledger_begin(h->ledger), 0);
	by.address_key = by.seen = (struct str)STR("a@example.org");
	assert_int_equal(ledger_hand_put(h->ledger, &by, NOW, &did), 0);
	assert_true(did.changed);
	assert_int_equal(did.was, STATE_ABSENT);
	assert_int_equal(ledger_hand_put(h->ledger, &by, NOW, &did), 0);
	assert_false(did.changed);
	assert_int_equal(did.was, STATE_SUPPRESSED);
	assert_false(did.purged);
	by.address_key = by.seen = (struct str)STR("b@example.org");
	assert_int_equal(ledger_hand_put(h->ledger, &by, NOW, &did), 0);
	assert_int_equal(ledger_commit(h->ledger), 0);
	assert_int_equal(
		house_state(h, "b@example.org").state, STATE_SUPPRESSED);

	assert_int_equal(ledger_begin(h->ledger), 0);
	by.address_key = by.seen = (struct str)STR("c@example.org");
	assert_int_equal(ledger_hand_put(h->ledger, &by, NOW, &did), 0);
	ledger_rollback(h->ledger);
	assert_int_equal(house_state(h, "c@example.org").state, STATE_ABSENT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(suppresses_since_the_time_of_the_list),
		TEST(a_person_wins),
		TEST(what_ends_does_not_begin_again),
		TEST(holds_in_its_scope),
		TEST(a_bad_day_suppresses_nobody),
		TEST(the_engaged_and_the_held_wait),
		TEST(many_by_hand_in_one_transaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
