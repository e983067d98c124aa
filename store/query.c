/*
 * Questions about one address, and about the database as a whole. What can be
 * long is read in pages, each a transaction of its own.
 */
#include "query.h"

#include <stdlib.h>

#include "key_parts.h"
#include "query_private.h"

#define DAY 86400

struct query_row query_row_of(const struct sql *s)
{
	return (struct query_row){
		.s =
			{
                            .address = sql_col_text(s, 0),
                            .seen = sql_col_text(s, 1),
                            .scope = sql_col_text(s, 2),
                            .state = (enum state)sql_col(s, 3),
                            .reason = (enum verdict_reason)sql_col(s, 4),
                            .cause = (enum cause)sql_col(s, 5),
                            .since = sql_col(s, 6),
                            .expires_at = sql_col(s, 7),
                            .event_id = sql_col(s, 8),
                            .incident_id = sql_col(s, 10),
			    },
		.scope = sql_col(s, 9),
		.address_id = sql_col(s, 11),
	};
}

int query_name_find(struct db *db, bool domain, struct str name, int64_t *id)
{
	struct sql s;

	if (!domain)
		return db_label_find(db, name, id);
	*id = 0;
	s = sql_get(db, SQL_DOMAIN_FIND);
	sql_text(&s, name);
	return sql_one(&s, id);
}

int query_key_find(struct db *db, struct str key, struct query_key *out)
{
	struct str domain = key_domain(key);
	int64_t any = 0;
	struct sql s;
	int rc;

	out->domain = domain.p ? domain : str_of("", 0);
	out->local = key_local(key);
	s = sql_get(db, SQL_PURGED_ANY);
	if (sql_one(&s, &any) < 0)
		return -1;
	if (!any)
		return 0;
	s = sql_get(db, SQL_PURGED_FIND);
	sql_text(&s, purged_name(key, out->hash));
	rc = sql_one(&s, &any);
	if (rc == 1) {
		out->domain = str_of("", 0);
		out->local = str_of(out->hash, PURGED_SIZE - 1);
	}
	return rc < 0 ? -1 : 0;
}

bool query_row_keep(struct rows *rows, const struct query_row *row)
{
	struct query_row *kept = rows_add(rows);

	if (!kept)
		return false;
	*kept = *row;
	kept->s.address = rows_text(rows, row->s.address);
	kept->s.seen = rows_text(rows, row->s.seen);
	kept->s.scope = rows_text(rows, row->s.scope);
	return true;
}

/* One item from the row at hand; false: out of memory. */
typedef bool read_fn(struct rows *rows, const struct sql *s);

/* All rows of s, which has its parameters, into rows; s is left. */
static int read_rows(struct sql *s, struct rows *rows, read_fn *read)
{
	int rc;

	while ((rc = sql_row(s)) == 1)
		if (!read(rows, s))
			break;
	sql_end(s);
	if (rc < 0)
		return -1;
	return rc == 1 ? sql_no_memory(s->db) : rows_check(rows, s->db);
}

/* --- one address
 * -------------------------------------------------------------- */

static bool read_suppression(struct rows *rows, const struct sql *s)
{
	struct query_row row = query_row_of(s);

	return query_row_keep(rows, &row);
}

int query_check(struct db *db, struct str address_key, int64_t now,
	query_suppression_fn *fn, void *arg)
{
	const struct query_row *row;
	struct query_key key;
	struct rows rows;
	struct sql s;
	int rc;

	if (query_key_find(db, address_key, &key))
		return -1;
	s = sql_get(db, SQL_CHECK);
	rows_init(&rows, sizeof(*row));
	sql_text(&s, key.domain);
	sql_text(&s, key.local);
	sql_int(&s, now);
	rc = read_rows(&s, &rows, read_suppression);
	row = rows.items;
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = fn(arg, &row[i].s);
	rows_release(&rows);
	return rc;
}

static struct status status_of(int64_t number)
{
	return (struct status){
		.class = (uint8_t)(number / 1000000),
		.subject = (uint16_t)(number / 1000 % 1000),
		.detail = (uint16_t)(number % 1000),
	};
}

