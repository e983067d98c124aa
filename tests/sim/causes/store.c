/*
 * Ordinary weeks, and all of it into a database the way that the program takes
 * it: bounces through the ledger, the send log and who opened as imports.
 */
#include "list.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sent_rows.h"

#define BATCH 2000

/* --- ordinary weeks ------------------------------------------------------- */

struct reason_row {
	enum verdict_class class;
	enum verdict_reason reason;
	double weight;
};

static const struct reason_row usual_reasons[] = {
	{CLASS_HARD,      REASON_USER_UNKNOWN,     78},
	{CLASS_HARD,      REASON_DOMAIN_UNKNOWN,   8 },
	{CLASS_HARD,      REASON_MAILBOX_DISABLED, 8 },
	{CLASS_HARD,      REASON_ADDRESS_INVALID,  2 },
	{CLASS_HARD,      REASON_DOMAIN_NO_MAIL,   4 },
	{CLASS_SOFT,      REASON_MAILBOX_FULL,     35},
	{CLASS_SOFT,      REASON_EXPIRED,          15},
	{CLASS_SOFT,      REASON_NETWORK_ERROR,    10},
	{CLASS_SOFT,      REASON_UNDETERMINED,     8 },
	{CLASS_SOFT,      REASON_RATE_LIMITED,     6 },
	{CLASS_BLOCK,     REASON_SPAM,             12},
	{CLASS_BLOCK,     REASON_REPUTATION,       6 },
	{CLASS_BLOCK,     REASON_POLICY,           5 },
	{CLASS_BLOCK,     REASON_AUTH_FAILURE,     2 },
	{CLASS_REPLY,     REASON_AUTO_REPLY,       50},
	{CLASS_COMPLAINT, REASON_ABUSE,            3 },
};

#define REASONS (sizeof(usual_reasons) / sizeof(*usual_reasons))

/* Weekdays of streams; the last one mails when somebody signs up. */
static int64_t mailing(struct list *l, int stream, int64_t week)
{
	int weekday = stream == l->streams_n - 1 ? (int)list_pick(l, 7)
						 : (stream * 2 + 1) % 5;

	return week + weekday * DAY + list_daytime(l);
}

/* One that signed up that week. */
static size_t newcomer(struct list *l, int64_t at)
{
	size_t i = list_person(l, NULL, -1);

	l->people[i].stream = (uint8_t)(l->streams_n - 1);
	l->people[i].first = (int32_t)(at / DAY);
	l->people[i].last = at < LIST_FROM ? (int32_t)(at / DAY) : 0;
	if (at >= LIST_FROM)
		l->people[i].first = 0;
	return i;
}

static void ordinary(struct list *l, int64_t week)
{
	double weights[REASONS];
	struct list_bounce b = {.sent_at = 0};
	const struct reason_row *r;
	struct person *p;
	int stream;

	for (size_t i = 0; i < REASONS; i++)
		weights[i] = usual_reasons[i].weight;
	r = &usual_reasons[list_weighted(l, weights, REASONS)];
	stream = (int)list_pick(l, (size_t)l->streams_n);
	b.sent_at = mailing(l, stream, week);
	if (r->class == CLASS_HARD && list_chance(l, 0.25))
		b.person = newcomer(l, b.sent_at);
	else
		b.person = list_regular(l, -1);
	p = &l->people[b.person];
	if (p->stream != stream && stream != l->streams_n - 1)
		p->stream = (uint8_t)stream;
	b.class = r->class;
	b.reason = r->reason;
	b.stream = p->stream;
	b.provider = p->provider;
	b.forwarded = list_chance(l, 0.02);
	b.at = b.sent_at + list_delay(l);
	if (r->class == CLASS_HARD && week < LIST_FROM) {
		p->last = (int32_t)(b.sent_at / DAY);
		p->previous = p->first <= p->last - 7 ? p->last - 7 : 0;
	}
	list_bounce(l, &b);
}

/* What was before: a mailbox that was full, somebody who was on leave. */
static void long_ago(struct list *l)
{
	struct list_bounce b = {.class = CLASS_REPLY,
		.reason = REASON_AUTO_REPLY,
		.person = list_pick(l, l->regular_n)};
	struct person *p = &l->people[b.person];

	if (list_chance(l, 0.6)) {
		b.class = CLASS_SOFT;
		b.reason = REASON_MAILBOX_FULL;
	}
	b.sent_at = LIST_FROM - (int64_t)(list_between(l, 90, 700) * DAY);
	b.at = b.sent_at + list_delay(l);
	b.provider = p->provider;
	b.stream = p->stream;
	if (p->first > b.sent_at / DAY)
		p->first = (int32_t)(b.sent_at / DAY);
	list_bounce(l, &b);
}

