/* daemon/report/rate.c and words_rate.c: the bounce rate, and what is not in
 * it.
 */
#include "report_house.h"

#include "ledger_incident.h"
#include "sent_rows.h"

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
	/* of which it is not known whether they answer those of the day before
	 */
	assert_rate(&t.report.providers.rows[0].rate, 0, 0);
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

static void logged(const char *domain, const char *provider, int64_t n)
{
	const struct ledger_sent row = {.at = NOW - DAY,
		.domain = str_from(domain),
		.provider = str_from(provider),
		.n = n,
		.how = LEDGER_SENT_LOG};

	assert_int_equal(sent_put(t.ledger, &row, 1), 0);
}

/* A log that tells who takes the mail of a company, and of this one that nobody
 * does: the bounce was answered by somebody else all the same. Seen to fail. */
static void rates_no_provider_of_what_it_does_not_take(void **state)
{
	(void)state;
	put(40, REASON_USER_UNKNOWN, 1, "company.example", "microsoft");
	put(3, REASON_USER_UNKNOWN, 1, "outlook.com", "microsoft");
	logged("outlook.com", "microsoft", 300);
	logged("company.example", LEDGER_SENT_REST, 4000);
	load_rate(7);
	assert_rate(&t.report.providers.rows[0].rate, 300, 3);
	assert_int_equal(t.report.rate_hosted, 40);
}

/* A log that does not say who takes the mail of a company: it is of no
 * provider, and so are its bounces, whoever answered. Seen to fail. */
static void rates_companies_apart_from_their_host(void **state)
{
	(void)state;
	put(40, REASON_USER_UNKNOWN, 1, "company.example", "microsoft");
	put(3, REASON_USER_UNKNOWN, 1, "outlook.com", "microsoft");
	logged("outlook.com", "microsoft", 300);
	logged("company.example", "", 4000);
	load_rate(7);
	assert_rate(&t.report.rate, 4300, 43);
	assert_rate(&t.report.providers.rows[0].rate, 300, 3);
	assert_int_equal(t.report.rate_hosted, 40);
	assert_said("40 hard bounces that a provider answered for a domain of "
		    "others are in the rate of none");
	/* its mails are told of another day only */
	t.lag = 2;
	sent(INCIDENT_ALL, "", 3, 10);
	logged("outlook.com", "microsoft", 1);
	put(5, REASON_USER_UNKNOWN, 1, "company.example", "microsoft");
	load_rate(7);
	assert_rate(&t.report.rate, 4311, 48);
	assert_rate(&t.report.providers.rows[0].rate, 301, 3);
}

static void logged_for(const char *domain, const char *provider,
	const char *stream, int days_ago, int64_t n)
{
	const struct ledger_sent row = {.at = NOW - days_ago * (int64_t)DAY,
		.domain = str_from(domain),
		.provider = str_from(provider),
		.stream = str_from(stream),
		.n = n,
		.how = LEDGER_SENT_LOG};

	assert_int_equal(sent_put(t.ledger, &row, 1), 0);
}

/* One stream is told by its log, the other by a number: whose mails of it went
 * to a provider nobody told. Seen to fail. */
static void rates_providers_by_the_streams_told_with_them(void **state)
{
	(void)state;
	t.stream = "gamma";
	put(70, REASON_USER_UNKNOWN, 1, "gmail.com", "google");
	logged_for("gmail.com", "google", "alpha", 1, 40);
	sent(INCIDENT_STREAM, "gamma", 1, 7000);
	load_rate(7);
	assert_rate(&t.report.rate, 7040, 70);
	assert_rate(&t.report.providers.rows[0].rate, 0, 0);
	t.stream = "alpha";
	put(80, REASON_USER_UNKNOWN, 1, "gmail.com", "google");
	load_rate(7);
	assert_rate(&t.report.providers.rows[0].rate, 40, 80);
	/* without a stream: it may be one of these */
	t.stream = NULL;
	put(3, REASON_USER_UNKNOWN, 1, "gmail.com", "google");
	load_rate(7);
	assert_rate(&t.report.providers.rows[0].rate, 40, 83);
}

/* Of beta only one day was told: the bounces of the others are of mails of
 * which nobody told. Seen to fail. */
