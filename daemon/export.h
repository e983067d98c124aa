/*
 * The formats of `export`, one row each. To add one: a file export/NAME.c that
 * exports `const struct export_format export_NAME`, and a row in
 * export/formats.def. What is the same for all of them (parts, what does not
 * fit, hashes, files) is done by export_writer.h.
 */
#ifndef EXPORT_H
#define EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "export_fit.h"
#include "out.h"
#include "query.h"

/* Where a format writes. */
struct export_run {
	struct out *out;
	uint64_t entries; /* in this part so far; row() counts it up */
	bool hashed;      /* .address of the rows is a hash */
};

/* The most that a part may hold; 0: any number. */
struct export_limit {
	uint64_t entries, bytes;
};

/* How one of the two lists is written: who is to be added, who taken off. */
struct export_shape {
	/* The head and the end of a part; NULL: it has none. */
	void (*begin)(struct export_run *r);
	void (*end)(struct export_run *r); /* at most EXPORT_END bytes */
	void (*row)(struct export_run *r, const struct query_suppression *s);
	struct export_limit limit;
	/* A part is one line, the body of one call to a platform, and all are
	 * in one file; else a part is a file. */
	bool calls;
};

#define EXPORT_END 8u

struct export_format {
	const char *name;
	const char *help;
	bool tells_scope; /* a row says where it holds; else each address comes
			   * once */
	bool tells_everywhere; /* it has none, but a row differs by whether it
				* holds everywhere */
	bool tells_more;       /* more than the address: what changed is written
				* again */
	bool has_expiry;       /* it says when it ends: soft bounces and what is
				* held may be in */
	bool may_hash;
	unsigned unfit; /* enum export_fit: what it cannot express */
	/* Said once when something was written: what the platform makes of it,
	 * of what is added and of what is taken off; NULL: nothing. */
	const char *remark, *removals_remark;
	/* Refused without --yes-global, because of this; NULL: it is not. */
	const char *mixes;
	struct export_shape adds, removals; /* .row NULL: as adds */
};

const struct export_format *export_find(const char *name);

/* The formats in their order; NULL behind the last. */
const struct export_format *export_at(size_t i);

static inline const struct export_shape *export_shape_of(
	const struct export_format *f, bool removals)
{
	return removals && f->removals.row ? &f->removals : &f->adds;
}

#endif
