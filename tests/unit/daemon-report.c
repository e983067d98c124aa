/* daemon/report/: the numbers of a report, and how they are said. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "out_file.h"
#include "print.h"
#include "report.h"
#include "sent_rows.h"

#define DAY 86400
#define NOW (20458 * (int64_t)DAY + 36000) /* 2026-01-05T10:00:00Z */
#define TO  (20459 * (int64_t)DAY)

static struct {
	char folder[64], path[96];
	struct ledger_settings settings;
	struct db *db;
	struct ledger *ledger;
	unsigned n; /* events so far: each is a mail of its own */
	int lag;    /* days from a mail to its bounce; 0: not told */
	const char *stream;
	struct arena arena;
	struct report report;
} t;

static int setup(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	snprintf(t.folder, sizeof(t.folder), "/tmp/report-test.XXXXXX");
	if (!mkdtemp(t.folder))
		return -1;
	snprintf(t.path, sizeof(t.path), "%s/x.db", t.folder);
	policy_settings_init(&t.settings.policy);
	arena_init(&t.arena, 0);
	return db_open(t.path, DB_CREATE, &t.db) ||
	       ledger_open(t.db, &t.settings, &t.ledger);
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	ledger_close(t.ledger);
	db_close(t.db);
	arena_release(&t.arena);
	snprintf(command, sizeof(command), "rm -rf '%s'", t.folder);
	return system(command);
}

/* n events like this one, so many days before now, in this domain. */
static void put_like(struct verdict v, int n, int days_ago, const char *domain)
{
	assert_int_equal(ledger_begin(t.ledger), 0);
	while (n--) {
		char address[128];
		struct verdict_list list = {.v = &v, .n = 1};
		struct ledger_entry e = {.verdicts = &list};
		struct ledger_result r;

		snprintf(address, sizeof(address), "u%u@%s", t.n, domain);
		v.recipient = v.recipient_key = str_from(address);
		list.arrived_at = NOW - days_ago * (int64_t)DAY;
		if (t.lag)
			v.original_sent_at =
				list.arrived_at - t.lag * (int64_t)DAY;
		memcpy(e.digest, &t.n, sizeof(t.n));
		t.n++;
		assert_int_equal(ledger_put(t.ledger, &e, NOW, &r), 0);
	}
	assert_int_equal(ledger_commit(t.ledger), 0);
}

static void put(int n, enum verdict_reason reason, int days_ago,
	const char *domain, const char *provider)
{
	put_like((struct verdict){.class = reason_class(reason),
			 .reason = reason,
			 .provider = str_from(provider),
			 .stream = str_from(t.stream)},
		n, days_ago, domain);
}

static void load(int days)
{
	t.report = (struct report){
		.from = TO - days * (int64_t)DAY, .to = TO, .now = NOW};
	assert_int_equal(report_numbers_load(t.db, &t.arena, &t.report), 0);
}

static const char *said(void)
{
	report_text(&t.report, out_file_open());
	return out_file_close(NULL);
}

/* Where lines end is not for these tests to say: blanks are one. */
static void assert_said(const char *want)
{
	static char flat[262144];
	char *to = flat;

	for (const char *p = said(); *p; p++)
		if (*p != ' ' && *p != '\n')
			*to++ = *p;
		else if (to > flat && to[-1] != ' ')
			*to++ = ' ';
	*to = '\0';
	if (!strstr(flat, want))
		fail_msg("'%s' is not in:\n%s", want, said());
}

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

static void sent(
	enum incident_kind kind, const char *name, int days_ago, int64_t n)
{
	struct ledger_sent row = sent_number(
		kind, str_from(name), NOW - days_ago * (int64_t)DAY, true, n);

	assert_int_equal(sent_put(t.ledger, &row, 1), 0);
}

static void assert_rate(
	const struct report_rate *rate, int64_t mails, int64_t hard)
{
	assert_int_equal(rate->sent, mails);
	assert_int_equal(rate->hard, hard);
}

