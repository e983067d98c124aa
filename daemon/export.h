/*
 * The formats of `export`, one row each. To add one: a file export/NAME.c that
 * exports `const struct export_format export_NAME`, and a row in
 * export/formats.def.
 */
#ifndef EXPORT_H
#define EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "out.h"
#include "query.h"

/* What became of the rows; shared by all formats. */
struct export_run {
	struct out *out;
	uint64_t rows;     /* written */
	uint64_t left_out; /* that the format cannot express */
	char last[512];    /* for a format's own use: zero at the begin */
};

struct export_format {
	const char *name;
	const char *help;
	bool tells_scope;       /* a row says where it holds */
	bool has_expiry;        /* and when it ends: soft bounces may be in */
	const char *leaves_out; /* what it cannot express; NULL: nothing */
	void (*begin)(struct export_run *r); /* NULL: nothing to begin with */
	void (*row)(struct export_run *r, const struct query_suppression *s);
};

const struct export_format *export_find(const char *name);

/* The formats in their order; NULL behind the last. */
const struct export_format *export_at(size_t i);

#endif
