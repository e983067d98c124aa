/*
 * The scan over the automaton. Nearly all bytes are looked at near the root,
 * which costs one look into a table each; deeper states have few edges and are
 * searched in a row.
 */
#include "match.h"

#define STATE (MATCH_HIT - 1)

/* The edge that a state without a row has for byte; 0: none. */
static uint32_t narrow_edge(const struct match *m, uint32_t state, uint8_t byte)
{
	const struct match_state *s = &m->state[state - m->wide_n];

	for (uint32_t i = s[0].first; i < s[1].first; i++)
		if (m->edge[i] >> 24 == byte)
			return m->edge[i];
	return 0;
}

static uint32_t step(const struct match *m, uint32_t state, uint8_t byte)
{
	while (state >= m->wide_n) {
		uint32_t edge = narrow_edge(m, state, byte);

		if (edge)
			return edge;
		state = m->state[state - m->wide_n].fail;
	}
	return m->wide[state * 256u + byte];
}

/* False: there are enough. */
static bool add_hits(const struct match *m, struct arena *a, uint32_t state,
	size_t end, struct match_hits *out)
{
	if (!m->phrase[state])
		state = m->dict[state];
	for (; state; state = m->dict[state]) {
		struct match_hit *v;

		if (out->n >= MATCH_HITS_MAX)
			return false;
		v = arena_grow(a, out->v, &out->cap, out->n + 1, sizeof(*v));
		if (!v)
			return false;
		out->v = v;
		v[out->n++] = (struct match_hit){
			.phrase = m->phrase[state] - 1u,
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
		uint32_t edge = step(m, state, p[i++]);

		state = edge & STATE;
		if (edge & MATCH_HIT && !add_hits(m, a, state, i, hits))
			break;
	}
	hits->state = state;
}
