/* A radix sort, and a middle by sample. */
#include "query_check_place.h"

#include <stdlib.h>
#include <string.h>

#define BITS  11
#define SLOTS (1u << BITS)

#define SAMPLE 1023u

/* Digits of what is sorted by, the lowest first. */
typedef uint32_t digit_fn(const struct query_check_place *p, unsigned pass);

#define KEY_PASSES 6u
#define ID_PASSES  6u /* 66 bits */

/* 33 bits of the local part, and the domain. */
static uint32_t key_digit(const struct query_check_place *p, unsigned pass)
{
	uint64_t v = pass < 3 ? p->local >> (31 + BITS * pass)
			      : (uint64_t)p->domain >> (BITS * (pass - 3));

	return v & (SLOTS - 1);
}

static uint32_t id_digit(const struct query_check_place *p, unsigned pass)
{
	return p->local >> (BITS * pass) & (SLOTS - 1);
}

/* One pass, which keeps the order of equal ones. False: it had nothing to do,
 * for all are equal. */
static bool sort_pass(const struct query_check_place *from,
	struct query_check_place *to, size_t n, digit_fn *digit, unsigned pass)
{
	uint32_t at[SLOTS] = {0}, sum = 0;

	for (size_t i = 0; i < n; i++)
		at[digit(&from[i], pass)]++;
	if (!n || at[digit(from, pass)] == n)
		return false;
	for (size_t i = 0; i < SLOTS; i++) {
		uint32_t count = at[i];

		at[i] = sum;
		sum += count;
	}
	for (size_t i = 0; i < n; i++)
		to[at[digit(&from[i], pass)]++] = from[i];
	return true;
}

static inline struct query_check_place *sort(struct query_check_place *p,
	struct query_check_place *spare, size_t n, digit_fn *digit,
	unsigned passes)
{
	for (unsigned pass = 0; pass < passes; pass++) {
		struct query_check_place *sorted = spare;

		if (!sort_pass(p, spare, n, digit, pass))
			continue;
		spare = p;
		p = sorted;
	}
	return p;
}

struct query_check_place *query_check_place_sort(
	struct query_check_place *p, struct query_check_place *spare, size_t n)
{
	return sort(p, spare, n, key_digit, KEY_PASSES);
}

struct query_check_place *query_check_place_sort_ids(
	struct query_check_place *p, struct query_check_place *spare, size_t n)
{
	return sort(p, spare, n, id_digit, ID_PASSES);
}

uint64_t query_check_place_local(struct str key)
{
	unsigned char b[8] = {0};
	uint64_t v = 0;

	if (key.n)
		memcpy(b, key.p, key.n < sizeof(b) ? key.n : sizeof(b));
	for (size_t i = 0; i < sizeof(b); i++)
		v = v << 8 | b[i];
	return v;
}

static bool is_before(
	const struct query_check_place *a, const struct query_check_place *b)
{
	return a->domain != b->domain ? a->domain < b->domain
				      : a->local < b->local;
}

static int compare(const void *a, const void *b)
{
	return is_before(b, a) - is_before(a, b);
}

static struct query_check_place middle(
	const struct query_check_place *p, size_t n)
{
	struct query_check_place sample[SAMPLE];
	size_t step = n / SAMPLE + 1, taken = 0;

	for (size_t i = 0; i < n; i += step)
		sample[taken++] = p[i];
	qsort(sample, taken, sizeof(*sample), compare);
	return sample[taken / 2];
}

size_t query_check_place_halve(const struct query_check_place *p, size_t n,
	struct query_check_place *to)
{
	struct query_check_place m;
	size_t front = 0, back = n;

	if (!n)
		return 0;
	m = middle(p, n);
	for (size_t i = 0; i < n; i++)
		to[is_before(&p[i], &m) ? front++ : --back] = p[i];
	return front;
}
