/*
 * The database file: open, upgrade, prepared statements, transactions. The
 * only place that knows SQLite's ways (a second engine would stand beside it).
 *
 * A struct db belongs to one thread. Functions return 0, or -1 with the text
 * for a person in db_error(). Store never logs.
 */
#ifndef DB_H
#define DB_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

struct db;
struct sqlite3_stmt;

enum db_mode {
	DB_READ,   /* must exist; cannot write */
	DB_WRITE,  /* must exist; short transactions. Checkpoints only when the
		    * WAL has become long and no watch is there to do it */
	DB_CREATE, /* as DB_WRITE, made (mode 0640) when it does not exist */
	DB_WATCH,  /* as DB_CREATE; holds the watch lock and checkpoints */
};

/* Why a call failed: what the caller can do about it. */
enum db_fault {
	DB_OK = 0,
	DB_MISSING,  /* no such file: EX_NOINPUT */
	DB_DENIED,   /* permissions: EX_NOPERM */
	DB_LOCKED,   /* another watch, or busy for 5 s: EX_TEMPFAIL */
	DB_FULL,     /* disk full, I/O error, out of memory: EX_IOERR; close,
		      * and open again later */
	DB_DAMAGED,  /* no bouncewatch database, or corrupt: EX_DATAERR */
	DB_TOO_NEW,  /* written by a later version: EX_CONFIG */
	DB_TOO_OLD,  /* by an earlier one, and DB_READ: EX_CONFIG; whoever opens
		      * it to write brings it there */
	DB_INTERNAL, /* a bug: EX_SOFTWARE */
};

/*
 * Open path. Always gives *out (unless out of memory: NULL), so that
 * db_error(*out) can be told; db_close() it even after a failure.
 * Not a bouncewatch database, or a later version: the file stays untouched.
 * An older version is upgraded, unless the mode is DB_READ. A second DB_WATCH
 * fails at once with DB_LOCKED. "<path>.lock" is made and stays.
 */
int db_open(const char *path, enum db_mode mode, struct db **out)
	__attribute__((warn_unused_result));
void db_close(struct db *db); /* NULL does nothing */

/* Of the latest failure; "" and DB_OK when there was none. A text names the
 * file. */
const char *db_error(const struct db *db);
enum db_fault db_fault(const struct db *db);

/* As it was given to db_open(). */
const char *db_path(const struct db *db);

/* Whether its file system is mounted read-only. */
bool db_is_mounted_read_only(const struct db *db);

/*
 * BEGIN IMMEDIATE, COMMIT, ROLLBACK. Nothing else may commit: a statement that
 * writes outside of a transaction fails. After a failure within one, or of
 * db_commit() itself, db_rollback(). 0 of db_commit(): it is on the disk.
 */
int db_begin(struct db *db) __attribute__((warn_unused_result));
int db_commit(struct db *db) __attribute__((warn_unused_result));
void db_rollback(struct db *db);

/* Read transactions, to be kept short (100 ms): a long one grows the WAL. */
int db_read_begin(struct db *db) __attribute__((warn_unused_result));
void db_read_end(struct db *db);

/*
 * Checkpoint the WAL as far as possible without waiting (DB_WATCH only). It
 * also happens by itself, when a commit of this connection leaves 16,000 pages
 * in the WAL: this is for the times when others write and the watch does not.
 */
int db_checkpoint(struct db *db) __attribute__((warn_unused_result));

/* PRAGMA integrity_check and foreign_key_check: each thing that is wrong is
 * told through fn, nothing when all is well. Slow on a large database. */
int db_check(struct db *db, void (*fn)(void *arg, const char *line), void *arg)
	__attribute__((warn_unused_result));

/*
 * Interned string: its id in labels, -1 on failure. What is missing is made,
 * so it must be within db_begin(). At most 255 bytes of it count. Absent or
 * empty: 0; "*": 1.
 */
int64_t db_label(struct db *db, struct str label)
	__attribute__((warn_unused_result));

/* The same of one that is there: 1; 0 (*id too): there is none; -1. */
int db_label_find(struct db *db, struct str label, int64_t *id)
	__attribute__((warn_unused_result));

/* As much of a text as a label keeps. */
struct str db_label_cut(struct str label);

#endif
