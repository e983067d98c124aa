/* Events that were judged again, under other rules (daemon/cmd/replay.c). */
#ifndef LEDGER_REPLAY_H
#define LEDGER_REPLAY_H

#include "ledger.h"

/* What the rules say of an event now. */
struct ledger_replay {
	int64_t event_id;
	enum verdict_class class;
	enum verdict_reason reason;
	bool weak;
	struct status status;
	int smtp;
	struct str provider, rule;
};

/* Of addresses; added to. */
struct ledger_settled {
	int64_t suppressed; /* that were not */
	int64_t ended;      /* suppressed, held or on probation before */
};

/*
 * Write it down, and make the address's state what all of its events now give;
 * what a person or an import decided stays. An event that is not there (any
 * more) is passed over. Inside a transaction. The counts that the guard has of
 * past hours stay as they were.
 */
int ledger_replay(struct ledger *l, const struct ledger_replay *r, int64_t now,
	struct ledger_settled *out) __attribute__((warn_unused_result));

#endif
