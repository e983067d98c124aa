/*
 * Builds the automaton of parsers/match.h from a list of phrases. Used at
 * build time for the rules that are compiled in, and at start for a user's.
 */
#ifndef AUTOMATON_H
#define AUTOMATON_H

#include "arena.h"
#include "match.h"

#define AUTOMATON_PHRASES_MAX 60000u

/*
 * The automaton over n phrases, no two of them equal; empty ones keep their
 * number and are never found. All of *out lives in a. -1: out of memory, or
 * more than the tables can hold.
 */
int automaton_build(struct arena *a, const struct str *phrases, size_t n,
	struct match *out) __attribute__((warn_unused_result));

#endif
