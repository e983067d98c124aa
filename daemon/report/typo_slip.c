/*
 * Damerau-Levenshtein, told apart by what the hand did: that two letters change
 * places says more than that one is another. Two slips need not be told apart.
 */
#include "typo_slip.h"

static const struct {
	size_t fails, users;
	const char *what;
} slips[] = {

#define SLIP(NAME, fails, users, what) {fails, users, what},
#include "report/typo_slips.def"
};

/* The keys around each, where a finger lands: QWERTY, with what is elsewhere on
 * QWERTZ and AZERTY, and the digits that look like a letter. */
static const char *const around[26] = {"qwszx", "vghnm", "xdfvs", "serfcxw",
	"wsdr34", "drtgvc", "ftyhbv", "gyujnb", "ujko89l1", "huikmn", "jiolm",
	"kopi1m", "njkl", "bhjm", "iklp90", "ol0m", "wa12", "edft45", "awedxzq",
	"rfgy56z", "yhji78", "cfgb", "qase23", "zsdcy", "tghu67zx", "asxyte"};

static bool is_neighbour(char a, char b)
{
	return ascii_is_alpha((unsigned char)b) &&
	       strchr(around[(unsigned char)b - 'a'], a) != NULL;
}

bool typo_slip_is_enough(enum typo_slip s, size_t letters, bool domain_fails)
{
	return letters >= (domain_fails ? slips[s].fails : slips[s].users);
}

const char *typo_slip_text(enum typo_slip s)
{
	return slips[s].what;
}

/* Whether s has the letter at i beside it once more. */
static bool is_double(struct str s, size_t i)
{
	return (i > 0 && s.p[i - 1] == s.p[i]) ||
	       (i + 1 < s.n && s.p[i + 1] == s.p[i]);
}

/* Which of the single slips; they begin to differ at byte `at`, and the same
 * `end` bytes are behind where they differ. TYPO_TWO: none of them. */
static enum typo_slip single(
	struct str wrong, struct str right, size_t at, size_t end)
{
	size_t w = wrong.n - at - end, r = right.n - at - end;
	const char *a = wrong.p + at, *b = right.p + at;

	if (w == 1 && r == 1)
		return is_neighbour(*a, *b) ? TYPO_NEIGHBOUR : TYPO_OTHER;
	if (w == 2 && r == 2 && a[0] == b[1] && a[1] == b[0])
		return TYPO_SWAPPED;
	if (w == 1 && r == 0)
		return is_double(wrong, at) ? TYPO_DOUBLED : TYPO_ADDED;
	if (w == 0 && r == 1)
		return is_double(right, at) ? TYPO_HALVED : TYPO_MISSING;
	return TYPO_TWO;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: no part is touched twice. */
static size_t distance(struct str a, struct str b)
{
	size_t rows[3][TYPO_SLIP_NAME_MAX + 1];
	size_t *two = rows[0], *one = rows[1], *now = rows[2];

	for (size_t k = 0; k <= b.n; k++)
		now[k] = k;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *spare = two;

		two = one;
		one = now;
		now = spare;
		now[0] = i;
		for (size_t k = 1; k <= b.n; k++) {
			bool same = a.p[i - 1] == b.p[k - 1];

			now[k] = least(one[k - 1] + !same,
				least(one[k], now[k - 1]) + 1);
			if (i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] &&
				a.p[i - 2] == b.p[k - 1])
				now[k] = least(now[k], two[k - 2] + 1);
		}
	}
	return now[b.n];
}

static bool same_but_digits(struct str a, struct str b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.n && ascii_is_digit((unsigned char)a.p[i]))
			i++;
		while (k < b.n && ascii_is_digit((unsigned char)b.p[k]))
			k++;
		if (i == a.n || k == b.n)
			return i == a.n && k == b.n;
		if (a.p[i++] != b.p[k++])
			return false;
	}
}

static size_t labels(struct str name)
{
	size_t n = 1;

	for (size_t i = 0; i < name.n; i++)
		n += name.p[i] == '.';
	return n;
}

size_t typo_slip_letters(struct str wrong, struct str right)
{
	bool dot = labels(wrong) != labels(right);
	struct str rest = right, r, w;
	size_t shortest = right.n;

	if (str_eq(wrong, right))
		return right.n;
	while (str_cut(&rest, '.', &r))
		if (dot || (str_cut(&wrong, '.', &w) && !str_eq(w, r)))
			shortest = least(shortest, r.n);
	return shortest;
}

enum typo_slip typo_slip_of(struct str wrong, struct str right)
{
	size_t n = least(wrong.n, right.n), at = 0, end = 0;
	enum typo_slip s;

	if (wrong.n > TYPO_SLIP_NAME_MAX || right.n > TYPO_SLIP_NAME_MAX ||
		wrong.n > right.n + 2 || right.n > wrong.n + 2 ||
		same_but_digits(wrong, right))
		return TYPO_NONE;
	while (at < n && wrong.p[at] == right.p[at])
		at++;
	while (end < n - at &&
		wrong.p[wrong.n - 1 - end] == right.p[right.n - 1 - end])
		end++;
	s = single(wrong, right, at, end);
	if (s == TYPO_TWO && distance(wrong, right) > 2)
		return TYPO_NONE;
	return s;
}
