/*
 * Prepared statements, for the files of this room: the texts are in
 * statements.def. Errors are sticky within a struct sql and come out of
 * sql_row() or sql_run(), with the text in db_error(): what binds need not
 * be checked one by one.
 *
 *	struct sql s = sql_get(db, SQL_ADDRESS_FIND);
 *	sql_text(&s, key);
 *	found = sql_row(&s);
 *	if (found == 1)
 *		id = sql_col(&s, 0);
 *	sql_end(&s);
 *
 * A statement is one per connection: sql_end() it before it is got again.
 */
#ifndef SQL_H
#define SQL_H

#include <stdint.h>

#include "db.h"
#include "str.h"

enum sql_id {
#define SQL(NAME, text) SQL_##NAME,
#include "statements.def"
#undef SQL
	SQL_COUNT
};

struct sql {
	struct db *db;
	struct sqlite3_stmt *stmt; /* NULL: it could not be prepared */
	enum sql_id id;
	int bound; /* parameters bound so far */
	int rc;    /* first failure of SQLite, or 0 */
};

struct sql sql_get(struct db *db, enum sql_id id);

/* Bind the next parameter; strings must live until sql_end(). */
void sql_int(struct sql *s, int64_t v);
void sql_nonzero(struct sql *s, int64_t v); /* 0: NULL */
void sql_null(struct sql *s);
void sql_real(struct sql *s, double v);
void sql_text(struct sql *s, struct str v);  /* absent: NULL */
void sql_bytes(struct sql *s, struct str v); /* as a blob */

/* The next row: 1, or 0 after the last one, or -1. */
int sql_row(struct sql *s) __attribute__((warn_unused_result));

/* Columns of the row, from 0; NULL gives 0 or the absent slice. Slices live
 * until the next sql_row() or sql_end(). */
int64_t sql_col(const struct sql *s, int i);
double sql_col_real(const struct sql *s, int i);
struct str sql_col_text(const struct sql *s, int i);
bool sql_col_is_null(const struct sql *s, int i);

/* Leave the statement; after a failure, too. */
void sql_end(struct sql *s);

/* Run to the end and leave: 0 or -1. */
int sql_run(struct sql *s) __attribute__((warn_unused_result));

/* One number: *out of the first row and column. 1, 0 (no row), -1. Leaves. */
int sql_one(struct sql *s, int64_t *out) __attribute__((warn_unused_result));

/* Rows that the last sql_run() of an INSERT, UPDATE or DELETE changed, and
 * the rowid that an INSERT gave. */
int64_t sql_changed(struct db *db);
int64_t sql_rowid(struct db *db);

/*
 * Make the temporary tables of this connection (settle, tally) where they are
 * missing, and run clear, which empties one. Not inside a transaction.
 */
int sql_scratch(struct db *db, enum sql_id clear)
	__attribute__((warn_unused_result));

/*
 * Rows of ours as the table `given (number, text)`, for a statement to join
 * with: their rowid is their place, from 0. One statement that is fed with a
 * million keys takes half of what a million runs of one take.
 *
 * read() gives row i: *number is 0 and *text absent (NULL) before. They are
 * read in order, each once, as the statement comes to them; a text must live
 * until the next one is read.
 */
struct sql_given {
	void (*read)(void *arg, size_t i, int64_t *number, struct str *text);
	void *arg;
	size_t n;
};

/* What `given` is on this connection until the next call; g must live as long
 * as a statement runs with it. NULL: it is empty. */
void sql_give(struct db *db, const struct sql_given *g);

/* -1, with "out of memory" as the error. */
int sql_no_memory(struct db *db);

/* -1, with the error of another connection. */
int sql_fail_as(struct db *db, const struct db *other);

#endif
