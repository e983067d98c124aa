/* daemon/charset.c: charsets, A-labels, NFC. */
#include <stdio.h>
#include <stdlib.h>

#include "test.h"

#include "charset.h"
#include "utf8.h"

#define U "\xef\xbf\xbd"

static struct arena arena;
static struct charset *charset;
static const struct verdict_ops *ops;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	charset = charset_new();
	assert_non_null(charset);
	ops = charset_ops(charset);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	charset_free(charset);
	arena_release(&arena);
	return 0;
}

static struct str decode(const char *name, struct str bytes)
{
	return ops->to_utf8(ops->arg, &arena, str_from(name), bytes);
}

static void check(const char *name, const char *bytes, const char *want)
{
	struct str got = decode(name, str_from(bytes));

	if (!want && !got.p)
		return;
	if (!want || !got.p || !str_eq(got, str_from(want)))
		fail_msg("%s '%s': got '" STR_FMT "' (%s), not '%s'", name,
			bytes, STR_ARG(got), got.p ? "there" : "absent",
			want ? want : "(absent)");
}

/* One word in each charset; the bytes are from the charsets' tables. */
static void decodes_charsets(void **state)
{
	(void)state;
	check("utf-8", "\xc3\xbc", "\xc3\xbc");
	check("UTF8", "a\xfc", "a" U);
	check("iso-8859-1", "M\xfcller", "M\xc3\xbcller");
	check("ISO_8859-1:1987", "\x80 5", "\xe2\x82\xac 5");
	check("windows-1252", "\x93q\x94", "\xe2\x80\x9cq\xe2\x80\x9d");
	check("windows-1252", "\x80", "\xe2\x82\xac");
	check("iso-8859-15", "\xa4", "\xe2\x82\xac");
	check("iso-8859-2", "\xb1", "\xc4\x85");
	check("windows-1251", "\xcf\xf0", "\xd0\x9f\xd1\x80");
	check("koi8-r", "\xf0\xd2", "\xd0\x9f\xd1\x80");
	check("iso-2022-jp", "\x1b$B$3$s\x1b(B!", "\xe3\x81\x93\xe3\x82\x93!");
	check("Shift_JIS", "\x82\xb1\x87\x40",
		"\xe3\x81\x93\xe2\x91\xa0"); /* CP932's circled 1 */
	check("x-sjis", "\x82\xb1", "\xe3\x81\x93");
	check("euc-jp", "\xa4\xb3", "\xe3\x81\x93");
	check("gb2312", "\xd3\xca", "\xe9\x82\xae");
	check("GBK", "\xe0\x46", "\xe9\x83\x8c"); /* not in GB 2312 */
	check("big5", "\xa6\x5f", "\xe5\x9b\x9d");
	check("ks_c_5601-1987", "\xb0\xa1\x81\x41",
		"\xea\xb0\x80\xea\xb0\x82"); /* the second is CP949's */
	check("unicode-1-1-utf-7", "Hi +AOQ-!", "Hi \xc3\xa4!");
	check("utf-16le", "", "");
	assert_true(str_eq(decode("UTF-16", str_of("\xff\xfe\xe4\0\n\0", 6)),
		str_from("\xc3\xa4\n")));
	assert_true(str_eq(
		decode("UTF-16BE", str_of("\0\xe4", 2)), str_from("\xc3\xa4")));
}

static void knows_names_as_written(void **state)
{
	(void)state;
	check("\"iso-8859-1\"", "\xfc", "\xc3\xbc");
	check("'windows-1252'", "\xfc", "\xc3\xbc");
	check("ISO_8859_1", "\xfc", "\xc3\xbc");
	check("no-such-charset", "abc", NULL);
	check("", "abc", NULL);
	check("utf-8//TRANSLIT", "abc", NULL);
	check("../../../tmp/x", "abc", NULL);
	check("a-name-so-long-that-nobody-can-know-it-at-all", "abc", NULL);
	assert_null(ops->to_utf8(ops->arg, &arena, STR_NULL, STR_NULL).p);
}

/* Every codec opens here, and every name leads to one. */
static void opens_every_row(void **state)
{
	(void)state;
#define ALIAS(name, NAME)                                                      \
	if (!decode(name, str_from("\xff\xfe\xfd+\x1b\xfc")).p)                \
		fail_msg("%s", name);
#include "charset.def"
}

static void believes_the_bytes(void **state)
{
	struct str ascii = STR("plain");

	(void)state;
	check("us-ascii", "\xc3\xbc", "\xc3\xbc");
	check("us-ascii", "\xfc", "\xc3\xbc");
	check("ansi_x3.4-1968", "\x93", "\xe2\x80\x9c");
	assert_ptr_equal(decode("us-ascii", ascii).p, ascii.p);
	assert_ptr_equal(decode("iso-8859-1", ascii).p, ascii.p);
	assert_ptr_equal(decode("iso-2022-jp", ascii).p, ascii.p);
	assert_ptr_equal(decode("utf-7", ascii).p, ascii.p);
	assert_ptr_equal(decode("utf-8", ascii).p, ascii.p);
	assert_ptr_not_equal(decode("utf-16le", ascii).p, ascii.p);
}

