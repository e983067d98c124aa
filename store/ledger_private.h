/*
 * The inside of struct ledger, and what the files ledger*.c share.
 */
#ifndef LEDGER_PRIVATE_H
#define LEDGER_PRIVATE_H

#include "evidence.h"
#include "key_parts.h"
#include "ledger.h"
#include "ledger_incident.h"
#include "ledger_sent.h"
#include "sql.h"

#define LEDGER_DAY        86400
#define LEDGER_ID_SHIFT   32  /* event id: day << 32 + number in the day */
#define LEDGER_ADDRESS    512 /* bytes of a key that is believed */
#define LEDGER_EVERYWHERE 1   /* id of the label "*" */
#define LEDGER_DAYS       64
#define LEDGER_KINDS      1024
#define LEDGER_TURNS      64
#define LEDGER_DOMAINS    1024
#define LEDGER_LATE                                                            \
	(5 * LEDGER_DAY) /* MTAs try for 4 to 5 days (RFC 5321                 \
			  * 4.5.4.1) */

static inline int64_t ledger_first_id(int64_t day)
{
	return day << LEDGER_ID_SHIFT;
}

/* Event time, of an event's id and its second of the day. */
static inline int64_t ledger_event_at(int64_t id, int64_t second)
{
	return (id >> LEDGER_ID_SHIFT) * LEDGER_DAY + second;
}

