/* store/incident_test.c: a table of hours, and what is told of them. */
#include "test.h"

#include <string.h>

#include "incident_test.h"

#define H 490000 /* the hour under test */

/* A sender's usual days, weeks of them, in one hour of each day (bursty) or
 * in all: n of the bucket, all of all. */
struct life {
	bool steady;
	uint32_t n, all, engaged, sent, all_sent;
};

/* The hour under test, and n and all of the one before it (0: it is left out);
 * told: an incident has explained that one. */
struct hour_case {
	const char *what;
	enum incident_kind kind;
	const struct life *life;
	uint32_t n, all, engaged, sent, all_sent;
	uint32_t before, before_all;
	bool told;
	enum incident_why why;
};

static struct incident_hour hours[INCIDENT_BASELINE + 100];

static size_t live(const struct life *l, int64_t from, int64_t to)
{
	size_t n = 0;

	for (int64_t h = from; h < to; h++)
		if (l->all && (l->steady || (H - h) % 24 == 0))
			hours[n++] = (struct incident_hour){.hour = h,
				.n = l->n + (l->n && h % 3 == 0),
				.all = l->all + (h % 5 == 0),
				.engaged = h % 7 == 0 ? l->engaged : 0,
				.sent = l->sent,
				.all_sent = l->all_sent};
	return n;
}

static struct incident_hour now_of(const struct hour_case *c)
{
	return (struct incident_hour){.hour = H,
		.n = c->n,
		.all = c->all,
		.engaged = c->engaged,
		.sent = c->sent,
		.all_sent = c->all_sent};
}

/* The hours before H, or H - 1. */
static size_t past(const struct hour_case *c)
{
	size_t n = live(c->life, H - INCIDENT_BASELINE, H - 1);

	if (c->before_all)
		hours[n++] = (struct incident_hour){.hour = H - 1,
			.n = c->before,
			.all = c->before_all,
			.sent = c->life->sent,
			.all_sent = c->life->all_sent,
			.out = c->told,
			.told = c->told};
	return n;
}

static struct incident_result told(const struct hour_case *c)
{
	struct incident_series s = {
		.kind = c->kind, .h = hours, .n = past(c), .lag = 1};
	struct incident_hour now = now_of(c);
	struct incident_usual usual;

	incident_learn(&s, H, &usual);
	return incident_test(&usual, &now);
}

static const struct life daily = {false, 16, 40, 1, 0, 0},
			 tiny = {true, 1, 3, 0, 0, 0},
			 large = {true, 300, 750, 30, 0, 0},
			 ninety = {false, 360, 400, 20, 0, 0},
			 sends = {true, 1, 3, 0, 40, 100},
			 never = {true, 0, 750, 0, 0, 0},
			 none = {true, 0, 0, 0, 0, 0},
			 small = {true, 0, 20, 0, 0, 0},
			 alone = {false, 40, 40, 0, 0, 0},
			 streams = {false, 0, 40, 0, 0, 0},
			 hundred = {true, 0, 100, 0, 0, 0};

