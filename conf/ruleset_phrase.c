/*
 * The phrases of a rule file. They are folded as texts are and must have a
 * beginning that the automaton can find.
 *
 * "{user|mailbox} {unknown|not found}" is four phrases: people put the same
 * few nouns and verbs together in every way, and a list of what was seen so far
 * always lacks the next one.
 */
#include "automaton.h"
#include "ruleset_private.h"

#define PHRASE_MIN  4u
#define PHRASE_MAX  998u /* a line of a mail: RFC 5322 section 2.1.1 */
#define PHRASES_MAX 4000u

static size_t phrase_find(const struct ruleset *r, struct str text)
{
	size_t i = 0;

	while (i < r->phrases_n && !str_eq(r->phrases[i], text))
		i++;
	return i;
}

static int phrase_add(struct ruleset_file *f, struct str text,
	struct rule_use use, uint16_t *number)
{
	struct ruleset *r = f->set;
	size_t i = phrase_find(r, text);
	struct ruleset_use *uses;

	if (i == r->phrases_n) {
		struct str *v = arena_grow(&r->arena, r->phrases,
			&r->phrases_cap, i + 1, sizeof(*v));

		if (!v || i >= AUTOMATON_PHRASES_MAX)
			return ruleset_no_memory(f);
		r->phrases = v;
		v[r->phrases_n++] = text;
	}
	uses = arena_grow(
		&r->arena, r->uses, &r->uses_cap, r->uses_n + 1, sizeof(*uses));
	if (!uses)
		return ruleset_no_memory(f);
	r->uses = uses;
	uses[r->uses_n++] = (struct ruleset_use){use, i};
	*number = (uint16_t)i;
	return 0;
}

/* Fold one phrase; complain when nothing could find it in a text. */
static int phrase_fold(struct ruleset_file *f, unsigned line, struct str said,
	struct rule_use use, uint16_t *number)
{
	struct str text = str_trim(match_fold(&f->set->arena, said));

	if (!text.p)
		return ruleset_no_memory(f);
	if (str_chr(text, '*') < PHRASE_MIN || text.n < PHRASE_MIN) {
		mistake_add(f->m, line,
			"phrase '" STR_FMT "' must begin with %u bytes or more"
			" without '*'",
			STR_ARG(said), PHRASE_MIN);
		return -1;
	}
	if (text.n > PHRASE_MAX) {
		mistake_add(f->m, line,
			"phrase '" STR_FMT
			"...' has %zu bytes: %u are the most",
			STR_ARG(str_sub(said, 0, 40)), text.n, PHRASE_MAX);
		return -1;
	}
	return phrase_add(f, text, use, number);
}

/* --- alternatives --------------------------------------------------------- */

/* The next piece of s: a run of text, or the inside of "{...}". False: a brace
 * has no other, or one lies in another. */
static bool piece_next(struct str *s, struct str *piece, bool *is_choice)
{
	size_t open = str_chr(*s, '{'), end;

	*is_choice = open == 0;
	if (*is_choice) {
		*s = str_sub(*s, 1, s->n);
		end = str_chr(*s, '}');
		if (end == s->n || str_chr(*s, '{') < end)
			return false;
	} else {
		end = open;
		if (str_chr(*s, '}') < end)
			return false;
	}
	*piece = str_sub(*s, 0, end);
	*s = str_sub(*s, end + *is_choice, s->n);
	return true;
}

/* Alternative `which` of "a|b|c". */
static struct str choice(struct str piece, size_t which)
{
	while (which--)
		piece = str_sub(piece, str_chr(piece, '|') + 1, piece.n);
	return str_sub(piece, 0, str_chr(piece, '|'));
}

static size_t choices(struct str piece)
{
	size_t n = 1;

	for (size_t i = 0; i < piece.n; i++)
		n += piece.p[i] == '|';
	return n;
}

