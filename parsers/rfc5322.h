/*
 * RFC 5322: header blocks, address lists and dates, read as leniently as mail
 * is written. Values are raw slices of the mail (still folded, not decoded)
 * until somebody asks for more. VIOLATIONS.md lists what is tolerated.
 */
#ifndef RFC5322_H
#define RFC5322_H

#include <stdint.h>

#include "arena.h"
#include "str.h"

#define RFC5322_HEADER_MAX  65536u   /* one header; longer ones are cut */
#define RFC5322_HEADERS_MAX 1048576u /* a header block */
#define RFC5322_TOKENS_MAX  10000u   /* words of an address list */

enum header_id {
#define LENGTH(n)          HEADER_OF_##n, HEADER_BEFORE_##n = HEADER_OF_##n - 1,
#define HEADER(NAME, name) HEADER_##NAME,
#include "headers.def"
	HEADER_COUNT /* also: a name that has no row */
};

/* One header as it stands. */
struct header {
	struct str name;   /* as written, without the colon */
	struct str value;  /* after the colon: trimmed, folds and all */
	enum header_id id; /* HEADER_COUNT: not in headers.def */
	bool cut;          /* the value was longer than RFC5322_HEADER_MAX */
};

struct headers {
	struct str block; /* all of the headers; may be empty */
	/* Value of the first of each name; .p NULL: there is none. */
	struct str first[HEADER_COUNT];
	struct str last_received; /* the lowest Received: the oldest */
	unsigned limits;          /* LIMIT_HEADER, or 0 (verdict.h) */
};

/* The id of a name without control bytes, ASCII letters folded; HEADER_COUNT:
 * no row. */
enum header_id header_lookup(struct str name);

/*
 * Read the headers of a whole mail (or of an attached one). A BOM, blank
 * lines and mbox "From " lines before them are skipped. Returns the body:
 * what follows the blank line, or the first line that can be no header.
 */
struct str headers_parse(struct str mail, struct headers *out);

/*
 * The same for the head of a MIME part, of which only block, the Content-...
 * rows and limits are of use: a blank first line means that it has no headers.
 */
struct str headers_parse_part(struct str part, struct headers *out);

/*
 * The next header of a block (struct headers.block, or a group of RFC 3464
 * fields); lines that are none are passed over. False at the end.
 */
bool headers_next(struct str *rest, struct header *out);

/*
 * Value of the first header of that name, by a walk through the block: for
 * names without a row. The absent slice when there is none.
 */
struct str headers_get(const struct headers *h, struct str name);

/*
 * One line: each fold with the white space around it becomes one space, and
 * the ends are trimmed. A slice of raw when there is no fold.
 */
struct str rfc5322_unfold(struct arena *a, struct str raw);

/* An entry of an address list. */
struct mailbox {
	/* Before the <>, else the last comment; unquoted, still encoded
	 * (RFC 2047). Absent: none. */
	struct str display;
	/* u@d without comments and source route; a lone word as it is; empty,
	 * not absent, for the null path <>. */
	struct str addr;
};

/*
 * Up to max entries of a From, To, Cc, ... value (folded or not); groups are
 * flattened, entries with several words but no address are left out. Returns
 * their number. *limits gets LIMIT_TOKENS or LIMIT_MEMORY.
 */
size_t rfc5322_addresses(struct arena *a, struct str raw, struct mailbox *out,
	size_t max, unsigned *limits);

/*
 * The first entry's addr, without memory: where comments stand inside the
 * address they stay. Absent when there is none.
 */
struct str rfc5322_first_address(struct str raw);

/*
 * A date in seconds since 1970 UTC: RFC 5322 with its obsolete zones and
 * years, comments, no weekday, no seconds; asctime's form; an unknown zone is
 * UTC. False when it is no date or lies outside 1970 to 9999.
 */
bool rfc5322_date(struct str s, int64_t *out);

/* The date of a Received value, after its last ';'; 0 when there is none. */
int64_t rfc5322_received_date(struct str raw);

#endif
