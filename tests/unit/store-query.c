/* store/query.c, and the public view: what is asked of one address, and of
 * the whole. */
#include "test.h"

#include <sqlite3.h>

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

/* What callbacks got, a line each. */
struct page {
	char text[8192];
	size_t n;
	int stop_after; /* 0: never */
	int calls;
};

__attribute__((format(printf, 2, 3))) static int add_line(
	struct page *p, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(p->text + p->n, sizeof(p->text) - p->n, format, ap);
	va_end(ap);
	assert_in_range(n, 1, sizeof(p->text) - p->n - 1);
	p->n += (size_t)n;
	return ++p->calls == p->stop_after ? 7 : 0;
}

static int add_suppression(void *arg, const struct query_suppression *s)
{
	return add_line(arg, STR_FMT " " STR_FMT " " STR_FMT " %s %s %s\n",
		STR_ARG(s->address), STR_ARG(s->seen), STR_ARG(s->scope),
		state_word(s->state), reason_word(s->reason),
		cause_word(s->cause));
}

/* --- one address ---------------------------------------------------------- */

static void checks_all_scopes(void **state)
{
	struct house *h = *state;
	struct verdict v = complaint("a@example.org", REASON_ABUSE, "weekly");
	struct page p = {.n = 0};

	v.recipient = str_from("A@Example.org");
	(void)house_event(h, v, 1, NOW - DAY);
	(void)house_event(h, hard("a@example.org"), 2, NOW - DAY);
	house_hand(h, "a@example.org", "news", STATE_RELEASED, NOW);
	(void)house_event(h, hard("other@example.org"), 3, NOW - DAY);
	assert_int_equal(query_check(h->db, str_from("a@example.org"), NOW,
				 add_suppression, &p),
		0);
	assert_string_equal(p.text,
		"a@example.org A@Example.org * suppressed user-unknown policy\n"
		"a@example.org A@Example.org weekly suppressed abuse policy\n"
		"a@example.org A@Example.org news released manual hand\n");
	p = (struct page){.stop_after = 1};
	assert_int_equal(query_check(h->db, str_from("a@example.org"), NOW,
				 add_suppression, &p),
		7);
	assert_int_equal(p.calls, 1);
	p = (struct page){.n = 0};
	assert_int_equal(query_check(h->db, str_from("nobody@example.org"), NOW,
				 add_suppression, &p),
		0);
	assert_int_equal(p.calls, 0);
}

/* Seen to fail: whom a damaged database only half knew might be mailed. */
static void what_lost_its_change_is_suppressed(void **state)
{
	struct house *h = *state;
	struct page p = {.n = 0};

	(void)house_event(h, hard("a@example.org"), 1, NOW - DAY);
	house_exec(h->db, "PRAGMA foreign_keys = OFF");
	house_begin(h->db);
	house_exec(h->db, "DROP TRIGGER changes_are_not_deleted");
	house_exec(h->db, "DELETE FROM changes");
	house_commit(h->db);
	assert_int_equal(query_check(h->db, str_from("a@example.org"), NOW,
				 add_suppression, &p),
		0);
	assert_int_equal(p.calls, 1);
}

static void leaves_out_what_has_expired(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");
	struct page p = {.n = 0};
	size_t n;

	v.reason = REASON_MAILBOX_DISABLED;
	(void)house_event(h, v, 1, NOW - DAY);
	assert_int_equal(query_check(h->db, str_from("a@example.org"),
				 NOW + 179 * DAY - 1, add_suppression, &p),
		0);
	assert_int_equal(p.calls, 1);
	assert_int_equal(query_check(h->db, str_from("a@example.org"),
				 NOW + 179 * DAY, add_suppression, &p),
		0);
	assert_int_equal(p.calls, 1);
	assert_int_equal(ledger_expire(h->ledger, NOW + 200 * DAY, &n), 0);
	assert_int_equal(query_check(h->db, str_from("a@example.org"), NOW,
				 add_suppression, &p),
		0);
	assert_int_equal(p.calls, 1);
}

