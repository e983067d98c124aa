/*
 * The sums behind baseline.h. The constants are of reasoning, not of tuning:
 * tests/sim/weeks shows what they come to.
 */
#include "baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define QUARTER 13.0 /* weeks */

#define POOL_USUAL 5.0 /* a name with as many tells something of all */
#define POOL_LEAST 5   /* such names; of fewer the middle half is one or two */
#define OWN_USUAL  2.0 /* a name with fewer is quiet */
#define ROUNDS     2   /* usual and factor need each other */

#define FACTOR_MIN 0.1 /* a week with less says nothing */
#define CAP        1.5 /* times the mails: a rise beyond that is no season */
#define FACTOR_LOW 0.5 /* nothing less is expected of this one */

/* What is believed of the spread before anything is known: weeks differ by a
 * quarter. As much as so many weeks that tell. */
#define PRIOR_VARIANCE 0.06
#define PRIOR_WEEKS    40.0
#define POOL_WEEKS     20.0 /* what the pool is worth to one name */
#define LEAST_VARIANCE 0.01 /* nobody's weeks are more alike than 10 % */
/* No name may have more than this, however few there are. */
#define CHANCE_MOST 1e-3
#define CUT         3.0   /* spreads; what is further is cut */
#define DROP        5.0   /* what is that far is another thing */
#define MEDIAN_COST 1.571 /* variance of a median by that of a mean */

/* A quiet name may have this much more than its highest week, others more than
 * the high weeks that come again: a list that is mailed each fourth week. */
#define BURST 1.3

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void sort(double *v, size_t n)
{
	if (n)
		qsort(v, n, sizeof(*v), by_size);
}

static double median(const double *v, int n)
{
	double s[BASELINE_WEEKS];

	if (n <= 0)
		return 0;
	memcpy(s, v, (size_t)n * sizeof(*s));
	sort(s, (size_t)n);
	return (s[(n - 1) / 2] + s[n / 2]) / 2;
}

/* The robust deviation of a week; at least what a Poisson count has. */
static double robust_spread(const double *v, int n, double middle)
{
	double off[BASELINE_WEEKS], poisson = sqrt(middle), mad;

	for (int i = 0; i < n; i++)
		off[i] = fabs(v[i] - middle);
	mad = 1.4826 * median(off, n);
	return mad > poisson ? mad : poisson;
}

/* The median of all, or of the late ones where that is more by twice what a
 * median of so few may be off. */
static double location(const double *v, int n)
{
	double all = median(v, n);
	double late = median(v, n < BASELINE_LEAST ? n : BASELINE_LEAST);
	double off =
		sqrt(MEDIAN_COST / BASELINE_LEAST) * robust_spread(v, n, all);

	return late > all + 2 * off ? late : all;
}

/* --- one name --- */

/* Its weeks before this one as they would have been in an ordinary one. */
struct past {
	double v[BASELINE_WEEKS], noise[BASELINE_WEEKS];
	int n;
	double now;   /* what this week is a multiple of */
	double usual; /* location of v */
};

double baseline_usual_mails(const struct baseline *b, const double *mails)
{
	double v[BASELINE_WEEKS];
	int n = 0;

	if (!mails || mails[0] <= 0)
		return 0;
	for (int w = 1; w <= b->weeks; w++)
		if (mails[w] > 0)
			v[n++] = mails[w];
	return n < BASELINE_LEAST ? 0 : median(v, n);
}

static struct past past_of(
	const struct baseline *b, const struct baseline_series *s)
{
	double usual_mails = baseline_usual_mails(b, s->mails);
	struct past p = {.n = 0};

	for (int w = 0; w <= b->weeks; w++) {
		double factor = usual_mails > 0 ? s->mails[w] / usual_mails
						: b->factor[w];

		if (w == 0) {
			p.now = factor > FACTOR_LOW ? factor : FACTOR_LOW;
		} else if (factor >= FACTOR_MIN) {
			p.v[p.n] = s->weeks[w] / factor;
			p.noise[p.n++] = 1 / factor;
		}
	}
	p.usual = location(p.v, p.n);
	/* A season may be nothing but more mails: not both. */
	if (s->more > 0 && p.usual > 0)
		p.now = fmax(p.now, fmin(p.now, 1) + s->more / p.usual);
	return p;
}

/* Relative variance beyond Poisson's; below 0 by chance, too. */
static double variance_of(const struct past *p)
{
	double spread = robust_spread(p->v, p->n, p->usual), sum = 0, noise = 0;
	double middle = median(p->v, p->n);
	int n = 0;

	if (middle <= 0)
		middle = p->usual;
	for (int i = 0; i < p->n; i++) {
		double off = fabs(p->v[i] - middle);

		if (off > DROP * spread)
			continue;
		if (off > CUT * spread)
			off = CUT * spread;
		sum += off * off;
		noise += p->noise[i] * middle;
		n++;
	}
	return (sum / (n - 1) - noise / n) / (middle * middle);
}

