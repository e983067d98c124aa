/*
 * Counts by week for each name: what tells the usual week from this one. Only
 * bounces count (hard, soft, block, complaint, unknown), by event time.
 *
 * Reasons, providers and streams come from the daily counts, which outlive
 * events; domains from the events. Read in transactions of at most about 100
 * ms; none may be open when a function is called, and none is while a callback
 * runs.
 */
#ifndef QUERY_SERIES_H
#define QUERY_SERIES_H

#include <stdint.h>

#include "db.h"
#include "ledger_incident.h"
#include "str.h"
#include "verdict.h"

#define QUERY_SERIES_WEEKS 27

enum query_series_by {
	QUERY_SERIES_REASON,
	QUERY_SERIES_PROVIDER,
	QUERY_SERIES_DOMAIN,
	QUERY_SERIES_STREAM
};

struct query_series_ask {
	enum query_series_by by;
	int64_t to;           /* end of the latest week: a day begins there */
	int days;             /* of a week: 7 */
	int weeks;            /* to QUERY_SERIES_WEEKS */
	enum origin required; /* of a lower one they do not count */
	size_t limit; /* pairs of name and week that are kept in memory, 8 bytes
		       * each; 0: a million and a half */
};

/* A name that bounced in one of the weeks; 0 is the latest. */
struct query_series {
	int64_t id; /* of the name: query_series_name() */
	uint32_t weeks[QUERY_SERIES_WEEKS];
};

typedef int query_series_fn(void *arg, const struct query_series *s);

/*
 * All names, in order of id; what has no name (no provider, no recipient) is
 * left out. *weeks: how many are told of; fewer than asked for where the limit
 * left no room for the oldest, which are 0 then.
 */
int query_series(struct db *db, const struct query_series_ask *ask, int *weeks,
	query_series_fn *fn, void *arg) __attribute__((warn_unused_result));

/* The name of an id: 1, with *name of arena a; 0: there is none (any more). */
struct arena;
int query_series_name(struct db *db, enum query_series_by by, int64_t id,
	struct arena *a, struct str *name) __attribute__((warn_unused_result));

/* How much was sent, in the same weeks, as far as it is known. */
struct query_series_sent_ask {
	int kind; /* enum incident_kind, or LEDGER_SENT_UNCLAIMED */
	int64_t to;
	int days, weeks;
};

struct query_series_sent {
	int64_t id; /* of the name; 0 of INCIDENT_ALL; of what is UNCLAIMED
		     * INCIDENT_PROVIDER or _DOMAIN */
	int64_t weeks[QUERY_SERIES_WEEKS];
};

typedef int query_series_sent_fn(
	void *arg, const struct query_series_sent *sent);

/* Names that never bounced are left out. */
int query_series_sent(struct db *db, const struct query_series_sent_ask *ask,
	query_series_sent_fn *fn, void *arg)
	__attribute__((warn_unused_result));

/* The id of a name: 1; 0: there is none. */
int query_series_id(struct db *db, enum query_series_by by, struct str name,
	int64_t *id) __attribute__((warn_unused_result));

/* The ids of a bounce, 0 for none; how many had all four in common. */
struct query_cell {
	int64_t reason, provider, domain, stream; /* ids as in query_series */
	enum verdict_class class;
	int64_t n;
};

typedef int query_cell_fn(void *arg, const struct query_cell *c);

/*
 * The bounces of whole days [from, to) that count, counted by all four at once
 * and the class. The same may come more than once, to be added up.
 */
int query_cells(struct db *db, enum origin required, int64_t from, int64_t to,
	query_cell_fn *fn, void *arg) __attribute__((warn_unused_result));

/* The same without domains, which costs little over many weeks. */
int query_cells_daily(struct db *db, enum origin required, int64_t from,
	int64_t to, query_cell_fn *fn, void *arg)
	__attribute__((warn_unused_result));

#endif
