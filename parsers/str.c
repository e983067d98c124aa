/*
 * Slices: the small operations that every parser is made of. They take any
 * bytes, never write, and are as fast as the C library's memchr and memmem,
 * since most of a mail is only ever looked at through them.
 */
#include "str.h"

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static bool same_folded(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ascii_lower((unsigned char)a[i]) !=
			ascii_lower((unsigned char)b[i]))
			return false;
	return true;
}

bool str_ieq(struct str a, struct str b)
{
	return a.n == b.n && same_folded(a.p, b.p, a.n);
}

bool str_ieqz(struct str a, const char *z)
{
	return str_ieq(a, str_from(z));
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_of(s.p, prefix.n), prefix);
}

bool str_istarts(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && same_folded(s.p, prefix, n);
}

bool str_iends(struct str s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.n >= n && (n == 0 || same_folded(s.p + s.n - n, suffix, n));
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

struct str str_sub(struct str s, size_t from, size_t n)
{
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	return str_of(s.p ? s.p + from : NULL, n);
}

struct str str_trim(struct str s)
{
	while (s.n && ascii_is_space((unsigned char)s.p[s.n - 1]))
		s.n--;
	while (s.n && ascii_is_space((unsigned char)*s.p)) {
		s.p++;
		s.n--;
	}
	return s;
}

size_t str_chr(struct str s, char c)
{
	const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;

	return hit ? (size_t)(hit - s.p) : s.n;
}

size_t str_find(struct str s, struct str needle)
{
	const char *hit;

	if (needle.n == 0)
		return 0;
	hit = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
	return hit ? (size_t)(hit - s.p) : s.n;
}

size_t str_ifind(struct str s, const char *needle)
{
	size_t n = strlen(needle);
	unsigned char first = ascii_lower((unsigned char)*needle);

	if (n == 0)
		return 0;
	for (size_t i = 0; i + n <= s.n; i++)
		if (ascii_lower((unsigned char)s.p[i]) == first &&
			same_folded(s.p + i, needle, n))
			return i;
	return s.n;
}

bool str_cut(struct str *rest, char sep, struct str *head)
{
	size_t n;

	if (rest->n == 0)
		return false;
	n = str_chr(*rest, sep);
	*head = str_of(rest->p, n);
	*rest = str_sub(*rest, n + 1, rest->n);
	return true;
}

bool str_line(struct str *rest, struct str *line)
{
	return str_cut(rest, '\n', line);
}

static bool same_byte(char a, char b)
{
	return ascii_lower((unsigned char)a) == ascii_lower((unsigned char)b);
}

bool str_glob(struct str s, struct str pattern)
{
	size_t i = 0, k = 0;
	size_t star, from = 0; /* the last '*', and where it ends */

	/* What follows the last star decides most cases: take it off. */
	for (; pattern.n && pattern.p[pattern.n - 1] != '*'; pattern.n--) {
		char c = pattern.p[pattern.n - 1];

		if (s.n == 0 || (c != '?' && !same_byte(c, s.p[s.n - 1])))
			return false;
		s.n--;
	}
	star = pattern.n;
	while (i < s.n) {
		if (k < pattern.n && pattern.p[k] == '*') {
			star = k++;
			from = i;
		} else if (k < pattern.n &&
			   (pattern.p[k] == '?' ||
				   same_byte(pattern.p[k], s.p[i]))) {
			k++;
			i++;
		} else if (star < pattern.n) {
			k = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (k < pattern.n && pattern.p[k] == '*')
		k++;
	return k == pattern.n;
}

long str_number(struct str s, long max)
{
	long value = 0;
	size_t i;

	for (i = 0; i < s.n && ascii_is_digit((unsigned char)s.p[i]); i++) {
		int digit = s.p[i] - '0';

		if (digit > max || value > (max - digit) / 10)
			return -1;
		value = value * 10 + digit;
	}
	return i ? value : -1;
}
