/* conf/suggest.c: "did you mean". */
#include "test.h"

#include "suggest.h"

static void suggests(void **state)
{
	static const struct str words[] = {STR("host"), STR("password_file"),
		STR("tls"), STR("to"), STR("token_file")};

	static const struct {
		const char *text;
		int want;
	} rows[] = {
		{"host",			      0 },
		{"hosst",			     0 }, /* added */
		{"hst",			       0 }, /* left out */
		{"hoxt",			      0 }, /* changed */
		{"hsot",			      0 }, /* swapped */
		{"HOST",			      0 }, /* case */
		{"hxxt",			      -1}, /* two of four */
		{"password-file",                     1 }, /* hyphen */
		{"pasword_fiel",                      1 }, /* two of thirteen */
		{"pasword_fil",                       1 },
		{"psword_fil",                        -1}, /* three */
		{"tsl",			       2 },
		{"ssl",			       -1}, /* two of three */
		{"ta",				-1}, /* short words need all */
		{"t",				 -1},
		{"",				  -1},
		{"tokenfile",                         4 },
		{"something-much-longer-than-any-of", -1},
	};

	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int got = suggest(str_from(rows[i].text), words, 5);

		if (got != rows[i].want)
			print_message("%s: %d\n", rows[i].text, got);
		assert_int_equal(got, rows[i].want);
	}
	assert_int_equal(suggest(str_from("host"), words, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suggests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
