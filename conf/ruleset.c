/*
 * Reads rule files into tables. Every value of a rule is checked here, so that
 * matching need not: words exist, phrases are folded as texts are, globs have
 * a beginning that the automaton can find.
 */
#include "ruleset.h"

#include <stdlib.h>

#include "automaton.h"
#include "tree.h"

#define PHRASE_MIN  4u
#define VALUES_MAX  255u
#define PHRASES_MAX 2000u

struct use {
	struct rule_use use;
	size_t phrase;
};

struct ruleset {
	struct arena arena;
	struct rule *rules;
	size_t rules_n, rules_cap;
	struct rule_provider *providers;
	size_t providers_n, providers_cap;
	struct str *phrases;
	size_t phrases_n, phrases_cap;
	struct use *uses;
	size_t uses_n, uses_cap;
	struct ruleset_example *examples;
	size_t examples_n, examples_cap;
	struct rules table;
	struct match match;
};

/* What one file says about all of its rules. */
struct file {
	struct ruleset *set;
	struct conf_mistakes *m;
	struct str path, family;
	uint8_t rank;
};

static int out_of_memory(struct file *f)
{
	mistake_add(f->m, 0, "out of memory");
	return -1;
}

/* --- phrases -------------------------------------------------------------- */

static size_t phrase_find(const struct ruleset *r, struct str text)
{
	size_t i = 0;

	while (i < r->phrases_n && !str_eq(r->phrases[i], text))
		i++;
	return i;
}

static int phrase_add(
	struct file *f, struct str text, struct rule_use use, uint16_t *number)
{
	struct ruleset *r = f->set;
	size_t i = phrase_find(r, text);
	struct use *uses;

	if (i == r->phrases_n) {
		struct str *v = arena_grow(&r->arena, r->phrases,
			&r->phrases_cap, i + 1, sizeof(*v));

		if (!v || i >= AUTOMATON_PHRASES_MAX)
			return out_of_memory(f);
		r->phrases = v;
		v[r->phrases_n++] = text;
	}
	uses = arena_grow(
		&r->arena, r->uses, &r->uses_cap, r->uses_n + 1, sizeof(*uses));
	if (!uses)
		return out_of_memory(f);
	r->uses = uses;
	uses[r->uses_n++] = (struct use){use, i};
	*number = (uint16_t)i;
	return 0;
}

/* Fold what the file says; complain when nothing could find it in a text. */
static int phrase_read(struct file *f, const struct tree_node *node,
	struct rule_use use, uint16_t *number)
{
	struct str text = STR_NULL;

	if (node->kind != TREE_SCALAR) {
		mistake_add(f->m, node->line, "a phrase must be text");
		return -1;
	}
	text = match_fold(&f->set->arena, node->value);
	text = str_trim(text);
	if (!text.p)
		return out_of_memory(f);
	if (str_chr(text, '*') < PHRASE_MIN || text.n < PHRASE_MIN) {
		mistake_add(f->m, node->line,
			"phrase '" STR_FMT "' must begin with %u bytes or more"
			" without '*'",
			STR_ARG(node->value), PHRASE_MIN);
		return -1;
	}
	return phrase_add(f, text, use, number);
}

static int phrases_read(struct file *f, const struct tree_node *rule,
	const char *key, struct rule_use use, const uint16_t **out, uint16_t *n)
{
	const struct tree_node *list = tree_get(rule, key);
	uint16_t *v;
	int rc = 0;

	if (!list)
		return 0;
	if (list->kind != TREE_LIST || !list->n || list->n > PHRASES_MAX) {
		mistake_add(f->m, list->line,
			"'%s' must be a list of 1 to %u phrases", key,
			PHRASES_MAX);
		return -1;
	}
	v = arena_zalloc(&f->set->arena, list->n, sizeof(*v));
	if (!v)
		return out_of_memory(f);
	*out = v;
	*n = (uint16_t)list->n;
	for (const struct tree_node *c = list->first; c; c = c->next)
		rc |= phrase_read(f, c, use, v++);
	return rc;
}

/* --- values --------------------------------------------------------------- */

static bool is_status(struct str s)
{
	return s.n >= 3 &&
	       (ascii_is_digit((unsigned char)s.p[0]) || s.p[0] == 'x') &&
	       s.p[1] == '.';
}

static bool is_smtp(struct str s)
{
	return s.n == 3 && (s.p[0] == '4' || s.p[0] == '5') &&
	       (ascii_is_digit((unsigned char)s.p[1]) || s.p[1] == 'x') &&
	       (ascii_is_digit((unsigned char)s.p[2]) || s.p[2] == 'x');
}

static bool is_value(struct str s)
{
	return s.n > 0;
}

