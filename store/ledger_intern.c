/*
 * What events and changes refer to, by number: addresses and their domains,
 * kinds, turns, and the days that event ids begin with. A bounce flood repeats
 * a few kinds, turns and domains for ever, so those are remembered; an address
 * mostly comes once.
 */
#include <string.h>

#include "fnv.h"
#include "ledger_private.h"
#include "purged.h"

static struct ledger_domain_slot *domain_slot(
	struct ledger *l, struct str domain)
{
	return &l->domains[fnv_bytes(FNV_BEGIN, domain) % LEDGER_DOMAINS];
}

static int find_or_add_domain(struct ledger *l, struct str domain, int64_t *id)
{
	struct sql s = sql_get(l->db, SQL_DOMAIN_FIND);
	int rc;

	sql_text(&s, domain);
	rc = sql_one(&s, id);
	if (rc)
		return rc < 0 ? -1 : 0;
	s = sql_get(l->db, SQL_DOMAIN_ADD);
	sql_text(&s, domain);
	if (sql_run(&s))
		return -1;
	*id = sql_rowid(l->db);
	return 0;
}

static int intern_domain(struct ledger *l, struct str domain, int64_t *id)
{
	struct ledger_domain_slot *slot = domain_slot(l, domain);

	if (slot->n && slot->n == domain.n &&
		memcmp(slot->text, domain.p, domain.n) == 0) {
		*id = slot->id;
		return 0;
	}
	if (find_or_add_domain(l, domain, id))
		return -1;
	if (domain.n <= sizeof(slot->text)) {
		slot->id = *id;
		slot->n = (unsigned char)domain.n;
		if (domain.n)
			memcpy(slot->text, domain.p, domain.n);
	}
	return 0;
}

/* 1: it is there; 0; -1. */
static int find_address(
	struct ledger *l, int64_t domain_id, struct str local, int64_t *id)
{
	struct sql s = sql_get(l->db, SQL_ADDRESS_FIND);

	sql_int(&s, domain_id);
	sql_text(&s, local);
	return sql_one(&s, id);
}

/* One that was purged: only its hash is known. 1, 0, -1. */
static int find_purged(struct ledger *l, struct str key, int64_t *id)
{
	int rc = ledger_has_rows(l, SQL_PURGED_ANY, &l->purged);
	char hash[PURGED_SIZE];

	if (rc <= 0)
		return rc;
	return find_address(l, 0, purged_name(key, hash), id);
}

static int add_address(struct ledger *l, int64_t domain_id, struct str local,
	struct str seen, int64_t *id)
{
	struct sql s = sql_get(l->db, SQL_ADDRESS_ADD);

	sql_int(&s, domain_id);
	sql_text(&s, local);
	sql_text(&s, seen);
	if (sql_run(&s))
		return -1;
	*id = sql_rowid(l->db);
	return 0;
}

int ledger_address_find(
	struct ledger *l, struct str key, int64_t *id, bool *purged)
{
	struct str domain = key_domain(key);
	struct str local = key_local(key);
	struct sql s = sql_get(l->db, SQL_DOMAIN_FIND);
	int64_t domain_id = 0;
	int rc;

	*purged = false;
	sql_text(&s, domain);
	rc = sql_one(&s, &domain_id);
	if (rc == 1)
		rc = find_address(l, domain_id, local, id);
	if (rc)
		return rc;
	rc = find_purged(l, key, id);
	*purged = rc == 1;
	return rc;
}

int ledger_address(struct ledger *l, struct str key, struct str seen,
	struct ledger_who *who)
{
	struct str domain = key_domain(key);
	struct str local = key_local(key);
	int64_t domain_id = 0;
	int rc;

	*who = (struct ledger_who){.id = 0};
	if (domain.n && intern_domain(l, domain, &domain_id))
		return -1;
	rc = find_address(l, domain_id, local, &who->id);
	if (!rc) {
		rc = find_purged(l, key, &who->id);
		who->purged = rc == 1;
	}
	if (rc)
		return rc < 0 ? -1 : 0;
	who->added = true;
	return add_address(l, domain_id, local,
		seen.n && !str_eq(seen, key) ? seen : STR_NULL, &who->id);
}

static struct ledger_kind *kind_slot(
	struct ledger *l, const int64_t v[KIND_COLUMNS])
{
	uint64_t h = fnv_numbers(FNV_BEGIN, v, KIND_COLUMNS);

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

int ledger_count_day(
	struct ledger *l, int64_t at, const struct ledger_kind *kind, int64_t n)
{
	static const enum kind_column columns[] = {KIND_CLASS, KIND_REASON,
		KIND_PROVIDER, KIND_STREAM, KIND_ORIGIN};
	struct sql s = sql_get(l->db, SQL_DAILY_ADD);

	sql_int(&s, at / LEDGER_DAY);
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		sql_int(&s, kind->v[columns[i]]);
	sql_int(&s, n);
	return sql_run(&s);
}

static struct ledger_turn *turn_slot(
	struct ledger *l, const int64_t v[TURN_COLUMNS])
{
	uint64_t h = fnv_numbers(FNV_BEGIN, v, TURN_COLUMNS);

	return &l->turns[(h >> 32) % LEDGER_TURNS];
}

static int find_or_add_turn(struct ledger *l, struct ledger_turn *turn)
{
	struct sql s = sql_get(l->db, SQL_TURN_FIND);
	int rc;

	for (int i = 0; i < TURN_COLUMNS; i++)
		sql_int(&s, turn->v[i]);
	rc = sql_one(&s, &turn->id);
	if (rc)
		return rc < 0 ? -1 : 0;
	s = sql_get(l->db, SQL_TURN_ADD);
	for (int i = 0; i < TURN_COLUMNS; i++)
		sql_int(&s, turn->v[i]);
	if (sql_run(&s))
		return -1;
	turn->id = sql_rowid(l->db);
	return 0;
}

int ledger_turn(struct ledger *l, struct ledger_turn *turn)
{
	struct ledger_turn *slot = turn_slot(l, turn->v);

	if (slot->id && memcmp(slot->v, turn->v, sizeof(turn->v)) == 0) {
		turn->id = slot->id;
		return 0;
	}
	if (find_or_add_turn(l, turn))
		return -1;
	*slot = *turn;
	return 0;
}

void ledger_intern_forget(struct ledger *l)
{
	memset(l->kinds, 0, sizeof(l->kinds));
	memset(l->turns, 0, sizeof(l->turns));
	memset(l->domains, 0, sizeof(l->domains));
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
