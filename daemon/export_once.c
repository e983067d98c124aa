/* The log of one address is short: read whole, a scope at a time kept. */
#include "export_once.h"

/* A scope at both places; state 0: nothing. */
struct seen {
	struct query_suppression before, now;
};

struct look {
	struct arena *a;
	struct str address;
	int64_t from, to;
	struct seen *seen;
	size_t n, cap;
	bool no_memory;
};

static const struct str everywhere = STR("*");

static struct seen *scope_of(struct look *l, struct str scope)
{
	struct seen *v;

	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->seen[i].now.scope, scope))
			return &l->seen[i];
	v = arena_grow(l->a, l->seen, &l->cap, l->n + 1, sizeof(*v));
	scope = arena_dup(l->a, scope);
	if (!v || !scope.p)
		return NULL;
	l->seen = v;
	v[l->n] = (struct seen){.now = {.scope = scope}};
	return &v[l->n++];
}

static int change(void *arg, const struct query_change *c)
{
	struct look *l = arg;
	struct seen *s;

	if (c->seq > l->to)
		return 0;
	s = scope_of(l, c->scope);
	if (!s) {
		l->no_memory = true;
		return 1;
	}
	s->now = (struct query_suppression){
		.address = l->address,
		.seen = l->address,
		.scope = s->now.scope,
		.state = c->new_state,
		.reason = c->reason,
		.cause = c->cause,
		.since = c->at,
		.expires_at = c->expires_at,
		.event_id = c->event_id,
		.incident_id = c->incident_id,
	};
	if (c->seq <= l->from)
		s->before = s->now;
	return 0;
}

/* Suppressions begin when their event was; the log has when it was written. */
static int event(void *arg, const struct query_event *e)
{
	struct look *l = arg;

	for (size_t i = 0; i < l->n; i++) {
		if (l->seen[i].now.event_id == e->id)
			l->seen[i].now.since = e->at;
		if (l->seen[i].before.event_id == e->id)
			l->seen[i].before.since = e->at;
	}
	return 0;
}

static void weigh(const struct look *l, const struct query_filter *f,
	struct export_once *out)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct seen *s = &l->seen[i];
		bool first = str_eq(s->now.scope, everywhere);
		bool was = s->before.state && query_passes(f, &s->before);
		bool is = query_passes(f, &s->now);

		if (was && (!out->was || first))
			out->before = s->before;
		if (is && (!out->is || first))
			out->now = s->now;
		out->was = out->was || was;
		out->is = out->is || is;
		if (was != is && (!out->scope.p || first))
			out->scope = s->now.scope;
	}
}

int export_once_look(struct db *db, struct arena *a,
	const struct query_filter *f, struct str address,
	struct export_once *out)
{
	struct look l = {.a = a,
		.address = arena_dup(a, address),
		.from = out->from,
		.to = out->to};
	int rc = query_changes(db, address, change, &l);

	*out = (struct export_once){.from = l.from, .to = l.to};
	if (rc >= 0 && l.n > 1)
		rc = query_events(db, address, event, &l);
	if (rc < 0 || l.no_memory || !l.address.p)
		return -1;
	weigh(&l, f, out);
	return 0;
}