void list_init(struct list *l, uint64_t seed)
{
	static const char *const streams[] = {
		"news", "shop", "weekly", "alerts", "partners"};

	memset(l, 0, sizeof(*l));
	list_seed(l, seed);
	l->streams_n = 2 + (int)list_pick(l, 4);
	for (int i = 0; i < l->streams_n - 1; i++)
		l->streams[i] = streams[i];
	l->streams[l->streams_n - 1] = "welcome";
	l->companies = list_between(l, 0.08, 0.6);
	l->habit = list_size(l, 15, 220);
	l->log_since =
		(int32_t)(LIST_DAY -
			  (list_chance(l, 0.7) ? list_between(l, 400, 800)
					       : list_between(l, 130, 400)));
	l->tells_opened = list_chance(l, 0.5);
	l->regular_n = (size_t)list_size(l, 1200, 6000);
	l->domains = (uint32_t)((double)l->regular_n * l->companies / 3) + 60;
	for (size_t i = 0; i < l->regular_n; i++) {
		size_t who = list_person(l, NULL, -1);

		list_age(l, &l->people[who]);
	}
	for (size_t i = 0; i < l->regular_n / 20; i++)
		long_ago(l);
	for (int w = -LIST_WEEKS; w <= 0; w++) {
		/* Weeks differ by more than chance alone. */
		double n = l->habit * list_between(l, 0.7, 1.3);

		for (int i = 0; i < (int)n; i++)
			ordinary(l, LIST_FROM + w * (int64_t)WEEK);
	}
}

void list_release(struct list *l)
{
	free(l->people);
	free(l->bounces);
	memset(l, 0, sizeof(*l));
}

/* --- into a database ------------------------------------------------------ */

static void check(struct db *db, int rc)
{
	if (rc)
		errx(70, "causes: %s", db_error(db));
}

static void put(struct list *l, struct db *db, struct ledger *ledger,
	const struct list_bounce *b)
{
	const struct person *p = &l->people[b->person];
	struct ledger_result result;
	struct verdict v = {
		.class = b->class,
		.reason = b->reason,
		.recipient = str_from(p->key),
		.recipient_key = str_from(p->key),
		.forwarded = b->forwarded,
		.weak = b->weak,
		.origin = ORIGIN_MATCHED,
		.provider = str_from(list_providers[b->provider]),
		.stream = str_from(l->streams[b->stream]),
		.rule = str_from("sim"),
		.original_sent_at = b->sent_at,
	};
	struct verdict_list list = {
		.v = &v, .n = 1, .arrived_at = b->at, .dated_at = b->at};
	struct ledger_entry e = {.verdicts = &list};

	l->serial++;
	memcpy(e.digest, &l->serial, sizeof(l->serial));
	check(db, ledger_put(ledger, &e, b->at + 60, &result));
}

static int by_time(const void *a, const void *b)
{
	const struct list_bounce *x = a, *y = b;

	return x->at != y->at
		       ? (x->at > y->at) - (x->at < y->at)
		       : (x->person > y->person) - (x->person < y->person);
}

static void put_bounces(struct list *l, struct db *db, struct ledger *ledger)
{
	qsort(l->bounces, l->bounces_n, sizeof(*l->bounces), by_time);
	for (size_t i = 0; i < l->bounces_n; i++) {
		if (i % BATCH == 0)
			check(db, ledger_begin(ledger));
		put(l, db, ledger, &l->bounces[i]);
		if (i % BATCH == BATCH - 1 || i == l->bounces_n - 1)
			check(db, ledger_commit(ledger));
	}
}

static void put_opened(struct list *l, struct db *db, struct ledger *ledger)
{
	struct ledger_engaged e;
	size_t news;

	for (size_t i = 0; i < l->people_n; i++) {
		const struct person *p = &l->people[i];

		if (!p->engaged)
			continue;
		e.address_key = e.seen = str_from(p->key);
		e.at = (p->previous ? p->previous : p->first) * (int64_t)DAY +
		       12 * HOUR;
		check(db, ledger_engaged_put(ledger, &e, 1, &news));
	}
}

/* The rows of the log that are about one. */
static size_t mails(
	const struct list *l, const struct person *p, struct ledger_mailed *out)
{
	const int32_t days[] = {p->first, p->previous, p->last};
	size_t n = 0;

	for (int k = 0; k < 3; k++)
		if (days[k] >= l->log_since &&
			!ledger_mailed_make(&out[n++], str_from(p->key),
				days[k] * (int64_t)DAY + 9 * HOUR))
			errx(70, "causes: no address");
	/* It was mailed in between, too: the log begins with one of those. */
	if (p->first && p->first < l->log_since &&
		p->previous > l->log_since + 7 &&
		!ledger_mailed_make(&out[n++], str_from(p->key),
			(l->log_since + 3) * (int64_t)DAY))
		errx(70, "causes: no address");
	return n;
}

