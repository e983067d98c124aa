/* `check --csv`: a filter for the rows of a campaign. */
#ifndef CHECK_CSV_H
#define CHECK_CSV_H

#include "env.h"

struct check_csv {
	const char *column;   /* a name of the head, or a number from 1 */
	const char *path;     /* NULL: standard input */
	const char *rejected; /* a file for the others, or NULL */
	const char *scope;    /* or NULL */
};

/* An exit status: 1 when a row was rejected. */
int check_csv_run(const struct check_csv *c, struct env *e);

#endif
