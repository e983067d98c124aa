/*
 * A strict loader refuses every misspelt key, so it owes the reader the right
 * spelling. Optimal string alignment distance, over words that are short.
 */
#include "suggest.h"

#define WORD_MAX 31

static char plain(char c)
{
	return c == '-' ? '_' : (char)ascii_lower((unsigned char)c);
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edits between a and b, both at most WORD_MAX long. */
static unsigned distance(struct str a, struct str b)
{
	unsigned d[WORD_MAX + 1][WORD_MAX + 1];
	size_t i, k;

	for (i = 0; i <= a.n; i++)
		d[i][0] = (unsigned)i;
	for (k = 0; k <= b.n; k++)
		d[0][k] = (unsigned)k;
	for (i = 1; i <= a.n; i++)
		for (k = 1; k <= b.n; k++) {
			char x = plain(a.p[i - 1]), y = plain(b.p[k - 1]);

			d[i][k] = least(least(d[i - 1][k], d[i][k - 1]) + 1,
				d[i - 1][k - 1] + (x != y));
			if (i > 1 && k > 1 && x == plain(b.p[k - 2]) &&
				y == plain(a.p[i - 2]))
				d[i][k] = least(d[i][k], d[i - 2][k - 2] + 1);
		}
	return d[a.n][b.n];
}

int suggest(struct str text, const struct str *words, size_t n)
{
	unsigned best = 3, now;
	int found = -1;
	size_t i;

	if (text.n > WORD_MAX)
		return -1;
	for (i = 0; i < n; i++) {
		if (words[i].n > WORD_MAX || words[i].n > text.n + 2 ||
			text.n > words[i].n + 2)
			continue;
		now = distance(text, words[i]);
		if (now < best && now * 3 <= words[i].n) {
			best = now;
			found = (int)i;
		}
	}
	return found;
}
