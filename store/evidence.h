/*
 * The bytes of the table evidence: where a mail was read, and the lines that
 * decided, compressed. The form on disk is told in schema.sql.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include "arena.h"
#include "str.h"

#define EVIDENCE_MAX        4096u /* bytes of the lines; more is cut */
#define EVIDENCE_SOURCE_MAX 512u

struct evidence;

/* A packer, to be used again and again. NULL: out of memory. */
struct evidence *evidence_new(void);
void evidence_free(struct evidence *ev); /* NULL does nothing */

/* Pack; the slice lives in ev until the next call. Cannot fail: what does not
 * become smaller is kept as it is. */
struct str evidence_pack(
	struct evidence *ev, struct str source, struct str lines);

/*
 * Unpack body into a. False: its form is not known, it is damaged, or a is
 * full; both slices are then absent.
 */
bool evidence_unpack(struct arena *a, struct str body, struct str *source,
	struct str *lines);

#endif
