/*
 * Slices: the small operations that every parser is made of. They take any
 * bytes, never write, and are as fast as the C library's memchr and memmem,
 * since most of a mail is only ever looked at through them.
 */
#include "str.h"

#include <stdint.h>

static bool same_bytes(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ascii_lower((unsigned char)a[i]) !=
			ascii_lower((unsigned char)b[i]))
			return false;
	return true;
}

bool str_same(const char *a, const char *b, size_t n)
{
	uint64_t v, w;

	for (; n >= sizeof(v); n -= sizeof(v)) {
		memcpy(&v, a, sizeof(v));
		memcpy(&w, b, sizeof(w));
		/* Letters differ in one bit; so may others. */
		if ((v ^ w) & ~UINT64_C(0x2020202020202020) ||
			(v != w && !same_bytes(a, b, sizeof(v))))
			return false;
		a += sizeof(v);
		b += sizeof(w);
	}
	return same_bytes(a, b, n);
}

bool str_iends(struct str s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.n >= n && (n == 0 || str_same(s.p + s.n - n, suffix, n));
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
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
			str_same(s.p + i, needle, n))
			return i;
	return s.n;
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
