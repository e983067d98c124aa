/*
 * Rows of a CSV file as they stand, many at once, for a filter that gives each
 * byte on to somebody: nothing is passed over, not even an empty row or the
 * rest of one that is too long. csv.h is for who wants their fields.
 *
 * A row ends with LF; a quote counts only where a field begins (`12" disk`).
 */
#ifndef CSV_ROWS_H
#define CSV_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "str.h"

#define CSV_ROWS_LONG (1u << 20)  /* a row has at most so many bytes */
#define CSV_ROWS_TEXT (48u << 20) /* read at once */

enum csv_row_kind {
	CSV_ROWS_ROW,
	CSV_ROWS_TOO_LONG, /* ends with the first line behind that ends outside
			    * of quotes */
	CSV_ROWS_REST,     /* more of the row before, which is too long */
	CSV_ROWS_OPEN,     /* a quote that nothing closes before the end */
};

struct csv_row {
	struct str raw; /* with its end */
	uint64_t line;  /* where it begins, from 1 */
	enum csv_row_kind kind;
};

struct csv_rows {
	int fd;
	char separator; /* 0: any of , ; tab */
	bool mark;      /* a byte order mark stood before the first row */
	bool end;       /* all is read */
	int error;      /* errno of reading; 0: none */
	uint64_t line;  /* of what comes next */
	/* The rest is private. */
	bool begun, in_long;
	int quote; /* in a long row: where its latest piece ended */
	char *buf;
	size_t n, at;
};

/* -1: out of memory. fd stays the caller's. */
int csv_rows_init(struct csv_rows *r, int fd)
	__attribute__((warn_unused_result));
void csv_rows_release(struct csv_rows *r);

/* Read on: the rows that were given are gone. -1: .error. */
int csv_rows_fill(struct csv_rows *r) __attribute__((warn_unused_result));

/* The next row that is whole. False: csv_rows_fill() is needed, or with .end
 * there is no more. */
bool csv_rows_next(struct csv_rows *r, struct csv_row *row);

/*
 * Behind the first csv_rows_fill(): the first row that is not empty, of no
 * bytes where there is none. It says what separates, unless a row "sep=;"
 * before it does: that one is *named, and *before is all that stands in front
 * of the row.
 */
void csv_rows_head(struct csv_rows *r, struct csv_row *row, struct str *before,
	struct str *named);

/* A row without its end (LF or CRLF). */
struct str csv_rows_body(struct str raw);

/* Whether a row without its end has a CR outside of quotes, where others end
 * a row. */
bool csv_rows_breaks(struct str body, char separator);

/* The field of a column, from 0, of a row without its end; absent where it is
 * too short. A slice of it, or of a where quotes were taken out. */
struct str csv_rows_field(
	struct str body, char separator, size_t column, struct arena *a);

/* Whether text follows the quote that ends that field: readers differ in what
 * they take for its value. */
bool csv_rows_stray(struct str body, char separator, size_t column);

#endif
