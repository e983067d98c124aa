/*
 * The weeks of which nothing is to be sent any more by one way of the report
 * (dispatch.h): they left, or may have left, or lie before its first. What
 * tells a week is its time due, so that a clock may go where it will: one that
 * is years ahead takes the weeks that it names, and none between.
 *
 * Weeks behind each other are one run, so that years of them are one. There is
 * room for a few runs; where one more is needed, the two that are the nearest
 * become one, with the weeks between: what left is never forgotten.
 *
 * Times are Unix seconds.
 */
#ifndef DISPATCH_WEEKS_H
#define DISPATCH_WEEKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

#define DISPATCH_RUNS 5

/* No two times due are nearer, unless the schedule was changed between. */
#define DISPATCH_APART ((int64_t)20 * 3600)

struct dispatch_weeks {
	size_t n;

	struct {
		int64_t from, to;  /* the first time due and the last */
	} runs[DISPATCH_RUNS + 1]; /* ascending; the last is for the change */
};

void dispatch_weeks_add(struct dispatch_weeks *w, int64_t from, int64_t to);

/* Whether the one that is due then is among them. */
bool dispatch_weeks_has(const struct dispatch_weeks *w, int64_t due);

/* Whether all of them are later than that, or there is none. */
bool dispatch_weeks_lie_ahead(const struct dispatch_weeks *w, int64_t due);

/* "@FROM-TO,FROM-TO"; "@" for none. false: it is something else. */
#define DISPATCH_WEEKS_TEXT (2 + DISPATCH_RUNS * 38)
const char *dispatch_weeks_write(
	const struct dispatch_weeks *w, char buf[DISPATCH_WEEKS_TEXT]);
bool dispatch_weeks_parse(struct str text, struct dispatch_weeks *out);

/* A time as it stands there: digits alone, up to 18 of them. */
bool dispatch_weeks_time(struct str text, int64_t *out);

#endif
