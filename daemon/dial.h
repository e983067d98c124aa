/*
 * From a host name to a connected TCP socket: all addresses in the order of
 * the resolver, one after the other.
 */
#ifndef DIAL_H
#define DIAL_H

#include <stddef.h>
#include <stdint.h>

#include "wake.h"

/*
 * Connect until deadline (clock_ms()). Returns the descriptor (non-blocking,
 * close-on-exec, keepalive set), or -1 with the reason for a person in why
 * and errno ETIMEDOUT, ECANCELED (told to stop) or another.
 */
int dial(const char *host, int port, int64_t deadline, struct wake *wake,
	char *why, size_t why_n) __attribute__((warn_unused_result));

#endif
