/*
 * A table of decisions of store/policy.c: what happened before, what comes now,
 * what holds, and what must follow. Each test program has its own table.
 */
#ifndef POLICY_CASE_H
#define POLICY_CASE_H

#include <stdio.h>
#include <string.h>

#include "policy.h"

#define DAY 86400
#define NOW (INT64_C(20000) * DAY + 43200)

/* Events in one line: days before NOW, class, reason, and what is odd. */
enum odd {
	PLAIN = 0,
	WEAK = 1,
	FORWARDED = 2,
	OWN = 4,
	NEVER = 8,
	MATCHED = 16,
	SIGNED = 32,
	INCIDENT = 64, /* in one that holds */
	VOID = 128,    /* in one that was released */
};

/* To the nearest second. */
#define AGO(days) (NOW - (int64_t)((days)*DAY + ((days) < 0 ? -.5 : .5)))
#define SECOND    (1.0 / DAY)

#define HARD     .class = CLASS_HARD, .reason = REASON_USER_UNKNOWN
#define DISABLED .class = CLASS_HARD, .reason = REASON_MAILBOX_DISABLED
#define OWNER    .class = CLASS_HARD, .reason = REASON_OWNER_CHANGED
#define FULL     .class = CLASS_SOFT, .reason = REASON_MAILBOX_FULL
#define EXPIRED  .class = CLASS_SOFT, .reason = REASON_EXPIRED
#define NETWORK  .class = CLASS_SOFT, .reason = REASON_NETWORK_ERROR
#define SPAM     .class = CLASS_BLOCK, .reason = REASON_SPAM
#define ABUSE    .class = CLASS_COMPLAINT, .reason = REASON_ABUSE
#define FRAUD    .class = CLASS_COMPLAINT, .reason = REASON_FRAUD
#define UNSUB    .class = CLASS_COMPLAINT, .reason = REASON_UNSUBSCRIBE
#define AUTH     .class = CLASS_COMPLAINT, .reason = REASON_AUTH_REPORT
#define VIRUS    .class = CLASS_COMPLAINT, .reason = REASON_VIRUS_REPORT
#define NOT_SPAM .class = CLASS_COMPLAINT, .reason = REASON_NOT_SPAM

/* An event of a case: class 0 ends the list. */
struct case_event {
	double days;
	enum verdict_class class;
	enum verdict_reason reason;
	unsigned odd;
};

static inline struct policy_event event(struct case_event c)
{
	return (struct policy_event){
		.at = AGO(c.days),
		.class = c.class,
		.reason = c.reason,
		.origin = c.odd & SIGNED    ? ORIGIN_SIGNED
			  : c.odd & MATCHED ? ORIGIN_MATCHED
					    : ORIGIN_UNVERIFIED,
		.weak = c.odd & WEAK,
		.forwarded = c.odd & FORWARDED,
		.own = c.odd & OWN,
		.never = c.odd & NEVER,
		.window = c.odd & VOID       ? WINDOW_VOID
			  : c.odd & INCIDENT ? WINDOW_HOLDS
					     : WINDOW_NONE,
	};
}

#define CASE_EVENTS 8

struct policy_case {
	const char *says;
	struct case_event now;
	enum fate fate;
	enum state state; /* the new one; 0: no change */
	double since;     /* days ago, when there is a new state */
	double expires;   /* days from NOW; 0: never */
	struct case_event before[CASE_EVENTS];
	/* What holds already. */
	enum state is;
	enum cause cause;
	enum verdict_reason reason;
	double is_since, is_expires; /* days ago; days from NOW */
	double released;             /* days ago; 0: never */
	double engaged;              /* days ago; 0: never */
	double sent;                 /* when the mail of `now` was, days ago */
	/* Settings other than the defaults. */
	bool hard_off, complaints_off;
	int weak_events;
	double stale_after;
	enum origin require;
	bool no_engaged; /* policy.engaged_days: 0 */
	int soft_events; /* for mailbox-full; -1: 0; 1: at once */
};

