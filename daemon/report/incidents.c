/*
 * What the guard holds back, and why: the incidents of the period, and older
 * ones that still hold something. Of the greatest the hours are read, too.
 */
#include <stdlib.h>

#include "query_report.h"
#include "report.h"

struct reading {
	struct report *report;
	struct arena *arena;
	int64_t held; /* by any incident */
};

static bool is_in(const struct report *r, const struct ledger_incident *i)
{
	return i->from < r->to && (!i->to || i->to > r->from) &&
	       i->cause != INCIDENT_KNOWN;
}

/* What lies in the period before what is over, the greater first. */
static bool is_before(
	const struct report_incident *a, const struct report_incident *b)
{
	if (a->now != b->now)
		return a->now;
	if (a->held + a->probation != b->held + b->probation)
		return a->held + a->probation > b->held + b->probation;
	return a->events > b->events;
}

static void insert(struct report *r, struct report_incident new)
{
	struct report_incident *v = r->incidents;
	size_t i = r->incidents_n;

	if (i == REPORT_INCIDENTS && !is_before(&new, &v[i - 1]))
		return;
	if (i < REPORT_INCIDENTS)
		r->incidents_n++;
	else
		i--;
	for (; i && is_before(&new, &v[i - 1]); i--)
		v[i] = v[i - 1];
	v[i] = new;
}

static int one(void *arg, const struct query_incident *q)
{
	struct reading *g = arg;
	bool now = is_in(g->report, &q->i);

	g->held += q->held;
	if (!now && !q->held && !q->probation)
		return 0;
	g->report->incidents_all++;
	insert(g->report, (struct report_incident){
				  .id = q->i.id,
				  .kind = q->i.kind,
				  .state = q->i.state,
				  .name = arena_dup(g->arena, q->i.name),
				  .from = q->i.from,
				  .to = q->i.to,
				  .events = q->i.events,
				  .engaged = q->i.engaged,
				  .usual = q->i.usual,
				  .held = q->held,
				  .probation = q->probation,
				  .now = now,
			  });
	return 0;
}

static int load_hours(struct db *db, struct report *r)
{
	const struct report_incident *i = &r->incidents[0];
	struct query_hours ask = {.kind = i->kind,
		.name = i->name,
		.required = r->required,
		.from = r->from,
		.to = r->to};
	int n = r->days * 24;

	if (!r->incidents_n || !i->now || n > REPORT_HOURS)
		return 0;
	r->hours_n = n;
	return query_hours(db, &ask, r->hours, (size_t)n);
}

int report_incidents_load(struct db *db, struct arena *a, struct report *r)
{
	struct reading g = {.report = r, .arena = a};

	if (query_incidents(db, 0, one, &g))
		return -1;
	r->held_engaged = r->moves.now_held - g.held;
	if (r->held_engaged < 0)
		r->held_engaged = 0; /* some ended between the two reads */
	return load_hours(db, r);
}
