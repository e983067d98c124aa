/*
 * parsers/address.c: the identity of an address (threats.md 2.4). More pairs,
 * by a model of its own: tests/hostile/identity.c.
 */
#include <idn2.h>
#include <stdio.h>
#include <stdlib.h>
#include <uninorm.h>

#include "slices.h"

#include "address.h"

/* --- the real tables, as daemon/charset.c uses them ---------------------- */

static struct str to_ascii(void *arg, struct arena *a, struct str domain)
{
	char *out = NULL;
	struct str s = STR_NULL;

	(void)arg;
	if (idn2_lookup_u8((const uint8_t *)arena_cstr(a, domain),
		    (uint8_t **)&out,
		    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK)
		s = arena_dup(a, str_from(out));
	idn2_free(out);
	return s;
}

static struct str to_nfc(void *arg, struct arena *a, struct str utf8)
{
	size_t n;
	uint8_t *p = u8_normalize(
		UNINORM_NFC, (const uint8_t *)utf8.p, utf8.n, NULL, &n);
	struct str s = p ? arena_dup(a, str_of((char *)p, n)) : STR_NULL;

	(void)arg;
	free(p);
	return s;
}

static const struct verdict_ops ops = {.to_ascii = to_ascii, .to_nfc = to_nfc};

/* --- the table ------------------------------------------------------------ */

#define ROUTE   ADDRESS_SOURCE_ROUTE
#define PERCENT ADDRESS_PERCENT_HACK
#define BANG    ADDRESS_BANG_PATH
#define LITERAL ADDRESS_LITERAL
#define UTF8    ADDRESS_UTF8
#define MIXED   ADDRESS_MIXED_SCRIPT
#define QUOTED  ADDRESS_QUOTED

#define TEN     "aaaaaaaaaa"
#define SIXTY   TEN TEN TEN TEN TEN TEN
#define LABEL63 SIXTY "aaa"

static const struct {
	const char *in, *key;
	unsigned flags;
} good[] = {
	{"u@d.example",				  "u@d.example",                  0             },
	{"U@D.Example",				  "u@d.example",                  0             },
	{"First.Last@d.example",                         "first.last@d.example",         0             },
	{" u@d.example ",				"u@d.example",                  0             },
	{"<u@d.example>",				"u@d.example",                  0             },
	{"< u@d.example >",			      "u@d.example",                  0             },
	{"\t<u@d.example>\n",                            "u@d.example",                  0             },
	{"u@d.example.",				 "u@d.example",                  0             },
	{"u@D.EXAMPLE.",				 "u@d.example",                  0             },
	{"u@localhost",				  "u@localhost",                  0             },
	{"u@d",					  "u@d",			  0             },
	{"u@sub.sub.sub.d.example",                      "u@sub.sub.sub.d.example",      0             },
	{"u@1.d.example",				"u@1.d.example",                0             },
	{"u@123.example",				"u@123.example",                0             },
	{"u@d.e1",				       "u@d.e1",                       0             },
	{"u@under_score.d.example",                      "u@under_score.d.example",      0             },
	{"u@a-b.example",				"u@a-b.example",                0             },
	{"u@-a.example",				 "u@-a.example",                 0             },
	{"u@a-.example",				 "u@a-.example",                 0             },
	{"u@d.xn--p1ai",				 "u@d.xn--p1ai",                 0             },
	{"u@XN--MNCHEN-3YA.example",                     "u@xn--mnchen-3ya.example",     0             },
	{"u+tag@d.example",			      "u+tag@d.example",              0             },
	{"U+Tag@gmail.com",			      "u+tag@gmail.com",              0             },
	{"u.v@gmail.com",				"u.v@gmail.com",                0             },
	{"uv@gmail.com",				 "uv@gmail.com",                 0             },
	{"u-tag@d.example",			      "u-tag@d.example",              0             },
	{"u=v@d.example",				"u=v@d.example",                0             },
	{"+@d.example",				  "+@d.example",                  0             },
	{"+u@d.example",				 "+u@d.example",                 0             },
	{"=u@d.example",				 "=u@d.example",                 0             },
	{"-u@d.example",				 "-u@d.example",                 0             },
	{"u@googlemail.com",			     "u@googlemail.com",             0             },
	{"_@d.example",				  "_@d.example",                  0             },
	{"1@d.example",				  "1@d.example",                  0             },
	{"0001@d.example",			       "0001@d.example",               0             },
	{"a/b@d.example",				"a/b@d.example",                0             },
	{"#@d.example",				  "#@d.example",                  0             },
	{"o'neil@d.example",			     "o'neil@d.example",             0             },
	{"!#$&'*+-/=?^_`{|}~@d.example",                 "!#$&'*+-/=?^_`{|}~@d.example", 0             },
	{"a..b@d.example",			       "a..b@d.example",               0             },
	{"a.@d.example",				 "a.@d.example",                 0             },
	{".a@d.example",				 ".a@d.example",                 0             },
	{"\"a..b\"@d.example",                           "a..b@d.example",               0             },
	{"\"a.\"@d.example",			     "a.@d.example",                 0             },
	{"\"u\"@d.example",			      "u@d.example",                  0             },
	{"\"U.V\"@d.example",                            "u.v@d.example",                0             },
	{"\"u+t\"@d.example",                            "u+t@d.example",                0             },
	{"\"u v\"@d.example",                            "\"u v\"@d.example",            QUOTED        },
	{"\"U V\"@D.example",                            "\"u v\"@d.example",            QUOTED        },
	{"\"u@v\"@d.example",                            "\"u@v\"@d.example",            QUOTED        },
	{"\"u,v\"@d.example",                            "\"u,v\"@d.example",            QUOTED        },
	{"\"u\\\"v\"@d.example",                         "\"u\\\"v\"@d.example",         QUOTED        },
	{"\"u\\\\v\"@d.example",                         "\"u\\\\v\"@d.example",         QUOTED        },
	{"\"\\u\"@d.example",                            "u@d.example",                  0             },
	{"\"u\\ v\"@d.example",                          "\"u v\"@d.example",            QUOTED        },
	{"\"u\\@v\"@d.example",                          "\"u@v\"@d.example",            QUOTED        },
	{"\" \"@d.example",			      "\" \"@d.example",              QUOTED        },
	{"\" u\"@d.example",			     "\" u\"@d.example",             QUOTED        },
	{"\"u \"@d.example",			     "\"u \"@d.example",             QUOTED        },
	{"\"(u)\"@d.example",                            "\"(u)\"@d.example",            QUOTED        },
	{"\"<u>\"@d.example",                            "\"<u>\"@d.example",            QUOTED        },
	{"\"u:v\"@d.example",                            "\"u:v\"@d.example",            QUOTED        },
	{"a.\"b\".c@d.example",                          "a.b.c@d.example",              0             },
	{"\"a\".\"b\"@d.example",                        "a.b@d.example",                0             },
	{"a.\"b c\"@d.example",                          "\"a.b c\"@d.example",          QUOTED        },
	{"\"a b\".c@d.example",                          "\"a b.c\"@d.example",          QUOTED        },
	{"@a.example:u@d.example",                       "u@d.example",                  ROUTE         },
	{"@a.example,@b.example:u@d.example",            "u@d.example",                  ROUTE         },
	{"<@a.example:u@d.example>",                     "u@d.example",                  ROUTE         },
	{"@a:\"u v\"@d.example",                         "\"u v\"@d.example",            ROUTE | QUOTED},
	{"u%d.example@relay.example",                    "u%d.example@relay.example",    PERCENT       },
	{"u%v%w@relay.example",                          "u%v%w@relay.example",          PERCENT       },
	{"U%D.Example@relay.example",                    "u%d.example@relay.example",    PERCENT       },
	{"a!b!u@relay.example",                          "a!b!u@relay.example",          BANG          },
	{"a!u%d@relay.example",                          "a!u%d@relay.example",          BANG | PERCENT},
	{"\"a!b\"@d.example",                            "a!b@d.example",                BANG          },
	{"u@[192.0.2.1]",				"u@[192.0.2.1]",                LITERAL       },
	{"U@[192.0.2.1]",				"u@[192.0.2.1]",                LITERAL       },
	{"u@[IPv6:2001:DB8::1]",                         "u@[ipv6:2001:db8::1]",         LITERAL       },
	{"u@[IPv6:::1]",				 "u@[ipv6:::1]",                 LITERAL       },
	{"u@[IPv6:::ffff:192.0.2.1]",                    "u@[ipv6:::ffff:192.0.2.1]",    LITERAL       },
	{"u@m\xc3\xbcnchen.example",                     "u@xn--mnchen-3ya.example",     0             },
	{"u@M\xc3\x9cNCHEN.example",                     "u@xn--mnchen-3ya.example",     0             },
	{"u@mu\xcc\x88nchen.example",                    "u@xn--mnchen-3ya.example",     0             },
	{"u@stra\xc3\x9f"
	 "e.example",			   "u@xn--strae-oqa.example",      0             },
	{"u@strasse.example",                            "u@strasse.example",            0             },
	{"u@\xd0\xbf\xd1\x80.example",                   "u@xn--o1ac.example",           0             },
	{"u@\xe3\x81\x93\xe3\x80\x82"
	 "example",			     "u@xn--28j.example",            0             },
	{"u@\xef\xbc\xa4.example",                       "u@d.example",                  0             },
	{"u@\xe3\x81\x93\xe3\x80\x82",                   "u@xn--28j",                    0             },
	{"u@\xd0\xb0pple.example",                       "u@xn--pple-43d.example",       MIXED         },
	{"u@\xd0\xbf\xd1\x80.com",                       "u@xn--o1ac.com",               0             },
	{"\xc3\xbc@d.example",                           "\xc3\xbc@d.example",           UTF8          },
	{"u\xcc\x88@d.example",                          "\xc3\xbc@d.example",           UTF8          },
	{"\xc3\x9c@d.example",                           "\xc3\x9c@d.example",           UTF8          },
	{"U\xcc\x88@d.example",                          "\xc3\x9c@d.example",           UTF8          },
	{"\xd0\xb0@d.example",                           "\xd0\xb0@d.example",           UTF8          },
	{"\xd0\xb0"
	 "bc@d.example",			"\xd0\xb0"
		"bc@d.example",			 UTF8 | MIXED  },
	{"\xce\xb1z@d.example",                          "\xce\xb1z@d.example",          UTF8 | MIXED  },
	{"\xe3\x81\x93z@d.example",                      "\xe3\x81\x93z@d.example",      UTF8          },
	{"\xe2\x84\xaa@d.example",                       "k@d.example",                  0             },
	{"H\xcc\xb1@d.example",                          "\xe1\xba\x96@d.example",       UTF8          },
	{"\xcd\xbe@d.example",                           "\";\"@d.example",              QUOTED        },
	{"\"\xc3\xbc\"@d.example",                       "\xc3\xbc@d.example",           UTF8          },
	{"\"\xc3\xbc x\"@d.example",                     "\"\xc3\xbc x\"@d.example",     UTF8 | QUOTED },
	{"\xef\xac\x81@d.example",                       "\xef\xac\x81@d.example",       UTF8          },
	{"\xf0\x9f\x98\x80@d.example",                   "\xf0\x9f\x98\x80@d.example",   UTF8          },
	{"\xe2\x80\x8bu@d.example",                      "\xe2\x80\x8bu@d.example",      UTF8          },
 /* as long as can be */
	{SIXTY "aaaa@d.example",                         SIXTY "aaaa@d.example",         0             },
	{"u@" LABEL63 ".example",                        "u@" LABEL63 ".example",        0             },
	{SIXTY "@" LABEL63 "." LABEL63 "." LABEL63 ".a",
         SIXTY "@" LABEL63 "." LABEL63 "." LABEL63 ".a",                                 0             },
};

static const struct {
	const char *in;
	enum address_error error;
} bad[] = {
	{"",					      ADDRESS_EMPTY   },
	{" ",					     ADDRESS_EMPTY   },
	{"<>",					    ADDRESS_EMPTY   },
	{"< >",					   ADDRESS_EMPTY   },
	{"@a.example:",				   ADDRESS_EMPTY   },
	{"u",					     ADDRESS_NO_AT   },
	{"u d.example",				   ADDRESS_CONTROL },
	{"postmaster",				    ADDRESS_NO_AT   },
	{"\"u@d.example\"",			       ADDRESS_NO_AT   },
	{"u.example",				     ADDRESS_NO_AT   },
	{"u@v@d.example",				 ADDRESS_TWO_AT  },
	{"u@@d.example",				  ADDRESS_TWO_AT  },
	{"u@d.example@",				  ADDRESS_TWO_AT  },
	{"u@d.example, v@d.example",                      ADDRESS_TWO_AT  },
	{"u@d.example;v@d.example",                       ADDRESS_TWO_AT  },
	{"@d.example",				    ADDRESS_LOCAL   },
	{"@",					     ADDRESS_LOCAL   },
	{"\"\"@d.example",				ADDRESS_LOCAL   },
	{".@d.example",				   ADDRESS_LOCAL   },
	{"...@d.example",				 ADDRESS_LOCAL   },
	{"\"u@d.example",				 ADDRESS_LOCAL   },
	{"\"u\"v@d.example",			      ADDRESS_LOCAL   },
	{"u\"v\"@d.example",			      ADDRESS_LOCAL   },
	{"\"u\\",					 ADDRESS_LOCAL   },
	{"u(c)@d.example",				ADDRESS_LOCAL   },
	{"u,v@d.example",				 ADDRESS_LOCAL   },
	{"u;v@d.example",				 ADDRESS_LOCAL   },
	{"u:v@d.example",				 ADDRESS_LOCAL   },
	{"u<v@d.example",				 ADDRESS_LOCAL   },
	{"u[v]@d.example",				ADDRESS_LOCAL   },
	{"u\\v@d.example",				ADDRESS_LOCAL   },
	{"<u@d.example",				  ADDRESS_LOCAL   },
	{"N <u@d.example>",			       ADDRESS_CONTROL },
	{"@a.example",				    ADDRESS_LOCAL   },
	{"@a,@b",					 ADDRESS_LOCAL   },
	{"u@",					    ADDRESS_DOMAIN  },
	{"u@.",					   ADDRESS_DOMAIN  },
	{"u@.d.example",				  ADDRESS_DOMAIN  },
	{"u@d..example",				  ADDRESS_DOMAIN  },
	{"u@d.example..",				 ADDRESS_DOMAIN  },
	{"u@d.example>",				  ADDRESS_DOMAIN  },
	{"u@d,example",				   ADDRESS_DOMAIN  },
	{"u@d.exam(ple)",				 ADDRESS_DOMAIN  },
	{"u@d!.example",				  ADDRESS_DOMAIN  },
	{"u@192.0.2.1",				   ADDRESS_DOMAIN  },
	{"u@1",					   ADDRESS_DOMAIN  },
	{"u@[192.0.2]",				   ADDRESS_DOMAIN  },
	{"u@[192.0.2.x]",				 ADDRESS_DOMAIN  },
	{"u@[192.0.2.1",				  ADDRESS_DOMAIN  },
	{"u@[]",					  ADDRESS_DOMAIN  },
	{"u@[IPv6:]",				     ADDRESS_DOMAIN  },
	{"u@[IPv6:gg::1]",				ADDRESS_DOMAIN  },
	{"u@[192.0.2.1].example",                         ADDRESS_DOMAIN  },
	{"u@\xe2\x80\xae.example",                        ADDRESS_DOMAIN  },
	{"u@a\xc2\xa0"
	 "b.example",			    ADDRESS_DOMAIN  },
	{"u@d.example\"",				 ADDRESS_DOMAIN  },
	{"u v@d.example",				 ADDRESS_CONTROL },
	{"u@d example",				   ADDRESS_CONTROL },
	{"u @d.example",				  ADDRESS_CONTROL },
	{"u@ d.example",				  ADDRESS_CONTROL },
	{"u\tv@d.example",				ADDRESS_CONTROL },
	{"u\nv@d.example",				ADDRESS_CONTROL },
	{"u@d.example\r\nRCPT",                           ADDRESS_CONTROL },
	{"u\x7f@d.example",			       ADDRESS_CONTROL },
	{"u\xc2\x9b@d.example",                           ADDRESS_CONTROL },
	{"\"u\nv\"@d.example",                            ADDRESS_CONTROL },
	{"u\x1b[31m@d.example",                           ADDRESS_CONTROL },
	{"\xff@d.example",				ADDRESS_NOT_UTF8},
	{"\xc0\xaf@d.example",                            ADDRESS_NOT_UTF8},
	{"u@\xed\xa0\x80.example",                        ADDRESS_NOT_UTF8},
	{"u\xc3@d.example",			       ADDRESS_NOT_UTF8},
	{SIXTY "aaaaa@d.example",                         ADDRESS_TOO_LONG},
	{"\"" SIXTY "aaa\"@d.example",                    ADDRESS_TOO_LONG},
	{"u@a" LABEL63 ".example",                        ADDRESS_DOMAIN  },
	{SIXTY "@" LABEL63 "." LABEL63 "." LABEL63 ".aa", ADDRESS_TOO_LONG},
};

static void knows_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct address a, again;
		enum address_error e =
			address_parse(&ops, &arena, fresh(good[i].in), &a);

