/*
 * The scan over the automaton. A step is one look into a table, whose time is
 * how long the one before takes to arrive; so there is nothing else on its way,
 * and what is looked at often lies close together.
 */
#include "match.h"

static bool has_hit(const struct match *m, uint32_t state)
{
	return state < m->wide_n || m->narrow[state - m->wide_n].hit;
}

static uint32_t step(const struct match *m, uint32_t state, uint8_t column)
{
	const struct match_narrow *n;

	if (state < m->wide_n)
		return m->wide[state + column];
	n = &m->narrow[state - m->wide_n];
	return n->column == column ? n->next : m->wide[n->fail + column];
}

/* From 0 on, without gaps. */
static uint32_t number_of(const struct match *m, uint32_t state)
{
	return state < m->wide_n ? state / m->columns
				 : m->wide_n / m->columns + state - m->wide_n;
}

/* False: there are enough. */
static bool add_hits(const struct match *m, struct arena *a, uint32_t state,
	size_t end, struct match_hits *out)
{
	uint32_t i = number_of(m, state);

	if (!m->phrase[i])
		i = m->dict[i];
	for (; i; i = m->dict[i]) {
		struct match_hit *v;

		if (out->n >= MATCH_HITS_MAX)
			return false;
		v = arena_grow(a, out->v, &out->cap, out->n + 1, sizeof(*v));
		if (!v)
			return false;
		out->v = v;
		v[out->n++] = (struct match_hit){
			.phrase = m->phrase[i] - 1u,
			.end = (uint32_t)end,
		};
	}
	return true;
}

void match_scan(const struct match *m, struct arena *a, struct str text,
	struct match_hits *hits)
{
	const unsigned char *p = (const unsigned char *)text.p;
	uint32_t state = hits->state;
	size_t i = hits->at;

	hits->at = text.n;
	while (i < text.n) {
		state = step(m, state, m->column[p[i++]]);
		if (state >= m->hit_from && has_hit(m, state) &&
			!add_hits(m, a, state, i, hits))
			break;
	}
	hits->state = state;
}
