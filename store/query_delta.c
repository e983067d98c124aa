/*
 * From the list of one moment to that of another, by the change log: each
 * change is looked at where it is the last of its address and scope, beside
 * what was before. A page of the log at a time, so memory does not grow with
 * it.
 */
#include "query.h"
#include "query_private.h"

/* What an address is by its last change, and by which it was before. */
struct step {
	struct query_row row;
	int64_t address_id, seq;
	struct query_row before;
	bool is_new; /* there is nothing before */
};

int query_last_seq(struct db *db, int64_t *seq)
{
	struct sql s = sql_get(db, SQL_CHANGE_LAST);

	*seq = 0;
	return sql_one(&s, seq) < 0 ? -1 : 0;
}

int query_purged(struct db *db, int64_t *n)
{
	struct sql s = sql_get(db, SQL_PURGED_COUNT);

	*n = 0;
	return sql_one(&s, n) < 0 ? -1 : 0;
}

static struct query_row keep(struct rows *rows, const struct sql *s)
{
	struct query_row row = query_row_of(s);

	row.s.address = rows_text(rows, row.s.address);
	row.s.seen = rows_text(rows, row.s.seen);
	row.s.scope = rows_text(rows, row.s.scope);
	return row;
}

static int read_page(
	struct db *db, int64_t after, int64_t to, struct rows *rows)
{
	struct sql s = sql_get(db, SQL_DELTA_PAGE);
	int rc;

	sql_int(&s, after);
	sql_int(&s, to);
	sql_int(&s, to);
	sql_int(&s, to);
	sql_int(&s, ROWS_PAGE);
	while ((rc = sql_row(&s)) == 1) {
		struct step *step = rows_add(rows);

		if (!step)
			break;
		step->row = keep(rows, &s);
		step->address_id = sql_col(&s, 11);
		step->seq = sql_col(&s, 12);
	}
	sql_end(&s);
	if (rc < 0)
		return -1;
	return rc == 1 ? sql_no_memory(db) : rows_check(rows, db);
}

static int read_before(
	struct db *db, int64_t from, struct step *step, struct rows *rows)
{
	struct sql s = sql_get(db, SQL_DELTA_BEFORE);
	int rc;

	sql_int(&s, from);
	sql_int(&s, from);
	sql_int(&s, step->address_id);
	sql_int(&s, step->row.scope);
	rc = sql_row(&s);
	step->is_new = rc != 1;
	if (rc == 1)
		step->before = keep(rows, &s);
	sql_end(&s);
	return rc < 0 ? -1 : rows_check(rows, db);
}

/* A page of the log with what was before, of one snapshot. */
static int read_steps(struct db *db, int64_t from, int64_t after, int64_t to,
	struct rows *rows)
{
	struct step *step;
	int rc;

	rows_reset(rows);
	if (db_read_begin(db))
		return -1;
	rc = read_page(db, after, to, rows);
	step = rows->items;
	for (size_t i = 0; !rc && i < rows->n; i++)
		rc = read_before(db, from, &step[i], rows);
	db_read_end(db);
	return rc;
}

static bool is_alike(
	const struct query_suppression *a, const struct query_suppression *b)
{
	return a->state == b->state && a->reason == b->reason &&
	       a->since == b->since && a->expires_at == b->expires_at &&
	       a->cause == b->cause;
}

static int deliver(const struct query_filter *f, const struct step *step,
	query_delta_fn *fn, void *arg)
{
	const struct query_suppression *old = &step->before.s;
	const struct query_suppression *new = &step->row.s;
	bool was = !step->is_new && query_passes(f, old);
	bool is = query_passes(f, new);

	if (is && !was)
		return fn(arg, QUERY_ADD, new);
	if (was && !is)
		return fn(arg, QUERY_REMOVE, old);
	if (was && !is_alike(old, new))
		return fn(arg, QUERY_CHANGE, new);
	return 0;
}

int query_delta(struct db *db, const struct query_filter *f, int64_t from,
	int64_t to, query_delta_fn *fn, void *arg)
{
	int64_t after = from;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(struct step));
	do {
		const struct step *step;

		rc = read_steps(db, from, after, to, &rows);
		step = rows.items;
		for (size_t i = 0; !rc && i < rows.n; i++) {
			after = step[i].seq;
			rc = deliver(f, &step[i], fn, arg);
		}
	} while (!rc && rows.n == ROWS_PAGE);
	rows_release(&rows);
	return rc;
}

/* --- cursors -------------------------------------------------------------- */

static bool read_cursor(struct rows *rows, const struct sql *s)
{
	struct query_cursor *c = rows_add(rows);

	if (!c)
		return false;
	*c = (struct query_cursor){
		.name = rows_text(rows, sql_col_text(s, 0)),
		.seq = sql_col(s, 1),
		.at = sql_col(s, 2),
		.format = rows_text(rows, sql_col_text(s, 3)),
		.scope = rows_text(rows, sql_col_text(s, 4)),
		.options = rows_text(rows, sql_col_text(s, 5)),
	};
	return true;
}

int query_cursors(
	struct db *db, struct str name, query_cursor_fn *fn, void *arg)
{
	struct sql s = sql_get(db, SQL_CURSOR_LIST);
	const struct query_cursor *c;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(*c));
	sql_text(&s, name);
	sql_text(&s, name);
	while ((rc = sql_row(&s)) == 1)
		if (!read_cursor(&rows, &s))
			break;
	sql_end(&s);
	if (rc == 1)
		rc = sql_no_memory(db);
	else if (!rc)
		rc = rows_check(&rows, db);
	c = rows.items;
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = fn(arg, &c[i]);
	rows_release(&rows);
	return rc;
}
