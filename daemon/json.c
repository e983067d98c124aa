/* Why so small: nothing nests but a list of words, and nothing is read. */
#include "json.h"

#include <math.h>

#include "print.h"
#include "when.h"

void json_open(struct json *j, struct out *o)
{
	j->o = o;
	j->more = true;
	out_z(o, "{\"v\":1");
}

void json_close(struct json *j)
{
	out_z(j->o, "}\n");
}

/* ,"key": */
static void put_key(struct json *j, const char *key)
{
	size_t n = strlen(key);
	char *p = out_room(j->o, n + sizeof(",\"\":") - 1);

	if (j->more)
		*p++ = ',';
	j->more = true;
	*p++ = '"';
	memcpy(p, key, n);
	p += n;
	*p++ = '"';
	*p++ = ':';
	out_used(j->o, p);
}

void json_null(struct json *j, const char *key)
{
	put_key(j, key);
	out_z(j->o, "null");
}

void json_bool(struct json *j, const char *key, bool v)
{
	put_key(j, key);
	out_z(j->o, v ? "true" : "false");
}

void json_int(struct json *j, const char *key, int64_t v)
{
	put_key(j, key);
	out_int(j->o, v);
}

void json_double(struct json *j, const char *key, double v)
{
	if (!isfinite(v)) {
		json_null(j, key);
		return;
	}
	put_key(j, key);
	out_printf(j->o, "%.6g", v);
}

void json_str(struct json *j, const char *key, struct str v)
{
	if (!v.p) {
		json_null(j, key);
		return;
	}
	put_key(j, key);
	print_json(j->o, v);
}

void json_z(struct json *j, const char *key, const char *v)
{
	json_str(j, key, str_from(v));
}

void json_time(struct json *j, const char *key, int64_t at)
{
	char text[WHEN_SIZE];

	json_z(j, key, at && *when_format(at, text) ? text : NULL);
}

void json_list_open(struct json *j, const char *key)
{
	put_key(j, key);
	out_char(j->o, '[');
	j->more = false;
}

static void put_comma(struct json *j)
{
	if (j->more)
		out_char(j->o, ',');
	j->more = true;
}

void json_item_str(struct json *j, struct str v)
{
	put_comma(j);
	print_json(j->o, v);
}

void json_item(struct json *j, const char *v)
{
	json_item_str(j, str_from(v));
}

void json_item_int(struct json *j, int64_t v)
{
	put_comma(j);
	out_int(j->o, v);
}

void json_list_close(struct json *j)
{
	out_char(j->o, ']');
	j->more = true;
}
