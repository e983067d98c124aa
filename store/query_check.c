/*
 * The questions are put in the order of the index, so that each of its pages is
 * read once and stays in the cache while it is needed; then the addresses that
 * were found in the order of their ids, which is that of suppressions. The
 * order is only for speed: a few leading bytes are compared, no more.
 */
#include "query_check.h"

#include <stdlib.h>
#include <string.h>

#include "fnv.h"
#include "key_parts.h"
#include "query_private.h"

/* Something to be looked up: where it stands in the tree, and whose it is. */
struct place {
	uint64_t id;    /* a hash of the domain, then its id, then that of the
			 * address */
	uint64_t local; /* leading bytes of the local part */
	uint32_t i;     /* of asked[] */
};

/* So far ahead is what will be read asked for from memory. */
#define AHEAD 12

#define SORT_BITS  11
#define SORT_SLOTS (1u << SORT_BITS)

/* The first passes are by the leading 33 bits of the local part, the others by
 * the low bits of the id. */
enum {
	SORT_LOCAL = 0,
	SORT_ID = 3,
};

static uint32_t digit(const struct place *p, int pass)
{
	uint64_t v = pass < SORT_ID ? p->local >> (31 + SORT_BITS * pass)
				    : p->id >> (SORT_BITS * (pass - SORT_ID));

	return v & (SORT_SLOTS - 1);
}

/* One pass of a radix sort, which keeps the order of equal ones. */
static void sort_pass(
	const struct place *from, struct place *to, size_t n, int pass)
{
	uint32_t at[SORT_SLOTS] = {0}, sum = 0;

	for (size_t i = 0; i < n; i++)
		at[digit(&from[i], pass)]++;
	for (size_t i = 0; i < SORT_SLOTS; i++) {
		uint32_t count = at[i];

		at[i] = sum;
		sum += count;
	}
	for (size_t i = 0; i < n; i++)
		to[at[digit(&from[i], pass)]++] = from[i];
}

/* Passes [from, to), an even number of them; spare has room for n, too. */
static void sort(
	struct place *p, struct place *spare, size_t n, int from, int to)
{
	for (int pass = from; pass < to; pass += 2) {
		sort_pass(p, spare, n, pass);
		sort_pass(spare, p, n, pass + 1);
	}
}

static uint64_t leading(struct str s)
{
	unsigned char b[8] = {0};
	uint64_t v = 0;

	if (s.n)
		memcpy(b, s.p, s.n < sizeof(b) ? s.n : sizeof(b));
	for (size_t i = 0; i < sizeof(b); i++)
		v = v << 8 | b[i];
	return v;
}

/* The places of all questions; how many there are. */
static size_t places_of(
	const struct query_asked *asked, size_t n, struct place *places)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (asked[i].key.p)
			places[found++] = (struct place){
				.id = fnv_bytes(
					FNV_BEGIN, key_domain(asked[i].key)),
				.local = leading(asked[i].key),
				.i = (uint32_t)i,
			};
	return found;
}

/* Keys lie where they were read, which is another order: to wait for each costs
 * more than to look it up. */
static void look_ahead(const struct query_asked *asked,
	const struct place *places, size_t i, size_t n)
{
	if (i + 2 * AHEAD < n)
		__builtin_prefetch(&asked[places[i + 2 * AHEAD].i]);
	if (i + AHEAD < n)
		__builtin_prefetch(asked[places[i + AHEAD].i].key.p);
}

/* Give each place, sorted by domain, the id of its domain; 0: not known. */
static int find_domains(struct db *db, const struct query_asked *asked,
	struct place *places, size_t n)
{
	struct str last = STR_NULL;
	int64_t id = 0;

	for (size_t i = 0; i < n; i++) {
		struct str domain = key_domain(asked[places[i].i].key);
		struct sql s;

		look_ahead(asked, places, i, n);
		if (!last.p || !str_eq(domain, last)) {
			id = 0;
			s = sql_get(db, SQL_DOMAIN_FIND);
			sql_text(&s, domain);
			if (sql_one(&s, &id) < 0)
				return -1;
			last = domain;
		}
		places[i].id = (uint64_t)id;
	}
	return 0;
}

/* The id of an address; 1, 0 (not known) or -1. */
static int find_local(
	struct db *db, int64_t domain, struct str local, int64_t *id)
{
	struct sql s = sql_get(db, SQL_ADDRESS_FIND);