/* A bounce counts for the day of its mail, if that is known. */
static void rates_known_days(void **state)
{
	(void)state;
	t.stream = "news";
	put(10, REASON_USER_UNKNOWN, 1, "example.org", "google");
	put(5, REASON_USER_UNKNOWN, 3, "example.org", "google");
	put(9, REASON_MAILBOX_FULL, 1, "example.org", "google");
	t.stream = "alerts";
	put(2, REASON_USER_UNKNOWN, 1, "example.org", NULL);
	load(7);
	assert_int_equal(report_rate_load(t.db, &t.arena, &t.report), 0);
	assert_rate(&t.report.rate, 0, 0);
	sent(INCIDENT_ALL, "", 1, 1000);
	sent(INCIDENT_ALL, "", 9, 77);
	sent(INCIDENT_STREAM, "news", 1, 400);
	sent(INCIDENT_PROVIDER, "google", 2, 300);
	t.lag = 2; /* of a mail from a day that is not known */
	put(4, REASON_USER_UNKNOWN, 1, "example.org", "google");
	t.lag = 8; /* and from before the week */
	put(4, REASON_USER_UNKNOWN, 1, "example.org", "google");
	load(7);
	assert_int_equal(report_rate_load(t.db, &t.arena, &t.report), 0);
	assert_rate(&t.report.rate, 1300, 12);
	for (int i = 0; i < 7; i++)
		assert_int_equal(t.report.sent_known[i], i == 5 || i == 4);
	assert_int_equal(t.report.rate_undated, 9);
	assert_said(
		"mails of these days and their bounces (9) are in no rate.");
	assert_int_equal(t.report.sent_by_stream, 400);
	assert_int_equal(t.report.sent_by_provider, 300);
	/* each name by the days of its own */
	assert_true(str_eq(t.report.streams.rows[0].name, str_from("news")));
	assert_rate(&t.report.streams.rows[0].rate, 400, 10);
	assert_rate(&t.report.streams.rows[1].rate, 0, 0);
	assert_rate(&t.report.providers.rows[0].rate, 300, 0);
}

static void load_rate(int days)
{
	load(days);
	t.report.rate_warn = 2;
	t.report.rate_bad = 5;
	assert_int_equal(report_rate_load(t.db, &t.arena, &t.report), 0);
}

/* Only of some streams it is told how much they sent: the bounces of the others
 * are no part of the rate, until a number of all is told. Seen to fail. */
static void rates_what_was_told(void **state)
{
	(void)state;
	t.stream = "news";
	put(10, REASON_USER_UNKNOWN, 1, "example.org", "google");
	t.stream = NULL;
	put(1, REASON_USER_UNKNOWN, 1, "example.org", NULL);
	sent(INCIDENT_STREAM, "news", 1, 1000);
	load_rate(7);
	assert_rate(&t.report.rate, 1000, 11);
	t.stream = "alerts";
	put(4, REASON_USER_UNKNOWN, 1, "example.org", "google");
	t.stream = "News"; /* is another one */
	put(2, REASON_USER_UNKNOWN, 1, "example.org", "google");
	load_rate(7);
	assert_rate(&t.report.rate, 1000, 11);
	assert_int_equal(t.report.rate_untold, 6);
	assert_said("[good] Bounce rate 1.1 %: 11 hard bounces of 1,000 mails "
		    "sent.");
	assert_said(
		"6 more hard bounces are of streams of which nobody told how "
		"much was sent, such as '");
	assert_said("' (told was 'news').");
	sent(INCIDENT_ALL, "", 1, 2000);
	load_rate(7);
	assert_rate(&t.report.rate, 2000, 17);
	assert_int_equal(t.report.rate_untold, 0);
}

/* A newsletter of one day a week, and a bounce of which nobody knows to which
 * mail: no reproach for the other days. Seen to fail. */
static void rates_a_weekly_newsletter(void **state)
{
	(void)state;
	t.stream = "news";
	put(20, REASON_USER_UNKNOWN, 1, "example.org", "google");
	put(2, REASON_USER_UNKNOWN, 3, "example.org", "google");
	sent(INCIDENT_STREAM, "news", 1, 2500);
	sent(INCIDENT_STREAM, "alerts", 3, 10);
	load_rate(7);
	assert_rate(&t.report.rate, 2510, 22);
	assert_int_equal(t.report.rate_untold, 0);
	put(2, REASON_USER_UNKNOWN, 4, "example.org", "google");
	load_rate(7);
	assert_said("[good] Bounce rate 0.88 %: 22 hard bounces of 2,510 mails "
		    "sent. That is of 2 of the 7 days. ");
	if (strstr(said(), "nobody told"))
		fail_msg("%s", said());
}

/* All days and all streams. Seen to fail: only the first of each. */
static void rates_every_stream_that_was_told(void **state)
{
	static const char *const streams[] = {"a", "b", "c"};

	(void)state;
	for (int day = 1; day <= 3; day++)
		for (int i = 0; i < 3; i++) {
			t.stream = streams[i];
			put(1 << i, REASON_USER_UNKNOWN, day, "example.org",
				"google");
			sent(INCIDENT_STREAM, streams[i], day, 100);
		}
	load_rate(7);
	assert_rate(&t.report.rate, 900, 21);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(t.report.streams.rows[i].rate.sent, 300);
}

