/*
 * Tables of text. Numbers are never cut: what is too wide together is taken
 * from the widest columns of words.
 */
#include "print.h"
#include "text.h"

#define GAP   2 /* columns between columns */
#define LEAST 8 /* no column of words is made narrower */

static struct str head_of(const struct document_table *t, size_t c)
{
	return str_from(t->columns[c].head ? t->columns[c].head : "");
}

static size_t cell_width(const struct document_cell *cell)
{
	if (cell->series)
		return cell->series_n;
	return strlen(text_sign(cell->tone)) + print_width(cell->text);
}

static bool is_words(const struct document_column *c)
{
	return !c->is_number && !c->is_series;
}

/* The widest column of words; columns_n: none can give anything. */
static size_t widest(
	const struct document_table *t, const size_t width[DOCUMENT_COLUMNS])
{
	size_t best = t->columns_n;

	for (size_t c = 0; c < t->columns_n; c++)
		if (is_words(&t->columns[c]) && width[c] > LEAST &&
			(best == t->columns_n || width[c] > width[best]))
			best = c;
	return best;
}

static void measure(
	const struct document_table *t, size_t width[DOCUMENT_COLUMNS])
{
	size_t all = TEXT_INDENT + (t->columns_n - 1) * GAP;

	for (size_t c = 0; c < t->columns_n; c++) {
		width[c] = print_width(head_of(t, c));
		for (size_t r = 0; r < t->rows_n; r++) {
			size_t n = cell_width(&t->cells[r * t->columns_n + c]);

			width[c] = n > width[c] ? n : width[c];
		}
		all += width[c];
	}
	for (; all > TEXT_COLUMNS; all--) {
		size_t c = widest(t, width);

		if (c == t->columns_n)
			break;
		width[c]--;
	}
}

/* Left or right in its width; behind the last column nothing is filled up. */
static void put_words(struct out *o, struct str s, const char *sign, bool right,
	bool last, size_t width)
{
	size_t n = print_width(s) + strlen(sign);
	size_t room = width - strlen(sign);

	if (right && n < width)
		text_spaces(o, width - n);
	out_z(o, sign);
	if (n <= width && (right || last))
		print_visible(o, s);
	else
		text_cut(o, s, room);
}

static void put_series(struct out *o, const struct document_cell *cell,
	bool last, size_t width)
{
	text_spark(o, cell->series, cell->series_n);
	if (!last)
		text_spaces(o, width - cell->series_n);
}

static void begin_cell(struct out *o, size_t c)
{
	text_spaces(o, c ? GAP : TEXT_INDENT);
}

/* The columns of a row up to the last cell that has something. */
static size_t filled(const struct document_cell *cells, size_t n)
{
	while (n && !cells[n - 1].text.n && !cells[n - 1].series_n)
		n--;
	return n;
}

static void put_row(struct out *o, const struct document_table *t, size_t row,
	const size_t width[DOCUMENT_COLUMNS])
{
	const struct document_cell *cells = &t->cells[row * t->columns_n];
	size_t n = filled(cells, t->columns_n);

	for (size_t c = 0; c < n; c++) {
		const struct document_cell *cell = &cells[c];
		bool last = c + 1 == n;

		begin_cell(o, c);
		if (cell->series)
			put_series(o, cell, last, width[c]);
		else
			put_words(o, cell->text, text_sign(cell->tone),
				t->columns[c].is_number, last, width[c]);
	}
	out_char(o, '\n');
}

void text_table(const struct document_table *t, struct out *o)
{
	size_t width[DOCUMENT_COLUMNS];

	measure(t, width);
	for (size_t c = 0; c < t->columns_n; c++) {
		begin_cell(o, c);
		put_words(o, head_of(t, c), "", t->columns[c].is_number,
			c + 1 == t->columns_n, width[c]);
	}
	out_char(o, '\n');
	for (size_t r = 0; r < t->rows_n; r++)
		put_row(o, t, r, width);
}
