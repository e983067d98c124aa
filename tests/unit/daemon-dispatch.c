/* daemon/dispatch_state.c: what is due, whose it is, and never twice. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dispatch.h"
#include "schedule.h"

#define HOUR 3600
#define DAY  86400
/* Monday, 23 November 2026, 08:00 UTC */
#define MON (INT64_C(1795420800))

static char zone[] = "UTC", folder[] = "/f", address[] = "a@example.com",
	    program[] = "p";

static struct conf make(const char *ways)
{
	static char *to[] = {address}, *argv[] = {program};
	struct conf c = {
		.report = {.hour = 8, .timezone = zone}
        };

	if (strchr(ways, 'f'))
		c.report.folder = folder;
	if (strchr(ways, 'c'))
		c.report.command = (struct conf_list){argv, 1};
	if (strchr(ways, 'm'))
		c.report.to = (struct conf_list){to, 1};
	return c;
}

/* "CLAIM", "NOTED" or "", and the row, without the weeks that are done. */
static const char *judge(const char *ways, const char *was, int64_t now)
{
	static const char *const looks[] = {
		[LOOK_NOTHING] = "",
		[LOOK_NOTED] = "NOTED",
		[LOOK_CLAIM] = "CLAIM",
	};
	static char text[400];
	struct conf c = make(ways);
	struct dispatch_state before = {0}, after;
	enum dispatch_look look;

	assert_int_equal(schedule_zone("UTC"), 0);
	if (was)
		assert_true(dispatch_state_parse(str_from(was), &before));
	look = dispatch_judge(&c, was != NULL, &before, now, &after);
	text[0] = '\0';
	if (look != LOOK_NOTHING)
		snprintf(text, sizeof(text), "%s %lld %lld %s %s %s %s",
			looks[look], (long long)after.due,
			(long long)after.until,
			dispatch_step_word(after.steps[0]),
			dispatch_step_word(after.steps[1]),
			dispatch_step_word(after.steps[2]), after.schedule);
	return text;
}

/* was and want, with the times of the sentence before put in. */
#define ROW(due, until, steps)                                                 \
	row((due), (until), steps " 0 8 UTC", (char[DISPATCH_TEXT]){0})

static char *row(
	int64_t due, int64_t until, const char *rest, char buf[DISPATCH_TEXT])
{
	snprintf(buf, DISPATCH_TEXT, "%lld %lld %s", (long long)due,
		(long long)until, rest);
	return buf;
}

static void expect(const char *got, const char *word, const char *want)
{
	char text[400];

	snprintf(text, sizeof(text), "%s %s", word, want);
	assert_string_equal(got, *word ? text : "");
}

static void begins_with_the_next(void **state)
{
	(void)state;
	expect(judge("fcm", NULL, MON + 2 * DAY), "NOTED",
		ROW(MON, 0, "none none none"));
	expect(judge("fcm", ROW(MON, 0, "none none none"), MON + 6 * DAY), "",
		"");
	expect(judge("fcm", ROW(MON, 0, "none none none"), MON + 7 * DAY),
		"CLAIM",
		ROW(MON + 7 * DAY, MON + 7 * DAY + 600, "due due due"));
	/* What is not configured is not due. */
	expect(judge("m", ROW(MON, 0, "none none none"), MON + 7 * DAY),
		"CLAIM",
		ROW(MON + 7 * DAY, MON + 7 * DAY + 600, "none none due"));
}

/* Shown failing: where begin_week() adds 7 days to the row's time. */
static void makes_up_the_latest(void **state)
{
	(void)state;
	expect(judge("m", ROW(MON - 35 * DAY, 0, "none none sent"), MON + DAY),
		"CLAIM", ROW(MON, MON + DAY + 600, "none none due"));
	expect(judge("m", ROW(MON - 35 * DAY, 0, "none none due"), MON + DAY),
		"CLAIM", ROW(MON, MON + DAY + 600, "none none due"));
}

/* Shown failing: without the look at .until. */
static void leaves_a_claim(void **state)
{
	const char *claimed = ROW(MON, MON + 600, "due none due");

	(void)state;
	expect(judge("fm", claimed, MON + 599), "", "");
	expect(judge("fm", claimed, MON + 600), "CLAIM",
		ROW(MON, MON + 1200, "due none due"));
	/* The clock was set back: it cannot be of now. */
	expect(judge("fm", ROW(MON, MON + 9000, "due none due"), MON + 1),
		"CLAIM", ROW(MON, MON + 601, "due none due"));
}

