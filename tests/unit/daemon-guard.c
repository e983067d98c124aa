/* The guard: what it lets pass, what it refuses, and that pieces of any size
 * make no difference. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "test.h"

#define BYTES   8000000u
#define LITERAL 1000u

static int feed(struct guard *g, const char *p, size_t n, size_t piece)
{
	while (n > 0) {
		size_t k = n < piece ? n : piece;

		if (guard_feed(g, p, k) < 0)
			return -1;
		p += k;
		n -= k;
	}
	return 0;
}

/* Whether it passes, whole and a byte at a time; both must agree. */
static bool passes(const char *p, size_t n, char why[128])
{
	struct guard whole, bytes;
	int a, b;

	guard_init(&whole, NULL, NULL);
	guard_begin(&whole, BYTES, LITERAL);
	guard_init(&bytes, NULL, NULL);
	guard_begin(&bytes, BYTES, LITERAL);
	a = feed(&whole, p, n, n);
	b = feed(&bytes, p, n, 1);
	assert_int_equal(a, b);
	assert_string_equal(guard_why(&whole), guard_why(&bytes));
	snprintf(why, 128, "%s", guard_why(&whole));
	return a == 0;
}

static const char *const good[] = {
	"* OK hello\r\n",
	"* 3 EXISTS\r\n* 0 RECENT\r\n1 OK done\r\n",
	"* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n",
	"* 1 FETCH (UID 1 BODY[] {0}\r\n)\r\n",
	"* 1 FETCH (BODY[] {6}\r\n(((((\"))\r\n",
	"* LIST (\\HasNoChildren) \"/\" \"a \\\"quoted\\\" (name\"\r\n",
	"* 1 EXISTS\r\n* OK [PERMANENTFLAGS (\\Answered \\* $a)] kept\r\n",
	"* 1 EXISTS\r\n* OK [PERMANENTFLAGS ()] none\r\n",
	"* OK it's \"unbalanced, (and {5}\r\n",
	"* NO [ALERT] the disk is full\r\n",
	"+ idling\r\n",
	"+ \r\n",
	"17 NO [TRYCREATE] no {such} folder\r\n",
	"* BYE\r\n",
	"* 1 FETCH (FLAGS (\\Seen))\n",
	"* FLAGS (\\Answered \\Flagged)\r\n",
};

static void test_what_passes(void **state)
{
	char why[128];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (!passes(good[i], strlen(good[i]), why))
			fail_msg("refused: %s: %s", good[i], why);
}

static const struct {
	const char *bytes, *why;
} bad[] = {
	{"* 1 FETCH (BODY[] {1001}\r\n",                           "a literal above 1000"                     },
	{"* 1 FETCH (BODY[] {4294967290}\r\n",                     "a literal above 1000"                     },
	{"* 1 FETCH (BODY[] {00000000001}\r\n",                    "a literal above 1000"                     },
	{"* 1 FETCH (BODY[] {-1}\r\n",                             "a malformed literal"                      },
	{"* 1 FETCH (BODY[] {}\r\n",                               "a malformed literal"                      },
	{"* 1 FETCH (BODY[] { 3}\r\n",                             "a malformed literal"                      },
	{"* 1 FETCH (BODY[] {3+}\r\nabc)\r\n",                     "a malformed literal"                      },
	{"* 1 FETCH (BODY[] {3}abc)\r\n",                          "a malformed literal"                      },
	{"* 1 FETCH (BODY[] {3}\nabc)\r\n",                        "a malformed literal"                      },
	{" * \t1 FETCH (BODY[] {x}\r\n",                           "a malformed literal"                      },
	{"* LIST () \"/\" \"a\r\n",                                "a quoted string that does not end"        },
	{"* LIST () \"/\" \"a\\\r\n",                              "a quoted string that does not end"        },
	{"* 1 EXISTS\r\n* OK [PERMANENTFLAGS (\r\n",
         "a malformed list of flags"									  },
	{"* 1 EXISTS\r\n* OK [PERMANENTFLAGS (\\)] x\r\n",
         "a malformed list of flags"									  },
	{"* 1 EXISTS\r\n* OK [PERMANENTFLAGS (\\Seen (a))] x\r\n",
         "a malformed list of flags"									  },
	{"* 1 EXISTS\r\n*   OK   [  PERMANENTFLAGS   ({5}\r\n",
         "a malformed list of flags"									  },
	{"* 1 EXISTS\r\n1 OK [permanentflags (\"a\")] x\r\n",
         "a malformed list of flags"									  },
	{"* OK [PERMANENTFLAGS ()] x\r\n",
         "a list of flags before anything was asked"                                                          },
	{"* NAMESPACE NIL NIL NIL\r\n",
         "a list of namespaces nobody asked for"							      },
	{"*  namespace((\"\" \"/\"){0}\r\n",
         "a list of namespaces nobody asked for"							      },
	{"* OK [BADCHARSET ({5}\r\n",
         "a list of character sets nobody asked for"                                                          },
	{"+ [BADCHARSET (\"\r\n",				  "a list of character sets nobody asked for"},
	{"* OK [ALERT]\r\n",				       "an alert without words"                   },
	{"* NO [ PARSE ]   \r\n",				  "an alert without words"                   },
	{"4 OK [alert]\r\n",				       "an alert without words"                   },
	{"* 1 FETCH (FLAGS (\\Seen\1\r\n",                         ""                                         },
};

