/* store/ledger_trouble.c: what could not be done, and who may say so. */
#include "test.h"

#include "ledger_trouble.h"
#include "store_house.h"

#define HOUR 3600

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

static void failed(struct house *h, const char *what, const char *detail,
	int64_t at, bool lasts)
{
	struct ledger_trouble t = {str_from(what), str_from(detail), lasts};

	assert_int_equal(ledger_trouble(h->ledger, &t, at), 0);
}

static void over(struct house *h, const char *what, int64_t at)
{
	struct str s = what ? str_from(what) : STR_NULL;

	assert_int_equal(ledger_trouble_over(h->ledger, s, at), 0);
}

struct told {
	char text[4096];
	size_t n;
};

static int one(void *arg, const struct query_trouble *t)
{
	struct told *told = arg;
	size_t at = strlen(told->text);

	told->n++;
	if (at < sizeof(told->text) - 100)
		snprintf(told->text + at, sizeof(told->text) - at,
			STR_FMT " " STR_FMT " %d-%d %d; ", STR_ARG(t->what),
			STR_ARG(t->detail), (int)(t->began_at - NOW),
			t->ended_at ? (int)(t->ended_at - NOW) : -1,
			(int)t->times);
	return 0;
}

/* Relative to NOW; "what detail from-to times; " each, to -1: it lasts. */
static const char *list(struct house *h, int64_t from, int64_t to)
{
	static struct told told;

	told = (struct told){0};
	assert_int_equal(
		query_troubles(h->db, NOW + from, NOW + to, one, &told), 0);
	return told.text;
}

/* Shown failing: without the subquery's LIMIT and ORDER (the closed row takes
 * it), and with AGAIN_WITHIN 0. */
static void extends_what_lasts(void **state)
{
	struct house *h = *state;

	failed(h, "a", "x", NOW, true);
	failed(h, "a", "y", NOW + 10, true);
	failed(h, "b", "x", NOW + 20, true);
	assert_string_equal(list(h, 0, 100), "a y 0--1 2; b x 20--1 1; ");
	over(h, "a", NOW + 30);
	over(h, "c", NOW + 30);
	assert_string_equal(list(h, 0, 100), "a y 0-30 2; b x 20--1 1; ");
	/* Within the hour it goes on, later it is another. */
	failed(h, "a", "z", NOW + 29 + HOUR, true);
	assert_string_equal(list(h, 0, 100), "a z 0--1 3; b x 20--1 1; ");
	over(h, NULL, NOW + HOUR + 40);
	failed(h, "a", "w", NOW + 2 * HOUR + 40, true);
	assert_string_equal(list(h, 0, 3 * HOUR),
		"a z 0-3640 3; b x 20-3640 1; a w 7240--1 1; ");
}

/* Shown failing: with ended_at > ? in TROUBLE_LIST, and began_at <= ?. */
static void asks_for_a_time(void **state)
{
	struct house *h = *state;

	failed(h, "a", "x", NOW, true);
	over(h, "a", NOW + 10);
	failed(h, "b", "x", NOW + 20, true);
	assert_string_equal(list(h, 10, 20), "a x 0-10 1; ");
	assert_string_equal(list(h, 11, 20), "");
	assert_string_equal(list(h, 1000, 1001), "b x 20--1 1; ");
	assert_string_equal(list(h, -10, 0), "");
	/* A clock that was set back makes nothing end before it began. */
	over(h, "b", NOW);
	assert_string_equal(list(h, 20, 21), "b x 20-20 1; ");
}

static void what_is_over_at_once(void **state)
{
	struct house *h = *state;

	failed(h, "mail", "uid 1", NOW, false);
	failed(h, "mail", "uid 2", NOW + 10, false);
	assert_string_equal(list(h, 0, 100), "mail uid 2 0-10 2; ");
}

/* Shown failing: without TROUBLE_DROP, and without utf8_cut(). */
static void is_bounded(void **state)
{
	struct house *h = *state;
	char what[32], detail[1000];

	memset(detail, 'x', sizeof(detail));
	memcpy(detail + 399, "\xc3\xa9", 2);
	detail[sizeof(detail) - 1] = '\0';
	for (int i = 0; i < 520; i++) {
		snprintf(what, sizeof(what), "w%d", i);
		failed(h, what, i ? "x" : detail, NOW + i, true);
		if (!i)
			assert_int_equal(number(h->db, "SELECT length(detail)"
						       " FROM troubles"),
				399);
	}
	assert_int_equal(house_count(h, "troubles"), 500);
	assert_int_equal(number(h->db, "SELECT began_at FROM troubles"
				       " ORDER BY id LIMIT 1"),
		NOW + 20);
}

/* Shown failing: without `AND value = ?`, and with DO UPDATE in STATUS_ADD. */
static void swaps_once(void **state)
{
	struct house *h = *state;
	struct ledger_swap w = {"report", NULL, "1"};
	bool swapped;

	assert_int_equal(ledger_status_swap(h->ledger, &w, NOW, &swapped), 0);
	assert_true(swapped);
	w.value = "2";
	assert_int_equal(ledger_status_swap(h->ledger, &w, NOW, &swapped), 0);
	assert_false(swapped);
	w.was = "0";
	assert_int_equal(ledger_status_swap(h->ledger, &w, NOW, &swapped), 0);
	assert_false(swapped);
	assert_int_equal(number(h->db, "SELECT value FROM status"), 1);
	w.was = "1";
	assert_int_equal(
		ledger_status_swap(h->ledger, &w, NOW + 1, &swapped), 0);
	assert_true(swapped);
	assert_int_equal(number(h->db, "SELECT value FROM status"), 2);
	assert_int_equal(number(h->db, "SELECT at FROM status"), NOW + 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(extends_what_lasts),
		TEST(asks_for_a_time),
		TEST(what_is_over_at_once),
		TEST(is_bounded),
		TEST(swaps_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
