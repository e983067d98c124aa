/*
 * The text as it was meant: gateways and people quote it, wrap its lines in
 * the middle of an address, or leave signs in it that look like ASCII and are
 * not. What is put out is never longer than what came in.
 */
#include "text.h"
#include "utf8.h"

#define BRACKETS_MAX 128u /* an address that was wrapped, at most */

/* The "> " of a mail that somebody forwarded; ">>>" is a dialogue's. */
static size_t quote_length(struct str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '>' &&
		(n + 1 == line.n || line.p[n + 1] == ' ' ||
			line.p[n + 1] == '\n'))
		n += n + 1 < line.n && line.p[n + 1] == ' ' ? 2 : 1;
	return n;
}

/* Signs of three bytes with a twin in ASCII; 0: nothing to be seen. */
static int twin_of(unsigned char a, unsigned char b)
{
	if (a == 0x80 && b == 0x99)
		return '\''; /* U+2019 */
	if (a == 0x80 && (b == 0x9c || b == 0x9d))
		return '"';
	if (a == 0x80 && ((b >= 0x8b && b <= 0x8f) || (b >= 0xaa && b <= 0xae)))
		return 0; /* of no width, or the direction of writing */
	return -1;
}

/* Full-width forms, U+FF01 to U+FF5E, as far as they stand in addresses. */
static int narrow(unsigned char a, unsigned char b)
{
	unsigned c = (unsigned)(a - 0xbc) * 64 + (unsigned)(b - 0x80);
	int ascii = (int)c + 0x20;

	if (a < 0xbc || a > 0xbd || c == 0 || c > 0x5e)
		return -1;
	return strchr("<>@():;.,", ascii) ? ascii : -1;
}

/* The twin of the sign that p begins with, and its length; -1: it has none. */
static int ascii_of(const unsigned char *p, size_t n, size_t *used)
{
	*used = 2;
	if (n >= 2 && p[0] == 0xc2)
		return p[1] == 0xa0 ? ' ' : p[1] == 0xad ? 0 : -1;
	*used = 3;
	if (n < 3)
		return -1;
	if (p[0] == 0xe2)
		return twin_of(p[1], p[2]);
	if (p[0] == 0xe3)
		return p[1] == 0x80 && p[2] == 0x80 ? ' ' : -1;
	if (p[0] == 0xef)
		return p[1] == 0xbb && p[2] == 0xbf ? 0 : narrow(p[1], p[2]);
	return -1;
}

static size_t put_line(char *to, struct str line)
{
	const unsigned char *p = (const unsigned char *)line.p;
	size_t n = 0;

	if (line.n && utf8_is_ascii(line)) {
		memcpy(to, line.p, line.n);
		return line.n;
	}
	for (size_t i = 0; i < line.n; i++) {
		size_t used = 1;
		int c = p[i] < 0xc2 ? -1 : ascii_of(p + i, line.n - i, &used);

		if (c < 0) {
			to[n++] = line.p[i];
			continue;
		}
		if (c)
			to[n++] = (char)c;
		i += used - 1;
	}
	return n;
}

/* Whether what p[0..n) ends in is a '<' that the next line closes. */
static bool is_open(const char *p, size_t n, struct str next)
{
	size_t from = n, to = 0, at = 0;

	/* Few lines have one at all. */
	if (!memrchr(p, '<', n))
		return false;
	while (from && n - from < BRACKETS_MAX && p[from - 1] != '<' &&
		p[from - 1] != '>' &&
		!ascii_is_space((unsigned char)p[from - 1]))
		at += p[--from] == '@';
	if (!from || p[from - 1] != '<')
		return false;
	while (to < next.n && to < BRACKETS_MAX && next.p[to] != '<' &&
		next.p[to] != '>' && !ascii_is_space((unsigned char)next.p[to]))
		at += next.p[to++] == '@';
	return at == 1 && to < next.n && next.p[to] == '>';
}

/* "exam=", LF, "ple.com": a soft break that nobody undid. */
static bool is_soft(const char *p, size_t n, struct str next)
{
	return n >= 2 && p[n - 1] == '=' &&
	       ascii_is_alnum((unsigned char)p[n - 2]) && next.n &&
	       ascii_is_alnum((unsigned char)next.p[0]);
}

static struct str skip_blanks(struct str s)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == ' ' || s.p[n] == '\t'))
		n++;
	return str_sub(s, n, s.n);
}

struct str text_tidy(struct arena *a, struct str subject, struct str body)
{
	char *p = arena_alloc(a, subject.n + 1 + body.n);
	bool ascii = utf8_is_ascii(body);
	size_t n = 0;

	if (!p)
		return STR_NULL;
	n = put_line(p, subject);
	for (size_t i = str_chr(str_of(p, n), '\n'); i < n; i++)
		p[i] = p[i] == '\n' ? ' ' : p[i];
	p[n++] = '\n';
	while (body.n) {
		size_t end, begin = n;
		struct str line;

		body = str_sub(body, quote_length(body), body.n);
		end = str_chr(body, '\n');
		line = str_sub(body, 0, end);
		if (ascii && end) {
			memcpy(p + n, line.p, end);
			n += end;
		} else {
			n += put_line(p + n, line);
		}
		if (end == body.n)
			break;
		body = str_sub(body, end + 1, body.n);
		if (is_soft(p + begin, n - begin, body))
			n--;
		else if (is_open(p + begin, n - begin, skip_blanks(body)))
			body = skip_blanks(body);
		else
			p[n++] = '\n';
	}
	return str_of(p, n);
}