static int add_event(void *arg, const struct query_event *e)
{
	char status[16];

	return add_line(arg,
		"%lld %s %s %s %s %d %u %d [" STR_FMT "] [" STR_FMT
		"] [" STR_FMT "] [" STR_FMT "] [" STR_FMT "] [" STR_FMT "]\n",
		(long long)(NOW - e->at) / DAY, fate_word(e->fate),
		class_word(e->class), reason_word(e->reason),
		status_format(e->status, status), e->smtp, e->flags, e->origin,
		STR_ARG(e->provider), STR_ARG(e->stream), STR_ARG(e->account),
		STR_ARG(e->rule), STR_ARG(e->source), STR_ARG(e->evidence));
}

static void tells_events_with_their_evidence(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");
	struct page p = {.n = 0};

	(void)house_event(h, v, 1, NOW - DAY);
	v.class = CLASS_SOFT;
	v.reason = REASON_MAILBOX_FULL;
	v.status = (struct status){4, 2, 122};
	v.smtp = 0;
	v.provider = v.rule = STR_NULL;
	v.stream = str_from("weekly");
	v.origin = ORIGIN_MATCHED;
	v.forwarded = v.weak = true;
	h->settings.keep_evidence = false;
	(void)house_event(h, v, 2, NOW - 3 * DAY);
	assert_int_equal(
		query_events(h->db, str_from("a@example.org"), add_event, &p),
		0);
	assert_string_equal(p.text,
		"3 already soft mailbox-full 4.2.122 0 3 1 [] [weekly] [news] "
		"[] "
		"[] []"
		"\n"
		"1 suppressed hard user-unknown 5.1.1 550 0 0 [google] [] "
		"[news] "
		"[user-unknown] [a test] [Status: 5.1.1\n]\n");
	assert_int_equal(
		query_events(h->db, str_from("b@example.org"), add_event, &p),
		0);
	assert_int_equal(p.calls, 2);
}

struct order {
	int64_t last, n;
};

static int in_order(void *arg, const struct query_event *e)
{
	struct order *o = arg;

	assert_true(e->at >= o->last);
	o->last = e->at;
	o->n++;
	return 0;
}

/* More than a page of them, recorded newest first within each day. */
static void tells_many_events_in_order(void **state)
{
	struct house *h = *state;
	struct order o = {0, 0};

	house_begin(h->db);
	for (int i = 0; i < 1000; i++) {
		struct verdict v = hard("a@example.org");
		struct ledger_result r;
		struct mail m;

		mail_make(&m, &v, 1, i, NOW - (i % 10) * DAY - (i / 10) * 60);
		assert_int_equal(ledger_put(h->ledger, &m.entry, NOW, &r), 0);
	}
	house_commit(h->db);
	assert_int_equal(
		query_events(h->db, str_from("a@example.org"), in_order, &o),
		0);
	assert_int_equal(o.n, 1000);
}

static int add_change(void *arg, const struct query_change *c)
{
	return add_line(arg, "%s %s " STR_FMT " %s %s %d %d " STR_FMT "\n",
		state_word(c->old_state), state_word(c->new_state),
		STR_ARG(c->scope), reason_word(c->reason), cause_word(c->cause),
		c->event_id != 0, c->expires_at != 0, STR_ARG(c->note));
}

static void tells_changes(void **state)
{
	struct house *h = *state;
	struct verdict v = hard("a@example.org");
	struct page p = {.n = 0};

	v.reason = REASON_MAILBOX_DISABLED;
	(void)house_event(h, v, 1, NOW - 2 * DAY);
	(void)house_event(h, v, 2, NOW - DAY);
	house_hand(h, "a@example.org", "*", STATE_RELEASED, NOW);
	house_hand(h, "b@example.org", "*", STATE_SUPPRESSED, NOW);
	assert_int_equal(
		query_changes(h->db, str_from("a@example.org"), add_change, &p),
		0);
	assert_string_equal(p.text,
		"absent suppressed * mailbox-disabled policy 1 1 \n"
		"suppressed suppressed * mailbox-disabled policy 1 1 \n"
		"suppressed released * manual hand 0 0 ann: because\n");
	for (int i = 0; i < 300; i++)
		house_hand(h, "b@example.org", "*",
			i % 2 ? STATE_SUPPRESSED : STATE_RELEASED, NOW);
	p = (struct page){.stop_after = 100};
	assert_int_equal(
		query_changes(h->db, str_from("b@example.org"), add_change, &p),
		7);
	assert_int_equal(p.calls, 100);
}

