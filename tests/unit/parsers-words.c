/* parsers/words.c: every row of words.def, there and back. */
#include "test.h"

#include "words.h"

static void knows_every_class(void **state)
{
	(void)state;
#define CLASS(number, NAME, word)                                              \
	assert_string_equal(class_word(CLASS_##NAME), word);                   \
	assert_int_equal(class_from_word(str_from(word)), number);
#include "words.def"
	assert_string_equal(class_word(CLASS_COUNT), "?");
	assert_string_equal(class_word((enum verdict_class) - 1), "?");
	assert_int_equal(class_from_word(str_from("Hard")), -1);
	assert_int_equal(class_from_word(STR_NULL), -1);
}

static void knows_every_reason(void **state)
{
	(void)state;
#define REASON(number, NAME, word, CLASS_NAME)                                 \
	assert_string_equal(reason_word(REASON_##NAME), word);                 \
	assert_int_equal(reason_from_word(str_from(word)), number);            \
	assert_int_equal(reason_class(REASON_##NAME), CLASS_##CLASS_NAME);
#include "words.def"
	assert_string_equal(reason_word((enum verdict_reason)8), "?");
	assert_string_equal(reason_word(REASON_COUNT), "?");
	assert_string_equal(reason_word((enum verdict_reason) - 1), "?");
	assert_int_equal(reason_class((enum verdict_reason)8), CLASS_NONE);
	assert_int_equal(reason_from_word(str_from("?")), -1);
	assert_int_equal(reason_from_word(str_from("user_unknown")), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_every_class),
		cmocka_unit_test(knows_every_reason),
	};

	return cmocka_run_group_tests_name("parsers-words", tests, NULL, NULL);
}
