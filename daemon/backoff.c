/*
 * The bounds are told in backoff.h and in the man page.
 */
#include "backoff.h"

static const struct {
	int64_t least, most;
} bounds[] = {
	[BACKOFF_LINK] = {1000,  300000 },
	[BACKOFF_SLOW] = {60000, 3600000},
};

void backoff_reset(struct backoff *b)
{
	b->failures = 0;
}

int64_t backoff_next(struct backoff *b, enum backoff_kind kind, uint32_t chance)
{
	int64_t least = bounds[kind].least, most = least;

	if (b->kind != kind)
		b->failures = 0;
	b->kind = kind;
	for (unsigned i = 0; i < b->failures && most < bounds[kind].most; i++)
		most *= 2;
	if (most > bounds[kind].most)
		most = bounds[kind].most;
	if (b->failures < 64)
		b->failures++;
	return least + (most - least) * (int64_t)chance / UINT32_MAX;
}
