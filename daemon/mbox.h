/*
 * One file of mail as a stream: an mbox (RFC 4155; mboxrd and mboxo quoting),
 * or one mail. Reads through a buffer of 64 KiB; holds one mail, cut at
 * VERDICT_MAIL_MAX bytes. Used again and again for the files of a folder.
 */
#ifndef MBOX_H
#define MBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

struct mbox;

struct mbox_mail {
	struct str bytes; /* until the next call */
	bool truncated;   /* bytes is only the beginning */
	int64_t at;       /* date of the From_ line; 0: none, or not readable */
};

struct mbox *mbox_new(void); /* NULL: out of memory */
void mbox_free(struct mbox *m);

/* Begin to read fd, which stays the caller's. -1: errno. */
int mbox_start(struct mbox *m, int fd) __attribute__((warn_unused_result));

/* Whether what was started begins as an mbox does, or is empty. */
bool mbox_is(const struct mbox *m);

/* The next mail of an mbox. 1: *out is it, 0: no more, -1: errno. */
int mbox_next(struct mbox *m, struct mbox_mail *out)
	__attribute__((warn_unused_result));

/*
 * All there is as one mail; .at is that of a From_ line at its top. drain: read
 * to the end though it be long, so that a pipe's writer is not cut off.
 */
int mbox_whole(struct mbox *m, bool drain, struct mbox_mail *out)
	__attribute__((warn_unused_result));

/* Bytes read since the start. */
uint64_t mbox_position(const struct mbox *m);

/*
 * Whether what was taken for one mail looks like an mbox of several. (A mail
 * may also return another one with its From_ line, so this only warns.)
 */
bool mbox_has_more(struct str mail);

/*
 * Whether line (without its newline) separates mails: "From sender date". Its
 * date goes to *at, 0 when it cannot be read. strict: only with a whole date as
 * asctime() writes it (a zone may stand beside the year); otherwise a time of
 * day and a year will do.
 */
bool mbox_from_line(struct str line, bool strict, int64_t *at);

#endif
