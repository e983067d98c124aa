/*
 * What a report says is decided here, once, so that text and whatever else
 * shows it cannot disagree. "Usual" is the median of up to eight periods of
 * the same length before this one: a median shrugs off a single bad week. Days
 * before the first event of all are no quiet weeks and are left out.
 */
#include <stdlib.h>

#include "query_series.h"
#include "report.h"
#include "spikes.h"
#include "when.h"

#define DAY 86400

static bool is_bounce(enum verdict_class c)
{
	return c == CLASS_HARD || c == CLASS_SOFT || c == CLASS_BLOCK ||
	       c == CLASS_COMPLAINT || c == CLASS_UNKNOWN;
}

bool report_numbers_is_more(int64_t n, int64_t usual)
{
	return usual >= 0 && n >= 2 * usual && n - usual >= 10;
}

bool report_numbers_class_is_more(const struct report *r, enum verdict_class c)
{
	int64_t usual = r->usual[c];

	if (usual >= 0)
		usual += (int64_t)r->more_mails[c];
	return report_numbers_is_more(r->periods[0][c], usual);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Sorts v. -1 for none; the mean of the two in the middle is rounded up. */
static int64_t median(int64_t *v, int n)
{
	if (!n)
		return -1;
	qsort(v, (size_t)n, sizeof(*v), by_size);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2] + 1) / 2;
}

static int usual_periods(const struct report *r)
{
	return r->before < REPORT_USUAL ? r->before : REPORT_USUAL;
}

/* Before this one, that the course of a name has. */
static int course_periods(const struct report *r)
{
	return r->before < REPORT_PERIODS ? r->before : REPORT_PERIODS - 1;
}

static int64_t length(const struct report *r)
{
	return (int64_t)r->days * DAY;
}

/* --- classes by period --- */

static int one_day(void *arg, const struct query_count *c)
{
	struct report *r = arg;
	char day[16] = "";
	int64_t at, p;

	if (c->name.n < sizeof(day))
		memcpy(day, c->name.p, c->name.n);
	if (!when_parse(day, &at) || at >= r->to)
		return 0;
	p = (r->to - 1 - at) / length(r);
	if (p < REPORT_PERIODS && c->class < CLASS_COUNT)
		r->periods[p][c->class] += c->n;
	if (p > r->before && p < REPORT_PERIODS)
		r->before = (int)p;
	return 0;
}

static int load_periods(struct db *db, struct report *r)
{
	const struct query_span span = {
		r->to - REPORT_PERIODS * length(r), r->to, r->required};
	int64_t v[REPORT_USUAL];

	if (query_counts(db, QUERY_BY_DAY, &span, one_day, r))
		return -1;
	for (int c = 0; c < CLASS_COUNT; c++) {
		int n = usual_periods(r);

		for (int p = 0; p < n; p++)
			v[p] = r->periods[p + 1][c];
		r->usual[c] = median(v, n);
	}
	return 0;
}

/* --- tables of names --- */

struct filling {
	struct report_table *table;
	struct arena *arena;
	enum query_by by;
};

static struct report_row *find(struct report_table *t,
	const struct query_count *c, struct str name, bool by_reason)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->rows[i].name, name) &&
			(!by_reason || t->rows[i].class == c->class))
			return &t->rows[i];
	return NULL;
}

static struct str name_of(const struct query_count *c, enum query_by by)
{
	return by == QUERY_BY_REASON ? str_from(reason_word(c->reason))
				     : c->name;
}

/* Rows come with the greatest first, so the first names are the top ones. */
static int one_row(void *arg, const struct query_count *c)
{
	struct filling *f = arg;
	bool by_reason = f->by == QUERY_BY_REASON;
	struct str name = name_of(c, f->by);
	struct report_row *row = find(f->table, c, name, by_reason);

	if (!is_bounce(c->class) || !name.n)
		return 0;
	if (!row) {
		if (f->table->n == REPORT_TOP)
			return 0;
		row = &f->table->rows[f->table->n++];
		*row = (struct report_row){.usual = -1};
		row->name = arena_dup(f->arena, name);
		row->class = by_reason ? c->class : CLASS_NONE;
	}
	row->n += c->n;
	row->classes[c->class] += c->n;
	return 0;
}

static int by_rows(const void *a, const void *b)
{
	const struct report_row *x = a, *y = b;

	return (x->n < y->n) - (x->n > y->n);
}

