/*
 * Reads for the report. Events are walked by piece of their ids, the change log
 * from its end back as far as it is needed, suppressions by the index of what
 * ends: nothing here looks at all addresses.
 */
#include "query_report.h"

#include <string.h>

#include "query_private.h"

#define DAY  86400
#define HOUR 3600

/* "" where there is nothing. */
static struct str keep(struct rows *rows, struct str s)
{
	return s.n ? rows_text(rows, s) : str_of("", 0);
}

/* 0, or -1 for the rc that ended the reading of rows. */
static int settle(struct rows *rows, struct db *db, int rc)
{
	if (rc < 0)
		return -1;
	return rc == 1 ? sql_no_memory(db) : rows_check(rows, db);
}

/* --- sent ----------------------------------------------------------------- */

static int read_sent(struct sql *s, struct rows *rows)
{
	int rc;

	while ((rc = sql_row(s)) == 1) {
		struct query_sent_day *d = rows_add(rows);

		if (!d)
			break;
		d->name = keep(rows, sql_col_text(s, 0));
		d->day = sql_col(s, 1);
		d->n = sql_col(s, 2);
	}
	return rc;
}

int query_sent_days(struct db *db, int kind, int64_t from, int64_t to,
	query_sent_day_fn *fn, void *arg)
{
	struct sql s = sql_get(db, SQL_SENT_DAYS);
	const struct query_sent_day *d;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(*d));
	sql_int(&s, kind);
	sql_int(&s, from / HOUR);
	sql_int(&s, to / HOUR);
	rc = read_sent(&s, &rows);
	sql_end(&s);
	rc = settle(&rows, db, rc);
	d = rows.items;
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = fn(arg, &d[i]);
	rows_release(&rows);
	return rc;
}

int query_sent_unsettled(struct db *db, int64_t from, int64_t to, int64_t *n)
{
	struct sql s = sql_get(db, SQL_SENT_UNSETTLED_DAYS);

	sql_int(&s, from / DAY);
	sql_int(&s, to / DAY);
	return sql_one(&s, n) < 0 ? -1 : 0;
}

/* --- hard bounces --------------------------------------------------------- */

static int read_hard(struct db *db, const struct query_hard_ask *ask,
	const struct query_walk *w, struct rows *rows)
{
	struct sql s = sql_get(
		db, ask->with_sent_to ? SQL_HARD_DAYS_DOMAIN : SQL_HARD_DAYS);
	int rc;

	query_walk_bind(&s, w);
	sql_int(&s, ask->required);
	while ((rc = sql_row(&s)) == 1) {
		struct query_hard_day *d = rows_add(rows);

		if (!d)
			break;
		d->day = sql_col(&s, 0);
		d->is_dated = sql_col(&s, 1) != 0;
		d->provider = keep(rows, sql_col_text(&s, 2));
		d->stream = keep(rows, sql_col_text(&s, 3));
		d->n = sql_col(&s, 4);
		d->in_incident = sql_col(&s, 5) != 0;
		d->domain = keep(rows, sql_col_text(&s, 6));
	}
	sql_end(&s);
	return settle(rows, db, rc);
}

static int find_sent_to(struct db *db, struct rows *rows)
{
	struct query_hard_day *v = rows->items;

	for (size_t i = 0; i < rows->n; i++) {
		const struct query_sent_to ask = {v[i].day, v[i].is_dated,
			v[i].domain, v[i].provider, v[i].stream};

		if (query_sent_to(db, &ask, rows, &v[i].sent_to))
			return -1;
	}
	return 0;
}

int query_hard_days(struct db *db, const struct query_hard_ask *ask,
	query_hard_day_fn *fn, void *arg)
{
	struct query_walk w = query_walk_over(ask->from, ask->to);
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(struct query_hard_day));
	while ((rc = query_walk_on(db, &w)) == 1) {
		const struct query_hard_day *d;

		rows_reset(&rows);
		rc = read_hard(db, ask, &w, &rows);
		if (!rc && ask->with_sent_to)
			rc = find_sent_to(db, &rows);
		d = rows.items;
		for (size_t i = 0; !rc && i < rows.n; i++)
			rc = fn(arg, &d[i]);
		if (rc)
			break;
	}
	rows_release(&rows);
	return rc;
}

static void bind_bucket(struct sql *s, const struct query_hours *ask)
{
	if (ask->kind != INCIDENT_DOMAIN)
		sql_int(s, ask->kind);
	sql_text(s, ask->name);
}

int query_hours(struct db *db, const struct query_hours *ask, int64_t *n,
	size_t hours_n)
{
	struct query_walk w = query_walk_over(ask->from, ask->to);
	int rc;

	memset(n, 0, hours_n * sizeof(*n));
	while ((rc = query_walk_on(db, &w)) == 1) {
		struct sql s = sql_get(db, ask->kind == INCIDENT_DOMAIN
						   ? SQL_HOURS_DOMAIN
						   : SQL_HOURS_LABEL);

		query_walk_bind(&s, &w);
		sql_int(&s, ask->required);
		bind_bucket(&s, ask);
		while ((rc = sql_row(&s)) == 1) {
			int64_t at = sql_col(&s, 0) - ask->from / HOUR;

			if (at >= 0 && at < (int64_t)hours_n)
				n[at] += sql_col(&s, 1);
		}
		sql_end(&s);
		if (rc)
			return -1;
	}
	return rc;
}

/* --- releases ------------------------------------------------------------- */

#define RELEASES 1000 /* in one transaction: each looks for a bounce */

