/*
 * What libetpan 1.9.4 does with hostile bytes, and what is therefore refused
 * here: it recurses for each parenthesis (a stack overflow at about 20,000),
 * keeps a line of any length, allocates what a literal announces, takes a
 * literal or a quoted string where it was sent as text, and follows a null
 * pointer for a malformed PERMANENTFLAGS or an ALERT without words.
 *
 * The rule that keeps guard and parser in step: the guard may believe to be
 * in a line while the parser is in a literal (it is then merely too strict),
 * but never the other way round. What could be read in two ways is refused.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "guard.h"

void guard_init(struct guard *g, guard_line_fn *fn, void *arg)
{
	memset(g, 0, sizeof(*g));
	g->fn = fn;
	g->arg = arg;
}

void guard_begin(struct guard *g, uint64_t bytes, uint64_t literal)
{
	g->bytes_max = bytes;
	g->literal_max = literal;
	g->bytes = 0;
	g->lines = 0;
}

const char *guard_why(const struct guard *g)
{
	return g->why;
}

static int refuse(struct guard *g, const char *why)
{
	g->refused = true;
	snprintf(g->why, sizeof(g->why), "%s", why);
	return -1;
}

static int refuse_above(struct guard *g, const char *what, uint64_t max)
{
	g->refused = true;
	snprintf(g->why, sizeof(g->why), "%s above %llu", what,
		(unsigned long long)max);
	return -1;
}

bool guard_is_text(const char *head, size_t n)
{
	static const char *const words[] = {
		"OK", "NO", "BAD", "BYE", "PREAUTH"};
	size_t from, to;

	if (n == 0 || head[0] != '*')
		return true; /* a continuation, or tagged */
	from = n > 1 && head[1] == ' ' ? 2 : 1;
	for (to = from; to < n && head[to] != ' '; to++)
		;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == to - from &&
			strncasecmp(head + from, words[i], to - from) == 0)
			return true;
	return false;
}

/* What kind of line this is, once that can be known. */
static int classify(struct guard *g)
{
	static const char namespaces[] = "* NAMESPACE";

	if (g->classed)
		return 0;
	g->classed = true;
	g->text = guard_is_text(g->head, g->head_n);
	if (!g->namespaces && g->head_n >= sizeof(namespaces) - 1 &&
		strncasecmp(g->head, namespaces, sizeof(namespaces) - 1) == 0)
		return refuse(g, "a list of namespaces nobody asked for");
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Collapse white space, so that no amount of it hides the first words. */
static void keep_head(struct guard *g, char c)
{
	if (is_blank(c))
		c = ' ';
	if (g->head_n == sizeof(g->head))
		return;
	if (c == ' ' && (g->head_n == 0 || g->head[g->head_n - 1] == ' '))
		return;
	g->head[g->head_n++] = c;
}

/* Whether the head ends in this response code, such as "[PERMANENTFLAGS". */
static bool head_ends(const struct guard *g, const char *code)
{
	size_t n = strlen(code), end = g->head_n;

	while (end > 0 && g->head[end - 1] == ' ')
		end--;
	if (end <= n || strncasecmp(g->head + end - n, code, n) != 0)
		return false;
	end -= n;
	while (end > 0 && g->head[end - 1] == ' ')
		end--;
	return end > 0 && g->head[end - 1] == '[';
}

/* "[ALERT]" and "[PARSE]" must have words: libetpan copies them unasked. */
static bool is_wordless_alert(const struct guard *g)
{
	static const char *const codes[] = {"ALERT", "PARSE"};
	const char *p = memchr(g->head, '[', g->head_n);
	const char *end = g->head + g->head_n;

	if (!p || g->head_n == sizeof(g->head))
		return false;
	while (++p < end && *p == ' ')
		;
	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(codes[i]);

		if ((size_t)(end - p) <= n || strncasecmp(p, codes[i], n) != 0)
			continue;
		for (p += n; p < end && *p == ' '; p++)
			;
		if (p == end || *p != ']')
			return false;
		while (++p < end && *p == ' ')
			;
		return p == end;
	}
	return false;
}

static bool is_fetch(const struct guard *g)
{
	size_t i = 2;

	if (g->head_n < 9 || memcmp(g->head, "* ", 2) != 0)
		return false;
	while (i < g->head_n && g->head[i] >= '0' && g->head[i] <= '9')
		i++;
	return g->head_n - i > 6 && strncasecmp(g->head + i, " FETCH ", 7) == 0;
}

static int end_line(struct guard *g)
{
	if (g->state == GUARD_QUOTED || g->state == GUARD_ESCAPE)
		return refuse(g, "a quoted string that does not end");
	if (g->state != GUARD_PLAIN)
		return refuse(g, "a malformed list of flags");
	if (classify(g) < 0)
		return -1;
	if (g->text && is_wordless_alert(g))
		return refuse(g, "an alert without words");
	if (!is_fetch(g) && ++g->lines > GUARD_LINES)
		return refuse_above(g, "responses in one answer", GUARD_LINES);
	if (g->fn)
		g->fn(g->arg, g->head, g->head_n);
	g->greeted = true;
	g->line = 0;
	g->depth = 0;
	g->head_n = 0;
	g->classed = false;
	return 0;
}

