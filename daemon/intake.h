/*
 * Mails on their way into the database for a command that runs once: ingest,
 * and import of events. Gathers batches and commits them; what daemon/worker
 * and daemon/writer are for watch.
 *
 * Where there is more than one batch, a thread commits them in their order
 * while the next one is read and parsed. A few mails are committed on the spot.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include <pthread.h>

#include "env.h"
#include "ingest.h"

/* One is being filled, one is being committed, one waits. */
#define INTAKE_BATCHES 3u

struct intake {
	struct env *env;
	struct house *house;
	/* To be used only before a mail is taken, and after intake_commit();
	 * the same holds for the database of env. */
	struct ledger *ledger;
	struct tally tally; /* complete after intake_commit() */
	bool rehearsal;     /* judge and count, record nothing */
	int status;         /* of what went on in spite of it */
	char scratch[32];   /* a folder for a rehearsal without a database */

	/* intake.c's own: a ring of batches. */
	struct ingest_batch *batches[INTAKE_BATCHES];
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool opened, threaded, stop;
	unsigned handed, done; /* of all; the one at `handed` is being filled */
	bool broken;           /* a commit failed: nothing more is recorded */
	size_t lost;           /* mails of that batch and those behind it */
	struct tally recorded;
};

/*
 * Open configuration, database and ledger; a rehearsal where there is no
 * database yet goes on in one that goes away. An exit status; what was opened
 * is given back by intake_close() in either case.
 */
int intake_open(struct intake *in, struct env *e)
	__attribute__((warn_unused_result));
void intake_close(struct intake *in);

/*
 * Take one mail; hands in a batch that is full. An exit status: that of an
 * earlier batch, too, which could not be recorded.
 */
int intake_take(struct intake *in, const struct ingest_mail *m)
	__attribute__((warn_unused_result));

/* Commit what was taken. An exit status. */
int intake_commit(struct intake *in) __attribute__((warn_unused_result));

/*
 * After the last commit: what comes with time, and what the guard made of it
 * all: incidents that opened are told on stderr, unless quiet. An exit status.
 */
int intake_finish(struct intake *in, bool quiet)
	__attribute__((warn_unused_result));

#endif
