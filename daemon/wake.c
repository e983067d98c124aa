/*
 * An eventfd instead of pthread_cancel or a signal: neither libetpan nor
 * GnuTLS is safe to interrupt in the middle, but both wait only in our own
 * poll(), where one more descriptor costs nothing.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "wake.h"

int wake_init(struct wake *w)
{
	atomic_init(&w->stop, false);
	atomic_init(&w->stop_at, 0);
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return w->fd < 0 ? -1 : 0;
}

void wake_release(struct wake *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

void wake_poke(struct wake *w)
{
	/* Full (2^64 - 2 pokes) is readable, too: nothing to do then. */
	while (eventfd_write(w->fd, 1) < 0 && errno == EINTR)
		;
}

void wake_stop(struct wake *w)
{
	if (!wake_stopped(w))
		atomic_store(&w->stop_at, clock_ms());
	atomic_store(&w->stop, true);
	wake_poke(w);
}

bool wake_stopped(const struct wake *w)
{
	return atomic_load(&w->stop);
}

void wake_drain(struct wake *w)
{
	eventfd_t n;

	while (eventfd_read(w->fd, &n) < 0 && errno == EINTR)
		;
}

/* How long poll() may wait: to the deadline, and at most max. */
static int until(int64_t deadline, int64_t max)
{
	int64_t left = deadline - clock_ms();

	if (left > max)
		left = max;
	return left < 0 ? 0 : (int)left;
}

enum wake_result wake_wait(
	struct wake *w, int fd, short events, int64_t deadline)
{
	struct pollfd p[2] = {
		{fd,    events, 0},
                {w->fd, POLLIN, 0}
        };
	int64_t slice = INT_MAX;

	for (;;) {
		int64_t end = deadline;

		if (wake_stopped(w)) {
			int64_t last = atomic_load(&w->stop_at) + WAKE_GRACE_MS;

			end = last < deadline ? last : deadline;
		}
		if (poll(p, 2, until(end, slice)) < 0 && errno != EINTR)
			return WAKE_TIMEOUT;
		if (p[0].revents)
			return WAKE_READY;
		if (clock_ms() >= end)
			return wake_stopped(w) ? WAKE_STOPPED : WAKE_TIMEOUT;
		if (p[1].revents) {
			/* It stays readable: look at the flag now and then. */
			p[1].fd = -1;
			p[1].revents = 0;
			slice = 100;
		}
	}
}

bool wake_sleep(struct wake *w, int64_t ms)
{
	int64_t end = clock_ms() + ms;
	struct pollfd p = {w->fd, POLLIN, 0};

	while (!wake_stopped(w)) {
		if (clock_ms() >= end)
			return false;
		if (poll(&p, 1, until(end, INT_MAX)) > 0)
			return true;
	}
	return true;
}
