/*
 * The C library's allocations, made to fail: malloc() and the others are
 * defined here in front of it, so that what libidn2, libunistring, iconv and
 * libyaml ask for fails, too. To be included by one file of a program. Not
 * under AddressSanitizer, which does the same.
 */
#ifndef FAILING_H
#define FAILING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

enum kind {
	LIBRARY,
	ARENA
};

static struct {
	bool on;        /* only what happens meanwhile counts */
	enum kind kind; /* which allocations fail */
	bool from_then; /* all from the n-th, not only the n-th */
	long calls, fail_at;
	long live; /* allocations of the C library that were not freed */
	long ours; /* those of them that our own code asked for */
} alloc;

static inline bool fails(enum kind kind)
{
	if (!alloc.on || alloc.kind != kind)
		return false;
	alloc.calls++;
	return alloc.from_then ? alloc.calls >= alloc.fail_at
			       : alloc.calls == alloc.fail_at;
}

#ifndef WITH_ASAN
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

/* What our own code holds: a set of pointers, by open addressing. */
#define OURS_MAX 65536u
static void *ours[OURS_MAX];
static char was_here;

static size_t place(const void *p)
{
	return (size_t)((uintptr_t)p >> 4) * 2654435761u % OURS_MAX;
}

static void hold(void *p, const void *caller)
{
	extern const char __executable_start, etext;
	size_t i = place(p);

	alloc.live++;
	if ((const char *)caller < &__executable_start ||
		(const char *)caller >= &etext)
		return;
	alloc.ours++;
	while (ours[i] && ours[i] != &was_here)
		i = (i + 1) % OURS_MAX;
	ours[i] = p;
}

static void let_go(const void *p)
{
	alloc.live--;
	for (size_t i = place(p), n = 0; ours[i] && n < OURS_MAX; n++) {
		if (ours[i] == p) {
			ours[i] = &was_here;
			alloc.ours--;
			return;
		}
		i = (i + 1) % OURS_MAX;
	}
}

void *malloc(size_t n)
{
	void *p = fails(LIBRARY) ? NULL : __libc_malloc(n);

	if (p)
		hold(p, __builtin_return_address(0));
	return p;
}

void *calloc(size_t n, size_t size)
{
	void *p = fails(LIBRARY) ? NULL : __libc_calloc(n, size);

	if (p)
		hold(p, __builtin_return_address(0));
	return p;
}

void *realloc(void *p, size_t n)
{
	void *moved;

	if (fails(LIBRARY))
		return NULL;
	moved = __libc_realloc(p, n);
	if (moved && p)
		let_go(p);
	if (moved)
		hold(moved, __builtin_return_address(0));
	return moved;
}

void free(void *p)
{
	if (p)
		let_go(p);
	__libc_free(p);
}
#endif

#endif
