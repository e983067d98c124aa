/*
 * What more mails explain. Nobody tells how much was sent for a reason, so a
 * reason and a class are judged by their counts; but twice the mails of a list
 * bounce twice, for the reasons for which that list always bounces. No database
 * here.
 */
#include <math.h>
#include <stdlib.h>

#include "spikes.h"

/* A mail is in a stream and goes to a provider, and must not count twice.
 * Providers take many streams, of which one may bounce more than another: they
 * are asked where so much more is known of them. */
#define KNOWS_MORE 1.5

static int by_id(const void *key, const void *item)
{
	int64_t id = *(const int64_t *)key;
	const struct spikes_series *s = item;

	return (id > s->id) - (id < s->id);
}

struct spikes_series *spikes_find(const struct spikes_kind *k, int64_t id)
{
	return k->n && id ? bsearch(&id, k->v, k->n, sizeof(*k->v), by_id)
			  : NULL;
}

void spikes_judge_late(
	struct spikes_kind *k, int64_t id, const double *mails, double chance)
{
	struct spikes_series *s = spikes_find(k, id);
	struct baseline_series late = {.mails = mails};
	struct baseline_result r;

	if (!s || !s->mails || !s->result.is_spike ||
		baseline_usual_mails(&k->base, mails) <= 0)
		return;
	late.weeks = s->weeks;
	r = baseline_judge(&k->base, &late, chance);
	if (!r.is_spike || r.expected > s->result.expected)
		s->result = r;
}

/* Its bounces that its own mails of this week explain, in .more. Returns the
 * usual bounces of all of the kind whose mails are known. */
static double grow(struct spikes_kind *k)
{
	double usual = 0;

	for (size_t i = 0; i < k->n; i++) {
		struct spikes_series *s = &k->v[i];
		const struct baseline_result *r = &s->result;

		s->more = s->before = 0;
		if (baseline_usual_mails(&k->base, s->mails) <= 0)
			continue;
		s->more = fmax(0, fmin(s->weeks[0], r->expected) - r->usual);
		usual += r->usual;
	}
	return usual;
}

static struct spikes_series *grown(const struct spikes_kind *k,
	enum report_by by, const struct query_cell *c)
{
	return spikes_find(k, by == REPORT_BY_STREAM ? c->stream : c->provider);
}

/* For what it is: as each always bounced. */
static void share(struct spikes_kind kinds[REPORT_BYS], enum report_by by,
	const struct query_cell *before, size_t n, double more[CLASS_COUNT])
{
	for (size_t i = 0; i < n; i++) {
		struct spikes_series *s = grown(&kinds[by], by, &before[i]);

		if (s)
			s->before += (double)before[i].n;
	}
	for (size_t i = 0; i < n; i++) {
		const struct query_cell *c = &before[i];
		const struct spikes_series *s = grown(&kinds[by], by, c);
		struct spikes_series *reason =
			spikes_find(&kinds[REPORT_BY_REASON], c->reason);
		double part = s && s->before > 0
				      ? s->more * (double)c->n / s->before
				      : 0;

		more[c->class] += part;
		if (reason)
			reason->more += part;
	}
}

void spikes_judge_more(struct spikes_kind kinds[REPORT_BYS],
	const struct query_cell *before, size_t n, double chance,
	double more[CLASS_COUNT])
{
	struct spikes_kind *k = &kinds[REPORT_BY_REASON];
	double streams = grow(&kinds[REPORT_BY_STREAM]);
	double providers = grow(&kinds[REPORT_BY_PROVIDER]);

	grow(k);
	share(kinds,
		providers > KNOWS_MORE * streams ? REPORT_BY_PROVIDER
						 : REPORT_BY_STREAM,
		before, n, more);
	for (size_t i = 0; i < k->n; i++) {
		struct spikes_series *s = &k->v[i];
		const struct baseline_series counts = {
			.weeks = s->weeks, .more = s->more};

		if (s->result.is_spike && s->more > 0)
			s->result = baseline_judge(&k->base, &counts, chance);
	}
}
