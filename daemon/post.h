/*
 * What leaves for people: heads of mails, and the programs that take them; an
 * alert goes to `alerts: to:`, and its text to `alerts: command:`. What it says
 * is for the callers (alert.h, trouble.h, report/mail.h).
 */
#ifndef POST_H
#define POST_H

#include <stdint.h>

#include "conf.h"
#include "out.h"
#include "runner.h"

/* Whether anybody is to be told anything. */
bool post_is_on(const struct conf *conf);

/* What stands at the head of a mail. Strings of strangers are made harmless;
 * whom it goes to is for mailable_error() to say before. */
struct post_head {
	const struct conf_list *to;
	const char *from, *subject;
	const char *id;   /* what its Message-ID begins with: the same when the
			   * same is told again */
	const char *kind; /* X-Bouncewatch: alert, report */
	int64_t now;
};

/* From here to MIME-Version; what the mail is made of follows. */
void post_head(struct out *o, const struct post_head *h);

/* The whole head of an alert, to the empty line. */
void post_alert_head(struct out *o, const struct conf *conf, int64_t now,
	const char *subject, const char *id);

/* text in quoted-printable (RFC 2045 6.7), so that no mailer changes it. */
void post_quoted(struct out *o, struct str text);

/* Run a program with this input; it has a minute. -1: why tells. */
int post_run(struct runner *runner, struct wake *wake,
	const struct conf_list *argv, struct str input, char why[256])
	__attribute__((warn_unused_result));

/* To everybody who is to be told; one of them is enough: 0. why: the last
 * failure, "" for none. text is what mail says, for the command. */
int post_send(const struct conf *conf, struct runner *runner, struct wake *wake,
	struct str mail, struct str text, char why[256])
	__attribute__((warn_unused_result));

/* An output into memory, and all that was written to it, in memory of malloc.
 * NULL, and -1: errno. */
struct out *post_memory_open(void) __attribute__((warn_unused_result));
int post_memory_close(struct out *o, struct str *all)
	__attribute__((warn_unused_result));

/* All that was written to fd, in memory of malloc. -1: errno. */
int post_slurp(int fd, struct str *all) __attribute__((warn_unused_result));

#endif
