/* The automaton finds what a plain search finds, for random phrases. */
#include "test.h"

#include <stdlib.h>

#include "automaton.h"

#define PHRASES 40
#define TEXT    2000

static uint64_t seed = 1;

static unsigned rnd(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

/* Few letters, so that phrases overlap and lie in each other. */
static size_t word(char *p, size_t max)
{
	size_t n = 1 + rnd((unsigned)max);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)('a' + rnd(3));
	return n;
}

static bool known(const struct str *v, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i], s))
			return true;
	return false;
}

static size_t count_plain(const struct str *v, size_t n, struct str text)
{
	size_t hits = 0;

	for (size_t i = 0; i < text.n; i++)
		for (size_t k = 0; k < n; k++)
			hits += str_starts(str_sub(text, i, text.n), v[k]);
	return hits;
}

static void finds_what_search_finds(void **state)
{
	static char store[PHRASES][8], text[TEXT];
	struct str v[PHRASES];

	(void)state;
	for (int round = 0; round < 50; round++) {
		struct arena a;
		struct match m;
		struct match_hits hits = {.at = 0};
		size_t n = 0, len = 0;

		arena_init(&a, 0);
		while (n < PHRASES) {
			struct str s = str_of(store[n], word(store[n], 7));

			if (!known(v, n, s))
				v[n++] = s;
		}
		while (len + 8 < TEXT)
			len += word(text + len, 7);
		assert_int_equal(automaton_build(&a, v, n, &m), 0);
		match_scan(&m, &a, str_of(text, len), &hits);
		for (size_t i = 0; i < hits.n; i++) {
			struct str p = v[hits.v[i].phrase];

			assert_true(hits.v[i].end >= p.n);
			assert_memory_equal(
				text + hits.v[i].end - p.n, p.p, p.n);
			assert_true(!i || hits.v[i].end >= hits.v[i - 1].end);
		}
		if (hits.n < MATCH_HITS_MAX)
			assert_int_equal(
				hits.n, count_plain(v, n, str_of(text, len)));
		arena_release(&a);
	}
}

static void no_phrases(void **state)
{
	struct str none = STR_NULL;
	struct arena a;
	struct match m;
	struct match_hits hits = {.at = 0};

	(void)state;
	arena_init(&a, 0);
	assert_int_equal(automaton_build(&a, &none, 1, &m), 0);
	match_scan(&m, &a, str_from("anything"), &hits);
	assert_int_equal(hits.n, 0);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_search_finds),
		cmocka_unit_test(no_phrases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
