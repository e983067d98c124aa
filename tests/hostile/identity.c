/*
 * identity PAIRS [SEED]: pairs of mailboxes, each spelt in one of the many ways
 * that RFC 5321, 5322 and 6531 allow: two keys are equal exactly when the
 * mailboxes are, and each key is its own key.
 *
 * The model knows nothing of address.c. It begins with what a mailbox is, a
 * row of letters and a row of labels, and goes from there to bytes; address.c
 * goes from bytes to a key. Letters that have several spellings (NFC, NFD,
 * singletons; U-labels, A-labels) are rows of tables, from the Unicode data
 * and from RFC 3492's algorithm. The second of a pair is the first again, or
 * the first with one thing changed, or another one.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "address.h"
#include "harness.h"

#define LETTERS_MAX 10
#define LABELS_MAX  4

/*
 * A letter of a local part: its spellings. The first is the one in NFC, and
 * ASCII letters of either case are one (address.h says why).
 */
static const struct {
	const char *spelt[4];
} letters[] = {
	{{"a", "A"}},
	{{"b", "B"}},
	{{"k", "K", "\xe2\x84\xaa"}}, /* Kelvin sign */
	{{"u", "U"}},
	{{"x", "X"}},
	{{"fi", "Fi", "FI"}},
	{{"\xef\xac\x81"}}, /* the ligature: equal in NFKC only */
	{{"1"}},
	{{"."}},
	{{"."}}, /* twice, because they matter */
	{{"+"}},
	{{"-"}},
	{{"_"}},
	{{"="}},
	{{"%"}},
	{{"!"}},
	{{"'"}},
	{{"`", "\xe1\xbf\xaf"}}, /* Greek varia */
	{{" "}},
	{{"@"}},
	{{"\""}},
	{{"\\"}},
	{{","}},
	{{";", "\xcd\xbe"}}, /* Greek question mark */
	{{":"}},
	{{"<"}},
	{{">"}},
	{{"("}},
	{{")"}},
	{{"["}},
	{{"]"}},
	{{"\xc3\xbc", "u\xcc\x88"}}, /* u, U with two dots */
	{{"\xc3\x9c", "U\xcc\x88"}},
	{{"\xc3\xa5", "a\xcc\x8a"}},
	{{"\xc3\x85", "A\xcc\x8a", "\xe2\x84\xab"}},  /* Angstrom sign */
	{{"\xe1\xba\x96", "h\xcc\xb1", "H\xcc\xb1"}}, /* has no capital */
	{{"\xe1\xba\x8d", "x\xcc\x88"}},
	{{"\xe1\xba\x8c", "X\xcc\x88"}},
	{{"q\xcc\x88", "Q\xcc\x88"}},                   /* does not compose */
	{{"\xea\xb0\x80", "\xe1\x84\x80\xe1\x85\xa1"}}, /* Hangul */
	{{"\xc3\x9f"}},                                 /* sharp s */
	{{"ss", "SS", "Ss"}},
	{{"\xd0\xb0"}}, /* Cyrillic, like an a */
	{{"\xce\xb1"}}, /* Greek, like an a */
	{{"\xe4\xb8\xad"}},
	{{"\xf0\x9f\x98\x80"}},
};

/* A label of a domain: the first spelling is its A-label. */
static const struct {
	const char *spelt[5];
} labels[] = {
	{{"a", "A", "\xef\xbd\x81"}}, /* full width */
	{{"b", "B"}},
	{{"ab", "Ab", "AB"}},
	{{"a-b", "A-B"}},
	{{"example", "EXAMPLE", "Example"}},
	{{"com", "COM"}},
	{{"co", "CO"}},
	{{"d1", "D1"}},
	{{"strasse", "STRASSE"}},
	{{"xn--strae-oqa", "XN--STRAE-OQA",
		"stra\xc3\x9f"
		"e"}},
	{{"xn--mnchen-3ya", "XN--Mnchen-3yA", "m\xc3\xbcnchen",
		"M\xc3\x9cNCHEN", "mu\xcc\x88nchen"}},
	{{"munchen", "MUNCHEN"}},
	{{"xn--e1afmkfd", "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80",
		"\xd0\x9f\xd0\xa0\xd0\x98\xd0\x9c\xd0\x95\xd0\xa0"}},
	{{"xn--mxa0b", "\xce\xb1\xcf\x83", "\xce\x91\xce\xa3"}},
	{{"xn--mxa8a", "\xce\xb1\xcf\x82"}}, /* the other sigma */
	{{"xn--28j", "\xe3\x81\x93"}},
	{{"xn--fiqs8s", "\xe4\xb8\xad\xe5\x9b\xbd"}},
};

