/* It looks every second: commands commit, too, and tell nobody. */
#include "feeder.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "json.h"
#include "log.h"
#include "post.h"
#include "query.h"
#include "trouble.h"

#define LOOK_MS  1000
#define LIMIT_MS 300000 /* for the command */

struct feeder {
	const struct conf *conf;
	struct writer *writer;
	struct runner *runner;
	struct wake wake;
	pthread_t thread;
	struct db *db; /* NULL: to be opened */
	struct trouble trouble;
	int64_t seq; /* all up to it were taken; -1: not known */
};

static struct trouble_teller teller(struct feeder *f)
{
	return (struct trouble_teller){f->conf, f->writer, f->runner, &f->wake};
}

static void failed(struct feeder *f, const char *why)
{
	struct trouble_teller by = teller(f);

	trouble_failed(&f->trouble, &by, "on_change", why, false);
}

/* The connection may be of no use any more: the next look opens another. */
static int db_failed(struct feeder *f)
{
	failed(f, f->db ? db_error(f->db) : "out of memory");
	db_close(f->db);
	f->db = NULL;
	f->seq = -1;
	return -1;
}

/* --- its place ------------------------------------------------------------ */

struct move {
	int64_t from, to;
	bool moved;
};

static int move_in_writer(struct ledger *l, void *arg)
{
	struct move *m = arg;
	const struct query_cursor c = {
		.name = STR(FEEDER_CURSOR),
		.format = STR(FEEDER_CURSOR),
		.scope = STR(""),
		.options = STR(""),
		.seq = m->to,
		.at = time(NULL),
	};

	return ledger_cursor_move(l, &c, m->from, &m->moved);
}

/* from -1: make it. */
static int move_to(struct feeder *f, int64_t from, int64_t to)
{
	struct move m = {.from = from, .to = to};
	char why[256];

	if (writer_call(f->writer, move_in_writer, &m, why) != DB_OK) {
		failed(f, why);
		return -1;
	}
	/* Moved by somebody else: look where it is. */
	f->seq = m.moved ? to : -1;
	return m.moved ? 0 : -1;
}

static int found_place(void *arg, const struct query_cursor *c)
{
	struct feeder *f = arg;

	f->seq = c->seq;
	return 0;
}

static int found_status(
	void *arg, struct str name, struct str value, int64_t at)
{
	struct feeder *f = arg;

	(void)at;
	trouble_restore(&f->trouble, name, value);
	return 0;
}

/* Open what is not open; the first time of all it begins at the end. */
static int find_place(struct feeder *f)
{
	int64_t last;

	if (f->seq >= 0)
		return 0;
	if (!f->db && db_open(f->conf->database, DB_READ, &f->db))
		return db_failed(f);
	if (query_status(f->db, found_status, f) < 0 ||
		query_cursors(f->db, str_from(FEEDER_CURSOR), found_place, f) <
			0 ||
		query_last_seq(f->db, &last) < 0)
		return db_failed(f);
	return f->seq >= 0 ? 0 : move_to(f, -1, last);
}

/* --- a piece -------------------------------------------------------------- */

struct piece {
	struct out *out;
	int64_t last; /* its seq */
	size_t n;
};

static int add_line(void *arg, const struct query_change *c)
{
	struct piece *p = arg;
	struct json j;

	json_open(&j, p->out);
	json_int(&j, "seq", c->seq);
	json_time(&j, "at", c->at);
	json_str(&j, "address", c->address);
	json_str(&j, "scope", c->scope);
	json_z(&j, "old_state", state_word(c->old_state));
	json_z(&j, "new_state", state_word(c->new_state));
	json_z(&j, "reason", reason_word(c->reason));
	json_z(&j, "cause", cause_word(c->cause));
	json_time(&j, "expires", c->expires_at);
	json_close(&j);
	p->last = c->seq;
	p->n++;
	return 0;
}

/* Its lines, in memory of malloc; p->n 0: there are none. */
static int read_piece(struct feeder *f, struct piece *p, struct str *lines)
{
	int fd = memfd_create("changes", MFD_CLOEXEC), rc = -1;

	p->out = malloc(sizeof(*p->out));
	if (fd >= 0 && p->out) {
		out_init(p->out, fd);
		if (query_feed(f->db, f->seq, FEEDER_LINES, add_line, p) < 0)
			rc = db_failed(f);
		else if (out_flush(p->out) || post_slurp(fd, lines))
			failed(f, "out of memory");
		else
			rc = 0;
	} else {
		failed(f, "out of memory");
	}
	free(p->out);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int run_command(struct feeder *f, struct str lines, char why[256])
{
	char line[RUNNER_LINE_MAX + 1];
	const struct conf_list *argv = &f->conf->on_change.command;
	struct runner_job job = {
		.argv = argv->v,
		.argc = argv->n,
		.limit_ms = LIMIT_MS,
		.input = lines,
		.may_be_silent = true,
		.wake = &f->wake,
		.line = line,
		.line_n = sizeof(line),
		.why = why,
		.why_n = 256,
	};

	return runner_run(f->runner, &job);
}

/* 1: there may be more; 0: there is none; -1: it failed. */
static int look(struct feeder *f)
{
	struct trouble_teller by = teller(f);
	struct piece p = {0};
	struct str lines = STR_NULL;
	char why[256];
	int rc;

	if (find_place(f) || read_piece(f, &p, &lines))
		return -1;
	rc = p.n ? run_command(f, lines, why) : 0;
	free((char *)lines.p);
	if (rc) {
		if (!wake_stopped(&f->wake))
			failed(f, why);
		return -1;
	}
	if (p.n && move_to(f, f->seq, p.last))
		return -1;
	if (p.n)
		log_debug("on_change.done", "lines=%zu seq=%lld", p.n,
			(long long)p.last);
	trouble_over(&f->trouble, &by);
	return p.n > 0;
}

static void *run(void *arg)
{
	struct feeder *f = arg;

	while (!wake_stopped(&f->wake)) {
		int64_t ms = f->trouble.retry_at - clock_ms();

		if (ms <= 0 && look(f) > 0)
			continue;
		ms = f->trouble.retry_at - clock_ms();
		wake_sleep(&f->wake, ms > LOOK_MS ? ms : LOOK_MS);
		wake_drain(&f->wake);
	}
	db_close(f->db);
	return NULL;
}

int feeder_start(const struct conf *conf, struct writer *writer,
	struct runner *runner, struct feeder **out, char why[256])
{
	struct feeder *f;

	*out = NULL;
	if (!conf->on_change.command.n)
		return 0;
	f = calloc(1, sizeof(*f));
	if (f) {
		f->conf = conf;
		f->writer = writer;
		f->runner = runner;
		f->seq = -1;
		snprintf(f->trouble.name, sizeof(f->trouble.name), "on_change");
		if (!wake_init(&f->wake) &&
			!(errno = pthread_create(&f->thread, NULL, run, f))) {
			*out = f;
			return 0;
		}
		wake_release(&f->wake);
	}
	snprintf(why, 256, "the thread for on_change: %s", strerror(errno));
	free(f);
	return -1;
}

void feeder_stop(struct feeder *f)
{
	if (!f)
		return;
	wake_stop(&f->wake);
	pthread_join(f->thread, NULL);
	wake_release(&f->wake);
	free(f);
}
