/*
 * An alert: which incident has something to tell, and the mail that tells it.
 */
#ifndef ALERT_H
#define ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"
#include "db.h"
#include "query.h"

struct alert {
	struct query_incident incident; /* its strings are the alert's own */
	enum incident_alert bit;        /* what is told: opened, or closed */
	bool silent; /* long past: to be marked as told, and no more */
};

/*
 * The next thing that nobody was told, the oldest first. An incident that was
 * over a week before `now` when it was found is history: a backlog was read.
 * Known outages and what was marked by hand tell nobody anything new.
 */
int alert_next(struct db *db, int64_t now, struct alert *out, bool *found)
	__attribute__((warn_unused_result));

void alert_release(struct alert *a);

/*
 * The mail (malloc'd) and, as the end of it, the text alone. -1: errno. Its
 * Message-ID is the same however often it is written, so that a reader who gets
 * it twice sees it once.
 */
int alert_write(const struct alert *a, const struct conf *conf, int64_t now,
	struct str *mail, struct str *text) __attribute__((warn_unused_result));

#endif
