/*
 * What the fuzz targets share. A target says what it is about, calls its part
 * of the parsers with the bytes that it is given, and stops the program where
 * a promise of a header is broken.
 *
 * With PLANTED_BUG each target has a fault of its own, which run.sh wants the
 * fuzzer to find: so it is known that it gets as far as that.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define CHECK(holds)                                                           \
	do {                                                                   \
		if (!(holds)) {                                                \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,       \
				__LINE__, #holds);                             \
			abort();                                               \
		}                                                              \
	} while (0)

#ifdef PLANTED_BUG
#define PLANT(here) CHECK(!(here))
#else
#define PLANT(here) ((void)sizeof(here)) /* read, not run */
#endif

/* Kept for all inputs; its arena is empty again with each. */
static inline struct harness *fuzz_harness(void)
{
	static struct harness h;

	if (!h.charset)
		harness_init(&h);
	arena_reset(&h.arena, 0);
	return &h;
}

#endif
