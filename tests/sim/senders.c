#include "senders.h"

/* A domain that each world chooses. */
#define COMPANY (-2)

const struct sender senders[SENDERS] = {
	{"weekly",  HABIT_WEEKLY,  6000000, 0.0185,  7,  0},
	{"steady",  HABIT_STEADY,  6000000, 0.0185,  7,  0},
	{"daily",   HABIT_DAILY,   12000,   0.0175,  1,  0},
	{"monthly", HABIT_MONTHLY, 60000,   0.003,   28, 0},
	{"trickle", HABIT_TRICKLE, 60000,   0.00175, 30, 0},
	{"backlog", HABIT_WEEKLY,  120000,  0.001,   7,  0},
};

#define AT(day, hour, minute) ((day)*DAY + (hour)*HOUR + (minute)*60)

/*
 * Gmail's windows are those of Monday 14 and Tuesday 15 December 2020. The
 * others lie where each of the senders sends something.
 */
const struct planting plantings[PLANT_KINDS] = {
	{"gmail",     12, 2,
         {{AT(0, 22, 16), AT(1, 0, 38), WORLD_GOOGLE, -1, 0.5, false},
			{AT(1, 19, 38), AT(1, 23, 57), WORLD_GOOGLE, -1, 0.5,
				false}}                           },
	{"aol",       24, 1,
         {{AT(1, 19, 0), AT(1, 20, 30), -1, DOMAIN_AOL, 1, false}}},
	{"microsoft", 36, 3,
         {{AT(1, 18, 30), AT(1, 20, 30), WORLD_MICROSOFT, -1, 0.15,
			 true},
			{AT(2, 19, 0), AT(2, 21, 0), WORLD_MICROSOFT, -1, 0.15,
				true},
			{AT(4, 19, 0), AT(4, 21, 0), WORLD_MICROSOFT, -1, 0.15,
				true}}                            },
	{"company",   44, 1,
         {{AT(1, 18, 0), AT(2, 6, 0), -1, COMPANY, 1, false}}     },
};

size_t senders_plant(int k, int weeks, int domain, struct plant out[PLANT_MAX])
{
	const struct planting *p = &plantings[k];

	for (size_t i = 0; i < p->n; i++) {
		out[i] = p->plant[i];
		out[i].from += WORLD_BEGIN + (p->week + weeks) * (int64_t)WEEK;
		out[i].to += WORLD_BEGIN + (p->week + weeks) * (int64_t)WEEK;
		if (out[i].domain == COMPANY)
			out[i].domain = domain;
	}
	return p->n;
}

int senders_company(const struct world *w)
{
	int i = DOMAIN_CUSTOM;

	while (w->domains[i].provider != WORLD_NOBODY)
		i++;
	return i;
}
