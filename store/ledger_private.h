/*
 * The inside of struct ledger, and what the files ledger*.c share.
 */
#ifndef LEDGER_PRIVATE_H
#define LEDGER_PRIVATE_H

#include "evidence.h"
#include "ledger.h"
#include "ledger_incident.h"
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

struct ledger_guard;

/* A window of time in which a bucket's bounces are held or void. */
struct ledger_span {
	int64_t id; /* of the incident */
	enum incident_kind kind;
	enum policy_window window;
	int64_t from, to;
	struct str name, match; /* malloc'd; match absent: all */
};

struct ledger {
	struct db *db;
	const struct ledger_settings *settings;
	struct evidence *evidence;
	struct ledger_day days[LEDGER_DAYS]; /* of this transaction */
	struct ledger_kind kinds[LEDGER_KINDS];
	struct policy_event history[LEDGER_HISTORY];
	int64_t history_id[LEDGER_HISTORY];
	struct ledger_span *spans; /* ledger_window.c */
	size_t spans_n;
	bool spans_read;
	struct ledger_guard *guard; /* ledger_guard.c's own, may be NULL */
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
	int64_t incident_id; /* 0: none */
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

/* --- incidents and the guard --- */

/* A bounce as the guard sees it. */
struct ledger_bounce {
	int64_t at;         /* event time */
	int64_t sent_at;    /* 0: not known */
	int64_t event_id;   /* 0: not recorded yet */
	int64_t address_id; /* 0: not known */
	bool address_added; /* just now: it has no events */
	bool engaged; /* opened or clicked in policy.engaged_days before */
	enum verdict_class class;
	enum verdict_reason reason;
	struct str provider, stream; /* labels; "" or absent: none */
	struct str domain;           /* of the canonical key */
	struct str rule, evidence;   /* evidence absent: not at hand */
};

/*
 * What the incidents say of a bounce; *id: which incident, 0 for NONE. Where
 * several cover it, one that is void outweighs those that hold. Inside a
 * transaction (the table is read once in each). -1 on failure.
 */
int ledger_window(struct ledger *l, const struct ledger_bounce *b,
	enum policy_window *window, int64_t *id)
	__attribute__((warn_unused_result));

/* Incidents have changed: read them again when next asked. */
void ledger_window_forget(struct ledger *l);

/*
 * The guard's part in the flow (ledger_guard.c). open and free with the
 * ledger; begin with each transaction, forget when one is rolled back; count
 * each hard bounce that is not our own, not stale and of a sufficient origin,
 * before its event is inserted, so that the guard can see whether it is the
 * first of its address, reason and day; flush before COMMIT: counts are
 * written, what has become extraordinary opens an incident and holds; tick as
 * ledger_tick(), in transactions of its own.
 */
int ledger_guard_open(struct ledger *l) __attribute__((warn_unused_result));
void ledger_guard_free(struct ledger *l);
void ledger_guard_forget(struct ledger *l);
int ledger_guard_count(struct ledger *l, const struct ledger_bounce *b)
	__attribute__((warn_unused_result));
int ledger_guard_flush(struct ledger *l, int64_t now)
	__attribute__((warn_unused_result));
int ledger_guard_tick(struct ledger *l, int64_t now, struct ledger_ticked *out)
	__attribute__((warn_unused_result));

/*
 * Hold what policy suppressed because of a bounce in the incident (it has its
 * id, kind, name, from, to and match): SUPPRESSED by policy with a deciding
 * event in it becomes HELD. *n: how many. Inside a transaction.
 */
int ledger_incident_hold(struct ledger *l, const struct ledger_incident *i,
	int64_t now, int64_t *n) __attribute__((warn_unused_result));

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
