/*
 * What people do with an incident, or with a window of time: confirm, release,
 * mark. All of it is one transaction, and a dry run is the same rolled back, so
 * that what is foretold is what comes.
 */
#include <string.h>

#include "ledger_private.h"

/* A walk over the bounces of a window. */
struct walk {
	struct ledger *l;
	struct ledger_span span;
	int64_t now;
	struct str note;
	int64_t released_at; /* by a release: what counts afterwards */
	enum cause cause;
	struct str domain; /* absent: any */
	struct ledger_undo *out;
};

/* A bounce of the window, and the state that it decided; ABSENT: none. */
typedef int walk_fn(struct walk *w, const struct ledger_bounce *b,
	enum state state, enum cause cause);

static int64_t day_id(int64_t at)
{
	return ledger_first_id(at > 0 ? at / LEDGER_DAY : 0);
}

static int walk_row(struct walk *w, const struct sql *s, walk_fn *fn)
{
	struct str provider = sql_col_text(s, 5), rule = sql_col_text(s, 6);
	const struct ledger_bounce b = {
		.event_id = sql_col(s, 0),
		.at = sql_col(s, 1),
		.sent_at = sql_col(s, 10),
		.address_id = sql_col(s, 2),
		.class = (enum verdict_class)sql_col(s, 3),
		.reason = (enum verdict_reason)sql_col(s, 4),
		.provider = provider,
		.rule = rule,
		.domain = sql_col_text(s, 7),
	};

	if (!ledger_span_covers(w->l, &w->span, &b))
		return 0;
	return fn(w, &b, (enum state)sql_col(s, 8), (enum cause)sql_col(s, 9));
}

static int walk(struct walk *w, walk_fn *fn)
{
	struct sql s = sql_get(w->l->db, SQL_BOUNCE_LIST);
	int64_t to =
		w->span.to == INT64_MAX ? INT64_MAX : w->span.to + w->span.late;
	int rc;

	sql_int(&s, day_id(w->span.from));
	sql_int(&s, to == INT64_MAX ? INT64_MAX
				    : day_id(to - 1) + ledger_first_id(1));
	sql_int(&s, w->span.from);
	sql_int(&s, to);
	while ((rc = sql_row(&s)) == 1)
		if (walk_row(w, &s, fn)) {
			rc = -1;
			break;
		}
	sql_end(&s);
	return rc;
}

/* Whether events made this state, not a hand or an import. */
static bool is_by_events(enum state state, enum cause cause)
{
	return (state == STATE_SUPPRESSED || state == STATE_HELD ||
		       state == STATE_PROBATION) &&
	       cause != CAUSE_HAND && cause != CAUSE_IMPORT;
}

/* --- hold ----------------------------------------------------------------- */

static int hold_one(struct walk *w, const struct ledger_bounce *b,
	enum state state, enum cause cause)
{
	struct ledger_standing old, new;
	bool changed;

	w->out->events++;
	if (state != STATE_SUPPRESSED || cause != CAUSE_POLICY)
		return 0;
	if (ledger_standing_get(w->l, b->address_id, LEDGER_EVERYWHERE, &old) ||
		ledger_review(w->l, &old, w->now, &new, &changed))
		return -1;
	if (!changed)
		return 0;
	w->out->held += new.state != STATE_SUPPRESSED;
	return ledger_standing_put(w->l, &old, &new, w->note, w->now);
}

static int hold(struct ledger *l, const struct ledger_incident *i, int64_t now,
	struct ledger_undo *out)
{
	struct walk w = {.l = l, .now = now, .note = i->note, .out = out};
	int rc;

	if (!ledger_span_init(&w.span, i))
		return sql_no_memory(l->db);
	rc = walk(&w, hold_one);
	ledger_span_release(&w.span);
	return rc;
}

int ledger_incident_hold(struct ledger *l, const struct ledger_incident *i,
	int64_t now, int64_t *n)
{
	struct ledger_undo out = {0};
	int rc = hold(l, i, now, &out);

	*n = out.held;
	return rc;
}