/* How many weeks its past is worth when asked for the variance: where the
 * counts are small, Poisson hides it. */
static double weeks_that_tell(const struct past *p, double variance)
{
	double part = variance / (variance + 1 / p->usual);

	return p->n * part * part;
}

/* --- all names of a kind --- */

/* How many weeks are not counted when the highest is asked for: one in nine. */
static uint32_t burst_of(
	const struct baseline *b, const uint32_t *weeks, int skip)
{
	double v[BASELINE_WEEKS];

	for (int w = 1; w <= b->weeks; w++)
		v[w - 1] = weeks[w];
	sort(v, (size_t)b->weeks);
	return b->weeks > skip ? (uint32_t)v[b->weeks - 1 - skip] : 0;
}

static bool is_quiet(const struct past *p)
{
	return p->usual < OWN_USUAL;
}

bool baseline_is_quiet(const struct baseline *b, const uint32_t *weeks)
{
	const struct baseline_series s = {.weeks = weeks};
	struct past p = past_of(b, &s);

	return is_quiet(&p);
}

void baseline_init(struct baseline *b, int weeks)
{
	*b = (struct baseline){
		.weeks = weeks < BASELINE_WEEKS ? weeks : BASELINE_WEEKS - 1,
		.variance = PRIOR_VARIANCE,
		.tested = 1,
	};
	for (int w = 0; w < BASELINE_WEEKS; w++)
		b->factor[w] = 1;
}

/* What is high again and again is a list with a rhythm, and has its own
 * measure. */
void baseline_add_quiet(struct baseline *b, const uint32_t *weeks)
{
	if (burst_of(b, weeks, b->weeks / 9) >= BASELINE_FLOOR)
		return;
	for (int w = 1; w <= b->weeks; w++)
		if (weeks[w] > b->quiet[w])
			b->quiet[w] = weeks[w];
}

/* The mean of the middle half. */
static double middle(double *v, size_t n)
{
	size_t out = n / 4;
	double sum = 0;

	sort(v, n);
	for (size_t i = out; i < n - out; i++)
		sum += v[i];
	return sum / (double)(n - 2 * out);
}

/* The factors once more, with the usual that those before led to; in most weeks
 * about 1. v has room for n. False: too few names. */
static bool learn_factor(struct baseline *b, const struct baseline_series *s,
	const double *usual, size_t n, double *v)
{
	double typical;

	for (int w = 0; w <= b->weeks; w++) {
		size_t k = 0;

		for (size_t i = 0; i < n; i++)
			if (usual[i] >= POOL_USUAL)
				v[k++] = s[i].weeks[w] / usual[i];
		if (k < POOL_LEAST)
			return false;
		b->factor[w] = middle(v, k);
	}
	typical = median(b->factor + 1, b->weeks);
	for (int w = 0; typical > 0 && w <= b->weeks; w++)
		b->factor[w] /= typical;
	return true;
}

static void learn_variance(
	struct baseline *b, const struct baseline_series *s, size_t n)
{
	double sum = PRIOR_VARIANCE * PRIOR_WEEKS, weight = PRIOR_WEEKS;

	for (size_t i = 0; i < n; i++) {
		struct past p = past_of(b, &s[i]);
		double tells;

		if (p.n < BASELINE_LEAST || p.usual < POOL_USUAL)
			continue;
		tells = weeks_that_tell(&p, PRIOR_VARIANCE);
		sum += tells * variance_of(&p);
		weight += tells;
	}
	b->variance = sum / weight;
	if (b->variance < LEAST_VARIANCE)
		b->variance = LEAST_VARIANCE;
}

bool baseline_factor(
	struct baseline *b, const struct baseline_series *s, size_t n)
{
	double *usual = malloc((2 * n + 1) * sizeof(*usual));

	if (!usual)
		return false;
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < n; i++) {
			const struct baseline_series bare = {
				.weeks = s[i].weeks};

			usual[i] = past_of(b, &bare).usual;
		}
		b->has_factor = learn_factor(b, s, usual, n, usual + n);
		if (!b->has_factor)
			break;
	}
	free(usual);
	return true;
}

void baseline_cap(struct baseline *b, const double *mails)
{
	double usual = baseline_usual_mails(b, mails);

	if (usual > 0)
		b->factor[0] = fmin(b->factor[0], CAP * mails[0] / usual);
}

void baseline_learn(
	struct baseline *b, const struct baseline_series *s, size_t n)
{
	learn_variance(b, s, n);
	for (size_t i = 0; i < n; i++) {
		struct past p = past_of(b, &s[i]);

		if (is_quiet(&p))
			baseline_add_quiet(b, s[i].weeks);
		else
			b->tested++;
	}
}

/* --- the judgement --- */

