/*
 * How much was sent in the weeks of query_series.h, of all names of a kind: in
 * pages, so that no transaction lasts.
 */
#include "ledger_sent.h"
#include "query_private.h"
#include "query_series.h"

#define HOUR 3600
/* Hours in one transaction: more than one name has in the weeks. */
#define SENT_PAGE 10000

/* A name's weeks: read before its id is asked for. */
struct sent_row {
	struct str name;
	struct query_series_sent sent;
};

/* A page of names from `from` on. 1: there may be more of the last one. */
static int list_sent(struct db *db, const struct query_series_sent_ask *ask,
	struct str from, struct rows *rows)
{
	struct sql s = sql_get(db, SQL_SERIES_SENT);
	int64_t end = ask->to / HOUR, length = (int64_t)ask->days * 24;
	int n = 0, rc;

	sql_int(&s, ask->kind);
	sql_text(&s, from);
	sql_int(&s, end - ask->weeks * length);
	sql_int(&s, end);
	sql_int(&s, SENT_PAGE);
	for (; (rc = sql_row(&s)) == 1; n++) {
		struct str name = sql_col_text(&s, 0);
		struct sent_row *row = (struct sent_row *)rows->items;

		row = rows->n ? &row[rows->n - 1] : NULL;
		if (!row || !str_eq(row->name, name)) {
			row = rows_add(rows);
			if (!row)
				break;
			row->name = rows_text(rows, name);
			if (!row->name.p)
				row->name = str_of("", 0);
		}
		row->sent.weeks[(end - 1 - sql_col(&s, 1)) / length] +=
			sql_col(&s, 2);
	}
	sql_end(&s);
	if (rc == 1)
		return sql_no_memory(db);
	if (rc < 0 || rows_check(rows, db))
		return -1;
	return n == SENT_PAGE;
}

/* 1, or 0 where no bounce has the name; -1. */
static int find_id(struct db *db, int kind, struct str name, int64_t *id)
{
	if (kind == LEDGER_SENT_UNCLAIMED) {
		*id = str_eq(name, ledger_sent_unclaimed(INCIDENT_DOMAIN))
			      ? INCIDENT_DOMAIN
			      : INCIDENT_PROVIDER;
		return 1;
	}
	if (kind == INCIDENT_ALL)
		return 1;
	return query_name_find(db, kind == INCIDENT_DOMAIN, name, id);
}

static int tell_sent(struct db *db, const struct query_series_sent_ask *ask,
	struct rows *rows, size_t n, query_series_sent_fn *fn, void *arg)
{
	struct sent_row *row = rows->items;
	int rc = 0;

	for (size_t i = 0; !rc && i < n; i++) {
		int known =
			find_id(db, ask->kind, row[i].name, &row[i].sent.id);

		if (known < 0)
			return -1;
		if (known)
			rc = fn(arg, &row[i].sent);
	}
	return rc;
}

int query_series_sent(struct db *db, const struct query_series_sent_ask *ask,
	query_series_sent_fn *fn, void *arg)
{
	struct rows pages[2]; /* the last name of one begins the next */
	struct str from = str_of("", 0);
	int more = 1, rc = 0;

	rows_init(&pages[0], sizeof(struct sent_row));
	rows_init(&pages[1], sizeof(struct sent_row));
	for (int i = 0; !rc && more > 0; i = !i) {
		const struct sent_row *last;

		rows_reset(&pages[i]);
		more = list_sent(db, ask, from, &pages[i]);
		if (more < 0 || !pages[i].n) {
			rc = more;
			break;
		}
		/* The last name of a full page may go on behind it. */
		rc = tell_sent(
			db, ask, &pages[i], pages[i].n - (size_t)more, fn, arg);
		last = pages[i].items;
		from = last[pages[i].n - 1].name;
	}
	rows_release(&pages[0]);
	rows_release(&pages[1]);
	return rc;
}
