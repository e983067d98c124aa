/*
 * Incidents: times in which a provider or a domain answered "no such address"
 * for everybody. The guard (ledger_guard.c) opens and closes them; this is the
 * row, and what people do with one.
 */
#ifndef LEDGER_INCIDENT_H
#define LEDGER_INCIDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "incident_test.h"
#include "ledger.h"
#include "str.h"

enum incident_cause {
	INCIDENT_DETECTED = 1,
	INCIDENT_MARKED = 2, /* by hand */
	INCIDENT_KNOWN = 3,  /* shipped with the program */
	INCIDENT_CAUSES
};

enum incident_state {
	INCIDENT_OPEN = 1,
	INCIDENT_CLOSED = 2,
	INCIDENT_CONFIRMED = 3, /* these three hold nothing (any more) */
	INCIDENT_RELEASED = 4,
	INCIDENT_IMPORT = 5,
	INCIDENT_STATES
};

/* "provider", "detected", "open", ...; "?": none. The words of the table words
 * are those. */
const char *incident_kind_word(enum incident_kind k);
const char *incident_cause_word(enum incident_cause c);
const char *incident_state_word(enum incident_state s);

/* Bits of ledger_incident.alerted. */
enum incident_alert {
	INCIDENT_ALERTED_OPEN = 1,
	INCIDENT_ALERTED_CLOSE = 2,
};

/* A row of incidents. */
struct ledger_incident {
	int64_t id;
	enum incident_kind kind;
	struct str name; /* of the bucket; "" for all */
	enum incident_cause cause;
	enum incident_state state;
	int64_t from, to;             /* [from, to) in event time; to 0: open */
	int64_t opened_at, closed_at; /* by the clock; 0: not yet */
	int64_t events, engaged;
	double usual;
	struct str match; /* glob on rule or evidence; absent: all */
	struct str note;  /* by hand: who, and why; or absent */
	unsigned alerted; /* bits of enum incident_alert */
};

/*
 * Inside a transaction: add a row (id is given and set), or write all of one
 * that has an id. What holds for events from then on follows (ledger_window);
 * what is suppressed already is for the caller to hold.
 */
int ledger_incident_add(struct ledger *l, struct ledger_incident *i)
	__attribute__((warn_unused_result));
int ledger_incident_put(struct ledger *l, const struct ledger_incident *i)
	__attribute__((warn_unused_result));

/* What a command did, or with dry_run would do. */
struct ledger_undo {
	bool found;         /* there is such an incident */
	int64_t id;         /* of it; mark: the new one, 0 under dry_run */
	int64_t held;       /* addresses that became held */
	int64_t suppressed; /* ... suppressed */
	int64_t released;   /* ... released */
	int64_t events;     /* mark: bounces that lie in it */
};

/*
 * What it holds was dead: suppressed, and it holds nothing more. Its probation
 * ends the same way. Own transaction.
 */
int ledger_incident_confirm(struct ledger *l, int64_t id, struct str note,
	int64_t now, bool dry_run, struct ledger_undo *out)
	__attribute__((warn_unused_result));

/*
 * What it holds, or held until it was confirmed as a whole, is alive: released.
 * Bounces of mails sent before its end count no more; what lies in it and comes
 * later neither. An open one ends now. Own transaction.
 */
int ledger_incident_release(struct ledger *l, int64_t id, struct str note,
	int64_t now, bool dry_run, struct ledger_undo *out)
	__attribute__((warn_unused_result));

/*
 * Declare one: kind, name (absent: any bucket), from, to, match and note of
 * *mark count. What policy suppressed because of a bounce in it becomes held,
 * as the guard would have done. Own transaction.
 */
int ledger_incident_mark(struct ledger *l, const struct ledger_incident *mark,
	int64_t now, bool dry_run, struct ledger_undo *out)
	__attribute__((warn_unused_result));

/* What a person takes back at once; the same as many releases by hand. */
struct ledger_where {
	struct str domain;   /* of the address; absent: any */
	struct str provider; /* that answered; absent: any */
	int64_t from, to;    /* event time of what decided; to 0: no end */
	struct str match;    /* glob on rule or evidence; absent: all */
	struct str note;     /* who, and why */
};

/*
 * Release, by hand, what policy has suppressed, held or on probation because
 * of such a bounce. Only out->released counts. Own transaction.
 */
int ledger_release_where(struct ledger *l, const struct ledger_where *w,
	int64_t now, bool dry_run, struct ledger_undo *out)
	__attribute__((warn_unused_result));

/* An alert went out: sets bits of `alerted`. Own transaction. */
int ledger_incident_alerted(struct ledger *l, int64_t id, unsigned bits)
	__attribute__((warn_unused_result));

#endif
