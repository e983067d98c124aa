/*
 * An entry of somebody else's suppression list (a platform's export) on its
 * way in. It is no event: it suppresses by itself, with the cause `import`, and
 * the guard does not count it. What is known here and speaks against it wins,
 * and is told.
 */
#ifndef LEDGER_LISTED_H
#define LEDGER_LISTED_H

#include <stdbool.h>
#include <stdint.h>

#include "ledger.h"
#include "str.h"

struct ledger_listed {
	struct str address_key, seen; /* canonical, and as it was given */
	struct str scope;             /* "*": everywhere */
	enum verdict_reason reason;
	bool bounce;        /* it says that the address bounced, which may have
			     * been a provider's bad day */
	int64_t since;      /* when it was listed; 0: not known */
	int64_t expires_at; /* 0: never */
	struct str provider, rule, evidence; /* for incidents; may be absent */
	struct str note; /* who, from where, and what it says */
};

/* What becomes of it. */
enum listed_fate {
	LISTED_NEW,      /* suppressed */
	LISTED_AGAIN,    /* the same: the entry is newer than what spoke against
			  * it: a release, the end of a suppression, a hold */
	LISTED_WIDER,    /* the same: it was suppressed in other scopes only */
	LISTED_LONGER,   /* it was suppressed already, but for a shorter time */
	LISTED_ALREADY,  /* nothing changed: it is suppressed already */
	LISTED_RELEASED, /* nor here: released by hand, at .at */
	LISTED_ENDED,    /* its suppression here came to its end; it is not
			  * newer than what that was for, .at */
	LISTED_HELD,     /* held since .at, by incident_id or because it is
			  * engaged */
	LISTED_TRIED,    /* on probation since .at: held, and not confirmed */
	LISTED_INCIDENT, /* it was listed within an incident */
	LISTED_ENGAGED,  /* it opened or clicked at .at */
	LISTED_FATES
};

struct ledger_listed_result {
	enum listed_fate fate;
	int64_t at, incident_id;
};

/* Whether the address is suppressed by it, now or more than before. */
static inline bool listed_changes(enum listed_fate f)
{
	return f <= LISTED_LONGER;
}

/*
 * Inside a transaction, ledger_begin() to ledger_commit(); the same entry twice
 * changes nothing. Addresses that the configuration protects are the caller's
 * to refuse. 0, or -1 with db_error().
 */
int ledger_listed_put(struct ledger *l, const struct ledger_listed *e,
	int64_t now, struct ledger_listed_result *out)
	__attribute__((warn_unused_result));

#endif
