/*
 * All names of all kinds against what is usual, and then: which of those that
 * stand out are the same bounces seen from another side? No database here, so
 * that the simulation judges thousands of weeks.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "spikes.h"

/* --- judge --- */

static struct baseline_series bare(const struct spikes_series *s)
{
	return (struct baseline_series){.weeks = s->weeks, .mails = s->mails};
}

/* Let fn have the names of a kind in the shape that it asks for. */
static bool learn(struct spikes_kind *k, bool factor)
{
	struct baseline_series *v = malloc((k->n + 1) * sizeof(*v));
	bool fine = v != NULL;

	for (size_t i = 0; v && i < k->n; i++)
		v[i] = bare(&k->v[i]);
	if (v && factor)
		fine = baseline_factor(&k->base, v, k->n);
	else if (v)
		baseline_learn(&k->base, v, k->n);
	free(v);
	return fine;
}

/* The kinds with the most names first. */
static const enum report_by by_names[] = {REPORT_BY_DOMAIN, REPORT_BY_PROVIDER,
	REPORT_BY_STREAM, REPORT_BY_REASON};

/* A kind of few names has the factors of one of many. */
static void lend_factors(struct spikes_kind kinds[REPORT_BYS])
{
	const struct spikes_kind *from = NULL;

	for (size_t i = 0; !from && i < REPORT_BYS; i++)
		if (kinds[by_names[i]].base.has_factor)
			from = &kinds[by_names[i]];
	for (int by = 0; from && by < REPORT_BYS; by++)
		if (!kinds[by].base.has_factor)
			memcpy(kinds[by].base.factor, from->base.factor,
				sizeof(from->base.factor));
}

/* What each name may have. NAN: out of memory. */
static double share_chance(const struct spikes_kind kinds[REPORT_BYS])
{
	size_t all = 0, n = 0;
	double *floors, chance;

	for (int by = 0; by < REPORT_BYS; by++)
		all += kinds[by].n;
	floors = malloc((all + REPORT_BYS) * sizeof(*floors));
	if (!floors)
		return NAN;
	for (int by = 0; by < REPORT_BYS; by++) {
		floors[n++] = 1; /* of the quiet ones */
		for (size_t i = 0; i < kinds[by].n; i++) {
			struct baseline_series s = bare(&kinds[by].v[i]);

			floors[n++] =
				baseline_floor_chance(&kinds[by].base, &s);
		}
	}
	chance = baseline_chance(floors, n);
	free(floors);
	return chance;
}

/* By its own mails; what is more than usual only because others get more that
 * it may host is no spike. */
static struct baseline_result judge(
	const struct baseline *b, const struct spikes_series *s, double chance)
{
	struct baseline_series own = bare(s), most = {.weeks = s->weeks,
						      .mails = s->mails_most};
	struct baseline_result r = baseline_judge(b, &own, chance), with;

	if (!r.is_spike || !s->mails_most)
		return r;
	with = baseline_judge(b, &most, chance);
	return !with.is_spike || with.expected > r.expected ? with : r;
}

bool spikes_judge(struct spikes_kind kinds[REPORT_BYS], const double *all_mails,
	double *chance)
{
	for (int by = 0; by < REPORT_BYS; by++)
		if (!learn(&kinds[by], true))
			return false;
	lend_factors(kinds);
	for (int by = 0; all_mails && by < REPORT_BYS; by++)
		baseline_cap(&kinds[by].base, all_mails);
	for (int by = 0; by < REPORT_BYS; by++)
		if (!learn(&kinds[by], false))
			return false;
	*chance = share_chance(kinds);
	if (isnan(*chance))
		return false;
	for (int by = 0; by < REPORT_BYS; by++)
		for (size_t i = 0; i < kinds[by].n; i++) {
			struct spikes_series *s = &kinds[by].v[i];

			s->result = judge(&kinds[by].base, s, *chance);
		}
	return true;
}

/* --- group --- */

/* Of two that explain as much, the one that says more of where to look. */
static const double prefer[REPORT_BYS] = {
	[REPORT_BY_REASON] = 1.00,
	[REPORT_BY_PROVIDER] = 1.01,
	[REPORT_BY_STREAM] = 1.02,
	[REPORT_BY_DOMAIN] = 1.03,
};

#define PLACE 0.9

struct grouping {
	struct spikes_found *f;
	size_t n;
	struct spikes_cell *cells;
	size_t cells_n;
	double *common; /* n * n: bounces that two have in common */
};

static double excess(const struct spikes_found *f)
{
	double x = f->left - f->series->result.expected;

	return x > 0 ? x : 0;
}

/* The part of its bounces that is more than was to be expected. */
static double purity(const struct spikes_found *f)
{
	return f->left > 0 ? excess(f) / f->left : 0;
}

