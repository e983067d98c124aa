/*
 * What could not be done, for the report (the table troubles). `status` says
 * what is wrong now; this says what was wrong last week. That it cannot be
 * told is logged, and no reason to stop.
 */
#ifndef SETBACK_H
#define SETBACK_H

#include <stdbool.h>

#include "writer.h"

/* what: "mailbox news/INBOX"; lasts: until setback_over() of it. */
void setback_tell(struct writer *writer, const char *what, const char *detail,
	bool lasts);

/* It goes again; what NULL: everything, as far as is known. */
void setback_over(struct writer *writer, const char *what);

#endif