static const char *const literals[] = {"[192.0.2.1]", "[192.0.2.11]",
	"[198.51.100.1]", "[IPv6:2001:db8::1]", "[IPv6:2001:db8::11]"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct box {
	size_t letters, labels; /* labels 0: an address literal */
	unsigned char letter[LETTERS_MAX], label[LABELS_MAX], literal;
};

static uint64_t seed;

/* xorshift64: 0 to n - 1. */
static size_t pick(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)((seed >> 11) % n);
}

static bool once_in(size_t n)
{
	return pick(n) == 0;
}

/* --- mailboxes ----------------------------------------------------------- */

static bool is_letter(const struct box *b, size_t i, const char *spelt)
{
	return strcmp(letters[b->letter[i]].spelt[0], spelt) == 0;
}

/* A local part of dots alone is none. */
static bool is_mailbox(const struct box *b)
{
	size_t dots = 0;

	for (size_t i = 0; i < b->letters; i++)
		dots += is_letter(b, i, ".");
	return dots < b->letters;
}

static void make(struct box *b)
{
	do {
		*b = (struct box){.letters = 1 + pick(5)};
		for (size_t i = 0; i < b->letters; i++)
			b->letter[i] = (unsigned char)pick(COUNT(letters));
		b->labels = once_in(12) ? 0 : 1 + pick(3);
		for (size_t i = 0; i < b->labels; i++)
			b->label[i] = (unsigned char)pick(COUNT(labels));
		b->literal = (unsigned char)pick(COUNT(literals));
	} while (!is_mailbox(b));
}

static void drop(unsigned char *v, size_t *n, size_t i)
{
	memmove(v + i, v + i + 1, --*n - i);
}

static void insert(unsigned char *v, size_t *n, size_t i, size_t what)
{
	memmove(v + i + 1, v + i, (*n)++ - i);
	v[i] = (unsigned char)what;
}

/* One thing is changed: what a careless reader might not see. */
static void change(struct box *b)
{
	size_t i = pick(b->letters);

	switch (pick(7)) {
	case 0:
		b->letter[i] = (unsigned char)pick(COUNT(letters));
		break;
	case 1:
		if (b->letters > 1)
			drop(b->letter, &b->letters, i);
		break;
	case 2:
		if (b->letters < LETTERS_MAX)
			insert(b->letter, &b->letters, i, pick(COUNT(letters)));
		break;
	case 3: /* u+tag to u */
		b->letters = i ? i : b->letters;
		break;
	case 4:
		if (b->labels)
			b->label[pick(b->labels)] =
				(unsigned char)pick(COUNT(labels));
		break;
	case 5:
		if (b->labels > 1)
			drop(b->label, &b->labels, pick(b->labels));
		else if (b->labels)
			insert(b->label, &b->labels, 0, pick(COUNT(labels)));
		break;
	default:
		b->literal = (unsigned char)pick(COUNT(literals));
	}
	if (!is_mailbox(b))
		make(b);
}

/* Letters that come in several rows are one where they are spelt alike. */
static bool is_one_letter(unsigned char a, unsigned char b)
{
	return strcmp(letters[a].spelt[0], letters[b].spelt[0]) == 0;
}

static bool is_one(const struct box *x, const struct box *y)
{
	if (x->letters != y->letters || x->labels != y->labels)
		return false;
	for (size_t i = 0; i < x->letters; i++)
		if (!is_one_letter(x->letter[i], y->letter[i]))
			return false;
	if (!x->labels)
		return x->literal == y->literal;
	return memcmp(x->label, y->label, x->labels) == 0;
}

/* --- spellings ------------------------------------------------------------ */

static char *put(char *p, const char *s)
{
	size_t n = strlen(s);

	memcpy(p, s, n);
	return p + n;
}

static const char *one_of(const char *const *spelt, size_t max)
{
	size_t n = 0;

	while (n < max && spelt[n])
		n++;
	return spelt[pick(n)];
}

/* Whether the word that begins with letter i must be quoted. */
static bool word_needs_quotes(const struct box *b, size_t i)
{
	size_t from = i;

	for (; i < b->letters; i++) {
		if (i > from && is_letter(b, i, "."))
			return false;
		if (strpbrk(letters[b->letter[i]].spelt[0], " @\"\\,;:<>()[]"))
			return true;
	}
	return false;
}

static char *spell_letter(char *p, unsigned char letter, bool quoted)
{
	const char *s = one_of(letters[letter].spelt, 4);
	bool must = *s == '"' || *s == '\\';

	if (quoted && (unsigned char)*s < 0x80 && (must || once_in(4)))
		*p++ = '\\';
	return put(p, s);
}

