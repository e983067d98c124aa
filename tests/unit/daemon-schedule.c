/* daemon/schedule.c: the right moment, in every zone and on every day. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "schedule.h"
#include "when.h"

/* Computed by python3's zoneinfo, and looked at. */
static const struct {
	const char *zone;
	int weekday, hour;
	const char *now, *due;
} cases[] = {
	{"UTC",		 0, 8,  "2026-11-25T12:00:00Z", "2026-11-23T08:00:00Z"},
	{"Europe/Berlin",       0, 8,  "2026-11-23T06:59:59Z", "2026-11-16T07:00:00Z"},
	{"Europe/Berlin",       0, 8,  "2026-11-23T07:00:00Z", "2026-11-23T07:00:00Z"},
 /* 02:00 is left out: at 03:00 summer time. */
	{"Europe/Berlin",       6, 2,  "2026-03-29T12:00:00Z", "2026-03-29T01:00:00Z"},
	{"Europe/Berlin",       6, 2,  "2026-03-29T00:59:59Z", "2026-03-22T01:00:00Z"},
 /* 02:00 comes twice: once, at the first. */
	{"Europe/Berlin",       6, 2,  "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z"},
	{"Europe/Berlin",       6, 2,  "2026-10-25T01:30:00Z", "2026-10-25T00:00:00Z"},
 /* The end of a year. */
	{"Europe/Berlin",       0, 8,  "2027-01-01T00:00:00Z", "2026-12-28T07:00:00Z"},
 /* Midnight is left out. */
	{"America/Sao_Paulo",   6, 0,  "2018-11-04T12:00:00Z",
         "2018-11-04T03:00:00Z"						      },
 /* Half an hour. */
	{"Australia/Lord_Howe", 6, 2,  "2026-10-04T12:00:00Z",
         "2026-10-03T15:30:00Z"						      },
 /* A day is left out. */
	{"Pacific/Apia",        4, 8,  "2011-12-31T12:00:00Z", "2011-12-30T10:00:00Z"},
	{"Asia/Kathmandu",      2, 23, "2026-11-25T17:15:00Z",
         "2026-11-25T17:15:00Z"						      },
	{"Pacific/Kiritimati",  0, 0,  "2026-11-22T10:00:00Z",
         "2026-11-22T10:00:00Z"						      },
	{"Etc/GMT+12",          0, 0,  "2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z"},
};

/* Shown failing: with `at - tm_gmtoff`, with STEP 3600 (Kathmandu, Lord Howe),
 * with EAST 13 h (Kiritimati), with WEST 11 h (GMT+12), and with `since` taken
 * from a Monday. */
static void knows_the_zones(void **state)
{
	char got[WHEN_SIZE];
	int64_t now;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct schedule s = {cases[i].weekday, cases[i].hour};

		assert_int_equal(schedule_zone(cases[i].zone), 0);
		assert_true(when_parse(cases[i].now, &now));
		when_format(schedule_due(&s, now), got);
		if (strcmp(got, cases[i].due) != 0)
			fail_msg("%s at %s: %s", cases[i].zone, cases[i].now,
				got);
	}
}

/* 1,800 of them, by another program. */
static void agrees_with_python(void **state)
{
	FILE *f = popen("python3 tests/unit/zones.py", "r");
	long long now, due, next;
	struct schedule s;
	char zone[64];
	int n = 0;

	(void)state;
	assert_non_null(f);
	while (fscanf(f, "%63s %d %d %lld %lld %lld", zone, &s.weekday, &s.hour,
		       &now, &due, &next) == 6) {
		assert_int_equal(schedule_zone(zone), 0);
		if (schedule_due(&s, now) != due ||
			schedule_next(&s, now) != next)
			fail_msg("%s %d %d at %lld: %lld, not %lld; %lld, not "
				 "%lld",
				zone, s.weekday, s.hour, now,
				(long long)schedule_due(&s, now), due,
				(long long)schedule_next(&s, now), next);
		n++;
	}
	assert_int_equal(pclose(f), 0);
	assert_int_equal(n, 1800);
}

/* Each minute of two years: it never goes back, and comes once a week. */
static void comes_once_a_week(void **state)
{
	struct schedule s = {6, 2};
	int64_t now, last, due;
	int n = 0;

	(void)state;
	assert_int_equal(schedule_zone("Europe/Berlin"), 0);
	assert_true(when_parse("2026-01-01", &now));
	last = schedule_due(&s, now);
	for (int minute = 0; minute < 2 * 365 * 1440; minute += 7) {
		due = schedule_due(&s, now + minute * 60);
		assert_true(due >= last && due <= now + minute * 60);
		n += due != last;
		last = due;
	}
	assert_int_equal(n, 104);
}

static void names_the_week(void **state)
{
	static const struct {
		const char *due, *from, *to, *name;
	} weeks[] = {
		{"2026-11-23T07:00:00Z", "2026-11-16", "2026-11-23",
                 "2026-W47"},
		{"2027-01-04T07:00:00Z", "2026-12-28", "2027-01-04",
                 "2026-W53"},
 /* A Monday in Auckland is a Sunday of UTC: most of W47. */
		{"2026-11-22T19:00:00Z", "2026-11-15", "2026-11-22",
                 "2026-W47"},
 /* Thursday to Wednesday: four days of W47, three of W48 */
		{"2026-11-26T08:00:00Z", "2026-11-19", "2026-11-26",
                 "2026-W47"},
	};

	char a[WHEN_SIZE], b[WHEN_SIZE], name[SCHEDULE_WEEK];
	int64_t due, from, to;

	(void)state;
	for (size_t i = 0; i < sizeof(weeks) / sizeof(weeks[0]); i++) {
		assert_true(when_parse(weeks[i].due, &due));
		schedule_week(due, &from, &to);
		assert_string_equal(when_day(from, a), weeks[i].from);
		assert_string_equal(when_day(to, b), weeks[i].to);
		assert_string_equal(
			schedule_week_name(from, name), weeks[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_zones),
		cmocka_unit_test(agrees_with_python),
		cmocka_unit_test(comes_once_a_week),
		cmocka_unit_test(names_the_week),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