/* Of one provider it was told, and of the others not. */
static void rates_a_provider_that_was_told(void **state)
{
	(void)state;
	put(19, REASON_USER_UNKNOWN, 1, "example.org", "google");
	put(12, REASON_USER_UNKNOWN, 1, "example.org", "microsoft");
	put(6, REASON_USER_UNKNOWN, 1, "example.org", NULL);
	sent(INCIDENT_PROVIDER, "google", 1, 2000);
	load_rate(7);
	assert_rate(&t.report.rate, 2000, 19);
	assert_int_equal(t.report.rate_untold, 18);
	/* with the others it would not be good */
	sent(INCIDENT_PROVIDER, "google", 1, 1000);
	load_rate(7);
	assert_said("[look] Bounce rate 1.9 %");
	assert_said(
		"18 more hard bounces are of providers of which nobody told "
		"how much was sent, such as 'microsoft' (told was "
		"'google').");
}

/* Without a stream: with the streams that bounced most, if these tell. */
static void rates_what_has_no_stream(void **state)
{
	(void)state;
	put(59, REASON_USER_UNKNOWN, 1, "example.org", "google");
	t.stream = "zeta";
	put(1, REASON_USER_UNKNOWN, 1, "example.org", "google");
	sent(INCIDENT_STREAM, "news", 1, 1000);
	load_rate(7);
	assert_rate(&t.report.rate, 1000, 59);
	assert_int_equal(t.report.rate_untold, 1);
	assert_said("[alarm] Bounce rate 5.9 %");
	put(60, REASON_USER_UNKNOWN, 1, "example.org", "google");
	load_rate(7);
	assert_rate(&t.report.rate, 1000, 0);
	assert_int_equal(t.report.rate_untold, 120);
	assert_said("Bounce rate unknown: 120 of 120 hard bounces");
}

/* One bounce of a stranger makes nothing unknown; nor does a mail that is dated
 * after its bounce fall out. */
static void rates_in_spite_of_a_few(void **state)
{
	(void)state;
	t.stream = "zeta";
	put(1, REASON_USER_UNKNOWN, 1, "example.org", "google");
	sent(INCIDENT_STREAM, "news", 1, 100000);
	load_rate(7);
	assert_said(
		"[good] Bounce rate 0.0 %: 0 hard bounces of 100,000 mails");
	assert_said("1 more hard bounce is of streams of which nobody told");
	t.stream = "news";
	t.lag = -900;
	put(3, REASON_USER_UNKNOWN, 1, "example.org", "google");
	load_rate(7);
	assert_rate(&t.report.rate, 100000, 3);
}

/* Most bounces are of a day of which nobody told. */
static void rates_a_part_of_the_days_as_good_no_more(void **state)
{
	(void)state;
	put(5, REASON_USER_UNKNOWN, 1, "example.org", "google");
	sent(INCIDENT_ALL, "", 1, 1000);
	put(5, REASON_USER_UNKNOWN, 3, "example.org", "google");
	load_rate(7);
	assert_said("[good] Bounce rate 0.50 %");
	put(195, REASON_USER_UNKNOWN, 3, "example.org", "google");
	load_rate(7);
	if (strstr(said(), "[good] Bounce rate"))
		fail_msg("%s", said());
	assert_said("Bounce rate 0.50 %: 5 hard bounces of 1,000");
	assert_said("and their bounces (200) are in no rate.");
}

/* The log of one stream: what others sent to a provider is in neither its mails
 * nor its bounces. Seen to fail. */
static void rates_providers_of_what_was_told(void **state)
{
	const struct ledger_sent row = {.at = NOW - DAY,
		.domain = STR("gmail.com"),
		.provider = STR("google"),
		.stream = STR("news"),
		.n = 500,
		.how = LEDGER_SENT_LOG};

	(void)state;
	t.stream = "news";
	put(10, REASON_USER_UNKNOWN, 1, "gmail.com", "google");
	t.stream = "alerts";
	put(6, REASON_USER_UNKNOWN, 1, "gmail.com", "google");
	assert_int_equal(sent_put(t.ledger, &row, 1), 0);
	load_rate(7);
	assert_rate(&t.report.rate, 500, 10);
	assert_int_equal(t.report.rate_untold, 6);
	assert_rate(&t.report.providers.rows[0].rate, 500, 10);
	assert_rate(&t.report.streams.rows[0].rate, 500, 10);
	assert_rate(&t.report.streams.rows[1].rate, 0, 0);
}

