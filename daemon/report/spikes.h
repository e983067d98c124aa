/*
 * What was more than usual, in four kinds of series (private to daemon/report/
 * and its simulation): the series are read, all are judged (baseline.h), and
 * those that the same bounces lift are made one.
 */
#ifndef SPIKES_H
#define SPIKES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "baseline.h"
#include "query_series.h"
#include "report.h"

#define SPIKES_FOUND 256 /* before they are grouped, the greatest of them */

/* A name with its weeks, 0 is this one. */
struct spikes_series {
	int64_t id; /* as in query_series.h */
	uint32_t weeks[BASELINE_WEEKS];
	const double *mails; /* NULL: not known */
	/* Of a provider or domain: with the part that may be its own of those
	 * of which nobody told whose they are. NULL: there are none. */
	const double *mails_most;
	size_t mails_at, most_at; /* of spikes.c; 0: not known */
	/* This week's bounces that more mails than usual explain; all of the
	 * weeks before: spikes_more.c */
	double more, before;
	struct baseline_result result;
};

/* All names of a kind. */
struct spikes_kind {
	struct spikes_series *v;
	size_t n, cap;
	struct baseline base;
};

/* Judge all names of the four kinds, whose .base is initialised and whose quiet
 * names may be added already. all_mails: sent in all, by
 * week, or NULL. In v[].result; *chance: what each may have.
 * False: out of memory. */
bool spikes_judge(struct spikes_kind kinds[REPORT_BYS], const double *all_mails,
	double *chance) __attribute__((warn_unused_result));

/*
 * Reasons once more, of kinds that are judged and are in the order of their
 * ids: bounces that are explained by more mails than usual of their stream, or
 * to their provider, are no spike. before: what bounced in the weeks before,
 * whatever the domain; more: added are this week's bounces that are so
 * explained.
 */
void spikes_judge_more(struct spikes_kind kinds[REPORT_BYS],
	const struct query_cell *before, size_t n, double chance,
	double more[CLASS_COUNT]);

/* A spike by its own mails once more, by those of other weeks: it stays one
 * only if it is one by these, too. */
void spikes_judge_late(
	struct spikes_kind *k, int64_t id, const double *mails, double chance);

/* NULL: there is none. */
struct spikes_series *spikes_find(const struct spikes_kind *k, int64_t id);

/* One that was found, on its way into the report. */
struct spikes_found {
	enum report_by by;
	const struct spikes_series *series;
	double left;  /* of this week's bounces: not explained by others */
	int explains; /* index of the one that explains it; itself: it is told;
		       * -1: not decided */
	int64_t by_class[CLASS_COUNT], by_reason[REASON_COUNT];
};

/* This week's bounces that have the same names; of: the index in found for each
 * kind, or -1. */
struct spikes_cell {
	int of[REPORT_BYS];
	double n;
};

/* Decide which explains which: in `explains`. The cells are used up. False: out
 * of memory. */
bool spikes_group(struct spikes_found *found, size_t n,
	struct spikes_cell *cells, size_t cells_n)
	__attribute__((warn_unused_result));

/* Fill in r->spikes and what belongs to it; r->before is known. */
int report_spikes_load(struct db *db, struct arena *a, struct report *r)
	__attribute__((warn_unused_result));

/* How far all rose, of the kind of which they rose least: what lifts one stream
 * lifts most of the domains, too, but not the other streams. */
double spikes_rise(const struct spikes_kind kinds[REPORT_BYS]);

#endif
