/*
 * When the weekly report is due: a weekday and an hour in a time zone.
 *
 * The C library knows one zone for the whole process, that of TZ. Everything
 * else here is UTC, so the zone of the configuration is made that one, when no
 * other thread can look (at a start, and at a reload between two sets of
 * threads): a reader of our own for RFC 8536 would be one more parser, and the
 * programs that are run have the environment of the helper, not this one.
 */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct schedule {
	int weekday; /* 0 Monday to 6 Sunday */
	int hour;    /* 0 to 23 */
};

/* Make zone ("Europe/Berlin", "UTC") that of the process. While there is one
 * thread. -1: errno. */
int schedule_zone(const char *zone) __attribute__((warn_unused_result));

/*
 * The latest time due that is not after now, and the earliest after it. An
 * hour that a change of the clocks leaves out is due at the next moment that
 * exists; one that comes twice, the first time.
 */
int64_t schedule_due(const struct schedule *s, int64_t now);
int64_t schedule_next(const struct schedule *s, int64_t now);

/* The 7 whole days (UTC) before a time due: [*from, *to). */
void schedule_week(int64_t due, int64_t *from, int64_t *to);

/* The ISO week that has most of the days from `from` on: "2026-W48". */
#define SCHEDULE_WEEK 16
const char *schedule_week_name(int64_t from, char buf[SCHEDULE_WEEK]);

#endif
