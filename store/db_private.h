/*
 * The inside of struct db, for the files of the engine: db*.c and sql.c.
 * ledger and query use sql.h.
 */
#ifndef DB_PRIVATE_H
#define DB_PRIVATE_H

#include <sys/types.h>

#include "db.h"
#include "sql.h"

#define DB_APPLICATION_ID   0x62776174 /* "bwat", in the file's header */
#define DB_VERSION          6          /* user_version of schema.sql */
#define DB_BUSY_MS          5000
#define DB_CHECKPOINT_PAGES 16000
#define DB_RESTART_MS       200 /* that a checkpoint waits for readers */
#define DB_LABEL_MAX        255 /* bytes */

struct sqlite3;

/* A label that was looked up lately. */
struct db_label_slot {
	int64_t id;
	unsigned char n; /* 0: empty slot */
	char text[47];
};

#define DB_LABEL_SLOTS 512

struct db {
	struct sqlite3 *sqlite;
	enum db_mode mode;
	char *path; /* as given, for messages */
	char *file; /* absolute, symbolic links resolved */
	struct sqlite3_stmt *stmt[SQL_COUNT];
	enum db_fault fault;
	int code; /* of SQLite, extended, for the latest failure; or 0 */
	char error[512];
	bool committing; /* within db_commit() or db_read_end() */
	int wal_pages;   /* after the latest commit of this connection */
	int lock_fd;     /* of "<path>.lock", or -1 */
	const struct sql_given *given; /* sql.h; NULL: none */
	struct db_label_slot labels[DB_LABEL_SLOTS];
};

/* Set the error. Always -1, so that callers can return it. */
int db_fail(struct db *db, enum db_fault fault, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int db_fail_sqlite(struct db *db, int rc);
int db_fail_errno(struct db *db, int error, const char *doing);

/* Constant text only. */
int db_exec(struct db *db, const char *sql) __attribute__((warn_unused_result));

/* The one value that sql (constant text) gives. */
int db_exec_int(struct db *db, const char *sql, int64_t *out)
	__attribute__((warn_unused_result));

/* Forget the cached labels: they may never have been committed. */
void db_forget(struct db *db);

/* sql_given.c: make the table `given` known. 0, or SQLite's code. */
int sql_given_define(struct db *db) __attribute__((warn_unused_result));

/*
 * db.c: before a connection that has written closes: all of the WAL into the
 * database, and nothing left of it. SQLite does so for the last connection
 * only, and if that one reads it cannot: then each that opens the database next
 * would first have to read the whole WAL.
 */
void db_shorten_wal(struct db *db);

/* db_lock.c: "<path>.lock". */
int db_lock_watch(struct db *db) __attribute__((warn_unused_result));
void db_lock_release(struct db *db);

/* Whether this connection may checkpoint now; then db_unlock_checkpoint(). */
bool db_lock_checkpoint(struct db *db);
void db_unlock_checkpoint(struct db *db);

/* db_upgrade.c: what a file is, by its header. */
enum db_identity {
	DB_IS_OURS,
	DB_IS_EMPTY
};

int db_identify(struct db *db, enum db_identity *out)
	__attribute__((warn_unused_result));

/* One step of the schema: sql (may be NULL) and fn (may be NULL) lead from
 * one version to another; from 0, a new file, straight to the newest. */
struct db_step {
	int from, version;
	const char *sql;
	int (*fn)(struct db *db);
};

/*
 * Bring the schema to the version of the last of n steps, in one transaction.
 * Does nothing where it is there already.
 */
int db_upgrade(struct db *db, const struct db_step *steps, size_t n)
	__attribute__((warn_unused_result));
extern const struct db_step db_upgrade_steps[];
extern const size_t db_upgrade_steps_n;

/* db_words.c: bring the table words up to date. */
int db_words(struct db *db) __attribute__((warn_unused_result));

#endif
