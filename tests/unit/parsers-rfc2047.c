/* parsers/rfc2047.c: encoded words. */
#include <stdio.h>
#include <stdlib.h>

#include "slices.h"

#include "rfc2047.h"

#define U "\xef\xbf\xbd"

/* ISO 8859-1 and US-ASCII; every other charset is unknown. */
static struct str latin1(
	void *arg, struct arena *a, struct str charset, struct str bytes)
{
	char *p = arena_alloc(a, bytes.n * 2);
	size_t n = 0;

	++*(unsigned *)arg;
	if (!p || (!str_ieqz(charset, "iso-8859-1") &&
			  !str_ieqz(charset, "us-ascii")))
		return STR_NULL;
	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];

		if (c >= 0x80)
			p[n++] = (char)(0xc0 | c >> 6);
		p[n++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
	}
	return str_of(p, n);
}

static unsigned calls;

static const struct verdict_ops ops = {.arg = &calls, .to_utf8 = latin1};

static void check(const char *raw, const char *want)
{
	unsigned limits = 0;
	struct str got = rfc2047_decode(&arena, &ops, fresh(raw), &limits);

	if (!got.p || !str_eq(got, str_from(want)))
		fail_msg("'%s' gives '" STR_FMT "', not '%s'", raw,
			STR_ARG(got), want);
	assert_int_equal(limits, 0);
}

/* RFC 2047, section 8; the comments' parentheses stand around the words. */
static void decodes_the_rfcs_examples(void **state)
{
	(void)state;
	check("=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>",
		"Keith Moore <moore@cs.utk.edu>");
	check("=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk>",
		"Keld J\xc3\xb8rn Simonsen <keld@dkuug.dk>");
	check("=?ISO-8859-1?Q?Olle_J=E4rnefors?= <ojarnef@admin.kth.se>",
		"Olle J\xc3\xa4rnefors <ojarnef@admin.kth.se>");
	check("=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?= <paf@nada.kth.se>",
		"Patrik F\xc3\xa4ltstr\xc3\xb6m <paf@nada.kth.se>");
	check("=?ISO-8859-1?Q?Andr=E9?= Pirard <PIRARD@vm1.ulg.ac.be>",
		"Andr\xc3\xa9 Pirard <PIRARD@vm1.ulg.ac.be>");
	check("=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\n"
	      "    =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
		"If you can read this you understand the example.");
	check("(=?ISO-8859-1?Q?a?=)", "(a)");
	check("(=?ISO-8859-1?Q?a?= b)", "(a b)");
	check("(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)");
	check("(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)");
	check("(=?ISO-8859-1?Q?a?=\n    =?ISO-8859-1?Q?b?=)", "(ab)");
	check("(=?ISO-8859-1?Q?a_b?=)", "(a b)");
	check("(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)");
	check("=?US-ASCII*EN?Q?Keith_Moore?= <moore@cs.utk.edu>",
		"Keith Moore <moore@cs.utk.edu>"); /* RFC 2231, 5 */
}

static void decodes_what_is_sent(void **state)
{
	(void)state;
	check("plain", "plain");
	check(" folded\n  twice ", "folded twice");
	check("", "");
	/* a character cut in two between words */
	check("=?utf-8?Q?=C3?= =?UTF-8?Q?=BC?=", "\xc3\xbc");
	check("=?utf-8?B?w7w=?= =?utf-8?Q?=C3=BC?=", "\xc3\xbc\xc3\xbc");
	check("=?utf-8?B?w7w=?= =?utf-8?B?YQ==?= =?utf-8?B?w7w=?=",
		"\xc3\xbc"
		"a\xc3\xbc");
	/* no blank around, blanks inside */
	check("a=?utf-8?q?b?=c", "abc");
	check("=?utf-8?Q?a b?= c", "a b c");
	check("=?utf-8?B?YWJj IGQ=?=", "abc d");
	check("=?utf-8?Q?\?=", "");
	check("=?utf-8?Q?=3D?=", "=");
	/* no words */
	check("=?", "=?");
	check("=?=?=?utf-8?q?a?=", "=?=?a");
	check("=?utf-8?x?abc?=", "=?utf-8?x?abc?=");
	check("=??q?abc?=", "=??q?abc?=");
	check("=?utf-8?q?abc", "=?utf-8?q?abc");
	check("=?utf-8?q", "=?utf-8?q");
	check("=?utf-8?q?a?= =?utf-8?q?b", "a =?utf-8?q?b");
	check("=?utf-8?Q?=ZZ=4?=", "=ZZ=4");
	/* not what it says it is */
	check("=?utf-8?Q?a=FFb=C0=AFc?=", "a" U "b" U U "c");
	check("raw \xfc byte", "raw " U " byte");
	check("raw \xc3\xbc =?utf-8?q?a?=", "raw \xc3\xbc a");
	check("raw \xfc =?utf-8?q?a?=", "raw " U " a");
	/* an unknown charset, ASCII and not */
	check("=?x-unknown?Q?abc?=", "abc");
	check("=?x-unknown?Q?ab=FC?= d", "=?x-unknown?Q?ab=FC?= d");
	/* no second line out of one */
	check("=?utf-8?Q?a=0D=0Ab=00c=7F?=", "a  b c ");
	check("=?utf-8?B?YQpi?=", "a b");
}