/* Shown failing: where settle() makes it due again. */
static void sends_nothing_twice(void **state)
{
	(void)state;
	expect(judge("fcm", ROW(MON, MON + 600, "sent sent sending"),
		       MON + 700),
		"NOTED", ROW(MON, 0, "sent sent unknown"));
	expect(judge("fcm", ROW(MON, MON + 600, "sent sending due"), MON + 700),
		"CLAIM", ROW(MON, MON + 1300, "sent unknown due"));
	/* Files may be written again. */
	expect(judge("fcm", ROW(MON, MON + 600, "sending due due"), MON + 700),
		"CLAIM", ROW(MON, MON + 1300, "due due due"));
	expect(judge("fcm", ROW(MON, 0, "sent sent unknown"), MON + 6 * DAY),
		"", "");
	expect(judge("fcm", ROW(MON, 0, "sent sent sent"), MON + 6 * DAY), "",
		"");
}

/* --- wrong clocks --- */

/*
 * Looks at these times, one after the other, each of which sends what is due:
 * the due moments that left by mail, as days since MON, or "-", a word a look.
 * The row goes through its text, as it does in life.
 */
static const char *looks(
	struct dispatch_state *s, bool *has, const int64_t *at, size_t n)
{
	static char text[1000];
	struct conf c = make("fm");
	char row[DISPATCH_TEXT];
	size_t used = 0;

	assert_int_equal(schedule_zone("UTC"), 0);
	text[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		struct dispatch_state out;
		enum dispatch_look look =
			dispatch_judge(&c, *has, s, at[i], &out);
		bool left = look == LOOK_CLAIM &&
			    out.steps[DISPATCH_MAIL] == STEP_DUE;
		long long day = (long long)((out.due - MON) / DAY);

		used += (size_t)snprintf(text + used, sizeof(text) - used,
			left ? "%s%lld" : "%s-", i ? " " : "", day);
		for (int w = 0; w < DISPATCH_WAYS; w++)
			if (out.steps[w] == STEP_DUE)
				out.steps[w] = STEP_SENT;
		out.until = 0;
		if (look == LOOK_NOTHING)
			continue;
		assert_true(dispatch_state_parse(
			str_from(dispatch_state_write(&out, row)), s));
		*has = true;
	}
	return text;
}

#define EXPECT_LOOKS(want, ...)                                                \
	do {                                                                   \
		const int64_t at_[] = {__VA_ARGS__};                           \
		struct dispatch_state s_ = {0};                                \
		bool has_ = false;                                             \
		assert_string_equal(                                           \
			looks(&s_, &has_, at_, sizeof(at_) / sizeof(at_[0])),  \
			want);                                                 \
	} while (0)

/* A day in week n after that of MON, an hour behind the time due. */
#define WEEK(n) (MON + (n)*7 * DAY + HOUR)

/* The row forgets nothing that left, wherever the clock goes. */
static void survives_a_clock_in_the_past(void **state)
{
	(void)state;
	/* Back for some minutes, an hour. */
	EXPECT_LOOKS("- 0 - -", WEEK(-1), WEEK(0), MON - HOUR, WEEK(0));
	/* Years back, where no report was ever due, and right again. */
	EXPECT_LOOKS(
		"- 0 - - 7", WEEK(-1), WEEK(0), WEEK(-350), WEEK(0), WEEK(1));
	/* 8 days: the week before. */
	EXPECT_LOOKS("- 0 - - 7", WEEK(-1), WEEK(0), WEEK(0) - 8 * DAY, WEEK(0),
		WEEK(1));
	/* 3 weeks back and forward over 4. */
	EXPECT_LOOKS("- -21 -14 -7 0 - - - - 7", WEEK(-4), WEEK(-3), WEEK(-2),
		WEEK(-1), WEEK(0), WEEK(-3), WEEK(-2), WEEK(-1), WEEK(0),
		WEEK(1));
	/* One look is no beginning. */
	EXPECT_LOOKS("- 0 - - - - 7", WEEK(-1), WEEK(0), WEEK(-350), WEEK(0),
		WEEK(-2), WEEK(0), WEEK(1));
	/* Before the first look nothing left; where the clock stays there it is
	 * as right as any. */
	EXPECT_LOOKS("- 0 - -2093 - - -", WEEK(-1), WEEK(0), WEEK(-300),
		WEEK(-299), WEEK(-299), WEEK(-1), WEEK(0) + 6 * DAY);
}

/* Shown failing: where a look ahead is the row that counts. */
static void survives_a_clock_in_the_future(void **state)
{
	(void)state;
	/* What that look sends cannot be helped; the present goes on. */
	EXPECT_LOOKS(
		"- 3500 0 - 7", WEEK(-1), WEEK(500), WEEK(0), WEEK(0), WEEK(1));
	EXPECT_LOOKS("- 0 3500 - 7", WEEK(-1), WEEK(0), WEEK(500),
		WEEK(0) + DAY, WEEK(1));
	/* So it does when it was ahead by one week. */
	EXPECT_LOOKS(
		"- 7 0 - 14", WEEK(-1), WEEK(1), WEEK(0), WEEK(1), WEEK(2));
	/* The first look of all was ahead. */
	EXPECT_LOOKS("- - 7 14", WEEK(500), WEEK(0), WEEK(1), WEEK(2));
	/* To and fro. */
	EXPECT_LOOKS("- 0 3500 - 3507 - 7 - -", WEEK(-1), WEEK(0), WEEK(500),
		WEEK(0), WEEK(501), WEEK(0), WEEK(1), WEEK(500), WEEK(-1));
}

