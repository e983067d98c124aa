/* parsers/utf8.c: validity, replacement, cutting. */
#include <stdio.h>

#include "slices.h"

#include "utf8.h"

#define U "\xef\xbf\xbd"

static void cleans(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"",					 ""               },
		{"plain ascii, longer than eight",
                 "plain ascii, longer than eight"                             },
		{"\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80",
                 "\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80"                       },
		{"\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf",
                 "\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"                   },
		{"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf",
                 "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"                   },
 /* overlong, surrogate, too high, never a first byte */
		{"\xc0\xaf",				 U U              },
		{"\xc1\xbf",				 U U              },
		{"\xe0\x9f\xbf",                             U U U            },
		{"\xf0\x8f\xbf\xbf",                         U U U U          },
		{"\xed\xa0\x80",                             U U U            },
		{"\xf4\x90\x80\x80",                         U U U U          },
		{"\xf5\x80\x80\x80",                         U U U U          },
		{"\x80\xbf\xff\xfe",                         U U U U          },
 /* Unicode 3.9, tables 3-8 to 3-11 */
		{"\x41\xc0\xaf\x41\xf4\x80\x80\x41",         "A" U U "A" U "A"},
		{"\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41",     U U U U "A"      },
		{"\xf0\x80\x80\x41",                         U U U "A"        },
 /* truncated at the end */
		{"abcdefgh\xc3",                             "abcdefgh" U     },
		{"\xe2\x82",				 U                },
		{"\xf0\x9f\x98",                             U                },
		{"12345678\xe2\x82zz",                       "12345678" U "zz"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str in = fresh(rows[i].in);
		struct str got = utf8_clean(&arena, in);
		bool same = strcmp(rows[i].in, rows[i].out) == 0;

		if (!str_eq(got, str_from(rows[i].out)))
			fail_msg("row %zu: '" STR_FMT "'", i, STR_ARG(got));
		assert_int_equal(utf8_is_valid(in), same);
		assert_int_equal(got.p == in.p, same);
	}
	assert_null(utf8_clean(&arena, STR_NULL).p);
	assert_true(utf8_is_valid(str_of("a\0b", 3)));
}

/* Every code point, encoded here by arithmetic, is valid; its neighbours by
 * one byte less are not. */
static void accepts_every_character(void **state)
{
	(void)state;
	for (unsigned c = 0x80; c < 0x110000; c++) {
		char s[4];
		size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		bool surrogate = c >= 0xd800 && c < 0xe000;
		unsigned left = c;

		for (size_t i = n; --i > 0; left >>= 6)
			s[i] = (char)(0x80 | (left & 0x3f));
		s[0] = (char)((0xf00u >> n & 0xff) | left);
		assert_int_equal(utf8_is_valid(str_of(s, n)), !surrogate);
		assert_false(utf8_is_valid(str_of(s, n - 1)));
	}
}

static void has_no_memory(void **state)
{
	(void)state;
	arena_shrink(1);
	assert_null(utf8_clean(&arena, str_from("\xff")).p);
	assert_non_null(utf8_clean(&arena, str_from("a")).p);
}

static void cuts(void **state)
{
	struct str s = STR("a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80");
	static const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};

	(void)state;
	for (size_t n = 0; n < sizeof(want) / sizeof(*want); n++) {
		assert_int_equal(utf8_cut(s, n).n, want[n]);
		assert_ptr_equal(utf8_cut(s, n).p, s.p);
	}
	/* what is not UTF-8 anyway is not cut away */
	assert_int_equal(
		utf8_cut(str_from("\x80\x80\x80\x80\x80\x80\x80"), 6).n, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(cleans),
		ARENA_TEST(accepts_every_character),
		ARENA_TEST(has_no_memory),
		ARENA_TEST(cuts),
	};

	return cmocka_run_group_tests_name("parsers-utf8", tests, NULL, NULL);
}
