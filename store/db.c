/*
 * The open database: faults, transactions, labels, checks. Only the functions
 * here begin and end transactions; a hook undoes any other commit, so that a
 * statement outside of a transaction is found by the first test that runs it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include <sqlite3.h>

#include "db_private.h"
#include "fnv.h"

static const struct fault_row {
	int code; /* primary result code */
	enum db_fault fault;
	const char *text; /* for a person; NULL: what SQLite says */
} fault_rows[] = {
	{SQLITE_BUSY,     DB_LOCKED,
         "another program is writing to it (waited for 5 seconds)"     },
	{SQLITE_PROTOCOL, DB_LOCKED,
         "other programs keep it locked (tried for some seconds)"      },
	{SQLITE_FULL,     DB_FULL,    NULL                             },
	{SQLITE_IOERR,    DB_FULL,    NULL                             },
	{SQLITE_NOMEM,    DB_FULL,    NULL                             },
	{SQLITE_CORRUPT,  DB_DAMAGED, "it is damaged; restore a backup"},
	{SQLITE_NOTADB,   DB_DAMAGED, "it is not a database"           },
	{SQLITE_PERM,     DB_DENIED,  NULL                             },
	{SQLITE_AUTH,     DB_DENIED,  NULL                             },
	{SQLITE_READONLY, DB_DENIED,  NULL                             },
	{SQLITE_CANTOPEN, DB_DENIED,  NULL                             },
};

static const struct {
	int error;
	enum db_fault fault;
} errno_rows[] = {
	{ENOENT,  DB_MISSING},
	{ENOTDIR, DB_MISSING},
	{EACCES,  DB_DENIED },
	{EPERM,   DB_DENIED },
	{EROFS,   DB_DENIED },
	{ELOOP,   DB_DENIED },
	{EISDIR,  DB_DAMAGED},
};

int db_fail(struct db *db, enum db_fault fault, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(db->error, sizeof(db->error), format, ap);
	va_end(ap);
	db->fault = fault;
	return -1;
}

int db_fail_sqlite(struct db *db, int rc)
{
	const char *text = sqlite3_errmsg(db->sqlite);

	db->code = rc;
	/* SQLite may not have noticed what we found. */
	if (sqlite3_errcode(db->sqlite) == SQLITE_OK)
		text = sqlite3_errstr(rc);
	for (size_t i = 0; i < sizeof(fault_rows) / sizeof(*fault_rows); i++) {
		const struct fault_row *row = &fault_rows[i];

		if (row->code == (rc & 0xff))
			return db_fail(db, row->fault, "unable to use '%s': %s",
				db->path, row->text ? row->text : text);
	}
	return db_fail(db, DB_INTERNAL, "unable to use '%s': %s (SQLite %d)",
		db->path, text, rc);
}

int db_fail_errno(struct db *db, int error, const char *doing)
{
	enum db_fault fault = DB_FULL;
	char buf[128];

	for (size_t i = 0; i < sizeof(errno_rows) / sizeof(*errno_rows); i++)
		if (errno_rows[i].error == error)
			fault = errno_rows[i].fault;
	return db_fail(db, fault, "unable to %s '%s': %s", doing, db->path,
		strerror_r(error, buf, sizeof(buf)));
}

const char *db_error(const struct db *db)
{
	return db->error;
}

const char *db_path(const struct db *db)
{
	return db->path;
}

bool db_is_mounted_read_only(const struct db *db)
{
	struct statvfs v;

	return statvfs(db->path, &v) == 0 && (v.f_flag & ST_RDONLY);
}

enum db_fault db_fault(const struct db *db)
{
	return db->fault;
}

int db_exec(struct db *db, const char *sql)
{
	int rc = sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL);

	return rc ? db_fail_sqlite(db, rc) : 0;
}

static int take_int(void *arg, int n, char **values, char **names)
{
	(void)names;
	if (n > 0 && values[0])
		*(int64_t *)arg = strtoll(values[0], NULL, 10);
	return 0;
}

int db_exec_int(struct db *db, const char *sql, int64_t *out)
{
	int rc;

	*out = 0;
	rc = sqlite3_exec(db->sqlite, sql, take_int, out, NULL);
	return rc ? db_fail_sqlite(db, rc) : 0;
}

static int run(struct db *db, enum sql_id id)
{
	struct sql s = sql_get(db, id);

	return sql_run(&s);
}

int db_begin(struct db *db)
{
	return run(db, SQL_BEGIN);
}

/*
 * Without a watch nobody else would keep the WAL short during a long ingest;
 * with one, its lock keeps us away. Readers that come one after the other, as
 * an export's pages do, would keep the WAL from ever beginning anew: where it
 * has grown beyond what a checkpoint should have left, they are waited for.
 */
static void checkpoint(struct db *db, int how)
{
	if (db->mode != DB_WATCH && !db_lock_checkpoint(db))
		return;
	(void)sqlite3_busy_timeout(db->sqlite, DB_RESTART_MS);
	/* The commit stands whatever comes of this. */
	(void)sqlite3_wal_checkpoint_v2(db->sqlite, NULL, how, NULL, NULL);
	(void)sqlite3_busy_timeout(db->sqlite, DB_BUSY_MS);
	if (db->mode != DB_WATCH)
		db_unlock_checkpoint(db);
}