static const struct hour_case cases[] = {
	{"a day as any other",                    INCIDENT_PROVIDER, &daily,   16,   40,   0,  0,  0,    0,   0,
         false,													    INCIDENT_ORDINARY},
	{"a better campaign: all rise",           INCIDENT_PROVIDER, &daily,   160,  400,  0,
         0,											0,    0,   0,    false, INCIDENT_ORDINARY},
	{"one rises, the others do not",          INCIDENT_PROVIDER, &daily,   160,  184,  0,
         0,											0,    0,   0,    false, INCIDENT_SHARE   },
	{"twice as many may be chance",           INCIDENT_PROVIDER, &daily,   34,   58,   0,  0,
         0,											      0,   0,    false, INCIDENT_ORDINARY},
	{"14 are too few",                        INCIDENT_DOMAIN,   &never,   14,   750,  0,  0,  0,    0,   0,
         false,													    INCIDENT_ORDINARY},
	{"15 at a domain never seen",             INCIDENT_DOMAIN,   &never,   15,   750,  0,  0,  0,
         0,												   0,    false, INCIDENT_SHARE   },
	{"a large sender's steady hour",          INCIDENT_PROVIDER, &large,   330,  800,  0,
         0,											0,    0,   0,    false, INCIDENT_ORDINARY},
	{"a large sender's bad hour",             INCIDENT_PROVIDER, &large,   1200, 1650, 0,
         0,											0,    0,   0,    false, INCIDENT_SHARE   },
	{"90 % of the list, as ever",             INCIDENT_PROVIDER, &ninety,  400,  440,  0,
         0,											0,    0,   0,    false, INCIDENT_ORDINARY},
	{"90 % of the list, bad hour",            INCIDENT_PROVIDER, &ninety,  6000, 6040,
         0,										    0,  0,    0,   0,    false, INCIDENT_SHARE   },
	{"nothing to compare with",               INCIDENT_PROVIDER, &none,    500,  520,  0,  0,  0,
         0,												   0,    false, INCIDENT_ORDINARY},
	{"few, and who knows",                    INCIDENT_PROVIDER, &tiny,    10,   12,   0,  0,  0,    0,   0,
         false,													    INCIDENT_ORDINARY},
	{"few, but most had opened",              INCIDENT_PROVIDER, &tiny,    14,   16,   11, 0,  0,
         0,												   0,    false, INCIDENT_ENGAGED },
	{"few, and few had opened",               INCIDENT_PROVIDER, &tiny,    6,    9,    1,  0,  0,    0,
         0,													 false, INCIDENT_ORDINARY},
	{"30 of 40 mails where 1 of 40 is usual", INCIDENT_PROVIDER, &sends,   30,
         32,									       0,  40, 100,  1,   3,    false, INCIDENT_RATE    },
	{"as many of a larger campaign",          INCIDENT_PROVIDER, &sends,   30,   90,   0,
         1200,										     3000, 1,   3,    false, INCIDENT_ORDINARY},
	{"a dirty list: the others bounce, too",  INCIDENT_PROVIDER, &sends,   14,
         40,									       0,  40, 100,  1,   3,    false, INCIDENT_ORDINARY},
	{"8 and 8, at a domain",                  INCIDENT_DOMAIN,   &small,   8,    28,   0,  0,  0,    8,   28,
         false,													    INCIDENT_SHARE   },
	{"the first 8 have been told",            INCIDENT_DOMAIN,   &small,   8,    28,   0,  0,  0,
         8,												   28,   true,  INCIDENT_ORDINARY},
	{"it began within the hour before",       INCIDENT_PROVIDER, &large,   1000,
         1450,									     0,  0,  0,    600, 1050, false, INCIDENT_SHARE   },
	{"twice the usual, for two hours",        INCIDENT_PROVIDER, &large,   620,  1070,
         0,										    0,  0,    600, 1050, false, INCIDENT_ORDINARY},
	{"all, as ever",			  INCIDENT_ALL,      &alone,   60,   60,   0,  0,  0,    0,   0,    false,
         INCIDENT_ORDINARY														  },
	{"all, far above",                        INCIDENT_ALL,      &alone,   900,  900,  0,  0,  0,    0,   0,    false,
         INCIDENT_RISE														      },
	{"a new stream of the usual size",        INCIDENT_STREAM,   &streams, 40,   41,   0,
         0,											0,    0,   0,    false, INCIDENT_ORDINARY},
	{"a new stream as never before",          INCIDENT_STREAM,   &streams, 400,  401,  0,
         0,											0,    0,   0,    false, INCIDENT_RISE    },
};

static void tells(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct incident_result r = told(&cases[i]);

		if (r.why != cases[i].why)
			fail_msg("%s: %s, p %g, usual %g, highest %g",
				cases[i].what, incident_why_word(r.why), r.p,
				r.usual, r.highest);
		if (!r.why)
			continue;
		assert_true(r.p < 1e-6);
		assert_true(r.n > r.usual);
		assert_int_equal(r.hour, H);
		assert_int_equal(r.from, H - r.hours + 1);
	}
}

/* Nobody has told yet how much was sent in the last twelve hours: that is not
 * nothing, so it is judged as where nobody tells. */
static void knows_what_it_does_not_know(void **state)
{
	struct incident_series s = {
		.kind = INCIDENT_PROVIDER, .h = hours, .lag = 1};
	static const struct life many = {true, 10, 30, 0, 4000, 10000};
	const struct incident_hour now = {.hour = H, .n = 60, .all = 80};
	struct incident_usual usual;

	(void)state;
	s.n = live(&many, H - INCIDENT_BASELINE, H - 12);
	for (int64_t h = H - 12; h < H; h++)
		hours[s.n++] =
			(struct incident_hour){.hour = h, .n = 2, .all = 5};
	incident_learn(&s, H, &usual);
	assert_int_equal(incident_test(&usual, &now).why, INCIDENT_RATE);
	s.untold_from = H + 1;
	incident_learn(&s, H, &usual);
	assert_int_equal(incident_test(&usual, &now).why, INCIDENT_RATE);
	s.untold_from = H;
	incident_learn(&s, H, &usual);
	assert_int_equal(incident_test(&usual, &now).why, INCIDENT_SHARE);
}

/* The log of a sender to companies, of which the provider hosts some: 1 of 100
 * mails bounces, to its own addresses and theirs. */
