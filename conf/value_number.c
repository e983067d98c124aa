/*
 * Numbers and times. A time without a unit is refused: whether "9" means
 * seconds, minutes or days is the kind of guess that a strict file must not
 * need.
 */
#include <string.h>

#include "value_number.h"

#define DAY INT64_C(86400)
/* A century: above every range, far below an overflow. */
#define SECONDS_MAX (36525 * DAY)
#define NUMBER_MAX  1000000000L

static const struct unit {
	char letter;
	int64_t seconds;
} units[] = {
	{'s', 1      },
	{'m', 60     },
	{'h', 3600   },
	{'d', DAY    },
	{'w', 7 * DAY},
};

static const struct unit *find_unit(char letter)
{
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].letter == letter)
			return &units[i];
	return NULL;
}

/* Digits only: the number, or -1. */
static long digits(struct str text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if (!ascii_is_digit((unsigned char)text.p[i]))
			return -1;
	return str_number(text, NUMBER_MAX);
}

/* "9m" in seconds, "0" is 0; -1: not such a text, or absurdly long. */
static int64_t seconds(struct str text)
{
	const struct unit *unit;
	long count;

	if (str_eq(text, str_from("0")))
		return 0;
	unit = text.n > 1 ? find_unit(text.p[text.n - 1]) : NULL;
	if (!unit)
		return -1;
	count = digits(str_sub(text, 0, text.n - 1));
	if (count < 0 || count > SECONDS_MAX / unit->seconds)
		return -1;
	return count * unit->seconds;
}

static int64_t whole(struct str text)
{
	return digits(text);
}

/* Whether number lies in "1 to 10" or "0, or 1m to 28m". */
static bool in_range(
	int64_t number, const char *range, int64_t (*parse)(struct str))
{
	static const char zero[] = "0, or ";
	struct str text = str_from(range);
	size_t middle;

	if (str_starts(text, str_from(zero))) {
		if (number == 0)
			return true;
		text = str_sub(text, sizeof(zero) - 1, text.n);
	}
	middle = str_find(text, str_from(" to "));
	return number >= parse(str_sub(text, 0, middle)) &&
	       number <= parse(str_sub(text, middle + 4, text.n));
}

/* Whether the node can be a number at all; otherwise that is reported. */
static bool is_plain(const struct value *v, const char *what)
{
	if (v->node->bad)
		return false;
	if (v->node->kind != TREE_SCALAR)
		mistake_add(v->mistakes, v->node->line,
			"'%s' must be %s, not %s", v->name, what,
			tree_kind_text(v->node->kind));
	else if (tree_is_empty(v->node))
		mistake_add(v->mistakes, v->node->line, "'%s' has no value",
			v->name);
	else
		return true;
	return false;
}

void value_read_int(const struct value *v, void *field)
{
	int64_t number;

	if (!is_plain(v, "a whole number"))
		return;
	number = whole(v->node->value);
	if (v->node->quoted)
		mistake_add(v->mistakes, v->node->line,
			"'%s' must be a whole number, without quotes", v->name);
	else if (number < 0)
		mistake_add(v->mistakes, v->node->line,
			"'%s' must be a whole number (%s), not '%s'", v->name,
			v->range, v->node->value.p);
	else if (!in_range(number, v->range, whole))
		mistake_add(v->mistakes, v->node->line,
			"'%s' is %s: must be %s", v->name, v->node->value.p,
			v->range);
	else
		*(int *)field = (int)number;
}

void value_write_int(const char *range, const void *field, FILE *f)
{
	(void)range;
	fprintf(f, "%d", *(const int *)field);
}

void value_read_duration(const struct value *v, void *field)
{
	int64_t number;
	const char *text;

	if (!is_plain(v, "a time such as 9m, 1h or 180d"))
		return;
	text = v->node->value.p;
	number = seconds(v->node->value);
	if (number < 0 && digits(v->node->value) >= 0)
		mistake_add(v->mistakes, v->node->line,
			"'%s' needs a unit: %ss, %sm, %sh, %sd or %sw", v->name,
			text, text, text, text, text);
	else if (number < 0)
		mistake_add(v->mistakes, v->node->line,
			"'%s' must be a time such as 9m, 1h or 180d (%s), not "
			"'%s'",
			v->name, v->range, text);
	else if (!in_range(number, v->range, seconds))
		mistake_add(v->mistakes, v->node->line,
			"'%s' is %s: must be %s", v->name, text, v->range);
	else
		*(int64_t *)field = number;
}

void value_write_duration(const char *range, const void *field, FILE *f)
{
	int64_t number = *(const int64_t *)field;
	const struct unit *unit = &units[0];
	size_t i;

	(void)range;
	/* The largest unit of which it is a whole number, but no weeks: people
	 * say 7d and 180d. */
	for (i = 0; i + 1 < sizeof(units) / sizeof(units[0]); i++)
		if (number % units[i].seconds == 0)
			unit = &units[i];
	if (number == 0)
		fputs("0", f);
	else
		fprintf(f, "%lld%c", (long long)(number / unit->seconds),
			unit->letter);
}