/* --- callbacks ------------------------------------------------------------ */

static int writes(void *arg, const struct query_suppression *s)
{
	struct house *h = arg;

	(void)s;
	return ledger_status(h->ledger, "from a callback", "1", NOW) ? 1 : 0;
}

static void callbacks_may_use_the_store(void **state)
{
	struct house *h = *state;
	struct query_filter f = {.reason = -1, .now = NOW};

	(void)house_event(h, hard("a@example.org"), 1, NOW);
	assert_int_equal(
		query_check(h->db, str_from("a@example.org"), NOW, writes, h),
		0);
	assert_int_equal(query_export(h->db, &f, writes, h), 0);
	assert_int_equal(house_count(h, "status"), 1);
}

/* --- the whole ------------------------------------------------------------ */

static int add_status(void *arg, struct str name, struct str value, int64_t at)
{
	return add_line(arg, STR_FMT "=" STR_FMT " %lld\n", STR_ARG(name),
		STR_ARG(value), (long long)at);
}

static void tells_status(void **state)
{
	struct house *h = *state;
	struct page p = {.n = 0};

	assert_int_equal(ledger_status(h->ledger, "b", "two", 2), 0);
	assert_int_equal(ledger_status(h->ledger, "a", "one", 1), 0);
	assert_int_equal(ledger_status(h->ledger, "b", "three", 3), 0);
	assert_int_equal(query_status(h->db, add_status, &p), 0);
	assert_string_equal(p.text, "a=one 1\nb=three 3\n");
}

static int add_mailbox(void *arg, const struct query_mailbox *m)
{
	return add_line(arg, STR_FMT "/" STR_FMT " %u %u %lld %lld\n",
		STR_ARG(m->account), STR_ARG(m->folder), m->uidvalidity,
		m->last_uid, (long long)m->seen_at, (long long)m->pending);
}

static void tells_mailboxes(void **state)
{
	struct house *h = *state;
	struct ledger_mailbox old = house_mailbox(h, "INBOX", 4294967295u);
	struct verdict v = hard("a@example.org");
	struct page p = {.n = 0};
	struct mail m;

	(void)house_mailbox(h, "Spam", 3);
	(void)house_mailbox(h, "INBOX", 5);
	mail_make(&m, &v, 1, 1, NOW);
	m.entry.mailbox = old.id;
	m.entry.uid = 4294967295u;
	(void)house_put(h, &m.entry, NOW);
	house_begin(h->db);
	assert_int_equal(ledger_cursor(h->ledger, old.id, 4294967295u), 0);
	house_commit(h->db);
	assert_int_equal(ledger_seen(h->ledger, old.id, 77), 0);
	assert_int_equal(query_mailboxes(h->db, add_mailbox, &p), 0);
	assert_string_equal(p.text, "news/INBOX 5 0 0 0\n"
				    "news/INBOX 4294967295 4294967295 77 1\n"
				    "news/Spam 3 0 0 0\n");
}

static void tells_totals(void **state)
{
	struct house *h = *state;
	struct query_totals t;
	struct verdict v = hard("c@example.org");

	assert_int_equal(query_totals(h->db, NOW, &t), 0);
	assert_int_equal(t.messages + t.events + t.addresses + t.suppressed, 0);
	assert_int_equal(t.last_event_at, 0);
	(void)house_event(h, hard("a@example.org"), 1, NOW - DAY);
	(void)house_event(h, hard("a@example.org"), 2, NOW - 2 * DAY);
	(void)house_event(h, hard("b@example.org"), 3, NOW - 2 * DAY);
	v.reason = REASON_OWNER_CHANGED;
	(void)house_event(h, v, 4, NOW - 2 * DAY);
	house_hand(h, "b@example.org", "*", STATE_RELEASED, NOW);
	assert_int_equal(query_totals(h->db, NOW, &t), 0);
	assert_int_equal(t.messages, 4);
	assert_int_equal(t.events, 4);
	assert_int_equal(t.addresses, 3);
	assert_int_equal(t.suppressed, 2);
	assert_int_equal(t.held, 0);
	assert_int_equal(t.released, 1);
	assert_int_equal(t.last_event_at, NOW - DAY);
	assert_int_equal(t.schema_version, DB_VERSION);
	assert_true(t.bytes >= 20 * 4096);
	assert_int_equal(query_totals(h->db, NOW + 200 * DAY, &t), 0);
	assert_int_equal(t.suppressed, 1);
}

