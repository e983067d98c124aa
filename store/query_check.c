/*
 * First the domains of all keys, each once, then the addresses in the order of
 * their index, then what holds for those that were found, in the order of their
 * ids, which is that of suppressions and about that of the change log. Each is
 * one statement that joins with the keys (sql_give()).
 */
#include "query_check.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fnv.h"
#include "key_parts.h"
#include "query_check_place.h"
#include "query_private.h"

/* So far ahead is what will be read asked for from memory. */
#define AHEAD 12

/* For fewer questions than this one thread is faster. */
#define ALONE_MAX 5000u

#define EVERYWHERE 1 /* the label '*' */

/* Domains of the questions, each once; slots are indexes + 1. */
struct domains {
	struct domain {
		struct str text;
		uint64_t hash;
		int64_t id; /* 0: not known */
	} * items;

	uint32_t *slots;
	size_t n, cap; /* there are twice as many slots */
};

struct part {
	const struct query_check *c;
	struct db *db;
	struct arena *answers;
	struct query_asked *asked;
	int64_t label; /* of the scope that counts beside "*"; 0: each does */
	/* At first those of its questions, [from, to); then those of its part
	 * of the index. */
	struct query_check_place *places, *spare;
	size_t from, to, n;
	struct domains domains;
	int rc;
};

/* --- domains -------------------------------------------------------------- */

static int grow(struct domains *d)
{
	size_t cap = d->cap ? 2 * d->cap : 1024;
	struct domain *items = realloc(d->items, cap * sizeof(*items));
	uint32_t *slots = calloc(2 * cap, sizeof(*slots));

	if (items)
		d->items = items;
	free(d->slots);
	d->slots = slots;
	if (!items || !slots)
		return -1;
	d->cap = cap;
	for (size_t i = 0; i < d->n; i++) {
		size_t at = items[i].hash & (2 * cap - 1);

		while (slots[at])
			at = (at + 1) & (2 * cap - 1);
		slots[at] = (uint32_t)i + 1;
	}
	return 0;
}

/* The index of a domain; -1: out of memory. */
static int64_t intern(struct domains *d, struct str text)
{
	uint64_t hash = fnv_bytes(FNV_BEGIN, text);
	size_t at;

	if (d->n == d->cap && grow(d))
		return -1;
	for (at = hash & (2 * d->cap - 1); d->slots[at];
		at = (at + 1) & (2 * d->cap - 1)) {
		const struct domain *is = &d->items[d->slots[at] - 1];

		if (is->hash == hash && str_eq(is->text, text))
			return d->slots[at] - 1;
	}
	d->items[d->n] = (struct domain){.text = text, .hash = hash};
	d->slots[at] = (uint32_t)++d->n;
	return (int64_t)d->n - 1;
}

/* The signature is not ours. */
static void read_domain(void *arg, size_t i, int64_t *number, struct str *text)
{
	(void)number;
	*text = ((const struct domains *)arg)->items[i].text;
}

static int find_domains(struct part *p)
{
	struct domains *d = &p->domains;
	struct sql_given g = {read_domain, d, d->n};
	struct sql s = sql_get(p->db, SQL_CHECK_DOMAINS);
	int rc;

	sql_give(p->db, &g);
	while ((rc = sql_row(&s)) == 1)
		d->items[sql_col(&s, 0)].id = sql_col(&s, 1);
	sql_end(&s);
	return rc;
}

/* The places of its questions. */
static int find_places(struct part *p)
{
	struct query_asked *asked = p->asked;

	for (size_t i = p->from; i < p->to; i++) {
		int64_t domain;

		asked[i].answers = NULL;
		asked[i].state = STATE_ABSENT;
		asked[i].reason = 0;
		asked[i].found = false;
		asked[i].id = 0;
		if (!asked[i].key.p)
			continue;
		domain = intern(&p->domains, key_domain(asked[i].key));
		if (domain < 0)
			return sql_no_memory(p->db);
		p->places[p->n++] = (struct query_check_place){
			.local = query_check_place_local(asked[i].key),
			.domain = (uint32_t)domain,
			.i = (uint32_t)i,
		};
	}
	if (find_domains(p))
		return -1;
	for (size_t i = 0; i < p->n; i++) {
		struct query_check_place *place = &p->places[i];
		int64_t id = p->domains.items[place->domain].id;

		asked[place->i].id = id;
		place->domain = (uint32_t)id;
	}
	return 0;
}

/* --- addresses ------------------------------------------------------------ */

