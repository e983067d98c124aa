/*
 * Many addresses at once: which of them may not be mailed. For a campaign of a
 * million, where query_check() (query.h) for each would read every page of the
 * index again and again.
 */
#ifndef QUERY_CHECK_H
#define QUERY_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db.h"
#include "policy.h"
#include "str.h"
#include "verdict.h"

struct query_asked {
	struct str key; /* canonical; absent: nothing is asked */
	/* The answer: */
	uint8_t state;  /* enum state: SUPPRESSED, else HELD, else ABSENT */
	uint8_t reason; /* enum verdict_reason, of that state */
	bool any;       /* something holds, be it only a release */
};

/*
 * Answer n questions, in one read transaction. scope: this one and "*" count;
 * absent: each does. Memory: some 48 bytes a question, for the time of the
 * call.
 */
int query_check_all(struct db *db, struct str scope, int64_t now,
	struct query_asked *asked, size_t n)
	__attribute__((warn_unused_result));

#endif
