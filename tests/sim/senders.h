/*
 * The six senders, and what is planted in their years.
 */
#ifndef SENDERS_H
#define SENDERS_H

#include "world.h"

enum {
	SENDERS = 6
};

extern const struct sender senders[SENDERS];

#define PLANT_KINDS 4
#define PLANT_MAX   3

/* Windows of one planting. */
struct planting {
	const char *name;
	int week; /* of the year in which it lies */
	size_t n;
	struct plant plant[PLANT_MAX]; /* from and to: after Monday, 00:00 */
};

extern const struct planting plantings[PLANT_KINDS];

/* The plants of planting k in the world's time, weeks later. domain: the one of
 * "company". */
size_t senders_plant(int k, int weeks, int domain, struct plant out[PLANT_MAX]);

/* A company's domain on the list of any of them. */
int senders_company(const struct world *w);

#endif
