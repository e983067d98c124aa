/*
 * Telling systemd how the daemon is (sd_notify(3)), by hand: the protocol is
 * one datagram, libsystemd would be a dependency.
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdint.h>

/* "READY=1", "STATUS=...", "STOPPING=1", "WATCHDOG=1". Nothing happens where
 * nobody listens (NOTIFY_SOCKET). */
void notify_send(const char *state);

/* How often WATCHDOG=1 is expected, in milliseconds; 0: not at all. */
int64_t notify_watchdog_ms(void);

#endif