static bool read_event(struct rows *rows, const struct sql *s)
{
	struct query_event *e = rows_add(rows);

	if (!e)
		return false;
	*e = (struct query_event){
		.id = sql_col(s, 0),
		.at = sql_col(s, 1),
		.sent_at = sql_col(s, 2),
		.address = rows_text(rows, sql_col_text(s, 3)),
		.class = (enum verdict_class)sql_col(s, 4),
		.reason = (enum verdict_reason)sql_col(s, 5),
		.status = status_of(sql_col(s, 6)),
		.smtp = (int)sql_col(s, 7),
		.flags = (unsigned)sql_col(s, 8),
		.origin = (enum origin)sql_col(s, 9),
		.provider = rows_text(rows, sql_col_text(s, 10)),
		.stream = rows_text(rows, sql_col_text(s, 11)),
		.account = rows_text(rows, sql_col_text(s, 12)),
		.rule = rows_text(rows, sql_col_text(s, 13)),
	};
	e->fate = (enum fate)sql_col(s, 15);
	/* Damaged evidence is no reason to keep the event from being seen. */
	(void)evidence_unpack(
		&rows->arena, sql_col_text(s, 14), &e->source, &e->evidence);
	return true;
}

bool query_change_read(struct rows *rows, const struct sql *s)
{
	struct query_change *c = rows_add(rows);

	if (!c)
		return false;
	*c = (struct query_change){
		.seq = sql_col(s, 0),
		.at = sql_col(s, 1),
		.address = rows_text(rows, sql_col_text(s, 2)),
		.scope = rows_text(rows, sql_col_text(s, 3)),
		.note = rows_text(rows, sql_col_text(s, 4)),
		.old_state = (enum state)sql_col(s, 5),
		.new_state = (enum state)sql_col(s, 6),
		.reason = (enum verdict_reason)sql_col(s, 7),
		.cause = (enum cause)sql_col(s, 8),
		.event_id = sql_col(s, 9),
		.expires_at = sql_col(s, 10),
		.incident_id = sql_col(s, 11),
	};
	return true;
}

/* The next page of an address's rows above number `after`. */
static int read_page(struct db *db, enum sql_id id, const struct query_key *key,
	int64_t after, struct rows *rows, read_fn *read)
{
	struct sql s = sql_get(db, id);

	rows_reset(rows);
	sql_text(&s, key->domain);
	sql_text(&s, key->local);
	sql_int(&s, after);
	sql_int(&s, ROWS_PAGE);
	return read_rows(&s, rows, read);
}

/* Ids are led by the day only. */
static int by_time(const void *pa, const void *pb)
{
	const struct query_event *a = pa, *b = pb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

/*
 * A page must not end within a day, or what comes with the next page could be
 * older; it does only where one day has more than a page. Returns whether
 * there may be more.
 */
static bool end_with_a_day(struct rows *rows)
{
	const struct query_event *e = rows->items;
	size_t n = rows->n;

	if (n < ROWS_PAGE)
		return false;
	while (n > 0 && e[n - 1].id >> 32 == e[rows->n - 1].id >> 32)
		n--;
	if (n > 0)
		rows->n = n;
	return true;
}

int query_events(
	struct db *db, struct str address_key, query_event_fn *fn, void *arg)
{
	struct query_key key;
	struct rows rows;
	int64_t after = 0;
	bool more;
	int rc;

	if (query_key_find(db, address_key, &key))
		return -1;
	rows_init(&rows, sizeof(struct query_event));
	do {
		struct query_event *e;

		rc = read_page(
			db, SQL_EVENT_LIST, &key, after, &rows, read_event);
		more = end_with_a_day(&rows);
		e = rows.items;
		if (!rc && rows.n) {
			after = e[rows.n - 1].id;
			qsort(e, rows.n, sizeof(*e), by_time);
		}
		for (size_t i = 0; !rc && i < rows.n; i++)
			rc = fn(arg, &e[i]);
	} while (!rc && more);
	rows_release(&rows);
	return rc;
}

int query_evidence(
	struct db *db, int64_t from, int64_t to, query_event_fn *fn, void *arg)
{
	int64_t after = from > 0 ? from / DAY << 32 : 0;
	int64_t end = (to / DAY + 1) << 32;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(struct query_event));
	do {
		struct sql s = sql_get(db, SQL_EVIDENCE_LIST);
		const struct query_event *e;

		rows_reset(&rows);
		sql_int(&s, after);
		sql_int(&s, end);
		sql_int(&s, ROWS_PAGE);
		rc = read_rows(&s, &rows, read_event);
		e = rows.items;
		for (size_t i = 0; !rc && i < rows.n; i++) {
			after = e[i].id;
			if (e[i].at >= from && e[i].at < to)
				rc = fn(arg, &e[i]);
		}
	} while (!rc && rows.n == ROWS_PAGE);
	rows_release(&rows);
	return rc;
}

int query_changes(
	struct db *db, struct str address_key, query_change_fn *fn, void *arg)
{
	struct query_key key;
	struct rows rows;
	int64_t after = 0;
	int rc;

