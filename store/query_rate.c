/*
 * What a rate is made of beside bounces: how much was sent.
 */
#include "query.h"
#include "query_private.h"

#define HOUR 3600

struct sent_row {
	struct str name;
	int64_t n;
};

static bool read_sent(struct rows *rows, const struct sql *s)
{
	struct sent_row *row = rows_add(rows);

	if (!row)
		return false;
	row->name = rows_text(rows, sql_col_text(s, 0));
	if (!row->name.p)
		row->name = str_of("", 0);
	row->n = sql_col(s, 1);
	return true;
}

int query_sent(struct db *db, enum incident_kind kind, int64_t from, int64_t to,
	query_sent_fn *fn, void *arg)
{
	struct sql s = sql_get(db, SQL_SENT_LIST);
	const struct sent_row *row;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(*row));
	sql_int(&s, kind);
	sql_int(&s, from / HOUR);
	sql_int(&s, (to + HOUR - 1) / HOUR);
	while ((rc = sql_row(&s)) == 1)
		if (!read_sent(&rows, &s))
			break;
	sql_end(&s);
	if (rc == 1)
		rc = sql_no_memory(db);
	else if (!rc)
		rc = rows_check(&rows, db);
	row = rows.items;
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = fn(arg, row[i].name, row[i].n);
	rows_release(&rows);
	return rc;
}
