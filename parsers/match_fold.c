/*
 * Folding, which both phrases and texts go through. Most bytes are letters
 * and digits inside of words: those are read through a table, in a row.
 */
#include "match.h"

/* Lower case of what may stand in an address token, beside the '@'; else 0. */
static const char token_char[256] = {
#define LETTER(upper, lower) [upper] = lower, [lower] = lower
	LETTER('A', 'a'),
	LETTER('B', 'b'),
	LETTER('C', 'c'),
	LETTER('D', 'd'),
	LETTER('E', 'e'),
	LETTER('F', 'f'),
	LETTER('G', 'g'),
	LETTER('H', 'h'),
	LETTER('I', 'i'),
	LETTER('J', 'j'),
	LETTER('K', 'k'),
	LETTER('L', 'l'),
	LETTER('M', 'm'),
	LETTER('N', 'n'),
	LETTER('O', 'o'),
	LETTER('P', 'p'),
	LETTER('Q', 'q'),
	LETTER('R', 'r'),
	LETTER('S', 's'),
	LETTER('T', 't'),
	LETTER('U', 'u'),
	LETTER('V', 'v'),
	LETTER('W', 'w'),
	LETTER('X', 'x'),
	LETTER('Y', 'y'),
	LETTER('Z', 'z'),
#undef LETTER
#define SELF(c) [c] = c
	SELF('0'),
	SELF('1'),
	SELF('2'),
	SELF('3'),
	SELF('4'),
	SELF('5'),
	SELF('6'),
	SELF('7'),
	SELF('8'),
	SELF('9'),
	SELF('.'),
	SELF('_'),
	SELF('%'),
	SELF('+'),
	SELF('-'),
	SELF('='),
	SELF('!'),
	SELF('#'),
	SELF('$'),
	SELF('&'),
	SELF('\''),
	SELF('*'),
	SELF('/'),
	SELF('?'),
	SELF('^'),
	SELF('`'),
	SELF('{'),
	SELF('|'),
	SELF('}'),
	SELF('~'),
#undef SELF
};

/*
 * Second bytes of UTF-8 pairs whose letters have their lower case at a fixed
 * distance (Unicode blocks Latin-1, Greek, Cyrillic).
 */
static void fold_pair(unsigned char *p)
{
	static const struct {
		unsigned char lead, from, to, new_lead;
		signed char add;
	} rows[] = {
		{0xc3, 0x80, 0x9e, 0xc3, 0x20 }, /* U+00C0..U+00DE */
		{0xce, 0x91, 0x9f, 0xce, 0x20 }, /* U+0391..U+039F */
		{0xce, 0xa0, 0xa9, 0xcf, -0x20}, /* U+03A0..U+03A9 */
		{0xd0, 0x80, 0x8f, 0xd1, 0x10 }, /* U+0400..U+040F */
		{0xd0, 0x90, 0x9f, 0xd0, 0x20 }, /* U+0410..U+041F */
		{0xd0, 0xa0, 0xaf, 0xd1, -0x20}, /* U+0420..U+042F */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (p[0] == rows[i].lead && p[1] >= rows[i].from &&
			p[1] <= rows[i].to) {
			p[0] = rows[i].new_lead;
			p[1] = (unsigned char)(p[1] + rows[i].add);
			return;
		}
}

/* Length of the rest of an address whose '@' is text[i]. */
static size_t domain_length(struct str text, size_t i)
{
	size_t n = 1;

	while (i + n < text.n &&
		(ascii_is_alnum((unsigned char)text.p[i + n]) ||
			text.p[i + n] == '.' || text.p[i + n] == '-'))
		n++;
	while (n > 1 && text.p[i + n - 1] == '.')
		n--; /* the full stop behind it */
	return n;
}

struct fold {
	char *p;
	size_t n;
	size_t token; /* where the token being written began */
};

/* An '@' between a token and a domain makes them one '@'. */
static size_t fold_at(struct fold *f, struct str text, size_t i)
{
	size_t n = domain_length(text, i);

	if (f->n > f->token && n > 1)
		f->n = f->token;
	else
		n = 1;
	f->p[f->n++] = '@';
	return n;
}

static size_t digits_at(struct str s, size_t i, size_t max)
{
	size_t n = 0;

	while (n < max && i + n < s.n &&
		ascii_is_digit((unsigned char)s.p[i + n]))
		n++;
	return n;
}

/* "5.1.1 " at s[i]: its length with the space behind it, or 0. */
static size_t status_length(struct str s, size_t i)
{
	size_t at = i;

	for (int part = 0; part < 3; part++) {
		size_t n = digits_at(s, at, 3);

		if (!n || (part < 2 && (at + n >= s.n || s.p[at + n] != '.')))
			return 0;
		at += n + (part < 2);
	}
	return at == s.n || ascii_is_space((unsigned char)s.p[at]) ? at - i : 0;
}

/*
 * The codes that begin each line of a long reply, "550-5.1.1 " and at last
 * "550 5.1.1 ": left out, so that they do not cut a sentence in two.
 */
static size_t reply_length(struct str s, size_t i)
{
	size_t n, status;

	if ((s.p[i] != '4' && s.p[i] != '5') || digits_at(s, i, 4) != 3)
		return 0;
	n = i + 3;
	if (n >= s.n || (s.p[n] != '-' && s.p[n] != ' '))
		return 0;
	status = status_length(s, n + 1);
	if (status)
		return 4 + status;
	return s.p[n] == '-' ? 4 : 0;
}

/* Copy the rest of a token; how many bytes of it there were. */
static size_t fold_token(struct fold *f, struct str text, size_t i)
{
	size_t n = 0;
	char c;

	while (i + n < text.n &&
		(c = token_char[(unsigned char)text.p[i + n]])) {
		f->p[f->n + n] = c;
		n++;
	}
	f->n += n;
	return n;
}

/* A byte that belongs to no token; how many were used. */
static size_t fold_other(struct fold *f, struct str text, size_t i)
{
	unsigned char c = (unsigned char)text.p[i];
	size_t n = 1;

	if (c == '@')
		n = fold_at(f, text, i);
	else
		f->p[f->n++] = (char)c;
	if (c >= 0x80 && c < 0xc0 && f->n >= 2)
		fold_pair((unsigned char *)f->p + f->n - 2);
	f->token = f->n;
	return n;
}

size_t match_fold_piece(char *to, struct str piece)
{
	struct fold f = {.p = to};
	bool space = true; /* leading space goes */
	size_t i = 0;

	while (i < piece.n) {
		if (ascii_is_space((unsigned char)piece.p[i])) {
			if (!space)
				f.p[f.n++] = ' ';
			f.token = f.n;
			space = true;
			i++;
			continue;
		}
		if (space) {
			size_t n = reply_length(piece, i);

			i += n;
			if (n)
				continue;
		}
		space = false;
		i += fold_token(&f, piece, i);
		if (i < piece.n && !ascii_is_space((unsigned char)piece.p[i]))
			i += fold_other(&f, piece, i);
	}
	return f.n;
}

struct str match_fold(struct arena *a, struct str text)
{
	char *p = arena_alloc(a, text.n + 1);

	return str_of(p, p ? match_fold_piece(p, text) : 0);
}