static double least_of(double a, double b)
{
	return a < b ? a : b;
}

static void count_common(struct grouping *g)
{
	memset(g->common, 0, g->n * g->n * sizeof(*g->common));
	for (size_t i = 0; i < g->cells_n; i++)
		for (int a = 0; a < REPORT_BYS; a++)
			for (int b = 0; b < REPORT_BYS; b++) {
				int of_a = g->cells[i].of[a];
				int of_b = g->cells[i].of[b];

				if (of_a >= 0 && of_b >= 0)
					g->common[(size_t)of_a * g->n +
						  (size_t)of_b] +=
						g->cells[i].n;
			}
}

/* How alike the excess of two is, 0 to 1. */
static double alike(const struct grouping *g, size_t a, size_t b)
{
	double pure_a = purity(&g->f[a]), pure_b = purity(&g->f[b]);
	double both =
		g->common[a * g->n + b] * (pure_a > pure_b ? pure_a : pure_b);
	double sum = excess(&g->f[a]) + excess(&g->f[b]);

	both = least_of(both, least_of(excess(&g->f[a]), excess(&g->f[b])));
	return sum > 0 ? both / (sum - both) : 0;
}

/*
 * How well one tells what the others are about: their excess, by how alike it
 * is, so that a reason that two separate things lift loses against either; and
 * of those that hold the same excess the one that holds little else.
 */
static double score(const struct grouping *g, size_t a)
{
	double sum = 0.01 * excess(&g->f[a]);

	for (size_t b = 0; b < g->n; b++)
		if (b != a && g->f[b].explains < 0)
			sum += alike(g, a, b) * excess(&g->f[b]);
	return sum * purity(&g->f[a]) * prefer[g->f[a].by];
}

/*
 * A reason is no place to look at: where all of what it has too much lies in a
 * stream, a provider or a domain that holds more of it, that one is told. (An
 * import of old addresses is one stream of two reasons.)
 */
static int place_of(const struct grouping *g, size_t reason)
{
	int found = -1;
	double most = 0;

	for (size_t b = 0; b < g->n; b++) {
		if (g->f[b].explains >= 0 || g->f[b].by == REPORT_BY_REASON ||
			purity(&g->f[b]) < PLACE ||
			excess(&g->f[b]) < excess(&g->f[reason]) ||
			g->common[reason * g->n + b] <
				PLACE * excess(&g->f[reason]) ||
			score(g, b) <= most)
			continue;
		most = score(g, b);
		found = (int)b;
	}
	return found >= 0 ? found : (int)reason;
}

static int best(const struct grouping *g)
{
	int found = -1;
	double most = -1;

	for (size_t a = 0; a < g->n; a++) {
		double s = g->f[a].explains < 0 ? score(g, a) : -1;

		if (s > most) {
			most = s;
			found = (int)a;
		}
	}
	if (found >= 0 && g->f[found].by == REPORT_BY_REASON)
		return place_of(g, (size_t)found);
	return found;
}

/* What a lifted is taken from all; who is within its limit without it was
 * lifted by it. */
static void explain(struct grouping *g, size_t a)
{
	double pure = purity(&g->f[a]);

	g->f[a].explains = (int)a;
	for (size_t b = 0; b < g->n; b++) {
		struct spikes_found *f = &g->f[b];
		double part = pure * g->common[a * g->n + b];

		f->left -= part;
		if (b != a && f->explains < 0 &&
			f->left <= f->series->result.limit)
			f->explains = (int)a;
	}
	for (size_t i = 0; i < g->cells_n; i++)
		if (g->cells[i].of[g->f[a].by] == (int)a)
			g->cells[i].n *= 1 - pure;
}

bool spikes_group(struct spikes_found *found, size_t n,
	struct spikes_cell *cells, size_t cells_n)
{
	struct grouping g = {found, n, cells, cells_n, NULL};
	int a;

	g.common = malloc((n * n + 1) * sizeof(*g.common));
	if (!g.common)
		return false;
	for (size_t i = 0; i < n; i++) {
		found[i].left = found[i].series->weeks[0];
		found[i].explains = -1;
	}
	do {
		count_common(&g);
		a = best(&g);
		if (a >= 0)
			explain(&g, (size_t)a);
	} while (a >= 0);
	free(g.common);
	return true;
}

double spikes_rise(const struct spikes_kind kinds[REPORT_BYS])
{
	const struct baseline *least = NULL;

	for (int by = 0; by < REPORT_BYS; by++) {
		const struct baseline *b = &kinds[by].base;

		if (b->has_factor &&
			(!least || b->factor[0] < least->factor[0]))
			least = b;
	}
	return least ? least->factor[0] : 1;
}