/* Who has what he usually has is no spike where all others have less. */
static double highest_floor(const struct baseline_result *r, double burst)
{
	double n = r->usual > r->expected ? r->usual : r->expected;
	double floors[] = {BASELINE_FLOOR - 1, n + BASELINE_EXCESS,
		BASELINE_RATIO * n, BURST * burst};
	double highest = 0;

	for (size_t i = 0; i < sizeof(floors) / sizeof(floors[0]); i++)
		if (floors[i] > highest)
			highest = floors[i];
	return highest;
}

/* What this week is held against. */
struct measure {
	double mean, spread, degrees;
	double least; /* what is not more than this is no spike */
};

static struct measure measure_of(
	const struct baseline *b, const struct past *p, double least)
{
	double tells = p->usual > 0 ? weeks_that_tell(p, b->variance) : 0;
	double own = tells > 0 ? tells * variance_of(p) : 0;
	double variance =
		(b->variance * POOL_WEEKS + own) / (POOL_WEEKS + tells);

	if (variance < LEAST_VARIANCE)
		variance = LEAST_VARIANCE;
	return (struct measure){
		/* A Poisson count's median lies a third below its mean. */
		.mean = (p->usual + 1.0 / 3) * p->now,
		.spread = sqrt(
			log1p(variance) +
			MEDIAN_COST * (variance + 1 / (p->usual + 1)) / p->n),
		.degrees = POOL_WEEKS + tells,
		.least = least,
	};
}

/* Its highest week but for the `skip` higher ones, as it would have been in an
 * ordinary one: the peak of a season is no rhythm of its own. */
static double burst_in(const struct past *p, int skip)
{
	double v[BASELINE_WEEKS];

	if (p->n <= skip)
		return 0;
	memcpy(v, p->v, (size_t)p->n * sizeof(*v));
	sort(v, (size_t)p->n);
	return v[p->n - 1 - skip];
}

/* The same of a quiet one: by the highest of all that are. */
static struct measure quiet_measure(
	const struct baseline *b, double now, double least)
{
	const struct baseline_series all = {.weeks = b->quiet};
	struct past p = past_of(b, &all);
	double burst = BURST * burst_in(&p, p.n / 9) * now;

	p.now = now;
	return measure_of(b, &p, burst > least ? burst : least);
}

/* What a name is held against. */
static struct measure measure(const struct baseline *b,
	const struct baseline_series *s, struct baseline_result *r)
{
	struct past p = past_of(b, s);
	bool quiet = is_quiet(&p);
	double least;

	*r = (struct baseline_result){.usual = p.usual, .chance = 1};
	r->expected = p.usual * p.now;
	least = highest_floor(r, burst_in(&p, quiet ? 0 : p.n / 9) * p.now);
	if (p.n < BASELINE_LEAST)
		return (struct measure){.least = INFINITY};
	return quiet ? quiet_measure(b, p.now, least)
		     : measure_of(b, &p, least);
}

static double tail(const struct measure *m, double n)
{
	return baseline_tail(n, m->mean, m->spread, m->degrees);
}

/* The greatest n whose tail is above chance. */
static double limit_of(double chance, const struct measure *m)
{
	double low = floor(m->mean), high = m->mean + 1;

	while (tail(m, ceil(high)) > chance) {
		low = ceil(high);
		high *= 2;
	}
	high = ceil(high);
	while (high - low > 1) {
		double n = floor((low + high) / 2);

		if (tail(m, n) > chance)
			low = n;
		else
			high = n;
	}
	return low;
}

double baseline_floor_chance(
	const struct baseline *b, const struct baseline_series *s)
{
	struct baseline_result r;
	struct measure m = measure(b, s, &r);

	if (r.usual < OWN_USUAL || m.least == INFINITY)
		return 0;
	return tail(&m, floor(m.least) + 1);
}

struct baseline_result baseline_judge(const struct baseline *b,
	const struct baseline_series *s, double chance)
{
	struct baseline_result r;
	struct measure m;
	double n = s->weeks[0];

	if (n < BASELINE_FLOOR) {
		struct past p = past_of(b, s);

		return (struct baseline_result){.usual = p.usual,
			.expected = p.usual * p.now,
			.chance = 1};
	}
	m = measure(b, s, &r);
	if (n <= m.least)
		return r;
	r.spread = m.spread;
	r.chance = tail(&m, n);
	if (r.chance > chance)
		return r;
	r.limit = limit_of(chance, &m);
	if (r.limit < m.least)
		r.limit = m.least;
	r.is_spike = n > r.limit;
	return r;
}

double baseline_chance(const double *floors, size_t n)
{
	double budget = BASELINE_FALSE / QUARTER, low = 0, high = 1;

	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2, sum = 0;

		for (size_t k = 0; k < n; k++)
			sum += floors[k] < middle ? floors[k] : middle;
		if (sum > budget)
			high = middle;
		else
			low = middle;
	}
	return low < CHANCE_MOST ? low : CHANCE_MOST;
}
