/*
 * A bar on stderr for work that takes more than a second: only where stderr is
 * a terminal that can wipe a line, never in a pipe. One at a time.
 *
 *	[#######.......] 42 %  4200 of 10000 events, 1310/s, 4 s left
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* total 0: not known, only the count is shown. what: "messages"; "bytes" are
 * shown as kB, MB, GB. */
void progress_start(const char *what, uint64_t total);

/* Whether a bar might appear: to count a total is of use only then. */
bool progress_is_on(void);

/* Say how far the work is; cheap enough to be called for each item. */
void progress_at(uint64_t done);

/* The same for a file that is read to its end, from where it stands: where it
 * is none, the bytes so far. The position is asked for only when needed. */
void progress_start_file(FILE *f);
void progress_at_file(FILE *f);

/* Wipe the bar away, so that a message can be written; it comes back. */
void progress_hide(void);

/* Data goes to stdout. Where that is a terminal as well, its lines are what
 * shows that work is done, and a bar between them would be in their way. */
void progress_yield(void);

void progress_end(void);

#endif
