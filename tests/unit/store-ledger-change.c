/* store/ledger_change.c: states, hands, time, and the change log. */
#include "test.h"

#include <sqlite3.h>

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

/* --- states --------------------------------------------------------------- */

static void needs_weak_evidence_twice(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");

	v.weak = true;
	assert_int_equal(house_event(h, v, 1, NOW - 5 * DAY), FATE_WAITS);
	assert_int_equal(house_event(h, v, 2, NOW - 5 * DAY), FATE_WAITS);
	assert_int_equal(house_event(h, v, 3, NOW - 3 * DAY), FATE_SUPPRESSED);
	assert_int_equal(house_state(h, "a@example.org").since, NOW - 3 * DAY);
	/* A day between the two comes late: the second day is that one. */
	assert_int_equal(house_event(h, v, 4, NOW - 4 * DAY), FATE_ALREADY);
	assert_int_equal(house_state(h, "a@example.org").since, NOW - 4 * DAY);
	assert_int_equal(house_count(h, "changes"), 2);
	assert_int_equal(
		number(h->db, "SELECT event_id = (SELECT id FROM happened"
			      " WHERE id >> 32 = 19996)"
			      " FROM standings"),
		1);
}

/* What decides can be an older event that a late one confirms. */
static void names_the_event_that_decided(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");

	v.weak = true;
	(void)house_event(h, v, 1, NOW - 3 * DAY);
	assert_int_equal(house_event(h, v, 2, NOW - 5 * DAY), FATE_SUPPRESSED);
	assert_int_equal(house_state(h, "a@example.org").since, NOW - 3 * DAY);
	assert_int_equal(
		number(h->db, "SELECT s.event_id >> 32 FROM standings s"),
		NOW / DAY - 3);
	assert_int_equal(number(h->db, "SELECT count(*) FROM log c"
				       " JOIN events e ON e.id = c.event_id"),
		1);
}

/* Every one of 3,000 events reads at most 200 before it. */
static void is_not_slowed_by_a_flood(void **state)
{
	struct house *h = *state;
	struct verdict v[100];
	struct ledger_result r;
	struct mail m;

	for (int i = 0; i < 100; i++) {
		v[i] = hard("a@example.org");
		v[i].weak = true;
	}
	for (int i = 0; i < 30; i++) {
		mail_make(&m, v, 100, i, NOW - DAY);
		r = house_put(h, &m.entry, NOW);
		assert_int_equal(r.fates[FATE_WAITS], 100);
	}
	assert_true(sqlite3_stmt_status(h->db->stmt[SQL_HISTORY],
			    SQLITE_STMTSTATUS_VM_STEP, 0) < 3000 * 200 * 20);
	assert_int_equal(house_count(h, "events"), 3000);
}

static void scopes_complaints(void **state)
{
	struct house *h = *state;
	struct verdict v = complaint("a@example.org", REASON_ABUSE, "weekly");
	struct mail m;

	assert_int_equal(house_event(h, v, 1, NOW - DAY), FATE_SUPPRESSED);
	assert_int_equal(number(h->db, "SELECT count(*) FROM suppressed"
				       " WHERE scope = 'weekly'"
				       " AND reason = 'abuse'"),
		1);
	/* Without a stream: the account. */
	v.stream = STR_NULL;
	assert_int_equal(house_event(h, v, 2, NOW - DAY), FATE_SUPPRESSED);
	/* A stream may not call itself everything. */
	v.stream = str_from("*");
	assert_int_equal(house_event(h, v, 3, NOW - DAY), FATE_ALREADY);
	assert_int_equal(number(h->db, "SELECT count(*) FROM suppressed"
				       " WHERE scope = 'news'"),
		1);
	/* Without an account: everywhere, as a hard bounce. */
	mail_make(&m, &v, 1, 4, NOW - DAY);
	m.entry.account = str_from("");
	assert_int_equal(house_put(h, &m.entry, NOW).fates[FATE_SUPPRESSED], 1);
	assert_int_equal(house_event(h, hard("a@example.org"), 5, NOW - DAY),
		FATE_ALREADY);
	assert_int_equal(house_event(h, hard("b@example.org"), 6, NOW - DAY),
		FATE_SUPPRESSED);
	assert_int_equal(number(h->db, "SELECT count(*) FROM suppressed"
				       " WHERE scope = '*'"),
		2);
	assert_int_equal(house_count(h, "suppressions"), 4);
}

