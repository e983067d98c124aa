/*
 * The list of one moment, without holding a snapshot of that moment: a long
 * read transaction would keep the WAL from being used again, and it would grow
 * for as long as somebody reads a pipe slowly.
 *
 * So the list is read by key, a page at a time. What changed since the
 * beginning is collected from the change log (in a temporary table, in order
 * of address id, because only what lies ahead matters), and for those addresses
 * the state that the log has for the beginning takes the place of the row.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "query.h"
#include "query_private.h"
#include "query_yield.h"

#define PAGE_ROWS 4096
#define PAGE_MS   50
#define LOOK_EACH 64 /* rows between two looks at the clock */

#define DOMAINS 4096

/* A domain that was read lately. */
struct domain_slot {
	int64_t id;
	unsigned char n; /* 0: empty slot */
	char text[55];
};

struct export
{
	struct db *db;
	const struct query_filter *f;
	bool brief;
	struct query_yield yield;
	int64_t seq;        /* of the change log, at the beginning */
	int64_t settled;    /* the change log has been read up to here */
	struct rows page;   /* what the table says now */
	struct rows settle; /* what the change log says instead */
	int64_t last;       /* address id where the page before ended */
	int64_t to;         /* where this page ends */
	bool done;          /* this page is the last one */
	struct domain_slot *domains;
	int64_t scope; /* the label of this id, as it was read last; 0: none */
	size_t scope_n;
	char scope_text[256];
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
	       (f->purged || !purged_is(s->address)) &&
	       (!s->expires_at || s->expires_at > f->now) &&
	       (f->reason < 0 || (int)s->reason == f->reason) &&
	       (!f->no_soft || reason_class(s->reason) != CLASS_SOFT) &&
	       (!f->before || s->since < f->before) &&
	       (!f->after || s->since >= f->after) &&
	       (!f->scope.p || str_eq(s->scope, db_label_cut(f->scope)) ||
		       str_eq(s->scope, str_from("*"))) &&
	       (!f->domain.p || is_of_domain(s->address, f->domain));
}

/* --- a page of the table -------------------------------------------------- */

static int read_full(struct export *x, const struct sql *s)
{
	struct query_row row = query_row_of(s);

	/* Without a suppression the state is 0, and no filter asks for it. */
	if (!query_passes(x->f, &row.s))
		return 0;
	return query_row_keep(&x->page, &row) ? 0 : sql_no_memory(x->db);
}

/* The one text of a row of id, which lives until the statement is got again. */
static int read_text(
	struct export *x, enum sql_id id, int64_t row, struct sql *s)
{
	*s = sql_get(x->db, id);
	sql_int(s, row);
	return sql_row(s) < 0 ? -1 : 0;
}

static int read_scope(struct export *x, int64_t scope, struct str *out)
{
	struct sql s;
	struct str text;

	if (x->scope != scope) {
		if (read_text(x, SQL_LABEL_TEXT, scope, &s))
			return -1;
		text = sql_col_text(&s, 0);
		x->scope_n = text.n < sizeof(x->scope_text)
				     ? text.n
				     : sizeof(x->scope_text);
		if (x->scope_n)
			memcpy(x->scope_text, text.p, x->scope_n);
		x->scope = scope;
		sql_end(&s);
	}
	*out = str_of(x->scope_text, x->scope_n);
	return 0;
}

/* local@domain, in the page. */
static int join(struct export *x, struct str local, struct str domain,
	struct str *address)
{
	char *p = arena_alloc(&x->page.arena, local.n + 1 + domain.n);

	if (!p)
		return sql_no_memory(x->db);
	memcpy(p, local.p, local.n);
	p[local.n] = '@';
	memcpy(p + local.n + 1, domain.p, domain.n);
	*address = str_of(p, local.n + 1 + domain.n);
	return 0;
}

/* A domain that is not in its slot; it goes there where it fits. */
static int read_domain(struct export *x, int64_t id, struct str local,
	struct domain_slot *slot, struct str *address)
{
	struct str domain;
	struct sql s;
	int rc;

