/*
 * A row is read to the end of the line in which all of its quotes are closed,
 * then cut into fields. A quote counts only where a field begins: `12" disk`
 * is what people export.
 */
#include "csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void csv_init(struct csv *c, FILE *file, char separator)
{
	*c = (struct csv){.file = file, .separator = separator, .next_line = 1};
}

void csv_release(struct csv *c)
{
	free(c->buf);
	free(c->plain);
	free(c->field);
	*c = (struct csv){.buf = NULL};
}

static bool grow(char **p, size_t *cap, size_t need)
{
	size_t n = *cap ? *cap : 4096;
	char *v;

	if (need <= *cap)
		return true;
	while (n < need)
		n *= 2;
	v = realloc(*p, n);
	if (!v)
		return false;
	*p = v;
	*cap = n;
	return true;
}

/* Where in a row the reader is, as far as quotes go. */
enum quote_state {
	FIELD_BEGINS,
	PLAIN,
	QUOTED,
	QUOTE_IN_QUOTED, /* its end, or the first of two */
};

static enum quote_state step(enum quote_state s, char c, char separator)
{
	bool ends =
		separator ? c == separator : c == ',' || c == ';' || c == '\t';

	switch (s) {
	case QUOTED:
		return c == '"' ? QUOTE_IN_QUOTED : QUOTED;
	case QUOTE_IN_QUOTED:
		if (c == '"')
			return QUOTED;
		return ends ? FIELD_BEGINS : PLAIN;
	case FIELD_BEGINS:
		if (c == '"')
			return QUOTED;
		return ends ? FIELD_BEGINS : PLAIN;
	default:
		return ends ? FIELD_BEGINS : PLAIN;
	}
}

/* Read a row with its end into buf; what is too long is passed over. */
static enum csv_result read_row(struct csv *c)
{
	enum quote_state state = FIELD_BEGINS;
	bool too_long = false;
	int ch = EOF;

	c->buf_n = 0;
	c->line = c->next_line;
	while ((ch = getc_unlocked(c->file)) != EOF) {
		too_long = too_long || c->buf_n >= CSV_ROW_MAX;
		if (!too_long) {
			if (!grow(&c->buf, &c->buf_cap, c->buf_n + 1))
				return CSV_ERROR;
			c->buf[c->buf_n++] = (char)ch;
		}
		c->next_line += ch == '\n';
		/* What lies within quotes are no rows, however much it is. */
		if (ch == '\n' && state != QUOTED)
			return too_long ? CSV_LONG : CSV_ROW;
		state = step(state, (char)ch, c->separator);
	}
	if (ferror(c->file))
		return CSV_ERROR;
	if (!c->buf_n)
		return CSV_END;
	if (state == QUOTED)
		return CSV_OPEN;
	return too_long ? CSV_LONG : CSV_ROW;
}

char csv_separator(struct str row)
{
	static const char all[] = ",;\t";
	size_t count[sizeof(all) - 1] = {0}, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < row.n; i++) {
		const char *p = memchr(all, row.p[i], sizeof(all) - 1);

		quoted ^= row.p[i] == '"';
		if (p && !quoted)
			count[p - all]++;
	}
	for (size_t i = 1; i < sizeof(all) - 1; i++)
		if (count[i] > count[best])
			best = i;
	return all[best];
}

static bool add_field(struct csv *c, const char *p, size_t n)
{
	if (c->n == c->field_cap) {
		size_t cap = c->field_cap ? 2 * c->field_cap : 32;
		struct str *v = realloc(c->field, cap * sizeof(*v));

		if (!v)
			return false;
		c->field = v;
		c->field_cap = cap;
	}
	c->field[c->n++] = str_of(p, n);
	return true;
}

/* Cut row into fields; the bytes without quotes go to plain. */
static enum csv_result cut(struct csv *c, struct str row)
{
	enum quote_state state = FIELD_BEGINS;
	size_t n = 0, begin = 0;

	c->n = 0;
	c->stray = 0;
	if (!grow(&c->plain, &c->plain_cap, row.n + 1))
		return CSV_ERROR;
	for (size_t i = 0; i < row.n; i++) {
		enum quote_state next = step(state, row.p[i], c->separator);

		if (next == FIELD_BEGINS) {
			if (c->n + 1 >= CSV_FIELDS_MAX)
				return CSV_LONG;
			if (!add_field(c, c->plain + begin, n - begin))
				return CSV_ERROR;
			begin = n;
		} else if (next == PLAIN ||
			   (next == QUOTED && state != FIELD_BEGINS)) {
			c->plain[n++] = row.p[i];
			if (next == PLAIN && state == QUOTE_IN_QUOTED)
				c->stray |= UINT64_C(1)
					    << (c->n < 63 ? c->n : 63);
		}
		state = next;
	}
	return add_field(c, c->plain + begin, n - begin) ? CSV_ROW : CSV_ERROR;
}

static struct str without_end(struct str row)
{
	if (row.n && row.p[row.n - 1] == '\n')
		row.n--;
	if (row.n && row.p[row.n - 1] == '\r')
		row.n--;
	return row;
}

char csv_separator_named(struct str row)
{
	if (row.n != sizeof("sep=;") - 1 || !str_istarts(row, "sep="))
		return 0;
	return memchr(",;\t|:", row.p[4], 5) ? row.p[4] : 0;
}

static bool names_separator(struct csv *c, struct str row)
{
	char separator = csv_separator_named(row);

	if (separator && !c->separator)
		c->separator = separator;
	return separator;
}

enum csv_result csv_next(struct csv *c)
{
	static const struct str mark = STR("\xef\xbb\xbf");

	for (;;) {
		enum csv_result got = read_row(c);
		struct str row;

		if (got != CSV_ROW)
			return got;
		c->raw = str_of(c->buf, c->buf_n);
		row = without_end(c->raw);
		if (c->line == 1 && str_starts(row, mark))
			row = str_sub(row, mark.n, row.n);
		if (!row.n || (c->line == 1 && names_separator(c, row)))
			continue;
		if (!c->separator)
			c->separator = csv_separator(row);
		return cut(c, row);
	}
}

int csv_column(const struct csv *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_ieqz(str_trim(c->field[i]), name))
			return (int)i;
	return -1;
}

struct str csv_field(const struct csv *c, int column)
{
	return column >= 0 && (size_t)column < c->n ? c->field[column]
						    : STR_NULL;
}
