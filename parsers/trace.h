/* The lines of parse --explain: nothing happens without a ctx->trace. */
#ifndef TRACE_H
#define TRACE_H

#include "verdict.h"

void trace_add(const struct verdict_context *ctx, struct arena *a,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The 1-based line of the mail on which s stands, or begins to; 0: it does not
 * stand there as it is (it was encoded). */
unsigned trace_line_of(const struct verdict_context *ctx, struct str s);

#endif
