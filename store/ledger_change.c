/*
 * Suppressions and their change log. ledger_standing_put() is the only way to
 * change one, so that the log misses nothing.
 */
#include <stdlib.h>

#include "ledger.h"
#include "ledger_private.h"

#define EXPIRE_BATCH 1000
#define RETAIN_BATCH 10000

int ledger_standing_get(struct ledger *l, int64_t address_id, int64_t scope,
	struct ledger_standing *out)
{
	struct sql s = sql_get(l->db, SQL_SUPPRESSION_FIND);
	int rc;

	*out = (struct ledger_standing){
		.address_id = address_id, .scope = scope};
	sql_int(&s, address_id);
	sql_int(&s, scope);
	rc = sql_row(&s);
	if (rc == 1) {
		out->state = (enum state)sql_col(&s, 0);
		out->reason = (enum verdict_reason)sql_col(&s, 1);
		out->cause = (enum cause)sql_col(&s, 2);
		out->since = sql_col(&s, 3);
		out->expires_at = sql_col(&s, 4);
		out->event_id = sql_col(&s, 5);
		out->released_at = sql_col(&s, 6);
		out->incident_id = sql_col(&s, 7);
		out->seq = sql_col(&s, 8);
		out->event_at = sql_col(&s, 9);
	}
	sql_end(&s);
	return rc < 0 ? -1 : 0;
}

static int put_row(struct ledger *l, const struct ledger_standing *st)
{
	struct sql s = sql_get(l->db, SQL_SUPPRESSION_PUT);

	sql_int(&s, st->address_id);
	sql_int(&s, st->scope);
	sql_int(&s, st->state);
	sql_int(&s, st->reason);
	sql_int(&s, st->seq);
	sql_nonzero(&s, st->expires_at);
	sql_nonzero(&s, st->released_at);
	sql_nonzero(&s, st->incident_id);
	return sql_run(&s);
}

/* What most changes do not have: no row where it has none of it. */
static int add_details(struct ledger *l, const struct ledger_standing *new,
	int64_t prev, struct str note, int64_t now)
{
	int64_t known = new->event_id ? new->event_at : now;
	struct sql s;

	if (!prev && new->since == known && !new->expires_at &&
		!new->incident_id && !note.p)
		return 0;
	s = sql_get(l->db, SQL_DETAIL_ADD);
	sql_int(&s, new->seq);
	sql_nonzero(&s, prev);
	sql_nonzero(&s, new->since == known ? 0 : new->since);
	sql_nonzero(&s, new->expires_at);
	sql_nonzero(&s, new->incident_id);
	sql_text(&s, note);
	return sql_run(&s);
}

/* A row of the log: new follows the change prev, where the state was old.
 * new->seq becomes its number. */
static int add_change(struct ledger *l, enum state old, int64_t prev,
	struct ledger_standing *new, struct str note, int64_t now)
{
	struct ledger_turn turn = {
		.v = {new->scope, old, new->state, new->reason, new->cause},
	};
	struct sql s;

	if (ledger_turn(l, &turn))
		return -1;
	s = sql_get(l->db, SQL_CHANGE_ADD);
	sql_int(&s, now);
	sql_int(&s, new->address_id);
	sql_int(&s, turn.id);
	sql_nonzero(&s, new->event_id);
	if (sql_run(&s))
		return -1;
	new->seq = sql_rowid(l->db);
	return add_details(l, new, prev, note, now);
}

/* What becomes of one whose expiry has come. What was held goes on probation,
 * until its evidence is too old to count. Else the row stays, because the time
 * of a release by hand must not be forgotten. */
static struct ledger_standing expired(
	const struct ledger *l, const struct ledger_standing *st)
{
	int64_t stale_after = l->settings->policy.stale_after;
	struct ledger_standing new = *st;

	new.cause = CAUSE_EXPIRY;
	new.expires_at = 0;
	if (st->state == STATE_HELD) {
		new.state = STATE_PROBATION;
		if (stale_after > 0)
			new.expires_at = st->since + stale_after;
		return new;
	}
	new.state = STATE_ABSENT;
	new.incident_id = 0;
	return new;
}

int ledger_standing_put(struct ledger *l, const struct ledger_standing *old,
	const struct ledger_standing *new, struct str note, int64_t now)
{
	struct ledger_standing put = *new;
	enum state before = old->state;
	int64_t prev = old->seq;

	if (ledger_has_expired(old, now)) {
		struct ledger_standing end = expired(l, old);

		if (add_change(l, before, prev, &end, STR_NULL, now))
			return -1;
		before = end.state;
		prev = end.seq;
	}
	if (add_change(l, before, prev, &put, note, now))
		return -1;
	return put_row(l, &put);
}

