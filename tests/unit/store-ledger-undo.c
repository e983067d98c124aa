/* store/ledger_incident_undo.c: incidents confirmed, released and marked, and
 * windows of time. */
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

/* That of Google, from 6 to 5 days ago; what it said of these: */
static int64_t bad_day(struct house *h)
{
	struct ledger_incident i = {
		.kind = INCIDENT_PROVIDER,
		.name = str_from("google"),
		.cause = INCIDENT_DETECTED,
		.state = INCIDENT_CLOSED,
		.from = ago(6),
		.to = ago(5),
		.opened_at = ago(6),
	};

	house_incident(h, &i);
	assert_int_equal(bounces(h, "a@example.org", 5.5), FATE_HELD);
	assert_int_equal(bounces(h, "b@example.com", 5.5), FATE_HELD);
	assert_int_equal(bounces(h, "b@example.com", 1), FATE_SUPPRESSED);
	assert_int_equal(bounces(h, "c@example.org", 8), FATE_SUPPRESSED);
	return i.id;
}

static enum state state_of(struct house *h, const char *address)
{
	return house_state(h, address).state;
}

static int keep_incident(void *arg, const struct query_incident *q)
{
	struct query_incident *to = arg;

	*to = *q;
	to->i.name = to->i.match = to->i.note = STR_NULL;
	return 0;
}

static struct query_incident incident_of(struct house *h, int64_t id)
{
	struct query_incident q = {.i.id = 0};

	assert_int_equal(query_incidents(h->db, id, keep_incident, &q), 0);
	assert_int_equal(q.i.id, id);
	return q;
}

static void confirms_what_is_held(void **state)
{
	struct house *h = *state;
	int64_t id = bad_day(h), changes;
	struct query_suppression s;
	struct ledger_undo u;

	assert_int_equal(incident_of(h, id).held, 1);
	changes = house_count(h, "changes");
	assert_int_equal(ledger_incident_confirm(h->ledger, id,
				 str_from("ann: dead"), NOW, true, &u),
		0);
	assert_true(u.found);
	assert_int_equal(u.suppressed, 1);
	assert_int_equal(house_count(h, "changes"), changes);
	assert_int_equal(state_of(h, "a@example.org"), STATE_HELD);
	assert_int_equal(incident_of(h, id).i.state, INCIDENT_CLOSED);
	assert_int_equal(ledger_incident_confirm(h->ledger, id,
				 str_from("ann: dead"), NOW, false, &u),
		0);
	assert_int_equal(u.suppressed, 1);
	s = house_state(h, "a@example.org");
	assert_int_equal(s.state, STATE_SUPPRESSED);
	assert_int_equal(s.cause, CAUSE_INCIDENT);
	assert_int_equal(s.since, ago(5.5));
	assert_int_equal(s.expires_at, 0);
	assert_int_equal(incident_of(h, id).i.state, INCIDENT_CONFIRMED);
	assert_int_equal(incident_of(h, id).suppressed, 1);
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM log"
			      " WHERE note = 'ann: dead'"
			      " AND incident_id = 1 AND old_state = 2"),
		1);
	/* And what comes late is not held any more. */
	assert_int_equal(bounces(h, "d@example.org", 5.5), FATE_SUPPRESSED);
	assert_int_equal(ledger_incident_confirm(
				 h->ledger, 77, STR_NULL, NOW, false, &u),
		0);
	assert_false(u.found);
}

/* Confirmed with the end that the reason has. */
static void confirms_with_an_end(void **state)
{
	struct house *h = *state;
	int64_t id = bad_day(h);
	struct verdict v = hard("d@example.org");
	struct ledger_undo u;

	v.reason = REASON_MAILBOX_DISABLED;
	assert_int_equal(house_event(h, v, ++numbers, ago(5.5)), FATE_HELD);
	assert_int_equal(ledger_incident_confirm(
				 h->ledger, id, STR_NULL, NOW, false, &u),
		0);
	assert_int_equal(u.suppressed, 2);
	assert_int_equal(house_state(h, "d@example.org").expires_at,
		ago(5.5) + 180 * DAY);
}

