/*
 * The decision, without a database or a clock, so that a table of cases can
 * be its test and a simulation can drive it. It is a function of the set of
 * events, not of the order in which they came: a backlog read in one night
 * gives what a year of watching would have given. So whatever the newest one
 * is, all of them are put in order of time and looked at again.
 */
#include "policy.h"

#include <string.h>

#define DAY 86400

/* A suppression or a hold that could be; by as in struct decision, or
 * UNCHANGED. */
struct candidate {
	bool found;
	int64_t expires_at, since;
	enum verdict_reason reason;
	int by;
};

#define UNCHANGED (-2)

/* Events in order of time, and what comes of them. */
struct weighing {
	const struct policy_settings *s;
	const struct policy_history *h;
	int64_t now;
	size_t n;
	const struct policy_event *e[POLICY_HISTORY + 1];
	int by[POLICY_HISTORY + 1]; /* index in h->events, or POLICY_THIS */
	struct candidate best;      /* of the suppressions */
	struct candidate hold;      /* the earliest */
	bool chained;         /* since chain it is held, and nothing has */
	int64_t chain;        /* shown since that it is alive */
	bool this_counts;     /* the newest event is enough by itself or
			       * with others */
	bool row_is_doubtful; /* what decided the state is held now */
};

/* --- one event ------------------------------------------------------------ */

/* Reports about our signature or content say nothing about the recipient's
 * wish, whatever the configuration lists. */
bool policy_is_wish(enum verdict_reason r)
{
	return r == REASON_ABUSE || r == REASON_FRAUD ||
	       r == REASON_UNSUBSCRIBE;
}

/* Of the other soft reasons a long outage must not remove a domain. */
static bool is_lasting(enum verdict_reason r)
{
	return r == REASON_MAILBOX_FULL || r == REASON_EXPIRED ||
	       r == REASON_NETWORK_ERROR;
}

static bool can_suppress(const struct policy_event *e)
{
	return e->class == CLASS_HARD ||
	       (e->class == CLASS_COMPLAINT && policy_is_wish(e->reason)) ||
	       (e->class == CLASS_SOFT && is_lasting(e->reason));
}

static bool is_on(const struct policy_settings *s, const struct policy_event *e)
{
	if (e->class == CLASS_HARD)
		return s->suppress_hard;
	return e->class == CLASS_SOFT ? s->soft[e->reason].events > 0
				      : s->complaint[e->reason];
}

/* Weak evidence, and evidence from behind a forwarding, must repeat. */
static bool must_repeat(const struct policy_event *e)
{
	return e->class == CLASS_HARD && (e->weak || e->forwarded);
}

int64_t policy_expiry(
	const struct policy_settings *s, const struct policy_event *e)
{
	int64_t lasts = 0;

	if ((unsigned)e->reason < REASON_COUNT)
		lasts = e->class == CLASS_SOFT ? s->soft[e->reason].lasts
					       : s->expiry[e->reason];
	return lasts > 0 ? e->at + lasts : 0;
}

/* Too long ago, or it would have suppressed for a time that is over. */
static bool is_stale(const struct policy_settings *s,
	const struct policy_event *e, int64_t now)
{
	int64_t end = policy_expiry(s, e);

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
	return e->at > released_at + POLICY_LATE_BOUNCE;
}

/* What stands against an event whatever its age; FATE_SUPPRESSED: nothing. */
static enum fate objection(const struct policy_settings *s,
	const struct policy_history *h, const struct policy_event *e)
{
	if (e->own || e->never)
		return FATE_OWN;
	if (!can_suppress(e))
		return FATE_CLASS;
	if (!is_on(s, e))
		return FATE_OFF;
	if (e->origin < s->require_origin)
		return FATE_UNVERIFIED;
	if (e->window == WINDOW_VOID)
		return FATE_VOID;
	if (h->released_at && !is_after(e, h->released_at))
		return FATE_RELEASED;
	return FATE_SUPPRESSED;
}

