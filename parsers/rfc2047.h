/*
 * RFC 2047: what people read in a header, as UTF-8; and the one place where
 * bytes of unknown worth become valid UTF-8.
 */
#ifndef RFC2047_H
#define RFC2047_H

#include "arena.h"
#include "str.h"
#include "verdict.h"

#define RFC2047_MAX 8192u /* bytes of a decoded header */

/*
 * Decode a header value: unfolded, trimmed, encoded words (B and Q) decoded
 * and adjacent ones joined, the rest and what cannot be decoded cleaned. At
 * most RFC2047_MAX bytes, cut between characters; *limits gets LIMIT_TEXT
 * or LIMIT_MEMORY. ops NULL: only UTF-8 and ASCII are decoded. A slice of raw
 * when there is nothing to do.
 */
struct str rfc2047_decode(struct arena *a, const struct verdict_ops *ops,
	struct str raw, unsigned *limits);

/*
 * Valid UTF-8: what is not (overlong forms, surrogates, above U+10FFFF,
 * truncated) becomes U+FFFD, one for each maximal part of a sequence (Unicode
 * 3.9). The slice itself when it is valid; absent when there is no memory.
 */
struct str utf8_clean(struct arena *a, struct str bytes);

/* Bytes of s up to n, fewer where n would cut a character. */
struct str utf8_cut(struct str s, size_t n);

#endif
