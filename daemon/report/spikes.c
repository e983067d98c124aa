/*
 * What was more than usual, from the database: the weeks of all reasons,
 * providers, streams and domains are read and judged (spikes_judge.c), and what
 * stands out goes into the report, once for the same bounces.
 *
 * Of names with hardly anything only the highest of each week is kept, so a
 * hundred thousand domains cost no memory.
 */
#include "spikes_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query_series.h"

#define DAY 86400

static const struct kind_row {
	enum query_series_by by;
	const char *word;
} rows[REPORT_BYS] = {
	[REPORT_BY_REASON] = {QUERY_SERIES_REASON,   "reason"  },
	[REPORT_BY_PROVIDER] = {QUERY_SERIES_PROVIDER, "provider"},
	[REPORT_BY_DOMAIN] = {QUERY_SERIES_DOMAIN,   "domain"  },
	[REPORT_BY_STREAM] = {QUERY_SERIES_STREAM,   "stream"  },
};

/* --- the series --- */

void *spikes_grow(
	struct spikes_loading *l, void *p, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap ? 2 * *cap : 256;
	void *q;

	if (n < *cap)
		return p;
	q = realloc(p, more * size);
	if (q)
		*cap = more;
	else
		l->full = true;
	return q;
}

/* The table that lists names of the kind that is being read. */
static struct report_table *table_of(const struct spikes_loading *l)
{
	switch (l->by) {
	case REPORT_BY_PROVIDER:
		return &l->r->providers;
	case REPORT_BY_DOMAIN:
		return &l->r->domains;
	case REPORT_BY_STREAM:
		return &l->r->streams;
	default:
		return &l->r->reasons;
	}
}

/* The course of a name that the report lists. */
static void keep_course(struct spikes_loading *l, const struct query_series *s)
{
	struct report_table *t = table_of(l);

	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].id == s->id) {
			t->rows[i].weeks_n = REPORT_PERIODS;
			for (int w = 0; w < REPORT_PERIODS; w++)
				t->rows[i].weeks[w] = s->weeks[w];
		}
}

/* There was room for so many weeks. */
static void cut_course(struct spikes_loading *l, int weeks)
{
	struct report_table *t = table_of(l);

	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].weeks_n > weeks)
			t->rows[i].weeks_n = weeks;
}

static int keep_series(void *arg, const struct query_series *s)
{
	struct spikes_loading *l = arg;
	struct spikes_kind *k = &l->kinds[l->by];
	struct spikes_series *v = k->v;

	keep_course(l, s);
	if (s->weeks[0] < BASELINE_FLOOR &&
		baseline_is_quiet(&k->base, s->weeks)) {
		baseline_add_quiet(&k->base, s->weeks);
		return 0;
	}
	v = spikes_grow(l, k->v, k->n, &k->cap, sizeof(*v));
	if (!v)
		return 1;
	k->v = v;
	v[k->n] = (struct spikes_series){.id = s->id};
	memcpy(v[k->n++].weeks, s->weeks, sizeof(s->weeks));
	return 0;
}

static int read_kind(struct spikes_loading *l, enum report_by by)
{
	struct query_series_ask ask = {
		.by = rows[by].by,
		.to = l->r->to,
		.days = SPIKES_WEEK,
		.weeks = l->weeks + 1,
		.required = l->r->required,
	};
	int weeks;

	if (ask.weeks < REPORT_PERIODS)
		ask.weeks = REPORT_PERIODS; /* for the courses */

	l->by = by;
	baseline_init(&l->kinds[by].base, l->weeks);
	if (query_series(l->db, &ask, &weeks, keep_series, l) < 0)
		return -1;
	cut_course(l, weeks);
	if (weeks - 1 < l->kinds[by].base.weeks)
		l->kinds[by].base.weeks = weeks > 0 ? weeks - 1 : 0;
	return 0;
}

/*
 * How many weeks there are to compare with: from the first on that had a tenth
 * of what weeks have, so that a single mail with a wrong date does not make
 * years without a bounce.
 */
static int weeks_known(const struct spikes_loading *l)
{
	const struct spikes_kind *k = &l->kinds[REPORT_BY_REASON];
	double sum[BASELINE_WEEKS] = {0}, all = 0;
	int n = BASELINE_WEEKS - 1, some = 0;

	for (size_t i = 0; i < k->n; i++)
		for (int w = 1; w < BASELINE_WEEKS; w++)
			sum[w] += k->v[i].weeks[w];
	for (int w = 1; w < BASELINE_WEEKS; w++) {
		all += sum[w];
		some += sum[w] > 0;
	}
	while (n > 0 && (!some || sum[n] < 0.1 * all / some))
		n--;
	return n;
}

