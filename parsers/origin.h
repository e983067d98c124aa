/*
 * Whether a bounce answers a mail of ours, told by what came back of it: the
 * headers of the returned original. A forger who has none of our mails does
 * not know what they bear; one who has can copy it, and signing is against him.
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include "mail.h"
#include "verdict.h"
#include "work.h"

enum origin_strength {
	ORIGIN_NOTHING,
	ORIGIN_WEAK, /* a From: anybody can know it */
	ORIGIN_STRONG,
};

/* The best mark that was found. */
struct origin_evidence {
	enum origin_strength strength;
	struct str header; /* its name */
	struct str value;  /* what of it fits */
	struct str mark;   /* the glob of marks: or own: */
};

/*
 * Look for our marks in the headers of a returned original: those of
 * ctx->marks, any of which is strong. Where there are none, what belongs to
 * ctx->own: the address in Return-Path, the domain of the Message-ID, a host in
 * Received (strong), From (weak). A domain is ours where own has "*@domain".
 */
void origin_find(const struct verdict_context *ctx, struct arena *a,
	const struct headers *h, struct origin_evidence *out);

/*
 * The next run of lines in a text that look like headers of a mail, without
 * their indentation: what some systems quote of it instead of returning it. The
 * absent slice when there is no more, or no memory.
 */
struct str origin_next_listing(struct arena *a, struct str *rest);

/*
 * Set origin, and why it is not matched, in all verdicts of w->out. The
 * recipient must be the one that the original went to, where it tells of
 * exactly one: To, Received "for", Delivered-To or X-Original-To.
 */
void origin_judge(struct work *w);

#endif
