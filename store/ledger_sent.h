/*
 * How much was sent: the denominator of a bounce rate, told by others in parts
 * and more than once. What was told is kept as it was told, so that a part can
 * be told anew; what counts is made from all of it, a day (UTC) at a time:
 *
 * - Numbers of one source that name different streams, providers or domains
 *   add up. A number without a stream is about the mails of all streams, and
 *   so with a provider or a domain: of it and the sum of those that name one
 *   the greater counts.
 * - Of an hour's number and the mails that a log tells of that hour the greater
 *   counts, and so of a day's number and the sum of its hours.
 *
 * 0, or -1 with db_error().
 */
#ifndef LEDGER_SENT_H
#define LEDGER_SENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "incident_test.h"
#include "ledger.h"
#include "str.h"

/* The name of those that have none where others have one: of a row with an
 * empty field `stream`, say. With it as provider, it is told that none takes
 * them; without one, nothing is. */
#define LEDGER_SENT_REST " "

struct ledger_sent {
	int64_t at;     /* any second of the hour, or of the day */
	bool whole_day; /* n is of the day (UTC), not of the hour */
	/* Whose; absent or empty: nothing is said of it. With a domain the
	 * provider may stay empty where it has none that is known. */
	struct str domain, provider, stream;
	int64_t n;

	/* How n goes with what was told of the same hour (or day) and names. */
	enum ledger_sent_how {
		LEDGER_SENT_NUMBER, /* it is n, whatever was told before */
		LEDGER_SENT_LOG,    /* mails of a log, n more: not idempotent */
		LEDGER_SENT_BARE, /* the same, of a log without Message-IDs: it
				   * may tell of the mails of the other */
		LEDGER_SENT_OLD,  /* n or more, of a log whose mails are not
				   * known one by one any more */
	} how;
};

/* Keep rows as told, in one transaction. They count after ledger_settle(). */
int ledger_tell(struct ledger *l, const struct ledger_sent *v, size_t n)
	__attribute__((warn_unused_result));

/* Make what counts of all that was told since: a transaction for each day. */
int ledger_settle(struct ledger *l) __attribute__((warn_unused_result));

/*
 * What counts of mails of which nobody told what provider takes them, and of
 * those of which nobody told to what domain they go: they may be any one's.
 * Among the kinds of the table `sent`, beside enum incident_kind, by these
 * names.
 */
#define LEDGER_SENT_UNCLAIMED 0

static inline struct str ledger_sent_unclaimed(enum incident_kind of)
{
	return of == INCIDENT_DOMAIN ? str_of("domain", 6)
				     : str_of("provider", 8);
}

/* How long it is known how much was sent: to a domain, and the rest. */
#define LEDGER_SENT_DOMAIN_DAYS 75
#define LEDGER_SENT_DAYS        400

#endif
