/*
 * Most of a database is evidence, and most of evidence is the same words again:
 * deflate with a dictionary of them leaves less than half of it. One compressor
 * with small tables is kept and reset, because setting one up costs more than
 * compressing a kilobyte.
 */
#include "evidence.h"

#include <stdlib.h>

#include <zlib.h>

#include "evidence_words.h"

enum format {
	FORMAT_PLAIN = 0,
	FORMAT_DEFLATE = 1
};

/* A window of 8 KiB holds all of it; raw: no header, no checksum. */
#define WINDOW_BITS  (-13)
#define MEMORY_LEVEL 5
#define LEVEL        3 /* higher ones gain nothing on a kilobyte */
#define PLAIN_MAX    (EVIDENCE_SOURCE_MAX + 1 + EVIDENCE_MAX)

struct evidence {
	z_stream z;
	unsigned char plain[1 + PLAIN_MAX]; /* with its format byte */
	unsigned char packed[1 + PLAIN_MAX];
};

struct evidence *evidence_new(void)
{
	struct evidence *ev = calloc(1, sizeof(*ev));

	if (ev && deflateInit2(&ev->z, LEVEL, Z_DEFLATED, WINDOW_BITS,
			  MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(ev);
		return NULL;
	}
	return ev;
}

void evidence_free(struct evidence *ev)
{
	if (!ev)
		return;
	(void)deflateEnd(&ev->z);
	free(ev);
}

/* Format byte, source, NUL, lines; returns the length. */
static size_t join(unsigned char *to, struct str source, struct str lines)
{
	size_t nul = str_chr(source, '\0');
	struct str s = str_sub(source, 0,
		nul < EVIDENCE_SOURCE_MAX ? nul : EVIDENCE_SOURCE_MAX);
	struct str l = str_sub(lines, 0, EVIDENCE_MAX);

	to[0] = FORMAT_PLAIN;
	if (s.n)
		memcpy(to + 1, s.p, s.n);
	to[1 + s.n] = '\0';
	if (l.n)
		memcpy(to + 2 + s.n, l.p, l.n);
	return 2 + s.n + l.n;
}

static bool start(z_stream *z)
{
	return deflateReset(z) == Z_OK &&
	       deflateSetDictionary(z, (const Bytef *)evidence_words,
		       sizeof(evidence_words) - 1) == Z_OK;
}

struct str evidence_pack(
	struct evidence *ev, struct str source, struct str lines)
{
	size_t n = join(ev->plain, source, lines);

	if (!start(&ev->z))
		return str_of((const char *)ev->plain, n);
	ev->packed[0] = FORMAT_DEFLATE;
	ev->z.next_in = ev->plain + 1;
	ev->z.avail_in = (uInt)(n - 1);
	ev->z.next_out = ev->packed + 1;
	ev->z.avail_out = (uInt)(n - 1);
	if (deflate(&ev->z, Z_FINISH) == Z_STREAM_END)
		return str_of((const char *)ev->packed, 1 + ev->z.total_out);
	return str_of((const char *)ev->plain, n);
}

/* The output is bounded, whatever the input says. */
static bool inflate_all(struct arena *a, struct str in, struct str *out)
{
	z_stream z = {0};
	char *buf = arena_alloc(a, PLAIN_MAX);
	int rc;

	if (!buf || inflateInit2(&z, WINDOW_BITS) != Z_OK)
		return false;
	z.next_in = (z_const Bytef *)in.p;
	z.avail_in = (uInt)in.n;
	z.next_out = (Bytef *)buf;
	z.avail_out = PLAIN_MAX;
	rc = inflateSetDictionary(
		&z, (const Bytef *)evidence_words, sizeof(evidence_words) - 1);
	if (rc == Z_OK)
		rc = inflate(&z, Z_FINISH);
	*out = str_of(buf, z.total_out);
	(void)inflateEnd(&z);
	return rc == Z_STREAM_END;
}

static bool plain_of(struct arena *a, struct str body, struct str *out)
{
	struct str rest = str_sub(body, 1, body.n);

	if (!body.n || body.n > 2 * PLAIN_MAX)
		return false;
	switch (body.p[0]) {
	case FORMAT_PLAIN:
		*out = arena_dup(a, rest);
		return out->p != NULL;
	case FORMAT_DEFLATE:
		return inflate_all(a, rest, out);
	default:
		return false;
	}
}

bool evidence_unpack(
	struct arena *a, struct str body, struct str *source, struct str *lines)
{
	struct str plain;
	size_t nul;

	*source = *lines = STR_NULL;
	if (!plain_of(a, body, &plain))
		return false;
	nul = str_chr(plain, '\0');
	if (nul == plain.n)
		return false;
	*source = str_sub(plain, 0, nul);
	*lines = str_sub(plain, nul + 1, plain.n);
	return true;
}
