/*
 * Something that the daemon does again and again, and that may fail: when to
 * try it the next time, and telling of it, by the log, by `status`, and, when
 * it lasts, once by an alert.
 *
 * `status` has the rows NAME.error (what went wrong, "" when all is well, with
 * the time at which it began) and NAME.told ("1": an alert was sent), so that a
 * restart tells nothing twice. What it was like in the past is kept for the
 * report (setback.h).
 */
#ifndef TROUBLE_H
#define TROUBLE_H

#include "backoff.h"
#include "conf.h"
#include "runner.h"
#include "writer.h"

struct trouble {
	char name[80]; /* "export.crm", "export.crm.then", "on_change" */
	struct backoff backoff;
	unsigned failures; /* in a row, since the start */
	bool known;        /* it is in the status table */
	bool told;
	int64_t retry_at; /* clock_ms() */
	char what[96];    /* as it was told the last time */
	bool no_retry;    /* an alert shall not say that it is tried again */
};

/* Who tells, and of what. */
struct trouble_teller {
	const struct conf *conf;
	struct writer *writer;
	struct runner *runner;
	struct wake *wake;
};

/* A row of the status table that may be one of t's. */
void trouble_restore(struct trouble *t, struct str name, struct str value);

/*
 * It failed. what: "the export 'crm'"; serious: it will not end by itself, so
 * it is tried again after minutes and told at once; else after seconds, and
 * told when it failed three times.
 */
void trouble_failed(struct trouble *t, const struct trouble_teller *by,
	const char *what, const char *why, bool serious);

/* It went well. */
void trouble_over(struct trouble *t, const struct trouble_teller *by);

/* Write a row of the status table, through the writer. -1: it was logged. */
int trouble_note(const struct trouble_teller *by, const char *name,
	const char *value) __attribute__((warn_unused_result));

#endif
