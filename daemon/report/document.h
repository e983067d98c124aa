/*
 * The report as a document: headings, sentences, tables and pictures, in order.
 * words.c makes it from the numbers (report.h), once; text.c and html.c show
 * it. So what a reader of the text is told and what a reader of the HTML is
 * told cannot differ.
 *
 * All strings are UTF-8, may hold anything that came by mail, and live in the
 * arena of the document or longer. Who shows them makes them harmless: text.c
 * makes control characters visible, html.c escapes.
 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "str.h"

#define DOCUMENT_COLUMNS 8

/* What a block says of the state of things; shown as a word and, in HTML, a
 * colour: never by colour alone. */
enum document_tone {
	TONE_PLAIN,
	TONE_GOOD,
	TONE_WARN,
	TONE_BAD
};

enum document_kind {
	DOCUMENT_TITLE,     /* once, first */
	DOCUMENT_HEADING,   /* of a section */
	DOCUMENT_VERDICT,   /* is anything wrong: a sentence with a tone */
	DOCUMENT_PARAGRAPH, /* sentences */
	DOCUMENT_ITEM,      /* of a list; with a tone */
	DOCUMENT_DETAIL,    /* of the item before it: one level deeper */
	DOCUMENT_COMMAND,   /* what to type, shown as it is */
	DOCUMENT_NOTE,      /* small print */
	DOCUMENT_TABLE,
	DOCUMENT_PICTURE
};

struct document_column {
	const char *head;
	bool is_number; /* to the right */
	bool is_series; /* cells are series: a sparkline, a small picture */
};

/* A cell: text, or the values of a series, oldest first. */
struct document_cell {
	struct str text;
	const int64_t *series;
	size_t series_n;
	enum document_tone tone;
};

struct document_table {
	struct document_column columns[DOCUMENT_COLUMNS];
	size_t columns_n;
	struct document_cell *cells; /* rows_n * columns_n, row by row */
	size_t rows_n;               /* the last one may still be filled */
	size_t cells_n, cells_cap;
};

enum document_picture_form {
	PICTURE_STACKED, /* bars of which each is made of the series */
	PICTURE_BARS,    /* one series, a bar each */
	PICTURE_SHARES   /* one series, a bar to the right each, with its part
			  * of the whole */
};

struct document_series {
	const char *name; /* in the legend */
	int64_t *values;  /* labels_n of them */
};

/* Plain text shows each series as a sparkline with its name. */
struct document_picture {
	enum document_picture_form form;
	struct str title;
	struct document_series *series;
	size_t series_n;
	struct str *labels; /* of the bars: "28 Sep", "Mon 08:00", "google" */
	size_t labels_n;
	/* How many bars belong together (24 hours): the first word of the first
	 * one's label stands for them. 0: each for itself. */
	size_t group;
	/* A bar that stands out, or -1; and how many from it on (0: it alone);
	 * what they are, for the legend, or NULL. */
	int marked, marked_n;
	const char *mark;
	/* The table before it has the same: plain text leaves it out. */
	bool is_told;
};

struct document_block {
	enum document_kind kind;
	enum document_tone tone;
	struct str text; /* TITLE to NOTE */
	struct document_table *table;
	struct document_picture *picture;
};

struct document {
	struct arena *arena; /* borrowed; full: some is missing */
	struct document_block *blocks;
	size_t n, cap;
};

void document_init(struct document *d, struct arena *a);

/*
 * Builders. Each appends to the end. The one thing that can fail is memory:
 * then what does not fit is left out, the arena says that it is full, and what
 * a builder returned as NULL may be given to the others all the same.
 */

/* A block of words; one of the names below reads better. A name from mail goes
 * in as "%.*s", STR_ARG(name). */
void document_say(struct document *d, enum document_kind kind,
	enum document_tone tone, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#define document_title(d, ...)                                                 \
	document_say(d, DOCUMENT_TITLE, TONE_PLAIN, __VA_ARGS__)
#define document_heading(d, ...)                                               \
	document_say(d, DOCUMENT_HEADING, TONE_PLAIN, __VA_ARGS__)
#define document_verdict(d, tone, ...)                                         \
	document_say(d, DOCUMENT_VERDICT, tone, __VA_ARGS__)
#define document_paragraph(d, ...)                                             \
	document_say(d, DOCUMENT_PARAGRAPH, TONE_PLAIN, __VA_ARGS__)
#define document_item(d, tone, ...)                                            \
	document_say(d, DOCUMENT_ITEM, tone, __VA_ARGS__)
#define document_detail(d, ...)                                                \
	document_say(d, DOCUMENT_DETAIL, TONE_PLAIN, __VA_ARGS__)
#define document_command(d, ...)                                               \
	document_say(d, DOCUMENT_COMMAND, TONE_PLAIN, __VA_ARGS__)
#define document_note(d, ...)                                                  \
	document_say(d, DOCUMENT_NOTE, TONE_PLAIN, __VA_ARGS__)

/* A string in the arena of d; "" when there is no memory. */
const char *document_format(struct document *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A number as people read it, "1,234,567"; below 0: "-", it is not known. */
const char *document_number(struct document *d, int64_t n);

/* A table of n columns (at most DOCUMENT_COLUMNS), without rows. The heads are
 * borrowed. */
struct document_table *document_table(
	struct document *d, const struct document_column *columns, size_t n);

/* The next cell of t, row by row; values are copied. What a row lacks at the
 * end stays empty. */
void document_cell(struct document *d, struct document_table *t,
	enum document_tone tone, struct str text);
void document_cell_number(
	struct document *d, struct document_table *t, int64_t n);
void document_cell_series(struct document *d, struct document_table *t,
	const int64_t *values, size_t n);

/* A picture with room for its values (0) and labels (absent), for the caller
 * to fill; the names of its series, too. */
struct document_picture *document_picture(struct document *d,
	enum document_picture_form form, struct str title, size_t series,
	size_t labels);

#endif
