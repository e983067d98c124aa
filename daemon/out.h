/*
 * Data on its way to a file descriptor: one big buffer, one sticky error. All
 * that commands print as data goes this way, so that a full disk is noticed
 * once, at the end, and a reader that went away stops the work.
 */
#ifndef OUT_H
#define OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "str.h"

#define OUT_SIZE 65536u

struct out {
	int fd;
	int error; /* errno of the first write that failed; 0: none */
	size_t n;
	char buf[OUT_SIZE];
};

void out_init(struct out *o, int fd);

/* Write what is buffered. -1: .error says why; later output is dropped. */
int out_flush(struct out *o);

/* Whether going on makes sense. */
static inline bool out_failed(const struct out *o)
{
	return o->error != 0;
}

void out_bytes_slow(struct out *o, const char *p, size_t n);

static inline void out_bytes(struct out *o, const char *p, size_t n)
{
	if (n <= OUT_SIZE - o->n) {
		memcpy(o->buf + o->n, p, n);
		o->n += n;
	} else {
		out_bytes_slow(o, p, n);
	}
}

static inline void out_char(struct out *o, char c)
{
	out_bytes(o, &c, 1);
}

static inline void out_str(struct out *o, struct str s)
{
	if (s.n)
		out_bytes(o, s.p, s.n);
}

static inline void out_z(struct out *o, const char *z)
{
	out_bytes(o, z, strlen(z));
}

/* Room for n bytes, at most OUT_SIZE, and how far it was used. */
static inline char *out_room(struct out *o, size_t n)
{
	if (n > OUT_SIZE - o->n)
		out_flush(o);
	return o->buf + o->n;
}

static inline void out_used(struct out *o, const char *end)
{
	o->n = (size_t)(end - o->buf);
}

void out_int(struct out *o, int64_t v);

/* At most 4,095 bytes at once; longer strings go through out_str(). */
void out_printf(struct out *o, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