/* Keys lie where they were read, which is another order: to wait for each costs
 * more than to look it up. The signature is not ours. */
static void read_key(void *arg, size_t i, int64_t *number, struct str *text)
{
	const struct part *p = arg;
	const struct query_asked *asked = &p->asked[p->places[i].i];

	if (i + 2 * AHEAD < p->n)
		__builtin_prefetch(&p->asked[p->places[i + 2 * AHEAD].i]);
	if (i + AHEAD < p->n)
		__builtin_prefetch(p->asked[p->places[i + AHEAD].i].key.p);
	/* 0 would be that of purged addresses. */
	if (!asked->id)
		return;
	*number = asked->id;
	*text = key_local(asked->key);
}

static void take(struct part *p, size_t *found, uint32_t i, int64_t id)
{
	p->asked[i].found = true;
	p->spare[(*found)++] = (struct query_check_place){
		.local = (uint64_t)id,
		.i = i,
	};
}

/* Of those that are not there, only a hash may be. */
static int find_purged(struct part *p, size_t *found)
{
	struct sql s = sql_get(p->db, SQL_PURGED_ANY);
	char name[PURGED_SIZE];
	int64_t id = 0;
	int rc;

	if (sql_one(&s, &id) < 0)
		return -1;
	for (size_t i = 0; id && i < p->n; i++) {
		const struct query_asked *asked = &p->asked[p->places[i].i];
		int64_t purged;

		if (asked->found)
			continue;
		s = sql_get(p->db, SQL_ADDRESS_FIND);
		sql_int(&s, 0);
		sql_text(&s, purged_name(asked->key, name));
		rc = sql_one(&s, &purged);
		if (rc < 0)
			return -1;
		if (rc)
			take(p, found, p->places[i].i, purged);
	}
	return 0;
}

/* Turn the places of questions into those of suppressions. */
static int find_ids(struct part *p)
{
	struct sql_given g = {read_key, p, p->n};
	struct query_check_place *was = p->places;
	size_t found = 0;
	struct sql s;
	int rc;

	p->places = query_check_place_sort(p->places, p->spare, p->n);
	if (p->places == p->spare)
		p->spare = was;
	s = sql_get(p->db, SQL_CHECK_ADDRESSES);
	sql_give(p->db, &g);
	while ((rc = sql_row(&s)) == 1)
		take(p, &found, p->places[sql_col(&s, 0)].i, sql_col(&s, 1));
	sql_end(&s);
	if (rc || find_purged(p, &found))
		return -1;
	p->n = found;
	p->places = query_check_place_sort_ids(p->spare, p->places, found);
	return 0;
}

/* --- what holds ----------------------------------------------------------- */

/* The signature is not ours. */
static void read_id(void *arg, size_t i, int64_t *number, struct str *text)
{
	const struct part *p = arg;

	(void)text;
	if (i + AHEAD < p->n)
		__builtin_prefetch(&p->asked[p->places[i + AHEAD].i]);
	*number = (int64_t)p->places[i].local;
}

/* Whether it counts more than what was read before of the address. */
static bool is_worse(const struct query_asked *a, enum state state)
{
	return state == STATE_SUPPRESSED ? a->state != STATE_SUPPRESSED
	       : state == STATE_HELD     ? a->state == STATE_ABSENT
					 : false;
}

/* The text of the scope of the row; one after the other it is mostly "*". */
static struct str scope_of(struct part *p, const struct sql *s)
{
	return sql_col(s, 1) == EVERYWHERE
		       ? str_from("*")
		       : arena_dup(p->answers, sql_col_text(s, 4));
}

/* Keep what the row says, alone or behind the others of its address. */
static int keep(struct part *p, const struct sql *s, struct query_asked *asked)
{
	struct query_answer *a = arena_alloc(p->answers, sizeof(*a));
	const struct query_answer **at = &asked->answers;

	if (!a)
		return sql_no_memory(p->db);
	*a = (struct query_answer){
		.scope = scope_of(p, s),
		.state = (enum state)sql_col(s, 2),
		.reason = (enum verdict_reason)sql_col(s, 3),
		.cause = (enum cause)sql_col(s, 5),
		.since = sql_col(s, 6),
		.expires_at = sql_col(s, 7),
	};
	if (p->c->tell == QUERY_CHECK_WORST)
		*at = NULL;
	while (*at)
		/* All that were put there are ours. */
		at = (const struct query_answer **)&(*at)->next;
	*at = a;
	return p->answers->full ? sql_no_memory(p->db) : 0;
}

