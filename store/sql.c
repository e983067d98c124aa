/*
 * Statements are prepared once and kept, because preparing one costs ten times
 * its run. Every value goes through a bind with its length: no text from
 * outside ever becomes part of a statement, and a NUL in it is only a byte.
 */
#include "sql.h"

#include <string.h>

#include <sqlite3.h>

#include "db_private.h"

static const char *const texts[SQL_COUNT] = {
#define SQL(NAME, text) text,
#include "statements.def"
#undef SQL
};

struct sql sql_get(struct db *db, enum sql_id id)
{
	struct sql s = {.db = db, .id = id};

	if (!db->stmt[id])
		s.rc = sqlite3_prepare_v3(db->sqlite, texts[id], -1,
			SQLITE_PREPARE_PERSISTENT, &db->stmt[id], NULL);
	s.stmt = db->stmt[id];
	return s;
}

static void note(struct sql *s, int rc)
{
	if (!s->rc)
		s->rc = rc;
}

void sql_int(struct sql *s, int64_t v)
{
	note(s, sqlite3_bind_int64(s->stmt, ++s->bound, v));
}

void sql_nonzero(struct sql *s, int64_t v)
{
	if (v)
		sql_int(s, v);
	else
		sql_null(s);
}

void sql_null(struct sql *s)
{
	note(s, sqlite3_bind_null(s->stmt, ++s->bound));
}

void sql_real(struct sql *s, double v)
{
	note(s, sqlite3_bind_double(s->stmt, ++s->bound, v));
}

void sql_text(struct sql *s, struct str v)
{
	note(s, sqlite3_bind_text64(s->stmt, ++s->bound, v.p, v.n,
			SQLITE_STATIC, SQLITE_UTF8));
}

void sql_bytes(struct sql *s, struct str v)
{
	note(s, sqlite3_bind_blob64(
			s->stmt, ++s->bound, v.p, v.n, SQLITE_STATIC));
}

/* A parameter that was forgotten would keep the value of the run before. */
static bool all_bound(const struct sql *s)
{
	return s->bound == sqlite3_bind_parameter_count(s->stmt);
}

int sql_row(struct sql *s)
{
	int rc = s->rc;

	if (!rc && !all_bound(s))
		rc = SQLITE_MISUSE;
	if (!rc)
		rc = sqlite3_step(s->stmt);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	s->rc = rc;
	return db_fail_sqlite(s->db, rc);
}

int64_t sql_col(const struct sql *s, int i)
{
	return sqlite3_column_int64(s->stmt, i);
}

double sql_col_real(const struct sql *s, int i)
{
	return sqlite3_column_double(s->stmt, i);
}

struct str sql_col_text(const struct sql *s, int i)
{
	const void *p = sqlite3_column_blob(s->stmt, i);
	int n = sqlite3_column_bytes(s->stmt, i);

	/* SQLite gives NULL for an empty blob, too. */
	if (!p && sqlite3_column_type(s->stmt, i) != SQLITE_NULL)
		p = "";
	return str_of(p, (size_t)n);
}

bool sql_col_is_null(const struct sql *s, int i)
{
	return sqlite3_column_type(s->stmt, i) == SQLITE_NULL;
}

void sql_end(struct sql *s)
{
	if (s->stmt)
		(void)sqlite3_reset(s->stmt); /* says again what step said */
}

int sql_run(struct sql *s)
{
	int rc;

	do
		rc = sql_row(s);
	while (rc == 1);
	sql_end(s);
	return rc;
}

int sql_one(struct sql *s, int64_t *out)
{
	int rc = sql_row(s);

	if (rc == 1)
		*out = sql_col(s, 0);
	sql_end(s);
	return rc;
}

int64_t sql_changed(struct db *db)
{
	return sqlite3_changes64(db->sqlite);
}

int64_t sql_rowid(struct db *db)
{
	return sqlite3_last_insert_rowid(db->sqlite);
}

int sql_no_memory(struct db *db)
{
	return db_fail(
		db, DB_FULL, "unable to use '%s': out of memory", db->path);
}

int sql_fail_as(struct db *db, const struct db *other)
{
	return db == other ? -1 : db_fail(db, other->fault, "%s", other->error);
}

static const char scratch_schema[] =
	"CREATE TEMP TABLE IF NOT EXISTS settle (address_id INTEGER NOT NULL,"
	" scope INTEGER NOT NULL, PRIMARY KEY (address_id, scope))"
	" WITHOUT ROWID;"
	"CREATE TEMP TABLE IF NOT EXISTS tally (name TEXT NOT NULL,"
	" class INTEGER NOT NULL, reason INTEGER NOT NULL, n INTEGER NOT NULL,"
	" PRIMARY KEY (name, class, reason)) WITHOUT ROWID;";

int sql_scratch(struct db *db, enum sql_id clear)
{
	struct sql s;
	int rc;

	if (db_read_begin(db))
		return -1;
	rc = db_exec(db, scratch_schema);
	if (!rc) {
		s = sql_get(db, clear);
		rc = sql_run(&s);
	}
	db_read_end(db);
	return rc;
}
