/*
 * RFC 2045 6.7 and 6.8: quoted-printable and base64 undone, up to a limit.
 * What does not follow the rules is passed over or kept as it stands: a
 * bounce with a damaged character is still a bounce.
 */
#include "rfc2045.h"
#include "verdict.h"

enum {
	PAD = 64,
	JUNK = 128,
	NO_DIGIT = PAD | JUNK
};

/* clang-format off: one row a line would hide the alphabet */
#define X   JUNK
#define X8  X, X, X, X, X, X, X, X
#define X64 X8, X8, X8, X8, X8, X8, X8, X8

static const unsigned char base64_digit[256] = {
	X8,
	X8,
	X8,
	X8,
	X8,
	X,
	X,
	X,
	62,
	X,
	X,
	X,
	63,
	52,
	53,
	54,
	55,
	56,
	57,
	58,
	59,
	60,
	61,
	X,
	X,
	X,
	PAD,
	X,
	X,
	X,
	0,
	1,
	2,
	3,
	4,
	5,
	6,
	7,
	8,
	9,
	10,
	11,
	12,
	13,
	14,
	15,
	16,
	17,
	18,
	19,
	20,
	21,
	22,
	23,
	24,
	25,
	X,
	X,
	X,
	X,
	X,
	X,
	26,
	27,
	28,
	29,
	30,
	31,
	32,
	33,
	34,
	35,
	36,
	37,
	38,
	39,
	40,
	41,
	42,
	43,
	44,
	45,
	46,
	47,
	48,
	49,
	50,
	51,
	X,
	X,
	X,
	X,
	X,
	X64,
	X64,
};

#undef X
#undef X8
#undef X64

/* clang-format on */

/* What is being written: as much as fits. */
struct sink {
	char *p, *end;
	bool full; /* something did not fit */
};

static void put(struct sink *out, const char *p, size_t n)
{
	if (n > (size_t)(out->end - out->p)) {
		n = (size_t)(out->end - out->p);
		out->full = true;
	}
	memcpy(out->p, p, n);
	out->p += n;
}

/* Whole groups of four digits; returns where another kind of byte stands. */
static const unsigned char *base64_groups(
	const unsigned char *p, const unsigned char *end, struct sink *out)
{
	while (end - p >= 4 && out->end - out->p >= 3) {
		unsigned a = base64_digit[p[0]], b = base64_digit[p[1]];
		unsigned c = base64_digit[p[2]], d = base64_digit[p[3]];

		if ((a | b | c | d) & NO_DIGIT)
			break;
		out->p[0] = (char)(a << 2 | b >> 4);
		out->p[1] = (char)(b << 4 | c >> 2);
		out->p[2] = (char)(c << 6 | d);
		out->p += 3;
		p += 4;
	}
	return p;
}

static void base64(struct str s, struct sink *out)
{
	const unsigned char *p = (const unsigned char *)s.p, *end = p + s.n;
	unsigned bits = 0, n = 0; /* n bits not yet written */

	while (!out->full) {
		unsigned digit;

		if (n == 0)
			p = base64_groups(p, end, out);
		if (p == end)
			return;
		digit = base64_digit[*p++];
		if (digit == PAD)
			n = 0; /* another run of base64 may follow */
		if (digit & NO_DIGIT)
			continue;
		bits = bits << 6 | digit;
		n += 6;
		if (n >= 8) {
			n -= 8;
			put(out, &(char){(char)(bits >> n)}, 1);
		}
	}
}

/* One line without its LF and the blanks before it; true: a soft break. */
static bool qp_line(struct str line, struct sink *out)
{
	for (;;) {
		size_t n = str_chr(line, '=');
		int high = -1, low = -1;

		put(out, line.p, n);
		if (n + 1 >= line.n)
			return n < line.n;
		if (n + 2 < line.n) {
			high = ascii_hex((unsigned char)line.p[n + 1]);
			low = ascii_hex((unsigned char)line.p[n + 2]);
		}
		if (high >= 0 && low >= 0) {
			put(out, &(char){(char)(high * 16 + low)}, 1);
			n += 2;
		} else {
			put(out, "=", 1);
		}
		line = str_sub(line, n + 1, line.n);
	}
}

static void quoted_printable(struct str s, struct sink *out)
{
	struct str line;

	while (!out->full && str_line(&s, &line)) {
		bool lf = s.p > line.p + line.n;

		while (line.n && (line.p[line.n - 1] == ' ' ||
					 line.p[line.n - 1] == '\t'))
			line.n--;
		if (!qp_line(line, out) && lf)
			put(out, "\n", 1);
	}
}

/* CRLF and CR to LF, in place; not in UTF-16, where they are no bytes. */
static struct str one_newline(char *p, size_t n)
{
	struct str s = {p, n};
	size_t from = str_chr(s, '\r'), to = from;

	if (from == n || str_chr(s, '\0') < n)
		return s;
	for (; from < n; from++) {
		bool cr = p[from] == '\r';

		from += cr && from + 1 < n && p[from + 1] == '\n';
		p[to++] = cr ? '\n' : p[from];
	}
	return str_of(p, to);
}

struct str rfc2045_decode(struct arena *a, enum encoding e, struct str body,
	size_t max, unsigned *limits)
{
	size_t size = e == ENCODING_BASE64 ? body.n / 4 * 3 + 3 : body.n;
	struct sink out = {.full = false};
	char *start;

	if (e != ENCODING_QP && e != ENCODING_BASE64) {
		if (body.n > max)
			*limits |= LIMIT_TEXT;
		return str_sub(body, 0, max);
	}
	size = size < max ? size : max;
	start = out.p = arena_alloc(a, size);
	if (!start) {
		*limits |= LIMIT_MEMORY;
		return str_of("", 0);
	}
	out.end = out.p + size;
	if (e == ENCODING_BASE64)
		base64(body, &out);
	else
		quoted_printable(body, &out);
	if (out.full)
		*limits |= LIMIT_TEXT;
	return one_newline(start, (size_t)(out.p - start));
}
