/*
 * One place that writes to stderr for commands, so that a progress bar is
 * wiped away first and no file name can play with the terminal.
 */
#include "say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "print.h"
#include "progress.h"

/* Where this thread's words go instead; of daemons, whose stderr is a log. */
static _Thread_local struct {
	char *buf;
	size_t n, size;
} sink;

static void keep(const char *format, va_list args)
	__attribute__((format(printf, 1, 0)));

static void keep(const char *format, va_list args)
{
	const char *between = sink.n ? "; " : "";
	int n = snprintf(sink.buf + sink.n, sink.size - sink.n, "%s", between);

	sink.n += n > 0 ? (size_t)n : 0;
	if (sink.n >= sink.size)
		sink.n = sink.size - 1;
	n = vsnprintf(sink.buf + sink.n, sink.size - sink.n, format, args);
	sink.n += n > 0 ? (size_t)n : 0;
	if (sink.n >= sink.size)
		sink.n = sink.size - 1;
}

void say_to(char *buf, size_t size)
{
	sink.buf = buf;
	sink.size = size;
	sink.n = 0;
	if (buf)
		buf[0] = '\0';
}

__attribute__((format(printf, 2, 0))) static void line(
	const char *prefix, const char *format, va_list args)
{
	int saved = errno;

	if (sink.buf) {
		keep(format, args);
		errno = saved;
		return;
	}
	progress_hide();
	fputs(prefix, stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	errno = saved;
}

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line("bouncewatch: ", format, args);
	va_end(args);
}

void say_line(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line("", format, args);
	va_end(args);
}

void say_hint(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line("  ", format, args);
	va_end(args);
}

void say_mistakes(const char *path, const struct conf_mistakes *m)
{
	for (size_t i = 0; i < m->n; i++) {
		const char *kind = m->v[i].warning ? "warning: " : "";

		if (m->v[i].line)
			say_line("%s:%u: %s%s", say_z(path), m->v[i].line, kind,
				m->v[i].text);
		else
			say_line("%s: %s%s", say_z(path), kind, m->v[i].text);
	}
}

const char *say_str(struct str s)
{
	static _Thread_local char buffers[8][512];
	static _Thread_local unsigned next;
	char *buf = buffers[next++ % 8];

	return print_visible_buf(buf, sizeof(buffers[0]), s);
}

const char *say_z(const char *z)
{
	return say_str(str_from(z));
}