/* What was not sent by a way is still to be, by this way alone. */
static void resumes_what_was_due(void **state)
{
	struct conf c = make("fcm");
	struct dispatch_state s = {0}, out;
	char text[DISPATCH_TEXT];

	(void)state;
	assert_int_equal(schedule_zone("UTC"), 0);
	assert_true(dispatch_state_parse(
		str_from(ROW(MON, 1, "sent sending due")), &s));
	assert_int_equal(
		dispatch_judge(&c, true, &s, WEEK(500), &out), LOOK_CLAIM);
	assert_true(out.due == MON + INT64_C(3500) * DAY);
	assert_true(dispatch_state_parse(
		str_from(dispatch_state_write(&out, text)), &s));
	assert_int_equal(
		dispatch_judge(&c, true, &s, WEEK(0), &out), LOOK_CLAIM);
	assert_true(out.due == MON);
	assert_int_equal(out.steps[DISPATCH_FOLDER], STEP_NONE);
	assert_int_equal(out.steps[DISPATCH_COMMAND], STEP_NONE);
	assert_int_equal(out.steps[DISPATCH_MAIL], STEP_DUE);
}

/* However often it jumps, nothing is sent twice. Shown failing: where a run is
 * dropped when there is no room. */
static void survives_a_clock_gone_mad(void **state)
{
	struct dispatch_state s = {0};
	bool has = false;
	char sent[2000] = {0};
	uint32_t dice = 7;
	int n = 0;

	(void)state;
	looks(&s, &has, (const int64_t[]){WEEK(-1)}, 1);
	for (int i = 0; i < 1500; i++) {
		int64_t at, week;
		const char *got;

		dice = dice * 1103515245 + 12345;
		week = (dice >> 16) % 2000;
		at = WEEK(week - 1000);
		got = looks(&s, &has, &at, 1);
		if (!strcmp(got, "-"))
			continue;
		assert_int_equal(strtol(got, NULL, 10), (week - 1000) * 7);
		assert_int_equal(sent[week]++, 0);
		n++;
	}
	assert_true(n > 3);
}

/* Shown failing: without the look at the schedule, and with APART 0. */
static void another_schedule_begins_anew(void **state)
{
	char old[DISPATCH_TEXT];

	(void)state;
	/* From Tuesday at 8 to Monday: the Monday of this week is past. */
	row(MON - 6 * DAY, 0, "none none sent 1 8 UTC", old);
	expect(judge("m", old, MON + HOUR), "NOTED",
		ROW(MON, 0, "none none none"));
	/* From Monday at 7, which was sent, to 8: not twice in a day. */
	row(MON - HOUR, 0, "none none sent 0 7 UTC", old);
	expect(judge("m", old, MON - HOUR / 2), "NOTED",
		ROW(MON - HOUR, 0, "none none sent"));
	expect(judge("m", ROW(MON - HOUR, 0, "none none sent"), MON + 1), "",
		"");
	/* What is still to be sent stays so. */
	row(MON, 0, "none none due 0 8 Europe/Berlin", old);
	expect(judge("m", old, MON + HOUR), "NOTED",
		ROW(MON, 0, "none none due"));
	/* A way that is gone needs nothing any more. */
	expect(judge("f", ROW(MON, 0, "sent none due"), MON + HOUR), "NOTED",
		ROW(MON, 0, "sent none none"));
}

static void reads_no_nonsense(void **state)
{
	static const char *const bad[] = {"", "x", "1 2 sent sent", "1 2",
		"1 2 sent sent sent", "1 2 sent sent lost 0 8 UTC",
		"-1 2 sent sent sent 0 8 UTC",
		"99999999999999999999 2 sent sent sent 0 8 UTC"};
	struct dispatch_state s;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(dispatch_state_parse(str_from(bad[i]), &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_with_the_next),
		cmocka_unit_test(makes_up_the_latest),
		cmocka_unit_test(leaves_a_claim),
		cmocka_unit_test(sends_nothing_twice),
		cmocka_unit_test(survives_a_clock_in_the_past),
		cmocka_unit_test(survives_a_clock_in_the_future),
		cmocka_unit_test(resumes_what_was_due),
		cmocka_unit_test(survives_a_clock_gone_mad),
		cmocka_unit_test(another_schedule_begins_anew),
		cmocka_unit_test(reads_no_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
