/*
 * The table `given`: a virtual table without anything of its own. It is always
 * read from the front to the end, so it has no plan to choose, and it is the
 * outer loop of whatever joins with it (CROSS JOIN).
 */
#include <stdlib.h>

#include <sqlite3.h>

#include "db_private.h"

enum column {
	COLUMN_NUMBER,
	COLUMN_TEXT
};

/* The base comes first, as SQLite wants it. */
struct table {
	sqlite3_vtab base;
	struct db *db;
};

struct cursor {
	sqlite3_vtab_cursor base;
	const struct sql_given *g;
	size_t i, n;
	int64_t number;
	struct str text;
};

/* The signature is not ours. */
static int given_connect(sqlite3 *sqlite, void *arg, int argc,
	const char *const *argv, sqlite3_vtab **out, char **error)
{
	struct table *t;
	int rc = sqlite3_declare_vtab(
		sqlite, "CREATE TABLE given (number INTEGER, text TEXT)");

	(void)argc;
	(void)argv;
	(void)error;
	if (rc)
		return rc;
	t = calloc(1, sizeof(*t));
	if (!t)
		return SQLITE_NOMEM;
	t->db = arg;
	*out = &t->base;
	return SQLITE_OK;
}

static int given_disconnect(sqlite3_vtab *t)
{
	free(t);
	return SQLITE_OK;
}

static int given_best_index(sqlite3_vtab *t, sqlite3_index_info *info)
{
	(void)t;
	info->estimatedRows = 1000000;
	info->estimatedCost = 1000000;
	return SQLITE_OK;
}

static int given_open(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
	struct cursor *c = calloc(1, sizeof(*c));

	(void)t;
	if (!c)
		return SQLITE_NOMEM;
	*out = &c->base;
	return SQLITE_OK;
}

static int given_close(sqlite3_vtab_cursor *c)
{
	free(c);
	return SQLITE_OK;
}

static void read_row(struct cursor *c)
{
	c->number = 0;
	c->text = STR_NULL;
	if (c->i < c->n)
		c->g->read(c->g->arg, c->i, &c->number, &c->text);
}

/* The signature is not ours. */
static int given_filter(sqlite3_vtab_cursor *base, int number, const char *name,
	int argc, sqlite3_value **argv)
{
	struct cursor *c = (struct cursor *)base;

	(void)number;
	(void)name;
	(void)argc;
	(void)argv;
	c->g = ((const struct table *)base->pVtab)->db->given;
	c->i = 0;
	c->n = c->g ? c->g->n : 0;
	read_row(c);
	return SQLITE_OK;
}

static int given_next(sqlite3_vtab_cursor *base)
{
	struct cursor *c = (struct cursor *)base;

	c->i++;
	read_row(c);
	return SQLITE_OK;
}

static int given_eof(sqlite3_vtab_cursor *base)
{
	const struct cursor *c = (const struct cursor *)base;

	return c->i >= c->n;
}

static int given_column(sqlite3_vtab_cursor *base, sqlite3_context *x, int i)
{
	const struct cursor *c = (const struct cursor *)base;

	if (i == COLUMN_NUMBER)
		sqlite3_result_int64(x, c->number);
	else
		sqlite3_result_text64(
			x, c->text.p, c->text.n, SQLITE_STATIC, SQLITE_UTF8);
	return SQLITE_OK;
}

static int given_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((const struct cursor *)base)->i;
	return SQLITE_OK;
}

int sql_given_define(struct db *db)
{
	/* Without xCreate it is there by itself, and only so. */
	static const sqlite3_module module = {
		.xConnect = given_connect,
		.xBestIndex = given_best_index,
		.xDisconnect = given_disconnect,
		.xOpen = given_open,
		.xClose = given_close,
		.xFilter = given_filter,
		.xNext = given_next,
		.xEof = given_eof,
		.xColumn = given_column,
		.xRowid = given_rowid,
	};

	return sqlite3_create_module(db->sqlite, "given", &module, db);
}

void sql_give(struct db *db, const struct sql_given *g)
{
	db->given = g;
}
