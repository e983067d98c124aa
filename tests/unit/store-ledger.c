/* store/ledger.c and ledger_intern.c: every mail once, and what it tells. */
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

/* --- once ----------------------------------------------------------------- */

static void records_a_bounce(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");
	struct ledger_result r;
	struct mail m;

	mail_make(&m, &v, 1, 1, NOW - DAY);
	r = house_put(h, &m.entry, NOW);
	assert_false(r.duplicate);
	assert_int_equal(r.class, CLASS_HARD);
	assert_int_equal(r.events, 1);
	assert_int_equal(r.fates[FATE_SUPPRESSED], 1);
	assert_int_equal(
		house_state(h, "a@example.org").state, STATE_SUPPRESSED);
	assert_int_equal(house_state(h, "a@example.org").since, NOW - DAY);
	assert_int_equal(number(h->db, "SELECT at FROM happened"), NOW - DAY);
	assert_int_equal(
		number(h->db, "SELECT id >> 32 FROM happened"), NOW / DAY - 1);
	assert_int_equal(number(h->db, "SELECT sum(n) FROM daily"), 1);
	assert_int_equal(house_count(h, "changes"), 1);
}

static void knows_a_mail_by_its_digest(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");
	struct ledger_result r;
	struct mail m;

	mail_make(&m, &v, 1, 1, NOW - DAY);
	(void)house_put(h, &m.entry, NOW);
	r = house_put(h, &m.entry, NOW);
	assert_true(r.duplicate);
	assert_int_equal(r.class, CLASS_HARD);
	assert_int_equal(r.events, 0);
	for (int f = 0; f < FATE_COUNT; f++)
		assert_int_equal(r.fates[f], 0);
	/* Another Date is another mail; the same day is not enough. */
	m.list.dated_at -= DAY;
	assert_false(house_put(h, &m.entry, NOW).duplicate);
	m.entry.digest[15] ^= 1;
	assert_false(house_put(h, &m.entry, NOW).duplicate);
	assert_int_equal(house_count(h, "events"), 3);
	m.list.dated_at = 0;
	assert_false(house_put(h, &m.entry, NOW).duplicate);
	assert_true(house_put(h, &m.entry, NOW).duplicate);
}

static void knows_a_mail_by_its_uid(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");
	struct mail m;

	mail_make(&m, &v, 1, 1, NOW - DAY);
	m.entry.mailbox = house_mailbox(h, "INBOX", 7).id;
	m.entry.uid = 4294967295u;
	assert_false(house_put(h, &m.entry, NOW).duplicate);
	m.entry.digest[0] ^= 1; /* parsed otherwise by another version */
	assert_true(house_put(h, &m.entry, NOW).duplicate);
	assert_int_equal(house_count(h, "events"), 1);
	assert_int_equal(house_count(h, "messages"), 1);
}

