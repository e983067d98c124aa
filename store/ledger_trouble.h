/*
 * What the daemon could not do (the table troubles), for the report; and a row
 * of the status table that several processes share. Times are Unix seconds.
 */
#ifndef LEDGER_TROUBLE_H
#define LEDGER_TROUBLE_H

#include "ledger.h"

struct ledger_trouble {
	struct str what;   /* "mailbox news/INBOX", "export crm" */
	struct str detail; /* what went wrong; cut at 400 bytes */
	bool lasts;        /* until ledger_trouble_over(); else it is over as it
			    * is told */
};

/*
 * It failed. There is one row for each `what` as long as it lasts, with the
 * latest detail; what comes back within an hour of its end goes on in it. The
 * latest 500 rows are kept. Own transaction.
 */
int ledger_trouble(struct ledger *l, const struct ledger_trouble *t,
	int64_t now) __attribute__((warn_unused_result));

/* It went well; what absent: whatever lasted is over, for all that is known.
 * Own transaction. */
int ledger_trouble_over(struct ledger *l, struct str what, int64_t now)
	__attribute__((warn_unused_result));

/*
 * Give a row of the status table another value, if it has the one it had when
 * it was looked at. *swapped false: somebody else was first, and nothing is
 * changed. Own transaction.
 */
struct ledger_swap {
	const char *name;
	const char *was; /* NULL: there was no such row */
	const char *value;
};

int ledger_status_swap(struct ledger *l, const struct ledger_swap *w,
	int64_t now, bool *swapped) __attribute__((warn_unused_result));

#endif
