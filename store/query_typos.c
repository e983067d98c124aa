/*
 * Domains are judged by their names first (daemon/report/typo_guess.c), which
 * is why all names are given out; only the few that look mistyped are asked for
 * their addresses. So the work does not grow with the events.
 */
#include "query_typos.h"
#include "query_private.h"

#define DAY        86400
#define HOUR       3600
#define NAMES      4096  /* of domains in one transaction */
#define SAMPLE     20000 /* addresses */
#define SAMPLE_MIN 20

/* Most domains are cleared by one of the first addresses, and each costs
 * look-ups all over the database: so the first page is short, and the next ones
 * grow. */
#define FIRST_PAGE 8

static int each_domain(struct rows *rows, query_domain_fn *fn, void *arg)
{
	const struct query_domain *d = rows->items;
	int rc = 0;

	for (size_t i = 0; !rc && i < rows->n; i++)
		rc = fn(arg, &d[i]);
	return rc;
}

/* All rows of s, which is left: id, name, and a number if there is one. */
static int read_domains(struct sql *s, struct rows *rows, int64_t weight)
{
	int rc;

	while ((rc = sql_row(s)) == 1) {
		struct query_domain *d = rows_add(rows);

		if (!d)
			break;
		d->id = sql_col(s, 0);
		d->domain = rows_text(rows, sql_col_text(s, 1));
		d->addresses = weight ? weight * sql_col(s, 2) : 0;
	}
	sql_end(s);
	if (rc < 0)
		return -1;
	return rc == 1 ? sql_no_memory(s->db) : rows_check(rows, s->db);
}

int query_domains(struct db *db, query_domain_fn *fn, void *arg)
{
	int64_t before = INT64_MAX;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(struct query_domain));
	do {
		struct sql s = sql_get(db, SQL_TYPO_DOMAINS);

		sql_int(&s, before);
		sql_int(&s, NAMES);
		rows_reset(&rows);
		rc = read_domains(&s, &rows, 0);
		if (!rc && rows.n)
			before = ((struct query_domain *)rows.items)[rows.n - 1]
					 .id;
		if (!rc)
			rc = each_domain(&rows, fn, arg);
	} while (!rc && rows.n == NAMES);
	rows_release(&rows);
	return rc;
}

int query_large_domains(
	struct db *db, size_t most, query_domain_fn *fn, void *arg)
{
	struct sql s = sql_get(db, SQL_ADDRESS_LAST);
	int64_t last = 0, step;
	struct rows rows;
	int rc;

	if (sql_one(&s, &last) < 0)
		return -1;
	step = (last + SAMPLE - 1) / SAMPLE;
	if (!step)
		return 0;
	rows_init(&rows, sizeof(struct query_domain));
	s = sql_get(db, SQL_TYPO_LARGE);
	sql_int(&s, step);
	sql_int(&s, step);
	sql_int(&s, last);
	sql_int(&s, SAMPLE_MIN);
	sql_int(&s, (int64_t)most);
	rc = read_domains(&s, &rows, step);
	if (!rc)
		rc = each_domain(&rows, fn, arg);
	rows_release(&rows);
	return rc;
}

/* --- how addresses fare -------------------------------------------------- */

enum speaks {
	FOR_IT, /* somebody is there */
	NOTHING,
	AGAINST_IT,
	AGAINST_ALL /* of its domain */
};

/* A domain that nobody has set up for mail answers one of these, or not at
 * all; everything else comes from a place with mailboxes. */
static const enum speaks speaks_of[REASON_COUNT] = {
	[REASON_USER_UNKNOWN] = AGAINST_IT,
	[REASON_ADDRESS_INVALID] = AGAINST_IT,
	[REASON_DOMAIN_UNKNOWN] = AGAINST_ALL,
	[REASON_DOMAIN_NO_MAIL] = AGAINST_ALL,
	[REASON_NETWORK_ERROR] = AGAINST_ALL,
	[REASON_EXPIRED] = AGAINST_ALL,
	[REASON_RELAY_DENIED] = AGAINST_ALL,
	[REASON_DELAYED] = NOTHING,
	[REASON_ALREADY_SUPPRESSED] = NOTHING,
	[REASON_MANUAL] = NOTHING,
};

static enum speaks speaks(int64_t class, int64_t reason)
{
	enum speaks s = reason >= 0 && reason < REASON_COUNT ? speaks_of[reason]
							     : FOR_IT;

