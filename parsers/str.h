/*
 * A borrowed run of bytes: a slice of the message, of an arena, or of a
 * literal. It owns nothing, is not NUL-terminated and may hold any byte.
 * p == NULL means "absent", which is not the same as empty.
 */
#ifndef STR_H
#define STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

/* A slice of a string literal; usable in static initialisers. */
#define STR(lit)                                                               \
	{                                                                      \
		"" lit, sizeof(lit) - 1                                        \
	}
#define STR_NULL   ((struct str){NULL, 0})
#define STR_FMT    "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

static inline struct str str_of(const char *p, size_t n)
{
	return (struct str){p, n};
}

/* The bytes of a C string; NULL gives the absent slice. */
static inline struct str str_from(const char *z)
{
	return (struct str){z, z ? strlen(z) : 0};
}

static inline unsigned char ascii_lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

static inline bool ascii_is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(unsigned char c)
{
	c = ascii_lower(c);
	return c >= 'a' && c <= 'z';
}

static inline bool ascii_is_alnum(unsigned char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c);
}

/* The value of a hexadecimal digit; -1: it is none. */
static inline int ascii_hex(unsigned char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Space, tab, LF, CR, VT, FF. */
static inline bool ascii_is_space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Comparisons: exact, and with ASCII letters folded (str_i...). */
bool str_eq(struct str a, struct str b);
bool str_ieq(struct str a, struct str b);
bool str_ieqz(struct str a, const char *z);
bool str_starts(struct str s, struct str prefix);
bool str_istarts(struct str s, const char *prefix);
bool str_iends(struct str s, const char *suffix);

/* Order by bytes, as memcmp with the shorter first. */
int str_cmp(struct str a, struct str b);

/* s from byte from (clamped) and at most n bytes of it. */
struct str str_sub(struct str s, size_t from, size_t n);

/* s without leading and trailing ASCII white space. */
struct str str_trim(struct str s);

/* Offset of the first c, or of needle, in s; s.n when there is none. */
size_t str_chr(struct str s, char c);
size_t str_find(struct str s, struct str needle);
size_t str_ifind(struct str s, const char *needle);

/*
 * Take the next line off *rest, without its LF. The parsers see LF only:
 * verdict.c normalises newlines first. False when *rest is used up.
 */
bool str_line(struct str *rest, struct str *line);

/* Take what stands before the next sep (or all) off *rest; false at end. */
bool str_cut(struct str *rest, char sep, struct str *head);

/*
 * Match with '*' (any run) and '?' (one byte), ASCII letters folded.
 * Linear in practice and never recursive: one backtrack point.
 */
bool str_glob(struct str s, struct str pattern);

/* Leading decimal digits of s, at most max; -1 without a digit or above. */
long str_number(struct str s, long max);

#endif
