/* Reports as they should be, and as they come. */
#include <stdio.h>

#include "test.h"

#include "rfc3464.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void same(struct str s, const char *want)
{
	if (!str_ieqz(s, want))
		fail_msg("'" STR_FMT "' is not '%s'", STR_ARG(s), want);
}

/*
 * RFC 3464, appendix E: a simple report, one with several recipients, one of a
 * gateway, one of a delay. Domains end in .example here.
 */
static const char simple[] =
	"Reporting-MTA: dns; cs.utk.example\n"
	"\n"
	"Original-Recipient: rfc822;louisl@larry.slip.umd.example\n"
	"Final-Recipient: rfc822;louisl@larry.slip.umd.example\n"
	"Action: failed\n"
	"Status: 4.0.0\n"
	"Diagnostic-Code: smtp; 426 connection timed out\n"
	"Last-Attempt-Date: Thu, 7 Jul 1994 17:15:49 -0400\n";
static const char several[] =
	"Reporting-MTA: dns; cs.utk.example\n"
	"\n"
	"Original-Recipient: rfc822;arathib@vnet.ibm.example\n"
	"Final-Recipient: rfc822;arathib@vnet.ibm.example\n"
	"Action: failed\n"
	"Status: 5.0.0 (permanent failure)\n"
	"Diagnostic-Code: smtp;\n"
	" 550 'arathib@vnet.IBM.EXAMPLE' is not a registered gateway "
	"user\n"
	"Remote-MTA: dns; vnet.ibm.example\n"
	"\n"
	"Original-Recipient: rfc822;johnh@hpnjld.njd.hp.example\n"
	"Final-Recipient: rfc822;johnh@hpnjld.njd.hp.example\n"
	"Action: delayed\n"
	"Status: 4.0.0 (hpnjld.njd.hp.example: host name lookup "
	"failure)\n"
	"\n"
	"Original-Recipient: rfc822;wsnell@sdcc13.ucsd.example\n"
	"Final-Recipient: rfc822;wsnell@sdcc13.ucsd.example\n"
	"Action: failed\n"
	"Status: 5.0.0\n"
	"Diagnostic-Code: smtp; 550 user unknown\n"
	"Remote-MTA: dns; sdcc13.ucsd.example\n";
static const char gateway[] = "Reporting-MTA: mailbus; SYS30\n"
			      "\n"
			      "Final-Recipient: unknown; nair_s\n"
			      "Status: 5.0.0 (unknown permanent "
			      "failure)\n"
			      "Action: failed\n";
static const char delayed[] =
	"Reporting-MTA: dns; sun2.nsfnet-relay.ac.example\n"
	"\n"
	"Final-Recipient: rfc822;thomas@de-montfort.ac.example\n"
	"Status: 4.0.0 (unknown temporary failure)\n"
	"Action: delayed\n";

static void examples_of_the_rfc(void **state)
{
	struct dsn d;

	(void)state;
	rfc3464_parse(&arena, str_from(simple), &d);
	assert_int_equal(d.n, 1);
	same(d.reporting_mta, "cs.utk.example");
	same(d.r[0].original, "louisl@larry.slip.umd.example");
	same(d.r[0].final, "louisl@larry.slip.umd.example");
	same(d.r[0].diagnostic, "426 connection timed out");
	assert_int_equal(d.r[0].action, ACTION_FAILED);
	assert_int_equal(d.r[0].status.class, 4);
	assert_null(d.r[0].remote_mta.p);
	assert_int_equal(d.limits, 0);

	rfc3464_parse(&arena, str_from(several), &d);
	assert_int_equal(d.n, 3);
	same(d.r[0].final, "arathib@vnet.ibm.example");
	same(d.r[0].diagnostic,
		"550 'arathib@vnet.IBM.EXAMPLE' is not a registered gateway "
		"user");
	same(d.r[0].remote_mta, "vnet.ibm.example");
	assert_int_equal(d.r[0].action, ACTION_FAILED);
	assert_int_equal(d.r[0].status.class, 5);
	same(d.r[1].original, "johnh@hpnjld.njd.hp.example");
	assert_int_equal(d.r[1].action, ACTION_DELAYED);
	assert_int_equal(d.r[1].status.class, 4);
	assert_null(d.r[1].diagnostic.p);
	same(d.r[2].final, "wsnell@sdcc13.ucsd.example");
	same(d.r[2].diagnostic, "550 user unknown");
	same(d.r[2].remote_mta, "sdcc13.ucsd.example");

	rfc3464_parse(&arena, str_from(gateway), &d);
	assert_int_equal(d.n, 1);
	same(d.reporting_mta, "SYS30");
	same(d.r[0].final, "nair_s");
	assert_int_equal(d.r[0].action, ACTION_FAILED);
	assert_int_equal(d.r[0].status.class, 5);

	rfc3464_parse(&arena, str_from(delayed), &d);
	assert_int_equal(d.n, 1);
	same(d.r[0].final, "thomas@de-montfort.ac.example");
	assert_int_equal(d.r[0].action, ACTION_DELAYED);
	assert_null(d.r[0].original.p);
}

