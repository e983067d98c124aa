/* What the files incident_test*.c share: windows, and what is usual in them. */
#ifndef INCIDENT_TEST_PRIVATE_H
#define INCIDENT_TEST_PRIVATE_H

#include "incident_test.h"

extern const int incident_test_lengths[INCIDENT_LENGTHS]; /* hours */

void incident_test_add(
	struct incident_sums *to, const struct incident_hour *h, double sign);

#define RATE_PRIOR  0.01 /* gone, of the mails sent */
#define RATE_WEIGHT 100.0

static inline double incident_test_rate(double n, double sent)
{
	return (n + RATE_PRIOR * RATE_WEIGHT) / (sent + RATE_WEIGHT);
}

/* The hours from..to. */
struct incident_sums incident_test_window(
	const struct incident_series *s, int64_t from, int64_t to);

/* The same without what an incident has explained already: that is not asked
 * about again. */
struct incident_sums incident_test_open_window(
	const struct incident_series *s, int64_t from, int64_t to);

/* The bucket's part of all, with what is believed of one that was never seen.
 */
double incident_test_share(
	enum incident_kind kind, const struct incident_sums *sum);

/* What is usual before `from`: the sums, and the highest windows of a length,
 * which want the sums. */
void incident_test_sums(const struct incident_series *s, int64_t from,
	struct incident_length *u);
void incident_test_most(const struct incident_series *s, int64_t from,
	int length, struct incident_length *u);

/*
 * All of it for windows of a length that end with hour. before has the mails of
 * an hour (or day) more than the window: their bounces may come in it; late
 * those of the days before, of which a trickle still comes.
 */
void incident_test_length(const struct incident_series *s, int64_t hour,
	int length, struct incident_length *u);

/* Whether it is told how much was sent up to an hour. */
static inline bool incident_test_knows(
	const struct incident_series *s, int64_t hour)
{
	return !s->untold_from || hour < s->untold_from;
}

#endif