/* --- what stands out --- */

static double excess(const struct spikes_series *s)
{
	return s->weeks[0] - s->result.expected;
}

static int greatest_first(const void *a, const void *b)
{
	double x = excess(((const struct spikes_found *)a)->series);
	double y = excess(((const struct spikes_found *)b)->series);

	return (x < y) - (x > y);
}

/* The greatest of those that are spikes. */
static void find(struct spikes_loading *l)
{
	for (int by = 0; by < REPORT_BYS; by++)
		for (size_t i = 0; i < l->kinds[by].n; i++) {
			const struct spikes_series *s = &l->kinds[by].v[i];

			if (!s->result.is_spike)
				continue;
			if (l->found_n == SPIKES_FOUND) {
				qsort(l->found, l->found_n, sizeof(l->found[0]),
					greatest_first);
				if (excess(s) <=
					excess(l->found[--l->found_n].series))
					s = l->found[l->found_n].series;
				else
					l->found[l->found_n].by =
						(enum report_by)by;
			} else {
				l->found[l->found_n].by = (enum report_by)by;
			}
			l->found[l->found_n++].series = s;
		}
	qsort(l->found, l->found_n, sizeof(l->found[0]), greatest_first);
}

static int found_at(
	const struct spikes_loading *l, enum report_by by, int64_t id)
{
	for (size_t i = 0; id && i < l->found_n; i++)
		if (l->found[i].by == by && l->found[i].series->id == id)
			return (int)i;
	return -1;
}

static int keep_cell(void *arg, const struct query_cell *c)
{
	struct spikes_loading *l = arg;
	struct spikes_cell cell = {
		.of = {[REPORT_BY_REASON] =
				found_at(l, REPORT_BY_REASON, c->reason),
                       [REPORT_BY_PROVIDER] =
				found_at(l, REPORT_BY_PROVIDER, c->provider),
                       [REPORT_BY_DOMAIN] =
				found_at(l, REPORT_BY_DOMAIN, c->domain),
                       [REPORT_BY_STREAM] =
				found_at(l, REPORT_BY_STREAM, c->stream)},
		.n = (double)c->n,
	};
	struct spikes_cell *cells = l->cells;
	bool any = false;

	for (int by = 0; by < REPORT_BYS; by++)
		if (cell.of[by] >= 0) {
			struct spikes_found *f = &l->found[cell.of[by]];

			f->by_class[c->class] += c->n;
			f->by_reason[c->reason] += c->n;
			any = true;
		}
	if (!any)
		return 0;
	cells = spikes_grow(
		l, cells, l->cells_n, &l->cells_cap, sizeof(*cells));
	if (!cells)
		return 1;
	l->cells = cells;
	cells[l->cells_n++] = cell;
	return 0;
}

/* --- into the report --- */

static int most(const int64_t *v, int n)
{
	int found = 0;

	for (int i = 0; i < n; i++)
		if (v[i] > v[found])
			found = i;
	return found;
}

static int name_of(struct spikes_loading *l, const struct spikes_found *f,
	struct str *name)
{
	*name = str_from("?");
	return query_series_name(
		       l->db, rows[f->by].by, f->series->id, l->arena, name) < 0
		       ? -1
		       : 0;
}

/* "reason user-unknown" */
static int add_also(struct spikes_loading *l, struct report_spike *to,
	const struct spikes_found *f)
{
	struct str name;
	char text[400];
	int n;

	if (to->also_all++ >= REPORT_ALSO)
		return 0;
	if (name_of(l, f, &name))
		return -1;
	n = snprintf(text, sizeof(text), "%s %.*s", rows[f->by].word,
		(int)(name.n < 300 ? name.n : 300), name.p);
	to->also[to->also_n++] = arena_dup(l->arena, str_of(text, (size_t)n));
	return 0;
}

static int put_spike(struct spikes_loading *l, size_t i)
{
	const struct spikes_found *f = &l->found[i];
	struct report_spike *to = &l->r->spikes[l->r->spikes_n++];

	*to = (struct report_spike){
		.by = f->by,
		.class = (enum verdict_class)most(f->by_class, CLASS_COUNT),
		.reason = (enum verdict_reason)most(f->by_reason, REASON_COUNT),
		.n = f->series->weeks[0],
		.usual = f->series->result.usual,
		.expected = f->series->result.expected,
		.limit = f->series->result.limit,
		.chance = f->series->result.chance,
		.weeks_n = l->kinds[f->by].base.weeks + 1,
	};
	for (int w = 0; w < to->weeks_n; w++)
		to->weeks[w] = f->series->weeks[w];
	if (name_of(l, f, &to->name))
		return -1;
	for (size_t k = 0; k < l->found_n; k++)
		if (k != i && l->found[k].explains == (int)i &&
			add_also(l, to, &l->found[k]))
			return -1;
	return 0;
}

