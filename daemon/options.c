/*
 * Why not getopt_long(): it shortens names, complains in its own words, and
 * its tables know neither help nor types. What a value may be stands in the
 * row, and the message for a wrong one is the same for every command.
 */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "say.h"
#include "suggest.h"
#include "when.h"

#define OPTIONS_MAX 64u
#define HELP_COLUMN 28 /* where what an option does begins */

struct parse {
	const struct option_table *tables;
	const char *who;
	int argc, at;
	char **argv;
};

static const struct option_row *find_name(
	const struct option_table tables[2], const char *name, size_t n)
{
	for (int t = 0; t < 2; t++)
		for (size_t i = 0; i < tables[t].n; i++) {
			const struct option_row *row = &tables[t].rows[i];

			if (!strncmp(row->name, name, n) && !row->name[n])
				return row;
		}
	return NULL;
}

static const struct option_row *find_letter(
	const struct option_table tables[2], char letter)
{
	for (int t = 0; t < 2; t++)
		for (size_t i = 0; i < tables[t].n; i++)
			if (tables[t].rows[i].letter == letter)
				return &tables[t].rows[i];
	return NULL;
}

const struct option_row *options_find(
	const struct option_table tables[2], const char *arg)
{
	if (arg[0] != '-' || !arg[1])
		return NULL;
	if (arg[1] == '-')
		return find_name(tables, arg + 2, strcspn(arg + 2, "="));
	return find_letter(tables, arg[1]);
}

static int unknown(const struct parse *p, const char *name, size_t n)
{
	struct str words[OPTIONS_MAX], given = str_of(name, n);
	size_t count = 0;
	int near;

	for (int t = 0; t < 2; t++)
		for (size_t i = 0; i < p->tables[t].n; i++)
			if (count < OPTIONS_MAX)
				words[count++] =
					str_from(p->tables[t].rows[i].name);
	near = suggest(given, words, count);
	if (near < 0)
		say("%s: unknown option '--%s'", p->who, say_str(given));
	else
		say("%s: unknown option '--%s'; did you mean '--" STR_FMT "'?",
			p->who, say_str(given), STR_ARG(words[near]));
	return -1;
}

static int wrong_value(const struct parse *p, const struct option_row *row,
	const char *value, const char *wants)
{
	say("%s: --%s is '%s', but must be %s", p->who, row->name, say_z(value),
		wants);
	return -1;
}

static int set_number(
	const struct parse *p, const struct option_row *row, const char *value)
{
	char wants[80], *end;
	long v;

	errno = 0;
	v = strtol(value, &end, 10);
	if (errno || end == value || *end || v < row->min || v > row->max) {
		snprintf(wants, sizeof(wants), "a number from %ld to %ld",
			row->min, row->max);
		return wrong_value(p, row, value, wants);
	}
	*(long *)row->value = v;
	return 0;
}

static int set_word(
	const struct parse *p, const struct option_row *row, const char *value)
{
	char wants[160];
	size_t n = 0;

	for (int i = 0; row->words[i]; i++) {
		if (!strcmp(row->words[i], value)) {
			*(int *)row->value = i;
			return 0;
		}
		if (n < sizeof(wants))
			n += (size_t)snprintf(wants + n, sizeof(wants) - n,
				"%s%s", i ? ", " : "one of: ", row->words[i]);
	}
	return wrong_value(p, row, value, wants);
}

static int set_time(
	const struct parse *p, const struct option_row *row, const char *value)
{
	if (when_parse(value, row->value))
		return 0;
	return wrong_value(p, row, value,
		"a day or a time (2026-01-31, 2026-01-31T12:00:00Z)");
}

static int set_flag(
	const struct parse *p, const struct option_row *row, const char *value)
{
	(void)p;
	(void)value;
	*(bool *)row->value = true;
	return 0;
}

static int set_text(
	const struct parse *p, const struct option_row *row, const char *value)
{
	(void)p;
	*(const char **)row->value = value;
	return 0;
}

static int set(
	const struct parse *p, const struct option_row *row, const char *value)
{
	static int (*const setters[])(const struct parse *,
		const struct option_row *, const char *) = {
		[OPTION_FLAG] = set_flag,
		[OPTION_TEXT] = set_text,
		[OPTION_NUMBER] = set_number,
		[OPTION_WORD] = set_word,
		[OPTION_TIME] = set_time,
	};

	return setters[row->kind](p, row, value);
}

/* The value that stands in the next argument. */
static const char *next_value(struct parse *p, const struct option_row *row)
{
	if (p->at + 1 < p->argc)
		return p->argv[++p->at];
	say("%s: --%s needs a value: --%s=%s", p->who, row->name, row->name,
		row->arg);
	return NULL;
}

static int parse_long(struct parse *p, const char *name)
{
	size_t n = strcspn(name, "=");
	const struct option_row *row = find_name(p->tables, name, n);
	const char *value = name[n] ? name + n + 1 : NULL;

	if (!row)
		return unknown(p, name, n);
	if (row->kind == OPTION_FLAG && value) {
		say("%s: --%s takes no value", p->who, row->name);
		return -1;
	}
	if (row->kind != OPTION_FLAG && !value)
		value = next_value(p, row);
	return row->kind != OPTION_FLAG && !value ? -1 : set(p, row, value);
}

static int parse_short(struct parse *p, const char *letters)
{
	for (; *letters; letters++) {
		const struct option_row *row = find_letter(p->tables, *letters);
		const char *value;

		if (!row) {
			say("%s: unknown option '-%s'", p->who,
				say_str(str_of(letters, 1)));
			return -1;
		}
		if (row->kind == OPTION_FLAG) {
			if (set(p, row, NULL))
				return -1;
			continue;
		}
		value = letters[1] ? letters + 1 : next_value(p, row);
		return value ? set(p, row, value) : -1;
	}
	return 0;
}

int options_parse(const struct option_table tables[2], const char *who,
	int argc, char **argv, bool first_only, int *operands)
{
	struct parse p = {tables, who, argc, 0, argv};
	int n = 0;

	for (; p.at < argc; p.at++) {
		char *arg = argv[p.at];

		if (arg[0] != '-' || !arg[1]) {
			if (first_only)
				break;
			argv[n++] = arg;
		} else if (!strcmp(arg, "--")) {
			p.at++;
			break;
		} else if (arg[1] == '-' ? parse_long(&p, arg + 2)
					 : parse_short(&p, arg + 1)) {
			return -1;
		}
	}
	if (first_only) {
		*operands = p.at;
		return 0;
	}
	while (p.at < argc)
		argv[n++] = argv[p.at++];
	*operands = n;
	return 0;
}

/* From this column on; broken between words where the line would end. */
static void help_text(struct str help, size_t column, struct out *o)
{
	struct str word;

	while (str_cut(&help, ' ', &word)) {
		if (column > HELP_COLUMN && column + 1 + word.n > 79) {
			out_printf(o, "\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		}
		out_char(o, ' ');
		out_str(o, word);
		column += 1 + word.n;
	}
	out_char(o, '\n');
}

void options_help(const struct option_table *t, struct out *o)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct option_row *row = &t->rows[i];
		char left[64], letter[8] = "    ";

		if (row->letter)
			snprintf(letter, sizeof(letter), "-%c, ", row->letter);
		snprintf(left, sizeof(left), "  %s--%s%s%s", letter, row->name,
			row->arg ? "=" : "", row->arg ? row->arg : "");
		out_printf(o, "%-*s", HELP_COLUMN, left);
		help_text(str_from(row->help),
			strlen(left) < HELP_COLUMN ? HELP_COLUMN : strlen(left),
			o);
	}
}
