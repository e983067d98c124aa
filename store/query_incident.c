/*
 * Incidents, and the addresses that each holds or held.
 */
#include "query.h"
#include "query_private.h"

static bool read_incident(struct rows *rows, const struct sql *s)
{
	struct query_incident *q = rows_add(rows);
	struct str name = sql_col_text(s, 2);

	if (!q)
		return false;
	q->i = (struct ledger_incident){
		.id = sql_col(s, 0),
		.kind = (enum incident_kind)sql_col(s, 1),
		.name = name.n ? rows_text(rows, name) : str_of("", 0),
		.cause = (enum incident_cause)sql_col(s, 3),
		.state = (enum incident_state)sql_col(s, 4),
		.from = sql_col(s, 5),
		.to = sql_col(s, 6),
		.opened_at = sql_col(s, 7),
		.closed_at = sql_col(s, 8),
		.events = sql_col(s, 9),
		.engaged = sql_col(s, 10),
		.usual = sql_col_real(s, 11),
		.match = rows_text(rows, sql_col_text(s, 12)),
		.note = rows_text(rows, sql_col_text(s, 13)),
		.alerted = (unsigned)sql_col(s, 14),
	};
	q->suppressed = sql_col(s, 15);
	q->held = sql_col(s, 16);
	q->probation = sql_col(s, 17);
	q->released = sql_col(s, 18);
	return true;
}

static int read_all(struct db *db, int64_t id, struct rows *rows)
{
	struct sql s = sql_get(db, SQL_INCIDENT_LIST);
	int rc;

	sql_int(&s, id);
	sql_int(&s, id);
	while ((rc = sql_row(&s)) == 1)
		if (!read_incident(rows, &s))
			break;
	sql_end(&s);
	if (rc < 0)
		return -1;
	return rc == 1 ? sql_no_memory(db) : rows_check(rows, db);
}

int query_incidents(struct db *db, int64_t id, query_incident_fn *fn, void *arg)
{
	const struct query_incident *q;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(*q));
	rc = read_all(db, id, &rows);
	q = rows.items;
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = fn(arg, &q[i]);
	rows_release(&rows);
	return rc;
}

/* The next page above the address of id `after`. */
static int read_page(
	struct db *db, int64_t id, int64_t after, struct rows *rows)
{
	struct sql s = sql_get(db, SQL_INCIDENT_ADDRESSES);
	int rc;

	sql_int(&s, id);
	sql_int(&s, after);
	sql_int(&s, ROWS_PAGE);
	while ((rc = sql_row(&s)) == 1) {
		struct query_row row = query_row_of(&s);

		if (!query_row_keep(rows, &row))
			break;
	}
	sql_end(&s);
	if (rc < 0)
		return -1;
	return rc == 1 ? sql_no_memory(db) : rows_check(rows, db);
}

int query_incident_addresses(
	struct db *db, int64_t id, query_suppression_fn *fn, void *arg)
{
	int64_t after = 0;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(struct query_row));
	do {
		const struct query_row *row;

		rows_reset(&rows);
		rc = read_page(db, id, after, &rows);
		row = rows.items;
		for (size_t i = 0; !rc && i < rows.n; i++) {
			after = row[i].address_id;
			rc = fn(arg, &row[i].s);
		}
	} while (!rc && rows.n == ROWS_PAGE);
	rows_release(&rows);
	return rc;
}
