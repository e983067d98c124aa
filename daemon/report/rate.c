/*
 * The bounce rate, where `import sent` told how much was sent. A rate over a
 * week of which two days are unknown would be an invented one: so a hard bounce
 * counts for the day on which its mail was sent, and only if it is known how
 * many were sent on that day. The same holds for each stream and provider.
 *
 * Of a day on which no more is known to have been sent than by the streams (or
 * providers) that were told, a bounce of another one is not in the rate: it
 * would be one of mails of which nobody told. How many these are is told.
 *
 * A provider's rate is of the mails that were told to be its own: a log without
 * a provider knows these by the domain, and a company that is hosted there is
 * none of them, whoever answers for it.
 */
#include <stdlib.h>
#include <string.h>

#include "query_report.h"
#include "report.h"
#include "rules.h"

#define DAY 86400
/* How long behind the period its mails may bounce, in days. */
#define LATE 7

/* Of whom a rate is wanted, and of which days it can be had. */
struct measured {
	struct report_rate *rate;
	struct str name;
	bool known[REPORT_DAYS];
	int64_t untold; /* its hard bounces that are none of mails told of */
};

#define NAMES_BYTES (64u << 20)

/* A name of which was told, and of which days. */
struct told_name {
	struct str name;
	uint8_t days[(REPORT_DAYS + 7) / 8]; /* a bit for each */
};

struct told {
	struct told_name *v; /* by name */
	size_t n, cap;
	int64_t sum[REPORT_DAYS]; /* of all that have a name */
};

struct reading {
	struct report *report;
	struct arena *arena; /* of the report */
	struct arena names;  /* of those that were told */
	struct measured all, streams[REPORT_TOP], providers[REPORT_TOP];
	int64_t sent[REPORT_DAYS];
	struct told by_stream, by_provider;
	/* Hard bounces by day: of streams that were told, of others, and
	 * without one. */
	int64_t told[REPORT_DAYS], strange[REPORT_DAYS], nameless[REPORT_DAYS];
};

bool report_rate_is_known(const struct report *r)
{
	return r->rate.sent && r->rate.hard <= r->rate.sent &&
	       (r->rate_untold < REPORT_FEW || r->rate_untold <= r->rate.hard);
}

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

/* They come in order of names. */
static void note(
	struct reading *g, struct told *t, const struct query_sent_day *d)
{
	int day = day_of(g->report, d->day);

	if (day < 0)
		return;
	t->sum[day] += d->n;
	if (!t->n || !str_eq(t->v[t->n - 1].name, d->name)) {
		void *v = arena_grow(
			&g->names, t->v, &t->cap, t->n + 1, sizeof(*t->v));

		if (!v)
			return; /* told by the arena */
		t->v = v;
		t->v[t->n++] = (struct told_name){
			.name = arena_dup(&g->names, d->name)};
	}
	t->v[t->n - 1].days[day / 8] |= (uint8_t)(1 << day % 8);
}

static int by_name(const void *key, const void *item)
{
	return str_cmp(*(const struct str *)key,
		((const struct told_name *)item)->name);
}

static const struct told_name *told_name(const struct told *t, struct str name)
{
	return t->n ? bsearch(&name, t->v, t->n, sizeof(*t->v), by_name) : NULL;
}

static bool has_day(const struct told_name *name, int day)
{
	return name->days[day / 8] >> day % 8 & 1;
}

/* Whether it was told how much was sent under the name on the day; where it is
 * not known when the mail was sent, on any. */
static bool is_told(const struct told *t, struct str name, int day,
	const struct query_hard_day *d)
{
	const struct told_name *found = told_name(t, name);

	return found && (!d->is_dated || has_day(found, day));
}