/* --- confirm -------------------------------------------------------------- */

/* The suppression that would have been without the guard. */
static struct ledger_standing confirmed(
	const struct ledger *l, const struct ledger_standing *old, int64_t now)
{
	const struct policy_event e = {.at = old->since, .reason = old->reason};
	struct ledger_standing new = *old;

	new.state = STATE_SUPPRESSED;
	new.cause = CAUSE_INCIDENT;
	new.expires_at = policy_expiry(&l->settings->policy, &e);
	if (new.expires_at &&new.expires_at <= now) {
		new.state = STATE_ABSENT;
		new.cause = CAUSE_EXPIRY;
		new.expires_at = 0;
	}
	return new;
}

typedef int standing_fn(struct walk *w, const struct ledger_standing *st);

/* All that an incident holds or held. */
static int walk_standings(struct walk *w, standing_fn *fn)
{
	struct sql s = sql_get(w->l->db, SQL_INCIDENT_STANDINGS);
	struct ledger_standing st;
	int rc;

	sql_int(&s, w->span.id);
	while ((rc = sql_row(&s)) == 1) {
		if (ledger_standing_get(
			    w->l, sql_col(&s, 0), LEDGER_EVERYWHERE, &st) ||
			fn(w, &st)) {
			rc = -1;
			break;
		}
	}
	sql_end(&s);
	return rc;
}

static int suppress_one(struct walk *w, const struct ledger_standing *st)
{
	struct ledger_standing new = confirmed(w->l, st, w->now);

	if (st->state == STATE_SUPPRESSED)
		return 0;
	w->out->suppressed++;
	return ledger_standing_put(w->l, st, &new, w->note, w->now);
}

int ledger_incident_suppress(struct ledger *l, const struct ledger_incident *i,
	struct str note, int64_t now, int64_t *n)
{
	struct ledger_undo out = {0};
	struct walk w = {.l = l,
		.span.id = i->id,
		.now = now,
		.note = note,
		.out = &out};
	int rc = walk_standings(&w, suppress_one);

	*n = out.suppressed;
	return rc;
}

/* --- release -------------------------------------------------------------- */

/* Released, unless another event suppresses or holds it. */
static int release_one(struct walk *w, const struct ledger_standing *old)
{
	struct ledger_standing from = *old, new;
	bool changed;

	from.state = STATE_RELEASED;
	from.reason = w->cause == CAUSE_HAND ? REASON_MANUAL : old->reason;
	from.cause = w->cause;
	from.since = w->now;
	from.expires_at = 0;
	from.event_id = 0;
	if (w->span.id)
		from.incident_id = w->span.id;
	if (from.released_at < w->released_at)
		from.released_at = w->released_at;
	if (ledger_review(w->l, &from, w->now, &new, &changed))
		return -1;
	if (new.state == STATE_RELEASED)
		w->out->released++;
	return ledger_standing_put(w->l, old, &new, w->note, w->now);
}

static int release_bounce(struct walk *w, const struct ledger_bounce *b,
	enum state state, enum cause cause)
{
	struct ledger_standing old;

	if (!is_by_events(state, cause) ||
		(w->domain.n && !str_eq(b->domain, w->domain)))
		return 0;
	if (ledger_standing_get(w->l, b->address_id, LEDGER_EVERYWHERE, &old))
		return -1;
	return release_one(w, &old);
}

static int release_window(struct ledger *l, const struct ledger_incident *i,
	struct str note, int64_t now, struct ledger_undo *out)
{
	struct walk w = {
		.l = l,
		.now = now,
		.note = note,
		.released_at = i->to,
		.cause = CAUSE_INCIDENT,
		.out = out,
	};
	int rc;

	if (!ledger_span_init(&w.span, i))
		return sql_no_memory(l->db);
	rc = walk(&w, release_bounce);
	if (!rc)
		rc = walk_standings(&w, release_one);
	ledger_span_release(&w.span);
	return rc;
}