/* What the rows of a table had in a period before. */
struct looking_back {
	const struct report_table *table;
	enum query_by by;
	int64_t n[REPORT_TOP];
};

static int one_before(void *arg, const struct query_count *c)
{
	struct looking_back *l = arg;
	struct str name = name_of(c, l->by);

	if (!is_bounce(c->class))
		return 0;
	for (size_t i = 0; i < l->table->n; i++)
		if (str_eq(l->table->rows[i].name, name) &&
			(l->by != QUERY_BY_REASON ||
				l->table->rows[i].class == c->class))
			l->n[i] += c->n;
	return 0;
}

/* A reason is a row in each of its classes, which its series (spikes.c) has as
 * one: so its course comes from here. */
static void keep_course(struct report_row *row, const int64_t *before, int n)
{
	row->weeks[0] = row->n;
	for (int p = 0; p < n; p++)
		row->weeks[p + 1] = before[p];
	row->weeks_n = n + 1;
}

static int look_back(struct db *db, const struct report *r, enum query_by by,
	struct report_table *t)
{
	bool course = by == QUERY_BY_REASON && r->days == 7;
	int64_t v[REPORT_TOP][REPORT_PERIODS];
	int n = course ? course_periods(r) : usual_periods(r);

	for (int p = 0; p < n; p++) {
		struct looking_back l = {.table = t, .by = by};
		int64_t to = r->from - p * length(r);
		const struct query_span span = {
			to - length(r), to, r->required};

		if (query_counts(db, by, &span, one_before, &l))
			return -1;
		for (size_t i = 0; i < t->n; i++)
			v[i][p] = l.n[i];
	}
	for (size_t i = 0; i < t->n; i++) {
		if (course)
			keep_course(&t->rows[i], v[i], n);
		t->rows[i].usual = median(v[i], usual_periods(r));
	}
	return 0;
}

/* Of which series the names are; reasons are of none: keep_course(). */
static const enum query_series_by series[] = {
	[QUERY_BY_PROVIDER] = QUERY_SERIES_PROVIDER,
	[QUERY_BY_STREAM] = QUERY_SERIES_STREAM,
	[QUERY_BY_DOMAIN] = QUERY_SERIES_DOMAIN,
};

static int load_table(struct db *db, const struct report *r, struct arena *a,
	enum query_by by, struct report_table *t)
{
	const struct query_span span = {r->from, r->to, r->required};
	struct filling f = {t, a, by};

	if (query_counts(db, by, &span, one_row, &f))
		return -1;
	qsort(t->rows, t->n, sizeof(t->rows[0]), by_rows);
	for (size_t i = 0; by != QUERY_BY_REASON && i < t->n; i++)
		if (query_series_id(db, series[by], t->rows[i].name,
			    &t->rows[i].id) < 0)
			return -1;
	/* Domains are counted from the events: eight times would be slow. What
	 * is usual of them comes with their course, where that is read. */
	return by == QUERY_BY_DOMAIN ? 0 : look_back(db, r, by, t);
}

/* As far as there are data; and what is usual of domains. */
static void cut_courses(struct report *r, struct report_table *t)
{
	int known = course_periods(r) + 1;
	int n = usual_periods(r);

	for (size_t i = 0; i < t->n; i++) {
		struct report_row *row = &t->rows[i];
		int64_t v[REPORT_USUAL];

		if (row->weeks_n > known)
			row->weeks_n = known;
		for (int p = 0; p < n; p++)
			v[p] = row->weeks[p + 1];
		if (row->weeks_n && row->usual < 0)
			row->usual = median(v, n);
	}
}

int report_numbers_load(struct db *db, struct arena *a, struct report *r)
{
	r->days = (int)((r->to - r->from) / DAY);
	if (load_periods(db, r) ||
		load_table(db, r, a, QUERY_BY_REASON, &r->reasons) ||
		load_table(db, r, a, QUERY_BY_PROVIDER, &r->providers) ||
		load_table(db, r, a, QUERY_BY_STREAM, &r->streams) ||
		load_table(db, r, a, QUERY_BY_DOMAIN, &r->domains))
		return -1;
	if (query_moves(db, r->required, r->from, r->to, r->now, &r->moves))
		return -1;
	if (query_totals_brief(db, &r->totals))
		return -1;
	if (report_spikes_load(db, a, r))
		return -1;
	cut_courses(r, &r->reasons);
	cut_courses(r, &r->providers);
	cut_courses(r, &r->streams);
	cut_courses(r, &r->domains);
	return 0;
}
