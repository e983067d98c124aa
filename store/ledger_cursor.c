/*
 * Named exports: how far each has come in the change log.
 */
#include "ledger_private.h"
#include "query.h"

static int add(struct ledger *l, const struct query_cursor *c)
{
	struct sql s = sql_get(l->db, SQL_CURSOR_ADD);

	sql_text(&s, c->name);
	sql_int(&s, c->seq);
	sql_int(&s, c->at);
	sql_text(&s, c->format);
	sql_text(&s, c->scope);
	sql_text(&s, c->options);
	return sql_run(&s);
}

static int move(struct ledger *l, const struct query_cursor *c, int64_t was)
{
	struct sql s = sql_get(l->db, SQL_CURSOR_MOVE);

	sql_int(&s, c->seq);
	sql_int(&s, c->at);
	sql_text(&s, c->name);
	sql_int(&s, was);
	return sql_run(&s);
}

int ledger_cursor_place(struct ledger *l, const struct query_cursor *c,
	int64_t was, int (*place)(void *arg), void *arg, bool *moved)
{
	int rc;

	*moved = false;
	if (ledger_begin(l))
		return -1;
	rc = was < 0 ? add(l, c) : move(l, c, was);
	if (!rc)
		*moved = sql_changed(l->db) > 0;
	if (*moved && place && place(arg)) {
		*moved = false;
		ledger_rollback(l);
		return 0;
	}
	return ledger_finish(l, rc);
}

int ledger_cursor_move(struct ledger *l, const struct query_cursor *c,
	int64_t was, bool *moved)
{
	return ledger_cursor_place(l, c, was, NULL, NULL, moved);
}

int ledger_cursor_drop(struct ledger *l, struct str name, bool *found)
{
	struct sql s;
	int rc;

	*found = false;
	if (ledger_begin(l))
		return -1;
	s = sql_get(l->db, SQL_CURSOR_DROP);
	sql_text(&s, name);
	rc = sql_run(&s);
	if (!rc)
		*found = sql_changed(l->db) > 0;
	return ledger_finish(l, rc);
}
