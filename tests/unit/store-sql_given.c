/* store/sql_given.c: rows of ours that a statement joins with. */
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

struct rows {
	struct str text[4];
	size_t read;
};

/* The signature is not ours. */
static void read_row(void *arg, size_t i, int64_t *number, struct str *text)
{
	struct rows *r = arg;

	assert_int_equal(i, r->read++);
	assert_int_equal(*number, 0);
	assert_null(text->p);
	*text = r->text[i];
}

/* The places of those of n that are domains of the database, as bits. */
static unsigned joined(struct house *h, const struct sql_given *g)
{
	struct sql s = sql_get(h->db, SQL_CHECK_DOMAINS);
	unsigned bits = 0;
	int rc;

	sql_give(h->db, g);
	while ((rc = sql_row(&s)) == 1)
		bits |= 1u << sql_col(&s, 0);
	sql_end(&s);
	assert_int_equal(rc, 0);
	return bits;
}

/* Seen to fail: a row read twice; an absent text as an empty one (which is the
 * domain of purged addresses); a text up to its NUL. */
static void joins_with_rows_of_ours(void **state)
{
	struct house *h = *state;
	struct rows r = {
		.text = {STR_NULL, STR("example.org"), STR(""),
			 STR("example.org\0x")}
        };
	struct sql_given g = {read_row, &r, 4};

	(void)house_event(h, hard("a@example.org"), 1, NOW - DAY);
	assert_int_equal(joined(h, &g), 6);
	assert_int_equal(r.read, 4);
	r.read = 0;
	g.n = 1;
	assert_int_equal(joined(h, &g), 0);
	assert_int_equal(joined(h, NULL), 0);
}

/* Seen to fail: as SQLITE_VTAB_INNOCUOUS. */
static void is_not_for_the_schema_of_a_file(void **state)
{
	struct house *h = *state;
	int64_t n;

	house_begin(h->db);
	house_exec(h->db, "CREATE VIEW lure AS SELECT number FROM given");
	house_commit(h->db);
	assert_int_equal(
		db_exec_int(h->db, "SELECT count(*) FROM lure", &n), -1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(joins_with_rows_of_ours),
		TEST(is_not_for_the_schema_of_a_file),
	};

	return cmocka_run_group_tests_name(
		"store-sql_given", tests, NULL, NULL);
}
