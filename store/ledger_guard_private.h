/*
 * The inside of the guard, and what the files ledger_guard*.c share.
 */
#ifndef LEDGER_GUARD_PRIVATE_H
#define LEDGER_GUARD_PRIVATE_H

#include "ledger_private.h"

#define GUARD_HOUR    3600
#define GUARD_DAY     24 /* hours */
#define GUARD_SERIES  (INCIDENT_BASELINE + 2 * INCIDENT_WINDOW + 130)
#define GUARD_WATCHED 2048
#define GUARD_NAME    56 /* bytes of a name that is remembered */

/* A bucket in one hour, touched in this transaction. */
struct guard_count {
	enum incident_kind kind;
	int64_t hour;
	uint32_t n, engaged;      /* in this transaction; then in all */
	size_t name, name_n;      /* in guard->text */
	size_t owner, owner_n;    /* of a domain: the provider */
	struct guard_count *next; /* of the same slot */
};

/* A bucket. owner: of a domain, its provider; or absent. */
struct guard_bucket {
	enum incident_kind kind;
	struct str name, owner;
};

/* A row of incidents, as far as the guard asks. */
struct guard_incident {
	int64_t id, from, to; /* to INT64_MAX: open */
	int64_t opened_at;
	enum incident_kind kind;
	enum incident_state state;
	enum incident_cause cause;
	char *name;
	size_t name_n;
};

/* What is remembered of a bucket between transactions: only to be fast. */
struct guard_watched {
	enum incident_kind kind;
	size_t name_n;
	char name[GUARD_NAME];
	int64_t hour;
	struct incident_hour recent[GUARD_DAY + 26]; /* before hour */
	size_t recent_n;
	struct incident_usual *usual; /* malloc'd when it was learned */
};

struct ledger_guard {
	struct guard_count *counts; /* of this transaction, in an array */
	size_t counts_n, counts_room;
	uint32_t *slots; /* hash to 1 + index of counts */
	size_t slots_n;
	char *text;
	size_t text_n, text_room;
	struct guard_watched *watched[GUARD_WATCHED];
	struct guard_incident *incidents;
	size_t incidents_n;
	bool incidents_read;
	int64_t data_version;
	bool sends;          /* any are known */
	int lag;             /* as in incident_series */
	int64_t untold_from; /* the same */
	int64_t clock;       /* latest event time seen by this process */
	int64_t ticked;      /* the hour of the last tick */
	size_t opened;       /* incidents, since the last tick */
	struct incident_hour *series; /* GUARD_SERIES of them, to work in */
	struct incident_hour *all;    /* kind ALL: hours known, ascending */
	size_t all_n, all_room;
	bool all_read;
};

static inline struct str guard_text(
	const struct ledger_guard *g, size_t at, size_t n)
{
	return g->text ? str_of(g->text + at, n) : str_of("", 0);
}

/* ledger_guard.c: read anew what is remembered, where another program has
 * written, or a transaction of ours was undone. */
int ledger_guard_look(struct ledger *l) __attribute__((warn_unused_result));

/* ledger_guard_series.c */

/* The incidents, read when they were forgotten. */
int ledger_guard_incidents(struct ledger *l)
	__attribute__((warn_unused_result));
void ledger_guard_incidents_forget(struct ledger *l);

/* Whether anybody tells how much was sent, and up to when (sends, lag and
 * untold_from). Who sends nothing for some hours tells nothing of them. */
int ledger_guard_sends(struct ledger *l) __attribute__((warn_unused_result));

/* All that is known of a bucket up to hour, in guard->series. */
int ledger_guard_series(struct ledger *l, const struct guard_bucket *b,
	int64_t hour, struct incident_series *out)
	__attribute__((warn_unused_result));

/* Only its last 24 hours before hour (and the mails of a day more), into rows
 * of a guard_watched. */
int ledger_guard_recent(struct ledger *l, const struct guard_bucket *b,
	int64_t hour, struct guard_watched *to)
	__attribute__((warn_unused_result));

/* n gone in an hour of kind ALL, now. */
int ledger_guard_all(struct ledger *l, int64_t hour, uint32_t n)
	__attribute__((warn_unused_result));
void ledger_guard_all_forget(struct ledger *l);

/* The hour of a bucket: what has been sent in it. */
int ledger_guard_sent(struct ledger *l, int kind, struct str name, int64_t hour,
	uint32_t *n) __attribute__((warn_unused_result));

/* ledger_guard_open.c: an incident that the test has told. */
int ledger_guard_trip(struct ledger *l, const struct incident_series *s,
	struct str name, const struct incident_result *r, int64_t now)
	__attribute__((warn_unused_result));

/* ledger_guard_close.c: by event time or by the clock. */
int ledger_guard_close(struct ledger *l, int64_t at, int64_t now,
	struct ledger_ticked *out) __attribute__((warn_unused_result));

#endif
