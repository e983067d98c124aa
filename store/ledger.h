/*
 * The write side: one transaction takes messages, events, suppressions, change
 * log and cursor together. Commit first, then touch the mailbox.
 *
 *	ledger_begin(); ledger_put() ...; ledger_cursor(); ledger_commit();
 *
 * Returns are 0 or -1 with db_error(); after a failure ledger_rollback().
 */
#ifndef LEDGER_H
#define LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db.h"
#include "policy.h"
#include "str.h"
#include "verdict.h"

/* The globs (str_glob) are matched on canonical keys (address.h). */
struct ledger_settings {
	struct policy_settings policy;
	const struct str *never; /* never_suppress: */
	size_t never_n;
	const struct str *own; /* own: */
	size_t own_n;
	bool keep_evidence;
	bool guard;          /* guard.enabled */
	int64_t guard_least; /* guard.least: bounces an hour, below which
			      * nothing is an incident; 0: the default */
};

struct ledger;

/* *settings and *db must outlive the ledger. db must not be DB_READ. -1: out
 * of memory, *out is NULL. */
int ledger_open(struct db *db, const struct ledger_settings *settings,
	struct ledger **out) __attribute__((warn_unused_result));
void ledger_close(struct ledger *l);

/* State of a mail in its mailbox; the numbers are on disk. */
enum uid_state {
	UID_RECORDED = 0,
	UID_DONE = 1,
	UID_COPIED = 2,
	UID_GONE = 3,
	UID_QUARANTINED = 4,
};

/* One mail to record. */
struct ledger_entry {
	int64_t mailbox; /* from ledger_mailbox(), or 0: not from IMAP */
	uint32_t uid;
	enum uid_state uid_state; /* RECORDED; DONE when nothing is to do */
	unsigned char digest[16];
	int64_t received_at; /* INTERNALDATE, or 0; event time when the mail
			      * itself tells none */
	struct str account;  /* "" when there is none */
	struct str source;   /* for explain: "news/INBOX uid 42", a path */
	const struct verdict_list *verdicts; /* NULL: it could not be read; only
					      * its UID and state are kept */
	const struct str *packed; /* evidence_pack() of source and each of them,
				   * made by whoever has the time; or NULL */
};

/* What became of it. */
struct ledger_result {
	bool duplicate; /* known by digest or UID: nothing was recorded */
	enum verdict_class class;         /* of the mail as a whole */
	unsigned events;                  /* recorded */
	unsigned fates[FATE_COUNT];       /* of its verdicts */
	unsigned unverified[ORIGIN_WHYS]; /* those of FATE_UNVERIFIED: why */
};

int ledger_begin(struct ledger *l) __attribute__((warn_unused_result));
int ledger_put(struct ledger *l, const struct ledger_entry *e, int64_t now,
	struct ledger_result *out) __attribute__((warn_unused_result));
int ledger_commit(struct ledger *l) __attribute__((warn_unused_result));
void ledger_rollback(struct ledger *l);

/* A mailbox epoch: its row (made when missing) and cursor. Own transaction. */
struct ledger_mailbox {
	int64_t id;
	uint32_t last_uid;
	bool other_epoch; /* the folder was known under another UIDVALIDITY */
};

int ledger_mailbox(struct ledger *l, struct str account, struct str folder,
	uint32_t uidvalidity, struct ledger_mailbox *out)
	__attribute__((warn_unused_result));

/* Inside the transaction of the batch: everything up to uid is recorded. The
 * cursor never goes back. */
int ledger_cursor(struct ledger *l, int64_t mailbox, uint32_t uid)
	__attribute__((warn_unused_result));

/* A complete look at the folder ended now. Own transaction. */
int ledger_seen(struct ledger *l, int64_t mailbox, int64_t now)
	__attribute__((warn_unused_result));

/* UIDs that this mailbox already has, in any state, ascending, in a malloc'd
 * array (NULL for none). */
int ledger_uids(struct ledger *l, int64_t mailbox, uint32_t **uids, size_t *n)
	__attribute__((warn_unused_result));

/* Mails whose server action is still to do: RECORDED or COPIED, by UID. */
struct ledger_pending {
	uint32_t uid;
	enum uid_state state;
	enum verdict_class class;
};

/* In a malloc'd array (NULL for none). */
int ledger_pending(struct ledger *l, int64_t mailbox,
	struct ledger_pending **out, size_t *n)
	__attribute__((warn_unused_result));

