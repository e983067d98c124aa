/*
 * An array and its strings in one arena. What a single answer may take is
 * bounded, so that a database full of hostile names costs an error and not the
 * machine's memory.
 */
#include "rows.h"

#include "sql.h"

#define ROWS_LIMIT ((size_t)1 << 30)
#define ROWS_KEEP  ((size_t)8 << 20)

void rows_init(struct rows *r, size_t item_size)
{
	*r = (struct rows){.size = item_size};
	arena_init(&r->arena, ROWS_LIMIT);
}

void rows_reset(struct rows *r)
{
	arena_reset(&r->arena, ROWS_KEEP);
	r->items = NULL;
	r->n = r->cap = 0;
}

void rows_release(struct rows *r)
{
	arena_release(&r->arena);
}

void *rows_add(struct rows *r)
{
	void *items = r->items;
	void *item;

	if (r->n == r->cap)
		items = arena_grow(
			&r->arena, r->items, &r->cap, r->n + 1, r->size);
	if (!items)
		return NULL;
	r->items = items;
	item = (char *)items + r->n++ * r->size;
	memset(item, 0, r->size);
	return item;
}

struct str rows_text(struct rows *r, struct str s)
{
	return s.n ? arena_dup(&r->arena, s) : STR_NULL;
}

int rows_check(const struct rows *r, struct db *db)
{
	return r->arena.full ? sql_no_memory(db) : 0;
}
