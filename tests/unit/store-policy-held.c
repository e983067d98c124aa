/* store/policy.c: the table of decisions about what is held, and by whom. */
#include "test.h"

#include "policy_case.h"

/* clang-format off */
static const struct policy_case cases[] = {
	/* Incidents. */
	{"in an incident a hard bounce is held, for 14 days",
		{1, HARD, INCIDENT}, HOLDS(1, 13)},
	{"one that comes late is on probation at once",
		{20, HARD, INCIDENT}, .fate = FATE_HELD, .state = STATE_PROBATION,
		.since = 20, .expires = 160},
	{"of 14 days sharp",
		{14, HARD, INCIDENT}, .fate = FATE_HELD, .state = STATE_PROBATION,
		.since = 14, .expires = 166},
	{"a second less is held for a second",
		{14 - SECOND, HARD, INCIDENT}, HOLDS(14 - SECOND, SECOND)},
	{"a stale one is stale",
		{181, HARD, INCIDENT}, .fate = FATE_STALE},
	{"one that was suppressed before stays so",
		{1, HARD, INCIDENT}, .fate = FATE_ALREADY,
		.before = {{30, HARD}}, IS_SUPPRESSED(30)},
	{"weak evidence in it waits",
		{1, HARD, INCIDENT | WEAK}, .fate = FATE_WAITS},
	{"that it would have confirmed is held",
		{1, HARD, INCIDENT | WEAK}, HOLDS(1, 13),
		.before = {{5, HARD, WEAK}}},
	{"it confirms no weak evidence itself",
		{1, HARD, WEAK}, .fate = FATE_WAITS,
		.before = {{5, HARD, INCIDENT | WEAK}}},
	{"a complaint is not held",
		{1, ABUSE, INCIDENT}, SUPPRESSES(1, 0)},
	{"own addresses are not held",
		{1, HARD, INCIDENT | OWN}, .fate = FATE_OWN},
	{"what a hand suppressed is not held",
		{1, HARD, INCIDENT}, .fate = FATE_ALREADY, .is = STATE_SUPPRESSED,
		.cause = CAUSE_HAND, .reason = REASON_MANUAL, .is_since = 5},
	{"in one that was released a bounce says nothing",
		{1, HARD, VOID}, .fate = FATE_VOID},
	{"also not with others",
		{1, HARD, WEAK}, .fate = FATE_WAITS, .before = {{5, HARD, WEAK | VOID}}},
	/* Confirmation. */
	{"72 hours later a bounce confirms",
		{1, HARD}, SUPPRESSES(1, 0),
		.before = {{4, HARD, INCIDENT}}, IS_HELD(4, 10)},
	{"a second less is not enough",
		{1, HARD}, .fate = FATE_HELD,
		.before = {{4 - SECOND, HARD, INCIDENT}}, IS_HELD(4 - SECOND, 10)},
	{"in another incident it confirms nothing",
		{1, HARD, INCIDENT}, .fate = FATE_HELD,
		.before = {{4, HARD, INCIDENT}}, IS_HELD(4, 10)},
	{"nor does weak evidence alone",
		{1, HARD, WEAK}, .fate = FATE_WAITS,
		.before = {{4, HARD, INCIDENT}}, IS_HELD(4, 10)},
	{"but twice it does",
		{1, HARD, WEAK}, SUPPRESSES(1, 0),
		.before = {{2, HARD, WEAK}, {5, HARD, INCIDENT}}, IS_HELD(5, 9)},
	{"soon after an incident an ordinary one is doubtful, too",
		{3.5, HARD}, HOLDS(4, 10), .before = {{4, HARD, INCIDENT}}},
	{"and what confirms can come before it",
		{4, HARD, INCIDENT}, .fate = FATE_ALREADY,
		.before = {{1, HARD}}, IS_SUPPRESSED(1)},
	{"what is doubtful and comes late makes doubtful what was not",
		{4, HARD, INCIDENT}, HOLDS(4, 10),
		.before = {{3.5, HARD}}, IS_SUPPRESSED(3.5)},
	{"not what was before it",
		{4, HARD, INCIDENT}, .fate = FATE_ALREADY,
		.before = {{4.5, HARD}}, IS_SUPPRESSED(4.5)},
	{"nor what a person confirmed",
		{4, HARD, INCIDENT}, .fate = FATE_ALREADY,
		.before = {{3.5, HARD}}, .is = STATE_SUPPRESSED,
		.cause = CAUSE_INCIDENT, .reason = REASON_USER_UNKNOWN,
		.is_since = 3.5},
	{"an earlier one moves the hold back",
		{4, HARD, INCIDENT}, HOLDS(4, 10),
		.before = {{3, HARD, INCIDENT}}, IS_HELD(3, 11)},
	{"a later one does not move it",
		{3, HARD, INCIDENT}, .fate = FATE_HELD,
		.before = {{4, HARD, INCIDENT}}, IS_HELD(4, 10)},
	{"a complaint ends a hold",
		{1, ABUSE}, SUPPRESSES(1, 0),
		.before = {{2, HARD, INCIDENT}}, IS_HELD(2, 12)},
	{"a hold is confirmed also when its event is not at hand",
		{1, HARD}, SUPPRESSES(1, 0), IS_HELD(4, 10)},
	{"and not too soon",
		{1, HARD}, .fate = FATE_HELD, IS_HELD(3, 11)},
	/* Probation. */
	{"on probation a bounce suppresses",
		{1, HARD}, SUPPRESSES(1, 0),
		.before = {{15, HARD, INCIDENT}}, .is = STATE_PROBATION,
		.cause = CAUSE_EXPIRY, .reason = REASON_USER_UNKNOWN, .is_since = 15},
	{"although it is engaged",
		{1, HARD}, .engaged = 20, SUPPRESSES(1, 0),
		.before = {{15, HARD, INCIDENT}}, .is = STATE_PROBATION,
		.cause = CAUSE_EXPIRY, .reason = REASON_USER_UNKNOWN, .is_since = 15},
	{"another bad day says nothing",
		{1, HARD, INCIDENT}, .fate = FATE_HELD,
		.before = {{15, HARD, INCIDENT}}, .is = STATE_PROBATION,
		.cause = CAUSE_EXPIRY, .reason = REASON_USER_UNKNOWN, .is_since = 15},
	{"after 14 days, not a second before",
		{1, HARD, INCIDENT}, .fate = FATE_HELD,
		.before = {{15 - SECOND, HARD, INCIDENT}}, IS_HELD(15 - SECOND, 1)},
	{"a soft one is guarded still",
		{1, FULL, INCIDENT}, .fate = FATE_HELD,
		.before = {{8, FULL}, {15, FULL}, {20, HARD, INCIDENT}},
		.is = STATE_PROBATION, .cause = CAUSE_EXPIRY,
		.reason = REASON_USER_UNKNOWN, .is_since = 20},
	{"weak evidence still must repeat",
		{1, HARD, WEAK}, .fate = FATE_WAITS,
		.before = {{20, HARD, INCIDENT}}, .is = STATE_PROBATION,
		.cause = CAUSE_EXPIRY, .reason = REASON_USER_UNKNOWN, .is_since = 20},
	/* Engaged. */
	{"who opened a mail lately is held",
		{1, HARD}, DOUBTS(1, 13), .engaged = 30},
	{"90 days are lately",
		{1, HARD}, DOUBTS(1, 13), .engaged = 91},
	{"a second more is not",
		{1, HARD}, SUPPRESSES(1, 0), .engaged = 91 + SECOND},
	{"it can be switched off",
		{1, HARD}, SUPPRESSES(1, 0), .engaged = 30, .no_engaged = true},
	{"a second bounce 72 hours later confirms",
		{1, HARD}, SUPPRESSES(1, 0), .engaged = 30,
		.before = {{4, HARD}}, IS_HELD(4, 10)},
	{"not sooner",
		{1, HARD}, .fate = FATE_ENGAGED, .engaged = 30,
		.before = {{4 - SECOND, HARD}}, IS_HELD(4 - SECOND, 10)},
	{"a weak one does it, for it is the second",
		{1, HARD, WEAK}, SUPPRESSES(1, 0), .engaged = 30,
		.before = {{4, HARD}}, IS_HELD(4, 10)},
	{"who opened a mail in between was not dead",
		{1, HARD}, .fate = FATE_ENGAGED, .engaged = 2,
		.before = {{5, HARD}}, IS_HELD(5, 9)},
	{"then it begins anew",
		{1, HARD}, SUPPRESSES(1, 0), .engaged = 6,
		.before = {{4, HARD}, {10, HARD}}, IS_HELD(10, 4)},
	{"who opened a mail after the bounce is alive",
		{10, HARD}, DOUBTS(10, 4), .engaged = 1},
	{"in an incident it is the incident that holds",
		{1, HARD, INCIDENT}, HOLDS(1, 13), .engaged = 30},
	{"a complaint of one who opens mail counts",
		{1, ABUSE}, SUPPRESSES(1, 0), .engaged = 2},
	{"on probation the next one suppresses",
		{1, HARD}, SUPPRESSES(1, 0), .engaged = 30,
		.before = {{16, HARD}}, .is = STATE_PROBATION,
		.cause = CAUSE_EXPIRY, .reason = REASON_USER_UNKNOWN, .is_since = 16},
	/* Release. */
	{"what was held and released counts no more",
		{1, HARD}, SUPPRESSES(1, 0), .sent = 1,
		.before = {{10, HARD, INCIDENT}}, .is = STATE_RELEASED,
		.cause = CAUSE_INCIDENT, .released = 9},
	{"and late bounces of that time neither",
		{8, HARD}, .fate = FATE_RELEASED, .sent = 10,
		.before = {{10, HARD, INCIDENT}}, .is = STATE_RELEASED,
		.cause = CAUSE_INCIDENT, .released = 9},
};

