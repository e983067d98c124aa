/* daemon/report/: the numbers of a report, and how they are said. */
#include "report_house.h"

#include "print.h"

static void counts_periods(void **state)
{
	(void)state;
	/* days 0 to 6 are this week, 7 to 13 the one before */
	put(3, REASON_USER_UNKNOWN, 0, "example.org", NULL);
	put(4, REASON_USER_UNKNOWN, 6, "example.org", NULL);
	put(5, REASON_USER_UNKNOWN, 7, "example.org", NULL);
	put(2, REASON_MAILBOX_FULL, 7, "example.org", NULL);
	put(9, REASON_USER_UNKNOWN, 20, "example.org", NULL);
	load(7);
	assert_int_equal(t.report.periods[0][CLASS_HARD], 7);
	assert_int_equal(t.report.periods[1][CLASS_HARD], 5);
	assert_int_equal(t.report.periods[1][CLASS_SOFT], 2);
	assert_int_equal(t.report.periods[2][CLASS_HARD], 9);
	assert_int_equal(t.report.periods[3][CLASS_HARD], 0);
	/* weeks before the first event are no quiet weeks */
	assert_int_equal(t.report.before, 2);
	assert_int_equal(t.report.usual[CLASS_HARD], 7);
	assert_int_equal(t.report.usual[CLASS_SOFT], 1);
	load(14);
	assert_int_equal(t.report.periods[0][CLASS_HARD], 12);
	assert_int_equal(t.report.periods[1][CLASS_HARD], 9);
	assert_int_equal(t.report.before, 1);
}

/* One bad week does not change what is usual. */
static void usual_is_a_median(void **state)
{
	static const int weeks[] = {0, 4, 5, 900, 3, 4, 6, 5, 4, 700, 800};

	(void)state;
	for (int w = 1; w < 11; w++)
		put(weeks[w], REASON_USER_UNKNOWN, 7 * w, "example.org", NULL);
	load(7);
	/* of eight before: 3 4 4 4 5 5 6 900 */
	assert_int_equal(t.report.before, 10);
	assert_int_equal(t.report.usual[CLASS_HARD], 5);
	assert_int_equal(t.report.periods[10][CLASS_HARD], 800);
}

