/* store/ledger_sent.c and ledger_settle.c: what counts, of what was told. */
#include "test.h"

#include "ledger_import.h"
#include "query_report.h"
#include "sent_rows.h"
#include "store_house.h"

#define TODAY (NOW - NOW % DAY)
#define HOUR  INT64_C(3600)

static int set_up(void **state)
{
	static struct house h;

	house_open(&h);
	*state = &h;
	return 0;
}

static int tear_down(void **state)
{
	house_close(*state);
	return 0;
}

/* --- what counts ---------------------------------------------------------- */

static char counted[256];

static int tell(void *arg, const struct query_sent_day *d)
{
	size_t at = strlen(counted);

	(void)arg;
	(void)snprintf(counted + at, sizeof(counted) - at, "%.*s=%lld ",
		STR_ARG(d->name), (long long)d->n);
	return 0;
}

/* The name and number of each row, in one line. */
static const char *between(struct house *h, int kind, int64_t from, int64_t to)
{
	counted[0] = '\0';
	assert_int_equal(query_sent_days(h->db, kind, from, to, tell, NULL), 0);
	return counted;
}

static void today(
	struct house *h, enum incident_kind kind, const char *expected)
{
	assert_string_equal(between(h, kind, TODAY, TODAY + DAY), expected);
}

/* --- telling -------------------------------------------------------------- */

struct names {
	const char *domain, *provider, *stream;
};

static void put(struct house *h, struct names names, int64_t at, int64_t n,
	enum ledger_sent_how how, bool whole_day)
{
	const struct ledger_sent row = {.at = at,
		.whole_day = whole_day,
		.domain = str_from(names.domain ? names.domain : ""),
		.provider = str_from(names.provider ? names.provider : ""),
		.stream = str_from(names.stream ? names.stream : ""),
		.n = n,
		.how = how};

	assert_int_equal(sent_put(h->ledger, &row, 1), 0);
}

static void day(struct house *h, struct names names, int64_t n)
{
	put(h, names, TODAY + 40000, n, LEDGER_SENT_NUMBER, true);
}

static void hour(struct house *h, struct names names, int at, int64_t n)
{
	put(h, names, TODAY + at * HOUR + 59, n, LEDGER_SENT_NUMBER, false);
}

static void mails(struct house *h, struct names names, int at, int64_t n)
{
	put(h, names, TODAY + at * HOUR, n, LEDGER_SENT_LOG, false);
}

/* --- one bucket ----------------------------------------------------------- */

static void hours_add_up(void **state)
{
	struct house *h = *state;

	hour(h, (struct names){.provider = "google"}, 1, 100);
	hour(h, (struct names){.provider = "google"}, 2, 50);
	day(h, (struct names){.provider = "yahoo"}, 7);
	today(h, INCIDENT_PROVIDER, "google=150 yahoo=7 ");
	assert_string_equal(between(h, INCIDENT_PROVIDER, TODAY + 2 * HOUR,
				    TODAY + 3 * HOUR),
		"google=50 ");
	assert_string_equal(
		between(h, INCIDENT_PROVIDER, TODAY, TODAY + HOUR), "yahoo=7 ");
	today(h, INCIDENT_DOMAIN, "");
	today(h, INCIDENT_STREAM, "");
	today(h, INCIDENT_ALL, "=157 ");
}

static void a_number_replaces(void **state)
{
	struct house *h = *state;

	hour(h, (struct names){0}, 1, 100);
	hour(h, (struct names){0}, 1, 100);
	today(h, INCIDENT_ALL, "=100 ");
	hour(h, (struct names){0}, 1, 30);
	today(h, INCIDENT_ALL, "=30 ");
	today(h, INCIDENT_STREAM, "");
	/* none is another thing than not known */
	hour(h, (struct names){0}, 1, 0);
	today(h, INCIDENT_ALL, "=0 ");
}

