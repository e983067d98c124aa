/* parsers/str.c: slices. */
#include "test.h"

#include "str.h"

static void assert_str(struct str got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p ? got.p : "", want, got.n);
}

static void compares(void **state)
{
	struct str ab = STR("ab"), empty = STR("");

	(void)state;
	assert_true(str_eq(ab, str_from("ab")));
	assert_false(str_eq(ab, str_from("aB")));
	assert_false(str_eq(ab, str_from("abc")));
	assert_false(str_eq(str_from("a"), str_from("b")));
	assert_true(str_eq(empty, STR_NULL));
	assert_true(str_ieq(ab, str_from("AB")));
	assert_false(str_ieq(ab, str_from("ac")));
	assert_false(str_ieq(ab, str_from("cb")));
	assert_false(str_ieq(str_from("[`"), str_from("{@")));
	assert_true(str_ieqz(str_from("RFC822"), "rfc822"));
	assert_false(str_ieqz(str_from("rfc82"), "rfc822"));
	assert_true(str_ieqz(STR_NULL, ""));
}

static void compares_ends(void **state)
{
	struct str s = STR("X-Loop");

	(void)state;
	assert_true(str_starts(s, str_from("X-")));
	assert_false(str_starts(s, str_from("x-")));
	assert_false(str_starts(s, str_from("X-Loop:")));
	assert_true(str_starts(s, STR_NULL));
	assert_true(str_istarts(s, "x-l"));
	assert_false(str_istarts(s, "x-loops"));
	assert_true(str_iends(s, "OOP"));
	assert_false(str_iends(s, "oo"));
	assert_false(str_iends(s, "x"));
	assert_false(str_iends(str_from("op"), "oop"));
	assert_true(str_iends(STR_NULL, ""));
}

static void orders(void **state)
{
	(void)state;
	assert_true(str_cmp(str_from("a"), str_from("b")) < 0);
	assert_true(str_cmp(str_from("b"), str_from("a")) > 0);
	assert_true(str_cmp(str_from("a"), str_from("ab")) < 0);
	assert_true(str_cmp(str_from("ab"), str_from("a")) > 0);
	assert_int_equal(str_cmp(str_from("a"), str_from("a")), 0);
	assert_int_equal(str_cmp(STR_NULL, str_from("")), 0);
	assert_true(str_cmp(str_from("\x7f"), str_from("\x80")) < 0);
}

static void slices(void **state)
{
	struct str s = STR("hello");

	(void)state;
	assert_str(str_sub(s, 1, 3), "ell");
	assert_str(str_sub(s, 4, 9), "o");
	assert_str(str_sub(s, 9, 1), "");
	assert_null(str_sub(STR_NULL, 1, 1).p);
	assert_str(str_trim(str_from(" \t\r\n a b\v\f ")), "a b");
	assert_str(str_trim(str_from(" \n ")), "");
	assert_int_equal(str_trim(STR_NULL).n, 0);
}

static void finds(void **state)
{
	struct str s = {"one\0Two two", 11};

	(void)state;
	assert_int_equal(str_chr(s, '\0'), 3);
	assert_int_equal(str_chr(s, 'x'), 11);
	assert_int_equal(str_chr(STR_NULL, 'x'), 0);
	assert_int_equal(str_find(s, str_from("two")), 8);
	assert_int_equal(str_find(s, str_from("three")), 11);
	assert_int_equal(str_find(s, str_from("T")), 4);
	assert_int_equal(str_ifind(s, "ONE"), 0);
	assert_int_equal(str_find(s, STR_NULL), 0);
	assert_int_equal(str_find(STR_NULL, s), 0);
	assert_int_equal(str_ifind(s, "tWO"), 4);
	assert_int_equal(str_ifind(s, "twos"), 11);
	assert_int_equal(str_ifind(s, ""), 0);
	assert_int_equal(str_ifind(str_from("tw"), "two"), 2);
}

static void cuts_lines(void **state)
{
	struct str rest = STR("a\n\nb"), line;

	(void)state;
	assert_true(str_line(&rest, &line));
	assert_str(line, "a");
	assert_true(str_line(&rest, &line));
	assert_str(line, "");
	assert_true(str_line(&rest, &line));
	assert_str(line, "b");
	assert_false(str_line(&rest, &line));
	rest = str_from("k=v=w");
	assert_true(str_cut(&rest, '=', &line));
	assert_str(line, "k");
	assert_str(rest, "v=w");
	rest = str_from("only=");
	assert_true(str_cut(&rest, '=', &line));
	assert_false(str_cut(&rest, '=', &line));
	rest = STR_NULL;
	assert_false(str_line(&rest, &line));
}

static void globs(void **state)
{
	static const struct {
		const char *s, *pattern;
		bool match;
	} rows[] = {
		{"mx.example.org", "*.example.org", true },
		{"example.org",    "*.example.org", false},
		{"MX.Example.ORG", "*.eXample.org", true },
		{"",               "*",             true },
		{"",               "",              true },
		{"",               "?",             false},
		{"a",              "",              false},
		{"abc",            "a?c",           true },
		{"abc",            "a?",            false},
		{"abc",            "a**c*",         true },
		{"abcabd",         "*abd",          true },
		{"aXbXc",          "a*x*c",         true },
		{"ab",             "b*",            false},
		{"a*c",            "a*c",           true },
		{"aaaaaaaaaab",    "*a*a*a*b",      true },
		{"aaaaaaaaaac",    "*a*a*a*b",      false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_glob(str_from(rows[i].s), str_from(rows[i].pattern)) !=
			rows[i].match)
			fail_msg("'%s' and '%s'", rows[i].s, rows[i].pattern);
}

static void reads_numbers(void **state)
{
	(void)state;
	assert_int_equal(str_number(str_from("550 x"), 999), 550);
	assert_int_equal(str_number(str_from("999"), 999), 999);
	assert_int_equal(str_number(str_from("1000"), 999), -1);
	assert_int_equal(str_number(str_from("007"), 7), 7);
	assert_int_equal(str_number(str_from("255"), 255), 255);
	assert_int_equal(str_number(str_from("256"), 255), -1);
	assert_int_equal(str_number(str_from("8"), 7), -1);
	assert_int_equal(str_number(str_from("-1"), 999), -1);
	assert_int_equal(str_number(str_from(""), 999), -1);
	assert_int_equal(str_number(str_from("0"), 0), 0);
	assert_int_equal(
		str_number(str_from("99999999999999999999999"), 1L << 62), -1);
}

static void reads_hex(void **state)
{
	static const char digits[] = "0123456789abcdef";

	(void)state;
	for (int c = 0; c < 256; c++) {
		int lower = ascii_lower((unsigned char)c);
		const char *at = lower ? strchr(digits, lower) : NULL;

		assert_int_equal(
			ascii_hex((unsigned char)c), at ? at - digits : -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares),
		cmocka_unit_test(compares_ends),
		cmocka_unit_test(orders),
		cmocka_unit_test(slices),
		cmocka_unit_test(finds),
		cmocka_unit_test(cuts_lines),
		cmocka_unit_test(globs),
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(reads_hex),
	};

	return cmocka_run_group_tests_name("parsers-str", tests, NULL, NULL);
}