		if (e != ADDRESS_OK || !str_eq(a.key, str_from(good[i].key)) ||
			a.flags != good[i].flags)
			fail_msg("'%s' (row %zu) gives '" STR_FMT
				 "', error %d, flags %#x",
				good[i].in, i, STR_ARG(a.key), (int)e, a.flags);
		assert_int_equal(
			address_parse(&ops, &arena, a.key, &again), ADDRESS_OK);
		assert_true(str_eq(a.key, again.key));
		assert_true(str_eq(a.domain, again.domain));
		assert_true(str_iends(a.key, arena_cstr(&arena, a.domain)));
	}
}

static void refuses_what_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct address a;
		enum address_error e =
			address_parse(&ops, &arena, fresh(bad[i].in), &a);

		if (e != bad[i].error)
			fail_msg("'%s' (row %zu) gives %d '" STR_FMT "'",
				bad[i].in, i, (int)e, STR_ARG(a.key));
		assert_null(a.key.p);
		assert_true(strlen(address_error_text(e)) > 0);
	}
	assert_int_equal(address_parse(&ops, &arena, str_of("u\0@d", 4),
				 &(struct address){.flags = 0}),
		ADDRESS_CONTROL);
	assert_int_equal(address_parse(&ops, &arena, STR_NULL,
				 &(struct address){.flags = 0}),
		ADDRESS_EMPTY);
	print_message("# note: a table of %zu addresses and %zu that are none: "
		      "all right\n",
		sizeof(good) / sizeof(*good), sizeof(bad) / sizeof(*bad));
}