static void mails_of_a_log_are_more(void **state)
{
	struct house *h = *state;

	mails(h, (struct names){.stream = "news"}, 6, 60);
	mails(h, (struct names){.stream = "news"}, 6, 60);
	today(h, INCIDENT_STREAM, "news=120 ");
	put(h, (struct names){.stream = "news"}, TODAY + 6 * HOUR, 100,
		LEDGER_SENT_OLD, false);
	today(h, INCIDENT_STREAM, "news=120 ");
	put(h, (struct names){.stream = "news"}, TODAY + 6 * HOUR, 130,
		LEDGER_SENT_OLD, false);
	today(h, INCIDENT_STREAM, "news=130 ");
	put(h, (struct names){.stream = "news"}, TODAY + 6 * HOUR, 20,
		LEDGER_SENT_BARE, false);
	today(h, INCIDENT_STREAM, "news=150 ");
}

/* An hour's number and the log of it, a day's and its hours: the same mails. */
static void the_same_mails_count_once(void **state)
{
	struct house *h = *state;

	hour(h, (struct names){.stream = "news"}, 9, 400);
	mails(h, (struct names){.stream = "news"}, 9, 300);
	hour(h, (struct names){.stream = "news"}, 23, 500);
	today(h, INCIDENT_STREAM, "news=900 ");
	day(h, (struct names){.stream = "news"}, 1000);
	today(h, INCIDENT_STREAM, "news=1000 ");
	mails(h, (struct names){.stream = "news"}, 9, 500);
	today(h, INCIDENT_STREAM, "news=1300 ");
	put(h, (struct names){.stream = "news"}, TODAY + DAY, 7,
		LEDGER_SENT_NUMBER, true);
	today(h, INCIDENT_STREAM, "news=1300 ");
	assert_string_equal(between(h, INCIDENT_STREAM, TODAY + 9 * HOUR,
				    TODAY + 10 * HOUR),
		"news=800 ");
	/* the guard wants to know that of some only the day is known */
	assert_int_equal(number(h->db, "SELECT sum(by_day) FROM sent_days"), 7);
}

/* --- parts ---------------------------------------------------------------- */

static void a_stream_is_a_part(void **state)
{
	struct house *h = *state;

	day(h, (struct names){.stream = "news"}, 600);
	day(h, (struct names){.stream = "offers"}, 400);
	today(h, INCIDENT_ALL, "=1000 ");
	day(h, (struct names){0}, 1200);
	day(h, (struct names){.stream = "news"}, 500);
	today(h, INCIDENT_ALL, "=1200 ");
	today(h, INCIDENT_STREAM, "news=500 offers=400 ");
	day(h, (struct names){0}, 800);
	today(h, INCIDENT_ALL, "=900 ");
}

static void one_stream_by_log_another_by_numbers(void **state)
{
	struct house *h = *state;

	mails(h, (struct names){"a.example", "", "news"}, 6, 300);
	mails(h, (struct names){"gmail.com", "google", "news"}, 7, 400);
	day(h, (struct names){.stream = "offers", .provider = "google"}, 500);
	today(h, INCIDENT_STREAM, "news=700 offers=500 ");
	today(h, INCIDENT_PROVIDER, "google=900 ");
	today(h, INCIDENT_DOMAIN, "a.example=300 gmail.com=400 ");
	today(h, INCIDENT_ALL, "=1200 ");
	assert_string_equal(
		between(h, INCIDENT_ALL, TODAY + 6 * HOUR, TODAY + 8 * HOUR),
		"=700 ");
}

/* A file for each stream, by provider: neither takes the other's away. */
static void a_provider_has_many_streams(void **state)
{
	struct house *h = *state;

	day(h, (struct names){.provider = "google", .stream = "news"}, 100);
	day(h, (struct names){.provider = "google", .stream = "offers"}, 200);
	today(h, INCIDENT_PROVIDER, "google=300 ");
	day(h, (struct names){.provider = "google"}, 250);
	today(h, INCIDENT_PROVIDER, "google=300 ");
	day(h, (struct names){.provider = "google"}, 350);
	today(h, INCIDENT_PROVIDER, "google=350 ");
	today(h, INCIDENT_ALL, "=350 ");
}

