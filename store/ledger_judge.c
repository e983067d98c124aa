/*
 * What follows from an event: its history is read, policy decides, and the row
 * of the address is changed. A state is what policy makes of all events, so an
 * address can also be looked at again without a new one.
 */
#include <string.h>

#include "ledger_private.h"
#include "query.h"

/* A label into buf. */
static int label_text(
	struct ledger *l, int64_t id, char buf[256], struct str *out)
{
	struct sql s = sql_get(l->db, SQL_LABEL_TEXT);
	struct str text = STR_NULL;
	int rc;

	sql_int(&s, id);
	rc = sql_row(&s);
	if (rc == 1)
		text = sql_col_text(&s, 0);
	if (text.n > 255)
		text.n = 255;
	if (text.n)
		memcpy(buf, text.p, text.n);
	*out = str_of(buf, text.n);
	sql_end(&s);
	return rc < 0 ? -1 : 0;
}

/* The window of an event that is in the database. */
static int find_window(struct ledger *l, const struct sql *s, struct str domain,
	struct policy_event *e, int64_t *incident)
{
	struct ledger_bounce b = {
		.at = e->at,
		.sent_at = e->sent_at,
		.event_id = sql_col(s, 0),
		.class = e->class,
		.reason = e->reason,
		.domain = domain,
	};
	char provider[256], rule[256];
	int covered;

	*incident = 0;
	covered = ledger_window_at(l, e->sent_at, e->at);
	if (covered <= 0)
		return covered;
	if (label_text(l, sql_col(s, 9), provider, &b.provider) ||
		label_text(l, sql_col(s, 10), rule, &b.rule))
		return -1;
	return ledger_window(l, &b, &e->window, incident);
}

/* A row of HISTORY. own and never are of the address, not of the event. */
static struct policy_event history_event(const struct sql *s)
{
	int64_t at = ledger_event_at(sql_col(s, 0), sql_col(s, 1));
	int64_t flags = sql_col(s, 5);

	return (struct policy_event){
		.at = at,
		.sent_at = sql_col_is_null(s, 2) ? 0 : at - sql_col(s, 2),
		.class = (enum verdict_class)sql_col(s, 3),
		.reason = (enum verdict_reason)sql_col(s, 4),
		.origin = (enum origin)sql_col(s, 6),
		.weak = flags & EVENT_WEAK,
		.forwarded = flags & EVENT_FORWARDED,
	};
}

/* The newest events of the address in this scope. */
static int read_history(struct ledger *l, const struct ledger_standing *st,
	struct str domain, struct policy_history *h)
{
	struct sql s = sql_get(l->db, SQL_HISTORY);
	size_t n = 0;
	int rc;

	sql_int(&s, st->address_id);
	sql_int(&s, POLICY_HISTORY);
	while ((rc = sql_row(&s)) == 1 && n < POLICY_HISTORY) {
		if (ledger_scope(sql_col(&s, 3), sql_col(&s, 7),
			    sql_col(&s, 8)) != st->scope)
			continue;
		l->history[n] = history_event(&s);
		l->history_id[n] = sql_col(&s, 0);
		if (find_window(l, &s, domain, &l->history[n],
			    &l->history_incident[n])) {
			rc = -1;
			break;
		}
		if (st->event_id && st->event_id == l->history_id[n])
			h->decider = (int)n;
		n++;
	}
	sql_end(&s);
	h->events = l->history;
	h->n = n;
	return rc < 0 ? -1 : 0;
}

static enum state state_now(const struct ledger_standing *st, int64_t now)
{
	if (!ledger_has_expired(st, now))
		return st->state;
	return st->state == STATE_HELD ? STATE_PROBATION : STATE_ABSENT;
}

static struct policy_history history_of(
	const struct ledger_standing *st, int64_t now)
{
	return (struct policy_history){
		.state = state_now(st, now),
		.cause = st->cause,
		.reason = st->reason,
		.since = st->since,
		.expires_at = st->expires_at,
		.released_at = st->released_at,
		.decider = -1,
	};
}

/* What the row becomes by this decision, which changes it. this_* is of the
 * new event. */
static struct ledger_standing apply(const struct ledger *l,
	const struct ledger_standing *old, const struct decision *d,
	int64_t this_id, int64_t this_at, int64_t this_incident)
{
	struct ledger_standing new = *old;

	new.state = d->state;
	new.reason = d->reason;
	new.since = d->since;
	new.expires_at = d->expires_at;
	new.event_id = d->by == POLICY_THIS ? this_id : l->history_id[d->by];
	new.event_at = d->by == POLICY_THIS ? this_at : l->history[d->by].at;
	new.incident_id = 0;
	if (d->state != STATE_SUPPRESSED)
		new.incident_id = d->by == POLICY_THIS
					  ? this_incident
					  : l->history_incident[d->by];
	new.cause = new.incident_id ? CAUSE_INCIDENT : CAUSE_POLICY;
	return new;
}

/* --- engaged -------------------------------------------------------------- */

int ledger_has_rows(
	struct ledger *l, enum sql_id exists, enum ledger_presence *is)
{
	struct sql s;
	int64_t n = 0;

	if (*is == LEDGER_NOT_ASKED) {
		s = sql_get(l->db, exists);
		if (sql_one(&s, &n) < 0)
			return -1;
		*is = n ? LEDGER_FILLED : LEDGER_EMPTY;
	}
	return *is == LEDGER_FILLED;
}