/* How many phrases s is; 0: too many, or its braces are wrong. */
static size_t expansions(struct str s)
{
	struct str piece;
	bool is_choice;
	size_t n = 1;

	while (s.n && n <= PHRASES_MAX) {
		if (!piece_next(&s, &piece, &is_choice))
			return 0;
		if (is_choice)
			n *= choices(piece);
	}
	return n <= PHRASES_MAX ? n : 0;
}

/* Number k of them. */
static struct str expand(struct arena *a, struct str s, size_t k)
{
	char *text = arena_alloc(a, s.n + 1);
	size_t n = 0;

	if (!text)
		return STR_NULL;
	while (s.n) {
		struct str piece;
		bool is_choice;

		if (!piece_next(&s, &piece, &is_choice))
			break;
		if (is_choice) {
			size_t of = choices(piece);

			piece = choice(piece, k % of);
			k /= of;
		}
		memcpy(text + n, piece.p, piece.n);
		n += piece.n;
	}
	return str_of(text, n);
}

/* The phrases of one entry of a list, with numbers from v on. */
static int entry_read(struct ruleset_file *f, const struct tree_node *node,
	struct rule_use use, uint16_t *v, size_t n)
{
	int rc = 0;

	for (size_t k = 0; k < n; k++) {
		struct str text = expand(&f->set->arena, node->value, k);

		if (!text.p)
			return ruleset_no_memory(f);
		rc |= phrase_fold(f, node->line, text, use, v + k);
	}
	return rc;
}

/* The sum of expansions; 0: a mistake was added. */
static size_t count_phrases(
	struct ruleset_file *f, const struct tree_node *list, const char *key)
{
	size_t n = 0;
	bool good = true;

	for (const struct tree_node *c = list->first; c; c = c->next) {
		size_t of = c->kind == TREE_SCALAR ? expansions(c->value) : 0;

		if (c->kind != TREE_SCALAR)
			mistake_add(f->m, c->line, "a phrase must be text");
		else if (!of)
			mistake_add(f->m, c->line,
				"'" STR_FMT "': alternatives are written "
				"{a|b}, not one within another, and at most %u "
				"phrases come of them",
				STR_ARG(c->value), PHRASES_MAX);
		else if (of > 1 && strcmp(key, "all") == 0)
			mistake_add(f->m, c->line,
				"'" STR_FMT "': alternatives are for 'any' and "
				"'none'; of 'all', each must occur",
				STR_ARG(c->value));
		good = good && of && (of == 1 || strcmp(key, "all") != 0);
		n += of;
	}
	if (good && n > PHRASES_MAX)
		mistake_add(f->m, list->line,
			"'%s' comes to %zu phrases; %u are the most", key, n,
			PHRASES_MAX);
	return good && n <= PHRASES_MAX ? n : 0;
}

int ruleset_phrases_read(struct ruleset_file *f, const struct tree_node *list,
	const char *key, struct rule_use use, const uint16_t **out, uint16_t *n)
{
	uint16_t *v;
	size_t all;
	int rc = 0;

	if (list->kind != TREE_LIST || !list->n) {
		mistake_add(f->m, list->line,
			"'%s' must be a list of 1 to %u phrases", key,
			PHRASES_MAX);
		return -1;
	}
	all = count_phrases(f, list, key);
	if (!all)
		return -1;
	v = arena_zalloc(&f->set->arena, all, sizeof(*v));
	if (!v)
		return ruleset_no_memory(f);
	*out = v;
	*n = (uint16_t)all;
	for (const struct tree_node *c = list->first; c; c = c->next) {
		size_t of = expansions(c->value);

		rc |= entry_read(f, c, use, v, of);
		v += of;
	}
	return rc;
}

int ruleset_phrases(struct ruleset_file *f, const struct tree_node *rule,
	const char *key, struct rule_use use, const uint16_t **out, uint16_t *n)
{
	const struct tree_node *list = tree_get(rule, key);

	return list ? ruleset_phrases_read(f, list, key, use, out, n) : 0;
}
