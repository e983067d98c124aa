/*
 * What the tests of store/ share: a folder that goes away with its test, a
 * ledger in it, and verdicts in one line. Each test program has its own copy.
 */
#ifndef STORE_HOUSE_H
#define STORE_HOUSE_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db_private.h"
#include "ledger.h"
#include "query.h"
#include "store_views.h"

#define DAY 86400
#define NOW (INT64_C(20000) * DAY + 43200) /* 2024-10-04 12:00 */

struct house {
	char dir[64];
	char path[128];
	struct db *db;
	struct ledger_settings settings;
	struct ledger *ledger;
};

static inline void house_folder(struct house *h)
{
	(void)snprintf(h->dir, sizeof(h->dir), "/tmp/bouncewatch-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
	(void)snprintf(h->path, sizeof(h->path), "%s/test.db", h->dir);
}

static inline void house_remove(const struct house *h)
{
	DIR *d = opendir(h->dir);
	struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			assert_int_equal(unlinkat(dirfd(d), e->d_name, 0), 0);
	closedir(d);
	assert_int_equal(rmdir(h->dir), 0);
}

/* Open, and fail the test with the reason when it does not. */
static inline struct db *house_db(const struct house *h, enum db_mode mode)
{
	struct db *db;

	if (db_open(h->path, mode, &db))
		fail_msg("%s", db_error(db));
	if (db_read_begin(db) || db_exec(db, store_views))
		fail_msg("%s", db_error(db));
	db_read_end(db);
	return db;
}

static inline void house_open(struct house *h)
{
	memset(h, 0, sizeof(*h));
	house_folder(h);
	h->db = house_db(h, DB_WATCH);
	policy_settings_init(&h->settings.policy);
	h->settings.keep_evidence = true;
	assert_int_equal(ledger_open(h->db, &h->settings, &h->ledger), 0);
}

static inline void house_close(struct house *h)
{
	ledger_close(h->ledger);
	db_close(h->db);
	house_remove(h);
}

/* The one number that a query gives. */
static inline int64_t number(struct db *db, const char *sql)
{
	int64_t n;

	if (db_exec_int(db, sql, &n))
		fail_msg("%s: %s", sql, db_error(db));
	return n;
}

static inline int64_t house_count(struct house *h, const char *table)
{
	char sql[64];

	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
	return number(h->db, sql);
}

/* Transactions and statements that must not fail. */
static inline void house_begin(struct db *db)
{
	if (db_begin(db))
		fail_msg("%s", db_error(db));
}

static inline void house_commit(struct db *db)
{
	if (db_commit(db))
		fail_msg("%s", db_error(db));
}

static inline void house_exec(struct db *db, const char *sql)
{
	if (db_exec(db, sql))
		fail_msg("%s: %s", sql, db_error(db));
}

static inline struct ledger_mailbox house_mailbox(
	struct house *h, const char *folder, uint32_t uidvalidity)
{
	struct ledger_mailbox m;

	if (ledger_mailbox(h->ledger, str_from("news"), str_from(folder),
		    uidvalidity, &m))
		fail_msg("%s", db_error(h->db));
	return m;
}

/* A hard bounce, user unknown. */
static inline struct verdict hard(const char *address)
{
	return (struct verdict){
		.class = CLASS_HARD,
		.reason = REASON_USER_UNKNOWN,
		.recipient = str_from(address),
		.recipient_key = str_from(address),
		.status = {5, 1, 1},
		.smtp = 550,
		.provider = str_from("google"),
		.rule = str_from("user-unknown"),
		.evidence = str_from("Status: 5.1.1\n"),
	};
}

static inline struct verdict complaint(
	const char *address, enum verdict_reason reason, const char *stream)
{
	struct verdict v = hard(address);

	v.class = CLASS_COMPLAINT;
	v.reason = reason;
	v.stream = str_from(stream);
	return v;
}

/* A mail with verdicts v, told apart by number, that happened at `at`. */
struct mail {
	struct verdict_list list;
	struct ledger_entry entry;
};

static inline void mail_make(
	struct mail *m, struct verdict *v, size_t n, int number_, int64_t at)
{
	memset(m, 0, sizeof(*m));
	m->list = (struct verdict_list){
		.v = v, .n = n, .arrived_at = at, .dated_at = at};
	m->entry.verdicts = &m->list;
	m->entry.account = str_from("news");
	m->entry.source = str_from("a test");
	memcpy(m->entry.digest, &number_, sizeof(number_));
}

/* Record in a transaction of its own. */
static inline struct ledger_result house_put(
	struct house *h, const struct ledger_entry *e, int64_t now)
{
	struct ledger_result r = {.events = 0};

	if (ledger_begin(h->ledger) || ledger_put(h->ledger, e, now, &r) ||
		ledger_commit(h->ledger))
		fail_msg("%s", db_error(h->db));
	return r;
}

/* Record one verdict, as a mail of its own; what became of it. */
static inline enum fate house_event(
	struct house *h, struct verdict v, int number_, int64_t at)
{
	struct ledger_result r;
	struct mail m;

	mail_make(&m, &v, 1, number_, at);
	r = house_put(h, &m.entry, NOW);
	for (int f = 0; f < FATE_COUNT; f++)
		if (r.fates[f])
			return (enum fate)f;
	return FATE_COUNT;
}

/* An incident of its own; its id. */
static inline int64_t house_incident(struct house *h, struct ledger_incident *i)
{
	if (ledger_begin(h->ledger) || ledger_incident_add(h->ledger, i) ||
		ledger_commit(h->ledger))
		fail_msg("%s", db_error(h->db));
	return i->id;
}

/* By hand, in one scope: whether that changed anything. */
static inline bool house_hand(struct house *h, const char *address,
	const char *scope, enum state state, int64_t now)
{
	const struct ledger_hand by = {
		.address_key = str_from(address),
		.seen = str_from(address),
		.scope = str_from(scope),
		.state = state,
		.note = str_from("ann: because"),
	};
	struct ledger_handed did;

	if (ledger_hand(h->ledger, &by, now, &did))
		fail_msg("%s", db_error(h->db));
	return did.changed;
}

static inline int keep_suppression(void *arg, const struct query_suppression *s)
{
	struct query_suppression *to = arg;

	*to = *s;
	to->address = to->seen = to->scope = STR_NULL;
	return 0;
}

/* What holds for an address (of the last of its scopes), at NOW. */
static inline struct query_suppression house_state(
	struct house *h, const char *address)
{
	struct query_suppression s = {.state = STATE_ABSENT};

	assert_int_equal(query_check(h->db, str_from(address), NOW,
				 keep_suppression, &s),
		0);
	return s;
}

#endif