static void needs_no_callbacks(void **state)
{
	unsigned limits = 0;
	struct str got = rfc2047_decode(&arena, NULL,
		str_from("=?utf-8?q?=C3=BC?= =?iso-8859-1?q?=FC?= =?x?q?y?="),
		&limits);

	(void)state;
	assert_true(str_eq(got, str_from("\xc3\xbc=?iso-8859-1?q?=FC?=y")));
	calls = 0;
	check("=?utf-8?q?=C3=BC?=", "\xc3\xbc");
	assert_int_equal(calls, 0);
	assert_null(rfc2047_decode(&arena, &ops, STR_NULL, &limits).p);
	assert_int_equal(limits, 0);
}

static void limits_length(void **state)
{
	unsigned limits = 0;
	struct str raw = repeat("", "=?utf-8?q?=E2=82=AC?= ", 2730, ""), got;

	(void)state;
	got = rfc2047_decode(&arena, &ops, raw, &limits);
	assert_int_equal(got.n, 2730 * 3);
	assert_int_equal(limits, 0);
	slice_free(raw);

	raw = repeat("", "=?utf-8?q?=E2=82=AC?= ", 2731, "");
	got = rfc2047_decode(&arena, &ops, raw, &limits);
	assert_int_equal(got.n, 2730 * 3); /* no half character */
	assert_int_equal(limits, LIMIT_TEXT);
	slice_free(raw);

	limits = 0;
	raw = repeat("", "\xe2\x82\xac", 2731, "");
	got = rfc2047_decode(&arena, &ops, raw, &limits);
	assert_int_equal(got.n, 2730 * 3);
	assert_int_equal(limits, LIMIT_TEXT);
	slice_free(raw);
}

static void has_no_memory(void **state)
{
	static const char *const raws[] = {"a\n b", "\xff", "=?utf-8?q?a?="};

	(void)state;
	arena_shrink(1);
	for (size_t i = 0; i < sizeof(raws) / sizeof(*raws); i++) {
		unsigned limits = 0;

		assert_null(
			rfc2047_decode(&arena, &ops, str_from(raws[i]), &limits)
				.p);
		assert_int_equal(limits, LIMIT_MEMORY);
	}
}

static void decode(struct str s)
{
	unsigned limits = 0;

	rfc2047_decode(&arena, &ops, s, &limits);
}

static void stays_linear(void **state)
{
	static const char *const units[] = {"=?", "=?a?q?", "=?a?q?=",
		"=?a?q?\?=", "=?a?b?a?= ", "=?a?q?x?= =?b?q?x?=", "?=", "\xff",
		"=?a?q?\xff?="};

	(void)state;
	check_linear("", units, sizeof(units) / sizeof(*units), "", decode);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(decodes_the_rfcs_examples),
		ARENA_TEST(decodes_what_is_sent),
		ARENA_TEST(needs_no_callbacks),
		ARENA_TEST(limits_length),
		ARENA_TEST(has_no_memory),
		ARENA_TEST(stays_linear),
	};

	return cmocka_run_group_tests_name(
		"parsers-rfc2047", tests, NULL, NULL);
}
