/*
 * Lines of a file that somebody else wrote: LF or CRLF, with or without a byte
 * order mark. The memory is bounded.
 */
#ifndef LINES_H
#define LINES_H

#include <stdint.h>
#include <stdio.h>

#include "str.h"

#define LINES_MAX 65536u

struct lines {
	FILE *file;
	struct str text; /* trimmed; it lives until the next call */
	uint64_t line;   /* from 1 */
	char buf[LINES_MAX];
};

/* file stays the caller's. */
void lines_init(struct lines *l, FILE *file);

enum lines_result {
	LINES_END,
	LINES_LINE,
	LINES_LONG,    /* longer than LINES_MAX: passed over, go on */
	LINES_ERROR,   /* errno */
	LINES_NO_TEXT, /* .text says what it is and what to do */
};

/* The next line that is not empty. */
enum lines_result lines_next(struct lines *l);

#endif
