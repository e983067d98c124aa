/* parsers/arena.c: what one mail may take, and what is kept for the next. */
#include "test.h"

#include "arena.h"

static int setup(void **state)
{
	static struct arena a;

	arena_init(&a, 1 << 20);
	*state = &a;
	return 0;
}

static int teardown(void **state)
{
	arena_release(*state);
	return 0;
}

static void aligns_and_separates(void **state)
{
	char *last = NULL;

	for (size_t n = 0; n < 300; n++) {
		char *p = arena_alloc(*state, n);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		memset(p, (int)n, n);
		if (last && n > 1)
			assert_int_equal((unsigned char)last[n - 2],
				(unsigned char)(n - 1));
		last = p;
	}
}

static void stops_at_the_limit(void **state)
{
	struct arena *a = *state;

	assert_non_null(arena_alloc(a, 1 << 19));
	assert_null(arena_alloc(a, (1 << 19) + 1));
	assert_true(a->full);
	assert_non_null(arena_alloc(a, 1 << 19));
	assert_null(arena_alloc(a, 1));
	arena_reset(a, 0);
	assert_false(a->full);
	assert_non_null(arena_alloc(a, 1 << 20));
	assert_null(arena_alloc(a, SIZE_MAX));
	assert_null(arena_alloc(a, SIZE_MAX - 20));
}

static void refuses_what_no_memory_holds(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, SIZE_MAX);
	for (size_t n = SIZE_MAX; n > SIZE_MAX - 40; n--)
		assert_null(arena_alloc(&a, n));
	assert_true(a.full);
	arena_release(&a);
}

static size_t blocks_held(const struct arena *a)
{
	struct arena copy = *a;
	size_t n = 0;

	/* The block is private; its first member is the next one. */
	for (void *b = copy.first; b; b = *(void **)b)
		n++;
	return n;
}

static void takes_no_more_in_a_steady_state(void **state)
{
	struct arena *a = *state;
	size_t held = 0;

	for (int mail = 0; mail < 5; mail++) {
		arena_reset(a, 0);
		for (int i = 0; i < 40; i++)
			assert_non_null(arena_alloc(a, 5000));
		if (mail == 0)
			held = blocks_held(a);
		assert_int_equal(blocks_held(a), held);
	}
}

static void keeps_what_it_was_told_to(void **state)
{
	struct arena *a = *state;

	for (int i = 0; i < 10; i++)
		assert_non_null(arena_alloc(a, 65536));
	assert_int_equal(blocks_held(a), 10);
	arena_reset(a, 3 * 65536);
	assert_int_equal(blocks_held(a), 3);
	for (int i = 0; i < 10; i++)
		assert_non_null(arena_alloc(a, 65536));
	assert_int_equal(blocks_held(a), 10);
}

static void goes_past_small_blocks(void **state)
{
	struct arena *a = *state;
	char *big;

	for (int i = 0; i < 3; i++)
		assert_non_null(arena_alloc(a, 65536));
	arena_reset(a, 0);
	big = arena_alloc(a, 200000);
	assert_non_null(big);
	memset(big, 1, 200000);
	for (int i = 0; i < 3; i++)
		assert_non_null(arena_alloc(a, 65536));
	assert_int_equal(blocks_held(a), 4);
}

static void zeroes(void **state)
{
	struct arena *a = *state;
	char *p = arena_alloc(a, 100);

	memset(p, 'x', 100);
	arena_reset(a, 0);
	p = arena_zalloc(a, 10, 10);
	for (int i = 0; i < 100; i++)
		assert_int_equal(p[i], 0);
	assert_null(arena_zalloc(a, SIZE_MAX / 4, 8));
	assert_true(a->full);
}

static void copies(void **state)
{
	struct arena *a = *state;
	struct str s = STR("ab\0c"), copy = arena_dup(a, s);

	assert_true(str_eq(copy, s));
	assert_ptr_not_equal(copy.p, s.p);
	assert_null(arena_dup(a, STR_NULL).p);
	assert_non_null(arena_dup(a, str_from("")).p);
	assert_string_equal(arena_cstr(a, str_of("abc", 2)), "ab");
	assert_string_equal(arena_cstr(a, STR_NULL), "");
	arena_reset(a, 0);
	assert_non_null(arena_alloc(a, 1 << 20));
	assert_null(arena_dup(a, s).p);
	assert_string_equal(arena_cstr(a, s), "");
}

static void grows(void **state)
{
	struct arena *a = *state;
	size_t cap = 0, before;
	uint64_t *v = NULL, *more;

	for (size_t i = 0; i < 1000; i++) {
		v = arena_grow(a, v, &cap, i + 1, sizeof(*v));
		assert_non_null(v);
		assert_true(cap > i);
		v[i] = i;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(v[i], i);
	assert_ptr_equal(arena_grow(a, v, &cap, cap, sizeof(*v)), v);
	before = cap;
	more = arena_grow(a, v, &cap, SIZE_MAX / 4, sizeof(*v));
	assert_null(more);
	assert_int_equal(cap, before);
	assert_true(a->full);
}

static void survives_no_memory(void **state)
{
	struct arena none;

	(void)state;
	arena_init(&none, 1);
	assert_null(arena_alloc(&none, 1));
	assert_null(arena_zalloc(&none, 1, 1));
	assert_null(none.first);
	arena_release(&none);
	arena_init(&none, 0);
	assert_int_equal(none.limit, 16 << 20);
	arena_release(&none);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(aligns_and_separates),
		T(stops_at_the_limit),
		T(refuses_what_no_memory_holds),
		T(takes_no_more_in_a_steady_state),
		T(keeps_what_it_was_told_to),
		T(goes_past_small_blocks),
		T(zeroes),
		T(copies),
		T(grows),
		T(survives_no_memory),
	};

	return cmocka_run_group_tests_name("parsers-arena", tests, NULL, NULL);
}
