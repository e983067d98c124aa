/*
 * One rule file: what it must hold, and what each entry of it says. A rule
 * without an example and a counter-example is none.
 */
#include "ruleset_private.h"
#include "suggest.h"

/* --- examples ------------------------------------------------------------- */

/* An example with a host or a phase beside its text. */
static int example_facts(struct ruleset_file *f, const struct tree_node *node,
	struct ruleset_example *e)
{
	static const char *const known[] = {"text", "host", "phase", NULL};
	const struct tree_node *phase = tree_get(node, "phase");
	int rc = ruleset_keys(f, node, known, "an example");
	int bit = phase ? ruleset_phase_bit(f, phase) : 0;

	e->text = ruleset_text(node, "text");
	e->host = arena_dup(&f->set->arena, ruleset_text(node, "host"));
	e->phase = bit > 0 ? (unsigned)bit : 0;
	return bit < 0 ? -1 : rc;
}

static int example_add(
	struct ruleset_file *f, const struct tree_node *node, bool matches)
{
	struct ruleset *r = f->set;
	struct ruleset_example e = {
		.file = f->path,
		.line = node->line,
		.rule = r->rules_n,
		.matches = matches,
		.text = node->value,
	};
	struct ruleset_example *v;

	if (node->kind == TREE_MAP && example_facts(f, node, &e) < 0)
		return -1;
	if (!e.text.n) {
		mistake_add(f->m, node->line, "an example needs a text");
		return -1;
	}
	e.text = arena_dup(&r->arena, e.text);
	v = arena_grow(&r->arena, r->examples, &r->examples_cap,
		r->examples_n + 1, sizeof(*v));
	if (!v)
		return ruleset_no_memory(f);
	r->examples = v;
	v[r->examples_n++] = e;
	return 0;
}

static int examples_read(struct ruleset_file *f, const struct tree_node *rule)
{
	static const char *const keys[] = {"examples", "not"};
	int rc = 0;

	for (int i = 0; i < 2; i++) {
		const struct tree_node *list = tree_get(rule, keys[i]);

		if (!list || list->kind != TREE_LIST || !list->n) {
			mistake_add(f->m, rule->line,
				"a rule needs '%s': a list of texts", keys[i]);
			rc = -1;
			continue;
		}
		for (const struct tree_node *c = list->first; c; c = c->next)
			rc |= example_add(f, c, i == 0);
	}
	return rc;
}

/* --- rules, providers, marks ---------------------------------------------- */

/* What a refusal can mean; complaints, replies and so on are other mails. */
static bool is_of_refusals(enum verdict_reason r)
{
	enum verdict_class class = reason_class(r);

	return class == CLASS_HARD || class == CLASS_SOFT ||
	       class == CLASS_BLOCK || class == CLASS_SKIPPED;
}

/* Told with the reason that was probably meant. */
static int reason_unknown(struct ruleset_file *f, const struct tree_node *node)
{
	struct str words[REASON_COUNT];
	size_t n = 0;
	int near;

	for (int i = 1; i < REASON_COUNT; i++)
		if (is_of_refusals((enum verdict_reason)i))
			words[n++] =
				str_from(reason_word((enum verdict_reason)i));
	near = suggest(node->value, words, n);
	if (near >= 0)
		mistake_add(f->m, node->line,
			"there is no reason '" STR_FMT
			"'; did you mean '" STR_FMT "'?",
			STR_ARG(node->value), STR_ARG(words[near]));
	else
		mistake_add(f->m, node->line,
			"'" STR_FMT "' is no reason of a refusal",
			STR_ARG(node->value));
	return -1;
}

static int reason_read(
	struct ruleset_file *f, const struct tree_node *rule, uint8_t *reason)
{
	const struct tree_node *node = tree_get(rule, "reason");
	int r;

	if (!node || node->kind != TREE_SCALAR || !node->value.n) {
		mistake_add(f->m, node ? node->line : rule->line,
			"a rule needs a 'reason'");
		return -1;
	}
	r = reason_from_word(node->value);
	if (r <= 0 || !is_of_refusals((enum verdict_reason)r))
		return reason_unknown(f, node);
	*reason = (uint8_t)r;
	return 0;
}

static int conclusion_read(
	struct ruleset_file *f, const struct tree_node *node, struct rule *rule)
{
	int rc = reason_read(f, node, &rule->reason);

	rc |= ruleset_flag(f, node, "weak", &rule->weak);
	rc |= ruleset_flag(f, node, "silent", &rule->silent);
	rule->rank = f->rank;
	return rc | ruleset_rank(f, node, &rule->rank);
}

static int conditions_read(
	struct ruleset_file *f, const struct tree_node *node, struct rule *rule)
{
	struct rule_use use = {USE_RULE, (uint16_t)f->set->rules_n};
	int rc = 0;

	rc |= ruleset_phrases(f, node, "any", use, &rule->any, &rule->any_n);
	if (rule->any_n)
		use.kind = USE_BESIDE;
	rc |= ruleset_phrases(f, node, "all", use, &rule->all, &rule->all_n);
	use.kind = USE_BESIDE;
	rc |= ruleset_phrases(f, node, "none", use, &rule->none, &rule->none_n);
	rc |= ruleset_values(f, node, "status", ruleset_is_status,
		&rule->status, &rule->status_n);
	rc |= ruleset_values(
		f, node, "smtp", ruleset_is_smtp, &rule->smtp, &rule->smtp_n);
	rc |= ruleset_values(
		f, node, "host", ruleset_is_name, &rule->host, &rule->host_n);
	rc |= ruleset_values(f, node, "provider", ruleset_is_name,
		&rule->provider, &rule->provider_n);
	rc |= ruleset_phases(f, node, &rule->phases);
	if (!rc && !rule->any_n && !rule->all_n && !rule->status_n &&
		!rule->smtp_n) {
		mistake_add(f->m, node->line,
			"rule '" STR_FMT "' needs 'any', 'all', 'status' or"
			" 'smtp'",
			STR_ARG(rule->name));
		rc = -1;
	}
	return rc;
}

