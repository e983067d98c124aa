/* daemon/report/baseline.c: what is usual, and what is more. */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/baseline.h"

/* What the sums must come to: by tests/unit's own way, slow sums over every
 * count and a fine grid of t, in another language. */
static void knows_the_tail(void **state)
{
	static const struct {
		double n, m, spread, degrees, is;
	} cases[] = {
		{10,   5,    0,    30,  0.031828057 },
		{3,    1,    0,    30,  0.080301397 },
		{1,    0.5,  0,    30,  0.393469340 },
		{100,  100,  0,    30,  0.513298798 },
		{150,  100,  0,    30,  1.88421e-06 },
		{2000, 1900, 0,    30,  0.011695821 },
		{40,   20,   0,    30,  5.32020e-05 },
		{52,   20,   0.2,  1e7, 6.80508e-05 },
		{52,   20,   0.2,  40,  0.000135206 },
		{224,  100,  0.2,  40,  0.000203006 },
		{30,   10,   0.3,  28,  0.001986023 },
		{12,   2,    0.25, 28,  3.258164e-05},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double is = baseline_tail(cases[i].n, cases[i].m,
			cases[i].spread, cases[i].degrees);

		if (fabs(is / cases[i].is - 1) > 1e-3)
			fail_msg("%g for %g of %g, not %g", is, cases[i].n,
				cases[i].m, cases[i].is);
	}
	assert_true(baseline_tail(0, 5, 0.2, 30) == 1);
}

/* Names of one kind that do what a test wants. */
#define NAMES 20

static struct {
	uint32_t weeks[NAMES][BASELINE_WEEKS];
	double mails[NAMES][BASELINE_WEEKS];
	struct baseline_series s[NAMES];
	struct baseline b;
} t;

/* All have `usual`, give or take what a plain count has: 0.9 to 1.1 of it in
 * turn. */
static void make(uint32_t usual)
{
	memset(&t, 0, sizeof(t));
	for (int i = 0; i < NAMES; i++) {
		t.s[i].weeks = t.weeks[i];
		for (int w = 0; w < BASELINE_WEEKS; w++)
			t.weeks[i][w] =
				usual * (18 + (uint32_t)(i + w) % 5) / 20;
	}
}

static double chance(void)
{
	double floors[NAMES + 1];

	floors[NAMES] = 1;
	for (int i = 0; i < NAMES; i++)
		floors[i] = baseline_floor_chance(&t.b, &t.s[i]);
	return baseline_chance(floors, NAMES + 1);
}

static void learn(int weeks)
{
	baseline_init(&t.b, weeks);
	assert_true(baseline_factor(&t.b, t.s, NAMES));
	baseline_learn(&t.b, t.s, NAMES);
}

static struct baseline_result judge(int name, int weeks)
{
	learn(weeks);
	return baseline_judge(&t.b, &t.s[name], chance());
}

static void finds_three_times(void **state)
{
	static const uint32_t usual[] = {20, 50, 500, 20000};
	struct baseline_result r;

	(void)state;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		make(usual[i]);
		assert_false(judge(3, 26).is_spike);
		t.weeks[3][0] = 3 * usual[i];
		r = judge(3, 26);
		assert_true(r.is_spike);
		assert_true(fabs(r.usual - usual[i]) <= 0.1 * usual[i]);
		assert_true(r.limit >= 2 * r.expected);
		assert_true(r.limit < t.weeks[3][0]);
		assert_true(r.chance < chance());
		assert_false(judge(4, 26).is_spike);
		/* The limit is where it says. */
		t.weeks[3][0] = (uint32_t)r.limit;
		assert_false(judge(3, 26).is_spike);
		t.weeks[3][0]++;
		assert_true(judge(3, 26).is_spike);
	}
}

static void wants_weeks(void **state)
{
	(void)state;
	make(20);
	t.weeks[3][0] = 400;
	assert_false(judge(3, BASELINE_LEAST - 1).is_spike);
	assert_true(judge(3, BASELINE_LEAST).is_spike);
}

/* Nobody acts on nine, nor on ten where one more or less is usual. */
static void has_a_floor(void **state)
{
	(void)state;
	make(0);
	t.weeks[3][0] = 9;
	assert_false(judge(3, 26).is_spike);
	t.weeks[3][0] = 11;
	assert_true(judge(3, 26).is_spike);
	make(1000);
	t.weeks[3][0] = 1999;
	assert_false(judge(3, 26).is_spike);
}

/* A bad week in the past neither raises the usual nor hides the next one. */
static void forgets_a_bad_week(void **state)
{
	(void)state;
	make(50);
	t.weeks[3][5] = 5000;
	t.weeks[3][0] = 150;
	assert_true(judge(3, 26).is_spike);
	assert_true(judge(3, 8).usual < 60);
}

/* What has lasted for five weeks is how things are. */
static void gets_used_to_it(void **state)
{
	(void)state;
	make(50);
	for (int w = 0; w < 4; w++)
		t.weeks[3][w] = 200;
	assert_true(judge(3, 26).usual < 60);
	for (int w = 0; w < 6; w++)
		t.weeks[3][w] = 200;
	assert_false(judge(3, 26).is_spike);
	assert_true(judge(3, 26).usual > 190);
}

