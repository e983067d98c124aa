/*
 * What the guard's tests are asked with: the hours of a bucket, merged from
 * the tables hours, sent and incidents. The hours of all buckets together are
 * needed with each, so they are kept in memory.
 */
#include <stdlib.h>
#include <string.h>

#include "ledger_guard_private.h"
#include "ledger_sent.h"

#define PAUSE 6 /* hours in which nothing is sent, or nobody told yet */

/* --- incidents ------------------------------------------------------------ */

void ledger_guard_incidents_forget(struct ledger *l)
{
	struct ledger_guard *g = l->guard;

	for (size_t i = 0; i < g->incidents_n; i++)
		free(g->incidents[i].name);
	free(g->incidents);
	g->incidents = NULL;
	g->incidents_n = 0;
	g->incidents_read = false;
}

static bool add_incident(struct ledger_guard *g, const struct sql *s)
{
	struct guard_incident *all =
		realloc(g->incidents, (g->incidents_n + 1) * sizeof(*all));
	struct str name = sql_col_text(s, 2);
	struct guard_incident *in;

	if (!all)
		return false;
	g->incidents = all;
	in = &all[g->incidents_n];
	*in = (struct guard_incident){
		.id = sql_col(s, 0),
		.kind = (enum incident_kind)sql_col(s, 1),
		.state = (enum incident_state)sql_col(s, 3),
		.cause = (enum incident_cause)sql_col(s, 4),
		.from = sql_col(s, 5),
		.to = sql_col(s, 6) ? sql_col(s, 6) : INT64_MAX,
		.opened_at = sql_col(s, 7),
		.name = malloc(name.n + 1),
		.name_n = name.n,
	};
	if (!in->name)
		return false;
	if (name.n)
		memcpy(in->name, name.p, name.n);
	g->incidents_n++;
	return true;
}

int ledger_guard_incidents(struct ledger *l)
{
	struct ledger_guard *g = l->guard;
	struct sql s;
	int rc;

	if (g->incidents_read)
		return 0;
	ledger_guard_incidents_forget(l);
	s = sql_get(l->db, SQL_GUARD_INCIDENTS);
	while ((rc = sql_row(&s)) == 1)
		if (!add_incident(g, &s))
			break;
	sql_end(&s);
	if (rc < 0)
		return -1;
	g->incidents_read = !rc;
	return rc ? sql_no_memory(l->db) : 0;
}

/* --- all ------------------------------------------------------------------ */

void ledger_guard_all_forget(struct ledger *l)
{
	l->guard->all_n = 0;
	l->guard->all_read = false;
}

