/*
 * What other programs know and a mailbox does not: who opened or clicked, how
 * much was sent, and which mail went to whom.
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
#include "ledger_incident.h"
#include "str.h"

struct ledger_engaged {
	struct str address_key, seen; /* canonical, and as it was given */
	int64_t at;                   /* opened or clicked last */
};

/* The latest time of each address stays. *news: rows that were new or later. */
int ledger_engaged_put(struct ledger *l, const struct ledger_engaged *v,
	size_t n, size_t *news) __attribute__((warn_unused_result));

struct ledger_sent {
	enum incident_kind kind; /* the bucket: a provider, a domain, a stream,
				  * or all */
	struct str name;         /* "" for all */
	int64_t at;              /* any second of the hour, or of the day */
	bool whole_day;          /* n is of the day (UTC), not of the hour */
	int64_t n;

	/* How n goes with what is known of that bucket and hour (or day). */
	enum {
		LEDGER_SENT_IS,    /* it is n, whatever it was */
		LEDGER_SENT_LEAST, /* it is n or more */
		LEDGER_SENT_MORE,  /* mails of a log, n more: not idempotent */
	} how;
};

/* Of a day whose number and whose hours are told, the greater of both counts.
 */
int ledger_sent_put(struct ledger *l, const struct ledger_sent *v, size_t n)
	__attribute__((warn_unused_result));

/* The mails of all, at [from, to], are as many as those of all streams and of
 * all providers at least: each may have been told by a file of its own. */
int ledger_sent_total(struct ledger *l, int64_t from, int64_t to)
	__attribute__((warn_unused_result));

/* How long it is known how much was sent: to a domain, and the rest. */
#define LEDGER_SENT_DOMAIN_DAYS 75
#define LEDGER_SENT_DAYS        400

struct ledger_sendlog {
	struct str message_id;  /* with or without <> */
	struct str address_key; /* whom it went to, canonical */
	int64_t at;             /* when it was sent */
	bool is_new;            /* given back: it was not known */
};

/* What is sent more by the rows that are new: *sums, to be put with them. */
typedef size_t ledger_sums_fn(void *arg, const struct ledger_sent **sums);

/*
 * sums is asked in the same transaction, so that a mail counts once however
 * often, and in however many parts, its log is imported. *news: rows that were
 * not known.
 */
int ledger_sendlog_put(struct ledger *l, struct ledger_sendlog *v, size_t n,
	ledger_sums_fn *sums, void *arg, size_t *news)
	__attribute__((warn_unused_result));

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
