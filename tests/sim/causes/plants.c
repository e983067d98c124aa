/*
 * What happens to a sender, but for a form (plants_form.c).
 */
#include "plants_private.h"

struct choice plant_choose(
	struct list *l, const struct choice *rows, size_t n, int of)
{
	double weights[PLANT_CHOICES] = {0};

	for (size_t i = 0; i < n; i++)
		weights[i] = rows[i].of == of ? rows[i].weight : 0;
	return rows[list_weighted(l, weights, n)];
}

static void put(
	struct list *l, struct list_bounce b, struct choice c, int64_t sent)
{
	b.sent_at = sent;
	b.at = sent + list_delay(l);
	b.class = c.class;
	b.reason = c.reason;
	b.weak = c.class == CLASS_HARD && list_chance(l, 0.05);
	b.planted = true;
	list_bounce(l, &b);
}

/* A bounce of a mail of this week. */
void plant_bounce(struct list *l, size_t person, struct choice c, int64_t sent,
	int stream)
{
	const struct list_bounce b = {
		.person = person,
		.stream = (uint8_t)stream,
		.provider = l->people[person].provider,
	};

	put(l, b, c, sent);
}

/* A stream that was not there before. */
static int new_stream(struct list *l, const char *name)
{
	l->streams[l->streams_n] = name;
	return l->streams_n;
}

/* A day's mailing: it begins at `at` and takes some hours. */
static int64_t blast(struct list *l, int64_t at, double hours)
{
	return at + (int64_t)(list_draw(l) * hours * HOUR);
}

static int64_t some_day(struct list *l, int most)
{
	return LIST_FROM + (int64_t)list_pick(l, (size_t)most) * DAY +
	       (int64_t)(list_between(l, 7, 18) * HOUR);
}

/* --- a bad import --------------------------------------------------------- */

static const struct choice import_reasons[] = {
	{0, CLASS_HARD,  REASON_USER_UNKNOWN,     72},
	{0, CLASS_HARD,  REASON_MAILBOX_DISABLED, 7 },
	{0, CLASS_HARD,  REASON_DOMAIN_UNKNOWN,   8 },
	{0, CLASS_HARD,  REASON_DOMAIN_NO_MAIL,   2 },
	{0, CLASS_HARD,  REASON_ADDRESS_INVALID,  1 },
	{0, CLASS_SOFT,  REASON_MAILBOX_FULL,     5 },
	{0, CLASS_BLOCK, REASON_SPAM,             4 },
	{0, CLASS_SOFT,  REASON_EXPIRED,          1 },
};

/*
 * Somebody loads a list that he got somewhere and mails it. Most of it nobody
 * here ever mailed; a few are old acquaintances. Of companies, of consumers, or
 * of one provider nearly alone.
 */
static void bad_import(struct list *l, int n)
{
	double known = list_between(l, 0.01, 0.12);
	double companies = list_between(l, 0.1, 0.7);
	double one = list_chance(l, 0.35) ? list_between(l, 0.75, 0.97) : 0;
	int provider = list_chance(l, 0.6) ? PROVIDER_GOOGLE
					   : (int)list_pick(l, PROVIDER_NONE);
	int stream = list_chance(l, 0.35) ? new_stream(l, "spring")
					  : (int)list_pick(l, 2);
	double second = list_chance(l, 0.15) ? 0.25 : 0;
	int days = list_chance(l, 0.7) ? 1 : 2 + (int)list_pick(l, 2);
	int64_t at = some_day(l, 4);
	double hours = list_between(l, 0.5, 8), usual = l->companies;

	for (int i = 0; i < n; i++) {
		struct choice c = CHOOSE(l, import_reasons, 0);
		int64_t sent = blast(l,
			at + (int64_t)list_pick(l, (size_t)days) * DAY, hours);
		char domain[40];
		size_t who;

		l->companies = companies;
		if (list_chance(l, known)) {
			who = list_regular(l, -1);
		} else if (c.reason == REASON_DOMAIN_UNKNOWN ||
			   c.reason == REASON_DOMAIN_NO_MAIL) {
			list_company(l, domain);
			who = list_person(l, domain, PROVIDER_NONE);
		} else {
			who = list_person(
				l, NULL, list_chance(l, one) ? provider : -1);
		}
		plant_bounce(l, who, c, sent,
			list_chance(l, second) ? l->streams_n - 1 : stream);
	}
	l->companies = usual;
	/* From a tenth to two thirds of such a list bounce. */
	list_arrive(l, stream, one > 0 ? provider : -1,
		(int64_t)(n * list_between(l, 0.5, 9)));
}

