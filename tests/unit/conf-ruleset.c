/*
 * Every rule decides its examples and none of its counter-examples; a rule
 * file's mistakes are told with their lines.
 *
 * Shown to fail: with an example that no rule knows; a rule without 'not' is
 * not even compiled into the program.
 */
#include "test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ruleset.h"

static struct ruleset *load_all(void)
{
	struct ruleset *r = ruleset_new();
	glob_t g;

	assert_non_null(r);
	assert_int_equal(glob("conf/rules/*.yaml", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct conf_mistakes m = {0};

		if (ruleset_add(r, g.gl_pathv[i], &m) < 0)
			fail_msg("%s:%u: %s", g.gl_pathv[i], m.v[0].line,
				m.v[0].text);
		conf_mistakes_release(&m);
	}
	globfree(&g);
	assert_int_equal(ruleset_finish(r), 0);
	return r;
}

static void examples_decide(void **state)
{
	struct ruleset *r = load_all();
	size_t n, wrong = 0;
	glob_t g;

	(void)state;
	(void)ruleset_examples(r, &n);
	/* The loader takes no rule without both. */
	assert_true(n >= 2 * ruleset_rules(r)->rules_n);
	assert_int_equal(glob("conf/rules/*.yaml", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct conf_mistakes m = {0};

		if (ruleset_check(r, NULL, g.gl_pathv[i], &m) < 0)
			wrong++;
		for (size_t k = 0; k < m.n; k++)
			print_error("%s:%u: %s\n", g.gl_pathv[i], m.v[k].line,
				m.v[k].text);
		conf_mistakes_release(&m);
	}
	globfree(&g);
	ruleset_free(r);
	assert_int_equal(wrong, 0);
}

/* The table that is compiled in is the one that the files give. */
static void built_in_is_the_same(void **state)
{
	struct ruleset *r = load_all();
	const struct rules *rules = ruleset_rules(r);

	(void)state;
	assert_int_equal(rules->rules_n, rules_builtin.rules_n);
	assert_int_equal(rules->phrases_n, rules_builtin.phrases_n);
	assert_int_equal(rules->match->states, rules_builtin.match->states);
	for (size_t i = 0; i < rules->rules_n; i++)
		assert_true(str_eq(
			rules->rules[i].name, rules_builtin.rules[i].name));
	ruleset_free(r);
}

struct mistake_row {
	const char *yaml;
	unsigned line;
	const char *text; /* part of the message */
};

static void mistake_is_told(const struct mistake_row *row)
{
	char path[] = "/tmp/ruleset-XXXXXX";
	int fd = mkstemp(path);
	struct ruleset *r = ruleset_new();
	struct conf_mistakes m = {0};

	assert_true(fd >= 0);
	assert_int_equal(write(fd, row->yaml, strlen(row->yaml)),
		(ssize_t)strlen(row->yaml));
	close(fd);
	assert_int_equal(ruleset_add(r, path, &m), -1);
	unlink(path);
	assert_true(m.n > 0);
	if (m.v[0].line != row->line || !strstr(m.v[0].text, row->text))
		fail_msg("line %u: %s (wanted %u: %s)", m.v[0].line,
			m.v[0].text, row->line, row->text);
	conf_mistakes_release(&m);
	ruleset_free(r);
}

static void mistakes_have_lines(void **state)
{
	static const struct mistake_row rows[] = {
		{"- a\n",									 1, "must be a mapping"                  },
		{"rank: 2\n",								     1, "needs a 'family'"                   },
		{"family: f\nrank: 10\n",							 2, "'rank' must be 1 to 9"              },
		{"family: f\nrulez: []\n",							2, "unknown key 'rulez'"                },
		{"family: f\nrules:\n  - reason: spam\n",                                         3, "needs a name"                       },
		{"family: f\nrules:\n  - rule: a\n    reason: spamm\n",                           4,
                 "did you mean 'spam'?"												   },
		{"family: f\nrules:\n  - rule: a\n",                                              3, "needs a 'reason'"                   },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n",                            3,
                 "needs 'any'"													    },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [abc]\n",					     5, "must begin with 4 bytes"            },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [\"a * spam\"]\n",				    5, "must begin with 4 bytes"            },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [\"user {a|b\"]\n",				   5, "alternatives are written {a|b}"     },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [\"user a|b}\"]\n",				   5, "alternatives are written {a|b}"     },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [\"user {a|{b}}\"]\n",				5, "not one within another"             },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    all: [\"user {a|b}\"]\n",				  5, "each must occur"                    },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: "
		 "[\"{a|b}{a|b|c|d|e|f|g}{a|b|c|d|e|f|g}{a|b|c|d|e|f|g}"
		 "{a|b|c|d|e|f|g}\"]\n",					 5, "at most 4000 phrases"               },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [\"{user|a} x\"]\n",				  5, "must begin with 4 bytes"            },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    smtp: [\"650\"]\n",					5, "'650' is no smtp"                   },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [spam]\n    phase: [quit]\n",			 6, "is no phase"                        },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [spam]\n",					    3, "needs 'examples'"                   },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [spam]\n    examples: [spam]\n",                      3, "needs 'not'"                        },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [spam]\n    not: [spam]\n",			   3, "needs 'examples'"                   },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [spam]\n    examples: [{host: h}]\n    not: [ham]\n", 6, "needs a text"                       },
		{"family: f\nrules:\n  - rule: a\n    reason: delayed\n"
		 "    any: [spam]\n    examples: [spam]\n    not: [ham]\n",      4, "'delayed' is no reason of a refusal"},
		{"family: f\nmarks:\n  nonsense: [abcd]\n",                                       3,
                 "is no list of marks"												    },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		mistake_is_told(&rows[i]);
}

