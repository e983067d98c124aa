/* conf/mistake.c: the list, its order and its bound. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "mistake.h"

static void sorts(void **state)
{
	struct conf_mistakes m = {0};
	static const char want[] = "abcdef";
	size_t i;

	(void)state;
	mistake_add(&m, 7, "%s", "d");
	mistake_warn(&m, 9, "f");
	mistake_add(&m, 0, "a");
	mistake_warn(&m, 7, "e");
	mistake_add(&m, 3, "b");
	mistake_add(&m, 3, "c");
	mistake_sort(&m);
	assert_int_equal(m.n, 6);
	for (i = 0; i < m.n; i++)
		assert_int_equal(m.v[i].text[0], want[i]);
	assert_true(m.v[4].warning);
	assert_false(m.v[3].warning);
	conf_mistakes_release(&m);
	assert_int_equal(m.n, 0);
	mistake_sort(&m);
	conf_mistakes_release(&m);
}

static void tells_warnings_apart(void **state)
{
	struct conf_mistakes m = {0};

	(void)state;
	assert_false(mistake_is_fatal(&m));
	mistake_warn(&m, 1, "w");
	assert_false(mistake_is_fatal(&m));
	mistake_add(&m, 1, "m");
	assert_true(mistake_is_fatal(&m));
	conf_mistakes_release(&m);
}

static void cleans_texts(void **state)
{
	struct conf_mistakes m = {0};
	char *big = malloc(100001);

	(void)state;
	assert_non_null(big);
	memset(big, 'x', 100000);
	big[100000] = '\0';
	mistake_add(&m, 1, "key '%s'", "a\033[2Jb");
	mistake_add(&m, 2, "key '%s'", big);
	assert_string_equal(m.v[0].text, "key 'a?[2Jb'");
	assert_int_equal(strlen(m.v[1].text), 400);
	assert_string_equal(m.v[1].text + 395, "xx...");
	free(big);
	conf_mistakes_release(&m);
}

static void has_a_bound(void **state)
{
	struct conf_mistakes m = {0};
	unsigned i;

	(void)state;
	for (i = 1; i <= MISTAKES_MAX; i++)
		mistake_warn(&m, i, "w");
	mistake_warn(&m, i, "one too many");
	assert_int_equal(m.n, MISTAKES_MAX);
	assert_false(mistake_is_fatal(&m));
	mistake_add(&m, i, "and a mistake");
	assert_true(mistake_is_fatal(&m));
	mistake_sort(&m);
	assert_int_equal(m.n, MISTAKES_MAX + 1);
	assert_string_equal(
		m.v[MISTAKES_MAX].text, "1 more mistakes are not shown");
	assert_true(mistake_is_fatal(&m));
	conf_mistakes_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts),
		cmocka_unit_test(tells_warnings_apart),
		cmocka_unit_test(cleans_texts),
		cmocka_unit_test(has_a_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
