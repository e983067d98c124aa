/*
 * The read side: what exports, check, explain, report and status ask. Rows are
 * given to a callback; strings live until it returns. A callback that returns
 * non-zero ends the walk, and its value is what the function returns (they
 * return 0 at the end and -1 with db_error() on failure, so use values > 0).
 *
 * No transaction is open while a callback runs: it may take its time (a pager
 * that waits for a key does not grow the WAL), and it may call the store.
 * None may be open when a function is called.
 */
#ifndef QUERY_H
#define QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "db.h"
#include "ledger_incident.h"
#include "policy.h"
#include "str.h"
#include "verdict.h"

/* One suppression (or hold, probation, release) of an address in a scope. */
struct query_suppression {
	struct str address, seen, scope;
	enum state state;
	enum verdict_reason reason;
	enum cause cause;
	int64_t since, expires_at; /* expires_at 0: never; HELD: when it goes
				    * on probation */
	int64_t event_id;
	int64_t incident_id; /* what holds or held it; 0: no incident */
};

typedef int query_suppression_fn(void *arg, const struct query_suppression *s);

/* Which suppressions: absent members do not restrict. */
struct query_filter {
	struct str scope;      /* this scope, and "*" */
	struct str domain;     /* addresses of this domain */
	int reason;            /* enum verdict_reason, or -1 */
	enum state state;      /* STATE_ABSENT: SUPPRESSED */
	int64_t before, after; /* since < before, since >= after; 0: any */
	int64_t now;           /* what has expired by then is left out */
	bool no_soft;          /* leave out what ends soon: soft reasons */
	bool or_held;          /* and HELD, beside .state */
	bool purged;           /* also addresses of which a hash is left; their
				* address is "sha256:..." (purged.h) */
	bool brief;            /* query_export() may leave seen, cause, since,
				* event_id and incident_id out: faster */
};

/* Whether s is on the list that f describes. */
bool query_passes(
	const struct query_filter *f, const struct query_suppression *s);

/*
 * The suppressions as they are when the call begins (but for what has expired
 * by f->now), in the order in which addresses came to be known, the scopes of
 * one together, "*" first. Read
 * in transactions of at most about 100 ms; what changes meanwhile is put back
 * by the change log, so that the list is that of one moment and a delta taken
 * from the change log later fits to it.
 */
int query_export(struct db *db, const struct query_filter *f,
	query_suppression_fn *fn, void *arg)
	__attribute__((warn_unused_result));

/* The end of the change log: what query_export() gives now is the list at this
 * seq (with f->now 0: by the log alone, see below). */
int query_last_seq(struct db *db, int64_t *seq)
	__attribute__((warn_unused_result));

/* How many addresses are known by a hash only (purged.h). */
int query_purged(struct db *db, int64_t *n) __attribute__((warn_unused_result));

enum query_delta {
	QUERY_ADD,
	QUERY_REMOVE, /* s tells what it was */
	QUERY_CHANGE, /* on both lists: reason, since, expiry or cause changed
		       */
};

typedef int query_delta_fn(
	void *arg, enum query_delta what, const struct query_suppression *s);

/*
 * What has to be done to the list that f gave at seq `from` to make it that of
 * seq `to`. Each address and scope comes once, in order of its last change.
 *
 * It goes by the log alone: f->now must be 0, also for the export of the whole
 * list that a delta is to fit to, and ledger_expire() is to be called before
 * either. `to` is of query_last_seq(), read before the call.
 */
int query_delta(struct db *db, const struct query_filter *f, int64_t from,
	int64_t to, query_delta_fn *fn, void *arg)
	__attribute__((warn_unused_result));

/* A named delta export: what it has exported is the list at its seq. */
struct query_cursor {
	struct str name, format, scope, options;
	int64_t seq, at;
};

typedef int query_cursor_fn(void *arg, const struct query_cursor *c);

/* All of them by name; name: that one only, absent: all. */
int query_cursors(struct db *db, struct str name, query_cursor_fn *fn,
	void *arg) __attribute__((warn_unused_result));

/* All scopes of one address (canonical key) in which something holds now,
 * whatever it is, "*" first; nothing known: no row. */
int query_check(struct db *db, struct str address_key, int64_t now,
	query_suppression_fn *fn, void *arg)
	__attribute__((warn_unused_result));

struct query_event {
	int64_t id, at, sent_at;
	struct str address; /* "" when not known */
	enum verdict_class class;
	enum verdict_reason reason;
	struct status status;
	int smtp;
	unsigned flags; /* EVENT_... */
	enum origin origin;
	struct str provider, stream, account, rule; /* absent: none */
	enum fate fate;      /* why it did or did not suppress, when it came */
	struct str source;   /* where the mail was read */
	struct str evidence; /* both absent: none kept (any more) */
};

enum event_flag {
	EVENT_FORWARDED = 1,
	EVENT_WEAK = 2,
	EVENT_STALE = 4, /* when it was recorded */
	EVENT_OWN = 8,   /* one of own:, or on never_suppress: */
	/* Why it is unverified; neither: what was returned bears no mark. */
	EVENT_NO_ORIGINAL = 16,     /* nothing of our mail was returned */
	EVENT_OTHER_RECIPIENT = 32, /* what was returned went to another */
};

typedef int query_event_fn(void *arg, const struct query_event *e);

/* The events of one address, oldest first, with evidence. (A day with more
 * than 256 of them is in the order in which they were recorded.) */
int query_events(struct db *db, struct str address_key, query_event_fn *fn,
	void *arg) __attribute__((warn_unused_result));

/* Events of [from, to) by event time whose evidence is kept, in the order of
 * their days. */
int query_evidence(struct db *db, int64_t from, int64_t to, query_event_fn *fn,
	void *arg) __attribute__((warn_unused_result));

