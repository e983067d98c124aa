/*
 * UTF-8: where bytes of unknown worth become text that every output may use.
 */
#ifndef UTF8_H
#define UTF8_H

#include "arena.h"
#include "str.h"

/*
 * Valid UTF-8: what is not (overlong forms, surrogates, above U+10FFFF,
 * truncated) becomes U+FFFD, one for each maximal part of a sequence (Unicode
 * 3.9). The slice itself when it is valid; absent when there is no memory.
 */
struct str utf8_clean(struct arena *a, struct str bytes);

bool utf8_is_valid(struct str bytes);

/* Whether no byte is above 7F: nearly all mail. */
bool utf8_is_ascii(struct str bytes);

/* The first n bytes of s, fewer where that would cut a character. */
struct str utf8_cut(struct str s, size_t n);

/*
 * The length of the character that s (not empty) begins with, or, with *valid
 * false, of the maximal part of one that stands there instead.
 */
size_t utf8_character(struct str s, bool *valid);

#endif
