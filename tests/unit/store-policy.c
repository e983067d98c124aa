/* store/policy.c: the table of decisions. */
#include "test.h"

#include "policy_case.h"

/* clang-format off */
static const struct policy_case cases[] = {
	/* Hard bounces. */
	{"the first hard bounce suppresses",
		{1, HARD}, SUPPRESSES(1, 0)},
	{"one of this second, too",
		{0, HARD}, SUPPRESSES(0, 0)},
	{"every hard reason does",
		{1, .class = CLASS_HARD, .reason = REASON_DOMAIN_UNKNOWN}, SUPPRESSES(1, 0)},
	{"null MX as well",
		{1, .class = CLASS_HARD, .reason = REASON_DOMAIN_NO_MAIL}, SUPPRESSES(1, 0)},
	{"mailbox-disabled ends after 180 days",
		{10, DISABLED}, SUPPRESSES(10, 170)},
	{"owner-changed ends after 180 days",
		{1, OWNER}, SUPPRESSES(1, 179)},
	{"a hard bounce can be switched off",
		{1, HARD}, .fate = FATE_OFF, .hard_off = true},
	{"what was suppressed stays as it was",
		{1, HARD}, .fate = FATE_ALREADY, .before = {{30, HARD}},
		.is = STATE_SUPPRESSED, .cause = CAUSE_POLICY,
		.reason = REASON_USER_UNKNOWN, .is_since = 30},
	{"an older event that comes later moves since back",
		{40, HARD}, CHANGES(40, 0),
		.before = {{30, HARD}}, .is = STATE_SUPPRESSED,
		.cause = CAUSE_POLICY, .reason = REASON_USER_UNKNOWN,
		.is_since = 30},
	{"an end is put off by a later event",
		{1, DISABLED}, CHANGES(1, 179),
		.before = {{30, DISABLED}}, .is = STATE_SUPPRESSED,
		.cause = CAUSE_POLICY, .reason = REASON_MAILBOX_DISABLED,
		.is_since = 30, .is_expires = 150},
	{"but not brought nearer by an older one that comes late",
		{60, DISABLED}, .fate = FATE_ALREADY, .before = {{30, DISABLED}},
		.is = STATE_SUPPRESSED, .cause = CAUSE_POLICY,
		.reason = REASON_MAILBOX_DISABLED, .is_since = 30,
		.is_expires = 150},
	{"a temporary suppression becomes a lasting one",
		{1, HARD}, CHANGES(1, 0),
		.before = {{30, DISABLED}}, .is = STATE_SUPPRESSED,
		.cause = CAUSE_POLICY, .reason = REASON_MAILBOX_DISABLED,
		.is_since = 30, .is_expires = 150},
	{"a lasting one does not become temporary",
		{1, DISABLED}, .fate = FATE_ALREADY, .before = {{30, HARD}},
		.is = STATE_SUPPRESSED, .cause = CAUSE_POLICY,
		.reason = REASON_USER_UNKNOWN, .is_since = 30},
	{"the second of a day does not put off an end",
		{1.1, DISABLED}, .fate = FATE_ALREADY, .before = {{1.2, DISABLED}},
		.is = STATE_SUPPRESSED, .cause = CAUSE_POLICY,
		.reason = REASON_MAILBOX_DISABLED, .is_since = 1.2,
		.is_expires = 178.8},
	{"after its end an event suppresses anew",
		{1, DISABLED}, SUPPRESSES(1, 179),
		.before = {{170, DISABLED}}, .is = STATE_ABSENT},
	/* Weak and forwarded evidence. */
	{"weak evidence waits",
		{1, HARD, WEAK}, .fate = FATE_WAITS},
	{"forwarded evidence waits",
		{1, HARD, FORWARDED}, .fate = FATE_WAITS},
	{"two on one day are one",
		{1.2, HARD, WEAK}, .fate = FATE_WAITS, .before = {{1.1, HARD, WEAK}}},
	{"two on two days suppress, since the second",
		{1, HARD, WEAK}, SUPPRESSES(1, 0),
		.before = {{3, HARD, WEAK}}},
	{"whichever came first",
		{3, HARD, WEAK}, SUPPRESSES(1, 0),
		.before = {{1, HARD, WEAK}}},
	{"weak and forwarded support each other",
		{1, HARD, FORWARDED}, SUPPRESSES(1, 0),
		.before = {{3, HARD, WEAK}}},
	{"other reasons support, too",
		{1, HARD, WEAK}, SUPPRESSES(1, 0),
		.before = {{3, .class = CLASS_HARD, .reason = REASON_ADDRESS_INVALID, WEAK}}},
	{"soft bounces do not",
		{1, HARD, WEAK}, .fate = FATE_WAITS, .before = {{3, FULL}}},
	{"nor complaints",
		{1, HARD, WEAK}, .fate = FATE_WAITS, .before = {{3, AUTH}}},
	{"nor what is 180 days older",
		{1, HARD, WEAK}, .fate = FATE_WAITS,
		.before = {{181 + SECOND, HARD, WEAK}}},
	{"what is less does, though it is stale by now",
		{1, HARD, WEAK}, SUPPRESSES(1, 0), .before = {{181, HARD, WEAK}}},
	{"a stale event that comes late does, too",
		{190, HARD, WEAK}, .fate = FATE_STALE, .state = STATE_SUPPRESSED,
		.since = 100, .before = {{100, HARD, WEAK}}},
	{"but it does not suppress itself",
		{190, HARD, WEAK}, .fate = FATE_STALE,
		.before = {{200, HARD, WEAK}}},
	{"nor what is unverified",
		{1, HARD, WEAK | MATCHED}, .fate = FATE_WAITS,
		.before = {{3, HARD, WEAK}}, .require = ORIGIN_MATCHED},
	{"three days where three are asked for",
		{1, HARD, WEAK}, .fate = FATE_WAITS, .weak_events = 3,
		.before = {{3, HARD, WEAK}, {3.1, HARD, WEAK}}},
	{"are enough",
		{1, HARD, WEAK}, SUPPRESSES(1, 0),
		.weak_events = 3, .before = {{3, HARD, WEAK}, {5, HARD, WEAK}}},
	{"one where one is asked for",
		{1, HARD, WEAK}, SUPPRESSES(1, 0),
		.weak_events = 1},
	{"a strong event does not wait for weak ones",
		{1, HARD}, SUPPRESSES(1, 0),
		.before = {{1, HARD, WEAK}}},
	{"weak evidence of an end ends, too",
		{1, DISABLED, WEAK}, SUPPRESSES(1, 179),
		.before = {{3, DISABLED, WEAK}}},
	/* Time. */
	{"stale events never suppress",
		{180.1, HARD}, .fate = FATE_STALE},
	{"those of 180 days do",
		{180, HARD}, SUPPRESSES(180, 0)},
	{"stale_after can be less",
		{31, HARD}, .fate = FATE_STALE, .stale_after = 30},
	{"or without limit",
		{3000, HARD}, SUPPRESSES(3000, 0),
		.stale_after = -1},
	{"a suppression that would be over does not begin",
		{200, DISABLED}, .fate = FATE_STALE, .stale_after = 365},
	{"a stale complaint does not suppress",
		{181, UNSUB}, .fate = FATE_STALE},
	/* Each comparison at its very second. */
	{"a second more than stale_after is stale",
		{180 + SECOND, HARD}, .fate = FATE_STALE},
	{"a suppression that ends now does not begin",
		{180, DISABLED}, .fate = FATE_STALE, .stale_after = 365},
	{"one that ends in a second does",
		{180 - SECOND, DISABLED}, SUPPRESSES(180 - SECOND, SECOND),
		.stale_after = 365},
	{"a mail of the second of the release is from before it",
		{1, HARD}, .fate = FATE_RELEASED, .is = STATE_RELEASED,
		.cause = CAUSE_HAND, .released = 2, .sent = 2},
	{"one of the next second is not",
		{1, HARD}, SUPPRESSES(1, 0), .is = STATE_RELEASED,
		.cause = CAUSE_HAND, .released = 2, .sent = 2 - SECOND},
	{"five days after the release a bounce may still be late",
		{1, HARD}, .fate = FATE_RELEASED, .is = STATE_RELEASED,
		.cause = CAUSE_HAND, .released = 6},
	{"a second later it is not",
		{1, HARD}, SUPPRESSES(1, 0), .is = STATE_RELEASED,
		.cause = CAUSE_HAND, .released = 6 + SECOND},
	{"a Date of the second of the bounce can be right",
		{1, HARD}, SUPPRESSES(1, 0), .is = STATE_RELEASED,
		.cause = CAUSE_HAND, .released = 2, .sent = 1},
	{"one of the next second cannot",
		{1, HARD}, .fate = FATE_RELEASED, .is = STATE_RELEASED,
		.cause = CAUSE_HAND, .released = 2, .sent = 1 - SECOND},
	{"a Date of 1970 tells nothing",
		{1, HARD}, SUPPRESSES(1, 0), .is = STATE_RELEASED,
		.cause = CAUSE_HAND, .released = 20, .sent = NOW / (double)DAY},
	{"the last second of a day and the first of the next are two days",
		{.5, HARD, WEAK}, SUPPRESSES(.5, 0),
		.before = {{.5 + SECOND, HARD, WEAK}}},
	{"the first second of a day and its last are one",
		{.5 + SECOND, HARD, WEAK}, .fate = FATE_WAITS,
		.before = {{1.5, HARD, WEAK}}},
	{"an end of the same day is no later one",
		{1.5 - SECOND, DISABLED}, .fate = FATE_ALREADY,
		.before = {{1.5, DISABLED}}, .is = STATE_SUPPRESSED,
		.cause = CAUSE_POLICY, .reason = REASON_MAILBOX_DISABLED,
		.is_since = 1.5, .is_expires = 178.5},
	{"one of the next day's first second is",
		{.5, DISABLED}, CHANGES(.5, 179.5),
		.before = {{.5 + SECOND, DISABLED}}, .is = STATE_SUPPRESSED,
		.cause = CAUSE_POLICY, .reason = REASON_MAILBOX_DISABLED,
		.is_since = .5 + SECOND, .is_expires = 179.5 - SECOND},
	{"an event of the second of since changes nothing",
		{30, HARD}, .fate = FATE_ALREADY, .before = {{30, HARD}},
		.is = STATE_SUPPRESSED, .cause = CAUSE_POLICY,
		.reason = REASON_USER_UNKNOWN, .is_since = 30},
	{"one of the second before moves it back",
		{30 + SECOND, HARD}, CHANGES(30 + SECOND, 0),
		.before = {{30, HARD}}, .is = STATE_SUPPRESSED,
		.cause = CAUSE_POLICY, .reason = REASON_USER_UNKNOWN,
		.is_since = 30},
	/* Complaints. */
	{"abuse suppresses",
		{1, ABUSE}, SUPPRESSES(1, 0)},
	{"fraud suppresses",
		{1, FRAUD}, SUPPRESSES(1, 0)},
	{"unsubscribe suppresses",
		{1, UNSUB}, SUPPRESSES(1, 0)},
	{"a complaint need not repeat, even if it is weak",
		{1, ABUSE, WEAK}, SUPPRESSES(1, 0)},
	{"auth-report never does",
		{1, AUTH}, .fate = FATE_CLASS},
	{"virus-report never does",
		{1, VIRUS}, .fate = FATE_CLASS},
	{"not-spam never does",
		{1, NOT_SPAM}, .fate = FATE_CLASS},
	{"complaints can be switched off",
		{1, ABUSE}, .fate = FATE_OFF, .complaints_off = true},
	/* Other classes. */
	{"blocks do not suppress", {1, SPAM}, .fate = FATE_CLASS},
	{"nor delays", {1, .class = CLASS_DELAY, .reason = REASON_DELAYED}, .fate = FATE_CLASS},
	{"whatever they are delayed by",
		{1, .class = CLASS_DELAY, .reason = REASON_USER_UNKNOWN}, .fate = FATE_CLASS},
	{"also when it is a full mailbox for weeks",
		{1, .class = CLASS_DELAY, .reason = REASON_MAILBOX_FULL}, .fate = FATE_CLASS,
		.before = {{10, .class = CLASS_DELAY, .reason = REASON_MAILBOX_FULL},
			{20, .class = CLASS_DELAY, .reason = REASON_MAILBOX_FULL}}},
	{"whatever delays the mail",
		{1, .class = CLASS_DELAY, .reason = REASON_USER_UNKNOWN}, .fate = FATE_CLASS},
	{"and delays confirm no weak evidence",
		{1, HARD, WEAK}, .fate = FATE_WAITS,
		.before = {{3, .class = CLASS_DELAY, .reason = REASON_USER_UNKNOWN}}},
	{"nor replies", {1, .class = CLASS_REPLY, .reason = REASON_AUTO_REPLY}, .fate = FATE_CLASS},
	{"nor success", {1, .class = CLASS_SUCCESS, .reason = REASON_DELIVERED}, .fate = FATE_CLASS},
	{"nor our own platform's list",
		{1, .class = CLASS_SKIPPED, .reason = REASON_ALREADY_SUPPRESSED}, .fate = FATE_CLASS},
	{"nor what was not understood",
		{1, .class = CLASS_UNKNOWN, .reason = REASON_NONE}, .fate = FATE_CLASS},
	/* Precedence. */
	{"our own addresses are never suppressed",
		{1, HARD, OWN}, .fate = FATE_OWN},
	{"nor those on never_suppress",
		{1, ABUSE, NEVER}, .fate = FATE_OWN},
	{"what a hand suppressed is already",
		{1, HARD}, .fate = FATE_ALREADY, .is = STATE_SUPPRESSED,
		.cause = CAUSE_HAND, .reason = REASON_MANUAL, .is_since = 5},
	{"an older event does not change it",
		{40, HARD}, .fate = FATE_ALREADY, .is = STATE_SUPPRESSED,
		.cause = CAUSE_HAND, .reason = REASON_MANUAL, .is_since = 5},
	{"nor what was imported",
		{40, HARD}, .fate = FATE_ALREADY, .is = STATE_SUPPRESSED,
		.cause = CAUSE_IMPORT, .reason = REASON_MANUAL, .is_since = 5},
	/* Release by hand. */
	{"a bounce of a mail from before the release is late",
		{1, HARD}, .fate = FATE_RELEASED, .is = STATE_RELEASED,
		.cause = CAUSE_HAND, .released = 2, .sent = 3},
	{"one of a mail sent after it suppresses",
		{1, HARD}, SUPPRESSES(1, 0),
		.is = STATE_RELEASED, .cause = CAUSE_HAND, .released = 3,
		.sent = 2},
	{"one that does not tell may be late for five days",
		{1, HARD}, .fate = FATE_RELEASED, .is = STATE_RELEASED,
		.cause = CAUSE_HAND, .released = 5.9},
	{"and is not after that",
		{1, HARD}, SUPPRESSES(1, 0),
		.is = STATE_RELEASED, .cause = CAUSE_HAND, .released = 6.1},
	{"a Date after the bounce tells nothing",
		{1, HARD}, .fate = FATE_RELEASED, .is = STATE_RELEASED,
		.cause = CAUSE_HAND, .released = 2, .sent = 0.5},
	{"a complaint about a mail from before the release is late, too",
		{1, ABUSE}, .fate = FATE_RELEASED, .is = STATE_RELEASED,
		.cause = CAUSE_HAND, .released = 2, .sent = 3},
	{"weak evidence from before the release supports nothing",
		{1, HARD, WEAK}, .fate = FATE_WAITS, .is = STATE_RELEASED,
		.cause = CAUSE_HAND, .released = 10, .sent = 2,
		.before = {{12, HARD, WEAK}, {15, HARD, WEAK}}},
	{"nor does an old bounce return once it is suppressed again",
		{40, HARD}, .fate = FATE_RELEASED, .is = STATE_SUPPRESSED,
		.cause = CAUSE_POLICY, .reason = REASON_USER_UNKNOWN,
		.is_since = 1, .released = 20},
	/* Origin. */
	{"unverified where matched is asked for",
		{1, HARD}, .fate = FATE_UNVERIFIED, .require = ORIGIN_MATCHED},
	{"matched where matched is asked for",
		{1, HARD, MATCHED}, SUPPRESSES(1, 0),
		.require = ORIGIN_MATCHED},
	{"matched where signed is asked for",
		{1, HARD, MATCHED}, .fate = FATE_UNVERIFIED,
		.require = ORIGIN_SIGNED},
	{"complaints are asked the same",
		{1, ABUSE}, .fate = FATE_UNVERIFIED, .require = ORIGIN_MATCHED},
};

