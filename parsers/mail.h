/*
 * One mail, taken apart once: which part is the report, which the text for
 * people, which the returned original; and who the sender was, so that nobody
 * takes him for the recipient.
 */
#ifndef MAIL_H
#define MAIL_H

#include "rfc2045.h"
#include "verdict.h"

#define MAIL_IGNORE_MAX 12u

struct mail {
	const struct verdict_context *ctx;
	struct arena *arena;
	struct mime mime;
	struct headers headers; /* of the mail that is judged */
	struct str subject;     /* decoded */
	struct str from;        /* display name, decoded, or absent */
	struct str from_address;
	/* Parts, 0 where there is none. */
	size_t report, feedback, disposition, original;
	unsigned limits;
	bool daemon, daemon_asked; /* mail_is_from_daemon() */
};

/* Take the mail apart. The bytes have LF line ends. */
void mail_read(const struct verdict_context *ctx, struct arena *a,
	struct str bytes, struct mail *out);

/*
 * Go into the first attached message, when it is a bounce that somebody
 * forwarded or a gateway wrapped. False when there is none to open.
 */
bool mail_unwrap(struct mail *m);

/* The report behind part i, or 0: some mails have one for each recipient. */
size_t mail_next_report(struct mail *m, size_t i);

/* What the mail says to people, as UTF-8, in the order of its parts. */
struct str mail_text(struct mail *m);

/* A part's body, decoded to bytes, at most RFC2045_TEXT_MAX. */
struct str mail_body(struct mail *m, size_t part);

/* Whether the mail ends within a multipart. */
bool mail_is_cut(const struct mail *m);

/* And before the returned original, which comes last: what is missing may say
 * something else. */
bool mail_is_cut_before_original(const struct mail *m);

/* The same as far as it matters to a text: a report may be missing that says
 * something else, or nobody knows what kind of part has begun. */
bool mail_lacks_report(const struct mail *m);

/* Whether the mail ends within the text for people. */
bool mail_text_may_go_on(const struct mail *m);

/* Whether a mail of one part ends in the middle of a line and of a sentence. */
bool mail_ends_in_line(const struct mail *m);

/* What we know of our own mail from what came back of it. */
struct original {
	bool found;
	struct headers headers;
	bool cut; /* the mail ends within the headers */
	bool to_asked;
	struct str to; /* mail_original_to() */
	struct str message_id, stream;
	int64_t sent_at;
};

/* From the attached part, else from text (absent: none was found there). */
void mail_original(struct mail *m, struct str text, struct original *out);

/* Its sole recipient, absent when there are more. */
struct str mail_original_to(struct mail *m, struct original *o);

/*
 * Addresses of the sender: they can fail only where nobody else can. Returns
 * how many; original may be NULL.
 */
size_t mail_senders(const struct mail *m, const struct original *original,
	struct str out[MAIL_IGNORE_MAX]);

/* Whether the sender is a mail system: MAILER-DAEMON, postmaster, ... */
bool mail_is_from_daemon(struct mail *m);

/* Return-Path: <>, or one that a mail system uses for bounces. */
bool mail_has_null_path(const struct mail *m);

/* What its headers say of it being an answer by a machine (RFC 3834). */
bool mail_is_auto_reply(const struct mail *m);

#endif
