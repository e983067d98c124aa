/*
 * The name of a purged address: what is left of it in the database, by which
 * it is found again when it bounces, is asked for or is exported as a hash.
 */
#ifndef PURGED_H
#define PURGED_H

#include <stdbool.h>

#include "str.h"

#define PURGED_PREFIX "sha256:"
#define PURGED_SIZE   (sizeof(PURGED_PREFIX) + 64)

/* "sha256:" and the SHA-256 of a canonical key in lower-case hexadecimal, in
 * buf, ended by NUL. */
struct str purged_name(struct str key, char buf[PURGED_SIZE]);

/* Whether an address of the database is such a name. */
bool purged_is(struct str address);

#endif
