#include "sent_count.h"

int64_t sent_count_in_hours(const struct sent_count *c)
{
	int64_t n = 0;

	for (int h = 0; h < SENT_COUNT_HOURS; h++)
		n += c->hour[h];
	return n;
}

void sent_count_add(struct sent_count *to, const struct sent_count *c)
{
	for (int h = 0; h < SENT_COUNT_HOURS; h++)
		to->hour[h] += c->hour[h];
	to->day += c->day;
}

void sent_count_take_greater(struct sent_count *to, const struct sent_count *c)
{
	int64_t hours;

	for (int h = 0; h < SENT_COUNT_HOURS; h++)
		if (to->hour[h] < c->hour[h])
			to->hour[h] = c->hour[h];
	if (to->day < c->day)
		to->day = c->day;
	hours = sent_count_in_hours(to);
	if (to->day < hours)
		to->day = hours;
}

void sent_count_take_lesser(struct sent_count *to, const struct sent_count *c)
{
	for (int h = 0; h < SENT_COUNT_HOURS; h++)
		if (to->hour[h] > c->hour[h])
			to->hour[h] = c->hour[h];
	if (to->day > c->day)
		to->day = c->day;
}

struct sent_count sent_count_others(
	const struct sent_count *all, const struct sent_count *of)
{
	struct sent_count c = {
		.day = all->day > of->day ? all->day - of->day : 0};
	int64_t hours;

	for (int h = 0; h < SENT_COUNT_HOURS; h++)
		if (all->hour[h] > of->hour[h])
			c.hour[h] = all->hour[h] - of->hour[h];
	hours = sent_count_in_hours(&c);
	for (int h = 0; hours > c.day && h < SENT_COUNT_HOURS; h++)
		c.hour[h] = (int64_t)((double)c.hour[h] / (double)hours *
				      (double)c.day);
	return c;
}

void sent_count_add_way(
	struct sent_ways *w, struct str name, const struct sent_count *c)
{
	sent_count_add(name.n ? &w->named : &w->unnamed, c);
}

struct sent_count sent_count_greatest(const struct sent_ways *w)
{
	struct sent_count c = w->unnamed;

	sent_count_take_greater(&c, &w->named);
	sent_count_take_greater(&c, &w->log);
	return c;
}