static void knows_that_a_provider_hosts_others(void **state)
{
	struct incident_series s = {
		.kind = INCIDENT_PROVIDER, .h = hours, .lag = 1};
	static const struct life many = {true, 1, 3, 0, 50, 300};
	struct incident_hour now = {.hour = H,
		.n = 60,
		.all = 200,
		.sent = 50,
		.unclaimed = 8000,
		.all_sent = 8050};
	struct incident_usual usual;

	(void)state;
	s.n = live(&many, H - INCIDENT_BASELINE, H);
	for (size_t i = 0; i < s.n; i++)
		hours[i].unclaimed = 200;
	incident_learn(&s, H, &usual);
	/* a mailing to the companies */
	assert_int_equal(incident_test(&usual, &now).why, INCIDENT_ORDINARY);
	/* as many of so few */
	now.all = 62;
	now.unclaimed = 200;
	now.all_sent = 250;
	assert_int_equal(incident_test(&usual, &now).why, INCIDENT_RATE);
	/* and so its bounces say when it began: not with the mailing */
	hours[s.n++] = (struct incident_hour){.hour = H,
		.n = 20,
		.all = 27,
		.sent = 50,
		.unclaimed = 8000,
		.all_sent = 8050};
	hours[s.n++] = (struct incident_hour){.hour = H + 1,
		.n = 300,
		.all = 305,
		.sent = 50,
		.unclaimed = 200,
		.all_sent = 250};
	incident_learn(&s, H + 1, &usual);
	assert_int_equal(incident_begin(&s,
				 &(struct incident_result){.why = INCIDENT_RATE,
					 .hour = H + 1,
					 .from = H + 1,
					 .hours = 1}),
		H);
}

/* 25 times the mails bounce 25 times: that is no rise of a stream, nor of all.
 */
static void knows_how_large_a_mailing_is(void **state)
{
	static const struct life weekly = {false, 10, 30, 0, 1000, 3000};
	struct incident_hour now = {.hour = H,
		.n = 250,
		.all = 270,
		.sent = 25000,
		.all_sent = 27000};
	struct incident_series s = {
		.kind = INCIDENT_STREAM, .h = hours, .lag = 1};
	struct incident_usual usual;

	(void)state;
	s.n = live(&weekly, H - INCIDENT_BASELINE, H);
	incident_learn(&s, H, &usual);
	assert_int_equal(incident_test(&usual, &now).why, INCIDENT_ORDINARY);
	now.sent = 4000;
	now.all_sent = 6000;
	assert_int_equal(incident_test(&usual, &now).why, INCIDENT_RISE);
}

/* Two mailings to companies, weeks ago, of each of which so many bounced here;
 * and one now, on a day on which 40 do. */
static enum incident_why told_at_a_mailing(uint32_t bounced, int mailings)
{
	struct incident_series s = {
		.kind = INCIDENT_PROVIDER, .h = hours, .lag = 1};
	static const struct life few = {false, 1, 9, 0, 300, 1500};
	const struct incident_hour now = {.hour = H,
		.n = 40,
		.all = 100,
		.sent = 300,
		.unclaimed = 8000,
		.all_sent = 9500};
	struct incident_usual usual;

	s.n = live(&few, H - INCIDENT_BASELINE, H);
	for (size_t i = 0; i < s.n; i++)
		hours[i].unclaimed = 20;
	for (int i = 1; i <= mailings; i++) {
		struct incident_hour *h = &hours[20 * i];

		h->n += bounced;
		h->all += 60;
		h->unclaimed = 8000;
		h->all_sent += 8000;
	}
	incident_learn(&s, H, &usual);
	return incident_test(&usual, &now).why;
}

/* It hosts none of them, by what came of the mailings before. Seen to fail. */
static void excuses_who_hosts_some(void **state)
{
	(void)state;
	assert_int_equal(told_at_a_mailing(0, 2), INCIDENT_RATE);
	assert_int_equal(told_at_a_mailing(40, 2), INCIDENT_ORDINARY);
	/* one tells nothing of the rate, and none even less */
	assert_int_not_equal(told_at_a_mailing(0, 1), INCIDENT_RATE);
	assert_int_not_equal(told_at_a_mailing(0, 0), INCIDENT_RATE);
}

/* Mondays only, on every second one to companies, too: no Monday is the day
 * behind another. */
static void knows_days_without_a_mailing(void **state)
{
	struct incident_series s = {
		.kind = INCIDENT_PROVIDER, .h = hours, .lag = 1};
	struct incident_usual usual;

	(void)state;
	for (int week = 10; week > 1; week--)
		hours[s.n++] = (struct incident_hour){.hour = H - week * 7 * 24,
			.n = 3,
			.all = 6,
			.sent = 100,
			.unclaimed = week % 2 ? 1000 : 0,
			.all_sent = 1300};
	incident_learn(&s, H, &usual);
	assert_true(usual.length[0].part < 0.1);
}

