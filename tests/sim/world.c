/*
 * Every mail is one draw of the generator: the address dies, bounces softly,
 * is refused by a plant, or nothing happens. Bounces wait in a ring of minutes
 * until they arrive.
 */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RING (6 * 24 * 60) /* minutes: the latest bounce takes five days */

#define SOFT_PART      0.004 /* of the mails to the living */
#define BLOCK_PART     0.001
#define ENGAGED_PART   0.6   /* of the living */
#define LIVELY         15    /* times as long live those who read */
#define CLOSURES       0.015 /* of the small domains, in a year */
#define LARGE_CLOSURES 0.002 /* of the tenth that has most addresses */

struct minute {
	struct bounce *b;
	size_t n, room;
};

const char *const world_providers[WORLD_PROVIDERS] = {
	"google", "microsoft", "yahoo", "apple", "gmx", "comcast", ""};

/* --- numbers -------------------------------------------------------------- */

static uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static double unit(uint64_t z)
{
	return (double)(z >> 11) * 0x1p-53;
}

static double draw(struct world *w)
{
	w->state += UINT64_C(0x9e3779b97f4a7c15);
	return unit(mix(w->state));
}

/* e^x for the small x of this file. */
static double power_of_e(double x)
{
	double y = x / 64,
	       sum = 1 + y * (1 + y / 2 * (1 + y / 3 * (1 + y / 4)));

	for (int i = 0; i < 6; i++)
		sum *= sum;
	return sum;
}

static double normal(struct world *w)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += draw(w);
	return sum;
}

/* --- addresses ------------------------------------------------------------ */

static const struct own_row {
	const char *name;
	uint8_t provider;
	double share;
} own_rows[DOMAIN_CUSTOM] = {
	{"g.example.com",       WORLD_GOOGLE,    0.36},
	{"hot.example.com",     WORLD_MICROSOFT, 0.08},
	{"outlook.example.com", WORLD_MICROSOFT, 0.06},
	{"y.example.com",       WORLD_YAHOO,     0.07},
	{"aol.example.com",     WORLD_YAHOO,     0.03},
	{"me.example.com",      WORLD_APPLE,     0.04},
	{"gmx.example.net",     WORLD_GMX,       0.03},
	{"cable.example.net",   WORLD_COMCAST,   0.02},
};

/* Of the companies' own domains: hosted by ... */
#define HOSTED_GOOGLE    0.13
#define HOSTED_MICROSOFT 0.19

static uint32_t pick_domain(struct world *w, double gmail)
{
	double u = draw(w), x = gmail > 0 ? gmail : own_rows[0].share;

	if (u < x)
		return DOMAIN_GMAIL;
	u = own_rows[0].share + (u - x) / (1 - x) * (1 - own_rows[0].share);
	x = own_rows[0].share;
	for (uint32_t i = 1; i < DOMAIN_CUSTOM; i++) {
		x += own_rows[i].share;
		if (u < x)
			return i;
	}
	/* rank r with a weight of 1 / (r + 8) */
	x = 8 * (power_of_e(w->ranks * draw(w)) - 1);
	return DOMAIN_CUSTOM + (uint32_t)x;
}

