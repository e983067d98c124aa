/*
 * Which test? Each candidate sees the same years, as hourly counts: how often
 * does it cry for nothing, and how many of the living are refused before it
 * tells an incident. What came out stands in DESIGN.md ("The guard").
 *
 *	choose [DIVISOR [SEED]]    the large senders are that much smaller
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "incident_test.h"
#include "senders.h"

#define WEEKS 53

/* What one bucket had, hours ascending. */
struct bucket {
	enum incident_kind kind;
	uint32_t index, touched; /* touched: in this hour */
	struct incident_hour *h;
	size_t n, room;
	struct incident_usual usual;
	bool learned;
	bool open;
	int64_t from, last, closed;
};

struct view {
	struct world world;
	struct bucket *provider, *domain, all;
	struct incident_hour *merged;
	bool sends, engaged;
};

struct candidate {
	const char *name, *text;
	bool (*trips)(const struct bucket *b, const struct incident_series *s,
		const struct incident_hour *now);
};

static struct incident_hour *hour_of(struct bucket *b, int64_t hour)
{
	if (b->n && b->h[b->n - 1].hour == hour)
		return &b->h[b->n - 1];
	if (b->n == b->room) {
		b->room = b->room ? 2 * b->room : 8;
		b->h = realloc(b->h, b->room * sizeof(*b->h));
	}
	b->h[b->n] = (struct incident_hour){.hour = hour};
	return &b->h[b->n++];
}

/* The bucket's hours with those of all in one series, before hour. */
static struct incident_series series_of(
	struct view *v, const struct bucket *b, int64_t hour, bool with)
{
	struct incident_series s = {.kind = b->kind, .h = v->merged, .lag = 1};
	size_t i = v->all.n, k = b->n;

	while (i > 0 && v->all.h[i - 1].hour > hour - INCIDENT_BASELINE - 200)
		i--;
	while (k > 0 && b->h[k - 1].hour > hour - INCIDENT_BASELINE - 200)
		k--;
	for (; i < v->all.n; i++) {
		const struct incident_hour *a = &v->all.h[i];
		struct incident_hour *to = &v->merged[s.n];

		if (a->hour > hour || (a->hour == hour && !with))
			break;
		*to = (struct incident_hour){.hour = a->hour,
			.all = a->all,
			.all_sent = v->sends ? a->sent : 0,
			.out = a->out};
		if (k < b->n && b->h[k].hour == a->hour) {
			to->n = b->h[k].n;
			to->engaged = v->engaged ? b->h[k].engaged : 0;
			to->sent = v->sends ? b->h[k].sent : 0;
			to->told = b->h[k].out;
			to->out |= b->h[k].out;
			k++;
		}
		s.n++;
	}
	return s;
}

/* --- candidates ----------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* 8 times the median hour of the baseline, and at least 50. */
static bool median(const struct bucket *b, const struct incident_series *s,
	const struct incident_hour *now)
{
	static int n[4000];
	size_t k = INCIDENT_BASELINE;

	(void)b;
	memset(n, 0, sizeof(n));
	for (size_t i = 0; i < s->n; i++)
		if (s->h[i].hour >= now->hour - INCIDENT_BASELINE)
			n[i] = s->h[i].out ? 0 : (int)s->h[i].n;
	qsort(n, k, sizeof(*n), by_number);
	return s->n > 0 && now->n >= 50 && now->n > 8 * (uint32_t)n[k / 2];
}

struct totals {
	double n, all, hours, most, excess;
};

static struct totals totals_of(
	const struct incident_series *s, int64_t hour, bool same_hour)
{
	struct totals t = {0, 0, 0, 0, 0};

	for (size_t i = 0; i < s->n; i++) {
		const struct incident_hour *h = &s->h[i];

		if (h->out || h->hour < hour - INCIDENT_BASELINE ||
			(same_hour && (hour - h->hour) % 168))
			continue;
		t.n += h->n;
		t.all += h->all;
		t.hours++;
		if (h->n > t.most)
			t.most = h->n;
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct incident_hour *h = &s->h[i];

		if (!h->out && h->n - t.n / t.all * h->all > t.excess)
			t.excess = h->n - t.n / t.all * h->all;
	}
	return t;
}

/* Far above the mean of the same hour of the week (Poisson, p < 1e-6). */
static bool week(const struct bucket *b, const struct incident_series *s,
	const struct incident_hour *now)
{
	struct totals t = totals_of(s, now->hour, true);
	double mean = (t.n + 0.5) / 8;

	(void)b;
	return s->n > 0 && now->n >= 15 && now->n > mean &&
	       now->n * log(now->n / mean) - now->n + mean > 13.8;
}

static double share_p(double n, double all, double share)
{
	double q = n / all;

	if (q <= share)
		return 1;
	return exp(-(n * log(q / share) +
		     (q < 1 ? (all - n) * log((1 - q) / (1 - share)) : 0)));
}

/* The share alone. */
static bool share(const struct bucket *b, const struct incident_series *s,
	const struct incident_hour *now)
{
	struct totals t = totals_of(s, now->hour, false);

	(void)b;
	return t.all > 0 && now->n >= 15 &&
	       share_p(now->n, now->all, (t.n + 0.5) / (t.all + 10)) < 1e-6;
}

