#include "import/sent_sums.h"

#include <inttypes.h>
#include <stdio.h>

#include "fnv.h"

#define MEMORY (256u << 20)

void sent_sums_init(struct sent_sums *s)
{
	*s = (struct sent_sums){0};
	arena_init(&s->arena, MEMORY);
	s->by_names = (struct index){.arena = &s->arena};
}

void sent_sums_release(struct sent_sums *s)
{
	arena_release(&s->arena);
}

/* Streams differ by case, which the index folds. */
static struct str key_of(const struct ledger_sent *row, char *key, size_t size)
{
	uint64_t names = fnv_bytes(FNV_BEGIN, row->domain);
	int n;

	names = fnv_bytes(fnv_number(names, '\n'), row->provider);
	names = fnv_bytes(fnv_number(names, '\n'), row->stream);
	n = snprintf(key, size,
		"%016" PRIx64 " %d %" PRId64 " %d %.*s %.*s %.*s", names,
		row->how, row->at / (row->whole_day ? 86400 : 3600),
		row->whole_day, STR_ARG(row->domain), STR_ARG(row->provider),
		STR_ARG(row->stream));
	return str_of(key, (size_t)n < size ? (size_t)n : size - 1);
}

int sent_sums_add(struct sent_sums *s, const struct ledger_sent *row)
{
	char text[1024];
	struct str key = key_of(row, text, sizeof(text));
	struct ledger_sent *v;
	size_t k;

	if (index_get(&s->by_names, key, &k)) {
		s->v[k].n += row->n;
		return 0;
	}
	v = arena_grow(&s->arena, s->v, &s->cap, s->n + 1, sizeof(*v));
	if (!v)
		return -1;
	s->v = v;
	v[s->n] = *row;
	v[s->n].domain = arena_dup(&s->arena, row->domain);
	v[s->n].provider = arena_dup(&s->arena, row->provider);
	v[s->n].stream = arena_dup(&s->arena, row->stream);
	index_put(&s->by_names, arena_dup(&s->arena, key), s->n++);
	return s->arena.full ? -1 : 0;
}
