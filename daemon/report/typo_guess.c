/*
 * Two names are at most k slips apart only if some k letters can be left out of
 * each so that the rest is the same. So every rest of every name that may have
 * been meant is in one index by hash, and a domain is looked up by its own
 * rests: the work for one depends on its length and on nothing else, and
 * almost always ends at a bit map that fits into a cache. What is found is
 * compared letter by letter: a collision costs time only.
 */
#include "typo_guess.h"

#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "arena.h"

#define NAME_MAX_BYTES TYPO_SLIP_NAME_MAX
#define RESTS          (1 + NAME_MAX_BYTES + NAME_MAX_BYTES * (NAME_MAX_BYTES - 1) / 2)
#define TWO_FROM       7u /* letters of a name that two slips are told of */
#define BASE           0x9e3779b97f4a7c15u
#define MAP_BITS       20
#define ARENA_BYTES    ((size_t)64 << 20)

/* A domain that may be meant, or (real) only is no slip. */
struct target {
	struct str domain, name, tail; /* "yahoo", "co.uk" */
	int64_t addresses;
	bool provider, real;
};

enum looked_up { /* by what; part of the hash */
	BY_DOMAIN = 1,
	BY_LETTERS, /* without its dots */
	BY_REST,    /* of the name, with the tail */
	BY_TAIL,
};

struct place {
	uint64_t hash;
	uint32_t target;
};

struct typo_guess {
	struct arena arena;
	struct target *targets;
	size_t n, cap;
	struct place *places; /* sorted, after _ready() */
	size_t places_n, places_cap;
	size_t longest; /* name of a target */
	bool full;
	uint64_t map[1u << (MAP_BITS - 6)];
};

/* clang-format off */
static const struct tail_row {
	struct str wrong, right; /* right absent: it is a real one */
} tails[] = {
#define TAIL(wrong, right) {STR(wrong), STR(right)},
#define REAL(tail) {STR(tail), {NULL, 0}},
#include "report/typo_tails.def"
};

static const struct {
	struct str domain;
	bool provider;
} known[] = {
#define PROVIDER(domain) {STR(domain), true},
#include "report/typo_providers.def"
#define REAL(domain) {STR(domain), false},
#include "report/typo_real.def"
};
/* clang-format on */

#define TAILS_N (sizeof(tails) / sizeof(tails[0]))

/* --- hashes -------------------------------------------------------------- */

static uint64_t mix(uint64_t h, uint64_t with)
{
	h ^= with * 0xff51afd7ed558ccdu;
	h ^= h >> 32;
	h *= 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 29;
}

static uint64_t sum(struct str s)
{
	uint64_t h = 0;

	for (size_t i = 0; i < s.n; i++)
		h = h * BASE + (unsigned char)s.p[i] + 1;
	return h;
}

static uint64_t hash_of(struct str s, enum looked_up by)
{
	return mix(sum(s), by);
}

static uint64_t hash_letters(struct str s)
{
	uint64_t h = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '.')
			h = h * BASE + (unsigned char)s.p[i] + 1;
	return mix(h, BY_LETTERS);
}

/*
 * The sums of name and of what is left of it without one letter or (two)
 * without two, at most RESTS of them: each from the sums of its parts.
 */
static size_t sum_rests(struct str name, bool two, uint64_t *out)
{
	uint64_t upto[NAME_MAX_BYTES + 1] = {0},
				       power[NAME_MAX_BYTES + 1] = {1};
	size_t n = name.n, k = 0;

	for (size_t i = 0; i < n; i++) {
		upto[i + 1] = upto[i] * BASE + (unsigned char)name.p[i] + 1;
		power[i + 1] = power[i] * BASE;
	}
#define PART(from, to) (upto[to] - upto[from] * power[(to) - (from)])
	out[k++] = upto[n];
	for (size_t i = 0; i < n; i++)
		out[k++] = upto[i] * power[n - i - 1] + PART(i + 1, n);
	for (size_t i = 0; two && i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			out[k++] =
				(upto[i] * power[j - i - 1] + PART(i + 1, j)) *
					power[n - j - 1] +
				PART(j + 1, n);
#undef PART
	return k;
}

/* --- the index ----------------------------------------------------------- */

static void put(struct typo_guess *g, uint64_t hash, size_t target)
{
	struct place *places = g->places;

	if (g->places_n == g->places_cap)
		places = arena_grow(&g->arena, g->places, &g->places_cap,
			g->places_n + 1, sizeof(*places));
	if (!places) {
		g->full = true;
		return;
	}
	g->places = places;
	places[g->places_n++] = (struct place){hash, (uint32_t)target};
	hash >>= 64 - MAP_BITS;
	g->map[hash >> 6] |= UINT64_C(1) << (hash & 63);
}

static int by_hash(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->target > y->target) - (x->target < y->target);
}

