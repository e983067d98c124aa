/*
 * Three kinds of evidence, the best first: the rate among the mails that were
 * sent; addresses that had opened or clicked a mail lately; the bucket's share
 * of all, which needs neither. Each is asked over windows of several lengths,
 * because a small sender's incident is spread thin. The others of the same
 * hour are the measure of how much is being sent, so that a campaign is no
 * incident; the highest window of eight weeks is the measure of how much days
 * differ (incident_test_learn.c).
 */
#include "incident_test_private.h"

#include <math.h>
#include <string.h>

#define P_MAX        1e-6      /* what is less likely is no ordinary life */
#define TIMES        3.0       /* times the highest ordinary window */
#define FLOOR        15        /* in a window, where only shares are known */
#define SPREAD       4.0       /* size of the negative binomial: days differ */
#define LATE_PART    0.05      /* bounces that come days late ... */
#define LEARNING     (3 * 24)  /* hours, at least, to compare with */
#define KNOWN_DOMAIN 8         /* bounces: it is no small company */
#define RHYTHM       (28 * 24) /* of a sender, where only its number is asked */

/* How few can tell where sends or engaged addresses are known. */
static const struct kind_row {
	uint32_t floor_sent, floor_engaged;
} kinds[] = {
	[INCIDENT_PROVIDER] = {4,     2    },
	[INCIDENT_DOMAIN] = {4,     2    },
	[INCIDENT_STREAM] = {FLOOR, FLOOR},
	[INCIDENT_ALL] = {FLOOR, FLOOR},
};

#define ENGAGED_PRIOR  0.2 /* of those gone had opened lately */
#define ENGAGED_WEIGHT 10.0

static double lgam(double x)
{
	int sign;

	return lgamma_r(x, &sign);
}

/* P(X >= n), X of N with probability s each. */
static double binomial_tail(double n, double N, double s)
{
	double term, sum;

	if (n <= N * s)
		return 1;
	term = exp(lgam(N + 1) - lgam(n + 1) - lgam(N - n + 1) + n * log(s) +
		   (N - n) * log1p(-s));
	sum = term;
	for (; n < N && term > sum * 1e-9; n++) {
		term *= (N - n) / (n + 1) * s / (1 - s);
		sum += term;
	}
	return sum;
}

/* P(X >= n), X negative binomial with this mean and size: Poisson whose mean
 * differs from day to day. */
static double spread_tail(double n, double mean, double size)
{
	double q = mean / (mean + size), term, sum;

	if (n <= mean)
		return 1;
	term = exp(lgam(n + size) - lgam(size) - lgam(n + 1) +
		   size * log1p(-q) + n * log(q));
	sum = term;
	for (int i = 0; i < 100000 && term > sum * 1e-9; i++, n++) {
		term *= (n + size) / (n + 1) * q;
		sum += term;
	}
	return sum;
}

/* Of two independent p-values (R. A. Fisher). */
static double both(double p1, double p2)
{
	double q = p1 * p2;

	return q > 0 ? q * (1 - log(q)) : 0;
}

/* While little is known, the highest window so far says little, too. */
static double times(const struct incident_length *u)
{
	return TIMES * (1 + 8 / (u->active + 1));
}

/* A window under test. */
struct test {
	const struct incident_length *u;
	enum incident_kind kind;
	int length;
	bool has_sends; /* how much was sent is told up to its end */
	struct incident_sums w;
	/* Mails whose bounces may lie in it. */
	double sent, unclaimed, all_sent;
	double usual, p;
};

/*
 * Times the highest window that is still ordinary: more where the others are
 * above theirs, too, as in the first campaign after a long time.
 */
static double ordinary(const struct incident_length *u, double others)
{
	double above = others / (u->most_others + 1);

	return above > 1 ? times(u) * above : times(u);
}

/* Whether there is enough to compare with. */
static bool is_learned(const struct incident_length *u, int64_t length)
{
	return u->span >= LEARNING && u->span >= 4 * (double)length;
}

