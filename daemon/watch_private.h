/*
 * Shared by watch*.c, and by nobody else.
 */
#ifndef WATCH_PRIVATE_H
#define WATCH_PRIVATE_H

#include "watch.h"
#include "worker.h"

enum watch_phase {
	WATCH_RUNNING,
	WATCH_RELOADING,
	WATCH_ENDING
};

struct watch {
	const char *config_path;
	struct conf *conf; /* the caller's, replaced in place */
	struct conf next;  /* to take its place while reloading */
	struct house *house, *next_house;
	struct db *db;
	struct writer writer;
	struct runner *runner;
	struct wake wake; /* workers and the writer poke it */
	struct worker_shared shared;
	struct tally tally;        /* of the writers before this one */
	struct courier *courier;   /* NULL: nobody is to be told anything */
	struct exporter *exporter; /* these three NULL: not configured */
	struct feeder *feeder;
	struct reporter *reporter;
	struct writer_job keeping; /* housekeeping in the writer's queue */
	bool is_keeping, keep_more;
	int64_t retain_at; /* clock_ms() when old evidence is looked for */
	struct worker **workers;
	size_t n;
	int signals, timer;
	enum watch_phase phase;
	bool reload_again; /* told so while it was reloading */
	int64_t ends_at;   /* clock_ms() when waiting for workers is over */
	int64_t keep_at;   /* when housekeeping is due */
	int status;
	char told[128]; /* the last STATUS= */
};

/* watch_setup.c: what is opened and closed, and in which order. Exit statuses
 * of sysexits; the reason was logged. */
int watch_open(struct watch *w);
void watch_close(struct watch *w);
int watch_start_writer(struct watch *w);
int watch_start_workers(struct watch *w);
/* Courier, exporter, feeder and reporter, which are started with the writer. */
void watch_stop_helpers(struct watch *w);

/* Tell them to end; phase says what comes then. */
void watch_stop_workers(struct watch *w, enum watch_phase phase);
bool watch_workers_have_ended(struct watch *w);
void watch_free_workers(struct watch *w);

/* The exit status for this fault of the database. */
int watch_db_status(enum db_fault fault);

/* watch_reload.c: SIGHUP. */
void watch_begin_reload(struct watch *w);
int watch_finish_reload(struct watch *w);

#endif
