/*
 * Words: one of a few that keys.def lists ("a|b|c", in the order of the enum),
 * true and false, and the small language of `after:`.
 */
#include <stdlib.h>
#include <string.h>

#include "quote.h"
#include "suggest.h"
#include "value_check.h"
#include "value_word.h"

#define WORDS_MAX 16

_Static_assert(sizeof(enum conf_tls) == sizeof(int), "a word is an int");
_Static_assert(sizeof(enum conf_auth) == sizeof(int), "a word is an int");

/* Cut "a|b|c" into words; returns how many. */
static size_t split(const char *range, struct str words[WORDS_MAX])
{
	struct str rest = str_from(range);
	size_t n = 0;

	while (n < WORDS_MAX && str_cut(&rest, '|', &words[n]))
		n++;
	return n;
}

/* "a, b or c" */
static void join(const struct str *words, size_t n, char *buf, size_t size)
{
	size_t at = 0, i;
	int wrote;

	buf[0] = '\0';
	for (i = 0; i < n && at < size; i++) {
		wrote = snprintf(buf + at, size - at, "%s" STR_FMT,
			i == 0      ? ""
			: i + 1 < n ? ", "
				    : " or ",
			STR_ARG(words[i]));
		if (wrote < 0)
			return;
		at += (size_t)wrote;
	}
}

static void refuse_word(
	const struct value *v, const struct tree_node *node, const char *range)
{
	struct str words[WORDS_MAX];
	size_t n = split(range, words);
	int near = suggest(node->value, words, n);
	char list[200];

	join(words, n, list, sizeof(list));
	if (near >= 0)
		mistake_add(v->mistakes, node->line,
			"'%s' must be %s, not '%s': did you mean '" STR_FMT
			"'?",
			v->name, list, node->value.p, STR_ARG(words[near]));
	else
		mistake_add(v->mistakes, node->line,
			"'%s' must be %s, not '%s'", v->name, list,
			node->value.p);
}

/* As value_word(), with the words of range. */
static int find_word(
	const struct value *v, const struct tree_node *node, const char *range)
{
	struct str words[WORDS_MAX];
	size_t n = split(range, words), i;

	if (node->bad)
		return -1;
	if (node->kind != TREE_SCALAR) {
		char list[200];

		join(words, n, list, sizeof(list));
		mistake_add(v->mistakes, node->line, "'%s' must be %s, not %s",
			v->name, list, tree_kind_text(node->kind));
		return -1;
	}
	for (i = 0; i < n; i++)
		if (str_eq(words[i], node->value))
			return (int)i;
	refuse_word(v, node, range);
	return -1;
}

int value_word(const struct value *v, const struct tree_node *node)
{
	return find_word(v, node, v->range);
}

void value_read_word(const struct value *v, void *field)
{
	int found = value_word(v, v->node);

	if (found >= 0)
		memcpy(field, &found, sizeof(found));
}

void value_write_word(const char *range, const void *field, FILE *f)
{
	struct str words[WORDS_MAX];
	size_t n = split(range, words);
	int number;

	memcpy(&number, field, sizeof(number));
	if (number >= 0 && (size_t)number < n)
		fprintf(f, STR_FMT, STR_ARG(words[number]));
}

void value_read_bool(const struct value *v, void *field)
{
	static const char words[] = "true|false|yes|no";
	int found;

	if (v->node->kind == TREE_SCALAR && v->node->quoted) {
		mistake_add(v->mistakes, v->node->line,
			"'%s' must be true or false, without quotes", v->name);
		return;
	}
	found = find_word(v, v->node, words);
	if (found >= 0)
		*(bool *)field = found % 2 == 0;
}

void value_write_bool(const char *range, const void *field, FILE *f)
{
	(void)range;
	fputs(*(const bool *)field ? "true" : "false", f);
}

/* What stands behind the verb: a flag or a folder, or nothing. */
static const struct verb {
	const char *word;
	enum conf_verb verb;
	const char *(*check)(const char *text);
	bool may_be_bare, must_be_bare;
} verbs[] = {
	{"keep", AFTER_KEEP, NULL,                true,  true },
	{"flag", AFTER_FLAG, value_check_keyword, true,  false},
	{"move", AFTER_MOVE, value_check_folder,  false, false},
};

static const struct verb *find_verb(struct str word)
{
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (str_eq(word, str_from(verbs[i].word)))
			return &verbs[i];
	return NULL;
}

/* Why rest cannot stand behind verb; NULL: it can. */
static const char *refuse_rest(const struct verb *verb, const char *rest)
{
	if (!*rest)
		return verb->may_be_bare ? NULL
					 : "needs a folder, as in 'move Done'";
	if (verb->must_be_bare)
		return "takes nothing behind 'keep'";
	return verb->check(rest);
}

static void read_action(const struct value *v, struct conf_after *out)
{
	struct str text = str_trim(v->node->value), rest = text, word;
	const struct verb *verb = NULL;
	const char *wrong;
	char *folder;

	if (str_cut(&rest, ' ', &word))
		verb = find_verb(word);
	if (!verb) {
		mistake_add(v->mistakes, v->node->line,
			"'%s' must be 'keep', 'flag', 'flag KEYWORD' or 'move "
			"FOLDER', not '%s'",
			v->name, v->node->value.p);
		return;
	}
	rest = str_trim(rest);
	folder = strndup(rest.n ? rest.p : "", rest.n);
	wrong = folder ? refuse_rest(verb, folder) : "needs more memory";
	if (wrong) {
		mistake_add(
			v->mistakes, v->node->line, "'%s' %s", v->name, wrong);
		free(folder);
		return;
	}
	value_release(v->type, out);
	out->verb = verb->verb;
	out->folder = *folder ? folder : NULL;
	if (!*folder)
		free(folder);
}

void value_read_action(const struct value *v, void *field)
{
	if (v->node->bad)
		return;
	if (v->node->kind == TREE_SCALAR)
		read_action(v, field);
	else
		mistake_add(v->mistakes, v->node->line,
			"'%s' must be text such as keep or \"move Done\", not "
			"%s",
			v->name, tree_kind_text(v->node->kind));
}

void value_write_action(const char *range, const void *field, FILE *f)
{
	const struct conf_after *after = field;
	char *text;

	(void)range;
	if (!after->folder) {
		fputs(verbs[after->verb].word, f);
		return;
	}
	if (asprintf(&text, "%s %s", verbs[after->verb].word, after->folder) <
		0)
		return;
	quote_yaml(text, f);
	free(text);
}