/*
 * All of it is in quotes, dots, too, or each word between dots is, or none:
 * as it may be, unless a word has what must be quoted.
 */
static char *spell_local(char *p, const struct box *b)
{
	bool whole = once_in(2), open = whole;

	p = put(p, open ? "\"" : "");
	for (size_t i = 0; i < b->letters; i++) {
		bool dot = is_letter(b, i, ".");

		if (!whole && !dot && (i == 0 || is_letter(b, i - 1, "."))) {
			open = word_needs_quotes(b, i) || once_in(8);
			p = put(p, open ? "\"" : "");
		}
		if (!whole && dot && open) {
			p = put(p, "\"");
			open = false;
		}
		p = spell_letter(p, b->letter[i], open);
	}
	return put(p, open ? "\"" : "");
}

static char *spell_domain(char *p, const struct box *b)
{
	static const char *const dots[] = {
		".", ".", ".", ".", "\xe3\x80\x82"}; /* ideographic */

	if (!b->labels) {
		for (const char *c = literals[b->literal]; *c; c++)
			*p++ = ascii_is_alpha((unsigned char)*c) && once_in(2)
				       ? (char)(*c ^ 0x20)
				       : *c;
		return p;
	}
	for (size_t i = 0; i < b->labels; i++) {
		p = i ? put(p, dots[pick(COUNT(dots))]) : p;
		p = put(p, one_of(labels[b->label[i]].spelt, 5));
	}
	return once_in(6) ? put(p, ".") : p;
}

static struct str spell(const struct box *b, char *out)
{
	bool angles = once_in(4);
	char *p = put(out, angles ? "<" : "");

	p = put(p, once_in(6) ? "@a.example,@b.example:" : "");
	p = put(spell_local(p, b), "@");
	p = put(spell_domain(p, b), angles ? ">" : "");
	return str_of(out, (size_t)(p - out));
}

/* --- pairs ---------------------------------------------------------------- */

static struct {
	unsigned long one, two, merged, split, refused, not_own;
} seen;

static bool read(struct harness *h, struct str s, struct address *out)
{
	struct address again;

	if (address_parse(h->context.ops, &h->arena, s, out) != ADDRESS_OK) {
		if (seen.refused++ < 10)
			printf("refused: " STR_FMT "\n", STR_ARG(s));
		return false;
	}
	if (address_parse(h->context.ops, &h->arena, out->key, &again) !=
			ADDRESS_OK ||
		!str_eq(out->key, again.key)) {
		if (seen.not_own++ < 10)
			printf("'" STR_FMT "': its key '" STR_FMT
			       "' has another\n",
				STR_ARG(s), STR_ARG(out->key));
	}
	return true;
}

static void try_pair(struct harness *h)
{
	char xs[400], ys[400];
	struct str sx, sy;
	struct box x, y;
	struct address ax, ay;
	bool one, equal;

	make(&x);
	y = x;
	if (once_in(4))
		make(&y);
	else if (!once_in(3))
		change(&y);
	sx = spell(&x, xs);
	sy = spell(&y, ys);
	one = is_one(&x, &y);
	arena_reset(&h->arena, 0);
	if (!read(h, sx, &ax) || !read(h, sy, &ay))
		return;
	equal = str_eq(ax.key, ay.key);
	seen.one += one;
	seen.two += !one;
	if (one == equal)
		return;
	seen.merged += equal;
	seen.split += one;
	if (seen.merged + seen.split <= 10)
		printf("'" STR_FMT "' and '" STR_FMT "' are %s, but have %s\n",
			STR_ARG(sx), STR_ARG(sy),
			one ? "one mailbox" : "two mailboxes",
			one ? "two keys" : "one key");
}

int main(int argc, char **argv)
{
	long pairs = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	struct harness h;

	seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	if (pairs < 1 || !seed)
		errx(64, "usage: identity PAIRS [SEED]");
	harness_init(&h);
	for (long i = 0; i < pairs; i++)
		try_pair(&h);
	harness_release(&h);
	printf("# note: %ld pairs (%lu of one mailbox, %lu of two): %lu "
	       "merged, "
	       "%lu split, %lu refused, %lu keys that are not their own\n",
		pairs, seen.one, seen.two, seen.merged, seen.split,
		seen.refused, seen.not_own);
	return seen.merged || seen.split || seen.refused || seen.not_own ||
	       seen.one < (unsigned long)pairs / 10 ||
	       seen.two < (unsigned long)pairs / 10;
}
