/*
 * Which domain was meant by one that looks mistyped. It knows the world's
 * providers (typo_providers.def) and what it is told; the names alone decide
 * here, so that millions of them cost little. Pure, but for the memory it has.
 */
#ifndef TYPO_GUESS_H
#define TYPO_GUESS_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"
#include "typo_slip.h"

struct typo_guess;

/* With the providers and the real domains of the tables. NULL: out of memory.
 */
struct typo_guess *typo_guess_new(void);
void typo_guess_free(struct typo_guess *g); /* NULL: nothing */

/*
 * Domains in lower case, A-labels. _add: one that may have been meant; where
 * several may, the one with more addresses counts (a provider has 0 unless it
 * is added). _except: one that is no slip, whatever it looks like. What was
 * excepted is never meant by another. False: out of memory.
 */
bool typo_guess_add(struct typo_guess *g, struct str domain, int64_t addresses)
	__attribute__((warn_unused_result));
bool typo_guess_except(struct typo_guess *g, struct str domain)
	__attribute__((warn_unused_result));

/* After the last of them, once. False: out of memory. */
bool typo_guess_ready(struct typo_guess *g) __attribute__((warn_unused_result));

struct typo_found {
	struct str right;    /* lives as long as g */
	enum typo_slip slip; /* what makes the wrong one of it */
	bool users, domain;  /* whether it is to be believed where users are
			      * unknown; where the domain fails */
};

/* False: it does not look mistyped, or it is one of those that were added. */
bool typo_guess_find(
	const struct typo_guess *g, struct str domain, struct typo_found *out);

#endif
