/*
 * First all events of the time are read once and what belongs to an ask is
 * noted; of addresses whose hash is small enough, so that an address is noted
 * with all of its bounces or not at all. When too many are, the hash has to be
 * half as small. Then each address that is left is looked up.
 */
#include "query_sample.h"

#include <stdlib.h>
#include <string.h>

#include "query_private.h"
#include "query_sampled.h"

#define DAY    86400
#define HOUR   3600
#define CHUNK  20000  /* events in one transaction */
#define KEPT   4      /* bounces noted for each address wanted */
#define KINDS  4096   /* remembered */
#define PEOPLE 200000 /* of a domain that are looked for */

struct noted {
	int64_t address, event, kind, lag; /* lag < 0: not known */
	int32_t second;
};

struct kind {
	int64_t id; /* 0: none */
	int64_t provider, stream;
	enum verdict_class class;
	enum verdict_reason reason;
	unsigned flags;
	bool counts; /* it is a bounce, of the required origin */
};

/* What an ask has found. */
struct found {
	int64_t id; /* of its label or domain; -1: there is none */
	struct noted *v;
	size_t n, cap;
	uint32_t limit;  /* of the hash */
	int64_t *people; /* by domain: the ids of its addresses, in order */
	size_t people_n;
};

struct sampling {
	struct db *db;
	const struct query_sampling *what;
	struct query_sample_sums *sums;
	struct found *found;      /* one for each ask */
	struct kind kinds[KINDS]; /* read lately, by id */
};

static uint32_t hash(int64_t address)
{
	uint64_t z = (uint64_t)address * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 31)) * UINT64_C(0xbf58476d1ce4e5b9);
	return (uint32_t)(z >> 32);
}

static int in_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* --- kinds ---------------------------------------------------------------- */

/* NULL: the database fails. It lives until the next call. */
static const struct kind *kind_of(struct sampling *s, int64_t id)
{
	struct kind *k = &s->kinds[(uint64_t)id % KINDS];
	struct sql q;
	int rc;

	if (k->id == id)
		return k;
	q = sql_get(s->db, SQL_KIND_GET);
	sql_int(&q, s->what->required);
	sql_int(&q, id);
	rc = sql_row(&q);
	*k = (struct kind){.id = id};
	if (rc == 1)
		*k = (struct kind){
			.id = id,
			.class = (enum verdict_class)sql_col(&q, 0),
			.reason = (enum verdict_reason)sql_col(&q, 1),
			.flags = (unsigned)sql_col(&q, 2),
			.provider = sql_col(&q, 3),
			.stream = sql_col(&q, 4),
			.counts = sql_col(&q, 5) != 0,
		};
	sql_end(&q);
	return rc < 0 ? NULL : k;
}

/* --- what belongs to an ask ----------------------------------------------- */

static bool belongs(const struct sampling *s, size_t i, const struct kind *k,
	int64_t address)
{
	switch (s->what->asks[i].by) {
	case QUERY_BY_REASON:
		return k->reason == s->what->asks[i].reason;
	case QUERY_BY_PROVIDER:
		return k->provider == s->found[i].id;
	case QUERY_BY_STREAM:
		return k->stream == s->found[i].id;
	case QUERY_BY_DOMAIN:
		return address && s->found[i].people_n &&
		       bsearch(&address, s->found[i].people,
			       s->found[i].people_n, sizeof(address),
			       in_order) != NULL;
	default:
		return false;
	}
}

static void halve(struct found *f)
{
	size_t n = 0;

	f->limit /= 2;
	for (size_t i = 0; i < f->n; i++)
		if (hash(f->v[i].address) <= f->limit)
			f->v[n++] = f->v[i];
	f->n = n;
}

static int note(struct sampling *s, struct found *f, const struct noted *e)
{
	size_t most = s->what->most * KEPT;

	if (hash(e->address) > f->limit)
		return 0;
	while (f->n == most && f->limit)
		halve(f);
	if (f->n == most || hash(e->address) > f->limit)
		return 0;
	if (f->n == f->cap) {
		size_t cap = f->cap ? 2 * f->cap : 256;
		struct noted *v = realloc(f->v, cap * sizeof(*v));

		if (!v)
			return sql_no_memory(s->db);
		f->v = v;
		f->cap = cap;
	}
	f->v[f->n++] = *e;
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct noted *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return (x->event > y->event) - (x->event < y->event);
}

