/*
 * The main thread of the daemon: signals, timers, and who is started and
 * stopped in which order. It never talks to a server or to the database
 * itself once the workers run, so nothing can hold it up; what it tells the
 * watchdog is therefore true.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "courier.h"
#include "log.h"
#include "notify.h"
#include "watch_private.h"

#define TICK_MS        10000 /* timers that need no precision */
#define KEEP_MS        30000
#define HOUR_MS        3600000
#define WRITER_HUNG_MS 60000

/* --- telling --- */

struct told {
	const char *name;
	char value[32];
};

static int tell_ledger(struct ledger *l, void *arg)
{
	const struct told *t = arg;

	return ledger_status(l, t->name, t->value, time(NULL));
}

static void tell(struct watch *w, const char *name, long long value)
{
	struct told t = {.name = name};
	char why[256];

	snprintf(t.value, sizeof(t.value), "%lld", value);
	if (writer_call(&w->writer, tell_ledger, &t, why) != DB_OK)
		log_warn("watch.status", "error=%s", log_q(why));
}

/* What systemctl status shows. */
static void tell_systemd(struct watch *w)
{
	unsigned ready = 0, trouble = 0;
	char text[128];

	for (size_t i = 0; i < w->n; i++) {
		enum worker_state s = worker_state(w->workers[i]);

		ready += s == WORKER_READY || s == WORKER_LOOKING;
		trouble += s == WORKER_TROUBLE;
	}
	snprintf(text, sizeof(text),
		"STATUS=%zu folders: %u watched, %u in trouble", w->n, ready,
		trouble);
	if (strcmp(text, w->told) != 0)
		notify_send(text);
	memcpy(w->told, text, sizeof(text));
}

/* Only when this loop and the writer go forward. */
static void ping_watchdog(struct watch *w)
{
	int64_t busy = atomic_load(&w->writer.busy_since);

	if (busy == 0 || clock_ms() - busy < WRITER_HUNG_MS)
		notify_send("WATCHDOG=1");
}

/* --- housekeeping --- */

static void log_ticked(const struct ledger_ticked *t)
{
	if (t->ended)
		log_info("suppression.expired", "addresses=%zu", t->ended);
	if (t->opened || t->closed)
		log_warn("incident", "opened=%zu closed=%zu", t->opened,
			t->closed);
	if (t->confirmed)
		log_info("incident.import", "addresses=%zu", t->confirmed);
}

/* A piece of it, so that no batch waits long behind it. */
static int keep_ledger(struct ledger *l, void *arg)
{
	struct watch *w = arg;
	struct ledger_ticked ticked = {0};
	int64_t now = time(NULL);
	size_t dropped = 0;

	if (ledger_tick(l, now, &ticked) < 0)
		return -1;
	log_ticked(&ticked);
	if (clock_ms() >= w->retain_at) {
		if (ledger_retain(l, now - w->conf->retain, &dropped) < 0)
			return -1;
		w->retain_at = dropped ? 0 : clock_ms() + HOUR_MS;
	}
	/* More of it: again at the next tick. */
	w->keep_more = dropped > 0 || ticked.more;
	return 0;
}

/* Never waits for the writer: it hands in, and looks again at the next tick. */
static void keep_house(struct watch *w)
{
	if (w->is_keeping && !writer_is_done(&w->writer, &w->keeping))
		return;
	if (w->is_keeping) {
		w->is_keeping = false;
		if (w->keeping.fault != DB_OK)
			log_warn("watch.keep", "error=%s",
				log_q(w->keeping.why));
		w->keep_at = w->keep_more && w->keeping.fault == DB_OK
				     ? 0
				     : clock_ms() + KEEP_MS;
		courier_poke(w->courier);
	}
	if (clock_ms() < w->keep_at)
		return;
	w->keeping = (struct writer_job){.fn = keep_ledger, .arg = w};
	w->is_keeping = true;
	writer_submit(&w->writer, &w->keeping);
}

/* --- the loop --- */

static void end(struct watch *w, int status)
{
	if (w->phase != WATCH_ENDING)
		notify_send("STOPPING=1");
	if (!w->status)
		w->status = status;
	watch_stop_workers(w, WATCH_ENDING);
}