/* The same, with its age. */
static enum fate refusal(const struct policy_settings *s,
	const struct policy_history *h, const struct policy_event *e,
	int64_t now)
{
	enum fate fate = objection(s, h, e);

	if (fate != FATE_OWN && fate != FATE_CLASS && fate != FATE_OFF &&
		is_stale(s, e, now))
		return FATE_STALE;
	return fate;
}

/* --- events in order ------------------------------------------------------ */

/* Whether a comes before b. Total but for events that are alike; among those
 * of one second the doubtful come first. */
static bool is_before(
	const struct policy_event *a, const struct policy_event *b)
{
	if (a->at != b->at)
		return a->at < b->at;
	if (a->window != b->window)
		return a->window > b->window;
	if (a->class != b->class)
		return a->class < b->class;
	if (a->reason != b->reason)
		return a->reason < b->reason;
	return must_repeat(a) < must_repeat(b);
}

/* In its place: nearly always the end. */
static void insert(struct weighing *w, const struct policy_event *e, int by)
{
	size_t i = w->n;

	if (objection(w->s, w->h, e) != FATE_SUPPRESSED)
		return;
	for (; i > 0 && is_before(e, w->e[i - 1]); i--) {
		w->e[i] = w->e[i - 1];
		w->by[i] = w->by[i - 1];
	}
	w->e[i] = e;
	w->by[i] = by;
	w->n++;
}

static bool is_within(const struct weighing *w, const struct policy_event *a,
	const struct policy_event *b)
{
	return w->s->stale_after <= 0 || b->at - a->at <= w->s->stale_after;
}

/* Whether event j supports event i, which is not before it: what is doubtful
 * supports nothing, nor what is much older. */
static bool supports(const struct weighing *w, size_t j, size_t i)
{
	const struct policy_event *a = w->e[j], *b = w->e[i];

	if (a->class != b->class || a->window != WINDOW_NONE)
		return false;
	/* It has opened or clicked since: that mailbox took mail. */
	return b->class == CLASS_HARD ||
	       (a->reason == b->reason && a->at >= w->h->engaged_at);
}

/* Whether it and what supports it lie on that many days, the first and the
 * last `spread` apart. */
static bool repeats(
	const struct weighing *w, size_t i, int events, int64_t spread)
{
	const struct policy_event *e = w->e[i];
	int64_t day = e->at / DAY, first = e->at;
	int days = 1;

	if (e->at - w->e[0]->at < spread)
		return false;
	for (size_t j = i; j-- > 0 && is_within(w, w->e[j], e);) {
		if (days >= events && e->at - first >= spread)
			break;
		if (!supports(w, j, i))
			continue;
		first = w->e[j]->at;
		if (first / DAY == day)
			continue;
		day = first / DAY;
		days++;
	}
	return days >= events && e->at - first >= spread;
}

/* Whether event i suppresses by itself or with those before it. */
static bool is_enough(const struct weighing *w, size_t i)
{
	const struct policy_event *e = w->e[i];
	const struct policy_soft *soft = &w->s->soft[e->reason];

	if (e->class == CLASS_SOFT)
		return e->at >= w->h->engaged_at &&
		       repeats(w, i, soft->events, soft->spread);
	return !must_repeat(e) || repeats(w, i, w->s->weak_events, 0);
}

/* --- what is held --------------------------------------------------------- */

static bool is_engaged(const struct weighing *w, const struct policy_event *e)
{
	return e->class == CLASS_HARD && w->s->engaged > 0 &&
	       w->h->engaged_at && e->at - w->h->engaged_at <= w->s->engaged;
}

static bool is_held(enum state s)
{
	return s == STATE_HELD || s == STATE_PROBATION;
}

