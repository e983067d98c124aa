/*
 * Mails on their way into the database for a command that runs once: ingest,
 * and import of events. Gathers batches and commits them; what daemon/worker
 * and daemon/writer are for watch.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include "env.h"
#include "ingest.h"

struct intake {
	struct env *env;
	struct house *house;
	struct ledger *ledger;
	struct ingest_batch *batch;
	struct tally tally;
	bool rehearsal;   /* judge and count, record nothing */
	int status;       /* of what went on in spite of it */
	char scratch[32]; /* a folder for a rehearsal without a database; "" */
};

/*
 * Open configuration, database and ledger; a rehearsal where there is no
 * database yet goes on in one that goes away. An exit status; what was opened
 * is given back by intake_close() in either case.
 */
int intake_open(struct intake *in, struct env *e)
	__attribute__((warn_unused_result));
void intake_close(struct intake *in);

/* Take one mail; commits when a batch is full. An exit status. */
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
