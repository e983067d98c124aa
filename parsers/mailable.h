/*
 * Whether a mail can be addressed to somebody as it is written: what goes into
 * a To or From (RFC 5322 3.4.1) and arrives at that mailbox and no other. So it
 * is narrower than address.h, which takes what others write: no comment, no
 * route, and ASCII only, for whoever gives it to sendmail cannot know whether
 * SMTPUTF8 (RFC 6531) goes all the way.
 */
#ifndef MAILABLE_H
#define MAILABLE_H

#include "str.h"

/* NULL, or what is wrong, for a person: "must be ...". Before the @ stands a
 * dot-atom (* and ? in quotes only: they are what patterns have) or a quoted
 * string; a domain in UTF-8 is for the caller to turn into A-labels. */
const char *mailable_error(struct str address);

/* The same of a sender: also without a domain, or behind a name:
 * "Bounces <bw@example.com>". */
const char *mailable_sender_error(struct str sender);

#endif
