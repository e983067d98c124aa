/*
 * What counts as sent, of what was told (ledger_sent.h). The rows of a day are
 * read twice: in order of domains for what went to each, and in order of
 * streams and providers for the others. Nothing of all the domains is held.
 */
#include "ledger_sent.h"

#include "arena.h"
#include "incident_test.h"
#include "index.h"
#include "ledger_private.h"

#define HOURS       24
#define WHOLE_DAY   HOURS /* sent_told.hour of a day's number */
#define NAMES_BYTES (64u << 20)

/* --- telling -------------------------------------------------------------- */

static const struct {
	enum sql_id put;
	int source; /* as in schema.sql */
} hows[] = {
	[LEDGER_SENT_NUMBER] = {SQL_SENT_IS,    2},
	[LEDGER_SENT_LOG] = {SQL_SENT_MORE,  0},
	[LEDGER_SENT_BARE] = {SQL_SENT_MORE,  1},
	[LEDGER_SENT_OLD] = {SQL_SENT_LEAST, 1},
};

static struct str told(struct str name)
{
	return name.p ? name : str_of("", 0);
}

int ledger_tell_one(struct ledger *l, const struct ledger_sent *row)
{
	int64_t at = row->at > 0 ? row->at : 0;
	struct sql s = sql_get(l->db, hows[row->how].put);

	sql_int(&s, at / LEDGER_DAY);
	sql_text(&s, told(row->domain));
	sql_text(&s, told(row->provider));
	sql_text(&s, told(row->stream));
	sql_int(&s, row->whole_day ? WHOLE_DAY : at % LEDGER_DAY / 3600);
	sql_int(&s, hows[row->how].source);
	sql_int(&s, row->n);
	if (sql_run(&s))
		return -1;
	s = sql_get(l->db, SQL_SENT_STALE);
	sql_int(&s, at / LEDGER_DAY);
	return sql_run(&s);
}

int ledger_tell(struct ledger *l, const struct ledger_sent *v, size_t n)
{
	int rc = 0;

	if (ledger_begin(l))
		return -1;
	for (size_t i = 0; !rc && i < n; i++)
		rc = ledger_tell_one(l, &v[i]);
	return ledger_finish(l, rc);
}

/* --- numbers -------------------------------------------------------------- */

/* How many mails, by hour and in all: those of which the hour is not known are
 * in `day` only. */
struct count {
	int64_t hour[HOURS];
	int64_t day; /* at least the sum of the hours */
};

static int64_t in_hours(const struct count *c)
{
	int64_t n = 0;

	for (int h = 0; h < HOURS; h++)
		n += c->hour[h];
	return n;
}

/* Other mails. */
static void add(struct count *to, const struct count *c)
{
	for (int h = 0; h < HOURS; h++)
		to->hour[h] += c->hour[h];
	to->day += c->day;
}

/* The same mails, told in another way. */
static void take_greater(struct count *to, const struct count *c)
{
	int64_t hours;

	for (int h = 0; h < HOURS; h++)
		if (to->hour[h] < c->hour[h])
			to->hour[h] = c->hour[h];
	if (to->day < c->day)
		to->day = c->day;
	hours = in_hours(to);
	if (to->day < hours)
		to->day = hours;
}

/* With a name and without: without one, all that have one are meant. */
struct pair {
	struct count unnamed, named;
};

static void add_to_pair(struct pair *p, struct str name, const struct count *c)
{
	add(name.n ? &p->named : &p->unnamed, c);
}

static struct count greater_of(const struct pair *p)
{
	struct count c = p->unnamed;

	take_greater(&c, &p->named);
	return c;
}

/* --- reading and writing -------------------------------------------------- */

/* The numbers of one domain, provider and stream. */
struct cell {
	struct str domain, provider, stream;
	struct count n;
};

struct day {
	struct ledger *l;
	int64_t day;
	struct sql s;
	int row;            /* as sql_row(): the one that s stands at */
	struct arena arena; /* names of the cells */
	int64_t by_day;     /* of all mails, those of no known hour */
};

static int set_hour(struct day *d, enum incident_kind kind, struct str name,
	int hour, int64_t n)
{
	struct sql s = sql_get(d->l->db, SQL_SENT_SET);

	sql_int(&s, kind);
	sql_text(&s, name);
	sql_int(&s, d->day * HOURS + hour);
	sql_int(&s, n);
	return sql_run(&s);
}

