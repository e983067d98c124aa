/*
 * The face of the parsers: the bytes of one mail in, verdicts out, one for
 * each failed recipient. Never fails: hostile bytes give a weak verdict.
 * Nothing here reads a file, a clock or a global, or logs.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdint.h>
#include <time.h>

#include "arena.h"
#include "str.h"
#include "words.h"

/* How sure we are that the bounce answers our own mail (DESIGN.md, Words). */
enum origin {
	ORIGIN_UNVERIFIED = 0,
	ORIGIN_MATCHED = 1,
	ORIGIN_SIGNED = 2,
};

/* Why the origin is no more than unverified. */
enum origin_why {
	ORIGIN_NOT_ASKED = 0,   /* there is nothing to compare with */
	ORIGIN_FITS,            /* it is matched */
	ORIGIN_NO_ORIGINAL,     /* none was returned */
	ORIGIN_NO_MARK,         /* what was returned bears none of our marks */
	ORIGIN_OTHER_RECIPIENT, /* what was returned went to somebody else */
	ORIGIN_WHYS
};

/* RFC 3464 2.3.3. ACTION_NONE: not stated. */
enum action {
	ACTION_NONE = 0,
	ACTION_FAILED,
	ACTION_DELAYED,
	ACTION_DELIVERED,
	ACTION_RELAYED,
	ACTION_EXPANDED,
};

/* What was cut short (DESIGN.md, Limits): bits of verdict_list.limits. */
enum limit {
	LIMIT_MESSAGE = 1 << 0,    /* more bytes than are parsed */
	LIMIT_DEPTH = 1 << 1,      /* MIME nested too deep */
	LIMIT_PARTS = 1 << 2,      /* too many MIME parts */
	LIMIT_HEADER = 1 << 3,     /* a header, or all of them, too long */
	LIMIT_RECIPIENTS = 1 << 4, /* too many recipients */
	LIMIT_TEXT = 1 << 5,       /* decoded text of a part too long */
	LIMIT_TOKENS = 1 << 6,     /* too many address tokens */
	LIMIT_MEMORY = 1 << 7,     /* the arena ran out */
	LIMIT_COUNT = 8
};

/* An enhanced status code (RFC 3463); class 0: none stated. */
struct status {
	uint8_t class; /* 2, 4 or 5 */
	uint16_t subject, detail;
};

struct verdict {
	enum verdict_class class;
	enum verdict_reason reason; /* of a delay: what delays the mail */
	struct str recipient; /* the address that counts; absent: none known */
	struct str recipient_key; /* its canonical key (address.h) */
	struct str final_recipient, original_recipient;
	bool forwarded; /* final_recipient lies in another organisation */
	bool weak;      /* one such event alone does not suppress */
	enum action action;
	struct status status; /* as stated, the more specific one */
	int smtp;             /* the last reply code, or 0 */
	struct str diagnostic, remote_mta, reporting_mta;
	struct str provider; /* who answered; absent: not known */
	struct str stream;   /* absent without configuration */
	struct str original_message_id;
	int64_t original_sent_at; /* Date of the returned original, or 0 */
	enum origin origin;
	enum origin_why origin_why; /* why it is not matched */
	struct str rule;            /* name of the deciding rule */
	/*
	 * The decisive lines in the form of RFC 3464 fields, at most 4 KiB:
	 * what explain shows and replay classifies again.
	 */
	struct str evidence;
};

struct verdict_list {
	struct verdict *v; /* at least one; a mail that is no bounce: NONE */
	size_t n;
	unsigned limits;    /* enum limit */
	int64_t arrived_at; /* event time: topmost Received, or 0 */
	struct str message_id, subject, from; /* of the bounce, decoded */
	/*
	 * What the digest is made of, newlines normalised: Message-ID, Date,
	 * From, Subject and the body (DESIGN.md, The store).
	 */
	struct str digest_parts[5];
	int64_t dated_at; /* Date of the bounce, or 0: the digest's day */
};

/*
 * Callbacks for what needs tables and malloc of its own. Each returns an
 * arena slice of UTF-8, or the absent slice when it cannot; where that is for
 * want of memory, it sets a->full.
 */
struct verdict_ops {
	void *arg;
	/* bytes in charset to UTF-8; what cannot be decoded becomes U+FFFD */
	struct str (*to_utf8)(void *arg, struct arena *a, struct str charset,
		struct str bytes);
	/* domain to lower-case A-labels (UTS 46, non-transitional) */
	struct str (*to_ascii)(void *arg, struct arena *a, struct str domain);
	/* UTF-8 to Unicode Normalization Form C */
	struct str (*to_nfc)(void *arg, struct arena *a, struct str utf8);
};

struct rules; /* rules.h */

/*
 * What our mails bear (marks: of the configuration): globs on the Message-ID
 * without <>, on the canonical address in Return-Path, on the hosts in
 * Received, and "Name: glob" for any header.
 */
struct origin_marks {
	const struct str *message_id, *return_path, *received, *header;
	size_t message_id_n, return_path_n, received_n, header_n;
};

bool origin_has_marks(const struct origin_marks *m); /* m may be NULL */

/* The lines of parse --explain, in order; arena memory. */
struct trace_line {
	struct trace_line *next;
	struct str text;
};

struct trace {
	struct trace_line *first, *last;
	struct str mail; /* set by verdict_parse(): lines are counted in it */
};

struct verdict_context {
	const struct verdict_ops *ops;
	const struct rules *rules;      /* built in */
	const struct rules *user_rules; /* asked first; may be NULL */
	/* Built-in rules that are not asked, by their family or their own
	 * name: to see what each of them earns. */
	const struct str *without;
	size_t without_n;
	const struct str *own; /* globs of our own addresses */
	size_t own_n;
	const struct origin_marks *marks; /* NULL or empty: own has to do */
	const struct str *stream_headers; /* names, first found wins */
	size_t stream_headers_n;
	int64_t now; /* no event is later than this */
	/*
	 * The verdicts are shown, and not kept: evidence and recipient_key stay
	 * absent, original_sent_at and, where a Received tells the time,
	 * dated_at 0.
	 */
	bool unkept;
	struct trace *trace; /* NULL: do not explain */
};

#define VERDICT_MAIL_MAX 1048576u

/*
 * Judge one mail. All of *out lives in a, or points into mail, until a is
 * reset. Of a longer mail only the first VERDICT_MAIL_MAX bytes are read.
 */
void verdict_parse(const struct verdict_context *ctx, struct arena *a,
	struct str mail, struct verdict_list *out);

/* A deep copy that needs nothing but a. False: out of memory. */
bool verdict_list_dup(struct arena *a, const struct verdict_list *from,
	struct verdict_list *out);

/* The class that says most about the mail as a whole (for `after:`). */
enum verdict_class verdict_list_class(const struct verdict_list *list);

const char *origin_word(enum origin o);
const char *action_word(enum action a); /* "" for none */
const char *limit_word(unsigned bit);   /* "depth", "parts", ... */

/* Write "5.1.1" to buf (16 bytes); "" when none is stated. */
const char *status_format(struct status s, char buf[16]);

#endif