/* --- a domain is gone ----------------------------------------------------- */

static const struct choice gone_reasons[] = {
	{0, CLASS_HARD, REASON_DOMAIN_UNKNOWN, 95},
	{0, CLASS_SOFT, REASON_NETWORK_ERROR,  5 },
	{1, CLASS_HARD, REASON_DOMAIN_UNKNOWN, 80},
	{1, CLASS_SOFT, REASON_EXPIRED,        20},
	{2, CLASS_HARD, REASON_DOMAIN_NO_MAIL, 95},
	{2, CLASS_HARD, REASON_DOMAIN_UNKNOWN, 5 },
	{3, CLASS_HARD, REASON_USER_UNKNOWN,   96},
	{3, CLASS_SOFT, REASON_EXPIRED,        4 },
	{4, CLASS_SOFT, REASON_NETWORK_ERROR,  50},
	{4, CLASS_SOFT, REASON_EXPIRED,        40},
	{4, CLASS_HARD, REASON_DOMAIN_UNKNOWN, 10},
};

/*
 * A company closes, or is bought and given another name: its people had been
 * mailed for years, now each mail to any of them fails, as the streams go out
 * through the week.
 */
static void domain_gone(struct list *l, int n)
{
	static const double weights[] = {40, 20, 15, 13, 12};
	int how = (int)list_weighted(l, weights, 5);
	double other = list_chance(l, 0.2) ? list_between(l, 0.05, 0.3) : 0;
	char domain[2][40];
	int64_t begins = LIST_FROM + (int64_t)list_pick(l, 3) * DAY;
	int64_t days = 1 + (int64_t)list_pick(l, 5);

	list_company(l, domain[0]);
	list_company(l, domain[1]);
	for (int i = 0; i < n; i++) {
		size_t who = list_person(
			l, domain[list_chance(l, other)], PROVIDER_NONE);
		struct person *p = &l->people[who];
		struct choice c = CHOOSE(l, gone_reasons, how);

		list_age(l, p);
		if (list_chance(l, 0.05)) /* had left before */
			c = (struct choice){
				0, CLASS_HARD, REASON_USER_UNKNOWN, 1};
		plant_bounce(l, who, c,
			begins + (int64_t)list_pick(l, (size_t)days) * DAY +
				list_daytime(l),
			p->stream);
	}
}

/* --- a provider's bad day ------------------------------------------------- */

static const struct choice incident_reasons[] = {
	{0, CLASS_HARD, REASON_USER_UNKNOWN,     97},
	{0, CLASS_SOFT, REASON_SYSTEM_ERROR,     3 },
	{1, CLASS_HARD, REASON_USER_UNKNOWN,     60},
	{1, CLASS_HARD, REASON_MAILBOX_DISABLED, 40},
	{2, CLASS_SOFT, REASON_SYSTEM_ERROR,     70},
	{2, CLASS_SOFT, REASON_EXPIRED,          20},
	{2, CLASS_HARD, REASON_USER_UNKNOWN,     10},
};

/* One provider fails for some hours, and tells the living that they do not
 * exist; among those who bounce some really are dead. */
