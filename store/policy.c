/*
 * The decision, without a database or a clock, so that a table of cases can
 * be its test and a simulation can drive it. It is a function of the set of
 * events, not of the order in which they came: a backlog read in one night
 * gives what a year of watching would have given.
 */
#include "policy.h"

#include <string.h>

#define DAY 86400

/*
 * How long after a release a bounce may still answer a mail from before it,
 * when the bounce does not tell when that mail was sent: MTAs keep trying for
 * 4 to 5 days (RFC 5321 4.5.4.1).
 */
#define LATE_BOUNCE (5 * DAY)

static const char *const state_words[STATE_COUNT] = {
	[STATE_ABSENT] = "absent",
	[STATE_SUPPRESSED] = "suppressed",
	[STATE_HELD] = "held",
	[STATE_PROBATION] = "probation",
	[STATE_RELEASED] = "released",
};

static const char *const cause_words[CAUSE_COUNT] = {
	[CAUSE_POLICY] = "policy",
	[CAUSE_HAND] = "hand",
	[CAUSE_IMPORT] = "import",
	[CAUSE_INCIDENT] = "incident",
	[CAUSE_EXPIRY] = "expiry",
};

static const struct fate_row {
	const char *word, *text;
} fate_rows[FATE_COUNT] = {
	[FATE_SUPPRESSED] = {"suppressed",   "this event suppressed the address"             },
	[FATE_ALREADY] = {"already",      "the address was suppressed before"             },
	[FATE_WAITS] = {"waits",
			     "weak evidence: more events on other days are needed"           },
	[FATE_STALE] = {"stale",        "too long ago to say anything about today"      },
	[FATE_UNVERIFIED] = {"unverified",
			     "not sure enough that it answers our own mail"                  },
	[FATE_RELEASED] = {"released",
			     "the address was released by hand, and the mail that bounced "
		"may be from before that"						    },
	[FATE_OWN] = {"own",          "one of our own addresses, or on never_suppress"},
	[FATE_CLASS] = {"class",        "events of this kind never suppress"            },
	[FATE_NO_RECIPIENT] = {"no-recipient",
			     "it does not tell whose mail it was"                            },
	[FATE_OFF] = {"off",          "the configuration does not suppress for this"  },
	[FATE_HELD] = {"held",         "held: an incident makes such bounces doubtful" },
	[FATE_ENGAGED] = {"engaged",
			     "held: the address opened or clicked lately"                    },
	[FATE_SOFT_WAITS] = {"soft-waits",
			     "soft: more events over a longer time are needed"               },
	[FATE_VOID] = {"void",         "within an incident that was released"          },
};

const char *state_word(enum state s)
{
	return (unsigned)s < STATE_COUNT ? state_words[s] : "?";
}

const char *cause_word(enum cause c)
{
	const char *word = (unsigned)c < CAUSE_COUNT ? cause_words[c] : NULL;

	return word ? word : "?";
}

const char *fate_word(enum fate f)
{
	return (unsigned)f < FATE_COUNT ? fate_rows[f].word : "?";
}

const char *fate_text(enum fate f)
{
	return (unsigned)f < FATE_COUNT ? fate_rows[f].text : "?";
}

void policy_settings_init(struct policy_settings *s)
{
	memset(s, 0, sizeof(*s));
	s->stale_after = 180 * DAY;
	s->suppress_hard = true;
	s->weak_events = 2;
	s->expiry[REASON_MAILBOX_DISABLED] = 180 * DAY;
	s->expiry[REASON_OWNER_CHANGED] = 180 * DAY;
	s->complaint[REASON_ABUSE] = true;
	s->complaint[REASON_FRAUD] = true;
	s->complaint[REASON_UNSUBSCRIBE] = true;
	s->require_origin = ORIGIN_UNVERIFIED;
	s->engaged = 90 * DAY;
	s->hold = 14 * DAY;
	s->confirm_after = 3 * DAY;
}

/* Reports about our signature or content say nothing about the recipient's
 * wish, whatever the configuration lists. */
static bool is_wish(enum verdict_reason r)
{
	return r == REASON_ABUSE || r == REASON_FRAUD ||
	       r == REASON_UNSUBSCRIBE;
}

static bool can_suppress(const struct policy_event *e)
{
	return e->class == CLASS_HARD ||
	       (e->class == CLASS_COMPLAINT && is_wish(e->reason));
}

static bool is_on(const struct policy_settings *s, const struct policy_event *e)
{
	return e->class == CLASS_HARD ? s->suppress_hard
				      : s->complaint[e->reason];
}

/* Weak evidence, and evidence from behind a forwarding, must repeat. */
static bool must_repeat(const struct policy_event *e)
{
	return e->class == CLASS_HARD && (e->weak || e->forwarded);
}

static int64_t expires_at(
	const struct policy_settings *s, const struct policy_event *e)
{
	int64_t lasts =
		(unsigned)e->reason < REASON_COUNT ? s->expiry[e->reason] : 0;

	return lasts > 0 ? e->at + lasts : 0;
}

/* Too long ago, or it would have suppressed for a time that is over. */
static bool is_stale(const struct policy_settings *s,
	const struct policy_event *e, int64_t now)
{
	int64_t end = expires_at(s, e);

	return (s->stale_after > 0 && now - e->at > s->stale_after) ||
	       (end && end <= now);
}

