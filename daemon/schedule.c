/*
 * A search, not a formula: where the clocks are changed is only known to
 * localtime_r(), and 170 calls of it a minute cost nothing.
 */
#include "schedule.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY  86400
#define HOUR 3600
/* All zones since 1972 are whole quarters of an hour off UTC. */
#define STEP 900
/* Local time is at most this much later and earlier than UTC; a day is left out
 * where a zone changes to the other side of the date line. */
#define EAST (15 * HOUR)
#define WEST (37 * HOUR)

int schedule_zone(const char *zone)
{
	char value[256];

	/* With a colon it is looked for as a file, and nothing else. */
	snprintf(value, sizeof(value), ":%s", zone);
	if (setenv("TZ", strcmp(zone, "UTC") ? value : "UTC0", 1) < 0)
		return -1;
	tzset();
	return 0;
}

/* What clocks show, in seconds since they showed 1970-01-01T00:00:00. */
static int64_t shown(int64_t at)
{
	time_t t = (time_t)at;
	struct tm tm;

	return localtime_r(&t, &tm) ? at + tm.tm_gmtoff : at;
}

static int64_t floor_to(int64_t n, int64_t unit)
{
	return n - ((n % unit) + unit) % unit;
}

/* The first moment at which clocks show `local` or later. */
static int64_t first_at(int64_t local)
{
	int64_t at = local - EAST;

	while (at < local + WEST && shown(at) < local)
		at += STEP;
	return at;
}

/* What clocks show on the day, not after that of now, that is the weekday. */
static int64_t nominal(const struct schedule *s, int64_t now)
{
	int64_t day = floor_to(shown(now), DAY) / DAY;
	/* 1970-01-01 was a Thursday. */
	int64_t since = (day + 3 - s->weekday) % 7;

	return (day - (since + 7) % 7) * DAY + (int64_t)s->hour * HOUR;
}

static int64_t latest(const struct schedule *s, int64_t now)
{
	int64_t local = nominal(s, now);

	return first_at(local) > now ? local - 7 * DAY : local;
}

int64_t schedule_due(const struct schedule *s, int64_t now)
{
	return first_at(latest(s, now));
}

int64_t schedule_next(const struct schedule *s, int64_t now)
{
	return first_at(latest(s, now) + 7 * DAY);
}

void schedule_week(int64_t due, int64_t *from, int64_t *to)
{
	*to = floor_to(due, DAY);
	*from = *to - 7 * DAY;
}

const char *schedule_week_name(int64_t from, char buf[SCHEDULE_WEEK])
{
	time_t t = (time_t)(from + 3 * DAY);
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(buf, SCHEDULE_WEEK, "%G-W%V", &tm))
		buf[0] = '\0';
	return buf;
}