static int take_state(struct part *p, const struct sql *s)
{
	struct query_asked *asked = &p->asked[p->places[sql_col(s, 0)].i];
	int64_t scope = sql_col(s, 1);
	enum state state = (enum state)sql_col(s, 2);
	bool worse = is_worse(asked, state);

	if (p->label && scope != EVERYWHERE && scope != p->label)
		return 0;
	if (worse) {
		asked->state = (uint8_t)state;
		asked->reason = (uint8_t)sql_col(s, 3);
	}
	if (p->c->tell == QUERY_CHECK_STATE ||
		(p->c->tell == QUERY_CHECK_WORST && !worse))
		return 0;
	return keep(p, s, asked);
}

static int read_states(struct part *p)
{
	struct sql_given g = {read_id, p, p->n};
	struct sql s = sql_get(p->db, p->c->tell == QUERY_CHECK_STATE
					      ? SQL_CHECK_STATES
					      : SQL_CHECK_ANSWERS);
	int rc;

	sql_give(p->db, &g);
	sql_int(&s, p->c->now);
	while ((rc = sql_row(&s)) == 1)
		if (take_state(p, &s))
			break;
	sql_end(&s);
	return rc ? -1 : 0;
}

/* --- all ------------------------------------------------------------------ */

/* What stands for a scope; one that nobody knows has nothing of its own. */
static int find_label(struct part *p)
{
	if (!p->c->scope.p)
		return 0;
	if (db_label_find(p->db, p->c->scope, &p->label) < 0)
		return -1;
	if (!p->label)
		p->label = EVERYWHERE;
	return 0;
}

static void *locate(void *arg)
{
	struct part *p = arg;

	p->rc = db_read_begin(p->db);
	if (!p->rc)
		p->rc = find_label(p) || find_places(p) ? -1 : 0;
	return NULL;
}

static void *answer(void *arg)
{
	struct part *p = arg;

	p->rc = find_ids(p) || read_states(p) ? -1 : 0;
	return NULL;
}

/* A step of all parts, each by a thread. */
static int together(struct part *part, size_t parts, void *(*step)(void *))
{
	pthread_t thread[QUERY_CHECK_PARTS];
	size_t begun = 1;
	int rc = 0;

	while (begun < parts &&
		!pthread_create(&thread[begun], NULL, step, &part[begun]))
		begun++;
	step(&part[0]);
	for (size_t i = 1; i < begun; i++)
		(void)pthread_join(thread[i], NULL);
	for (size_t i = 0; i < begun; i++)
		if (part[i].rc && !rc)
			rc = sql_fail_as(part[0].db, part[i].db);
	if (!rc && begun < parts)
		rc = sql_no_memory(part[0].db);
	return rc;
}

/* Each part gets its half of the index. places has room for 2 n. */
static void share_out(
	struct part *part, struct query_check_place *places, size_t n)
{
	struct query_check_place *halved = places + n;
	size_t found = part[0].n + part[1].n;

	memmove(places + part[0].n, places + part[1].from,
		part[1].n * sizeof(*places));
	part[0].n = query_check_place_halve(places, found, halved);
	part[1].n = found - part[0].n;
	part[0].places = halved;
	part[0].spare = places;
	part[1].places = halved + part[0].n;
	part[1].spare = places + part[0].n;
}

static int run(struct part *part, size_t parts,
	struct query_check_place *places, size_t n)
{
	if (together(part, parts, locate))
		return -1;
	if (parts > 1)
		share_out(part, places, n);
	return together(part, parts, answer);
}

int query_check_all(
	const struct query_check *c, struct query_asked *asked, size_t n)
{
	struct query_check_place *places =
		malloc((n ? n : 1) * 2 * sizeof(*places));
	size_t parts = n > ALONE_MAX && c->part[1].db ? 2 : 1;
	struct part part[QUERY_CHECK_PARTS] = {{0}};
	int rc;

	if (!places)
		return sql_no_memory(c->part[0].db);
	for (size_t i = 0; i < parts; i++)
		part[i] = (struct part){
			.c = c,
			.db = c->part[i].db,
			.answers = c->part[i].answers,
			.asked = asked,
			.places = places + n * i / parts,
			.spare = places + n,
			.from = n * i / parts,
			.to = n * (i + 1) / parts,
		};
	rc = run(part, parts, places, n);
	for (size_t i = 0; i < parts; i++) {
		sql_give(part[i].db, NULL);
		db_read_end(part[i].db);
		free(part[i].domains.items);
		free(part[i].domains.slots);
	}
	free(places);
	return rc;
}
