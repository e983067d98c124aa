/* parsers/rfc5322*.c: header blocks, address lists, dates. */
#include <stdio.h>
#include <stdlib.h>

#include "slices.h"

#include "rfc5322.h"
#include "verdict.h"

/* --- headers -------------------------------------------------------------- */

static void looks_up_every_row(void **state)
{
	static const char *const rows[] = {
#define HEADER(NAME, name) name,
#include "headers.def"
	};

	(void)state;
	for (unsigned i = 0; i < HEADER_COUNT; i++) {
		char upper[64];

		assert_int_equal(header_lookup(str_from(rows[i])), i);
		snprintf(upper, sizeof(upper), "%s", rows[i]);
		for (char *p = upper; *p; p++)
			if (*p >= 'a' && *p <= 'z')
				*p -= 32;
		assert_int_equal(header_lookup(str_from(upper)), i);
		upper[strlen(upper) - 1] ^= 1;
		assert_int_equal(header_lookup(str_from(upper)), HEADER_COUNT);
	}
	assert_int_equal(header_lookup(STR_NULL), HEADER_COUNT);
	assert_int_equal(header_lookup(str_from("x")), HEADER_COUNT);
	assert_int_equal(header_lookup(str_from("an-uncommonly-long-name-"
						"that-has-no-row-at-all")),
		HEADER_COUNT);
}

static void reads_a_plain_mail(void **state)
{
	struct headers h;
	struct str body = headers_parse(
		str_from("Return-Path: <>\n"
			 "RECEIVED: top\n\tof two\n"
			 "received: lowest\n"
			 "Subject:  folded \n  twice\n\tand more  \n"
			 "X-Mine: yes\n"
			 "Subject: second\n"
			 "To:\n"
			 "\n"
			 "body: text\n"),
		&h);

	(void)state;
	check_str(body, "body: text\n", "body");
	check_str(h.first[HEADER_RETURN_PATH], "<>", "Return-Path");
	check_str(h.first[HEADER_RECEIVED], "top\n\tof two", "Received");
	check_str(h.last_received, "lowest", "last Received");
	check_str(rfc5322_unfold(&arena, h.first[HEADER_SUBJECT]),
		"folded twice and more", "Subject");
	check_str(h.first[HEADER_TO], "", "To");
	check_str(h.first[HEADER_CC], NULL, "Cc");
	check_str(headers_get(&h, str_from("x-mine")), "yes", "X-Mine");
	check_str(headers_get(&h, str_from("SUBJECT")),
		"folded \n  twice\n\tand more", "Subject by name");
	check_str(headers_get(&h, str_from("x-min")), NULL, "X-Min");
	check_str(headers_get(&h, str_from("body")), NULL, "the body");
	assert_int_equal(h.limits, 0);
}