static void knows_what_is_more(void **state)
{
	static const struct {
		int64_t n, usual;
		bool more;
	} cases[] = {
		{20,   10,  true },
		{19,   10,  false},
		{9,    0,   false},
		{10,   0,   true },
		{12,   4,   false},
		{1000, 501, false},
		{1000, -1,  false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			report_numbers_is_more(cases[i].n, cases[i].usual),
			cases[i].more);
}

static void makes_tables(void **state)
{
	const struct report_table *d = &t.report.domains;
	char domain[32];

	(void)state;
	for (int i = 0; i < 15; i++) {
		snprintf(domain, sizeof(domain), "d%02d.example", i);
		put(i + 1, REASON_USER_UNKNOWN, 1, domain, "google");
	}
	put(3, REASON_SPAM, 1, "d14.example", "google");
	put(50, REASON_AUTO_REPLY, 1, "holiday.example", NULL);
	put(4, REASON_USER_UNKNOWN, 8, "d14.example", "google");
	load(7);
	assert_int_equal(d->n, REPORT_TOP);
	assert_int_equal(d->rows[0].n, 18);
	assert_int_equal(d->rows[0].classes[CLASS_HARD], 15);
	assert_int_equal(d->rows[0].classes[CLASS_BLOCK], 3);
	assert_true(str_eq(d->rows[0].name, str_from("d14.example")));
	/* replies are no bounces */
	for (size_t i = 0; i < d->n; i++)
		assert_false(
			str_eq(d->rows[i].name, str_from("holiday.example")));
	assert_int_equal(t.report.providers.n, 1);
	assert_int_equal(t.report.providers.rows[0].n, 123);
	assert_int_equal(t.report.providers.rows[0].usual, 4);
	assert_int_equal(t.report.reasons.n, 2);
	assert_int_equal(t.report.reasons.rows[0].n, 120);
	assert_int_equal(t.report.reasons.rows[0].usual, 4);
}

/* The course of twelve periods, and what is usual of a domain. */
static void names_have_a_course(void **state)
{
	const struct report_row *row = &t.report.domains.rows[0];

	(void)state;
	put(5, REASON_USER_UNKNOWN, 1, "example.org", "google");
	put(2, REASON_USER_UNKNOWN, 8, "example.org", "google");
	put(4, REASON_USER_UNKNOWN, 15, "example.net", "google");
	put(6, REASON_USER_UNKNOWN, 22, "example.org", "google");
	load(7);
	assert_int_equal(row->weeks_n, 4);
	assert_int_equal(row->weeks[0], 5);
	assert_int_equal(row->weeks[1], 2);
	assert_int_equal(row->weeks[2], 0);
	assert_int_equal(row->weeks[3], 6);
	assert_int_equal(row->usual, 2);
	assert_int_equal(t.report.providers.rows[0].weeks[2], 4);
	assert_int_equal(t.report.reasons.rows[0].weeks[3], 6);
	/* nothing is read for other lengths: no course, and none is made up */
	load(14);
	assert_int_equal(row->weeks_n, 0);
	assert_int_equal(row->usual, -1);
}

/* Not understood at all, and why a mail failed not understood. */
static void put_vague(enum verdict_class class, int smtp, int n, int days_ago)
{
	put_like((struct verdict){.class = class,
			 .reason = REASON_UNDETERMINED,
			 .smtp = smtp},
		n, days_ago, "example.org");
}

/* A reason in two classes is two rows, each with its own past. */
static void tells_classes_apart(void **state)
{
	const struct report_table *reasons = &t.report.reasons;

	(void)state;
	for (int week = 1; week < 12; week++)
		put_vague(CLASS_SOFT, 450, week, week * 7);
	put_vague(CLASS_SOFT, 450, 30, 0);
	put_vague(CLASS_UNKNOWN, 0, 5, 0);
	put_vague(CLASS_UNKNOWN, 0, 2, 14);
	load(7);
	assert_int_equal(reasons->n, 2);
	assert_int_equal(reasons->rows[0].class, CLASS_SOFT);
	assert_int_equal(reasons->rows[0].weeks_n, 12);
	assert_int_equal(reasons->rows[0].weeks[0], 30);
	for (int week = 1; week < 12; week++)
		assert_int_equal(reasons->rows[0].weeks[week], week);
	assert_int_equal(reasons->rows[0].usual, 5); /* of 1 to 8 */
	assert_int_equal(reasons->rows[1].class, CLASS_UNKNOWN);
	assert_int_equal(reasons->rows[1].weeks[0], 5);
	assert_int_equal(reasons->rows[1].weeks[1], 0);
	assert_int_equal(reasons->rows[1].weeks[2], 2);
	assert_int_equal(reasons->rows[1].weeks[3], 0);
	assert_int_equal(reasons->rows[1].usual, 0);
	load(14);
	assert_int_equal(reasons->rows[0].n, 31);
	assert_int_equal(reasons->rows[0].weeks_n, 0); /* not of weeks */
}

/* What is listed and what is not comes to what was told. */
static void adds_up_what_was_not_understood(void **state)
{
	int64_t unknown = 0, soft = 0;

	(void)state;
	put_vague(CLASS_UNKNOWN, 0, 50, 0);
	put_vague(CLASS_SOFT, 0, 40, 0);
	for (int i = 0; i < REPORT_SHAPES; i++)
		put_vague(CLASS_SOFT, 450 + i, 20 - i, 0);
	load(7);
	assert_int_equal(report_review_load(t.db, &t.arena, &t.report), 0);
	assert_int_equal(t.report.shapes_n, REPORT_SHAPES);
	for (size_t i = 0; i < t.report.shapes_n; i++)
		*(t.report.shapes[i].class == CLASS_UNKNOWN ? &unknown
							    : &soft) +=
			t.report.shapes[i].n;
	assert_int_equal(unknown, 50);
	assert_int_equal(t.report.shapes[0].smtp, 0);
	/* the last two have no room */
	assert_int_equal(t.report.shapes_rest, 2 * (20 - REPORT_SHAPES) + 3);
	assert_int_equal(soft + t.report.shapes_rest, t.report.undetermined);
}

static void says_what_is_wrong(void **state)
{
	(void)state;
	load(7);
	assert_said("Nothing was ever recorded");
	put(2, REASON_USER_UNKNOWN, 30, "example.org", NULL);
	load(7);
	assert_said("Nothing came in this time; the last event is of "
		    "2025-12-06T10:00:00Z.");
	put(5, REASON_USER_UNKNOWN, 2, "example.org", NULL);
	load(7);
	assert_said("[good] Nothing stands out. "
		    "Bounce rate unknown: no send counts. "
		    "5 hard (usual 0), 0 soft (0), 0 block (0), 0 "
		    "complaints (0).");
	put(25, REASON_USER_UNKNOWN, 1, "example.org", NULL);
	put(11, REASON_REPUTATION, 1, "example.org", NULL);
	load(7);
	assert_said("More than usual: 30 hard, where 0 are usual.");
	assert_said("More than usual: 11 block, where 0 are usual.");
	assert_said("11 blocked: the addresses are fine");
	assert_said("30 to users that do not exist");
	assert_said("Bounce rate unknown: no send counts.");
	assert_said("today so far");
}

/* No line is wider than 76 columns, whatever the names are. */
static void keeps_to_its_width(void **state)
{
	struct str text, line;

	(void)state;
	put(3, REASON_USER_UNKNOWN, 1,
		"a-very-long-name-of-a-domain-that-never-ends.example.org",
		"\x1b[31m\xe2\x80\xae"
		"a provider of\nmany lines");
	put(1234567 / 1000, REASON_USER_UNKNOWN, 9, "example.org", NULL);
	load(7);
	text = str_from(said());
	while (str_line(&text, &line)) {
		struct print_char c;
		struct str rest = line;
		size_t n = 0;

		while (print_next(&rest, &c)) {
			assert_true(c.code >= 0x20 && c.code != 0x202e);
			n++;
		}
		if (n > 76)
			fail_msg("%zu columns: " STR_FMT, n, STR_ARG(line));
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(counts_periods),
		TEST(usual_is_a_median),
		cmocka_unit_test(knows_what_is_more),
		TEST(makes_tables),
		TEST(names_have_a_course),
		TEST(tells_classes_apart),
		TEST(adds_up_what_was_not_understood),
		TEST(says_what_is_wrong),
		TEST(keeps_to_its_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
