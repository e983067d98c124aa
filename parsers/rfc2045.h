/*
 * RFC 2045, 2046, 2183, 2231: what a mail is made of. Content types, transfer
 * encodings, and the walk that lists the parts: a flat array, slices of the
 * mail, nothing decoded, no recursion.
 */
#ifndef RFC2045_H
#define RFC2045_H

#include <stdint.h>

#include "arena.h"
#include "rfc5322.h"
#include "str.h"

#define RFC2045_PARAMS_MAX   128u    /* parameters, or pieces of one */
#define RFC2045_TEXT_MAX     262144u /* decoded text of a part */
#define RFC2045_BOUNDARY_MAX 200u
#define MIME_DEPTH_MAX       20u
#define MIME_PARTS_MAX       1000u

/* The types that somebody treats in a way of their own. */
enum media {
#define MEDIA(NAME, type) MEDIA_##NAME,
#include "media.def"
	MEDIA_TEXT,      /* any other text */
	MEDIA_MULTIPART, /* any other multipart */
	MEDIA_OTHER
};

struct content_type {
	enum media media;
	struct str type, subtype; /* as written; "text" "plain" by default */
	struct str params;        /* raw, from the first ';' */
};

enum encoding {
	ENCODING_7BIT = 0, /* also: none stated */
	ENCODING_8BIT,
	ENCODING_BINARY,
	ENCODING_QP,
	ENCODING_BASE64,
	ENCODING_UNKNOWN, /* uuencode, ...: the body is taken as it is */
};

/*
 * Read a Content-Type value. Absent, empty or not to be understood: fallback
 * (MEDIA_TEXT_PLAIN, or MEDIA_MESSAGE_RFC822 within a digest).
 */
void rfc2045_content_type(
	struct str raw, enum media fallback, struct content_type *out);

bool media_is_multipart(enum media m);

/* A message of its own: message/rfc822 and message/global. */
bool media_is_message(enum media m);

/*
 * The value of a parameter (name in lower case) of Content-Type.params or of
 * a Content-Disposition value: quotes, comments, RFC 2231 pieces and percent
 * signs undone, the bytes left in their charset; absent when there is none.
 * A slice of params where nothing had to be undone. *limits gets
 * LIMIT_TOKENS where pieces beyond RFC2045_PARAMS_MAX were left out.
 */
struct str rfc2045_param(
	struct arena *a, struct str params, const char *name, unsigned *limits);

enum encoding rfc2045_encoding(struct str raw);

/*
 * Undo a transfer encoding, at most max bytes of output; *limits gets
 * LIMIT_TEXT when more was there, LIMIT_MEMORY when there was no room (then
 * the empty slice). A slice of body for 7bit, 8bit, binary and the unknown.
 * Encoded CRLF and CR come out as LF, but not where there are NULs (UTF-16).
 */
struct str rfc2045_decode(struct arena *a, enum encoding e, struct str body,
	size_t max, unsigned *limits);

/* One part. part[0] is the mail itself. */
struct mime_part {
	struct str head; /* its header block; empty, not absent: none */
	struct str body; /* still encoded; without the LF of the boundary */
	struct content_type type;
	enum encoding encoding;
	struct str disposition, description; /* raw values, may be absent */
	/* Of part[0], and of each message that was opened; else NULL. */
	const struct headers *headers;
	/* Around the parts of a multipart; absent where there is none. */
	struct str preamble, epilogue;
	uint32_t parent; /* index; 0 for part[0] too */
	/* Children are part[child] .. part[child + children - 1], in order. */
	uint32_t child, children;
	uint16_t depth; /* 0 for part[0] */
	bool closed;    /* a multipart whose last boundary was seen */
	bool opaque;    /* beyond a limit: its parts were not listed */
	bool last;      /* the mail ends with it */
	bool cut;       /* and does so before the multipart around it does */
};

struct mime {
	struct mime_part *part;
	size_t n, cap;
	unsigned limits; /* enum limit (verdict.h) */
	struct arena *arena;
	struct headers headers; /* of part[0], which points here: do not copy */
	struct mime_part root;  /* part[0] when there is no memory */
};

/*
 * List the parts of a mail: level by level, so that the children of a part
 * lie side by side. Messages inside are not opened. There is always part[0]
 * (with no memory at all it is all there is, and LIMIT_MEMORY is set).
 *
 * A multipart whose boundary is missing or never appears gets one child,
 * text/plain, with the whole body.
 */
void mime_parse(struct arena *a, struct str mail, struct mime *out);

/*
 * Open a part that holds a message (message/rfc822, message/global) or only
 * its headers (text/rfc822-headers, message/global-headers): undo its
 * encoding and append one child, the message itself, with its .headers; if it
 * is a multipart its parts follow. Returns the child's index, or 0 where it
 * cannot be opened (limits). Once opened: the same index again.
 *
 * m->part may move: hold indices, not pointers, across this call.
 */
size_t mime_open_message(struct mime *m, size_t part);

/*
 * The index of the next part after i in the order of the document, children
 * before siblings; m->n at the end. Start with part 0.
 */
size_t mime_next(const struct mime *m, size_t i);

#endif
