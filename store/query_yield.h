/*
 * Who reads for long gives way to who writes: recording comes first, and a
 * reader that begins its next transaction at once keeps the WAL from beginning
 * anew, which the writer then has to wait for.
 *
 *	query_yield_look() within each transaction
 *	query_yield() behind it
 */
#ifndef QUERY_YIELD_H
#define QUERY_YIELD_H

#include <stdint.h>

#include "db.h"

struct query_yield {
	int64_t version; /* as it was looked at last; 0: not yet */
	int64_t written; /* when it was seen to have changed, ms; 0: never */
	int64_t used;    /* processor time of this thread by then, ns */
};

/* Whether somebody else has committed since the last look. 0 or -1. */
int query_yield_look(struct query_yield *y, struct db *db)
	__attribute__((warn_unused_result));

/* Sleep, if somebody did in the last second: four times as long as was worked,
 * which leaves the writer most of the machine even where it has one processor.
 */
void query_yield(struct query_yield *y);

#endif
