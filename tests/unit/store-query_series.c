/* store/query_series.c: weeks of each name. */
#include "test.h"

#include "arena.h"
#include "query_series.h"
#include "sent_rows.h"
#include "store_house.h"

#define TODAY (INT64_C(20000) * DAY)
#define TO    (TODAY + DAY)

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
	struct house *h;
	enum query_series_by by;
	int weeks, stop;
	struct arena arena;
	char text[4096];
	size_t n;
};

static void add(struct page *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct page *p, const char *format, ...)
{
	va_list v;

	va_start(v, format);
	p->n += (size_t)vsnprintf(
		p->text + p->n, sizeof(p->text) - p->n, format, v);
	va_end(v);
	assert_true(p->n < sizeof(p->text));
}

static int add_series(void *arg, const struct query_series *s)
{
	struct page *p = arg;
	struct str name;

	assert_int_equal(
		query_series_name(p->h->db, p->by, s->id, &p->arena, &name), 1);
	add(p, STR_FMT, STR_ARG(name));
	for (int w = 0; w < p->weeks; w++)
		add(p, " %u", s->weeks[w]);
	add(p, "\n");
	return p->stop;
}

/* What there is of so many weeks; known: how many it says. */
static void expect(struct house *h, enum query_series_by by, int weeks,
	size_t limit, int known, const char *text)
{
	struct query_series_ask ask = {
		.by = by, .to = TO, .days = 7, .weeks = weeks, .limit = limit};
	struct page p = {.h = h, .by = by, .weeks = weeks};
	int is = -1;

	arena_init(&p.arena, 0);
	if (query_series(h->db, &ask, &is, add_series, &p))
		fail_msg("%s", db_error(h->db));
	assert_string_equal(p.text, text);
	assert_int_equal(is, known);
	arena_release(&p.arena);
}

static unsigned serial;

static void put(struct house *h, const char *address,
	enum verdict_reason reason, const char *provider, const char *stream,
	int64_t at)
{
	struct verdict v = hard(address);

	v.class = reason_class(reason);
	v.reason = reason;
	v.provider = str_from(provider);
	v.stream = str_from(stream);
	(void)house_event(h, v, (int)++serial, at);
}

/* Seen to fail, each of the four: what answers no mail of ours was counted. */
static void leaves_out_what_is_unverified(void **state)
{
	static const struct {
		enum query_series_by by;
		const char *text;
	} all[] = {
		{QUERY_SERIES_REASON,   "user-unknown 1\n"},
		{QUERY_SERIES_PROVIDER, "google 1\n"      },
		{QUERY_SERIES_STREAM,   "news 1\n"        },
		{QUERY_SERIES_DOMAIN,   "example.org 1\n" },
	};
	struct house *h = *state;
	struct verdict v = hard("a@example.org");

	v.stream = str_from("news");
	v.origin = ORIGIN_MATCHED;
	(void)house_event(h, v, (int)++serial, TODAY);
	v.origin = ORIGIN_UNVERIFIED;
	for (int i = 0; i < 3; i++)
		(void)house_event(h, v, (int)++serial, TODAY);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct query_series_ask ask = {.by = all[i].by,
			.to = TO,
			.days = 7,
			.weeks = 1,
			.required = ORIGIN_MATCHED};
		struct page p = {.h = h, .by = all[i].by, .weeks = 1};
		int weeks;

		arena_init(&p.arena, 0);
		assert_int_equal(
			query_series(h->db, &ask, &weeks, add_series, &p), 0);
		assert_string_equal(p.text, all[i].text);
		arena_release(&p.arena);
	}
}

/* Three weeks: the first and the last second of each count in it. */
static void fill(struct house *h)
{
	put(h, "a@example.org", REASON_USER_UNKNOWN, "google", "news", TODAY);
	put(h, "b@example.org", REASON_SPAM, "google", "news", TO - 1);
	put(h, "c@example.net", REASON_USER_UNKNOWN, "", "", TO - 7 * DAY);
	put(h, "a@example.org", REASON_USER_UNKNOWN, "google", "news",
		TO - 7 * DAY - 1);
	put(h, "d@example.com", REASON_MAILBOX_FULL, "yahoo", "offers",
		TO - 14 * DAY);
	put(h, "e@example.com", REASON_ABUSE, "yahoo", "offers",
		TO - 14 * DAY - 1);
	/* too old, and no bounces */
	put(h, "old@example.com", REASON_SPAM, "yahoo", "old",
		TO - 21 * DAY - 1);
	put(h, "a@example.org", REASON_AUTO_REPLY, "google", "news", TODAY);
	put(h, "a@example.org", REASON_DELIVERED, "google", "news", TODAY);
	put(h, "", REASON_SPAM, "google", "", TODAY);
}