/* Where the body begins, and the Subject, for mails as they come. */
static const struct {
	const char *what, *mail, *subject, *body;
} mails[] = {
	{"empty",						  "",				     NULL,         ""          },
	{"only a blank line",				      "\n",                                   NULL,         ""          },
	{"headers only",					   "Subject: a\n",                         "a",          ""          },
	{"no last LF",					     "Subject: a",                           "a",          ""          },
	{"a colon at the end",				     "Subject:",                             "",           ""          },
	{"no colon at the end",				    "Subject",                              NULL,         "Subject"   },
	{"mbox line",					      "From a@b Mon Jan  1\nSubject: a\n\nx", "a",          "x"         },
	{"escaped mbox line",				      ">From a@b Mon\nSubject: a\n\nx",       "a",          "x"         },
	{"both",						   "From a\n>From b\nSubject: a\n\nx",     "a",          "x"         },
	{"From with a space is a header",                          "From : a@b\nSubject: a\n\nx",          "a",
         "x"															 },
	{"BOM",						    "\xef\xbb\xbfSubject: a\n\nx",          "a",          "x"         },
	{"blank lines first",				      "\n \t\n\nSubject: a\n\nx",             "a",          "x"         },
	{"space before the colon",                                 "Subject \t: a\n\nx",                   "a",          "x"         },
	{"no space after it",				      "Subject:a\n\nx",                       "a",          "x"         },
	{"no blank line",					  "Subject: a\nSorry to say.\n\nx",       "a",
         "Sorry to say.\n\nx"													},
	{"an address begins the body",                             "Subject: a\n<u@d>: no\n",              "a",
         "<u@d>: no\n"													       },
	{"a boundary begins the body",
         "Subject: a\n--b\nContent-Type: text/plain\n\nx",                                                 "a",
         "--b\nContent-Type: text/plain\n\nx"											},
	{"a lost fold",					    "To: a\nand b\nSubject: c\n\nx",        "c",          "x"         },
	{"a lost fold before X-",				  "Subject: c\nand d\nX-A: b\n\nx",       "c",          "x"         },
	{"a lost fold and what is folded below it",
         "To: a\nand b\n  and c\n\td\nSubject: e\n\nx",                                                    "e",          "x"         },
	{"text and what is indented below it",
         "Subject: a\nHi,\n  Subject: b\n\nx",							     "a",
         "Hi,\n  Subject: b\n\nx"												    },
	{"a parameter without its fold",                           "X: a;\nb=\"c\"\nSubject: a\n\nx",      "a",
         "x"															 },
	{"a parameter without its fold, before an unknown header",
         "Subject: a;\nb=c\nOdd: d\n\nx",								  "a;\nb=c",    "x"         },
	{"text with a sign",				       "Subject: a\nb = c\n\nx",               "a",          "b = c\n\nx"},
	{"text after a semicolon",                                 "Subject: a;\nb c\n\nx",                "a;",         "b c\n\nx"  },
	{"a boundary after a semicolon",                           "Subject: a;\n--b=c\n\nx",              "a;",
         "--b=c\n\nx"														},
	{"a header after a semicolon",                             "X: a;\nSubject: b=c\n\nx",             "b=c",        "x"         },
	{"the blank line after a semicolon",                       "Subject: a;\n\nb=c",                   "a;",         "b=c"       },
	{"odd first line",					 "junk\nSubject: c\n\nx",                "c",          "x"         },
	{"body lines like headers",                                "Subject: a\nHi,\nYours: me\n",         "a",
         "Hi,\nYours: me\n"													  },
	{"blanks end the headers",                                 "Subject: a\n \t\nSorry.\n",            "a",
         "Sorry.\n"														  },
	{"blanks inside a fold",				   "Subject: a\n \t\n b\n\nx",             "a\n \t\n b", "x"         },
	{"blanks, then a header",				  "To: b\n \t\nSubject: a\n\nx",          "a",          "x"         },
	{"blanks, then the blank line",                            "Subject: a\n \t\n\nx",                 "a",          "x"         },
	{"blanks at the end",				      "Subject: a\n  ",                       "a",          ""          },
	{"indented first line",				    " x: y\nSubject: a\n\nb",               "a",          "b"         },
	{"high bytes in a name",				   "S\xfcj: a\nSubject: b\n\nx",           "b",          "x"         },
	{"odd but legal name",				     "X_a.b/c+d#1: a\nSubject: b\n\nx",      "b",          "x"         },
};

static void finds_the_body(void **state)
{
	struct headers h;

	(void)state;
	for (size_t i = 0; i < sizeof(mails) / sizeof(*mails); i++) {
		struct str mail = fresh(mails[i].mail);
		struct str body = headers_parse(mail, &h);

		check_str(h.first[HEADER_SUBJECT], mails[i].subject,
			mails[i].what);
		check_str(body, mails[i].body, mails[i].what);
		assert_ptr_equal(body.p + body.n, mail.p + mail.n);
	}
	headers_parse(str_from("From : a@b\n\n"), &h);
	check_str(h.first[HEADER_FROM], "a@b", "From with a space");
	check_str(headers_parse(STR_NULL, &h), "", "absent mail");
	assert_int_equal(h.block.n, 0);
}

static void reads_the_head_of_a_part(void **state)
{
	struct headers h;

	(void)state;
	check_str(headers_parse_part(str_from("\nSubject: a\n"), &h),
		"Subject: a\n", "no headers");
	check_str(h.block, "", "block");
	assert_non_null(h.block.p);
	check_str(headers_parse_part(str_from("Content-Type: a\n\nx"), &h), "x",
		"one header");
	check_str(h.first[HEADER_CONTENT_TYPE], "a", "Content-Type");
	check_str(headers_parse_part(str_from("Hi\nSubject: a\n\nx"), &h),
		"Hi\nSubject: a\n\nx", "text without the blank line");
	check_str(headers_parse_part(
			  str_from("charset=x\nContent-Type: a\n\nx"), &h),
		"x", "a lost fold");
	check_str(headers_parse_part(str_from("From a b\n\nx"), &h),
		"From a b\n\nx", "no mbox line in a part");
}

