/* store/query_feed.c: the change log in its order, in pieces. */
#include "test.h"

#include "store_house.h"

#define MANY 600 /* more than a page of anything */

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

struct seen {
	int64_t last;
	size_t n;
	enum state old_state, new_state;
	char address[64];
};

static int see(void *arg, const struct query_change *c)
{
	struct seen *s = arg;

	assert_int_equal(c->seq, s->last + 1); /* nothing passed over */
	s->last = c->seq;
	s->n++;
	s->old_state = c->old_state;
	s->new_state = c->new_state;
	snprintf(s->address, sizeof(s->address), STR_FMT, STR_ARG(c->address));
	return 0;
}

/* Shown failing: with `>=` for `>` in CHANGE_FEED, without its LIMIT, and
 * without its ORDER BY (by address). */
static void gives_pieces(void **state)
{
	struct house *h = *state;
	struct seen s = {0};
	char address[64];

	assert_int_equal(query_feed(h->db, 0, 10, see, &s), 0);
	assert_int_equal(s.n, 0);
	for (int i = 0; i < MANY; i++) {
		snprintf(address, sizeof(address), "%d@x.example", MANY - i);
		house_hand(h, address, "*", STATE_SUPPRESSED, 1000 + i);
	}
	house_hand(h, "7@x.example", "*", STATE_RELEASED, 9000);

	assert_int_equal(query_feed(h->db, 0, 500, see, &s), 0);
	assert_int_equal(s.n, 500);
	assert_string_equal(s.address, "101@x.example");
	assert_int_equal(s.old_state, STATE_ABSENT);
	assert_int_equal(query_feed(h->db, s.last, 500, see, &s), 0);
	assert_int_equal(s.n, MANY + 1);
	assert_string_equal(s.address, "7@x.example");
	assert_int_equal(s.old_state, STATE_SUPPRESSED);
	assert_int_equal(s.new_state, STATE_RELEASED);
	assert_int_equal(query_feed(h->db, s.last, 500, see, &s), 0);
	assert_int_equal(s.n, MANY + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			gives_pieces, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
