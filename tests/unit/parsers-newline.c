/* LF, CRLF and CR are one and the same. */
#include "test.h"

#include "newline.h"

static void all_forms(void **state)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{"a\nb\n",     "a\nb\n"},
		{"a\r\nb\r\n", "a\nb\n"},
		{"a\rb\r",     "a\nb\n"},
		{"a\r\rb",     "a\n\nb"},
		{"a\r\r\nb",   "a\nb"  },
		{"a\r\n\r\nb", "a\n\nb"},
		{"a\n\rb",     "a\n\nb"},
		{"\r",         "\n"    },
		{"\r\r\r",     "\n\n\n"},
		{"",           ""      },
		{"no end",     "no end"},
	};
	struct arena a;

	(void)state;
	arena_init(&a, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str got = newline_normalise(&a, str_from(rows[i].in));

		if (!str_eq(got, str_from(rows[i].want)))
			fail_msg("row %zu: '" STR_FMT "'", i, STR_ARG(got));
	}
	arena_release(&a);
}

/* A mail that has no CR is not copied. */
static void nothing_to_do(void **state)
{
	struct str mail = str_from("a\nb\n");
	struct arena a;

	(void)state;
	arena_init(&a, 0);
	assert_ptr_equal(newline_normalise(&a, mail).p, mail.p);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_forms),
		cmocka_unit_test(nothing_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
