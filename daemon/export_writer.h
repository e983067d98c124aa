/*
 * One list of a format on its way to a file, to files, or to standard output:
 * cuts it into parts, leaves out what the format cannot express, names each
 * address once where a format has no scopes.
 *
 * A part that is a file is named after the first: `ses.csv`, `ses-002.csv`,
 * `ses-003.csv`. Nothing is in place before export_writer_commit().
 */
#ifndef EXPORT_WRITER_H
#define EXPORT_WRITER_H

#include "env.h"
#include "export.h"
#include "export_file.h"

struct export_writer {
	const struct env *env;
	const struct export_format *format;
	const char *path; /* NULL: standard output */
	bool removals;
	bool hashed;
	bool dry;      /* only count: nothing is opened or written */
	uint64_t rows; /* written */
	uint64_t left_out[EXPORT_FITS]; /* by the first thing unfit */
	int status;                     /* why it failed; 0 */
	/* The rest is private. */
	const struct export_shape *shape;
	struct export_run run;
	struct out *target;
	struct out *scratch; /* a row, to know how long it is */
	uint64_t bytes;      /* of this part */
	bool is_open;        /* a part was begun */
	struct export_file *parts;
	size_t parts_n, parts_cap;
	char last[512]; /* the address before, where it came */
};

/* All: an exit status, after telling why. Close it in any case; without a
 * commit before, nothing remains. The members up to .dry are set before. */
int export_writer_open(struct export_writer *w)
	__attribute__((warn_unused_result));

/* One row. 0, or 1: .status says that it failed; go no further. */
int export_writer_row(
	struct export_writer *w, const struct query_suppression *s);

/* The end: all of it is on the disk, beside its place. */
int export_writer_finish(struct export_writer *w)
	__attribute__((warn_unused_result));

/* Put all parts in place and take away those of a longer list before. */
int export_writer_commit(struct export_writer *w)
	__attribute__((warn_unused_result));

/* Say what was left out, and what a platform makes of the rest. */
void export_writer_remark(const struct export_writer *w);

/* Of all files together, after export_writer_finish(). */
uint64_t export_writer_bytes(const struct export_writer *w);

/* Of the files that are in their place now. */
uint64_t export_writer_in_place(
	const struct export_format *f, const char *output);

void export_writer_close(struct export_writer *w);

uint64_t export_writer_left_out(const struct export_writer *w);

/* Whether a list of this format may need more than one file. */
bool export_writer_splits(const struct export_format *f);

/* Whether other could become a part of a list at path, its second or a later
 * one; they replace each other and are taken away when the list is shorter. */
bool export_writer_is_part(const char *path, const char *other);

#endif
