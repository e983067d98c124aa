/*
 * Addresses in lines of text. A line may hold as many '@' as a mail has bytes,
 * so what stands around them is never looked at anew for each: brackets are
 * remembered while the line is walked through, and everything else that is
 * looked at ends at the next '@'.
 */
#include "text.h"

static const bool local_char[256] = {
	['A' ... 'Z'] = true,
	['a' ... 'z'] = true,
	['0' ... '9'] = true,
	['!'] = true,
	['#' ... '\''] = true,
	['*'] = true,
	['+'] = true,
	['-' ... '/'] = true,
	['='] = true,
	['?'] = true,
	['^' ... '`'] = true,
	['{' ... '~'] = true,
};

static bool is_local(char c)
{
	return local_char[(unsigned char)c];
}

static bool is_domain(char c)
{
	return ascii_is_alnum((unsigned char)c) || c == '.' || c == '-';
}

static bool ends_brackets(char c)
{
	return c == '<' || c == '>' || ascii_is_space((unsigned char)c);
}

/* The brackets around the byte that was asked for last. */
struct brackets {
	size_t seen;  /* how far the line was looked at */
	size_t open;  /* behind the '<'; 0: there is none */
	size_t close; /* of what ends them; 0: not yet looked for */
	bool plain;   /* '>' ends them, and there is no ':' inside */
};

static void find_brackets(struct str line, size_t at, struct brackets *b)
{
	for (; b->seen < at; b->seen++) {
		char c = line.p[b->seen];

		if (ends_brackets(c)) {
			b->open = c == '<' ? b->seen + 1 : 0;
			b->close = 0;
		}
	}
	if (!b->open || b->close)
		return;
	b->plain = true;
	for (b->close = b->open; b->close < line.n; b->close++) {
		if (ends_brackets(line.p[b->close]))
			break;
		b->plain &= line.p[b->close] != ':';
	}
	b->plain &= b->close < line.n && line.p[b->close] == '>';
}

/* <...> around an '@' without space: taken as it is, whatever it holds. */
static struct str in_brackets(struct str line, size_t at, struct brackets *b)
{
	find_brackets(line, at, b);
	if (!b->open || !b->plain || b->open == at || at + 1 == b->close)
		return STR_NULL;
	return str_sub(line, b->open, b->close - b->open);
}

/*
 * Whether the two bytes at i are a letter of a script that is written with
 * spaces: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic (U+00C0 to U+06FF).
 * It belongs to the address that it touches (RFC 6531); a Chinese or Japanese
 * sentence may end where an address begins.
 */
static bool is_letter(struct str line, size_t i)
{
	unsigned char lead, next;

	if (i + 1 >= line.n)
		return false;
	lead = (unsigned char)line.p[i];
	next = (unsigned char)line.p[i + 1];
	return lead >= 0xc3 && lead <= 0xdb && next >= 0x80 && next <= 0xbf;
}

static size_t local_begin(struct str line, size_t at)
{
	size_t from = at;

	if (from && line.p[from - 1] == '"') {
		from--;
		while (from && line.p[from - 1] != '"')
			from--;
		return from ? from - 1 : at; /* no quote opens it */
	}
	for (;;) {
		if (from && is_local(line.p[from - 1]))
			from--;
		else if (from > 1 && is_letter(line, from - 2))
			from -= 2;
		else
			break;
	}
	while (from < at && strchr("'*.=-/", line.p[from]))
		from++;
	return from;
}

static struct str address_at(struct str line, size_t at, struct brackets *b)
{
	struct str s = in_brackets(line, at, b);
	size_t from, to = at + 1;

	if (s.p)
		return s;
	from = local_begin(line, at);
	while (to < line.n && (is_domain(line.p[to]) || is_letter(line, to)))
		to += is_domain(line.p[to]) ? 1 : 2;
	while (to > at && strchr(".-", line.p[to - 1]))
		to--;
	if (from == at || to <= at + 1)
		return STR_NULL;
	return str_sub(line, from, to - from);
}

/* "a@d.example <b@d.example>": the first is only a name. */
static struct str behind_name(struct str line, struct str first)
{
	size_t end = (size_t)(first.p + first.n - line.p);
	struct str rest = str_sub(line, end, line.n);
	struct brackets b = {.seen = 0};
	size_t at = str_chr(rest, '@');

	if (rest.n > 2 && rest.p[0] == ' ' && rest.p[1] == '<' && at < rest.n) {
		struct str s = in_brackets(rest, at, &b);

		if (s.p == rest.p + 2)
			return s;
	}
	return first;
}

struct str text_address(struct str line)
{
	struct brackets b = {.seen = 0};
	size_t at = 0;

	while (at < line.n) {
		struct str s;

		at += str_chr(str_sub(line, at, line.n), '@');
		if (at >= line.n)
			break;
		s = address_at(line, at, &b);
		if (s.p)
			return behind_name(line, s);
		at++;
	}
	return STR_NULL;
}
