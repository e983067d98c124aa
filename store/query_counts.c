/*
 * Sums over events and changes. They are added up piece by piece in a table of
 * our own (temporary, in memory), so that a report over years holds no read
 * transaction for longer than a piece takes.
 */
#include "query.h"
#include "query_private.h"

#define DAY       86400
#define CHUNK     20000 /* events or changes in one transaction */
#define DAY_TO    (INT64_C(1) << 30)
#define DAYS      7 /* of daily counts in one transaction */
#define DAYS_MOST 20000

static const struct count_row {
	enum sql_id tally, list;
	enum sql_id daily; /* of whole days; SQL_COUNT: there is none */
} count_rows[] = {
	[QUERY_BY_REASON] = {SQL_TALLY_REASON,   SQL_TALLY_GREATEST,
			     SQL_DAILY_REASON				     },
	[QUERY_BY_PROVIDER] = {SQL_TALLY_PROVIDER, SQL_TALLY_GREATEST,
			     SQL_DAILY_PROVIDER				   },
	[QUERY_BY_STREAM] = {SQL_TALLY_STREAM,   SQL_TALLY_GREATEST,
			     SQL_DAILY_STREAM				     },
	[QUERY_BY_RULE] = {SQL_TALLY_RULE,     SQL_TALLY_GREATEST, SQL_COUNT    },
	[QUERY_BY_DOMAIN] = {SQL_TALLY_DOMAIN,   SQL_TALLY_GREATEST, SQL_COUNT    },
	[QUERY_BY_SHAPE] = {SQL_TALLY_SHAPE,    SQL_TALLY_GREATEST, SQL_COUNT    },
	[QUERY_BY_DAY] = {SQL_TALLY_DAY,      SQL_TALLY_IN_ORDER, SQL_DAILY_DAY},
};

static int64_t day_of(int64_t at)
{
	int64_t day = at > 0 ? at / DAY : 0;

	return day < DAY_TO ? day : DAY_TO;
}

struct query_walk query_walk_over(int64_t from, int64_t to)
{
	return (struct query_walk){
		.from = from,
		.to = to,
		.next = day_of(from) << 32,
		.end = to > 0 ? (day_of(to - 1) + 1) << 32 : 0,
	};
}

int query_walk_on(struct db *db, struct query_walk *w)
{
	struct sql s = sql_get(db, SQL_EVENT_CHUNK);

	sql_int(&s, w->next);
	sql_int(&s, w->end);
	sql_int(&s, CHUNK);
	w->first = w->next;
	w->last = 0;
	if (sql_one(&s, &w->last) < 0)
		return -1;
	w->next = w->last + 1;
	return w->last > 0;
}

void query_walk_bind(struct sql *s, const struct query_walk *w)
{
	sql_int(s, w->first);
	sql_int(s, w->last);
	sql_int(s, w->from);
	sql_int(s, w->to);
}

static int tally_piece(struct db *db, enum sql_id id,
	const struct query_walk *w, enum origin required)
{
	struct sql s;
	int rc;

	if (db_read_begin(db))
		return -1;
	s = sql_get(db, id);
	query_walk_bind(&s, w);
	sql_int(&s, required);
	rc = sql_run(&s);
	db_read_end(db);
	return rc;
}

static int tally(struct db *db, enum sql_id id, const struct query_span *span)
{
	struct query_walk w = query_walk_over(span->from, span->to);
	int rc;

	if (sql_scratch(db, SQL_TALLY_CLEAR))
		return -1;
	while ((rc = query_walk_on(db, &w)) == 1)
		if (tally_piece(db, id, &w, span->required))
			return -1;
	return rc;
}

/* A week of days in one transaction. */
static int tally_days(
	struct db *db, enum sql_id id, const struct query_span *span)
{
	int64_t day = span->from / DAY, end = span->to / DAY;

	if (sql_scratch(db, SQL_TALLY_CLEAR))
		return -1;
	for (; day < end; day += DAYS) {
		struct sql s;
		int rc;

		if (db_read_begin(db))
			return -1;
		s = sql_get(db, id);
		sql_int(&s, day);
		sql_int(&s, day + DAYS < end ? day + DAYS : end);
		sql_int(&s, span->required);
		rc = sql_run(&s);
		db_read_end(db);
		if (rc)
			return -1;
	}
	return 0;
}

/* Whole days, not more than a report has. */
static bool is_days(const struct query_span *span)
{
	return span->from >= 0 && span->from % DAY == 0 &&
	       span->to % DAY == 0 &&
	       span->to - span->from <= DAYS_MOST * (int64_t)DAY;
}