	if (read_text(x, SQL_DOMAIN_TEXT, id, &s))
		return -1;
	domain = sql_col_text(&s, 0);
	if (domain.n && domain.n <= sizeof(slot->text)) {
		slot->id = id;
		slot->n = (unsigned char)domain.n;
		memcpy(slot->text, domain.p, domain.n);
	}
	rc = join(x, local, domain, address);
	sql_end(&s);
	return rc;
}

static int read_address(
	struct export *x, int64_t domain, struct str local, struct str *address)
{
	struct domain_slot *slot = &x->domains[domain % DOMAINS];

	if (!domain) { /* it was purged */
		*address = rows_text(&x->page, local);
		return 0;
	}
	if (slot->n && slot->id == domain)
		return join(x, local, str_of(slot->text, slot->n), address);
	return read_domain(x, domain, local, slot, address);
}

/* Most of a list is taken: what does not pass costs a bit of the page. */
static int read_brief(struct export *x, const struct sql *s)
{
	struct query_suppression row = {
		.state = (enum state)sql_col(s, 2),
		.reason = (enum verdict_reason)sql_col(s, 3),
		.expires_at = sql_col(s, 4),
	};
	struct query_row *kept;

	if (row.state == STATE_ABSENT)
		return 0;
	if (read_scope(x, sql_col(s, 1), &row.scope) ||
		read_address(
			x, sql_col(s, 5), sql_col_text(s, 6), &row.address))
		return -1;
	if (!query_passes(x->f, &row))
		return 0;
	row.scope = str_eq(row.scope, str_from("*"))
			    ? str_from("*")
			    : rows_text(&x->page, row.scope);
	kept = rows_add(&x->page);
	if (!kept)
		return sql_no_memory(x->db);
	*kept = (struct query_row){
		.s = row, .scope = sql_col(s, 1), .address_id = sql_col(s, 0)};
	return 0;
}

/* One row of the table. 1: it was the beginning of the next page; 0; -1. */
static int take_row(struct export *x, const struct sql *s, bool full)
{
	int64_t id = sql_col(s, x->brief ? 0 : 11);

	if (id != x->to) {
		if (full)
			return 1;
		x->to = id;
	}
	return x->brief ? read_brief(x, s) : read_full(x, s);
}

/* A page of whole addresses: none is cut in two between its scopes. */
static int read_page(struct export *x)
{
	struct sql s =
		sql_get(x->db, x->brief ? SQL_EXPORT_BRIEF : SQL_EXPORT_PAGE);
	int64_t until = now_ms() + PAGE_MS;
	bool full = false;
	size_t seen = 0;
	int rc, taken = 0;

	rows_reset(&x->page);
	x->to = x->last;
	sql_int(&s, x->last);
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

/* --- what changed meanwhile ----------------------------------------------- */

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
	sql_int(&s, x->last);
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
	sql_int(&s, x->seq);
	sql_int(&s, x->last);
	sql_int(&s, x->done);
	sql_int(&s, x->to);
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
	sql_int(&s, x->done ? INT64_MAX : x->to);
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
		rc = query_yield_look(&x->yield, x->db);
	if (!rc)
		rc = collect(x);
	if (!rc)
		rc = read_settled(x);
	db_read_end(x->db);
	return rc;
}

static int compare(const struct query_row *a, const struct query_row *b)
{
	if (a->address_id != b->address_id)
		return a->address_id < b->address_id ? -1 : 1;
	return (a->scope > b->scope) - (a->scope < b->scope);
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
	struct export x = {
		.db = db,
		.f = f,
		.brief = f->brief && !f->before && !f->after,
	};
	int rc;

	rows_init(&x.page, sizeof(struct query_row));
	rows_init(&x.settle, sizeof(struct query_row));
	x.domains = calloc(DOMAINS, sizeof(*x.domains));
	rc = x.domains ? begin(&x) : sql_no_memory(db);
	while (!rc && !x.done) {
		rc = read_both(&x);
		if (!rc)
			rc = deliver(&x, fn, arg);
		x.last = x.to;
		if (!rc && !x.done)
			query_yield(&x.yield);
	}
	rows_release(&x.page);
	rows_release(&x.settle);
	free(x.domains);
	return rc;
}
