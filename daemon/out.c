/*
 * Why not stdio: parse prints tens of thousands of objects a second, exports
 * go to descriptors opened with openat(), and every caller would have to look
 * at ferror(). Here the first error stays, and one look at the end finds it.
 */
#include "out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "progress.h"

void out_init(struct out *o, int fd)
{
	o->fd = fd;
	o->error = 0;
	o->n = 0;
}

static void write_all(struct out *o, const char *p, size_t n)
{
	while (n && !o->error) {
		ssize_t w = write(o->fd, p, n);

		if (w >= 0) {
			p += w;
			n -= (size_t)w;
		} else if (errno != EINTR) {
			o->error = errno;
		}
	}
}

int out_flush(struct out *o)
{
	if (o->fd == STDOUT_FILENO && o->n)
		progress_yield();
	write_all(o, o->buf, o->n);
	o->n = 0;
	return o->error ? -1 : 0;
}

void out_bytes_slow(struct out *o, const char *p, size_t n)
{
	out_flush(o);
	if (n > OUT_SIZE) {
		write_all(o, p, n);
		return;
	}
	memcpy(o->buf, p, n);
	o->n = n;
}

void out_int(struct out *o, int64_t v)
{
	char digits[24];
	char *end = digits + sizeof(digits), *p = end;
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	if (v < 0)
		*--p = '-';
	out_bytes(o, p, (size_t)(end - p));
}

void out_printf(struct out *o, const char *format, ...)
{
	char text[4096];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n > 0)
		out_bytes(o, text,
			(size_t)n < sizeof(text) ? (size_t)n
						 : sizeof(text) - 1);
}
