/*
 * fill DB N SEED: a database of N suppressed addresses with 3 N events, grown
 * as a daemon would grow it: through the ledger, in the order of time, over two
 * years. In the first each address has its first event, in an order that has
 * nothing to do with their letters; in the second come twice as many later
 * events on random ones of them, three of four hard. There are 336 kinds of
 * them. No evidence is kept, since its size is no matter of the tables.
 *
 * Prints what an address with its first event takes, and what a later event,
 * by table; more than the goals (bytes) is an error. A database that was made
 * before from the same N, SEED and schema is left as it is, and its figures
 * are printed again.
 *
 * Nothing is lost if the machine fails, since one would begin again: so it
 * is written without a journal. That changes no byte of the pages.
 */
#include <err.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "db_private.h"
#include "ledger.h"
#include "world.h"

#define GENERATOR  1
#define BATCH      100000u
#define START      INT64_C(1690000000)
#define YEAR       (INT64_C(365) * 86400)
#define GOAL_FIRST 180.0
#define GOAL_LATER 110.0

struct fill {
	const char *path;
	uint64_t n, seed;
	struct db *db;
	struct ledger *l;
	FILE *made;
	double began;
};

static void fail(const struct db *db)
{
	errx(2, "%s", db_error(db));
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void tell(const struct fill *f, const char *what, uint64_t i, uint64_t n)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%s: %" PRIu64 " of %" PRIu64 ", %.0f s ",
			what, i, n, seconds() - f->began);
}

/* What was answered: one of 336 kinds, by the address's provider. */
static void answer(
	struct verdict *v, uint32_t provider, uint64_t random, bool later)
{
	static const char *const rules[] = {"no-such-user", "unknown-in-table",
		"not-found", "no-mailbox-here", "recipient-not-found",
		"unknown-alias"};
	static const int details[] = {1, 1, 1, 10, 0, 2};
	unsigned k = random % 6;

	v->class = CLASS_HARD;
	v->reason = REASON_USER_UNKNOWN;
	v->status = (struct status){5, 1, (uint16_t)details[k]};
	v->smtp = 550;
	v->rule = str_from(rules[k]);
	v->origin = ORIGIN_MATCHED;
	if (provider < WORLD_PROVIDERS)
		v->provider = str_from(world_providers[provider]);
	v->stream = str_from(random >> 8 & 1 ? "weekly" : "offers");
	if (!later || (random >> 9 & 3))
		return;
	v->class = CLASS_SOFT;
	v->reason = REASON_MAILBOX_FULL;
	v->status = (struct status){5, 2, 2};
	v->smtp = 552;
	v->rule = str_from(random >> 11 & 1 ? "mailbox-full" : "over-quota");
}

static void put(
	struct fill *f, uint64_t event, uint64_t person, bool later, int64_t at)
{
	char address[WORLD_ADDRESS];
	struct verdict v = {0};
	struct verdict_list list = {.v = &v, .n = 1};
	struct ledger_entry e = {.verdicts = &list};
	struct ledger_result result;

	answer(&v, world_address(f->seed, person, address),
		world_random(f->seed, 30, event), later);
	v.recipient = v.recipient_key = str_from(address);
	v.original_sent_at = at - 3;
	list.arrived_at = list.dated_at = at;
	for (unsigned k = 0; k < 2; k++) {
		uint64_t digest = world_random(f->seed, 31 + k, event);

		memcpy(e.digest + 8 * k, &digest, sizeof(digest));
	}
	if (ledger_put(f->l, &e, at + 60, &result))
		fail(f->db);
	if (result.duplicate)
		errx(2, "two events have one digest");
}

/* `count` events from `first` on, spread over the year from `from`. */
static void phase(struct fill *f, const char *what, uint64_t first,
	uint64_t count, bool later, int64_t from)
{
	for (uint64_t i = 0; i < count; i++) {
		uint64_t person =
			later ? world_random(f->seed, 33, i) % f->n : i;
		int64_t at = from + (int64_t)((double)i / (double)count *
					      (double)YEAR);

		if (i % BATCH == 0 && ledger_begin(f->l))
			fail(f->db);
		put(f, first + i, person, later, at);
		if (i % BATCH != BATCH - 1 && i != count - 1)
			continue;
		if (ledger_commit(f->l))
			fail(f->db);
		tell(f, what, i + 1, count);
	}
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
}

static int64_t number(const struct fill *f, const char *sql)
{
	int64_t n = 0;

	if (db_exec_int(f->db, sql, &n))
		fail(f->db);
	return n;
}

/* Bytes by table and index, for each of n. */
static void tables(const struct fill *f, double n, const char *of)
{
	static const char sql[] =
		"SELECT name, sum(pgsize) FROM dbstat WHERE aggregate = TRUE"
		" GROUP BY name HAVING sum(pgsize) > ? ORDER BY 2 DESC";
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(f->db->sqlite, sql, -1, &s, NULL))
		return; /* this SQLite has no dbstat: the total will do */
	sqlite3_bind_double(s, 1, n); /* a byte each */
	while (sqlite3_step(s) == SQLITE_ROW)
		fprintf(f->made, "  %-36s %8.1f bytes %s\n",
			(const char *)sqlite3_column_text(s, 0),
			sqlite3_column_double(s, 1) / n, of);
	sqlite3_finalize(s);
}