/* Where hour is, or belongs. */
static size_t find_all(const struct ledger_guard *g, int64_t hour)
{
	size_t low = 0, high = g->all_n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (g->all[mid].hour < hour)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool put_all(struct ledger_guard *g, int64_t hour, uint32_t n)
{
	size_t i = find_all(g, hour);

	if (i < g->all_n && g->all[i].hour == hour) {
		g->all[i].all = n;
		return true;
	}
	if (g->all_n == g->all_room) {
		size_t room = 2 * g->all_room + 2 * INCIDENT_BASELINE;
		struct incident_hour *all =
			realloc(g->all, room * sizeof(*all));

		if (!all)
			return false;
		g->all = all;
		g->all_room = room;
	}
	memmove(&g->all[i + 1], &g->all[i], (g->all_n - i) * sizeof(*g->all));
	g->all[i] = (struct incident_hour){.hour = hour, .all = n};
	g->all_n++;
	return true;
}

static int read_all(struct ledger *l)
{
	struct sql s = sql_get(l->db, SQL_GUARD_HOURS);
	int rc;

	l->guard->all_n = 0;
	sql_int(&s, INCIDENT_ALL);
	sql_text(&s, str_of("", 0));
	sql_int(&s, 0);
	sql_int(&s, INT64_MAX);
	while ((rc = sql_row(&s)) == 1)
		if (!put_all(
			    l->guard, sql_col(&s, 0), (uint32_t)sql_col(&s, 1)))
			break;
	sql_end(&s);
	if (rc < 0)
		return -1;
	l->guard->all_read = !rc;
	return rc ? sql_no_memory(l->db) : 0;
}

int ledger_guard_all(struct ledger *l, int64_t hour, uint32_t n)
{
	if (!l->guard->all_read)
		return read_all(l);
	return put_all(l->guard, hour, n) ? 0 : sql_no_memory(l->db);
}

/* --- one bucket ----------------------------------------------------------- */

/* Rows of a bucket are put into a series, which has the hours of all. */
struct merge {
	struct incident_hour *h;
	size_t n;
	int64_t from, to;
};

static size_t place_of(const struct merge *m, int64_t hour)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (m->h[mid].hour < hour)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct incident_hour *find_row(const struct merge *m, int64_t hour)
{
	size_t i = place_of(m, hour);

	return i < m->n && m->h[i].hour == hour ? &m->h[i] : NULL;
}

/* Made when it is missing; NULL: there is no room. */
static struct incident_hour *row_of(struct merge *m, int64_t hour)
{
	size_t low = place_of(m, hour);

	if (low < m->n && m->h[low].hour == hour)
		return &m->h[low];
	if (m->n == GUARD_SERIES)
		return NULL;
	memmove(&m->h[low + 1], &m->h[low], (m->n - low) * sizeof(*m->h));
	m->h[low] = (struct incident_hour){.hour = hour};
	m->n++;
	return &m->h[low];
}

static struct sql range(struct ledger *l, enum sql_id id, int kind,
	struct str name, const struct merge *m)
{
	struct sql s = sql_get(l->db, id);

	sql_int(&s, kind);
	sql_text(&s, name.p ? name : str_of("", 0));
	sql_int(&s, m->from);
	sql_int(&s, m->to);
	return s;
}

static int merge_hours(struct ledger *l, enum incident_kind kind,
	struct str name, struct merge *m)
{
	struct sql s = range(l, SQL_GUARD_HOURS, kind, name, m);
	struct incident_hour *h;
	int rc;

	while ((rc = sql_row(&s)) == 1) {
		h = row_of(m, sql_col(&s, 0));
		if (!h)
			continue;
		h->n = (uint32_t)sql_col(&s, 1);
		h->engaged = (uint32_t)sql_col(&s, 2);
	}
	sql_end(&s);
	return rc;
}

enum whose {
	SENT_OF_BUCKET,
	SENT_UNCLAIMED,
	SENT_OF_ALL,
};

static uint32_t *sent_of(struct incident_hour *h, enum whose whose)
{
	if (whose == SENT_OF_BUCKET)
		return &h->sent;
	return whose == SENT_OF_ALL ? &h->all_sent : &h->unclaimed;
}

static int merge_sent(struct ledger *l, int kind, struct str name,
	struct merge *m, enum whose whose)
{
	struct sql s = range(l, SQL_GUARD_SENT, kind, name, m);
	struct incident_hour *h;
	int rc;

	while ((rc = sql_row(&s)) == 1) {
		h = row_of(m, sql_col(&s, 0));
		if (h)
			*sent_of(h, whose) = (uint32_t)sql_col(&s, 1);
	}
	sql_end(&s);
	return rc;
}

static int merge_sends(
	struct ledger *l, const struct guard_bucket *b, struct merge *m)
{
	if (!l->guard->sends)
		return 0;
	if (merge_sent(l, b->kind, b->name, m, SENT_OF_BUCKET) ||
		merge_sent(l, INCIDENT_ALL, str_of("", 0), m, SENT_OF_ALL))
		return -1;
	return b->kind <= INCIDENT_DOMAIN
		       ? merge_sent(l, LEDGER_SENT_UNCLAIMED,
				 ledger_sent_unclaimed(b->kind), m,
				 SENT_UNCLAIMED)
		       : 0;
}

static bool is_of(const struct guard_incident *in, enum incident_kind kind,
	struct str name)
{
	return in->kind == kind && str_eq(str_of(in->name, in->name_n), name);
}

/* The incident is of the bucket, or of the provider of the domain: its hours
 * say nothing about what is usual, and are explained. */
static void leave_out(const struct guard_incident *in, const struct merge *m)
{
	for (size_t k = m->n; k > 0; k--) {
		struct incident_hour *h = &m->h[k - 1];

		if ((h->hour + 1) * GUARD_HOUR <= in->from)
			break;
		if (h->hour * GUARD_HOUR < in->to)
			h->out = h->told = true;
	}
}

/* It is of another provider: what came of it is taken from all. */
static int take_off(struct ledger *l, const struct guard_incident *in,
	const struct merge *m)
{
	struct merge part = {.from = in->from / GUARD_HOUR,
		.to = in->to == INT64_MAX ? INT64_MAX
					  : (in->to - 1) / GUARD_HOUR};
	struct sql s;
	int rc;

	if (!m->n || part.to < m->h[0].hour || part.from > m->h[m->n - 1].hour)
		return 0;
	s = range(l, SQL_GUARD_HOURS, in->kind, str_of(in->name, in->name_n),
		&part);
	while ((rc = sql_row(&s)) == 1) {
		struct incident_hour *h = find_row(m, sql_col(&s, 0));
		uint32_t n = (uint32_t)sql_col(&s, 1);

		if (h && h->all >= h->n + n)
			h->all -= n;
	}
	sql_end(&s);
	return rc;
}

static int heed_incidents(struct ledger *l, const struct guard_bucket *b,
	const struct merge *m, bool recent)
{
	const struct ledger_guard *g = l->guard;

	for (size_t i = 0; i < g->incidents_n; i++) {
		const struct guard_incident *in = &g->incidents[i];

		if (is_of(in, b->kind, b->name) ||
			(b->owner.n && is_of(in, INCIDENT_PROVIDER, b->owner)))
			leave_out(in, m);
		else if (!recent && in->kind == INCIDENT_PROVIDER &&
			 b->kind <= INCIDENT_DOMAIN &&
			 in->cause == INCIDENT_DETECTED && take_off(l, in, m))
			return -1;
	}
	return 0;
}

static void copy_all(const struct ledger_guard *g, struct merge *m)
{
	for (size_t i = find_all(g, m->from);
		i < g->all_n && g->all[i].hour <= m->to; i++)
		m->h[m->n++] = g->all[i];
}

int ledger_guard_sends(struct ledger *l)
{
	struct ledger_guard *g = l->guard;
	struct sql s = sql_get(l->db, SQL_GUARD_SENDS);
	int64_t any = 0, by_day = 0, last = 0;

	if (sql_one(&s, &any) < 0)
		return -1;
	s = sql_get(l->db, SQL_GUARD_SENDS_BY_DAY);
	if (any && sql_one(&s, &by_day) < 0)
		return -1;
	s = sql_get(l->db, SQL_GUARD_SENDS_LAST);
	if (any && sql_one(&s, &last) < 0)
		return -1;
	if (by_day)
		last += 23 - last % 24;
	g->sends = any;
	g->lag = by_day ? 25 : 1;
	g->untold_from = last ? last + 1 + PAUSE : 0;
	return 0;
}

int ledger_guard_series(struct ledger *l, const struct guard_bucket *b,
	int64_t hour, struct incident_series *out)
{
	struct ledger_guard *g = l->guard;
	struct merge m = {.h = g->series,
		.from = hour - INCIDENT_BASELINE - INCIDENT_WINDOW,
		.to = hour};

	if ((!g->all_read && read_all(l)) || ledger_guard_incidents(l))
		return -1;
	copy_all(g, &m);
	if (merge_hours(l, b->kind, b->name, &m) || merge_sends(l, b, &m))
		return -1;
	if (heed_incidents(l, b, &m, false))
		return -1;
	*out = (struct incident_series){.kind = b->kind,
		.h = m.h,
		.n = m.n,
		.lag = g->lag,
		.untold_from = g->untold_from};
	return 0;
}

int ledger_guard_recent(struct ledger *l, const struct guard_bucket *b,
	int64_t hour, struct guard_watched *to)
{
	struct ledger_guard *g = l->guard;
	struct merge m = {
		.h = g->series, .from = hour - GUARD_DAY + 1, .to = hour - 1};

	to->hour = hour;
	to->recent_n = 0;
	if (merge_hours(l, b->kind, b->name, &m))
		return -1;
	m.from -= g->lag;
	if (g->sends && merge_sent(l, b->kind, b->name, &m, SENT_OF_BUCKET))
		return -1;
	if (heed_incidents(l, b, &m, true))
		return -1;
	memcpy(to->recent, m.h, m.n * sizeof(*m.h));
	to->recent_n = m.n;
	return 0;
}

int ledger_guard_sent(
	struct ledger *l, int kind, struct str name, int64_t hour, uint32_t *n)
{
	struct merge m = {.from = hour, .to = hour};
	struct sql s = range(l, SQL_GUARD_SENT, kind, name, &m);
	int rc = sql_row(&s);

	*n = rc == 1 ? (uint32_t)sql_col(&s, 1) : 0;
	sql_end(&s);
	return rc < 0 ? -1 : 0;
}
