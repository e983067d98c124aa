/*
 * What the daemon could not do: at most 500 rows (ledger_trouble.h).
 */
#include "query.h"
#include "query_private.h"

static bool read_trouble(struct rows *rows, const struct sql *s)
{
	struct query_trouble *t = rows_add(rows);

	if (!t)
		return false;
	*t = (struct query_trouble){
		.what = rows_text(rows, sql_col_text(s, 0)),
		.detail = rows_text(rows, sql_col_text(s, 1)),
		.began_at = sql_col(s, 2),
		.ended_at = sql_col(s, 3),
		.times = sql_col(s, 4),
	};
	return true;
}

static int read_all(struct db *db, int64_t from, int64_t to, struct rows *rows)
{
	struct sql s = sql_get(db, SQL_TROUBLE_LIST);
	int rc;

	sql_int(&s, to);
	sql_int(&s, from);
	while ((rc = sql_row(&s)) == 1)
		if (!read_trouble(rows, &s))
			break;
	sql_end(&s);
	if (rc < 0)
		return -1;
	return rc == 1 ? sql_no_memory(db) : rows_check(rows, db);
}

int query_troubles(struct db *db, int64_t from, int64_t to,
	query_trouble_fn *fn, void *arg)
{
	const struct query_trouble *t;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(*t));
	rc = read_all(db, from, to, &rows);
	t = rows.items;
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = fn(arg, &t[i]);
	rows_release(&rows);
	return rc;
}
