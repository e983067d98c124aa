/*
 * years DB EVENTS SEED: a database of EVENTS events of ten years, for `report`.
 * Each third is the first one of an address, which suppresses it, the others
 * come to random ones of those known by then: so what a week's events refer to
 * lies all over the table of addresses, the worst case. A sixth is soft and a
 * ninth a block; 20 streams, 20 providers and 200,000 small domains of the
 * world (world.h), in 30,000 combinations of what can be said of an event.
 *
 * Of the last 75 days it is told how much was sent to each domain: a million
 * mails a day, as import sent tells them.
 *
 * The rows are those that the ledger would have made (`db check` tells), but
 * made straight (bulk.h): thirty million in minutes. One that was made before
 * from the same is left as it is. Its last day is day 20450, 2025-12-28.
 */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bulk.h"
#include "ledger_sent.h"
#include "policy.h"
#include "verdict.h"
#include "world.h"

#define GENERATOR 2
#define DAYS      INT64_C(3650)
#define LAST_DAY  INT64_C(20450)
#define FIRST_DAY (LAST_DAY - DAYS + 1)
#define SENT_DAYS 75
#define STREAMS   20
#define RULES     24
#define PLACES    (WORLD_PROVIDERS + 1) /* the last: none */
#define LABEL(i)  (int64_t)(2 + (i))    /* 0 and 1 are "" and "*" */

static const struct answer {
	enum verdict_class class;
	enum verdict_reason reason;
	int64_t status, smtp;
} answers[] = {
	{CLASS_HARD,  REASON_USER_UNKNOWN,     5001001, 550},
	{CLASS_HARD,  REASON_MAILBOX_DISABLED, 5002001, 550},
	{CLASS_SOFT,  REASON_MAILBOX_FULL,     5002002, 552},
	{CLASS_BLOCK, REASON_SPAM,             5007001, 554},
};

#define ANSWERS (int)(sizeof(answers) / sizeof(answers[0]))

struct years {
	uint64_t n, seed;
	struct db *db;
	sqlite3_stmt *event, *message, *address, *suppression, *change, *daily;
	int64_t day, number, addresses;
	int64_t counts[ANSWERS][PLACES][STREAMS]; /* of this day */
};

/* --- what events refer to --- */

static void labels(struct years *y)
{
	sqlite3_stmt *s = bulk_prepare(
		y->db, "INSERT INTO labels (id, label) VALUES (?, ?)");
	char text[32];

	for (int i = 0; i < WORLD_PROVIDERS + STREAMS + RULES; i++) {
		if (i < WORLD_PROVIDERS)
			(void)snprintf(
				text, sizeof(text), "%s", world_providers[i]);
		else
			(void)snprintf(text, sizeof(text), "%s-%d",
				i < WORLD_PROVIDERS + STREAMS ? "list" : "rule",
				i);
		(void)sqlite3_bind_text(s, 2, text, -1, SQLITE_STATIC);
		bulk_put(s, 1, LABEL(i));
	}
	(void)sqlite3_finalize(s);
}

static int64_t provider_label(int place)
{
	return place < WORLD_PROVIDERS ? LABEL(place) : 0;
}

static int64_t stream_label(int stream)
{
	return LABEL(WORLD_PROVIDERS + stream);
}

static int64_t kind_id(int answer, int place, int stream, int rule)
{
	return 1 + rule +
	       RULES * (int64_t)(stream + STREAMS * (place + PLACES * answer));
}

static void kinds(struct years *y)
{
	sqlite3_stmt *s = bulk_prepare(y->db,
		"INSERT INTO kinds (id, class, reason, status, smtp, flags,"
		" origin, provider, stream, account, rule)"
		" VALUES (?, ?, ?, ?, ?, 0, 1, ?, ?, 0, ?)");

	for (int a = 0; a < ANSWERS; a++)
		for (int p = 0; p < PLACES; p++)
			for (int l = 0; l < STREAMS; l++)
				for (int r = 0; r < RULES; r++)
					bulk_put(s, 8, kind_id(a, p, l, r),
						(int64_t)answers[a].class,
						(int64_t)answers[a].reason,
						answers[a].status,
						answers[a].smtp,
						provider_label(p),
						stream_label(l),
						LABEL(WORLD_PROVIDERS +
							STREAMS + r));
	(void)sqlite3_finalize(s);
}

static void domains(struct years *y)
{
	sqlite3_stmt *s = bulk_prepare(
		y->db, "INSERT INTO domains (id, domain) VALUES (?, ?)");
	char name[32];

	for (uint32_t i = 0; i < WORLD_PROVIDERS + WORLD_DOMAINS; i++) {
		world_place_name(i, name);
		(void)sqlite3_bind_text(s, 2, name, -1, SQLITE_STATIC);
		bulk_put(s, 1, (int64_t)i + 1);
	}
	(void)sqlite3_finalize(s);
}