/* Nobody told of the streams that bounced: other names of theirs, say. */
static void rates_nothing_of_strangers(void **state)
{
	(void)state;
	t.stream = "news.example.com";
	put(48, REASON_USER_UNKNOWN, 1, "example.org", "google");
	sent(INCIDENT_STREAM, "Newsletter", 1, 1200);
	load_rate(7);
	assert_said("Bounce rate unknown: 48 of 48 hard bounces are of "
		    "streams of which nobody told how much was sent, such as "
		    "'news.example.com' (told was 'Newsletter').");
	assert_said("- Tell how much was sent under the names that the bounces "
		    "have: of the stream 'news.example.com' nothing is known. "
		    "If it is told under another name (there is 'Newsletter'), "
		    "write that of the bounces into the column stream");
}

/* A mailing before midnight of the last day bounces in the next week. */
static void rates_what_crosses_the_end(void **state)
{
	(void)state;
	sent(INCIDENT_ALL, "", 8, 1200);
	sent(INCIDENT_ALL, "", 3, 1000);
	t.lag = 2;
	put(72, REASON_USER_UNKNOWN, 6, "example.org", "google");
	t.lag = 1;
	put(3, REASON_USER_UNKNOWN, 2, "example.org", "google");
	load_rate(7);
	assert_rate(&t.report.rate, 1000, 3);
	assert_int_equal(t.report.rate_earlier, 72);
	assert_int_equal(t.report.rate_late, 72);
	assert_rate(&t.report.rate_before, 1200, 72);
	assert_said("[good] Bounce rate 0.30 %");
	assert_said("[alarm] The rate of the week before has come to 6.0 % by "
		    "now: 72 hard bounces of 1,200 mails, 72 of them since.");
	assert_said(
		"!! Of all mails sent in the week before, 6.0 % bounced hard");
	t.report = (struct report){.from = TO - 14 * (int64_t)DAY,
		.to = TO - 7 * (int64_t)DAY,
		.now = NOW,
		.rate_warn = 2,
		.rate_bad = 5};
	assert_int_equal(report_numbers_load(t.db, &t.arena, &t.report), 0);
	assert_int_equal(report_rate_load(t.db, &t.arena, &t.report), 0);
	assert_rate(&t.report.rate, 1200, 72);
	assert_int_equal(t.report.rate_earlier, 0);
	assert_said("Nothing came in this time");
	assert_said(
		"[alarm] Bounce rate 6.0 %: 72 hard bounces of 1,200 mails");
}

/* Seen to fail. */
static void tells_of_a_broken_import(void **state)
{
	struct ledger_sent row =
		sent_number(INCIDENT_ALL, STR_NULL, NOW - DAY, true, 1000);

	(void)state;
	put(1, REASON_USER_UNKNOWN, 1, "example.org", "google");
	sent(INCIDENT_ALL, "", 2, 1000);
	assert_int_equal(ledger_tell(t.ledger, &row, 1), 0);
	load_rate(7);
	assert_said(
		"An 'import sent' that told of 1 of these days did not come "
		"to its end: repeat it.");
	assert_said("[good] Bounce rate 0.0 %: 0 hard bounces of 1,000");
}

/* Nothing is good of which nearly all is unverified. */
static void rates_nothing_unverified_as_good(void **state)
{
	(void)state;
	put(1, REASON_USER_UNKNOWN, 1, "example.org", "google");
	sent(INCIDENT_ALL, "", 1, 1000);
	load_rate(7);
	assert_said("[good] Bounce rate 0.10 %");
	t.report.moves.unverified = 18;
	assert_said("[good] Bounce rate 0.10 %");
	t.report.moves.unverified = 19;
	if (strstr(said(), "[good] Bounce rate"))
		fail_msg("%s", said());
	assert_said("Bounce rate 0.10 %");
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
		TEST(rates_known_days),
		TEST(rates_what_was_told),
		TEST(rates_a_weekly_newsletter),
		TEST(rates_every_stream_that_was_told),
		TEST(rates_a_provider_that_was_told),
		TEST(rates_what_has_no_stream),
		TEST(rates_in_spite_of_a_few),
		TEST(rates_a_part_of_the_days_as_good_no_more),
		TEST(rates_providers_of_what_was_told),
		TEST(rates_nothing_of_strangers),
		TEST(rates_what_crosses_the_end),
		TEST(rates_nothing_unverified_as_good),
		TEST(tells_of_a_broken_import),
		TEST(names_have_a_course),
		TEST(tells_classes_apart),
		TEST(adds_up_what_was_not_understood),
		TEST(says_what_is_wrong),
		TEST(keeps_to_its_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
