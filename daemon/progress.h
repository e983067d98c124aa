/*
 * A bar on stderr for work that takes more than a second: only where stderr is
 * a terminal, never in a pipe. One at a time.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdint.h>

/* total 0: not known, only the count is shown. what: "messages". */
void progress_start(const char *what, uint64_t total);

/* Say how far the work is; cheap enough to be called for each item. */
void progress_at(uint64_t done);

/* Wipe the bar away, so that a message can be written; it comes back. */
void progress_hide(void);

void progress_end(void);

#endif
