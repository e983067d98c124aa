/*
 * What each condition of a rule asks for (parsers/rules.c), by rules of a user
 * that have one condition each; and that a user's rules are asked before ours.
 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ruleset.h"
#include "verdict.h"

#define SAMPLES                                                                \
	"    reason: spam\n"                                                   \
	"    examples: [\"550 x\"]\n"                                          \
	"    not: [\"550 y\"]\n"

static const char yaml[] =
	"family: mine\n"
	"rank: 5\n"
	"providers:\n"
	"  - name: by-its-host\n"
	"    host: [\"*.provider.example\"]\n"
	"  - name: by-its-words\n"
	"    host: [\"never.example\"]\n"
	"    any: [\"words of the provider\"]\n"
	"rules:\n"
	"  - rule: any\n" SAMPLES "    any: [\"alpha one\", \"alpha two\"]\n"
	"  - rule: all\n" SAMPLES "    all: [\"beta one\", \"beta two\"]\n"
	"  - rule: none\n" SAMPLES "    any: [\"gamma word\"]\n"
	"    none: [\"not gamma\"]\n"
	"  - rule: glob\n" SAMPLES "    any: [\"delta * ends * here\"]\n"
	"  - rule: status\n" SAMPLES "    any: [\"epsilon\"]\n"
	"    status: [\"5.1.*\", \"x.2.2\", \"4.7.650\"]\n"
	"  - rule: smtp\n" SAMPLES "    any: [\"zeta\"]\n"
	"    smtp: [\"550\", \"45x\", \"43x\"]\n"
	"  - rule: host\n" SAMPLES "    any: [\"theta\"]\n"
	"    host: [\"*.example.net\", \"mx.example.org\"]\n"
	"  - rule: phase\n" SAMPLES "    any: [\"kappa\"]\n"
	"    phase: [mail, data]\n"
	"  - rule: provider\n" SAMPLES "    any: [\"lambda\"]\n"
	"    provider: [by-its-host, by-its-words]\n"
	"  - rule: code-alone\n" SAMPLES "    status: [\"5.7.999\"]\n"
	"  - rule: first-of-two\n" SAMPLES "    any: [\"mu word\"]\n"
	"    weak: true\n"
	"  - rule: second-of-two\n" SAMPLES "    any: [\"the mu word\"]\n"
	"  - rule: against-ours\n" SAMPLES "    any: [\"user unknown\"]\n";

static struct ruleset *set;
static struct arena arena;

static int setup(void **state)
{
	char path[] = "/tmp/conditions-XXXXXX";
	struct conf_mistakes m = {0};
	int fd = mkstemp(path);

	(void)state;
	arena_init(&arena, 0);
	set = ruleset_new();
	assert_true(set && fd >= 0);
	assert_int_equal(write(fd, yaml, sizeof(yaml) - 1), sizeof(yaml) - 1);
	close(fd);
	if (ruleset_add(set, path, &m))
		print_error("line %u: %s\n", m.v[0].line, m.v[0].text);
	unlink(path);
	assert_int_equal(m.n, 0);
	return ruleset_finish(set);
}

static int teardown(void **state)
{
	(void)state;
	ruleset_free(set);
	arena_release(&arena);
	return 0;
}

struct row {
	const char *text;
	struct status status;
	int smtp;
	unsigned phase;
	const char *remote, *reporting;
	const char *want; /* the rule, or NULL */
};

