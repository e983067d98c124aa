/*
 * What passes between the daemon and its helper process.
 */
#ifndef RUNNER_PRIVATE_H
#define RUNNER_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "runner.h"

struct runner_request {
	int64_t limit_ms;
	bool may_be_silent;
	uint32_t argc;
	char argv[16384]; /* argc strings, each with its NUL */
};

struct runner_reply {
	int32_t failed;
	char text[RUNNER_LINE_MAX + 1]; /* the line, or what went wrong */
};

/* All signals as a new program expects them. */
void runner_reset_signals(void);

/* Run the program of a request of n bytes with input (-1: /dev/null) to read,
 * report to answer, and exit. */
_Noreturn void runner_keep(
	const struct runner_request *request, size_t n, int answer, int input);

#endif
