/*
 * The library pushes what it finds, and we want to be asked: so it is fed up to
 * the next comma or bracket, which ends one record at most.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json_rows_private.h"

/* --- reading -------------------------------------------------------------- */

/* From the beginning of a document, or of a line. */
static bool begin(struct json_rows *j)
{
	struct json_reader *r = j->r;

	if (r->yajl)
		yajl_free(r->yajl);
	r->yajl = yajl_alloc(&json_record_callbacks, NULL, j);
	if (!r->yajl)
		return false;
	if (r->way == WAY_DOCUMENT)
		yajl_config(r->yajl, yajl_allow_multiple_values, 1);
	r->depth = r->open = 0;
	r->envelope = r->has_lists = r->in_list = r->ready = false;
	r->wrong = NULL;
	r->silent = 0;
	r->path_n[0] = 0;
	return true;
}

static const struct str mark = STR("\xef\xbb\xbf");

/*
 * Whether the first line of a file is an object by itself; next: what the
 * second begins with. One that is broken is a line, too, but what ends in the
 * middle of a list goes on.
 */
static bool is_record(int first, int last, int next)
{
	if (first != '{' || last == '[' || last == ',' || next == ',')
		return false;
	return next == EOF || next == '{' || last == '}';
}

/* JSON lines: objects, and what begins a second line is the next. */
static enum way find_way(FILE *f)
{
	int c, n = 0, first = EOF, last = EOF, next;
	enum way way;

	while ((c = getc_unlocked(f)) != EOF && c != '\n') {
		n++;
		if (ascii_is_space((unsigned char)c) ||
			(n <= (int)mark.n && c == (unsigned char)mark.p[n - 1]))
			continue;
		first = first == EOF ? c : first;
		last = c;
	}
	do
		next = getc_unlocked(f);
	while (next != EOF && ascii_is_space((unsigned char)next));
	way = is_record(first, last, next) ? WAY_LINES : WAY_DOCUMENT;
	rewind(f);
	return way;
}

bool json_rows_init(struct json_rows *j, FILE *file)
{
	*j = (struct json_rows){.file = file};
	j->r = calloc(1, sizeof(*j->r));
	if (!j->r)
		return false;
	j->r->way = find_way(file);
	j->r->line = j->r->way == WAY_DOCUMENT;
	j->r->line_ended = true;
	return begin(j);
}

void json_rows_release(struct json_rows *j)
{
	if (j->r && j->r->yajl)
		yajl_free(j->r->yajl);
	free(j->r);
	*j = (struct json_rows){.file = NULL};
}

/* What there is of a line, as far as there is room. */
static void read_part(struct json_rows *j)
{
	struct json_reader *r = j->r;
	int c = EOF;

	r->pos = r->n = 0;
	while (r->n < CHUNK && (c = getc_unlocked(j->file)) != EOF && c != '\n')
		r->buf[r->n++] = (char)c;
	r->line_ended = r->n < CHUNK;
}

static enum json_result bad(struct json_rows *j, const char *what)
{
	struct json_reader *r = j->r;

	j->mistake = what;
	r->ready = false;
	if (r->way == WAY_LINES) {
		while (!r->line_ended)
			read_part(j);
		r->pos = r->n = 0;
		r->any = false;
		return JSON_BAD;
	}
	r->ended = true;
	return JSON_BROKEN;
}

/* What the library says, without its line end. */
static const char *complaint(struct json_rows *j)
{
	static char text[256];
	unsigned char *z = yajl_get_error(j->r->yajl, 0, NULL, 0);
	struct str s = str_trim(str_from((const char *)z));

	if (s.n > sizeof(text) - 1)
		s.n = sizeof(text) - 1;
	memcpy(text, s.p ? s.p : "", s.n);
	text[s.n] = '\0';
	if (z)
		yajl_free_error(j->r->yajl, z);
	return text;
}

static enum json_result failed(struct json_rows *j, yajl_status status)
{
	struct json_reader *r = j->r;
	size_t used = yajl_get_bytes_consumed(r->yajl), left = r->n - r->pos;

