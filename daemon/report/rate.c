/*
 * The bounce rate, where `import sent` told how much was sent. A rate over a
 * week of which two days are unknown would be an invented one: so a hard bounce
 * counts for the day on which its mail was sent, and only if it is known how
 * many were sent on that day. The same holds for each stream and provider.
 */
#include "query_report.h"
#include "report.h"

#define DAY 86400

/* Of whom a rate is wanted, and of which days it can be had. */
struct measured {
	struct report_rate *rate;
	struct str name;
	bool known[REPORT_DAYS];
};

#define MEASURED (1 + 2 * REPORT_TOP)

struct reading {
	struct report *report;
	struct measured all, streams[REPORT_TOP], providers[REPORT_TOP];
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

static int sent_all(void *arg, const struct query_sent_day *d)
{
	struct reading *g = arg;

	add_sent(g, &g->all, d);
	return 0;
}

static int sent_stream(void *arg, const struct query_sent_day *d)
{
	struct reading *g = arg;

	g->report->sent_by_stream += d->n;
	add_sent(g, find(g->streams, &g->report->streams, d->name), d);
	return 0;
}

static int sent_provider(void *arg, const struct query_sent_day *d)
{
	struct reading *g = arg;

	g->report->sent_by_provider += d->n;
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
