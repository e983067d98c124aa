/*
 * What the database knows of the bounces of each spike, as causes.h wants it.
 */
#ifndef FEATURES_H
#define FEATURES_H

#include "db.h"
#include "report/causes.h"

/* A time in which a provider or a domain is held to have failed. */
struct features_incident {
	int64_t id;
	bool by_domain; /* else by provider */
	struct str name;
	int64_t from, to; /* to 0: it lasts */
};

struct features_ask {
	int64_t from, to;     /* whole days */
	enum origin required; /* of bounces that count */
	/* Whether a domain looks mistyped; NULL: nothing does. */
	bool (*is_typo)(void *arg, struct str domain);
	void *arg;
	const struct features_incident *incidents;
	size_t incidents_n;
};

/*
 * Fill out[0..n), one for each spike; n to REPORT_SPIKES. Names live in a.
 * log_days, opens_known, dns and dns_says are not asked here. -1: db_error().
 */
int features_load(struct db *db, const struct features_ask *ask,
	const struct report_spike *spikes, size_t n, struct arena *a,
	struct cause_features *out) __attribute__((warn_unused_result));

#endif