static void test_what_is_refused(void **state)
{
	char why[128];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		bool passed = passes(bad[i].bytes, strlen(bad[i].bytes), why);

		/* An empty reason: it passes, the parser deals with it. */
		if (passed != !*bad[i].why || strcmp(why, bad[i].why) != 0)
			fail_msg("%s: expected '%s', got '%s'", bad[i].bytes,
				bad[i].why, why);
	}
	assert_false(passes("* OK a\0b\r\n", 10, why));
	assert_string_equal(why, "a NUL byte outside of a literal");
	assert_true(passes("* 1 FETCH (BODY[] {3}\r\na\0b)\r\n", 29, why));
}

static bool repeated_passes(
	const char *head, char c, size_t n, const char *tail)
{
	size_t h = strlen(head), t = strlen(tail);
	char *p = malloc(h + n + t);
	char why[128];
	bool ok;

	assert_non_null(p);
	memcpy(p, head, h);
	memset(p + h, c, n);
	memcpy(p + h + n, tail, t);
	ok = passes(p, h + n + t, why);
	free(p);
	return ok;
}

static void test_depth(void **state)
{
	(void)state;
	assert_true(repeated_passes("* 1 FETCH (X ", '(', 63, "\r\n"));
	assert_false(repeated_passes("* 1 FETCH (X ", '(', 64, ""));
	assert_false(repeated_passes("* OK ", '(', 65, ""));
	assert_true(repeated_passes("* X \"", '(', 5000, "\"\r\n"));
	/* What looks like a quoted string in text is none. */
	assert_false(repeated_passes("* OK \"", '(', 65, "\"\r\n"));
	/* White space does not hide what kind of line it is. */
	assert_false(
		repeated_passes("*", ' ', 5000, "OK [BADCHARSET ({3}\r\n"));
	assert_false(repeated_passes("* OK", '\t', 5000, "[ALERT]\r\n"));
}

static void test_lengths(void **state)
{
	(void)state;
	assert_true(repeated_passes("* OK ", 'x', GUARD_LINE_MAX - 7, "\r\n"));
	assert_false(repeated_passes("* OK ", 'x', GUARD_LINE_MAX, "\r\n"));
	assert_true(repeated_passes(
		"* 1 FETCH (BODY[] {1000}\r\n", '(', 1000, ")\r\n"));
}

static void test_budget_is_for_each_answer(void **state)
{
	struct guard g;

	(void)state;
	guard_init(&g, NULL, NULL);
	guard_begin(&g, 20, 10);
	assert_int_equal(guard_feed(&g, "* OK 345678\r\n", 13), 0);
	guard_begin(&g, 20, 10);
	assert_int_equal(guard_feed(&g, "* OK 345678\r\n", 13), 0);
	assert_int_equal(guard_feed(&g, "* OK 345678\r\n", 13), -1);
	assert_string_equal(guard_why(&g), "bytes in one answer above 20");
	/* Sticky, also for a new answer. */
	guard_begin(&g, 20, 10);
	assert_int_equal(guard_feed(&g, "*", 1), -1);
}

static void test_number_of_responses(void **state)
{
	struct guard g;

	(void)state;
	guard_init(&g, NULL, NULL);
	guard_begin(&g, BYTES, LITERAL);
	for (unsigned i = 0; i < GUARD_LINES; i++) {
		assert_int_equal(guard_feed(&g, "* OK a\r\n", 8), 0);
		assert_int_equal(
			guard_feed(&g, "* 7 FETCH (UID 1)\r\n", 19), 0);
	}
	assert_int_equal(guard_feed(&g, "* OK a\r\n", 8), -1);
}

struct heads {
	char text[64];
};

static void keep(void *arg, const char *head, size_t n)
{
	struct heads *h = arg;
	size_t used = strlen(h->text);

	snprintf(h->text + used, sizeof(h->text) - used, "%.*s|", (int)n, head);
}

static void test_lines_are_told_without_literals(void **state)
{
	static const char bytes[] = "* 1 FETCH (BODY[] {8}\r\nse\r\ncret "
				    "UID  7)\r\n1 OK\r\n";
	struct heads h = {""};
	struct guard g;

	(void)state;
	guard_init(&g, keep, &h);
	guard_begin(&g, BYTES, LITERAL);
	assert_int_equal(guard_feed(&g, bytes, sizeof(bytes) - 1), 0);
	assert_string_equal(h.text, "* 1 FETCH (BODY[] {8} UID 7) |1 OK |");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_passes),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_budget_is_for_each_answer),
		cmocka_unit_test(test_number_of_responses),
		cmocka_unit_test(test_lines_are_told_without_literals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
