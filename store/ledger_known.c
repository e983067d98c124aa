/*
 * The outages of conf/incidents.yaml, which all senders share: put into the
 * table incidents where they are missing.
 */
#include <time.h>

#include "ledger_private.h"

static const struct known_row {
	enum incident_kind kind;
	const char *name, *from, *to, *note;
} rows[] = {

#define KNOWN(kind, name, from, to, note) {kind, name, from, to, note},
#include "known.inc"
#undef KNOWN
};

/* RFC 3339 in UTC; the table is ours, so it is right. */
static int64_t time_of(const char *text)
{
	struct tm tm = {.tm_sec = 0};

	return strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm) ? timegm(&tm) : 0;
}

/* 1: it is there, in whatever state; 0; -1. */
static int find(struct ledger *l, const struct ledger_incident *i)
{
	struct sql s = sql_get(l->db, SQL_KNOWN_FIND);
	int64_t one;

	sql_int(&s, i->kind);
	sql_text(&s, i->name);
	sql_int(&s, i->from);
	return sql_one(&s, &one);
}

static int add(struct ledger *l, const struct known_row *row)
{
	struct ledger_incident i = {
		.kind = row->kind,
		.name = str_from(row->name),
		.cause = INCIDENT_KNOWN,
		.state = INCIDENT_CLOSED,
		.from = time_of(row->from),
		.to = time_of(row->to),
		.note = str_from(row->note),
		.alerted = INCIDENT_ALERTED_OPEN | INCIDENT_ALERTED_CLOSE,
	};
	int rc = find(l, &i);

	i.opened_at = i.closed_at = i.to;
	return rc ? rc : ledger_incident_add(l, &i);
}

static int add_all(struct ledger *l)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (add(l, &rows[i]) < 0)
			return -1;
	return 0;
}

int ledger_known(struct ledger *l)
{
	struct sql s = sql_get(l->db, SQL_KNOWN_COUNT);
	int64_t n = 0;

	if (sql_one(&s, &n) < 0)
		return -1;
	if (n >= (int64_t)(sizeof(rows) / sizeof(*rows)))
		return 0;
	if (ledger_begin(l))
		return -1;
	return ledger_finish(l, add_all(l));
}
