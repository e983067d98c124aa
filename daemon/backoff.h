/*
 * How long to wait before the next try: twice as long after each failure, by
 * chance within that ("full jitter"), so that many watchers of one server do
 * not come back together. Pure: chance comes as an argument.
 */
#ifndef BACKOFF_H
#define BACKOFF_H

#include <stdint.h>

enum backoff_kind {
	BACKOFF_LINK, /* 1 s to 5 min */
	BACKOFF_SLOW, /* 1 min to 1 h: a login or a setting was refused, and
		       * servers lock accounts out that try too often */
};

struct backoff {
	enum backoff_kind kind;
	unsigned failures; /* of this kind in a row */
};

void backoff_reset(struct backoff *b);

/* Milliseconds to wait after one more failure. */
int64_t backoff_next(
	struct backoff *b, enum backoff_kind kind, uint32_t chance);

#endif
