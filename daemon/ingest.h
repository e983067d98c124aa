/*
 * One message through the house: bytes -> parsers -> batch -> ledger. What a
 * newcomer reads first. watch and `ingest` both go this way; nothing else
 * writes verdicts.
 *
 * A struct ingest belongs to one thread. A struct ingest_batch is filled by
 * one thread and may then be committed by another.
 */
#ifndef INGEST_H
#define INGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "house.h"
#include "str.h"
#include "verdict.h"

/* One mail as it comes from a source. */
struct ingest_mail {
	struct str bytes; /* borrowed */
	int64_t mailbox;  /* 0: not from IMAP */
	uint32_t uid;
	int64_t received_at; /* INTERNALDATE, or 0 */
	const char *account; /* or "" */
	const char *source;  /* for explain, "news/INBOX uid 42" */
	bool truncated;      /* bytes is only the beginning */
	bool act;            /* a server action follows the commit */
	enum origin origin;  /* what is known of it without the mail's own
			      * words: our own log is ORIGIN_SIGNED */
	struct str stream;   /* where the mail itself does not tell; absent */
};

/* What became of messages: every one is in exactly one of these. */
struct tally {
	unsigned long messages, duplicates, failed;
	unsigned long classes[CLASS_COUNT];    /* of mails that were recorded */
	unsigned long fates[FATE_COUNT];       /* of their verdicts */
	unsigned long unverified[ORIGIN_WHYS]; /* those of FATE_UNVERIFIED */
};

void tally_add(struct tally *t, const struct tally *more);

/*
 * The account of every message, for people: "recorded 12 of 14 messages (2
 * seen before): 9 hard, ... ; 5 addresses suppressed; 4 did not suppress:
 * 3 older than 180 days, 1 unverified".
 */
void tally_write(const struct tally *t, FILE *f);

struct ingest_batch;

struct ingest_batch *ingest_batch_new(const struct house *h);
void ingest_batch_free(struct ingest_batch *b);
void ingest_batch_reset(struct ingest_batch *b);

/* Parse m and keep its verdicts; m may go afterwards. -1: out of memory. */
int ingest_batch_add(struct ingest_batch *b, const struct ingest_mail *m,
	int64_t now) __attribute__((warn_unused_result));

/* A UID that could not be fetched: GONE or QUARANTINED. */
int ingest_batch_skip(struct ingest_batch *b, int64_t mailbox, uint32_t uid,
	enum uid_state state) __attribute__((warn_unused_result));

/* After the commit everything up to uid of this mailbox is recorded. */
void ingest_batch_cursor(struct ingest_batch *b, int64_t mailbox, uint32_t uid);

size_t ingest_batch_count(const struct ingest_batch *b);
size_t ingest_batch_bytes(const struct ingest_batch *b);

/*
 * One transaction for the whole batch. 0: committed, and *t was added to.
 * -1: nothing was recorded, db_error() of the ledger's database
 * says why.
 */
int ingest_batch_commit(struct ingest_batch *b, struct ledger *l, int64_t now,
	struct tally *t) __attribute__((warn_unused_result));

/* The same, and then everything is taken back: what would it come to? */
int ingest_batch_rehearse(struct ingest_batch *b, struct ledger *l, int64_t now,
	struct tally *t) __attribute__((warn_unused_result));

/* The i-th mail of a committed batch: its uid and what it was. */
uint32_t ingest_batch_uid(const struct ingest_batch *b, size_t i);
enum verdict_class ingest_batch_class(const struct ingest_batch *b, size_t i);

#endif