/* A phrase is found in one line of a mail, which has 998 bytes. */
static void phrases_fit_into_a_line(void **state)
{
	char text[1200], long_[1000];
	struct mistake_row row = {text, 3, "has 999 bytes: 998 are the most"};

	(void)state;
	memset(long_, 'x', sizeof(long_) - 1);
	long_[sizeof(long_) - 1] = '\0';
	snprintf(text, sizeof(text), "family: f\nmarks:\n  failed: [\"%s\"]\n",
		long_);
	mistake_is_told(&row);
}

static struct ruleset *load_text(const char *yaml, char *path)
{
	int fd = mkstemp(path);
	struct ruleset *r = ruleset_new();
	struct conf_mistakes m = {0};

	assert_true(fd >= 0);
	assert_int_equal(write(fd, yaml, strlen(yaml)), (ssize_t)strlen(yaml));
	close(fd);
	assert_int_equal(ruleset_add(r, path, &m), 0);
	unlink(path);
	conf_mistakes_release(&m);
	assert_int_equal(ruleset_finish(r), 0);
	return r;
}

/* Each of the alternatives is a phrase, and nothing else is. */
static void alternatives_are_phrases(void **state)
{
	char path[] = "/tmp/ruleset-XXXXXX";
	struct ruleset *r = load_text(
		"family: f\n"
		"rules:\n"
		"  - rule: a\n"
		"    reason: policy\n"
		"    any: [\"the {red|green|} house{ burns|}\"]\n"
		"    examples: [550 the red house, 550 the green house burns,"
		" 550 the  house]\n"
		"    not: [550 the blue house, 550 the red green house]\n"
		"marks:\n"
		"  failed: [\"lost {dog|cat}\"]\n",
		path);
	struct conf_mistakes m = {0};

	(void)state;
	assert_int_equal(ruleset_rules(r)->phrases_n, 8);
	assert_int_equal(ruleset_rules(r)->rules[0].any_n, 6);
	assert_int_equal(ruleset_check(r, NULL, path, &m), 0);
	assert_int_equal(m.n, 0);
	conf_mistakes_release(&m);
	ruleset_free(r);
}

/* What a user's rule says of its examples is tried beside the built-in ones. */
static void examples_are_tried(void **state)
{
	char path[] = "/tmp/ruleset-XXXXXX";
	struct ruleset *r = load_text("family: f\n"
				      "rules:\n"
				      "  - rule: a\n"
				      "    reason: policy\n"
				      "    rank: 1\n"
				      "    any: [user unknown]\n"
				      "    examples: [550 user unknown]\n"
				      "    not: [550 nobody]\n"
				      "  - rule: b\n"
				      "    reason: policy\n"
				      "    any: [nobody]\n"
				      "    examples: [550 somebody]\n"
				      "    not: [550 nobody]\n",
		path);
	struct conf_mistakes m = {0};

	(void)state;
	assert_int_equal(ruleset_check(r, &rules_builtin, path, &m), -1);
	assert_int_equal(m.n, 3);
	assert_int_equal(m.v[0].line, 7);
	assert_string_equal(m.v[0].text,
		"rule 'a' does not decide this: 'user-unknown-words' does");
	assert_int_equal(m.v[1].line, 12);
	assert_string_equal(m.v[1].text, "rule 'b' does not decide this");
	assert_int_equal(m.v[2].line, 13);
	assert_string_equal(m.v[2].text, "rule 'b' decides this, and must not");
	conf_mistakes_release(&m);
	ruleset_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_decide),
		cmocka_unit_test(built_in_is_the_same),
		cmocka_unit_test(mistakes_have_lines),
		cmocka_unit_test(phrases_fit_into_a_line),
		cmocka_unit_test(alternatives_are_phrases),
		cmocka_unit_test(examples_are_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
