/*
 * How one thread ends another's wait: an eventfd that every wait of a worker
 * watches beside its own descriptor. A poke says "look up", a stop says "come
 * to an end"; both stay readable until wake_drain(), so none is lost.
 */
#ifndef WAKE_H
#define WAKE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct wake {
	int fd;
	atomic_bool stop;
	_Atomic int64_t stop_at; /* clock_ms() of the stop */
};

/* -1: errno says why. */
int wake_init(struct wake *w) __attribute__((warn_unused_result));
void wake_release(struct wake *w);

void wake_poke(struct wake *w);
void wake_stop(struct wake *w);
bool wake_stopped(const struct wake *w);

/* Forget pokes, not the stop. */
void wake_drain(struct wake *w);

/*
 * Wait until fd is ready for events (of poll), or until deadline (clock_ms()).
 * A poke does not end it. A stop does, WAKE_GRACE_MS after it was given: what
 * is nearly done shall be done.
 */
#define WAKE_GRACE_MS 2000

enum wake_result {
	WAKE_READY,
	WAKE_TIMEOUT,
	WAKE_STOPPED
};

enum wake_result wake_wait(
	struct wake *w, int fd, short events, int64_t deadline);

/* Sleep for ms, or until poked or stopped. True: it was that. */
bool wake_sleep(struct wake *w, int64_t ms);

#endif
