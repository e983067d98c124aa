/*
 * One table of dangerous characters (conf/quote.h) serves every output. A
 * bounce is written by a stranger: its diagnostic may hold an escape sequence
 * that renames the terminal's window, an override that turns an address round,
 * or a cell that a spreadsheet runs (threats: CWE-150, formula injection). They
 * are shown, never obeyed.
 */
#include "print.h"

#include <inttypes.h>
#include <stdio.h>
#include <uniwidth.h>

#include "quote.h"
#include "utf8.h"

#define NO_BREAK_SPACE 0xa0u

/* The code point of a valid character. */
static uint32_t code_of(struct str s)
{
	static const unsigned char mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t code = (unsigned char)s.p[0] & mask[s.n];

	for (size_t i = 1; i < s.n; i++)
		code = code << 6 | ((unsigned char)s.p[i] & 0x3fu);
	return code;
}

bool print_next(struct str *rest, struct print_char *c)
{
	bool valid;

	if (!rest->n)
		return false;
	c->bytes = str_sub(*rest, 0, utf8_character(*rest, &valid));
	c->code = valid ? code_of(c->bytes) : PRINT_BAD;
	*rest = str_sub(*rest, c->bytes.n, rest->n);
	return true;
}

/* How c is shown; the result stays until the next call with this buf. */
static struct str shown(const struct print_char *c, char buf[32])
{
	int n = 0;

	if (c->code == PRINT_BAD) {
		for (size_t i = 0; i < c->bytes.n; i++)
			n += snprintf(buf + n, 32 - (size_t)n, "\\x%02x",
				(unsigned char)c->bytes.p[i]);
		return str_of(buf, (size_t)n);
	}
	if (!quote_is_unsafe(c->code))
		return c->bytes;
	n = snprintf(buf, 32, c->code < 0x80 ? "\\x%02x" : "\\u{%04x}",
		(unsigned)c->code);
	return str_of(buf, (size_t)n);
}

bool print_hides(struct str s)
{
	struct print_char c;

	while (print_next(&s, &c))
		if (c.code == PRINT_BAD || quote_is_unsafe(c.code) ||
			c.code == NO_BREAK_SPACE)
			return true;
	return false;
}

void print_visible(struct out *o, struct str s)
{
	struct print_char c;
	char buf[32];

	while (print_next(&s, &c))
		out_str(o, shown(&c, buf));
}

const char *print_visible_buf(char *buf, size_t size, struct str s)
{
	size_t n = 0, cut = 0; /* where ".." would still fit */
	struct print_char c;
	char one[32];

	while (print_next(&s, &c)) {
		struct str t = shown(&c, one);

		if (n + t.n >= size) {
			snprintf(buf + cut, size - cut, "..");
			return buf;
		}
		memcpy(buf + n, t.p, t.n);
		n += t.n;
		if (n + 2 < size)
			cut = n;
	}
	buf[n] = '\0';
	return buf;
}

/* Columns of one character, of which t is what is shown. */
static size_t width_of(
	const struct print_char *c, struct str t, const char *escaped)
{
	int n;

	if (t.p == escaped)
		return t.n;
	n = uc_width(c->code, "UTF-8");
	return n < 0 ? 1 : (size_t)n;
}

static const char *html_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void print_html(struct out *o, struct str s, size_t limit)
{
	struct print_char c;
	char buf[32];

	for (; print_next(&s, &c); limit--) {
		const char *entity = html_entity(c.bytes.p[0]);

		if (!limit) {
			out_z(o, "\xe2\x80\xa6");
			return;
		}
		if (entity)
			out_z(o, entity);
		else
			out_str(o, shown(&c, buf));
	}
}

size_t print_width(struct str s)
{
	struct print_char c;
	char one[32];
	size_t n = 0;

	while (print_next(&s, &c))
		n += width_of(&c, shown(&c, one), one);
	return n;
}

size_t print_visible_part(struct out *o, struct str *rest, size_t width)
{
	struct str ahead = *rest;
	struct print_char c;
	char one[32];
	size_t used = 0;

	while (print_next(&ahead, &c)) {
		struct str t = shown(&c, one);
		size_t n = width_of(&c, t, one);

		if (used && used + n > width)
			break;
		out_str(o, t);
		used += n;
		*rest = ahead;
	}
	return used;
}

const char *print_number(char buf[PRINT_NUMBER], int64_t n)
{
	char digits[24], *to = buf;
	int len = snprintf(digits, sizeof(digits), "%" PRId64, n);

	if (n < 0)
		return "-";
	for (int i = 0; i < len; i++) {
		*to++ = digits[i];
		if (i + 1 < len && (len - i - 1) % 3 == 0)
			*to++ = ',';
	}
	*to = '\0';
	return buf;
}