static void two_groups(void **state)
{
	static const char body[] =
		"Reporting-MTA: dns; cs.utk.example\n"
		"\n"
		"Original-Recipient: rfc822;louisl@larry.slip.umd.example\n"
		"Final-Recipient: rfc822;louisl@larry.slip.umd.example\n"
		"Action: failed\n"
		"Status: 4.0.0\n"
		"Diagnostic-Code: smtp; 426 connection timed out\n"
		"Last-Attempt-Date: Thu, 7 Jul 1994 17:15:49 -0400\n"
		"\n"
		"Final-Recipient: rfc822;b@d.example\n"
		"Action: delivered\n"
		"Status: 2.0.0\n";
	struct dsn d;

	(void)state;
	rfc3464_parse(&arena, str_from(body), &d);
	assert_int_equal(d.n, 2);
	same(d.reporting_mta, "cs.utk.example");
	same(d.r[0].original, "louisl@larry.slip.umd.example");
	same(d.r[0].final, "louisl@larry.slip.umd.example");
	same(d.r[0].diagnostic, "426 connection timed out");
	assert_int_equal(d.r[0].action, ACTION_FAILED);
	assert_int_equal(d.r[0].status.class, 4);
	same(d.r[1].final, "b@d.example");
	assert_int_equal(d.r[1].action, ACTION_DELIVERED);
	assert_null(d.r[1].original.p);
}

static void fields_in_any_order(void **state)
{
	static const char body[] =
		"Action: failed\n"
		"Status: 5.1.1 (no such user)\n"
		"Diagnostic-Code: smtp; 550 no\n"
		"\twho is that\n"
		"Final-Recipient: rfc822; <a@d.example>\n"
		"Original-Recipient: rfc822;o@d.example\n"
		"Remote-MTA: dns; mx.d.example. (192.0.2.1)\n"
		"Reporting-MTA: dsn; r.example\n";
	struct dsn d;

	(void)state;
	rfc3464_parse(&arena, str_from(body), &d);
	assert_int_equal(d.n, 1);
	same(d.r[0].diagnostic, "550 no who is that");
	same(d.r[0].remote_mta, "mx.d.example");
	same(d.r[0].original, "o@d.example");
	same(d.reporting_mta, "r.example");
	assert_int_equal(d.r[0].status.detail, 1);
}

/* A blank line between the fields of one recipient loses none of them. */
static void stray_blank_lines(void **state)
{
	static const char body[] = "\n\nFinal-Recipient: rfc822;a@d.example\n"
				   "\n"
				   "Action: failed\n"
				   "\n"
				   "Status: 5.1.1\n"
				   "\n"
				   "Final-Recipient: rfc822;b@d.example\n"
				   "Action: failed\n"
				   "Status: 5.2.2\n";
	struct dsn d;

	(void)state;
	rfc3464_parse(&arena, str_from(body), &d);
	assert_int_equal(d.n, 2);
	assert_int_equal(d.r[0].action, ACTION_FAILED);
	assert_int_equal(d.r[0].status.detail, 1);
	assert_int_equal(d.r[1].status.detail, 2);
}