int ledger_engaged(struct ledger *l, int64_t address_id, int64_t *at)
{
	int rc = ledger_has_rows(l, SQL_ENGAGED_ANY, &l->engaged);
	struct sql s;

	*at = 0;
	if (rc <= 0 || !address_id || l->settings->policy.engaged <= 0)
		return rc < 0 ? -1 : 0;
	s = sql_get(l->db, SQL_ENGAGED_FIND);
	sql_int(&s, address_id);
	return sql_one(&s, at) < 0 ? -1 : 0;
}

/* --- judging -------------------------------------------------------------- */

/* A verdict about nobody: what stands against it, if anything does. */
static enum fate fate_of_nobody(
	const struct ledger *l, const struct ledger_case *c)
{
	const struct policy_history nothing = {
		.state = STATE_ABSENT, .decider = -1};
	struct decision d = policy_decide(
		&l->settings->policy, &nothing, &c->event, c->now);

	switch (d.fate) {
	case FATE_OWN:
	case FATE_CLASS:
	case FATE_OFF:
	case FATE_STALE:
	case FATE_UNVERIFIED:
		return d.fate;
	default:
		return FATE_NO_RECIPIENT;
	}
}

/* Whether incidents and engagement can make a difference to it. */
static bool is_guarded(const struct ledger_case *c)
{
	return (c->event.class == CLASS_HARD || c->event.class == CLASS_SOFT) &&
	       !c->event.own && !c->event.never;
}

static int look_up(struct ledger *l, struct ledger_case *c, int64_t *incident,
	int64_t *engaged_at)
{
	int64_t within = l->settings->policy.engaged;

	*incident = *engaged_at = 0;
	if (!is_guarded(c))
		return 0;
	if (ledger_window(l, &c->bounce, &c->event.window, incident) ||
		ledger_engaged(l, c->address_id, engaged_at))
		return -1;
	c->bounce.engaged = *engaged_at && c->event.at - *engaged_at <= within;
	return 0;
}

/* What the guard judges by: what could have suppressed. */
static int count(struct ledger *l, const struct ledger_case *c, enum fate fate)
{
	if (!l->settings->guard || c->event.class != CLASS_HARD ||
		fate == FATE_OWN || fate == FATE_OFF || fate == FATE_STALE ||
		fate == FATE_UNVERIFIED)
		return 0;
	return ledger_guard_count(l, &c->bounce);
}

static int decide(struct ledger *l, const struct ledger_case *c,
	int64_t incident, int64_t engaged_at, enum fate *fate)
{
	const struct policy_settings *policy = &l->settings->policy;
	struct ledger_standing new,
		st = {.address_id = c->address_id, .scope = c->scope};
	struct policy_history h;
	struct decision d;
	bool is_new = c->bounce.address_added;

	if (!is_new && ledger_standing_get(l, c->address_id, c->scope, &st))
		return -1;
	h = history_of(&st, c->now);
	h.engaged_at = engaged_at;
	if (!is_new && policy_needs_events(policy, &h, &c->event, c->now) &&
		read_history(l, &st, c->bounce.domain, &h))
		return -1;
	d = policy_decide(policy, &h, &c->event, c->now);
	*fate = d.fate;
	if (d.state == STATE_ABSENT)
		return 0;
	new = apply(l, &st, &d, c->event_id, c->event.at, incident);
	return ledger_standing_put(l, &st, &new, STR_NULL, c->now);
}

int ledger_judge(struct ledger *l, struct ledger_case *c, enum fate *fate)
{
	int64_t incident, engaged_at;

	if (!c->address_id) {
		*fate = fate_of_nobody(l, c);
		return count(l, c, *fate);
	}
	if (look_up(l, c, &incident, &engaged_at) ||
		decide(l, c, incident, engaged_at, fate))
		return -1;
	return count(l, c, *fate);
}

static int domain_of(
	struct ledger *l, int64_t address_id, char buf[], struct str *domain)
{
	struct sql s = sql_get(l->db, SQL_ADDRESS_DOMAIN);
	struct str text = STR_NULL;
	int rc;

	sql_int(&s, address_id);
	rc = sql_row(&s);
	if (rc == 1)
		text = sql_col_text(&s, 0);
	if (text.n > LEDGER_ADDRESS)
		text.n = LEDGER_ADDRESS;
	if (text.n)
		memcpy(buf, text.p, text.n);
	*domain = str_of(buf, text.n);
	sql_end(&s);
	return rc < 0 ? -1 : 0;
}

int ledger_review(struct ledger *l, const struct ledger_standing *from,
	int64_t now, struct ledger_standing *new, bool *changed)
{
	struct policy_history h = history_of(from, now);
	char buf[LEDGER_ADDRESS];
	struct decision d;
	struct str domain;

	*changed = false;
	*new = *from;
	if (domain_of(l, from->address_id, buf, &domain) ||
		ledger_engaged(l, from->address_id, &h.engaged_at) ||
		read_history(l, from, domain, &h))
		return -1;
	d = policy_review(&l->settings->policy, &h, now);
	if (d.state == STATE_ABSENT)
		return 0;
	*new = apply(l, from, &d, 0, 0, 0);
	*changed = true;
	return 0;
}