static void replaces_what_is_wrong(void **state)
{
	(void)state;
	check("windows-1252",
		"a\x81"
		"b",
		"a" U "b");
	check("shift_jis", "a\x82", "a" U);
	check("shift_jis", "\x82\xb1\xff\x82\xb1",
		"\xe3\x81\x93" U "\xe3\x81\x93");
	check("iso-2022-jp", "\x1b$B$3\x7e\x7e$3",
		"\xe3\x81\x93" U "\xe3\x81\x93");
	check("iso-2022-jp",
		"a\xff"
		"b",
		"a" U "b");
	check("iso-2022-jp", "\x1b$B$", U);
	assert_true(str_eq(decode("utf-16le", str_of("\x00\xd8"
						     "a\0b",
						      5)),
		str_from(U "a" U)));
	assert_true(str_eq(decode("iso-8859-1", str_of("\0\xfc", 2)),
		str_of("\0\xc3\xbc", 3)));
}

/* The same bytes give the same text whatever was decoded before. */
static void forgets_its_state(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		check("iso-2022-jp", "\x1b$B$3", "\xe3\x81\x93");
		check("iso-2022-jp", "$3\x1b(B", "$3");
		check("utf-7", "+AOQ", "\xc3\xa4");
		check("utf-7", "AOQ+-", "AOQ+");
		assert_true(
			str_eq(decode("utf-16", str_of("\xff\xfe\xe4\0", 4)),
				str_from("\xc3\xa4")));
	}
}

/* More output than input, more than any buffer to begin with. */
static void grows(void **state)
{
	size_t n = 262144;
	char *bytes = malloc(n);
	struct str got;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 0x81, n);
	got = decode("windows-1252", str_of(bytes, n));
	assert_int_equal(got.n, 3 * n);
	assert_true(str_starts(got, str_from(U U)));
	assert_true(str_iends(got, U U));
	for (size_t i = 0; i < n; i++)
		bytes[i] = i % 2 ? '\xb1' : '\x82';
	got = decode("shift_jis", str_of(bytes, n));
	assert_int_equal(got.n, 3 * n / 2);
	free(bytes);
	arena_release(&arena);
	arena_init(&arena, 1);
	check("iso-8859-1", "\xfc", NULL);
	check("utf-8", "\xfc", NULL);
}

/* Random bytes in every charset come out as UTF-8. */
static void gives_only_utf8(void **state)
{
	static const char *const names[] = {
#define ALIAS(name, NAME) name,
#include "charset.def"
	};
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char bytes[24];
		struct str got;

		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (char)(seed >> 24);
			if (i < 4 && seed & 0x10000)
				bytes[i] = "\x1b$BA+(J)"[seed >> 20 & 7];
		}
		got = decode(
			names[(seed >> 8) % (sizeof(names) / sizeof(*names))],
			str_of(bytes, sizeof(bytes)));
		assert_non_null(got.p);
		assert_true(utf8_is_valid(got));
		arena_reset(&arena, 0);
	}
}

static void check_ascii(const char *domain, const char *want)
{
	struct str got = ops->to_ascii(ops->arg, &arena, str_from(domain));

	if (want ? !got.p || !str_eq(got, str_from(want)) : got.p != NULL)
		fail_msg("'%s' gives '" STR_FMT "'", domain, STR_ARG(got));
}

static void makes_a_labels(void **state)
{
	(void)state;
	check_ascii("M\xc3\xbcnchen.Example", "xn--mnchen-3ya.example");
	check_ascii("MU\xcc\x88nchen.example", "xn--mnchen-3ya.example");
	check_ascii("XN--MNCHEN-3YA.example", "xn--mnchen-3ya.example");
	/* non-transitional: sharp s and final sigma stay letters */
	check_ascii("stra\xc3\x9f"
		    "e.example",
		"xn--strae-oqa.example");
	check_ascii("\xef\xbd\x85xample\xe3\x80\x82org", "example.org");
	check_ascii("under_score.example", "under_score.example");
	check_ascii("\xe2\x80\xae.example", NULL); /* a bidi override */
	assert_null(
		ops->to_ascii(ops->arg, &arena, str_of("a\0b.example", 11)).p);
	assert_int_equal(ops->to_ascii(ops->arg, &arena, STR_NULL).n, 0);
}

static void refuses_long_domains(void **state)
{
	char domain[1030];

	(void)state;
	memset(domain, 'a', sizeof(domain));
	for (size_t n = 1020; n <= sizeof(domain); n++)
		assert_null(
			ops->to_ascii(ops->arg, &arena, str_of(domain, n)).p);
}

static void makes_nfc(void **state)
{
	struct str ascii = STR("plain"), got;

	(void)state;
	got = ops->to_nfc(ops->arg, &arena, ascii);
	assert_ptr_equal(got.p, ascii.p);
	got = ops->to_nfc(ops->arg, &arena, str_from("u\xcc\x88"));
	assert_true(str_eq(got, str_from("\xc3\xbc")));
	got = ops->to_nfc(ops->arg, &arena, str_from("\xe2\x84\xab"));
	assert_true(str_eq(got, str_from("\xc3\x85"))); /* Angstrom sign */
	/* compatibility characters stay: NFC is not NFKC */
	got = ops->to_nfc(ops->arg, &arena, str_from("\xef\xac\x81"));
	assert_true(str_eq(got, str_from("\xef\xac\x81")));
	charset_free(NULL);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(decodes_charsets),
		T(knows_names_as_written),
		T(opens_every_row),
		T(believes_the_bytes),
		T(replaces_what_is_wrong),
		T(forgets_its_state),
		T(grows),
		T(gives_only_utf8),
		T(makes_a_labels),
		T(refuses_long_domains),
		T(makes_nfc),
	};

	return cmocka_run_group_tests_name("daemon-charset", tests, NULL, NULL);
}
