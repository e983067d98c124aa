/*
 * How the list fares: whether released addresses were living ones, and what is
 * about to leave it by itself.
 */
#include "query_report.h"
#include "report.h"

#define DAY INT64_C(86400)

struct reading {
	struct report *report;
	struct arena *arena;
};

static int one_release(void *arg, const struct query_release *q)
{
	struct reading *g = arg;
	struct report_released *l = &g->report->released;

	l->n++;
	if (!q->again)
		return 0;
	l->again++;
	if (l->examples_n == REPORT_EXAMPLES)
		return 0;
	l->examples[l->examples_n++] = (struct report_again){
		.address = arena_dup(g->arena, q->address),
		.released_at = q->at,
		.at = q->again,
		.class = q->class,
		.reason = q->reason,
	};
	return 0;
}

static int one_end(void *arg, const struct query_suppression *s)
{
	struct reading *g = arg;
	struct report_ends *e = &g->report->ends;

	if (e->examples_n < REPORT_EXAMPLES)
		e->examples[e->examples_n++] = (struct report_end){
			.address = arena_dup(g->arena, s->address),
			.reason = s->reason,
			.at = s->expires_at,
		};
	return 0;
}

static int load_ends(struct db *db, struct reading *g)
{
	struct report *r = g->report;
	int64_t to = r->now + REPORT_SOON * DAY;
	struct query_ends ends;

	if (query_ends(db, r->now, to, &ends))
		return -1;
	r->ends.suppressed = ends.suppressed;
	r->ends.held = ends.held;
	if (!ends.suppressed)
		return 0;
	return query_ends_list(db, r->now, to, REPORT_EXAMPLES, one_end, g);
}

int report_list_load(struct db *db, struct arena *a, struct report *r)
{
	struct reading g = {.report = r, .arena = a};

	if (query_releases(db, r->to - REPORT_RELEASED * DAY, r->to,
		    REPORT_RELEASES, one_release, &g))
		return -1;
	r->released.more = r->released.n == REPORT_RELEASES;
	return load_ends(db, &g);
}