static void cuts_long_headers(void **state)
{
	struct headers h;
	struct str mail, body;

	(void)state;
	mail = repeat("Subject: ", "a", RFC5322_HEADER_MAX - 1, "\nTo: b\n\nx");
	headers_parse(mail, &h);
	assert_int_equal(h.limits, 0);
	assert_int_equal(h.first[HEADER_SUBJECT].n, RFC5322_HEADER_MAX - 1);
	slice_free(mail);

	mail = repeat("Subject: ", " a\n", 30000, "To: b\n\nx");
	body = headers_parse(mail, &h);
	assert_int_equal(h.limits, LIMIT_HEADER);
	assert_true(h.first[HEADER_SUBJECT].n <= RFC5322_HEADER_MAX);
	check_str(h.first[HEADER_TO], "b", "To after a long header");
	check_str(body, "x", "body");
	slice_free(mail);

	mail = repeat("", "X-A: 78901234567\n", 70000, "To: b\n\nx\n\ny");
	body = headers_parse(mail, &h);
	assert_int_equal(h.limits, LIMIT_HEADER);
	assert_true(h.block.n < RFC5322_HEADERS_MAX + 17);
	check_str(h.first[HEADER_TO], NULL, "To beyond the limit");
	check_str(body, "x\n\ny", "body");
	slice_free(mail);
}

static void walks_fields(void **state)
{
	struct str rest = STR("Reporting-MTA: dns; a\n\nstray\n"
			      "Final-Recipient : rfc822;\n u@d\nStatus:5.1.1");
	struct header h;

	(void)state;
	assert_true(headers_next(&rest, &h));
	check_str(h.name, "Reporting-MTA", "name");
	check_str(h.value, "dns; a", "value");
	assert_int_equal(h.id, HEADER_COUNT);
	assert_true(headers_next(&rest, &h));
	check_str(h.name, "Final-Recipient", "name");
	check_str(h.value, "rfc822;\n u@d", "value");
	assert_true(headers_next(&rest, &h));
	check_str(h.value, "5.1.1", "value");
	assert_false(headers_next(&rest, &h));
	assert_int_equal(rest.n, 0);
	rest = STR_NULL;
	assert_false(headers_next(&rest, &h));
}

static void unfolds(void **state)
{
	struct str s = STR(" a  b "), got = rfc5322_unfold(&arena, s);

	(void)state;
	check_str(got, "a  b", "no fold");
	assert_ptr_equal(got.p, s.p + 1);
	check_str(rfc5322_unfold(&arena, str_from("a \n\t b\n \n  c")), "a b c",
		"folds");
	check_str(rfc5322_unfold(&arena, str_from("\n a")), "a", "first fold");
	check_str(rfc5322_unfold(&arena, STR_NULL), NULL, "absent");
	arena_shrink(1);
	check_str(rfc5322_unfold(&arena, str_from("a\n b")), NULL, "no memory");
}

/* --- addresses ------------------------------------------------------------ */

/* want: "display|addr" for each entry, "~" for absent, separated by LF. */
static void check_list(const char *raw, const char *want)
{
	struct mailbox m[20];
	unsigned limits = 0;
	char got[2000] = "";
	size_t len = 0;
	size_t n = rfc5322_addresses(
		&arena, fresh(raw), m, sizeof(m) / sizeof(*m), &limits);

	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(got + len, sizeof(got) - len,
			"%s" STR_FMT "|" STR_FMT, i ? "\n" : "",
			m[i].display.p ? (int)m[i].display.n : 1,
			m[i].display.p ? m[i].display.p : "~",
			STR_ARG(m[i].addr));
	assert_int_equal(limits, 0);
	if (strcmp(got, want) != 0)
		fail_msg("'%s' gives\n%s\nnot\n%s", raw, got, want);
}

