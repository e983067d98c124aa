/*
 * The guard: counts addresses that are answered to be gone, by bucket and hour
 * of event time, and asks store/incident_test.c after each batch whether an
 * hour is far above its usual. Counts are in memory within a transaction; all
 * that lasts is in the database.
 */
#include "ledger_guard_private.h"

#include <stdlib.h>
#include <string.h>

#include "fnv.h"
#include "ledger_sent.h"

#define NEWS_DAYS 60

int ledger_guard_open(struct ledger *l)
{
	struct ledger_guard *g = calloc(1, sizeof(*g));

	l->guard = g;
	if (!g)
		return -1;
	g->slots_n = 1024;
	g->slots = calloc(g->slots_n, sizeof(*g->slots));
	g->series = calloc(GUARD_SERIES, sizeof(*g->series));
	return g->slots && g->series ? 0 : -1;
}

static void forget_watched(struct ledger_guard *g)
{
	for (size_t i = 0; i < GUARD_WATCHED; i++) {
		if (g->watched[i])
			free(g->watched[i]->usual);
		free(g->watched[i]);
		g->watched[i] = NULL;
	}
}

void ledger_guard_free(struct ledger *l)
{
	struct ledger_guard *g = l->guard;

	if (!g)
		return;
	forget_watched(g);
	ledger_guard_incidents_forget(l);
	free(g->counts);
	free(g->slots);
	free(g->text);
	free(g->series);
	free(g->all);
	free(g);
	l->guard = NULL;
}

static void clear_counts(struct ledger_guard *g)
{
	g->counts_n = 0;
	g->text_n = 0;
	memset(g->slots, 0, g->slots_n * sizeof(*g->slots));
}

void ledger_guard_forget(struct ledger *l)
{
	clear_counts(l->guard);
	forget_watched(l->guard);
	ledger_guard_incidents_forget(l);
	ledger_guard_all_forget(l);
}

/* --- counting ------------------------------------------------------------- */

static uint32_t hash(enum incident_kind kind, struct str name, int64_t hour)
{
	uint64_t h =
		fnv_bytes((uint64_t)hour * 0x9e3779b97f4a7c15u + kind, name);

	return (uint32_t)(h ^ (h >> 32));
}

static bool add_text(
	struct ledger_guard *g, struct str text, size_t *at, size_t *n)
{
	char *to;

	if (g->text_n + text.n > g->text_room) {
		g->text_room = 2 * (g->text_room + text.n) + 4096;
		to = realloc(g->text, g->text_room);
		if (!to)
			return false;
		g->text = to;
	}
	if (text.n)
		memcpy(g->text + g->text_n, text.p, text.n);
	*at = g->text_n;
	*n = text.n;
	g->text_n += text.n;
	return true;
}

static struct str name_of(
	const struct ledger_guard *g, const struct guard_count *c)
{
	return guard_text(g, c->name, c->name_n);
}

static void put_slot(struct ledger_guard *g, uint32_t h, size_t index)
{
	size_t i = h & (g->slots_n - 1);

	while (g->slots[i])
		i = (i + 1) & (g->slots_n - 1);
	g->slots[i] = (uint32_t)index + 1;
}

/* Twice the slots, so that half of them stay empty. */
static bool grow_slots(struct ledger_guard *g)
{
	uint32_t *slots = calloc(2 * g->slots_n, sizeof(*slots));

	if (!slots)
		return false;
	free(g->slots);
	g->slots = slots;
	g->slots_n *= 2;
	for (size_t i = 0; i < g->counts_n; i++) {
		const struct guard_count *c = &g->counts[i];

		put_slot(g, hash(c->kind, name_of(g, c), c->hour), i);
	}
	return true;
}

static struct guard_count *find_count(const struct ledger_guard *g, uint32_t h,
	enum incident_kind kind, struct str name, int64_t hour)
{
	for (size_t i = h & (g->slots_n - 1); g->slots[i];
		i = (i + 1) & (g->slots_n - 1)) {
		struct guard_count *c = &g->counts[g->slots[i] - 1];

		if (c->kind == kind && c->hour == hour &&
			str_eq(name_of(g, c), name))
			return c;
	}
	return NULL;
}