	/* While it is still tried nothing is decided. */
	return class == CLASS_DELAY && s != FOR_IT ? NOTHING : s;
}

/* The row of TYPO_FARES, of one address and kind of event. */
static void add_fare(struct query_fare *f, const struct sql *s)
{
	int64_t n = sql_col(s, 3);

	f->lives |= !sql_col_is_null(s, 4);
	if (sql_col_is_null(s, 1))
		return; /* no events: it was imported */
	switch (speaks(sql_col(s, 1), sql_col(s, 2))) {
	case FOR_IT:
		f->lives = true;
		break;
	case AGAINST_ALL:
		f->domain_fails += n;
		f->fails += n;
		break;
	case AGAINST_IT:
		f->fails += n;
		break;
	case NOTHING:
		break;
	}
}

static int read_fares(struct sql *s, struct rows *rows)
{
	struct query_fare *f = NULL;
	int rc;

	while ((rc = sql_row(s)) == 1) {
		struct str local = sql_col_text(s, 0);

		if (!f || !str_eq(f->local, local)) {
			f = rows_add(rows);
			if (!f)
				break;
			f->local = rows_text(rows, local);
		}
		add_fare(f, s);
	}
	sql_end(s);
	if (rc < 0)
		return -1;
	return rc == 1 ? sql_no_memory(s->db) : rows_check(rows, s->db);
}

/* The next page, of addresses behind `after`. */
static int read_page(struct db *db, const struct query_fares *ask,
	struct str after, size_t n, struct rows *rows)
{
	struct sql s = sql_get(db, SQL_TYPO_FARES);

	sql_int(&s, ask->from / DAY << 32);
	sql_int(&s, ask->to / DAY << 32);
	sql_int(&s, ask->required);
	sql_int(&s, ask->domain_id);
	sql_text(&s, after);
	sql_int(&s, (int64_t)n);
	return read_fares(&s, rows);
}

int query_fares(struct db *db, const struct query_fares *ask, query_fare_fn *fn,
	void *arg)
{
	struct rows
		pages[2]; /* the last name of one is in the next's question */
	struct str after = STR("");
	size_t left = ask->most ? ask->most : SIZE_MAX, n, next = FIRST_PAGE;
	int rc, now = 0;

	for (int i = 0; i < 2; i++)
		rows_init(&pages[i], sizeof(struct query_fare));
	do {
		struct rows *page = &pages[now];
		const struct query_fare *f;

		n = left < next ? left : next;
		left -= n;
		next = next < ROWS_PAGE / 8 ? next * 8 : ROWS_PAGE;
		rows_reset(page);
		rc = read_page(db, ask, after, n, page);
		f = page->items;
		for (size_t i = 0; !rc && i < page->n; i++)
			rc = fn(arg, &f[i]);
		if (page->n == n)
			after = f[n - 1].local;
		else
			left = 0;
		now = !now;
	} while (!rc && left);
	for (int i = 0; i < 2; i++)
		rows_release(&pages[i]);
	return rc;
}

/* --- what was sent there ------------------------------------------------- */

#define RETURNS 7 /* days in which what was sent comes back */

int query_domain_sent(struct db *db, struct str domain,
	const struct query_fares *ask, struct query_sent *out)
{
	struct sql s = sql_get(db, SQL_TYPO_SENT);
	int64_t first = 0, last = 0, end = ask->to / DAY;
	int rc;

	*out = (struct query_sent){0};
	sql_text(&s, domain);
	sql_int(&s, ask->from / HOUR);
	sql_int(&s, ask->to / HOUR);
	rc = sql_row(&s);
	if (rc == 1) {
		first = sql_col(&s, 0);
		last = sql_col(&s, 1);
		out->sent = sql_col(&s, 2);
	}
	sql_end(&s);
	if (rc < 0 || !out->sent)
		return rc < 0 ? -1 : 0;
	if (end > last + 1 + RETURNS)
		end = last + 1 + RETURNS;
	s = sql_get(db, SQL_TYPO_BOUNCED);
	sql_int(&s, ask->domain_id);
	sql_int(&s, first << 32);
	sql_int(&s, end << 32);
	sql_int(&s, ask->required);
	return sql_one(&s, &out->bounced) < 0 ? -1 : 0;
}
