/* Bounds of the wait, how it grows, and that kinds do not mix. */
#include "backoff.h"
#include "test.h"

static void test_least_and_most(void **state)
{
	struct backoff b = {0};

	(void)state;
	for (int i = 0; i < 200; i++)
		assert_int_equal(backoff_next(&b, BACKOFF_LINK, 0), 1000);
	assert_int_equal(backoff_next(&b, BACKOFF_LINK, UINT32_MAX), 300000);
	for (int i = 0; i < 200; i++)
		assert_true(backoff_next(&b, BACKOFF_SLOW, 0) >= 60000);
	assert_int_equal(backoff_next(&b, BACKOFF_SLOW, UINT32_MAX), 3600000);
}

static void test_doubles(void **state)
{
	struct backoff b = {0};

	(void)state;
	assert_int_equal(backoff_next(&b, BACKOFF_LINK, UINT32_MAX), 1000);
	assert_int_equal(backoff_next(&b, BACKOFF_LINK, UINT32_MAX), 2000);
	assert_int_equal(backoff_next(&b, BACKOFF_LINK, UINT32_MAX), 4000);
	assert_int_equal(backoff_next(&b, BACKOFF_LINK, UINT32_MAX / 2), 4499);
	backoff_reset(&b);
	assert_int_equal(backoff_next(&b, BACKOFF_LINK, UINT32_MAX), 1000);
}

static void test_another_kind_begins_anew(void **state)
{
	struct backoff b = {0};

	(void)state;
	for (int i = 0; i < 20; i++)
		(void)backoff_next(&b, BACKOFF_LINK, UINT32_MAX);
	assert_int_equal(backoff_next(&b, BACKOFF_SLOW, UINT32_MAX), 60000);
	assert_int_equal(backoff_next(&b, BACKOFF_LINK, UINT32_MAX), 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_least_and_most),
		cmocka_unit_test(test_doubles),
		cmocka_unit_test(test_another_kind_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
