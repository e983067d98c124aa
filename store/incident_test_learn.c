/*
 * What is usual in an hour: sums over the weeks before it, and the highest
 * windows in them.
 */
#include <string.h>

#include "incident_test_private.h"

#define SHARE_WEIGHT 10.0
#define LATE_HOURS   (5 * 24)
#define DAY          24
#define MORE         2.0 /* times the unclaimed mails of a usual day */

const int incident_test_lengths[INCIDENT_LENGTHS] = {
	1, 2, 3, 6, 12, INCIDENT_WINDOW};

/* What is believed of a bucket that was never seen. */
static const double shares[] = {
	[INCIDENT_PROVIDER] = 0.05,
	[INCIDENT_DOMAIN] = 0.005,
	[INCIDENT_STREAM] = 0.05,
	[INCIDENT_ALL] = 1,
};

void incident_test_add(
	struct incident_sums *to, const struct incident_hour *h, double sign)
{
	to->n += sign * h->n;
	to->all += sign * h->all;
	to->engaged += sign * h->engaged;
	to->sent += sign * h->sent;
	to->unclaimed += sign * h->unclaimed;
	to->all_sent += sign * h->all_sent;
}

static void add_sums(struct incident_sums *to, const struct incident_sums *s)
{
	to->n += s->n;
	to->sent += s->sent;
	to->unclaimed += s->unclaimed;
}

/* Whether it tells what is usual before an hour. */
static bool is_base(const struct incident_hour *h, int64_t before)
{
	return !h->out && h->hour < before &&
	       h->hour >= before - INCIDENT_BASELINE;
}

/* Days on which clearly more mails are unclaimed than usual, with the days
 * behind them; and the others. */
struct mailings {
	struct incident_sums with, without;
	int days; /* with */
};

static struct mailings mailings_of(const struct incident_series *s,
	int64_t from, const struct incident_length *u)
{
	double usual = u->base.unclaimed / (u->span / DAY + 1);
	struct mailings m = {0};
	int64_t behind = -1; /* one with more */

	for (size_t i = 0; i < s->n && s->h[i].hour < from;) {
		int64_t day = s->h[i].hour / DAY;
		struct incident_sums sum = {0};
		bool more;

		for (; i < s->n && s->h[i].hour < from &&
			s->h[i].hour / DAY == day;
			i++)
			if (is_base(&s->h[i], from))
				incident_test_add(&sum, &s->h[i], 1);
		more = sum.unclaimed > MORE * usual;
		m.days += more;
		add_sums(more || day == behind ? &m.with : &m.without, &sum);
		behind = more ? day + 1 : -1;
	}
	return m;
}

/*
 * How much of the unclaimed mails may be the bucket's own, by what bounced in
 * it on days with more of them, and one more: all, while there were not two
 * such days. A bound of what that may come to by chance would excuse too much.
 */
static double part_of(const struct incident_series *s, int64_t from,
	const struct incident_length *u)
{
	struct mailings m;
	double rate, more;

	if (u->base.unclaimed <= 0)
		return 1;
	m = mailings_of(s, from - DAY, u); /* later ones may yet bounce */
	if (m.days < 2)
		return 1;
	rate = incident_test_rate(m.without.n, m.without.sent);
	more = m.with.n - rate * m.with.sent;
	more = (more > 0 ? more : 0) + 1;
	more /= rate * m.with.unclaimed;
	return more < 1 ? more : 1;
}

void incident_test_sums(const struct incident_series *s, int64_t from,
	struct incident_length *u)
{
	for (size_t i = 0; i < s->n && s->h[i].hour < from; i++) {
		if (!is_base(&s->h[i], from))
			continue;
		if (!u->span)
			u->span = (double)(from - s->h[i].hour);
		incident_test_add(&u->base, &s->h[i], 1);
		u->active += s->h[i].all > 0;
		if (u->base.engaged > 0)
			u->told += s->h[i].n;
	}
	u->part = part_of(s, from, u);
}

double incident_test_share(
	enum incident_kind kind, const struct incident_sums *sum)
{
	return (sum->n + SHARE_WEIGHT * shares[kind]) /
	       (sum->all + SHARE_WEIGHT);
}

static void raise_to(double *to, double v)
{
	if (v > *to)
		*to = v;
}

void incident_test_most(const struct incident_series *s, int64_t from,
	int length, struct incident_length *u)
{
	double share = incident_test_share(s->kind, &u->base);
	struct incident_sums w = {0};
	size_t first = 0;

	for (size_t i = 0; i < s->n && s->h[i].hour < from; i++) {
		if (!is_base(&s->h[i], from))
			continue;
		incident_test_add(&w, &s->h[i], 1);
		for (; s->h[first].hour <= s->h[i].hour - length; first++)
			if (is_base(&s->h[first], from))
				incident_test_add(&w, &s->h[first], -1);
		raise_to(&u->most, w.n);
		raise_to(&u->most_engaged, w.engaged);
		raise_to(&u->most_others, w.all - w.n);
		raise_to(&u->most_excess, w.n - share * w.all);
	}
}

struct incident_sums incident_test_window(
	const struct incident_series *s, int64_t from, int64_t to)
{
	struct incident_sums w = {0};

	for (size_t i = s->n; i > 0 && s->h[i - 1].hour >= from; i--)
		if (s->h[i - 1].hour <= to)
			incident_test_add(&w, &s->h[i - 1], 1);
	return w;
}

struct incident_sums incident_test_open_window(
	const struct incident_series *s, int64_t from, int64_t to)
{
	struct incident_sums w = {0};

	for (size_t i = s->n; i > 0 && s->h[i - 1].hour >= from; i--)
		if (s->h[i - 1].hour <= to && !s->h[i - 1].told)
			incident_test_add(&w, &s->h[i - 1], 1);
	return w;
}

void incident_test_length(const struct incident_series *s, int64_t hour,
	int length, struct incident_length *u)
{
	int64_t from = hour - length + 1;
	struct incident_sums more =
		incident_test_window(s, from - s->lag, from - 1);

	memset(u, 0, sizeof(*u));
	u->before = incident_test_open_window(s, from, hour - 1);
	u->before.sent += more.sent;
	u->before.unclaimed += more.unclaimed;
	u->before.all_sent += more.all_sent;
	u->late = incident_test_window(
		s, from - s->lag - LATE_HOURS, from - s->lag - 1);
	incident_test_sums(s, from, u);
	/* The highest of the past is of the days before: what began an hour ago
	 * is itself what is asked about, and would hide what follows. */
	incident_test_most(s, hour - INCIDENT_WINDOW + 1, length, u);
}

void incident_learn(const struct incident_series *s, int64_t hour,
	struct incident_usual *out)
{
	out->kind = s->kind;
	out->hour = hour;
	out->knows_sends = incident_test_knows(s, hour);
	for (int i = 0; i < INCIDENT_LENGTHS; i++)
		incident_test_length(
			s, hour, incident_test_lengths[i], &out->length[i]);
}
