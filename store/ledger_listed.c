/*
 * A platform's list says "do not mail", often without evidence, so it counts;
 * but it knows neither what was corrected here by hand nor that a provider had
 * a bad day. So what is here is asked first, and the newer of the two wins.
 */
#include "ledger_listed.h"

#include "ledger_private.h"

/* One entry and what stands against it. */
struct listing {
	struct ledger *l;
	const struct ledger_listed *e;
	struct ledger_standing st; /* in the scope of the entry */
	struct ledger_listed_result *out;
	int64_t now;
};

static void conclude(const struct listing *w, enum listed_fate fate, int64_t at)
{
	w->out->fate = fate;
	w->out->at = at;
	w->out->incident_id = w->st.incident_id;
}

/* When it was listed, as far as that is known, is later. */
static bool is_newer(const struct listing *w, int64_t than)
{
	return w->e->since > than;
}

/* Without a time, but with an end that is to come. */
static bool is_renewed(const struct listing *w)
{
	return !w->e->since && w->e->expires_at;
}

static bool ends_later(const struct listing *w)
{
	int64_t end = w->st.expires_at;

	return end && (!w->e->expires_at || w->e->expires_at > end);
}

/* 1: what holds everywhere holds here; 0; -1. */
static int is_covered(const struct listing *w)
{
	struct ledger_standing all;

	if (w->st.scope == LEDGER_EVERYWHERE)
		return 0;
	if (ledger_standing_get(
		    w->l, w->st.address_id, LEDGER_EVERYWHERE, &all))
		return -1;
	return all.state == STATE_SUPPRESSED && !all.expires_at;
}

/* By the row of the address in this scope. */
static void look_at_standing(const struct listing *w)
{
	const struct ledger_standing *st = &w->st;
	int64_t confirm_after = w->l->settings->policy.confirm_after;
	bool over = ledger_has_expired(st, w->now);

	if (st->state == STATE_SUPPRESSED && !over)
		conclude(w, ends_later(w) ? LISTED_LONGER : LISTED_ALREADY,
			st->since);
	else if (st->state == STATE_RELEASED)
		conclude(w,
			is_newer(w, st->released_at + LEDGER_LATE)
				? LISTED_AGAIN
				: LISTED_RELEASED,
			st->released_at);
	else if (st->state == STATE_HELD || st->state == STATE_PROBATION)
		conclude(w,
			is_newer(w, st->since + confirm_after) ? LISTED_AGAIN
			: st->state == STATE_HELD && !over     ? LISTED_HELD
							       : LISTED_TRIED,
			st->since);
	else if (st->since)
		conclude(w,
			is_newer(w, st->since) || is_renewed(w) ? LISTED_AGAIN
								: LISTED_ENDED,
			st->since);
	else
		conclude(w, LISTED_NEW, 0);
}

static struct ledger_bounce bounce_of(const struct listing *w)
{
	const struct ledger_listed *e = w->e;

	return (struct ledger_bounce){
		.at = e->since,
		.sent_at = e->since, /* not late: its own time decides */
		.address_id = w->st.address_id,
		.class = CLASS_HARD,
		.reason = e->reason,
		.provider = e->provider,
		.domain = key_domain(e->address_key),
		.rule = e->rule,
		.evidence = e->evidence.p ? e->evidence : str_of("", 0),
	};
}

/* A list made of bounces has a provider's bad days in it. */
static int look_at_incidents(const struct listing *w)
{
	struct ledger_bounce b = bounce_of(w);
	enum policy_window window;
	int64_t id;

	if (!w->e->since || !listed_changes(w->out->fate))
		return 0;
	if (ledger_window(w->l, &b, &window, &id))
		return -1;
	if (window == WINDOW_NONE)
		return 0;
	conclude(w, LISTED_INCIDENT, w->e->since);
	w->out->incident_id = id;
	return 0;
}

/* Who opened since, or not long before, is alive. */
static int look_at_engagement(const struct listing *w)
{
	int64_t at, since = w->e->since ? w->e->since : w->now;

	if (!listed_changes(w->out->fate))
		return 0;
	if (ledger_engaged(w->l, w->st.address_id, &at))
		return -1;
	if (at && since - at <= w->l->settings->policy.engaged)
		conclude(w, LISTED_ENGAGED, at);
	return 0;
}

/* For a suppression that is to hold everywhere. */
static int look_at_scopes(const struct listing *w)
{
	struct sql s;
	int64_t one = 0;
	int rc;

	if (w->out->fate != LISTED_NEW || w->st.scope != LEDGER_EVERYWHERE)
		return 0;
	s = sql_get(w->l->db, SQL_LISTED_SCOPES);
	sql_int(&s, w->st.address_id);
	rc = sql_one(&s, &one);
	if (rc == 1 && one)
		conclude(w, LISTED_WIDER, 0);
	return rc < 0 ? -1 : 0;
}

static int suppress(const struct listing *w)
{
	const struct ledger_listed *e = w->e;
	struct ledger_standing new = w->st;

	new.state = STATE_SUPPRESSED;
	new.reason = e->reason;
	new.cause = CAUSE_IMPORT;
	new.since = e->since && e->since < w->now ? e->since : w->now;
	new.expires_at = e->expires_at;
	new.event_id = 0;
	new.incident_id = 0;
	return ledger_standing_put(w->l, &w->st, &new, e->note, w->now);
}

int ledger_listed_put(struct ledger *l, const struct ledger_listed *e,
	int64_t now, struct ledger_listed_result *out)
{
	int64_t scope = db_label(l->db, e->scope);
	struct listing w = {.l = l, .e = e, .out = out, .now = now};
	struct ledger_who who;
	int covered = 0;

	l->now = now;
	if (scope < 0 || ledger_address(l, e->address_key, e->seen, &who))
		return -1;
	w.st = (struct ledger_standing){.address_id = who.id, .scope = scope};
	if (!who.added && (ledger_standing_get(l, who.id, scope, &w.st) ||
				  (covered = is_covered(&w)) < 0))
		return -1;
	look_at_standing(&w);
	if (covered)
		conclude(&w, LISTED_ALREADY, 0);
	if (e->bounce && (look_at_incidents(&w) || look_at_engagement(&w)))
		return -1;
	if (!who.added && look_at_scopes(&w))
		return -1;
	return listed_changes(out->fate) ? suppress(&w) : 0;
}
