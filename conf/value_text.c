/*
 * Text, and lists of text. A single text is accepted where a list is expected,
 * since people write `own: "*@example.com"`; a command is the exception: one
 * text there usually means that a shell was expected, and there is none.
 */
#include <stdlib.h>
#include <string.h>

#include "quote.h"
#include "value_text.h"
#include "value_type.h"
#include "value_word.h"

static void out_of_memory(const struct value *v)
{
	mistake_add(v->mistakes, v->node->line, "out of memory");
}

static char *copy_text(const struct value *v, const char *text)
{
	bool resolve = value_type_row(v->type)->resolve;
	char *copy;

	if (!resolve || *text == '/')
		copy = strdup(text);
	else if (asprintf(&copy, "%s/%s", v->folder, text) < 0)
		copy = NULL;
	if (!copy)
		out_of_memory(v);
	return copy;
}

/* A number where a path belongs is a value under the wrong key. */
static bool is_number(const struct tree_node *node)
{
	const char *text = node->value.p;

	return !node->quoted && *text >= '0' && *text <= '9' &&
	       strspn(text, "0123456789.") == node->value.n;
}

/* Check and copy the text of node; NULL: reported. */
static char *make_text(const struct value *v, const struct tree_node *node)
{
	const char *(*check)(const char *) = value_type_row(v->type)->check;
	const char *wrong = NULL;

	if (node->bad)
		return NULL;
	if (node->kind != TREE_SCALAR) {
		mistake_add(v->mistakes, node->line,
			"'%s' must be text, not %s", v->name,
			tree_kind_text(node->kind));
		return NULL;
	}
	if (tree_is_empty(node) ||
		(node->value.n == 0 && v->type != VALUE_COMMAND)) {
		mistake_add(
			v->mistakes, node->line, "'%s' has no value", v->name);
		return NULL;
	}
	if (value_type_row(v->type)->resolve && is_number(node)) {
		mistake_add(v->mistakes, node->line,
			"'%s' must be a path, not the number %s: quote it if "
			"this is the file's name",
			v->name, node->value.p);
		return NULL;
	}
	if (v->type == VALUE_WORDS && value_word(v, node) < 0)
		return NULL;
	if (check)
		wrong = check(node->value.p);
	if (wrong) {
		mistake_add(v->mistakes, node->line, "'%s' %s", v->name, wrong);
		return NULL;
	}
	return copy_text(v, node->value.p);
}

void value_read_text(const struct value *v, void *field)
{
	char **text = field;
	char *made = make_text(v, v->node);

	if (!made)
		return;
	value_release(v->type, field);
	*text = made;
}

void value_write_text(const char *range, const void *field, FILE *f)
{
	char *const *text = field;

	(void)range;
	quote_yaml(*text, f);
}

void value_write_secret(const char *range, const void *field, FILE *f)
{
	(void)range;
	(void)field;
	fputs("\"(set)\"", f);
}

/* Two folders of a list that are one would be watched twice. */
static bool has_folder(const struct conf_list *list, const char *folder)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (value_same_folder(list->v[i], folder))
			return true;
	return false;
}

/* False when the list cannot be used; that is reported. */
static bool append(const struct value *v, const struct tree_node *node,
	struct conf_list *list)
{
	char *made = make_text(v, node);

	if (!made)
		return false;
	if (v->type == VALUE_FOLDERS && has_folder(list, made)) {
		mistake_add(v->mistakes, node->line,
			"'%s' names the folder '%s' twice", v->name, made);
		free(made);
		return false;
	}
	list->v[list->n++] = made;
	return true;
}

/* Fill list from v's node, all of whose mistakes are reported. */
static bool fill_list(const struct value *v, struct conf_list *list)
{
	const struct tree_node *node = v->node;
	size_t n = node->kind == TREE_LIST ? node->n : 1;
	size_t most = value_type_row(v->type)->most;
	bool good = true;

	if (most > 0 && n > most) {
		mistake_add(v->mistakes, node->line,
			"'%s' has %zu entries: at most %zu are allowed",
			v->name, n, most);
		return false;
	}
	list->v = calloc(n, sizeof(char *));
	if (!list->v) {
		out_of_memory(v);
		return false;
	}
	if (node->kind == TREE_SCALAR)
		return append(v, node, list);
	for (node = node->first; node; node = node->next)
		good &= append(v, node, list);
	return good;
}

static bool is_empty_list(const struct tree_node *node)
{
	return tree_is_empty(node) || (node->kind == TREE_LIST && node->n == 0);
}

static void assign_list(
	const struct value *v, struct conf_list made, void *field)
{
	value_release(v->type, field);
	*(struct conf_list *)field = made;
}

static void read_empty_list(const struct value *v, void *field)
{
	const char *wrong = NULL;

	if (v->type == VALUE_FOLDERS)
		wrong = "is empty: name at least one folder";
	/* A forgotten value must not switch off what has a default. */
	if (v->type == VALUE_WORDS && v->node->kind == TREE_SCALAR)
		wrong = "has no value: write [] for none of them";
	if (wrong)
		mistake_add(
			v->mistakes, v->node->line, "'%s' %s", v->name, wrong);
	else
		value_release(v->type, field);
}

void value_read_list(const struct value *v, void *field)
{
	struct conf_list list = {0};

	if (v->node->bad)
		return;
	if (v->node->kind == TREE_MAP)
		mistake_add(v->mistakes, v->node->line,
			"'%s' must be a list, not a mapping", v->name);
	else if (is_empty_list(v->node))
		read_empty_list(v, field);
	else if (fill_list(v, &list))
		assign_list(v, list, field);
	else
		value_release(v->type, &list);
}

static bool names_nothing(const struct tree_node *first)
{
	return first->kind == TREE_SCALAR && first->value.n == 0 && !first->bad;
}

void value_read_command(const struct value *v, void *field)
{
	struct conf_list list = {0};

	if (v->node->bad)
		return;
	if (v->node->kind != TREE_LIST)
		mistake_add(v->mistakes, v->node->line,
			"'%s' must be a list of words such as [pass, show, "
			"bounces]: it is run without a shell, which alone "
			"would split a line",
			v->name);
	else if (v->node->n == 0 || names_nothing(v->node->first))
		mistake_add(v->mistakes, v->node->line, "'%s' names no program",
			v->name);
	else if (fill_list(v, &list))
		assign_list(v, list, field);
	else
		value_release(v->type, &list);
}

void value_write_list(const char *range, const void *field, FILE *f)
{
	const struct conf_list *list = field;
	size_t i;

	(void)range;
	putc('[', f);
	for (i = 0; i < list->n; i++) {
		if (i > 0)
			fputs(", ", f);
		quote_yaml(list->v[i], f);
	}
	putc(']', f);
}
