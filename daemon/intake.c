/*
 * Batches of a command that runs once. Reading and parsing cost about as much
 * as recording, so a second thread records: SQLite's connection is used by one
 * thread at a time, and order is kept because there is only one that commits.
 * When a commit fails, nothing behind it is recorded either.
 */
#include "intake.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "incident.h"
#include "query.h"
#include "say.h"

/* The first is small: most runs have only one, and a mailer waits. */
#define FIRST_MAILS 1000u
#define BATCH_MAILS 2000u /* some 8,000 pages among millions */
#define BATCH_BYTES (16u << 20)

/* What changes nothing makes no database either. */
static int use_scratch(struct intake *in)
{
	struct conf *conf = &in->env->conf;
	char *path;

	if (!in->rehearsal || !access(conf->database, F_OK) || errno != ENOENT)
		return 0;
	(void)snprintf(
		in->scratch, sizeof(in->scratch), "/tmp/bouncewatch.XXXXXX");
	if (!mkdtemp(in->scratch)) {
		say("unable to make a folder in '/tmp': %s", strerror(errno));
		in->scratch[0] = '\0';
		return EX_CANTCREAT;
	}
	if (asprintf(&path, "%s/dry-run.db", in->scratch) < 0) {
		say("out of memory");
		return EX_OSERR;
	}
	free(conf->database);
	conf->database = path;
	return 0;
}

static void drop_scratch(struct intake *in)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	char path[64];

	if (!in->scratch[0])
		return;
	db_close(in->env->db);
	in->env->db = NULL;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		(void)snprintf(path, sizeof(path), "%s/dry-run.db%s",
			in->scratch, ends[i]);
		(void)unlink(path);
	}
	(void)rmdir(in->scratch);
}

/* What changes nothing leaves an older database as it is, too. */
static int refuse_upgrade(const struct intake *in)
{
	struct db *db;
	int status = 0;

	if (!in->rehearsal || in->scratch[0])
		return 0;
	if (db_open(in->env->conf.database, DB_READ, &db) &&
		db_fault(db) == DB_TOO_OLD)
		status = env_db_failed(db);
	db_close(db);
	return status;
}

int intake_open(struct intake *in, struct env *e)
{
	int status = env_open_conf(e, ENV_DATABASE);

	in->env = e;
	if (status)
		return status;
	in->house = house_new(&e->conf);
	if (!in->house)
		return EX_CONFIG;
	status = use_scratch(in);
	if (!status)
		status = refuse_upgrade(in);
	if (!status)
		status = env_open_database(e, DB_CREATE);
	if (status)
		return status;
	if (ledger_open(e->db, house_ledger_settings(in->house), &in->ledger))
		return env_db_failed(e->db);
	pthread_mutex_init(&in->lock, NULL);
	pthread_cond_init(&in->changed, NULL);
	in->opened = true;
	for (unsigned i = 0; i < INTAKE_BATCHES; i++) {
		in->batches[i] = ingest_batch_new(in->house);
		if (!in->batches[i]) {
			say("out of memory");
			return EX_OSERR;
		}
	}
	return 0;
}

static void end_thread(struct intake *in)
{
	if (!in->threaded)
		return;
	pthread_mutex_lock(&in->lock);
	in->stop = true;
	pthread_cond_broadcast(&in->changed);
	pthread_mutex_unlock(&in->lock);
	pthread_join(in->thread, NULL);
	in->threaded = in->stop = false;
}

void intake_close(struct intake *in)
{
	end_thread(in);
	for (unsigned i = 0; i < INTAKE_BATCHES; i++)
		ingest_batch_free(in->batches[i]);
	if (in->opened) {
		pthread_cond_destroy(&in->changed);
		pthread_mutex_destroy(&in->lock);
	}
	ledger_close(in->ledger);
	house_free(in->house);
	drop_scratch(in);
}

/* --- recording -------------------------------------------------------------
 */

/* By whoever commits. False: db_error() says why. */
static bool record(struct intake *in, struct ingest_batch *b)
{
	int64_t now = in->env->now;
	int rc = in->rehearsal ? ingest_batch_rehearse(
					 b, in->ledger, now, &in->recorded)
			       : ingest_batch_commit(
					 b, in->ledger, now, &in->recorded);

	return rc == 0;
}