/* --- the public view ------------------------------------------------------ */

/* As a Postfix table asks, through a connection that knows nothing of us. */
static int64_t ask(struct house *h, const char *sql, const char *address)
{
	sqlite3 *db;
	sqlite3_stmt *s;
	int64_t n = -1;

	assert_int_equal(
		sqlite3_open_v2(h->path, &db, SQLITE_OPEN_READONLY, NULL),
		SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL))
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_bind_text(s, 1, address, -1, SQLITE_STATIC);
	if (sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

static void shows_what_may_not_be_mailed(void **state)
{
	static const char all[] =
		"SELECT count(*) FROM suppressed WHERE address = ?";
	static const char everywhere[] = "SELECT count(*) FROM suppressed"
					 " WHERE address = ? AND scope = '*'";
	struct house *h = *state;
	struct verdict v = complaint("b@example.org", REASON_ABUSE, "weekly");

	(void)house_event(h, hard("a@example.org"), 1, NOW - DAY);
	(void)house_event(h, v, 2, NOW - DAY);
	(void)house_event(h, hard("c@example.org"), 3, NOW - DAY);
	house_hand(h, "c@example.org", "*", STATE_RELEASED, NOW);
	v = hard("d@example.org");
	v.reason = REASON_MAILBOX_DISABLED; /* expired long before today */
	(void)house_event(h, v, 4, NOW - DAY);
	assert_int_equal(ask(h, all, "a@example.org"), 1);
	assert_int_equal(ask(h, everywhere, "a@example.org"), 1);
	assert_int_equal(ask(h, all, "b@example.org"), 1);
	assert_int_equal(ask(h, everywhere, "b@example.org"), 0);
	assert_int_equal(ask(h, all, "c@example.org"), 0);
	assert_int_equal(ask(h, all, "d@example.org"), 0);
	assert_int_equal(ask(h,
				 "SELECT reason = 'user-unknown' AND"
				 " since = '2024-10-03T12:00:00Z' AND"
				 " expires IS NULL FROM suppressed"
				 " WHERE address = ?",
				 "a@example.org"),
		1);
}

/* Every mail asks: no table may be walked, however large it is. */
static void answers_by_index(void **state)
{
	struct house *h = *state;
	sqlite3_stmt *s;
	int rows = 0;

	if (sqlite3_prepare_v2(h->db->sqlite,
		    "EXPLAIN QUERY PLAN SELECT reason FROM suppressed"
		    " WHERE address = ? AND scope = '*'",
		    -1, &s, NULL))
		fail_msg("%s", sqlite3_errmsg(h->db->sqlite));
	while (sqlite3_step(s) == SQLITE_ROW) {
		const char *line = (const char *)sqlite3_column_text(s, 3);

		rows++;
		if (!strstr(line, "SEARCH"))
			fail_msg("%s", line);
	}
	sqlite3_finalize(s);
	assert_true(rows >= 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(checks_all_scopes),
		TEST(what_lost_its_change_is_suppressed),
		TEST(leaves_out_what_has_expired),
		TEST(tells_events_with_their_evidence),
		TEST(tells_many_events_in_order),
		TEST(tells_changes),
		TEST(callbacks_may_use_the_store),
		TEST(tells_status),
		TEST(tells_mailboxes),
		TEST(tells_totals),
		TEST(shows_what_may_not_be_mailed),
		TEST(answers_by_index),
	};

	return cmocka_run_group_tests_name("store-query", tests, NULL, NULL);
}
