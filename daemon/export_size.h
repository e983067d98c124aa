/*
 * How long a list is from one export to the next: a list that suddenly grew or
 * shrank is not believed (list_guard: in the configuration), because something
 * may be wrong with what judges bounces. What imports, incidents, releases and
 * expiry changed is not counted: somebody or something meant that. Nor is what
 * was forgotten (db purge), which is in no log.
 *
 * Last time is a row of the status table for each target file, or each cursor:
 * `list.file.PATH` or `list.cursor.NAME`, with the number of rows, the place in
 * the change log, how long the file is, and how much was forgotten by then. It
 * is written after the file is in place; where that fails, the next export is
 * compared with the time before.
 *
 * A list with other options is compared with how long it was then, by the log.
 * A file that this database did not write (its length tells) is weighed by its
 * length.
 */
#ifndef EXPORT_SIZE_H
#define EXPORT_SIZE_H

#include "export_job.h"

struct export_size {
	struct env *env;
	const struct export_job *job;
	const struct query_filter *filter;
	const char *options;   /* that decide what is on the list */
	struct ledger *ledger; /* NULL: one is opened to keep it */
	int64_t to;            /* the list is that of this seq */
	uint64_t rows;         /* of the list; of a delta set by check */
	uint64_t bytes;        /* of its files; of a delta any but 0 */
	int64_t purged;        /* addresses, set by check */
};

/* 0, or EX_DATAERR after telling why it is refused; other exit statuses. */
int export_size_check(struct export_size *s, struct export_result *r)
	__attribute__((warn_unused_result));

/* Keep it for the next time. Who may only read the database keeps nothing. */
int export_size_keep(const struct export_size *s)
	__attribute__((warn_unused_result));

#endif
