/*
 * What time does to incidents: they close when an hour was ordinary again, and
 * a day later it can be told whether one was an import. By event time while a
 * backlog is read, by the clock otherwise.
 */
#include "ledger_guard_private.h"

#define LONGEST  72 /* hours: what lasts longer is how things are now */
#define GIVEN_UP (3 * GUARD_DAY)
#define KEPT     (75 * GUARD_DAY)

static int put(struct ledger *l, const struct guard_incident *in,
	enum incident_state state, int64_t to, int64_t now)
{
	struct sql s = sql_get(l->db, SQL_GUARD_CLOSE);

	sql_int(&s, state);
	sql_int(&s, to);
	sql_int(&s, now);
	sql_int(&s, in->id);
	if (sql_run(&s))
		return -1;
	ledger_window_forget(l);
	return 0;
}

/* What was counted in it. */
static int recount(struct ledger *l, const struct guard_incident *in,
	const struct incident_series *s)
{
	struct sql q = sql_get(l->db, SQL_GUARD_RECOUNT);
	int64_t n = 0, engaged = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->h[i].hour * GUARD_HOUR >= in->from &&
			s->h[i].hour * GUARD_HOUR < in->to) {
			n += s->h[i].n;
			engaged += s->h[i].engaged;
		}
	sql_int(&q, n);
	sql_int(&q, engaged);
	sql_int(&q, in->id);
	return sql_run(&q);
}

/* hour: what has passed. It is over an hour after the last of its hours. */
static int close_one(struct ledger *l, const struct guard_incident *in,
	int64_t hour, int64_t now, bool *closed)
{
	const struct guard_bucket b = {
		in->kind, str_of(in->name, in->name_n), STR_NULL};
	struct incident_series s;
	int64_t end;

	if (ledger_guard_series(l, &b, hour, &s) || recount(l, in, &s))
		return -1;
	end = incident_end(&s, in->from / GUARD_HOUR, hour);
	if (end > in->from / GUARD_HOUR + LONGEST)
		end = in->from / GUARD_HOUR + LONGEST;
	*closed = hour >= end;
	return *closed ? put(l, in, INCIDENT_CLOSED, end * GUARD_HOUR, now) : 0;
}

/*
 * A day old and not decided by anybody. It may have been told long after it
 * began, and by the clock of a night in which a backlog is read.
 */
static bool is_due(const struct guard_incident *in, int64_t hour)
{
	int64_t from = in->from / GUARD_HOUR;
	int64_t told = in->opened_at / GUARD_HOUR - 2;

	if (told > from + GUARD_DAY)
		told = from + GUARD_DAY;
	if (told < from)
		told = from;
	return in->kind <= INCIDENT_DOMAIN && in->cause == INCIDENT_DETECTED &&
	       in->state <= INCIDENT_CLOSED && hour >= told + GUARD_DAY &&
	       hour < told + 7 * GUARD_DAY;
}

/* Nobody has told yet how much was sent in it: the log of a day comes in the
 * night after it. Who told nothing for days has given it up. */
static bool is_untold(const struct ledger_guard *g, int64_t to, int64_t hour)
{
	return g->sends && g->untold_from && to > g->untold_from &&
	       hour < g->untold_from + GIVEN_UP;
}

static int decide(struct ledger *l, const struct guard_incident *in,
	int64_t hour, int64_t now, bool *decided, size_t *confirmed)
{
	int64_t to = in->to == INT64_MAX ? hour * GUARD_HOUR : in->to;
	const struct ledger_incident held = {.id = in->id};
	const struct guard_bucket b = {
		in->kind, str_of(in->name, in->name_n), STR_NULL};
	struct incident_series s;
	int64_t n = 0;

	if (is_untold(l->guard, to / GUARD_HOUR, hour))
		return 0;
	if (ledger_guard_series(l, &b, hour, &s))
		return -1;
	if (!incident_is_import(
		    &s, in->from / GUARD_HOUR, (to - 1) / GUARD_HOUR))
		return 0;
	if (put(l, in, INCIDENT_IMPORT, to, now) ||
		ledger_incident_suppress(l, &held,
			str_from("an import: the others rose, too"), now, &n))
		return -1;
	*confirmed += (size_t)n;
	*decided = true;
	return 0;
}

/* 1: an incident has changed, the list is no longer true. */
static int close_next(
	struct ledger *l, int64_t hour, int64_t now, struct ledger_ticked *out)
{
	struct ledger_guard *g = l->guard;

	for (size_t i = 0; i < g->incidents_n; i++) {
		struct guard_incident *in = &g->incidents[i];
		size_t confirmed = 0;
		bool closed = false;

		if (in->state == INCIDENT_OPEN &&
			in->cause == INCIDENT_DETECTED &&
			close_one(l, in, hour, now, &closed))
			return -1;
		if (is_due(in, hour) &&
			decide(l, in, hour, now, &closed, &confirmed))
			return -1;
		if (out)
			out->closed += closed, out->confirmed += confirmed;
		if (closed) {
			ledger_guard_incidents_forget(l);
			return 1;
		}
	}
	return 0;
}

int ledger_guard_close(
	struct ledger *l, int64_t at, int64_t now, struct ledger_ticked *out)
{
	int rc;

	do {
		if (ledger_guard_incidents(l))
			return -1;
		rc = close_next(l, at / GUARD_HOUR, now, out);
	} while (rc == 1);
	return rc;
}

/* Hours too old to tell what is usual, when the newest is that much later. */
static int prune(struct ledger *l, int64_t now)
{
	struct sql s = sql_get(l->db, SQL_GUARD_NEWEST);
	int64_t newest = 0;

	if (sql_one(&s, &newest) < 0)
		return -1;
	if (newest > now / GUARD_HOUR)
		newest = now / GUARD_HOUR;
	s = sql_get(l->db, SQL_GUARD_PRUNE);
	sql_int(&s, newest - KEPT);
	ledger_guard_all_forget(l);
	return sql_run(&s);
}

static int tick(struct ledger *l, int64_t now, struct ledger_ticked *out)
{
	struct ledger_guard *g = l->guard;
	bool new_day = g->ticked / GUARD_DAY != now / GUARD_HOUR / GUARD_DAY;

	/* This process may have counted nothing so far, while others wrote. */
	if (ledger_guard_look(l) || ledger_guard_sends(l) ||
		ledger_guard_close(l, now, now, out))
		return -1;
	if (new_day && prune(l, now))
		return -1;
	g->ticked = now / GUARD_HOUR;
	return 0;
}

int ledger_guard_tick(struct ledger *l, int64_t now, struct ledger_ticked *out)
{
	struct ledger_guard *g = l->guard;

	out->opened = g->opened;
	g->opened = 0;
	if (!l->settings->guard || g->ticked == now / GUARD_HOUR)
		return 0;
	if (ledger_begin(l))
		return -1;
	return ledger_finish(l, tick(l, now, out));
}
