/*
 * judge: what policy and the guard cost a bounce, in processor time.
 *
 * A hundred thousand bounces of fifty thousand addresses, two of each, a week
 * apart, three in five in four great domains and the rest in a thousand small
 * ones, are recorded with policy switched off for their class,
 * with policy, and with policy and guard. What policy makes the ledger write (a
 * suppression and its row in the log) is no part of its cost: that is the pure
 * function, with what the guard adds to the ledger. The least of three rounds
 * counts; more than LIMIT is an error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ledger.h"

#define BOUNCES 100000
#define BATCH   500
#define ROUNDS  3
#define LIMIT   5.0 /* us */
#define NOW     INT64_C(1750000000)
#define DAY     86400

struct run {
	const char *path;
	struct ledger_settings settings;
	enum verdict_reason reason;
	enum verdict_class class;
};

static void fail(const char *what, const struct db *db)
{
	fprintf(stderr, "%s: %s\n", what, db ? db_error(db) : "");
	exit(2);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void put(struct ledger *l, const struct run *r, int i)
{
	int who = i % (BOUNCES / 2);
	bool second = i >= BOUNCES / 2;
	char address[64];
	struct verdict v = {.class = r->class, .reason = r->reason};
	struct verdict_list list = {.v = &v, .n = 1};
	struct ledger_entry e = {.verdicts = &list};
	struct ledger_result result;

	if (who % 5 < 3)
		snprintf(address, sizeof(address), "somebody.%d@big%d.example",
			who, who % 4);
	else
		snprintf(address, sizeof(address), "somebody.%d@d%d.example",
			who, who % 977);
	v.recipient = v.recipient_key = str_from(address);
	v.provider = str_from(who % 3 ? "google" : "microsoft");
	v.rule = str_from("user-unknown");
	list.arrived_at = NOW - (second ? 7 : 14) * DAY + i / 50;
	list.dated_at = list.arrived_at;
	memcpy(e.digest, &i, sizeof(i));
	if (ledger_put(l, &e, NOW, &result))
		fail("ledger_put", NULL);
}

/* Microseconds of processor time a bounce. */
static double record(const struct run *r)
{
	struct ledger *l;
	struct db *db;
	double begin;

	(void)unlink(r->path);
	if (db_open(r->path, DB_CREATE, &db) ||
		ledger_open(db, &r->settings, &l))
		fail(r->path, db);
	begin = seconds();
	for (int i = 0; i < BOUNCES; i++) {
		if (i % BATCH == 0 && ledger_begin(l))
			fail("begin", db);
		put(l, r, i);
		if (i % BATCH == BATCH - 1 && ledger_commit(l))
			fail("commit", db);
	}
	begin = seconds() - begin;
	ledger_close(l);
	db_close(db);
	return begin * 1e6 / BOUNCES;
}

static double least(const struct run *r)
{
	double best = 1e9;

	for (int i = 0; i < ROUNDS; i++) {
		double t = record(r);

		if (t < best)
			best = t;
	}
	return best;
}

/* The pure function alone, with a history of n events. */
static double decide(int n)
{
	struct policy_event events[POLICY_HISTORY];
	struct policy_history h = {
		.events = events, .n = (size_t)n, .decider = -1};
	struct policy_settings s;
	struct policy_event e = {.at = NOW - DAY,
		.class = CLASS_SOFT,
		.reason = REASON_MAILBOX_FULL};
	int64_t sum = 0;
	double begin;

	policy_settings_init(&s);
	for (int i = 0; i < n; i++) {
		events[i] = e;
		events[i].at -= (int64_t)(i + 1) * 3600;
	}
	begin = seconds();
	for (int i = 0; i < 200000; i++)
		sum += policy_decide(&s, &h, &e, NOW).since;
	/* The sum is used, so that nothing is left out. */
	return (seconds() - begin) * 1e6 / 200000 + (sum < 0 ? 1e6 : 0);
}

int main(int argc, char **argv)
{
	struct run r = {.path = argc > 1 ? argv[1] : "judge.db",
		.class = CLASS_HARD,
		.reason = REASON_USER_UNKNOWN};
	double off, block, policy, both, guard;

	policy_settings_init(&r.settings.policy);
	r.settings.policy.suppress_hard = false;
	off = least(&r);
	r.settings.policy.suppress_hard = true;
	policy = least(&r);
	r.settings.guard = true;
	both = least(&r);
	r.class = CLASS_BLOCK;
	r.reason = REASON_SPAM;
	block = least(&r);
	guard = both - policy;
	printf("ledger_put, us of processor time a bounce: a block %.2f, "
	       "policy "
	       "off %.2f, with policy %.2f (writes its suppressions), and with "
	       "guard %.2f\n",
		block, off, policy, both);
	printf("policy alone: %.3f us for a first event, %.3f after 10, %.3f "
	       "after 100\n",
		decide(0), decide(10), decide(100));
	printf("policy and guard: %.2f us a bounce (at most %.0f)\n",
		decide(0) + guard, LIMIT);
	(void)unlink(r.path);
	return decide(0) + guard > LIMIT;
}
