/*
 * An incident is told: its row, and all that policy suppressed in it so far is
 * held.
 */
#include <stdio.h>

#include "ledger_guard_private.h"

#define NOTE 256

/* Of the same bucket, not longer ago than a day: the same incident goes on. */
static const struct guard_incident *before(const struct ledger_guard *g,
	enum incident_kind kind, struct str name, int64_t from)
{
	const struct guard_incident *found = NULL;

	for (size_t i = 0; i < g->incidents_n; i++) {
		const struct guard_incident *in = &g->incidents[i];

		if (in->kind == kind && in->cause == INCIDENT_DETECTED &&
			str_eq(str_of(in->name, in->name_n), name) &&
			in->to != INT64_MAX &&
			from < in->to + INCIDENT_WINDOW * GUARD_HOUR &&
			(!found || in->to > found->to))
			found = in;
	}
	return found;
}

/* The first event of the bucket's hour is its beginning, but what cannot be
 * told apart may have begun anywhere in the hour. */
static struct ledger_incident row_of(const struct incident_series *s,
	struct str name, const struct incident_result *r, int64_t now)
{
	return (struct ledger_incident){
		.kind = s->kind,
		.name = name,
		.cause = INCIDENT_DETECTED,
		.state = INCIDENT_OPEN,
		.from = incident_begin(s, r) * GUARD_HOUR,
		.opened_at = now,
		.events = r->n,
		.engaged = r->engaged,
		.usual = r->usual,
	};
}

/* What told it, and the stream that bounces most in it: the cause may be an
 * import. */
static int tell(struct ledger *l, const struct ledger_incident *in,
	const struct incident_result *r, char buf[NOTE], struct str *note)
{
	struct sql s = sql_get(l->db, SQL_GUARD_STREAM);
	struct str stream = STR_NULL;
	int rc, n;

	sql_int(&s, ledger_first_id(in->from / LEDGER_DAY));
	sql_int(&s, ledger_first_id(r->hour / 24 + 1));
	sql_int(&s, in->from);
	sql_int(&s, in->kind);
	sql_text(&s, in->name);
	sql_text(&s, in->name);
	rc = sql_row(&s);
	if (rc == 1)
		stream = sql_col_text(&s, 0);
	n = snprintf(buf, NOTE,
		"%s: %u in %d h where %.1f are usual, %.0f at most; %u of them "
		"engaged; p %.0e%s%.*s",
		incident_why_word(r->why), r->n, r->hours, r->usual, r->highest,
		r->engaged, r->p, stream.n ? "; stream " : "",
		(int)(stream.n < 64 ? stream.n : 64), stream.n ? stream.p : "");
	sql_end(&s);
	*note = str_of(buf, n > 0 && n < NOTE ? (size_t)n : 0);
	return rc < 0 ? -1 : 0;
}

static int reopen(struct ledger *l, const struct guard_incident *old,
	struct ledger_incident *in)
{
	struct sql s = sql_get(l->db, SQL_GUARD_REOPEN);

	in->id = old->id;
	if (old->from < in->from)
		in->from = old->from;
	sql_int(&s, in->from);
	sql_int(&s, in->id);
	if (sql_run(&s))
		return -1;
	ledger_window_forget(l);
	return 0;
}

int ledger_guard_trip(struct ledger *l, const struct incident_series *s,
	struct str name, const struct incident_result *r, int64_t now)
{
	struct ledger_guard *g = l->guard;
	char buf[NOTE];
	struct ledger_incident in = row_of(s, name, r, now);
	const struct guard_incident *old = before(g, s->kind, name, in.from);
	int64_t held;

	if (tell(l, &in, r, buf, &in.note))
		return -1;
	/* What people have decided stays: what comes now is another one. */
	if (old && old->state != INCIDENT_CLOSED && in.from < old->to) {
		in.from = old->to;
		old = NULL;
	}
	if (old && old->state == INCIDENT_CLOSED ? reopen(l, old, &in)
						 : ledger_incident_add(l, &in))
		return -1;
	g->opened++;
	ledger_guard_incidents_forget(l);
	if (ledger_guard_incidents(l))
		return -1;
	if (s->kind != INCIDENT_PROVIDER && s->kind != INCIDENT_DOMAIN)
		return 0;
	return ledger_incident_hold(l, &in, now, &held);
}
