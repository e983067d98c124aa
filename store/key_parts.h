/*
 * The two parts of a canonical key (address.h), at its last '@': a quoted local
 * part may have one of its own, a domain has none. Without one the key is all
 * local part.
 */
#ifndef KEY_PARTS_H
#define KEY_PARTS_H

#include "str.h"

/* Absent when there is none. */
static inline struct str key_domain(struct str key)
{
	const char *at = key.n ? memrchr(key.p, '@', key.n) : NULL;

	return at ? str_sub(key, (size_t)(at - key.p) + 1, key.n) : STR_NULL;
}

static inline struct str key_local(struct str key)
{
	const char *at = key.n ? memrchr(key.p, '@', key.n) : NULL;

	return at ? str_sub(key, 0, (size_t)(at - key.p)) : key;
}

#endif
