/*
 * Line ends: everything behind this sees LF only, so that a verdict is the
 * same whether a mail's lines end in LF, CRLF or CR.
 */
#ifndef NEWLINE_H
#define NEWLINE_H

#include "arena.h"
#include "str.h"

/*
 * CRLF, CR and LF become LF; a run of CRs before an LF is one end of line
 * (VIOLATIONS.md). A mail without CR is returned as it is.
 */
struct str newline_normalise(struct arena *a, struct str mail);

#endif
