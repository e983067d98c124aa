/*
 * A list without scopes has each address once, however many scopes hold it.
 * What a delta has to do to such a list follows from all scopes of the address
 * together, as the change log has them at the two places: what the tables say
 * now may be newer.
 */
#ifndef EXPORT_ONCE_H
#define EXPORT_ONCE_H

#include "arena.h"
#include "query.h"

struct export_once {
	int64_t from, to; /* the two places; the caller's */
	bool was, is;     /* on the list at `from`, and at `to` */
	/* By which it was and is: "*" before others. */
	struct query_suppression before, now;
	/* Where it has to be acted upon: of the scopes that came or went,
	 * each of which a delta tells, this is the one. Absent: none did. */
	struct str scope;
};

/* f: of the list, with now 0. Strings live in a. -1: db_error(), or out of
 * memory. */
int export_once_look(struct db *db, struct arena *a,
	const struct query_filter *f, struct str address,
	struct export_once *out) __attribute__((warn_unused_result));

#endif