static struct guard_count *add_count(struct ledger_guard *g,
	enum incident_kind kind, struct str name, int64_t hour,
	struct str owner)
{
	uint32_t h = hash(kind, name, hour);
	struct guard_count *c = find_count(g, h, kind, name, hour);

	if (c)
		return c;
	if (2 * (g->counts_n + 1) > g->slots_n && !grow_slots(g))
		return NULL;
	if (g->counts_n == g->counts_room) {
		g->counts_room = 2 * g->counts_room + 64;
		c = realloc(g->counts, g->counts_room * sizeof(*c));
		if (!c)
			return NULL;
		g->counts = c;
	}
	c = &g->counts[g->counts_n];
	*c = (struct guard_count){.kind = kind, .hour = hour};
	if (!add_text(g, name, &c->name, &c->name_n) ||
		!add_text(g, owner, &c->owner, &c->owner_n))
		return NULL;
	put_slot(g, h, g->counts_n++);
	return c;
}

/*
 * 1: news; 0; -1. Who has been answered to be gone before is no evidence of a
 * bad day, however often a list is mailed that nobody cleans.
 */
static int is_news(struct ledger *l, const struct ledger_bounce *b)
{
	int64_t day = b->at / LEDGER_DAY, one;
	struct sql s;
	int rc;

	if (!b->address_id || b->address_added)
		return 1;
	s = sql_get(l->db, SQL_GUARD_BEFORE);
	sql_int(&s, b->address_id);
	sql_int(&s, ledger_first_id(day - NEWS_DAYS));
	sql_int(&s, ledger_first_id(day + 1));
	rc = sql_one(&s, &one);
	return rc < 0 ? -1 : !rc;
}

/* Where nobody answered, the answer was not the provider's. */
static bool is_answered(enum verdict_reason r)
{
	return r != REASON_DOMAIN_UNKNOWN && r != REASON_DOMAIN_NO_MAIL;
}

static int count_in(struct ledger *l, enum incident_kind kind, struct str name,
	const struct ledger_bounce *b)
{
	struct guard_count *c;

	if (!name.n && kind != INCIDENT_ALL)
		return 0;
	c = add_count(l->guard, kind, name, b->at / GUARD_HOUR, b->provider);
	if (!c)
		return sql_no_memory(l->db);
	c->n++;
	c->engaged += b->engaged;
	return 0;
}

int ledger_guard_count(struct ledger *l, const struct ledger_bounce *b)
{
	int rc;

	if (!l->settings->guard)
		return 0;
	rc = is_news(l, b);
	if (rc <= 0)
		return rc;
	if (count_in(l, INCIDENT_STREAM, b->stream, b) ||
		count_in(l, INCIDENT_ALL, STR_NULL, b))
		return -1;
	if (!is_answered(b->reason))
		return 0;
	return count_in(l, INCIDENT_PROVIDER, b->provider, b) ||
			       count_in(l, INCIDENT_DOMAIN, b->domain, b)
		       ? -1
		       : 0;
}

/* --- writing -------------------------------------------------------------- */