/* What counts, of one name. The mails of no known hour are in the first, and so
 * is it said that there were none. */
static int set(struct day *d, enum incident_kind kind, struct str name,
	const struct count *c)
{
	int64_t rest = c->day - in_hours(c);
	struct sql s = sql_get(d->l->db, SQL_SENT_CLEAR);
	int rc;

	sql_int(&s, kind);
	sql_text(&s, name);
	sql_int(&s, d->day * HOURS);
	sql_int(&s, d->day * HOURS + HOURS);
	rc = sql_run(&s);
	for (int h = 0; !rc && h < HOURS; h++) {
		int64_t n = c->hour[h] + (h ? 0 : rest);

		if (n || (!h && !c->day))
			rc = set_hour(d, kind, name, h, n);
	}
	return rc;
}

static bool is_rest(struct str name)
{
	return str_eq(name, str_from(LEDGER_SENT_REST));
}

static void begin(struct day *d, enum sql_id id)
{
	d->s = sql_get(d->l->db, id);
	sql_int(&d->s, d->day);
	d->row = sql_row(&d->s);
}

static bool is_of(const struct cell *c, const struct sql *s)
{
	return str_eq(c->domain, sql_col_text(s, 0)) &&
	       str_eq(c->provider, sql_col_text(s, 1)) &&
	       str_eq(c->stream, sql_col_text(s, 2));
}

/* The next cell, of all sources. 1, 0 behind the last, -1. Its names live as
 * long as the arena. */
static int next(struct day *d, struct cell *c)
{
	if (d->row != 1)
		return d->row;
	*c = (struct cell){
		.domain = arena_dup(&d->arena, told(sql_col_text(&d->s, 0))),
		.provider = arena_dup(&d->arena, told(sql_col_text(&d->s, 1))),
		.stream = arena_dup(&d->arena, told(sql_col_text(&d->s, 2))),
	};
	if (d->arena.full)
		return sql_no_memory(d->l->db);
	while (d->row == 1 && is_of(c, &d->s)) {
		int64_t hour = sql_col(&d->s, 3), n = sql_col(&d->s, 4);
		struct count one = {.day = n};

		if (hour < WHOLE_DAY)
			one.hour[hour] = n;
		take_greater(&c->n, &one);
		d->row = sql_row(&d->s);
	}
	return d->row < 0 ? -1 : 1;
}

/* --- by domain ------------------------------------------------------------ */

static int settle_domains(struct day *d)
{
	struct pair of_domain = {0};
	struct str domain = STR_NULL;
	struct cell c;
	int rc;

	begin(d, SQL_SENT_DOMAINS);
	while ((rc = next(d, &c)) == 1) {
		struct count n = greater_of(&of_domain);

		if (domain.p && !str_eq(domain, c.domain)) {
			if (set(d, INCIDENT_DOMAIN, domain, &n))
				break;
			of_domain = (struct pair){0};
		}
		domain = c.domain;
		add_to_pair(&of_domain, c.stream, &c.n);
	}
	sql_end(&d->s);
	if (!rc && domain.p) {
		struct count n = greater_of(&of_domain);

		rc = set(d, INCIDENT_DOMAIN, domain, &n);
	}
	return rc ? -1 : 0;
}

/* --- by stream and provider ----------------------------------------------- */

struct provider {
	struct str name; /* "": of domains whose provider is not known */
	struct pair by_stream;
};

struct all {
	struct day *day;
	/* Of the stream at which the reading is: its numbers without provider
	 * and domain, and those with; and of its provider by itself and by its
	 * domains. */
	struct pair stream, provider;
	struct str stream_name, provider_name;
	struct pair by_stream;
	struct provider *v;
	size_t n, cap;
	struct index by_name;
};

static struct provider *provider_of(struct all *a, struct str name)
{
	struct arena *arena = &a->day->arena;
	struct provider *v;
	size_t k;

	if (index_get(&a->by_name, name, &k))
		return &a->v[k];
	v = arena_grow(arena, a->v, &a->cap, a->n + 1, sizeof(*v));
	if (!v)
		return NULL;
	a->v = v;
	v[a->n] = (struct provider){.name = name};
	index_put(&a->by_name, name, a->n);
	return arena->full ? NULL : &v[a->n++];
}

