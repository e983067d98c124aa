/*
 * What the causes are told by, from the database: the bounces of each spike,
 * and those of the four weeks before that have the same name, so that what is
 * always there is not taken for a part of the spike.
 */
#include "report/features.h"

#include <string.h>

#include "index.h"
#include "query_known.h"
#include "query_sample.h"
#include "report/local_part.h"
#include "rules.h"

#define DAY    86400
#define HOUR   3600
#define BEFORE 4           /* weeks */
#define SAMPLE 600         /* addresses of a spike */
#define SOME   300         /* of the weeks before together */
#define LATELY 150         /* days: who was mailed, opened, ... then */
#define MEMORY (24u << 20) /* of the names of all spikes */
#define NEW    7           /* days from the first mail on in which it is new */

/* What has a name, this week and before. */
struct name_row {
	struct str name;
	double now, before;
};

struct names {
	struct index by_name;
	struct name_row *v;
	size_t n, cap;
	struct name_row unnamed;
};

enum named {
	NAMED_DOMAIN,
	NAMED_PROVIDER,
	NAMED_STREAM,
	NAMED
};

/* A spike on its way. */
struct gathering {
	struct names names[NAMED];
	struct cause_features *f;
};

struct features_run {
	const struct features_ask *ask;
	struct arena *arena;
	struct gathering g[REPORT_SPIKES];
	bool before; /* the weeks before are read */
	struct query_sample_sums sums[REPORT_SPIKES];
	double part[REPORT_SPIKES]; /* of the addresses that was counted */
};

/* --- names ---------------------------------------------------------------- */

static void count_name(struct features_run *run, struct names *s,
	struct str name, double scale)
{
	struct name_row *v;
	size_t i;

	if (!name.n) {
		*(run->before ? &s->unnamed.before : &s->unnamed.now) += scale;
		return;
	}
	if (!index_get(&s->by_name, name, &i)) {
		v = arena_grow(run->arena, s->v, &s->cap, s->n + 1, sizeof(*v));
		if (!v)
			return;
		s->v = v;
		i = s->n++;
		v[i] = (struct name_row){.name = arena_dup(run->arena, name)};
		index_put(&s->by_name, v[i].name, i);
	}
	if (run->before)
		s->v[i].before += scale;
	else
		s->v[i].now += scale;
}

static struct cause_top top_of(const struct names *s)
{
	struct cause_top t = {.n = 0};
	double all = s->unnamed.now - s->unnamed.before, best = 0;

	/* What has no name is a part of the whole, too: most companies serve
	 * themselves, and are no provider. */
	if (all < 0)
		all = 0;
	for (size_t i = 0; i < s->n; i++) {
		double more = s->v[i].now - s->v[i].before;

		t.names += s->v[i].now > 0;
		if (more <= 0)
			continue;
		all += more;
		if (more <= best)
			continue;
		best = more;
		t.name = s->v[i].name;
		t.n = s->v[i].now;
		t.usual = s->v[i].before;
	}
	t.part = all > 0 ? best / all : 0;
	return t;
}

/* --- an address ----------------------------------------------------------- */

static enum cause_count kind_of(const struct query_sampled *s)
{
	switch (s->reason) {
	case REASON_USER_UNKNOWN:
	case REASON_ADDRESS_MOVED:
	case REASON_OWNER_CHANGED:
		return COUNT_UNKNOWN;
	case REASON_MAILBOX_DISABLED:
		return COUNT_DISABLED;
	case REASON_DOMAIN_UNKNOWN:
	case REASON_DOMAIN_NO_MAIL:
		return COUNT_DOMAIN;
	case REASON_ADDRESS_INVALID:
		return COUNT_INVALID;
	case REASON_MAILBOX_FULL:
		return COUNT_FULL;
	case REASON_RATE_LIMITED:
		return COUNT_LIMITED;
	default:
		return s->class == CLASS_BLOCK ? COUNT_BLOCK : COUNT_TROUBLE;
	}
}

/* What send logs say of it: LOGGED, NEW or OLD; COUNT_ALL: nothing. */
static enum cause_count age_of(const struct query_sampled *s)
{
	int64_t day = (s->sent_at ? s->sent_at : s->at) / DAY, before;

	if (!s->mailed_first || s->mailed_first > day)
		return COUNT_ALL;
	if (day - s->mailed_first <= NEW)
		return COUNT_NEW;
	/* The mail before that one; a time zone may move it by a day. */
	before = s->mailed_last < day - 1       ? s->mailed_last
		 : s->mailed_previous < day - 1 ? s->mailed_previous
						: 0;
	if (!before) /* it was mailed twice since */
		return COUNT_LOGGED;
	return day - before > LATELY ? COUNT_OLD : COUNT_LOGGED;
}