/* The oldest batch that was handed in, with the lock held. */
static void record_next(struct intake *in)
{
	struct ingest_batch *b = in->batches[in->done % INTAKE_BATCHES];
	bool broken = in->broken;

	pthread_mutex_unlock(&in->lock);
	if (!broken)
		broken = !record(in, b);
	pthread_mutex_lock(&in->lock);
	if (broken)
		in->lost += ingest_batch_count(b);
	in->broken = broken;
	ingest_batch_reset(b);
	in->done++;
	pthread_cond_broadcast(&in->changed);
}

static void *run(void *arg)
{
	struct intake *in = arg;

	pthread_mutex_lock(&in->lock);
	for (;;) {
		while (in->done == in->handed && !in->stop)
			pthread_cond_wait(&in->changed, &in->lock);
		if (in->done == in->handed)
			break;
		record_next(in);
	}
	pthread_mutex_unlock(&in->lock);
	return NULL;
}

/* Signals are for the thread that reads: they end its waiting. */
static void start_thread(struct intake *in)
{
	sigset_t all, old;

	if (in->threaded)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	/* Where none is to be had, it goes without. */
	in->threaded = pthread_create(&in->thread, NULL, run, in) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static struct ingest_batch *in_hand(struct intake *in)
{
	return in->batches[in->handed % INTAKE_BATCHES];
}

/* Hand in the batch in hand and wait until at most `left` are not done. */
static void hand_in(struct intake *in, unsigned left)
{
	pthread_mutex_lock(&in->lock);
	if (ingest_batch_count(in_hand(in)))
		in->handed++;
	pthread_cond_broadcast(&in->changed);
	while (in->handed - in->done > left)
		if (in->threaded)
			pthread_cond_wait(&in->changed, &in->lock);
		else
			record_next(in);
	pthread_mutex_unlock(&in->lock);
}

int intake_commit(struct intake *in)
{
	int status;

	hand_in(in, 0);
	tally_add(&in->tally, &in->recorded);
	in->recorded = (struct tally){0};
	if (!in->broken)
		return 0;
	status = env_db_failed(in->env->db);
	say_hint("the last %zu messages were not recorded; run it again, "
		 "nothing counts twice",
		in->lost);
	return status;
}

/* The batch is full, and there is more. */
static int next_batch(struct intake *in)
{
	bool broken;

	start_thread(in);
	hand_in(in, INTAKE_BATCHES - 1);
	pthread_mutex_lock(&in->lock);
	broken = in->broken;
	pthread_mutex_unlock(&in->lock);
	return broken ? intake_commit(in) : 0;
}

static bool is_full(struct intake *in)
{
	const struct ingest_batch *b = in_hand(in);

	return ingest_batch_count(b) >=
		       (in->threaded ? BATCH_MAILS : FIRST_MAILS) ||
	       ingest_batch_bytes(b) >= BATCH_BYTES;
}

int intake_take(struct intake *in, const struct ingest_mail *m)
{
	int status = is_full(in) ? next_batch(in) : 0;

	if (status || !ingest_batch_add(in_hand(in), m, in->env->now))
		return status;
	/* A batch of mails with very many recipients can be full sooner. */
	if (ingest_batch_count(in_hand(in)))
		status = next_batch(in);
	if (status)
		return status;
	ingest_batch_reset(in_hand(in));
	if (!ingest_batch_add(in_hand(in), m, in->env->now))
		return 0;
	say("out of memory at %s", say_z(m->source));
	return EX_OSERR;
}

/* One that opened since the command began. */
static int tell_incident(void *arg, const struct query_incident *q)
{
	const struct intake *in = arg;
	char line[INCIDENT_LINE];

	if (q->i.cause != INCIDENT_DETECTED || q->i.opened_at < in->env->now)
		return 0;
	say("incident %" PRId64 ": %s", q->i.id,
		incident_headline(&q->i, line));
	say_hint("%" PRId64 " of these addresses are held, not suppressed; "
		 "'bouncewatch incident show %" PRId64 "' tells more",
		q->held, q->i.id);
	return 0;
}

int intake_finish(struct intake *in, bool quiet)
{
	struct ledger_ticked ticked;

	if (in->rehearsal)
		return 0;
	do
		if (ledger_tick(in->ledger, in->env->now, &ticked) < 0)
			return env_db_failed(in->env->db);
	while (ticked.more);
	if (!quiet && query_incidents(in->env->db, 0, tell_incident, in) < 0)
		return env_db_failed(in->env->db);
	return 0;
}