static void releases_what_was_held(void **state)
{
	struct house *h = *state;
	int64_t id = bad_day(h);
	struct query_suppression s;
	struct ledger_undo u;
	struct verdict late = hard("a@example.org");

	assert_int_equal(
		ledger_incident_release(h->ledger, id, STR_NULL, NOW, true, &u),
		0);
	assert_int_equal(u.released, 1);
	assert_int_equal(state_of(h, "a@example.org"), STATE_HELD);
	assert_int_equal(ledger_incident_release(h->ledger, id,
				 str_from("ann: alive"), NOW, false, &u),
		0);
	assert_int_equal(u.released, 1);
	s = house_state(h, "a@example.org");
	assert_int_equal(s.state, STATE_RELEASED);
	assert_int_equal(s.cause, CAUSE_INCIDENT);
	assert_int_equal(s.incident_id, id);
	/* What was confirmed by another bounce, or is older, stays. */
	assert_int_equal(state_of(h, "b@example.com"), STATE_SUPPRESSED);
	assert_int_equal(state_of(h, "c@example.org"), STATE_SUPPRESSED);
	assert_int_equal(incident_of(h, id).i.state, INCIDENT_RELEASED);
	assert_int_equal(incident_of(h, id).released, 1);
	/* Late bounces of its time do not undo it, new ones do. */
	late.original_sent_at = ago(5.1);
	assert_int_equal(house_event(h, late, ++numbers, ago(4)), FATE_VOID);
	late.original_sent_at = ago(3);
	assert_int_equal(
		house_event(h, late, ++numbers, ago(3)), FATE_SUPPRESSED);
	/* Again: there is nothing more to do. */
	assert_int_equal(ledger_incident_release(
				 h->ledger, id, STR_NULL, NOW, false, &u),
		0);
	assert_int_equal(u.released, 0);
	assert_int_equal(state_of(h, "a@example.org"), STATE_SUPPRESSED);
}

/* Whoever confirmed can think better of it. */
static void releases_what_was_confirmed(void **state)
{
	struct house *h = *state;
	int64_t id = bad_day(h);
	struct ledger_undo u;

	assert_int_equal(ledger_incident_confirm(
				 h->ledger, id, STR_NULL, NOW, false, &u),
		0);
	/* suppressed meanwhile, by a bounce of its time that came late */
	assert_int_equal(bounces(h, "d@example.org", 5.2), FATE_SUPPRESSED);
	assert_int_equal(ledger_incident_release(
				 h->ledger, id, STR_NULL, NOW, false, &u),
		0);
	assert_int_equal(u.released, 2);
	assert_int_equal(state_of(h, "a@example.org"), STATE_RELEASED);
	assert_int_equal(state_of(h, "d@example.org"), STATE_RELEASED);
	assert_int_equal(incident_of(h, id).released, 2);
}

static void releases_an_open_one_until_now(void **state)
{
	struct house *h = *state;
	struct ledger_incident i = {
		.kind = INCIDENT_DOMAIN,
		.name = str_from("example.org"),
		.cause = INCIDENT_DETECTED,
		.state = INCIDENT_OPEN,
		.from = ago(1),
		.opened_at = ago(1),
	};
	struct ledger_undo u;

	house_incident(h, &i);
	assert_int_equal(bounces(h, "a@example.org", .5), FATE_HELD);
	assert_int_equal(ledger_incident_release(
				 h->ledger, i.id, STR_NULL, NOW, false, &u),
		0);
	assert_int_equal(u.released, 1);
	assert_int_equal(incident_of(h, i.id).i.to, NOW);
	assert_int_equal(incident_of(h, i.id).i.closed_at, NOW);
	assert_int_equal(
		number(h->db, "SELECT released_at FROM standings"), NOW);
}

static struct ledger_incident mark(const char *provider, const char *match)
{
	return (struct ledger_incident){
		.kind = INCIDENT_PROVIDER,
		.name = str_from(provider),
		.from = ago(6),
		.to = ago(5),
		.match = match ? str_from(match) : STR_NULL,
		.note = str_from("ann: it was in the news"),
	};
}

