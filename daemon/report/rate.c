/*
 * The bounce rate, where `import sent` told how much was sent. A rate over a
 * week of which two days are unknown would be an invented one: so a hard bounce
 * counts for the day on which its mail was sent, and only if it is known how
 * many were sent on that day. The same holds for each stream and provider.
 *
 * Of a day on which no more is known to have been sent than by the streams (or
 * providers) that were told, a bounce of another one counts nowhere: it would
 * be one of mails of which nobody told.
 */
#include <string.h>

#include "index.h"
#include "query_report.h"
#include "report.h"

#define DAY 86400

/* Of whom a rate is wanted, and of which days it can be had. */
struct measured {
	struct report_rate *rate;
	struct str name;
	bool known[REPORT_DAYS];
};

/* What was told by name, of streams or of providers. */
struct told {
	struct index by_name;
	bool (*days)[REPORT_DAYS]; /* of each name: whether it was told */
	size_t n, cap;
	int64_t sum[REPORT_DAYS]; /* of all names */
};

struct reading {
	struct report *report;
	struct arena *arena;
	struct measured all, streams[REPORT_TOP], providers[REPORT_TOP];
	int64_t sent[REPORT_DAYS];
	struct told by_stream, by_provider;
};

/* The day of the report; -1: it has no such day. */
static int day_of(const struct report *r, int64_t day)
{
	int64_t i = day - r->from / DAY;

	return i >= 0 && i < r->days && i < REPORT_DAYS ? (int)i : -1;
}

static struct measured *find(
	struct measured *m, const struct report_table *t, struct str name)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(m[i].name, name))
			return &m[i];
	return NULL;
}

static void add_sent(
	struct reading *g, struct measured *m, const struct query_sent_day *d)
{
	int day = day_of(g->report, d->day);

	if (!m || day < 0)
		return;
	m->known[day] = true;
	m->rate->sent += d->n;
}

static void note(
	struct reading *g, struct told *t, const struct query_sent_day *d)
{
	int day = day_of(g->report, d->day);
	size_t k = t->n;

	if (day < 0)
		return;
	t->sum[day] += d->n;
	if (!index_get(&t->by_name, d->name, &k)) {
		void *v = arena_grow(
			g->arena, t->days, &t->cap, t->n + 1, sizeof(*t->days));

		if (!v)
			return; /* told by the arena */
		t->days = v;
		memset(t->days[t->n], 0, sizeof(*t->days));
		index_put(&t->by_name, arena_dup(g->arena, d->name), t->n++);
	}
	t->days[k][day] = true;
}

/* Whether the mails of a name are among those that are known to be sent. */
static bool is_told(
	const struct reading *g, const struct told *t, int day, struct str name)
{
	size_t k;

	return !name.n || !t->sum[day] || t->sum[day] < g->sent[day] ||
	       (index_get(&t->by_name, name, &k) && t->days[k][day]);
}

static int sent_all(void *arg, const struct query_sent_day *d)
{
	struct reading *g = arg;
	int day = day_of(g->report, d->day);

	add_sent(g, &g->all, d);
	if (day >= 0)
		g->sent[day] += d->n;
	return 0;
}

static int sent_stream(void *arg, const struct query_sent_day *d)
{
	struct reading *g = arg;

	g->report->sent_by_stream += d->n;
	note(g, &g->by_stream, d);
	add_sent(g, find(g->streams, &g->report->streams, d->name), d);
	return 0;
}

static int sent_provider(void *arg, const struct query_sent_day *d)
{
	struct reading *g = arg;

	g->report->sent_by_provider += d->n;
	note(g, &g->by_provider, d);
	add_sent(g, find(g->providers, &g->report->providers, d->name), d);
	return 0;
}

static void add_hard(
	struct reading *g, struct measured *m, const struct query_hard_day *d)
{
	int day = day_of(g->report, d->day);

	if (m && day >= 0 && m->known[day])
		m->rate->hard += d->n;
}

static int hard(void *arg, const struct query_hard_day *d)
{
	struct reading *g = arg;
	const struct report *r = g->report;
	int day = day_of(r, d->day);

	if (day >= 0 && is_told(g, &g->by_stream, day, d->stream) &&
		is_told(g, &g->by_provider, day, d->provider))
		add_hard(g, &g->all, d);
	add_hard(g, find(g->streams, &r->streams, d->stream), d);
	add_hard(g, find(g->providers, &r->providers, d->provider), d);
	return 0;
}

static void measure(struct measured *m, struct report_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		m[i].rate = &t->rows[i].rate;
		m[i].name = t->rows[i].name;
	}
}

int report_rate_load(struct db *db, struct arena *a, struct report *r)
{
	struct reading *g = arena_zalloc(a, 1, sizeof(*g));

	if (!g)
		return 0; /* told by the arena */
	g->report = r;
	g->arena = a;
	g->by_stream.by_name.arena = g->by_provider.by_name.arena = a;
	g->all.rate = &r->rate;
	measure(g->streams, &r->streams);
	measure(g->providers, &r->providers);
	if (query_sent_days(db, INCIDENT_ALL, r->from, r->to, sent_all, g))
		return -1;
	if (!r->rate.sent)
		return 0;
	if (query_sent_days(
		    db, INCIDENT_STREAM, r->from, r->to, sent_stream, g) ||
		query_sent_days(db, INCIDENT_PROVIDER, r->from, r->to,
			sent_provider, g))
		return -1;
	memcpy(r->sent_known, g->all.known, sizeof(r->sent_known));
	return query_hard_days(db, r->required, r->from, r->to, hard, g);
}
