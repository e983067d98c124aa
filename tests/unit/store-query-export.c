/*
 * store/query_export.c: the list of one moment, in order, whatever is recorded
 * while it is read.
 */
#include "test.h"

#include <sys/resource.h>

#include "store_house.h"

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

static struct query_filter everything(void)
{
	return (struct query_filter){.reason = -1, .now = NOW};
}

struct page {
	char text[4096];
	size_t n;
};

static int add_line(void *arg, const struct query_suppression *s)
{
	struct page *p = arg;
	int n = snprintf(p->text + p->n, sizeof(p->text) - p->n,
		STR_FMT " " STR_FMT "\n", STR_ARG(s->address),
		STR_ARG(s->scope));

	assert_in_range(n, 1, sizeof(p->text) - p->n - 1);
	p->n += (size_t)n;
	return 0;
}

static void expect(
	struct house *h, const struct query_filter *f, const char *text)
{
	struct page p = {.n = 0};

	if (query_export(h->db, f, add_line, &p))
		fail_msg("%s", db_error(h->db));
	assert_string_equal(p.text, text);
}

static void hand(struct house *h, const char *address, enum state state)
{
	(void)house_hand(h, address, "*", state, NOW);
}

/* --- filters -------------------------------------------------------------- */

static void fill(struct house *h)
{
	struct verdict v = complaint("c@example.org", REASON_ABUSE, "weekly");

	(void)house_event(h, hard("b@example.org"), 1, NOW - DAY);
	(void)house_event(h, hard("a@other.example"), 2, NOW - 5 * DAY);
	(void)house_event(h, v, 3, NOW - 2 * DAY);
	v = hard("a@example.org");
	v.class = CLASS_SOFT;
	v.reason = REASON_MAILBOX_FULL;
	(void)house_event(h, v, 4, NOW);
	v = hard("d@example.org");
	v.reason = REASON_MAILBOX_DISABLED;
	(void)house_event(h, v, 5, NOW - 3 * DAY);
	(void)house_event(h, hard("c@example.org"), 6, NOW - DAY);
	hand(h, "e@example.org", STATE_RELEASED);
	(void)house_event(h, hard("Z\xff@example.org"), 7, NOW - DAY);
}

static void exports_in_order(void **state)
{
	struct house *h = *state;
	struct query_filter f = everything();

	expect(h, &f, "");
	fill(h);
	expect(h, &f,
		"b@example.org *\na@other.example *\nc@example.org *\n"
		"c@example.org weekly\nd@example.org *\nZ\xff@example.org *\n");
	f.now = NOW + 177 * DAY;
	expect(h, &f,
		"b@example.org *\na@other.example *\nc@example.org *\n"
		"c@example.org weekly\nZ\xff@example.org *\n");
}

static void filters(void **state)
{
	struct house *h = *state;
	struct query_filter f = everything();

	fill(h);
	f.scope = str_from("weekly");
	f.reason = REASON_ABUSE;
	expect(h, &f, "c@example.org weekly\n");
	f.scope = str_from("daily");
	expect(h, &f, "");
	f = everything();
	f.scope = str_from("daily");
	f.domain = str_from("example.org");
	expect(h, &f,
		"b@example.org *\nc@example.org *\nd@example.org *\n"
		"Z\xff@example.org *\n");
	f = everything();
	f.domain = str_from("example");
	expect(h, &f, "");
	f.domain = str_from("other.example");
	expect(h, &f, "a@other.example *\n");
	f = everything();
	f.state = STATE_RELEASED;
	expect(h, &f, "e@example.org *\n");
	f.state = STATE_HELD;
	expect(h, &f, "");
	f = everything();
	f.before = NOW - 2 * DAY;
	expect(h, &f, "a@other.example *\nd@example.org *\n");
	f.after = NOW - 3 * DAY;
	expect(h, &f, "d@example.org *\n");
}

/* --- while others write
 * ------------------------------------------------------- */

#define ADDRESSES 20000 /* some pages of them */

static void name(char buf[32], int i)
{
	(void)snprintf(buf, 32, "a%05d@example.org", i);
}

/* Even ones are suppressed, every fourth in another scope, too. */
static void fill_many(struct house *h)
{
	house_begin(h->db);
	for (int i = 0; i < ADDRESSES; i++) {
		struct verdict v[2];
		struct ledger_result r;
		char address[32];
		struct mail m;

		name(address, i);
		v[0] = hard(address);
		v[1] = complaint(address, REASON_ABUSE, "weekly");
		if (i % 2) {
			v[0].class = CLASS_SOFT;
			v[0].reason = REASON_MAILBOX_FULL;
		}
		mail_make(&m, v, i % 4 == 0 ? 2 : 1, i, NOW - DAY);
		m.entry.source = STR_NULL;
		v[0].evidence = v[1].evidence = STR_NULL;
		assert_int_equal(ledger_put(h->ledger, &m.entry, NOW, &r), 0);
	}
	house_commit(h->db);
}

struct reader {
	struct house *writer;
	int rows;
	uint32_t sum;        /* of all rows, in their order */
	bool disturb, brief; /* brief: rows need not tell cause and since */
};

static void disturb(struct house *h, int at)
{
	static const int all[] = {0, 2, 3, 100, 10000, 19998, 19999};
	char address[32];

	/* Behind, at and ahead of where the reader is; there and back. */
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		name(address, all[i]);
		hand(h, address,
			(at / 1000 + all[i]) % 2 ? STATE_SUPPRESSED
						 : STATE_RELEASED);
	}
	name(address, at + 4001);
	hand(h, address, STATE_SUPPRESSED);
	name(address, at + 4002);
	hand(h, address, STATE_RELEASED);
	(void)snprintf(
		address, sizeof(address), "a%05d-new@example.org", at + 4001);
	hand(h, address, STATE_SUPPRESSED);
	name(address, 4000 + at % 3 * 4);
	hand(h, address, STATE_SUPPRESSED);
}