/* A stream as a whole, and by provider: the same mails. */
static void a_stream_has_many_providers(void **state)
{
	struct house *h = *state;

	day(h, (struct names){.stream = "news"}, 600);
	day(h, (struct names){.provider = "google", .stream = "news"}, 300);
	day(h, (struct names){.provider = "yahoo", .stream = "news"}, 200);
	today(h, INCIDENT_STREAM, "news=600 ");
	today(h, INCIDENT_ALL, "=600 ");
	/* of all streams: then there are more than those of news */
	day(h, (struct names){.provider = "google"}, 500);
	today(h, INCIDENT_PROVIDER, "google=500 yahoo=200 ");
	today(h, INCIDENT_ALL, "=700 ");
}

static void a_domain_is_a_part_of_its_provider(void **state)
{
	struct house *h = *state;

	day(h, (struct names){.domain = "gmail.com", .provider = "google"}, 50);
	day(h, (struct names){.domain = "a.example"}, 5);
	day(h, (struct names){.domain = "googlemail.com", .provider = "google"},
		7);
	today(h, INCIDENT_PROVIDER, "google=57 ");
	today(h, INCIDENT_ALL, "=62 ");
	day(h, (struct names){.provider = "google"}, 40);
	today(h, INCIDENT_PROVIDER, "google=57 ");
	day(h, (struct names){.provider = "google"}, 70);
	today(h, INCIDENT_PROVIDER, "google=70 ");
	today(h, INCIDENT_ALL, "=75 ");
}

/* What the empty field of a row says, beside rows that have a name in it. */
static void the_rest_counts(void **state)
{
	struct house *h = *state;

	day(h, (struct names){.stream = "news"}, 600);
	day(h, (struct names){.stream = LEDGER_SENT_REST}, 30);
	today(h, INCIDENT_STREAM, "news=600 ");
	today(h, INCIDENT_ALL, "=630 ");
	day(h, (struct names){.provider = "google"}, 700);
	day(h, (struct names){.provider = LEDGER_SENT_REST}, 40);
	today(h, INCIDENT_PROVIDER, "google=700 ");
	today(h, INCIDENT_ALL, "=740 ");
}

/* ... also of domains; and a domain without a provider is one of that rest. */
static void the_rest_counts_once(void **state)
{
	struct house *h = *state;

	day(h, (struct names){.domain = "a.example"}, 30);
	day(h, (struct names){.domain = LEDGER_SENT_REST}, 5);
	day(h, (struct names){LEDGER_SENT_REST, "google", ""}, 7);
	day(h, (struct names){"gmail.com", "google", ""}, 100);
	today(h, INCIDENT_DOMAIN, "a.example=30 gmail.com=100 ");
	today(h, INCIDENT_PROVIDER, "google=107 ");
	today(h, INCIDENT_ALL, "=142 ");
	day(h, (struct names){.provider = "google"}, 100);
	day(h, (struct names){.provider = LEDGER_SENT_REST}, 34);
	today(h, INCIDENT_ALL, "=142 ");
	day(h, (struct names){.provider = LEDGER_SENT_REST}, 40);
	today(h, INCIDENT_ALL, "=147 ");
}

/* One domain by its number, without a stream, others by their log, with one. */
static void domains_are_parts_of_all(void **state)
{
	struct house *h = *state;

	day(h, (struct names){.domain = "a.example"}, 134);
	mails(h, (struct names){"b.example", "", "news"}, 6, 400);
	mails(h, (struct names){"gmail.com", "google", "news"}, 6, 600);
	today(h, INCIDENT_ALL, "=1134 ");
	day(h, (struct names){"googlemail.com", "google", ""}, 50);
	today(h, INCIDENT_PROVIDER, "google=650 ");
	today(h, INCIDENT_ALL, "=1184 ");
}

