/*
 * A chain of blocks and a pointer that only moves forward. One mail allocates
 * a few hundred small things and frees none of them; a reset between mails
 * costs next to nothing. Under AddressSanitizer what was not handed out is
 * poisoned, so that a parser which runs over its end is caught in here too.
 */
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

#include "arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

#define BLOCK_SIZE    65536u
#define LIMIT_DEFAULT (16u << 20)
#define KEEP_DEFAULT  (4u << 20)

struct arena_block {
	struct arena_block *next;
	size_t size;
	alignas(max_align_t) char data[];
};

/* n rounded up to what any type needs; 0 for more than memory can be. */
static size_t aligned(size_t n)
{
	size_t a = alignof(max_align_t);

	return n > SIZE_MAX / 2 ? 0 : (n + a - 1) / a * a;
}

void arena_init(struct arena *a, size_t limit)
{
	*a = (struct arena){.limit = limit ? limit : LIMIT_DEFAULT};
}

static struct arena_block *free_block(struct arena_block *b)
{
	struct arena_block *next = b->next;

	ASAN_UNPOISON_MEMORY_REGION(b->data, b->size);
	free(b);
	return next;
}

void arena_reset(struct arena *a, size_t keep)
{
	size_t kept = 0;

	if (keep == 0)
		keep = KEEP_DEFAULT;
	for (struct arena_block **at = &a->first; *at;) {
		kept += (*at)->size;
		if (kept > keep) {
			kept -= (*at)->size;
			*at = free_block(*at);
			continue;
		}
		ASAN_POISON_MEMORY_REGION((*at)->data, (*at)->size);
		at = &(*at)->next;
	}
	a->now = NULL;
	a->taken = 0;
	a->full = false;
}

void arena_release(struct arena *a)
{
	size_t limit = a->limit;

	for (struct arena_block *b = a->first; b;)
		b = free_block(b);
	arena_init(a, limit);
}

/* Make *now a block with n free bytes: the next of the chain, or a new one. */
static bool next_block(struct arena *a, size_t n)
{
	struct arena_block **at = a->now ? &a->now->next : &a->first;
	struct arena_block *b = *at;

	if (!b || b->size < n) {
		size_t size = n > BLOCK_SIZE ? n : BLOCK_SIZE;

		b = malloc(sizeof(*b) + size);
		if (!b)
			return false;
		b->next = *at;
		b->size = size;
		*at = b;
		ASAN_POISON_MEMORY_REGION(b->data, b->size);
	}
	a->now = b;
	a->used = 0;
	return true;
}

void *arena_alloc(struct arena *a, size_t n)
{
	size_t size = aligned(n ? n : 1);
	char *p;

	if (size == 0 || size > a->limit - a->taken)
		goto full;
	if ((!a->now || size > a->now->size - a->used) && !next_block(a, size))
		goto full;
	p = a->now->data + a->used;
	a->used += size;
	a->taken += size;
	ASAN_UNPOISON_MEMORY_REGION(p, n);
	return p;
full:
	a->full = true;
	return NULL;
}

void *arena_zalloc(struct arena *a, size_t count, size_t size)
{
	void *p;

	if (size && count > SIZE_MAX / size) {
		a->full = true;
		return NULL;
	}
	p = arena_alloc(a, count * size);
	if (p)
		memset(p, 0, count * size);
	return p;
}

struct str arena_dup(struct arena *a, struct str s)
{
	char *p;

	if (!s.p)
		return STR_NULL;
	p = arena_alloc(a, s.n);
	if (!p)
		return STR_NULL;
	if (s.n)
		memcpy(p, s.p, s.n);
	return str_of(p, s.n);
}

const char *arena_cstr(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (!p)
		return "";
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

void *arena_grow(
	struct arena *a, void *p, size_t *cap, size_t need, size_t size)
{
	size_t want = *cap < 4 ? 8 : *cap * 2;
	char *grown;

	if (need <= *cap)
		return p;
	if (want < need)
		want = need;
	if (size && want > SIZE_MAX / size) {
		a->full = true;
		return NULL;
	}
	grown = arena_alloc(a, want * size);
	if (!grown)
		return NULL;
	if (*cap)
		memcpy(grown, p, *cap * size);
	*cap = want;
	return grown;
}
