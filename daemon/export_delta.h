/*
 * `export --since-last`: what has to be added and what taken off since a name
 * last asked, as two files of one format. The name's place in the change log
 * moves only when both are in place; so a removal names only what this name
 * itself exported, and whatever else a platform's list holds is not touched.
 */
#ifndef EXPORT_DELTA_H
#define EXPORT_DELTA_H

#include "export_job.h"

/* Run j, which has a cursor; f: its filter; options: what decides what is on
 * the list, in words: the name keeps to it. An exit status. */
int export_delta_run(struct env *e, const struct export_job *j,
	const struct query_filter *f, const char *options,
	struct export_result *r) __attribute__((warn_unused_result));

#endif
