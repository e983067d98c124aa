/*
 * The chances, and what comes of them. All is drawn from one generator of our
 * own, so that a world is its seed.
 */
#include "life.h"

#include <math.h>
#include <string.h>

/* --- chance --- */

static double draw(struct world *w)
{
	uint64_t z = w->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

static double normal(struct world *w)
{
	double u = draw(w);

	return sqrt(-2 * log(u)) * cos(6.283185307179586 * draw(w));
}

/* Of mean about 1. */
static double wobble(struct world *w, double spread)
{
	return exp(spread * normal(w) - spread * spread / 2);
}

/* Of mean 1 and this relative deviation (Marsaglia and Tsang). */
static double gamma_of(struct world *w, double spread)
{
	double shape = 1 / (spread * spread), d = shape - 1.0 / 3;

	for (;;) {
		double x = normal(w), v = 1 + x / sqrt(9 * d);

		v = v * v * v;
		if (v > 0 && log(draw(w)) < x * x / 2 + d - d * v + d * log(v))
			return d * v / shape;
	}
}

static uint32_t poisson(struct world *w, double mean)
{
	uint32_t n = 0;

	while (mean > 0) {
		double part = mean < 30 ? mean : 30, p = exp(-part);

		mean -= part;
		for (double u = draw(w); u > p; u *= draw(w))
			n++;
	}
	return n;
}

static int choose(struct world *w, const double *weights, int n)
{
	double sum = 0, at;
	int i;

	for (i = 0; i < n; i++)
		sum += weights[i];
	at = draw(w) * sum;
	for (i = 0; i < n - 1 && at >= weights[i]; i++)
		at -= weights[i];
	return i;
}

/* --- a world --- */

static double season(int week)
{
	static const double peak[] = {
		1.1, 1.2, 1.4, 1.7, 2.0, 2.0, 1.6, 0.7, 0.8};
	int at = week % 52 - 43;

	return at < 0 ? 1 : peak[at];
}

void life_begin(struct world *w, uint64_t seed, double largest)
{
	memset(w, 0, sizeof(*w));
	w->state = seed * UINT64_C(0x9e3779b97f4a7c15);
	w->largest = largest;
	for (int d = 0; d < DOMAINS; d++) {
		double sum = 0;

		w->base[d] = 0.5 * exp(draw(w) * log(largest / 0.5));
		w->spread[d] = 0.05 + 0.15 * draw(w);
		w->provider[d] = draw(w) < 0.5 ? (int)(draw(w) * draw(w) * 8)
					       : PROVIDERS - 1;
		for (int s = 0; s < STREAMS; s++)
			sum += w->mix[d][s] = wobble(w, 0.8) / pow(s + 1, 0.7);
		for (int s = 0; s < STREAMS; s++)
			w->mix[d][s] /= sum;
	}
}

/* n bounces of a domain in a stream. */
static void bounce(struct world *w, int week, int d, int stream, uint32_t n,
	const double *of_reasons)
{
	static const double days[7] = {1, 1, 1, 1, 1, 0.35, 0.35};
	int p = w->provider[d];

	w->domain[d][week] += n;
	w->stream[stream][week] += n;
	w->by_provider[p][week] += n;
	while (n--) {
		int r = choose(w, of_reasons, REASONS);

		w->reason[r][week]++;
		if (w->house)
			house_event(w->house, week,
				(struct house_bounce){
					choose(w, days, 7), d, p, stream, r});
	}
}

static void mail(struct world *w, int week, double rate[STREAMS])
{
	w->season[week] = season(week);
	w->common[week] = w->season[week] * wobble(w, 0.15);
	for (int s = 0; s < STREAMS; s++) {
		double volume = w->common[week] * wobble(w, 0.25);

		rate[s] = volume * wobble(w, 0.1);
		w->sent[s][week] = 100000 * volume / pow(s + 1, 0.7);
		w->all_sent[week] += w->sent[s][week];
		if (w->house)
			house_sent(w->house, week, s, w->sent[s][week]);
	}
	if (w->house)
		house_sent(w->house, week, -1, w->all_sent[week]);
}

uint32_t life_twice(struct world *w, int week, int d)
{
	double season = w->season[week];

	return poisson(w, 2 * w->base[d] * (season > 1 ? season : 1));
}

/* That, of one reason and stream. */
static void plant(struct world *w, int week, int d)
{
	double one[REASONS] = {0};

	one[(d + week) % REASONS] = 1;
	bounce(w, week, d, week % STREAMS, life_twice(w, week, d), one);
}

bool life_is_planted(const struct world *w, int week, int d, int each)
{
	return each && w->base[d] >= 22 && week >= HISTORY &&
	       d % each == week % each;
}

void life_live(struct world *w, int each)
{
	for (int week = 0; week < WEEKS; week++) {
		double rate[STREAMS], of_reasons[REASONS], wob[PROVIDERS];

		mail(w, week, rate);
		for (int p = 0; p < PROVIDERS; p++)
			wob[p] = p < PROVIDERS - 1 ? wobble(w, 0.08) : 1;
		for (int r = 0; r < REASONS; r++)
			of_reasons[r] = wobble(w, 0.12) / (r + 1);
		for (int d = 0; d < DOMAINS; d++) {
			double own = w->base[d] * wob[w->provider[d]];

			own *= d % 2 ? wobble(w, w->spread[d])
				     : gamma_of(w, w->spread[d]);
			for (int s = 0; s < STREAMS; s++)
				bounce(w, week, d, s,
					poisson(w,
						own * w->mix[d][s] * rate[s]),
					of_reasons);
			if (life_is_planted(w, week, d, each))
				plant(w, week, d);
		}
		if (w->house)
			house_week(w->house, week);
	}
}
