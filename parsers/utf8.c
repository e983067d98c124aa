/*
 * UTF-8, checked and mended. Nearly all bytes of nearly all mail are ASCII,
 * so thirty-two at a time are passed over before anything is looked at closely.
 */
#include <stdint.h>

#include "utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* The length of the run of ASCII that s begins with. */
static size_t ascii_run(struct str s)
{
	size_t i = 0;
	uint64_t w[4];

	for (; i + sizeof(w) <= s.n; i += sizeof(w)) {
		memcpy(w, s.p + i, sizeof(w));
		if ((w[0] | w[1] | w[2] | w[3]) & UINT64_C(0x8080808080808080))
			break;
	}
	while (i < s.n && (unsigned char)s.p[i] < 0x80)
		i++;
	return i;
}

bool utf8_is_ascii(struct str bytes)
{
	return ascii_run(bytes) == bytes.n;
}

/*
 * What may follow a first byte (Unicode 3.9, table 3-7): how many bytes, and
 * the range of the second, which rules out overlong forms, surrogates and
 * what lies above U+10FFFF. The others are 80 to BF.
 */
static const struct lead {
	unsigned char from, to, more, low, high;
} leads[] = {
	{0xc2, 0xdf, 1, 0x80, 0xbf},
	{0xe0, 0xe0, 2, 0xa0, 0xbf},
	{0xe1, 0xec, 2, 0x80, 0xbf},
	{0xed, 0xed, 2, 0x80, 0x9f},
	{0xee, 0xef, 2, 0x80, 0xbf},
	{0xf0, 0xf0, 3, 0x90, 0xbf},
	{0xf1, 0xf3, 3, 0x80, 0xbf},
	{0xf4, 0xf4, 3, 0x80, 0x8f},
};

static const struct lead *find_lead(unsigned char c)
{
	for (size_t i = 0; i < sizeof(leads) / sizeof(*leads); i++)
		if (c >= leads[i].from && c <= leads[i].to)
			return &leads[i];
	return NULL;
}

size_t utf8_character(struct str s, bool *valid)
{
	const unsigned char *p = (const unsigned char *)s.p;
	const struct lead *lead = find_lead(*p);
	size_t n = 1;

	*valid = *p < 0x80;
	if (!lead)
		return 1;
	if (s.n > 1 && p[1] >= lead->low && p[1] <= lead->high)
		for (n = 2; n <= lead->more && n < s.n && p[n] >> 6 == 2;)
			n++;
	*valid = n == lead->more + 1u;
	return n;
}

/* The length of the valid run that s begins with. */
static size_t valid_run(struct str s)
{
	size_t n = 0;

	for (;;) {
		bool valid;
		size_t more;

		n += ascii_run(str_sub(s, n, s.n));
		if (n == s.n)
			return n;
		more = utf8_character(str_sub(s, n, s.n), &valid);
		if (!valid)
			return n;
		n += more;
	}
}

bool utf8_is_valid(struct str bytes)
{
	return valid_run(bytes) == bytes.n;
}

/* Copy with replacements, or with out NULL only count the bytes. */
static size_t mend(struct str s, char *out)
{
	size_t n = 0;

	for (;;) {
		size_t run = valid_run(s);
		bool valid;

		if (out)
			memcpy(out + n, s.p, run);
		n += run;
		s = str_sub(s, run, s.n);
		if (s.n == 0)
			return n;
		if (out)
			memcpy(out + n, REPLACEMENT, strlen(REPLACEMENT));
		n += strlen(REPLACEMENT);
		s = str_sub(s, utf8_character(s, &valid), s.n);
	}
}

struct str utf8_clean(struct arena *a, struct str bytes)
{
	size_t n;
	char *out;

	if (utf8_is_valid(bytes))
		return bytes;
	n = mend(bytes, NULL);
	out = arena_alloc(a, n);
	if (!out)
		return STR_NULL;
	mend(bytes, out);
	return str_of(out, n);
}

struct str utf8_cut(struct str s, size_t n)
{
	if (n >= s.n)
		return s;
	for (int i = 0; i < 3 && n && (unsigned char)s.p[n] >> 6 == 2; i++)
		n--;
	return str_of(s.p, n);
}
