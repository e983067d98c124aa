/*
 * What in an address a format may have no way to write. Formats name what is
 * unfit for them; it is left out and counted, never changed: an address with
 * one byte changed is somebody else's.
 */
#ifndef EXPORT_FIT_H
#define EXPORT_FIT_H

#include "str.h"

enum export_fit {
	EXPORT_CONTROL = 1 << 0,   /* ASCII control bytes */
	EXPORT_BAD_UTF8 = 1 << 1,  /* bytes that are not UTF-8 */
	EXPORT_NOT_ASCII = 1 << 2, /* anything above ASCII */
	EXPORT_QUOTED = 1 << 3,    /* a local part in quotes: commas, quotes,
				    * spaces, backslashes, a second @ */
	EXPORT_HASH = 1 << 4,      /* # first: a comment to many readers */
	EXPORT_LONG = 1 << 5,      /* more than EXPORT_ADDRESS_MAX bytes */
};

/* RFC 5321 4.5.3.1 allows 64 before the @ and 255 behind it. Only a foreign
 * writer of the database makes longer ones, or some with control bytes. */
#define EXPORT_ADDRESS_MAX 320u
#define EXPORT_NEVER       (EXPORT_CONTROL | EXPORT_BAD_UTF8 | EXPORT_LONG)

/* All that is true of an address. */
unsigned export_fit_of(struct str address);

/* One of them for a person: "addresses with control bytes". */
const char *export_fit_text(enum export_fit what);

#define EXPORT_FITS 6 /* how many there are */

#endif