static void put_logs(struct list *l, struct db *db, struct ledger *ledger)
{
	struct ledger_mailed *v = calloc(l->people_n * 4, sizeof(*v));
	size_t n = 0, news;

	for (size_t i = 0; i < l->people_n; i++)
		n += mails(l, &l->people[i], v + n);
	check(db, ledger_mailed_put(ledger, v, n, &news));
	free(v);
}

/* --- how much was sent ---------------------------------------------------- */

#define WEEKS (LIST_WEEKS + 1)

struct sent {
	int64_t all[WEEKS], provider[LIST_PROVIDERS][WEEKS],
		stream[LIST_STREAMS + 2][WEEKS];
};

static void add_sent(
	struct sent *s, const struct person *p, int stream, int week)
{
	s->all[week]++;
	s->provider[p->provider][week]++;
	s->stream[stream][week]++;
}

/* Everybody is mailed once a week; who bounced in the week that is reported,
 * in the stream that it came of. */
static void count_sent(const struct list *l, struct sent *s)
{
	for (size_t i = 0; i < l->people_n; i++) {
		const struct person *p = &l->people[i];

		for (int w = 0; w < WEEKS - 1; w++) {
			int64_t day = LIST_DAY - 7 * (WEEKS - 1 - w);

			if (p->first && p->first < day && p->last >= day)
				add_sent(s, p, p->stream, w);
		}
		if (p->last >= LIST_DAY && !p->in_week)
			add_sent(s, p, p->stream, WEEKS - 1);
	}
	for (size_t i = 0; i < l->bounces_n; i++) {
		const struct list_bounce *b = &l->bounces[i];

		if (b->sent_at >= LIST_FROM)
			add_sent(
				s, &l->people[b->person], b->stream, WEEKS - 1);
	}
	/* Those of the same mailing that arrived. */
	for (int k = 0; k < l->arrived_n; k++) {
		const struct list_arrived *a = &l->arrived[k];

		s->all[WEEKS - 1] += a->n;
		s->stream[a->stream][WEEKS - 1] += a->n;
		for (int p = 0; p < LIST_PROVIDERS; p++)
			s->provider[p][WEEKS - 1] +=
				a->provider == p  ? a->n
				: a->provider < 0 ? a->n * s->provider[p][0] /
							    (s->all[0] + 1)
						  : 0;
	}
}

static void put_row(struct db *db, struct ledger *ledger,
	enum incident_kind kind, const char *name, const int64_t n[WEEKS])
{
	struct ledger_sent v[WEEKS];

	for (int w = 0; w < WEEKS; w++)
		v[w] = sent_number(kind, str_from(name),
			LIST_FROM - (WEEKS - 1 - w) * (int64_t)WEEK + DAY, true,
			n[w]);
	check(db, ledger_tell(ledger, v, WEEKS));
}

static void put_sent(struct list *l, struct db *db, struct ledger *ledger)
{
	struct sent s = {.all = {0}};

	count_sent(l, &s);
	put_row(db, ledger, INCIDENT_ALL, "", s.all);
	for (int p = 0; p < PROVIDER_NONE; p++)
		put_row(db, ledger, INCIDENT_PROVIDER, list_providers[p],
			s.provider[p]);
	for (int i = 0; i < LIST_STREAMS + 2; i++)
		if (l->streams[i])
			put_row(db, ledger, INCIDENT_STREAM, l->streams[i],
				s.stream[i]);
	check(db, ledger_settle(ledger));
}

void list_store(struct list *l, const char *path, bool logs)
{
	struct ledger_settings settings = {.guard = true};
	struct ledger_ticked ticked;
	struct ledger *ledger;
	struct db *db;

	policy_settings_init(&settings.policy);
	settings.policy.require_origin = ORIGIN_MATCHED;
	if (db_open(path, DB_WATCH, &db))
		errx(70, "causes: %s", db_error(db));
	check(db, ledger_open(db, &settings, &ledger));
	for (size_t i = 0; i < l->regular_n; i++) {
		struct person *p = &l->people[i];

		if (p->dead || p->last >= LIST_DAY)
			continue;
		p->previous = p->last;
		p->last = (int32_t)(LIST_DAY + (p->stream * 2 + 1) % 5);
	}
	if (l->tells_opened)
		put_opened(l, db, ledger);
	put_bounces(l, db, ledger);
	if (logs) {
		put_logs(l, db, ledger);
		put_sent(l, db, ledger);
	}
	check(db, ledger_tick(ledger, LIST_TO, &ticked));
	ledger_close(ledger);
	db_close(db);
}
