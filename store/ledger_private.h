/*
 * The inside of struct ledger, and what the files ledger*.c share.
 */
#ifndef LEDGER_PRIVATE_H
#define LEDGER_PRIVATE_H

#include "evidence.h"
#include "ledger.h"
#include "sql.h"

#define LEDGER_DAY        86400
#define LEDGER_ID_SHIFT   32  /* event id: day << 32 + number in the day */
#define LEDGER_HISTORY    200 /* newest events of an address that count */
#define LEDGER_ADDRESS    512 /* bytes of a key that is believed */
#define LEDGER_EVERYWHERE 1   /* id of the label "*" */
#define LEDGER_DAYS       64
#define LEDGER_KINDS      1024

static inline int64_t ledger_first_id(int64_t day)
{
	return day << LEDGER_ID_SHIFT;
}

/* The columns of a kind, in the order of KIND_FIND and KIND_ADD. */
enum kind_column {
	KIND_CLASS,
	KIND_REASON,
	KIND_STATUS,
	KIND_SMTP,
	KIND_FLAGS,
	KIND_ORIGIN,
	KIND_PROVIDER,
	KIND_STREAM,
	KIND_ACCOUNT,
	KIND_RULE,
	KIND_COLUMNS
};

struct ledger_kind {
	int64_t id; /* 0: empty slot */
	int64_t v[KIND_COLUMNS];
};

/* The next free event id of a day. */
struct ledger_day {
	int64_t day, next; /* next 0: empty slot */
};

struct ledger {
	struct db *db;
	const struct ledger_settings *settings;
	struct evidence *evidence;
	struct ledger_day days[LEDGER_DAYS]; /* of this transaction */
	struct ledger_kind kinds[LEDGER_KINDS];
	struct policy_event history[LEDGER_HISTORY];
	int64_t history_id[LEDGER_HISTORY];
};

/* A row of suppressions. */
struct ledger_standing {
	int64_t address_id, scope;
	enum state state; /* ABSENT: no row, or nothing holds any more */
	enum verdict_reason reason;
	enum cause cause;
	int64_t since;
	int64_t expires_at;  /* 0: never */
	int64_t event_id;    /* 0: none */
	int64_t released_at; /* 0: never */
};

/* Read the row of (address_id, scope), as it is; no row: STATE_ABSENT. */
int ledger_standing_get(struct ledger *l, int64_t address_id, int64_t scope,
	struct ledger_standing *out) __attribute__((warn_unused_result));

/* Whether its expiry has come. */
static inline bool ledger_has_expired(
	const struct ledger_standing *st, int64_t now)
{
	return st->expires_at && st->expires_at <= now;
}

/*
 * Write new, with its row in the change log; old is what it was. One that had
 * expired meanwhile gets the row that says so first.
 */
int ledger_standing_put(struct ledger *l, const struct ledger_standing *old,
	const struct ledger_standing *new, struct str note, int64_t now)
	__attribute__((warn_unused_result));

/* End a transaction: commit when rc is 0, else roll back. 0 or -1. */
int ledger_finish(struct ledger *l, int rc) __attribute__((warn_unused_result));

/* The id of a canonical key; made when it is missing, *added then true. */
int ledger_address(struct ledger *l, struct str key, struct str seen,
	int64_t *id, bool *added) __attribute__((warn_unused_result));

/* Fill in kind->id; the kind is made when it is missing. */
int ledger_kind(struct ledger *l, struct ledger_kind *kind)
	__attribute__((warn_unused_result));

/* An event id of this day that was never used. */
int ledger_event_id(struct ledger *l, int64_t day, int64_t *id)
	__attribute__((warn_unused_result));

#endif
