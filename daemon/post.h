/*
 * What leaves for people: a mail to `alerts: to:` and its text to `alerts:
 * command:`. What it says is for the callers (alert.h, trouble.h).
 */
#ifndef POST_H
#define POST_H

#include <stdint.h>

#include "conf.h"
#include "out.h"
#include "runner.h"

/* Whether anybody is to be told anything. */
bool post_is_on(const struct conf *conf);

/* The head of a mail, to the empty line. id is what its Message-ID begins
 * with: the same when the same is told again. */
void post_head(struct out *o, const struct conf *conf, int64_t now,
	const char *subject, const char *id);

/* To everybody who is to be told; one of them is enough: 0. why: the last
 * failure, "" for none. text is what mail says, for the command. */
int post_send(const struct conf *conf, struct runner *runner, struct wake *wake,
	struct str mail, struct str text, char why[256])
	__attribute__((warn_unused_result));

/* All that was written to fd, in memory of malloc. -1: errno. */
int post_slurp(int fd, struct str *all) __attribute__((warn_unused_result));

#endif