/* A domain with two providers is somebody's mistake: it counts once. */
static void a_domain_with_two_providers_counts_once(void **state)
{
	struct house *h = *state;

	day(h, (struct names){"a.example", "google", ""}, 100);
	day(h, (struct names){"a.example", "yahoo", ""}, 50);
	today(h, INCIDENT_DOMAIN, "a.example=150 ");
	today(h, INCIDENT_PROVIDER, "google=100 yahoo=50 ");
	today(h, INCIDENT_ALL, "=150 ");
}

/* Logs tell of mails one by one, with a stream or without: none counts twice,
 * so they add up where numbers would not. */
static void logs_add_up(void **state)
{
	struct house *h = *state;

	mails(h, (struct names){"gmail.com", "google", ""}, 6, 700);
	mails(h, (struct names){"gmail.com", "google", "news"}, 6, 300);
	mails(h, (struct names){"a.example", "", "news"}, 7, 200);
	today(h, INCIDENT_STREAM, "news=500 ");
	today(h, INCIDENT_PROVIDER, "google=1000 ");
	today(h, INCIDENT_DOMAIN, "a.example=200 gmail.com=1000 ");
	today(h, INCIDENT_ALL, "=1200 ");
	day(h, (struct names){.stream = "news"}, 900);
	today(h, INCIDENT_ALL, "=1200 ");
}

/* What version 5 told of each name by itself, and the log goes on. */
static void goes_on_behind_version_5(void **state)
{
	struct house *h = *state;

	mails(h, (struct names){0}, 6, 500);
	mails(h, (struct names){.provider = "google"}, 6, 300);
	mails(h, (struct names){.stream = "news"}, 6, 500);
	mails(h, (struct names){"gmail.com", "?", ""}, 6, 300);
	mails(h, (struct names){"a.example", "?", ""}, 6, 200);
	today(h, INCIDENT_ALL, "=500 ");
	mails(h, (struct names){"gmail.com", "google", "news"}, 6, 100);
	mails(h, (struct names){"a.example", "", "news"}, 7, 50);
	mails(h, (struct names){"b.example", "", "offers"}, 7, 7);
	today(h, INCIDENT_DOMAIN, "a.example=250 b.example=7 gmail.com=400 ");
	today(h, INCIDENT_PROVIDER, "google=400 ");
	today(h, INCIDENT_STREAM, "news=650 offers=7 ");
	today(h, INCIDENT_ALL, "=657 ");
	/* and where no name was told at all */
	put(h, (struct names){0}, TODAY - HOUR, 500, LEDGER_SENT_LOG, false);
	put(h, (struct names){.domain = "b.example"}, TODAY - HOUR, 70,
		LEDGER_SENT_LOG, false);
	assert_string_equal(
		between(h, INCIDENT_ALL, TODAY - DAY, TODAY), "=570 ");
}

/* More providers than are held: the last have no name, but count. */
static void has_an_end_of_providers(void **state)
{
	static struct ledger_sent v[10100];
	static char names[10100][8];
	struct house *h = *state;

	for (int i = 0; i < 10100; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "p%05d", i);
		v[i] = sent_number(
			INCIDENT_PROVIDER, str_from(names[i]), TODAY, true, 1);
	}
	assert_int_equal(sent_put(h->ledger, v, 10100), 0);
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM sent WHERE kind = 1"),
		10000);
	today(h, INCIDENT_ALL, "=10100 ");
}

/* Names that differ in the case of a letter, and those of other columns. */
static void names_are_told_apart(void **state)
{
	struct house *h = *state;

	day(h, (struct names){.stream = "News"}, 1);
	day(h, (struct names){.stream = "news"}, 2);
	day(h, (struct names){.provider = "news"}, 4);
	day(h, (struct names){.domain = "news"}, 8);
	today(h, INCIDENT_STREAM, "News=1 news=2 ");
	today(h, INCIDENT_PROVIDER, "news=4 ");
	today(h, INCIDENT_DOMAIN, "news=8 ");
	today(h, INCIDENT_ALL, "=12 ");
}

/* --- the log -------------------------------------------------------------- */

