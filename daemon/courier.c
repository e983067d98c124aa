/* One look after the other; what could not be sent is tried again. */
#include "courier.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alert.h"
#include "backoff.h"
#include "clock.h"
#include "log.h"
#include "post.h"
#include "setback.h"

#define LOOK_MS 10000 /* an alert leaves within a minute */

struct courier {
	const struct conf *conf;
	struct writer *writer;
	struct runner *runner;
	struct wake wake;
	pthread_t thread;
	struct backoff backoff;
};

/* --- in the writer's thread --- */

struct pending {
	struct courier *courier;
	struct alert alert;
	bool found;
};

static int find_pending(struct ledger *l, void *arg)
{
	struct pending *p = arg;

	(void)l;
	return alert_next(
		p->courier->writer->db, time(NULL), &p->alert, &p->found);
}

static int mark_told(struct ledger *l, void *arg)
{
	const struct pending *p = arg;

	return ledger_incident_alerted(
		l, p->alert.incident.i.id, (unsigned)p->alert.bit);
}

/* --- in ours --- */

static int deliver(struct courier *c, const struct alert *a)
{
	struct str mail, text;
	char why[256];
	int rc;

	if (alert_write(a, c->conf, time(NULL), &mail, &text)) {
		log_warn("alert.failed", "error=%s", log_q(strerror(errno)));
		return -1;
	}
	rc = post_send(c->conf, c->runner, &c->wake, mail, text, why);
	if (*why) {
		log_warn("alert.failed", "incident=%lld error=%s",
			(long long)a->incident.i.id, log_q(why));
		setback_tell(c->writer, "alerts", why, false);
	}
	free((char *)mail.p);
	return rc;
}

/* 1: there may be more; 0: not now; -1: it failed. */
static int look(struct courier *c)
{
	struct pending p = {.courier = c};
	char why[256];
	int rc = 0;

	if (writer_call(c->writer, find_pending, &p, why) != DB_OK) {
		log_warn("alert.failed", "error=%s", log_q(why));
		return -1;
	}
	if (!p.found)
		return 0;
	if (!p.alert.silent)
		rc = deliver(c, &p.alert);
	if (!rc && writer_call(c->writer, mark_told, &p, why) != DB_OK) {
		log_warn("alert.failed", "error=%s", log_q(why));
		rc = -1;
	}
	if (!rc && !p.alert.silent)
		log_info("alert.sent", "incident=%lld about=%s",
			(long long)p.alert.incident.i.id,
			p.alert.bit == INCIDENT_ALERTED_OPEN ? "open"
							     : "close");
	alert_release(&p.alert);
	return rc ? -1 : 1;
}

static void *run(void *arg)
{
	struct courier *c = arg;

	while (!wake_stopped(&c->wake)) {
		int rc = look(c);
		int64_t ms = LOOK_MS;

		if (rc > 0) {
			backoff_reset(&c->backoff);
			continue;
		}
		if (rc < 0)
			ms = backoff_next(&c->backoff, BACKOFF_SLOW,
				(uint32_t)clock_ms() * 2654435761u);
		wake_sleep(&c->wake, ms);
		wake_drain(&c->wake);
	}
	return NULL;
}

int courier_start(const struct conf *conf, struct writer *writer,
	struct runner *runner, struct courier **out, char why[256])
{
	struct courier *c;

	*out = NULL;
	if (!post_is_on(conf))
		return 0;
	c = calloc(1, sizeof(*c));
	if (c) {
		c->conf = conf;
		c->writer = writer;
		c->runner = runner;
		backoff_reset(&c->backoff);
		if (!wake_init(&c->wake) &&
			!(errno = pthread_create(&c->thread, NULL, run, c))) {
			*out = c;
			return 0;
		}
		wake_release(&c->wake);
	}
	snprintf(why, 256, "the thread for alerts: %s", strerror(errno));
	free(c);
	return -1;
}

void courier_poke(struct courier *c)
{
	if (c)
		wake_poke(&c->wake);
}

void courier_stop(struct courier *c)
{
	if (!c)
		return;
	wake_stop(&c->wake);
	pthread_join(c->thread, NULL);
	wake_release(&c->wake);
	free(c);
}
