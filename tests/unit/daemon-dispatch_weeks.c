/* daemon/dispatch_weeks.c: the weeks that are done, as few runs. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "dispatch_weeks.h"

#define DAY  86400
#define WEEK (7 * DAY)
#define HOUR 3600

static const char *text(const struct dispatch_weeks *w)
{
	static char buf[DISPATCH_WEEKS_TEXT];

	return dispatch_weeks_write(w, buf);
}

static struct dispatch_weeks make(const int64_t *at, size_t n)
{
	struct dispatch_weeks w = {0};

	for (size_t i = 0; i < n; i++)
		dispatch_weeks_add(&w, at[i], at[i]);
	return w;
}

#define MAKE(...)                                                              \
	make((const int64_t[]){__VA_ARGS__},                                   \
		sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static void joins_what_is_behind_each_other(void **state)
{
	struct dispatch_weeks w = {0};

	(void)state;
	assert_string_equal(text(&w), "@");
	/* A week, and a week with an hour that the clocks were changed by. */
	w = MAKE(WEEK, 2 * WEEK, 3 * WEEK + HOUR);
	assert_string_equal(text(&w), "@604800-1818000");
	/* In another order, and one twice. */
	w = MAKE(3 * WEEK + HOUR, WEEK, 2 * WEEK, WEEK);
	assert_string_equal(text(&w), "@604800-1818000");
	/* One week between. */
	w = MAKE(3 * WEEK, WEEK);
	assert_string_equal(text(&w), "@604800-604800,1814400-1814400");
}

static void knows_what_is_done(void **state)
{
	struct dispatch_weeks w = MAKE(10 * WEEK, 11 * WEEK, 20 * WEEK), no;

	(void)state;
	memset(&no, 0, sizeof(no));
	assert_false(dispatch_weeks_has(&w, 9 * WEEK));
	assert_true(dispatch_weeks_has(&w, 10 * WEEK));
	assert_true(dispatch_weeks_has(&w, 11 * WEEK));
	assert_false(dispatch_weeks_has(&w, 12 * WEEK));
	assert_false(dispatch_weeks_has(&w, 19 * WEEK));
	assert_true(dispatch_weeks_has(&w, 20 * WEEK));
	assert_false(dispatch_weeks_has(&w, 21 * WEEK));
	/* The same one, by a schedule of another hour; and not. */
	assert_true(dispatch_weeks_has(&w, 20 * WEEK + 20 * HOUR - 1));
	assert_false(dispatch_weeks_has(&w, 20 * WEEK + 20 * HOUR));
	assert_true(dispatch_weeks_has(&w, 10 * WEEK - 20 * HOUR + 1));
	assert_false(dispatch_weeks_has(&w, 10 * WEEK - 20 * HOUR));
	assert_false(dispatch_weeks_has(&no, 10 * WEEK));
	assert_true(dispatch_weeks_lie_ahead(&w, 9 * WEEK));
	assert_false(dispatch_weeks_lie_ahead(&w, 10 * WEEK));
	assert_false(dispatch_weeks_lie_ahead(&w, 15 * WEEK));
	assert_true(dispatch_weeks_lie_ahead(&no, 15 * WEEK));
}

/* Shown failing: where the first two, or the last two, become one. */
static void loses_as_little_as_it_can(void **state)
{
	struct dispatch_weeks w = MAKE(
		100 * WEEK, 200 * WEEK, 203 * WEEK, 400 * WEEK, 900 * WEEK);

	(void)state;
	assert_int_equal(w.n, 5);
	dispatch_weeks_add(&w, 600 * WEEK, 600 * WEEK);
	assert_int_equal(w.n, 5);
	assert_true(dispatch_weeks_has(&w, 200 * WEEK));
	assert_true(dispatch_weeks_has(&w, 202 * WEEK));
	assert_true(dispatch_weeks_has(&w, 203 * WEEK));
	assert_true(dispatch_weeks_has(&w, 600 * WEEK));
	assert_true(dispatch_weeks_has(&w, 900 * WEEK));
	assert_false(dispatch_weeks_has(&w, 204 * WEEK));
	assert_false(dispatch_weeks_has(&w, 150 * WEEK));
	assert_false(dispatch_weeks_has(&w, 500 * WEEK));
}

static void reads_what_it_wrote(void **state)
{
	struct dispatch_weeks w = MAKE(
		100 * WEEK, 200 * WEEK, 203 * WEEK, 400 * WEEK, 900 * WEEK);
	static const char *const bad[] = {"", "604800-604800", "@-", "@1",
		"@1-", "@-1", "@2-1", "@1-2-3", "@,1-2", "@1-2;",
		"@1-1000000000000000000"};
	struct dispatch_weeks again;
	char long_text[DISPATCH_WEEKS_TEXT];

	(void)state;
	assert_true(dispatch_weeks_parse(str_from(text(&w)), &again));
	snprintf(long_text, sizeof(long_text), "%s", text(&w));
	assert_string_equal(text(&again), long_text);
	assert_int_equal(again.n, 5);
	assert_true(dispatch_weeks_parse(str_from("@"), &again));
	assert_int_equal(again.n, 0);
	/* More than there is room for, in no order. */
	assert_true(dispatch_weeks_parse(
		str_from("@900000000-900000000,1-2,100000000-100000000,"
			 "200000000-200000000,300000000-300000000,"
			 "500000000-500000000,700000000-700000000"),
		&again));
	assert_int_equal(again.n, 5);
	assert_true(dispatch_weeks_has(&again, 150000000));
	assert_false(dispatch_weeks_has(&again, 800000000));
	/* The widest that there is. */
	assert_true(dispatch_weeks_parse(
		str_from("@999999999999999999-999999999999999999"), &again));
	assert_string_equal(
		text(&again), "@999999999999999999-999999999999999999");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (dispatch_weeks_parse(str_from(bad[i]), &again))
			fail_msg("read: %s", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins_what_is_behind_each_other),
		cmocka_unit_test(knows_what_is_done),
		cmocka_unit_test(loses_as_little_as_it_can),
		cmocka_unit_test(reads_what_it_wrote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
