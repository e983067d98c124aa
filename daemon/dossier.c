/*
 * The database keeps what was decided, in the change log, but not why the
 * other events decided nothing: that follows from policy, which is a pure
 * function and is asked again here.
 */
#include "dossier.h"

static const struct str everywhere = STR("*");

static int add_suppression(void *arg, const struct query_suppression *s)
{
	struct dossier *d = arg;
	struct query_suppression *grown = arena_grow(d->arena, d->suppressions,
		&d->suppressions_cap, d->suppressions_n + 1, sizeof(*grown));

	if (!grown)
		return 1;
	d->suppressions = grown;
	grown = &grown[d->suppressions_n++];
	*grown = *s;
	grown->address = arena_dup(d->arena, s->address);
	grown->seen = arena_dup(d->arena, s->seen);
	grown->scope = arena_dup(d->arena, s->scope);
	return 0;
}

/* As the ledger does it: a complaint concerns its stream or account only. */
static struct str scope_of(const struct query_event *e)
{
	if (e->class != CLASS_COMPLAINT)
		return everywhere;
	if (e->stream.n && !str_eq(e->stream, everywhere))
		return e->stream;
	return e->account.n ? e->account : everywhere;
}

static int add_event(void *arg, const struct query_event *e)
{
	struct dossier *d = arg;
	struct dossier_event *grown = arena_grow(d->arena, d->events,
		&d->events_cap, d->events_n + 1, sizeof(*grown));

	if (!grown)
		return 1;
	d->events = grown;
	grown = &grown[d->events_n++];
	*grown = (struct dossier_event){.e = *e};
	grown->e.address = arena_dup(d->arena, e->address);
	grown->e.provider = arena_dup(d->arena, e->provider);
	grown->e.stream = arena_dup(d->arena, e->stream);
	grown->e.account = arena_dup(d->arena, e->account);
	grown->e.rule = arena_dup(d->arena, e->rule);
	grown->e.source = arena_dup(d->arena, e->source);
	grown->e.evidence = arena_dup(d->arena, e->evidence);
	grown->scope = scope_of(&grown->e);
	grown->policy = (struct policy_event){
		.at = e->at,
		.sent_at = e->sent_at,
		.class = e->class,
		.reason = e->reason,
		.origin = e->origin,
		.weak = e->flags & EVENT_WEAK,
		.forwarded = e->flags & EVENT_FORWARDED,
		.own = e->flags & EVENT_OWN,
	};
	return 0;
}

static int add_change(void *arg, const struct query_change *c)
{
	struct dossier *d = arg;
	struct query_change *grown = arena_grow(d->arena, d->changes,
		&d->changes_cap, d->changes_n + 1, sizeof(*grown));

	if (!grown)
		return 1;
	d->changes = grown;
	grown = &grown[d->changes_n++];
	*grown = *c;
	grown->address = arena_dup(d->arena, c->address);
	grown->scope = arena_dup(d->arena, c->scope);
	grown->note = arena_dup(d->arena, c->note);
	return 0;
}

/* When the event with this id happened; the time of a change without one is
 * its own. */
static int64_t change_time(
	const struct dossier *d, const struct query_change *c)
{
	for (size_t i = 0; c->event_id && i < d->events_n; i++)
		if (d->events[i].e.id == c->event_id)
			return d->events[i].e.at;
	return c->at;
}

/* What held in the scope of ev just before it. */
static struct policy_history history(
	const struct dossier *d, const struct dossier_event *ev)
{
	struct policy_history h = {.state = STATE_ABSENT};

	for (size_t i = 0; i < d->changes_n; i++) {
		const struct query_change *c = &d->changes[i];
		int64_t at = change_time(d, c);

		if (!str_eq(c->scope, ev->scope) || at > ev->e.at ||
			c->event_id == ev->e.id)
			continue;
		h.state = c->new_state;
		h.cause = c->cause;
		h.reason = c->reason;
		h.since = at;
		if (c->new_state == STATE_RELEASED)
			h.released_at = c->at;
	}
	return h;
}

static bool changed_something(const struct dossier *d, int64_t event_id)
{
	for (size_t i = 0; i < d->changes_n; i++)
		if (d->changes[i].event_id == event_id &&
			d->changes[i].new_state == STATE_SUPPRESSED)
			return true;
	return false;
}

static enum fate fate_of(const struct dossier *d,
	const struct policy_settings *s, const struct policy_event *earlier,
	size_t n, const struct dossier_event *ev)
{
	struct policy_history h = history(d, ev);
	struct decision decision;

	if (changed_something(d, ev->e.id))
		return FATE_SUPPRESSED;
	h.events = earlier;
	h.n = n;
	decision = policy_decide(s, &h, &ev->policy, ev->e.at);
	/* Stale is what it was when it was read, not when it happened. */
	if ((ev->e.flags & EVENT_STALE) && decision.fate != FATE_CLASS &&
		decision.fate != FATE_OWN && decision.fate != FATE_OFF)
		return FATE_STALE;
	return decision.fate;
}

/* Each event against those of its scope before it. False: no memory. */
static bool judge(struct dossier *d, const struct policy_settings *s)
{
	struct policy_event *earlier =
		arena_zalloc(d->arena, d->events_n + 1, sizeof(*earlier));

	for (size_t i = 0; earlier && i < d->events_n; i++) {
		struct dossier_event *ev = &d->events[i];
		size_t n = 0;

		for (size_t k = 0; k < i; k++)
			if (str_eq(d->events[k].scope, ev->scope) &&
				!(d->events[k].e.flags & EVENT_STALE))
				earlier[n++] = d->events[k].policy;
		ev->fate = fate_of(d, s, earlier, n, ev);
	}
	return earlier != NULL;
}

int dossier_load(struct db *db, struct str key, const struct policy_settings *s,
	bool protected, int64_t now, struct arena *arena, struct dossier *out)
{
	*out = (struct dossier){.arena = arena};
	if (query_check(db, key, now, add_suppression, out) ||
		query_events(db, key, add_event, out) ||
		query_changes(db, key, add_change, out))
		return -1;
	for (size_t i = 0; i < out->events_n; i++)
		out->events[i].policy.never = protected;
	return judge(out, s) && !arena->full ? 0 : -1;
}