static void tells_weeks(void **state)
{
	struct house *h = *state;

	fill(h);
	expect(h, QUERY_SERIES_REASON, 3, 0, 3,
		"user-unknown 2 1 0\nmailbox-full 0 1 0\n"
		"spam 2 0 0\nabuse 0 0 1\n");
	expect(h, QUERY_SERIES_PROVIDER, 3, 0, 3,
		"google 3 1 0\nyahoo 0 1 1\n");
	expect(h, QUERY_SERIES_STREAM, 3, 0, 3, "news 2 1 0\noffers 0 1 1\n");
	expect(h, QUERY_SERIES_DOMAIN, 3, 0, 3,
		"example.org 2 1 0\nexample.net 1 0 0\nexample.com 0 1 1\n");
	expect(h, QUERY_SERIES_DOMAIN, 1, 0, 1,
		"example.org 2\nexample.net 1\n");
}

/* Where there is room for few, the oldest weeks are given up. */
static void keeps_to_its_limit(void **state)
{
	struct house *h = *state;

	fill(h);
	expect(h, QUERY_SERIES_DOMAIN, 3, 4, 2,
		"example.org 2 1 0\nexample.net 1 0 0\nexample.com 0 1 0\n");
	expect(h, QUERY_SERIES_DOMAIN, 3, 2, 1,
		"example.org 2 0 0\nexample.net 1 0 0\n");
	expect(h, QUERY_SERIES_DOMAIN, 3, 1, 0, "");
	expect(h, QUERY_SERIES_REASON, 3, 3, 1,
		"user-unknown 2 0 0\nspam 2 0 0\n");
}

static void stops_when_asked(void **state)
{
	struct house *h = *state;
	struct query_series_ask ask = {
		.by = QUERY_SERIES_DOMAIN, .to = TO, .days = 7, .weeks = 3};
	struct page p = {.h = h, .by = ask.by, .weeks = 3, .stop = 5};
	int weeks;

	fill(h);
	arena_init(&p.arena, 0);
	assert_int_equal(query_series(h->db, &ask, &weeks, add_series, &p), 5);
	assert_string_equal(p.text, "example.org 2 1 0\n");
	arena_release(&p.arena);
}

/* More than one piece of a week; the same address again and again. */
static void counts_many(void **state)
{
	struct house *h = *state;

	house_begin(h->db);
	for (int i = 0; i < 45000; i += 1000) {
		struct verdict v[1000];
		char address[1000][32];
		struct ledger_result r;
		struct mail m;

		for (int k = 0; k < 1000; k++) {
			(void)snprintf(address[k], sizeof(address[k]),
				"u%d@d%d.example", (i + k) % 300, k % 3);
			v[k] = hard(address[k]);
			v[k].evidence = STR_NULL;
		}
		mail_make(&m, v, 1000, i, TODAY - (i / 1000 % 2) * 7 * DAY);
		m.entry.source = STR_NULL;
		assert_int_equal(ledger_put(h->ledger, &m.entry, NOW, &r), 0);
	}
	house_commit(h->db);
	expect(h, QUERY_SERIES_DOMAIN, 2, 0, 2,
		"d0.example 7682 7348\nd1.example 7659 7326\n"
		"d2.example 7659 7326\n");
}

static int add_sent(void *arg, const struct query_series_sent *s)
{
	struct page *p = arg;

	add(p, "%d", s->id > 0);
	for (int w = 0; w < p->weeks; w++)
		add(p, " %lld", (long long)s->weeks[w]);
	add(p, "\n");
	return 0;
}

static void expect_sent(struct house *h, int kind, const char *text)
{
	struct query_series_sent_ask ask = {
		.kind = kind, .to = TO, .days = 7, .weeks = 3};
	struct page p = {.h = h, .weeks = 3};

	if (query_series_sent(h->db, &ask, add_sent, &p))
		fail_msg("%s", db_error(h->db));
	assert_string_equal(p.text, text);
}

static void tells_what_was_sent(void **state)
{
	struct house *h = *state;

	const struct {
		enum incident_kind kind;
		const char *name;
		int64_t at;
		bool whole;
		int64_t n;
	} rows[] = {
		{INCIDENT_ALL,    "",              TODAY,             true,  100},
		{INCIDENT_ALL,    "",              TO - 1,            false, 5  },
		{INCIDENT_ALL,    "",              TO - 7 * DAY - 1,  false, 7  },
		{INCIDENT_ALL,    "",              TO - 21 * DAY - 1, false, 9  },
		{INCIDENT_STREAM, "news",          TODAY,             true,  11 },
		{INCIDENT_STREAM, "offers",        TO - 21 * DAY,     true,  12 },
		{INCIDENT_STREAM, "never-bounced", TODAY,             true,  13 },
		{INCIDENT_DOMAIN, "example.org",   TODAY,             true,  14 },
	};

	fill(h);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ledger_sent row =
			sent_number(rows[i].kind, str_from(rows[i].name),
				rows[i].at, rows[i].whole, rows[i].n);

		assert_int_equal(sent_put(h->ledger, &row, 1), 0);
	}
	expect_sent(h, INCIDENT_ALL, "0 100 7 12\n");
	expect_sent(h, INCIDENT_STREAM, "1 11 0 0\n1 0 0 12\n");
	expect_sent(h, INCIDENT_DOMAIN, "1 14 0 0\n");
	expect_sent(h, INCIDENT_PROVIDER, "");
	/* nobody told to what domain; and of none what provider takes it */
	expect_sent(h, LEDGER_SENT_UNCLAIMED, "1 86 7 12\n1 100 7 12\n");
}

