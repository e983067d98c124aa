/*
 * A sender's weeks, made up: how many bounced of each domain, stream, provider
 * and reason, and how much was sent; as numbers, or as a database, too.
 */
#ifndef LIFE_H
#define LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "house.h"

#define HISTORY 26
#define YEAR    52
#define WEEKS   (HISTORY + YEAR)

struct world {
	uint64_t state;
	double largest; /* domain, in a week */
	double base[DOMAINS], spread[DOMAINS], mix[DOMAINS][STREAMS];
	int provider[DOMAINS];
	double season[WEEKS], common[WEEKS];
	uint32_t domain[DOMAINS][WEEKS], stream[STREAMS][WEEKS];
	uint32_t by_provider[PROVIDERS][WEEKS], reason[REASONS][WEEKS];
	double sent[STREAMS][WEEKS], all_sent[WEEKS];
	struct house *house; /* NULL: counts only */
};

void life_begin(struct world *w, uint64_t seed, double largest);

/* each: one of so many domains has a spike in a week; 0: none. */
void life_live(struct world *w, int each);

/* Whether it has one then. */
bool life_is_planted(const struct world *w, int week, int d, int each);

/* How many more make its week three times the usual one; in the peak, of what
 * is usual then. */
uint32_t life_twice(struct world *w, int week, int d);

#endif
