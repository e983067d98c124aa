/* store/query_yield.c: who reads for long gives way to who writes. */
#include "test.h"

#include <sys/resource.h>
#include <time.h>

#include "query_yield.h"
#include "store_house.h"

static int set_up(void **state)
{
	static struct house h;

	house_open(&h);
	*state = &h;
	return 0;
}

static int tear_down(void **state)
{
	house_close(*state);
	return 0;
}

static double seconds(clockid_t clock)
{
	struct timespec t;

	assert_int_equal(clock_gettime(clock, &t), 0);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void look(struct query_yield *y, struct db *db)
{
	assert_int_equal(db_read_begin(db), 0);
	assert_int_equal(query_yield_look(y, db), 0);
	db_read_end(db);
}

static void work(double time)
{
	double began = seconds(CLOCK_THREAD_CPUTIME_ID);

	while (seconds(CLOCK_THREAD_CPUTIME_ID) < began + time)
		;
}

/* Seconds that a pause takes behind so many of work. A machine with other work
 * makes it longer, never shorter: it must not take this for the end of the
 * second in which there may be another commit. */
static double pause_after(struct query_yield y, double time)
{
	double began;

	assert_int_not_equal(y.written, 0);
	y.written += 1000000;
	query_yield(&y);
	work(time);
	began = seconds(CLOCK_MONOTONIC);
	query_yield(&y);
	return seconds(CLOCK_MONOTONIC) - began;
}

/* How often this thread has gone to sleep. */
static long sleeps(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_THREAD, &usage), 0);
	return usage.ru_nvcsw;
}

static void has_no_pause(struct query_yield y)
{
	long slept = sleeps();

	work(0.002);
	query_yield(&y);
	assert_int_equal(sleeps(), slept);
}

/* Seen to fail: no pause; one of the same length; one before there was a
 * commit. */
static void sleeps_four_times_as_long(void **state)
{
	struct house *h = *state;
	struct query_yield y = {0};
	struct db *db = house_db(h, DB_READ);

	look(&y, db);
	has_no_pause(y);
	house_hand(h, "a@example.org", "*", STATE_SUPPRESSED, NOW);
	has_no_pause(y); /* it has not looked */
	look(&y, db);
	assert_true(pause_after(y, 0.01) >= 0.04);
	look(&y, db);
	assert_true(pause_after(y, 0.04) >= 0.16);
	db_close(db);
}

/* Seen to fail without the comparison of times. */
static void ends_a_second_later(void **state)
{
	struct house *h = *state;
	struct query_yield y = {0};
	struct db *db = house_db(h, DB_READ);

	look(&y, db);
	house_hand(h, "a@example.org", "*", STATE_SUPPRESSED, NOW);
	look(&y, db);
	y.written -= 1001;
	has_no_pause(y);
	look(&y, db);
	has_no_pause(y);
	db_close(db);
}

/* Seen to fail by the number of the latest change. */
static void is_not_for_its_own_commits(void **state)
{
	struct house *h = *state;
	struct query_yield y = {0};

	look(&y, h->db);
	house_hand(h, "a@example.org", "*", STATE_SUPPRESSED, NOW);
	look(&y, h->db);
	has_no_pause(y);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sleeps_four_times_as_long),
		TEST(ends_a_second_later),
		TEST(is_not_for_its_own_commits),
	};

	return cmocka_run_group_tests_name(
		"store-query_yield", tests, NULL, NULL);
}