static void marks_the_past(void **state)
{
	struct house *h = *state;
	struct ledger_incident m = mark("google", NULL);
	struct verdict v = hard("y@example.org");
	struct ledger_undo u;

	bounces(h, "a@example.org", 5.5);
	bounces(h, "b@example.org", 5.4);
	bounces(h, "b@example.org", 1); /* dead, it turned out */
	bounces(h, "c@example.org", 7);
	bounces(h, "c@example.org", 5.5);
	house_event(
		h, complaint("d@example.org", REASON_ABUSE, ""), 900, ago(5.5));
	v.provider = str_from("yahoo");
	house_event(h, v, ++numbers, ago(5.5));
	house_hand(h, "e@example.org", "*", STATE_SUPPRESSED, ago(5.5));
	assert_int_equal(ledger_incident_mark(h->ledger, &m, NOW, true, &u), 0);
	assert_int_equal(u.held, 1);
	assert_int_equal(u.events, 3);
	assert_int_equal(u.id, 0);
	assert_int_equal(house_count(h, "incidents"), 0);
	assert_int_equal(state_of(h, "a@example.org"), STATE_SUPPRESSED);
	assert_int_equal(
		ledger_incident_mark(h->ledger, &m, NOW, false, &u), 0);
	assert_int_equal(u.held, 1);
	assert_int_equal(state_of(h, "a@example.org"), STATE_HELD);
	assert_int_equal(house_state(h, "a@example.org").incident_id, u.id);
	assert_int_equal(state_of(h, "b@example.org"), STATE_SUPPRESSED);
	assert_int_equal(house_state(h, "b@example.org").since, ago(1));
	assert_int_equal(state_of(h, "c@example.org"), STATE_SUPPRESSED);
	assert_int_equal(state_of(h, "y@example.org"), STATE_SUPPRESSED);
	assert_int_equal(state_of(h, "e@example.org"), STATE_SUPPRESSED);
	assert_int_equal(number(h->db, "SELECT count(*) FROM standings"
				       " WHERE state = 1"),
		5);
	assert_int_equal(incident_of(h, u.id).i.cause, INCIDENT_MARKED);
	assert_int_equal(incident_of(h, u.id).i.events, 3);
	/* What comes late is held, too. */
	assert_int_equal(bounces(h, "f@example.org", 5.5), FATE_HELD);
}

static void marks_what_matches(void **state)
{
	struct house *h = *state;
	struct ledger_incident m = mark("", "x.example does not exist");
	struct verdict v = hard("b@example.org");
	struct ledger_undo u;

	bounces(h, "a@example.org", 5.5);
	v.evidence = str_from("550 5.1.1 <b@X.example does not exist>\n");
	house_event(h, v, ++numbers, ago(5.5));
	assert_int_equal(
		ledger_incident_mark(h->ledger, &m, NOW, false, &u), 0);
	assert_int_equal(u.held, 1);
	assert_int_equal(u.events, 1);
	assert_int_equal(state_of(h, "a@example.org"), STATE_SUPPRESSED);
	assert_int_equal(state_of(h, "b@example.org"), STATE_HELD);
	/* By the rule, too. */
	m.match = str_from("user-unk*n");
	assert_int_equal(
		ledger_incident_mark(h->ledger, &m, NOW, false, &u), 0);
	assert_int_equal(u.held, 1);
	assert_int_equal(state_of(h, "a@example.org"), STATE_HELD);
}

/* A window that is long past: nobody is kept back, but it must be confirmed. */
static void marks_what_is_long_past(void **state)
{
	struct house *h = *state;
	struct ledger_incident m = mark("google", NULL);
	struct ledger_undo u;

	m.from = ago(40);
	m.to = ago(39);
	bounces(h, "a@example.org", 39.5);
	assert_int_equal(
		ledger_incident_mark(h->ledger, &m, NOW, false, &u), 0);
	assert_int_equal(u.held, 1);
	assert_int_equal(state_of(h, "a@example.org"), STATE_PROBATION);
	assert_int_equal(incident_of(h, u.id).probation, 1);
	assert_int_equal(ledger_incident_release(
				 h->ledger, u.id, STR_NULL, NOW, false, &u),
		0);
	assert_int_equal(u.released, 1);
}

