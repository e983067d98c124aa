/*
 * What other programs know and a mailbox does not: who opened or clicked, and
 * which mail went to whom (how much: ledger_sent.h).
 *
 * All are idempotent, each call is a transaction of its own, and the caller
 * hands in a thousand rows or so at a time. 0, or -1 with db_error().
 */
#ifndef LEDGER_IMPORT_H
#define LEDGER_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger.h"
#include "ledger_sent.h"
#include "str.h"

struct ledger_engaged {
	struct str address_key, seen; /* canonical, and as it was given */
	int64_t at;                   /* opened or clicked last */
};

/* The latest time of each address stays. *news: rows that were new or later. */
int ledger_engaged_put(struct ledger *l, const struct ledger_engaged *v,
	size_t n, size_t *news) __attribute__((warn_unused_result));

/* A mail to one address, as a send log tells of it. */
struct ledger_sendlog {
	struct ledger_sent sent; /* one mail, LEDGER_SENT_LOG or _BARE */
	struct str message_id;   /* with or without <>; absent or empty: it is
				  * known by its time, address and stream */
	struct str address_key;  /* whom it went to, canonical */
};

/*
 * What was not known is told (ledger_sent.h) in the same transaction, so that a
 * mail counts once however often, and in however many parts, its log is
 * imported. *news: rows that were not known.
 */
int ledger_sendlog_put(struct ledger *l, const struct ledger_sendlog *v,
	size_t n, size_t *news) __attribute__((warn_unused_result));

#define LEDGER_SENDLOG_DAYS 60 /* a bounce that comes later is not matched */

/* That an address was mailed on a day. */
struct ledger_mailed {
	unsigned char key[8]; /* as schema.sql has it */
	int32_t day;
};

/* False: the address is none that is believed. */
bool ledger_mailed_make(struct ledger_mailed *m, struct str address_key,
	int64_t at) __attribute__((warn_unused_result));

/*
 * Rows in any order; v is sorted. Here the more rows a call has the better (a
 * million take 12 MB): keys are random, and neighbours share a page. Not one
 * transaction, but several short ones. *news: rows that told something new.
 */
int ledger_mailed_put(struct ledger *l, struct ledger_mailed *v, size_t n,
	size_t *news) __attribute__((warn_unused_result));

#define LEDGER_MAILED_DAYS 800 /* after the last mail */

#endif