/* Hits are counted by name, so that each name is one rule. */
static int name_read(
	struct ruleset_file *f, const struct tree_node *node, struct rule *rule)
{
	struct ruleset *r = f->set;

	rule->name = arena_dup(&r->arena, ruleset_text(node, "rule"));
	if (!rule->name.n) {
		mistake_add(f->m, node->line, "a rule needs a name: 'rule'");
		return -1;
	}
	for (size_t i = 0; i < r->rules_n; i++)
		if (str_ieq(r->rules[i].name, rule->name)) {
			mistake_add(f->m, node->line,
				"there is a rule '" STR_FMT "' at " STR_FMT
				":%u already",
				STR_ARG(rule->name), STR_ARG(r->rules[i].file),
				r->rules[i].line);
			return -1;
		}
	return 0;
}

static int rule_add(struct ruleset_file *f, const struct rule *rule)
{
	struct ruleset *r = f->set;
	struct rule *v = arena_grow(
		&r->arena, r->rules, &r->rules_cap, r->rules_n + 1, sizeof(*v));

	if (!v || r->rules_n >= UINT16_MAX)
		return ruleset_no_memory(f);
	r->rules = v;
	v[r->rules_n++] = *rule;
	return 0;
}

static int rule_read(struct ruleset_file *f, const struct tree_node *node)
{
	static const char *const known[] = {"rule", "reason", "weak", "silent",
		"rank", "any", "all", "none", "status", "smtp", "host",
		"provider", "phase", "examples", "not", NULL};
	struct rule rule = {
		.family = f->family,
		.file = f->path,
		.line = node->line,
		.users = true,
	};
	int rc = name_read(f, node, &rule);

	rc |= ruleset_keys(f, node, known, "a rule");
	rc |= conclusion_read(f, node, &rule);
	rc |= conditions_read(f, node, &rule);
	rc |= examples_read(f, node);
	return rc ? -1 : rule_add(f, &rule);
}

static int provider_read(struct ruleset_file *f, const struct tree_node *node)
{
	static const char *const known[] = {"name", "host", "any", NULL};
	struct ruleset *r = f->set;
	struct rule_use use = {USE_PROVIDER, (uint16_t)r->providers_n};
	struct rule_provider p = {.host_n = 0};
	struct rule_provider *v;
	const uint16_t *phrases = NULL;
	uint16_t phrases_n = 0;

	p.name = arena_dup(&r->arena, ruleset_text(node, "name"));
	if (!p.name.n) {
		mistake_add(f->m, node->line, "a provider needs a 'name'");
		return -1;
	}
	if (ruleset_keys(f, node, known, "a provider") < 0 ||
		ruleset_values(f, node, "host", ruleset_is_name, &p.host,
			&p.host_n) < 0 ||
		ruleset_phrases(f, node, "any", use, &phrases, &phrases_n) < 0)
		return -1;
	v = arena_grow(&r->arena, r->providers, &r->providers_cap,
		r->providers_n + 1, sizeof(*v));
	if (!v)
		return ruleset_no_memory(f);
	r->providers = v;
	v[r->providers_n++] = p;
	return 0;
}

static int marks_read(struct ruleset_file *f, const struct tree_node *marks)
{
	int rc = 0;

	for (const struct tree_node *c = marks->first; c; c = c->next) {
		int mark = mark_from_word(c->key);
		struct rule_use use = {USE_MARK, (uint16_t)mark};
		const uint16_t *numbers;
		uint16_t n;

		if (mark <= 0 || c->kind != TREE_LIST) {
			mistake_add(f->m, c->key_line,
				"'" STR_FMT "' is no list of marks",
				STR_ARG(c->key));
			rc = -1;
			continue;
		}
		if (c->n)
			rc |= ruleset_phrases_read(
				f, c, "marks", use, &numbers, &n);
	}
	return rc;
}

static int each(struct ruleset_file *f, const struct tree_node *root,
	const char *key,
	int (*read)(struct ruleset_file *, const struct tree_node *))
{
	const struct tree_node *list = tree_get(root, key);
	int rc = 0;

	if (!list)
		return 0;
	if (list->kind != TREE_LIST) {
		mistake_add(f->m, list->line, "'%s' must be a list", key);
		return -1;
	}
	for (const struct tree_node *c = list->first; c; c = c->next) {
		if (c->kind != TREE_MAP) {
			mistake_add(f->m, c->line,
				"an entry of '%s' must be a mapping", key);
			rc = -1;
			continue;
		}
		rc |= read(f, c);
	}
	return rc;
}

int ruleset_read(struct ruleset_file *f, const struct tree_node *root)
{
	static const char *const known[] = {
		"family", "rank", "providers", "rules", "marks", NULL};
	const struct tree_node *marks;
	int rc;

	if (!root || root->kind != TREE_MAP) {
		mistake_add(f->m, 1, "a rule file must be a mapping");
		return -1;
	}
	f->family = arena_dup(&f->set->arena, ruleset_text(root, "family"));
	if (!f->family.n) {
		mistake_add(f->m, 1, "a rule file needs a 'family'");
		return -1;
	}
	rc = ruleset_keys(f, root, known, "a rule file");
	rc |= ruleset_rank(f, root, &f->rank);
	rc |= each(f, root, "providers", provider_read);
	rc |= each(f, root, "rules", rule_read);
	marks = tree_get(root, "marks");
	if (marks)
		rc |= marks_read(f, marks);
	return rc;
}