/*
 * Small companies close, and the larger a list the more of them: of a domain
 * with few bounces before, so few tell nothing.
 */
static double floor_of(const struct test *t, uint32_t least)
{
	double usual = t->u->base.all / (INCIDENT_BASELINE / 168) / 30;

	if (t->kind != INCIDENT_DOMAIN || t->u->base.n >= KNOWN_DOMAIN)
		return least;
	return least + usual < FLOOR ? least + usual : FLOOR;
}

static void add_sent(struct test *t, const struct incident_sums *s, double part)
{
	t->sent += part * s->sent;
	t->unclaimed += part * s->unclaimed;
	t->all_sent += part * s->all_sent;
}

static struct test test_of(
	const struct incident_usual *u, int i, const struct incident_hour *now)
{
	struct test t = {.u = &u->length[i],
		.kind = u->kind,
		.length = incident_test_lengths[i],
		.has_sends = u->knows_sends};
	double part = LATE_PART * incident_test_lengths[i] / 24;

	t.w = t.u->before;
	if (now)
		incident_test_add(&t.w, now, 1);
	add_sent(&t, &t.w, 1);
	add_sent(&t, &t.u->late, part);
	return t;
}

static bool knows_sends(const struct test *t)
{
	return t->has_sends && t->sent > 0 && t->sent >= t->w.n;
}

/* Expected by the mails that were sent, with some part of the unclaimed; more
 * where the others bounce more than is usual. */
static double expected_with(const struct test *t, double part)
{
	const struct incident_sums *base = &t->u->base;
	double others = t->w.all - t->w.n;
	double sent = t->sent + part * t->unclaimed;
	double base_sent = base->sent + part * base->unclaimed;
	double mean = incident_test_rate(base->n, base_sent) * sent;
	/* by day and by hour the parts may be more than all */
	double mean_others = incident_test_rate(base->all - base->n,
				     fmax(0, base->all_sent - base_sent)) *
			     fmax(0, t->all_sent - sent);
	double dirty = (others + 3) / (mean_others + 3);

	/* what was sent to the others may not be known */
	return t->all_sent > sent && dirty > 1 ? mean * dirty : mean;
}

/* A provider also answers for those that it hosts, whose mails nobody told to
 * be its own: what bounces there is nothing strange on a day on which these get
 * more than they usually do. One that hosts nobody is not excused. */
static double expected_of_sent(const struct test *t)
{
	double own = expected_with(t, 0), more = expected_with(t, t->u->part);

	return more > own ? more : own;
}

static double expected(const struct test *t)
{
	double share = incident_test_share(t->kind, &t->u->base);

	if (knows_sends(t))
		return expected_of_sent(t);
	if (share > 0.99)
		share = 0.99;
	return share / (1 - share) * (t->w.all - t->w.n + 2);
}

/* --- the tests ------------------------------------------------------------ */

static bool by_rate(struct test *t)
{
	if (t->w.n < floor_of(t, kinds[t->kind].floor_sent) || !knows_sends(t))
		return false;
	t->usual = expected_of_sent(t);
	if (t->w.n < 5 * t->usual)
		return false;
	t->p = spread_tail(t->w.n, t->usual, SPREAD);
	return t->p < P_MAX;
}

static bool by_engaged(struct test *t)
{
	double part, p_part;

	if (t->w.engaged < floor_of(t, kinds[t->kind].floor_engaged) ||
		t->w.n <= ordinary(t->u, t->w.all - t->w.n) / times(t->u) *
				  t->u->most ||
		t->w.engaged <= 2 * t->u->most_engaged)
		return false;
	part = (t->u->base.engaged + ENGAGED_PRIOR * ENGAGED_WEIGHT) /
	       (t->u->told + ENGAGED_WEIGHT);
	p_part = binomial_tail(t->w.engaged, t->w.n, part);
	t->usual = expected(t);
	if (t->w.n < 2 * t->usual || t->w.engaged < 2 * part * t->w.n)
		return false;
	t->p = p_part;
	if (is_learned(t->u, t->length))
		t->p = both(p_part, spread_tail(t->w.n, t->usual, SPREAD));
	return t->p < P_MAX;
}