/* The server has been told about these. Own transaction. */
int ledger_mark(struct ledger *l, int64_t mailbox, const uint32_t *uids,
	size_t n, enum uid_state state) __attribute__((warn_unused_result));

/* What a person decided about an address. */
struct ledger_hand {
	struct str address_key, seen; /* canonical, and as it was given */
	struct str scope;             /* "*" for all */
	enum state state;             /* SUPPRESSED or RELEASED */
	struct str note;              /* who, and why: for the change log */
};

/* What it came to. */
struct ledger_handed {
	bool changed; /* false: it was so already, by hand */
	enum state was;
	bool purged; /* only its hash is known (purged.h): no delta names it */
};

/*
 * A suppression by policy becomes one by hand: it no longer expires. A release
 * of what is not suppressed is recorded, too: it holds against late bounces.
 * Own transaction.
 */
int ledger_hand(struct ledger *l, const struct ledger_hand *h, int64_t now,
	struct ledger_handed *out) __attribute__((warn_unused_result));

/*
 * Suppressions whose expiry has come end, and what was held for long enough
 * goes on probation, with a row in the change log. *n: how many. Own
 * transactions, of at most a thousand.
 */
int ledger_expire(struct ledger *l, int64_t now, size_t *n)
	__attribute__((warn_unused_result));

/* What time made of it. */
struct ledger_ticked {
	size_t ended;     /* suppressions and holds whose time was over */
	size_t opened;    /* incidents, since the last call */
	size_t closed;    /* incidents */
	size_t confirmed; /* addresses, because an incident was an import */
	bool more;        /* there is more to do: call again soon */
};

/*
 * What comes with time, not with events: ledger_expire(), and the guard's
 * incidents end. For the daemon every 30 seconds or less, for ingest at its
 * end. Own transactions. `now` never goes back.
 */
int ledger_tick(struct ledger *l, int64_t now, struct ledger_ticked *out)
	__attribute__((warn_unused_result));

/*
 * Drop evidence of events on days before that of `before`. At most 10,000 of
 * them a call, so that nobody waits long; *n: how many, call again until it is
 * 0. Own transaction.
 */
int ledger_retain(struct ledger *l, int64_t before, size_t *n)
	__attribute__((warn_unused_result));

struct query_cursor; /* query.h */

/*
 * Move a named export to c->seq and c->at, from where it was: `was`, or -1: it
 * is new and gets all of *c. *moved false: somebody else has moved or made it.
 * Own transaction.
 */
int ledger_cursor_move(struct ledger *l, const struct query_cursor *c,
	int64_t was, bool *moved) __attribute__((warn_unused_result));

/*
 * The same, and before the transaction ends, when nobody else can move it any
 * more, place(arg) puts in place what was exported: with other than 0 nothing
 * is moved. It must not use the database.
 */
int ledger_cursor_place(struct ledger *l, const struct query_cursor *c,
	int64_t was, int (*place)(void *arg), void *arg, bool *moved)
	__attribute__((warn_unused_result));

/* Forget one. *found: there was one. Own transaction. */
int ledger_cursor_drop(struct ledger *l, struct str name, bool *found)
	__attribute__((warn_unused_result));

/* What was forgotten. */
struct ledger_purged {
	bool found;       /* the address is known */
	bool before;      /* it was purged before: nothing was left to do */
	int64_t evidence; /* pieces of it that went */
	int64_t notes;    /* of people, in the change log, that went */
};

/*
 * Forget an address: a hash of its canonical key stays, and with it what holds
 * for it (purged.h). Not to be undone. Other copies (backups, exports, the
 * mailbox) are not ours to change. Own transaction.
 */
int ledger_purge(struct ledger *l, struct str address_key, bool dry_run,
	struct ledger_purged *out) __attribute__((warn_unused_result));

/* Tell `status` something. Own transaction. */
int ledger_status(struct ledger *l, const char *name, const char *value,
	int64_t now) __attribute__((warn_unused_result));

/*
 * ledger_hand() inside a transaction of the caller, ledger_begin() to
 * ledger_commit(): for a file of addresses.
 */
int ledger_hand_put(struct ledger *l, const struct ledger_hand *h, int64_t now,
	struct ledger_handed *out) __attribute__((warn_unused_result));

#endif
