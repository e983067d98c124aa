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
	uint32_t only; /* not wide: the one state that it goes to, or 0 */
	uint16_t phrase;
	uint8_t byte;
	bool wide;
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

/* States near the root are wide in any case: most texts are there most of
 * the time. */
#define WIDE_DEPTH 3u

/*
 * Narrow is what goes to one state only, its own or that of a state which it
 * fails to, before it fails to a wide one.
 */
static void choose_kind(struct trie *t, uint32_t state)
{
	struct node *v = &t->v[state];
	const struct node *fail = &t->v[v->fail];
	uint32_t below = fail->wide ? 0 : fail->only;

	v->only = v->child ? v->child : below;
	v->wide = v->depth <= WIDE_DEPTH ||
		  (v->child && t->v[v->child].sibling) ||
		  (below && t->v[below].byte != t->v[v->only].byte);
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

		choose_kind(t, state);
		for (uint32_t c = t->v[state].child; c; c = t->v[c].sibling) {
			link_child(t, state, c);
			queue[tail++] = c;
		}
	}
	return 0;
}

struct table {
	uint32_t *state; /* what each state of the trie is called in it */
	uint8_t *column;
	uint32_t columns, hit_from, wide_n;
	uint32_t *wide, *dict;
	struct match_narrow *narrow;
	uint16_t *phrase;
};

/* A column for each byte of a phrase, the commonest first; 0: the others. */
static void choose_columns(const struct trie *t, struct table *out)
{
	size_t count[256] = {0};

	for (uint32_t s = 1; s < t->n; s++)
		count[t->v[s].byte]++;
	for (out->columns = 1; out->columns < MATCH_COLUMNS; out->columns++) {
		unsigned best = 0;

		for (unsigned c = 1; c < 256; c++)
			if (count[c] > count[best])
				best = c;
		if (!count[best])
			return;
		count[best] = 0;
		out->column[best] = (uint8_t)out->columns;
	}
}

static bool has_hit(const struct node *node)
{
	return node->phrase || node->dict;
}

/*
 * Wide states stand first, and of them those where no phrase ends; within each
 * kind the order is that in which they were made, by which the states of a
 * phrase lie side by side.
 */
static void place_states(const struct trie *t, struct table *out)
{
	uint32_t n = 0;

	for (uint32_t s = 0; s < t->n; s++)
		if (t->v[s].wide && !has_hit(&t->v[s]))
			out->state[s] = out->columns * n++;
	out->hit_from = out->columns * n;
	for (uint32_t s = 0; s < t->n; s++)
		if (t->v[s].wide && has_hit(&t->v[s]))
			out->state[s] = out->columns * n++;
	n *= out->columns;
	out->wide_n = n;
	for (uint32_t s = 0; s < t->n; s++)
		if (!t->v[s].wide)
			out->state[s] = n++;
}

static int table_new(struct trie *t, struct table *out)
{
	struct arena *a = t->arena;

	out->state = arena_alloc(a, t->n * sizeof(*out->state));
	out->column = arena_zalloc(a, 256, 1);
	if (a->full)
		return -1;
	choose_columns(t, out);
	place_states(t, out);
	out->wide = arena_zalloc(a, out->wide_n, sizeof(*out->wide));
	out->narrow = arena_zalloc(a, t->n, sizeof(*out->narrow));
	out->dict = arena_zalloc(a, t->n, sizeof(*out->dict));
	out->phrase = arena_zalloc(a, t->n, sizeof(*out->phrase));
	return a->full ? -1 : 0;
}

/* Where state s goes on each byte: as where it fails to, but for its own
 * edges. */
static void fill_row(const struct trie *t, const struct table *out, uint32_t s)
{
	uint32_t *row = out->wide + out->state[s];

	for (uint32_t f = s;; f = t->v[f].fail) {
		for (uint32_t c = t->v[f].child; c; c = t->v[c].sibling) {
			uint32_t *to = row + out->column[t->v[c].byte];

			if (!*to)
				*to = out->state[c];
		}
		if (!f)
			break;
	}
}

static struct match_narrow narrow_of(
	const struct trie *t, const struct table *out, uint32_t s)
{
	uint32_t only = t->v[s].only, f = t->v[s].fail;

	while (!t->v[f].wide)
		f = t->v[f].fail;
	return (struct match_narrow){
		.next = only ? out->state[only] : 0,
		.fail = out->state[f],
		.column = only ? out->column[t->v[only].byte] : MATCH_COLUMNS,
		.hit = has_hit(&t->v[s]),
	};
}

static uint32_t number_of(const struct table *out, uint32_t s)
{
	uint32_t state = out->state[s];

	return state < out->wide_n
		       ? state / out->columns
		       : out->wide_n / out->columns + state - out->wide_n;
}

static void lay_out(const struct trie *t, const struct table *out)
{
	for (uint32_t s = 0; s < t->n; s++) {
		const struct node *node = &t->v[s];
		uint32_t number = number_of(out, s);

		out->dict[number] = number_of(out, node->dict);
		out->phrase[number] = node->phrase;
		if (node->wide)
			fill_row(t, out, s);
		else
			out->narrow[out->state[s] - out->wide_n] =
				narrow_of(t, out, s);
	}
}

int automaton_build(
	struct arena *a, const struct str *phrases, size_t n, struct match *out)
{
	struct trie t = {.arena = a};
	struct table table = {.columns = 0};

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
		table_new(&t, &table) < 0)
		return -1;
	lay_out(&t, &table);
	*out = (struct match){
		.states = (uint32_t)t.n,
		.columns = table.columns,
		.column = table.column,
		.hit_from = table.hit_from,
		.wide_n = table.wide_n,
		.wide = table.wide,
		.narrow = table.narrow,
		.dict = table.dict,
		.phrase = table.phrase,
	};
	return 0;
}