static void rates_the_days_of_a_stream(void **state)
{
	(void)state;
	for (int day = 1; day < 7; day++) {
		logged_for("a.example", "", "alpha", day, 1000);
		t.lag = 1;
		t.stream = "alpha";
		put(5, REASON_USER_UNKNOWN, day - 1, "a.example", NULL);
		t.stream = "beta";
		put(50, REASON_USER_UNKNOWN, day - 1, "a.example", NULL);
	}
	logged_for("b.example", "", "beta", 3, 1000);
	load_rate(7);
	assert_rate(&t.report.rate, 7000, 80);
	assert_int_equal(t.report.rate_untold, 250);
	assert_said("Bounce rate unknown: 250 of 330 hard bounces are of "
		    "streams and days of which nobody told how much was sent, "
		    "such as 'beta', told of other days only.");
	assert_said("Tell of each day how much was sent: of the stream 'beta' "
		    "days (of UTC) are missing.");
	/* a number of the day says no more than a log of it */
	sent(INCIDENT_STREAM, "beta", 3, 1001);
	load_rate(7);
	assert_int_equal(t.report.rate_untold, 250);
}

/* Days after a mail that was told, and nobody knows of which it is. */
static void rates_what_bounces_undated(void **state)
{
	(void)state;
	put(25, REASON_USER_UNKNOWN, 1, "firm.example", "google");
	sent(INCIDENT_PROVIDER, "google", 4, 700);
	sent(INCIDENT_PROVIDER, "yahoo", 1, 100);
	load_rate(7);
	assert_rate(&t.report.rate, 800, 25);
	assert_rate(&t.report.providers.rows[0].rate, 0, 0);
	/* google got some on the day of the bounce, too */
	sent(INCIDENT_PROVIDER, "google", 1, 100);
	load_rate(7);
	assert_rate(&t.report.providers.rows[0].rate, 800, 25);
}

/* Whose address is not known is no mail to the domain of which nothing is said,
 * as in numbers by provider or stream. Seen to fail. */
static void rates_what_has_no_address(void **state)
{
	struct verdict v = {.class = CLASS_HARD,
		.reason = REASON_USER_UNKNOWN,
		.provider = str_from("microsoft")};
	struct verdict_list list = {.v = &v, .n = 1, .arrived_at = NOW - DAY};
	struct ledger_entry e = {.verdicts = &list, .digest = "no address"};
	struct ledger_result r;

	(void)state;
	put(1, REASON_USER_UNKNOWN, 1, "gmail.com", "google");
	assert_int_equal(ledger_begin(t.ledger), 0);
	assert_int_equal(ledger_put(t.ledger, &e, NOW, &r), 0);
	assert_int_equal(ledger_commit(t.ledger), 0);
	sent(INCIDENT_PROVIDER, "google", 1, 500);
	sent(INCIDENT_PROVIDER, "yahoo", 1, 500);
	load_rate(7);
	assert_rate(&t.report.rate, 1000, 1);
	assert_int_equal(t.report.rate_untold, 1);
	assert_rate(&t.report.providers.rows[0].rate, 500, 1);
	assert_int_equal(t.report.rate_hosted, 0);
}

/* A database of version 5 told of the providers by themselves, by domain. */
static void rates_what_version_5_told(void **state)
{
	struct ledger_sent row = {.at = NOW - DAY,
		.domain = STR("outlook.com"),
		.provider = STR("?"),
		.n = 300,
		.how = LEDGER_SENT_NUMBER};

	(void)state;
	put(40, REASON_USER_UNKNOWN, 1, "company.example", "microsoft");
	put(3, REASON_USER_UNKNOWN, 1, "outlook.com", "microsoft");
	assert_int_equal(sent_put(t.ledger, &row, 1), 0);
	row.domain = str_from("company.example");
	assert_int_equal(sent_put(t.ledger, &row, 1), 0);
	sent(INCIDENT_PROVIDER, "microsoft", 1, 300);
	sent(INCIDENT_ALL, "", 1, 4300);
	load_rate(7);
	assert_rate(&t.report.rate, 4300, 43);
	assert_rate(&t.report.providers.rows[0].rate, 300, 3);
}