static bool by_share(struct test *t)
{
	double share, bound;

	bound = ordinary(t->u, t->w.all - t->w.n);
	if (t->w.n < FLOOR || !is_learned(t->u, t->length) ||
		t->w.n <= bound * (t->u->most > 1 ? t->u->most : 1))
		return false;
	share = incident_test_share(t->kind, &t->u->base);
	t->usual = share * t->w.all;
	if (t->w.n - t->usual <= bound * t->u->most_excess)
		return false;
	t->p = binomial_tail(t->w.n, t->w.all, share);
	return t->p < P_MAX;
}

/* Many streams are seen once only: then all are the measure. */
static bool by_rise(struct test *t)
{
	double most = t->u->most;

	if (t->kind == INCIDENT_STREAM && !t->u->base.n)
		most = t->u->most_others;
	if (t->w.n < FLOOR || t->u->span < RHYTHM ||
		t->w.n <= times(t->u) * most ||
		(knows_sends(t) && t->w.n <= TIMES * expected_of_sent(t)))
		return false;
	t->usual = most > 1 ? most : 1;
	t->p = spread_tail(t->w.n, t->usual, SPREAD);
	return t->p < P_MAX;
}

static const struct {
	enum incident_why why;
	bool (*fn)(struct test *t);
	bool holds; /* of the kinds that hold; else of those that alert */
} tests[] = {
	{INCIDENT_RATE,    by_rate,    true },
	{INCIDENT_ENGAGED, by_engaged, true },
	{INCIDENT_SHARE,   by_share,   true },
	{INCIDENT_RISE,    by_rise,    false},
};

/* --- the answer ----------------------------------------------------------- */

static bool holds(enum incident_kind kind)
{
	return kind == INCIDENT_PROVIDER || kind == INCIDENT_DOMAIN;
}

struct incident_result incident_test(
	const struct incident_usual *u, const struct incident_hour *now)
{
	struct incident_result r = {.why = INCIDENT_ORDINARY};

	for (int i = 0; i < INCIDENT_LENGTHS; i++) {
		struct test t = test_of(u, i, now);

		for (size_t k = 0; k < sizeof(tests) / sizeof(*tests); k++) {
			if (tests[k].holds != holds(u->kind) ||
				!tests[k].fn(&t))
				continue;
			r.why = tests[k].why;
			r.hour = u->hour;
			r.from = u->hour - incident_test_lengths[i] + 1;
			r.hours = incident_test_lengths[i];
			r.n = (uint32_t)t.w.n;
			r.engaged = (uint32_t)t.w.engaged;
			r.p = t.p;
			r.usual = t.usual;
			r.highest = t.u->most;
			return r;
		}
	}
	return r;
}

bool incident_is_quiet(const struct incident_usual *u,
	const struct incident_series *recent, int64_t hour)
{
	for (int i = 0; i < INCIDENT_LENGTHS; i++) {
		const struct incident_length *l = &u->length[i];
		struct incident_sums w = incident_test_open_window(
			recent, hour - incident_test_lengths[i] + 1, hour);
		double sent = incident_test_window(recent,
			hour - incident_test_lengths[i] + 1 - recent->lag, hour)
				      .sent;

		if (w.n >= FLOOR && w.n > 2 * l->most)
			return false;
		if (w.engaged >= kinds[u->kind].floor_engaged &&
			w.engaged > 2 * l->most_engaged)
			return false;
		if (sent > 0 && u->knows_sends &&
			w.n >= kinds[u->kind].floor_sent &&
			w.n > 4 * incident_test_rate(l->base.n, l->base.sent) *
					sent)
			return false;
	}
	return true;
}

/* Whether the window is well above what is to be expected in it, by what is
 * known from the hours before `before`. */
