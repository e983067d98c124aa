/*
 * store/policy.c: the same events in any order of arrival give the same state
 * (policy_decide() says what that is).
 */
#include "test.h"

#include "policy.h"

#define DAY       86400
#define NOW       (INT64_C(20000) * DAY + 43200)
#define AGO(days) (NOW - (int64_t)(days)*DAY)

static uint64_t seed = 88172645463325252u;

static unsigned below(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

#define EVENTS 10

static bool few_hard; /* worlds in which soft bounces have a chance */

/* Few values each, so that ties and doubles are common. */
static struct policy_event any_event(void)
{
	static const struct {
		enum verdict_class class;
		enum verdict_reason reason;
		bool weak, forwarded;
	} kinds[] = {
		{CLASS_HARD,      REASON_USER_UNKNOWN,     false, false},
		{CLASS_HARD,      REASON_USER_UNKNOWN,     true,  false},
		{CLASS_HARD,      REASON_USER_UNKNOWN,     false, true },
		{CLASS_HARD,      REASON_ADDRESS_INVALID,  true,  false},
		{CLASS_HARD,      REASON_MAILBOX_DISABLED, false, false},
		{CLASS_HARD,      REASON_MAILBOX_DISABLED, true,  false},
		{CLASS_HARD,      REASON_OWNER_CHANGED,    true,  false},
		{CLASS_SOFT,      REASON_MAILBOX_FULL,     false, false},
		{CLASS_SOFT,      REASON_MAILBOX_FULL,     false, false},
		{CLASS_SOFT,      REASON_EXPIRED,          false, false},
		{CLASS_COMPLAINT, REASON_ABUSE,            false, false},
		{CLASS_COMPLAINT, REASON_AUTH_REPORT,      false, false},
	};

	unsigned k = below(12);

	if (few_hard && k < 7 && below(4))
		k = 7 + below(3);
	struct policy_event e = {
		.at = AGO(below(14) * (below(2) ? 17 : 2)) -
		      below(2) * DAY / 10,
		.class = kinds[k].class,
		.reason = kinds[k].reason,
		.weak = kinds[k].weak,
		.forwarded = kinds[k].forwarded,
		.origin = below(4) ? ORIGIN_MATCHED : ORIGIN_UNVERIFIED,
	};

	/* Incidents are times, but for some buckets only. */
	if (e.at / DAY % 5 == 0 && e.class != CLASS_COMPLAINT)
		e.window = below(8) ? WINDOW_HOLDS : WINDOW_VOID;
	if (below(2))
		e.sent_at = e.at - DAY * below(7);
	return e;
}

/* What the ledger does with decisions, one event after the other. */
static struct policy_history play(const struct policy_settings *s,
	struct policy_event *events, size_t n, int64_t released_at,
	int64_t engaged_at)
{
	struct policy_history h = {
		.state = released_at ? STATE_RELEASED : STATE_ABSENT,
		.cause = CAUSE_HAND,
		.released_at = released_at,
		.engaged_at = engaged_at,
		.events = events,
		.decider = -1,
	};

	for (h.n = 0; h.n < n; h.n++) {
		struct policy_history shown = h;
		struct decision d;

		if (!policy_needs_events(s, &h, &events[h.n], NOW))
			shown.n = 0, shown.decider = -1;
		d = policy_decide(s, &shown, &events[h.n], NOW);
		if (d.state == STATE_ABSENT)
			continue;
		h.state = d.state;
		h.cause = CAUSE_POLICY;
		h.reason = d.reason;
		h.since = d.since;
		h.expires_at = d.expires_at;
		h.decider = d.by == POLICY_THIS ? (int)h.n : d.by;
	}
	return h;
}

static void shuffle(struct policy_event *events, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = below((unsigned)i);
		struct policy_event e = events[i - 1];

		events[i - 1] = events[j];
		events[j] = e;
	}
}

/* The same events in another order end in the same state. */
static void compare(const struct policy_settings *s,
	struct policy_event *events, size_t n, int64_t released_at,
	int64_t engaged_at, const struct policy_history *first)
{
	struct policy_history h;

	shuffle(events, n);
	h = play(s, events, n, released_at, engaged_at);
	assert_int_equal(h.state, first->state);
	assert_int_equal(h.reason, first->reason);
	assert_int_equal(h.since, first->since);
	assert_int_equal(h.expires_at, first->expires_at);
}

static unsigned ended[STATE_COUNT], soft_ended;

static void play_a_world(void)
{
	struct policy_event events[EVENTS];
	struct policy_history first;
	struct policy_settings s;
	size_t n = 1 + below(EVENTS);
	int64_t released_at = below(3) ? 0 : AGO(below(150));
	int64_t engaged_at = below(3) ? 0 : AGO(below(150));

	policy_settings_init(&s);
	s.weak_events = 1 + (int)below(4);
	s.require_origin = below(4) ? ORIGIN_UNVERIFIED : ORIGIN_MATCHED;
	s.soft[REASON_EXPIRED].events = 2 + (int)below(3);
	few_hard = below(2);
	for (size_t i = 0; i < n; i++)
		events[i] = any_event();
	first = play(&s, events, n, released_at, engaged_at);
	ended[first.state]++;
	soft_ended += first.state == STATE_SUPPRESSED &&
		      (first.reason == REASON_MAILBOX_FULL ||
			      first.reason == REASON_EXPIRED);
	for (int k = 0; k < 8; k++)
		compare(&s, events, n, released_at, engaged_at, &first);
}

static void order_does_not_matter(void **state)
{
	(void)state;
	for (int world = 0; world < 20000; world++)
		play_a_world();
	/* The worlds must be worth playing. */
	assert_in_range(ended[STATE_SUPPRESSED], 5000, 15000);
	assert_in_range(ended[STATE_HELD], 500, 5000);
	assert_in_range(ended[STATE_PROBATION], 500, 5000);
	assert_in_range(soft_ended, 200, 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_does_not_matter),
	};

	return cmocka_run_group_tests_name(
		"store-policy-order", tests, NULL, NULL);
}