/* clang-format on */

static void decides_as_the_table_says(void **state)
{
	(void)state;
	CHECK_CASES(cases);
}

/* When an incident opens or is released, the events are looked at again. */
static void looks_again_when_incidents_change(void **state)
{
	struct policy_event e[2] = {
		event((struct case_event){1, HARD}),
		event((struct case_event){2, HARD}),
	};
	struct policy_history h = {
		.state = STATE_SUPPRESSED,
		.cause = CAUSE_POLICY,
		.reason = REASON_USER_UNKNOWN,
		.since = e[1].at,
		.events = e,
		.n = 2,
		.decider = 1,
	};
	struct policy_settings s;
	struct decision d;

	(void)state;
	policy_settings_init(&s);
	d = policy_review(&s, &h, NOW);
	assert_int_equal(d.state, STATE_ABSENT);
	e[1].window = WINDOW_HOLDS;
	d = policy_review(&s, &h, NOW);
	assert_int_equal(d.state, STATE_HELD);
	assert_int_equal(d.since, e[1].at);
	assert_int_equal(d.by, 1);
	/* What bounced again later was dead. */
	e[1].at -= 3 * DAY;
	h.since = e[1].at;
	d = policy_review(&s, &h, NOW);
	assert_int_equal(d.state, STATE_SUPPRESSED);
	assert_int_equal(d.since, e[0].at);
	assert_int_equal(d.by, 0);
	/* An import or a hand is not looked at. */
	h.cause = CAUSE_HAND;
	d = policy_review(&s, &h, NOW);
	assert_int_equal(d.state, STATE_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decides_as_the_table_says),
		cmocka_unit_test(looks_again_when_incidents_change),
	};

	return cmocka_run_group_tests_name(
		"store-policy-held", tests, NULL, NULL);
}