static void no_blank_line_at_all(void **state)
{
	static const char body[] = "Final-Recipient: rfc822;a@d.example\n"
				   "Status: 5.1.1\n"
				   "Final-Recipient: rfc822;b@d.example\n"
				   "Status: 5.2.2\n";
	struct dsn d;

	(void)state;
	rfc3464_parse(&arena, str_from(body), &d);
	assert_int_equal(d.n, 2);
	same(d.r[0].final, "a@d.example");
	assert_int_equal(d.r[0].status.detail, 1);
	same(d.r[1].final, "b@d.example");
}

static void addresses(void **state)
{
	static const struct {
		const char *value, *want;
	} rows[] = {
		{"rfc822; a@d.example",          "a@d.example"               },
		{"RFC822;a+b@d.example",         "a+b@d.example"             },
		{"a@d.example",                  "a@d.example"               },
 /* RFC 3461 4: xtext */
		{"rfc822;a+40d.example",         "a@d.example"               },
		{"rfc822;a+2Bb+40d.example",     "a+b@d.example"             },
 /* RFC 6533 3 */
		{"utf-8;j\\x{FC}rgen@d.example", "j\xc3\xbcrgen@d.example"   },
		{"utf-8;\\x{D800}@d.example",    "\\x{D800}@d.example"       },
		{"local; root",                  "root"                      },
		{"X400; /C=US/A=X/O=Y/S=Z/",     "/C=US/A=X/O=Y/S=Z/"        },
 /* RFC 3461 4: "+" and "=" are never plain in xtext */
		{"rfc822;a+2Bb+3Dc@d.example",   "a+b=c@d.example"           },
		{"rfc822;a+3d@d.example",        "a+3d@d.example"            },
		{"rfc822;a+2Bb+2",               "a+b+2"                     },
		{"rfc822;a+2Bb+zz@d.example",    "a+b+zz@d.example"          },
 /* a person's tag, and no xtext */
		{"rfc822;a+40@d.example",        "a+40@d.example"            },
		{"rfc822;a+41b@d.example",       "a+41b@d.example"           },
 /* RFC 6533 3: EmbeddedUnicodeChar, of one to four bytes */
		{"utf-8;\\x{5C}@d.example",      "\\@d.example"              },
		{"utf-8;\\x{7F}@d.example",      "\x7f@d.example"            },
		{"utf-8;\\x{20AC}@d.example",    "\xe2\x82\xac@d.example"    },
		{"utf-8;\\x{1F600}@d.example",   "\xf0\x9f\x98\x80@d.example"},
		{"utf-8;\\x{10FFFF}@d.example",  "\xf4\x8f\xbf\xbf@d.example"},
		{"utf-8;\xc3\xbc@d.example",     "\xc3\xbc@d.example"        },
 /* and what is none: a control, half of a pair, too large, not
  ended */
		{"utf-8;\\x{0A}@d.example",      "\\x{0A}@d.example"         },
		{"utf-8;\\x{DFFF}@d.example",    "\\x{DFFF}@d.example"       },
		{"utf-8;\\x{110000}@d.example",  "\\x{110000}@d.example"     },
		{"utf-8;\\x{0020AC9}@d.example", "\\x{0020AC9}@d.example"    },
		{"utf-8;\\x{}@d.example",        "\\x{}@d.example"           },
		{"utf-8;\\x{FG}@d.example",      "\\x{FG}@d.example"         },
		{"utf-8;a@d\\x{FC",              "a@d\\x{FC"                 },
		{"utf-8;a@d\\x{",                "a@d\\x{"                   },
		{"utf-8;\\y{FC}\\x{FC}@d",       "\\y{FC}\xc3\xbc@d"         },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		same(rfc3464_address(&arena, str_from(rows[i].value)),
			rows[i].want);
}

/* RFC 3464 2.3.3, and two words of MTAs that keep to none of them. */
static void actions(void **state)
{
	static const struct {
		const char *value;
		enum action action;
	} rows[] = {
		{"failed",                   ACTION_FAILED   },
		{"FAILED",                   ACTION_FAILED   },
		{"failed (by our own hand)", ACTION_FAILED   },
		{"delayed",                  ACTION_DELAYED  },
		{"delivered",                ACTION_DELIVERED},
		{"relayed",                  ACTION_RELAYED  },
		{"expanded",                 ACTION_EXPANDED },
		{"expired",                  ACTION_FAILED   },
		{"deferred",                 ACTION_DELAYED  },
		{"bounced",                  ACTION_NONE     },
		{"",			 ACTION_NONE     },
	};

	char body[200];
	struct dsn d;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(body, sizeof(body),
			"Final-Recipient: rfc822;a@d.example\nAction: %s\n",
			rows[i].value);
		rfc3464_parse(&arena, str_from(body), &d);
		assert_int_equal(d.n, 1);
		if (d.r[0].action != rows[i].action)
			fail_msg("'%s' is '%s'", rows[i].value,
				action_word(d.r[0].action));
	}
}

