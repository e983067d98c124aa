/*
 * What follows from an event, as a pure function: history, event, settings
 * and the time in, a decision out. No database, no clock.
 */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verdict.h"

/* State of an address in one scope; the numbers are on disk. */
enum state {
	STATE_ABSENT = 0,
	STATE_SUPPRESSED = 1,
	STATE_HELD = 2,
	STATE_PROBATION = 3,
	STATE_RELEASED = 4,
	STATE_COUNT
};

/* What the incidents of the guard say of an event. */
enum policy_window {
	WINDOW_NONE = 0,  /* it lies in none */
	WINDOW_HOLDS = 1, /* in one that is open or closed: doubtful */
	WINDOW_VOID = 2,  /* in one that was released: it says nothing */
};

/* Who or what made a change; the numbers are on disk. */
enum cause {
	CAUSE_POLICY = 1,
	CAUSE_HAND = 2,
	CAUSE_IMPORT = 3,
	CAUSE_INCIDENT = 4,
	CAUSE_EXPIRY = 5,
	CAUSE_COUNT
};

const char *state_word(enum state s);
const char *cause_word(enum cause c);

/* When soft bounces of a reason suppress: `events` of them on as many days (0:
 * never), the first and the last at least `spread` seconds apart; for `lasts`
 * seconds. */
struct policy_soft {
	int events;
	int64_t spread, lasts;
};

struct policy_settings {
	int64_t stale_after; /* seconds; older events never suppress. 0: no
			      * event is too old */
	bool suppress_hard;  /* hard bounces suppress */
	int weak_events;     /* events on as many days for weak evidence */
	int64_t expiry[REASON_COUNT]; /* seconds until a suppression for this
				       * reason ends; 0: never */
	bool complaint[REASON_COUNT]; /* these complaint reasons suppress */
	enum origin require_origin;   /* below it an event never suppresses */
	struct policy_soft soft[REASON_COUNT];
	int64_t engaged;       /* opened or clicked that many seconds before the
				* bounce: held until confirmed. 0: off */
	int64_t hold;          /* seconds from held to on probation */
	int64_t confirm_after; /* a bounce that many seconds after the held one
				* confirms it */
};

/*
 * The defaults of DESIGN.md 5: stale after 180 days; hard bounces suppress;
 * weak evidence needs 2 days; mailbox-disabled and owner-changed end after 180
 * days; abuse, fraud and unsubscribe suppress; mailbox-full after 3 events over
 * 14 days, expired and network-error after 5 over 21 days, for 90 days; engaged
 * for 90 days, held for 14, confirmed after 3. require_origin is
 * ORIGIN_UNVERIFIED: what is required is said by the configuration.
 */
void policy_settings_init(struct policy_settings *s);

/* One event, as policy sees it. */
struct policy_event {
	int64_t at;      /* event time */
	int64_t sent_at; /* when the original was sent; 0: not known */
	/* The class decides: a delay can have any reason, also a hard one. */
	enum verdict_class class;
	enum verdict_reason reason;
	enum origin origin;
	bool weak, forwarded, own; /* own: one of our own addresses */
	bool never;                /* on never_suppress: */
	enum policy_window window;
};

/*
 * How long after a release, in seconds, a bounce may still answer a mail from
 * before it, when the bounce does not tell when that mail was sent: MTAs keep
 * trying for 4 to 5 days (RFC 5321 4.5.4.1).
 */
#define POLICY_LATE_BOUNCE (5 * 86400)

#define POLICY_HISTORY 200 /* so many events of an address count */

/*
 * What is known of the address in the scope the event is about. A state that
 * has expired by now is STATE_ABSENT, or STATE_PROBATION where it was HELD;
 * cause to expires_at count only for SUPPRESSED, HELD and PROBATION.
 */
struct policy_history {
	enum state state;
	enum cause cause;
	enum verdict_reason reason;
	int64_t since;       /* event time of what decided the state */
	int64_t expires_at;  /* 0: never */
	int64_t released_at; /* of the latest release, or the end of the
			      * incident that it is about; 0: none, or
			      * suppressed by hand since */
	int64_t engaged_at;  /* opened or clicked last; 0: not known */
	const struct policy_event *events; /* in any order (from the newest to
					    * the oldest is quickest), without
					    * this one; the first
					    * POLICY_HISTORY of them count */
	size_t n;
	int decider; /* which of them decided the state; -1: none of them */
};

