/*
 * The one owner of the database while mailboxes are watched: workers hand
 * batches and questions to it and wait for the outcome. It works them off in
 * the order in which they came, each in a transaction of its own, at once.
 *
 * Without a thread (`ingest --once`) the same calls work on the spot.
 */
#ifndef WRITER_H
#define WRITER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "ingest.h"
#include "wake.h"

/*
 * A worker's place in the queue. When one of its batches fails, those behind
 * it fail, too: a cursor must not be recorded before the mails below it.
 */
struct lane {
	bool broken;
};

/* Called in the writer's thread. 0, or -1 with db_error(). */
typedef int writer_fn(struct ledger *l, void *arg);

struct writer_job {
	/* Set by the caller: either a batch with its lane, or fn. */
	struct ingest_batch *batch;
	struct lane *lane;
	writer_fn *fn;
	void *arg;
	/* The outcome, to be read after writer_wait(). */
	enum db_fault fault; /* DB_OK: done */
	char why[256];
	struct tally tally; /* of a batch */
	/* The writer's. */
	struct writer_job *next;
	bool done;
};

struct writer {
	struct db *db;
	struct ledger *ledger;
	struct wake
		*owner; /* poked when the database is beyond help; or NULL */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	struct writer_job *first, **last;
	bool stop;
	struct tally tally;         /* of all batches */
	_Atomic int64_t busy_since; /* clock_ms(), 0: idle */
	_Atomic int fatal;          /* enum db_fault that ends the watch */
	char fatal_why[256];        /* set before it, once */
};

/* db is borrowed. -1: why tells the reason. */
int writer_start(struct writer *w, struct db *db, const struct house *house,
	struct wake *owner, char why[256]) __attribute__((warn_unused_result));

/* Everything that was handed in is done first. */
void writer_stop(struct writer *w);

/* Hand in; the job and what it names stay the writer's until the wait. */
void writer_submit(struct writer *w, struct writer_job *job);
enum db_fault writer_wait(struct writer *w, struct writer_job *job);

/* Whether the wait would be none. */
bool writer_is_done(struct writer *w, struct writer_job *job);

/* Ask and wait. The reason of a failure goes to why. */
enum db_fault writer_call(
	struct writer *w, writer_fn *fn, void *arg, char why[256]);

#endif
