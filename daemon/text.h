/*
 * Bytes from strangers on their way to people and programs: what a terminal,
 * a JSON reader and a spreadsheet may safely be given, and times as words.
 *
 * Nothing here trusts its input to be UTF-8. The same is printed on a terminal
 * and off it.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "out.h"
#include "str.h"

/*
 * Take one character off *rest. False at the end. code is TEXT_BAD for bytes
 * that are not UTF-8 (RFC 3629): as many as belong together, at least one.
 */
#define TEXT_BAD 0xffffffffu

struct text_char {
	uint32_t code;
	struct str bytes;
};

bool text_next(struct str *rest, struct text_char *c);

/*
 * Write s with \x1b and \u{202e} for what must not reach a terminal as it is
 * (quote_is_unsafe()), and \x9f for a byte that is not UTF-8.
 */
void text_visible(struct out *o, struct str s);

/* The same into buf; cut with ".." where it does not fit. Returns buf. */
const char *text_visible_buf(char *buf, size_t size, struct str s);

/* The number of columns that text_visible() takes, one for a character. */
size_t text_width(struct str s);

/* A JSON string with its quotes; what is not UTF-8 becomes U+FFFD. */
void text_json(struct out *o, struct str s);

/*
 * A CSV field (RFC 4180). A field that a spreadsheet would take for a formula
 * (= + - @ tab CR LF first) gets a ' before it.
 */
void text_csv(struct out *o, struct str s);

/* RFC 3339, UTC, "2026-11-23T08:00:00Z". "" for a year out of 0 to 9999. */
#define TEXT_TIME_SIZE 32
const char *text_time(int64_t at, char buf[TEXT_TIME_SIZE]);

/* The day alone, "2026-11-23". */
const char *text_day(int64_t at, char buf[TEXT_TIME_SIZE]);

/*
 * A time as people give it: "2026-11-23" (its first second, UTC) or RFC 3339,
 * "2026-11-23T08:00:00Z" (seconds may be absent, an offset may be given).
 * False when it is none.
 */
bool text_parse_time(const char *z, int64_t *out);

#endif