/* The share, and three times the greatest excess. */
static bool excess(const struct bucket *b, const struct incident_series *s,
	const struct incident_hour *now)
{
	struct totals t = totals_of(s, now->hour, false);

	return share(b, s, now) &&
	       now->n - t.n / t.all * now->all > 3 * t.excess;
}

/* Three times the highest hour. */
static bool highest(const struct bucket *b, const struct incident_series *s,
	const struct incident_hour *now)
{
	struct totals t = totals_of(s, now->hour, false);

	(void)b;
	return t.hours > 0 && now->n >= 15 && now->n > 3 * t.most;
}

static bool chosen(const struct bucket *b, const struct incident_series *s,
	const struct incident_hour *now)
{
	struct incident_result r = incident_test(&b->usual, now);

	(void)s;
	if (r.why && getenv("TRACE"))
		printf("# %s %d L%d n%u e%u p%g usual%g most%g\n",
			incident_why_word(r.why), b->index, r.hours, r.n,
			r.engaged, r.p, r.usual, r.highest);
	return r.why != INCIDENT_ORDINARY;
}

static const struct candidate candidates[] = {
	{"median",  "8 x the median hour, 50 or more",          median },
	{"week",    "Poisson against the same hour of 8 weeks", week   },
	{"share",   "binomial share",                           share  },
	{"excess",  "share and 3 x the greatest excess",        excess },
	{"highest", "3 x the highest hour",                     highest},
	{"chosen",  "store/incident_test.c",                    chosen },
};

/* --- a year --------------------------------------------------------------- */

struct outcome {
	unsigned cries, caught, missed;
	uint32_t before[PLANT_KINDS]; /* refused until it was told */
	uint32_t refused[PLANT_KINDS];
	bool told[PLANT_KINDS];
};

static int planting_of(int64_t at)
{
	int w = (int)((at - WORLD_BEGIN) / WEEK);

	for (int k = 0; k < PLANT_KINDS; k++)
		if (w == plantings[k].week || w == plantings[k].week + 1)
			return k;
	return -1;
}

static void test_bucket(struct view *v, const struct candidate *c,
	struct bucket *b, int64_t hour, struct outcome *out)
{
	struct incident_hour now = *hour_of(b, hour);
	const struct incident_hour *all = hour_of(&v->all, hour);
	struct incident_series s = {.n = 0};
	int k = planting_of(hour * HOUR);
	uint32_t day = 0;

	for (size_t i = b->n; i > 0 && b->h[i - 1].hour > hour - 24; i--)
		day += b->h[i - 1].n;
	if (b->open || day < 3 || (c->trips != chosen && now.n < 15))
		return;
	now.all = all->all;
	now.all_sent = v->sends ? all->sent : 0;
	if (!v->sends)
		now.sent = 0;
	if (!v->engaged)
		now.engaged = 0;
	if (c->trips == chosen && b->usual.hour != hour) {
		s = series_of(v, b, hour, false);
		incident_learn(&s, hour, &b->usual);
		b->usual.hour = hour;
	} else if (c->trips != chosen) {
		s = series_of(v, b, hour, false);
	}
	if (!c->trips(b, &s, &now))
		return;
	b->open = true;
	b->from = b->last = hour;
	hour_of(b, hour)->out = true;
	if (getenv("TRACE"))
		printf("# %s: kind %d, %u (%s), hour %lld, n %u of %u e %u "
		       "sent "
		       "%u, planting %d\n",
			c->name, b->kind, b->index,
			b->kind == INCIDENT_PROVIDER ? world_providers[b->index]
						     : "",
			(long long)(hour - WORLD_BEGIN / HOUR), now.n, now.all,
			now.engaged, now.sent, k);
	if (k < 0)
		out->cries += b->closed + 48 < hour || !b->closed;
	else
		out->told[k] = true;
}

static void close_bucket(struct view *v, struct bucket *b, int64_t hour)
{
	struct incident_series s;

	if (!b->open)
		return;
	s = series_of(v, b, hour, true);
	b->last = incident_end(&s, b->from, hour);
	hour_of(b, hour)->out = true;
	if (hour >= b->last || hour - b->from > 72)
		b->open = false, b->closed = hour;
}

static void count(struct view *v, const struct bounce *e, int64_t hour,
	struct outcome *out)
{
	uint32_t d = v->world.domain[e->slot];
	struct bucket *b[3] = {&v->provider[v->world.domains[d].provider],
		&v->domain[d], &v->all};
	int k = planting_of(e->at);

	for (int i = e->reason == REASON_DOMAIN_UNKNOWN ? 2 : 0; i < 3; i++) {
		struct incident_hour *h = hour_of(b[i], hour);

		h->n++;
		h->all++;
		h->engaged += e->engaged;
	}
	if (e->planted && !e->dead && k >= 0) {
		out->refused[k]++;
		if (!out->told[k])
			out->before[k]++;
	}
}