static size_t log_mail(struct house *h, const char *id, const char *address,
	const char *stream, enum ledger_sent_how how)
{
	const struct ledger_sendlog e = {
		.sent = {.at = TODAY + 5 * HOUR,
			 .domain = STR("example.org"),
			 .stream = str_from(stream),
			 .n = 1,
			 .how = how},
		.message_id = str_from(id),
		.address_key = str_from(address),
	};
	size_t news;

	assert_int_equal(ledger_sendlog_put(h->ledger, &e, 1, &news), 0);
	assert_int_equal(ledger_settle(h->ledger), 0);
	return news;
}

static void a_mail_counts_once(void **state)
{
	const char *a = "a@example.org";
	struct house *h = *state;

	assert_int_equal(log_mail(h, "<1@x>", a, "news", LEDGER_SENT_LOG), 1);
	assert_int_equal(log_mail(h, "1@x", a, "news", LEDGER_SENT_LOG), 0);
	assert_int_equal(log_mail(h, "<2@x>", a, "news", LEDGER_SENT_LOG), 1);
	today(h, INCIDENT_ALL, "=2 ");
}

/* By its second, address and stream; beside those with one it is another mail,
 * in a log of which none has one it may be the same. */
static void a_mail_without_an_id_counts_once(void **state)
{
	const char *a = "a@example.org", *b = "b@example.org";
	struct house *h = *state;

	assert_int_equal(log_mail(h, "", a, "news", LEDGER_SENT_LOG), 1);
	assert_int_equal(log_mail(h, "", a, "news", LEDGER_SENT_LOG), 0);
	assert_int_equal(log_mail(h, "", b, "news", LEDGER_SENT_LOG), 1);
	assert_int_equal(log_mail(h, "", b, "offers", LEDGER_SENT_LOG), 1);
	today(h, INCIDENT_ALL, "=3 ");
	assert_int_equal(log_mail(h, "<1@x>", b, "offers", LEDGER_SENT_LOG), 1);
	today(h, INCIDENT_ALL, "=4 ");
	assert_int_equal(log_mail(h, "", a, "news", LEDGER_SENT_BARE), 1);
	today(h, INCIDENT_ALL, "=4 ");
	assert_int_equal(log_mail(h, "", b, "news", LEDGER_SENT_BARE), 1);
	assert_int_equal(
		log_mail(h, "", "c@example.org", "news", LEDGER_SENT_BARE), 1);
	today(h, INCIDENT_STREAM, "news=3 offers=2 ");
}

/* --- settling and forgetting ---------------------------------------------- */

/* Whose they are nobody told: of companies; and of those of which only the
 * stream was told not even to what domain they go. */
static void knows_what_nobody_claims(void **state)
{
	struct house *h = *state;

	mails(h, (struct names){"gmail.com", "google", "news"}, 6, 700);
	today(h, LEDGER_SENT_UNCLAIMED, "");
	mails(h, (struct names){"a.example", "", "news"}, 7, 200);
	mails(h, (struct names){"b.example", "", ""}, 7, 50);
	today(h, LEDGER_SENT_UNCLAIMED, "provider=250 ");
	hour(h, (struct names){.stream = "news"}, 6, 900);
	today(h, LEDGER_SENT_UNCLAIMED, "domain=200 provider=450 ");
	/* another mailing, told by its number */
	hour(h, (struct names){.stream = "offers"}, 7, 5000);
	today(h, LEDGER_SENT_UNCLAIMED, "domain=5150 provider=5400 ");
	today(h, INCIDENT_PROVIDER, "google=700 ");
	/* of these it was told: nobody takes them */
	mails(h, (struct names){"b.example", LEDGER_SENT_REST, "own"}, 7, 30);
	mails(h, (struct names){"c.example", LEDGER_SENT_REST, "own"}, 7, 20);
	today(h, LEDGER_SENT_UNCLAIMED, "domain=5150 provider=5400 ");
	today(h, INCIDENT_ALL, "=6150 ");
	today(h, INCIDENT_DOMAIN,
		"a.example=200 b.example=80 c.example=20 gmail.com=700 ");
}

