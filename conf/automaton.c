/*
 * Aho and Corasick's construction: a trie of the phrases, then the failure
 * links breadth first. While it grows, a state keeps its edges in a linked
 * list; at the end they are laid out as match.h wants them.
 */
#include "automaton.h"

#include <stdlib.h>

struct node {
	uint32_t child, sibling; /* 0: none */
	uint32_t fail, dict;
	uint32_t depth;
	uint16_t phrase;
	uint8_t byte;
};

struct trie {
	struct arena *arena;
	struct node *v;
	size_t n, cap;
};

static int64_t find_child(const struct trie *t, uint32_t state, uint8_t byte)
{
	for (uint32_t c = t->v[state].child; c; c = t->v[c].sibling)
		if (t->v[c].byte == byte)
			return c;
	return 0;
}

/* Siblings are kept ascending, so that the rows come out sorted. */
static int64_t add_child(struct trie *t, uint32_t state, uint8_t byte)
{
	struct node *v =
		arena_grow(t->arena, t->v, &t->cap, t->n + 1, sizeof(*v));
	uint32_t *link;

	if (!v)
		return -1;
	t->v = v;
	v[t->n] = (struct node){.byte = byte, .depth = v[state].depth + 1};
	link = &v[state].child;
	while (*link && v[*link].byte < byte)
		link = &v[*link].sibling;
	v[t->n].sibling = *link;
	*link = (uint32_t)t->n;
	return (int64_t)t->n++;
}

static int add_phrase(struct trie *t, struct str phrase, size_t number)
{
	int64_t state = 0;

	for (size_t i = 0; i < phrase.n; i++) {
		uint8_t byte = (uint8_t)phrase.p[i];
		int64_t next = find_child(t, (uint32_t)state, byte);

		if (!next)
			next = add_child(t, (uint32_t)state, byte);
		if (next < 0)
			return -1;
		state = next;
	}
	t->v[state].phrase = (uint16_t)(number + 1);
	return 0;
}

static void link_child(struct trie *t, uint32_t state, uint32_t child)
{
	struct node *c = &t->v[child];
	uint32_t f = state;
	int64_t to = 0;

	while (f && !to) {
		f = t->v[f].fail;
		to = find_child(t, f, c->byte);
	}
	c->fail = state ? (uint32_t)to : 0;
	c->dict = t->v[c->fail].phrase ? c->fail : t->v[c->fail].dict;
}

static int link_states(struct trie *t)
{
	uint32_t *queue = arena_alloc(t->arena, t->n * sizeof(*queue));
	size_t head = 0, tail = 0;

	if (!queue)
		return -1;
	queue[tail++] = 0;
	while (head < tail) {
		uint32_t state = queue[head++];

		for (uint32_t c = t->v[state].child; c; c = t->v[c].sibling) {
			link_child(t, state, c);
			queue[tail++] = c;
		}
	}
	return 0;
}

/* States with a row: those near the root, and those with many ways on. */
#define WIDE_DEPTH 2u
#define WIDE_EDGES 3u

static uint32_t edges_of(const struct trie *t, uint32_t state)
{
	uint32_t n = 0;

	for (uint32_t c = t->v[state].child; c; c = t->v[c].sibling)
		n++;
	return n;
}

/*
 * The final numbers: the wide states first, and within both kinds the order
 * in which they were made, by which the states of a phrase lie side by side.
 * Returns how many are wide.
 */
static uint32_t number_states(const struct trie *t, uint32_t *number)
{
	uint32_t wide = 0, narrow;

	for (uint32_t s = 0; s < t->n; s++)
		if (t->v[s].depth <= WIDE_DEPTH || edges_of(t, s) >= WIDE_EDGES)
			number[s] = wide++;
		else
			number[s] = UINT32_MAX;
	narrow = wide;
	for (uint32_t s = 0; s < t->n; s++)
		if (number[s] == UINT32_MAX)
			number[s] = narrow++;
	return wide;
}

struct rows {
	uint32_t *number; /* of each state of the trie */
	uint32_t *wide, *edge, *dict;
	struct match_state *state;
	uint16_t *phrase;
};

static int rows_new(struct trie *t, uint32_t *wide_n, struct rows *r)
{
	struct arena *a = t->arena;
	size_t narrow;

	r->number = arena_alloc(a, t->n * sizeof(*r->number));
	if (!r->number)
		return -1;
	*wide_n = number_states(t, r->number);
	narrow = t->n - *wide_n;
	r->wide = arena_zalloc(a, *wide_n, 256 * sizeof(*r->wide));
	r->state = arena_zalloc(a, narrow + 1, sizeof(*r->state));
	r->edge = arena_zalloc(a, t->n, sizeof(*r->edge));
	r->dict = arena_zalloc(a, t->n, sizeof(*r->dict));
	r->phrase = arena_zalloc(a, t->n, sizeof(*r->phrase));
	return a->full ? -1 : 0;
}

static uint32_t edge_to(const struct trie *t, const struct rows *r, uint32_t c)
{
	const struct node *node = &t->v[c];

	return r->number[c] | (node->phrase || node->dict ? MATCH_HIT : 0);
}

/* Where state s goes on each byte: as where it fails to, but for its own
 * edges. */
static void fill_row(const struct trie *t, const struct rows *r, uint32_t s)
{
	uint32_t *row = r->wide + 256 * (size_t)r->number[s];

	for (uint32_t f = s;; f = t->v[f].fail) {
		for (uint32_t c = t->v[f].child; c; c = t->v[c].sibling)
			if (!row[t->v[c].byte])
				row[t->v[c].byte] = edge_to(t, r, c);
		if (!f)
			break;
	}
}

static void lay_out(const struct trie *t, uint32_t wide_n, const struct rows *r)
{
	uint32_t edges = 0;

	for (uint32_t s = 0; s < t->n; s++) {
		const struct node *node = &t->v[s];
		uint32_t number = r->number[s];

		r->dict[number] = r->number[node->dict];
		r->phrase[number] = node->phrase;
		if (number < wide_n) {
			fill_row(t, r, s);
			continue;
		}
		r->state[number - wide_n] =
			(struct match_state){edges, r->number[node->fail]};
		for (uint32_t c = node->child; c; c = t->v[c].sibling)
			r->edge[edges++] =
				(uint32_t)t->v[c].byte << 24 | edge_to(t, r, c);
	}
	r->state[t->n - wide_n].first = edges;
}

int automaton_build(
	struct arena *a, const struct str *phrases, size_t n, struct match *out)
{
	struct trie t = {.arena = a};
	struct rows r;
	uint32_t wide_n;

	if (n > AUTOMATON_PHRASES_MAX)
		return -1;
	t.v = arena_grow(a, NULL, &t.cap, 1, sizeof(*t.v));
	if (!t.v)
		return -1;
	t.v[t.n++] = (struct node){0};
	for (size_t i = 0; i < n; i++)
		if (phrases[i].n && add_phrase(&t, phrases[i], i) < 0)
			return -1;
	if (t.n > MATCH_STATES_MAX || link_states(&t) < 0 ||
		rows_new(&t, &wide_n, &r) < 0)
		return -1;
	lay_out(&t, wide_n, &r);
	*out = (struct match){
		.states = (uint32_t)t.n,
		.wide_n = wide_n,
		.wide = r.wide,
		.state = r.state,
		.edge = r.edge,
		.dict = r.dict,
		.phrase = r.phrase,
	};
	return 0;
}