static void provider_incident(struct list *l, int n)
{
	static const double weights[] = {65, 15, 20};
	int how = (int)list_weighted(l, weights, 3);
	int provider = (int)list_pick(l, PROVIDER_NONE);
	int64_t at = some_day(l, 6);
	double hours = list_size(l, 0.7, 20);
	int streams = 1 + (int)list_pick(l, (size_t)l->streams_n - 1);
	int first = (int)list_pick(l, (size_t)l->streams_n);

	for (int i = 0; i < n; i++) {
		struct choice c = CHOOSE(l, incident_reasons, how);
		size_t who = list_regular(l, provider);

		if (list_chance(l, 0.1))
			c = (struct choice){
				0, CLASS_HARD, REASON_USER_UNKNOWN, 1};
		if (list_chance(l, 0.04)) { /* signed up just then */
			who = list_person(l, NULL, provider);
		}
		plant_bounce(l, who, c, blast(l, at, hours),
			(first + (int)list_pick(l, (size_t)streams)) %
				l->streams_n);
	}
}

/* --- our reputation ------------------------------------------------------- */

static const struct choice block_reasons[] = {
	{0, CLASS_BLOCK, REASON_SPAM,         60},
	{0, CLASS_BLOCK, REASON_REPUTATION,   30},
	{0, CLASS_BLOCK, REASON_POLICY,       10},
	{1, CLASS_BLOCK, REASON_REPUTATION,   75},
	{1, CLASS_SOFT,  REASON_RATE_LIMITED, 20},
	{1, CLASS_BLOCK, REASON_SPAM,         5 },
	{2, CLASS_BLOCK, REASON_AUTH_FAILURE, 85},
	{2, CLASS_BLOCK, REASON_POLICY,       15},
	{3, CLASS_SOFT,  REASON_RATE_LIMITED, 55},
	{3, CLASS_BLOCK, REASON_POLICY,       35},
	{3, CLASS_BLOCK, REASON_SPAM,         10},
};

/* A block list, a campaign that looks like spam, a key that was not rolled: one
 * provider or several refuse us, whoever the recipient is. */
static void reputation(struct list *l, int n)
{
	static const double weights[] = {40, 25, 20, 15};
	int how = (int)list_weighted(l, weights, 4);
	int provider =
		list_chance(l, 0.5) ? (int)list_pick(l, PROVIDER_NONE) : -1;
	int stream = list_chance(l, 0.5)
			     ? (int)list_pick(l, (size_t)l->streams_n)
			     : -1;
	int64_t at = some_day(l, 3);
	int days = list_chance(l, 0.4) ? 1 : 2 + (int)list_pick(l, 4);

	for (int i = 0; i < n; i++) {
		struct choice c = CHOOSE(l, block_reasons, how);
		size_t who = list_regular(l, provider);

		if (list_chance(l, 0.06))
			c = (struct choice){
				0, CLASS_HARD, REASON_USER_UNKNOWN, 1};
		plant_bounce(l, who, c,
			blast(l, at + (int64_t)list_pick(l, (size_t)days) * DAY,
				4),
			stream >= 0 ? stream
				    : (int)list_pick(l, (size_t)l->streams_n));
	}
}

/* --- forwarding ----------------------------------------------------------- */

/* People of one company, or of domains of their own, have their mail sent on to
 * a large provider, which refuses it there. */
