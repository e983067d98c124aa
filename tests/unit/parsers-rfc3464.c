/* Reports as they should be, and as they come. */
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

/* RFC 3464, appendix E.1, a little longer */
static void example_of_the_rfc(void **state)
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
		{"rfc822; a@d.example",          "a@d.example"            },
		{"RFC822;a+b@d.example",         "a+b@d.example"          },
		{"a@d.example",                  "a@d.example"            },
 /* RFC 3461 4: xtext */
		{"rfc822;a+40d.example",         "a@d.example"            },
		{"rfc822;a+2Bb+40d.example",     "a+b@d.example"          },
 /* RFC 6533 3 */
		{"utf-8;j\\x{FC}rgen@d.example", "j\xc3\xbcrgen@d.example"},
		{"utf-8;\\x{D800}@d.example",    "\\x{D800}@d.example"    },
		{"local; root",                  "root"                   },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		same(rfc3464_address(&arena, str_from(rows[i].value)),
			rows[i].want);
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
			example_of_the_rfc, setup, teardown),
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
