/*
 * Milliseconds of CLOCK_MONOTONIC: what every deadline is measured with, so
 * that a clock that is set (F7 of the fault list) neither ends nor prolongs
 * a wait.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
