/* daemon/when.c: times as people and programs write them. */
#include "test.h"

#include "when.h"

static void formats(void **state)
{
	char buf[WHEN_SIZE];

	(void)state;
	assert_string_equal(when_format(0, buf), "1970-01-01T00:00:00Z");
	assert_string_equal(
		when_format(1582934399, buf), "2020-02-28T23:59:59Z");
	assert_string_equal(when_format(-1, buf), "1969-12-31T23:59:59Z");
	assert_string_equal(
		when_format(253402300799, buf), "9999-12-31T23:59:59Z");
	assert_string_equal(when_format(253402300800, buf), "");
	assert_string_equal(when_format(INT64_MAX, buf), "");
	assert_string_equal(when_format(INT64_MIN, buf), "");
	assert_string_equal(when_day(1582934400, buf), "2020-02-29");
	assert_string_equal(when_day(INT64_MAX, buf), "");
}

static void parses(void **state)
{
	static const struct {
		const char *in;
		int64_t want;
	} good[] = {
		{"1970-01-01",                0         },
		{"2020-02-29",                1582934400},
		{"2020-02-29T00:00:00Z",      1582934400},
		{"2020-02-29 00:00z",         1582934400},
		{"2020-02-29T01:30:00+01:30", 1582934400},
		{"2020-02-28T16:00:00-08:00", 1582934400},
		{"2016-12-31T23:59:60Z",      1483228799},
	};

	static const char *const bad[] = {"", "2020", "2020-2-29", "2021-02-29",
		"2020-13-01", "2020-00-10", "2020-04-31", "2020-01-01T",
		"2020-01-01T10:00:00", "2020-01-01T24:00:00Z",
		"2020-01-01T10:60:00Z", "2020-01-01T10:00:00Zx",
		"2020-01-01T10:00:00+1:00", "2020-01-01x", "20200101",
		"1969-01-01", "yesterday"};
	int64_t at;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		at = -1;
		assert_true(when_parse(good[i].in, &at));
		assert_int_equal(at, good[i].want);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (when_parse(bad[i], &at))
			fail_msg("'%s' was taken for a time", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats),
		cmocka_unit_test(parses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