/* The first place with this hash, or NULL; the rest of them follow. */
static const struct place *look_up(const struct typo_guess *g, uint64_t hash)
{
	uint64_t bit = hash >> (64 - MAP_BITS);
	size_t low = 0, high = g->places_n;

	if (!(g->map[bit >> 6] >> (bit & 63) & 1))
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (g->places[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low < g->places_n && g->places[low].hash == hash
		       ? &g->places[low]
		       : NULL;
}

static const struct place *after(
	const struct typo_guess *g, const struct place *p)
{
	const struct place *next = p + 1;

	return next < g->places + g->places_n && next->hash == p->hash ? next
								       : NULL;
}

/* What was added under this domain. */
static struct target *find_domain(const struct typo_guess *g, struct str domain)
{
	const struct place *p = look_up(g, hash_of(domain, BY_DOMAIN));

	for (; p; p = after(g, p))
		if (str_eq(g->targets[p->target].domain, domain))
			return &g->targets[p->target];
	return NULL;
}

/* --- names --------------------------------------------------------------- */

/* Where the tail of a domain begins: its last label, or the last two where
 * these are like co.uk. The whole where there is no dot. */
static size_t tail_at(struct str d)
{
	size_t last = d.n, before;

	while (last > 0 && d.p[last - 1] != '.')
		last--;
	if (last < 2)
		return d.n;
	before = last - 1;
	while (before > 0 && d.p[before - 1] != '.')
		before--;
	if (before > 0 && d.n - last == 2 && last - 1 - before <= 3)
		return before;
	return last;
}

static void split(struct str domain, struct str *name, struct str *tail)
{
	size_t at = tail_at(domain);

	*name = str_sub(domain, 0, at ? at - 1 : 0);
	*tail = str_sub(domain, at, domain.n);
}

static struct target *add(struct typo_guess *g, struct str domain)
{
	struct target *t = arena_grow(
		&g->arena, g->targets, &g->cap, g->n + 1, sizeof(*t));

	if (!t)
		return NULL;
	g->targets = t;
	t = &t[g->n];
	*t = (struct target){.domain = arena_dup(&g->arena, domain)};
	if (!t->domain.p)
		return NULL;
	split(t->domain, &t->name, &t->tail);
	g->n++;
	return t;
}

/* Before _ready() there is no index. */
static struct target *get(struct typo_guess *g, struct str domain)
{
	for (size_t i = 0; i < g->n; i++)
		if (str_eq(g->targets[i].domain, domain))
			return &g->targets[i];
	return add(g, domain);
}

bool typo_guess_add(struct typo_guess *g, struct str domain, int64_t addresses)
{
	struct target *t = get(g, domain);

	if (t)
		t->addresses = addresses;
	return t != NULL;
}

bool typo_guess_except(struct typo_guess *g, struct str domain)
{
	struct target *t = get(g, domain);

	if (t)
		t->real = true;
	return t != NULL;
}

struct typo_guess *typo_guess_new(void)
{
	struct typo_guess *g = calloc(1, sizeof(*g));
	struct target *t = NULL;

	if (!g)
		return NULL;
	arena_init(&g->arena, ARENA_BYTES);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		t = add(g, known[i].domain);
		if (!t)
			break;
		t->provider = known[i].provider;
		t->real = !known[i].provider;
	}
	if (t)
		return g;
	typo_guess_free(g);
	return NULL;
}

void typo_guess_free(struct typo_guess *g)
{
	if (!g)
		return;
	arena_release(&g->arena);
	free(g);
}

static void index_target(struct typo_guess *g, size_t i)
{
	const struct target *t = &g->targets[i];
	uint64_t rests[RESTS], tail = sum(t->tail);
	size_t n;

	put(g, hash_of(t->domain, BY_DOMAIN), i);
	if (t->real)
		return;
	put(g, hash_letters(t->domain), i);
	put(g, hash_of(t->tail, BY_TAIL), i);
	if (!t->name.n || t->name.n > NAME_MAX_BYTES)
		return;
	if (t->name.n > g->longest)
		g->longest = t->name.n;
	n = sum_rests(t->name, t->name.n >= TWO_FROM, rests);
	for (size_t k = 0; k < n; k++)
		put(g, mix(mix(rests[k], tail), BY_REST), i);
}

bool typo_guess_ready(struct typo_guess *g)
{
	for (size_t i = 0; i < g->n; i++)
		index_target(g, i);
	qsort(g->places, g->places_n, sizeof(*g->places), by_hash);
	return !g->full;
}

/* --- what was meant ------------------------------------------------------ */

struct search {
	const struct typo_guess *g;
	struct str domain, name;
	uint64_t rests[RESTS];
	size_t rests_n;
	const struct target *best;
	enum typo_slip slip;
	size_t letters; /* that speak for it */
};

/* Hosts of one owner are near each other because he likes it so: us and uk,
 * mx1 and mx2. Only www. is nobody's mailbox. */
static bool are_siblings(struct str a, struct str b, enum typo_slip slip)
{
	return slip != TYPO_PREFIX && address_same_organisation(a, b);
}

static void consider(
	struct search *s, const struct target *t, enum typo_slip slip)
{
	size_t letters = t->name.n;

	if (slip == TYPO_NONE || slip > s->slip || t->real)
		return;
	if (slip > TYPO_SUFFIX)
		letters = typo_slip_letters(s->name, t->name);
	if (!typo_slip_is_enough(slip, letters, true) ||
		are_siblings(s->domain, t->domain, slip))
		return;
	if (slip == s->slip && t->addresses <= s->best->addresses)
		return;
	s->best = t;
	s->slip = slip;
	s->letters = letters;
}

static bool same_letters(struct str a, struct str b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.n && a.p[i] == '.')
			i++;
		while (k < b.n && b.p[k] == '.')
			k++;
		if (i == a.n || k == b.n)
			return i == a.n && k == b.n;
		if (a.p[i++] != b.p[k++])
			return false;
	}
}