/* Shown failing with FOREIGN for all that is not Latin, without the look at the
 * +, and with a % or ! anywhere. */
static void flags_what_is_in_doubt(void **state)
{
	static const struct {
		const char *in;
		unsigned flags;
	} cases[] = {
  /* a path has something on both sides */
		{"wow!@d.example",				      0           },
		{"!u@d.example",					0           },
		{"100%@d.example",				      0           },
		{"%u@d.example",					0           },
		{"!@d.example",					 0           },
		{"a!b%@d.example",				      BANG        },
		{"a%b!@d.example",				      PERCENT     },
 /* scripts that look alike, and those that nobody mistakes */
		{"u\xd1\x95"
		 "er@d.example",                       UTF8 | MIXED},
		{"ivan+\xd0\xb0"
		 "b@d.example",			UTF8 | MIXED},
		{"\xd0\xb8\xd0\xb2\xd0\xb0\xce\xbf\xd0\xbd@d.example",
                 UTF8 | MIXED						       },
		{"p\xd6\x85st@d.example",                               UTF8 | MIXED},
		{"\xe1\x8e\xaa"
		 "b@d.example",			UTF8 | MIXED},
		{"\xe2\xb2\x9f"
		 "b@d.example",			UTF8 | MIXED},
		{"\xea\x93\x90"
		 "b@d.example",			UTF8 | MIXED},
		{"\xd0\xb8\xd0\xb2\xd0\xb0\xd0\xbd.\xd0\xbf@d.example", UTF8        },
		{"\xd0\xb8\xd0\xb2\xd0\xb0\xd0\xbd+news@d.example",     UTF8        },
		{"\xd1\x84\xc3\x97"
		 "1@d.example",			UTF8        },
		{"jos\xc3\xa9\xc5\x82@d.example",                       UTF8        },
		{"\xc2\xb5-team@d.example",                             UTF8        },
		{"\xe5\xb1\xb1\xe7\x94\xb0\xe3\x81\xae\xe3\x83\x8a\xe3\x83\x88t"
		 "aro@d.example",                      UTF8        },
		{"\xea\xb9\x80min@d.example",                           UTF8        },
		{"\xe9\x99\xb3\xe3\x84\x85w@d.example",                 UTF8        },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct address a;

		assert_int_equal(
			address_parse(&ops, &arena, fresh(cases[i].in), &a),
			ADDRESS_OK);
		if (a.flags != cases[i].flags)
			fail_msg("'%s': %#x", cases[i].in, a.flags);
	}
}