static int open_parenthesis(struct guard *g)
{
	if (++g->depth > GUARD_DEPTH)
		return refuse_above(g, "depth of parentheses", GUARD_DEPTH);
	if (classify(g) < 0)
		return -1;
	if (!g->text)
		return 0;
	if (head_ends(g, "BADCHARSET"))
		return refuse(g, "a list of character sets nobody asked for");
	if (!head_ends(g, "PERMANENTFLAGS"))
		return 0;
	/* libetpan parses a greeting without the context that this needs. */
	if (!g->greeted)
		return refuse(g, "a list of flags before anything was asked");
	g->state = GUARD_FLAGS;
	return 0;
}

static int feed_plain(struct guard *g, char c)
{
	switch (c) {
	case '\n':
		return end_line(g);
	case '(':
		return open_parenthesis(g);
	case ')':
		if (g->depth > 0)
			g->depth--;
		return 0;
	case '"':
		if (classify(g) < 0)
			return -1;
		if (!g->text)
			g->state = GUARD_QUOTED;
		return 0;
	case '{':
		if (classify(g) < 0)
			return -1;
		if (g->text)
			return 0;
		g->state = GUARD_SIZE;
		g->size = 0;
		g->digits = 0;
		return 0;
	}
	return 0;
}

/* {123}\r\n to the letter: libetpan is lenient here. */
static int feed_size(struct guard *g, char c)
{
	if (g->state == GUARD_SIZE && c >= '0' && c <= '9') {
		g->size = g->size * 10 + (uint64_t)(c - '0');
		if (++g->digits > 10 || g->size > g->literal_max)
			return refuse_above(g, "a literal", g->literal_max);
		return 0;
	}
	if (g->state == GUARD_SIZE && c == '}' && g->digits > 0)
		g->state = GUARD_SIZE_CR;
	else if (g->state == GUARD_SIZE_CR && c == '\r')
		g->state = GUARD_SIZE_LF;
	else if (g->state == GUARD_SIZE_LF && c == '\n')
		g->state = g->size ? GUARD_LITERAL : GUARD_PLAIN;
	else
		return refuse(g, "a malformed literal");
	return 0;
}

static bool is_atom(char c)
{
	return c > ' ' && c < 0x7f && !strchr("(){%*\"\\]", c);
}

static int feed_flags(struct guard *g, char c)
{
	if (g->state == GUARD_FLAGS_MARK) {
		if (c != '*' && !is_atom(c))
			return refuse(g, "a malformed list of flags");
		g->state = GUARD_FLAGS;
		return 0;
	}
	if (c == ')') {
		g->depth--;
		g->state = GUARD_PLAIN;
		return 0;
	}
	if (c == '\\' && (g->last == ' ' || g->last == '(')) {
		g->state = GUARD_FLAGS_MARK;
		return 0;
	}
	if (c == ' ' || is_atom(c))
		return 0;
	return refuse(g, "a malformed list of flags");
}

static int feed_byte(struct guard *g, char c)
{
	if (c == '\0')
		return refuse(g, "a NUL byte outside of a literal");
	if (++g->line > GUARD_LINE_MAX)
		return refuse_above(g, "length of a line", GUARD_LINE_MAX);
	switch (g->state) {
	case GUARD_QUOTED:
		if (c == '\n')
			return end_line(g);
		if (c == '"')
			g->state = GUARD_PLAIN;
		else if (c == '\\')
			g->state = GUARD_ESCAPE;
		return 0;
	case GUARD_ESCAPE:
		if (c == '\n')
			return end_line(g);
		g->state = GUARD_QUOTED;
		return 0;
	case GUARD_SIZE:
	case GUARD_SIZE_CR:
	case GUARD_SIZE_LF:
		return feed_size(g, c);
	case GUARD_FLAGS:
	case GUARD_FLAGS_MARK:
		return feed_flags(g, c);
	default:
		return feed_plain(g, c);
	}
}

int guard_feed(struct guard *g, const char *p, size_t n)
{
	const char *end = p + n;

	if (g->refused)
		return -1;
	g->bytes += n;
	if (g->bytes > g->bytes_max)
		return refuse_above(g, "bytes in one answer", g->bytes_max);
	while (p < end) {
		if (g->state == GUARD_LITERAL) {
			size_t left = (size_t)(end - p);

			if (left > g->size)
				left = (size_t)g->size;
			p += left;
			g->size -= left;
			if (g->size == 0)
				g->state = GUARD_PLAIN;
			continue;
		}
		if (feed_byte(g, *p) < 0)
			return -1;
		if (*p != '\n')
			keep_head(g, *p);
		g->last = *p++;
	}
	return 0;
}
