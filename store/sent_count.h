/*
 * How many mails of a day were sent, and how two numbers of them go together
 * (ledger_sent.h). Pure.
 */
#ifndef SENT_COUNT_H
#define SENT_COUNT_H

#include <stdint.h>

#include "str.h"

#define SENT_COUNT_HOURS 24

/* How many mails, by hour and in all: those of which the hour is not known are
 * in `day` only. */
struct sent_count {
	int64_t hour[SENT_COUNT_HOURS];
	int64_t day; /* at least the sum of the hours */
};

int64_t sent_count_in_hours(const struct sent_count *c);

/* Other mails. */
void sent_count_add(struct sent_count *to, const struct sent_count *c);

/* The same mails, told in another way: the greater counts, by hour and in all;
 * or the lesser. */
void sent_count_take_greater(struct sent_count *to, const struct sent_count *c);
void sent_count_take_lesser(struct sent_count *to, const struct sent_count *c);

/* What is in all and not in `of`. Where all are told by the hour and these by
 * the day, the hours lose alike. */
struct sent_count sent_count_others(
	const struct sent_count *all, const struct sent_count *of);

/* Three ways to tell of the same mails. */
struct sent_ways {
	struct sent_count
		unnamed; /* without a name: all that have one are meant */
	struct sent_count named; /* the sum of those with one */
	struct sent_count log;   /* those that are known one by one */
};

/* name: "" for none. */
void sent_count_add_way(
	struct sent_ways *w, struct str name, const struct sent_count *c);

struct sent_count sent_count_greatest(const struct sent_ways *w);

#endif