/* All changes are of one: user-unknown, by policy. */
static void turns(struct years *y)
{
	sqlite3_stmt *s = bulk_prepare(y->db,
		"INSERT INTO turns (id, scope, old_state, new_state, reason,"
		" cause) VALUES (1, 1, 0, 1, ?, 1)");

	bulk_put(s, 1, (int64_t)REASON_USER_UNKNOWN);
	(void)sqlite3_finalize(s);
}

/* --- events --- */

static void put_address(struct years *y, uint64_t person, int64_t event_id)
{
	char text[WORLD_ADDRESS];
	int64_t id = (int64_t)person + 1;

	(void)world_address(y->seed, person, text);
	(void)sqlite3_bind_text(y->address, 3, text,
		(int)(strchr(text, '@') - text), SQLITE_STATIC);
	bulk_put(y->address, 2, id, (int64_t)world_place(y->seed, person) + 1);
	bulk_put(y->suppression, 3, id, (int64_t)REASON_USER_UNKNOWN, id);
	bulk_put(y->change, 4, id, y->day * 86400 + 86399, id, event_id);
}

static void end_day(struct years *y)
{
	for (int a = 0; a < ANSWERS; a++)
		for (int p = 0; p < PLACES; p++)
			for (int l = 0; l < STREAMS; l++)
				if (y->counts[a][p][l])
					bulk_put(y->daily, 6, y->day,
						(int64_t)answers[a].class,
						(int64_t)answers[a].reason,
						provider_label(p),
						stream_label(l),
						y->counts[a][p][l]);
	memset(y->counts, 0, sizeof(y->counts));
	y->number = 0;
	y->day++;
}

static int choose_answer(uint64_t random)
{
	static const int later[18] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3};

	return later[random % 18];
}

static void put_event(struct years *y, uint64_t i)
{
	uint64_t random = world_random(y->seed, 30, i), digest[2];
	bool is_first = i % 3 == 0;
	uint64_t person =
		is_first ? i / 3 : world_random(y->seed, 33, i) % (i / 3 + 1);
	uint32_t place = world_place(y->seed, person);
	int a = is_first ? 0 : choose_answer(random);
	int p = place < WORLD_PROVIDERS ? (int)place : WORLD_PROVIDERS;
	int l = (int)world_zipf(STREAMS, world_random(y->seed, 34, i));
	int64_t id = (y->day << 32) + ++y->number;

	if (is_first)
		put_address(y, person, id);
	bulk_put(y->event, 5, id, (int64_t)person + 1,
		(int64_t)(random >> 40) % 86400,
		kind_id(a, p, l, (int)(random >> 8 & 0xffff) % RULES),
		(int64_t)(is_first ? FATE_SUPPRESSED : FATE_ALREADY));
	digest[0] = world_random(y->seed, 31, i);
	digest[1] = world_random(y->seed, 32, i);
	(void)sqlite3_bind_blob(
		y->message, 3, digest, sizeof(digest), SQLITE_STATIC);
	bulk_put(y->message, 2, y->day, (int64_t)answers[a].class);
	y->counts[a][p][l]++;
}

static void events(struct years *y)
{
	for (uint64_t i = 0; i < y->n; i++) {
		while (y->day < FIRST_DAY + (int64_t)(i * DAYS / y->n))
			end_day(y);
		put_event(y, i);
		if (i % 100000 == 0 && isatty(STDERR_FILENO))
			(void)fprintf(stderr, "\r%" PRIu64 " ", i);
	}
	end_day(y);
}

static void prepare(struct years *y)
{
	y->event = bulk_prepare(y->db,
		"INSERT INTO events (id, address_id, second, kind_id, lag,"
		" fate) VALUES (?, ?, ?, ?, 3, ?)");
	y->message = bulk_prepare(y->db,
		"INSERT INTO messages (day, class, digest) VALUES (?, ?, ?)");
	y->address = bulk_prepare(y->db,
		"INSERT INTO addresses (id, domain_id, local)"
		" VALUES (?, ?, ?)");
	y->suppression = bulk_prepare(y->db,
		"INSERT INTO suppressions (address_id, scope, state, reason,"
		" seq) VALUES (?, 1, 1, ?, ?)");
	y->change = bulk_prepare(y->db,
		"INSERT INTO changes (seq, at, address_id, turn_id, event_id)"
		" VALUES (?, ?, ?, 1, ?)");
	y->daily = bulk_prepare(y->db,
		"INSERT INTO daily (day, class, reason, provider, stream,"
		" origin, n) VALUES (?, ?, ?, ?, ?, 1, ?)");
}

