/*
 * Addresses as somebody has them in a list, against the suppressions: many at
 * once, on both halves of which a thread works. What is no address is told from
 * what is one, and, where a whole row goes on as it stands, what looks like an
 * address and is another, too.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "arena.h"
#include "env.h"
#include "query_check.h"
#include "str.h"

enum screen_wrong {
	SCREEN_RIGHT,     /* it is an address, and screen_answer() has it */
	SCREEN_NO_COLUMN, /* nothing was given */
	SCREEN_EMPTY,
	SCREEN_HIDDEN,     /* has what nobody sees: see screen_run() */
	SCREEN_SEVERAL,    /* more than one address */
	SCREEN_NAMED,      /* "Anna <anna@example.org>" */
	SCREEN_NONE,       /* .error says why */
	SCREEN_APOSTROPHE, /* strict: begins with ', as spreadsheets write */
	SCREEN_WRONGS
};

struct screen_item {
	uint8_t wrong, error; /* enum screen_wrong, address_error */
	uint8_t doubt;        /* enum address_doubt, of what is right */
};

/* The address of item i, a slice that lives as long as a; absent: none. Called
 * from two threads. */
typedef struct str screen_given_fn(void *arg, size_t i, struct arena *a);

struct screen;

struct screen_how {
	bool strict; /* for rows that go on as they stand */
	enum query_check_tell tell;
};

/* NULL: out of memory. */
struct screen *screen_new(
	struct env *e, struct str scope, const struct screen_how *how);
void screen_free(struct screen *s); /* NULL does nothing */

/*
 * Look at n addresses. 0, or an exit status after telling why. Hidden is a
 * character that nobody sees, or a byte that is no UTF-8; where it is strict
 * also white space around the address, a dot at its end, and what stands for
 * another character (full-width letters, an accent that is not composed): the
 * key is without them, and who gets the row might not take them away. An
 * apostrophe before an address is a spreadsheet's, and hides who is meant.
 */
int screen_run(struct screen *s, size_t n, screen_given_fn *given, void *arg)
	__attribute__((warn_unused_result));

/* Item i of the latest run, and what the database says of it; its answers
 * live until the next. */
struct screen_item screen_at(const struct screen *s, size_t i);
const struct query_asked *screen_answer(const struct screen *s, size_t i);

#endif