/* Shown to fail with names looked for as they are given: of a long one less is
 * kept. */
static void tells_what_a_long_stream_sent(void **state)
{
	struct house *h = *state;
	struct ledger_sent sent;
	char name[301] = "";
	int64_t id;

	memset(name, 'x', 300);
	sent = sent_number(INCIDENT_STREAM, str_from(name), TODAY, true, 11);
	put(h, "a@example.org", REASON_SPAM, "", name, TODAY);
	assert_int_equal(sent_put(h->ledger, &sent, 1), 0);
	expect_sent(h, INCIDENT_STREAM, "1 11 0 0\n");
	assert_int_equal(
		query_series_id(h->db, QUERY_SERIES_STREAM, sent.stream, &id),
		1);
}

/* More hours than fit into one page: a name at its end is told once, whole. */
static void tells_sent_in_pages(void **state)
{
	struct house *h = *state;
	struct page p = {.h = h, .weeks = 3};
	struct query_series_sent_ask ask = {
		.kind = INCIDENT_STREAM, .to = TO, .days = 7, .weeks = 3};
	static struct ledger_sent sent[504];
	char name[16];

	for (int s = 0; s < 50; s++) {
		(void)snprintf(name, sizeof(name), "s%02d", s);
		put(h, "a@example.org", REASON_SPAM, "", name, TODAY);
		for (int i = 0; i < 504; i++)
			sent[i] = sent_number(INCIDENT_STREAM, str_from(name),
				TO - 1 - i * INT64_C(3600), false, 2);
		assert_int_equal(ledger_tell(h->ledger, sent, 504), 0);
	}
	assert_int_equal(ledger_settle(h->ledger), 0);
	assert_int_equal(query_series_sent(h->db, &ask, add_sent, &p), 0);
	assert_int_equal(p.n, 50 * strlen("1 336 336 336\n"));
	for (size_t i = 0; i < p.n; i += strlen("1 336 336 336\n"))
		assert_memory_equal(p.text + i, "1 336 336 336\n",
			strlen("1 336 336 336\n"));
}

static int add_cell(void *arg, const struct query_cell *c)
{
	struct page *p = arg;
	struct str name[4];

	assert_true(query_series_name(p->h->db, QUERY_SERIES_REASON, c->reason,
			    &p->arena, &name[0]) >= 0);
	for (int i = 1; i < 4; i++)
		name[i] = str_from("-");
	if (c->provider)
		assert_int_equal(
			query_series_name(p->h->db, QUERY_SERIES_PROVIDER,
				c->provider, &p->arena, &name[1]),
			1);
	if (c->domain)
		assert_int_equal(
			query_series_name(p->h->db, QUERY_SERIES_DOMAIN,
				c->domain, &p->arena, &name[2]),
			1);
	if (c->stream)
		assert_int_equal(
			query_series_name(p->h->db, QUERY_SERIES_STREAM,
				c->stream, &p->arena, &name[3]),
			1);
	for (int i = 0; i < 4; i++)
		add(p, STR_FMT " ", STR_ARG(name[i]));
	add(p, "%s %lld\n", class_word(c->class), (long long)c->n);
	return 0;
}

static void tells_cells(void **state)
{
	struct house *h = *state;
	struct page p = {.h = h};

	fill(h);
	put(h, "z@example.org", REASON_SPAM, "google", "news", TODAY);
	arena_init(&p.arena, 0);
	assert_int_equal(query_cells(h->db, ORIGIN_UNVERIFIED, TO - 7 * DAY, TO,
				 add_cell, &p),
		0);
	assert_string_equal(p.text,
		"user-unknown - example.net - hard 1\n"
		"user-unknown google example.org news hard 1\n"
		"spam google - - block 1\n"
		"spam google example.org news block 2\n");
	p.n = 0;
	assert_int_equal(query_cells_daily(h->db, ORIGIN_UNVERIFIED,
				 TO - 7 * DAY, TO, add_cell, &p),
		0);
	assert_string_equal(p.text, "user-unknown - - - hard 1\n"
				    "user-unknown google - news hard 1\n"
				    "spam google - - block 1\n"
				    "spam google - news block 2\n");
	p.n = 0;
	p.text[0] = '\0';
	assert_int_equal(query_cells_daily(h->db, ORIGIN_SIGNED, TO - 7 * DAY,
				 TO, add_cell, &p),
		0);
	assert_string_equal(p.text, "");
	arena_release(&p.arena);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tells_weeks),
		TEST(leaves_out_what_is_unverified),
		TEST(keeps_to_its_limit),
		TEST(stops_when_asked),
		TEST(counts_many),
		TEST(tells_what_was_sent),
		TEST(tells_what_a_long_stream_sent),
		TEST(tells_sent_in_pages),
		TEST(tells_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
