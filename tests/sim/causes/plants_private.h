/* What the files plants*.c share. */
#ifndef PLANTS_PRIVATE_H
#define PLANTS_PRIVATE_H

#include "plants.h"

#define PLANT_CHOICES 16

/* What may come back, in one of several ways. */
struct choice {
	int of; /* which of the ways */
	enum verdict_class class;
	enum verdict_reason reason;
	double weight;
};

struct choice plant_choose(
	struct list *l, const struct choice *rows, size_t n, int of);

#define CHOOSE(l, rows, of)                                                    \
	plant_choose(l, rows, sizeof(rows) / sizeof(*(rows)), of)

/* A bounce of a mail of this week. */
void plant_bounce(struct list *l, size_t person, struct choice c, int64_t sent,
	int stream);

void plant_broken_form(struct list *l, int n);

#endif
