/*
 * One big buffer: what is not a whole row moves to its front before more is
 * read. Most rows have no quotes, and then the end of the row is that of the
 * line and memchr() finds all there is to find.
 */
#include "csv_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "csv.h"

int csv_rows_init(struct csv_rows *r, int fd)
{
	*r = (struct csv_rows){.fd = fd, .line = 1};
	r->buf = malloc(CSV_ROWS_TEXT);
	return r->buf ? 0 : -1;
}

void csv_rows_release(struct csv_rows *r)
{
	free(r->buf);
	r->buf = NULL;
}

static void take_mark(struct csv_rows *r)
{
	static const struct str mark = STR("\xef\xbb\xbf");

	r->mark = str_starts(str_of(r->buf, r->n), mark);
	r->at = r->mark ? mark.n : 0;
	r->begun = true;
}

int csv_rows_fill(struct csv_rows *r)
{
	memmove(r->buf, r->buf + r->at, r->n - r->at);
	r->n -= r->at;
	r->at = 0;
	while (!r->end && r->n < CSV_ROWS_TEXT) {
		ssize_t n = read(r->fd, r->buf + r->n, CSV_ROWS_TEXT - r->n);

		if (n > 0) {
			r->n += (size_t)n;
		} else if (!n) {
			r->end = true;
		} else if (errno != EINTR) {
			r->error = errno;
			return -1;
		}
	}
	if (!r->begun)
		take_mark(r);
	return 0;
}

static bool separates(char c, char separator)
{
	return separator ? c == separator : c == ',' || c == ';' || c == '\t';
}

/* Behind the quote that closes the one at s[i]; s.n + 1: nothing does. */
static size_t pass_closed(struct str s, size_t i)
{
	const char *q;

	for (i++; (q = memchr(s.p + i, '"', s.n - i)); i += 2) {
		i = (size_t)(q - s.p);
		if (i + 1 == s.n || s.p[i + 1] != '"')
			return i + 1;
	}
	return s.n + 1;
}

/* The same with what follows up to the separator or the end of the line. */
static size_t pass_quoted(struct str s, size_t i, char separator)
{
	i = pass_closed(s, i);
	while (i < s.n && !separates(s.p[i], separator) && s.p[i] != '\n')
		i++;
	return i;
}

/* How long the row at the front of s is; 0: it does not end in it. *open: it
 * is for a quote that is not closed. */
static size_t row_length(struct str s, char separator, bool *open)
{
	const char *lf = memchr(s.p, '\n', s.n);
	size_t line = lf ? (size_t)(lf - s.p) + 1 : s.n, i = 0;
	bool begins = true;

	*open = false;
	if (!memchr(s.p, '"', line))
		return lf ? line : 0;
	while (i < s.n && s.p[i] != '\n') {
		if (begins && s.p[i] == '"') {
			i = pass_quoted(s, i, separator);
			begins = false;
		} else {
			begins = separates(s.p[i++], separator);
		}
	}
	*open = i > s.n;
	return i < s.n ? i + 1 : 0;
}

static uint64_t count_lines(struct str s)
{
	uint64_t n = 0;
	const char *lf;

	while (s.n && (lf = memchr(s.p, '\n', s.n))) {
		n++;
		s = str_sub(s, (size_t)(lf - s.p) + 1, s.n);
	}
	return n;
}

static bool give(struct csv_rows *r, struct csv_row *row, size_t n,
	enum csv_row_kind kind)
{
	*row = (struct csv_row){str_of(r->buf + r->at, n), r->line, kind};
	r->line += kind == CSV_ROWS_ROW && !memchr(row->raw.p, '"', n)
			   ? n && row->raw.p[n - 1] == '\n'
			   : count_lines(row->raw);
	r->at += n;
	return true;
}

/* Where in a long row the reader is, as far as quotes go. */
enum {
	FIELD_BEGINS,
	PLAIN,
	QUOTED,
	QUOTE_IN_QUOTED
};

static int step(int at, char c, char separator)
{
	if (at == QUOTED)
		return c == '"' ? QUOTE_IN_QUOTED : QUOTED;
	if (c == '"' && at != PLAIN)
		return QUOTED;
	return separates(c, separator) ? FIELD_BEGINS : PLAIN;
}

/* A piece of a row that is too long: what lies within its quotes are no rows,
 * however much it is. */
static bool give_long(struct csv_rows *r, struct csv_row *row)
{
	enum csv_row_kind kind = r->in_long ? CSV_ROWS_REST : CSV_ROWS_TOO_LONG;
	struct str s = str_of(r->buf + r->at, r->n - r->at);
	int at = r->in_long ? r->quote : FIELD_BEGINS;
	size_t n = 0;

	while (n < s.n && (s.p[n] != '\n' || at == QUOTED))
		at = step(at, s.p[n++], r->separator);
	r->quote = at;
	r->in_long = n == s.n;
	return give(r, row, n + !r->in_long, kind);
}