static void what_no_provider_takes_is_claimed(void **state)
{
	struct house *h = *state;

	day(h, (struct names){.provider = "google"}, 700);
	day(h, (struct names){.provider = LEDGER_SENT_REST}, 260);
	today(h, LEDGER_SENT_UNCLAIMED, "domain=960 ");
	/* a part of them, by another log that does not say so */
	mails(h, (struct names){"a.example", "", ""}, 7, 60);
	today(h, LEDGER_SENT_UNCLAIMED, "domain=900 ");
	/* the same, by stream */
	day(h, (struct names){.provider = LEDGER_SENT_REST, .stream = "news"},
		260);
	today(h, LEDGER_SENT_UNCLAIMED, "domain=900 ");
	day(h, (struct names){.stream = "news"}, 1200);
	today(h, LEDGER_SENT_UNCLAIMED, "domain=1140 provider=240 ");
}

/* All by the hour, what a provider takes by the day. */
static void what_nobody_claims_is_of_the_day(void **state)
{
	struct house *h = *state;

	hour(h, (struct names){.stream = "news"}, 6, 600);
	hour(h, (struct names){.stream = "news"}, 7, 300);
	day(h, (struct names){.provider = "google"}, 200);
	today(h, LEDGER_SENT_UNCLAIMED, "domain=900 provider=700 ");
	assert_int_equal(number(h->db, "SELECT n FROM sent WHERE kind = 0 AND"
				       " name = 'provider' AND hour % 24 = 7"),
		233);
}

/* That none of the providers takes them is told in two ways of the same mails.
 */
static void nobody_takes_them_once(void **state)
{
	struct house *h = *state;

	day(h, (struct names){.provider = LEDGER_SENT_REST}, 1000);
	day(h, (struct names){NULL, LEDGER_SENT_REST, "news"}, 600);
	day(h, (struct names){NULL, LEDGER_SENT_REST, "shop"}, 400);
	day(h, (struct names){.provider = "google"}, 50);
	mails(h, (struct names){"company.example", "", "alerts"}, 7, 900);
	/* 1,900 of nobody known, of which 1,000 are nobody's */
	today(h, INCIDENT_ALL, "=1950 ");
	today(h, LEDGER_SENT_UNCLAIMED, "domain=1050 provider=900 ");
}

/* What a killed import told counts when the next one, or the daemon, looks. */
static void settles_what_was_left(void **state)
{
	struct ledger_sent row =
		sent_number(INCIDENT_STREAM, str_from("news"), TODAY, true, 11);
	struct house *h = *state;
	struct ledger_ticked ticked;

	assert_int_equal(ledger_tell(h->ledger, &row, 1), 0);
	row.at -= 3 * DAY;
	assert_int_equal(ledger_tell(h->ledger, &row, 1), 0);
	today(h, INCIDENT_STREAM, "");
	assert_int_equal(ledger_tick(h->ledger, NOW, &ticked), 0);
	assert_string_equal(
		between(h, INCIDENT_STREAM, TODAY - 9 * DAY, NOW), "news=11 ");
	assert_int_equal(ledger_tick(h->ledger, NOW, &ticked), 0);
	assert_string_equal(between(h, INCIDENT_STREAM, TODAY - 9 * DAY, NOW),
		"news=11 news=11 ");
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM sent_days WHERE stale = 1"),
		0);
}

/* A tick on a day of which something was told. */
static void prune(struct house *h, int64_t now)
{
	struct ledger_sent row =
		sent_number(INCIDENT_STREAM, str_from("later"), now, true, 1);
	struct ledger_ticked ticked;

	assert_int_equal(sent_put(h->ledger, &row, 1), 0);
	assert_int_equal(ledger_tick(h->ledger, now, &ticked), 0);
}

/* Of domains less long; a part of the others that is told later still goes
 * with what they came to. */
