/*
 * What counts as sent, of what was told (ledger_sent.h). The rows of a day are
 * read twice: in order of domains for what went to each, and in order of
 * streams and providers for the others. So only providers are held.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "incident_test.h"
#include "index.h"
#include "ledger_private.h"
#include "ledger_sent.h"
#include "sent_count.h"

/* Of a day; more have no name. */
#define PROVIDERS_MAX   10000u
#define PROVIDERS_BYTES (64u << 20)

/* --- names ---------------------------------------------------------------- */

/* A copy of a name that is read: "" before the first one. */
struct name {
	char *p;
	size_t n, cap;
};

static struct str str_of_name(const struct name *t)
{
	return str_of(t->p ? t->p : "", t->n);
}

/* False: out of memory. */
static bool keep(struct name *t, struct str s)
{
	if (s.n > t->cap) {
		char *p = realloc(t->p, 2 * s.n);

		if (!p)
			return false;
		t->p = p;
		t->cap = 2 * s.n;
	}
	if (s.n)
		memcpy(t->p, s.p, s.n);
	t->n = s.n;
	return true;
}

static bool is_rest(struct str name)
{
	return str_eq(name, str_from(LEDGER_SENT_REST));
}

/* Told by version 5 of the schema: nothing is known of its provider, whose
 * mails count by themselves. */
static bool is_before_6(struct str provider)
{
	return str_eq(provider, str_from("?"));
}

/* --- a day ---------------------------------------------------------------- */

/* The numbers of one domain, provider and stream. */
struct cell {
	struct name domain, provider, stream;
	struct sent_count n, log;
	struct sent_count
		none; /* of n: it was told that no provider takes them */
};

struct provider {
	struct str name; /* LEDGER_SENT_REST: of those who have none */
	struct sent_ways by_stream;
	struct sent_count domains; /* what counts of them, by themselves */
};

struct day {
	struct ledger *l;
	int64_t day;
	struct sql s;
	int row; /* as sql_row(): the one that s stands at */
	struct cell cell;
	struct arena arena;
	struct provider *providers; /* the first is that of the rest */
	size_t n, cap;
	struct index by_name;
	struct sent_count
		domains;       /* what counts of all domains, and of the rest */
	struct sent_ways none; /* of all mails, those that no provider takes */
	int64_t by_day;        /* of all mails, those of no known hour */
};

static int set_hour(
	struct day *d, int kind, struct str name, int hour, int64_t n)
{
	struct sql s = sql_get(d->l->db, SQL_SENT_SET);

	sql_int(&s, kind);
	sql_text(&s, name);
	sql_int(&s, d->day * SENT_COUNT_HOURS + hour);
	sql_int(&s, n);
	return sql_run(&s);
}

/* What counts, of one name. The mails of no known hour are in the first, and so
 * is it said that there were none where somebody told of the name. */
static int set(
	struct day *d, int kind, struct str name, const struct sent_count *c)
{
	int64_t rest = c->day - sent_count_in_hours(c);
	struct sql s = sql_get(d->l->db, SQL_SENT_CLEAR);
	int rc;

	sql_int(&s, kind);
	sql_text(&s, name);
	sql_int(&s, d->day * SENT_COUNT_HOURS);
	sql_int(&s, d->day * SENT_COUNT_HOURS + SENT_COUNT_HOURS);
	rc = sql_run(&s);
	for (int h = 0; !rc && h < SENT_COUNT_HOURS; h++) {
		int64_t n = c->hour[h] + (h ? 0 : rest);

		if (n || (!h && !c->day && kind != LEDGER_SENT_UNCLAIMED))
			rc = set_hour(d, kind, name, h, n);
	}
	return rc;
}

static struct provider *add_provider(struct day *d, struct str name)
{
	struct provider *v = arena_grow(
		&d->arena, d->providers, &d->cap, d->n + 1, sizeof(*v));

	if (!v)
		return NULL;
	d->providers = v;
	v[d->n] = (struct provider){.name = arena_dup(&d->arena, name)};
	index_put(&d->by_name, v[d->n].name, d->n);
	return d->arena.full ? NULL : &v[d->n++];
}

/* "": the rest; and so are those behind the first ten thousand. */
static struct provider *provider_of(struct day *d, struct str name)
{
	size_t k;

	if (!d->n && !add_provider(d, str_from(LEDGER_SENT_REST)))
		return NULL;
	if (!name.n || d->n > PROVIDERS_MAX)
		return &d->providers[0];
	return index_get(&d->by_name, name, &k) ? &d->providers[k]
						: add_provider(d, name);
}

static void begin(struct day *d, enum sql_id id)
{
	d->s = sql_get(d->l->db, id);
	sql_int(&d->s, d->day);
	d->row = sql_row(&d->s);
}

