/* daemon/print.c: what terminals, JSON readers and spreadsheets are given. */
#include "test.h"

#include "out_file.h"
#include "print.h"

typedef void printer(struct out *o, struct str s);

static void assert_printed(printer *print, struct str in, const char *want)
{
	print(out_file_open(), in);
	assert_string_equal(out_file_close(NULL), want);
}

#define IN(lit) str_of("" lit, sizeof(lit) - 1)

static void shows_what_is_hidden(void **state)
{
	static const struct {
		struct str in;
		const char *want;
	} cases[] = {
		{STR(""),			      ""                    },
		{STR("plain text"),                    "plain text"          },
		{STR("a\x1b[31mred"),                  "a\\x1b[31mred"       },
		{STR("a\0b"),                          "a\\x00b"             },
		{STR("\x7f\r\n\t"),                    "\\x7f\\x0d\\x0a\\x09"},
 /* C1: as UTF-8, and as raw bytes, which are not UTF-8 */
		{STR("\xc2\x9b\x33m"),                 "\\u{009b}3m"         },
		{STR("\x9b"),                          "\\x9b"               },
 /* bidirectional override, zero width, line separator */
		{STR("a\xe2\x80\xae@b"),               "a\\u{202e}@b"        },
		{STR("a\xe2\x80\x8b"),                 "a\\u{200b}"          },
		{STR("\xe2\x80\xa8"),                  "\\u{2028}"           },
		{STR("\xe2\x81\xa6"),                  "\\u{2066}"           },
		{STR("\xef\xbb\xbf"),                  "\\u{feff}"           },
 /* what is fine stays */
		{STR("m\xc3\xbcller@\xe4\xbe\x8b.jp"),
                 "m\xc3\xbcller@\xe4\xbe\x8b.jp"                             },
 /* not UTF-8: overlong, surrogate, cut short, above */
		{STR("\xc0\xaf"),                      "\\xc0\\xaf"          },
		{STR("\xed\xa0\x80"),                  "\\xed\\xa0\\x80"     },
		{STR("x\xe2\x82"),                     "x\\xe2\\x82"         },
		{STR("\xf4\x90\x80\x80"),              "\\xf4\\x90\\x80\\x80"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_printed(print_visible, cases[i].in, cases[i].want);
}

/* limit, in characters of s */
static void escapes_markup(void **state)
{
	static const struct {
		struct str in;
		size_t limit;
		const char *want;
	} cases[] = {
		{STR(""),                      0,  ""                  },
		{STR("plain"),                 5,  "plain"             },
		{STR("plain"),                 4,  "plai\xe2\x80\xa6"  },
		{STR("plain"),                 0,  "\xe2\x80\xa6"      },
		{STR("<a href=\"x\">'&amp;"),  99,
                 "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;"          },
		{STR("\xc3\xbc\xc3\xbc"),      2,  "\xc3\xbc\xc3\xbc"  },
		{STR("\xe2\x80\xae<\x9b\0\n"), 9,
                 "\\u{202e}&lt;\\x9b\\x00\\x0a"                        },
		{STR("\xc2\x9b\xef\xbb\xbf"),  9,  "\\u{009b}\\u{feff}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_html(out_file_open(), cases[i].in, cases[i].limit);
		assert_string_equal(out_file_close(NULL), cases[i].want);
	}
}

static void cuts_in_a_buffer(void **state)
{
	char buf[8];

	(void)state;
	assert_string_equal(
		print_visible_buf(buf, sizeof(buf), IN("1234567")), "1234567");
	assert_string_equal(
		print_visible_buf(buf, sizeof(buf), IN("12345678")), "12345..");
	assert_string_equal(
		print_visible_buf(buf, sizeof(buf), IN("12\x1b\x1b")), "12..");
	/* a character is never cut in two */
	assert_string_equal(print_visible_buf(buf, sizeof(buf),
				    IN("\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac")),
		"\xe2\x82\xac..");
}

static void knows_the_width(void **state)
{
	(void)state;
	assert_int_equal(print_width(IN("")), 0);
	assert_int_equal(print_width(IN("abc")), 3);
	assert_int_equal(print_width(IN("m\xc3\xbc")), 2);
	assert_int_equal(print_width(IN("\x1b")), 4);
	/* a wide one, and a mark that stands on the letter before it */
	assert_int_equal(print_width(IN("\xe4\xbe\x8b")), 2);
	assert_int_equal(print_width(IN("e\xcc\x81")), 1);
}

static void writes_what_fits(void **state)
{
	static const struct {
		struct str in;
		size_t width;
		const char *want, *rest;
	} cases[] = {
		{STR("abcdef"),                   4, "abcd",         "ef"  },
		{STR("abc"),                      4, "abc",          ""    },
		{STR("\xe4\xbe\x8b\xe4\xbe\x8b"), 3, "\xe4\xbe\x8b",
                 "\xe4\xbe\x8b"					    },
 /* a mark stays with its letter */
		{STR("abe\xcc\x81z"),             3, "abe\xcc\x81",  "z"   },
 /* what is shown is whole, too */
		{STR("ab\x1b"),                   5, "ab",           "\x1b"},
		{STR("\x1bz"),                    2, "\\x1b",        "z"   },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str rest = cases[i].in;
		struct out *o = out_file_open();
		size_t n = print_visible_part(o, &rest, cases[i].width);
		const char *got = out_file_close(NULL);

		assert_string_equal(got, cases[i].want);
		assert_int_equal(n, print_width(str_from(got)));
		assert_true(str_eq(rest, str_from(cases[i].rest)));
	}
}

static void groups_digits(void **state)
{
	char buf[PRINT_NUMBER];

	(void)state;
	assert_string_equal(print_number(buf, 0), "0");
	assert_string_equal(print_number(buf, 999), "999");
	assert_string_equal(print_number(buf, 1000), "1,000");
	assert_string_equal(
		print_number(buf, INT64_MAX), "9,223,372,036,854,775,807");
	assert_string_equal(print_number(buf, -1), "-");
	assert_string_equal(print_number(buf, INT64_MIN), "-");
}

static void writes_json(void **state)
{
	static const struct {
		struct str in;
		const char *want;
	} cases[] = {
		{STR(""),                  "\"\""                            },
		{STR("a \"b\" \\c/"),      "\"a \\\"b\\\" \\\\c/\""          },
		{STR("\b\f\n\r\t"),        "\"\\b\\f\\n\\r\\t\""             },
		{STR("\0\x01\x1f\x7f"),    "\"\\u0000\\u0001\\u001f\\u007f\""},
		{STR("\xc2\x85"),          "\"\\u0085\""                     },
		{STR("\xe2\x80\xae"),      "\"\\u202e\""                     },
		{STR("\xf3\xa0\x80\x81"),  "\"\\udb40\\udc01\""              },
		{STR("\xf0\x9f\x98\x80"),  "\"\xf0\x9f\x98\x80\""            },
		{STR("\xc3\xa9t\xc3\xa9"), "\"\xc3\xa9t\xc3\xa9\""           },
 /* one U+FFFD for each maximal part (Unicode 3.9) */
		{STR("a\xff\xfe"),         "\"a\xef\xbf\xbd\xef\xbf\xbd\""   },
		{STR("\xe2\x82z"),         "\"\xef\xbf\xbdz\""               },
		{STR("\xe9t\xe9"),         "\"\xef\xbf\xbdt\xef\xbf\xbd\""   },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_printed(print_json, cases[i].in, cases[i].want);
}

static void writes_csv(void **state)
{
	static const struct {
		struct str in;
		const char *want;
	} cases[] = {
		{STR(""),               ""					},
		{STR("plain"),          "plain"                                   },
		{STR("a,b"),            "\"a,b\""                                 },
		{STR("say \"no\""),     "\"say \"\"no\"\"\""                      },
		{STR("two\nlines"),     "\"two\nlines\""                          },
		{STR(" space"),         "\" space\""                              },
 /* no cell is a formula */
		{STR("=1+1"),           "'=1+1"                                   },
		{STR("+x@example.org"), "'+x@example.org"                         },
		{STR("-x"),             "'-x"				     },
		{STR("@SUM(A1)"),       "'@SUM(A1)"                               },
		{STR("\t=1"),           "'\t=1"                                   },
		{STR("\r=1"),           "\"'\r=1\""                               },
		{STR("\n=1"),           "\"'\n=1\""                               },
		{STR("=1,\"2\""),       "\"'=1,\"\"2\"\"\""                       },
		{STR("'=1"),            "''=1"				    },
		{STR("''@x"),           "'''@x"                                   },
		{STR("'x"),             "'x"				      },
		{STR("'"),              "'"				       },
 /* CSV cannot express these */
		{STR("a\0b\x1b"),       "a\xef\xbf\xbd"
				  "b\xef\xbf\xbd"},
		{STR("\xff"),           "\xef\xbf\xbd"                            },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_printed(print_csv, cases[i].in, cases[i].want);
}

static void takes_the_guard_off(void **state)
{
	static const char *const cases[][2] = {
		{"'=1",  "=1" },
		{"''=1", "'=1"},
		{"'x",   "'x" },
		{"''x",  "''x"},
		{"'",    "'"  },
		{"=1",   "=1" },
		{"",     ""   },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_true(str_eq(print_csv_unguard(str_from(cases[i][0])),
			str_from(cases[i][1])));
}

static void finds_what_hides(void **state)
{
	static const struct {
		const char *text;
		bool hides;
	} cases[] = {
		{"a.b+c@example.org",         false},
		{"\"a b\"@example.org",       false},
		{"\xc3\xa4@example.org",      false},
		{"",			  false},
		{"a\xe2\x80\x8b@example.org", true }, /* zero width space */
		{"a@example.org\xc2\xa0",     true },
		{"a\t@example.org",           true },
		{"a\xff@example.org",         true },
		{"a@example.org\xe2\x80\xae", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(
			print_hides(str_from(cases[i].text)), cases[i].hides);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_hides),
		cmocka_unit_test(shows_what_is_hidden),
		cmocka_unit_test(escapes_markup),
		cmocka_unit_test(cuts_in_a_buffer),
		cmocka_unit_test(knows_the_width),
		cmocka_unit_test(writes_what_fits),
		cmocka_unit_test(groups_digits),
		cmocka_unit_test(writes_json),
		cmocka_unit_test(writes_csv),
		cmocka_unit_test(takes_the_guard_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
