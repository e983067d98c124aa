/*
 * What people have to look at themselves: bounces that were not understood, by
 * what they have in common, and what the daemon could not do.
 */
#include "query_report.h"
#include "report.h"

struct reading {
	struct report *report;
	struct arena *arena;
};

/* "google TAB 5001001 TAB 550" (query.h), the most frequent first. */
static int one_shape(void *arg, const struct query_count *c)
{
	struct reading *g = arg;
	struct report *r = g->report;
	struct str rest = c->name, provider, status;
	long number;

	if (c->class != CLASS_UNKNOWN)
		r->undetermined += c->n;
	if (r->shapes_n == REPORT_SHAPES || !str_cut(&rest, '\t', &provider) ||
		!str_cut(&rest, '\t', &status)) {
		r->shapes_rest += c->n;
		return 0;
	}
	number = str_number(status, 999999999);
	if (number < 0)
		number = 0;
	r->shapes[r->shapes_n++] = (struct report_shape){
		.provider = arena_dup(g->arena, provider),
		.class = c->class,
		.status = {.class = (uint8_t)(number / 1000000),
			   .subject = (uint16_t)(number / 1000 % 1000),
			   .detail = (uint16_t)(number % 1000)},
		.smtp = (int)str_number(rest, 999),
		.n = c->n,
	};
	return 0;
}

/* What lasts before what is over, the latest first. */
static bool is_before(
	const struct query_trouble *a, const struct query_trouble *b)
{
	if (!a->ended_at != !b->ended_at)
		return !a->ended_at;
	return a->began_at > b->began_at;
}

static void insert(struct report *r, struct query_trouble new)
{
	struct query_trouble *v = r->troubles;
	size_t i = r->troubles_n;

	if (i == REPORT_TROUBLES && !is_before(&new, &v[i - 1]))
		return;
	if (i < REPORT_TROUBLES)
		r->troubles_n++;
	else
		i--;
	for (; i && is_before(&new, &v[i - 1]); i--)
		v[i] = v[i - 1];
	v[i] = new;
}

static int one_trouble(void *arg, const struct query_trouble *t)
{
	struct reading *g = arg;

	g->report->troubles_all++;
	insert(g->report, (struct query_trouble){
				  .what = arena_dup(g->arena, t->what),
				  .detail = arena_dup(g->arena, t->detail),
				  .began_at = t->began_at,
				  .ended_at = t->ended_at,
				  .times = t->times,
			  });
	return 0;
}

static int one_given_up(
	void *arg, struct str account, struct str folder, int64_t n)
{
	struct reading *g = arg;
	struct report *r = g->report;

	r->given_up_all += n;
	if (r->given_up_n < REPORT_TROUBLES)
		r->given_up[r->given_up_n++] = (struct report_given_up){
			.account = arena_dup(g->arena, account),
			.folder = arena_dup(g->arena, folder),
			.n = n,
		};
	return 0;
}

int report_review_load(struct db *db, struct arena *a, struct report *r)
{
	const struct query_span span = {r->from, r->to, r->required};
	struct reading g = {.report = r, .arena = a};

	if ((r->periods[0][CLASS_UNKNOWN] || r->periods[0][CLASS_SOFT]) &&
		query_counts(db, QUERY_BY_SHAPE, &span, one_shape, &g))
		return -1;
	if (query_troubles(db, r->from, r->to, one_trouble, &g))
		return -1;
	return query_given_up(db, one_given_up, &g);
}