static bool is_of(const struct cell *c, const struct sql *s)
{
	return str_eq(str_of_name(&c->domain), sql_col_text(s, 0)) &&
	       str_eq(str_of_name(&c->provider), sql_col_text(s, 1)) &&
	       str_eq(str_of_name(&c->stream), sql_col_text(s, 2));
}

/* One row more: what a source tells of an hour, or of the day. */
static void take_row(struct cell *c, const struct sql *s)
{
	int64_t hour = sql_col(s, 3), n = sql_col(s, 5);
	struct sent_count one = {.day = n};

	if (hour < LEDGER_WHOLE_DAY)
		one.hour[hour] = n;
	sent_count_take_greater(&c->n, &one);
	if (sql_col(s, 4) == LEDGER_SOURCE_LOG)
		sent_count_add(&c->log, &one);
	if (sql_col(s, 6))
		sent_count_take_greater(&c->none, &one);
}

/* The next cell, of all sources. 1, 0 behind the last, -1. */
static int next(struct day *d)
{
	struct cell *c = &d->cell;

	if (d->row != 1)
		return d->row;
	if (!keep(&c->domain, sql_col_text(&d->s, 0)) ||
		!keep(&c->provider, sql_col_text(&d->s, 1)) ||
		!keep(&c->stream, sql_col_text(&d->s, 2)))
		return sql_no_memory(d->l->db);
	c->n = c->log = c->none = (struct sent_count){0};
	while (d->row == 1 && is_of(c, &d->s)) {
		take_row(c, &d->s);
		d->row = sql_row(&d->s);
	}
	return d->row < 0 ? -1 : 1;
}

/* --- by domain ------------------------------------------------------------ */

/* The domain at which the reading is. */
struct domain {
	struct name name, provider;
	bool has_many; /* providers: somebody's mistake */
	struct sent_ways by_stream;
};

static int end_domain(struct day *d, struct domain *o)
{
	struct sent_count n = sent_count_greatest(&o->by_stream);
	struct str name = str_of_name(&o->name);
	struct str provider = str_of_name(&o->provider);
	struct provider *p;

	if (!name.n)
		return 0; /* there was none before the first */
	if (!o->has_many && !is_before_6(provider)) {
		p = provider_of(d, provider);
		if (!p)
			return sql_no_memory(d->l->db);
		sent_count_add(&p->domains, &n);
	}
	sent_count_add(&d->domains, &n);
	return is_rest(name) ? 0 : set(d, INCIDENT_DOMAIN, name, &n);
}

static int take_domain_cell(struct day *d, struct domain *o)
{
	const struct cell *c = &d->cell;
	struct str provider = str_of_name(&c->provider);

	if (!str_eq(str_of_name(&o->name), str_of_name(&c->domain))) {
		if (end_domain(d, o))
			return -1;
		if (!keep(&o->name, str_of_name(&c->domain)) ||
			!keep(&o->provider, provider))
			return sql_no_memory(d->l->db);
		o->by_stream = (struct sent_ways){0};
		o->has_many = false;
	}
	o->has_many =
		o->has_many || !str_eq(str_of_name(&o->provider), provider);
	sent_count_add_way(&o->by_stream, str_of_name(&c->stream), &c->n);
	sent_count_add(&o->by_stream.log, &c->log);
	return 0;
}

static int settle_domains(struct day *d)
{
	struct domain o = {0};
	int rc;

	begin(d, SQL_SENT_DOMAINS);
	while ((rc = next(d)) == 1)
		if (take_domain_cell(d, &o))
			break;
	sql_end(&d->s);
	if (!rc)
		rc = end_domain(d, &o);
	free(o.name.p);
	free(o.provider.p);
	return rc ? -1 : 0;
}

/* --- by stream and provider ----------------------------------------------- */

struct others {
	struct sent_ways by_stream; /* of all mails */
	/* The stream at which the reading is, and its provider: `named` is of
	 * those with a provider, and of those with a domain. */
	struct name stream, provider;
	struct sent_ways of_stream, of_provider;
	struct sent_ways none_of_stream; /* of none of the providers */
};

/* All of one provider (or of none) in one stream has been read. */
static int end_provider(struct day *d, struct others *o)
{
	struct str name = str_of_name(&o->provider);
	struct sent_count n = sent_count_greatest(&o->of_provider);
	struct provider *p;

	o->of_provider = (struct sent_ways){0};
	sent_count_add_way(&o->of_stream, name, &n);
	if (!name.n)
		return 0;
	p = provider_of(d, name);
	if (!p)
		return sql_no_memory(d->l->db);
	sent_count_add_way(&p->by_stream, str_of_name(&o->stream), &n);
	return 0;
}

