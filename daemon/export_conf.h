/* An entry of `exports:` as a job. */
#ifndef EXPORT_CONF_H
#define EXPORT_CONF_H

#include "conf.h"
#include "export_job.h"

/* Its strings are c's; .format NULL: there is none of this name. */
void export_conf_job(const struct conf_export *c, struct export_job *out);

/* For conf_load_with(): whether such a job can be run. */
void export_conf_check(const struct conf *conf, const struct conf_export *c,
	struct conf_mistakes *m);

/* The entry whose cursor this is; NULL: none. */
const struct conf_export *export_conf_of_cursor(
	const struct conf *conf, const char *cursor);

#endif
