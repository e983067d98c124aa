/*
 * Runs programs for the daemon: password_command, token_command, and what
 * alerts and reports leave by. A helper process, forked before the first thread
 * and before the database is open, does the forking for all: a process with
 * threads cannot do it safely, and SQLite's handles must not pass through a
 * fork.
 *
 * No shell. The program gets /dev/null or what is given for input, the
 * environment of the daemon, a process group of its own, and a limited time.
 */
#ifndef RUNNER_H
#define RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

#include "wake.h"

#define RUNNER_LINE_MAX 4096u /* bytes of the line that a program prints */

struct runner;

/* NULL: errno says why. Call it while there is one thread. */
struct runner *runner_start(void);

/* Ends the helper; what it runs at this moment is killed. NULL: nothing. */
void runner_stop(struct runner *r);

/* Hangs up when the helper has died: nothing can be run any more. */
int runner_fd(const struct runner *r);

struct runner_job {
	char *const *argv; /* argc strings; looked up in PATH */
	size_t argc;
	int64_t limit_ms;
	struct str input;   /* for its standard input; absent: /dev/null */
	bool may_be_silent; /* printing nothing is no failure */
	struct wake *wake;  /* its stop ends the program */
	char *line;         /* line_n > RUNNER_LINE_MAX */
	size_t line_n;
	char *why; /* for a person, when it fails */
	size_t why_n;
};

/*
 * Run a program. 0: it ended with status 0, and line has the first line that
 * it printed, without its end. -1: why tells what went wrong, with the first
 * line of its standard error, never with what it printed. Any thread.
 */
int runner_run(struct runner *r, const struct runner_job *job)
	__attribute__((warn_unused_result));

#endif