static void count_life(const struct query_sampled *s, double *n, double scale)
{
	int64_t since = s->at - LATELY * (int64_t)DAY;
	bool opened = s->opened_at > since, lived = s->lived_at > since;
	bool was = s->known_since || s->opened_at;

	if (s->known_since)
		n[COUNT_SEEN] += scale;
	if (opened)
		n[COUNT_OPENED] += scale;
	if (opened || lived || s->lives)
		n[COUNT_ALIVE] += scale;
	else if (was && s->lived_at <= since && s->hard_at <= since &&
		 s->opened_at <= since)
		n[COUNT_STALE] += scale;
}

static void count_look(const struct features_run *run,
	const struct query_sampled *s, double *n, double scale)
{
	struct str local = str_sub(s->address, 0, s->address.n - s->domain.n);

	if (!s->domain.n)
		return;         /* it was purged */
	local.n -= local.n > 0; /* the @ */
	if (run->ask->is_typo && run->ask->is_typo(run->ask->arg, s->domain))
		n[COUNT_TYPO] += scale;
	else if (local_part_no_domain(s->domain) ||
		 local_part_look(local) == LOCAL_PART_MALFORMED)
		n[COUNT_MALFORMED] += scale;
	else if (local_part_look(local) == LOCAL_PART_JUNK)
		n[COUNT_JUNK] += scale;
}

static bool is_held(
	const struct features_ask *ask, const struct query_sampled *s)
{
	for (size_t i = 0; i < ask->incidents_n; i++) {
		const struct features_incident *w = &ask->incidents[i];

		if (s->at >= w->from && (!w->to || s->at < w->to) &&
			str_eq(w->name, w->by_domain ? s->domain : s->provider))
			return true;
	}
	return false;
}

static int one(void *arg, const struct query_sampled *s)
{
	struct features_run *run = arg;
	struct gathering *g = &run->g[s->ask];
	double *n = run->before ? g->f->usual : g->f->now, scale = 1;
	enum cause_count age = age_of(s);

	if (run->before) /* to a week, of the part that was counted of it */
		scale = run->part[s->ask] / run->sums[s->ask].part / BEFORE;
	n[COUNT_ALL] += scale;
	n[kind_of(s)] += scale;
	if (s->flags & EVENT_FORWARDED)
		n[COUNT_FORWARDED] += scale;
	if (age != COUNT_ALL)
		n[COUNT_LOGGED] += scale;
	if (age == COUNT_NEW || age == COUNT_OLD)
		n[age] += scale;
	if (is_held(run->ask, s))
		n[COUNT_HELD] += scale;
	count_life(s, n, scale);
	count_look(run, s, n, scale);
	count_name(run, &g->names[NAMED_DOMAIN], s->domain, scale);
	count_name(run, &g->names[NAMED_PROVIDER], s->provider, scale);
	count_name(run, &g->names[NAMED_STREAM], s->stream, scale);
	return 0;
}

/* --- hours ---------------------------------------------------------------- */

/* The part of all that came in n hours from one on. */
static double part_in(const int64_t *hours, int from, int n)
{
	int64_t all = 0, in = 0;

	for (int h = 0; h < QUERY_SAMPLE_HOURS; h++) {
		all += hours[h];
		in += h >= from && h < from + n ? hours[h] : 0;
	}
	return all ? (double)in / (double)all : 0;
}

/* Where the n hours begin in which most came. */
static int busiest(const int64_t *hours, int n)
{
	int64_t sum = 0, most = -1;
	int begins = 0;

	for (int h = 0; h < QUERY_SAMPLE_HOURS; h++) {
		sum += hours[h];
		if (h >= n)
			sum -= hours[h - n];
		if (sum <= most)
			continue;
		most = sum;
		begins = h >= n ? h - n + 1 : 0;
	}
	return begins;
}

/* Behind what strayed in before: less than a twentieth of the fullest hour. */
static int beginning(const int64_t *hours, int from, int n)
{
	int64_t most = 1;

	for (int h = from; h < from + n && h < QUERY_SAMPLE_HOURS; h++)
		if (most < hours[h])
			most = hours[h];
	while (from + 1 < QUERY_SAMPLE_HOURS && hours[from] * 20 < most)
		from++;
	return from;
}

