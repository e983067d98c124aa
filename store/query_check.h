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

#include "arena.h"
#include "db.h"
#include "policy.h"
#include "str.h"
#include "verdict.h"

/* What holds for an address in a scope. */
struct query_answer {
	const struct query_answer *next; /* of the same address */
	struct str scope;
	int64_t since, expires_at; /* expires_at 0: never */
	enum state state;
	enum verdict_reason reason;
	enum cause cause;
};

struct query_asked {
	struct str key; /* canonical; absent: nothing is asked */
	/* The answer: */
	const struct query_answer *answers; /* see .tell; NULL: none */
	uint8_t state;  /* enum state: SUPPRESSED, else HELD, else ABSENT */
	uint8_t reason; /* enum verdict_reason, of that state */
	/* The rest is private. */
	bool found;
	int64_t id;
};

enum query_check_tell {
	QUERY_CHECK_STATE, /* no answers, only .state and .reason */
	QUERY_CHECK_WORST, /* the one that .state and .reason are of */
	QUERY_CHECK_EACH,  /* all of them, releases too, "*" first */
};

#define QUERY_CHECK_PARTS 2

struct query_check {
	struct str scope; /* this one and "*" count; absent: each does */
	int64_t now;
	enum query_check_tell tell;

	/* A connection for each thread, the caller's first; further ones may be
	 * NULL. The answers live as long as the arena. */
	struct query_check_part {
		struct db *db;
		struct arena *answers;
	} part[QUERY_CHECK_PARTS];
};

/*
 * Answer n questions, each thread its part of them in one read transaction.
 * What fails is told by the first connection. Memory: some 32 bytes a question
 * for the time of the call, and some 40 for each domain.
 */
int query_check_all(const struct query_check *c, struct query_asked *asked,
	size_t n) __attribute__((warn_unused_result));

#endif