/* RFC 5322, appendix A. */
static void reads_the_rfcs_lists(void **state)
{
	(void)state;
	check_list("John Doe <jdoe@machine.example>",
		"John Doe|jdoe@machine.example");
	check_list("\"Joe Q. Public\" <john.q.public@example.com>",
		"Joe Q. Public|john.q.public@example.com");
	check_list("Mary Smith <mary@x.test>, jdoe@example.org, Who? "
		   "<one@y.test>",
		"Mary Smith|mary@x.test\n~|jdoe@example.org\nWho?|one@y.test");
	check_list("<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" "
		   "<sysservices@example.net>",
		"~|boss@nil.test\nGiant; \"Big\" Box|sysservices@example.net");
	check_list("A Group:Ed Jones <c@a.test>,joe@where.test,John "
		   "<jdoe@one.test>;",
		"Ed Jones|c@a.test\n~|joe@where.test\nJohn|jdoe@one.test");
	check_list("Undisclosed recipients:;", "");
	check_list("(Empty list)(start)Hidden recipients  :(nobody(that I "
		   "know))  ;",
		"");
	check_list("Pete(A nice \\) chap) <pete(his account)@silly.test(his "
		   "host)>",
		"Pete(A nice \\) chap)|pete@silly.test");
	check_list("A Group(Some people)\n     :Chris Jones <c@(Chris's "
		   "host.)public.example>,\n         joe@example.org,\n  John "
		   "<jdoe@one.test> (my dear friend); (the end of the group)",
		"Chris Jones|c@public.example\n~|joe@example.org\n"
		"John|jdoe@one.test");
	check_list("Joe Q. Public <john.q.public@example.com>",
		"Joe Q. Public|john.q.public@example.com");
	check_list("Mary Smith <@node.test:mary@example.net>, , jdoe@test  . "
		   "example",
		"Mary Smith|mary@example.net\n~|jdoe@test.example");
	check_list("John Doe <jdoe@machine(comment).  example>",
		"John Doe|jdoe@machine.example");
	check_list("<@a.test,@b.test:u@d.test>", "~|u@d.test");
}

static void reads_lists_as_they_are(void **state)
{
	(void)state;
	check_list("", "");
	check_list("<>", "~|");
	check_list("< >", "~|");
	check_list("MAILER-DAEMON", "~|MAILER-DAEMON");
	check_list("MAILER-DAEMON@h.test (Mail Delivery System)",
		"Mail Delivery System|MAILER-DAEMON@h.test");
	check_list("Mail Delivery System", "");
	check_list("a@b; c@d", "~|a@b\n~|c@d");
	check_list("<a@b> <c@d>", "~|a@b\n~|c@d");
	check_list("<a@b, <c@d>", "~|a@b\n~|c@d");
	check_list("<<a@b>>", "~|a@b");
	check_list("X <mailto:a@b>", "X|a@b");
	check_list("a@b <c@d>", "a@b|c@d");
	check_list("John u@d", "~|u@d");
	check_list("u@d is my address", "~|u@d");
	check_list("\"a b\"@c.test", "~|\"a b\"@c.test");
	check_list("\"a@x, b\" <u@d>", "a@x, b|u@d");
	check_list("\"never closed <u@d>", "\"never closed|u@d");
	check_list("Name (never closed <u@d>", "Name (never closed|u@d");
	check_list("u@[192.0.2.1], v@[IPv6:2001:db8::1]",
		"~|u@[192.0.2.1]\n~|v@[IPv6:2001:db8::1]");
	check_list("[list] <u@d>", "[list]|u@d");
	check_list("a b <two words@d>", "a b|two words@d");
	check_list("\"a\" \"b\" <u@d>", "\"a\" \"b\"|u@d");
	check_list("\"\" <u@d>", "~|u@d");
	check_list("A\n  B <u@d>", "A B|u@d");
	check_list("=?utf-8?q?J=C3=B6rg?= <u@d>", "=?utf-8?q?J=C3=B6rg?=|u@d");
	check_list("u\xc3\xbc@d\xc3\xbc.test", "~|u\xc3\xbc@d\xc3\xbc.test");
	check_list(",,;:;,", "");
	check_list("a@b@c", "~|a@b@c");
	check_list("\\", "~|\\");
	check_list("a@b>", "~|a@b");
}

/* Nothing is copied where nothing has to be left out. */
static void points_into_the_list(void **state)
{
	struct str raw = STR("\"A B\" <a@b>, c@(x)d");
	struct mailbox m[2];
	unsigned limits = 0;

	(void)state;
	assert_int_equal(rfc5322_addresses(&arena, raw, m, 2, &limits), 2);
	assert_ptr_equal(m[0].display.p, raw.p + 1);
	assert_ptr_equal(m[0].addr.p, raw.p + 7);
	check_str(m[1].addr, "c@d", "a copy");
	check_str(rfc5322_first_address(str_sub(raw, 13, 99)), "c@(x)d",
		"without memory");
}

