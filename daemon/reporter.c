/* A wait and a look; everything else is dispatch.c. */
#include "reporter.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "dispatch.h"

#define LOOK_MS 60000

struct reporter {
	struct dispatch *dispatch;
	struct wake wake;
	pthread_t thread;
};

static void *run(void *arg)
{
	struct reporter *r = arg;

	while (!wake_stopped(&r->wake)) {
		int64_t ms = LOOK_MS, retry;

		(void)!dispatch_look(r->dispatch);
		retry = dispatch_retry_at(r->dispatch) - clock_ms();
		if (retry > 0 && retry < ms)
			ms = retry;
		wake_sleep(&r->wake, ms);
		wake_drain(&r->wake);
	}
	return NULL;
}

int reporter_start(const struct conf *conf, struct writer *writer,
	struct runner *runner, struct reporter **out, char why[256])
{
	struct reporter *r;

	*out = NULL;
	if (!dispatch_is_on(conf))
		return 0;
	r = calloc(1, sizeof(*r));
	if (r && !wake_init(&r->wake)) {
		r->dispatch =
			dispatch_new(conf, writer, runner, &r->wake, true);
		if (r->dispatch &&
			!(errno = pthread_create(&r->thread, NULL, run, r))) {
			*out = r;
			return 0;
		}
		dispatch_free(r->dispatch);
		wake_release(&r->wake);
	}
	snprintf(why, 256, "the thread for reports: %s", strerror(errno));
	free(r);
	return -1;
}

void reporter_stop(struct reporter *r)
{
	if (!r)
		return;
	wake_stop(&r->wake);
	pthread_join(r->thread, NULL);
	dispatch_free(r->dispatch);
	wake_release(&r->wake);
	free(r);
}