static int end_stream(struct day *d, struct others *o)
{
	struct str name = str_of_name(&o->stream);
	struct sent_count n = sent_count_greatest(&o->of_stream), n_none;

	o->of_stream = (struct sent_ways){0};
	sent_count_add_way(&o->by_stream, name, &n);
	n_none = sent_count_greatest(&o->none_of_stream);
	o->none_of_stream = (struct sent_ways){0};
	sent_count_add_way(&d->none, name, &n_none);
	return !name.n || is_rest(name) ? 0 : set(d, INCIDENT_STREAM, name, &n);
}

/*
 * Mails of a log are other ones than all others of logs. Each has a domain, and
 * counts in all of its names; but a database of version 5 told of each name by
 * itself.
 */
static int take_mails(struct day *d, struct others *o)
{
	const struct cell *c = &d->cell;
	bool old = !c->domain.n;
	struct provider *p;

	if (!c->log.day)
		return 0;
	if (!old || c->stream.n)
		sent_count_add(&o->of_stream.log, &c->log);
	if (!old || (!c->stream.n && !c->provider.n))
		sent_count_add(&o->by_stream.log, &c->log);
	if (old && !c->provider.n)
		return 0;
	p = provider_of(d, str_of_name(&c->provider));
	if (!p)
		return sql_no_memory(d->l->db);
	sent_count_add(&p->by_stream.log, &c->log);
	return 0;
}

static int take_cell(struct day *d, struct others *o)
{
	const struct cell *c = &d->cell;
	struct str stream = str_of_name(&c->stream);
	struct str provider = str_of_name(&c->provider);
	bool new_stream = !str_eq(str_of_name(&o->stream), stream);

	if (new_stream || !str_eq(str_of_name(&o->provider), provider)) {
		if (end_provider(d, o) || (new_stream && end_stream(d, o)))
			return -1;
		if (!keep(&o->stream, stream) || !keep(&o->provider, provider))
			return sql_no_memory(d->l->db);
	}
	sent_count_add_way(&o->of_provider, str_of_name(&c->domain), &c->n);
	sent_count_add_way(
		&o->none_of_stream, str_of_name(&c->domain), &c->none);
	return take_mails(d, o);
}

/* Of all mails, those that may be any provider's (or domain's). */
static int set_unclaimed(struct day *d, enum incident_kind of,
	const struct sent_count *all, const struct sent_count *claimed)
{
	struct sent_count n = sent_count_others(all, claimed);

	return set(d, LEDGER_SENT_UNCLAIMED, ledger_sent_unclaimed(of), &n);
}

/* All mails are those of all providers at least, and those of a provider those
 * of its domains. */
static int end_all(struct day *d, const struct others *o)
{
	struct sent_count n = sent_count_greatest(&o->by_stream),
			  none = sent_count_greatest(&d->none);
	struct sent_count sum = {0}, claimed = {0};
	int rc = 0;

	for (size_t i = 0; !rc && i < d->n; i++) {
		struct provider *p = &d->providers[i];
		struct sent_count of = sent_count_greatest(&p->by_stream);

		sent_count_take_greater(&of, &p->domains);
		sent_count_add(&sum, &of);
		if (i)
			rc = set(d, INCIDENT_PROVIDER, p->name, &of);
		else
			sent_count_take_lesser(&of, &none);
		sent_count_add(&claimed, &of);
	}
	sent_count_take_greater(&n, &sum);
	d->by_day = n.day - sent_count_in_hours(&n);
	return rc || set_unclaimed(d, INCIDENT_PROVIDER, &n, &claimed) ||
			       set_unclaimed(
				       d, INCIDENT_DOMAIN, &n, &d->domains) ||
			       set(d, INCIDENT_ALL, str_of("", 0), &n)
		       ? -1
		       : 0;
}

static int settle_others(struct day *d)
{
	struct others o = {0};
	int rc;

	begin(d, SQL_SENT_OTHERS);
	while ((rc = next(d)) == 1)
		if (take_cell(d, &o))
			break;
	sql_end(&d->s);
	if (!rc)
		rc = end_provider(d, &o) || end_stream(d, &o) || end_all(d, &o);
	free(o.stream.p);
	free(o.provider.p);
	return rc ? -1 : 0;
}

/* --- settling ------------------------------------------------------------- */

static int settled(const struct day *d)
{
	struct sql s = sql_get(d->l->db, SQL_SENT_SETTLED);

	sql_int(&s, d->by_day);
	sql_int(&s, d->day);
	return sql_run(&s);
}

static int settle_day(struct ledger *l, int64_t day)
{
	struct day d = {.l = l, .day = day, .by_name = {.arena = &d.arena}};
	int rc;

	if (ledger_begin(l))
		return -1;
	arena_init(&d.arena, PROVIDERS_BYTES);
	rc = settle_domains(&d) || settle_others(&d) || settled(&d) ? -1 : 0;
	arena_release(&d.arena);
	free(d.cell.domain.p);
	free(d.cell.provider.p);
	free(d.cell.stream.p);
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