/* The exact tails: 5 of 5 with one half each; none of those below the mean. */
static void has_a_p(void **state)
{
	const struct hour_case c = {
		.kind = INCIDENT_DOMAIN, .life = &hundred, .n = 20, .all = 20};
	struct incident_result r = told(&c);
	/* weeks of 100 (and every fifth hour one more), none of the domain's;
	 * weight 10 of a share of 0.005 */
	double all = 0, share = 1;

	(void)state;
	for (int64_t h = H - INCIDENT_BASELINE; h < H - 1; h++)
		all += 100 + (h % 5 == 0);
	assert_int_equal(r.why, INCIDENT_SHARE);
	assert_true(r.usual < 20 * 0.05 / all * 1.5);
	for (int i = 0; i < 20; i++)
		share *= 0.05 / (all + 10);
	assert_true(r.p > share / 3 && r.p < share * 3);
}

/* An hour of an incident that grows, lasts and ends. */
static void has_a_beginning_and_an_end(void **state)
{
	static const uint32_t bad[] = {0, 9, 40, 200, 300, 100, 2, 0, 3, 1};
	const struct life life = {true, 2, 10, 0, 0, 0};
	size_t n = live(&life, H - INCIDENT_BASELINE, H - 2);
	struct incident_series s = {
		.kind = INCIDENT_PROVIDER, .h = hours, .lag = 1};
	struct incident_result r = {.why = INCIDENT_SHARE,
		.hour = H + 1,
		.from = H + 1,
		.hours = 1};

	(void)state;
	for (int i = 0; i < 10; i++)
		hours[n++] = (struct incident_hour){
			.hour = H - 2 + i, .n = bad[i], .all = bad[i] + 8};
	s.n = n - 6;
	/* 40 and 9 are high, 0 is not; and a window more for safety */
	assert_int_equal(incident_begin(&s, &r), H - 2);
	s.n = n;
	/* the last high one is 100, at H + 3: an hour later it is over */
	assert_int_equal(incident_end(&s, H - 2, H + 7), H + 5);
	assert_int_equal(incident_end(&s, H - 2, H + 2), H + 4);
}

/* What is rare is waited for. */
static void waits_for_what_is_rare(void **state)
{
	const struct life life = {true, 0, 10, 0, 0, 0};
	size_t n = live(&life, H - INCIDENT_BASELINE, H);
	struct incident_series s = {
		.kind = INCIDENT_DOMAIN, .h = hours, .lag = 1};

	(void)state;
	for (int i = 0; i < 12; i++)
		hours[n++] = (struct incident_hour){
			.hour = H + i, .n = i < 8 && i % 2, .all = 10};
	s.n = n;
	/* 4 in 8 hours: windows of 6 hold 3, and twice that is waited */
	assert_int_equal(incident_end(&s, H, H + 11), H + 7 + 1 + 12);
}

static void tells_an_import(void **state)
{
	const struct life life = {false, 16, 40, 0, 0, 0};
	size_t n = live(&life, H - INCIDENT_BASELINE, H);
	struct incident_series s = {
		.kind = INCIDENT_PROVIDER, .h = hours, .lag = 1};

	(void)state;
	hours[n] = (struct incident_hour){.hour = H, .n = 9000, .all = 10000};
	s.n = n + 1;
	assert_true(incident_is_import(&s, H, H + 2));
	hours[n].all = 9040;
	assert_false(incident_is_import(&s, H, H + 2));
}

/* incident_is_quiet() may say no too often, but never yes where the test would
 * tell. */
static void quiet_is_quiet(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct hour_case *c = &cases[i];
		struct incident_series s = {
			.kind = c->kind, .h = hours, .lag = 1};
		struct incident_usual usual;
		bool quiet;

		s.n = live(c->life, H - INCIDENT_BASELINE, H - 1);
		incident_learn(&s, H - 1, &usual);
		s.n = past(c);
		hours[s.n++] = now_of(c);
		quiet = incident_is_quiet(&usual, &s, H);
		if (quiet && told(c).why)
			fail_msg("%s: is not quiet", c->what);
		if (!quiet && !strcmp(c->what, "a day as any other"))
			fail_msg("%s: is quiet", c->what);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells),
		cmocka_unit_test(knows_that_a_provider_hosts_others),
		cmocka_unit_test(excuses_who_hosts_some),
		cmocka_unit_test(knows_how_large_a_mailing_is),
		cmocka_unit_test(knows_days_without_a_mailing),
		cmocka_unit_test(has_a_p),
		cmocka_unit_test(has_a_beginning_and_an_end),
		cmocka_unit_test(waits_for_what_is_rare),
		cmocka_unit_test(tells_an_import),
		cmocka_unit_test(quiet_is_quiet),
		cmocka_unit_test(knows_what_it_does_not_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