	j->line = r->line +
		  json_lines(r->buf + r->pos, used < left ? used : left);
	if (status == yajl_status_client_canceled && r->wrong)
		return bad(j, r->wrong);
	return bad(j, complaint(j));
}

static bool is_end(char c)
{
	return c == ',' || c == '}' || c == ']';
}

/* Feed what ends one record at most. JSON_ROW: it went well. */
static enum json_result feed(struct json_rows *j)
{
	struct json_reader *r = j->r;
	const char *p = r->buf + r->pos;
	size_t n = 0, left = r->n - r->pos;
	yajl_status status;

	while (n < left && !is_end(p[n++]))
		;
	r->feed = p;
	r->silent += n;
	status = yajl_parse(r->yajl, (const unsigned char *)p, n);
	if (status != yajl_status_ok)
		return failed(j, status);
	r->line += json_lines(p, n);
	r->pos += n;
	return r->silent > JSON_VALUE_MAX ? bad(j, "a value is too long")
					  : JSON_ROW;
}

/* Everything in hand is fed. */
static enum json_result complete(struct json_rows *j)
{
	yajl_status status = yajl_complete_parse(j->r->yajl);

	return status == yajl_status_ok ? JSON_ROW : failed(j, status);
}

/* More of the file, in one of the two ways. JSON_ROW: there is some. */
static enum json_result fill_document(struct json_rows *j)
{
	struct json_reader *r = j->r;
	bool first = !r->n;

	r->pos = 0;
	r->n = fread(r->buf, 1, CHUNK, j->file);
	if (!r->n && ferror(j->file))
		return JSON_ERROR;
	if (first && str_starts(str_of(r->buf, r->n), mark))
		r->pos = mark.n;
	r->any = r->any || str_trim(str_of(r->buf, r->n)).n > r->pos;
	if (r->n)
		return JSON_ROW;
	r->ended = true;
	return r->any ? complete(j) : JSON_END;
}

/* A line is a document of its own. */
static enum json_result next_line(struct json_rows *j)
{
	struct json_reader *r = j->r;
	enum json_result got = r->any ? complete(j) : JSON_ROW;

	r->any = false;
	if (got != JSON_ROW)
		return got;
	r->line++;
	return begin(j) ? JSON_ROW : JSON_ERROR;
}

static enum json_result fill_line(struct json_rows *j)
{
	struct json_reader *r = j->r;
	enum json_result got = r->line_ended ? next_line(j) : JSON_ROW;
	struct str part;

	if (got != JSON_ROW)
		return got;
	read_part(j);
	if (ferror(j->file))
		return JSON_ERROR;
	part = str_of(r->buf, r->n);
	if (r->line == 1 && !r->any && str_starts(part, mark)) {
		r->pos = mark.n;
		part = str_sub(part, mark.n, part.n);
	}
	r->ended = !r->any && !r->n && feof(j->file);
	r->any = r->any || str_trim(part).n;
	if (!r->any)
		r->pos = r->n;
	return JSON_ROW;
}

static enum json_result give(struct json_rows *j)
{
	struct json_reader *r = j->r;

	r->ready = false;
	j->record++;
	j->field = r->field;
	j->n = r->fields;
	j->bare = r->has_lists && !r->list_n;
	j->list = r->list_n ? str_of(r->list, r->list_n) : STR_NULL;
	j->mistake = "the record is too long";
	return r->cut ? JSON_BAD : JSON_ROW;
}

enum json_result json_rows_next(struct json_rows *j)
{
	struct json_reader *r = j->r;
	enum json_result got = JSON_ROW;

	while (!r->ready && !r->ended && got == JSON_ROW) {
		if (r->pos < r->n)
			got = feed(j);
		else
			got = r->way == WAY_LINES ? fill_line(j)
						  : fill_document(j);
	}
	if (got != JSON_ROW)
		return got;
	return r->ready ? give(j) : JSON_END;
}

struct str json_rows_get(const struct json_rows *j, const char *key)
{
	for (size_t i = 0; i < j->n; i++)
		if (str_eq(j->field[i].key, str_from(key)))
			return j->field[i].type == JSON_NULL
				       ? STR_NULL
				       : j->field[i].value;
	return STR_NULL;
}
