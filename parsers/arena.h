/*
 * Memory for everything that is born from one message. Allocation moves a
 * pointer; arena_reset() forgets all and keeps the blocks, so that a steady
 * state allocates nothing. Nothing in parsers/ calls free.
 *
 * arena_alloc() returns NULL when the system has no memory or the limit is
 * reached; .full then stays set until the reset. Callers give a weaker answer
 * (a shorter list, an absent slice), never an error.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct arena_block;

struct arena {
	struct arena_block *first, *now;
	size_t used;  /* bytes used in *now */
	size_t taken; /* bytes handed out since the reset */
	size_t limit; /* most bytes between two resets */
	bool full;
};

/* An arena that hands out at most limit bytes (0: 16 MiB) between resets. */
void arena_init(struct arena *a, size_t limit);

/* Forget everything; keep the blocks up to keep bytes (0: keep 4 MiB). */
void arena_reset(struct arena *a, size_t keep);

/* Give all memory back; the arena is as after arena_init(). */
void arena_release(struct arena *a);

/* n bytes, aligned for any type, not zeroed. NULL: see above. */
void *arena_alloc(struct arena *a, size_t n);

/* The same, zeroed; count times size, overflow checked. */
void *arena_zalloc(struct arena *a, size_t count, size_t size);

/* A copy of s (absent stays absent; absent also when there is no memory). */
struct str arena_dup(struct arena *a, struct str s);

/* A NUL-terminated copy; "" when there is no memory. NULs inside stay. */
const char *arena_cstr(struct arena *a, struct str s);

/*
 * Grow an array to hold at least need items of size bytes: p holds *cap of
 * them. Returns the (moved) array and raises *cap, or NULL with *cap as it was.
 */
void *arena_grow(
	struct arena *a, void *p, size_t *cap, size_t need, size_t size);

#endif