static void keep_wal_short(struct db *db)
{
	if (db->wal_pages >= DB_CHECKPOINT_PAGES / 4 * 5)
		checkpoint(db, SQLITE_CHECKPOINT_RESTART);
	else if (db->wal_pages >= DB_CHECKPOINT_PAGES)
		checkpoint(db, SQLITE_CHECKPOINT_PASSIVE);
}

void db_shorten_wal(struct db *db)
{
	if (db->mode != DB_READ && db->sqlite && db->wal_pages)
		checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE);
}

int db_commit(struct db *db)
{
	int rc;

	db->committing = true;
	rc = run(db, SQL_COMMIT);
	db->committing = false;
	if (!rc)
		keep_wal_short(db);
	return rc;
}

void db_rollback(struct db *db)
{
	struct sql s;

	db_forget(db);
	/* SQLite itself rolls back after some errors. */
	if (!db->sqlite || sqlite3_get_autocommit(db->sqlite))
		return;
	s = sql_get(db, SQL_ROLLBACK);
	/* The error that led here is the one to tell. */
	if (s.stmt)
		(void)sqlite3_step(s.stmt);
	sql_end(&s);
}

int db_read_begin(struct db *db)
{
	return run(db, SQL_READ_BEGIN);
}

void db_read_end(struct db *db)
{
	struct sql s;

	if (sqlite3_get_autocommit(db->sqlite))
		return;
	/* COMMIT, not ROLLBACK: what went into temporary tables stays. */
	db->committing = true;
	s = sql_get(db, SQL_COMMIT);
	if (s.stmt)
		(void)sqlite3_step(s.stmt);
	sql_end(&s);
	db->committing = false;
}

int db_checkpoint(struct db *db)
{
	int rc;

	if (db->mode != DB_WATCH)
		return db_fail(db, DB_INTERNAL,
			"unable to checkpoint '%s': this is for the watch",
			db->path);
	rc = sqlite3_wal_checkpoint_v2(
		db->sqlite, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	/* Busy: a reader needs the rest of the WAL; the next time, then. */
	return rc && (rc & 0xff) != SQLITE_BUSY ? db_fail_sqlite(db, rc) : 0;
}

struct check_walk {
	void (*fn)(void *arg, const char *line);
	void *arg;
};

static int told_integrity(void *arg, int n, char **values, char **names)
{
	const struct check_walk *w = arg;

	(void)names;
	if (n > 0 && values[0] && strcmp(values[0], "ok") != 0)
		w->fn(w->arg, values[0]);
	return 0;
}

/* foreign_key_check gives table, rowid, parent table, index of the key. */
static int told_key(void *arg, int n, char **values, char **names)
{
	const struct check_walk *w = arg;
	char line[256];

	(void)names;
	if (n < 3)
		return 0;
	(void)snprintf(line, sizeof(line),
		"row %s of %s refers to a row of %s that is missing",
		values[1] ? values[1] : "?", values[0], values[2]);
	w->fn(w->arg, line);
	return 0;
}

int db_check(struct db *db, void (*fn)(void *arg, const char *line), void *arg)
{
	struct check_walk w = {fn, arg};
	int rc = sqlite3_exec(
		db->sqlite, "PRAGMA integrity_check", told_integrity, &w, NULL);

	if (!rc)
		rc = sqlite3_exec(db->sqlite, "PRAGMA foreign_key_check",
			told_key, &w, NULL);
	return rc ? db_fail_sqlite(db, rc) : 0;
}

static struct db_label_slot *slot_of(struct db *db, struct str label)
{
	return &db->labels[fnv_bytes(FNV_BEGIN, label) % DB_LABEL_SLOTS];
}

void db_forget(struct db *db)
{
	memset(db->labels, 0, sizeof(db->labels));
}

/* At most DB_LABEL_MAX bytes, and no character cut in two. */
struct str db_label_cut(struct str label)
{
	size_t n = DB_LABEL_MAX;

	if (label.n <= n)
		return label;
	while (n && ((unsigned char)label.p[n] & 0xc0) == 0x80)
		n--;
	return str_of(label.p, n);
}

int db_label_find(struct db *db, struct str label, int64_t *id)
{
	struct sql s = sql_get(db, SQL_LABEL_FIND);

	*id = 0;
	sql_text(&s, db_label_cut(label));
	return sql_one(&s, id);
}

static int find_or_add_label(struct db *db, struct str label, int64_t *id)
{
	int rc = db_label_find(db, label, id);
	struct sql s;

	if (rc)
		return rc < 0 ? -1 : 0;
	s = sql_get(db, SQL_LABEL_ADD);
	sql_text(&s, label);
	if (sql_run(&s))
		return -1;
	*id = sql_rowid(db);
	return 0;
}

int64_t db_label(struct db *db, struct str label)
{
	struct str l = label.p ? db_label_cut(label) : str_of("", 0);
	struct db_label_slot *slot;
	int64_t id;

	if (!l.n)
		return 0;
	slot = slot_of(db, l);
	if (slot->n == l.n && memcmp(slot->text, l.p, l.n) == 0)
		return slot->id;
	if (find_or_add_label(db, l, &id))
		return -1;
	if (l.n <= sizeof(slot->text)) {
		slot->id = id;
		slot->n = (unsigned char)l.n;
		memcpy(slot->text, l.p, l.n);
	}
	return id;
}