struct query_change {
	int64_t seq, at;
	struct str address, scope, note;
	enum state old_state, new_state; /* the same: reason, since or end of
					  * the suppression changed */
	enum verdict_reason reason;
	enum cause cause;
	int64_t event_id, expires_at; /* 0: none */
	int64_t incident_id;          /* 0: none */
};

typedef int query_change_fn(void *arg, const struct query_change *c);

/* The change log of one address, oldest first. */
int query_changes(struct db *db, struct str address_key, query_change_fn *fn,
	void *arg) __attribute__((warn_unused_result));

/* The change log of all addresses above seq `after`, in order, `limit` rows at
 * most (to 10,000). */
int query_feed(struct db *db, int64_t after, size_t limit, query_change_fn *fn,
	void *arg) __attribute__((warn_unused_result));

/* One row of a count: by class and reason, by provider, by domain, ... */
struct query_count {
	struct str name; /* provider, domain or stream; "" for none */
	enum verdict_class class;
	enum verdict_reason reason;
	int64_t n;
};

typedef int query_count_fn(void *arg, const struct query_count *c);

enum query_by {
	QUERY_BY_REASON,   /* class, reason */
	QUERY_BY_PROVIDER, /* name, class */
	QUERY_BY_STREAM,   /* name, class */
	QUERY_BY_RULE,     /* name of the rule that decided, class */
	QUERY_BY_DOMAIN,   /* name, class; "": no recipient known */
	QUERY_BY_SHAPE,    /* of bounces not understood, or undetermined (class
			    * soft): name is provider, TAB, status as in the
			    * table kinds, TAB, reply code */
	QUERY_BY_DAY,      /* name YYYY-MM-DD, class */
};

/* Which events: of [from, to) by event time, without hard, soft and block
 * bounces and complaints below the required origin. */
struct query_span {
	int64_t from, to;
	enum origin required;
};

/* They are counted, the greatest first (days: in order). Members that `by` does
 * not name are "" and 0. */
int query_counts(struct db *db, enum query_by by, const struct query_span *span,
	query_count_fn *fn, void *arg) __attribute__((warn_unused_result));

/*
 * How suppressions changed in [from, to), by commit time; and what happened in
 * that time, by event time. An address counts once for each of its scopes.
 */
struct query_moves {
	int64_t suppressed, released, expired; /* changes */
	int64_t now_suppressed, now_released;  /* states at `now` */
	int64_t now_held, now_probation;
	/* bounces and complaints below the required origin: all; those
	 * that returned nothing of our mail; whose original went to another
	 * recipient. The rest bear none of our marks. */
	int64_t unverified, unverified_bare, unverified_other;
	int64_t stale;   /* hard bounces and complaints */
	int64_t unknown; /* bounces not understood */
};

int query_moves(struct db *db, enum origin required, int64_t from, int64_t to,
	int64_t now, struct query_moves *out)
	__attribute__((warn_unused_result));

/* The three counts of unverified events of struct query_moves alone. */
int query_unverified(struct db *db, enum origin required, int64_t from,
	int64_t to, struct query_moves *out)
	__attribute__((warn_unused_result));

/* Rows of the status table, by name. */
typedef int query_status_fn(
	void *arg, struct str name, struct str value, int64_t at);
int query_status(struct db *db, query_status_fn *fn, void *arg)
	__attribute__((warn_unused_result));

/* What the daemon could not do (ledger_trouble.h), from when to when. */
struct query_trouble {
	struct str what, detail;
	int64_t began_at, ended_at; /* ended_at 0: it lasts */
	int64_t times;              /* it failed */
};

typedef int query_trouble_fn(void *arg, const struct query_trouble *t);

/* What was not well at any time of [from, to), by its beginning. */
int query_troubles(struct db *db, int64_t from, int64_t to,
	query_trouble_fn *fn, void *arg) __attribute__((warn_unused_result));

/* Totals for status. */
struct query_totals {
	int64_t messages, events, addresses;
	int64_t suppressed, held, released; /* at `now`, for each scope */
	int64_t probation;
	int64_t last_event_at; /* 0: there is none */
	int64_t schema_version;
	int64_t bytes; /* of the database, without what is only in its WAL */
};

int query_totals(struct db *db, int64_t now, struct query_totals *out)
	__attribute__((warn_unused_result));

/* events and last_event_at alone, the rest is 0: nothing is counted that takes
 * longer with each year. */
int query_totals_brief(struct db *db, struct query_totals *out)
	__attribute__((warn_unused_result));

/* Mailboxes with their cursors, newest epoch of each first. */
struct query_mailbox {
	struct str account, folder;
	uint32_t uidvalidity, last_uid;
	int64_t seen_at; /* last complete look; 0: none yet */
	int64_t pending; /* recorded, the server not yet told */
};

typedef int query_mailbox_fn(void *arg, const struct query_mailbox *m);
int query_mailboxes(struct db *db, query_mailbox_fn *fn, void *arg)
	__attribute__((warn_unused_result));

/* --- incidents --- */

/* A row of incidents (ledger_incident.h), and what became of its addresses. */
struct query_incident {
	struct ledger_incident i;
	int64_t held, probation, suppressed, released; /* now */
};

typedef int query_incident_fn(void *arg, const struct query_incident *i);

/* Incidents, the newest first by its beginning; id: that one only, 0: all.
 * Open ones as the database has them. */
int query_incidents(struct db *db, int64_t id, query_incident_fn *fn, void *arg)
	__attribute__((warn_unused_result));

/* The addresses that an incident holds or held, in whatever state they are
 * now, by address. */
int query_incident_addresses(
	struct db *db, int64_t id, query_suppression_fn *fn, void *arg)
	__attribute__((warn_unused_result));

#endif