/* What is answered in an incident of who answers, or of the domain. */
static void knows_what_lies_in_incidents(void **state)
{
	struct ledger_incident bad_day = {.kind = INCIDENT_PROVIDER,
		.name = STR("google"),
		.cause = INCIDENT_MARKED,
		.state = INCIDENT_CLOSED,
		.from = NOW - 2 * (int64_t)DAY,
		.to = NOW - DAY / 2};

	(void)state;
	put(30, REASON_USER_UNKNOWN, 1, "gmail.com", "google");
	put(4, REASON_USER_UNKNOWN, 3, "gmail.com", "google");
	put(5, REASON_USER_UNKNOWN, 1, "a.example", "yahoo");
	for (int day = 1; day < 4; day++) {
		logged_for("gmail.com", "google", "", day, 100);
		logged_for("a.example", "", "", day, 100);
	}
	assert_int_equal(ledger_begin(t.ledger), 0);
	assert_int_equal(ledger_incident_add(t.ledger, &bad_day), 0);
	assert_int_equal(ledger_commit(t.ledger), 0);
	load_rate(7);
	assert_rate(&t.report.rate, 600, 39);
	assert_int_equal(t.report.rate.of_incidents, 30);
	assert_int_equal(t.report.providers.rows[0].rate.of_incidents, 30);
	t.report.providers.n = 0; /* nor is it asked who got the mails */
	t.report.rate = (struct report_rate){0};
	assert_int_equal(report_rate_load(t.db, &t.arena, &t.report), 0);
	assert_int_equal(t.report.rate.of_incidents, 30);
	/* what comes late was answered in it, if the mail was sent before */
	bad_day.to = NOW - DAY - DAY / 2;
	assert_int_equal(ledger_begin(t.ledger), 0);
	assert_int_equal(ledger_incident_put(t.ledger, &bad_day), 0);
	assert_int_equal(ledger_commit(t.ledger), 0);
	load_rate(7);
	assert_int_equal(t.report.rate.of_incidents, 30);
	/* the addresses were confirmed to be gone: it holds nothing */
	bad_day.state = INCIDENT_CONFIRMED;
	assert_int_equal(ledger_begin(t.ledger), 0);
	assert_int_equal(ledger_incident_put(t.ledger, &bad_day), 0);
	assert_int_equal(ledger_commit(t.ledger), 0);
	load_rate(7);
	assert_int_equal(t.report.rate.of_incidents, 0);
}

/* Who says of each mail which provider takes it has rates of that. */
static void rates_hosts_that_are_told(void **state)
{
	(void)state;
	put(40, REASON_USER_UNKNOWN, 1, "company.example", "microsoft");
	put(3, REASON_USER_UNKNOWN, 1, "outlook.com", "microsoft");
	put(7, REASON_USER_UNKNOWN, 1, "firm.example", "google");
	logged("outlook.com", "microsoft", 300);
	logged("company.example", "microsoft", 4000);
	logged("firm.example", "", 100);
	load_rate(7);
	assert_rate(&t.report.providers.rows[0].rate, 4300, 43);
	assert_rate(&t.report.providers.rows[1].rate, 0, 0);
	/* by a number, without any domain */
	sent(INCIDENT_PROVIDER, "google", 1, 500);
	load_rate(7);
	assert_rate(&t.report.providers.rows[1].rate, 500, 7);
	assert_int_equal(t.report.rate_hosted, 0);
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

/* Their mails are known by provider, their bounces are of strangers: that is no
 * provider whose mails never bounce. */
static void rates_no_provider_by_strangers(void **state)
{
	const struct ledger_sent row = {.at = NOW - DAY,
		.domain = STR("gmail.com"),
		.provider = STR("google"),
		.stream = STR("Newsletter"),
		.n = 3644,
		.how = LEDGER_SENT_LOG};

	(void)state;
	t.stream = "<news.example.com>";
	put(36, REASON_USER_UNKNOWN, 1, "gmail.com", "google");
	assert_int_equal(sent_put(t.ledger, &row, 1), 0);
	load_rate(7);
	assert_said("Bounce rate unknown: 36 of 36 hard bounces");
	assert_rate(&t.report.providers.rows[0].rate, 0, 0);
	if (strstr(said(), "0.0 %"))
		fail_msg("%s", said());
	/* a few are none, as long as there are others */
	t.stream = "Newsletter";
	put(40, REASON_USER_UNKNOWN, 1, "gmail.com", "google");
	load_rate(7);
	assert_rate(&t.report.providers.rows[0].rate, 3644, 40);
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rates_known_days),
		TEST(rates_what_was_told),
		TEST(rates_a_weekly_newsletter),
		TEST(rates_every_stream_that_was_told),
		TEST(rates_a_provider_that_was_told),
		TEST(rates_what_has_no_stream),
		TEST(rates_in_spite_of_a_few),
		TEST(rates_a_part_of_the_days_as_good_no_more),
		TEST(rates_providers_of_what_was_told),
		TEST(rates_no_provider_of_what_it_does_not_take),
		TEST(rates_companies_apart_from_their_host),
		TEST(rates_hosts_that_are_told),
		TEST(rates_providers_by_the_streams_told_with_them),
		TEST(rates_the_days_of_a_stream),
		TEST(rates_what_bounces_undated),
		TEST(rates_what_has_no_address),
		TEST(rates_what_version_5_told),
		TEST(knows_what_lies_in_incidents),
		TEST(rates_nothing_of_strangers),
		TEST(rates_no_provider_by_strangers),
		TEST(rates_what_crosses_the_end),
		TEST(rates_nothing_unverified_as_good),
		TEST(tells_of_a_broken_import),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