bool csv_rows_next(struct csv_rows *r, struct csv_row *row)
{
	struct str s = str_of(r->buf + r->at, r->n - r->at);
	bool open, longer = s.n > CSV_ROWS_LONG;
	size_t n;

	if (!s.n)
		return false;
	if (r->in_long)
		return give_long(r, row);
	if (longer)
		s.n = CSV_ROWS_LONG;
	n = row_length(s, r->separator, &open);
	if (n)
		return give(r, row, n, CSV_ROWS_ROW);
	if (longer)
		return give_long(r, row);
	if (!r->end)
		return false;
	return give(r, row, s.n, open ? CSV_ROWS_OPEN : CSV_ROWS_ROW);
}

static void next_or_none(struct csv_rows *r, struct csv_row *row)
{
	if (!csv_rows_next(r, row))
		*row = (struct csv_row){
			.raw = str_of(r->buf + r->at, 0), .line = r->line};
}

void csv_rows_head(struct csv_rows *r, struct csv_row *row, struct str *before,
	struct str *named)
{
	const char *begin = r->buf + r->at;

	*named = STR_NULL;
	next_or_none(r, row);
	r->separator = csv_separator_named(csv_rows_body(row->raw));
	if (r->separator) {
		*named = row->raw;
		next_or_none(r, row);
	}
	while (row->raw.n && !csv_rows_body(row->raw).n)
		next_or_none(r, row);
	*before = str_of(begin, (size_t)(row->raw.p - begin));
	if (!r->separator)
		r->separator = csv_separator(csv_rows_body(row->raw));
}

struct str csv_rows_body(struct str raw)
{
	if (raw.n && raw.p[raw.n - 1] == '\n')
		raw.n--;
	if (raw.n && raw.p[raw.n - 1] == '\r')
		raw.n--;
	return raw;
}

bool csv_rows_breaks(struct str body, char separator)
{
	bool begins = true;

	if (!body.n || !memchr(body.p, '\r', body.n))
		return false;
	for (size_t i = 0; i < body.n;) {
		if (body.p[i] == '\r')
			return true;
		if (begins && body.p[i] == '"') {
			size_t end = pass_closed(body, i);

			begins = false;
			i = end;
		} else {
			begins = separates(body.p[i++], separator);
		}
	}
	return false;
}

/* Behind the field at s[i]. */
static size_t pass_field(struct str s, size_t i, char separator)
{
	const char *p;

	if (i < s.n && s.p[i] == '"') {
		i = pass_quoted(s, i, separator);
		return i < s.n ? i : s.n;
	}
	p = i < s.n ? memchr(s.p + i, separator, s.n - i) : NULL;
	return p ? (size_t)(p - s.p) : s.n;
}

/* Behind the separators before a column; body.n + 1: it has none. */
static size_t find_field(struct str body, char separator, size_t column)
{
	size_t i = 0, end;

	for (; column; column--) {
		end = pass_field(body, i, separator);
		if (end >= body.n)
			return body.n + 1;
		i = end + 1;
	}
	return i;
}

bool csv_rows_stray(struct str body, char separator, size_t column)
{
	size_t i;

	if (!body.n || !memchr(body.p, '"', body.n))
		return false;
	i = find_field(body, separator, column);
	return i < body.n && body.p[i] == '"' &&
	       pass_closed(body, i) < pass_field(body, i, separator);
}

/* A quoted field: two quotes are one, what follows the last stays. */
static struct str unquote(struct str f, struct arena *a)
{
	struct str inner = str_sub(f, 1, f.n < 2 ? 0 : f.n - 2);
	bool quoted = true;
	char *out;
	size_t n = 0;

	if (f.n >= 2 && f.p[f.n - 1] == '"' && !memchr(inner.p, '"', inner.n))
		return inner;
	out = arena_alloc(a, f.n);
	if (!out)
		return STR_NULL;
	for (size_t i = 1; i < f.n; i++) {
		if (quoted && f.p[i] == '"') {
			if (i + 1 < f.n && f.p[i + 1] == '"')
				out[n++] = f.p[i++];
			else
				quoted = false;
			continue;
		}
		out[n++] = f.p[i];
	}
	return str_of(out, n);
}

struct str csv_rows_field(
	struct str body, char separator, size_t column, struct arena *a)
{
	size_t i = find_field(body, separator, column);
	struct str f;

	if (i > body.n)
		return STR_NULL;
	f = str_of(body.p + i, pass_field(body, i, separator) - i);
	return f.n && *f.p == '"' ? unquote(f, a) : f;
}
