/*
 * A hash table with linear probing, never more than half full. Names are kept
 * with their hash, so that a long one is compared only with its equal.
 */
#include "index.h"

#include "fnv.h"

#define CAP_FIRST 16u

static uint32_t hash(struct str name)
{
	return (uint32_t)fnv_folded(FNV_BEGIN, name);
}

/* The slot that holds the name, or the free one in which it would be. */
static struct index_slot *find(
	const struct index *x, struct str name, uint32_t h)
{
	size_t i = h & (x->cap - 1);

	while (x->slot[i].name.p &&
		(x->slot[i].hash != h || !str_ieq(x->slot[i].name, name)))
		i = (i + 1) & (x->cap - 1);
	return &x->slot[i];
}

static bool grow(struct index *x)
{
	struct index old = *x;
	size_t cap = x->cap ? 2 * x->cap : CAP_FIRST;
	struct index_slot *slot = arena_zalloc(x->arena, cap, sizeof(*slot));

	if (!slot)
		return false;
	x->slot = slot;
	x->cap = cap;
	for (size_t i = 0; i < old.cap; i++)
		if (old.slot[i].name.p)
			*find(x, old.slot[i].name, old.slot[i].hash) =
				old.slot[i];
	return true;
}

bool index_get(const struct index *x, struct str name, size_t *number)
{
	const struct index_slot *s;

	if (!x->cap || !name.p)
		return false;
	s = find(x, name, hash(name));
	*number = s->number;
	return s->name.p;
}

void index_put(struct index *x, struct str name, size_t number)
{
	uint32_t h = hash(name);

	if (2 * (x->n + 1) > x->cap && !grow(x))
		return;
	*find(x, name, h) = (struct index_slot){name, h, (uint32_t)number};
	x->n++;
}
