/*
 * One event of somebody's log as the smallest mail that says the same: a
 * delivery report (RFC 3464) or a complaint report (RFC 5965). So events go
 * the one way that all bounces go, and the same event read twice counts once.
 */
#ifndef IMPORT_EVENT_H
#define IMPORT_EVENT_H

#include "import.h"

enum event_kind {
	EVENT_KIND_FAILED,
	EVENT_KIND_DELAYED,
	EVENT_KIND_COMPLAINT,
	EVENT_KIND_NONE, /* a delivery, a click: nothing to record */
};

/* Absent members are not known. */
struct event {
	enum event_kind kind;
	int64_t at, sent_at;
	struct str recipient, original_recipient;
	struct str status;     /* "5.1.1" */
	struct str smtp;       /* "550", where diagnostic does not begin so */
	struct str diagnostic; /* the reply */
	struct str remote_mta, reporting_mta;
	struct str stream, message_id;
	struct str complaint; /* "abuse", as RFC 5965 spells it */
};

/* Record it; line: of i->file. An exit status. */
int event_take(struct import *i, const struct event *e, uint64_t line);

/* A line of a log of Postfix (smtp, lmtp, local, virtual, pipe, bounce). */
enum event_log {
	EVENT_LOG_OTHER,  /* of something else */
	EVENT_LOG_EVENT,  /* *e is set; it lives in line */
	EVENT_LOG_PASSED, /* a delivery or a delay: nothing to record */
	EVENT_LOG_BAD,    /* a delivery that makes no sense */
};

/* now: a time stamp without a year is not later than a day after it. */
enum event_log event_postfix(struct str line, int64_t now, struct event *e);

#endif