static int64_t size(const struct fill *f)
{
	return (number(f, "PRAGMA page_count") -
		       number(f, "PRAGMA freelist_count")) *
	       number(f, "PRAGMA page_size");
}

static void grow(struct fill *f)
{
	double n = (double)f->n;
	int64_t first, all;

	phase(f, "addresses", 0, f->n, false, START);
	first = size(f);
	tables(f, n, "an address with its first event");
	phase(f, "later events", f->n, 2 * f->n, true, START + YEAR);
	all = size(f);
	tables(f, n, "an address with its three events");
	fprintf(f->made,
		"mean address %.2f bytes, %" PRId64 " kinds, %" PRId64
		" suppressed, %.2f GB\n",
		(double)number(f, "SELECT sum(length(local) + 1 +"
				  " length(domain)) FROM addresses a JOIN"
				  " domains d ON d.id = a.domain_id") /
			n,
		number(f, "SELECT count(*) FROM kinds"),
		number(f, "SELECT count(*) FROM suppressions WHERE state = 1"),
		(double)all / 1e9);
	fprintf(f->made, "FIRST %.1f %.0f\nLATER %.1f %.0f\n",
		(double)first / n, GOAL_FIRST, (double)(all - first) / 2 / n,
		GOAL_LATER);
}

static void make(struct fill *f)
{
	struct ledger_settings settings = {.guard = false};
	static const char *const ends[] = {"", "-wal", "-shm"};
	char name[4096];

	for (unsigned i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", f->path, ends[i]);
		(void)unlink(name);
	}
	policy_settings_init(&settings.policy);
	if (db_open(f->path, DB_CREATE, &f->db))
		fail(f->db);
	/* What a product keeps itself from. */
	(void)sqlite3_db_config(
		f->db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	(void)sqlite3_commit_hook(f->db->sqlite, NULL, NULL);
	if (db_exec(f->db, "PRAGMA locking_mode = EXCLUSIVE;"
			   "PRAGMA journal_mode = OFF;"
			   "PRAGMA synchronous = OFF;"
			   "PRAGMA cache_size = -6000000") ||
		ledger_open(f->db, &settings, &f->l))
		fail(f->db);
	grow(f);
	ledger_close(f->l);
	/* For who opens it next. */
	if (db_exec(f->db, "PRAGMA locking_mode = NORMAL;"
			   "PRAGMA journal_mode = WAL"))
		fail(f->db);
	db_close(f->db);
}

/* Print what stands in the file of figures. 1: a goal is missed. */
static int print(const char *name)
{
	FILE *made = fopen(name, "re");
	char line[256];
	double is, goal;
	int status = 0;

	if (!made)
		err(2, "unable to open '%s'", name);
	while (fgets(line, sizeof(line), made)) {
		if (sscanf(line, "%*s %lf %lf", &is, &goal) != 2 ||
			line[0] < 'A' || line[0] > 'Z') {
			fputs(line, stdout);
			continue;
		}
		printf("%s: %.1f bytes (at most %.0f): %.2f%s\n",
			line[0] == 'F' ? "an address with its first event"
				       : "a later event",
			is, goal, is / goal, is > goal ? " MISSED" : "");
		status |= is > goal;
	}
	fclose(made);
	return status;
}

/* Whether it is there, made from the same. */
static bool is_made(const char *name, const char *head)
{
	FILE *made = fopen(name, "re");
	char line[256] = "";
	bool same;

	if (!made)
		return false;
	same = fgets(line, sizeof(line), made) && !strcmp(line, head);
	fclose(made);
	return same;
}

int main(int argc, char **argv)
{
	struct fill f = {.began = seconds()};
	char name[4096], part[4096 + 8], head[256];

	if (argc != 4)
		errx(64, "usage: fill DB N SEED");
	f.path = argv[1];
	f.n = strtoull(argv[2], NULL, 10);
	f.seed = strtoull(argv[3], NULL, 10);
	if (!f.n || f.n > 1u << (WORLD_BITS - 1))
		errx(64, "N is between 1 and %u", 1u << (WORLD_BITS - 1));
	snprintf(name, sizeof(name), "%s.made", f.path);
	snprintf(part, sizeof(part), "%s.part", name);
	snprintf(head, sizeof(head),
		"made by: fill %s %" PRIu64 " %" PRIu64
		" (schema %d, generator %d)\n",
		"DB", f.n, f.seed, DB_VERSION, GENERATOR);
	if (access(f.path, F_OK) || !is_made(name, head)) {
		f.made = fopen(part, "we");
		if (!f.made)
			err(2, "unable to write '%s'", part);
		fputs(head, f.made);
		make(&f);
		if (fclose(f.made) || rename(part, name))
			err(2, "unable to write '%s'", name);
	}
	return print(name);
}
