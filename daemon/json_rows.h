/*
 * Records of a JSON file that somebody else wrote, as flat rows: the objects of
 * a list wherever that lies, `[{..}, ..]` or `{"items": [{..}, ..], ..}`, or
 * objects one after the other, as in JSON lines. Reading is the library's
 * (yajl); it streams, so the memory is that of the longest record.
 *
 * In JSON lines a line that is broken costs no other. In one document nothing
 * behind a mistake can be read.
 */
#ifndef JSON_ROWS_H
#define JSON_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "str.h"

#define JSON_ROW_MAX    (1u << 16) /* bytes of keys and values in a record */
#define JSON_FIELDS_MAX 128u
#define JSON_VALUE_MAX  (1u << 20) /* that is read, and then refused */
#define JSON_DEPTH_MAX  32u

enum json_type {
	JSON_NULL,
	JSON_BOOLEAN,
	JSON_NUMBER,
	JSON_STRING,
};

struct json_field {
	struct str key; /* "campaign.id" for what is nested; "" for a string
			 * that stands in a list by itself */
	struct str value;
	enum json_type type;
};

struct json_rows {
	FILE *file;
	/* The record: it lives until the next call. */
	const struct json_field *field;
	size_t n;
	uint64_t line;       /* where it begins, from 1 */
	uint64_t record;     /* from 1 */
	struct str list;     /* the key that its list has, or absent */
	bool bare;           /* it is the only one, and has empty lists: what
			      * lists nothing */
	const char *mistake; /* after BAD and BROKEN */
	/* The rest is private. */
	struct json_reader *r;
};

/* Read from file, which is at its beginning and stays the caller's. False: out
 * of memory. */
bool json_rows_init(struct json_rows *j, FILE *file);
void json_rows_release(struct json_rows *j);

enum json_result {
	JSON_END,
	JSON_ROW,
	JSON_BAD,    /* this one cannot be read: go on with the next */
	JSON_BROKEN, /* nor anything behind it: go on, and it ends */
	JSON_ERROR,  /* errno */
};

enum json_result json_rows_next(struct json_rows *j);

/* The value of a key, in this spelling; absent: there is none, or null. */
struct str json_rows_get(const struct json_rows *j, const char *key);

#endif
