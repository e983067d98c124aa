/*
 * What tells a mistyped domain from one that is there: which domains there
 * are, which of them are large, and whether anything ever spoke for one. The
 * rules for callbacks are those of query.h.
 */
#ifndef QUERY_TYPOS_H
#define QUERY_TYPOS_H

#include "query.h"

struct query_domain {
	int64_t id;
	struct str domain;
	int64_t addresses; /* about; 0: not counted */
};

typedef int query_domain_fn(void *arg, const struct query_domain *d);

/* Every domain that an address is known of, the newest first. */
int query_domains(struct db *db, query_domain_fn *fn, void *arg)
	__attribute__((warn_unused_result));

/*
 * Those with the most addresses, the greatest first, `most` at most: of a
 * sample of 20,000 addresses (all of them where there are no more) at least 20.
 */
int query_large_domains(struct db *db, size_t most, query_domain_fn *fn,
	void *arg) __attribute__((warn_unused_result));

/* How an address fares. */
struct query_fare {
	struct str local; /* of the canonical key */
	/* Its bounces of the time that was asked for which say that there is no
	 * such address or domain, or that nobody took the mail; and how many
	 * of them are about the domain. */
	int64_t fails, domain_fails;
	/* At any time: it opened or clicked, or something came back that only
	 * a domain with users gives (mail delivered, a full mailbox, a reply,
	 * a block, ...). */
	bool lives;
};

typedef int query_fare_fn(void *arg, const struct query_fare *f);

struct query_fares {
	int64_t domain_id;
	int64_t from, to;     /* bounces of [from, to), whole days */
	enum origin required; /* of a lower origin they do not count */
	size_t most;          /* addresses; 0: all */
};

/* Mails to a domain, as far as somebody told how many were sent there. */
struct query_sent {
	int64_t sent;    /* 0: nobody did */
	int64_t bounced; /* hard, soft or blocked, from the first day of which
			  * that is known to a week after the last */
};

/* Of the time and the domain of ask, by its name. */
int query_domain_sent(struct db *db, struct str domain,
	const struct query_fares *ask, struct query_sent *out)
	__attribute__((warn_unused_result));

/* The addresses of a domain, by local part. */
int query_fares(struct db *db, const struct query_fares *ask, query_fare_fn *fn,
	void *arg) __attribute__((warn_unused_result));

#endif
