/*
 * What events refer to, by number: addresses, kinds, and the days that their
 * own ids begin with. A bounce flood repeats a few kinds for ever, so those
 * are remembered; an address mostly comes once.
 */
#include <string.h>

#include "ledger_private.h"

int ledger_address(struct ledger *l, struct str key, struct str seen,
	int64_t *id, bool *added)
{
	struct sql s = sql_get(l->db, SQL_ADDRESS_FIND);
	int rc;

	*added = false;
	sql_text(&s, key);
	rc = sql_one(&s, id);
	if (rc)
		return rc < 0 ? -1 : 0;
	s = sql_get(l->db, SQL_ADDRESS_ADD);
	sql_text(&s, key);
	sql_text(&s, seen.n && !str_eq(seen, key) ? seen : STR_NULL);
	if (sql_run(&s))
		return -1;
	*added = true;
	*id = sql_rowid(l->db);
	return 0;
}

static struct ledger_kind *kind_slot(
	struct ledger *l, const int64_t v[KIND_COLUMNS])
{
	uint64_t h = 14695981039346656037u;

	for (int i = 0; i < KIND_COLUMNS; i++)
		h = (h ^ (uint64_t)v[i]) * 1099511628211u;
	return &l->kinds[(h >> 32) % LEDGER_KINDS];
}

static int find_or_add_kind(struct ledger *l, struct ledger_kind *kind)
{
	struct sql s = sql_get(l->db, SQL_KIND_FIND);
	int rc;

	for (int i = 0; i < KIND_COLUMNS; i++)
		sql_int(&s, kind->v[i]);
	rc = sql_one(&s, &kind->id);
	if (rc)
		return rc < 0 ? -1 : 0;
	s = sql_get(l->db, SQL_KIND_ADD);
	for (int i = 0; i < KIND_COLUMNS; i++)
		sql_int(&s, kind->v[i]);
	if (sql_run(&s))
		return -1;
	kind->id = sql_rowid(l->db);
	return 0;
}

int ledger_kind(struct ledger *l, struct ledger_kind *kind)
{
	struct ledger_kind *slot = kind_slot(l, kind->v);

	if (slot->id && memcmp(slot->v, kind->v, sizeof(kind->v)) == 0) {
		kind->id = slot->id;
		return 0;
	}
	if (find_or_add_kind(l, kind))
		return -1;
	*slot = *kind;
	return 0;
}

int ledger_event_id(struct ledger *l, int64_t day, int64_t *id)
{
	struct ledger_day *slot = &l->days[day % LEDGER_DAYS];
	struct sql s;
	int64_t last;

	if (!slot->next || slot->day != day) {
		s = sql_get(l->db, SQL_EVENT_LAST);
		sql_int(&s, ledger_first_id(day));
		sql_int(&s, ledger_first_id(day + 1));
		if (sql_one(&s, &last) < 0)
			return -1;
		slot->day = day;
		slot->next = (last ? last : ledger_first_id(day)) + 1;
	}
	*id = slot->next++;
	return 0;
}
