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
static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* n bytes. */
bool str_same(const char *a, const char *b, size_t n);

static inline bool str_ieq(struct str a, struct str b)
{
	return a.n == b.n && str_same(a.p, b.p, a.n);
}

/* Most strings differ in the first byte. */
static inline bool str_begin_alike(struct str s, const char *z)
{
	return s.n && ascii_lower((unsigned char)*s.p) ==
			      ascii_lower((unsigned char)*z);
}

static inline bool str_ieqz(struct str a, const char *z)
{
	return str_begin_alike(a, z) ? str_ieq(a, str_from(z)) : !a.n && !*z;
}

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_of(s.p, prefix.n), prefix);
}

static inline bool str_istarts(struct str s, const char *prefix)
{
	size_t n;

	if (!str_begin_alike(s, prefix))
		return !*prefix;
	n = strlen(prefix);
	return s.n >= n && str_same(s.p, prefix, n);
}

bool str_iends(struct str s, const char *suffix);

/* Order by bytes, as memcmp with the shorter first. */
int str_cmp(struct str a, struct str b);

/* s from byte from (clamped) and at most n bytes of it. */
static inline struct str str_sub(struct str s, size_t from, size_t n)
{
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	return str_of(s.p ? s.p + from : NULL, n);
}

/* s without leading and trailing ASCII white space. */
static inline struct str str_trim(struct str s)
{
	while (s.n && ascii_is_space((unsigned char)s.p[s.n - 1]))
		s.n--;
	while (s.n && ascii_is_space((unsigned char)*s.p)) {
		s.p++;
		s.n--;
	}
	return s;
}

/* Offset of the first c, or of needle, in s; s.n when there is none. */
static inline size_t str_chr(struct str s, char c)
{
	const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;

	return hit ? (size_t)(hit - s.p) : s.n;
}

size_t str_find(struct str s, struct str needle);
size_t str_ifind(struct str s, const char *needle);

/* Take what stands before the next sep (or all) off *rest; false at end. */
static inline bool str_cut(struct str *rest, char sep, struct str *head)
{
	size_t n;

	if (rest->n == 0)
		return false;
	n = str_chr(*rest, sep);
	*head = str_of(rest->p, n);
	*rest = str_sub(*rest, n + 1, rest->n);
	return true;
}

/*
 * Take the next line off *rest, without its LF. The parsers see LF only:
 * verdict.c normalises newlines first. False when *rest is used up.
 */
static inline bool str_line(struct str *rest, struct str *line)
{
	return str_cut(rest, '\n', line);
}

/*
 * Match with '*' (any run) and '?' (one byte), ASCII letters folded.
 * Linear in practice and never recursive: one backtrack point.
 */
bool str_glob(struct str s, struct str pattern);

/* Leading decimal digits of s, at most max; -1 without a digit or above. */
long str_number(struct str s, long max);

#endif
