/*
 * By processor time and not by the clock: who waits for a slow pipe, or for a
 * machine that has other work, gives way as it is.
 */
#include "query_yield.h"

#include <time.h>

#include "sql.h"

#define BUSY_MS 1000 /* so long after a commit there may be another */
#define REST    4    /* of sleep for each part of work */
#define REST_MS 200  /* at once, at most */

static int64_t ns_of(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t))
		return 0;
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int query_yield_look(struct query_yield *y, struct db *db)
{
	struct sql s = sql_get(db, SQL_DATA_VERSION);
	int64_t version = 0;

	if (sql_one(&s, &version) < 0)
		return -1;
	if (y->version && version != y->version)
		y->written = ns_of(CLOCK_MONOTONIC) / 1000000;
	if (!y->version)
		y->used = ns_of(CLOCK_THREAD_CPUTIME_ID);
	y->version = version;
	return 0;
}

void query_yield(struct query_yield *y)
{
	int64_t used = ns_of(CLOCK_THREAD_CPUTIME_ID);
	int64_t rest = REST * (used - y->used);
	struct timespec pause;

	y->used = used;
	if (!y->written ||
		ns_of(CLOCK_MONOTONIC) / 1000000 > y->written + BUSY_MS)
		return;
	if (rest > REST_MS * 1000000)
		rest = REST_MS * 1000000;
	pause = (struct timespec){.tv_nsec = rest};
	(void)nanosleep(&pause, NULL);
}