/* All of one provider (or of none) in one stream has been read. */
static int end_provider(struct all *a)
{
	struct count n = a->provider.named;
	struct provider *p;

	if (a->provider_name.n)
		n = greater_of(&a->provider);
	else
		add(&a->stream.unnamed, &a->provider.unnamed);
	add(&a->stream.named, &n);
	a->provider = (struct pair){0};
	if (!n.day)
		return 0;
	p = provider_of(a, a->provider_name);
	if (!p)
		return sql_no_memory(a->day->l->db);
	add_to_pair(&p->by_stream, a->stream_name, &n);
	return 0;
}

static int end_stream(struct all *a)
{
	struct count n = greater_of(&a->stream);

	a->stream = (struct pair){0};
	add_to_pair(&a->by_stream, a->stream_name, &n);
	return !a->stream_name.n || is_rest(a->stream_name)
		       ? 0
		       : set(a->day, INCIDENT_STREAM, a->stream_name, &n);
}

static int take_cell(struct all *a, const struct cell *c)
{
	bool new_stream = !str_eq(a->stream_name, c->stream);

	if (new_stream || !str_eq(a->provider_name, c->provider)) {
		if (end_provider(a) || (new_stream && end_stream(a)))
			return -1;
		a->stream_name = c->stream;
		a->provider_name = c->provider;
	}
	add_to_pair(&a->provider, c->domain, &c->n);
	return 0;
}

/* All mails are those of all providers at least. */
static int end_all(struct all *a)
{
	struct count n = greater_of(&a->by_stream), sum = {0};
	int rc = 0;

	for (size_t i = 0; !rc && i < a->n; i++) {
		struct count p = greater_of(&a->v[i].by_stream);

		add(&sum, &p);
		if (a->v[i].name.n && !is_rest(a->v[i].name))
			rc = set(a->day, INCIDENT_PROVIDER, a->v[i].name, &p);
	}
	take_greater(&n, &sum);
	a->day->by_day = n.day - in_hours(&n);
	return rc ? rc : set(a->day, INCIDENT_ALL, str_of("", 0), &n);
}

static int settle_others(struct day *d)
{
	struct all a = {.day = d,
		.stream_name = str_of("", 0),
		.provider_name = str_of("", 0),
		.by_name = {.arena = &d->arena}};
	struct cell c;
	int rc;

	begin(d, SQL_SENT_OTHERS);
	while ((rc = next(d, &c)) == 1)
		if (take_cell(&a, &c))
			break;
	sql_end(&d->s);
	if (rc || end_provider(&a) || end_stream(&a))
		return -1;
	return end_all(&a);
}

/* --- a day ---------------------------------------------------------------- */

static int settle_day(struct ledger *l, int64_t day)
{
	struct day d = {.l = l, .day = day};
	int rc;

	if (ledger_begin(l))
		return -1;
	arena_init(&d.arena, NAMES_BYTES);
	rc = settle_domains(&d) || settle_others(&d) ? -1 : 0;
	arena_release(&d.arena);
	if (!rc) {
		struct sql s = sql_get(l->db, SQL_SENT_SETTLED);

		sql_int(&s, d.by_day);
		sql_int(&s, day);
		rc = sql_run(&s);
	}
	return ledger_finish(l, rc);
}

int ledger_settle_next(struct ledger *l)
{
	struct sql s = sql_get(l->db, SQL_SENT_UNSETTLED);
	int64_t day;
	int rc = sql_one(&s, &day);

	return rc == 1 && settle_day(l, day) ? -1 : rc;
}

int ledger_settle(struct ledger *l)
{
	int rc;

	while ((rc = ledger_settle_next(l)) == 1)
		;
	return rc;
}

int ledger_sent_prune(struct ledger *l, int64_t now)
{
	static const struct {
		enum sql_id id;
		int days;
	} steps[] = {
		{SQL_SENT_FOLD,         LEDGER_SENT_DOMAIN_DAYS},
		{SQL_SENT_FOLDED,       LEDGER_SENT_DOMAIN_DAYS},
		{SQL_SENT_FORGET,       LEDGER_SENT_DAYS       },
		{SQL_SENT_DROP_DAYS,    LEDGER_SENT_DAYS       },
		{SQL_SENT_DROP_DOMAINS, LEDGER_SENT_DOMAIN_DAYS},
		{SQL_SENT_DROP,         LEDGER_SENT_DAYS       },
	};

	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(steps) / sizeof(*steps); i++) {
		struct sql s = sql_get(l->db, steps[i].id);

		sql_int(&s, now / HOURS - steps[i].days);
		rc = sql_run(&s);
	}
	return rc;
}