/* A hold that is in the database, but whose event may be no more at hand. */
static void recall_hold(struct weighing *w, int64_t before)
{
	const struct policy_history *h = w->h;

	if (!w->chained && is_held(h->state) && h->since < before &&
		h->since >= h->engaged_at) {
		w->chained = true;
		w->chain = h->since;
	}
}

static bool is_earlier(int64_t at, enum verdict_reason reason, int64_t than,
	enum verdict_reason than_reason)
{
	return at != than ? at < than : reason < than_reason;
}

static void hold(struct weighing *w, size_t i)
{
	const struct policy_event *e = w->e[i];

	if (w->by[i] >= 0 && w->by[i] == w->h->decider)
		w->row_is_doubtful = true;
	if (!w->hold.found ||
		is_earlier(e->at, e->reason, w->hold.since, w->hold.reason))
		w->hold = (struct candidate){
			.found = true,
			.since = e->at,
			.reason = e->reason,
			.by = w->by[i],
		};
	if (!w->chained && e->at >= w->h->engaged_at) {
		w->chained = true;
		w->chain = e->at;
	}
}

/* Whether an event that is enough becomes a hold, not a suppression. */
static bool is_doubtful(const struct weighing *w, const struct policy_event *e)
{
	if (e->class == CLASS_COMPLAINT)
		return false;
	if (!w->chained)
		return e->window == WINDOW_HOLDS || is_engaged(w, e);
	if (e->window == WINDOW_HOLDS)
		return true;
	if (e->class == CLASS_HARD && e->at >= w->chain + w->s->hold)
		return false;
	return e->at < w->chain + w->s->confirm_after;
}

/* --- the decision --------------------------------------------------------- */

static int64_t last_day(const struct candidate *c)
{
	return c->expires_at ? c->expires_at / DAY : INT64_MAX;
}

/* A total order but for events that are alike. */
static bool is_better(const struct candidate *a, const struct candidate *b)
{
	if (!a->found || !b->found)
		return a->found;
	if (last_day(a) != last_day(b))
		return last_day(a) > last_day(b);
	if (a->since != b->since)
		return a->since < b->since;
	return a->reason < b->reason;
}

static void weigh_one(struct weighing *w, size_t i)
{
	const struct policy_event *e = w->e[i];
	struct candidate c = {
		true, policy_expiry(w->s, e), e->at, e->reason, w->by[i]};

	recall_hold(w, e->at);
	if (is_stale(w->s, e, w->now) || !is_enough(w, i))
		return;
	if (w->by[i] == POLICY_THIS)
		w->this_counts = true;
	if (is_doubtful(w, e))
		hold(w, i);
	else if (is_better(&c, &w->best))
		w->best = c;
}

static void weigh(struct weighing *w, const struct policy_settings *s,
	const struct policy_history *h, const struct policy_event *e,
	int64_t now)
{
	size_t n = h->n < POLICY_HISTORY ? h->n : POLICY_HISTORY;

	w->s = s;
	w->h = h;
	w->now = now;
	w->n = 0;
	w->best.found = w->hold.found = false;
	w->chained = w->this_counts = w->row_is_doubtful = false;
	/* They come with the newest first. */
	while (n-- > 0)
		insert(w, &h->events[n], (int)n);
	if (e)
		insert(w, e, POLICY_THIS);
	for (size_t i = 0; i < w->n; i++)
		weigh_one(w, i);
}

/* What a person or an import has put there is not for events to change. */
static bool is_fixed(const struct policy_history *h)
{
	return h->state == STATE_SUPPRESSED &&
	       (h->cause == CAUSE_HAND || h->cause == CAUSE_IMPORT);
}

/* The state that is, as one that competes. */
static struct candidate standing(const struct policy_history *h)
{
	return (struct candidate){
		true, h->expires_at, h->since, h->reason, UNCHANGED};
}

static struct decision suppress(const struct candidate *c)
{
	return (struct decision){
		.state = c->by == UNCHANGED ? STATE_ABSENT : STATE_SUPPRESSED,
		.reason = c->reason,
		.since = c->since,
		.expires_at = c->expires_at,
		.by = c->by,
	};
}

