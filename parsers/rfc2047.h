/*
 * RFC 2047: what people read in a header, as UTF-8.
 */
#ifndef RFC2047_H
#define RFC2047_H

#include "arena.h"
#include "str.h"
#include "utf8.h"
#include "verdict.h"

#define RFC2047_MAX 8192u /* bytes of a decoded header */

/*
 * Decode a header value: unfolded, trimmed, encoded words (B and Q) decoded
 * and adjacent ones joined, the rest cleaned. A word in an unknown charset
 * that is not UTF-8 either stays as it is; control bytes inside words become
 * spaces. At most RFC2047_MAX bytes, cut between characters; *limits gets
 * LIMIT_TEXT or LIMIT_MEMORY. ops NULL: all charsets but UTF-8 are unknown.
 * A slice of raw when there is nothing to do.
 */
struct str rfc2047_decode(struct arena *a, const struct verdict_ops *ops,
	struct str raw, unsigned *limits);

#endif