/* --- the commands --------------------------------------------------------- */

/* End the transaction as it was asked for. */
static int finish(struct ledger *l, int rc, bool dry_run)
{
	if (rc || !dry_run)
		return ledger_finish(l, rc);
	ledger_rollback(l);
	return 0;
}

/* Open it, or not any more: its row with this state. */
static int end_incident(struct ledger *l, struct ledger_incident *i,
	enum incident_state state, struct str note, int64_t now)
{
	i->state = state;
	if (!i->to)
		i->to = now;
	if (!i->closed_at)
		i->closed_at = now;
	if (note.p)
		i->note = note;
	return ledger_incident_put(l, i);
}

static int settle(struct ledger *l, int64_t id, enum incident_state state,
	struct str note, int64_t now, struct ledger_undo *out)
{
	struct ledger_incident i;
	struct str name;
	int rc = ledger_incident_get(l, id, &i);

	*out = (struct ledger_undo){.found = rc == 1, .id = id};
	if (rc != 1)
		return rc;
	name = i.name;
	rc = end_incident(l, &i, state, note, now);
	if (!rc && state == INCIDENT_CONFIRMED)
		rc = ledger_incident_suppress(
			l, &i, note, now, &out->suppressed);
	else if (!rc)
		rc = release_window(l, &i, note, now, out);
	i.name = name;
	ledger_incident_drop(&i);
	return rc;
}

int ledger_incident_confirm(struct ledger *l, int64_t id, struct str note,
	int64_t now, bool dry_run, struct ledger_undo *out)
{
	if (ledger_begin(l))
		return -1;
	return finish(
		l, settle(l, id, INCIDENT_CONFIRMED, note, now, out), dry_run);
}

int ledger_incident_release(struct ledger *l, int64_t id, struct str note,
	int64_t now, bool dry_run, struct ledger_undo *out)
{
	if (ledger_begin(l))
		return -1;
	return finish(
		l, settle(l, id, INCIDENT_RELEASED, note, now, out), dry_run);
}

int ledger_incident_mark(struct ledger *l, const struct ledger_incident *mark,
	int64_t now, bool dry_run, struct ledger_undo *out)
{
	struct ledger_incident i = *mark;
	int rc;

	*out = (struct ledger_undo){.found = true};
	i.cause = INCIDENT_MARKED;
	i.state = INCIDENT_CLOSED;
	i.opened_at = i.closed_at = now;
	i.alerted = INCIDENT_ALERTED_OPEN | INCIDENT_ALERTED_CLOSE;
	if (ledger_begin(l))
		return -1;
	rc = ledger_incident_add(l, &i);
	if (!rc)
		rc = hold(l, &i, now, out);
	i.events = out->events;
	if (!rc)
		rc = ledger_incident_put(l, &i);
	out->id = dry_run ? 0 : i.id;
	return finish(l, rc, dry_run);
}

/* --- a window of time ----------------------------------------------------- */

int ledger_release_where(struct ledger *l, const struct ledger_where *w,
	int64_t now, bool dry_run, struct ledger_undo *out)
{
	const struct ledger_incident i = {
		.kind = w->provider.n ? INCIDENT_PROVIDER : INCIDENT_DOMAIN,
		.name = w->provider.n ? w->provider : w->domain,
		.state = INCIDENT_CLOSED,
		.from = w->from,
		.to = w->to,
		.match = w->match,
	};
	struct walk walker = {
		.l = l,
		.now = now,
		.note = w->note,
		.released_at = now,
		.cause = CAUSE_HAND,
		.domain = w->domain,
		.out = out,
	};
	int rc;

	*out = (struct ledger_undo){.found = true};
	if (ledger_begin(l))
		return -1;
	if (!ledger_span_init(&walker.span, &i))
		return finish(l, sql_no_memory(l->db), dry_run);
	rc = walk(&walker, release_bounce);
	ledger_span_release(&walker.span);
	return finish(l, rc, dry_run);
}
