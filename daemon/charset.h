/*
 * What the parsers ask of the outside (struct verdict_ops): charsets to UTF-8
 * by iconv, domains to A-labels by libidn2, NFC by libunistring. Those need
 * tables and malloc of their own; results live in the caller's arena.
 *
 * One struct charset belongs to one thread: iconv descriptors have state.
 */
#ifndef CHARSET_H
#define CHARSET_H

#include "verdict.h"

struct charset;

/* NULL: out of memory. charset_free(NULL) does nothing. */
struct charset *charset_new(void);
void charset_free(struct charset *c);

/*
 * The callbacks, for struct verdict_context; valid until charset_free().
 *
 * to_utf8: charset as a mail names it, with quotes and odd spellings; what it
 * says is believed only as far as the bytes allow (US-ASCII with high bytes is
 * UTF-8 or else windows-1252). Each byte that cannot be decoded becomes U+FFFD.
 * Absent for a charset that has no row in the table, and when there is no
 * memory. The bytes themselves where they are UTF-8 already.
 * to_ascii: absent where UTS 46 forbids the domain.
 * to_nfc: the slice itself where it is ASCII.
 */
const struct verdict_ops *charset_ops(const struct charset *c);

#endif