/* clang-format on */

static void decides_as_the_table_says(void **state)
{
	(void)state;
	CHECK_CASES(cases);
}

static void names_the_event_that_decided(void **state)
{
	struct policy_event before = event((struct case_event){1, HARD, WEAK});
	struct policy_event late = event((struct case_event){3, HARD, WEAK});
	struct policy_history h = {.events = &before, .n = 1};
	struct policy_settings s;

	(void)state;
	policy_settings_init(&s);
	assert_int_equal(policy_decide(&s, &h, &late, NOW).by, 0);
	h.n = 0;
	late.weak = false;
	assert_int_equal(policy_decide(&s, &h, &late, NOW).by, POLICY_THIS);
}

/* --- words ---------------------------------------------------------------- */

static void every_number_has_its_word(void **state)
{
	(void)state;
	for (int i = 0; i < FATE_COUNT; i++) {
		assert_non_null(fate_word((enum fate)i));
		assert_non_null(fate_text((enum fate)i));
	}
	assert_string_equal(fate_word(FATE_SUPPRESSED), "suppressed");
	assert_string_equal(fate_word(FATE_NO_RECIPIENT), "no-recipient");
	assert_string_equal(fate_word(FATE_COUNT), "?");
	assert_string_equal(fate_text(FATE_COUNT), "?");
	assert_string_equal(state_word(STATE_ABSENT), "absent");
	assert_string_equal(state_word(STATE_RELEASED), "released");
	assert_string_equal(state_word(STATE_COUNT), "?");
	assert_string_equal(cause_word(CAUSE_HAND), "hand");
	assert_string_equal(cause_word((enum cause)0), "?");
	assert_string_equal(cause_word(CAUSE_COUNT), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decides_as_the_table_says),
		cmocka_unit_test(names_the_event_that_decided),
		cmocka_unit_test(every_number_has_its_word),
	};

	return cmocka_run_group_tests_name("store-policy", tests, NULL, NULL);
}
