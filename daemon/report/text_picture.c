/*
 * Pictures of text: blocks of eight heights, and bars of full blocks. Everybody
 * who reads UTF-8 mail has these characters; the numbers beside them are
 * enough for who has not.
 */
#include "print.h"
#include "text.h"

#define SPARK_MOST 60 /* columns of a sparkline */
#define BAR        30 /* columns of the longest bar */
#define NAME_MOST  20
#define OTHERS     11 /* columns of a share beside name, number and bar */

static int64_t highest(const int64_t *values, size_t n)
{
	int64_t top = 1;

	for (size_t i = 0; i < n; i++)
		top = values[i] > top ? values[i] : top;
	return top;
}

/* v of most in steps; what is more than nothing is at least 1. */
static size_t steps(int64_t v, int64_t most, int all)
{
	if (v <= 0)
		return 0;
	return (size_t)(1 + (double)v * (all - 1) / (double)most);
}

void text_spark(struct out *o, const int64_t *values, size_t n)
{
	static const char *const heights[] = {"\u2581", "\u2582", "\u2583",
		"\u2584", "\u2585", "\u2586", "\u2587", "\u2588"};
	int64_t top = highest(values, n);

	for (size_t i = 0; i < n; i++)
		out_z(o, heights[steps(values[i], top, 7)]);
}

static void put_right(struct out *o, const char *z, size_t width)
{
	size_t n = strlen(z);

	text_spaces(o, n < width ? width - n : 0);
	out_z(o, z);
}

/* --- sparklines --- */

/* How many values share a column, so that all have room. */
static size_t group_of(size_t n)
{
	return (n + SPARK_MOST - 1) / SPARK_MOST;
}

static void put_spark(struct out *o, const int64_t *values, size_t n)
{
	int64_t sums[SPARK_MOST] = {0};
	size_t group = group_of(n);

	for (size_t i = 0; i < n; i++)
		sums[i / group] += values[i];
	text_spark(o, sums, (n + group - 1) / group);
}

static void put_highest(
	struct out *o, const struct document_picture *p, const int64_t *values)
{
	char buf[PRINT_NUMBER];
	size_t at = 0;

	for (size_t i = 1; i < p->labels_n; i++)
		if (values[i] > values[at])
			at = i;
	if (!values[at])
		return;
	text_spaces(o, TEXT_INDENT);
	out_printf(o, "highest: %s, ", print_number(buf, values[at]));
	print_visible(o, p->labels[at]);
	out_char(o, '\n');
}

/* The first and the last label below the line. */
static void put_axis(
	struct out *o, const struct document_picture *p, size_t before)
{
	size_t group = group_of(p->labels_n);
	size_t width = (p->labels_n + group - 1) / group;
	size_t first = print_width(p->labels[0]);
	size_t last = print_width(p->labels[p->labels_n - 1]);

	text_spaces(o, TEXT_INDENT + before);
	print_visible(o, p->labels[0]);
	if (p->labels_n > 1) {
		text_spaces(
			o, first + last + 2 < width ? width - first - last : 2);
		print_visible(o, p->labels[p->labels_n - 1]);
	}
	out_char(o, '\n');
}

static void sparks(const struct document_picture *p, struct out *o)
{
	size_t names = 0;

	for (size_t s = 0; p->series_n > 1 && s < p->series_n; s++) {
		size_t n = print_width(str_from(p->series[s].name)) + 2;

		names = n > names ? n : names;
	}
	names = names < NAME_MOST ? names : NAME_MOST;
	for (size_t s = 0; s < p->series_n; s++) {
		text_spaces(o, TEXT_INDENT);
		if (names)
			text_cut(o, str_from(p->series[s].name), names);
		put_spark(o, p->series[s].values, p->labels_n);
		out_char(o, '\n');
	}
	put_axis(o, p, names);
	if (p->series_n == 1)
		put_highest(o, p, p->series[0].values);
}

/* --- shares --- */

static int64_t sum(const int64_t *values, size_t n)
{
	int64_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += values[i];
	return all;
}

/* Columns of a share: its name, its number, the longest bar. */
struct widths {
	size_t name, number, bar;
};

static struct widths measure(const struct document_picture *p)
{
	struct widths w = {0, 4, BAR};
	char buf[PRINT_NUMBER];

	for (size_t i = 0; i < p->labels_n; i++) {
		size_t name = print_width(p->labels[i]);
		size_t number =
			strlen(print_number(buf, p->series[0].values[i]));

		w.name = name > w.name ? name : w.name;
		w.number = number > w.number ? number : w.number;
	}
	w.name = w.name < NAME_MOST ? w.name : NAME_MOST;
	if (w.name + w.number > TEXT_COLUMNS - TEXT_INDENT - OTHERS - BAR)
		w.bar = TEXT_COLUMNS - TEXT_INDENT - OTHERS - w.name - w.number;
	return w;
}

static void share(struct out *o, const struct document_picture *p, size_t i,
	const struct widths *w, int64_t all)
{
	int64_t v = p->series[0].values[i];
	int64_t top = highest(p->series[0].values, p->labels_n);
	char buf[PRINT_NUMBER], percent[PRINT_PERCENT];

	text_spaces(o, TEXT_INDENT);
	text_cut(o, p->labels[i], w->name);
	put_right(o, print_number(buf, v), w->number + 2);
	put_right(o, print_percent(percent, (double)v, (double)all), 7);
	text_spaces(o, 2);
	for (size_t n = steps(v, top, (int)w->bar); n; n--)
		out_z(o, "\u2588");
	out_char(o, '\n');
}

static void shares(const struct document_picture *p, struct out *o)
{
	int64_t all = sum(p->series[0].values, p->labels_n);
	struct widths w = measure(p);

	for (size_t i = 0; i < p->labels_n; i++)
		share(o, p, i, &w, all);
}

void text_picture(const struct document_picture *p, struct out *o)
{
	text_wrap(o, TEXT_INDENT, "", p->title);
	if (!p->series_n || !p->labels_n)
		return;
	if (p->form == PICTURE_SHARES)
		shares(p, o);
	else
		sparks(p, o);
}
