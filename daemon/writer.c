/*
 * A queue, not a lock around the database: SQLite's connection stays in one
 * thread, a commit of one folder overlaps with the fetch of another, and who
 * came first is served first. It is short by nature: a worker has at most two
 * batches and one question in it.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "writer.h"

/* After these a later try may succeed; the others need a person. */
static bool is_passing(enum db_fault f)
{
	return f == DB_OK || f == DB_LOCKED || f == DB_FULL;
}

static int commit(struct writer *w, struct writer_job *job)
{
	if (job->lane->broken) {
		snprintf(job->why, sizeof(job->why),
			"an earlier batch of this folder was not recorded");
		job->fault = DB_LOCKED;
		return 0;
	}
	if (ingest_batch_commit(
		    job->batch, w->ledger, time(NULL), &job->tally) == 0) {
		tally_add(&w->tally, &job->tally);
		return 0;
	}
	job->lane->broken = true;
	return -1;
}

static void perform(struct writer *w, struct writer_job *job)
{
	int rc;

	job->fault = DB_OK;
	job->why[0] = '\0';
	memset(&job->tally, 0, sizeof(job->tally));
	rc = job->batch ? commit(w, job) : job->fn(w->ledger, job->arg);
	if (rc == 0)
		return;
	job->fault = db_fault(w->db);
	if (job->fault == DB_OK)
		job->fault = DB_INTERNAL;
	snprintf(job->why, sizeof(job->why), "%s", db_error(w->db));
	if (is_passing(job->fault) || atomic_load(&w->fatal))
		return;
	snprintf(w->fatal_why, sizeof(w->fatal_why), "%s", job->why);
	atomic_store(&w->fatal, (int)job->fault);
	if (w->owner)
		wake_poke(w->owner);
}

static struct writer_job *take(struct writer *w)
{
	struct writer_job *job;

	while (!w->first && !w->stop)
		pthread_cond_wait(&w->work, &w->lock);
	job = w->first;
	if (!job)
		return NULL;
	w->first = job->next;
	if (!w->first)
		w->last = &w->first;
	return job;
}

static void *run(void *arg)
{
	struct writer *w = arg;
	struct writer_job *job;

	pthread_mutex_lock(&w->lock);
	while ((job = take(w)) != NULL) {
		atomic_store(&w->busy_since, clock_ms());
		pthread_mutex_unlock(&w->lock);
		perform(w, job);
		pthread_mutex_lock(&w->lock);
		atomic_store(&w->busy_since, 0);
		job->done = true;
		pthread_cond_broadcast(&w->done);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

static void release(struct writer *w)
{
	ledger_close(w->ledger);
	w->ledger = NULL;
	pthread_cond_destroy(&w->done);
	pthread_cond_destroy(&w->work);
	pthread_mutex_destroy(&w->lock);
}

int writer_start(struct writer *w, struct db *db, const struct house *house,
	struct wake *owner, char why[256])
{
	memset(w, 0, sizeof(*w));
	w->db = db;
	w->owner = owner;
	w->last = &w->first;
	if (ledger_open(db, house_ledger_settings(house), &w->ledger) < 0) {
		snprintf(why, 256, "%s", db_error(db));
		ledger_close(w->ledger);
		w->ledger = NULL;
		return -1;
	}
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->work, NULL);
	pthread_cond_init(&w->done, NULL);
	if (pthread_create(&w->thread, NULL, run, w) == 0)
		return 0;
	release(w);
	snprintf(why, 256, "unable to start a thread");
	return -1;
}

void writer_stop(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	release(w);
}

void writer_submit(struct writer *w, struct writer_job *job)
{
	job->next = NULL;
	job->done = false;
	pthread_mutex_lock(&w->lock);
	*w->last = job;
	w->last = &job->next;
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->lock);
}

enum db_fault writer_wait(struct writer *w, struct writer_job *job)
{
	pthread_mutex_lock(&w->lock);
	while (!job->done)
		pthread_cond_wait(&w->done, &w->lock);
	pthread_mutex_unlock(&w->lock);
	return job->fault;
}

bool writer_is_done(struct writer *w, struct writer_job *job)
{
	bool done;

	pthread_mutex_lock(&w->lock);
	done = job->done;
	pthread_mutex_unlock(&w->lock);
	return done;
}

enum db_fault writer_call(
	struct writer *w, writer_fn *fn, void *arg, char why[256])
{
	struct writer_job job = {.fn = fn, .arg = arg};

	writer_submit(w, &job);
	if (writer_wait(w, &job) != DB_OK)
		snprintf(why, 256, "%s", job.why);
	return job.fault;
}