static const struct row rows[] = {
	{.text = "alpha one",                  .want = "any"                                 },
	{.text = "so ALPHA\n  two it is",      .want = "any"                                 },
	{.text = "alphaone",                   .want = NULL                                  },
	{.text = "beta two, beta one",         .want = "all"                                 },
	{.text = "beta one, beta one",         .want = NULL                                  },
	{.text = "gamma word",                 .want = "none"                                },
	{.text = "gamma word, not gamma",      .want = NULL                                  },
	{.text = "delta that ends right here", .want = "glob"                                },
	{.text = "delta that here ends",       .want = NULL                                  },
	{.text = "delta ends",                 .want = NULL                                  },
	{.text = "epsilon",                    .status = {5, 1, 1},                            .want = "status"},
	{.text = "epsilon",				    .status = {5, 1, 351},								  .want = "status"},
	{.text = "epsilon",                    .status = {4, 2, 2}, .want = "status"},
	{.text = "epsilon",.status = {5, 2, 2},                            .want = "status"},
	{.text = "epsilon",                    .status = {2, 2, 2},						  .want = NULL},
	{.text = "epsilon",				    .status = {4, 7, 650},								  .want = "status"},
	{.text = "epsilon",                        .status = {4, 7, 65},                     .want = NULL},
	{.text = "epsilon",.status = {5, 2, 20},.want = NULL},
	{.text = "epsilon",                    .want = NULL                      },
	{.text = "zeta",				    .smtp = 550,								  .want = "smtp"},
	{.text = "zeta",                        .smtp = 551,															      .want = NULL},
	{.text = "zeta",     .smtp = 451,                             .want = "smtp"},
	{.text = "zeta",.smtp = 432,.want = "smtp"},
	{.text = "zeta",                       .smtp = 421,                                   .want = NULL},
	{.text = "zeta",				    .want = NULL								    },
	{.text = "theta",                      .remote = "mx.example.net",                                        .want = "host"},
	{.text = "theta",				    .remote = "MX.Example.Org",														.want = "host"},
	{.text = "theta",                       .reporting = "a.b.example.net",                                    .want = "host"},
	{.text = "theta",				    .remote = "example.net",								     .want = NULL},
	{.text = "theta",				    .remote = "mx.example.net.example",.want = NULL},
	{.text = "theta",                      .want = NULL                            },
	{.text = "kappa",.phase = PHASE_MAIL,.want = "phase"},
	{.text = "kappa",                      .phase = PHASE_DATA,                .want = "phase"},
	{.text = "kappa",				    .phase = PHASE_RCPT,								    .want = NULL},
	{.text = "kappa",                        .want = NULL },
	{.text = "lambda",.remote = "a.provider.example",  .want = "provider"},
	{.text = "lambda: words of the provider",                      .want = "provider"                                  },
	{.text = "lambda",
         .reporting = "a.provider.example",
         .want = "provider"},
 /* who told us is not who answered */
	{.text = "lambda",
         .reporting = "a.provider.example",
         .remote = "mx.example.org",
         .want = NULL},
	{.text = "",		     .status = {5, 7, 999},						    .want = "code-alone"},
	{.text = "",.status = {5, 7, 998},.want = NULL},
	{.text = "the mu word",                      .want = "first-of-two"                                },
};

static struct rule_conclusion decide(
	const struct verdict_context *ctx, const struct row *r)
{
	struct rule_text text;
	struct rule_facts f = {.text = &text,
		.status = r->status,
		.smtp = r->smtp,
		.phase = r->phase,
		.remote_mta = str_from(r->remote),
		.reporting_mta = str_from(r->reporting)};

	rule_text_scan(ctx, &arena, str_from(r->text), &text);
	f.to = text.folded.n;
	f.provider = rules_provider(ctx, &f);
	return rules_judge(ctx, &arena, &f);
}

static void conditions_hold(void **state)
{
	const struct verdict_context ctx = {.rules = ruleset_rules(set)};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rule_conclusion c = decide(&ctx, &rows[i]);

		if (!str_eq(c.rule, str_from(rows[i].want)))
			fail_msg("row %zu, '%s': by '" STR_FMT "', not '%s'", i,
				rows[i].text, STR_ARG(c.rule),
				rows[i].want ? rows[i].want : "none");
	}
}

static void conclusions_are_told(void **state)
{
	struct trace trace = {.first = NULL}; /* for the phrase */
	const struct verdict_context ctx = {
		.rules = ruleset_rules(set), .trace = &trace};
	struct rule_conclusion c =
		decide(&ctx, &(struct row){.text = "mu word"});

	(void)state;
	assert_int_equal(c.reason, REASON_SPAM);
	assert_true(c.weak);
	assert_true(str_ieqz(c.phrase, "mu word"));
	c = decide(&ctx, &(struct row){.text = "alpha two"});
	assert_false(c.weak);
	assert_true(str_ieqz(c.phrase, "alpha two"));
	c = decide(&ctx, &(struct row){.text = "nothing known"});
	assert_int_equal(c.reason, REASON_NONE);
}

/* The user's rules first, then ours; marks of both are seen. */
static void users_come_first(void **state)
{
	struct verdict_context ctx = {.rules = &rules_builtin};
	const struct row ours = {.text = "user unknown", .smtp = 550},
			 other = {.text = "mailbox is full", .smtp = 552};
	struct rule_text text;

	(void)state;
	assert_int_equal(decide(&ctx, &ours).reason, REASON_USER_UNKNOWN);
	ctx.user_rules = ruleset_rules(set);
	assert_int_equal(decide(&ctx, &ours).reason, REASON_SPAM);
	assert_true(str_ieqz(decide(&ctx, &ours).rule, "against-ours"));
	assert_int_equal(decide(&ctx, &other).reason, REASON_MAILBOX_FULL);
	rule_text_scan(&ctx, &arena, str_from("alpha one"), &text);
	assert_true(rule_text_marks(&ctx, &text, 0, text.folded.n) &
		    1u << MARK_NONE);
	ctx.user_rules = NULL;
	rule_text_scan(&ctx, &arena, str_from("alpha one"), &text);
	assert_int_equal(rule_text_marks(&ctx, &text, 0, text.folded.n), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_hold),
		cmocka_unit_test(conclusions_are_told),
		cmocka_unit_test(users_come_first),
	};

	return cmocka_run_group_tests_name(
		"conf-ruleset-conditions", tests, setup, teardown);
}
