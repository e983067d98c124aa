/* Bounces without a report, and answers that machines send. */
#ifndef NOTICE_H
#define NOTICE_H

#include "work.h"

/* Whether the mail is a bounce at all. Reads its text. */
bool notice_is_bounce(struct work *w);

/* Judge a text bounce; false: it is none, or nobody is named as failed. */
bool notice_judge(struct work *w);

/*
 * Nobody was named: take an address that stands alone, or the one that the
 * original went to.
 */
void notice_judge_weakly(struct work *w);

/* A complaint without a report: a subject, and the mail complained about. */
bool notice_judge_complaint(struct work *w);

/* An auto-reply or a challenge (RFC 3834)? Then it is judged. */
bool notice_judge_reply(struct work *w);

#endif