	if (query_key_find(db, address_key, &key))
		return -1;
	rows_init(&rows, sizeof(struct query_change));
	do {
		const struct query_change *c;

		rc = read_page(db, SQL_CHANGE_LIST, &key, after, &rows,
			query_change_read);
		c = rows.items;
		for (size_t i = 0; !rc && i < rows.n; i++) {
			after = c[i].seq;
			rc = fn(arg, &c[i]);
		}
	} while (!rc && rows.n == ROWS_PAGE);
	rows_release(&rows);
	return rc;
}

/* --- the whole
 * ---------------------------------------------------------------- */

struct status_row {
	struct str name, value;
	int64_t at;
};

static bool read_status(struct rows *rows, const struct sql *s)
{
	struct status_row *row = rows_add(rows);

	if (!row)
		return false;
	row->name = rows_text(rows, sql_col_text(s, 0));
	row->value = rows_text(rows, sql_col_text(s, 1));
	row->at = sql_col(s, 2);
	return true;
}

int query_status(struct db *db, query_status_fn *fn, void *arg)
{
	struct sql s = sql_get(db, SQL_STATUS_LIST);
	const struct status_row *row;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(*row));
	rc = read_rows(&s, &rows, read_status);
	row = rows.items;
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = fn(arg, row[i].name, row[i].value, row[i].at);
	rows_release(&rows);
	return rc;
}

static bool read_mailbox(struct rows *rows, const struct sql *s)
{
	struct query_mailbox *m = rows_add(rows);

	if (!m)
		return false;
	*m = (struct query_mailbox){
		.account = rows_text(rows, sql_col_text(s, 0)),
		.folder = rows_text(rows, sql_col_text(s, 1)),
		.uidvalidity = (uint32_t)sql_col(s, 2),
		.last_uid = (uint32_t)sql_col(s, 3),
		.seen_at = sql_col(s, 4),
		.pending = sql_col(s, 5),
	};
	return true;
}

int query_mailboxes(struct db *db, query_mailbox_fn *fn, void *arg)
{
	struct sql s = sql_get(db, SQL_MAILBOX_LIST);
	const struct query_mailbox *m;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(*m));
	rc = read_rows(&s, &rows, read_mailbox);
	m = rows.items;
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = fn(arg, &m[i]);
	rows_release(&rows);
	return rc;
}

/* Addresses whose suppressions are counted in one transaction. */
#define STATE_STEP 100000

int query_states(struct db *db, int64_t now, struct query_states *out)
{
	struct sql s = sql_get(db, SQL_ADDRESS_LAST);
	int64_t last = 0, over = 0;

	*out = (struct query_states){0};
	if (sql_one(&s, &last) < 0)
		return -1;
	s = sql_get(db, SQL_STATE_ALL);
	if (sql_one(&s, &out->suppressed) < 0)
		return -1;
	s = sql_get(db, SQL_STATE_OVER);
	sql_int(&s, now);
	if (sql_one(&s, &over) < 0)
		return -1;
	out->suppressed -= over;
	for (int64_t id = 0; id <= last; id += STATE_STEP) {
		int rc;

		s = sql_get(db, SQL_STATE_PART);
		sql_int(&s, id);
		sql_int(&s, id + STATE_STEP);
		sql_int(&s, now);
		rc = sql_row(&s);
		if (rc == 1) {
			out->suppressed -= sql_col(&s, 0);
			out->held += sql_col(&s, 1);
			out->released += sql_col(&s, 2);
			out->probation += sql_col(&s, 3);
		}
		sql_end(&s);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int query_totals_brief(struct db *db, struct query_totals *out)
{
	struct sql s = sql_get(db, SQL_EVENT_COUNT);

	*out = (struct query_totals){0};
	if (sql_one(&s, &out->events) < 0)
		return -1;
	s = sql_get(db, SQL_EVENT_NEWEST);
	return sql_one(&s, &out->last_event_at) < 0 ? -1 : 0;
}

int query_totals(struct db *db, int64_t now, struct query_totals *out)
{
	const struct {
		enum sql_id id;
		int64_t *to;
	} numbers[] = {
		{SQL_MESSAGE_COUNT, &out->messages      },
		{SQL_ADDRESS_COUNT, &out->addresses     },
		{SQL_VERSION,       &out->schema_version},
		{SQL_BYTES,         &out->bytes         },
	};
	struct query_states states;

	if (query_totals_brief(db, out))
		return -1;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct sql s = sql_get(db, numbers[i].id);

		if (sql_one(&s, numbers[i].to) < 0)
			return -1;
	}
	if (query_states(db, now, &states))
		return -1;
	out->suppressed = states.suppressed;
	out->held = states.held;
	out->released = states.released;
	out->probation = states.probation;
	return 0;
}
