/*
 * The list of one moment, without holding a snapshot of that moment: a long
 * read transaction would keep the WAL from being used again, and it would grow
 * for as long as somebody reads a pipe slowly.
 *
 * So the list is read by key, a page at a time. What changed since the
 * beginning is collected from the change log (in a temporary table, in order
 * of address, because only what lies ahead matters), and for those addresses
 * the state that the log has for the beginning takes the place of the row.
 */
#include <time.h>

#include "query.h"
#include "query_private.h"

#define PAGE_ROWS 4096
#define PAGE_MS   50
#define LOOK_EACH 64 /* rows between two looks at the clock */

struct export
{
	struct db *db;
	const struct query_filter *f;
	int64_t seq;        /* of the change log, at the beginning */
	int64_t settled;    /* the change log has been read up to here */
	struct rows page;   /* what the table says now */
	struct rows settle; /* what the change log says instead */
	struct rows keys;   /* owns last */
	struct str last;    /* address where the page before ended */
	struct str to;      /* address where this page ends; of page */
	bool done;          /* this page is the last one */
};

static int64_t now_ms(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t))
		return 0;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool is_of_domain(struct str address, struct str domain)
{
	return address.n > domain.n &&
	       address.p[address.n - domain.n - 1] == '@' &&
	       str_eq(str_sub(address, address.n - domain.n, domain.n), domain);
}

bool query_passes(
	const struct query_filter *f, const struct query_suppression *s)
{
	enum state state = f->state ? f->state : STATE_SUPPRESSED;

	return (s->state == state || (f->or_held && s->state == STATE_HELD)) &&
	       (!s->expires_at || s->expires_at > f->now) &&
	       (f->reason < 0 || (int)s->reason == f->reason) &&
	       (!f->no_soft || reason_class(s->reason) != CLASS_SOFT) &&
	       (!f->before || s->since < f->before) &&
	       (!f->after || s->since >= f->after) &&
	       (!f->scope.p || str_eq(s->scope, f->scope) ||
		       str_eq(s->scope, str_from("*"))) &&
	       (!f->domain.p || is_of_domain(s->address, f->domain));
}

/* One row of the table. 1: it was the beginning of the next page; 0; -1. */
static int take_row(struct export *x, const struct sql *s, bool full)
{
	struct query_row row = query_row_of(s);

	if (!x->to.p || !str_eq(row.s.address, x->to)) {
		if (full)
			return 1;
		x->to = rows_text(&x->page, row.s.address);
	}
	/* Without a suppression the state is 0, and no filter asks for it. */
	if (!query_passes(x->f, &row.s))
		return 0;
	return query_row_keep(&x->page, &row) ? 0 : sql_no_memory(x->db);
}

/* A page of whole addresses: none is cut in two between its scopes. */
static int read_page(struct export *x)
{
	struct sql s = sql_get(x->db, SQL_EXPORT_PAGE);
	int64_t until = now_ms() + PAGE_MS;
	bool full = false;
	size_t seen = 0;
	int rc, taken = 0;

	rows_reset(&x->page);
	x->to = STR_NULL;
	sql_text(&s, x->last);
	while ((rc = sql_row(&s)) == 1) {
		if (++seen % LOOK_EACH == 0 && now_ms() >= until)
			full = true;
		taken = take_row(x, &s, full || x->page.n >= PAGE_ROWS);
		if (taken)
			break;
	}
	sql_end(&s);
	x->done = rc == 0;
	if (rc < 0 || taken < 0)
		return -1;
	return rows_check(&x->page, x->db);
}

/* Collect what has changed since the last time, as far as it lies ahead. */
static int collect(struct export *x)
{
	struct sql s = sql_get(x->db, SQL_CHANGE_LAST);
	int64_t newest = 0;

	if (sql_one(&s, &newest) < 0)
		return -1;
	if (newest <= x->settled)
		return 0;
	s = sql_get(x->db, SQL_SETTLE_ADD);
	sql_int(&s, x->settled);
	sql_int(&s, newest);
	sql_text(&s, x->last);
	x->settled = newest;
	return sql_run(&s);
}

/* The addresses of this page that have changed, as they were. */
static int read_settled(struct export *x)
{
	struct sql s;
	int rc;

	rows_reset(&x->settle);
	if (x->settled == x->seq)
		return 0;
	s = sql_get(x->db, SQL_SETTLE_PAGE);
	sql_int(&s, x->seq);
	sql_text(&s, x->last);
	sql_int(&s, x->done);
	sql_text(&s, x->to);
	while ((rc = sql_row(&s)) == 1) {
		struct query_row row = query_row_of(&s);

		if (!query_row_keep(&x->settle, &row))
			break;
	}
	sql_end(&s);
	if (rc < 0)
		return -1;
	if (rc == 1)
		return sql_no_memory(x->db);
	s = sql_get(x->db, SQL_SETTLE_DONE);
	sql_text(&s, x->to);
	return sql_run(&s) ? -1 : rows_check(&x->settle, x->db);
}

/* The page and its settlement are of one snapshot. */
static int read_both(struct export *x)
{
	int rc;

	if (db_read_begin(x->db))
		return -1;
	rc = read_page(x);
	if (!rc)
		rc = collect(x);
	if (!rc)
		rc = read_settled(x);
	db_read_end(x->db);
	return rc;
}

static int compare(const struct query_row *a, const struct query_row *b)
{
	int c = str_cmp(a->s.address, b->s.address);

	return c ? c : (a->scope > b->scope) - (a->scope < b->scope);
}

/* Both are in order; where they have the same key, the settlement counts. */
static int deliver(const struct export *x, query_suppression_fn *fn, void *arg)
{
	const struct query_row *page = x->page.items, *settle = x->settle.items;
	size_t i = 0, j = 0;
	int rc = 0;

	while (!rc && (i < x->page.n || j < x->settle.n)) {
		const struct query_row *p = i < x->page.n ? &page[i] : NULL;
		const struct query_row *q = j < x->settle.n ? &settle[j] : NULL;
		int c = !q ? -1 : !p ? 1 : compare(p, q);

		if (c < 0)
			rc = fn(arg, &p->s);
		else if (query_passes(x->f, &q->s))
			rc = fn(arg, &q->s);
		i += c <= 0;
		j += c >= 0;
	}
	return rc;
}

/* Remember where this page ended, beyond the life of its rows. */
static int step_on(struct export *x)
{
	if (x->done)
		return 0;
	rows_reset(&x->keys);
	x->last = rows_text(&x->keys, x->to);
	return rows_check(&x->keys, x->db);
}

static int begin(struct export *x)
{
	struct sql s;

	if (sql_scratch(x->db, SQL_SETTLE_CLEAR))
		return -1;
	s = sql_get(x->db, SQL_CHANGE_LAST);
	if (sql_one(&s, &x->seq) < 0)
		return -1;
	x->settled = x->seq;
	return 0;
}

int query_export(struct db *db, const struct query_filter *f,
	query_suppression_fn *fn, void *arg)
{
	struct export x = {.db = db, .f = f, .last = STR("")};
	int rc;

	rows_init(&x.page, sizeof(struct query_row));
	rows_init(&x.settle, sizeof(struct query_row));
	rows_init(&x.keys, 1);
	rc = begin(&x);
	while (!rc && !x.done) {
		rc = read_both(&x);
		if (!rc)
			rc = deliver(&x, fn, arg);
		if (!rc)
			rc = step_on(&x);
	}
	rows_release(&x.page);
	rows_release(&x.settle);
	rows_release(&x.keys);
	return rc;
}