static bool is_high(const struct incident_series *s, int64_t hour, int length,
	int64_t before)
{
	struct incident_length u;
	struct test t = {.u = &u,
		.kind = s->kind,
		.length = length,
		.has_sends = incident_test_knows(s, hour)};
	int64_t from = hour - length + 1;
	struct incident_sums sent;

	t.w = incident_test_window(s, from, hour);
	if (t.w.n < 2)
		return false;
	incident_test_length(s, hour, length, &u);
	if (!holds(s->kind))
		return t.w.n > u.most;
	memset(&u.base, 0, sizeof(u.base));
	incident_test_sums(s, before, &u);
	sent = incident_test_window(s, from - s->lag, hour);
	add_sent(&t, &sent, 1);
	add_sent(&t, &u.late, LATE_PART * length / 24);
	return t.w.n > 3 * expected(&t);
}

/* The earliest hour within a window before h that is high; or h. */
static int64_t earlier(
	const struct incident_series *s, int64_t h, int length, int64_t before)
{
	for (int64_t g = h - length; g < h; g++)
		if (incident_test_window(s, g, g).n > 0 &&
			is_high(s, g, length, before))
			return g;
	return h;
}

int64_t incident_begin(
	const struct incident_series *s, const struct incident_result *r)
{
	int64_t h = r->from, g;

	while (h < r->hour && incident_test_window(s, h, h).n == 0)
		h++;
	while (h > r->hour - 2 * INCIDENT_WINDOW &&
		(g = earlier(s, h, r->hours, r->from)) < h)
		h = g;
	return h - r->hours;
}

/* The shortest window in which, at the mean of the hours so far, at least
 * three are to be seen. */
static int length_of(const struct incident_series *s, int64_t from, int64_t to)
{
	double n = incident_test_window(s, from, to).n,
	       hours = (double)(to - from + 1);
	int i = 0;

	while (i < INCIDENT_LENGTHS - 2 &&
		n * incident_test_lengths[i] < 3 * hours)
		i++;
	return incident_test_lengths[i];
}

int64_t incident_end(const struct incident_series *s, int64_t from, int64_t to)
{
	int64_t last = from;
	int length = 1;

	for (int64_t h = from; h <= to; h++) {
		if (incident_test_window(s, h, h).n == 0)
			continue;
		length = length_of(s, from, last);
		if (is_high(s, h, length, from))
			last = h;
	}
	length = length_of(s, from, last);
	return last + 1 + (length > 1 ? 2 * length : 1);
}

bool incident_is_import(
	const struct incident_series *s, int64_t from, int64_t to)
{
	int64_t length = to - from + 1;
	struct incident_length u;
	struct incident_sums w;
	double others;

	if (length > INCIDENT_WINDOW)
		length = INCIDENT_WINDOW;
	w = incident_test_window(s, to - length + 1, to);
	memset(&u, 0, sizeof(u));
	incident_test_sums(s, from, &u);
	incident_test_most(s, from, (int)length, &u);
	others = w.all - w.n;
	if (others < FLOOR || u.span < RHYTHM ||
		others <= 5 / TIMES * times(&u) * u.most_others)
		return false;
	/* a larger campaign is none */
	return w.all_sent <= w.sent ||
	       others > 3 *
				incident_test_rate(u.base.all - u.base.n,
					u.base.all_sent - u.base.sent) *
				(w.all_sent - w.sent);
}

uint32_t incident_floor(
	enum incident_kind kind, uint32_t engaged, uint32_t sent)
{
	if (engaged >= kinds[kind].floor_engaged)
		return kinds[kind].floor_engaged;
	return sent ? kinds[kind].floor_sent : FLOOR;
}

static const char *const why_words[] = {
	[INCIDENT_ORDINARY] = "ordinary",
	[INCIDENT_RATE] = "rate",
	[INCIDENT_ENGAGED] = "engaged",
	[INCIDENT_SHARE] = "share",
	[INCIDENT_RISE] = "rise",
};

const char *incident_why_word(enum incident_why why)
{
	return (unsigned)why < sizeof(why_words) / sizeof(*why_words)
		       ? why_words[why]
		       : "?";
}
