/*
 * delta: how long the delta of a thousand changes takes among many. The first
 * argument is the database to make, the second the number of suppressions in
 * it. More than LIMIT is an error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ledger.h"
#include "query.h"

#define BATCH   5000
#define CHANGES 1000
#define LIMIT   50.0 /* ms */
#define NOW     INT64_C(1750000000)

static void fail(const struct db *db)
{
	fprintf(stderr, "%s\n", db_error(db));
	exit(2);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void put(struct db *db, struct ledger *l, int i)
{
	char address[64];
	struct verdict v = {.class = CLASS_HARD, .reason = REASON_USER_UNKNOWN};
	struct verdict_list list = {
		.v = &v, .n = 1, .arrived_at = NOW - i / 50};
	struct ledger_entry e = {.verdicts = &list};
	struct ledger_result result;

	snprintf(address, sizeof(address), "somebody.%d@d%d.example", i,
		i % 977);
	v.recipient = v.recipient_key = str_from(address);
	memcpy(e.digest, &i, sizeof(i));
	if (ledger_put(l, &e, NOW, &result))
		fail(db);
}

static void release(struct db *db, struct ledger *l, int i)
{
	char address[64];
	struct ledger_hand h = {
		.scope = str_from("*"), .state = STATE_RELEASED};
	struct ledger_handed did;

	snprintf(address, sizeof(address), "somebody.%d@d%d.example", i,
		i % 977);
	h.address_key = h.seen = str_from(address);
	if (ledger_hand(l, &h, NOW, &did))
		fail(db);
}

static int count(
	void *arg, enum query_delta what, const struct query_suppression *s)
{
	(void)s;
	((int *)arg)[what]++;
	return 0;
}

/* Milliseconds of processor time. */
static double delta(struct db *db, int64_t from, int n[3])
{
	const struct query_filter f = {.reason = -1};
	double begin = seconds();
	int64_t to;

	if (query_last_seq(db, &to) || query_delta(db, &f, from, to, count, n))
		fail(db);
	return (seconds() - begin) * 1e3;
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "delta.db";
	int all = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 1000000,
	    n[3] = {0, 0, 0};
	struct ledger_settings settings = {.guard = false};
	struct ledger *l;
	struct db *db;
	int64_t from;
	double ms;

	policy_settings_init(&settings.policy);
	if (db_open(path, DB_CREATE, &db) || ledger_open(db, &settings, &l))
		fail(db);
	for (int i = 0; i < all; i++) {
		if (i % BATCH == 0 && ledger_begin(l))
			fail(db);
		put(db, l, i);
		if ((i % BATCH == BATCH - 1 || i == all - 1) &&
			ledger_commit(l))
			fail(db);
	}
	if (query_last_seq(db, &from))
		fail(db);
	for (int i = 0; i < CHANGES; i++)
		release(db, l, (int)((int64_t)i * all / CHANGES));
	ms = delta(db, from, n);
	printf("a delta of %d changes among %d suppressions: %.1f ms of "
	       "processor time (at most %.0f)\n",
		n[QUERY_REMOVE], all, ms, LIMIT);
	ledger_close(l);
	db_close(db);
	(void)unlink(path);
	return ms > LIMIT || n[QUERY_REMOVE] != CHANGES;
}
