/*
 * Headers that a text quotes: lines of one indentation that have the form of
 * headers, with their folds.
 */
#include "origin.h"

#define NO_HEADER ((size_t)-1)

/* How far a line is indented, or NO_HEADER. */
static size_t header_indent(struct str line)
{
	size_t n = 0, at;

	while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'))
		n++;
	at = n;
	while (n < line.n &&
		(ascii_is_alnum((unsigned char)line.p[n]) || line.p[n] == '-'))
		n++;
	return n > at + 1 && n < line.n && line.p[n] == ':' ? at : NO_HEADER;
}

static bool is_folded(struct str line, size_t indent)
{
	return line.n > indent && str_trim(line).n &&
	       (line.p[indent] == ' ' || line.p[indent] == '\t');
}

/* The next line of the run, and take it off *rest; false at its end. */
static bool next_of_run(
	struct str *rest, size_t indent, bool first, struct str *line)
{
	struct str before = *rest;

	if (!str_line(rest, line))
		return false;
	if (header_indent(*line) == indent ||
		(!first && is_folded(*line, indent)))
		return true;
	*rest = before;
	return false;
}

/* The lines of a run that begins at from, each without indent bytes. */
static struct str take_run(
	struct arena *a, const char *from, struct str *rest, size_t indent)
{
	struct str all = str_of(from, (size_t)(rest->p + rest->n - from));
	struct str end = all, line;
	size_t n = 0;
	char *p;

	while (next_of_run(&end, indent, n == 0, &line))
		n += line.n - indent + 1;
	*rest = end;
	p = arena_alloc(a, n);
	if (!p)
		return STR_NULL;
	for (n = 0; next_of_run(&all, indent, n == 0, &line);) {
		memcpy(p + n, line.p + indent, line.n - indent);
		n += line.n - indent;
		p[n++] = '\n';
	}
	return str_of(p, n);
}

struct str origin_next_listing(struct arena *a, struct str *rest)
{
	struct str line;

	while (rest->n) {
		const char *from = rest->p;
		size_t indent;

		if (!str_line(rest, &line))
			break;
		indent = header_indent(line);
		if (indent != NO_HEADER)
			return take_run(a, from, rest, indent);
	}
	return STR_NULL;
}
