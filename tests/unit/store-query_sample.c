/* store/query_sample.c: the bounces of a name, address by address. */
#include "test.h"

#include "ledger_import.h"
#include "query_known.h"
#include "query_sample.h"
#include "sent_rows.h"
#include "store_house.h"

#define FROM ((INT64_C(20000) - 6) * DAY)
#define TO   (INT64_C(20001) * DAY)
#define MOST 64

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

static int serial;

/* An event of some kind. */
static void put(struct house *h, const char *address,
	enum verdict_reason reason, const char *provider, const char *stream,
	int64_t at)
{
	struct verdict v = hard(address);

	v.class = reason_class(reason);
	v.reason = reason;
	v.provider = str_from(provider);
	v.stream = str_from(stream);
	(void)house_event(h, v, ++serial, at);
}

struct kept {
	struct query_sampled s[MOST];
	char address[MOST][64], domain[MOST][64], stream[MOST][64];
	size_t n;
};

static void copy(char to[64], struct str s)
{
	(void)snprintf(to, 64, STR_FMT, STR_ARG(s));
}

static int keep(void *arg, const struct query_sampled *s)
{
	struct kept *k = arg;

	assert_true(k->n < MOST);
	k->s[k->n] = *s;
	copy(k->address[k->n], s->address);
	copy(k->domain[k->n], s->domain);
	copy(k->stream[k->n++], s->stream);
	return 0;
}

static struct kept kept;
static struct query_sample_sums sums[4];

static void sample(struct house *h, const struct query_sample_ask *asks,
	size_t n, size_t most)
{
	const struct query_sampling what = {
		.from = FROM, .to = TO, .asks = asks, .n = n, .most = most};

	kept.n = 0;
	assert_int_equal(query_sample(h->db, &what, sums, keep, &kept), 0);
}

static const struct query_sample_ask unknown = {
	.by = QUERY_BY_REASON, .reason = REASON_USER_UNKNOWN};

/* Seen to fail, all three: what answers no mail of ours was sampled, was the
 * history of who was, and was of the domain's week. */
static void leaves_out_what_is_unverified(void **state)
{
	const struct query_sampling what = {.from = FROM,
		.to = TO,
		.required = ORIGIN_MATCHED,
		.asks = &unknown,
		.n = 1,
		.most = 100};
	struct house *h = *state;
	struct verdict ours = hard("a@example.org");
	struct query_known_domain week;

	ours.origin = ORIGIN_MATCHED;
	(void)house_event(h, hard("a@example.org"), ++serial, FROM - DAY);
	(void)house_event(h, ours, ++serial, FROM + 10);
	(void)house_event(h, hard("b@example.org"), ++serial, FROM + 10);
	kept.n = 0;
	assert_int_equal(query_sample(h->db, &what, sums, keep, &kept), 0);
	assert_int_equal(sums[0].bounces, 1);
	assert_int_equal(kept.n, 1);
	assert_string_equal(kept.address[0], "a@example.org");
	assert_int_equal(kept.s[0].known_since, 0);
	assert_int_equal(query_known_domain(h->db, str_from("example.org"),
				 ORIGIN_MATCHED, FROM, TO, &week),
		0);
	assert_int_equal(week.known, 2);
	assert_int_equal(week.bounced, 1);
}