	sql_int(&s, domain);
	sql_text(&s, local);
	return sql_one(&s, id);
}

static int find_address(struct db *db, const struct place *p, struct str key,
	bool purged, int64_t *id)
{
	char name[PURGED_SIZE];
	int rc = 0;

	if (p->id)
		rc = find_local(db, (int64_t)p->id, key_local(key), id);
	if (rc || !purged)
		return rc;
	return find_local(db, 0, purged_name(key, name), id);
}

/* Turn the places of questions into those of suppressions; how many of n are
 * left, or -1. */
static int64_t find_ids(struct db *db, const struct query_asked *asked,
	struct place *places, size_t n)
{
	struct sql s = sql_get(db, SQL_PURGED_ANY);
	int64_t id = 0, purged = 0;
	size_t found = 0;

	if (sql_one(&s, &purged) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct place *p = &places[i];
		uint32_t asker = p->i;
		int rc;

		look_ahead(asked, places, i, n);
		rc = find_address(db, p, asked[asker].key, purged != 0, &id);
		if (rc < 0)
			return -1;
		if (rc)
			places[found++] =
				(struct place){.id = (uint64_t)id, .i = asker};
	}
	return (int64_t)found;
}

/* A state of the address into the answer: the worst one counts. */
static void count_state(
	struct query_asked *a, enum state state, enum verdict_reason reason)
{
	bool worse = state == STATE_SUPPRESSED
			     ? a->state != STATE_SUPPRESSED
			     : state == STATE_HELD && a->state == STATE_ABSENT;

	a->any = true;
	if (!worse)
		return;
	a->state = (uint8_t)state;
	a->reason = (uint8_t)reason;
}

#define EVERYWHERE 1 /* the label '*' */

/* label: of the scope that counts beside "*"; 0: each does. */
static int read_states(struct db *db, const struct place *p, int64_t label,
	int64_t now, struct query_asked *asked)
{
	struct sql s = sql_get(db, SQL_CHECK_STATES);
	int rc;

	sql_int(&s, (int64_t)p->id);
	sql_int(&s, now);
	while ((rc = sql_row(&s)) == 1) {
		int64_t scope = sql_col(&s, 0);

		if (!label || scope == EVERYWHERE || scope == label)
			count_state(&asked[p->i], (enum state)sql_col(&s, 1),
				(enum verdict_reason)sql_col(&s, 2));
	}
	sql_end(&s);
	return rc;
}

/* What stands for a scope; one that nobody knows has nothing of its own. */
static int find_label(struct db *db, struct str scope, int64_t *label)
{
	struct sql s;

	*label = 0;
	if (!scope.p)
		return 0;
	s = sql_get(db, SQL_LABEL_FIND);
	sql_text(&s, scope);
	if (sql_one(&s, label) < 0)
		return -1;
	if (!*label)
		*label = EVERYWHERE;
	return 0;
}

static int answer(struct db *db, struct str scope, int64_t now,
	struct query_asked *asked, struct place *places, size_t n)
{
	struct place *spare = places + n;
	int64_t label, found;
	int rc = 0;

	if (find_label(db, scope, &label))
		return -1;
	/* Only so that equal domains come together. */
	sort(places, spare, n, SORT_ID, SORT_ID + 2);
	if (find_domains(db, asked, places, n))
		return -1;
	sort(places, spare, n, SORT_LOCAL, SORT_ID + 3);
	found = find_ids(db, asked, places, n);
	if (found < 0)
		return -1;
	sort(places, spare, (size_t)found, SORT_ID, SORT_ID + 4);
	for (int64_t i = 0; !rc && i < found; i++)
		rc = read_states(db, &places[i], label, now, asked);
	return rc;
}

int query_check_all(struct db *db, struct str scope, int64_t now,
	struct query_asked *asked, size_t n)
{
	struct place *places = malloc((n ? n : 1) * 2 * sizeof(*places));
	int rc = -1;

	if (!places)
		return sql_no_memory(db);
	for (size_t i = 0; i < n; i++) {
		asked[i].state = STATE_ABSENT;
		asked[i].reason = 0;
		asked[i].any = false;
	}
	if (!db_read_begin(db)) {
		n = places_of(asked, n, places);
		rc = answer(db, scope, now, asked, places, n);
		db_read_end(db);
	}
	free(places);
	return rc;
}
