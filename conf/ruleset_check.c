/*
 * The examples of a rule file against its rules: what decides each of them is
 * asked as it is of a mail, words before vague words.
 */
#include "rfc3463.h"
#include "ruleset_private.h"

static struct rule_conclusion decide(const struct verdict_context *ctx,
	struct arena *a, const struct ruleset_example *e)
{
	struct rule_text text;
	struct rfc3463_reply reply;
	struct rule_facts f = {.text = &text, .remote_mta = e->host};
	struct rule_conclusion c;

	rule_text_scan(ctx, a, e->text, &text);
	rfc3463_scan(e->text, &reply);
	f.to = text.folded.n;
	f.status = reply.status;
	f.smtp = reply.smtp;
	f.phase = e->phase;
	f.provider = rules_provider(ctx, &f);
	f.users = ctx->user_rules != NULL;
	c = rules_judge(ctx, a, &f);
	if (c.reason != REASON_NONE)
		return c;
	f.users = false;
	c = rules_judge(ctx, a, &f);
	f.vague = c.reason == REASON_NONE;
	return f.vague ? rules_judge(ctx, a, &f) : c;
}

static int example_check(const struct ruleset *r,
	const struct verdict_context *ctx, struct arena *a,
	const struct ruleset_example *e, struct conf_mistakes *m)
{
	const struct rule *rule = &r->rules[e->rule];
	struct rule_conclusion c = decide(ctx, a, e);

	if ((c.by == rule) == e->matches)
		return 0;
	if (!e->matches)
		mistake_add(m, e->line,
			"rule '" STR_FMT "' decides this, and must not",
			STR_ARG(rule->name));
	else if (c.by)
		mistake_add(m, e->line,
			"rule '" STR_FMT "' does not decide this: '" STR_FMT
			"' does",
			STR_ARG(rule->name), STR_ARG(c.rule));
	else
		mistake_add(m, e->line,
			"rule '" STR_FMT "' does not decide this",
			STR_ARG(rule->name));
	return -1;
}

/* Hits are counted by name: one of ours must not count for a built-in one. */
static int name_check(const struct rule *rule, const struct rules *builtin,
	struct conf_mistakes *m)
{
	for (size_t i = 0; i < builtin->rules_n; i++)
		if (str_ieq(builtin->rules[i].name, rule->name)) {
			mistake_add(m, rule->line,
				"there is a built-in rule '" STR_FMT
				"': choose another name",
				STR_ARG(rule->name));
			return -1;
		}
	return 0;
}

int ruleset_check(const struct ruleset *r, const struct rules *builtin,
	const char *path, struct conf_mistakes *m)
{
	struct verdict_context ctx = {
		.rules = builtin ? builtin : &r->table,
		.user_rules = builtin ? &r->table : NULL,
	};
	struct arena a;
	int rc = 0;

	arena_init(&a, 0);
	for (size_t i = 0; builtin && i < r->rules_n; i++)
		if (str_eq(r->rules[i].file, str_from(path)))
			rc |= name_check(&r->rules[i], builtin, m);
	for (size_t i = 0; i < r->examples_n; i++)
		if (str_eq(r->examples[i].file, str_from(path))) {
			rc |= example_check(r, &ctx, &a, &r->examples[i], m);
			arena_reset(&a, 0);
		}
	if (a.full) {
		mistake_add(m, 0, "out of memory");
		rc = -1;
	}
	arena_release(&a);
	return rc;
}
