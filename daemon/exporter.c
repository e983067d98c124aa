/* One export after the other; what failed waits by itself, not for others. */
#include "exporter.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "charset.h"
#include "clock.h"
#include "export_conf.h"
#include "log.h"
#include "query.h"
#include "say.h"
#include "trouble.h"

#define LOOK_MS 10000 /* a person may have written a list by hand */

struct list {
	const struct conf_export *conf;
	struct export_job job;
	struct trouble write, push;
	/* Which files are in place, and which were pushed; "": none. */
	char written[64], pushed[64];
	int64_t written_at; /* 0: never */
};

struct exporter {
	const struct conf *conf;
	const struct house *house;
	struct writer *writer;
	struct runner *runner;
	struct wake wake;
	pthread_t thread;
	struct env env; /* .db NULL: to be opened */
	struct list *lists;
	size_t n;
	bool restored;
	int64_t open_at; /* clock_ms(), not before */
};

static struct trouble_teller teller(struct exporter *x)
{
	return (struct trouble_teller){x->conf, x->writer, x->runner, &x->wake};
}

static bool is_stopped(void *arg)
{
	struct exporter *x = arg;

	return wake_stopped(&x->wake);
}

/* --- what is known -------------------------------------------------------- */

static void keep(char to[64], struct str value)
{
	snprintf(to, 64, STR_FMT, STR_ARG(value));
}

static int found_status(
	void *arg, struct str name, struct str value, int64_t at)
{
	struct exporter *x = arg;
	char own[100];

	for (size_t i = 0; i < x->n; i++) {
		struct list *l = &x->lists[i];

		trouble_restore(&l->write, name, value);
		trouble_restore(&l->push, name, value);
		snprintf(own, sizeof(own), "%s.written", l->write.name);
		if (str_eq(name, str_from(own))) {
			keep(l->written, value);
			l->written_at = at;
		}
		snprintf(own, sizeof(own), "%s.pushed", l->write.name);
		if (str_eq(name, str_from(own)))
			keep(l->pushed, value);
	}
	return 0;
}

static int found_cursor(void *arg, const struct query_cursor *c)
{
	struct list *l = arg;

	snprintf(l->written, sizeof(l->written), "%" PRId64 "@%" PRId64, c->seq,
		c->at);
	l->written_at = c->at;
	return 0;
}

/* The cursor is what a delta goes by: a person may have moved it. */
static int look_up(struct exporter *x, struct list *l)
{
	char before[64];

	if (!l->conf->removals)
		return 0;
	memcpy(before, l->written, sizeof(before));
	l->written[0] = '\0';
	l->written_at = 0;
	if (query_cursors(
		    x->env.db, str_from(l->conf->cursor), found_cursor, l) < 0)
		return -1;
	/* With --force: it need not wait any longer. */
	if (strcmp(before, l->written) != 0)
		l->write.retry_at = 0;
	return 0;
}

static int open_database(struct exporter *x)
{
	if (x->env.db)
		return 0;
	if (db_open(x->conf->database, DB_WRITE, &x->env.db))
		return -1;
	if (!x->restored && query_status(x->env.db, found_status, x) < 0)
		return -1;
	x->restored = true;
	return 0;
}

static void close_database(struct exporter *x)
{
	db_close(x->env.db);
	x->env.db = NULL;
}

static bool is_pending(const struct list *l)
{
	if (!l->conf->then.n || !*l->written || !strcmp(l->written, l->pushed))
		return false;
	/* A name that others used before this export was configured. */
	return *l->pushed || !access(l->conf->file, F_OK);
}

/* When it is to be written next. */
static int64_t due_at(const struct list *l, int64_t now)
{
	int64_t due = l->written_at + l->conf->every;

	if (!l->written_at)
		return now;
	/* The clock was set back. */
	return due > now + l->conf->every ? now + l->conf->every : due;
}

/* --- writing -------------------------------------------------------------- */

static int run_job(struct exporter *x, struct list *l, struct export_result *r,
	char *why, size_t why_n)
{
	struct export_job job = l->job;
	int status;

	x->env.now = time(NULL);
	job.stop = is_stopped;
	job.stop_arg = x;
	say_to(why, why_n);
	if (ledger_open(
		    x->env.db, house_ledger_settings(x->house), &job.ledger))
		status = env_db_failed(x->env.db);
	else
		status = export_job_run(&x->env, &job, r);
	say_to(NULL, 0);
	ledger_close(job.ledger);
	arena_reset(&x->env.arena, 0);
	return status;
}

/* After it is in place. */
static void note_written(
	struct exporter *x, struct list *l, const struct export_result *r)
{
	struct trouble_teller by = teller(x);
	char name[100], value[64];

	if (!l->conf->removals) {
		l->written_at = x->env.now;
		snprintf(
			l->written, sizeof(l->written), "%" PRId64, x->env.now);
		snprintf(name, sizeof(name), "%s.written", l->write.name);
		(void)!trouble_note(&by, name, l->written);
	}
	snprintf(name, sizeof(name), "%s.rows", l->write.name);
	snprintf(value, sizeof(value), "%" PRIu64 " %" PRIu64, r->adds,
		r->removals);
	(void)!trouble_note(&by, name, value);
}

static int write_list(struct exporter *x, struct list *l)
{
	struct trouble_teller by = teller(x);
	struct export_result r = {0};
	char why[1024], what[64];
	int status = run_job(x, l, &r, why, sizeof(why));

	if (!status) {
		note_written(x, l, &r);
		log_info("export.written",
			"export=%s adds=%" PRIu64 " removals=%" PRIu64
			" said=%s",
			l->conf->name, r.adds, r.removals, log_q(why));
		trouble_over(&l->write, &by);
		return look_up(x, l);
	}
	if (!wake_stopped(&x->wake)) {
		snprintf(what, sizeof(what), "export '%s'", l->conf->name);
		trouble_failed(&l->write, &by, what, why,
			r.refused || status == EX_USAGE);
	}
	close_database(x);
	return -1;
}

