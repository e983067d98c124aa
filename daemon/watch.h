/*
 * The loop: a worker thread for each watched folder with its own connection,
 * one writer thread that owns the database, and the main thread with signals
 * and timers. A broken folder never delays another.
 */
#ifndef WATCH_H
#define WATCH_H

#include "ingest.h"

/*
 * Watch until SIGTERM or SIGINT: catch up, IDLE, act after the commit.
 * config_path is read again at SIGHUP (a bad file keeps the old settings).
 * Returns an exit status (sysexits).
 */
int watch_run(const char *config_path, struct conf *conf);

/*
 * Fetch and record what the configured folders (of one account when only is
 * not NULL) hold now, act on it, and return. For `ingest --once`.
 */
int watch_once(const struct conf *conf, const char *only, struct tally *t);

#endif
