/* store/ledger_judge.c, ledger_window.c and what time does: held addresses. */
#include "test.h"

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

/* An incident of [from, to), in days before NOW; to 0: open. */
static int64_t add_incident(struct house *h, enum incident_kind kind,
	const char *name, double from, double to)
{
	struct ledger_incident i = {
		.kind = kind,
		.name = str_from(name),
		.cause = INCIDENT_DETECTED,
		.state = to ? INCIDENT_CLOSED : INCIDENT_OPEN,
		.from = NOW - (int64_t)(from * DAY),
		.to = to ? NOW - (int64_t)(to * DAY) : 0,
		.opened_at = NOW,
		.usual = 1.5,
	};

	return house_incident(h, &i);
}

static int64_t ago(double days)
{
	return NOW - (int64_t)(days * DAY);
}

static int numbers;

static enum fate bounces(struct house *h, const char *address, double days)
{
	struct verdict v = hard(address);

	v.original_sent_at = ago(days);
	return house_event(h, v, ++numbers, ago(days));
}

static void incident_holds_its_bucket(void **state)
{
	struct house *h = *state;
	int64_t id = add_incident(h, INCIDENT_PROVIDER, "google", 2, 1);
	struct verdict other = hard("b@example.org");
	struct query_suppression s;

	assert_int_equal(bounces(h, "a@example.org", 2), FATE_HELD);
	s = house_state(h, "a@example.org");
	assert_int_equal(s.state, STATE_HELD);
	assert_int_equal(s.cause, CAUSE_INCIDENT);
	assert_int_equal(s.incident_id, id);
	assert_int_equal(s.since, ago(2));
	assert_int_equal(s.expires_at, ago(2) + 14 * DAY);
	assert_int_equal(house_count(h, "suppressed"), 0);
	assert_int_equal(number(h->db, "SELECT incident_id FROM log"), id);
	other.provider = str_from("yahoo");
	assert_int_equal(
		house_event(h, other, ++numbers, ago(2)), FATE_SUPPRESSED);
	/* [from, to) */
	assert_int_equal(bounces(h, "c@example.org", 1), FATE_SUPPRESSED);
	assert_int_equal(
		bounces(h, "d@example.org", 2 + 1.0 / DAY), FATE_SUPPRESSED);
	assert_int_equal(bounces(h, "e@example.org", 1 + 1.0 / DAY), FATE_HELD);
}

static void incident_holds_its_domain(void **state)
{
	struct house *h = *state;

	add_incident(h, INCIDENT_DOMAIN, "example.org", 2, 0);
	assert_int_equal(bounces(h, "a@example.org", 0), FATE_HELD);
	assert_int_equal(bounces(h, "b@mail.example.org", 0), FATE_SUPPRESSED);
	assert_int_equal(bounces(h, "c@example.com", 0), FATE_SUPPRESSED);
	/* These two alert only. */
	add_incident(h, INCIDENT_ALL, "", 2, 0);
	add_incident(h, INCIDENT_STREAM, "", 2, 0);
	assert_int_equal(bounces(h, "d@example.com", 0), FATE_SUPPRESSED);
}

static void held_view_is_public(void **state)
{
	struct house *h = *state;

	add_incident(h, INCIDENT_DOMAIN, "example.org", 2, 0);
	assert_int_equal(bounces(h, "a@example.org", 0), FATE_HELD);
	house_begin(h->db);
	house_exec(h->db, "UPDATE suppressions SET expires_at ="
			  " CAST(strftime('%s', 'now') AS INTEGER) + 60");
	house_commit(h->db);
	assert_int_equal(number(h->db, "SELECT count(*) FROM held"
				       " WHERE address = 'a@example.org'"
				       " AND scope = '*' AND incident = 1"
				       " AND reason = 'user-unknown'"
				       " AND since = '2024-10-04T12:00:00Z'"),
		1);
	house_begin(h->db);
	house_exec(h->db, "UPDATE suppressions SET expires_at ="
			  " CAST(strftime('%s', 'now') AS INTEGER) - 60");
	house_commit(h->db);
	assert_int_equal(house_count(h, "held"), 0);
	assert_int_equal(house_count(h, "suppressed"), 0);
}

