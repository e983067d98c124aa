/* What the files query*.c share. */
#ifndef QUERY_PRIVATE_H
#define QUERY_PRIVATE_H

#include "evidence.h"
#include "purged.h"
#include "query.h"
#include "rows.h"
#include "sql.h"

/* What a canonical key is found by in the database: addresses.local and
 * domains.domain. Slices of the key, or of hash: it was purged. */
struct query_key {
	struct str domain, local;
	char hash[PURGED_SIZE];
};

int query_key_find(struct db *db, struct str key, struct query_key *out)
	__attribute__((warn_unused_result));

/* The id of a domain or, else, of a label: 1; 0 (*id too): there is none; -1.
 */
int query_name_find(struct db *db, bool domain, struct str name, int64_t *id)
	__attribute__((warn_unused_result));

/* A row of suppressions on its way to a callback. */
struct query_row {
	struct query_suppression s;
	int64_t scope;      /* id of the label */
	int64_t address_id; /* not of CHECK */
};

/* The row of CHECK, EXPORT_PAGE, SETTLE_PAGE and the like; its strings live as
 * long as the statement's row. */
struct query_row query_row_of(const struct sql *s);

/* Append a copy. False: out of memory. */
bool query_row_keep(struct rows *rows, const struct query_row *row);

/* Append the row of CHANGE_LIST or CHANGE_FEED. False: out of memory. */
bool query_change_read(struct rows *rows, const struct sql *s);

/* A mail: on what day (since 1970, UTC) it was sent, or, where that is not
 * known, bounced. */
struct query_sent_to {
	int64_t day;
	bool is_dated;                       /* it was sent on that day */
	struct str domain, provider, stream; /* who answered; "": none */
};

/* The provider among whose mails it was told, as query_hard_day.sent_to: in
 * rows, or ask->provider. Where it is not known when it was sent, on the day of
 * the bounce or the days before. */
int query_sent_to(struct db *db, const struct query_sent_to *ask,
	struct rows *rows, struct str *out) __attribute__((warn_unused_result));

/* Events of [from, to), a piece of ids at a time: [first, last]. */
struct query_walk {
	int64_t from, to;
	int64_t next, end; /* ids still to come */
	int64_t first, last;
};

struct query_walk query_walk_over(int64_t from, int64_t to);

/* The next piece: 1, or 0 at the end, or -1. */
int query_walk_on(struct db *db, struct query_walk *w)
	__attribute__((warn_unused_result));

/* Bind first, last, from and to of a piece. */
void query_walk_bind(struct sql *s, const struct query_walk *w);

/* The change log of about [from, to) by commit time, a piece of it at a time
 * from its end back: [first, last]. */
struct query_log {
	int64_t from, to;
	int64_t begin; /* seq */
	int64_t first, last;
};

int query_log_over(struct db *db, int64_t from, int64_t to, struct query_log *l)
	__attribute__((warn_unused_result));

/* The piece before; false: there is none. Changes of other times are in it,
 * too. */
bool query_log_back(struct query_log *l);

/* How many suppressions are in which state at now. */
struct query_states {
	int64_t suppressed, held, released, probation;
};

int query_states(struct db *db, int64_t now, struct query_states *out)
	__attribute__((warn_unused_result));

#endif
