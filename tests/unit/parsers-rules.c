/* parsers/rules.c: the words for marks; what rules do is in conf-ruleset*.c. */
#include "slices.h"

#include "rules.h"

static void marks_have_words(void **state)
{
	(void)state;
	for (int m = 0; m < MARK_COUNT; m++) {
		const char *word = mark_word((enum mark)m);

		assert_true(word && *word);
		assert_int_equal(mark_from_word(str_from(word)), m);
	}
	assert_int_equal(mark_from_word(str_from("Bounce-Subject")),
		MARK_BOUNCE_SUBJECT);
	assert_int_equal(mark_from_word(str_from("bounce")), -1);
	assert_int_equal(mark_from_word(STR_NULL), -1);
	assert_string_equal(mark_word(MARK_COUNT), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(marks_have_words),
	};

	return cmocka_run_group_tests_name("parsers-rules", tests, NULL, NULL);
}
