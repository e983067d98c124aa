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
	bool bulk;      /* each hour */
	const struct plant *watched;
	int64_t enough;         /* 0: not yet; when anybody could have told */
	int64_t last;           /* refusal */
	uint32_t most, planted; /* of its bucket: in an hour; refusals */
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

/*
 * When enough of a plant has happened to tell: 15 of its refusals without a
 * pause of 6 hours, and six times as many as its bucket had in the highest hour
 * of the weeks before.
 * Whoever knows more may tell earlier. In enough.
 */
void run_watch(struct run *r, const struct plant *p);

/* Not suppressed: of the dead that a plant found; of what was imported, where
 * the evidence is not weak. */
int64_t run_found(const struct run *r);
int64_t run_imported(const struct run *r);

/* n bounces that bear none of our marks. */
void run_forge(struct run *r, int n);

/* us for a decision of policy. */
double run_policy(void);

/* With TRACE in the environment: the incidents of a time, and the living that
 * are suppressed. */
void run_trace(struct run *r, int64_t from, int64_t to);

/* Take what has changed since the last export. */
void run_export(struct run *r);

#endif
