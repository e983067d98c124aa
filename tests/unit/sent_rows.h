/* How much was sent, told of one bucket, for tests that ask what counts. */
#ifndef SENT_ROWS_H
#define SENT_ROWS_H

#include "incident_test.h"
#include "ledger_sent.h"

static inline struct ledger_sent sent_number(enum incident_kind kind,
	struct str name, int64_t at, bool whole_day, int64_t n)
{
	return (struct ledger_sent){
		.at = at,
		.whole_day = whole_day,
		.domain = kind == INCIDENT_DOMAIN ? name : STR_NULL,
		.provider = kind == INCIDENT_PROVIDER ? name : STR_NULL,
		.stream = kind == INCIDENT_STREAM ? name : STR_NULL,
		.n = n,
		.how = LEDGER_SENT_NUMBER,
	};
}

/* Rows as they are in one command: told, and settled. */
static inline int sent_put(
	struct ledger *l, const struct ledger_sent *v, size_t n)
{
	return ledger_tell(l, v, n) || ledger_settle(l) ? -1 : 0;
}

#endif
