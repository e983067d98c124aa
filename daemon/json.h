/*
 * JSON objects, one on a line ("jsonl"). We only write JSON, so this is all
 * of it: keys are literals, values are made safe by print_json().
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "out.h"
#include "str.h"

struct json {
	struct out *o;
	bool more; /* a comma is due */
};

/* {"v":1: every object bears the version of its shape. */
void json_open(struct json *j, struct out *o);
void json_close(struct json *j);

void json_null(struct json *j, const char *key);
void json_bool(struct json *j, const char *key, bool v);
void json_int(struct json *j, const char *key, int64_t v);

/* Absent strings and NULL become null. */
void json_str(struct json *j, const char *key, struct str v);
void json_z(struct json *j, const char *key, const char *v);

/* A time in RFC 3339; 0 becomes null. */
void json_time(struct json *j, const char *key, int64_t at);

/* With six digits; what is no number becomes null. */
void json_double(struct json *j, const char *key, double v);

/* A list of words or numbers; between the two only json_item...(). */
void json_list_open(struct json *j, const char *key);
void json_item(struct json *j, const char *v);
void json_item_str(struct json *j, struct str v);
void json_item_int(struct json *j, int64_t v);
void json_list_close(struct json *j);

#endif
