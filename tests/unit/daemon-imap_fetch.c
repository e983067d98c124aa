/* Sets of UIDs, as short as they can be and never longer than a command. */
#include <stdlib.h>
#include <string.h>

#include "imap_private.h"
#include "test.h"

static void test_sets(void **state)
{
	static const uint32_t uids[] = {1, 2, 3, 7, 9, 10, 4294967295u};
	char set[64];

	(void)state;
	assert_int_equal(imap_set_write(set, sizeof(set), uids, 7), 7);
	assert_string_equal(set, "1:3,7,9:10,4294967295");
	assert_int_equal(imap_set_write(set, sizeof(set), uids, 1), 1);
	assert_string_equal(set, "1");
	assert_int_equal(imap_set_write(set, sizeof(set), uids, 0), 0);
	assert_string_equal(set, "");
}

static void test_a_set_that_is_full(void **state)
{
	static const uint32_t uids[] = {10, 12, 14, 15, 16, 18};
	char set[10];

	(void)state;
	assert_int_equal(imap_set_write(set, sizeof(set), uids, 6), 2);
	assert_string_equal(set, "10,12");
	assert_int_equal(imap_set_write(set, sizeof(set), uids + 2, 4), 4);
	assert_string_equal(set, "14:16,18");
}

static void test_what_fits(void **state)
{
	uint32_t *uids = malloc(100000 * sizeof(*uids));
	size_t n;

	(void)state;
	assert_non_null(uids);
	for (uint32_t i = 0; i < 100000; i++)
		uids[i] = 4000000000u + i;
	assert_int_equal(imap_fits(uids, 100000), 100000);
	for (uint32_t i = 0; i < 100000; i++)
		uids[i] = 4000000000u + 2 * i;
	n = imap_fits(uids, 100000);
	assert_in_range(n, IMAP_SET_SIZE / 11 - 1, IMAP_SET_SIZE / 11);
	free(uids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_a_set_that_is_full),
		cmocka_unit_test(test_what_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
