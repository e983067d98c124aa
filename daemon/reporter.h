/*
 * The weekly report in the daemon: a thread that looks once a minute whether
 * it is due (dispatch.h), because sendmail may take its time.
 */
#ifndef REPORTER_H
#define REPORTER_H

#include "conf.h"
#include "runner.h"
#include "writer.h"

struct reporter;

/* All are borrowed. 0, also when no report is to leave: *out is then NULL. -1:
 * why tells the reason. */
int reporter_start(const struct conf *conf, struct writer *writer,
	struct runner *runner, struct reporter **out, char why[256])
	__attribute__((warn_unused_result));

/* Before the writer stops. What is being sent has two seconds. NULL: nothing.
 */
void reporter_stop(struct reporter *r);

#endif
