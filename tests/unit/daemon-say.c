/* daemon/say.c: what is said is kept instead of printed. */
#include "test.h"

#include "say.h"

/* Shown failing without the cut at size, and without "; ". */
static void keeps(void **state)
{
	char text[64], small[8];

	(void)state;
	say_to(text, sizeof(text));
	assert_string_equal(text, "");
	say("unable to open '%s'", "x");
	say_hint("try %d", 2);
	say_to(NULL, 0);
	assert_string_equal(text, "unable to open 'x'; try 2");

	say_to(small, sizeof(small));
	say("much longer than that");
	say("and more");
	say_to(NULL, 0);
	assert_string_equal(small, "much lo");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
