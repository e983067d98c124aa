/* store/ledger_mailbox.c: cursors, UIDs, and what is still to do. */
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

/* --- mailboxes ------------------------------------------------------------ */

static void knows_mailboxes(void **state)
{
	struct house *h = *state;
	struct ledger_mailbox a = house_mailbox(h, "INBOX", 7);
	struct ledger_mailbox b;

	assert_false(a.other_epoch);
	assert_int_equal(a.last_uid, 0);
	b = house_mailbox(h, "INBOX", 7);
	assert_int_equal(b.id, a.id);
	assert_false(b.other_epoch);
	assert_int_not_equal(house_mailbox(h, "Junk", 7).id, a.id);
	b = house_mailbox(h, "INBOX", 4294967295u);
	assert_int_not_equal(b.id, a.id);
	assert_true(b.other_epoch);
	assert_true(house_mailbox(h, "INBOX", 7).other_epoch);
	assert_int_equal(ledger_seen(h->ledger, a.id, NOW), 0);
	assert_int_equal(
		number(h->db, "SELECT seen_at FROM mailboxes WHERE id = 1"),
		NOW);
}

static void moves_the_cursor_with_the_batch(void **state)
{
	struct house *h = *state;
	struct ledger_mailbox box = house_mailbox(h, "INBOX", 7);
	struct verdict v = hard("a@example.org");
	struct ledger_result r;
	struct mail m;

	mail_make(&m, &v, 1, 1, NOW);
	m.entry.mailbox = box.id;
	m.entry.uid = 9;
	assert_int_equal(ledger_begin(h->ledger), 0);
	assert_int_equal(ledger_put(h->ledger, &m.entry, NOW, &r), 0);
	assert_int_equal(ledger_cursor(h->ledger, box.id, 9), 0);
	ledger_rollback(h->ledger);
	assert_int_equal(house_mailbox(h, "INBOX", 7).last_uid, 0);
	assert_int_equal(house_count(h, "messages") + house_count(h, "events") +
				 house_count(h, "uids") +
				 house_count(h, "addresses") +
				 house_count(h, "kinds") +
				 house_count(h, "suppressions") +
				 house_count(h, "changes"),
		0);
	/* What was interned in what was undone is made again. */
	assert_int_equal(ledger_begin(h->ledger), 0);
	assert_int_equal(ledger_put(h->ledger, &m.entry, NOW, &r), 0);
	assert_int_equal(ledger_cursor(h->ledger, box.id, 9), 0);
	assert_int_equal(ledger_cursor(h->ledger, box.id, 5), 0);
	assert_int_equal(ledger_commit(h->ledger), 0);
	assert_false(r.duplicate);
	assert_int_equal(house_mailbox(h, "INBOX", 7).last_uid, 9);
	assert_int_equal(house_count(h, "kinds"), 1);
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM pragma_foreign_key_check"),
		0);
}

static void put_uid(
	struct house *h, int64_t box, uint32_t uid, enum uid_state uid_state)
{
	struct verdict v = hard("a@example.org");
	struct mail m;

	mail_make(&m, &v, 1, (int)uid, NOW);
	m.entry.mailbox = box;
	m.entry.uid = uid;
	m.entry.uid_state = uid_state;
	(void)house_put(h, &m.entry, NOW);
}

static void knows_what_is_still_to_do(void **state)
{
	static const uint32_t done[] = {70, 4294967295u, 12345};
	static const uint32_t copied[] = {60};
	struct house *h = *state;
	struct ledger_mailbox box = house_mailbox(h, "INBOX", 7);
	struct ledger_pending *pending;
	uint32_t *uids;
	size_t n;

	assert_int_equal(ledger_pending(h->ledger, box.id, &pending, &n), 0);
	assert_null(pending);
	assert_int_equal(ledger_uids(h->ledger, box.id, &uids, &n), 0);
	assert_null(uids);
	for (uint32_t uid = 200; uid > 0; uid--)
		put_uid(h, box.id, uid, uid <= 50 ? UID_DONE : UID_RECORDED);
	put_uid(h, box.id, 4294967295u, UID_RECORDED);
	put_uid(h, house_mailbox(h, "Junk", 7).id, 999, UID_RECORDED);
	assert_int_equal(ledger_mark(h->ledger, box.id, done, 3, UID_DONE), 0);
	assert_int_equal(
		ledger_mark(h->ledger, box.id, copied, 1, UID_COPIED), 0);
	assert_int_equal(ledger_mark(h->ledger, box.id, NULL, 0, UID_DONE), 0);
	assert_int_equal(ledger_pending(h->ledger, box.id, &pending, &n), 0);
	assert_int_equal(n, 149);
	assert_int_equal(pending[0].uid, 51);
	assert_int_equal(pending[9].uid, 60);
	assert_int_equal(pending[9].state, UID_COPIED);
	assert_int_equal(pending[148].uid, 200);
	assert_int_equal(pending[148].state, UID_RECORDED);
	assert_int_equal(pending[148].class, CLASS_HARD);
	free(pending);
	assert_int_equal(ledger_uids(h->ledger, box.id, &uids, &n), 0);
	assert_int_equal(n, 201);
	assert_int_equal(uids[0], 1);
	assert_int_equal(uids[200], 4294967295u);
	free(uids);
}

static void notes_what_could_not_be_fetched(void **state)
{
	struct house *h = *state;
	struct ledger_mailbox box = house_mailbox(h, "INBOX", 7);
	struct ledger_entry e = {.mailbox = box.id, .uid = 5};
	struct ledger_result r;

	e.uid_state = UID_QUARANTINED;
	r = house_put(h, &e, NOW);
	assert_false(r.duplicate);
	assert_int_equal(r.class, CLASS_UNKNOWN);
	assert_true(house_put(h, &e, NOW).duplicate);
	assert_int_equal(house_count(h, "messages"), 0);
	/* It can be read after all. */
	put_uid(h, box.id, 5, UID_RECORDED);
	assert_int_equal(house_count(h, "events"), 1);
	assert_int_equal(number(h->db, "SELECT state FROM uids"), UID_RECORDED);
	assert_int_equal(number(h->db, "SELECT class FROM uids"), CLASS_HARD);
	/* But what was recorded is not taken back. */
	house_put(h, &e, NOW);
	assert_int_equal(number(h->db, "SELECT state FROM uids"), UID_RECORDED);
}

static void tells_status(void **state)
{
	struct house *h = *state;

	assert_int_equal(ledger_status(h->ledger, "a", "1", NOW), 0);
	assert_int_equal(ledger_status(h->ledger, "a", "2", NOW + 1), 0);
	assert_int_equal(number(h->db, "SELECT count(*) FROM status"
				       " WHERE value = '2'"),
		1);
	assert_int_equal(house_count(h, "status"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(knows_mailboxes),
		TEST(moves_the_cursor_with_the_batch),
		TEST(knows_what_is_still_to_do),
		TEST(notes_what_could_not_be_fetched),
		TEST(tells_status),
	};

	return cmocka_run_group_tests_name(
		"store-ledger-mailbox", tests, NULL, NULL);
}
