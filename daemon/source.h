/*
 * Mails from the file system: an mbox, a Maildir, a folder of .eml files, one
 * mail in a file, one mail on standard input. Everything streams: whatever the
 * size of an mbox or of a mail in it, the memory is that of one mail, cut at
 * VERDICT_MAIL_MAX.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

struct source;

enum source_result {
	SOURCE_END,    /* no more */
	SOURCE_MAIL,   /* *out is one */
	SOURCE_BAD,    /* one mail could not be read, source_error() says
			* why; go on with the next */
	SOURCE_FAILED, /* the same, and there is nothing to go on with */
};

struct source_mail {
	struct str bytes;    /* until the next call */
	bool truncated;      /* bytes is only the beginning */
	int64_t received_at; /* From_ line of an mbox, time of a Maildir file;
			      * 0: not known */
	const char *name;    /* where it is, for people; until the next call */
};

/*
 * Open path and find out what it is: a directory with new/ or cur/ is a
 * Maildir, another directory holds .eml files, a file that begins with
 * "From " is an mbox, any other file is one mail. Always gives *out, unless
 * out of memory: NULL. -1: source_error().
 */
int source_open(const char *path, struct source **out)
	__attribute__((warn_unused_result));

/* One mail on fd, whatever it looks like; read to its end. */
int source_open_stream(int fd, const char *name, struct source **out)
	__attribute__((warn_unused_result));

void source_close(struct source *s); /* NULL does nothing */

enum source_result source_next(struct source *s, struct source_mail *out);

/* "unable to open 'x': reason". */
const char *source_error(const struct source *s);

/* How far it is, of what total (0: not known), for a progress bar. */
void source_progress(const struct source *s, uint64_t *done, uint64_t *total);

/* What source_progress() counts: "bytes", "files". */
const char *source_unit(const struct source *s);

/* For the end: what deserves a word though nothing failed; NULL: nothing. */
const char *source_remark(struct source *s);

#endif
