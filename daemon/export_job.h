/*
 * One export from beginning to end, for `export` and for the daemon.
 *
 *	struct export_job job = EXPORT_JOB_INIT;
 *	struct export_result result;
 *
 *	job.format = export_find("ses");
 *	job.output = "/srv/lists/ses.csv";
 *	job.cursor = "crm";
 *	job.removals = "/srv/lists/ses-removals.csv";
 *	status = export_job_check(&job);
 *	if (!status)
 *		status = export_job_run(&env, &job, &result);
 *
 * It keeps nothing between calls and has no state of its own; the env is the
 * caller's, of one thread: .conf, .config and .db must be set (a job with a
 * cursor writes: not DB_READ), .out for a list on standard output, .now; it
 * uses .arena and .charset. No transaction may be open.
 *
 * How long a list became is kept for the next time (export_size.h), so a job
 * that writes a file opens the database for writing for a moment.
 *
 * Messages go out by say(). Both functions give an exit status: 0, EX_USAGE
 * (the job makes no sense), EX_CANTCREAT, EX_IOERR (a file), EX_TEMPFAIL (try
 * again: busy, or the cursor was moved by somebody else), as env_db_failed().
 *
 * The order in which things become real, so that a crash anywhere costs work
 * only: all parts of all files are on the disk beside their places; .allow is
 * asked; the removals are put in place, then the additions; the cursor moves.
 * A crash before the last step gives the same changes again, and more of them
 * since. Of several parts the last is put in place first; those that an
 * earlier, longer export left behind go; the first comes last: when the file
 * that was asked for is new, all that belongs to it is there.
 */
#ifndef EXPORT_JOB_H
#define EXPORT_JOB_H

#include "env.h"
#include "export.h"

struct ledger;
struct export_result;

/* What is to be written. Members that are NULL or 0 do not restrict. */
struct export_job {
	const struct export_format *format;
	const char *output;   /* path; NULL: env->out, without a cursor only */
	const char *removals; /* path; with a cursor only, and then needed */
	const char *cursor;   /* what changed since this name last asked; NULL:
			       * the whole list */
	const char *scope, *domain;
	int reason;       /* enum verdict_reason; 0: any */
	enum state state; /* SUPPRESSED or HELD */
	bool or_held;     /* and HELD, beside SUPPRESSED */
	int64_t after, before;
	bool include_soft; /* also where the format has no expiry */
	bool hashed;       /* SHA-256 of the addresses */
	bool yes_global;   /* the format may mix what is its reader's own */
	bool force;        /* however much the list has changed */
	bool progress;     /* a bar on a terminal: of one thread only */
	/* Asked now and then: true ends it with EX_TEMPFAIL. */
	bool (*stop)(void *arg);
	void *stop_arg;
	/* With a cursor: the caller's ledger on env->db, which is then used to
	 * move it; NULL: one is opened for it. */
	struct ledger *ledger;
	/* Asked when everything is written and nothing is in place. An exit
	 * status: not 0 leaves everything as it was, the cursor, too. */
	int (*allow)(void *arg, const struct export_result *r);
	void *allow_arg;
};

#define EXPORT_JOB_INIT                                                        \
	{                                                                      \
		.state = STATE_SUPPRESSED                                      \
	}

/* What became of it. */
struct export_result {
	uint64_t adds;     /* addresses (with scopes: rows) that were written */
	uint64_t removals; /* with a cursor */
	uint64_t left_out; /* that the format cannot express */
	size_t adds_parts, removals_parts; /* files */
	bool is_new;      /* the cursor was made: it is the whole list */
	bool refused;     /* it changed too much: EX_DATAERR */
	int64_t from, to; /* with a cursor, its place before (-1: new), and
			   * now: seq of the change log */
};

/* Whether it is to end; seen: rows so far, each 256th is asked. */
static inline bool export_job_stopped(const struct export_job *j, uint64_t seen)
{
	return j->stop && seen % 256 == 0 && j->stop(j->stop_arg);
}

/* What is wrong with the job itself; nothing is opened. */
int export_job_check(const struct export_job *j)
	__attribute__((warn_unused_result));

int export_job_run(struct env *e, const struct export_job *j,
	struct export_result *r) __attribute__((warn_unused_result));

#endif