/* Why an event did or did not suppress: one word for each message's account.
 * The numbers are on disk. */
enum fate {
	FATE_SUPPRESSED = 0, /* this event suppressed the address */
	FATE_ALREADY = 1,    /* it was suppressed before */
	FATE_WAITS = 2,      /* counts, but more events are needed */
	FATE_STALE = 3,      /* older than stale_after */
	FATE_UNVERIFIED = 4, /* origin below what is required */
	FATE_RELEASED = 5,   /* released by hand after the original was sent */
	FATE_OWN = 6,        /* own: or never_suppress: */
	FATE_CLASS = 7,      /* a class or reason that never suppresses */
	FATE_NO_RECIPIENT = 8, /* nobody to suppress */
	FATE_OFF = 9,          /* policy is set not to suppress this */
	FATE_HELD = 10,        /* an incident holds the address */
	FATE_ENGAGED = 11,     /* it is held, for it opened or clicked lately */
	FATE_SOFT_WAITS = 12,  /* soft: more, over a longer time, are needed */
	FATE_VOID = 13,        /* within an incident that was released */
	FATE_COUNT
};

const char *fate_word(enum fate f); /* "suppressed", "stale", ... */
const char *fate_text(enum fate f); /* a sentence for explain */

struct decision {
	enum fate fate;
	enum state state;           /* the new state; STATE_ABSENT: no change */
	enum verdict_reason reason; /* the rest counts only with a new state */
	int64_t since;              /* event time of what decided */
	int64_t expires_at;         /* 0: never */
	int by; /* what decided: POLICY_THIS, or an index of history->events */
};

#define POLICY_THIS (-1)

/*
 * Decide what event makes of an address with this history.
 *
 * Hard bounces that are strong, and complaints, are enough by themselves. Weak
 * and forwarded ones need others on other days, lasting soft reasons (mailbox-
 * full, expired, network-error) need more over a longer time; what supports an
 * event is at most stale_after older than it, and lies in no incident.
 *
 * What is enough suppresses, unless it is doubtful: in an incident that holds,
 * or a hard bounce of an engaged address, or less than confirm_after from one
 * that was doubtful. The address is then HELD since the earliest of those. An
 * event that is enough, confirm_after later and in no incident, suppresses; a
 * hard one `hold` later (on probation), too, though the address be engaged. If
 * the address opened or clicked in between, it all begins anew.
 *
 * Of the events that suppress, the one decides whose suppression ends last (by
 * day); among those the earliest; among those the lowest number of a reason.
 * So the same events give the same state, reason, since and expires_at in
 * whatever order they arrive, as long as the clock, the settings, incidents and
 * what is done by hand are the same. An event never shortens a suppression.
 *
 * The state can also change when it is SUPPRESSED already (FATE_ALREADY), or by
 * an event that is stale itself (FATE_STALE): to a later end, to an earlier
 * event, to HELD where an earlier event turns up that was doubtful.
 */
struct decision policy_decide(const struct policy_settings *s,
	const struct policy_history *h, const struct policy_event *e,
	int64_t now);

/* The same without a new event: for when incidents have changed. fate does not
 * count. */
struct decision policy_review(const struct policy_settings *s,
	const struct policy_history *h, int64_t now);

/* The state of an address that is held since then: HELD or, after `hold`,
 * PROBATION, with its expires_at; reason and by are for the caller. */
struct decision policy_hold(
	const struct policy_settings *s, int64_t since, int64_t now);

/* Of complaints: what says that the recipient does not want it. */
bool policy_is_wish(enum verdict_reason r);

/* When a suppression by this event ends; 0: never. */
int64_t policy_expiry(
	const struct policy_settings *s, const struct policy_event *e);

/* Whether policy_decide() looks at history->events for this event; where it
 * does not, they need not be read. */
bool policy_needs_events(const struct policy_settings *s,
	const struct policy_history *h, const struct policy_event *e,
	int64_t now);

#endif
