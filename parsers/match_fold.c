/*
 * Folding, which both phrases and texts go through. Text is made of words and
 * spaces in no order that a branch could foresee: a byte is looked up, written,
 * and counted or not; only where a code, an address or a letter that is not
 * ASCII may be does anything ask.
 */
#include "match.h"

enum {
	OTHER = 0,
	SPACE = 1,
	CODE = 2, /* behind a space: may be a reply code */
	PAIR,     /* may be the second byte of a letter */
	AT
};

static const unsigned char kind[256] = {
	[' '] = SPACE,
	['\t' ... '\r'] = SPACE,
	['4' ... '5'] = CODE,
	['@'] = AT,
	[0x80 ... 0xbf] = PAIR,
};

/* The bits by which a byte differs from what it folds to. */
static const unsigned char flip[256] = {
	['A' ... 'Z'] = 'a' ^ 'A',
	['\t'] = '\t' ^ ' ',
	['\n'] = '\n' ^ ' ',
	['\v'] = '\v' ^ ' ',
	['\f'] = '\f' ^ ' ',
	['\r'] = '\r' ^ ' ',
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

/* What may stand in an address token, beside the '@'. */
static bool is_token(unsigned char c)
{
	return ascii_is_alnum(c) || (c && strchr("._%+-=!#$&'*/?^`{|}~", c));
}

struct fold {
	char *p;
	size_t n;
};

/* An '@' between a token and a domain makes them one '@'. */
static size_t fold_at(struct fold *f, struct str text, size_t i)
{
	size_t n = domain_length(text, i), token = f->n;

	while (token && is_token((unsigned char)f->p[token - 1]))
		token--;
	if (token < f->n && n > 1)
		f->n = token;
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

/* What asks for a closer look at text[i]; how many bytes were used. */
static size_t fold_special(struct fold *f, struct str text, size_t i)
{
	unsigned char c = (unsigned char)text.p[i];

	if (c == '@')
		return fold_at(f, text, i);
	if (kind[c] == CODE)
		return reply_length(text, i);
	f->p[f->n++] = (char)c;
	if (f->n >= 2)
		fold_pair((unsigned char *)f->p + f->n - 2);
	return 1;
}

size_t match_fold_piece(char *to, struct str piece)
{
	struct fold f = {.p = to};
	unsigned space = SPACE; /* before it, or OTHER; leading space goes */
	size_t i = 0;

	while (i < piece.n) {
		unsigned char c = (unsigned char)piece.p[i];
		unsigned k = kind[c];

		if (k > CODE - space) {
			size_t n = fold_special(&f, piece, i);

			i += n;
			space = k == CODE ? SPACE : OTHER;
			if (n)
				continue;
		}
		f.p[f.n] = (char)(c ^ flip[c]);
		f.n += !(space & k);
		space = k & SPACE;
		i++;
	}
	return f.n;
}

struct str match_fold(struct arena *a, struct str text)
{
	char *p = arena_alloc(a, text.n + 1);

	return str_of(p, p ? match_fold_piece(p, text) : 0);
}