/* Whether all that was sent on a day are mails of those that were told. */
static bool is_all(const struct reading *g, const struct told *t, int day)
{
	return t->sum[day] && t->sum[day] >= g->sent[day];
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

static bool is_strange(
	const struct reading *g, int day, const struct query_hard_day *d)
{
	return d->stream.n && is_all(g, &g->by_stream, day) &&
	       !is_told(&g->by_stream, d->stream, day, d);
}

static int note_names(void *arg, const struct query_hard_day *d)
{
	struct reading *g = arg;
	int day = day_of(g->report, d->day);

	if (day < 0)
		return 0;
	if (!d->stream.n)
		g->nameless[day] += d->n;
	else if (is_strange(g, day, d))
		g->strange[day] += d->n;
	else
		g->told[day] += d->n;
	return 0;
}

/* Whose those without a stream are nobody knows, where others than those told
 * have bounced more. */
static bool is_in_streams(
	const struct reading *g, int day, const struct query_hard_day *d)
{
	return d->stream.n ? !is_strange(g, day, d)
			   : g->strange[day] <= g->told[day] ||
				     g->strange[day] < g->nameless[day];
}

static struct str sent_to(const struct query_hard_day *d)
{
	static const struct verdict_context context = {.rules = &rules_builtin};
	const struct rule_facts f = {.domain = d->domain};

	return str_eq(d->sent_to, str_from(QUERY_TOLD_BEFORE_6))
		       ? rules_provider(&context, &f)
		       : d->sent_to;
}

static bool is_in_providers(
	const struct reading *g, int day, const struct query_hard_day *d)
{
	return !is_all(g, &g->by_provider, day) ||
	       is_told(&g->by_provider, sent_to(d), day, d);
}

/* A provider answered of which mails were told, but this one was told to be
 * nobody's. */
static bool is_hosted(const struct reading *g, const struct query_hard_day *d)
{
	return d->provider.n && d->sent_to.p && !sent_to(d).n &&
	       told_name(&g->by_provider, d->provider);
}

static void add_hard(struct measured *m, bool is_told_of, int day,
	const struct query_hard_day *d)
{
	if (!m)
		return;
	if (!is_told_of) {
		m->untold += d->n;
	} else if (m->known[day]) {
		m->rate->hard += d->n;
		if (d->in_incident)
			m->rate->of_incidents += d->n;
	} else if (!d->is_dated) {
		m->untold += d->n;
	}
}

/* Where most that bounced are none of the mails told of, these have other names
 * than their bounces, and would seem never to bounce. */
static void forget_wrong(const struct report *r, struct measured *m,
	const struct report_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (m[i].untold > m[i].rate->hard &&
			(m[i].untold >= REPORT_FEW || !report_rate_is_known(r)))
			*m[i].rate = (struct report_rate){0};
}

static void leave_out(struct reading *g, enum report_by by, struct str name,
	const struct told *told, int64_t n)
{
	struct report *r = g->report;

	r->rate_untold += n;
	if (!name.n || r->rate_stranger.n)
		return;
	r->rate_stranger = arena_dup(g->arena, name);
	r->rate_stranger_by = by;
	r->rate_stranger_days = told_name(told, name) != NULL;
	r->rate_told =
		told->n ? arena_dup(g->arena, told->v[0].name) : STR_NULL;
}

static int hard(void *arg, const struct query_hard_day *d)
{
	struct reading *g = arg;
	const struct report *r = g->report;
	int day = day_of(r, d->day);
	bool by_stream, by_provider;

	if (day < 0)
		return 0;
	if (!g->all.known[day]) {
		g->report->rate_undated += d->n;
		return 0;
	}
	by_stream = is_in_streams(g, day, d);
	by_provider = is_in_providers(g, day, d);
	if (!by_stream)
		leave_out(g, REPORT_BY_STREAM, d->stream, &g->by_stream, d->n);
	else if (!by_provider)
		leave_out(g, REPORT_BY_PROVIDER,
			told_name(&g->by_provider, d->provider) ? STR_NULL
								: d->provider,
			&g->by_provider, d->n);
	else
		add_hard(&g->all, true, day, d);
	if (by_stream && by_provider && is_hosted(g, d))
		g->report->rate_hosted += d->n;
	add_hard(find(g->streams, &r->streams, d->stream), by_provider, day, d);
	/* Of mails of which nobody told, who answered. */
	add_hard(find(g->providers, &r->providers,
			 d->sent_to.p ? sent_to(d) : d->provider),
		by_stream && d->sent_to.p, day, d);
	return 0;
}

static int hard_in_time(void *arg, const struct query_hard_day *d)
{
	struct reading *g = arg;
	struct report *r = g->report;

	if (d->day < r->from / DAY) {
		r->rate_earlier += d->n;
		if (d->day >= (2 * r->from - r->to) / DAY)
			r->rate_late += d->n;
	}
	return hard(arg, d);
}

static void measure(struct measured *m, struct report_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		m[i].rate = &t->rows[i].rate;
		m[i].name = t->rows[i].name;
	}
}

/* Whether it matters for any rate. */
static bool wants_sent_to(const struct reading *g)
{
	bool wants = g->report->providers.n > 0;

	for (int day = 0; !wants && day < REPORT_DAYS; day++)
		wants = is_all(g, &g->by_provider, day);
	return wants && g->by_provider.n;
}

static int read_all(struct db *db, struct reading *g)
{
	struct query_hard_ask names, in_time, late;
	struct report *r = g->report;
	int64_t to;

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
	to = r->to + LATE * (int64_t)DAY;
	names = (struct query_hard_ask){r->required, r->from, to, false};
	in_time = (struct query_hard_ask){
		r->required, r->from, r->to, wants_sent_to(g)};
	late = (struct query_hard_ask){
		r->required, r->to, to, in_time.with_sent_to};
	return query_hard_days(db, &names, note_names, g) ||
			       query_hard_days(db, &in_time, hard_in_time, g) ||
			       query_hard_days(db, &late, hard, g)
		       ? -1
		       : 0;
}

static int load(struct db *db, struct arena *a, struct report *r)
{
	struct reading *g = arena_zalloc(a, 1, sizeof(*g));
	int rc;

	if (!g)
		return 0; /* told by the arena */
	g->report = r;
	g->arena = a;
	arena_init(&g->names, NAMES_BYTES);
	g->all.rate = &r->rate;
	measure(g->streams, &r->streams);
	measure(g->providers, &r->providers);
	rc = read_all(db, g);
	forget_wrong(r, g->streams, &r->streams);
	forget_wrong(r, g->providers, &r->providers);
	a->full = a->full || g->names.full;
	arena_release(&g->names);
	return rc;
}

/* What the rate of the time before has come to, for it may have been told
 * before most of its mails bounced. */
static int load_before(struct db *db, struct arena *a, struct report *r)
{
	struct report *before = arena_zalloc(a, 1, sizeof(*before));

	if (!before)
		return 0; /* told by the arena */
	before->from = 2 * r->from - r->to;
	before->to = r->from;
	before->days = r->days;
	before->required = r->required;
	if (load(db, a, before))
		return -1;
	if (before->rate_untold <= before->rate.hard)
		r->rate_before = before->rate;
	return 0;
}

int report_rate_load(struct db *db, struct arena *a, struct report *r)
{
	if (load(db, a, r) || (r->rate_late && load_before(db, a, r)))
		return -1;
	return query_sent_unsettled(db, r->from, r->to, &r->unsettled);
}
