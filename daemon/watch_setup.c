/*
 * What the daemon is made of, and in which order it is put together: the
 * helper process first, before there is anything it must not inherit; signals
 * before the first thread; the database before the writer; workers last.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sysexits.h>
#include <unistd.h>

#include "clock.h"
#include "courier.h"
#include "exporter.h"
#include "feeder.h"
#include "log.h"
#include "notify.h"
#include "reporter.h"
#include "schedule.h"
#include "secret.h"
#include "setback.h"
#include "watch_private.h"

#define STOP_MS 5000  /* until the daemon ends without its workers */
#define TICK_MS 10000 /* for timers that need no precision */

int watch_db_status(enum db_fault fault)
{
	static const int statuses[] = {
		[DB_MISSING] = EX_NOINPUT,
		[DB_DENIED] = EX_NOPERM,
		[DB_LOCKED] = EX_TEMPFAIL,
		[DB_FULL] = EX_IOERR,
		[DB_DAMAGED] = EX_DATAERR,
		[DB_TOO_NEW] = EX_CONFIG,
		[DB_TOO_OLD] = EX_CONFIG,
		[DB_INTERNAL] = EX_SOFTWARE,
	};

	return statuses[fault];
}

void watch_free_workers(struct watch *w)
{
	for (size_t i = 0; i < w->n; i++)
		worker_free(w->workers[i]);
	free(w->workers);
	w->workers = NULL;
	w->n = 0;
}

static int add_worker(
	struct watch *w, const struct conf_account *a, const char *folder)
{
	struct worker *k = worker_new(&w->shared, a, folder);

	if (!k || worker_start(k) < 0) {
		log_error("watch.failed", "mailbox=%s error=%s", log_q(a->name),
			log_q(strerror(errno)));
		worker_free(k);
		return EX_OSERR;
	}
	w->workers[w->n++] = k;
	return 0;
}

int watch_start_workers(struct watch *w)
{
	size_t n = 0;
	int status = 0;

	for (size_t i = 0; i < w->conf->accounts_n; i++)
		n += w->conf->accounts[i].folders.n;
	w->workers = calloc(n + 1, sizeof(*w->workers));
	if (!w->workers)
		return EX_OSERR;
	for (size_t i = 0; i < w->conf->accounts_n && !status; i++) {
		const struct conf_account *a = &w->conf->accounts[i];

		for (size_t j = 0; j < a->folders.n && !status; j++)
			status = add_worker(w, a, a->folders.v[j]);
	}
	return status;
}

void watch_stop_workers(struct watch *w, enum watch_phase phase)
{
	if (w->phase == WATCH_RUNNING)
		for (size_t i = 0; i < w->n; i++)
			worker_stop(w->workers[i]);
	if (phase > w->phase)
		w->phase = phase;
	w->ends_at = clock_ms() + STOP_MS;
}

bool watch_workers_have_ended(struct watch *w)
{
	bool all = true;

	for (size_t i = 0; i < w->n; i++)
		all = worker_has_ended(w->workers[i]) && all;
	return all;
}

static int start_writer(struct watch *w, char why[256])
{
	if (writer_start(&w->writer, w->db, w->house, &w->wake, why))
		return -1;
	/* What lasts is told again by those who are started now. */
	setback_over(&w->writer, NULL);
	return 0;
}

int watch_start_writer(struct watch *w)
{
	char why[256] = "no memory for the time zone";

	/* There is one thread, also at a reload. */
	if (schedule_zone(w->conf->report.timezone) == 0 &&
		start_writer(w, why) == 0 &&
		courier_start(w->conf, &w->writer, w->runner, &w->courier,
			why) == 0 &&
		exporter_start(w->conf, w->house, &w->writer, w->runner,
			&w->exporter, why) == 0 &&
		feeder_start(w->conf, &w->writer, w->runner, &w->feeder, why) ==
			0 &&
		reporter_start(
			w->conf, &w->writer, w->runner, &w->reporter, why) == 0)
		return 0;
	log_error("watch.failed", "error=%s", log_q(why));
	return EX_IOERR;
}

void watch_stop_helpers(struct watch *w)
{
	reporter_stop(w->reporter);
	feeder_stop(w->feeder);
	exporter_stop(w->exporter);
	courier_stop(w->courier);
	w->reporter = NULL;
	w->feeder = NULL;
	w->exporter = NULL;
	w->courier = NULL;
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	signal(SIGPIPE, SIG_IGN);
	/* Before the first thread, so that all inherit it. */
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int open_timer(struct watch *w)
{
	int64_t watchdog = notify_watchdog_ms();
	int64_t ms = TICK_MS;
	struct itimerspec t;
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (watchdog > 0 && watchdog / 3 < ms)
		ms = watchdog / 3 + 1;
	t.it_value.tv_sec = t.it_interval.tv_sec = ms / 1000;
	t.it_value.tv_nsec = t.it_interval.tv_nsec = ms % 1000 * 1000000;
	w->keep_at = clock_ms() + TICK_MS;
	if (fd >= 0 && timerfd_settime(fd, 0, &t, NULL) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_database(struct watch *w)
{
	if (db_open(w->conf->database, DB_WATCH, &w->db) == 0)
		return 0;
	if (!w->db) {
		log_error("watch.failed", "error=\"out of memory\"");
		return EX_OSERR;
	}
	log_error("watch.failed", "database=%s error=%s",
		log_q(w->conf->database), log_q(db_error(w->db)));
	return watch_db_status(db_fault(w->db));
}

int watch_open(struct watch *w)
{
	int status;

	secret_protect_process();
	w->runner = runner_start(); /* before everything it must not inherit */
	w->signals = open_signals();
	w->timer = open_timer(w);
	if (!w->runner || w->signals < 0 || w->timer < 0 ||
		wake_init(&w->wake) < 0 || imap_setup() < 0) {
		log_error("watch.failed", "error=%s", log_q(strerror(errno)));
		return EX_OSERR;
	}
	w->house = house_new(w->conf);
	if (!w->house)
		return EX_CONFIG;
	status = open_database(w);
	if (status)
		return status;
	w->shared = (struct worker_shared){
		w->house, &w->writer, w->runner, &w->wake};
	return watch_start_writer(w);
}

void watch_close(struct watch *w)
{
	watch_free_workers(w);
	house_free(w->house);
	house_free(w->next_house);
	conf_release(&w->next);
	db_close(w->db);
	wake_release(&w->wake);
	runner_stop(w->runner);
	if (w->signals >= 0)
		close(w->signals);
	if (w->timer >= 0)
		close(w->timer);
}
