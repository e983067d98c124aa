/*
 * What the daemon tells of itself beyond `status`: troubles for the report,
 * and a row of `status` that only one of several may change.
 */
#include "ledger_trouble.h"

#include "ledger_private.h"
#include "query.h"
#include "utf8.h"

/* What comes back so soon was never over. */
#define AGAIN_WITHIN 3600
#define KEPT         500 /* rows */
#define DETAIL_MAX   400 /* bytes */

static int again(struct ledger *l, const struct ledger_trouble *t, int64_t now)
{
	struct sql s = sql_get(l->db, SQL_TROUBLE_AGAIN);

	sql_text(&s, t->detail);
	sql_nonzero(&s, t->lasts ? 0 : now);
	sql_text(&s, t->what);
	sql_int(&s, now - AGAIN_WITHIN);
	return sql_run(&s);
}

static int add(struct ledger *l, const struct ledger_trouble *t, int64_t now)
{
	struct sql s = sql_get(l->db, SQL_TROUBLE_ADD);

	sql_text(&s, t->what);
	sql_text(&s, t->detail);
	sql_int(&s, now);
	sql_nonzero(&s, t->lasts ? 0 : now);
	if (sql_run(&s))
		return -1;
	s = sql_get(l->db, SQL_TROUBLE_DROP);
	sql_int(&s, KEPT);
	return sql_run(&s);
}

int ledger_trouble(
	struct ledger *l, const struct ledger_trouble *t, int64_t now)
{
	struct ledger_trouble cut = *t;
	int rc;

	cut.detail = utf8_cut(t->detail, DETAIL_MAX);
	if (ledger_begin(l))
		return -1;
	rc = again(l, &cut, now);
	if (!rc && !sql_changed(l->db))
		rc = add(l, &cut, now);
	return ledger_finish(l, rc);
}

int ledger_trouble_over(struct ledger *l, struct str what, int64_t now)
{
	struct sql s;

	if (ledger_begin(l))
		return -1;
	s = sql_get(l->db, what.p ? SQL_TROUBLE_END : SQL_TROUBLE_END_ALL);
	sql_int(&s, now);
	if (what.p)
		sql_text(&s, what);
	return ledger_finish(l, sql_run(&s));
}

int ledger_status_swap(struct ledger *l, const struct ledger_swap *w,
	int64_t now, bool *swapped)
{
	struct sql s;
	int rc;

	*swapped = false;
	if (ledger_begin(l))
		return -1;
	s = sql_get(l->db, w->was ? SQL_STATUS_SWAP : SQL_STATUS_ADD);
	sql_text(&s, str_from(w->value));
	sql_int(&s, now);
	sql_text(&s, str_from(w->name));
	if (w->was)
		sql_text(&s, str_from(w->was));
	rc = sql_run(&s);
	if (!rc)
		*swapped = sql_changed(l->db) > 0;
	return ledger_finish(l, rc);
}
