/* store/query_delta.c and ledger_cursor.c: from one list to the next. */
#include "test.h"

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

/* A list: what is on it, of a few addresses in two scopes. */
#define ADDRESSES 12

struct list {
	char on[ADDRESSES][2];
};

static char *place(struct list *l, const struct query_suppression *s)
{
	return &l->on[s->address.p[0] - 'a'][s->scope.p[0] != '*'];
}

static int put_on(void *arg, const struct query_suppression *s)
{
	*place(arg, s) = (char)s->reason;
	return 0;
}

static int change(
	void *arg, enum query_delta what, const struct query_suppression *s)
{
	char *at = place(arg, s);

	/* Removals name only what is on the list, adds only what is not. */
	assert_int_equal(what == QUERY_ADD, *at == 0);
	*at = what == QUERY_REMOVE ? 0 : (char)s->reason;
	return 0;
}

static int64_t last_seq(struct house *h)
{
	int64_t seq;

	assert_int_equal(query_last_seq(h->db, &seq), 0);
	return seq;
}

static struct list list_now(struct house *h, const struct query_filter *f)
{
	struct list l;

	memset(&l, 0, sizeof(l));
	assert_int_equal(query_export(h->db, f, put_on, &l), 0);
	return l;
}

static uint64_t seed = 88172645463325252u;

static unsigned below(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

static int numbers;

/* Something happens to some address. */
static void happen(struct house *h, int64_t now)
{
	static const enum verdict_reason reasons[] = {REASON_USER_UNKNOWN,
		REASON_MAILBOX_DISABLED, REASON_OWNER_CHANGED};

	char address[] = "a@example.org";
	struct verdict v = hard(address);
	struct ledger_ticked ticked;

	address[0] = (char)('a' + below(ADDRESSES));
	switch (below(6)) {
	case 0:
		house_hand(h, address, "*",
			below(2) ? STATE_SUPPRESSED : STATE_RELEASED, now);
		break;
	case 1:
		v = complaint(address, REASON_ABUSE, "weekly");
		house_event(h, v, ++numbers, now - 100);
		break;
	case 2:
		house_hand(h, address, "weekly", STATE_RELEASED, now);
		break;
	case 3:
		assert_int_equal(ledger_tick(h->ledger,
					 now + below(2) * 400 * DAY, &ticked),
			0);
		break;
	default:
		v.reason = reasons[below(3)];
		house_event(h, v, ++numbers, now - below(100) * DAY);
	}
}

static void check_filter(struct house *h, const struct query_filter *f)
{
	struct list was = list_now(h, f), is;
	int64_t from = last_seq(h);

	for (int round = 0; round < 150; round++) {
		unsigned n = below(8);

		while (n--)
			happen(h, NOW);
		if (below(3) == 0)
			continue; /* the next delta is over more */
		assert_int_equal(
			query_delta(h->db, f, from, last_seq(h), change, &was),
			0);
		is = list_now(h, f);
		assert_memory_equal(&was, &is, sizeof(is));
		from = last_seq(h);
	}
}

static void leads_from_list_to_list(void **state)
{
	const struct query_filter filters[] = {
		{.reason = -1           },
		{            .reason = -1, .scope = STR("weekly")},
		{            .reason = REASON_MAILBOX_DISABLED                      },
		{ .reason = -1,                       .state = STATE_RELEASED},
		{		       .reason = -1,                       .domain = STR("example.com")},
		{		       .reason = -1,                       .after = NOW - 50 * DAY},
	};

	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++)
		check_filter(*state, &filters[i]);
	assert_in_range(last_seq(*state), 150, 10000);
}

/* How many of each kind. */
static int count(
	void *arg, enum query_delta what, const struct query_suppression *s)
{
	(void)s;
	((int *)arg)[what]++;
	return 0;
}

static void goes_through_pages(void **state)
{
	const struct query_filter f = {.reason = -1};
	struct house *h = *state;
	char address[32];
	int n[3] = {0, 0, 0};
	int64_t half;

	for (int i = 0; i < 700; i++) {
		(void)snprintf(address, sizeof(address), "n%d@example.org", i);
		house_event(h, hard(address), i + 1, NOW - DAY);
	}
	half = last_seq(h);
	for (int i = 0; i < 300; i++) {
		(void)snprintf(address, sizeof(address), "n%d@example.org", i);
		house_hand(h, address, "*", STATE_RELEASED, NOW);
	}
	for (int i = 250; i < 300; i++) {
		(void)snprintf(address, sizeof(address), "n%d@example.org", i);
		house_hand(h, address, "*", STATE_SUPPRESSED, NOW);
	}
	assert_int_equal(query_delta(h->db, &f, 0, half, count, n), 0);
	assert_int_equal(n[QUERY_ADD], 700);
	assert_int_equal(n[QUERY_REMOVE], 0);
	n[QUERY_ADD] = 0;
	assert_int_equal(
		query_delta(h->db, &f, half, last_seq(h), count, n), 0);
	assert_int_equal(n[QUERY_ADD], 0);
	assert_int_equal(n[QUERY_REMOVE], 250);
	assert_int_equal(n[QUERY_CHANGE], 50); /* by hand now */
}