static int read_row(void *arg, const struct query_suppression *s)
{
	struct reader *r = arg;
	char line[128];

	(void)snprintf(line, sizeof(line), STR_FMT " " STR_FMT " %d %d %d %lld",
		STR_ARG(s->address), STR_ARG(s->scope), s->state, s->reason,
		r->brief ? 0 : s->cause, r->brief ? 0LL : (long long)s->since);
	for (const char *c = line; *c; c++)
		r->sum = (r->sum ^ (unsigned char)*c) * 16777619u;
	if (r->disturb && r->rows % 997 == 0)
		disturb(r->writer, r->rows);
	r->rows++;
	return 0;
}

static struct reader read_all(
	struct db *db, struct house *writer, bool disturb_, bool brief)
{
	struct reader r = {
		.writer = writer, .disturb = disturb_, .brief = brief};
	struct query_filter f = everything();

	f.brief = brief;
	if (query_export(db, &f, read_row, &r))
		fail_msg("%s", db_error(db));
	return r;
}

static void is_the_list_of_its_beginning(struct house *h, bool brief)
{
	struct reader before, during, after;
	struct db *db;

	fill_many(h);
	db = house_db(h, DB_READ);
	before = read_all(db, h, false, brief);
	assert_int_equal(before.rows, ADDRESSES / 2 + ADDRESSES / 4);
	during = read_all(db, h, true, brief);
	assert_int_equal(during.rows, before.rows);
	assert_int_equal(during.sum, before.sum);
	/* And that the test did disturb, and a new list shows it. */
	after = read_all(db, h, false, brief);
	assert_int_not_equal(after.sum, before.sum);
	during = read_all(db, h, true, brief);
	assert_int_equal(during.rows, after.rows);
	assert_int_equal(during.sum, after.sum);
	db_close(db);
}

static void exports_the_list_of_its_beginning(void **state)
{
	is_the_list_of_its_beginning(*state, false);
}

static void exports_it_in_brief(void **state)
{
	is_the_list_of_its_beginning(*state, true);
}

/* A reader on the connection of the writer itself. */
static void reads_on_a_writing_connection(void **state)
{
	struct house *h = *state;
	struct reader before, during;

	fill_many(h);
	before = read_all(h->db, h, false, false);
	during = read_all(h->db, h, true, false);
	assert_int_equal(during.rows, before.rows);
	assert_int_equal(during.sum, before.sum);
}

/* How often this thread has gone to sleep. */
static long sleeps(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_THREAD, &usage), 0);
	return usage.ru_nvcsw;
}

struct pages {
	struct house *writer; /* NULL: nobody writes */
	long slept;           /* by the second row */
	int rows;
};

static int write_once(void *arg, const struct query_suppression *s)
{
	struct pages *p = arg;

	(void)s;
	if (p->rows == 0 && p->writer)
		hand(p->writer, "new@example.org", STATE_SUPPRESSED);
	if (p->rows++ == 1)
		p->slept = sleeps();
	return 0;
}

/* Seen to fail without the sleep, and with one that nobody else's commit is a
 * cause for. */
static void gives_way_to_who_writes(void **state)
{
	struct house *h = *state;
	struct query_filter f = everything();
	struct pages quiet = {0}, busy = {.writer = h};
	struct db *db;

	fill_many(h);
	db = house_db(h, DB_READ);
	assert_int_equal(query_export(db, &f, write_once, &quiet), 0);
	quiet.slept = sleeps() - quiet.slept;
	assert_int_equal(query_export(db, &f, write_once, &busy), 0);
	busy.slept = sleeps() - busy.slept;
	/* The first of its pages does not know of it. */
	assert_in_range(busy.slept, 2, 100);
	assert_in_range(quiet.slept, 0, 1);
	db_close(db);
}

struct stop {
	int rows;
};

static int stop_after_ten(void *arg, const struct query_suppression *s)
{
	struct stop *stop = arg;

	(void)s;
	return ++stop->rows == 10 ? 9 : 0;
}

static void stops_when_asked(void **state)
{
	struct house *h = *state;
	struct query_filter f = everything();
	struct stop stop = {0};

	fill_many(h);
	assert_int_equal(query_export(h->db, &f, stop_after_ten, &stop), 9);
	assert_int_equal(stop.rows, 10);
	hand(h, "still@example.org", STATE_SUPPRESSED);
}

/* A reader that takes its time must not keep the WAL from being used again. */
static int checkpoint_it(void *arg, const struct query_suppression *s)
{
	struct house *h = arg;
	int64_t left;

	(void)s;
	hand(h, "x@example.org", STATE_SUPPRESSED);
	hand(h, "x@example.org", STATE_RELEASED);
	left = number(h->db, "PRAGMA wal_checkpoint(TRUNCATE)");
	assert_int_equal(left, 0); /* busy */
	return 1;
}

static void holds_no_transaction_between_pages(void **state)
{
	struct house *h = *state;
	struct query_filter f = everything();
	struct db *db;

	fill_many(h);
	db = house_db(h, DB_READ);
	assert_int_equal(query_export(db, &f, checkpoint_it, h), 1);
	db_close(db);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(exports_in_order),
		TEST(filters),
		TEST(exports_the_list_of_its_beginning),
		TEST(exports_it_in_brief),
		TEST(reads_on_a_writing_connection),
		TEST(gives_way_to_who_writes),
		TEST(stops_when_asked),
		TEST(holds_no_transaction_between_pages),
	};

	return cmocka_run_group_tests_name(
		"store-query-export", tests, NULL, NULL);
}