/* Other incidents than those that stand for a whole bucket. */
static void incident_holds_what_it_matches(void **state)
{
	struct house *h = *state;
	struct ledger_incident i = {
		.kind = INCIDENT_PROVIDER,
		.name = str_from(""),
		.cause = INCIDENT_MARKED,
		.state = INCIDENT_CLOSED,
		.from = ago(9),
		.to = ago(1),
		.match = str_from("GSMTP"),
	};
	struct verdict v = hard("a@example.org");

	house_incident(h, &i);
	v.evidence = str_from("Diagnostic-Code: smtp; 550 no - gsmtp\n");
	assert_int_equal(house_event(h, v, ++numbers, ago(5)), FATE_HELD);
	assert_int_equal(bounces(h, "b@example.org", 5), FATE_SUPPRESSED);
	/* Also of an event that is in the database: it confirms nothing, and
	 * what comes 72 hours later does. */
	assert_int_equal(house_event(h, v, ++numbers, ago(4)), FATE_HELD);
	assert_int_equal(bounces(h, "a@example.org", 2.5), FATE_HELD);
	assert_int_equal(bounces(h, "a@example.org", 2), FATE_SUPPRESSED);
}

static void second_bounce_confirms(void **state)
{
	struct house *h = *state;
	struct query_suppression s;

	add_incident(h, INCIDENT_PROVIDER, "google", 6, 5);
	assert_int_equal(bounces(h, "a@example.org", 5.5), FATE_HELD);
	assert_int_equal(bounces(h, "a@example.org", 3), FATE_HELD);
	assert_int_equal(bounces(h, "a@example.org", 1), FATE_SUPPRESSED);
	s = house_state(h, "a@example.org");
	assert_int_equal(s.state, STATE_SUPPRESSED);
	assert_int_equal(s.cause, CAUSE_POLICY);
	assert_int_equal(s.since, ago(1));
	assert_int_equal(s.incident_id, 0);
	assert_int_equal(s.expires_at, 0);
}

static void hold_ends_in_probation(void **state)
{
	struct house *h = *state;
	struct ledger_ticked ticked;
	struct query_suppression s;
	int64_t id = add_incident(h, INCIDENT_PROVIDER, "google", 14, 13);

	assert_int_equal(bounces(h, "a@example.org", 13.5), FATE_HELD);
	assert_int_equal(ledger_tick(h->ledger, ago(-.5) - 1, &ticked), 0);
	assert_int_equal(ticked.ended, 0);
	assert_int_equal(ledger_tick(h->ledger, ago(-.5), &ticked), 0);
	assert_int_equal(ticked.ended, 1);
	s = house_state(h, "a@example.org");
	assert_int_equal(s.state, STATE_PROBATION);
	assert_int_equal(s.incident_id, id);
	assert_int_equal(s.expires_at, ago(13.5) + 180 * DAY);
	assert_int_equal(
		number(h->db, "SELECT old_state * 100 + new_state * 10 +"
			      " cause FROM log WHERE seq = 2"),
		235);
	assert_int_equal(ledger_tick(h->ledger, ago(-.5), &ticked), 0);
	assert_int_equal(ticked.ended, 0);
	/* And that ends, when its evidence is too old to count. */
	assert_int_equal(
		ledger_tick(h->ledger, ago(13.5) + 180 * DAY, &ticked), 0);
	assert_int_equal(ticked.ended, 1);
	assert_int_equal(number(h->db, "SELECT state FROM standings"), 0);
}