static void reads_the_first_address(void **state)
{
	(void)state;
	check_str(rfc5322_first_address(fresh("<>")), "", "null path");
	check_str(rfc5322_first_address(fresh("A <a@b>, c@d")), "a@b",
		"first of two");
	check_str(rfc5322_first_address(fresh("x y, c@d")), "c@d", "words");
	check_str(rfc5322_first_address(fresh("x y")), NULL, "none");
	check_str(rfc5322_first_address(STR_NULL), NULL, "absent");
}

static void limits_lists(void **state)
{
	static struct mailbox m[20000];
	unsigned limits = 0;
	struct str raw = repeat("", "a@b,", 4000, "c@d");
	size_t n;

	(void)state;
	n = rfc5322_addresses(&arena, raw, m, 20000, &limits);
	assert_int_equal(limits, LIMIT_TOKENS);
	assert_int_equal(n, RFC5322_TOKENS_MAX / 4);
	limits = 0;
	n = rfc5322_addresses(&arena, raw, m, 3, &limits);
	assert_int_equal(n, 3);
	assert_int_equal(limits, 0);
	slice_free(raw);

	raw = str_from("a@(x)b");
	arena_shrink(1);
	n = rfc5322_addresses(&arena, raw, m, 3, &limits);
	assert_int_equal(n, 0);
	assert_int_equal(limits, LIMIT_MEMORY);
}

static void read_list(struct str s)
{
	struct mailbox m[4];
	unsigned limits = 0;

	rfc5322_addresses(&arena, s, m, 4, &limits);
}

static void read_headers(struct str s)
{
	struct headers h;

	headers_parse(s, &h);
	headers_get(&h, str_from("x-not-there"));
}

static void stays_linear(void **state)
{
	static const char *const lists[] = {"(", "\"\\", "\\\"", "<", "[",
		"g:", "[,", "a@", "@a,", "((a)", "\"", ".", " ", "(\\", "a "};
	static const char *const blocks[] = {"\n", " \n", " a\n", "a", "a:\n",
		"a:\n \n", "a\n", "a:", ":", "\t", "From \n", ">From \n",
		"x-a:\nb\n", "a;\n", "a:;\n", "=;\n"};
	static const char *const heads[] = {
		"", "To: a\n", "To: a\n=\n", "a:;\n"};

	(void)state;
	check_linear(
		"", lists, sizeof(lists) / sizeof(*lists), "u@d", read_list);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		check_linear(heads[i], blocks, sizeof(blocks) / sizeof(*blocks),
			"x-a: b\n", read_headers);
}

/* --- dates ---------------------------------------------------------------- */

static const struct {
	const char *s;
	int64_t at; /* -1: none */
} dates[] = {
	{"Fri, 21 Nov 1997 09:55:06 -0600",                   880127706   },
	{"Tue, 1 Jul 2003 10:52:37 +0200",                    1057049557  },
	{"Thu,\n      13\n        Feb\n          1969\n      23:32\n"
	 "               -0330 (Newfoundland Time)", -1          },
	{"Thu, 13 Feb 1997 23:32 -0330 (N (T))",              855889320   },
	{"21 Nov 97 09:55:06 GMT",                            880106106   },
	{"21 Nov 97 09:55:06 EST",                            880124106   },
	{"21 nov 97 09:55:06 pdt",                            880131306   },
	{"21 Nov 1997 09:55:06 Z",                            880106106   },
	{"21 Nov 1997 09:55:06 XYZ",                          880106106   },
	{"21 Nov 1997 09:55:06",                              880106106   },
	{"21 Nov 104 09:55:06 +0000",                         1101030906  },
	{"21 Nov 04 09:55:06 +0000",                          1101030906  },
	{"21 Nov 49 09:55:06 +0000",                          2521101306  },
	{"Fri Nov 21 09:55:06 1997",                          880106106   },
	{"Fri Nov 21 09:55:06 CST 1997",                      880127706   },
	{"Fri Nov 21 09:55:06 -0600 1997",                    880127706   },
	{"21-Nov-1997 09:55:06 -0600",                        880127706   },
	{"1997-11-21T09:55:06Z",                              880106106   },
	{"1997-11-21T09:55:06.123+01:00",                     880102506   },
	{"1997-11-21 09:55:06",                               880106106   },
	{"Fri, 21 November 1997 9:55:06 GMT+0100 (CET)",      880102506   },
	{"29 Feb 2000 00:00:00 +0000",                        951782400   },
	{"31 Dec 1999 23:59:60 +0000",                        946684800   },
	{"1 Jan 1970 00:00:00 +0000",                         0           },
	{"1 Jan 1970 00:00:00 +0100",                         -1          },
	{"31 Dec 9999 23:59:59 +0000",                        253402300799},
	{"29 Feb 1900 00:00:00 +0000",                        -1          },
	{"29 Feb 2001 00:00:00 +0000",                        -1          },
	{"29 Feb 2100 00:00:00 +0000",                        -1          },
	{"28 Feb 2100 00:00:00 +0000",                        4107456000  },
	{"32 Jan 2001 00:00:00 +0000",                        -1          },
	{"0 Jan 2001 00:00:00 +0000",                         -1          },
	{"1 Jan 2001 24:00:00 +0000",                         -1          },
	{"1 Jan 2001 23:60:00 +0000",                         -1          },
	{"1 Jan 2001 23:59:61 +0000",                         -1          },
	{"1 Foo 2001 23:59:00 +0000",                         -1          },
	{"1 Jan 2001",					-1          },
	{"1 Jan 23:59:00",				    -1          },
	{"1 Jan 2001 10:00 11:00",                            -1          },
	{"1 Jan 99999999999999999999 10:00",                  -1          },
	{"1 Jan 2001 00:00 11:00",                            -1          },
	{"1 Jan 10000 00:00:00 +0000",                        -1          },
	{"1 Jan 1969 23:00:00 -2300",                         -1          },
	{"2001-13-01 00:00:00",                               -1          },
	{"2001-00-01 00:00:00",                               -1          },
	{"1 Jan 2001 10:00 +0060",                            978343200   },
	{"1 Jan 2001 10:00 +2400",                            978343200   },
	{"1 Jan 2001 10:00 +930",                             978309000   },
	{"1 Jan 2001 10:00 +9999",                            978343200   },
	{"",						  -1          },
	{"(",						 -1          },
	{":",						 -1          },
	{"+",						 -1          },
	{"yesterday",					 -1          },
};

