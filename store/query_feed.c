/*
 * The change log as it grows, for who follows it: a piece at a time, from
 * where the reader has come.
 */
#include "query.h"
#include "query_private.h"

#define MOST 10000u

static int read_piece(
	struct db *db, int64_t after, size_t limit, struct rows *rows)
{
	struct sql s = sql_get(db, SQL_CHANGE_FEED);
	int rc;

	sql_int(&s, after);
	sql_int(&s, (int64_t)(limit < MOST ? limit : MOST));
	while ((rc = sql_row(&s)) == 1)
		if (!query_change_read(rows, &s))
			break;
	sql_end(&s);
	if (rc < 0)
		return -1;
	return rc == 1 ? sql_no_memory(db) : rows_check(rows, db);
}

int query_feed(struct db *db, int64_t after, size_t limit, query_change_fn *fn,
	void *arg)
{
	const struct query_change *c;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(*c));
	rc = read_piece(db, after, limit, &rows);
	c = rows.items;
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = fn(arg, &c[i]);
	rows_release(&rows);
	return rc;
}