/* Two folders, and the same folder after its UIDs were given anew. */
static void counts_copies_once(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");
	struct ledger_mailbox other;
	struct ledger_pending *pending;
	struct mail m;
	size_t n;

	mail_make(&m, &v, 1, 1, NOW - DAY);
	m.entry.mailbox = house_mailbox(h, "INBOX", 7).id;
	m.entry.uid = 42;
	assert_false(house_put(h, &m.entry, NOW).duplicate);
	m.entry.mailbox = house_mailbox(h, "Spam", 7).id;
	assert_true(house_put(h, &m.entry, NOW).duplicate);
	other = house_mailbox(h, "INBOX", 8);
	assert_true(other.other_epoch);
	m.entry.mailbox = other.id;
	m.entry.uid = 1;
	assert_true(house_put(h, &m.entry, NOW).duplicate);
	assert_int_equal(house_count(h, "events"), 1);
	assert_int_equal(house_count(h, "uids"), 3);
	/* The copy is to be moved as well. */
	assert_int_equal(ledger_pending(h->ledger, other.id, &pending, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(pending[0].uid, 1);
	assert_int_equal(pending[0].class, CLASS_HARD);
	free(pending);
}

static void counts_a_mail_once_within_a_batch(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");
	struct ledger_result r;
	struct mail m;

	mail_make(&m, &v, 1, 1, NOW - DAY);
	assert_int_equal(ledger_begin(h->ledger), 0);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(ledger_put(h->ledger, &m.entry, NOW, &r), 0);
		assert_int_equal(r.duplicate, i > 0);
	}
	assert_int_equal(ledger_commit(h->ledger), 0);
	assert_int_equal(house_count(h, "events"), 1);
}

/* --- what a mail tells ---------------------------------------------------- */

static void every_verdict_has_a_fate(void **state)
{
	static const struct str own[] = {STR("*@news.example.com")};
	static const struct str never[] = {STR("boss@*")};
	struct house *h = *state;
	struct verdict v[8];
	struct ledger_result r;
	struct mail m;
	unsigned all = 0;

	h->settings.own = own;
	h->settings.own_n = 1;
	h->settings.never = never;
	h->settings.never_n = 1;
	v[0] = hard("a@example.org");
	v[1] = hard("a@example.org"); /* twice in one report */
	v[2] = hard("bounces@news.example.com");
	v[3] = hard("boss@example.org");
	v[4] = hard("weak@example.org");
	v[4].weak = true;
	v[5] = hard("full@example.org");
	v[5].class = CLASS_SOFT;
	v[5].reason = REASON_MAILBOX_FULL;
	v[6] = hard("");
	v[6].recipient = v[6].recipient_key = STR_NULL;
	v[7] = v[6];
	v[7].class = CLASS_UNKNOWN;
	v[7].reason = REASON_NONE;
	mail_make(&m, v, 8, 1, NOW - DAY);
	r = house_put(h, &m.entry, NOW);
	assert_int_equal(r.events, 8);
	for (int f = 0; f < FATE_COUNT; f++)
		all += r.fates[f];
	assert_int_equal(all, 8);
	assert_int_equal(r.fates[FATE_SUPPRESSED], 1);
	assert_int_equal(r.fates[FATE_ALREADY], 1);
	assert_int_equal(r.fates[FATE_OWN], 2);
	assert_int_equal(r.fates[FATE_WAITS], 1);
	assert_int_equal(r.fates[FATE_SOFT_WAITS], 1);
	assert_int_equal(r.fates[FATE_CLASS], 1);
	assert_int_equal(r.fates[FATE_NO_RECIPIENT], 1);
	assert_int_equal(number(h->db, "SELECT count(*) FROM happened"
				       " WHERE address_id IS NULL"),
		2);
	assert_int_equal(number(h->db, "SELECT count(*) FROM happened e"
				       " JOIN kinds k ON k.id = kind_id"
				       " WHERE flags & 8"),
		2);
	assert_int_equal(house_count(h, "suppressions"), 1);
}

/* The reason of a delay is that of its cause: it must not make it one. */
static void delays_suppress_nobody(void **state)
{
	struct house *h = *state;
	struct ledger_result r;
	struct verdict one;
	struct mail m;

	for (int reason = 1; reason < REASON_COUNT; reason++) {
		struct verdict v = hard("a@example.org");

		v.class = CLASS_DELAY;
		v.reason = (enum verdict_reason)reason;
		mail_make(&m, &v, 1, (unsigned)reason, NOW - DAY);
		r = house_put(h, &m.entry, NOW);
		assert_int_equal(r.class, CLASS_DELAY);
		assert_int_equal(r.fates[FATE_CLASS], 1);
	}
	assert_int_equal(house_count(h, "suppressions"), 0);
	assert_int_equal(
		number(h->db, "SELECT count(*) FROM daily WHERE class <> 5"),
		0);
	/* A bounce of the same reason and day is another thing. */
	one = hard("a@example.org");
	mail_make(&m, &one, 1, REASON_COUNT, NOW - DAY);
	r = house_put(h, &m.entry, NOW);
	assert_int_equal(r.fates[FATE_SUPPRESSED], 1);
	assert_int_equal(
		number(h->db, "SELECT n FROM daily WHERE class = 1"), 1);
}

static void mail_that_is_no_bounce_gives_no_event(void **state)
{
	struct house *h = *state;
	struct verdict v = {.class = CLASS_NONE};
	struct ledger_result r;
	struct mail m;

	mail_make(&m, &v, 1, 1, NOW);
	r = house_put(h, &m.entry, NOW);
	assert_int_equal(r.class, CLASS_NONE);
	assert_int_equal(r.events, 0);
	assert_int_equal(r.fates[FATE_CLASS], 1);
	assert_true(house_put(h, &m.entry, NOW).duplicate);
	assert_int_equal(house_count(h, "events"), 0);
	assert_int_equal(house_count(h, "messages"), 1);
}

static void knows_when_it_happened(void **state)
{
	static const struct {
		int64_t arrived_at, received_at, at;
	} rows[] = {
		{NOW - 5 * DAY, NOW - DAY,     NOW - 5 * DAY},
		{0,             NOW - DAY,     NOW - DAY    },
		{0,             0,             NOW          },
		{NOW + DAY,     NOW - DAY,     NOW          },
		{0,             NOW + DAY,     NOW          },
		{-5,            NOW - 2 * DAY, NOW - 2 * DAY},
		{1,             0,             1            },
		{INT64_MAX,     INT64_MAX,     NOW          },
		{INT64_MIN,     INT64_MIN,     NOW          },
	};
	struct house *h = *state;

	for (int i = 0; i < 9; i++) {
		struct verdict v = hard("a@example.org");
		char sql[80];
		struct mail m;

		mail_make(&m, &v, 1, i, rows[i].arrived_at);
		m.list.dated_at = INT64_MAX - i; /* hostile */
		m.entry.received_at = rows[i].received_at;
		(void)house_put(h, &m.entry, NOW);
		(void)snprintf(sql, sizeof(sql),
			"SELECT count(*) FROM happened WHERE at = %lld",
			(long long)rows[i].at);
		assert_true(number(h->db, sql) > 0);
	}
	assert_int_equal(house_count(h, "events"), 9);
	assert_int_equal(
		number(h->db, "SELECT count(DISTINCT id)"
			      " FROM happened WHERE id >> 32 = at / 86400"),
		9);
}

static void marks_what_is_stale(void **state)
{
	struct house *h = *state;

	assert_int_equal(
		house_event(h, hard("a@example.org"), 1, NOW - 181 * DAY),
		FATE_STALE);
	assert_int_equal(house_state(h, "a@example.org").state, STATE_ABSENT);
	assert_int_equal(number(h->db, "SELECT flags FROM kinds"), EVENT_STALE);
}

/* An attacker's strings are bytes. */
static void keeps_hostile_strings(void **state)
{
	static const char nul[] = "a\0'); DROP TABLE events; --@example.org";
	struct house *h = *state;
	struct verdict v[4];
	char longer[700];
	struct ledger_result r;
	struct mail m;

	memset(longer, 'l', sizeof(longer));
	v[0] = hard("'\"; DROP TABLE events; --@example.org");
	v[1] = hard("x");
	v[1].recipient_key = str_of(nul, sizeof(nul) - 1);
	v[1].provider = str_of(nul, sizeof(nul) - 1);
	v[1].rule = v[1].stream = str_of(longer, sizeof(longer));
	v[1].evidence = str_of(nul, sizeof(nul) - 1);
	v[2] = hard("\xff\xfe@example.org");
	v[3] = hard("x");
	v[3].recipient_key = str_of(longer, sizeof(longer));
	mail_make(&m, v, 4, 1, NOW - DAY);
	m.entry.account = str_of(nul, sizeof(nul) - 1);
	m.entry.source = str_of(longer, sizeof(longer));
	r = house_put(h, &m.entry, NOW);
	assert_int_equal(r.fates[FATE_SUPPRESSED], 3);
	assert_int_equal(r.fates[FATE_NO_RECIPIENT], 1);
	assert_int_equal(house_count(h, "events"), 4);
	assert_int_equal(
		number(h->db,
			"SELECT count(*) FROM people WHERE address ="
			" CAST(X'6100' AS TEXT) || '''); DROP TABLE events;"
			" --@example.org'"),
		1);
	assert_int_equal(number(h->db, "SELECT max(length(CAST(label AS BLOB)))"
				       " FROM labels"),
		255);
}

static void keeps_what_was_seen(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");

	v.recipient = str_from("A@Example.ORG");
	(void)house_event(h, v, 1, NOW);
	(void)house_event(h, hard("b@example.org"), 2, NOW);
	assert_int_equal(number(h->db, "SELECT count(*) FROM people"
				       " WHERE seen = 'A@Example.ORG'"),
		1);
	assert_int_equal(number(h->db, "SELECT count(*) FROM people"
				       " WHERE seen IS NULL"),
		1);
}

/* One kind serves many events; what differs in anything is another. */
static void shares_kinds(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");

	for (int i = 0; i < 20; i++)
		(void)house_event(h, v, i, NOW);
	assert_int_equal(house_count(h, "kinds"), 1);
	v.smtp = 551;
	(void)house_event(h, v, 20, NOW);
	v.stream = str_from("weekly");
	(void)house_event(h, v, 21, NOW);
	assert_int_equal(house_count(h, "kinds"), 3);
	assert_int_equal(
		number(h->db, "SELECT count(DISTINCT n) FROM daily"), 2);
	assert_int_equal(number(h->db, "SELECT sum(n) FROM daily"), 22);
}

/* --- failures ------------------------------------------------------------- */

static void survives_a_full_disk(void **state)
{
	struct house *h = *state;
	struct ledger_result r;
	int rc = 0;

	(void)house_event(h, hard("first@example.org"), 1, NOW);
	assert_int_equal(db_exec(h->db, "PRAGMA max_page_count = 80"), 0);
	assert_int_equal(ledger_begin(h->ledger), 0);
	for (int i = 2; !rc && i < 9000; i++) {
		char address[40];
		struct verdict v;
		struct mail m;

		(void)snprintf(address, sizeof(address), "a%d@b.example", i);
		v = hard(address);
		mail_make(&m, &v, 1, i, NOW);
		rc = ledger_put(h->ledger, &m.entry, NOW, &r);
	}
	assert_int_equal(rc, -1);
	assert_int_equal(db_fault(h->db), DB_FULL);
	ledger_rollback(h->ledger);
	assert_int_equal(house_count(h, "events"), 1);
	assert_int_equal(db_exec(h->db, "PRAGMA max_page_count = 100000"), 0);
	assert_int_equal(
		house_event(h, hard("b@example.org"), 2, NOW), FATE_SUPPRESSED);
}

/* Another program records between two transactions of this one. */
static void shares_the_database(void **state)
{
	struct house *h = *state;
	struct house other = {.settings = h->settings};

	memcpy(other.path, h->path, sizeof(other.path));
	other.db = house_db(&other, DB_WRITE);
	assert_int_equal(
		ledger_open(other.db, &other.settings, &other.ledger), 0);
	for (int i = 0; i < 20; i++)
		(void)house_event(
			i % 2 ? h : &other, hard("a@example.org"), i, NOW);
	ledger_close(other.ledger);
	db_close(other.db);
	assert_int_equal(house_count(h, "events"), 20);
	assert_int_equal(house_count(h, "kinds"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(records_a_bounce),
		TEST(knows_a_mail_by_its_digest),
		TEST(knows_a_mail_by_its_uid),
		TEST(counts_copies_once),
		TEST(counts_a_mail_once_within_a_batch),
		TEST(every_verdict_has_a_fate),
		TEST(delays_suppress_nobody),
		TEST(mail_that_is_no_bounce_gives_no_event),
		TEST(knows_when_it_happened),
		TEST(marks_what_is_stale),
		TEST(keeps_hostile_strings),
		TEST(keeps_what_was_seen),
		TEST(shares_kinds),
		TEST(survives_a_full_disk),
		TEST(shares_the_database),
	};

	return cmocka_run_group_tests_name("store-ledger", tests, NULL, NULL);
}