static void finds_by_name(void **state)
{
	const struct query_sample_ask asks[] = {
		{.by = QUERY_BY_REASON,   .reason = REASON_MAILBOX_FULL },
		{.by = QUERY_BY_PROVIDER, .name = STR("yahoo")          },
		{.by = QUERY_BY_DOMAIN,   .name = STR("two.example.org")},
		{.by = QUERY_BY_STREAM,   .name = STR("nothing")        },
	};
	struct house *h = *state;

	put(h, "a@one.example.org", REASON_USER_UNKNOWN, "google", "news",
		FROM + 10);
	put(h, "b@one.example.org", REASON_MAILBOX_FULL, "google", "news",
		FROM + 7300);
	put(h, "c@two.example.org", REASON_USER_UNKNOWN, "yahoo", "shop",
		FROM + 150 * 3600 + 5);
	/* No bounces: a delay, a reply. Before, and after. */
	put(h, "d@two.example.org", REASON_DELAYED, "yahoo", "shop", FROM + 50);
	put(h, "e@two.example.org", REASON_AUTO_REPLY, "yahoo", "shop",
		FROM + 50);
	put(h, "f@two.example.org", REASON_USER_UNKNOWN, "yahoo", "shop",
		FROM - 1);
	sample(h, asks, 4, 100);
	assert_int_equal(kept.n, 3);
	assert_string_equal(kept.address[0], "b@one.example.org");
	assert_int_equal(kept.s[0].ask, 0);
	assert_int_equal(kept.s[0].at, FROM + 7300);
	assert_string_equal(kept.address[1], "c@two.example.org");
	assert_string_equal(kept.domain[1], "two.example.org");
	assert_string_equal(kept.stream[1], "shop");
	assert_int_equal(kept.s[1].ask, 1);
	assert_int_equal(kept.s[2].ask, 2);
	assert_int_equal(sums[0].bounces, 1);
	assert_int_equal(sums[0].hours[2], 1);
	assert_int_equal(sums[1].hours[150], 1);
	assert_int_equal(sums[3].bounces, 0);
	assert_true(sums[0].part == 1);
}

/* Several bounces of one are one address: the hard one speaks for them. */
static void an_address_counts_once(void **state)
{
	const struct query_sample_ask by_domain = {
		.by = QUERY_BY_DOMAIN, .name = STR("example.org")};
	struct house *h = *state;
	struct verdict v = hard("a@example.org");

	put(h, "a@example.org", REASON_EXPIRED, "", "news", FROM + 100);
	v.forwarded = true;
	v.original_sent_at = FROM + 150;
	(void)house_event(h, v, ++serial, FROM + 200);
	put(h, "a@example.org", REASON_SPAM, "", "news", FROM + 300);
	sample(h, &by_domain, 1, 10);
	assert_int_equal(kept.n, 1);
	assert_int_equal(kept.s[0].class, CLASS_HARD);
	assert_int_equal(kept.s[0].events, 3);
	assert_int_equal(kept.s[0].at, FROM + 200);
	assert_int_equal(kept.s[0].sent_at, FROM + 150);
	assert_true(kept.s[0].flags & EVENT_FORWARDED);
	assert_int_equal(sums[0].bounces, 3);
}

static void tells_what_was_before(void **state)
{
	struct house *h = *state;
	struct ledger_engaged e = {
		STR("a@example.org"), STR("a@example.org"), FROM - 3 * DAY};
	struct ledger_mailed m[3];
	size_t news;

	put(h, "a@example.org", REASON_USER_UNKNOWN, "google", "news",
		FROM - 90 * DAY);
	put(h, "a@example.org", REASON_MAILBOX_FULL, "google", "news",
		FROM - 30 * DAY);
	put(h, "a@example.org", REASON_DELAYED, "google", "news",
		FROM - 20 * DAY);
	put(h, "a@example.org", REASON_USER_UNKNOWN, "google", "news",
		FROM + 100);
	put(h, "b@example.org", REASON_USER_UNKNOWN, "google", "news",
		FROM + 100);
	put(h, "b@example.org", REASON_AUTO_REPLY, "google", "news",
		FROM + 200);
	assert_int_equal(ledger_engaged_put(h->ledger, &e, 1, &news), 0);
	for (int i = 0; i < 3; i++)
		assert_true(ledger_mailed_make(&m[i], str_from("a@example.org"),
			FROM - (2 - i) * 100 * (int64_t)DAY));
	assert_int_equal(ledger_mailed_put(h->ledger, m, 3, &news), 0);
	sample(h, &unknown, 1, 10);
	assert_int_equal(kept.n, 2);
	assert_int_equal(kept.s[0].known_since, FROM - 90 * DAY);
	assert_int_equal(kept.s[0].lived_at, FROM - 30 * DAY);
	assert_int_equal(kept.s[0].hard_at, FROM - 90 * DAY);
	assert_int_equal(kept.s[0].opened_at, FROM - 3 * DAY);
	assert_int_equal(kept.s[0].mailed_first, FROM / DAY - 200);
	assert_int_equal(kept.s[0].mailed_previous, FROM / DAY - 100);
	assert_int_equal(kept.s[0].mailed_last, FROM / DAY);
	assert_false(kept.s[0].lives);
	assert_int_equal(kept.s[1].known_since, 0);
	assert_int_equal(kept.s[1].mailed_first, 0);
	assert_true(kept.s[1].lives);
}