/* RFC 3464 2.1.2: mta-name-type, here with what MTAs put behind the name. */
static void hosts(void **state)
{
	static const struct {
		const char *value, *want;
	} rows[] = {
		{"dns; mx.d.example",               "mx.d.example"},
		{"dns;mx.d.example.",               "mx.d.example"},
		{"dns; mx.d.example (192.0.2.1)",   "mx.d.example"},
		{"dns; mx.d.example(192.0.2.1)",    "mx.d.example"},
		{" mx.d.example ",                  "mx.d.example"},
		{"x-local-hostname; mx.d.example",  "mx.d.example"},
		{"dns; [192.0.2.1]",                "[192.0.2.1]" },
		{"dns;",			    ""            },
		{"dns; ...",                        ""            },
		{"no type here; at all",            "no"          },
		{"a-type-that-is-far-too-long; mx",
                 "a-type-that-is-far-too-long;"                   },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		same(rfc3464_host(str_from(rows[i].value)), rows[i].want);
}

/* With any amount of memory: fewer recipients, and the limits tell. */
static void gives_what_fits(void **state)
{
	static const char body[] =
		"Final-Recipient: rfc822;a+2Bb@d.example\nStatus: 5.1.1\n\n"
		"Final-Recipient: rfc822;b@d.example\nStatus: 5.2.2\n";
	size_t n = 0, seen = 0;

	(void)state;
	for (size_t limit = 1; n < 2; limit += 8) {
		struct arena small;
		struct dsn d;

		arena_init(&small, limit);
		rfc3464_parse(&small, str_from(body), &d);
		assert_true(d.n >= n);
		assert_int_equal(!!(d.limits & LIMIT_MEMORY), d.n < 2);
		n = d.n;
		seen++;
		arena_release(&small);
	}
	assert_true(seen > 10);
}

static void too_many_recipients(void **state)
{
	static const char one[] = "Final-Recipient: rfc822;a@d.example\n"
				  "Status: 5.1.1\n\n";
	size_t n = RFC3464_RECIPIENTS_MAX + 5;
	char *body = test_malloc(n * (sizeof(one) - 1));
	struct dsn d;

	(void)state;
	for (size_t i = 0; i < n; i++)
		memcpy(body + i * (sizeof(one) - 1), one, sizeof(one) - 1);
	rfc3464_parse(&arena, str_of(body, n * (sizeof(one) - 1)), &d);
	assert_int_equal(d.n, RFC3464_RECIPIENTS_MAX);
	assert_true(d.limits & LIMIT_RECIPIENTS);
	test_free(body);
}

static void fields_in_text(void **state)
{
	struct str text = str_from("Sorry.\n\nReporting-MTA: dns; x\n\n"
				   "Final-Recipient: rfc822; a@d.example\n");

	(void)state;
	assert_true(str_istarts(rfc3464_find(text), "reporting-mta"));
	assert_null(rfc3464_find(str_from("the Final-Recipient: no")).p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			examples_of_the_rfc, setup, teardown),
		cmocka_unit_test_setup_teardown(two_groups, setup, teardown),
		cmocka_unit_test_setup_teardown(actions, setup, teardown),
		cmocka_unit_test_setup_teardown(hosts, setup, teardown),
		cmocka_unit_test_setup_teardown(
			gives_what_fits, setup, teardown),
		cmocka_unit_test_setup_teardown(
			fields_in_any_order, setup, teardown),
		cmocka_unit_test_setup_teardown(
			stray_blank_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(
			no_blank_line_at_all, setup, teardown),
		cmocka_unit_test_setup_teardown(addresses, setup, teardown),
		cmocka_unit_test_setup_teardown(
			too_many_recipients, setup, teardown),
		cmocka_unit_test_setup_teardown(
			fields_in_text, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
