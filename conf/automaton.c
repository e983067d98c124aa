/*
 * Aho and Corasick's construction: a trie of the phrases, then the failure
 * links breadth first. While it grows, a state keeps its edges in a linked
 * list; at the end they are laid out in sorted rows.
 */
#include "automaton.h"

#include <stdlib.h>

struct node {
	uint32_t child, sibling; /* 0: none */
	uint32_t fail, dict;
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
	v[t->n] = (struct node){.byte = byte};
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

struct rows {
	uint32_t *root, *first, *to, *fail, *dict;
	uint8_t *byte;
	uint16_t *phrase;
};

static int rows_new(struct arena *a, size_t states, struct rows *r)
{
	r->root = arena_zalloc(a, 256, sizeof(*r->root));
	r->first = arena_zalloc(a, states + 1, sizeof(*r->first));
	r->to = arena_zalloc(a, states, sizeof(*r->to));
	r->fail = arena_zalloc(a, states, sizeof(*r->fail));
	r->dict = arena_zalloc(a, states, sizeof(*r->dict));
	r->byte = arena_zalloc(a, states, sizeof(*r->byte));
	r->phrase = arena_zalloc(a, states, sizeof(*r->phrase));
	return a->full ? -1 : 0;
}

static int lay_out(const struct trie *t, struct match *out)
{
	struct rows r;
	uint32_t edges = 0;

	if (rows_new(t->arena, t->n, &r) < 0)
		return -1;
	for (uint32_t s = 0; s < t->n; s++) {
		const struct node *node = &t->v[s];

		r.first[s] = edges;
		r.fail[s] = node->fail;
		r.dict[s] = node->dict;
		r.phrase[s] = node->phrase;
		for (uint32_t c = node->child; c; c = t->v[c].sibling) {
			r.byte[edges] = t->v[c].byte;
			r.to[edges++] = c;
			if (!s)
				r.root[t->v[c].byte] = c;
		}
	}
	r.first[t->n] = edges;
	*out = (struct match){
		.states = (uint32_t)t->n,
		.root = r.root,
		.first = r.first,
		.byte = r.byte,
		.to = r.to,
		.fail = r.fail,
		.dict = r.dict,
		.phrase = r.phrase,
	};
	return 0;
}

int automaton_build(
	struct arena *a, const struct str *phrases, size_t n, struct match *out)
{
	struct trie t = {.arena = a};

	if (n > AUTOMATON_PHRASES_MAX)
		return -1;
	t.v = arena_grow(a, NULL, &t.cap, 1, sizeof(*t.v));
	if (!t.v)
		return -1;
	t.v[t.n++] = (struct node){0};
	for (size_t i = 0; i < n; i++)
		if (phrases[i].n && add_phrase(&t, phrases[i], i) < 0)
			return -1;
	if (link_states(&t) < 0)
		return -1;
	return lay_out(&t, out);
}
