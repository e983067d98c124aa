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

unsigned trace_line_of(const struct verdict_context *ctx, struct str s)
{
	struct str mail = ctx->trace ? ctx->trace->mail : STR_NULL;
	size_t at = mail.n;
	unsigned line = 1;

	s = str_trim(s);
	if (s.n && mail.n && s.p >= mail.p && s.p < mail.p + mail.n)
		at = (size_t)(s.p - mail.p);
	else if (s.n)
		at = str_find(mail, s);
	if (at == mail.n)
		return 0;
	for (size_t i = 0; i < at; i++)
		line += mail.p[i] == '\n';
	return line;
}
