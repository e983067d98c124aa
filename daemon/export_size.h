/*
 * How long a list is from one export to the next: a list that suddenly grew or
 * shrank is not believed (list_guard: in the configuration), because something
 * may be wrong with what judges bounces. What imports, incidents, releases and
 * expiry changed is not counted: somebody or something meant that.
 *
 * Last time is a row of the status table for each target file, or each cursor:
 * `list.file.PATH` or `list.cursor.NAME`, with the number of rows and the
 * place in the change log. It is written after the file is in place; where
 * that fails, the next export is compared with the time before.
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
};

/* 0, or EX_DATAERR after telling why it is refused; other exit statuses. */
int export_size_check(struct export_size *s, struct export_result *r)
	__attribute__((warn_unused_result));

/* Keep it for the next time. Who may only read the database keeps nothing. */
int export_size_keep(const struct export_size *s)
	__attribute__((warn_unused_result));

#endif