struct decision policy_hold(
	const struct policy_settings *s, int64_t since, int64_t now)
{
	struct decision d = {.state = STATE_HELD, .since = since};

	d.expires_at = since + s->hold;
	if (d.expires_at > now)
		return d;
	d.state = STATE_PROBATION;
	d.expires_at = s->stale_after > 0 ? since + s->stale_after : 0;
	return d;
}

/* Held, by the earliest event that does. */
static struct decision keep_held(const struct weighing *w)
{
	struct decision d = {.state = STATE_ABSENT};

	if (!w->hold.found)
		return d;
	if (is_held(w->h->state) && !is_earlier(w->hold.since, w->hold.reason,
					    w->h->since, w->h->reason))
		return d;
	d = policy_hold(w->s, w->hold.since, w->now);
	d.reason = w->hold.reason;
	d.by = w->hold.by;
	return d;
}

/* The new state; *is: what it then is, changed or not. */
static struct decision settle(const struct weighing *w, enum state *is)
{
	const struct policy_history *h = w->h;
	struct candidate best = w->best, row = standing(h);
	bool keeps = h->state == STATE_SUPPRESSED &&
		     !(w->row_is_doubtful && h->cause == CAUSE_POLICY);

	if (keeps && !is_better(&best, &row))
		best = row;
	if (best.found) {
		*is = STATE_SUPPRESSED;
		return suppress(&best);
	}
	*is = w->hold.found || is_held(h->state) ? STATE_HELD : STATE_ABSENT;
	return keep_held(w);
}

/* What held the address: an incident, or that it is engaged. */
static enum fate fate_of_hold(
	const struct weighing *w, const struct policy_event *e)
{
	return e->window == WINDOW_NONE && is_engaged(w, e) ? FATE_ENGAGED
							    : FATE_HELD;
}

static enum fate fate_of(
	const struct weighing *w, const struct policy_event *e, enum state is)
{
	if (is == STATE_SUPPRESSED)
		return w->h->state == STATE_SUPPRESSED ? FATE_ALREADY
						       : FATE_SUPPRESSED;
	if (is == STATE_HELD && w->this_counts)
		return fate_of_hold(w, e);
	return e->class == CLASS_SOFT ? FATE_SOFT_WAITS : FATE_WAITS;
}

struct decision policy_decide(const struct policy_settings *s,
	const struct policy_history *h, const struct policy_event *e,
	int64_t now)
{
	enum fate fate = refusal(s, h, e, now);
	struct decision d;
	struct weighing w;
	enum state is;

	if (fate != FATE_SUPPRESSED && fate != FATE_STALE)
		return (struct decision){.fate = fate};
	if (is_fixed(h))
		return (struct decision){.fate = fate ? fate : FATE_ALREADY};
	weigh(&w, s, h, e, now);
	d = settle(&w, &is);
	d.fate = fate == FATE_STALE ? fate : fate_of(&w, e, is);
	return d;
}

struct decision policy_review(const struct policy_settings *s,
	const struct policy_history *h, int64_t now)
{
	struct weighing w;
	enum state is;

	if (is_fixed(h))
		return (struct decision){.state = STATE_ABSENT};
	weigh(&w, s, h, NULL, now);
	return settle(&w, &is);
}

bool policy_needs_events(const struct policy_settings *s,
	const struct policy_history *h, const struct policy_event *e,
	int64_t now)
{
	enum fate fate = refusal(s, h, e, now);

	if ((fate != FATE_SUPPRESSED && fate != FATE_STALE) || is_fixed(h))
		return false;
	/* Nothing ends later than never, and this event confirms only events
	 * that are not before it. */
	return h->state != STATE_SUPPRESSED || h->expires_at ||
	       e->at <= h->since;
}
