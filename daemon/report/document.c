/*
 * Builders of the document (document.h). They keep what they are given in the
 * arena of the document, so that words.c may say numbers from buffers of its
 * own, and treat a full arena as a shorter report, never as an error.
 */
#include "document.h"

#include <stdarg.h>
#include <stdio.h>

#include "print.h"

void document_init(struct document *d, struct arena *a)
{
	*d = (struct document){.arena = a};
}

static struct document_block *add(struct document *d, enum document_kind kind)
{
	struct document_block *grown = arena_grow(
		d->arena, d->blocks, &d->cap, d->n + 1, sizeof(*d->blocks));

	if (!grown)
		return NULL;
	d->blocks = grown;
	d->blocks[d->n] = (struct document_block){.kind = kind};
	return &d->blocks[d->n++];
}

/* The text in the arena, with a NUL behind it; absent without memory. */
static struct str __attribute__((format(printf, 2, 0)))
format_text(struct document *d, const char *format, va_list args)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = n < 0 ? NULL : arena_alloc(d->arena, (size_t)n + 1);
	if (!text)
		return STR_NULL;
	vsnprintf(text, (size_t)n + 1, format, args);
	return str_of(text, (size_t)n);
}

void document_say(struct document *d, enum document_kind kind,
	enum document_tone tone, const char *format, ...)
{
	struct document_block *b;
	struct str text;
	va_list args;

	va_start(args, format);
	text = format_text(d, format, args);
	va_end(args);
	b = text.p ? add(d, kind) : NULL;
	if (!b)
		return;
	b->tone = tone;
	b->text = text;
}

const char *document_format(struct document *d, const char *format, ...)
{
	struct str text;
	va_list args;

	va_start(args, format);
	text = format_text(d, format, args);
	va_end(args);
	return text.p ? text.p : "";
}

const char *document_number(struct document *d, int64_t n)
{
	char buf[PRINT_NUMBER];

	return arena_cstr(d->arena, str_from(print_number(buf, n)));
}

struct document_table *document_table(
	struct document *d, const struct document_column *columns, size_t n)
{
	struct document_table *t = arena_zalloc(d->arena, 1, sizeof(*t));
	struct document_block *b = t ? add(d, DOCUMENT_TABLE) : NULL;

	if (!b)
		return NULL;
	t->columns_n = n < DOCUMENT_COLUMNS ? n : DOCUMENT_COLUMNS;
	memcpy(t->columns, columns, t->columns_n * sizeof(*columns));
	b->table = t;
	return t;
}

/* The next cell; at the beginning of a row all of them, empty, so that each
 * row that is counted is a whole one. */
static struct document_cell *next_cell(
	struct document *d, struct document_table *t)
{
	struct document_cell *grown;
	size_t end;

	if (!t)
		return NULL;
	if (t->cells_n < t->rows_n * t->columns_n)
		return &t->cells[t->cells_n++];
	end = t->cells_n + t->columns_n;
	grown = arena_grow(
		d->arena, t->cells, &t->cells_cap, end, sizeof(*t->cells));
	if (!grown)
		return NULL;
	t->cells = grown;
	memset(&t->cells[t->cells_n], 0, t->columns_n * sizeof(*t->cells));
	t->rows_n++;
	return &t->cells[t->cells_n++];
}

void document_cell(struct document *d, struct document_table *t,
	enum document_tone tone, struct str text)
{
	struct document_cell *cell = next_cell(d, t);

	if (!cell)
		return;
	cell->tone = tone;
	cell->text = arena_dup(d->arena, text);
}

void document_cell_number(
	struct document *d, struct document_table *t, int64_t n)
{
	document_cell(d, t, TONE_PLAIN, str_from(document_number(d, n)));
}

void document_cell_series(struct document *d, struct document_table *t,
	const int64_t *values, size_t n)
{
	struct document_cell *cell = next_cell(d, t);
	int64_t *copy = arena_zalloc(d->arena, n ? n : 1, sizeof(*copy));

	if (!cell || !copy)
		return;
	if (n)
		memcpy(copy, values, n * sizeof(*copy));
	cell->series = copy;
	cell->series_n = n;
}

struct document_picture *document_picture(struct document *d,
	enum document_picture_form form, struct str title, size_t series,
	size_t labels)
{
	struct document_picture *p = arena_zalloc(d->arena, 1, sizeof(*p));
	struct document_block *b;

	if (!p)
		return NULL;
	p->form = form;
	p->marked = -1;
	p->title = arena_dup(d->arena, title);
	p->series = arena_zalloc(d->arena, series, sizeof(*p->series));
	p->labels = arena_zalloc(d->arena, labels, sizeof(*p->labels));
	for (size_t i = 0; p->series && i < series; i++) {
		p->series[i].name = "";
		p->series[i].values =
			arena_zalloc(d->arena, labels, sizeof(int64_t));
	}
	if (!p->labels || !p->series || d->arena->full)
		return NULL;
	p->series_n = series;
	p->labels_n = labels;
	b = add(d, DOCUMENT_PICTURE);
	if (!b)
		return NULL;
	b->picture = p;
	return p;
}