static int values_read(struct file *f, const struct tree_node *rule,
	const char *key, bool (*check)(struct str), const struct str **out,
	uint8_t *n)
{
	const struct tree_node *list = tree_get(rule, key);
	struct str *v;

	if (!list)
		return 0;
	if (list->kind != TREE_LIST || !list->n || list->n > VALUES_MAX) {
		mistake_add(f->m, list->line,
			"'%s' must be a list of 1 to %u values", key,
			VALUES_MAX);
		return -1;
	}
	v = arena_zalloc(&f->set->arena, list->n, sizeof(*v));
	if (!v)
		return out_of_memory(f);
	*out = v;
	*n = (uint8_t)list->n;
	for (const struct tree_node *c = list->first; c; c = c->next, v++) {
		if (c->kind != TREE_SCALAR || !check(c->value)) {
			mistake_add(f->m, c->line, "'" STR_FMT "' is no %s",
				STR_ARG(c->value), key);
			return -1;
		}
		*v = arena_dup(&f->set->arena, c->value);
	}
	return 0;
}

static const struct {
	const char *word;
	uint8_t bit;
} phases[] = {
	{"connect", PHASE_CONNECT},
	{"helo",    PHASE_HELO   },
	{"mail",    PHASE_MAIL   },
	{"rcpt",    PHASE_RCPT   },
	{"data",    PHASE_DATA   },
};

#define PHASES_N (sizeof(phases) / sizeof(*phases))

static int phases_read(
	struct file *f, const struct tree_node *rule, uint8_t *out)
{
	const struct tree_node *list = tree_get(rule, "phase");

	if (!list)
		return 0;
	for (const struct tree_node *c = list->first; c; c = c->next) {
		size_t i = 0;

		while (i < PHASES_N && !str_ieqz(c->value, phases[i].word))
			i++;
		if (i == PHASES_N) {
			mistake_add(f->m, c->line,
				"'" STR_FMT
				"' is no phase: connect, helo, mail,"
				" rcpt or data",
				STR_ARG(c->value));
			return -1;
		}
		*out |= phases[i].bit;
	}
	return 0;
}

static struct str text_of(const struct tree_node *map, const char *key)
{
	const struct tree_node *node = tree_get(map, key);

	return node && node->kind == TREE_SCALAR ? node->value : STR_NULL;
}

static int rank_read(struct file *f, const struct tree_node *map, uint8_t *rank)
{
	const struct tree_node *node = tree_get(map, "rank");
	long n;

	if (!node)
		return 0;
	n = node->kind == TREE_SCALAR ? str_number(node->value, 9) : -1;
	if (n < 1) {
		mistake_add(f->m, node->line, "'rank' must be 1 to 9");
		return -1;
	}
	*rank = (uint8_t)n;
	return 0;
}

static int keys_check(struct file *f, const struct tree_node *map,
	const char *const *known, const char *what)
{
	int rc = 0;

	for (const struct tree_node *c = map->first; c; c = c->next) {
		size_t i = 0;

		while (known[i] && !str_eq(c->key, str_from(known[i])))
			i++;
		if (!known[i]) {
			mistake_add(f->m, c->key_line,
				"unknown key '" STR_FMT "' in %s",
				STR_ARG(c->key), what);
			rc = -1;
		}
	}
	return rc;
}

/* --- examples ------------------------------------------------------------- */

static int example_add(
	struct file *f, const struct tree_node *node, bool matches)
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

	if (node->kind == TREE_MAP) {
		e.text = text_of(node, "text");
		e.host = arena_dup(&r->arena, text_of(node, "host"));
		e.phase = arena_dup(&r->arena, text_of(node, "phase"));
	}
	e.text = arena_dup(&r->arena, e.text);
	v = arena_grow(&r->arena, r->examples, &r->examples_cap,
		r->examples_n + 1, sizeof(*v));
	if (!v)
		return out_of_memory(f);
	r->examples = v;
	v[r->examples_n++] = e;
	return 0;
}

static int examples_read(struct file *f, const struct tree_node *rule)
{
	static const char *const keys[] = {"examples", "not"};

	for (int i = 0; i < 2; i++) {
		const struct tree_node *list = tree_get(rule, keys[i]);

		if (!list || list->kind != TREE_LIST || !list->n) {
			mistake_add(f->m, rule->line,
				"a rule needs '%s': a list of texts", keys[i]);
			return -1;
		}
		for (const struct tree_node *c = list->first; c; c = c->next)
			if (example_add(f, c, i == 0) < 0)
				return -1;
	}
	return 0;
}

/* --- rules, providers, marks ---------------------------------------------- */

