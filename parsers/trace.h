/* The lines of parse --explain: nothing happens without a ctx->trace. */
#ifndef TRACE_H
#define TRACE_H

#include "verdict.h"

void trace_add(const struct verdict_context *ctx, struct arena *a,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
