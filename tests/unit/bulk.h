/*
 * Rows straight into a database of our schema, for worlds that would take the
 * ledger too long: without a journal, without foreign keys, each statement
 * prepared once. Who makes rows so has to make all that the ledger would have
 * made (`db check` tells).
 */
#ifndef BULK_H
#define BULK_H

#include <err.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <sqlite3.h>

#include "db_private.h"

static inline void bulk_exec(struct db *db, const char *sql)
{
	if (sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL))
		errx(2, "%s: %s", sql, sqlite3_errmsg(db->sqlite));
}

/* A new database at path; what was there goes. One transaction is open. */
static inline struct db *bulk_open(const char *path)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char name[4096];
	struct db *db;

	for (unsigned i = 0; i < 3; i++) {
		(void)snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		(void)unlink(name);
	}
	if (db_open(path, DB_CREATE, &db))
		errx(2, "%s", db_error(db));
	/* What a product keeps itself from. */
	(void)sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	(void)sqlite3_db_config(
		db->sqlite, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
	(void)sqlite3_commit_hook(db->sqlite, NULL, NULL);
	bulk_exec(db, "PRAGMA locking_mode = EXCLUSIVE;"
		      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
		      "PRAGMA cache_size = -2000000; BEGIN");
	return db;
}

/* For who opens it next. */
static inline void bulk_close(struct db *db)
{
	bulk_exec(db, "COMMIT; PRAGMA locking_mode = NORMAL;"
		      "PRAGMA journal_mode = WAL");
	db_close(db);
}

static inline sqlite3_stmt *bulk_prepare(struct db *db, const char *sql)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(db->sqlite, sql, -1, &s, NULL))
		errx(2, "%s: %s", sql, sqlite3_errmsg(db->sqlite));
	return s;
}

/* Run it with n integers; a text or blob is bound before, at n + 1. */
static inline void bulk_put(sqlite3_stmt *s, int n, ...)
{
	va_list v;

	va_start(v, n);
	for (int i = 1; i <= n; i++)
		(void)sqlite3_bind_int64(s, i, va_arg(v, int64_t));
	va_end(v);
	if (sqlite3_step(s) != SQLITE_DONE)
		errx(2, "%s", sqlite3_errmsg(sqlite3_db_handle(s)));
	(void)sqlite3_reset(s);
}

#endif