static void take_signals(struct watch *w)
{
	struct signalfd_siginfo s;

	while (read(w->signals, &s, sizeof(s)) == (ssize_t)sizeof(s)) {
		switch (s.ssi_signo) {
		case SIGHUP:
			watch_begin_reload(w);
			break;
		case SIGUSR1:
			for (size_t i = 0; i < w->n; i++)
				worker_poke(w->workers[i]);
			break;
		default:
			log_info("watch.stopping", "signal=%u", s.ssi_signo);
			end(w, 0);
		}
	}
}

static void take_tick(struct watch *w)
{
	uint64_t n;

	if (read(w->timer, &n, sizeof(n)) != (ssize_t)sizeof(n))
		return;
	ping_watchdog(w);
	if (w->phase == WATCH_RUNNING)
		keep_house(w);
}

/* A worker's state changed, or the database is beyond help. */
static void take_news(struct watch *w)
{
	int fatal = atomic_load(&w->writer.fatal);

	wake_drain(&w->wake);
	tell_systemd(w);
	if (fatal == DB_OK || w->phase == WATCH_ENDING)
		return;
	log_error("watch.failed",
		"error=%s hint=\"try bouncewatch db check, and a backup\"",
		log_q(w->writer.fatal_why));
	end(w, watch_db_status((enum db_fault)fatal));
}

static void loop(struct watch *w)
{
	struct pollfd p[] = {
		{w->signals,           POLLIN, 0},
                {w->timer,             POLLIN, 0},
		{w->wake.fd,           POLLIN, 0},
                {runner_fd(w->runner), POLLIN, 0}
        };

	for (;;) {
		int64_t left = w->phase == WATCH_RUNNING
				       ? TICK_MS
				       : w->ends_at - clock_ms();

		if (w->phase == WATCH_ENDING &&
			(watch_workers_have_ended(w) || left <= 0))
			return;
		if (w->phase == WATCH_RELOADING &&
			watch_workers_have_ended(w)) {
			int status = watch_finish_reload(w);

			if (status)
				end(w, status);
			continue;
		}
		/* While reloading a slow worker is waited for. */
		if (poll(p, 4, left > 0 ? (int)left : TICK_MS) < 0 &&
			errno != EINTR)
			continue;
		if (p[0].revents)
			take_signals(w);
		if (p[1].revents)
			take_tick(w);
		if (p[2].revents)
			take_news(w);
		if (p[3].revents) {
			log_error("watch.failed",
				"error=\"the helper process has died\"");
			p[3].fd = -1;
			end(w, EX_SOFTWARE);
		}
	}
}

/*
 * A worker may sit in the resolver, which nothing can interrupt. All it has
 * handed in is recorded; what is left of it dies with the process.
 */
static void leave_stuck_workers(struct watch *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (!worker_has_ended(w->workers[i]))
			log_warn("watch.stopped",
				"mailbox=%s hint=\"it did "
				"not end in time; nothing is lost\"",
				log_q(worker_label(w->workers[i])));
	writer_stop(&w->writer);
	db_close(w->db);
	_exit(w->status);
}

static void run_all(struct watch *w)
{
	int status;

	log_info("watch.started", "config=%s database=%s pid=%ld",
		log_q(w->config_path), log_q(w->conf->database),
		(long)getpid());
	tell(w, "daemon.started_at", time(NULL));
	tell(w, "daemon.pid", getpid());
	status = watch_start_workers(w);
	notify_send("READY=1");
	if (status)
		end(w, status);
	loop(w);
	tell(w, "daemon.stopped_at", time(NULL));
	tally_add(&w->tally, &w->writer.tally);
	tally_write(&w->tally, stderr);
	watch_stop_helpers(w);
	if (!watch_workers_have_ended(w))
		leave_stuck_workers(w);
	writer_stop(&w->writer);
	log_info("watch.stopped", "status=%d", w->status);
}

int watch_run(const char *config_path, struct conf *conf)
{
	struct watch w = {
		.config_path = config_path,
		.conf = conf,
		.signals = -1,
		.timer = -1,
		.wake.fd = -1,
	};
	int status = watch_open(&w);

	if (!status) {
		run_all(&w);
		status = w.status;
	}
	watch_close(&w);
	return status;
}