static int count(struct sampling *s, size_t i, const struct noted *e)
{
	struct query_sample_sums *sums = &s->sums[i];
	int64_t at = (e->event >> 32) * DAY + e->second - s->what->from;

	sums->bounces++;
	sums->hours[at / HOUR % QUERY_SAMPLE_HOURS]++;
	sums->nobody += !e->address;
	return e->address ? note(s, &s->found[i], e) : 0;
}

/* A row of SAMPLE_EVENTS. */
static int take(struct sampling *s, const struct sql *q)
{
	const struct noted e = {
		.event = sql_col(q, 0),
		.address = sql_col(q, 1),
		.second = (int32_t)sql_col(q, 2),
		.kind = sql_col(q, 3),
		.lag = sql_col_is_null(q, 4) ? -1 : sql_col(q, 4),
	};
	const struct kind *k = kind_of(s, e.kind);

	if (!k)
		return -1;
	if (!k->counts)
		return 0;
	for (size_t i = 0; i < s->what->n; i++)
		if (belongs(s, i, k, e.address) && count(s, i, &e))
			return -1;
	return 0;
}

/* One piece of ids: 1: there may be more; 0; -1. *next is moved on. */
static int read_piece(struct sampling *s, int64_t *next, int64_t end)
{
	int64_t n = 0;
	struct sql q;
	int rc;

	if (db_read_begin(s->db))
		return -1;
	q = sql_get(s->db, SQL_SAMPLE_EVENTS);
	sql_int(&q, *next);
	sql_int(&q, end);
	sql_int(&q, CHUNK);
	while ((rc = sql_row(&q)) == 1) {
		n++;
		*next = sql_col(&q, 0) + 1;
		if (take(s, &q)) {
			rc = -1;
			break;
		}
	}
	sql_end(&q);
	db_read_end(s->db);
	return rc < 0 ? -1 : n == CHUNK;
}

static int find_id(
	struct db *db, enum query_by by, struct str name, int64_t *id)
{
	int rc;

	*id = -1;
	if (by == QUERY_BY_REASON || !name.n)
		return 0;
	rc = query_name_find(db, by == QUERY_BY_DOMAIN, name, id);
	if (!rc)
		*id = -1;
	return rc < 0 ? -1 : 0;
}

/* One more of a domain; when there are too many, half of them go. */
static void add_person(struct found *f, int64_t id)
{
	size_t n = 0;

	if (hash(id) > f->limit)
		return;
	if (f->people_n == PEOPLE) {
		f->limit /= 2;
		for (size_t i = 0; i < f->people_n; i++)
			if (hash(f->people[i]) <= f->limit)
				f->people[n++] = f->people[i];
		f->people_n = n;
	}
	if (f->people_n < PEOPLE && hash(id) <= f->limit)
		f->people[f->people_n++] = id;
}

/* A page of the index by domain and local part, behind `last`. As read_piece().
 */
static int read_people(
	struct sampling *s, struct found *f, char last[512], size_t *last_n)
{
	struct sql q = sql_get(s->db, SQL_SAMPLE_PEOPLE);
	int64_t n = 0;
	int rc;

	sql_int(&q, f->id);
	sql_text(&q, str_of(last, *last_n));
	sql_int(&q, CHUNK);
	while ((rc = sql_row(&q)) == 1) {
		struct str local = sql_col_text(&q, 1);

		add_person(f, sql_col(&q, 0));
		if (++n < CHUNK)
			continue;
		*last_n = local.n < 512 ? local.n : 512;
		if (*last_n)
			memcpy(last, local.p, *last_n);
	}
	sql_end(&q);
	return rc < 0 ? -1 : n == CHUNK;
}

static int find_people(struct sampling *s, struct found *f)
{
	char last[512] = "";
	size_t last_n = 0;
	int rc;

	if (f->id < 0)
		return 0;
	f->people = malloc(PEOPLE * sizeof(*f->people));
	if (!f->people)
		return sql_no_memory(s->db);
	do
		rc = read_people(s, f, last, &last_n);
	while (rc == 1);
	qsort(f->people, f->people_n, sizeof(*f->people), in_order);
	return rc;
}