static int stop(
	void *arg, enum query_delta what, const struct query_suppression *s)
{
	(void)what, (void)s;
	return ++*(int *)arg == 2 ? 7 : 0;
}

static void stops_when_told(void **state)
{
	const struct query_filter f = {.reason = -1};
	struct house *h = *state;
	int calls = 0;

	house_event(h, hard("a@example.org"), 1, NOW);
	house_event(h, hard("b@example.org"), 2, NOW);
	house_event(h, hard("c@example.org"), 3, NOW);
	assert_int_equal(
		query_delta(h->db, &f, 0, last_seq(h), stop, &calls), 7);
	assert_int_equal(calls, 2);
}

static void leaves_soft_ones_out(void **state)
{
	struct query_filter f = {.reason = -1};
	struct house *h = *state;
	struct verdict v = hard("a@example.org");
	struct list l;

	v.class = CLASS_SOFT;
	v.reason = REASON_MAILBOX_FULL;
	house_event(h, v, 1, NOW - 20 * DAY);
	house_event(h, v, 2, NOW - 10 * DAY);
	house_event(h, v, 3, NOW - 1 * DAY);
	v.reason = REASON_MAILBOX_DISABLED;
	v.class = CLASS_HARD;
	v.recipient = v.recipient_key = str_from("b@example.org");
	house_event(h, v, 4, NOW - 1 * DAY);
	l = list_now(h, &f);
	assert_int_equal(l.on[0][0], REASON_MAILBOX_FULL);
	assert_int_equal(l.on[1][0], REASON_MAILBOX_DISABLED);
	f.no_soft = true;
	l = list_now(h, &f);
	assert_int_equal(l.on[0][0], 0);
	assert_int_equal(l.on[1][0], REASON_MAILBOX_DISABLED);
}

/* --- cursors -------------------------------------------------------------- */

static int tell(void *arg, const struct query_cursor *c)
{
	char *text = arg;
	size_t n = strlen(text);

	(void)snprintf(text + n, 256 - n, "%.*s %lld %lld %.*s [%.*s] %.*s\n",
		(int)c->name.n, c->name.p, (long long)c->seq, (long long)c->at,
		(int)c->format.n, c->format.p, (int)c->scope.n,
		c->scope.p ? c->scope.p : "", (int)c->options.n,
		c->options.p ? c->options.p : "");
	return 0;
}

/* -1: it fails. */
static int put_files(void *arg)
{
	int *placed = arg;

	return *placed < 0 ? 1 : ++*placed - 1;
}

static void remembers_cursors(void **state)
{
	struct house *h = *state;
	struct query_cursor c = {
		.name = str_from("crm"),
		.format = str_from("ses"),
		.scope = str_from(""),
		.options = str_from("no-soft"),
		.seq = 5,
		.at = NOW,
	};
	char text[256] = "";
	bool done;
	int placed;

	assert_int_equal(ledger_cursor_move(h->ledger, &c, -1, &done), 0);
	assert_true(done);
	/* Two at once: the second finds it made, or moved. */
	c.seq = 6;
	assert_int_equal(ledger_cursor_move(h->ledger, &c, -1, &done), 0);
	assert_false(done);
	assert_int_equal(ledger_cursor_move(h->ledger, &c, 4, &done), 0);
	assert_false(done);
	assert_int_equal(ledger_cursor_move(h->ledger, &c, 5, &done), 0);
	assert_true(done);
	/* What was exported is put in place by who moves it, and only then. */
	c.seq = 7;
	placed = 0;
	assert_int_equal(ledger_cursor_place(
				 h->ledger, &c, 4, put_files, &placed, &done),
		0);
	assert_false(done);
	assert_int_equal(placed, 0);
	placed = -1;
	assert_int_equal(ledger_cursor_place(
				 h->ledger, &c, 6, put_files, &placed, &done),
		0);
	assert_false(done);
	placed = 0;
	assert_int_equal(ledger_cursor_place(
				 h->ledger, &c, 6, put_files, &placed, &done),
		0);
	assert_true(done);
	assert_int_equal(placed, 1);
	c.seq = 6;
	assert_int_equal(ledger_cursor_move(h->ledger, &c, 7, &done), 0);
	c.name = str_from("another");
	assert_int_equal(ledger_cursor_move(h->ledger, &c, -1, &done), 0);
	assert_int_equal(query_cursors(h->db, STR_NULL, tell, text), 0);
	assert_string_equal(text, "another 6 1728043200 ses [] no-soft\n"
				  "crm 6 1728043200 ses [] no-soft\n");
	text[0] = '\0';
	assert_int_equal(query_cursors(h->db, str_from("crm"), tell, text), 0);
	assert_string_equal(text, "crm 6 1728043200 ses [] no-soft\n");
	assert_int_equal(ledger_cursor_drop(h->ledger, c.name, &done), 0);
	assert_true(done);
	assert_int_equal(ledger_cursor_drop(h->ledger, c.name, &done), 0);
	assert_false(done);
	assert_int_equal(house_count(h, "cursors"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(leads_from_list_to_list),
		TEST(goes_through_pages),
		TEST(stops_when_told),
		TEST(leaves_soft_ones_out),
		TEST(remembers_cursors),
	};

	return cmocka_run_group_tests_name(
		"store-query-delta", tests, NULL, NULL);
}
