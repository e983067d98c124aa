/*
 * The report on its way out from the command line: what is due, for a timer,
 * and one by hand, which is no scheduled one and leaves no trace of it.
 * Functions give an exit status, after telling why on stderr.
 */
#ifndef DISPATCH_ONCE_H
#define DISPATCH_ONCE_H

#include "env.h"
#include "report.h"

/* Send what is due, or nothing. e has its configuration and no database yet:
 * the helper that runs programs is started before. */
int dispatch_once(struct env *e);

/* Mail r to these. */
struct runner;
int dispatch_mail(struct env *e, struct runner *runner, const struct report *r,
	const struct conf_list *to);

/* The mail of r to these, as it would leave. */
int dispatch_print(
	struct env *e, const struct report *r, const struct conf_list *to);

#endif
