/*
 * Which objects of a file are records: those in a list, or the outermost. What
 * lies deeper in one becomes fields of it.
 */
#include <string.h>

#include "json_rows_private.h"

/* --- a record ------------------------------------------------------------- */

static void start_record(struct json_rows *j)
{
	struct json_reader *r = j->r;
	size_t used = yajl_get_bytes_consumed(r->yajl);

	r->open = r->depth;
	r->fields = r->text_n = 0;
	r->cut = false;
	j->line = r->line + json_lines(r->feed, used);
}

static struct str keep(struct json_reader *r, struct str s)
{
	char *to = r->text + r->text_n;

	if (s.n > sizeof(r->text) - r->text_n) {
		r->cut = true;
		return str_of("", 0);
	}
	if (s.n)
		memcpy(to, s.p, s.n);
	r->text_n += s.n;
	return str_of(to, s.n);
}

static void add_field(struct json_reader *r, struct str value, enum json_type t)
{
	size_t base = r->path_n[r->open - 1];
	struct str path = str_of(r->path, r->path_n[r->depth]);
	struct json_field *f = &r->field[r->fields];

	if (r->fields == JSON_FIELDS_MAX) {
		r->cut = true;
		return;
	}
	path = str_sub(path, base + (base > 0), path.n);
	*f = (struct json_field){.type = t};
	f->key = keep(r, path);
	f->value = keep(r, value);
	r->fields++;
}

/* A list whose strings are addresses: the whole file, or what is called so. */
static bool is_list_of_strings(const struct json_reader *r)
{
	struct str key = str_of(r->path, r->path_n[r->depth]);

	return !r->is_map[r->depth] &&
	       (r->depth == 1 ||
		       (r->depth == 2 &&
			       (str_ieqz(key, "emails") ||
				       str_ieqz(key, "recipient_emails"))));
}

static void set_list(struct json_reader *r)
{
	struct str path = str_of(r->path, r->path_n[r->depth]);

	while (str_chr(path, '.') < path.n)
		path = str_sub(path, str_chr(path, '.') + 1, path.n);
	r->list_n = path.n < sizeof(r->list) ? path.n : sizeof(r->list);
	if (r->list_n)
		memcpy(r->list, path.p, r->list_n);
}

static void lone_value(struct json_rows *j, struct str value, enum json_type t)
{
	struct json_reader *r = j->r;

	set_list(r);
	r->in_list = true;
	start_record(j);
	r->field[0] = (struct json_field){
		.key = STR(""), .value = keep(r, value), .type = t};
	r->fields = 1;
	r->open = 0;
	r->ready = true;
}

/* --- what the library tells ----------------------------------------------- */

static int value(struct json_rows *j, struct str v, enum json_type t)
{
	struct json_reader *r = j->r;

	r->silent = 0;
	if (!r->depth) {
		r->wrong = "a value by itself is no record";
		return 0;
	}
	if (is_list_of_strings(r) && (!r->open || r->envelope))
		lone_value(j, v, t);
	else if (r->open && r->is_map[r->depth])
		add_field(r, v, t);
	return 1;
}

static int on_null(void *arg)
{
	return value(arg, str_of("", 0), JSON_NULL);
}

static int on_boolean(void *arg, int is)
{
	return value(arg, str_from(is ? "true" : "false"), JSON_BOOLEAN);
}

static int on_number(void *arg, const char *p, size_t n)
{
	return value(arg, str_of(p, n), JSON_NUMBER);
}

static int on_string(void *arg, const unsigned char *p, size_t n)
{
	return value(arg, str_of((const char *)p, n), JSON_STRING);
}

static int on_key(void *arg, const unsigned char *p, size_t n)
{
	struct json_reader *r = ((struct json_rows *)arg)->r;
	size_t at = r->path_n[r->depth - 1];

	r->silent = 0;
	if (n + 1 > sizeof(r->path) - at) {
		r->wrong = "a key is too long";
		return 0;
	}
	if (at)
		r->path[at++] = '.';
	memcpy(r->path + at, p, n);
	r->path_n[r->depth] = at + n;
	return 1;
}

static int go_down(struct json_reader *r, bool map)
{
	r->silent = 0;
	if (r->depth == JSON_DEPTH_MAX) {
		r->wrong = "it is nested too deep";
		return 0;
	}
	r->depth++;
	r->is_map[r->depth] = map;
	r->path_n[r->depth] = r->path_n[r->depth - 1];
	return 1;
}

static int on_map(void *arg)
{
	struct json_rows *j = arg;
	struct json_reader *r = j->r;
	bool in_array = r->depth && !r->is_map[r->depth];

	if (in_array && (!r->open || r->envelope)) {
		set_list(r);
		r->in_list = true;
		r->envelope = false;
		r->open = 0;
	}
	if (!go_down(r, true))
		return 0;
	if (r->depth == 1) {
		r->envelope = true;
		r->has_lists = false;
		r->list_n = 0;
	}
	if (!r->open && (r->depth == 1 || in_array))
		start_record(j);
	return 1;
}

static int on_array(void *arg)
{
	struct json_reader *r = ((struct json_rows *)arg)->r;

	r->has_lists = r->has_lists || r->envelope;
	return go_down(r, false);
}

static int on_end(void *arg)
{
	struct json_reader *r = ((struct json_rows *)arg)->r;
	unsigned depth = r->depth--;

	r->silent = 0;
	if (!r->depth) {
		/* What was around a list of records is none. */
		if (r->open == depth && !r->in_list)
			r->ready = true;
		r->envelope = r->in_list = false;
		r->open = 0;
	} else if (r->open == depth) {
		r->ready = true;
		r->open = 0;
	}
	return 1;
}

const yajl_callbacks json_record_callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_map,
	.yajl_map_key = on_key,
	.yajl_end_map = on_end,
	.yajl_start_array = on_array,
	.yajl_end_array = on_end,
};