static void release(struct years *y)
{
	sqlite3_stmt *all[] = {y->event, y->message, y->address, y->suppression,
		y->change, y->daily};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		(void)sqlite3_finalize(all[i]);
}

static void grow(struct years *y)
{
	labels(y);
	kinds(y);
	domains(y);
	turns(y);
	/* Made at the end: a sort instead of thirty million searches. */
	bulk_exec(y->db, "DROP INDEX events_address");
	prepare(y);
	events(y);
	release(y);
	bulk_exec(y->db, "CREATE INDEX events_address ON events (address_id)\n"
			 "\tWHERE address_id IS NOT NULL");
}

/* --- what was sent --- */

/* As events are shared out: half to providers, the rest to domains whose
 * provider nobody tells. Less at the weekend. */
static void send_day(struct ledger *l, uint32_t places, int64_t day)
{
	static struct ledger_sent rows[WORLD_PROVIDERS + WORLD_DOMAINS];
	static char names[WORLD_PROVIDERS + WORLD_DOMAINS][32];
	int64_t all = (day + 4) % 7 % 6 ? 1000000 : 300000;
	double sum = 0;

	for (uint32_t i = WORLD_PROVIDERS; i < places; i++)
		sum += 1.0 / (i - WORLD_PROVIDERS + 1);
	for (uint32_t i = 0; i < places; i++) {
		bool large = i < WORLD_PROVIDERS;
		double part = large ? 1.0 / (i + 1) / 3.6
				    : 1.0 / (i - WORLD_PROVIDERS + 1) / sum;

		world_place_name(i, names[i]);
		rows[i] = (struct ledger_sent){
			.at = day * 86400 + 9 * 3600,
			.domain = str_from(names[i]),
			.provider =
				large ? str_from(world_providers[i]) : STR_NULL,
			.n = 1 + (int64_t)(part * (double)all / 2),
		};
	}
	if (ledger_tell(l, rows, places))
		errx(2, "unable to tell how much was sent");
}

/* To so many of the domains, the largest first. */
static void sends(const char *path, uint32_t places)
{
	struct ledger_settings settings = {0};
	struct ledger *l;
	struct db *db;

	policy_settings_init(&settings.policy);
	if (db_open(path, DB_WRITE, &db))
		errx(2, "%s", db_error(db));
	if (ledger_open(db, &settings, &l))
		errx(2, "%s", db_error(db));
	for (int64_t day = LAST_DAY - SENT_DAYS + 1; day <= LAST_DAY; day++)
		send_day(l, places, day);
	if (ledger_settle(l))
		errx(2, "%s", db_error(db));
	ledger_close(l);
	db_close(db);
}

/* Whether it is there, made from the same; else note what it will be. */
static bool is_made(const char *path, const char *head)
{
	char line[256] = "", name[4096];
	FILE *made;

	(void)snprintf(name, sizeof(name), "%s.made", path);
	made = fopen(name, "re");
	if (!made)
		return false;
	if (!fgets(line, sizeof(line), made))
		line[0] = '\0';
	(void)fclose(made);
	return strcmp(line, head) == 0 && access(path, F_OK) == 0;
}

static void note_made(const char *path, const char *head)
{
	char name[4096];
	FILE *made;

	(void)snprintf(name, sizeof(name), "%s.made", path);
	made = fopen(name, "we");
	if (!made || fputs(head, made) < 0 || fclose(made))
		err(2, "unable to write '%s'", name);
}

int main(int argc, char **argv)
{
	static struct years y = {.day = FIRST_DAY};
	char head[256];

	if (argc != 4)
		errx(64, "usage: years DB EVENTS SEED");
	y.n = strtoull(argv[2], NULL, 10);
	y.seed = strtoull(argv[3], NULL, 10);
	if (!y.n || y.n / 3 > 1u << (WORLD_BITS - 1))
		errx(64, "EVENTS is between 1 and %u", 3u << (WORLD_BITS - 1));
	(void)snprintf(head, sizeof(head),
		"years %" PRIu64 " %" PRIu64 " (schema %d, generator %d)\n",
		y.n, y.seed, DB_VERSION, GENERATOR);
	if (is_made(argv[1], head))
		return 0;
	y.db = bulk_open(argv[1]);
	grow(&y);
	bulk_close(y.db);
	sends(argv[1], WORLD_PROVIDERS + 10 + (uint32_t)(y.n / 6000));
	note_made(argv[1], head);
	return 0;
}
