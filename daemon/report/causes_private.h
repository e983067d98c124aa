/* What causes.c and causes_tell.c share. */
#ifndef CAUSES_PRIVATE_H
#define CAUSES_PRIVATE_H

#include "report/causes.h"

#define CAUSE_DAYS 60 /* send logs that reach back less tell no new ones */

/* Above what an ordinary week has; never below 0. */
double cause_excess(const struct cause_features *f, enum cause_count c);

/* The part of the excess that has it; of logged ones for NEW and OLD. 0 to 1.
 */
double cause_part(const struct cause_features *f, enum cause_count c);

/* Whether send logs tell of enough of them to know the new and the old. */
bool cause_logs_tell(const struct cause_features *f);

/* Mistyped, mashed or malformed: the part of the excess. */
double cause_dirt(const struct cause_features *f);

/* An answer on its way. */
struct cause_telling {
	const struct cause_features *f;
	enum report_by by;
	struct str name; /* of the spike */
	struct arena *arena;
	struct cause_answer *out;
};

/* The sentences for a cause, and what to do. */
void causes_tell(struct cause_telling *t);

/* One more sentence; what has no room is left out. */
void causes_say(struct cause_telling *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