static void by_letters(struct search *s)
{
	const struct place *p = look_up(s->g, hash_letters(s->domain));

	for (; p; p = after(s->g, p))
		if (same_letters(s->domain, s->g->targets[p->target].domain))
			consider(s, &s->g->targets[p->target], TYPO_DOT);
}

static void by_ends(struct search *s)
{
	static const struct str www = STR("www.");
	const struct target *t;
	size_t last = s->domain.n;

	if (str_starts(s->domain, www)) {
		t = find_domain(s->g, str_sub(s->domain, 4, s->domain.n));
		if (t)
			consider(s, t, TYPO_PREFIX);
	}
	while (last > 0 && s->domain.p[last - 1] != '.')
		last--;
	if (!last)
		return;
	t = find_domain(s->g, str_sub(s->domain, 0, last - 1));
	if (t && t->provider)
		consider(s, t, TYPO_SUFFIX);
}

/* Names that end in this tail; slipped: it is not the one that was written. */
static void by_name(struct search *s, struct str tail, bool slipped)
{
	uint64_t of_tail = sum(tail);

	for (size_t k = 0; k < s->rests_n; k++) {
		const struct place *p =
			look_up(s->g, mix(mix(s->rests[k], of_tail), BY_REST));

		for (; p; p = after(s->g, p)) {
			const struct target *t = &s->g->targets[p->target];
			enum typo_slip slip = typo_slip_of(s->name, t->name);

			if (!str_eq(t->tail, tail))
				continue;
			if (slipped && str_eq(s->name, t->name))
				slip = TYPO_TAIL;
			else if (slipped)
				slip = slip < TYPO_TAIL_AND_ONE
					       ? TYPO_TAIL_AND_ONE
					       : TYPO_NONE;
			consider(s, t, slip);
		}
	}
}

static void by_tail(struct search *s, struct str tail)
{
	static const struct str usual[] = {STR("com"), STR("net"), STR("org")};
	bool real = look_up(s->g, hash_of(tail, BY_TAIL)) != NULL;

	if (real)
		by_name(s, tail, false);
	for (size_t i = 0; i < TAILS_N; i++) {
		if (!str_eq(tails[i].wrong, tail))
			continue;
		real = true;
		if (tails[i].right.p)
			by_name(s, tails[i].right, true);
	}
	for (size_t i = 0; !real && tail.n >= 3 && i < 3; i++)
		if (typo_slip_of(tail, usual[i]) < TYPO_TAIL_AND_ONE)
			by_name(s, usual[i], true);
}

bool typo_guess_find(
	const struct typo_guess *g, struct str domain, struct typo_found *out)
{
	struct search s = {.g = g, .domain = domain, .slip = TYPO_NONE};
	struct str tail;

	if (find_domain(g, domain))
		return false;
	by_letters(&s);
	by_ends(&s);
	split(domain, &s.name, &tail);
	if (s.name.n && s.name.n <= g->longest + 2 &&
		s.name.n <= NAME_MAX_BYTES) {
		s.rests_n =
			sum_rests(s.name, s.name.n + 2 >= TWO_FROM, s.rests);
		by_tail(&s, tail);
	}
	if (!s.best)
		return false;
	*out = (struct typo_found){
		.right = s.best->domain,
		.slip = s.slip,
		.users = typo_slip_is_enough(s.slip, s.letters, false),
		.domain = true,
	};
	return true;
}
