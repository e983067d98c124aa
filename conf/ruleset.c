/*
 * Rule files into a table: rules in the order in which they were read, phrases
 * with who uses them, and the automaton that finds them.
 */
#include <stdlib.h>
#include <string.h>

#include "automaton.h"
#include "ruleset_private.h"

int ruleset_no_memory(struct ruleset_file *f)
{
	mistake_add(f->m, 0, "out of memory");
	return -1;
}

int ruleset_add(struct ruleset *r, const char *path, struct conf_mistakes *m)
{
	struct ruleset_file f = {.set = r, .m = m, .rank = 5};
	struct tree t;
	int rc;

	f.path = arena_dup(&r->arena, str_from(path));
	rc = tree_load(path, &t, m);
	if (!rc)
		rc = ruleset_read(&f, t.root);
	tree_release(&t);
	return rc || mistake_is_fatal(m) ? -1 : 0;
}

static uint32_t marks_of(const struct rule_use *u)
{
	if (u->kind == USE_MARK)
		return 1u << u->index;
	return u->kind == USE_PROVIDER ? RULE_PROVIDES : 1u << MARK_NONE;
}

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
		p->marks |= marks_of(&r->uses[i].use);
	}
	r->table.uses = uses;
	return n > UINT16_MAX ? -1 : 0;
}

static int text_lay_out(struct ruleset *r, struct rule_phrase *phrases)
{
	size_t n = 0;
	char *text;

	for (size_t i = 0; i < r->phrases_n; i++) {
		phrases[i].at = (uint32_t)n;
		phrases[i].n = (uint16_t)r->phrases[i].n;
		if (phrases[i].n != r->phrases[i].n)
			return -1;
		n += r->phrases[i].n;
	}
	text = arena_alloc(&r->arena, n);
	if (!text || n > UINT32_MAX)
		return -1;
	for (size_t i = 0; i < r->phrases_n; i++)
		memcpy(text + phrases[i].at, r->phrases[i].p, phrases[i].n);
	r->table.text = text;
	return 0;
}

/*
 * The automaton finds what stands before a '*'. Of phrases with the same
 * beginning it knows the first; the others hang on it by next.
 */
static void keys_lay_out(
	const struct ruleset *r, struct rule_phrase *phrases, struct str *keys)
{
	for (size_t i = 0; i < r->phrases_n; i++) {
		size_t star = str_chr(r->phrases[i], '*'), j = 0;
		struct str key = str_sub(r->phrases[i], 0, star);

		phrases[i].star = star < r->phrases[i].n ? (uint16_t)star : 0;
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

static int wordless_lay_out(struct ruleset *r)
{
	uint16_t *v = arena_zalloc(&r->arena, r->rules_n + 1, sizeof(*v));

	if (!v)
		return -1;
	for (size_t i = 0; i < r->rules_n; i++)
		if (!r->rules[i].any_n && !r->rules[i].all_n)
			v[r->table.wordless_n++] = (uint16_t)i;
	r->table.wordless = v;
	return 0;
}

static int by_key(const void *a, const void *b)
{
	const struct rule_host *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->provider != y->provider)
		return x->provider - y->provider;
	return x->host - y->host;
}

static int hosts_lay_out(struct ruleset *r)
{
	struct rule_host *v = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < r->providers_n; i++)
		for (unsigned k = 0; k < r->providers[i].host_n; k++) {
			v = arena_grow(&r->arena, v, &cap, n + 1, sizeof(*v));
			if (!v)
				return -1;
			v[n++] = (struct rule_host){
				rules_host_key(r->providers[i].host[k]),
				rules_host_bytes(r->providers[i].host[k]),
				(uint16_t)i, (uint16_t)k};
		}
	if (n)
		qsort(v, n, sizeof(*v), by_key);
	r->table.hosts = v;
	r->table.hosts_n = n;
	return 0;
}

int ruleset_finish(struct ruleset *r)
{
	struct rule_phrase *phrases =
		arena_zalloc(&r->arena, r->phrases_n + 1, sizeof(*phrases));
	struct str *keys =
		arena_zalloc(&r->arena, r->phrases_n + 1, sizeof(*keys));

	if (!phrases || !keys || uses_lay_out(r, phrases) < 0 ||
		wordless_lay_out(r) < 0 || hosts_lay_out(r) < 0 ||
		text_lay_out(r, phrases) < 0)
		return -1;
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
