/* store/ledger_purge.c and purged.c: what is left of a forgotten address. */
#include "test.h"

#include "purged.h"
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

static struct ledger_purged purge(struct house *h, const char *address)
{
	struct ledger_purged p;

	if (ledger_purge(h->ledger, str_from(address), false, &p))
		fail_msg("%s", db_error(h->db));
	return p;
}

/* Whether the bytes are anywhere in the file, when all of the WAL is in it. */
static bool file_has(const struct house *h, const char *bytes)
{
	static char file[4 << 20];
	FILE *f = fopen(h->path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(file, 1, sizeof(file), f);
	(void)fclose(f);
	return memmem(file, n, bytes, strlen(bytes)) != NULL;
}

/* printf %s a@example.org | sha256sum */
static void names_what_is_left(void **state)
{
	char buf[PURGED_SIZE];

	(void)state;
	assert_string_equal(purged_name(str_from("a@example.org"), buf).p,
		"sha256:e16bfe08be114c7b3737aa01ce504ebcb5d13fc44897c38c"
		"6cac63ddc7151463");
	assert_true(purged_is(str_from(buf)));
	buf[10] = '@';
	assert_false(purged_is(str_from(buf)));
	assert_false(purged_is(str_from("sha256:abc")));
}

/* Fails when the evidence, seen, the note or the domain stays. */
static void forgets(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("somebody@own-name.example");
	struct ledger_purged p;

	v.recipient = str_from("Some.Body@Own-Name.Example");
	for (int i = 0; i < 40; i++) { /* full pages, before and behind it */
		char other[32];

		if (i == 20)
			assert_int_equal(house_event(h, v, 1, NOW - DAY),
				FATE_SUPPRESSED);
		(void)snprintf(other, sizeof(other), "%d@example.org", i);
		(void)house_event(h, hard(other), 2 + i, NOW - DAY);
	}
	(void)house_hand(
		h, "somebody@own-name.example", "*", STATE_SUPPRESSED, NOW);
	p = purge(h, "somebody@own-name.example");
	assert_true(p.found);
	assert_false(p.before);
	assert_int_equal(p.evidence, 1);
	assert_int_equal(p.notes, 1);
	assert_int_equal(number(h->db, "SELECT count(*) FROM domains"
				       " WHERE domain LIKE 'own-name%'"),
		0);
	assert_int_equal(number(h->db, "SELECT count(*) FROM people"
				       " WHERE seen IS NOT NULL"),
		0);
	assert_int_equal(number(h->db, "SELECT count(*) FROM suppressed"), 40);
	assert_int_equal(house_count(h, "events"), 41);
	p = purge(h, "somebody@own-name.example");
	assert_true(p.found && p.before);
	p = purge(h, "nobody@own-name.example");
	assert_false(p.found);
	ledger_close(h->ledger);
	db_close(h->db);
	assert_false(file_has(h, "somebody"));
	assert_false(file_has(h, "Some.Body"));
	h->db = house_db(h, DB_WATCH);
	assert_int_equal(ledger_open(h->db, &h->settings, &h->ledger), 0);
}

/* It bounces, is asked for and is listed on as the same. */
static void stays_suppressed(void **state)
{
	struct house *h = *state;

	assert_int_equal(house_event(h, hard("a@example.org"), 1, NOW - DAY),
		FATE_SUPPRESSED);
	(void)house_event(h, hard("b@example.org"), 2, NOW - DAY);
	(void)purge(h, "a@example.org");
	assert_int_equal(
		house_state(h, "a@example.org").state, STATE_SUPPRESSED);
	assert_int_equal(
		house_event(h, hard("a@example.org"), 3, NOW), FATE_ALREADY);
	assert_int_equal(house_count(h, "addresses"), 2);
	assert_int_equal(house_count(h, "evidence"), 1); /* of b */
	(void)house_hand(h, "a@example.org", "*", STATE_RELEASED, NOW);
	assert_int_equal(house_state(h, "a@example.org").state, STATE_RELEASED);
}

static int count(void *arg, const struct query_suppression *s)
{
	*(int *)arg += 1 + 100 * purged_is(s->address);
	return 0;
}

static void is_on_lists_of_hashes_only(void **state)
{
	struct house *h = *state;
	struct query_filter f = {.reason = -1, .now = NOW};
	int n = 0;

	(void)house_event(h, hard("a@example.org"), 1, NOW - DAY);
	(void)house_event(h, hard("b@example.org"), 2, NOW - DAY);
	(void)purge(h, "a@example.org");
	for (int brief = 0; brief < 2; brief++) {
		f.brief = brief;
		f.purged = false;
		n = 0;
		assert_int_equal(query_export(h->db, &f, count, &n), 0);
		assert_int_equal(n, 1);
		f.purged = true;
		n = 0;
		assert_int_equal(query_export(h->db, &f, count, &n), 0);
		assert_int_equal(n, 102);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_what_is_left),
		cmocka_unit_test_setup_teardown(forgets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			stays_suppressed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			is_on_lists_of_hashes_only, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
