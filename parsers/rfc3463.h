/*
 * RFC 3463 enhanced status codes and RFC 5321 reply codes: finding the ones
 * that a text states, and what a code means where the words say nothing.
 */
#ifndef RFC3463_H
#define RFC3463_H

#include "str.h"
#include "verdict.h"

/* A code at the very beginning of s, "5.1.1 ..."; false when there is none. */
bool rfc3463_parse(struct str s, struct status *out);

/* What the last reply of a text states; class 0 and 0 where it does not. */
struct rfc3463_reply {
	struct status status; /* the last one that is more than x.0.0 */
	int smtp;
	size_t at; /* offset of the reply code, or of the status */
};

void rfc3463_scan(struct str text, struct rfc3463_reply *out);

/* Whether it says more than its class: not x.0.0. */
bool rfc3463_is_specific(struct status s);

/*
 * The more specific of what a Status field says and what the last reply
 * says: the reply, unless it says nothing or only its class.
 */
struct status rfc3463_choose(struct status field, struct status reply);

/*
 * What a code means by itself; REASON_NONE when the table has no row and
 * REASON_UNDETERMINED where the row says that it tells nothing.
 */
enum verdict_reason rfc3463_reason(struct status s);

/* The same for a reply code that no enhanced one goes with. */
enum verdict_reason rfc3463_smtp_reason(int smtp);

#endif
