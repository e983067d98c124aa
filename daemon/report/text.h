/*
 * A document (document.h) as plain text of 76 columns, for mail and terminals.
 *
 *	text.c          words: wrapped, with marks for lists and tones
 *	text_table.c    tables: columns as wide as they need, long names cut
 *	text_picture.c  pictures as rows of blocks
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "document.h"
#include "out.h"

#define TEXT_COLUMNS 76

void text_document(const struct document *d, struct out *o);

/* --- for the files above --- */

#define TEXT_INDENT 2 /* columns before whatever is no heading */

void text_table(const struct document_table *t, struct out *o);
void text_picture(const struct document_picture *p, struct out *o);

/* "!! " before what is bad, "! " before what is to be looked at, else "". */
const char *text_sign(enum document_tone tone);

/* A paragraph: first stands before the text, which is as far to the right in
 * all of its lines. */
void text_wrap(
	struct out *o, size_t indent, const char *first, struct str text);

void text_spaces(struct out *o, size_t n);

/* n values as blocks of a height each, against the highest of them: a column
 * for each. 0 alone has the lowest. */
void text_spark(struct out *o, const int64_t *values, size_t n);

/* s in `width` columns: cut with "..", or filled up with spaces. */
void text_cut(struct out *o, struct str s, size_t width);

#endif