static void old_days_are_forgotten(void **state)
{
	struct house *h = *state;

	day(h, (struct names){"gmail.com", "google", "news"}, 50);
	day(h, (struct names){"a.example", "", "news"}, 5);
	day(h, (struct names){"b.example", "", "news"}, 6);
	prune(h, TODAY + 75 * DAY);
	today(h, INCIDENT_DOMAIN, "a.example=5 b.example=6 gmail.com=50 ");
	prune(h, TODAY + 76 * DAY);
	today(h, INCIDENT_DOMAIN, "");
	today(h, INCIDENT_PROVIDER, "google=50 ");
	day(h, (struct names){.stream = "offers"}, 9);
	today(h, INCIDENT_PROVIDER, "google=50 ");
	today(h, INCIDENT_STREAM, "news=61 offers=9 ");
	today(h, INCIDENT_ALL, "=70 ");
	/* told anew, as they were: the same; and in parts */
	day(h, (struct names){"gmail.com", "google", "news"}, 50);
	day(h, (struct names){"a.example", "", "news"}, 5);
	prune(h, TODAY + 77 * DAY);
	day(h, (struct names){"b.example", "", "news"}, 6);
	hour(h, (struct names){"c.example", "", "news"}, 5, 10);
	hour(h, (struct names){"c.example", "", "news"}, 6, 20);
	today(h, INCIDENT_ALL, "=100 ");
	prune(h, TODAY + 78 * DAY);
	hour(h, (struct names){"c.example", "", "news"}, 6, 20);
	today(h, INCIDENT_STREAM, "news=91 offers=9 ");
	today(h, INCIDENT_ALL, "=100 ");
	/* a number of the day is another telling than that of its hours */
	day(h, (struct names){"c.example", "", "news"}, 20);
	today(h, INCIDENT_ALL, "=100 ");
	prune(h, TODAY + 400 * DAY);
	today(h, INCIDENT_ALL, "=100 ");
	prune(h, TODAY + 401 * DAY);
	today(h, INCIDENT_ALL, "");
	assert_int_equal(number(h->db, "SELECT min(day) FROM sent_told"),
		NOW / DAY + 75);
	assert_int_equal(number(h->db, "SELECT min(day) FROM sent_days"),
		NOW / DAY + 75);
}

/* A clock that is wrong forgets nothing. */
static void a_wrong_clock_forgets_nothing(void **state)
{
	struct house *h = *state;
	struct ledger_ticked ticked;

	day(h, (struct names){"gmail.com", "google", "news"}, 50);
	assert_int_equal(ledger_tick(h->ledger, NOW + 4000 * DAY, &ticked), 0);
	assert_int_equal(ledger_tick(h->ledger, NOW - 4000 * DAY, &ticked), 0);
	today(h, INCIDENT_DOMAIN, "gmail.com=50 ");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hours_add_up),
		TEST(a_number_replaces),
		TEST(mails_of_a_log_are_more),
		TEST(the_same_mails_count_once),
		TEST(a_stream_is_a_part),
		TEST(one_stream_by_log_another_by_numbers),
		TEST(a_provider_has_many_streams),
		TEST(a_stream_has_many_providers),
		TEST(a_domain_is_a_part_of_its_provider),
		TEST(the_rest_counts),
		TEST(the_rest_counts_once),
		TEST(domains_are_parts_of_all),
		TEST(a_domain_with_two_providers_counts_once),
		TEST(logs_add_up),
		TEST(goes_on_behind_version_5),
		TEST(has_an_end_of_providers),
		TEST(names_are_told_apart),
		TEST(a_mail_counts_once),
		TEST(a_mail_without_an_id_counts_once),
		TEST(knows_what_nobody_claims),
		TEST(what_nobody_claims_is_of_the_day),
		TEST(what_no_provider_takes_is_claimed),
		TEST(nobody_takes_them_once),
		TEST(settles_what_was_left),
		TEST(old_days_are_forgotten),
		TEST(a_wrong_clock_forgets_nothing),
	};

	return cmocka_run_group_tests_name(
		"store-ledger_sent", tests, NULL, NULL);
}