#define SUPPRESSES(since_, expires_)                                           \
	.fate = FATE_SUPPRESSED, .state = STATE_SUPPRESSED, .since = since_,   \
	.expires = expires_
#define CHANGES(since_, expires_)                                              \
	.fate = FATE_ALREADY, .state = STATE_SUPPRESSED, .since = since_,      \
	.expires = expires_
#define HOLDS(since_, until_)                                                  \
	.fate = FATE_HELD, .state = STATE_HELD, .since = since_,               \
	.expires = until_
#define DOUBTS(since_, until_)                                                 \
	.fate = FATE_ENGAGED, .state = STATE_HELD, .since = since_,            \
	.expires = until_
/* Held in the database. */
#define IS_HELD(since_, until_)                                                \
	.is = STATE_HELD, .cause = CAUSE_POLICY, .is_since = since_,           \
	.reason = REASON_USER_UNKNOWN, .is_expires = until_
#define IS_SUPPRESSED(since_)                                                  \
	.is = STATE_SUPPRESSED, .cause = CAUSE_POLICY, .is_since = since_,     \
	.reason = REASON_USER_UNKNOWN

static inline struct policy_settings settings_of(const struct policy_case *c)
{
	struct policy_settings s;

	policy_settings_init(&s);
	if (c->hard_off)
		s.suppress_hard = false;
	if (c->complaints_off)
		memset(s.complaint, 0, sizeof(s.complaint));
	if (c->weak_events)
		s.weak_events = c->weak_events;
	if (c->stale_after)
		s.stale_after = c->stale_after < 0
					? 0
					: (int64_t)(c->stale_after * DAY);
	s.require_origin = c->require;
	if (c->no_engaged)
		s.engaged = 0;
	if (c->soft_events)
		s.soft[REASON_MAILBOX_FULL].events =
			c->soft_events < 0 ? 0 : c->soft_events;
	if (c->soft_events == 1)
		s.soft[REASON_MAILBOX_FULL].spread = 0;
	return s;
}

static inline struct policy_history history_of(
	const struct policy_case *c, struct policy_event events[CASE_EVENTS])
{
	struct policy_history h = {
		.state = c->is,
		.cause = c->cause,
		.reason = c->reason,
		.since = AGO(c->is_since),
		.expires_at = c->is_expires ? AGO(-c->is_expires) : 0,
		.released_at = c->released ? AGO(c->released) : 0,
		.engaged_at = c->engaged ? AGO(c->engaged) : 0,
		.events = events,
		.decider = -1,
	};

	while (h.n < CASE_EVENTS && c->before[h.n].class) {
		events[h.n] = event(c->before[h.n]);
		if (c->is && events[h.n].at == h.since)
			h.decider = (int)h.n;
		h.n++;
	}
	return h;
}

static inline void check_case(const struct policy_case *c)
{
	struct policy_settings s = settings_of(c);
	struct policy_event events[CASE_EVENTS];
	struct policy_history h = history_of(c, events);
	struct policy_event e = event(c->now);
	struct decision d;

	e.sent_at = c->sent ? AGO(c->sent) : 0;
	d = policy_decide(&s, &h, &e, NOW);
	if (d.fate != c->fate || d.state != c->state)
		fail_msg("%s: it is %s, %s", c->says, fate_word(d.fate),
			state_word(d.state));
	if (d.state == STATE_ABSENT)
		return;
	if (d.since != AGO(c->since) ||
		d.expires_at != (c->expires ? AGO(-c->expires) : 0))
		fail_msg("%s: since %lld, expires %lld", c->says,
			(long long)d.since, (long long)d.expires_at);
	if (policy_needs_events(&s, &h, &e, NOW))
		return;
	h.n = 0;
	h.decider = -1;
	assert_int_equal(policy_decide(&s, &h, &e, NOW).since, d.since);
}

static inline void check_cases(const struct policy_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_case(&c[i]);
}

#define CHECK_CASES(c) check_cases(c, sizeof(c) / sizeof(*(c)))

#endif