static void reads_dates(void **state)
{
	struct str long_one;

	(void)state;
	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
		int64_t at = -1;
		bool is = rfc5322_date(fresh(dates[i].s), &at);

		if (is != (dates[i].at >= 0) || at != dates[i].at)
			fail_msg("'%s' gives %lld", dates[i].s, (long long)at);
	}
	assert_false(rfc5322_date(STR_NULL, &(int64_t){0}));
	long_one = repeat("1 Jan 2001 ", "x ", 150, "10:00");
	assert_false(rfc5322_date(long_one, &(int64_t){0}));
	slice_free(long_one);
}

/* Every day from 1970 to 2170 is one day after the one before. */
static void counts_days(void **state)
{
	static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t want = 0, at;
	char s[64];

	(void)state;
	for (int y = 1970; y < 2170; y++)
		for (int m = 0; m < 12; m++)
			for (int d = 0; d <= 33; d++) {
				snprintf(s, sizeof(s),
					"%d %s %d 00:00:00 +0000", d, names[m],
					y);
				if (!rfc5322_date(str_from(s), &at))
					continue;
				assert_int_equal(at, want);
				want += 86400;
			}
	assert_int_equal(want, (int64_t)73049 * 86400);
}

static void reads_the_date_of_received(void **state)
{
	(void)state;
	assert_int_equal(rfc5322_received_date(str_from(
				 "from x.y.test by example.net (a; b) id ABC;\n"
				 " 21 Nov 1997 10:05:43 -0600 (CST)")),
		880128343);
	assert_int_equal(rfc5322_received_date(str_from("from x; y")), 0);
	assert_int_equal(
		rfc5322_received_date(str_from("21 Nov 1997 10:05:43")), 0);
	assert_int_equal(rfc5322_received_date(STR_NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(looks_up_every_row),
		ARENA_TEST(reads_a_plain_mail),
		ARENA_TEST(finds_the_body),
		ARENA_TEST(reads_the_head_of_a_part),
		ARENA_TEST(cuts_long_headers),
		ARENA_TEST(walks_fields),
		ARENA_TEST(unfolds),
		ARENA_TEST(reads_the_rfcs_lists),
		ARENA_TEST(reads_lists_as_they_are),
		ARENA_TEST(points_into_the_list),
		ARENA_TEST(reads_the_first_address),
		ARENA_TEST(limits_lists),
		ARENA_TEST(stays_linear),
		ARENA_TEST(reads_dates),
		ARENA_TEST(counts_days),
		ARENA_TEST(reads_the_date_of_received),
	};

	return cmocka_run_group_tests_name(
		"parsers-rfc5322", tests, NULL, NULL);
}
