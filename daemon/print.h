/*
 * Bytes from strangers on their way to people and programs: what a terminal,
 * a JSON reader and a spreadsheet may safely be given.
 *
 * Nothing here trusts its input to be UTF-8. The same is printed on a terminal
 * and off it.
 */
#ifndef PRINT_H
#define PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "out.h"
#include "str.h"

/*
 * Take one character off *rest. False at the end. code is PRINT_BAD for bytes
 * that are not UTF-8 (RFC 3629): as many as belong together, at least one.
 */
#define PRINT_BAD 0xffffffffu

struct print_char {
	uint32_t code;
	struct str bytes;
};

bool print_next(struct str *rest, struct print_char *c);

/*
 * Whether s has a character that nobody sees, or one that is no UTF-8: it makes
 * another address of one that is on a list.
 */
bool print_hides(struct str s);

/*
 * Write s with \x1b and \u{202e} for what must not reach a terminal as it is
 * (quote_is_unsafe()), and \x9f for a byte that is not UTF-8.
 */
void print_visible(struct out *o, struct str s);

/* The same into buf; cut with ".." where it does not fit. Returns buf. */
const char *print_visible_buf(char *buf, size_t size, struct str s);

/*
 * The number of columns that print_visible() takes on a terminal: none for a
 * mark that stands on another character, two for a wide one.
 */
size_t print_width(struct str s);

/*
 * Write what fits into so many columns, in whole characters, take it off *rest
 * and return the columns that it took. A first character that is wider than
 * all of them is written all the same.
 */
size_t print_visible_part(struct out *o, struct str *rest, size_t width);

/* A number as people read it, "1,234,567"; below 0: "-", it is not known.
 * Returns buf. */
#define PRINT_NUMBER 32
const char *print_number(char buf[PRINT_NUMBER], int64_t n);

/* A part of a whole, "43 %"; "<1 %" for what is not nothing. Returns buf. */
#define PRINT_PERCENT 32
const char *print_percent(char buf[PRINT_PERCENT], double part, double whole);

/*
 * The same as text or attribute of HTML and SVG: & < > " ' are escaped, too. At
 * most `limit` characters, and then an ellipsis.
 */
void print_html(struct out *o, struct str s, size_t limit);

/* A JSON string with its quotes; what is not UTF-8 becomes U+FFFD. */
void print_json(struct out *o, struct str s);

/*
 * A CSV field (RFC 4180). A field that a spreadsheet would take for a formula
 * (= + - @ tab CR LF first, or behind apostrophes) gets a ' before it, which is
 * taken off where one of these follows.
 */
void print_csv(struct out *o, struct str s);

/* The same for programs: every byte as it is, without that guard. */
void print_csv_exact(struct out *o, struct str s);

/* What print_csv() wrote, without its '. */
struct str print_csv_unguard(struct str s);

#endif
