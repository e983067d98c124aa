/*
 * An event keeps its id, its time and its address; what it was called becomes
 * another kind. Then the state is found anew, as if nothing had followed from
 * the event before.
 */
#include "ledger_replay.h"

#include "ledger_private.h"
#include "query.h"

struct event {
	int64_t at, address_id;
	struct ledger_kind kind;
};

/* 1: it is there; 0; -1. */
static int read_event(struct ledger *l, int64_t id, struct event *e)
{
	struct sql s = sql_get(l->db, SQL_EVENT_GET);
	int rc;

	sql_int(&s, id);
	rc = sql_row(&s);
	if (rc == 1) {
		e->at = sql_col(&s, 0);
		e->address_id = sql_col(&s, 1);
		for (int i = 0; i < KIND_COLUMNS; i++)
			e->kind.v[i] = sql_col(&s, 2 + i);
	}
	sql_end(&s);
	return rc;
}

static int rename_event(
	struct ledger *l, struct event *e, const struct ledger_replay *r)
{
	int64_t provider = db_label(l->db, r->provider);
	int64_t rule = db_label(l->db, r->rule);
	int64_t *v = e->kind.v;
	struct sql s;

	if (provider < 0 || rule < 0 ||
		ledger_count_day(l, e->at, &e->kind, -1))
		return -1;
	v[KIND_CLASS] = r->class;
	v[KIND_REASON] = r->reason;
	v[KIND_STATUS] = ledger_status_number(r->status);
	v[KIND_SMTP] = r->smtp;
	v[KIND_FLAGS] &= ~(int64_t)EVENT_WEAK;
	v[KIND_FLAGS] |= r->weak ? EVENT_WEAK : 0;
	v[KIND_PROVIDER] = provider;
	v[KIND_RULE] = rule;
	if (ledger_kind(l, &e->kind) || ledger_count_day(l, e->at, &e->kind, 1))
		return -1;
	s = sql_get(l->db, SQL_EVENT_RENAME);
	sql_int(&s, e->kind.id);
	sql_int(&s, r->event_id);
	return sql_run(&s);
}

/* --- the state ------------------------------------------------------------ */

static bool is_barred(enum state s)
{
	return s == STATE_SUPPRESSED || s == STATE_HELD || s == STATE_PROBATION;
}

static bool is_decided(const struct ledger_standing *st)
{
	return st->state == STATE_SUPPRESSED &&
	       (st->cause == CAUSE_HAND || st->cause == CAUSE_IMPORT);
}

/* As if no event had decided anything. */
static struct ledger_standing blank(
	const struct ledger_standing *old, int64_t now)
{
	struct ledger_standing st = *old;

	if (!is_barred(old->state))
		return st;
	st.state = old->released_at ? STATE_RELEASED : STATE_ABSENT;
	st.cause = CAUSE_POLICY;
	st.since = now;
	st.expires_at = st.event_id = st.incident_id = 0;
	return st;
}

static bool is_same(
	const struct ledger_standing *a, const struct ledger_standing *b)
{
	return a->state == b->state && a->reason == b->reason &&
	       a->since == b->since && a->expires_at == b->expires_at &&
	       a->event_id == b->event_id;
}

static int settle(struct ledger *l, const struct event *e, int64_t now,
	struct ledger_settled *out)
{
	static const struct str note = STR("judged again by replay");
	struct ledger_standing old, from, new;
	bool changed;

	if (ledger_standing_get(l, e->address_id, LEDGER_EVERYWHERE, &old))
		return -1;
	if (is_decided(&old))
		return 0;
	from = blank(&old, now);
	if (ledger_review(l, &from, now, &new, &changed))
		return -1;
	if (is_same(&new, &old) ||
		(!is_barred(new.state) && !is_barred(old.state)))
		return 0;
	out->suppressed +=
		new.state == STATE_SUPPRESSED &&old.state != STATE_SUPPRESSED;
	out->ended += !is_barred(new.state);
	return ledger_standing_put(l, &old, &new, note, now);
}

int ledger_replay(struct ledger *l, const struct ledger_replay *r, int64_t now,
	struct ledger_settled *out)
{
	struct event e;
	int rc = read_event(l, r->event_id, &e);

	if (rc <= 0)
		return rc;
	if (rename_event(l, &e, r))
		return -1;
	return e.address_id ? settle(l, &e, now, out) : 0;
}