static void releases_a_window(void **state)
{
	struct house *h = *state;
	struct ledger_where w = {
		.domain = str_from("example.org"),
		.from = ago(6),
		.to = ago(5),
		.note = str_from("ann: a wrong import"),
	};
	struct verdict v = hard("y@example.org");
	struct ledger_undo u;

	bounces(h, "a@example.org", 5.5);
	bounces(h, "b@example.com", 5.5);
	bounces(h, "c@example.org", 4);
	v.provider = str_from("yahoo");
	house_event(h, v, ++numbers, ago(5.5));
	house_hand(h, "e@example.org", "*", STATE_SUPPRESSED, ago(5.5));
	assert_int_equal(ledger_release_where(h->ledger, &w, NOW, true, &u), 0);
	assert_int_equal(u.released, 2);
	assert_int_equal(state_of(h, "a@example.org"), STATE_SUPPRESSED);
	w.provider = str_from("google");
	assert_int_equal(
		ledger_release_where(h->ledger, &w, NOW, false, &u), 0);
	assert_int_equal(u.released, 1);
	assert_int_equal(state_of(h, "a@example.org"), STATE_RELEASED);
	assert_int_equal(house_state(h, "a@example.org").cause, CAUSE_HAND);
	assert_int_equal(state_of(h, "b@example.com"), STATE_SUPPRESSED);
	assert_int_equal(state_of(h, "c@example.org"), STATE_SUPPRESSED);
	assert_int_equal(state_of(h, "y@example.org"), STATE_SUPPRESSED);
	assert_int_equal(state_of(h, "e@example.org"), STATE_SUPPRESSED);
	w.domain = w.provider = STR_NULL;
	w.to = 0;
	w.match = str_from("no such text");
	assert_int_equal(
		ledger_release_where(h->ledger, &w, NOW, false, &u), 0);
	assert_int_equal(u.released, 0);
	w.match = STR_NULL;
	assert_int_equal(
		ledger_release_where(h->ledger, &w, NOW, false, &u), 0);
	assert_int_equal(u.released, 3);
	assert_int_equal(number(h->db, "SELECT count(*) FROM log"
				       " WHERE new_state = 4 AND cause = 2"
				       " AND note = 'ann: a wrong import'"),
		4);
}

static int count_rows(void *arg, const struct query_suppression *s)
{
	char *text = arg;
	size_t n = strlen(text);

	(void)snprintf(text + n, 512 - n, "%.*s %s\n", (int)s->address.n,
		s->address.p, state_word(s->state));
	return 0;
}

static void lists_its_addresses(void **state)
{
	struct house *h = *state;
	int64_t id = bad_day(h);
	char text[512] = "", name[32];
	struct query_suppression all = {.state = STATE_ABSENT};

	bounces(h, "0@example.org", 5.5);
	assert_int_equal(
		query_incident_addresses(h->db, id, count_rows, text), 0);
	assert_string_equal(text, "a@example.org held\n0@example.org held\n");
	assert_int_equal(
		query_incident_addresses(h->db, 77, keep_suppression, &all), 0);
	assert_int_equal(all.state, STATE_ABSENT);
	/* More than a page. */
	for (int i = 0; i < 600; i++) {
		(void)snprintf(name, sizeof(name), "n%d@example.org", i);
		bounces(h, name, 5.5);
	}
	assert_int_equal(incident_of(h, id).held, 602);
	text[0] = '\0';
	for (int i = 0; i < 600; i += 599) {
		(void)snprintf(name, sizeof(name), "n%d@example.org", i);
		assert_int_equal(state_of(h, name), STATE_HELD);
	}
}

static int count_one(void *arg, const struct query_suppression *s)
{
	(void)s;
	++*(int *)arg;
	return 0;
}

static void pages_through_many(void **state)
{
	struct house *h = *state;
	int64_t id = bad_day(h);
	char name[32];
	int n = 0;

	for (int i = 0; i < 2 * 256 - 1; i++) {
		(void)snprintf(name, sizeof(name), "n%d@example.org", i);
		bounces(h, name, 5.5);
	}
	assert_int_equal(query_incident_addresses(h->db, id, count_one, &n), 0);
	assert_int_equal(n, 2 * 256);
}

static void remembers_alerts(void **state)
{
	struct house *h = *state;
	int64_t id = bad_day(h);

	assert_int_equal(ledger_incident_alerted(h->ledger, id, 1), 0);
	assert_int_equal(incident_of(h, id).i.alerted, 1);
	assert_int_equal(ledger_incident_alerted(h->ledger, id, 2), 0);
	assert_int_equal(incident_of(h, id).i.alerted, 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(confirms_what_is_held),
		TEST(confirms_with_an_end),
		TEST(releases_what_was_held),
		TEST(releases_what_was_confirmed),
		TEST(releases_an_open_one_until_now),
		TEST(marks_the_past),
		TEST(marks_what_matches),
		TEST(marks_what_is_long_past),
		TEST(releases_a_window),
		TEST(lists_its_addresses),
		TEST(pages_through_many),
		TEST(remembers_alerts),
	};

	return cmocka_run_group_tests_name(
		"store-ledger-undo", tests, NULL, NULL);
}
