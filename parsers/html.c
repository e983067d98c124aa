/*
 * A scanner with two states, text and tag. What style and script hold is
 * skipped, as are comments; everything else that is no tag is text.
 */
#include "html.h"

struct writer {
	char *p;
	size_t n;
};

static void put(struct writer *w, char c)
{
	w->p[w->n++] = c;
}

/* The name of the tag behind '<' (and '/'). */
static struct str tag_name(struct str tag)
{
	size_t from = tag.n && tag.p[0] == '/', n = from;

	while (n < tag.n && ascii_is_alnum((unsigned char)tag.p[n]))
		n++;
	return str_sub(tag, from, n - from);
}

static bool is_one_of(struct str name, const char *const *names)
{
	for (; *names; names++)
		if (str_ieqz(name, *names))
			return true;
	return false;
}

/* Tags between which words do not run together. */
static bool breaks_line(struct str name)
{
	static const char *const names[] = {"br", "p", "div", "tr", "td", "th",
		"li", "ul", "ol", "h1", "h2", "h3", "h4", "hr", "table", "pre",
		"blockquote", "title", NULL};

	return is_one_of(name, names);
}

/* Length from '<' over the whole tag (or comment, or what must be skipped). */
static size_t tag_length(struct str rest)
{
	static const char *const hidden[] = {"style", "script", NULL};
	struct str comment = STR("<!--"), comment_end = STR("-->");
	struct str name;
	size_t n;

	if (str_starts(rest, comment)) {
		n = str_find(rest, comment_end);
		return n < rest.n ? n + 3 : rest.n;
	}
	name = tag_name(str_sub(rest, 1, rest.n));
	n = str_chr(rest, '>');
	n = n < rest.n ? n + 1 : rest.n;
	if (rest.n > 1 && rest.p[1] != '/' && is_one_of(name, hidden)) {
		struct str inside = str_sub(rest, n, rest.n);
		size_t end =
			str_ifind(inside, name.n == 5 ? "</style" : "</script");

		n += end;
	}
	return n;
}

static size_t put_code(struct writer *w, unsigned long c)
{
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	if (c == 0xa0)
		c = ' ';
	if (c < 0x80) {
		put(w, (char)c);
	} else if (c < 0x800) {
		put(w, (char)(0xc0 | c >> 6));
		put(w, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		put(w, (char)(0xe0 | c >> 12));
		put(w, (char)(0x80 | (c >> 6 & 0x3f)));
		put(w, (char)(0x80 | (c & 0x3f)));
	} else {
		put(w, (char)(0xf0 | c >> 18));
		put(w, (char)(0x80 | (c >> 12 & 0x3f)));
		put(w, (char)(0x80 | (c >> 6 & 0x3f)));
		put(w, (char)(0x80 | (c & 0x3f)));
	}
	return 1;
}

static unsigned long number(struct str digits)
{
	unsigned long n = 0;
	bool hex = digits.n && ascii_lower((unsigned char)digits.p[0]) == 'x';

	for (size_t i = hex; i < digits.n; i++) {
		unsigned char c = ascii_lower((unsigned char)digits.p[i]);

		if (ascii_is_digit(c))
			n = n * (hex ? 16 : 10) + (unsigned long)(c - '0');
		else if (hex && c >= 'a' && c <= 'f')
			n = n * 16 + (unsigned long)(c - 'a' + 10);
		else
			return 0;
	}
	return n;
}

/* "&lt;": its length when it is an entity that we know, having put it. */
static size_t put_entity(struct writer *w, struct str rest)
{
	static const struct {
		const char *name;
		unsigned char c;
	} rows[] = {
		{"lt",   '<' },
		{"gt",   '>' },
		{"amp",  '&' },
		{"quot", '"' },
		{"apos", '\''},
		{"nbsp", ' ' },
		{"#64",  '@' },
	};
	struct str name = str_sub(rest, 1, 10);
	size_t n = str_chr(name, ';');

	if (n == name.n)
		return 0;
	name.n = n;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_ieqz(name, rows[i].name)) {
			put(w, (char)rows[i].c);
			return n + 2;
		}
	if (n > 1 && name.p[0] == '#' &&
		put_code(w, number(str_sub(name, 1, n))))
		return n + 2;
	return 0;
}

/*
 * <a href="mailto:a@b.example">Some Body</a>: the address, where the words of
 * the link are not that already.
 */
static void put_link(struct writer *w, struct str tag, struct str behind)
{
	size_t from = str_ifind(tag, "mailto:") + 7, n = 0;
	struct str words = str_sub(behind, 0, str_chr(behind, '<'));

	if (from > tag.n || memchr(words.n ? words.p : "", '@', words.n))
		return;
	tag = str_sub(tag, from, tag.n);
	while (n < tag.n && !strchr("\"'?> ", tag.p[n]))
		n++;
	put(w, '<');
	for (size_t i = 0; i < n; i++)
		put(w, tag.p[i]);
	put(w, '>');
	put(w, ' ');
}

static void put_tag(struct writer *w, struct str tag, struct str behind)
{
	struct str name = tag_name(str_sub(tag, 1, tag.n));

	if (breaks_line(name))
		put(w, '\n');
	else if (str_ieqz(name, "a"))
		put_link(w, tag, behind);
}

struct str html_text(struct arena *a, struct str html)
{
	struct writer w = {.p = arena_alloc(a, html.n + 1)};
	size_t i = 0;

	if (!w.p)
		return STR_NULL;
	while (i < html.n) {
		struct str rest = str_sub(html, i, html.n);
		size_t n = 0;

		if (rest.p[0] == '<' && rest.n > 1 &&
			(ascii_is_alpha((unsigned char)rest.p[1]) ||
				strchr("/!?", rest.p[1]))) {
			n = tag_length(rest);
			put_tag(&w, str_sub(rest, 0, n),
				str_sub(rest, n, rest.n));
		} else if (rest.p[0] == '&') {
			n = put_entity(&w, rest);
		}
		if (!n) {
			put(&w, rest.p[0]);
			n = 1;
		}
		i += n;
	}
	return str_of(w.p, w.n);
}
