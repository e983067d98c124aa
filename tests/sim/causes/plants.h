/*
 * The seven things that happen to a sender, as they look in life: written from
 * what they are, not from how the report tells them.
 */
#ifndef PLANTS_H
#define PLANTS_H

#include "list.h"

enum plant_kind {
	PLANT_BAD_IMPORT,
	PLANT_BROKEN_FORM,
	PLANT_DOMAIN_GONE,
	PLANT_PROVIDER_INCIDENT,
	PLANT_REPUTATION,
	PLANT_FORWARDING,
	PLANT_LIST_AGE,
	PLANTS
};

/* About n bounces of that kind, into the week that is reported. */
void plant(struct list *l, enum plant_kind kind, int n);

#endif
