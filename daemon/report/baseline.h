/*
 * Is this week more than usual? Pure numbers: counts by week in, the usual, the
 * limit and the chance out. No database, no clock.
 *
 * The model. A name's count in a week is Poisson with the mean
 *
 *	usual * factor of the week * exp(spread * t)
 *
 * Counts that come from many addresses would be Poisson, were all weeks alike.
 * They are not: lists, campaigns and servers make each week a multiple of the
 * usual one, which is what the last part says; so the variance grows with the
 * square of the count. It could be gamma distributed (that makes a negative
 * binomial); taken is the logarithm, because multiples multiply, its tail is
 * the longer one where a spike is told, and its median is what a robust
 * baseline knows. t has Student's distribution and not the normal one: the
 * spread is not known but learned from a few weeks.
 *
 *  - usual: the median of up to 26 weeks, or of the last 8 where that is
 *clearly more: a bad week does not count, and what has lasted for five is how
 *things are.
 *  - factor: what all names of a kind have in common in a week, the mean of the
 *    middle half of their ratios to the usual: a season or a pause is nobody's
 *    spike. Where it is known how much was sent to or in a name, that is taken
 *    instead; where it is known of all, the factor is at most half more than
 *    that, since what all have in common may be what is wrong. A week in which
 *    all fall makes none that stays as it is a spike.
 *  - spread: from the variance that is left, each week cut at three times its
 *    robust spread; what 8 to 26 weeks of one name say is drawn to what all
 *    names of the kind say, the more the fewer it has.
 *
 * Names with less than two in the usual week say too little of themselves:
 * they are judged by the highest that any of them reached in each week before.
 * That also is the measure for names that are new: where each campaign is a
 * stream of its own, a new one is no spike.
 */
#ifndef BASELINE_H
#define BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BASELINE_WEEKS 27 /* with this one, which is 0 */
#define BASELINE_LEAST 8  /* weeks before this one, to say anything */

/* What is no spike however unlikely: fewer than these, or fewer above what was
 * to be expected: nobody acts on nine bounces; or less than twice that. */
#define BASELINE_FLOOR  10
#define BASELINE_EXCESS 10
#define BASELINE_RATIO  2.0

/* False spikes to be expected in a quarter, of all names together. */
#define BASELINE_FALSE 0.25

struct baseline_series {
	const uint32_t *weeks; /* BASELINE_WEEKS of them */
	const double *mails;   /* sent in each; NULL: not known. 0: not of that
				* week */
	double more; /* of this week's, that are expected beside what is usual,
		      * of whom the mails are not known: others' mails explain
		      * them */
};

/* What the names of a kind have in common. */
struct baseline {
	int weeks; /* before this one */
	double factor[BASELINE_WEEKS];
	bool has_factor; /* else all are 1: too few names */
	double variance; /* of exp(spread * t), relative */
	size_t tested;   /* names that are judged by themselves, and 1 */
	uint32_t quiet[BASELINE_WEEKS]; /* the highest of those that are not */
};

struct baseline_result {
	bool is_spike;
	double usual;    /* median of the weeks before */
	double expected; /* with what this week has in common */
	double spread;   /* of the logarithm */
	double chance;   /* of as many, when nothing is wrong */
	double limit;    /* more than this is a spike; of a spike only */
};

/* Of nothing yet. weeks: before this one, of which there are data. */
void baseline_init(struct baseline *b, int weeks);

/* The factors, of n names of one kind. has_factor false: too few names; the
 * factors of another kind may then be taken. False: out of memory. */
bool baseline_factor(struct baseline *b, const struct baseline_series *s,
	size_t n) __attribute__((warn_unused_result));

/* How much was sent, in all, in each week (0: not known): this week's factor is
 * at most half more than that. */
void baseline_cap(struct baseline *b, const double *mails);

/* The mails of a usual week; 0: not known, of this one or of too many. mails
 * may be NULL. */
double baseline_usual_mails(const struct baseline *b, const double *mails);

/* The rest. Quiet names may be left out where baseline_add_quiet() has been
 * told of them. */
void baseline_learn(
	struct baseline *b, const struct baseline_series *s, size_t n);
void baseline_add_quiet(struct baseline *b, const uint32_t *weeks);

/* Whether a name tells too little of itself. */
bool baseline_is_quiet(const struct baseline *b, const uint32_t *weeks);

/* chance: what is less likely is a spike. */
struct baseline_result baseline_judge(const struct baseline *b,
	const struct baseline_series *s, double chance);

/*
 * The chance that each name may have so that BASELINE_FALSE false spikes are to
 * be expected of all n. floors: how likely each is to pass its floor when
 * nothing is wrong; who seldom does so leaves more to the others. 0 of a quiet
 * one: those of a kind together are one more, with 1.
 */
double baseline_floor_chance(
	const struct baseline *b, const struct baseline_series *s);
double baseline_chance(const double *floors, size_t n);

/* P(X >= n), X Poisson with the mean m * exp(spread * t), t of Student's
 * distribution with so many degrees of freedom. */
double baseline_tail(double n, double m, double spread, double degrees);

#endif