static int list(struct db *db, enum sql_id id, struct rows *rows)
{
	struct sql s = sql_get(db, id);
	int rc;

	while ((rc = sql_row(&s)) == 1) {
		struct query_count *c = rows_add(rows);

		if (!c)
			break;
		c->name = rows_text(rows, sql_col_text(&s, 0));
		if (!c->name.p)
			c->name = str_of("", 0);
		c->class = (enum verdict_class)sql_col(&s, 1);
		c->reason = (enum verdict_reason)sql_col(&s, 2);
		c->n = sql_col(&s, 3);
	}
	sql_end(&s);
	if (rc < 0)
		return -1;
	return rc == 1 ? sql_no_memory(db) : rows_check(rows, db);
}

int query_counts(struct db *db, enum query_by by, const struct query_span *span,
	query_count_fn *fn, void *arg)
{
	const struct query_count *c;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(*c));
	if (is_days(span) && count_rows[by].daily != SQL_COUNT)
		rc = tally_days(db, count_rows[by].daily, span);
	else
		rc = tally(db, count_rows[by].tally, span);
	if (!rc)
		rc = list(db, count_rows[by].list, &rows);
	c = rows.items;
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = fn(arg, &c[i]);
	rows_release(&rows);
	return rc;
}

/* Add the sums of the one row of s to n numbers; s is left. */
static int add_sums(struct sql *s, int64_t *const to[], size_t n)
{
	int rc = sql_row(s);

	for (size_t i = 0; rc == 1 && i < n; i++)
		*to[i] += sql_col(s, (int)i);
	sql_end(s);
	return rc < 0 ? -1 : 0;
}

/* The first change of that time or later, by seq; last + 1: there is none. */
static int first_change(struct db *db, int64_t at, int64_t last, int64_t *seq)
{
	int64_t low = 0, high = last + 1;

	while (low < high) {
		int64_t middle = low + (high - low) / 2, is = 0;
		struct sql s = sql_get(db, SQL_CHANGE_AT);

		sql_int(&s, middle);
		if (sql_one(&s, &is) < 0)
			return -1;
		if (is >= at)
			high = middle;
		else
			low = middle + 1;
	}
	*seq = low;
	return 0;
}

/*
 * The log is in order of time but for what a clock that was set back made of
 * it: a day more at both ends finds what it had wrong by less than that.
 */
int query_log_over(struct db *db, int64_t from, int64_t to, struct query_log *l)
{
	struct sql s = sql_get(db, SQL_CHANGE_LAST);
	int64_t last = 0, end;

	*l = (struct query_log){.from = from, .to = to};
	if (sql_one(&s, &last) < 0 ||
		first_change(db, from - DAY, last, &l->begin) ||
		first_change(db, to + DAY, last, &end))
		return -1;
	l->first = end;
	return 0;
}

bool query_log_back(struct query_log *l)
{
	l->last = l->first - 1;
	if (l->last < l->begin)
		return false;
	l->first = l->last - CHUNK + 1;
	if (l->first < l->begin)
		l->first = l->begin;
	return true;
}

static int sum_changes(
	struct db *db, int64_t from, int64_t to, struct query_moves *out)
{
	int64_t *const sums[] = {
		&out->suppressed, &out->released, &out->expired};
	struct query_log l;

	if (query_log_over(db, from, to, &l))
		return -1;
	while (query_log_back(&l)) {
		struct sql s = sql_get(db, SQL_CHANGE_PART);

		sql_int(&s, l.first);
		sql_int(&s, l.last);
		sql_int(&s, from);
		sql_int(&s, to);
		if (add_sums(&s, sums, 3))
			return -1;
	}
	return 0;
}

static int sum_events(struct db *db, enum origin required, int64_t from,
	int64_t to, struct query_moves *out)
{
	int64_t *const sums[] = {&out->unverified, &out->stale, &out->unknown,
		&out->unverified_bare, &out->unverified_other};
	struct query_walk w = query_walk_over(from, to);
	int rc;

	while ((rc = query_walk_on(db, &w)) == 1) {
		struct sql s = sql_get(db, SQL_EVENT_PART);

		for (int i = 0; i < 3; i++)
			sql_int(&s, required);
		query_walk_bind(&s, &w);
		if (add_sums(&s, sums, 5))
			return -1;
	}
	return rc;
}

int query_unverified(struct db *db, enum origin required, int64_t from,
	int64_t to, struct query_moves *out)
{
	*out = (struct query_moves){0};
	return sum_events(db, required, from, to, out);
}

int query_moves(struct db *db, enum origin required, int64_t from, int64_t to,
	int64_t now, struct query_moves *out)
{
	struct query_states states;

	*out = (struct query_moves){0};
	if (sum_changes(db, from, to, out) ||
		sum_events(db, required, from, to, out) ||
		query_states(db, now, &states))
		return -1;
	out->now_suppressed = states.suppressed;
	out->now_released = states.released;
	out->now_held = states.held;
	out->now_probation = states.probation;
	return 0;
}