/* They are found in this order. */
static int put_lifted(struct spikes_loading *l)
{
	struct report *r = l->r;

	for (size_t i = 0; i < l->found_n && r->lifted_n < REPORT_FACTS; i++)
		if (l->found[i].by == REPORT_BY_DOMAIN &&
			name_of(l, &l->found[i], &r->lifted[r->lifted_n++]))
			return -1;
	return 0;
}

static int put_spikes(struct spikes_loading *l)
{
	for (size_t i = 0; i < l->found_n; i++) {
		if (l->found[i].explains != (int)i)
			continue;
		l->r->spikes_all++;
		if (l->r->spikes_n < REPORT_SPIKES && put_spike(l, i))
			return -1;
	}
	return put_lifted(l);
}

static int group(struct spikes_loading *l)
{
	if (!l->found_n)
		return 0;
	if (query_cells(l->db, l->r->required, l->r->from, l->r->to, keep_cell,
		    l) < 0)
		return -1;
	if (!l->full)
		l->full = !spikes_group(
			l->found, l->found_n, l->cells, l->cells_n);
	if (l->full)
		return -1;
	return put_spikes(l);
}

static void keep_mails_rise(struct spikes_loading *l)
{
	const struct baseline *b = &l->kinds[REPORT_BY_REASON].base;
	const double *all = l->all_sent ? l->mails[0] : NULL;
	double usual = baseline_usual_mails(b, all);

	l->r->mails_rise = usual > 0 ? all[0] / usual : 0;
}

static int keep_before(void *arg, const struct query_cell *c)
{
	struct spikes_loading *l = arg;
	struct query_cell *v = spikes_grow(
		l, l->before, l->before_n, &l->before_cap, sizeof(*v));

	if (!v)
		return 1;
	l->before = v;
	v[l->before_n++] = *c;
	return 0;
}

static int judge_more(struct spikes_loading *l)
{
	struct report *r = l->r;
	int64_t week = SPIKES_WEEK * (int64_t)DAY;

	if (!l->mails_n)
		return 0;
	if (query_cells_daily(l->db, r->required, r->from - l->weeks * week,
		    r->from, keep_before, l) < 0 ||
		l->full)
		return -1;
	spikes_judge_more(l->kinds, l->before, l->before_n, r->spikes_chance,
		r->more_mails);
	return 0;
}

static int load(struct spikes_loading *l)
{
	struct report *r = l->r;

	l->weeks = BASELINE_WEEKS - 1;
	if (read_kind(l, REPORT_BY_REASON))
		return -1;
	l->weeks = r->spikes_weeks = weeks_known(l);
	l->kinds[REPORT_BY_REASON].base.weeks = l->weeks;
	if (read_kind(l, REPORT_BY_PROVIDER) ||
		read_kind(l, REPORT_BY_STREAM) ||
		read_kind(l, REPORT_BY_DOMAIN))
		return -1;
	if (l->weeks < BASELINE_LEAST) {
		r->spikes_state = SPIKES_FEW_WEEKS;
		return 0;
	}
	if (spikes_load_sent(l))
		return -1;
	if (!l->full)
		l->full = !spikes_judge(l->kinds,
			l->all_sent ? l->mails[0] : NULL, &r->spikes_chance);
	if (l->full)
		return -1;
	for (int by = 0; by < REPORT_BYS; by++)
		r->spikes_names += l->kinds[by].base.tested;
	r->spikes_rise = spikes_rise(l->kinds);
	keep_mails_rise(l);
	if (spikes_judge_sent_late(l) || judge_more(l))
		return -1;
	find(l);
	return group(l);
}

int report_spikes_load(struct db *db, struct arena *a, struct report *r)
{
	struct spikes_loading *l;
	int rc;

	r->spikes_rise = 1;
	if (r->to - r->from != SPIKES_WEEK * (int64_t)DAY) {
		r->spikes_state = SPIKES_NO_WEEK;
		return 0;
	}
	l = calloc(1, sizeof(*l));
	if (!l)
		return -1;
	l->db = db;
	l->arena = a;
	l->r = r;
	rc = load(l);
	if (rc && l->full) {
		r->spikes_state = SPIKES_NO_MEMORY;
		rc = 0;
	}
	for (int by = 0; by < REPORT_BYS; by++)
		free(l->kinds[by].v);
	free(l->mails);
	free(l->cells);
	free(l->before);
	free(l);
	return rc;
}