/* The x with e^x = v, for v from 1 to e^20. */
static double logarithm(double v)
{
	double low = 0, high = 20;

	for (int i = 0; i < 50; i++) {
		double mid = (low + high) / 2;

		if (power_of_e(mid) < v)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static void make_domains(struct world *w)
{
	w->domains_n = DOMAIN_CUSTOM + w->sender.addresses / 40 + 200;
	w->ranks = logarithm((w->domains_n - DOMAIN_CUSTOM) / 8.0 + 1);
	w->domains = calloc(w->domains_n, sizeof(*w->domains));
	w->sent = calloc(w->domains_n, sizeof(*w->sent));
	for (uint32_t i = 0; i < w->domains_n; i++) {
		double u = unit(mix(w->seed * 31 + i));

		w->domains[i].closes_unknown = mix(w->seed * 17 + i) % 10 != 0;
		w->domains[i].provider =
			i < DOMAIN_CUSTOM   ? own_rows[i].provider
			: u < HOSTED_GOOGLE ? WORLD_GOOGLE
			: u < HOSTED_GOOGLE + HOSTED_MICROSOFT ? WORLD_MICROSOFT
							       : WORLD_NOBODY;
	}
}

static void make_slot(struct world *w, uint32_t i, double gmail)
{
	w->domain[i] = pick_domain(w, gmail);
	w->flags[i] = draw(w) < ENGAGED_PART ? SLOT_ENGAGED : 0;
}

void world_init(struct world *w, const struct sender *s, uint64_t seed,
	const struct plant *plants, size_t n)
{
	uint32_t room = s->addresses + 40000;

	memset(w, 0, sizeof(*w));
	w->sender = *s;
	w->seed = seed;
	w->state = mix(seed);
	w->plants = plants;
	w->plants_n = n;
	w->slots = s->addresses;
	w->flags = calloc(room, 1);
	w->generation = calloc(room, 1);
	w->mailed_dead = calloc(room, 1);
	w->domain = calloc(room, sizeof(*w->domain));
	w->ring = calloc(RING, sizeof(*w->ring));
	make_domains(w);
	for (uint32_t i = 0; i < s->addresses; i++)
		make_slot(w, i, s->gmail);
}

void world_release(struct world *w)
{
	for (size_t i = 0; i < RING; i++)
		free(w->ring[i].b);
	free(w->ring);
	free(w->flags);
	free(w->generation);
	free(w->mailed_dead);
	free(w->domain);
	free(w->domains);
	free(w->sent);
}

void world_domain_name(uint32_t domain, char buf[48])
{
	if (domain < DOMAIN_CUSTOM)
		(void)snprintf(buf, 48, "%s", own_rows[domain].name);
	else
		(void)snprintf(buf, 48, "c%u.example.org", domain);
}

void world_address(
	const struct world *w, uint32_t slot, uint8_t generation, char buf[64])
{
	char name[48];

	world_domain_name(w->domain[slot], name);
	(void)snprintf(buf, 64, "u%u.%u@%s", slot, generation, name);
}

void world_suppress(
	struct world *w, uint32_t slot, uint8_t generation, bool suppressed)
{
	uint8_t *f = &w->flags[slot];

	if (w->generation[slot] != generation)
		return;
	if (!suppressed) {
		*f &= (uint8_t)~SLOT_SUPPRESSED;
		return;
	}
	*f |= SLOT_SUPPRESSED;
	if (!(*f & SLOT_DEAD) || slot >= w->sender.addresses)
		return;
	/* Another one subscribes in its place, at a domain that is there. */
	w->generation[slot]++;
	w->mailed_dead[slot] = 0;
	while (w->domains[w->domain[slot]].closed)
		w->domain[slot] = pick_domain(w, w->sender.gmail);
	*f = draw(w) < ENGAGED_PART ? SLOT_ENGAGED : 0;
}

/* --- mails ---------------------------------------------------------------- */

/* Most bounces come at once, some within hours, few after days. */
static int64_t delay(struct world *w)
{
	double u = draw(w), x = draw(w);

	if (u < 0.85)
		return (int64_t)(x * x * 120);
	if (u < 0.97)
		return 120 + (int64_t)(x * x * 2 * HOUR);
	if (u < 0.995)
		return 2 * HOUR + (int64_t)(x * x * 10 * HOUR);
	return 12 * HOUR + (int64_t)(x * 4 * DAY);
}

static void push(struct world *w, struct bounce b)
{
	struct minute *m;

	b.at = b.sent_at + delay(w);
	b.tells_sent = draw(w) < 0.94;
	m = &w->ring[b.at / 60 % RING];
	if (m->n == m->room) {
		m->room = m->room ? 2 * m->room : 4;
		m->b = realloc(m->b, m->room * sizeof(*m->b));
	}
	m->b[m->n++] = b;
}

static bool is_refused(struct world *w, uint32_t slot, int64_t at, bool *weak)
{
	uint32_t domain = w->domain[slot];

	for (size_t i = 0; i < w->plants_n; i++) {
		const struct plant *p = &w->plants[i];

		if (at < p->from || at >= p->to ||
			(p->provider >= 0 &&
				w->domains[domain].provider != p->provider) ||
			(p->domain >= 0 && domain != (uint32_t)p->domain) ||
			draw(w) >= p->part)
			continue;
		*weak = p->weak;
		return true;
	}
	return false;
}

static bool dies(struct world *w, uint32_t slot, double u)
{
	const struct world_domain *d = &w->domains[w->domain[slot]];
	double p = w->sender.deaths * w->sender.cycle_days / 7 *
		   w->day_factor[d->provider];

	/* so that the whole has the mean it should have */
	p /= ENGAGED_PART / LIVELY + 1 - ENGAGED_PART;
	if (w->flags[slot] & SLOT_ENGAGED)
		p /= LIVELY;
	return d->closed || u < p;
}

/* The words of some providers are weak evidence for the dead, too. */
static void refuse(struct world *w, struct bounce *b, uint32_t slot)
{
	const struct world_domain *d = &w->domains[w->domain[slot]];

	b->class = CLASS_HARD;
	b->reason = d->closed && d->closes_unknown ? REASON_DOMAIN_UNKNOWN
						   : REASON_USER_UNKNOWN;
	if ((w->domain[slot] == DOMAIN_HOTMAIL ||
		    w->domain[slot] == DOMAIN_OUTLOOK) &&
		mix(slot) % 2)
		b->weak = true;
}

static void count_dead(struct world *w, uint32_t slot, bool now)
{
	if (now)
		w->deaths++;
	if (!w->unread && w->mailed_dead[slot] < 255 &&
		++w->mailed_dead[slot] == 3)
		w->late++;
}

static void mail(struct world *w, uint32_t slot, int64_t at)
{
	uint8_t *f = &w->flags[slot];
	struct bounce b = {
		.sent_at = at, .slot = slot, .generation = w->generation[slot]};
	double u;

	if (*f & SLOT_SUPPRESSED)
		return;
	w->mails++;
	w->sent[w->domain[slot]]++;
	w->sent_by[w->domains[w->domain[slot]].provider]++;
	b.planted = w->plants_n && is_refused(w, slot, at, &b.weak);
	u = draw(w);
	b.engaged = *f & SLOT_ENGAGED;
	if (*f & SLOT_DEAD || dies(w, slot, u)) {
		count_dead(w, slot, !(*f & SLOT_DEAD));
		*f |= SLOT_DEAD;
		if (b.planted && !(*f & SLOT_FOUND)) {
			*f |= SLOT_FOUND;
			w->found++;
		}
		b.dead = true;
		refuse(w, &b, slot);
	} else if (b.planted) {
		*f |= SLOT_HIT;
		w->hits++;
		b.class = CLASS_HARD;
		b.reason = REASON_USER_UNKNOWN;
	} else if (u > 1 - SOFT_PART) {
		b.class = CLASS_SOFT;
		b.reason = u > 1 - SOFT_PART / 2 ? REASON_MAILBOX_FULL
						 : REASON_EXPIRED;
	} else if (u > 1 - SOFT_PART - BLOCK_PART) {
		b.class = CLASS_BLOCK;
		b.reason = REASON_SPAM;
	} else {
		return;
	}
	push(w, b);
}

/* Days differ, and differ by provider; now and then one clears out. */
static void new_day(struct world *w, int64_t day)
{
	double whole = power_of_e(0.25 * normal(w));

	w->day = day;
	for (int i = 0; i < WORLD_PROVIDERS; i++) {
		w->day_factor[i] = whole * power_of_e(0.3 * normal(w));
		if (draw(w) < 0.005)
			w->day_factor[i] *= 2.5;
	}
	for (uint32_t i = DOMAIN_CUSTOM + 30; i < w->domains_n; i++) {
		double part = i < w->domains_n / 10 ? LARGE_CLOSURES : CLOSURES;

		if (!w->domains[i].closed && draw(w) < part / 365)
			w->domains[i].closed = true;
	}
}

/* Mails an hour, by hour of the day, of one who sends most by day. */
static const uint8_t by_day[24] = {5, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 3, 4, 5, 6,
	6, 6, 6, 6, 6, 6, 6, 6, 6}; /* 96 */

static uint32_t mails_in(const struct world *w, int64_t at)
{
	uint32_t n = w->sender.addresses;
	int64_t day = (at - WORLD_BEGIN) / DAY;
	int hour = (int)(at % DAY / HOUR);

	switch (w->sender.habit) {
	case HABIT_WEEKLY:
		return day % 7 == 1 && hour >= 18 ? n / 6 : 0;
	case HABIT_STEADY:
		return n / 168;
	case HABIT_DAILY:
		return hour == 19 || hour == 20 ? n / 2 : 0;
	case HABIT_MONTHLY:
		return day % 28 == 1 && hour >= 18 && hour < 22 ? n / 4 : 0;
	case HABIT_TRICKLE:
		return n / (uint32_t)w->sender.cycle_days * by_day[hour] / 96;
	}
	return 0;
}

void world_hour(struct world *w, int64_t at)
{
	uint32_t n = mails_in(w, at);

	if (w->day != at / DAY)
		new_day(w, at / DAY);
	memset(w->sent, 0, w->domains_n * sizeof(*w->sent));
	memset(w->sent_by, 0, sizeof(w->sent_by));
	for (uint32_t i = 0; i < n; i++) {
		mail(w, w->next, at + (int64_t)i * HOUR / n);
		if (++w->next >= w->sender.addresses)
			w->next = 0;
	}
}

void world_import(struct world *w, int64_t at, uint32_t n, double gmail)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t slot = w->slots++;
		struct bounce b = {.sent_at = at + (int64_t)i * 2 * HOUR / n,
			.slot = slot,
			.dead = true,
			.stream = 1};

		make_slot(w, slot, gmail);
		w->flags[slot] = SLOT_DEAD | SLOT_IMPORTED;
		refuse(w, &b, slot);
		push(w, b);
	}
}

static int by_time(const void *a, const void *b)
{
	const struct bounce *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->slot < y->slot ? -1 : x->slot > y->slot;
}

size_t world_minute(struct world *w, int64_t at, const struct bounce **out)
{
	struct minute *m = &w->ring[at / 60 % RING];
	size_t n = m->n;

	if (n > 1)
		qsort(m->b, n, sizeof(*m->b), by_time);
	*out = m->b;
	m->n = 0;
	return n;
}