/* Tests go by the order of hours. */
static int by_hour(const void *a, const void *b)
{
	const struct guard_count *x = a, *y = b;

	if (x->hour != y->hour)
		return x->hour < y->hour ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

/* Add to the hour in the database; *c then has all of the hour. */
static int write_count(struct ledger *l, struct guard_count *c)
{
	struct sql s = sql_get(l->db, SQL_GUARD_ADD);
	int rc;

	sql_int(&s, c->kind);
	sql_text(&s, name_of(l->guard, c));
	sql_int(&s, c->hour);
	sql_int(&s, c->n);
	sql_int(&s, c->engaged);
	rc = sql_row(&s);
	if (rc == 1) {
		c->n = (uint32_t)sql_col(&s, 0);
		c->engaged = (uint32_t)sql_col(&s, 1);
		rc = sql_row(&s);
	}
	sql_end(&s);
	if (rc < 0)
		return -1;
	return c->kind == INCIDENT_ALL ? ledger_guard_all(l, c->hour, c->n) : 0;
}

int ledger_guard_look(struct ledger *l)
{
	struct ledger_guard *g = l->guard;
	struct sql s = sql_get(l->db, SQL_DATA_VERSION);
	int64_t version;

	if (sql_one(&s, &version) < 0)
		return -1;
	if (version == g->data_version)
		return ledger_guard_incidents(l);
	/* what is usual does not change so soon */
	for (size_t i = 0; i < GUARD_WATCHED; i++)
		if (g->watched[i])
			g->watched[i]->hour = -1;
	ledger_guard_incidents_forget(l);
	ledger_guard_all_forget(l);
	if (ledger_guard_sends(l))
		return -1;
	g->data_version = version;
	return ledger_guard_incidents(l);
}

static struct guard_bucket bucket_of(
	const struct ledger_guard *g, const struct guard_count *c)
{
	return (struct guard_bucket){c->kind, name_of(g, c),
		c->kind == INCIDENT_DOMAIN ? guard_text(g, c->owner, c->owner_n)
					   : STR_NULL};
}

/* --- testing -------------------------------------------------------------- */

static struct guard_watched *watch(
	struct ledger_guard *g, enum incident_kind kind, struct str name)
{
	struct guard_watched **slot =
		&g->watched[hash(kind, name, 0) % GUARD_WATCHED];
	struct guard_watched *w = *slot;

	if (!w)
		w = *slot = calloc(1, sizeof(*w));
	if (!w || (w->kind == kind && w->name_n == name.n &&
			  !memcmp(w->name, name.p, name.n)))
		return w;
	free(w->usual);
	memset(w, 0, sizeof(*w));
	w->kind = kind;
	w->name_n = name.n;
	memcpy(w->name, name.p, name.n);
	w->hour = -1;
	return w;
}

/* Whether an incident of the bucket is open. */
static bool is_open(const struct ledger_guard *g, enum incident_kind kind,
	struct str name, int64_t hour)
{
	for (size_t i = 0; i < g->incidents_n; i++) {
		const struct guard_incident *in = &g->incidents[i];

		if (in->kind == kind && in->state == INCIDENT_OPEN &&
			in->from <= (hour + 1) * GUARD_HOUR &&
			str_eq(str_of(in->name, in->name_n), name))
			return true;
	}
	return false;
}

/* Whether a bad day of somebody explains what happens to all. */
static bool is_explained(const struct ledger_guard *g, int64_t hour)
{
	for (size_t i = 0; i < g->incidents_n; i++) {
		const struct guard_incident *in = &g->incidents[i];

		if (in->kind <= INCIDENT_DOMAIN &&
			in->cause == INCIDENT_DETECTED &&
			in->from <= (hour + 1) * GUARD_HOUR &&
			(in->state == INCIDENT_OPEN ||
				in->to > (hour - GUARD_DAY) * GUARD_HOUR))
			return true;
	}
	return false;
}

/* Not to be asked: an incident says already what happens. */
static bool is_told(const struct ledger_guard *g, const struct guard_count *c)
{
	if (is_open(g, c->kind, name_of(g, c), c->hour))
		return true;
	if (c->kind == INCIDENT_DOMAIN)
		return is_open(g, INCIDENT_PROVIDER,
			guard_text(g, c->owner, c->owner_n), c->hour);
	return c->kind > INCIDENT_DOMAIN && is_explained(g, c->hour);
}

/* The last 24 hours, with this one, and whether they can tell anything. */
static bool is_worth_it(const struct ledger_guard *g, struct guard_watched *w,
	const struct guard_count *c, uint32_t sent)
{
	struct incident_series recent = {
		.kind = c->kind, .h = w->recent, .lag = g->lag};
	uint32_t n = 0, engaged = 0, all_sent = 0;

	w->recent[w->recent_n] = (struct incident_hour){.hour = c->hour,
		.n = c->n,
		.engaged = c->engaged,
		.sent = sent};
	recent.n = w->recent_n + 1;
	for (size_t i = 0; i < recent.n; i++) {
		if (w->recent[i].hour > c->hour - GUARD_DAY) {
			n += w->recent[i].n;
			engaged += w->recent[i].engaged;
		}
		all_sent += w->recent[i].sent;
	}
	if (n < incident_floor(c->kind, engaged, all_sent))
		return false;
	return !w->usual || w->usual->hour > c->hour ||
	       w->usual->hour <= c->hour - GUARD_DAY ||
	       !incident_is_quiet(w->usual, &recent, c->hour);
}

static int ask(struct ledger *l, const struct guard_count *c,
	struct guard_watched *w, uint32_t sent, int64_t now)
{
	struct ledger_guard *g = l->guard;
	struct incident_hour row = {.hour = c->hour,
		.n = c->n,
		.engaged = c->engaged,
		.sent = sent};
	const struct guard_count *all =
		find_count(g, hash(INCIDENT_ALL, str_of("", 0), c->hour),
			INCIDENT_ALL, str_of("", 0), c->hour);
	const struct guard_bucket b = bucket_of(g, c);
	struct incident_result r;
	struct incident_series s;

	row.all = all ? all->n : c->n;
	if (g->sends && ledger_guard_sent(l, INCIDENT_ALL, str_of("", 0),
				c->hour, &row.all_sent))
		return -1;
	if (g->sends && c->kind <= INCIDENT_DOMAIN &&
		ledger_guard_sent(l, LEDGER_SENT_UNCLAIMED,
			ledger_sent_unclaimed(c->kind), c->hour,
			&row.unclaimed))
		return -1;
	if (!w->usual || w->usual->hour != c->hour) {
		if (!w->usual && !(w->usual = malloc(sizeof(*w->usual))))
			return sql_no_memory(l->db);
		if (ledger_guard_series(l, &b, c->hour - 1, &s))
			return -1;
		incident_learn(&s, c->hour, w->usual);
	}
	r = incident_test(w->usual, &row);
	if (!r.why || ((r.why == INCIDENT_SHARE || r.why == INCIDENT_RISE) &&
			      (int64_t)r.n < l->settings->guard_least))
		return 0;
	if (ledger_guard_series(l, &b, c->hour, &s))
		return -1;
	return ledger_guard_trip(l, &s, name_of(g, c), &r, now);
}

static int test(struct ledger *l, const struct guard_count *c, int64_t now)
{
	struct ledger_guard *g = l->guard;
	const struct guard_bucket b = bucket_of(g, c);
	struct guard_watched *w;
	uint32_t sent = 0;

	if (b.name.n > GUARD_NAME || is_told(g, c))
		return 0;
	w = watch(g, c->kind, b.name);
	if (!w)
		return sql_no_memory(l->db);
	if (w->hour != c->hour && ledger_guard_recent(l, &b, c->hour, w))
		return -1;
	if (g->sends && ledger_guard_sent(l, c->kind, b.name, c->hour, &sent))
		return -1;
	if (!is_worth_it(g, w, c, sent))
		return 0;
	return ask(l, c, w, sent, now);
}

int ledger_guard_flush(struct ledger *l, int64_t now)
{
	struct ledger_guard *g = l->guard;
	int64_t hour;

	if (!g->counts_n)
		return 0;
	if (ledger_guard_look(l))
		return -1;
	qsort(g->counts, g->counts_n, sizeof(*g->counts), by_hour);
	memset(g->slots, 0, g->slots_n * sizeof(*g->slots));
	for (size_t i = 0; i < g->counts_n; i++) {
		struct guard_count *c = &g->counts[i];

		put_slot(g, hash(c->kind, name_of(g, c), c->hour), i);
		if (write_count(l, c))
			return -1;
	}
	for (size_t i = 0; i < g->counts_n; i++)
		if (test(l, &g->counts[i], now))
			return -1;
	hour = g->counts[g->counts_n - 1].hour;
	clear_counts(g);
	if (hour * GUARD_HOUR <= g->clock)
		return 0;
	g->clock = hour * GUARD_HOUR;
	return ledger_guard_close(l, g->clock, now, NULL);
}
