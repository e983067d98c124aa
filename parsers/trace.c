/* Lines are at most 500 bytes: what is longer is cut. */
#include "trace.h"

#include <stdarg.h>
#include <stdio.h>

void trace_add(const struct verdict_context *ctx, struct arena *a,
	const char *format, ...)
{
	char buf[512];
	struct trace_line *line;
	va_list ap;
	int n;

	if (!ctx->trace)
		return;
	va_start(ap, format);
	n = vsnprintf(buf, sizeof(buf), format, ap);
	va_end(ap);
	line = arena_zalloc(a, 1, sizeof(*line));
	if (!line || n < 0)
		return;
	line->text = arena_dup(a, str_from(buf));
	if (ctx->trace->last)
		ctx->trace->last->next = line;
	else
		ctx->trace->first = line;
	ctx->trace->last = line;
}
