/* daemon/out.c: all bytes in their order, and the first error stays. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>

#include "out_file.h"

static void writes_numbers(void **state)
{
	struct out *o = out_file_open();

	(void)state;
	out_int(o, 0);
	out_char(o, ' ');
	out_int(o, INT64_MAX);
	out_char(o, ' ');
	out_int(o, INT64_MIN);
	out_printf(o, " %d %s", 7, "x");
	assert_string_equal(out_file_close(NULL),
		"0 9223372036854775807 -9223372036854775808 7 x");
}

/* Pieces of all sizes around that of the buffer. */
static void keeps_the_order(void **state)
{
	static const size_t sizes[] = {
		1, OUT_SIZE - 1, 1, 2, OUT_SIZE, OUT_SIZE + 1, 3, 0, 5};
	static char piece[OUT_SIZE + 1];
	struct out *o = out_file_open();
	size_t n, all = 0, at = 0;
	const char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		memset(piece, 'a' + (int)i, sizes[i]);
		out_bytes(o, piece, sizes[i]);
		all += sizes[i];
	}
	text = out_file_close(&n);
	assert_int_equal(n, all);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(text[at++], 'a' + (int)i);
}

static void first_error_stays(void **state)
{
	struct out *o = &out_file;

	(void)state;
	out_init(o, open("/dev/full", O_WRONLY));
	assert_true(o->fd >= 0);
	out_z(o, "x");
	assert_false(out_failed(o));
	assert_int_equal(out_flush(o), -1);
	assert_true(out_failed(o));
	assert_int_equal(o->error, ENOSPC);
	close(o->fd);
	out_z(o, "y");
	assert_int_equal(out_flush(o), -1);
	assert_int_equal(o->error, ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_numbers),
		cmocka_unit_test(keeps_the_order),
		cmocka_unit_test(first_error_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