static int flag_read(struct file *f, const struct tree_node *rule,
	const char *key, bool *out)
{
	const struct tree_node *node = tree_get(rule, key);
	struct str word = text_of(rule, key);

	if (!node)
		return 0;
	*out = str_ieqz(word, "true");
	if (*out || str_ieqz(word, "false"))
		return 0;
	mistake_add(f->m, node->line, "'%s' must be true or false", key);
	return -1;
}

static int conclusion_read(
	struct file *f, const struct tree_node *node, struct rule *rule)
{
	struct str word = text_of(node, "reason");
	int reason = word.p ? reason_from_word(word) : -1;

	if (reason <= 0) {
		mistake_add(f->m, node->line,
			"rule '" STR_FMT "' has no known 'reason'",
			STR_ARG(rule->name));
		return -1;
	}
	if (flag_read(f, node, "weak", &rule->weak) ||
		flag_read(f, node, "silent", &rule->silent))
		return -1;
	rule->reason = (uint8_t)reason;
	rule->rank = f->rank;
	return rank_read(f, node, &rule->rank);
}

static int conditions_read(
	struct file *f, const struct tree_node *node, struct rule *rule)
{
	struct rule_use use = {USE_RULE, (uint16_t)f->set->rules_n};
	int rc = 0;

	rc |= phrases_read(f, node, "any", use, &rule->any, &rule->any_n);
	rc |= phrases_read(f, node, "all", use, &rule->all, &rule->all_n);
	rc |= phrases_read(f, node, "none", use, &rule->none, &rule->none_n);
	rc |= values_read(
		f, node, "status", is_status, &rule->status, &rule->status_n);
	rc |= values_read(f, node, "smtp", is_smtp, &rule->smtp, &rule->smtp_n);
	rc |= values_read(
		f, node, "host", is_value, &rule->host, &rule->host_n);
	rc |= values_read(f, node, "provider", is_value, &rule->provider,
		&rule->provider_n);
	rc |= phases_read(f, node, &rule->phases);
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

static int rule_read(struct file *f, const struct tree_node *node)
{
	static const char *const known[] = {"rule", "reason", "weak", "silent",
		"rank", "any", "all", "none", "status", "smtp", "host",
		"provider", "phase", "examples", "not", NULL};
	struct ruleset *r = f->set;
	struct rule rule = {.family = f->family};
	struct rule *v;

	rule.name = arena_dup(&r->arena, text_of(node, "rule"));
	if (!rule.name.n) {
		mistake_add(f->m, node->line, "a rule needs a name: 'rule'");
		return -1;
	}
	if (keys_check(f, node, known, "a rule") < 0 ||
		conclusion_read(f, node, &rule) < 0 ||
		conditions_read(f, node, &rule) < 0 ||
		examples_read(f, node) < 0)
		return -1;
	v = arena_grow(
		&r->arena, r->rules, &r->rules_cap, r->rules_n + 1, sizeof(*v));
	if (!v || r->rules_n >= UINT16_MAX)
		return out_of_memory(f);
	r->rules = v;
	v[r->rules_n++] = rule;
	return 0;
}

static int provider_read(struct file *f, const struct tree_node *node)
{
	static const char *const known[] = {"name", "host", "any", NULL};
	struct ruleset *r = f->set;
	struct rule_use use = {USE_PROVIDER, (uint16_t)r->providers_n};
	struct rule_provider p = {.host_n = 0};
	struct rule_provider *v;
	const uint16_t *phrases = NULL;
	uint16_t phrases_n = 0;

	p.name = arena_dup(&r->arena, text_of(node, "name"));
	if (!p.name.n) {
		mistake_add(f->m, node->line, "a provider needs a 'name'");
		return -1;
	}
	if (keys_check(f, node, known, "a provider") < 0 ||
		values_read(f, node, "host", is_value, &p.host, &p.host_n) <
			0 ||
		phrases_read(f, node, "any", use, &phrases, &phrases_n) < 0)
		return -1;
	v = arena_grow(&r->arena, r->providers, &r->providers_cap,
		r->providers_n + 1, sizeof(*v));
	if (!v)
		return out_of_memory(f);
	r->providers = v;
	v[r->providers_n++] = p;
	return 0;
}

static int marks_read(struct file *f, const struct tree_node *marks)
{
	int rc = 0;

	for (const struct tree_node *c = marks->first; c; c = c->next) {
		int mark = mark_from_word(c->key);
		struct rule_use use = {USE_MARK, (uint16_t)mark};
		uint16_t number;

		if (mark <= 0 || c->kind != TREE_LIST) {
			mistake_add(f->m, c->key_line,
				"'" STR_FMT "' is no list of marks",
				STR_ARG(c->key));
			rc = -1;
			continue;
		}
		for (const struct tree_node *p = c->first; p; p = p->next)
			rc |= phrase_read(f, p, use, &number);
	}
	return rc;
}

static int each(struct file *f, const struct tree_node *root, const char *key,
	int (*read)(struct file *, const struct tree_node *))
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

static int root_read(struct file *f, const struct tree_node *root)
{
	static const char *const known[] = {
		"family", "rank", "providers", "rules", "marks", NULL};
	const struct tree_node *marks;
	int rc;

	if (!root || root->kind != TREE_MAP) {
		mistake_add(f->m, 1, "a rule file must be a mapping");
		return -1;
	}
	f->family = arena_dup(&f->set->arena, text_of(root, "family"));
	if (!f->family.n) {
		mistake_add(f->m, 1, "a rule file needs a 'family'");
		return -1;
	}
	rc = keys_check(f, root, known, "a rule file");
	rc |= rank_read(f, root, &f->rank);
	rc |= each(f, root, "providers", provider_read);
	rc |= each(f, root, "rules", rule_read);
	marks = tree_get(root, "marks");
	if (marks)
		rc |= marks_read(f, marks);
	return rc;
}

int ruleset_add(struct ruleset *r, const char *path, struct conf_mistakes *m)
{
	struct file f = {.set = r, .m = m, .rank = 5};
	struct tree t;
	int rc;

	f.path = arena_dup(&r->arena, str_from(path));
	rc = tree_load(path, &t, m);
	if (!rc)
		rc = root_read(&f, t.root);
	tree_release(&t);
	return rc || mistake_is_fatal(m) ? -1 : 0;
}

/* --- the table ------------------------------------------------------------ */

/* Uses sorted by phrase, so that each phrase has one run of them. */
static int uses_lay_out(struct ruleset *r, struct rule_phrase *phrases)
{
	struct rule_use *uses =
		arena_zalloc(&r->arena, r->uses_n + 1, sizeof(*uses));
	size_t n = 0;

	if (!uses)
		return -1;
	for (size_t i = 0; i < r->uses_n; i++)
		phrases[r->uses[i].phrase].use_n++;
	for (size_t i = 0; i < r->phrases_n; i++) {
		phrases[i].use = (uint16_t)n;
		n += phrases[i].use_n;
		phrases[i].use_n = 0;
	}
	for (size_t i = 0; i < r->uses_n; i++) {
		struct rule_phrase *p = &phrases[r->uses[i].phrase];

		uses[p->use + p->use_n++] = r->uses[i].use;
	}
	r->table.uses = uses;
	return n > UINT16_MAX ? -1 : 0;
}

/*
 * The automaton finds what stands before a '*'. Of phrases with the same
 * beginning it knows the first; the others hang on it by next.
 */
static void keys_lay_out(
	const struct ruleset *r, struct rule_phrase *phrases, struct str *keys)
{
	for (size_t i = 0; i < r->phrases_n; i++) {
		struct str key =
			str_sub(r->phrases[i], 0, str_chr(r->phrases[i], '*'));
		size_t j = 0;

		while (j < i && !str_eq(keys[j], key))
			j++;
		if (j == i) {
			keys[i] = key;
			continue;
		}
		keys[i] = STR_NULL;
		phrases[i].next = phrases[j].next;
		phrases[j].next = (uint16_t)(i + 1);
	}
}

int ruleset_finish(struct ruleset *r)
{
	struct rule_phrase *phrases =
		arena_zalloc(&r->arena, r->phrases_n + 1, sizeof(*phrases));
	struct str *keys =
		arena_zalloc(&r->arena, r->phrases_n + 1, sizeof(*keys));

	if (!phrases || !keys || uses_lay_out(r, phrases) < 0)
		return -1;
	for (size_t i = 0; i < r->phrases_n; i++)
		phrases[i].text = r->phrases[i];
	keys_lay_out(r, phrases, keys);
	if (automaton_build(&r->arena, keys, r->phrases_n, &r->match) < 0)
		return -1;
	r->table.rules = r->rules;
	r->table.rules_n = r->rules_n;
	r->table.providers = r->providers;
	r->table.providers_n = r->providers_n;
	r->table.phrases = phrases;
	r->table.phrases_n = r->phrases_n;
	r->table.match = &r->match;
	return 0;
}

struct ruleset *ruleset_new(void)
{
	struct ruleset *r = calloc(1, sizeof(*r));

	if (r)
		arena_init(&r->arena, 256u << 20);
	return r;
}

void ruleset_free(struct ruleset *r)
{
	if (!r)
		return;
	arena_release(&r->arena);
	free(r);
}

const struct rules *ruleset_rules(const struct ruleset *r)
{
	return &r->table;
}

const struct ruleset_example *ruleset_examples(
	const struct ruleset *r, size_t *n)
{
	*n = r->examples_n;
	return r->examples;
}
