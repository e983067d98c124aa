/* store/sent_count.c: how two numbers of mails go together. */
#include "test.h"

#include "sent_count.h"

/* Of a day, of which so many are known to be of the hours 8 and 9. */
static struct sent_count count(int64_t day, int64_t eight, int64_t nine)
{
	struct sent_count c = {.day = day};

	c.hour[8] = eight;
	c.hour[9] = nine;
	return c;
}

static void assert_count(
	const struct sent_count *c, int64_t day, int64_t eight, int64_t nine)
{
	assert_int_equal(c->day, day);
	assert_int_equal(c->hour[8], eight);
	assert_int_equal(c->hour[9], nine);
	assert_int_equal(sent_count_in_hours(c), eight + nine);
}

static void other_mails_add_up(void **state)
{
	struct sent_count a = count(100, 60, 0), b = count(30, 10, 20);

	(void)state;
	sent_count_add(&a, &b);
	assert_count(&a, 130, 70, 20);
}

/* A day has at least the mails of its hours. */
static void the_same_mails_count_once(void **state)
{
	struct sent_count a = count(100, 60, 0), b = count(90, 20, 70);

	(void)state;
	sent_count_take_greater(&a, &b);
	assert_count(&a, 130, 60, 70);
	a = count(100, 60, 0);
	sent_count_take_lesser(&a, &b);
	assert_count(&a, 90, 20, 0);
}

static void the_others_are_what_is_left(void **state)
{
	struct sent_count all = count(100, 60, 40), of = count(30, 20, 10);
	struct sent_count c = sent_count_others(&all, &of);

	(void)state;
	assert_count(&c, 70, 40, 30);
	/* of which hours they are is not known: all lose alike */
	of = count(50, 0, 0);
	c = sent_count_others(&all, &of);
	assert_count(&c, 50, 30, 20);
	of = count(500, 0, 0);
	c = sent_count_others(&all, &of);
	assert_count(&c, 0, 0, 0);
}

static void the_greatest_of_three_ways(void **state)
{
	struct sent_ways w = {.log = count(40, 40, 0)};
	struct sent_count news = count(30, 0, 30), all = count(60, 0, 0), c;

	(void)state;
	sent_count_add_way(&w, str_from("news"), &news);
	sent_count_add_way(&w, str_from("shop"), &news);
	sent_count_add_way(&w, str_from(""), &all);
	c = sent_count_greatest(&w);
	assert_count(&c, 100, 40, 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_mails_add_up),
		cmocka_unit_test(the_same_mails_count_once),
		cmocka_unit_test(the_others_are_what_is_left),
		cmocka_unit_test(the_greatest_of_three_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
