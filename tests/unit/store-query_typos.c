/* store/query_typos.c: which domains there are, and what speaks for them. */
#include "test.h"

#include "query_typos.h"
#include "store_house.h"

#define DAY_OF(at) ((at) / DAY * DAY)

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

struct page {
	char text[4096];
	size_t n, calls, stop_after;
};

static void add_line(struct page *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add_line(struct page *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	p->n += (size_t)vsnprintf(
		p->text + p->n, sizeof(p->text) - p->n, format, args);
	va_end(args);
	assert_in_range(p->n, 0, sizeof(p->text) - 1);
	p->calls++;
}

static int add_domain(void *arg, const struct query_domain *d)
{
	struct page *p = arg;

	add_line(p, STR_FMT " %lld\n", STR_ARG(d->domain),
		(long long)d->addresses);
	return p->calls == p->stop_after ? 7 : 0;
}

static int add_fare(void *arg, const struct query_fare *f)
{
	struct page *p = arg;

	add_line(p, STR_FMT " %lld %lld%s\n", STR_ARG(f->local),
		(long long)f->fails, (long long)f->domain_fails,
		f->lives ? " lives" : "");
	return p->calls == p->stop_after ? 7 : 0;
}

static int number_of_mail;

static void event(struct house *h, const char *address,
	enum verdict_reason reason, int64_t at)
{
	struct verdict v = hard(address);

	v.reason = reason;
	v.class = reason_class(reason);
	v.origin = ORIGIN_MATCHED;
	(void)house_event(h, v, ++number_of_mail, at);
}

static int64_t id_of(struct house *h, const char *domain)
{
	char sql[128];

	(void)snprintf(sql, sizeof(sql),
		"SELECT id FROM domains WHERE domain = '%s'", domain);
	return number(h->db, sql);
}

/* The 26 weeks before the day behind NOW. */
static void expect_fares(struct house *h, const char *domain, const char *want)
{
	struct query_fares ask = {
		.domain_id = id_of(h, domain),
		.from = DAY_OF(NOW) + DAY - 182 * DAY,
		.to = DAY_OF(NOW) + DAY,
		.required = ORIGIN_MATCHED,
	};
	struct page p = {.n = 0};

	assert_int_equal(query_fares(h->db, &ask, add_fare, &p), 0);
	assert_string_equal(p.text, want);
}

static void lists_domains_newest_first(void **state)
{
	struct page p = {.n = 0};
	struct house *h = *state;

	assert_int_equal(query_domains(h->db, add_domain, &p), 0);
	assert_int_equal(p.calls, 0);
	event(h, "a@one.example", REASON_USER_UNKNOWN, NOW);
	event(h, "a@two.example", REASON_USER_UNKNOWN, NOW);
	event(h, "b@one.example", REASON_USER_UNKNOWN, NOW);
	event(h, "a@three.example", REASON_USER_UNKNOWN, NOW);
	assert_int_equal(query_domains(h->db, add_domain, &p), 0);
	assert_string_equal(
		p.text, "three.example 0\ntwo.example 0\none.example 0\n");
	p = (struct page){.stop_after = 2};
	assert_int_equal(query_domains(h->db, add_domain, &p), 7);
	assert_int_equal(p.calls, 2);
}

static int count_domain(void *arg, const struct query_domain *d)
{
	int64_t *n = arg;

	assert_true(d->id > 0 && d->domain.n > 0);
	++*n;
	return 0;
}

/* Several pages: each once. Shown to fail with `id <= ?`. */
static void lists_all_of_many(void **state)
{
	struct house *h = *state;
	int64_t n = 0;

	house_exec(h->db, "PRAGMA foreign_keys = OFF");
	house_begin(h->db);
	house_exec(h->db,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
		" WHERE i < 10000) INSERT INTO domains (domain)"
		" SELECT 'd' || i || '.example' FROM n");
	house_commit(h->db);
	assert_int_equal(query_domains(h->db, count_domain, &n), 0);
	assert_int_equal(n, 10000);
}

static void finds_large_domains(void **state)
{
	struct page p = {.n = 0};
	struct house *h = *state;

	assert_int_equal(query_large_domains(h->db, 5, add_domain, &p), 0);
	assert_int_equal(p.calls, 0);
	event(h, "a@small.example", REASON_USER_UNKNOWN, NOW);
	event(h, "a@large.example", REASON_USER_UNKNOWN, NOW);
	event(h, "a@middle.example", REASON_USER_UNKNOWN, NOW);
	house_begin(h->db);
	house_exec(h->db,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
		" WHERE i < 40000) INSERT INTO addresses (domain_id, local)"
		" SELECT CASE WHEN i % 100 = 0 THEN 1 WHEN i % 4 = 0 THEN 3"
		" WHEN i % 10000 = 1 THEN 0 ELSE 2 END,"
		" iif(i % 10000 = 1, 'sha256:' || i, i) FROM n");
	house_commit(h->db);
	/* Of a third of them each; the number is about right. */
	assert_int_equal(query_large_domains(h->db, 2, add_domain, &p), 0);
	assert_memory_equal(p.text, "large.example ", 14);
	assert_in_range(strtol(p.text + 14, NULL, 10), 29000, 31000);
	assert_non_null(strstr(p.text, "\nmiddle.example "));
	assert_null(strstr(p.text, "small"));
	assert_int_equal(p.calls, 2);
}

static void tells_what_speaks_for_whom(void **state)
{
	struct house *h = *state;

	static const enum verdict_reason alive[] = {REASON_DELIVERED,
		REASON_MAILBOX_FULL, REASON_AUTO_REPLY, REASON_SPAM,
		REASON_ABUSE, REASON_GREYLISTED, REASON_MAILBOX_DISABLED,
		REASON_FILTERED, REASON_UNDETERMINED};

	static const enum verdict_reason gone[] = {REASON_DOMAIN_UNKNOWN,
		REASON_DOMAIN_NO_MAIL, REASON_NETWORK_ERROR, REASON_EXPIRED,
		REASON_RELAY_DENIED};

	char address[64];

	event(h, "user@x.example", REASON_USER_UNKNOWN, NOW);
	event(h, "user@x.example", REASON_USER_UNKNOWN, NOW - 3 * DAY);
	event(h, "user@x.example", REASON_ADDRESS_INVALID, NOW - 4 * DAY);
	/* said nothing: it counts neither way */
	event(h, "listed@x.example", REASON_ALREADY_SUPPRESSED, NOW);
	event(h, "old@x.example", REASON_USER_UNKNOWN, NOW - 183 * DAY);
	event(h, "edge@x.example", REASON_USER_UNKNOWN,
		DAY_OF(NOW) - 181 * DAY);
	event(h, "later@x.example", REASON_USER_UNKNOWN, NOW - 1000 * DAY);
	expect_fares(h, "x.example",
		"edge 1 0\nlater 0 0\nlisted 0 0\nold 0 0\nuser 3 0\n");
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		event(h, "all@gone.example", gone[i], NOW);
	expect_fares(h, "gone.example", "all 5 5\n");
	for (size_t i = 0; i < sizeof(alive) / sizeof(alive[0]); i++) {
		(void)snprintf(address, sizeof(address), "a%zu@y.example", i);
		event(h, address, REASON_USER_UNKNOWN, NOW);
		/* at any time */
		event(h, address, alive[i], NOW - 900 * DAY);
	}
	expect_fares(h, "y.example",
		"a0 1 0 lives\na1 1 0 lives\na2 1 0 lives\na3 1 0 lives\n"
		"a4 1 0 lives\na5 1 0 lives\na6 1 0 lives\na7 1 0 lives\n"
		"a8 1 0 lives\n");
}

static void a_delay_decides_nothing(void **state)
{
	struct verdict v = hard("a@x.example");
	struct house *h = *state;

	v.class = CLASS_DELAY;
	v.reason = REASON_NETWORK_ERROR;
	v.origin = ORIGIN_MATCHED;
	(void)house_event(h, v, 1000, NOW);
	v.recipient = v.recipient_key = str_from("b@x.example");
	v.reason = REASON_MAILBOX_FULL; /* but somebody has one */
	(void)house_event(h, v, 1001, NOW);
	v.recipient = v.recipient_key = str_from("c@x.example");
	v.class = CLASS_UNKNOWN; /* who knows what it said */
	v.reason = REASON_NONE;
	(void)house_event(h, v, 1002, NOW);
	expect_fares(h, "x.example", "a 0 0\nb 0 0 lives\nc 0 0 lives\n");
}

/* Whoever sends us bounces of addresses that we never wrote to. */
static void what_is_not_ours_does_not_count(void **state)
{
	struct house *h = *state;

	(void)house_event(h, hard("a@x.example"), 1000, NOW);
	event(h, "b@x.example", REASON_USER_UNKNOWN, NOW);
	expect_fares(h, "x.example", "a 0 0\nb 1 0\n");
}

static void who_clicked_lives(void **state)
{
	struct house *h = *state;

	event(h, "a@x.example", REASON_USER_UNKNOWN, NOW);
	event(h, "b@x.example", REASON_USER_UNKNOWN, NOW);
	house_begin(h->db);
	house_exec(h->db, "INSERT INTO engaged SELECT id, 1 FROM addresses"
			  " WHERE local = 'b'");
	house_commit(h->db);
	expect_fares(h, "x.example", "a 1 0\nb 1 0 lives\n");
}

static int count_fare(void *arg, const struct query_fare *f)
{
	struct page *p = arg;
	char local[16];

	(void)snprintf(local, sizeof(local), "u%05zu", ++p->calls);
	assert_true(str_eq(f->local, str_from(local)));
	return 0;
}

/* Several pages, each address once and in order; `most` ends it. */
static void gives_all_of_many(void **state)
{
	struct query_fares ask = {.to = NOW};
	struct page p = {.n = 0};
	struct house *h = *state;

	house_begin(h->db);
	house_exec(h->db, "INSERT INTO domains (domain) VALUES ('x.example');"
			  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
			  " SELECT i + 1 FROM n WHERE i < 1024)"
			  " INSERT INTO addresses (domain_id, local)"
			  " SELECT 1, printf('u%05d', i) FROM n");
	house_commit(h->db);
	ask.domain_id = id_of(h, "x.example");
	assert_int_equal(query_fares(h->db, &ask, count_fare, &p), 0);
	assert_int_equal(p.calls, 1024);
	p.calls = 0;
	ask.most = 300;
	assert_int_equal(query_fares(h->db, &ask, count_fare, &p), 0);
	assert_int_equal(p.calls, 300);
	p = (struct page){.stop_after = 3};
	assert_int_equal(query_fares(h->db, &ask, add_fare, &p), 7);
	assert_int_equal(p.calls, 3);
}

static void sent(
	struct house *h, const char *domain, int64_t at, bool day, int64_t n)
{
	char sql[256];

	(void)snprintf(sql, sizeof(sql),
		"INSERT INTO sent (kind, name, hour, n) VALUES"
		" (2, '%s', %lld, %lld)",
		domain, (long long)(day ? DAY_OF(at) : at) / 3600,
		(long long)n);
	house_begin(h->db);
	house_exec(h->db, sql);
	house_commit(h->db);
}

static void expect_sent(
	struct house *h, int64_t days, int64_t mails, int64_t bounced)
{
	struct query_fares ask = {
		.domain_id = id_of(h, "x.example"),
		.from = DAY_OF(NOW) + DAY - days * DAY,
		.to = DAY_OF(NOW) + DAY,
		.required = ORIGIN_MATCHED,
	};
	struct query_sent s;

	assert_int_equal(
		query_domain_sent(h->db, str_from("x.example"), &ask, &s), 0);
	assert_int_equal(s.sent, mails);
	assert_int_equal(s.bounced, bounced);
}

/*
 * How much was sent to a domain, and what came back of that. Each assertion was
 * shown to fail: all classes, all origins, without the time, both counts of a
 * day added.
 */
static void compares_sent_with_bounced(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@x.example");

	event(h, "a@x.example", REASON_USER_UNKNOWN, NOW - 20 * DAY);
	event(h, "a@x.example", REASON_EXPIRED, NOW - 60 * DAY);
	event(h, "b@other.example", REASON_USER_UNKNOWN, NOW - 20 * DAY);
	expect_sent(h, 182, 0, 0); /* nothing is known */
	sent(h, "other.example", NOW - 20 * DAY, true, 1000);
	expect_sent(h, 182, 0, 0);
	sent(h, "x.example", NOW - 22 * DAY, false, 30);
	sent(h, "x.example", NOW - 22 * DAY + 7200, false, 20);
	sent(h, "x.example", NOW - 30 * DAY, true, 7);
	expect_sent(h, 182, 57, 1); /* the expired one is of other mails */
	expect_sent(h, 25, 50, 1);
	expect_sent(h, 21, 0, 0);
	/* More bounces: a full mailbox, a block; who did not answer a mail of
	 * ours and what still waits are none, and neither is a reply. */
	event(h, "b@x.example", REASON_MAILBOX_FULL, NOW - 21 * DAY);
	event(h, "b@x.example", REASON_SPAM, NOW - 15 * DAY);
	event(h, "b@x.example", REASON_AUTO_REPLY, NOW - 21 * DAY);
	event(h, "b@x.example", REASON_USER_UNKNOWN, NOW - 14 * DAY);
	(void)house_event(h, v, 2000, NOW - 21 * DAY);
	v.origin = ORIGIN_MATCHED;
	v.class = CLASS_DELAY;
	v.reason = REASON_NETWORK_ERROR;
	(void)house_event(h, v, 2001, NOW - 21 * DAY);
	expect_sent(h, 182, 57, 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lists_domains_newest_first),
		TEST(lists_all_of_many),
		TEST(finds_large_domains),
		TEST(tells_what_speaks_for_whom),
		TEST(a_delay_decides_nothing),
		TEST(what_is_not_ours_does_not_count),
		TEST(who_clicked_lives),
		TEST(gives_all_of_many),
		TEST(compares_sent_with_bounced),
	};

	return cmocka_run_group_tests_name(
		"store-query_typos", tests, NULL, NULL);
}
