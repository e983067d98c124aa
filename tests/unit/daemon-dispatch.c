/* daemon/dispatch_state.c: what is due, whose it is, and never twice. */
#include "test.h"

#include <stdio.h>
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

/* "CLAIM", "NOTED" or "", and the row; times less MON. */
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
	char row[DISPATCH_TEXT];
	enum dispatch_look look;

	assert_int_equal(schedule_zone("UTC"), 0);
	if (was)
		assert_true(dispatch_state_parse(str_from(was), &before));
	look = dispatch_judge(&c, was != NULL, &before, now, &after);
	snprintf(text, sizeof(text), "%s", looks[look]);
	if (look != LOOK_NOTHING)
		snprintf(text, sizeof(text), "%s %s", looks[look],
			dispatch_state_write(&after, row));
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

static void survives_clocks(void **state)
{
	(void)state;
	/* Set back for an hour, a week. */
	expect(judge("m", ROW(MON, 0, "none none sent"), MON - HOUR), "", "");
	expect(judge("m", ROW(MON, 0, "none none sent"), MON - 7 * DAY), "",
		"");
	/* It was years ahead. */
	expect(judge("m", ROW(MON + 999 * DAY, 0, "none none sent"), MON + 5),
		"NOTED", ROW(MON, 0, "none none none"));
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
		cmocka_unit_test(survives_clocks),
		cmocka_unit_test(another_schedule_begins_anew),
		cmocka_unit_test(reads_no_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