static void sends(struct view *v, int64_t hour)
{
	for (int i = 0; i < WORLD_PROVIDERS; i++)
		hour_of(&v->provider[i], hour)->sent = v->world.sent_by[i];
	for (uint32_t d = 0; d < v->world.domains_n; d++)
		if (v->world.sent[d])
			hour_of(&v->domain[d], hour)->sent = v->world.sent[d];
	for (int i = 0; i < WORLD_PROVIDERS; i++)
		hour_of(&v->all, hour)->sent += v->world.sent_by[i];
}

static void test_all(struct view *v, const struct candidate *c, int64_t hour,
	struct outcome *out, const uint32_t *touched, size_t n)
{
	for (int i = 0; i < WORLD_NOBODY; i++)
		test_bucket(v, c, &v->provider[i], hour, out);
	for (size_t i = 0; i < n; i++) {
		struct bucket *b = &v->domain[touched[i]];
		uint32_t p = v->world.domains[touched[i]].provider;

		if (p == WORLD_NOBODY || !v->provider[p].open)
			test_bucket(v, c, b, hour, out);
	}
}

static void hour(struct view *v, const struct candidate *c, int64_t at,
	struct outcome *out)
{
	static uint32_t touched[1000000];
	size_t n = 0, from = 0;
	int64_t h = at / HOUR;

	world_hour(&v->world, at);
	sends(v, h);
	for (int m = 0; m < 60; m++) {
		const struct bounce *e;
		size_t k = world_minute(&v->world, at + m * 60, &e);

		for (size_t i = 0; i < k; i++) {
			if (e[i].dead)
				world_suppress(&v->world, e[i].slot,
					e[i].generation, true);
			if (e[i].class != CLASS_HARD)
				continue;
			count(v, &e[i], h, out);
			if (e[i].reason != REASON_DOMAIN_UNKNOWN)
				touched[n++] = v->world.domain[e[i].slot];
		}
		if (m % 10 == 9) {
			test_all(v, c, h, out, touched + from, n - from);
			from = n;
		}
	}
	for (int i = 0; i < WORLD_NOBODY; i++)
		close_bucket(v, &v->provider[i], h);
	for (uint32_t d = 0; d < v->world.domains_n; d++)
		close_bucket(v, &v->domain[d], h);
}

static void view_release(struct view *v)
{
	for (int i = 0; i < WORLD_PROVIDERS; i++)
		free(v->provider[i].h);
	for (uint32_t i = 0; i < v->world.domains_n; i++)
		free(v->domain[i].h);
	free(v->all.h);
	free(v->provider);
	free(v->domain);
	free(v->merged);
	world_release(&v->world);
}

static struct outcome year(const struct sender *s, const struct candidate *c,
	uint64_t seed, int knows)
{
	struct view v = {.sends = knows == 1, .engaged = knows == 2};
	struct plant plants[PLANT_KINDS * PLANT_MAX] = {{0}};
	struct outcome out = {.cries = 0};
	size_t n = 0;

	world_init(&v.world, s, seed, plants, 0);
	for (int k = 0; k < PLANT_KINDS; k++)
		n += senders_plant(k, 0, senders_company(&v.world), plants + n);
	v.world.plants_n = n;
	v.provider = calloc(WORLD_PROVIDERS, sizeof(*v.provider));
	v.domain = calloc(v.world.domains_n, sizeof(*v.domain));
	v.merged = calloc(INCIDENT_BASELINE + 300, sizeof(*v.merged));
	v.all.kind = INCIDENT_ALL;
	for (uint32_t i = 0; i < v.world.domains_n; i++)
		v.domain[i].kind = INCIDENT_DOMAIN, v.domain[i].index = i;
	for (uint32_t i = 0; i < WORLD_PROVIDERS; i++)
		v.provider[i].kind = INCIDENT_PROVIDER, v.provider[i].index = i;
	for (int64_t at = WORLD_BEGIN; at < WORLD_BEGIN + WEEKS * (int64_t)WEEK;
		at += HOUR)
		hour(&v, c, at, &out);
	view_release(&v);
	return out;
}

int main(int argc, char **argv)
{
	static const char *const knows[] = {"nothing", "sends", "engaged"};
	uint32_t divisor = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 50;
	uint64_t seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	const char *only = argc > 3 ? argv[3] : NULL;

	for (size_t c = 0; c < sizeof(candidates) / sizeof(*candidates); c++) {
		if (only && strcmp(only, candidates[c].name) != 0)
			continue;
		printf("%s: %s\n", candidates[c].name, candidates[c].text);
		for (int i = 0; i < SENDERS - 1; i++)
			for (int k = 0; k < (c == 5 ? 3 : 1); k++) {
				struct sender s = senders[i];
				struct outcome o;

				if (s.addresses > 1000000)
					s.addresses /= divisor;
				o = year(&s, &candidates[c], seed, k);
				printf("  %-8s %-8s cries %3u;", s.name,
					knows[k], o.cries);
				for (int p = 0; p < PLANT_KINDS; p++)
					printf("  %s %u/%u%s",
						plantings[p].name, o.before[p],
						o.refused[p],
						o.told[p] ? "" : " missed");
				printf("\n");
				(void)fflush(stdout);
			}
	}
	return 0;
}