/*
 * Whether the mail that bounced was sent after the release. A Date that lies
 * after the bounce itself is wrong; then, and without one, the event time has
 * to do, less the time that a late bounce may take.
 */
static bool is_after(const struct policy_event *e, int64_t released_at)
{
	if (e->sent_at > 0 && e->sent_at <= e->at)
		return e->sent_at > released_at;
	return e->at > released_at + LATE_BOUNCE;
}

/* What stands against an event as such; FATE_SUPPRESSED: nothing does. */
static enum fate refusal(const struct policy_settings *s,
	const struct policy_history *h, const struct policy_event *e,
	int64_t now)
{
	if (e->own || e->never)
		return FATE_OWN;
	if (!can_suppress(e))
		return FATE_CLASS;
	if (!is_on(s, e))
		return FATE_OFF;
	if (is_stale(s, e, now))
		return FATE_STALE;
	if (e->origin < s->require_origin)
		return FATE_UNVERIFIED;
	if (h->released_at && !is_after(e, h->released_at))
		return FATE_RELEASED;
	return FATE_SUPPRESSED;
}

/* What a person or an import has put there is not for events to change. */
static bool is_fixed(const struct policy_history *h)
{
	return h->state == STATE_SUPPRESSED && h->cause != CAUSE_POLICY;
}

/* A suppression that could be; by as in struct decision, or UNCHANGED. */
struct candidate {
	int64_t expires_at, since;
	enum verdict_reason reason;
	int by;
};

#define UNCHANGED (-2)

static int64_t last_day(const struct candidate *c)
{
	return c->expires_at ? c->expires_at / DAY : INT64_MAX;
}

/* A total order but for events that are alike. */
static bool is_better(const struct candidate *a, const struct candidate *b)
{
	if (last_day(a) != last_day(b))
		return last_day(a) > last_day(b);
	if (a->since != b->since)
		return a->since < b->since;
	return a->reason < b->reason;
}

/* The set that counts: this event (the last index) and those before it that
 * nothing stands against. */
struct evidence_set {
	const struct policy_settings *s;
	const struct policy_history *h;
	const struct policy_event *e;
	int64_t now;
};

static const struct policy_event *event_of(
	const struct evidence_set *set, size_t i)
{
	return i < set->h->n ? &set->h->events[i] : set->e;
}

/* The next event of the set from *i on; NULL at its end. */
static const struct policy_event *next_event(
	const struct evidence_set *set, size_t *i)
{
	while (*i <= set->h->n) {
		const struct policy_event *e = event_of(set, (*i)++);

		if (refusal(set->s, set->h, e, set->now) == FATE_SUPPRESSED)
			return e;
	}
	return NULL;
}

/*
 * The first day by which hard bounces lie on as many days as weak evidence
 * needs; INT64_MAX: there are too few. Found day by day without memory,
 * because the number is small.
 */
static int64_t confirmed_from(const struct evidence_set *set)
{
	int64_t day = -1;

	for (int k = 0; k < set->s->weak_events; k++) {
		const struct policy_event *e;
		int64_t next = INT64_MAX;

		for (size_t i = 0; (e = next_event(set, &i));)
			if (e->class == CLASS_HARD && e->at / DAY > day &&
				e->at / DAY < next)
				next = e->at / DAY;
		if (next == INT64_MAX)
			return INT64_MAX;
		day = next;
	}
	return day;
}

/* The best of *best and what the events of the set give. */
static void consider(
	const struct evidence_set *set, struct candidate *best, bool *found)
{
	int64_t from = confirmed_from(set);
	const struct policy_event *e;

	for (size_t i = 0; (e = next_event(set, &i));) {
		struct candidate c = {expires_at(set->s, e), e->at, e->reason,
			i > set->h->n ? POLICY_THIS : (int)i - 1};

		if (must_repeat(e) && e->at / DAY < from)
			continue;
		if (!*found || is_better(&c, best)) {
			*best = c;
			*found = true;
		}
	}
}

struct decision policy_decide(const struct policy_settings *s,
	const struct policy_history *h, const struct policy_event *e,
	int64_t now)
{
	struct evidence_set set = {s, h, e, now};
	struct candidate best = {h->expires_at, h->since, h->reason, UNCHANGED};
	bool suppressed = h->state == STATE_SUPPRESSED;
	bool found = suppressed;
	enum fate fate = refusal(s, h, e, now);

	if (fate != FATE_SUPPRESSED)
		return (struct decision){.fate = fate};
	if (is_fixed(h))
		return (struct decision){.fate = FATE_ALREADY};
	consider(&set, &best, &found);
	if (!found)
		return (struct decision){.fate = FATE_WAITS};
	return (struct decision){
		.fate = suppressed ? FATE_ALREADY : FATE_SUPPRESSED,
		.state = best.by == UNCHANGED ? STATE_ABSENT : STATE_SUPPRESSED,
		.reason = best.reason,
		.since = best.since,
		.expires_at = best.expires_at,
		.by = best.by,
	};
}

bool policy_needs_events(const struct policy_settings *s,
	const struct policy_history *h, const struct policy_event *e,
	int64_t now)
{
	if (refusal(s, h, e, now) != FATE_SUPPRESSED || is_fixed(h))
		return false;
	/* Nothing ends later than never, and this event confirms only events
	 * that are not before it. */
	return h->state != STATE_SUPPRESSED || h->expires_at ||
	       e->at <= h->since;
}