static void obeys_hands(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");

	assert_int_equal(house_event(h, v, 1, NOW - DAY), FATE_SUPPRESSED);
	assert_true(house_hand(h, "a@example.org", "*", STATE_RELEASED, NOW));
	assert_false(house_hand(h, "a@example.org", "*", STATE_RELEASED, NOW));
	assert_int_equal(house_state(h, "a@example.org").state, STATE_RELEASED);
	v.original_sent_at = NOW - DAY;
	assert_int_equal(house_event(h, v, 2, NOW), FATE_RELEASED);
	assert_true(house_hand(h, "a@example.org", "*", STATE_SUPPRESSED, NOW));
	assert_false(
		house_hand(h, "a@example.org", "*", STATE_SUPPRESSED, NOW));
	assert_int_equal(house_event(h, v, 3, NOW), FATE_ALREADY);
	assert_int_equal(house_state(h, "a@example.org").reason, REASON_MANUAL);
	assert_int_equal(house_state(h, "a@example.org").cause, CAUSE_HAND);
	/* What policy did becomes the hand's, and what nobody did is noted. */
	(void)house_event(h, hard("b@example.org"), 4, NOW - DAY);
	assert_true(house_hand(h, "b@example.org", "*", STATE_SUPPRESSED, NOW));
	assert_true(house_hand(h, "new@example.org", "*", STATE_RELEASED, NOW));
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM log"
			      " WHERE cause = 2 AND note = 'ann: because'"),
		4);
	assert_int_equal(house_count(h, "changes"), 6);
}

static void release_holds_until_mail_sent_after_it(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");

	(void)house_event(h, v, 1, NOW - 30 * DAY);
	(void)house_hand(
		h, "a@example.org", "*", STATE_RELEASED, NOW - 20 * DAY);
	v.original_sent_at = NOW - 10 * DAY;
	assert_int_equal(house_event(h, v, 2, NOW - 9 * DAY), FATE_SUPPRESSED);
	assert_int_equal(house_state(h, "a@example.org").since, NOW - 9 * DAY);
	/* The release is not forgotten while it is suppressed. */
	v.original_sent_at = 0;
	assert_int_equal(house_event(h, v, 3, NOW - 25 * DAY), FATE_RELEASED);
	assert_int_equal(house_state(h, "a@example.org").since, NOW - 9 * DAY);
}

/* --- time ----------------------------------------------------------------- */

