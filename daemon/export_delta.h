/*
 * `export --since-last`: what has to be added and what taken off since a name
 * last asked, as two files of one format. The name's place in the change log
 * moves only when both are in place; so a removal names only what this name
 * itself exported, and whatever else a platform's list holds is not touched.
 */
#ifndef EXPORT_DELTA_H
#define EXPORT_DELTA_H

#include "env.h"
#include "export.h"

struct export_delta {
	const struct export_format *format;
	const char *name;
	const char *adds, *removals; /* paths */
	struct query_filter filter;
	const char *options; /* the filter in words: the name keeps to it */
};

/* An exit status. */
int export_delta_run(struct env *e, struct export_delta *d)
	__attribute__((warn_unused_result));

#endif
