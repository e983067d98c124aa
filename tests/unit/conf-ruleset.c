/*
 * Every rule decides its examples and none of its counter-examples; a rule
 * file's mistakes are told with their lines.
 */
#include "test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "rfc3463.h"
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

static unsigned phase_of(struct str word)
{
	static const char *const words[] = {
		"connect", "helo", "mail", "rcpt", "data"};

	for (unsigned i = 0; i < 5; i++)
		if (str_ieqz(word, words[i]))
			return 1u << i;
	return 0;
}

/* The name of the rule that decides a text. */
static struct str decide(const struct rules *rules, struct arena *a,
	const struct ruleset_example *e)
{
	struct verdict_context ctx = {.rules = rules};
	struct rule_text text;
	struct rfc3463_reply reply;
	struct rule_facts f = {.text = &text, .remote_mta = e->host};
	struct rule_conclusion c;

	rule_text_scan(&ctx, a, e->text, &text);
	rfc3463_scan(e->text, &reply);
	f.to = text.folded.n;
	f.status = reply.status;
	f.smtp = reply.smtp;
	f.phase = phase_of(e->phase);
	f.provider = rules_provider(&ctx, &f);
	c = rules_judge(&ctx, a, &f);
	f.vague = c.reason == REASON_NONE;
	return f.vague ? rules_judge(&ctx, a, &f).rule : c.rule;
}

static void examples_decide(void **state)
{
	struct ruleset *r = load_all();
	const struct rules *rules = ruleset_rules(r);
	size_t n, wrong = 0;
	const struct ruleset_example *e = ruleset_examples(r, &n);
	struct arena a;

	(void)state;
	arena_init(&a, 0);
	assert_true(n > 2 * rules->rules_n - 1);
	for (size_t i = 0; i < n; i++) {
		struct str name = rules->rules[e[i].rule].name;
		struct str got = decide(rules, &a, &e[i]);

		if (str_eq(got, name) == e[i].matches)
			continue;
		wrong++;
		print_error(STR_FMT ":%u: '" STR_FMT "' %s rule " STR_FMT
				    " (by " STR_FMT ")\n",
			STR_ARG(e[i].file), e[i].line, STR_ARG(e[i].text),
			e[i].matches ? "is not decided by" : "is decided by",
			STR_ARG(name), STR_ARG(got));
		arena_reset(&a, 0);
	}
	arena_release(&a);
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
		{"- a\n",						 1, "must be a mapping"      },
		{"rank: 2\n",					     1, "needs a 'family'"       },
		{"family: f\nrank: 10\n",                                 2, "'rank' must be 1 to 9"  },
		{"family: f\nrulez: []\n",                                2, "unknown key 'rulez'"    },
		{"family: f\nrules:\n  - reason: spam\n",                 3, "needs a name"           },
		{"family: f\nrules:\n  - rule: a\n    reason: spamm\n",   3,
                 "no known 'reason'"								  },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n",    3,
                 "needs 'any'"									},
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [abc]\n",                     5, "must begin with 4 bytes"},
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [\"a * spam\"]\n",            5, "must begin with 4 bytes"},
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    smtp: [\"650\"]\n",                5, "'650' is no smtp"       },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [spam]\n    phase: [quit]\n", 6, "is no phase"            },
		{"family: f\nrules:\n  - rule: a\n    reason: spam\n"
		 "    any: [spam]\n",                    3, "needs 'examples'"       },
		{"family: f\nmarks:\n  nonsense: [abcd]\n",               3,
                 "is no list of marks"								},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		mistake_is_told(&rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_decide),
		cmocka_unit_test(built_in_is_the_same),
		cmocka_unit_test(mistakes_have_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
