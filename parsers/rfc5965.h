/*
 * RFC 5965 abuse reports (ARF), with RFC 6591 (auth-failure) and the reports
 * of other kinds that use the same fields.
 */
#ifndef RFC5965_H
#define RFC5965_H

#include "arena.h"
#include "str.h"
#include "verdict.h"

#define RFC5965_RECIPIENTS_MAX 100u

struct feedback {
	enum verdict_reason reason; /* of class complaint */
	struct str type;            /* Feedback-Type as stated; may be absent */
	struct str recipient[RFC5965_RECIPIENTS_MAX]; /* Original-Rcpt-To */
	size_t n;
	struct str reporting_mta; /* the host's name */
	struct str mail_from;     /* as stated */
	int64_t arrival_date;     /* or 0 */
	struct str raw;
};

/* What a Feedback-Type means; abuse where it is not known. */
enum verdict_reason rfc5965_reason(struct str type);

/* Read the fields of a message/feedback-report body. */
void rfc5965_parse(struct arena *a, struct str body, struct feedback *out);

#endif