/* --- by hand
 * ------------------------------------------------------------------ */

static int hand(struct ledger *l, const struct ledger_hand *h, int64_t now,
	struct ledger_handed *out)
{
	int64_t scope = db_label(l->db, h->scope);
	struct ledger_standing old, new;
	struct ledger_who who;

	if (scope < 0 || ledger_address(l, h->address_key, h->seen, &who) ||
		ledger_standing_get(l, who.id, scope, &old))
		return -1;
	*out = (struct ledger_handed){
		.changed = old.state != h->state || old.cause != CAUSE_HAND,
		.was = old.state,
		.purged = who.purged,
	};
	if (!out->changed)
		return 0;
	new = old;
	new.state = h->state;
	new.reason = REASON_MANUAL;
	new.cause = CAUSE_HAND;
	new.since = now;
	new.expires_at = 0;
	new.event_id = 0;
	new.incident_id = 0;
	new.released_at = h->state == STATE_RELEASED ? now : 0;
	return ledger_standing_put(l, &old, &new, h->note, now);
}

int ledger_hand(struct ledger *l, const struct ledger_hand *h, int64_t now,
	struct ledger_handed *out)
{
	*out = (struct ledger_handed){.changed = false};
	if (ledger_begin(l))
		return -1;
	return ledger_finish(l, hand(l, h, now, out));
}

/* --- by time
 * ------------------------------------------------------------------ */

/* 1: one has ended; 0: there was none; -1. */
static int expire_one(struct ledger *l, int64_t now)
{
	struct sql s = sql_get(l->db, SQL_EXPIRED);
	struct ledger_standing old, new;
	int64_t address_id = 0, scope = 0;
	int rc;

	sql_int(&s, now);
	rc = sql_row(&s);
	if (rc == 1) {
		address_id = sql_col(&s, 0);
		scope = sql_col(&s, 1);
	}
	sql_end(&s);
	if (rc != 1)
		return rc;
	if (ledger_standing_get(l, address_id, scope, &old))
		return -1;
	new = expired(l, &old);
	if (add_change(l, old.state, old.seq, &new, STR_NULL, now) ||
		put_row(l, &new))
		return -1;
	return 1;
}

/* At most EXPIRE_BATCH of them; *n is raised. 1: there may be more; 0; -1. */
static int expire_batch(struct ledger *l, int64_t now, size_t *n)
{
	size_t done = 0;
	int rc = 1;

	if (ledger_begin(l))
		return -1;
	while (rc == 1 && done < EXPIRE_BATCH) {
		rc = expire_one(l, now);
		if (rc == 1)
			done++;
	}
	if (ledger_finish(l, rc < 0))
		return -1;
	*n += done;
	return rc;
}

int ledger_expire(struct ledger *l, int64_t now, size_t *n)
{
	int rc;

	*n = 0;
	do
		rc = expire_batch(l, now, n);
	while (rc == 1);
	return rc;
}

int ledger_tick(struct ledger *l, int64_t now, struct ledger_ticked *out)
{
	*out = (struct ledger_ticked){0};
	if (ledger_guard_tick(l, now, out) || ledger_sendlog_tick(l, now) ||
		ledger_mailed_tick(l, now) ||
		ledger_expire(l, now, &out->ended))
		return -1;
	return ledger_sent_tick(l, now); /* waits best */
}

int ledger_retain(struct ledger *l, int64_t before, size_t *n)
{
	struct sql s;
	int rc;

	*n = 0;
	if (ledger_begin(l))
		return -1;
	s = sql_get(l->db, SQL_EVIDENCE_DROP);
	sql_int(&s, ledger_first_id(before > 0 ? before / LEDGER_DAY : 0));
	sql_int(&s, RETAIN_BATCH);
	rc = sql_run(&s);
	if (!rc)
		*n = (size_t)sql_changed(l->db);
	return ledger_finish(l, rc);
}

int ledger_status(
	struct ledger *l, const char *name, const char *value, int64_t now)
{
	struct sql s;

	if (ledger_begin(l))
		return -1;
	s = sql_get(l->db, SQL_STATUS_PUT);
	sql_text(&s, str_from(name));
	sql_text(&s, str_from(value));
	sql_int(&s, now);
	return ledger_finish(l, sql_run(&s));
}

/* --- by hand, many of them
 * ------------------------------------------------------------------ */

int ledger_hand_put(struct ledger *l, const struct ledger_hand *h, int64_t now,
	struct ledger_handed *out)
{
	l->now = now;
	*out = (struct ledger_handed){.changed = false};
	return hand(l, h, now, out);
}
