/*
 * `db purge`: what may go from the database, and addresses that have to.
 */
#ifndef DB_PURGE_H
#define DB_PURGE_H

#include "env.h"

/* The evidence of events on days before that. An exit status. */
int db_purge_evidence(struct env *e, int64_t before, bool dry_run)
	__attribute__((warn_unused_result));

/* n addresses, told one a line on standard output. An exit status: 1 when one
 * of them is not known. */
int db_purge_addresses(struct env *e, char **addresses, int n, bool dry_run)
	__attribute__((warn_unused_result));

#endif
