/*
 * A world and the program together: bounces go into a real ledger, the sender
 * takes its list from it each day, and time passes. What the program is told:
 * bounces, the clock, and in some runs mails sent or who opens mails.
 */
#ifndef RUN_H
#define RUN_H

#include <sqlite3.h>

#include "db_private.h"
#include "ledger.h"
#include "world.h"

enum knows {
	KNOWS_NOTHING,
	KNOWS_SENDS,
	KNOWS_ENGAGED
};

struct run {
	struct world world;
	enum knows knows;
	bool checks; /* the sender asks `check`, too: held ones are not mailed
		      */
	char dir[64];
	struct db *db, *other; /* other: what imports, and what looks */
	struct ledger_settings settings;
	struct ledger *ledger;
	int64_t now, seq;
	uint64_t mails, serial;
	double seconds; /* in the ledger */
	bool quick;     /* each minute a batch: else every ten */
	sqlite3_stmt *feed;
};

void run_begin(struct run *r, const struct sender *s, uint64_t seed,
	enum knows knows, const struct plant *plants, size_t n);
void run_end(struct run *r);

/* On to a time, which is a whole hour. */
void run_until(struct run *r, int64_t to);

/* All bounces up to a time are read in one night, then. */
void run_backlog(struct run *r, int64_t to);

/* The one number that a query gives; %lld in sql stands for the numbers. */
int64_t run_number(struct run *r, const char *sql, int64_t a, int64_t b);

/* How many that are alive are suppressed, by events from..to. */
int64_t run_living(struct run *r, int64_t from, int64_t to);

/* How many that are alive the sender does not mail. */
int64_t run_unmailed(const struct run *r);

/* With TRACE in the environment: the incidents of a time, and the living that
 * are suppressed. */
void run_trace(struct run *r, int64_t from, int64_t to);

/* Take what has changed since the last export. */
void run_export(struct run *r);

#endif