const char *print_percent(char buf[PRINT_PERCENT], double part, double whole)
{
	double percent = whole > 0 ? part / whole * 100 : 0;

	if (percent > 0 && percent < 0.5)
		snprintf(buf, PRINT_PERCENT, "<1 %%");
	else
		snprintf(buf, PRINT_PERCENT, "%d %%", (int)(percent + 0.5));
	return buf;
}

/* Bytes that stand for themselves inside a JSON string. */
static const bool json_plain[256] = {
	[' ' ... '!'] = true,
	['#' ... '['] = true,
	[']' ... '~'] = true,
};

/* How many bytes of s stand for themselves, eight at a time. */
static size_t json_run(struct str s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	size_t n = 0, last = s.n - sizeof(ones);
	uint64_t w;

	while (n < s.n && s.n >= sizeof(w)) {
		uint64_t quote, slash, del, odd;

		n = n < last ? n : last; /* the last eight once more */
		memcpy(&w, s.p + n, sizeof(w));
		quote = (w ^ ones * '"') - ones;
		slash = (w ^ ones * '\\') - ones;
		del = (w ^ ones * 0x7f) - ones;
		odd = w | (w - ones * ' ') | quote | slash | del;
		if (odd & ones << 7)
			break;
		n += sizeof(w);
	}
	while (n < s.n && json_plain[(unsigned char)s.p[n]])
		n++;
	return n;
}

static void json_char(struct out *o, const struct print_char *c)
{
	static const char names[] = "b\bf\fn\nr\rt\t\"\"\\\\";
	uint32_t u = c->code;

	if (u == PRINT_BAD) {
		out_z(o, "\xef\xbf\xbd");
		return;
	}
	for (const char *p = names; u < 0x80 && *p; p += 2)
		if ((unsigned char)p[1] == u) {
			out_char(o, '\\');
			out_char(o, p[0]);
			return;
		}
	if (!quote_is_unsafe(u))
		out_str(o, c->bytes);
	else if (u < 0x10000)
		out_printf(o, "\\u%04x", (unsigned)u);
	else
		out_printf(o, "\\u%04x\\u%04x",
			(unsigned)(0xd800 + ((u - 0x10000) >> 10)),
			(unsigned)(0xdc00 + ((u - 0x10000) & 0x3ff)));
}

void print_json(struct out *o, struct str s)
{
	struct print_char c;

	out_char(o, '"');
	while (s.n) {
		size_t n = json_run(s);

		out_bytes(o, s.p, n);
		s = str_of(s.p + n, s.n - n);
		if (print_next(&s, &c))
			json_char(o, &c);
	}
	out_char(o, '"');
}

/*
 * Also where apostrophes of its own come first, so that the guard can be told
 * from these and taken off again.
 */
static bool is_formula(struct str s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] == '\'')
		i++;
	return i < s.n && memchr("=+-@\t\r\n", s.p[i], 7) != NULL;
}

struct str print_csv_unguard(struct str s)
{
	return s.n && *s.p == '\'' && is_formula(s) ? str_sub(s, 1, s.n) : s;
}

static bool needs_quotes(struct str s)
{
	if (s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' '))
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (memchr(",\"\r\n", s.p[i], 4))
			return true;
	return false;
}

/* CSV has no escapes: controls other than tab, CR and LF are replaced. */
static bool is_unfit_for_csv(uint32_t code)
{
	if (code == '\t' || code == '\r' || code == '\n')
		return false;
	return code == PRINT_BAD || code < 0x20 ||
	       (code >= 0x7f && code < 0xa0);
}

void print_csv(struct out *o, struct str s)
{
	bool quotes = needs_quotes(s);
	struct print_char c;

	if (quotes)
		out_char(o, '"');
	if (is_formula(s))
		out_char(o, '\'');
	while (print_next(&s, &c)) {
		if (c.code == '"')
			out_char(o, '"');
		if (is_unfit_for_csv(c.code))
			out_z(o, "\xef\xbf\xbd");
		else
			out_str(o, c.bytes);
	}
	if (quotes)
		out_char(o, '"');
}

void print_csv_exact(struct out *o, struct str s)
{
	if (!needs_quotes(s)) {
		out_str(o, s);
		return;
	}
	out_char(o, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			out_char(o, '"');
		out_char(o, s.p[i]);
	}
	out_char(o, '"');
}
