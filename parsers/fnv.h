/*
 * FNV-1a with 64 bits, for tables that nobody else fills on purpose or that a
 * few equal hashes do no harm to. A hash begins with FNV_BEGIN, or with that of
 * what stands before.
 */
#ifndef FNV_H
#define FNV_H

#include <stdint.h>

#include "str.h"

#define FNV_BEGIN UINT64_C(0xcbf29ce484222325)

/* A number at once: its high bits are the mixed ones. */
static inline uint64_t fnv_number(uint64_t h, uint64_t v)
{
	return (h ^ v) * UINT64_C(0x100000001b3);
}

static inline uint64_t fnv_bytes(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = fnv_number(h, (unsigned char)s.p[i]);
	return h;
}

/* With ASCII letters folded. */
static inline uint64_t fnv_folded(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = fnv_number(h, ascii_lower((unsigned char)s.p[i]));
	return h;
}

static inline uint64_t fnv_numbers(uint64_t h, const int64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = fnv_number(h, (uint64_t)v[i]);
	return h;
}

#endif