static void bounce_on_probation_suppresses(void **state)
{
	struct house *h = *state;

	add_incident(h, INCIDENT_PROVIDER, "google", 21, 20);
	add_incident(h, INCIDENT_PROVIDER, "google", 2, 1.2);
	/* Read late: its hold is over. */
	assert_int_equal(bounces(h, "a@example.org", 20.5), FATE_HELD);
	assert_int_equal(
		house_state(h, "a@example.org").state, STATE_PROBATION);
	/* Another bad day of the same provider says nothing. */
	assert_int_equal(bounces(h, "a@example.org", 1.5), FATE_HELD);
	assert_int_equal(
		house_state(h, "a@example.org").state, STATE_PROBATION);
	assert_int_equal(bounces(h, "a@example.org", 1), FATE_SUPPRESSED);
	/* Nobody has ticked: the hold is over all the same. */
	assert_int_equal(bounces(h, "b@example.org", 1.5), FATE_HELD);
	house_begin(h->db);
	house_exec(h->db, "UPDATE suppressions SET"
			  " expires_at = expires_at - 14 * 86400"
			  " WHERE state = 2");
	house_exec(h->db, "DROP TRIGGER changes_are_not_changed;"
			  "DROP TRIGGER details_are_not_changed;"
			  "UPDATE details SET since = (SELECT since FROM log"
			  " WHERE log.seq = details.seq) - 14 * 86400"
			  " WHERE seq IN (SELECT seq FROM suppressions"
			  " WHERE state = 2)");
	house_commit(h->db);
	assert_int_equal(bounces(h, "b@example.org", 1), FATE_SUPPRESSED);
}

static void released_incident_says_nothing(void **state)
{
	struct house *h = *state;
	struct ledger_incident i = {
		.kind = INCIDENT_PROVIDER,
		.name = str_from("google"),
		.cause = INCIDENT_DETECTED,
		.state = INCIDENT_RELEASED,
		.from = ago(3),
		.to = ago(2),
	};

	house_incident(h, &i);
	assert_int_equal(bounces(h, "a@example.org", 2.5), FATE_VOID);
	assert_int_equal(house_state(h, "a@example.org").state, STATE_ABSENT);
	/* That an open one covers it, too, makes no difference. */
	add_incident(h, INCIDENT_DOMAIN, "example.org", 9, 0);
	assert_int_equal(bounces(h, "a@example.org", 2.6), FATE_VOID);
	/* Nor do confirmed ones hold, or those that were an import. */
	i.state = INCIDENT_CONFIRMED;
	assert_int_equal(ledger_begin(h->ledger), 0);
	i.id = 1;
	assert_int_equal(ledger_incident_put(h->ledger, &i), 0);
	i.id = 2;
	i.state = INCIDENT_IMPORT;
	i.kind = INCIDENT_DOMAIN;
	i.name = str_from("example.org");
	assert_int_equal(ledger_incident_put(h->ledger, &i), 0);
	assert_int_equal(ledger_commit(h->ledger), 0);
	assert_int_equal(bounces(h, "b@example.org", 2.5), FATE_SUPPRESSED);
}

static void engaged_addresses_are_held(void **state)
{
	struct house *h = *state;
	struct query_suppression s;

	assert_int_equal(bounces(h, "b@example.org", 40), FATE_SUPPRESSED);
	assert_int_equal(house_event(h, hard("a@example.org"), 900, ago(300)),
		FATE_STALE);
	house_begin(h->db);
	house_exec(h->db, "INSERT INTO engaged SELECT id, 1728043200 - 864000"
			  " FROM people WHERE address = 'a@example.org'");
	house_commit(h->db);
	assert_int_equal(bounces(h, "a@example.org", 5), FATE_ENGAGED);
	s = house_state(h, "a@example.org");
	assert_int_equal(s.state, STATE_HELD);
	assert_int_equal(s.cause, CAUSE_POLICY);
	assert_int_equal(s.incident_id, 0);
	assert_int_equal(bounces(h, "a@example.org", 1), FATE_SUPPRESSED);
	assert_int_equal(bounces(h, "c@example.org", 1), FATE_SUPPRESSED);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(incident_holds_its_bucket),
		TEST(incident_holds_its_domain),
		TEST(held_view_is_public),
		TEST(incident_holds_what_it_matches),
		TEST(second_bounce_confirms),
		TEST(hold_ends_in_probation),
		TEST(bounce_on_probation_suppresses),
		TEST(released_incident_says_nothing),
		TEST(engaged_addresses_are_held),
	};

	return cmocka_run_group_tests_name(
		"store-ledger-held", tests, NULL, NULL);
}