/* Shown failing with the rows of the table in another order. */
static void tells_the_gravest_doubt(void **state)
{
	static const struct {
		unsigned flags;
		const char *word;
	} cases[] = {
		{0,			       "none"        },
		{UTF8 | QUOTED | LITERAL | ROUTE, "none"        },
		{MIXED | UTF8,                    "mixed-script"},
		{PERCENT,                         "percent-hack"},
		{BANG,			    "bang-path"   },
		{PERCENT | BANG | MIXED,          "mixed-script"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(
			address_doubt_word(address_doubt(cases[i].flags)),
			cases[i].word);
	for (int d = 0; d < ADDRESS_DOUBTS; d++)
		assert_true(
			strlen(address_doubt_text((enum address_doubt)d)) > 5);
}

/* Shown failing with the @ left, and without the look at the length. */
static void knows_domains_alone(void **state)
{
	static const struct {
		const char *in, *key;
	} cases[] = {
		{"example.com",				    "example.com"           },
		{"@EXAMPLE.org.",				  "example.org"           },
		{"m\xc3\xbcnchen.example",                         "xn--mnchen-3ya.example"},
		{"[192.0.2.1]",				    "[192.0.2.1]"           },
		{"*",					      NULL                    },
		{"*.example.com",				  NULL                    },
		{"",					       NULL                    },
		{"@",					      NULL                    },
		{"@@example.com",				  NULL                    },
		{"u@example.com",				  NULL                    },
		{"no domain",				      NULL                    },
		{"192.0.2.1",				      NULL                    },
		{"\xff.example",				   NULL                    },
		{"a\nb.example",				   NULL                    },
		{"a..example",				     NULL                    },
		{LABEL63 "." LABEL63 "." LABEL63 "." LABEL63 ".a", NULL                    },
	};
	struct str domain;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum address_error e = address_domain(
			&ops, &arena, fresh(cases[i].in), &domain);

		if (e != (cases[i].key ? ADDRESS_OK : ADDRESS_DOMAIN) ||
			(!e && !str_eq(domain, str_from(cases[i].key))))
			fail_msg("'%s' gives %d, '" STR_FMT "'", cases[i].in,
				(int)e, STR_ARG(domain));
	}
}

static void keeps_what_was_seen(void **state)
{
	struct address a;

	(void)state;
	assert_int_equal(
		address_parse(&ops, &arena, str_from(" <U@D.Example.> "), &a),
		ADDRESS_OK);
	assert_true(str_eq(a.seen, str_from("U@D.Example.")));
	assert_true(str_eq(a.domain, str_from("d.example")));
	assert_int_equal(address_parse(&ops, &arena, str_from("< x >"), &a),
		ADDRESS_NO_AT);
	assert_true(str_eq(a.seen, str_from("x")));
}

static void needs_no_callbacks(void **state)
{
	struct address a;

	(void)state;
	assert_int_equal(address_parse(NULL, &arena,
				 str_from("u@m\xc3\xbcnchen.example"), &a),
		ADDRESS_DOMAIN);
	assert_int_equal(
		address_parse(NULL, &arena, str_from("u\xcc\x88@d"), &a),
		ADDRESS_OK);
	assert_true(str_eq(a.key, str_from("u\xcc\x88@d")));
}

static void has_no_memory(void **state)
{
	enum address_error e = ADDRESS_NO_MEMORY;
	size_t limit;

	(void)state;
	for (limit = 1; e == ADDRESS_NO_MEMORY && limit < 4096; limit += 16) {
		struct address a;

		arena_shrink(limit);
		e = address_parse(
			&ops, &arena, str_from("\"u\xcc\x88 v\"@d.ex"), &a);
	}
	assert_int_equal(e, ADDRESS_OK);
	assert_true(limit > 64);
}

/* --- properties ----------------------------------------------------------- */

static uint32_t seed = 1;

static unsigned pick(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* A mailbox: what its local part stands for, and its domain. Few letters, so
 * that equal ones and ones that differ in one byte are common. */
struct box {
	char local[8];
	unsigned domain;
};

static const char *const domains[] = {"a.example", "b.example", "ab.example",
	"a.b.example", "xn--28j.example", "[192.0.2.1]", "[192.0.2.11]"};

static void make_box(struct box *b)
{
	static const char bytes[] = "aabbAB..++-=%!_ @\"\\,;:<>()[]";
	size_t n = 1 + pick(5);

	for (size_t i = 0; i < n; i++)
		b->local[i] = bytes[pick(sizeof(bytes) - 1)];
	b->local[n] = '\0';
	b->domain = pick(sizeof(domains) / sizeof(*domains));
}

static bool is_special(char c)
{
	return strchr(" @\"\\,;:<>()[]", c) != NULL;
}

static char *put(char *p, const char *s)
{
	size_t n = strlen(s);

	memcpy(p, s, n);
	return p + n;
}

/* One of the ways to write it down. */
static struct str spell(const struct box *b, char *out)
{
	bool quote = pick(2), angles = pick(4) == 0, dot = pick(4) == 0;
	const char *domain = domains[b->domain];
	char *p = out;

	for (const char *c = b->local; *c; c++)
		quote = quote || is_special(*c);
	p = put(p, angles ? "<" : "");
	p = put(p, pick(4) == 0 ? "@route.example:" : "");
	if (quote)
		*p++ = '"';
	for (const char *c = b->local; *c; c++) {
		bool letter = ascii_is_alpha((unsigned char)*c);

		if (quote && (*c == '"' || *c == '\\' || pick(4) == 0))
			*p++ = '\\';
		*p++ = letter && pick(2) ? (char)(*c ^ 0x20) : *c;
	}
	if (quote)
		*p++ = '"';
	*p++ = '@';
	for (; *domain; domain++)
		*p++ = ascii_is_alpha((unsigned char)*domain) && pick(2)
			       ? (char)(*domain ^ 0x20)
			       : *domain;
	p = put(p, dot && p[-1] != ']' ? "." : "");
	p = put(p, angles ? ">" : "");
	return str_of(out, (size_t)(p - out));
}

/*
 * Two spellings have one key exactly when they are one mailbox, ASCII case
 * aside; and the key's own key is that key.
 */
static void merges_spellings_and_nothing_else(void **state)
{
	unsigned same = 0, other = 0;

	(void)state;
	for (int round = 0; round < 300000; round++) {
		struct box x, y;
		char xs[100], ys[100];
		struct str sx, sy;
		struct address ax, ay, again;
		bool equal;

		make_box(&x);
		y = x;
		if (pick(2))
			make_box(&y);
		sx = spell(&x, xs);
		sy = spell(&y, ys);
		arena_reset(&arena, 0);
		if (strspn(x.local, ".") == strlen(x.local) ||
			strspn(y.local, ".") == strlen(y.local))
			continue;
		if (address_parse(&ops, &arena, sx, &ax) != ADDRESS_OK ||
			address_parse(&ops, &arena, sy, &ay) != ADDRESS_OK)
			fail_msg("'" STR_FMT "' or '" STR_FMT "' is refused",
				STR_ARG(sx), STR_ARG(sy));
		equal = x.domain == y.domain &&
			str_ieqz(str_from(x.local), y.local);
		if (str_eq(ax.key, ay.key) != equal)
			fail_msg("'" STR_FMT "' and '" STR_FMT "'", STR_ARG(sx),
				STR_ARG(sy));
		assert_int_equal(address_parse(&ops, &arena, ax.key, &again),
			ADDRESS_OK);
		assert_true(str_eq(ax.key, again.key));
		same += equal;
		other += !equal;
	}
	assert_true(same > 10000 && other > 10000);
}

/* Whatever the bytes: an error, or a key whose key it is. */
static void is_idempotent(void **state)
{
	static const char *const units[] = {"a", "B", "@", "@", ".", "\"", "\\",
		" ", "[", "]", "1", ":", "<", ">", "xn--", "%", "!", "H",
		"\xcc\xb1", "\xcc\x88", "u", "\xe2\x84\xaa", "\xcd\xbe",
		"\xe1\xbf\xaf", "\xc3\x9f", "\xe3\x80\x82", "\xe0\xa5\x98",
		"\xef\xbc\xa0", "\xff", "IPv6:", "example"};
	const unsigned n_units = sizeof(units) / sizeof(*units);
	unsigned ok = 0;

	(void)state;
	for (int round = 0; round < 300000; round++) {
		char text[100], *p = text;
		struct address a, again;

		for (unsigned n = 1 + pick(4), k = n + 1 + pick(3); k; k--)
			p = put(p, k == n ? "@" : units[pick(n_units)]);
		arena_reset(&arena, 0);
		if (address_parse(&ops, &arena,
			    str_of(text, (size_t)(p - text)), &a) != ADDRESS_OK)
			continue;
		if (address_parse(&ops, &arena, a.key, &again) != ADDRESS_OK ||
			!str_eq(a.key, again.key))
			fail_msg("'%.*s' gives '" STR_FMT "', then '" STR_FMT
				 "'",
				(int)(p - text), text, STR_ARG(a.key),
				STR_ARG(again.key));
		ok++;
	}
	assert_true(ok > 3000);
}

/* --- organisations -------------------------------------------------------- */

static void knows_organisations(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{"example.org",   "example.org",      true },
		{"example.org",   "EXAMPLE.org",      true },
		{"example.org",   "mail.example.org", true },
		{"a.example.org", "b.c.example.org",  true },
		{"example.org",   "example.com",      false},
		{"example.org",   "notexample.org",   false},
		{"a.co.uk",       "b.co.uk",          false},
		{"a.co.uk",       "m.a.co.uk",        true },
		{"x.a.ne.jp",     "y.a.ne.jp",        true },
		{"a.ne.jp",       "b.ne.jp",          false},
		{"co.uk",         "a.co.uk",          false},
		{"uk",            "a.uk",             false},
		{"a.uk",          "b.a.uk",           true },
		{"x.com.example", "y.com.example",    true },
		{"a.cox.uk",      "b.cox.uk",         true },
		{"localhost",     "localhost",        true },
		{"localhost",     "other",            false},
		{"[192.0.2.1]",   "[192.0.2.1]",      true },
		{"[192.0.2.1]",   "[198.51.2.1]",     false},
		{"",              "",                 false},
		{"",              "a.example",        false},
		{".",             ".",                true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str a = str_from(rows[i].a), b = str_from(rows[i].b);

		if (address_same_organisation(a, b) != rows[i].same ||
			address_same_organisation(b, a) != rows[i].same)
			fail_msg("'%s' and '%s'", rows[i].a, rows[i].b);
	}
	assert_false(address_same_organisation(STR_NULL, STR_NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(knows_addresses),
		ARENA_TEST(refuses_what_is_none),
		ARENA_TEST(flags_what_is_in_doubt),
		ARENA_TEST(tells_the_gravest_doubt),
		ARENA_TEST(knows_domains_alone),
		ARENA_TEST(keeps_what_was_seen),
		ARENA_TEST(needs_no_callbacks),
		ARENA_TEST(has_no_memory),
		ARENA_TEST(merges_spellings_and_nothing_else),
		ARENA_TEST(is_idempotent),
		ARENA_TEST(knows_organisations),
	};

	return cmocka_run_group_tests_name(
		"parsers-address", tests, NULL, NULL);
}
