/*
 * One pass over the configured folders, one after the other: the worker's own
 * code in the calling thread, and the writer in its own, so that fetching and
 * committing overlap. For cron, for a first look, and for tests.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>

#include "log.h"
#include "say.h"
#include "secret.h"
#include "watch.h"
#include "worker.h"

struct once {
	const struct conf *conf;
	struct house *house;
	struct runner *runner;
	struct db *db;
	struct writer writer;
	struct worker_shared shared;
};

static bool needs_runner(const struct conf *conf)
{
	for (size_t i = 0; i < conf->accounts_n; i++)
		if (secret_needs_runner(&conf->accounts[i]))
			return true;
	return false;
}

static int fail(int status, const char *why)
{
	say("%s", say_z(why));
	return status;
}

static int open_database(struct once *o)
{
	static const int status[] = {
		[DB_MISSING] = EX_NOINPUT,
		[DB_DENIED] = EX_NOPERM,
		[DB_LOCKED] = EX_TEMPFAIL,
		[DB_FULL] = EX_IOERR,
		[DB_DAMAGED] = EX_DATAERR,
		[DB_TOO_NEW] = EX_CONFIG,
		[DB_TOO_OLD] = EX_CONFIG,
		[DB_INTERNAL] = EX_SOFTWARE,
	};

	if (db_open(o->conf->database, DB_CREATE, &o->db) == 0)
		return 0;
	if (!o->db)
		return fail(EX_OSERR, "out of memory");
	return fail(status[db_fault(o->db)], db_error(o->db));
}

static int open_all(struct once *o)
{
	char why[256];
	int status;

	secret_protect_process();
	log_set_level((enum log_level)o->conf->log_level);
	signal(SIGPIPE, SIG_IGN);
	if (needs_runner(o->conf)) {
		o->runner = runner_start();
		if (!o->runner)
			return fail(EX_OSERR, strerror(errno));
	}
	if (imap_setup() < 0)
		return fail(EX_OSERR, "out of memory");
	o->house = house_new(o->conf);
	if (!o->house)
		return EX_CONFIG;
	status = open_database(o);
	if (status)
		return status;
	if (writer_start(&o->writer, o->db, o->house, NULL, why) < 0)
		return fail(EX_IOERR, why);
	o->shared =
		(struct worker_shared){o->house, &o->writer, o->runner, NULL};
	return 0;
}

/* The status of the worst folder: who can do something comes first. */
static int worse(int a, int b)
{
	static const int order[] = {
		EX_NOPERM, EX_UNAVAILABLE, EX_OSERR, EX_TEMPFAIL};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return 0;
}

static int status_of(enum imap_rc rc)
{
	switch (rc) {
	case IMAP_OK:
		return 0;
	case IMAP_AUTH_BAD:
		return EX_NOPERM;
	case IMAP_CONF_BAD:
		return EX_UNAVAILABLE;
	default:
		return EX_TEMPFAIL;
	}
}

static int read_folder(
	struct once *o, const struct conf_account *a, const char *folder)
{
	struct worker *w = worker_new(&o->shared, a, folder);
	enum imap_rc rc;

	if (!w)
		return fail(EX_OSERR, "out of memory");
	rc = worker_once(w);
	worker_free(w);
	return status_of(rc);
}

int watch_once(const struct conf *conf, const char *only, struct tally *t)
{
	struct once o = {.conf = conf};
	int status = open_all(&o);

	for (size_t i = 0; o.writer.ledger && i < conf->accounts_n; i++) {
		const struct conf_account *a = &conf->accounts[i];

		if (only && strcmp(only, a->name) != 0)
			continue;
		for (size_t j = 0; j < a->folders.n; j++)
			status = worse(
				status, read_folder(&o, a, a->folders.v[j]));
	}
	tally_add(t, &o.writer.tally);
	if (o.writer.ledger)
		writer_stop(&o.writer);
	house_free(o.house);
	db_close(o.db);
	runner_stop(o.runner);
	return status;
}