/* As kinds.status has it. */
static inline int64_t ledger_status_number(struct status s)
{
	return s.class * 1000000 + s.subject * 1000 + s.detail;
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

/* The columns of a turn, in the order of TURN_FIND and TURN_ADD. */
enum turn_column {
	TURN_SCOPE,
	TURN_OLD,
	TURN_NEW,
	TURN_REASON,
	TURN_CAUSE,
	TURN_COLUMNS
};

struct ledger_turn {
	int64_t id; /* 0: empty slot */
	int64_t v[TURN_COLUMNS];
};

/* A domain that was looked up lately. */
struct ledger_domain_slot {
	int64_t id;
	unsigned char n; /* 0: empty slot */
	char text[47];
};

/* The next free event id of a day. */
struct ledger_day {
	int64_t day, next; /* next 0: empty slot */
};

/* Whether a table has rows, asked once in a transaction. */
enum ledger_presence {
	LEDGER_NOT_ASKED,
	LEDGER_EMPTY,
	LEDGER_FILLED,
};

struct ledger_guard;

/* A window of time in which a bucket's bounces are held or void. */
struct ledger_span {
	int64_t id; /* of the incident */
	enum incident_kind kind;
	enum policy_window window;
	int64_t from, to;
	int64_t late; /* bounces of its answers come that much later */
	struct str name, match; /* malloc'd; match absent: all */
};

struct ledger {
	struct db *db;
	const struct ledger_settings *settings;
	struct evidence *evidence;
	int64_t now;                         /* of the latest ledger_put() */
	struct ledger_day days[LEDGER_DAYS]; /* of this transaction */
	struct ledger_kind kinds[LEDGER_KINDS];
	struct ledger_turn turns[LEDGER_TURNS];
	struct ledger_domain_slot domains[LEDGER_DOMAINS];
	struct policy_event history[POLICY_HISTORY];
	int64_t history_id[POLICY_HISTORY], history_incident[POLICY_HISTORY];
	/* Whether anything is in these tables. */
	enum ledger_presence engaged, sendlog, purged;
	struct ledger_span *spans; /* ledger_window.c */
	size_t spans_n;
	bool spans_read;
	int64_t sent_pruned; /* the day of the latest ledger_sent_tick() */
	struct ledger_guard *guard; /* ledger_guard.c's own, may be NULL */
};

/* A row of suppressions, with the change that it comes from. */
struct ledger_standing {
	int64_t address_id, scope;
	enum state state; /* ABSENT: no row, or nothing holds any more */
	enum verdict_reason reason;
	enum cause cause;
	int64_t since;
	int64_t expires_at;  /* 0: never */
	int64_t event_id;    /* 0: none */
	int64_t event_at;    /* its event time */
	int64_t released_at; /* what was sent by then counts no more; 0: none,
			      * or forgotten by a suppression by hand */
	int64_t incident_id; /* 0: none */
	int64_t seq;         /* its latest change; 0: none */
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

/* The outages that all share are rows of incidents. Own transaction, when some
 * are missing. */
int ledger_known(struct ledger *l) __attribute__((warn_unused_result));

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

/* A bounce on its way to a decision. */
struct ledger_case {
	int64_t address_id; /* 0: nobody is known */
	int64_t scope;
	int64_t event_id;
	struct policy_event event;   /* window is filled in */
	struct ledger_bounce bounce; /* engaged is filled in */
	int64_t now;
};

/*
 * What follows from it (ledger_judge.c): the state of the address changes, the
 * guard counts it, *fate says what became of it.
 */
int ledger_judge(struct ledger *l, struct ledger_case *c, enum fate *fate)
	__attribute__((warn_unused_result));

/*
 * Look at the events of an address again, because incidents have changed:
 * *new is what policy_review() makes of its row `from`. True in *changed: they
 * differ. Nothing is written.
 */
int ledger_review(struct ledger *l, const struct ledger_standing *from,
	int64_t now, struct ledger_standing *new, bool *changed)
	__attribute__((warn_unused_result));

/*
 * Where a suppression for an event of this kind holds: a complaint about the
 * newsletter must not stop password resets. A stream that calls itself "*" is
 * none.
 */
static inline int64_t ledger_scope(
	int64_t class, int64_t stream, int64_t account)
{
	if (class != CLASS_COMPLAINT)
		return LEDGER_EVERYWHERE;
	if (stream && stream != LEDGER_EVERYWHERE)
		return stream;
	return account ? account : LEDGER_EVERYWHERE;
}

/* Whether a bounce of that time may lie in any window. Inside a transaction.
 * 1, 0, -1. */
int ledger_window_at(struct ledger *l, int64_t sent_at, int64_t at)
	__attribute__((warn_unused_result));

/* Whether the table that `exists` asks has rows, asked once a transaction. */
int ledger_has_rows(struct ledger *l, enum sql_id exists,
	enum ledger_presence *is) __attribute__((warn_unused_result));

/* Whether the send log has this mail to this address. Inside a transaction. */
int ledger_sendlog_has(struct ledger *l, struct str message_id,
	struct str address_key, bool *has) __attribute__((warn_unused_result));

/* In sent_told: the hour of a day's number, and the source of mails that are
 * known one by one. */
#define LEDGER_WHOLE_DAY  24
#define LEDGER_SOURCE_LOG 0

/* ledger_settle() of one day, if there is one: 1, 0, -1. Own transaction. */
int ledger_settle_next(struct ledger *l) __attribute__((warn_unused_result));

/* Keep a row of what was sent as told. Inside a transaction. */
int ledger_tell_one(struct ledger *l, const struct ledger_sent *row)
	__attribute__((warn_unused_result));

/* Once a day forget what is old of it, and settle one day, if one is left. Own
 * transactions. */
int ledger_sent_tick(struct ledger *l, int64_t now)
	__attribute__((warn_unused_result));

/* Drop a part of what is too old of it. Own transaction. */
int ledger_sendlog_tick(struct ledger *l, int64_t now)
	__attribute__((warn_unused_result));

/* The same of the days on which addresses were mailed (ledger_mailed.c), and
 * forget those of one address. The latter inside a transaction. */
int ledger_mailed_tick(struct ledger *l, int64_t now)
	__attribute__((warn_unused_result));
int ledger_mailed_forget(struct ledger *l, struct str address_key)
	__attribute__((warn_unused_result));

/* Empty one of 256 slices of a table, which are the keys with one first byte,
 * of what is older than `before`; another each minute. Own transaction. */
int ledger_drop_slice(struct ledger *l, enum sql_id any, enum sql_id drop,
	int64_t now, int64_t before) __attribute__((warn_unused_result));

/* When the address opened or clicked last (*at, 0: never as far as known);
 * inside a transaction. */
int ledger_engaged(struct ledger *l, int64_t address_id, int64_t *at)
	__attribute__((warn_unused_result));

/*
 * What the incidents say of a bounce; *id: which incident, 0 for NONE. Where
 * several cover it, one that is void outweighs those that hold. Inside a
 * transaction (the table is read once in each). -1 on failure.
 */
int ledger_window(struct ledger *l, const struct ledger_bounce *b,
	enum policy_window *window, int64_t *id)
	__attribute__((warn_unused_result));

/* The window of one incident, with memory of its own. False: out of memory. */
bool ledger_span_init(struct ledger_span *w, const struct ledger_incident *i);
void ledger_span_release(struct ledger_span *w);
bool ledger_span_covers(struct ledger *l, const struct ledger_span *w,
	const struct ledger_bounce *b);

/* Incidents have changed: read them again when next asked. */
void ledger_window_forget(struct ledger *l);

/*
 * The guard's part in the flow (ledger_guard.c). open and free with the
 * ledger; begin with each transaction, forget when one is rolled back; count
 * each hard bounce that is not our own, not stale and of a sufficient origin,
 * before its event is inserted, so that the guard can see whether it is the
 * first of its address for long; flush before COMMIT: counts are
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

/* The row: 1; 0: there is none; -1. Its strings are malloc'd: drop it. */
int ledger_incident_get(struct ledger *l, int64_t id,
	struct ledger_incident *out) __attribute__((warn_unused_result));
void ledger_incident_drop(struct ledger_incident *i);

/*
 * What policy suppressed because of a bounce in the incident (which has a row):
 * looked at again, and held if nothing else decides. *n: how many are held.
 * Inside a transaction.
 */
int ledger_incident_hold(struct ledger *l, const struct ledger_incident *i,
	int64_t now, int64_t *n) __attribute__((warn_unused_result));

/* What it holds, or held, was dead: SUPPRESSED. *n: how many. The row of the
 * incident is the caller's. Inside a transaction. */
int ledger_incident_suppress(struct ledger *l, const struct ledger_incident *i,
	struct str note, int64_t now, int64_t *n)
	__attribute__((warn_unused_result));

/* End a transaction: commit when rc is 0, else roll back. 0 or -1. */
int ledger_finish(struct ledger *l, int rc) __attribute__((warn_unused_result));

struct ledger_who {
	int64_t id;
	bool added;  /* just now: it has no history */
	bool purged; /* it is known by its hash only */
};

/* The address of a canonical key; made when it is missing. */
int ledger_address(struct ledger *l, struct str key, struct str seen,
	struct ledger_who *who) __attribute__((warn_unused_result));

/* The id of a canonical key, when it is there: 1, else 0. *purged: by its hash
 * only. */
int ledger_address_find(struct ledger *l, struct str key, int64_t *id,
	bool *purged) __attribute__((warn_unused_result));

/* Fill in kind->id; the kind is made when it is missing. */
int ledger_kind(struct ledger *l, struct ledger_kind *kind)
	__attribute__((warn_unused_result));

/* The daily counts have n more (or, below 0, fewer) events of that kind. */
int ledger_count_day(
	struct ledger *l, int64_t at, const struct ledger_kind *kind, int64_t n)
	__attribute__((warn_unused_result));

/* Fill in turn->id; the turn is made when it is missing. */
int ledger_turn(struct ledger *l, struct ledger_turn *turn)
	__attribute__((warn_unused_result));

/* Forget what of them may never have been committed. */
void ledger_intern_forget(struct ledger *l);

/* An event id of this day that was never used. */
int ledger_event_id(struct ledger *l, int64_t day, int64_t *id)
	__attribute__((warn_unused_result));

#endif
