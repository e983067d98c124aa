/*
 * RFC 3464 delivery status notifications, with RFC 3461 (xtext) and RFC 6533
 * (utf-8 addresses). The fields are also read where no MIME says that they
 * are there, and where blank lines stand in the wrong places.
 */
#ifndef RFC3464_H
#define RFC3464_H

#include "arena.h"
#include "str.h"
#include "verdict.h"

#define RFC3464_RECIPIENTS_MAX 1000u

/* The fields about one recipient (RFC 3464 2.3); absent where not stated. */
struct dsn_recipient {
	/* Addresses, without their type, decoded; not checked to be one. */
	struct str original, final, actual;
	enum action action;
	bool expired;          /* Action: expired, which is none of RFC 3464 */
	struct status status;  /* of the Status field */
	struct str diagnostic; /* unfolded, without its type */
	struct str remote_mta; /* the host's name */
	/* All its fields as they stand, from the first to the last. */
	struct str raw;
};

struct dsn {
	struct str reporting_mta; /* the host's name */
	struct str raw;           /* the per-message fields */
	struct dsn_recipient *r;
	size_t n;
	unsigned limits; /* LIMIT_RECIPIENTS, LIMIT_HEADER, LIMIT_MEMORY */
	bool cut;        /* set by the caller: more may have followed */
};

/* Read the fields of a message/delivery-status body, or what looks like one. */
void rfc3464_parse(struct arena *a, struct str body, struct dsn *out);

/*
 * The part of a text in which the fields stand as plain text: from the first
 * line that begins with a field name of RFC 3464; empty when there is none.
 */
struct str rfc3464_find(struct str text);

/* The same where blanks stand before each line: a copy without them. */
struct str rfc3464_find_indented(struct arena *a, struct str text);

/* Whether a part of whatever type is a report: its first line is a field. */
bool rfc3464_is_report(struct str body);

/*
 * The address of a typed value: "rfc822; u@d", "utf-8; ..." (RFC 6533),
 * with xtext (RFC 3461 4) undone where it hides the '@'.
 */
struct str rfc3464_address(struct arena *a, struct str value);

/*
 * The host's name of a typed value, "dns; mx.example.org. (192.0.2.1)", without
 * what stands in brackets and a final dot.
 */
struct str rfc3464_host(struct str value);

#endif