static void read_hours(const struct features_ask *ask,
	const struct query_sample_sums *sums, struct cause_features *f)
{
	int day = busiest(sums->hours, 24);
	int begins = beginning(sums->hours, busiest(sums->hours, 6), 6);

	f->in_24_hours = part_in(sums->hours, day, 24);
	f->in_6_hours = part_in(sums->hours, begins, 6);
	f->busiest_at = ask->from + begins * (int64_t)HOUR;
	f->sample_part = sums->part;
}

/* --- all of it ------------------------------------------------------------ */

static bool is_a_providers(struct str domain)
{
	static const struct verdict_context context = {.rules = &rules_builtin};
	const struct rule_facts f = {.domain = domain};

	return domain.n && rules_provider(&context, &f).n > 0;
}

static int64_t incident_of(
	const struct features_ask *ask, const struct cause_features *f)
{
	for (size_t i = 0; i < ask->incidents_n; i++) {
		const struct features_incident *w = &ask->incidents[i];
		const struct cause_top *t =
			w->by_domain ? &f->domain : &f->provider;

		if (w->from < ask->to && (!w->to || w->to > ask->from) &&
			str_eq(w->name, t->name))
			return w->id;
	}
	return 0;
}

static int finish(
	struct db *db, const struct features_ask *ask, struct gathering *g)
{
	struct cause_features *f = g->f;
	struct query_known_domain week;

	f->domain = top_of(&g->names[NAMED_DOMAIN]);
	f->provider = top_of(&g->names[NAMED_PROVIDER]);
	f->stream = top_of(&g->names[NAMED_STREAM]);
	f->is_provider = is_a_providers(f->domain.name);
	f->incident = incident_of(ask, f);
	if (f->domain.part < 0.3 || f->is_provider)
		return 0;
	if (query_known_domain(db, f->domain.name, ask->required, ask->from,
		    ask->to, &week))
		return -1;
	f->domain_known = week.known;
	f->domain_bounced = week.bounced;
	f->domain_lived = week.lived;
	f->domain_sent = week.sent;
	return 0;
}

static int sample(struct db *db, struct features_run *run,
	const struct query_sample_ask *asks, size_t n)
{
	const struct features_ask *ask = run->ask;
	int64_t week = ask->to - ask->from;
	struct query_sampling what = {
		.from = ask->from,
		.to = ask->to,
		.required = ask->required,
		.asks = asks,
		.n = n,
		.most = SAMPLE,
	};

	if (query_sample(db, &what, run->sums, one, run))
		return -1;
	for (size_t i = 0; i < n; i++) {
		read_hours(ask, &run->sums[i], run->g[i].f);
		run->part[i] = run->sums[i].part;
	}
	run->before = true;
	what.from = ask->from - BEFORE * week;
	what.to = ask->from;
	what.most = SOME;
	return query_sample(db, &what, run->sums, one, run);
}

static struct query_sample_ask sample_ask(const struct report_spike *s)
{
	static const enum query_by by[REPORT_BYS] = {
		[REPORT_BY_REASON] = QUERY_BY_REASON,
		[REPORT_BY_PROVIDER] = QUERY_BY_PROVIDER,
		[REPORT_BY_DOMAIN] = QUERY_BY_DOMAIN,
		[REPORT_BY_STREAM] = QUERY_BY_STREAM,
	};
	struct query_sample_ask ask = {.by = by[s->by], .name = s->name};

	for (int r = 0; r < REASON_COUNT; r++)
		if (s->by == REPORT_BY_REASON &&
			str_eq(s->name, str_from(reason_word(r))))
			ask.reason = (enum verdict_reason)r;
	return ask;
}

static void keep(struct arena *a, struct cause_top *t)
{
	t->name = arena_dup(a, t->name);
}

int features_load(struct db *db, const struct features_ask *ask,
	const struct report_spike *spikes, size_t n, struct arena *a,
	struct cause_features *out)
{
	struct features_run run = {.ask = ask};
	struct query_sample_ask asks[REPORT_SPIKES];
	struct arena own;
	int rc;

	arena_init(&own, MEMORY);
	run.arena = &own;
	memset(out, 0, n * sizeof(*out));
	for (size_t i = 0; i < n; i++) {
		asks[i] = sample_ask(&spikes[i]);
		run.g[i].f = &out[i];
		for (int k = 0; k < NAMED; k++)
			run.g[i].names[k].by_name.arena = &own;
	}
	rc = sample(db, &run, asks, n);
	for (size_t i = 0; !rc && i < n; i++) {
		rc = finish(db, ask, &run.g[i]);
		keep(a, &out[i].domain);
		keep(a, &out[i].provider);
		keep(a, &out[i].stream);
	}
	arena_release(&own);
	return rc;
}