/* Of many an even part: whole addresses, of all of the time. */
static void of_many_a_sample(void **state)
{
	struct house *h = *state;
	size_t early = 0;
	char name[32];

	for (int i = 0; i < 1000; i++) {
		(void)snprintf(name, sizeof(name), "a%d@example.org", i);
		put(h, name, REASON_USER_UNKNOWN, "google", "news",
			FROM + i * 600);
		put(h, name, REASON_USER_UNKNOWN, "google", "news",
			FROM + i * 600 + 60);
	}
	sample(h, &unknown, 1, 50);
	assert_int_equal(sums[0].bounces, 2000);
	assert_in_range(kept.n, 20, 50);
	for (size_t i = 0; i < kept.n; i++) {
		assert_int_equal(kept.s[i].events, 2);
		early += kept.s[i].at < FROM + 300000;
	}
	assert_in_range(early, kept.n / 5, kept.n * 4 / 5);
	/* As many as it says: within what chance does to fifty. */
	assert_in_range((uint64_t)((double)kept.n / sums[0].part), 600, 1600);
}

static void tells_of_a_domain(void **state)
{
	struct house *h = *state;
	struct query_known_domain week;
	const struct ledger_sent sent = sent_number(
		INCIDENT_DOMAIN, str_from("example.org"), FROM + DAY, true, 40);

	put(h, "a@example.org", REASON_USER_UNKNOWN, "", "", FROM + 100);
	put(h, "b@example.org", REASON_EXPIRED, "", "", FROM + 100);
	put(h, "c@example.org", REASON_AUTO_REPLY, "", "", FROM + 100);
	put(h, "d@example.org", REASON_USER_UNKNOWN, "", "", FROM - 100);
	put(h, "a@example.net", REASON_USER_UNKNOWN, "", "", FROM + 100);
	assert_int_equal(sent_put(h->ledger, &sent, 1), 0);
	assert_int_equal(query_known_domain(h->db, str_from("example.org"),
				 ORIGIN_UNVERIFIED, FROM, TO, &week),
		0);
	assert_int_equal(week.known, 4);
	assert_int_equal(week.bounced, 2);
	assert_int_equal(week.lived, 1);
	assert_int_equal(week.sent, 40);
	assert_int_equal(query_known_domain(h->db, str_from("example.com"),
				 ORIGIN_UNVERIFIED, FROM, TO, &week),
		0);
	assert_int_equal(week.known, 0);
}

static void tells_what_was_imported(void **state)
{
	struct house *h = *state;
	struct ledger_engaged e = {
		STR("a@example.org"), STR("a@example.org"), FROM};
	struct query_known known;
	struct ledger_mailed m[2];
	size_t news;

	assert_int_equal(query_known(h->db, &known), 0);
	assert_int_equal(known.mailed_since, 0);
	assert_false(known.opens);
	assert_true(ledger_mailed_make(
		&m[0], str_from("a@example.org"), 900 * (int64_t)DAY));
	assert_true(ledger_mailed_make(
		&m[1], str_from("b@example.org"), 800 * (int64_t)DAY));
	assert_int_equal(ledger_mailed_put(h->ledger, m, 2, &news), 0);
	assert_int_equal(ledger_engaged_put(h->ledger, &e, 1, &news), 0);
	assert_int_equal(query_known(h->db, &known), 0);
	assert_int_equal(known.mailed_since, 800);
	assert_true(known.opens);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finds_by_name),
		TEST(leaves_out_what_is_unverified),
		TEST(an_address_counts_once),
		TEST(tells_what_was_before),
		TEST(of_many_a_sample),
		TEST(tells_of_a_domain),
		TEST(tells_what_was_imported),
	};

	return cmocka_run_group_tests_name(
		"store-query_sample", tests, NULL, NULL);
}
