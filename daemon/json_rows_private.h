/* What json_rows.c (reading) and json_record.c (records) share. */
#ifndef JSON_ROWS_PRIVATE_H
#define JSON_ROWS_PRIVATE_H

#include <yajl/yajl_parse.h>

#include "json_rows.h"

#define CHUNK     65536u
#define PATH_SIZE 1024u

enum way {
	WAY_DOCUMENT,
	WAY_LINES,
};

struct json_reader {
	yajl_handle yajl;
	enum way way;
	/* What is read and not yet fed: buf[pos..n). */
	size_t pos, n;
	char buf[CHUNK];
	uint64_t line;    /* of buf[pos] */
	const char *feed; /* what the library has in hand */
	size_t silent;    /* bytes since it last told anything */
	bool any;         /* it is not empty; of lines: this one */
	bool line_ended;  /* of lines: buf has its end */
	bool ended;       /* of the file, or of what can be read of it */
	/* Where in the structure. */
	unsigned depth;
	bool is_map[JSON_DEPTH_MAX + 1]; /* of each depth, from 1 */
	char path[PATH_SIZE];
	size_t path_n[JSON_DEPTH_MAX + 1]; /* of what lies at that depth */
	/* The record on its way. */
	unsigned open;  /* the depth of its object; 0: none is open */
	bool envelope;  /* it may be what is around a list */
	bool has_lists; /* and it has some */
	bool in_list;   /* in one of records: what is around it is no record */
	bool ready, cut;
	const char *wrong; /* why it was cancelled */
	struct json_field field[JSON_FIELDS_MAX];
	size_t fields, text_n;
	char text[JSON_ROW_MAX];
	char list[64];
	size_t list_n;
};

/* What the library calls, with a struct json_rows: sets .ready when a record
 * is complete, and .wrong when it ends the reading. */
extern const yajl_callbacks json_record_callbacks;

static inline size_t json_lines(const char *p, size_t n)
{
	size_t lines = 0;

	for (size_t i = 0; i < n; i++)
		lines += p[i] == '\n';
	return lines;
}

#endif