/* All double: a season. One that trebles beyond that is a spike; who stays as
 * he is where all fall is none. */
static void knows_a_season(void **state)
{
	(void)state;
	make(50);
	for (int i = 0; i < NAMES; i++)
		t.weeks[i][0] *= 3;
	for (int i = 0; i < NAMES; i++)
		assert_false(judge(i, 26).is_spike);
	assert_true(fabs(t.b.factor[0] - 3) < 0.3);
	t.weeks[3][0] = 450;
	assert_true(judge(3, 26).is_spike);
	make(50);
	for (int i = 0; i < NAMES; i++)
		t.weeks[i][0] = i == 3 ? 50 : 5;
	assert_false(judge(3, 26).is_spike);
}

/* After a peak of all, which was nobody's rhythm, three times the usual is
 * still a spike. */
static void forgets_a_season(void **state)
{
	(void)state;
	make(50);
	for (int i = 0; i < NAMES; i++)
		for (int w = 4; w < 10; w++)
			t.weeks[i][w] = 3 * t.weeks[i][w];
	t.weeks[3][0] = 150;
	assert_true(judge(3, 26).is_spike);
	assert_false(judge(4, 26).is_spike);
}

/* A list that is mailed each fourth week, and four times as much at that. */
static void knows_a_rhythm(void **state)
{
	(void)state;
	make(50);
	for (int w = 0; w < BASELINE_WEEKS; w++)
		t.weeks[3][w] = w % 4 ? 0 : 200 + 10 * (uint32_t)(w % 3);
	assert_false(judge(3, 26).is_spike);
	t.weeks[3][0] = 700;
	assert_true(judge(3, 26).is_spike);
}

/* A new name is a spike where there were none, and is none where each week has
 * one of its size. */
static void judges_new_names(void **state)
{
	(void)state;
	make(50);
	memset(t.weeks[3], 0, sizeof(t.weeks[3]));
	t.weeks[3][0] = 60;
	assert_true(judge(3, 26).is_spike);
	make(50);
	memset(t.weeks, 0, sizeof(t.weeks));
	for (int w = 0; w < NAMES; w++)
		t.weeks[w][w] = 50 + (uint32_t)w % 7;
	assert_false(judge(0, NAMES - 1).is_spike);
	t.weeks[0][0] = 500;
	assert_true(judge(0, NAMES - 1).is_spike);
}

/* Three times as many from three times the mails are no spike, from as many
 * mails they are; half the mails known is not known. */
static void goes_by_mails(void **state)
{
	(void)state;
	make(50);
	t.weeks[3][0] = 150;
	t.s[3].mails = t.mails[3];
	for (int w = 0; w < 11; w++)
		t.mails[3][w] = 10000;
	assert_true(judge(3, 26).is_spike);
	t.mails[3][0] = 30000;
	assert_false(judge(3, 26).is_spike);
	assert_true(fabs(judge(3, 26).expected - 150) < 15);
	for (int w = 8; w < 11; w++)
		t.mails[3][w] = 0;
	assert_true(judge(3, 26).is_spike);
}

/* What is sent says how far a season goes: all that bounce three times as much
 * from as many mails are spikes. */
static void caps_a_season(void **state)
{
	double mails[BASELINE_WEEKS] = {0};

	(void)state;
	make(50);
	for (int i = 0; i < NAMES; i++)
		t.weeks[i][0] *= 4;
	for (int w = 0; w < 11; w++)
		mails[w] = 10000;
	learn(26);
	baseline_cap(&t.b, mails);
	assert_true(baseline_judge(&t.b, &t.s[3], chance()).is_spike);
	mails[0] = 40000;
	learn(26);
	baseline_cap(&t.b, mails);
	assert_false(baseline_judge(&t.b, &t.s[3], chance()).is_spike);
}

/* What all may have together is shared out; who hardly ever passes his floor
 * leaves his part to the others. */
static void shares_the_chance(void **state)
{
	double floors[200], budget = BASELINE_FALSE / 13;

	(void)state;
	for (int i = 0; i < 200; i++)
		floors[i] = 1;
	assert_true(
		fabs(baseline_chance(floors, 200) * 200 / budget - 1) < 1e-6);
	for (int i = 0; i < 100; i++)
		floors[i] = 1e-9;
	assert_true(
		fabs(baseline_chance(floors, 200) * 100 / budget - 1) < 1e-3);
	/* However few there are, one in a thousand is the most. */
	assert_true(baseline_chance(floors, 1) <= 1e-3);
	make(20);
	learn(26);
	assert_int_equal(t.b.tested, NAMES + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_tail),
		cmocka_unit_test(finds_three_times),
		cmocka_unit_test(wants_weeks),
		cmocka_unit_test(has_a_floor),
		cmocka_unit_test(forgets_a_bad_week),
		cmocka_unit_test(gets_used_to_it),
		cmocka_unit_test(knows_a_season),
		cmocka_unit_test(forgets_a_season),
		cmocka_unit_test(knows_a_rhythm),
		cmocka_unit_test(judges_new_names),
		cmocka_unit_test(goes_by_mails),
		cmocka_unit_test(caps_a_season),
		cmocka_unit_test(shares_the_chance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