static int prepare(struct sampling *s)
{
	for (size_t i = 0; i < s->what->n; i++) {
		const struct query_sample_ask *ask = &s->what->asks[i];

		s->found[i].limit = UINT32_MAX;
		if (find_id(s->db, ask->by, ask->name, &s->found[i].id))
			return -1;
		if (ask->by == QUERY_BY_DOMAIN && find_people(s, &s->found[i]))
			return -1;
	}
	return 0;
}

static int read_events(struct sampling *s)
{
	int64_t next = s->what->from / DAY << 32, end = s->what->to / DAY << 32;
	int rc = prepare(s);

	if (rc)
		return rc;
	do
		rc = read_piece(s, &next, end);
	while (rc == 1);
	return rc;
}

/* --- addresses ------------------------------------------------------------ */

/* In order of address, and no more of them than are wanted. */
static void settle(struct sampling *s, size_t i)
{
	struct found *f = &s->found[i];
	size_t n;

	for (;;) {
		n = 0;
		if (f->n)
			qsort(f->v, f->n, sizeof(*f->v), by_address);
		for (size_t k = 0; k < f->n; k++)
			n += !k || f->v[k].address != f->v[k - 1].address;
		if (n <= s->what->most || !f->limit)
			break;
		halve(f);
	}
	s->sums[i].part = ((double)f->limit + 1) / ((double)UINT32_MAX + 1);
}

/* What tells more of why. */
static int rank(enum verdict_class c)
{
	return c == CLASS_HARD ? 3 : c == CLASS_BLOCK ? 2 : c == CLASS_SOFT;
}

/* The most telling of the bounces v[0..n) of one address: NULL on failure. */
static const struct noted *sum_up(struct sampling *s, const struct noted *v,
	size_t n, struct query_sampled *out)
{
	const struct noted *best = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct kind *k = kind_of(s, v[i].kind);

		if (!k)
			return NULL;
		out->flags |= k->flags;
		if (best && rank(k->class) <= rank(out->class))
			continue;
		best = &v[i];
		out->class = k->class;
		out->reason = k->reason;
	}
	out->events = (int64_t)n;
	out->at = (best->event >> 32) * DAY + best->second;
	out->sent_at = best->lag >= 0 ? out->at - best->lag : 0;
	return best;
}

static int look_up(struct sampling *s, struct rows *rows, const struct noted *v,
	size_t n, struct query_sampled *out)
{
	const struct noted *best = sum_up(s, v, n, out);
	const struct kind *k = best ? kind_of(s, best->kind) : NULL;

	if (!k)
		return -1;
	return query_sampled_read(s->db, rows,
		&(struct query_sampled_ids){v->address, k->provider, k->stream,
			s->what->from, s->what->required},
		out);
}

static int tell(struct sampling *s, size_t ask, struct rows *rows,
	query_sampled_fn *fn, void *arg)
{
	const struct found *f = &s->found[ask];
	size_t n;
	int rc;

	for (size_t i = 0; i < f->n; i += n) {
		struct query_sampled out = {.ask = ask};

		for (n = 1; i + n < f->n; n++)
			if (f->v[i + n].address != f->v[i].address)
				break;
		rc = look_up(s, rows, f->v + i, n, &out);
		if (!rc)
			rc = fn(arg, &out);
		if (rc)
			return rc;
	}
	return 0;
}

int query_sample(struct db *db, const struct query_sampling *what,
	struct query_sample_sums *sums, query_sampled_fn *fn, void *arg)
{
	struct sampling s = {
		.db = db,
		.what = what,
		.sums = sums,
		.found = calloc(what->n ? what->n : 1, sizeof(*s.found)),
	};
	struct rows rows;
	int rc;

	memset(sums, 0, what->n * sizeof(*sums));
	rows_init(&rows, 1);
	rc = s.found ? read_events(&s) : sql_no_memory(db);
	for (size_t i = 0; !rc && i < what->n; i++) {
		settle(&s, i);
		rc = tell(&s, i, &rows, fn, arg);
	}
	for (size_t i = 0; s.found && i < what->n; i++) {
		free(s.found[i].v);
		free(s.found[i].people);
	}
	free(s.found);
	rows_release(&rows);
	return rc;
}
