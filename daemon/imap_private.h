/*
 * Shared by imap*.c, and by nobody else.
 */
#ifndef IMAP_PRIVATE_H
#define IMAP_PRIVATE_H

#include <libetpan/libetpan.h>

#include "imap.h"
#include "stream.h"

#define IMAP_SET_SIZE                                                          \
	6000 /* of a set of UIDs in a command (RFC 7162: 8192)                 \
	      */

struct imap {
	struct imap_settings settings;
	struct stream *stream;
	mailimap *lib;
	unsigned can;
	bool in_order; /* LOGOUT makes sense */
	bool poisoned;
	bool named;      /* NAMESPACE was asked for */
	char prefix[64]; /* of the personal namespace, such as "INBOX." */
	char delimiter;
	struct imap_box box;
	/* Who takes the FETCH answers; NULL: nobody asked for any. */
	void (*on_mail)(void *arg, const struct mailimap_msg_att *att);
	void *on_mail_arg;
	char code[40]; /* response code of the last NO, upper case */
	char why[400];
};

/* Register the extension that swallows what libetpan does not know. */
int imap_any_register(void) __attribute__((warn_unused_result));

enum imap_answer {
	IMAP_YES,
	IMAP_NO,
	IMAP_LOST
};

/* Send "TAG text" and read the answer. im->why is set unless YES. */
enum imap_answer imap_command(struct imap *im, const char *text);

/* Send the first part of a command: "TAG text", no end of line. */
bool imap_send(struct imap *im, const char *text);
bool imap_send_line(struct imap *im, const char *text);

/* Ask what the server can. */
enum imap_answer imap_learn(struct imap *im);

/* Read the answer; the first line of it was read already. */
enum imap_answer imap_answer(struct imap *im);

/* The same for a call of libetpan that returned r. no: its code for a NO. */
enum imap_answer imap_judge(struct imap *im, int r, int no);

/* The session ends here. Sets why from the stream or from text. */
void imap_lose(struct imap *im, const char *text);

/* A lost session: what to do. */
enum imap_rc imap_lost(const struct imap *im);

/* The code of a NO says that it will pass ("UNAVAILABLE", "INUSE", ...). */
bool imap_is_passing(const struct imap *im);

/* Whether UIDs still mean what they meant; if not, the session is lost. */
bool imap_is_same_epoch(struct imap *im);

void imap_begin(struct imap *im, int64_t seconds, uint64_t bytes);

/* folder as the server writes it, quoted for a command. -1: too long. */
int imap_folder(struct imap *im, const char *folder, char *out, size_t n)
	__attribute__((warn_unused_result));

/* "1:3,7" of as many of uids as fit into buf; returns how many (>= 1). */
size_t imap_set_write(char *buf, size_t size, const uint32_t *uids, size_t n);

#endif
