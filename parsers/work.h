/*
 * One mail in the works: what has been found out about it, and the steps that
 * the kinds of bounces share. Private to verdict.c, delivery.c and notice.c.
 */
#ifndef WORK_H
#define WORK_H

#include "judge.h"
#include "mail.h"
#include "text.h"
#include "verdict.h"

struct work {
	const struct verdict_context *ctx;
	struct arena *arena;
	struct mail mail;
	struct original original; /* what came back of our own mail */
	struct str senders[MAIL_IGNORE_MAX];
	size_t senders_n;
	struct str body;  /* the text for people, after work_read_body() */
	struct text text; /* the same understood, after work_read_text() */
	bool body_read, text_read;
	struct verdict_list *out;
	size_t cap; /* of out->v */
};

/* An address that may have failed, and what was said of it. */
struct candidate {
	struct str recipient, final, original, actual;
	enum action action;
	struct str fields; /* of the report about it, for the evidence */
	struct judge_case judge;
	struct str diagnostic; /* of the report, or absent */
	bool elsewhere;        /* see judge.h; set by work_add_candidate() */
};

/* A new verdict at the end of the list; NULL: no memory, or a limit. */
struct verdict *work_add(struct work *w);

/* v is about this address, if it is one. */
void work_set_recipient(struct work *w, struct verdict *v, struct str address);

/* A verdict about the mail as a whole, without a recipient. */
void work_add_whole(struct work *w, enum verdict_class class,
	enum verdict_reason reason, const char *rule);

/* Choose the address that counts, judge the refusal, add the verdict. */
void work_add_candidate(struct work *w, struct candidate *c);

/* Of several verdicts about one address the first stays. */
void work_drop_repeated(struct work *w);

/* Not all of the mail is there, or was read: nobody is given up for it. */
void work_doubt(struct verdict *v);

/* The lines that decide, fit to be kept: valid UTF-8, at most 4 KiB. */
struct str work_evidence(struct work *w, struct str raw);

/* Decode the text for people, once. */
struct str work_read_body(struct work *w);

/* Decode and understand it, once. */
void work_read_text(struct work *w);

/* All of the text, and then the subject: what one may ask at last. */
size_t work_whole_text(const struct text *t, struct text_range v[2]);

/* The canonical key of an address, or absent. */
struct str work_key(struct work *w, struct str address);

/* Whether s can be a mailbox: not a pipe, a file or a bare word, without
 * control bytes, and without space unless in quotes. */
bool work_is_address(struct str s);

/* The address in s: without a name, a route, a comment, brackets, quotes and
 * dots around it. */
struct str work_bare(struct str s);

/* Whether two addresses belong to different organisations. */
bool work_is_other_organisation(struct str a, struct str b);

#endif