static void forwarding(struct list *l, int n)
{
	const struct choice reasons[] = {
		{0, CLASS_BLOCK, REASON_AUTH_FAILURE, list_between(l, 0, 50)},
		{0, CLASS_BLOCK, REASON_SPAM,         list_between(l, 0, 50)},
		{0, CLASS_HARD,  REASON_USER_UNKNOWN, list_between(l, 0, 50)},
		{0, CLASS_SOFT,  REASON_MAILBOX_FULL, list_between(l, 0, 25)},
		{0, CLASS_SOFT,  REASON_LOOP,         list_between(l, 0, 10)},
		{0, CLASS_BLOCK, REASON_POLICY,       list_between(l, 0, 10)},
	};
	int domains = list_chance(l, 0.65) ? 1 : 2 + (int)list_pick(l, 7);
	int provider =
		list_chance(l, 0.7) ? PROVIDER_GOOGLE : PROVIDER_MICROSOFT;
	double seen = list_between(l, 0.75, 1);
	char domain[8][40];

	for (int i = 0; i < domains; i++)
		list_company(l, domain[i]);
	for (int i = 0; i < n; i++) {
		size_t who = list_person(l,
			domain[list_pick(l, (size_t)domains)], PROVIDER_NONE);
		struct person *p = &l->people[who];

		list_age(l, p);
		put(l,
			(struct list_bounce){
				.person = who,
				.stream = p->stream,
				.provider = (uint8_t)provider,
				.forwarded = list_chance(l, seen),
			},
			CHOOSE(l, reasons, 0),
			LIST_FROM + (int64_t)list_pick(l, 6) * DAY +
				list_daytime(l));
	}
}

/* --- an old list ---------------------------------------------------------- */

static const struct choice age_reasons[] = {
	{0, CLASS_HARD,  REASON_USER_UNKNOWN,     60},
	{0, CLASS_HARD,  REASON_MAILBOX_DISABLED, 19},
	{0, CLASS_HARD,  REASON_DOMAIN_UNKNOWN,   8 },
	{0, CLASS_HARD,  REASON_DOMAIN_NO_MAIL,   2 },
	{0, CLASS_SOFT,  REASON_MAILBOX_FULL,     8 },
	{0, CLASS_BLOCK, REASON_SPAM,             3 },
};

/* The segment of those who were not mailed for long is mailed again. */
static void list_age_out(struct list *l, int n)
{
	double from = list_between(l, 200, 420),
	       to = from + 100 + list_draw(l) * 450;
	int stream = list_chance(l, 0.5) ? new_stream(l, "winback")
					 : (int)list_pick(l, 2);
	int days = 1 + (int)list_pick(l, 3);
	int64_t at = some_day(l, 3);
	double fresh = list_between(l, 0.02, 0.1);

	for (int i = 0; i < n; i++) {
		size_t who = list_person(l, NULL, -1);
		struct person *p = &l->people[who];
		struct list_bounce old = {.class = CLASS_SOFT,
			.reason = REASON_MAILBOX_FULL,
			.person = who};

		p->last = (int32_t)(LIST_DAY - list_between(l, from, to));
		p->previous = p->last - 7;
		p->first = p->previous - (int32_t)list_between(l, 30, 600);
		if (list_chance(l, 0.05))
			p->engaged = true;
		if (list_chance(l, fresh))
			p->first = p->previous = p->last = 0;
		else if (list_chance(l, 0.08)) {
			old.sent_at = old.at = p->last * (int64_t)DAY;
			old.stream = p->stream;
			old.provider = p->provider;
			list_bounce(l, &old);
		}
		plant_bounce(l, who, CHOOSE(l, age_reasons, 0),
			blast(l, at + (int64_t)list_pick(l, (size_t)days) * DAY,
				6),
			stream);
	}
	list_arrive(l, stream, -1, (int64_t)(n * list_between(l, 1, 9)));
}

void plant(struct list *l, enum plant_kind kind, int n)
{
	static void (*const plants[PLANTS])(struct list * l, int n) = {
		[PLANT_BAD_IMPORT] = bad_import,
		[PLANT_BROKEN_FORM] = plant_broken_form,
		[PLANT_DOMAIN_GONE] = domain_gone,
		[PLANT_PROVIDER_INCIDENT] = provider_incident,
		[PLANT_REPUTATION] = reputation,
		[PLANT_FORWARDING] = forwarding,
		[PLANT_LIST_AGE] = list_age_out,
	};

	plants[kind](l, n);
}