struct telling {
	query_release_fn *fn;
	void *arg;
	size_t left; /* that may still be told */
};

/* The releases of log's piece up to *last, one transaction's worth, and *last
 * in front of them; before the piece when these were all. */
static int read_releases(struct db *db, const struct query_log *log,
	int64_t *last, struct rows *rows)
{
	struct sql s = sql_get(db, SQL_RELEASE_LIST);
	int64_t upto = *last;
	int rc;

	sql_int(&s, POLICY_LATE_BOUNCE);
	sql_int(&s, log->first);
	sql_int(&s, upto);
	sql_int(&s, log->from);
	sql_int(&s, log->to);
	sql_int(&s, RELEASES);
	while ((rc = sql_row(&s)) == 1) {
		struct query_release *r = rows_add(rows);

		if (!r)
			break;
		*last = sql_col(&s, 0) - 1;
		r->address = keep(rows, sql_col_text(&s, 1));
		r->at = sql_col(&s, 2);
		r->again = sql_col(&s, 3); /* for now its id */
	}
	sql_end(&s);
	if (rows->n < RELEASES)
		*last = log->first - 1;
	return settle(rows, db, rc);
}

/* From the id of the bounce to what it was. */
static int look_up(struct db *db, struct query_release *r)
{
	struct sql s;
	int rc;

	if (!r->again)
		return 0;
	s = sql_get(db, SQL_EVENT_GET);
	sql_int(&s, r->again);
	rc = sql_row(&s);
	r->again = sql_col(&s, 0);
	r->class = (enum verdict_class)sql_col(&s, 2);
	r->reason = (enum verdict_reason)sql_col(&s, 3);
	sql_end(&s);
	return rc < 0 ? -1 : 0;
}

/* Those of one piece of the log. */
static int tell_releases(struct db *db, const struct query_log *log,
	struct rows *rows, struct telling *t)
{
	int64_t last = log->last;
	int rc = 0;

	while (!rc && last >= log->first && t->left) {
		struct query_release *r;

		rows_reset(rows);
		rc = read_releases(db, log, &last, rows);
		r = rows->items;
		for (size_t i = 0; !rc && i < rows->n && t->left; i++) {
			t->left--;
			rc = look_up(db, &r[i]);
			if (!rc)
				rc = t->fn(t->arg, &r[i]);
		}
	}
	return rc;
}

int query_releases(struct db *db, int64_t from, int64_t to, size_t most,
	query_release_fn *fn, void *arg)
{
	struct telling t = {fn, arg, most};
	struct query_log log;
	struct rows rows;
	int rc = 0;

	if (query_log_over(db, from, to, &log))
		return -1;
	rows_init(&rows, sizeof(struct query_release));
	while (!rc && t.left && query_log_back(&log))
		rc = tell_releases(db, &log, &rows, &t);
	rows_release(&rows);
	return rc;
}

/* --- what ends ------------------------------------------------------------ */

/* By hour: a piece is what ends in one. */
int query_ends(struct db *db, int64_t from, int64_t to, struct query_ends *out)
{
	*out = (struct query_ends){0};
	for (int64_t at = from; at < to; at += HOUR) {
		struct sql s = sql_get(db, SQL_ENDS);
		int rc;

		sql_int(&s, at);
		sql_int(&s, at + HOUR < to ? at + HOUR : to);
		rc = sql_row(&s);
		if (rc == 1) {
			out->suppressed += sql_col(&s, 0);
			out->held += sql_col(&s, 1);
		}
		sql_end(&s);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int read_ends(struct sql *s, struct rows *rows)
{
	int rc;

	while ((rc = sql_row(s)) == 1) {
		struct query_suppression *e = rows_add(rows);

		if (!e)
			break;
		e->address = keep(rows, sql_col_text(s, 0));
		e->scope = keep(rows, sql_col_text(s, 1));
		e->state = STATE_SUPPRESSED;
		e->reason = (enum verdict_reason)sql_col(s, 2);
		e->expires_at = sql_col(s, 3);
	}
	return rc;
}

int query_ends_list(struct db *db, int64_t from, int64_t to, int most,
	query_suppression_fn *fn, void *arg)
{
	struct sql s = sql_get(db, SQL_ENDS_LIST);
	const struct query_suppression *e;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(*e));
	sql_int(&s, from);
	sql_int(&s, to);
	sql_int(&s, most);
	rc = read_ends(&s, &rows);
	sql_end(&s);
	rc = settle(&rows, db, rc);
	e = rows.items;
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = fn(arg, &e[i]);
	rows_release(&rows);
	return rc;
}

/* --- mails that could not be had ------------------------------------------ */

struct given_up {
	struct str account, folder;
	int64_t n;
};

static int read_given_up(struct sql *s, struct rows *rows)
{
	int rc;

	while ((rc = sql_row(s)) == 1) {
		struct given_up *g = rows_add(rows);

		if (!g)
			break;
		g->account = keep(rows, sql_col_text(s, 0));
		g->folder = keep(rows, sql_col_text(s, 1));
		g->n = sql_col(s, 2);
	}
	return rc;
}

int query_given_up(struct db *db, query_given_up_fn *fn, void *arg)
{
	struct sql s = sql_get(db, SQL_GIVEN_UP);
	const struct given_up *g;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(*g));
	rc = read_given_up(&s, &rows);
	sql_end(&s);
	rc = settle(&rows, db, rc);
	g = rows.items;
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = fn(arg, g[i].account, g[i].folder, g[i].n);
	rows_release(&rows);
	return rc;
}
