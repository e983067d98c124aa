/* What the tests of the parsers share: slices, arenas, long input. */
#ifndef SLICES_H
#define SLICES_H

#include <stdlib.h>
#include <time.h>

#include "test.h"

#include "arena.h"
#include "str.h"

static struct arena arena;

static inline int arena_setup(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return 0;
}

static inline int arena_teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

#define ARENA_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, arena_setup, arena_teardown)

/* From here on the arena hands out at most limit bytes. */
static inline void arena_shrink(size_t limit)
{
	arena_release(&arena);
	arena_init(&arena, limit);
}

/* A copy of its own: under AddressSanitizer no byte after it may be read. */
static inline struct str fresh(const char *z)
{
	return arena_dup(&arena, str_from(z));
}

/* got is want; want NULL: got is absent. */
static inline void check_str(struct str got, const char *want, const char *what)
{
	if (!want && !got.p)
		return;
	if (!want || !got.p || !str_eq(got, str_from(want)))
		fail_msg("%s: got '" STR_FMT "' (%s), not '%s'", what,
			STR_ARG(got), got.p ? "there" : "absent",
			want ? want : "(absent)");
}

/* head, n times unit, tail; to be freed with slice_free(). */
static inline struct str repeat(
	const char *head, const char *unit, size_t n, const char *tail)
{
	size_t a = strlen(head), u = strlen(unit), z = strlen(tail);
	char *p = malloc(a + n * u + z + 1);

	assert_non_null(p);
	memcpy(p, head, a);
	for (size_t i = 0; i < n; i++)
		memcpy(p + a + i * u, unit, u);
	memcpy(p + a + n * u, tail, z + 1);
	return str_of(p, a + n * u + z);
}

static inline void slice_free(struct str s)
{
	free((char *)s.p);
}

/*
 * Call read with about a megabyte of each unit, between head and tail. What
 * looks at bytes again and again takes minutes for one of them; 5 s of
 * processor time allow for the sanitizers and a slow machine.
 */
static inline void check_linear(const char *head, const char *const *units,
	size_t n, const char *tail, void (*read)(struct str s))
{
	for (size_t i = 0; i < n; i++) {
		struct str s = repeat(
			head, units[i], 1000000 / strlen(units[i]), tail);
		clock_t start = clock();

		read(s);
		if (clock() - start > 5 * CLOCKS_PER_SEC)
			fail_msg("'%s' again and again takes %ld s", units[i],
				(long)((clock() - start) / CLOCKS_PER_SEC));
		slice_free(s);
		arena_reset(&arena, 0);
	}
}

#endif