/* --- pushing -------------------------------------------------------------- */

static void push(struct exporter *x, struct list *l)
{
	struct trouble_teller by = teller(x);
	char line[RUNNER_LINE_MAX + 1], why[256], name[100], what[96];
	struct runner_job job = {
		.argv = l->conf->then.v,
		.argc = l->conf->then.n,
		.limit_ms = l->conf->limit * 1000,
		.may_be_silent = true,
		.wake = &x->wake,
		.line = line,
		.line_n = sizeof(line),
		.why = why,
		.why_n = sizeof(why),
	};

	if (runner_run(x->runner, &job)) {
		if (wake_stopped(&x->wake))
			return;
		snprintf(what, sizeof(what), "the command of export '%s'",
			l->conf->name);
		trouble_failed(&l->push, &by, what, why, false);
		return;
	}
	snprintf(name, sizeof(name), "%s.pushed", l->write.name);
	memcpy(l->pushed, l->written, sizeof(l->pushed));
	/* Where that fails: again after a restart, rather than never. */
	(void)!trouble_note(&by, name, l->pushed);
	log_info("export.pushed", "export=%s said=%s", l->conf->name,
		log_q(line));
	trouble_over(&l->push, &by);
}

/* --- the loop ------------------------------------------------------------- */

static bool may_try(const struct trouble *t)
{
	return t->retry_at <= clock_ms();
}

static void database_failed(struct exporter *x, struct list *l)
{
	struct trouble_teller by = teller(x);
	char what[64];

	snprintf(what, sizeof(what), "export '%s'", l->conf->name);
	trouble_failed(&l->write, &by, what,
		x->env.db ? db_error(x->env.db) : "out of memory", false);
	close_database(x);
	x->open_at = clock_ms() + LOOK_MS;
}

static void step(struct exporter *x, struct list *l)
{
	int64_t now = time(NULL);

	if (!x->env.db && clock_ms() < x->open_at)
		return;
	if (open_database(x) || look_up(x, l)) {
		database_failed(x, l);
		return;
	}
	/* What was not pushed is not overwritten: a later delta would begin
	 * where this one ended. */
	if ((!l->conf->removals || !is_pending(l)) && due_at(l, now) <= now &&
		may_try(&l->write) && write_list(x, l))
		return;
	if (is_pending(l) && may_try(&l->push))
		push(x, l);
}

static int64_t wait_ms(const struct list *l)
{
	int64_t now = time(NULL), at = clock_ms();
	int64_t ms = (due_at(l, now) - now) * 1000;

	if (l->write.retry_at > at + ms || ms <= 0)
		ms = l->write.retry_at - at;
	if (is_pending(l) && (l->conf->removals || l->push.retry_at - at < ms))
		ms = l->push.retry_at - at;
	return ms > 0 ? ms : 0;
}

static void *run(void *arg)
{
	struct exporter *x = arg;

	while (!wake_stopped(&x->wake)) {
		int64_t ms = LOOK_MS;

		for (size_t i = 0; i < x->n && !wake_stopped(&x->wake); i++)
			step(x, &x->lists[i]);
		for (size_t i = 0; i < x->n; i++)
			if (wait_ms(&x->lists[i]) < ms)
				ms = wait_ms(&x->lists[i]);
		wake_sleep(&x->wake, ms > 100 ? ms : 100);
		wake_drain(&x->wake);
	}
	close_database(x);
	charset_free(x->env.charset);
	arena_release(&x->env.arena);
	return NULL;
}

static struct exporter *make(const struct conf *conf, struct writer *writer)
{
	struct exporter *x = calloc(1, sizeof(*x));

	if (!x)
		return NULL;
	x->lists = calloc(conf->exports_n, sizeof(*x->lists));
	if (!x->lists) {
		free(x);
		return NULL;
	}
	x->conf = conf;
	x->writer = writer;
	x->env.conf = *conf; /* borrowed: env_release() is never called */
	x->env.config = conf->path;
	arena_init(&x->env.arena, 0);
	for (; x->n < conf->exports_n; x->n++) {
		struct list *l = &x->lists[x->n];

		l->conf = &conf->exports[x->n];
		export_conf_job(l->conf, &l->job);
		snprintf(l->write.name, sizeof(l->write.name), "export.%s",
			l->conf->name);
		snprintf(l->push.name, sizeof(l->push.name), "export.%s.then",
			l->conf->name);
	}
	return x;
}

int exporter_start(const struct conf *conf, const struct house *house,
	struct writer *writer, struct runner *runner, struct exporter **out,
	char why[256])
{
	struct exporter *x;

	*out = NULL;
	if (!conf->exports_n)
		return 0;
	x = make(conf, writer);
	if (x) {
		x->house = house;
		x->runner = runner;
		if (!wake_init(&x->wake) &&
			!(errno = pthread_create(&x->thread, NULL, run, x))) {
			*out = x;
			return 0;
		}
		wake_release(&x->wake);
		free(x->lists);
	}
	snprintf(why, 256, "the thread for exports: %s", strerror(errno));
	free(x);
	return -1;
}

void exporter_stop(struct exporter *x)
{
	if (!x)
		return;
	wake_stop(&x->wake);
	pthread_join(x->thread, NULL);
	wake_release(&x->wake);
	free(x->lists);
	free(x);
}
