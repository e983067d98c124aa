/*
 * Rows of a CSV file (RFC 4180) that somebody else wrote: commas, semicolons
 * or tabs, CRLF or LF, with or without a byte order mark, quotes where they
 * are needed. Streams: the memory is that of the longest row.
 */
#ifndef CSV_H
#define CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "str.h"

#define CSV_ROW_MAX    (1u << 20)
#define CSV_FIELDS_MAX 1024u

struct csv {
	FILE *file;
	char separator; /* of the first row, when it was 0 before */
	uint64_t line;  /* where the row begins, from 1 */
	/* The row: its fields without quotes, and as it stands with its end.
	 * All live until the next call. */
	struct str *field;
	size_t n;
	struct str raw;
	/* Bit i: text follows the quote that ends field i (63: or a later
	 * one), and readers differ in what they take for its value. */
	uint64_t stray;
	/* The rest is private. */
	uint64_t next_line;
	char *buf, *plain;
	size_t buf_n, buf_cap, plain_cap, field_cap;
};

/* Read from file, which stays the caller's. separator 0: find out. */
void csv_init(struct csv *c, FILE *file, char separator);
void csv_release(struct csv *c);

enum csv_result {
	CSV_END,
	CSV_ROW,
	CSV_LONG,  /* the row has more than CSV_ROW_MAX bytes or CSV_FIELDS_MAX
		    * fields; it was passed over, with all within its quotes: go
		    * on with the next */
	CSV_OPEN,  /* a quote that nothing closes: the file ends in the row */
	CSV_ERROR, /* errno */
};

/* Of comma, semicolon and tab the one that a row has most of, outside of
 * quotes; a comma where it has none. */
char csv_separator(struct str row);

/* What a first row "sep=;" names, as Excel writes it and wants to be told; 0:
 * it is another row. */
char csv_separator_named(struct str row);

/* The next row that is not empty. */
enum csv_result csv_next(struct csv *c);

/* The column of this name in the row (letters folded), or -1: for heads. */
int csv_column(const struct csv *c, const char *name);

/* Whether that is so of a column. */
static inline bool csv_is_stray(const struct csv *c, int column)
{
	return column >= 0 && c->stray >> (column < 63 ? column : 63) & 1;
}

/* The field of a column; absent for -1 and for a row that is too short. */
struct str csv_field(const struct csv *c, int column);

#endif
