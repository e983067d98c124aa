/* Who failed, in texts that machines wrote for people. */
#include "test.h"

#include <stdio.h>

#include "text.h"

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

static void addresses_in_lines(void **state)
{
	static const struct {
		const char *line, *want; /* NULL: none */
	} rows[] = {
		{"<a@b.example>:",                           "a@b.example"              },
		{"  a.b+c@d-e.example: 550 no",              "a.b+c@d-e.example"        },
		{"\"a b\"@c.example is",                     "\"a b\"@c.example"        },
		{"rfc822;a@b.example",                       "a@b.example"              },
		{"mailto:a@b.example.",                      "a@b.example"              },
		{"'a@b.example'",                            "a@b.example"              },
		{"(a@b.example)",                            "a@b.example"              },
		{"RCPT TO:<a@b.example> SIZE=3",             "a@b.example"              },
		{"\xe5\xae\x9b\xe5\x85\x88"
		 "a@b.example\xe6\xa7\x98", "a@b.example"              },
		{"<\xd1\x8f@\xd0\xb1.example>",              "\xd1\x8f@\xd0\xb1.example"},
		{"a@b.example <c@d.example>: malformed",     "c@d.example"              },
		{"u%d@relay.example",                        "u%d@relay.example"        },
		{"an @ alone",			       NULL                       },
		{"@b.example",			       NULL                       },
		{"a@",				       NULL                       },
		{"",					 NULL                       },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str got = text_address(str_from(rows[i].line));

		if (rows[i].want ? !str_eq(got, str_from(rows[i].want))
				 : got.p != NULL)
			fail_msg("'%s' -> '" STR_FMT "'", rows[i].line,
				STR_ARG(got));
	}
}

static void parse(const char *body, const char *sender, struct text *out)
{
	struct verdict_context ctx = {.rules = &rules_builtin};
	struct str ignore = str_from(sender);
	struct text_input in = {str_from("failure notice"), str_from(body),
		&ignore, sender != NULL};

	text_parse(&ctx, &arena, &in, out);
}

/* Each row: a body, and the addresses that failed in it, space between. */
static void who_failed(void **state)
{
	static const struct {
		const char *body, *want;
	} rows[] = {
		{"I wasn't able to deliver your message to the following:\n\n"
		 "<a@d.example>:\n550 no such user\n\n"
		 "<b@e.example>:\n552 mailbox full\n",                       "a@d.example b@e.example"},
		{"The following address(es) failed:\n\n  a@d.example\n"
		 "    host mx.d.example: 550 <a@d.example>: User unknown\n", "a@d.example"            },
 /* the postmaster named for help is a bystander */
		{"Your message could not be delivered.\n"
		 "For further assistance with 5.1.1 ask <help@isp.example>\n"
		 "\n<a@d.example>: user unknown\n",			  "a@d.example"            },
 /* nor the sender, who stands in MAIL FROM */
		{"Delivery failed.\n>>> MAIL From:<me@own.example>\n"
		 "<<< 250 ok\n>>> RCPT To:<a@d.example>\n<<< 550 unknown\n", "a@d.example"            },
 /* nor those listed as delivered */
		{"The following addresses had permanent fatal errors\n"
		 "<a@d.example>\n\n"
		 "The following was successfully delivered:\n<b@d.example>: "
		 "550 lines\n",					      "a@d.example"            },
 /* nor whoever stands in the returned original */
		{"Unable to deliver to <a@d.example>: 550 unknown user\n\n"
		 "----- Original message -----\nTo: z@d.example\n"
		 "<y@d.example>: 550 unknown user\n",			"a@d.example"            },
		{"Unable to deliver to <a@d.example>: 550 unknown user\n\n"
		 "Received: from x by y\nTo: z@d.example\n",                 "a@d.example"            },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct text t;
		char got[256] = "";

		parse(rows[i].body, "me@own.example", &t);
		for (size_t k = 0; k < t.n; k++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
				"%s" STR_FMT, k ? " " : "",
				STR_ARG(t.v[k].address));
		if (strcmp(got, rows[i].want))
			fail_msg("row %zu: '%s', not '%s'", i, got,
				rows[i].want);
	}
}

/* What is said of one address is not said of the next. */
static void blocks_do_not_mix(void **state)
{
	struct text t;

	(void)state;
	parse("Delivery failed to the following recipients:\n\n"
	      "<a@d.example>:\n550 no such user\n\n"
	      "<b@d.example>:\n552 mailbox full\n",
		NULL, &t);
	assert_int_equal(t.n, 2);
	assert_true(str_ifind(t.v[0].range[0].raw, "no such user") <
		    t.v[0].range[0].raw.n);
	assert_true(str_ifind(t.v[0].range[0].raw, "full") ==
		    t.v[0].range[0].raw.n);
	assert_true(
		str_ifind(t.v[1].range[0].raw, "full") < t.v[1].range[0].raw.n);
}

static void only_the_sender(void **state)
{
	struct text t;

	(void)state;
	parse("Delivery failed:\n<me@own.example>: 550 no\n", "me@own.example",
		&t);
	assert_int_equal(t.n, 1);
	assert_true(t.only_senders);
}

static void quoted_by_a_person(void **state)
{
	struct text t;

	(void)state;
	parse("> The following addresses had permanent fatal errors\n"
	      "> <a@d.example>\n> (reason: 550 5.1.1 User unknown)\n",
		NULL, &t);
	assert_int_equal(t.n, 1);
	assert_true(str_eq(t.v[0].address, str_from("a@d.example")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_in_lines),
		cmocka_unit_test_setup_teardown(who_failed, setup, teardown),
		cmocka_unit_test_setup_teardown(
			blocks_do_not_mix, setup, teardown),
		cmocka_unit_test_setup_teardown(
			only_the_sender, setup, teardown),
		cmocka_unit_test_setup_teardown(
			quoted_by_a_person, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
