/* The command and the daemon ask for the same report. */
#include "conf.h"
#include "report.h"

struct filling {
	struct report *report;
	struct arena *arena;
};

/* They come with the oldest first. */
static int one_trouble(void *arg, const struct query_trouble *t)
{
	struct filling *f = arg;
	struct report *r = f->report;

	r->troubles_all++;
	if (r->troubles_n == REPORT_TROUBLES)
		for (size_t i = 1; i < r->troubles_n; i++)
			r->troubles[i - 1] = r->troubles[i];
	else
		r->troubles_n++;
	r->troubles[r->troubles_n - 1] = (struct query_trouble){
		.what = arena_dup(f->arena, t->what),
		.detail = arena_dup(f->arena, t->detail),
		.began_at = t->began_at,
		.ended_at = t->ended_at,
		.times = t->times,
	};
	return 0;
}

int report_load(struct db *db, struct arena *a, const struct conf *conf,
	struct report *r)
{
	struct filling f = {r, a};

	r->required = (enum origin)conf->origin.require;
	if (report_numbers_load(db, a, r))
		return -1;
	return query_troubles(db, r->from, r->to, one_trouble, &f);
}
