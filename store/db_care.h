/*
 * Looking after the file: its size by table, whether it is sound, a copy of it
 * while others write, giving back what is free. Behind it lies the `db`
 * command. Functions return 0, or -1 with the text in db_error().
 *
 * All but db_care_check() of the accounts hold a read transaction for as long
 * as they take: the WAL of a busy watch grows by what is recorded meanwhile.
 */
#ifndef DB_CARE_H
#define DB_CARE_H

#include "db.h"

/* How far a long work is, in "pages", "addresses" or "days"; total 0: not
 * known. */
typedef void db_care_at(
	void *arg, const char *what, uint64_t done, uint64_t total);

struct db_care_watch {
	db_care_at *at;
	void *arg;
};

/* Tables of the schema and those of SQLite itself. */
#define DB_CARE_TABLES 48

struct db_care_table {
	char name[32];
	int64_t rows;
	int64_t bytes;   /* of its pages; 0 where .sized is not set */
	int64_t indexes; /* bytes of the pages of its indexes */
};

struct db_care_stat {
	int64_t version; /* of the schema */
	int64_t bytes;   /* of the file, without the WAL */
	int64_t free;    /* of them in pages that are not in use */
	int64_t wal;     /* bytes of the -wal file */
	bool sized;      /* SQLite was built to tell the size of tables */
	size_t n;
	struct db_care_table tables[DB_CARE_TABLES]; /* the largest first */
	int64_t oldest, newest;  /* event times; 0: there are no events */
	int64_t oldest_evidence; /* event time; 0: there is none */
};

int db_care_stat(struct db *db, const struct db_care_watch *w,
	struct db_care_stat *out) __attribute__((warn_unused_result));

/* The first four of it: quickly, as no table is looked at. */
int db_care_size(struct db *db, struct db_care_stat *out)
	__attribute__((warn_unused_result));

/* A row of it by name; one of zeros where there is none. */
const struct db_care_table *db_care_table(
	const struct db_care_stat *s, const char *name);

/*
 * Whether the file is as SQLite wrote it and the rows are as we wrote them;
 * fn is told each thing that is wrong, at most DB_CARE_MOST of each kind.
 * QUICK leaves out what takes long: indexes against their tables, and the
 * accounts that are between tables.
 */
#define DB_CARE_MOST 100

enum db_care_depth {
	DB_CARE_QUICK,
	DB_CARE_ALL,
};

typedef void db_care_wrong(void *arg, const char *line);

struct db_care_check {
	enum db_care_depth depth;
	db_care_wrong *wrong;
	void *arg;
	struct db_care_watch watch;
};

int db_care_check(struct db *db, const struct db_care_check *c)
	__attribute__((warn_unused_result));

/*
 * Copy the database as it is at one moment into the file `to`, which must be
 * there and empty, and look at the copy as db_care_check(QUICK) would: what is
 * wrong with it is told, too. The copy is one file without a WAL; the caller
 * syncs it. *pages: how many it has.
 */
int db_care_backup(struct db *db, const char *to, const struct db_care_check *c,
	int64_t *pages) __attribute__((warn_unused_result));

/* By its header a database of ours; false where it cannot be read. */
bool db_care_is_ours(const char *path);

/*
 * Write the file anew without its free pages (DB_WATCH only: nobody else then
 * watches or checkpoints; who writes meanwhile waits, and gives up after 5 s).
 * *needs: the free bytes that it wants in the folder of the file, asked first:
 * with too few of them nothing is done, DB_FULL.
 */
int db_care_vacuum(struct db *db, const struct db_care_watch *w, int64_t *needs)
	__attribute__((warn_unused_result));

/* How many events before the day of this time have evidence. */
int db_care_evidence(struct db *db, int64_t before, int64_t *n)
	__attribute__((warn_unused_result));

/* How many rows there are of a state, with or without soft reasons: about what
 * an export will have. */
int db_care_suppressions(struct db *db, int state, bool no_soft, int64_t *n)
	__attribute__((warn_unused_result));

#endif
