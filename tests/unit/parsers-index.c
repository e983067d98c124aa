/* Numbers by name. */
#include "slices.h"

#include <stdio.h>

#include "index.h"

static struct str name_of(unsigned i)
{
	char buf[32];

	snprintf(buf, sizeof(buf), "user%u@example.org", i);
	return fresh(buf);
}

static void finds_what_was_put(void **state)
{
	struct index x = {.arena = &arena};
	size_t number = 0;

	(void)state;
	assert_false(index_get(&x, fresh("a"), &number));
	for (unsigned i = 0; i < 1000; i++) {
		assert_false(index_get(&x, name_of(i), &number));
		index_put(&x, name_of(i), i);
		assert_true(index_get(&x, name_of(i), &number));
		assert_int_equal(number, i);
	}
	for (unsigned i = 0; i < 1000; i++) {
		assert_true(index_get(&x, name_of(i), &number));
		assert_int_equal(number, i);
	}
	assert_int_equal(x.n, 1000);
	assert_false(index_get(&x, name_of(1000), &number));
}

static void folds_ascii_letters_alone(void **state)
{
	struct index x = {.arena = &arena};
	size_t number;

	(void)state;
	index_put(&x, fresh("Ab@\xc3\x84.example"), 7);
	assert_true(index_get(&x, fresh("aB@\xc3\x84.EXAMPLE"), &number));
	assert_int_equal(number, 7);
	assert_false(index_get(&x, fresh("aB@\xc3\xa4.EXAMPLE"), &number));
	assert_false(index_get(&x, fresh("`b@\xc3\x84.example"), &number));
	/* empty is a name, absent is none */
	assert_false(index_get(&x, fresh(""), &number));
	index_put(&x, fresh(""), 8);
	assert_true(index_get(&x, fresh(""), &number));
	assert_int_equal(number, 8);
	assert_false(index_get(&x, STR_NULL, &number));
}

static void without_memory(void **state)
{
	struct index x = {.arena = &arena};
	size_t number;

	(void)state;
	arena_shrink(2048);
	for (unsigned i = 0; i < 100; i++)
		index_put(&x, (struct str)STR("a"), i);
	assert_true(arena.full);
	assert_true(index_get(&x, (struct str)STR("A"), &number));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(finds_what_was_put),
		ARENA_TEST(folds_ascii_letters_alone),
		ARENA_TEST(without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
