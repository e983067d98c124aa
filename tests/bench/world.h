/*
 * The people of the benches: the i-th address of a world is a function of the
 * seed and i alone, so that a database of the first ten millions and mails to
 * the next ones know nothing of each other. No two are the same; their order
 * is random; they are 26 bytes long on the mean.
 *
 * Half of them are with 20 large providers, the rest with 200,000 domains,
 * both shared out as Zipf has it: the r-th gets a part of 1/r.
 */
#ifndef WORLD_H
#define WORLD_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>

#define WORLD_PROVIDERS 20
#define WORLD_DOMAINS   200000
#define WORLD_BITS      26u /* of i: at most 67 million people */
#define WORLD_ADDRESS   80

static const char world_providers[WORLD_PROVIDERS][10] = {"gala", "postbox",
	"hotpost", "yonder", "inbox", "mailer", "orbit", "cirrus", "letters",
	"quick", "netpost", "home", "freepost", "webs", "telco", "cable",
	"bright", "comet", "dsl", "citynet"};
static const char world_first[64][8] = {"anna", "ben", "carla", "david", "eva",
	"frank", "gina", "hans", "ida", "jan", "kim", "lea", "max", "nina",
	"otto", "paula", "quinn", "rosa", "sam", "tina", "udo", "vera", "will",
	"xenia", "yann", "zoe", "alex", "bea", "chris", "dora", "emil", "fay",
	"georg", "helen", "igor", "julia", "karl", "lisa", "mia", "noah",
	"olga", "peter", "ralf", "sara", "tom", "ulla", "vic", "wanda", "ada",
	"bob", "cleo", "dan", "ed", "flo", "gil", "hal", "ina", "jo", "ken",
	"lou", "meg", "ned", "oz", "pia"};
static const char world_last[64][8] = {"berg", "stone", "hill", "wood", "lake",
	"moore", "king", "fox", "wolf", "bell", "cook", "day", "ford", "grey",
	"hall", "hunt", "kaye", "lane", "lind", "marsh", "nash", "owen", "park",
	"page", "quick", "reed", "rose", "shaw", "snow", "todd", "vale", "ward",
	"west", "york", "adler", "baum", "clay", "dahl", "east", "falk",
	"garner", "holm", "ives", "jung", "kern", "lutz", "mohr", "nord",
	"oaks", "pohl", "rau", "saur", "thal", "uhl", "voss", "wirt", "zorn",
	"abel", "beck", "cruz", "diaz", "egge", "funk", "gold"};

static inline uint64_t world_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* A number for the i-th of what `of` names. */
static inline uint64_t world_random(uint64_t seed, uint64_t of, uint64_t i)
{
	return world_mix(world_mix(seed ^ (of << 56)) ^ i);
}

static inline double world_unit(uint64_t random)
{
	return (double)(random >> 11) / 9007199254740992.0;
}

/* 0 to n - 1, the r-th as often as Zipf has it. */
static inline uint32_t world_zipf(uint32_t n, uint64_t random)
{
	uint32_t r = (uint32_t)pow(n + 1.0, world_unit(random));

	return r > n ? n - 1 : r - 1;
}

/* One for one: four rounds over two halves of 13 bits. */
static inline uint32_t world_permute(uint64_t seed, uint32_t i)
{
	const uint32_t half = WORLD_BITS / 2, mask = (1u << half) - 1;
	uint32_t l = i >> half & mask, r = i & mask;

	for (uint32_t round = 1; round <= 4; round++) {
		uint32_t f = (uint32_t)world_random(seed, round, r) & mask;
		uint32_t was = r;

		r = l ^ f;
		l = was;
	}
	return l << half | r;
}

/* Where the i-th is: a provider; from WORLD_PROVIDERS on a small domain. */
static inline uint32_t world_place(uint64_t seed, uint64_t i)
{
	uint64_t random = world_random(seed, 10, i);

	if (world_random(seed, 11, i) & 1)
		return world_zipf(WORLD_PROVIDERS, random);
	return WORLD_PROVIDERS + world_zipf(WORLD_DOMAINS, random);
}

static inline void world_place_name(uint32_t place, char out[32])
{
	uint32_t r = place - WORLD_PROVIDERS;

	if (place < WORLD_PROVIDERS)
		snprintf(out, 32, "%.9s.example", world_providers[place]);
	else
		snprintf(out, 32, "%s%u.example", world_last[r % 64], r / 64);
}

/* The domain of the i-th; returns its provider, or WORLD_PROVIDERS. */
static inline uint32_t world_domain(uint64_t seed, uint64_t i, char out[32])
{
	uint32_t place = world_place(seed, i);

	world_place_name(place, out);
	return place < WORLD_PROVIDERS ? place : WORLD_PROVIDERS;
}

/* The i-th address; returns its provider, or WORLD_PROVIDERS. */
static inline uint32_t world_address(
	uint64_t seed, uint64_t i, char out[WORLD_ADDRESS])
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	uint32_t p = world_permute(seed, (uint32_t)i), n = (p >> 12) + 1;
	char domain[32], number[8];
	size_t at = sizeof(number) - 1;
	uint32_t provider = world_domain(seed, i, domain);

	number[at] = '\0';
	for (; n; n /= 36)
		number[--at] = digits[n % 36];
	/* No last name begins with another: no two become one. */
	snprintf(out, WORLD_ADDRESS, "%s.%s%s@%s", world_first[p & 63],
		world_last[p >> 6 & 63], number + at, domain);
	return provider;
}

#endif
