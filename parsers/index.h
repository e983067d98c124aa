/*
 * Numbers by name, ASCII letters folded: finds the one of many addresses that
 * is the same as another without a look at all of them.
 */
#ifndef INDEX_H
#define INDEX_H

#include <stdint.h>

#include "arena.h"
#include "str.h"

struct index_slot {
	struct str name; /* absent: the slot is free */
	uint32_t hash, number;
};

/* {.arena = a} is an empty one. */
struct index {
	struct arena *arena;
	struct index_slot *slot; /* cap of them, a power of two, or none */
	size_t n, cap;
};

/* Whether name is in x; then *number is the one that it was put with. */
bool index_get(const struct index *x, struct str name, size_t *number);

/*
 * Put a name that is not in x and not absent. Without memory nothing is put:
 * the arena says so (.full).
 */
void index_put(struct index *x, struct str name, size_t number);

#endif
