/*
 * How much is known beside bounces, and of a domain: what a cause is told by.
 */
#ifndef QUERY_KNOWN_H
#define QUERY_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "db.h"
#include "str.h"
#include "verdict.h"

/* What was imported, by which bounces are told apart. */
struct query_known {
	int64_t mailed_since; /* the first day of the send logs, as a sample
			       * of addresses tells; 0: there are none */
	bool opens;           /* who opened or clicked */
};

int query_known(struct db *db, struct query_known *out)
	__attribute__((warn_unused_result));

/* How the people of a domain fare, of 1,000 at most. */
struct query_known_domain {
	int64_t known;   /* addresses of which something is known */
	int64_t bounced; /* of these, in [from, to), by what counts */
	int64_t lived;   /* ... sent a reply, or mail was delivered */
	int64_t sent;    /* mails to the domain; 0: not known */
};

int query_known_domain(struct db *db, struct str domain, enum origin required,
	int64_t from, int64_t to, struct query_known_domain *out)
	__attribute__((warn_unused_result));

#endif