static void ends_what_has_expired(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");
	size_t n;

	v.reason = REASON_MAILBOX_DISABLED;
	h->settings.policy.expiry[REASON_MAILBOX_DISABLED] = 20 * DAY;
	assert_int_equal(house_event(h, v, 1, NOW - 10 * DAY), FATE_SUPPRESSED);
	assert_int_equal(
		house_state(h, "a@example.org").expires_at, NOW + 10 * DAY);
	assert_int_equal(ledger_expire(h->ledger, NOW + 10 * DAY - 1, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(ledger_expire(h->ledger, NOW + 10 * DAY, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(ledger_expire(h->ledger, NOW + 10 * DAY, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(house_state(h, "a@example.org").state, STATE_ABSENT);
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM log WHERE old_state = 1"
			      " AND new_state = 0 AND cause = 5"),
		1);
}

/* A change by hand of this second finds it ended; one of the last does not. */
static void has_ended_at_its_second(void **state)
{
	static const char ends[] = "SELECT count(*) FROM log"
				   " WHERE old_state = 1 AND new_state = 0"
				   " AND cause = 5";
	struct house *h = *state;
	struct verdict v = hard("a@example.org"), w = hard("b@example.org");

	v.reason = w.reason = REASON_MAILBOX_DISABLED;
	h->settings.policy.expiry[REASON_MAILBOX_DISABLED] = 20 * DAY;
	(void)house_event(h, v, 1, NOW - 10 * DAY);
	(void)house_event(h, w, 2, NOW - 10 * DAY);
	house_hand(
		h, "a@example.org", "*", STATE_SUPPRESSED, NOW + 10 * DAY - 1);
	assert_int_equal(number(h->db, ends), 0);
	house_hand(h, "b@example.org", "*", STATE_SUPPRESSED, NOW + 10 * DAY);
	assert_int_equal(number(h->db, ends), 1);
}

/* Nobody has come by to end it when the next event arrives. */
static void suppresses_anew_after_an_end(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");
	struct mail m;

	v.reason = REASON_MAILBOX_DISABLED;
	(void)house_event(h, v, 1, NOW - 10 * DAY);
	mail_make(&m, &v, 1, 2, NOW + 175 * DAY);
	assert_int_equal(
		house_put(h, &m.entry, NOW + 175 * DAY).fates[FATE_SUPPRESSED],
		1);
	assert_int_equal(
		number(h->db, "SELECT group_concat(old_state || new_state, '')"
			      " = '011001' FROM log"),
		1);
	assert_int_equal(number(h->db, "SELECT expires_at FROM standings"),
		NOW + (175 + 180) * DAY);
}

static void ends_many(void **state)
{
	struct house *h = *state;
	size_t n;

	assert_int_equal(ledger_begin(h->ledger), 0);
	for (int i = 0; i < 2500; i++) {
		char address[32];
		struct verdict v;
		struct ledger_result r;
		struct mail m;

		(void)snprintf(address, sizeof(address), "a%d@b", i);
		v = hard(address);
		v.reason = REASON_OWNER_CHANGED;
		mail_make(&m, &v, 1, i, NOW);
		assert_int_equal(ledger_put(h->ledger, &m.entry, NOW, &r), 0);
	}
	assert_int_equal(ledger_commit(h->ledger), 0);
	assert_int_equal(ledger_expire(h->ledger, NOW + 200 * DAY, &n), 0);
	assert_int_equal(n, 2500);
	assert_int_equal(number(h->db, "SELECT count(*) FROM standings"
				       " WHERE state <> 0"),
		0);
}

static void drops_old_evidence(void **state)
{
	struct house *h = *state;
	size_t n;

	for (int i = 0; i < 10; i++)
		(void)house_event(h, hard("a@example.org"), i, NOW - i * DAY);
	assert_int_equal(house_count(h, "evidence"), 10);
	assert_int_equal(ledger_retain(h->ledger, NOW - 5 * DAY, &n), 0);
	assert_int_equal(n, 4);
	assert_int_equal(ledger_retain(h->ledger, NOW - 5 * DAY, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(house_count(h, "events"), 10);
	assert_int_equal(ledger_retain(h->ledger, -1, &n), 0);
	assert_int_equal(ledger_retain(h->ledger, INT64_C(1) << 40, &n), 0);
	assert_int_equal(n, 6);
}

static void keeps_no_evidence_where_it_may_not(void **state)
{
	struct house *h = *state;

	h->settings.keep_evidence = false;
	(void)house_event(h, hard("a@example.org"), 1, NOW);
	assert_int_equal(house_count(h, "evidence"), 0);
}

static void never_changes_the_change_log(void **state)
{
	struct house *h = *state;

	(void)house_event(h, hard("a@example.org"), 1, NOW);
	assert_int_equal(db_begin(h->db), 0);
	assert_int_equal(db_exec(h->db, "UPDATE changes SET turn_id = 2"), -1);
	assert_non_null(strstr(db_error(h->db), "append-only"));
	assert_int_equal(db_exec(h->db, "DELETE FROM changes"), -1);
	db_rollback(h->db);
	assert_int_equal(house_count(h, "changes"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(needs_weak_evidence_twice),
		TEST(names_the_event_that_decided),
		TEST(is_not_slowed_by_a_flood),
		TEST(scopes_complaints),
		TEST(obeys_hands),
		TEST(release_holds_until_mail_sent_after_it),
		TEST(ends_what_has_expired),
		TEST(has_ended_at_its_second),
		TEST(suppresses_anew_after_an_end),
		TEST(ends_many),
		TEST(drops_old_evidence),
		TEST(keeps_no_evidence_where_it_may_not),
		TEST(never_changes_the_change_log),
	};

	return cmocka_run_group_tests_name(
		"store-ledger-change", tests, NULL, NULL);
}
