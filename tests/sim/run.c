#include "run.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ledger_import.h"
#include "query.h"
#include "store_views.h"

#define BATCH         2000
#define ENGAGED_BATCH 2000

static void fail(const struct run *r, const char *what)
{
	(void)fprintf(stderr, "sim: %s: %s\n", what, db_error(r->db));
	exit(70);
}

static double seconds(void)
{
	struct timespec t;

	/* Of this program: other work of the machine is not ours. */
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- begin and end -------------------------------------------------------- */

static void add_views(struct run *r, struct db *db)
{
	if (db_read_begin(db) || db_exec(db, store_views))
		fail(r, "views");
	db_read_end(db);
}

void run_begin(struct run *r, const struct sender *s, uint64_t seed,
	enum knows knows, const struct plant *plants, size_t n)
{
	const char *base = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	char path[80];

	memset(r, 0, sizeof(*r));
	world_init(&r->world, s, seed, plants, n);
	r->knows = knows;
	r->now = WORLD_BEGIN;
	(void)snprintf(
		r->dir, sizeof(r->dir), "%s/bouncewatch-sim-XXXXXX", base);
	if (!mkdtemp(r->dir))
		fail(r, "mkdtemp");
	(void)snprintf(path, sizeof(path), "%s/sim.db", r->dir);
	if (db_open(path, DB_WATCH, &r->db) ||
		db_open(path, DB_WRITE, &r->other))
		fail(r, "open");
	policy_settings_init(&r->settings.policy);
	r->settings.policy.require_origin = ORIGIN_MATCHED;
	r->settings.guard = true;
	if (ledger_open(r->db, &r->settings, &r->ledger))
		fail(r, "ledger");
	add_views(r, r->db);
	add_views(r, r->other);
	if (sqlite3_prepare_v2(r->other->sqlite,
		    "SELECT c.seq, a.local || '@' || d.domain, t.new_state,"
		    " t.reason FROM changes c"
		    " CROSS JOIN turns t ON t.id = c.turn_id"
		    " CROSS JOIN addresses a ON a.id = c.address_id"
		    " CROSS JOIN domains d ON d.id = a.domain_id"
		    " WHERE c.seq > ? ORDER BY c.seq",
		    -1, &r->feed, NULL))
		fail(r, "feed");
}

void run_end(struct run *r)
{
	DIR *d = opendir(r->dir);
	struct dirent *e;

	sqlite3_finalize(r->feed);
	ledger_close(r->ledger);
	db_close(r->other);
	db_close(r->db);
	while (d && (e = readdir(d)))
		(void)unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	(void)rmdir(r->dir);
	world_release(&r->world);
}

/* --- what the program is told --------------------------------------------- */

static void put(struct run *r, const struct bounce *b)
{
	const struct world_domain *d =
		&r->world.domains[r->world.domain[b->slot]];
	char address[64];
	struct ledger_result result;
	struct verdict v = {
		.class = (enum verdict_class)b->class,
		.reason = (enum verdict_reason)b->reason,
		.weak = b->weak,
		.origin = ORIGIN_MATCHED,
		.provider = str_from(world_providers[d->provider]),
		.stream = str_from(b->stream ? "imported" : "news"),
		.rule = str_from("sim"),
		.original_sent_at = b->tells_sent ? b->sent_at : 0,
	};
	struct verdict_list list = {
		.v = &v, .n = 1, .arrived_at = b->at, .dated_at = b->at};
	struct ledger_entry e = {.verdicts = &list};

	world_address(&r->world, b->slot, b->generation, address);
	v.recipient = v.recipient_key = str_from(address);
	r->serial++;
	memcpy(e.digest, &r->serial, sizeof(r->serial));
	if (ledger_put(r->ledger, &e, r->now, &result))
		fail(r, "put");
	r->mails++;
}

static sqlite3_stmt *prepare(struct run *r, const char *sql)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(r->other->sqlite, sql, -1, &s, NULL)) {
		(void)fprintf(
			stderr, "sim: %s\n", sqlite3_errmsg(r->other->sqlite));
		exit(70);
	}
	return s;
}

static bool is_watched(const struct run *r, const struct bounce *b)
{
	uint32_t domain = r->world.domain[b->slot];

	return b->class == CLASS_HARD && r->watched &&
	       (r->watched->provider < 0 || r->world.domains[domain].provider ==
						    r->watched->provider) &&
	       (r->watched->domain < 0 ||
		       domain == (uint32_t)r->watched->domain);
}

static void watch(struct run *r, const struct bounce *b)
{
	if (!is_watched(r, b) || !b->planted || b->dead)
		return;
	if (b->at > r->last + 6 * HOUR)
		r->planted = 0;
	r->last = b->at;
	r->planted++;
	if (!r->enough && r->planted >= 15 && r->planted >= 6 * r->most)
		r->enough = b->at;
}

/* The highest ordinary hour of what the plant is about, as the truth has it. */
void run_watch(struct run *r, const struct plant *p)
{
	char name[48];
	sqlite3_stmt *s;

	r->watched = p;
	r->enough = r->last = 0;
	r->planted = r->most = 0;
	if (p->domain >= 0)
		world_domain_name((uint32_t)p->domain, name);
	else
		(void)snprintf(
			name, sizeof(name), "%s", world_providers[p->provider]);
	s = prepare(r, "SELECT max(n) FROM hours WHERE name = ?"
		       " AND kind IN (1, 2)");
	sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
	if (sqlite3_step(s) == SQLITE_ROW)
		r->most = (uint32_t)sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
}

static void batch(struct run *r, const struct bounce *b, size_t n)
{
	double from = seconds();

	for (size_t i = 0; i < n; i++) {
		if (i % BATCH == 0 && ledger_begin(r->ledger))
			fail(r, "begin");
		put(r, &b[i]);
		watch(r, &b[i]);
		if ((i % BATCH == BATCH - 1 || i == n - 1) &&
			ledger_commit(r->ledger))
			fail(r, "commit");
	}
	r->seconds += seconds() - from;
}

static void tick(struct run *r)
{
	struct ledger_ticked t;
	double from = seconds();

	if (ledger_tick(r->ledger, r->now, &t))
		fail(r, "tick");
	r->seconds += seconds() - from;
}

static void begin(struct run *r)
{
	if (db_begin(r->other))
		fail(r, db_error(r->other));
}

static void commit(struct run *r)
{
	if (db_commit(r->other))
		fail(r, db_error(r->other));
}

static void put_sent(
	sqlite3_stmt *s, int kind, const char *name, int64_t hour, uint32_t n)
{
	if (!n)
		return;
	sqlite3_bind_int(s, 1, kind);
	sqlite3_bind_text(s, 2, name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 3, hour);
	sqlite3_bind_int64(s, 4, n);
	sqlite3_step(s);
	sqlite3_reset(s);
}

/* import sent: by hour, for providers, domains and all. */
static void import_sent(struct run *r, int64_t hour)
{
	struct world *w = &r->world;
	sqlite3_stmt *s;
	uint32_t all = 0;
	char name[48];

	for (int i = 0; i < WORLD_PROVIDERS; i++)
		all += w->sent_by[i];
	if (!all)
		return;
	begin(r);
	s = prepare(r, "INSERT INTO sent (kind, name, hour, n)"
		       " VALUES (?, ?, ?, ?)");
	put_sent(s, 4, "", hour, all);
	for (int i = 0; i < WORLD_NOBODY; i++)
		put_sent(s, 1, world_providers[i], hour, w->sent_by[i]);
	for (uint32_t i = 0; i < w->domains_n; i++) {
		world_domain_name(i, name);
		put_sent(s, 2, name, hour, w->sent[i]);
	}
	sqlite3_finalize(s);
	commit(r);
}

/* import engaged: who opened or clicked lately. */
static void import_engaged(struct run *r)
{
	static struct ledger_engaged batch[ENGAGED_BATCH];
	static char text[ENGAGED_BATCH][64];
	struct world *w = &r->world;
	size_t n = 0, news;

	for (uint32_t i = 0; i < w->sender.addresses; i++) {
		if ((w->flags[i] & (SLOT_DEAD | SLOT_ENGAGED)) != SLOT_ENGAGED)
			continue;
		world_address(w, i, w->generation[i], text[n]);
		batch[n].address_key = batch[n].seen = str_from(text[n]);
		batch[n].at = r->now;
		if (++n < ENGAGED_BATCH)
			continue;
		if (ledger_engaged_put(r->ledger, batch, n, &news))
			fail(r, "engaged");
		n = 0;
	}
	if (n && ledger_engaged_put(r->ledger, batch, n, &news))
		fail(r, "engaged");
}

/* --- what the sender does ------------------------------------------------- */

static bool parse(const char *address, uint32_t *slot, unsigned *generation)
{
	return sscanf(address, "u%u.%u@", slot, generation) == 2;
}

/* export plain, as what changed since the last one. */
void run_export(struct run *r)
{
	uint32_t slot;
	unsigned generation;

	sqlite3_bind_int64(r->feed, 1, r->seq);
	while (sqlite3_step(r->feed) == SQLITE_ROW) {
		int new = sqlite3_column_int(r->feed, 2);
		bool is = (new == STATE_SUPPRESSED &&sqlite3_column_int(
					  r->feed, 3) < REASON_MAILBOX_FULL) ||
			  (r->checks && new == STATE_HELD);

		r->seq = sqlite3_column_int64(r->feed, 0);
		if (parse((const char *)sqlite3_column_text(r->feed, 1), &slot,
			    &generation))
			world_suppress(
				&r->world, slot, (uint8_t)generation, is);
	}
	sqlite3_reset(r->feed);
}

/* --- time ----------------------------------------------------------------- */

static void daily(struct run *r)
{
	if (r->now % DAY == 4 * HOUR)
		run_export(r);
	if (r->knows == KNOWS_ENGAGED &&
		(r->now - WORLD_BEGIN) % (4 * WEEK) == 0)
		import_engaged(r);
}

void run_until(struct run *r, int64_t to)
{
	static struct bounce *waiting;
	static size_t room;

	while (r->now < to) {
		int64_t hour = r->now;
		int minutes = r->quick ? 1 : r->bulk ? 60 : 10;
		size_t n = 0;

		daily(r);
		world_hour(&r->world, hour);
		if (r->knows == KNOWS_SENDS)
			import_sent(r, hour / HOUR);
		for (int m = 0; m < 60; m++) {
			const struct bounce *b;
			size_t k = world_minute(&r->world, hour + m * 60, &b);

			if (n + k > room) {
				room = 2 * (n + k);
				waiting = realloc(
					waiting, room * sizeof(*waiting));
			}
			if (k)
				memcpy(waiting + n, b, k * sizeof(*b));
			n += k;
			r->now = hour + (m + 1) * 60;
			if (n && m % minutes == minutes - 1) {
				batch(r, waiting, n);
				n = 0;
			}
		}
		tick(r);
	}
}

void run_backlog(struct run *r, int64_t to)
{
	struct bounce *all = NULL;
	size_t n = 0, room = 0;

	r->world.unread = true;
	for (int64_t at = r->now; at < to; at += HOUR) {
		world_hour(&r->world, at);
		for (int m = 0; m < 60; m++) {
			const struct bounce *b;
			size_t k = world_minute(&r->world, at + m * 60, &b);

			if (n + k > room) {
				room = 2 * (n + k) + 100000;
				all = realloc(all, room * sizeof(*all));
			}
			if (k)
				memcpy(all + n, b, k * sizeof(*b));
			n += k;
		}
	}
	r->world.unread = false;
	r->now = to;
	batch(r, all, n);
	tick(r);
	run_export(r);
	free(all);
}

/* --- questions ------------------------------------------------------------ */

int64_t run_number(struct run *r, const char *sql, int64_t a, int64_t b)
{
	sqlite3_stmt *s = prepare(r, sql);
	int64_t n;

	if (sqlite3_bind_parameter_count(s) > 0)
		sqlite3_bind_int64(s, 1, a);
	if (sqlite3_bind_parameter_count(s) > 1)
		sqlite3_bind_int64(s, 2, b);
	n = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : -1;
	sqlite3_finalize(s);
	return n;
}

static bool is_alive(const struct world *w, uint32_t slot, unsigned generation)
{
	return w->generation[slot] == generation &&
	       !(w->flags[slot] & SLOT_DEAD);
}

int64_t run_living(struct run *r, int64_t from, int64_t to)
{
	sqlite3_stmt *s = prepare(r, "SELECT a.address FROM standings s"
				     " JOIN people a ON a.id = s.address_id"
				     " WHERE s.state = 1 AND s.since >= ?"
				     " AND s.since < ? AND s.reason < 20");
	uint32_t slot;
	unsigned generation;
	int64_t n = 0;

	sqlite3_bind_int64(s, 1, from);
	sqlite3_bind_int64(s, 2, to);
	while (sqlite3_step(s) == SQLITE_ROW)
		if (parse((const char *)sqlite3_column_text(s, 0), &slot,
			    &generation))
			n += is_alive(&r->world, slot, generation);
	sqlite3_finalize(s);
	return n;
}

/* To understand a figure: what is known of a time. */
void run_trace(struct run *r, int64_t from, int64_t to)
{
	sqlite3_stmt *s = prepare(r,
		"SELECT id, kind, name, state, datetime(from_at, 'unixepoch'),"
		" datetime(to_at, 'unixepoch'),"
		" datetime(opened_at, 'unixepoch'), events, note"
		" FROM incidents WHERE cause = 1 AND from_at >= ? - 86400"
		" AND from_at < ?");

	if (!getenv("TRACE"))
		return;
	sqlite3_bind_int64(s, 1, from);
	sqlite3_bind_int64(s, 2, to);
	while (sqlite3_step(s) == SQLITE_ROW) {
		printf("#");
		for (int i = 0; i < 9; i++)
			printf(" %s", (const char *)sqlite3_column_text(s, i));
		printf("\n");
	}
	sqlite3_finalize(s);
	s = prepare(r, "SELECT datetime(s.since, 'unixepoch'), a.address,"
		       " datetime(e.sent_at, 'unixepoch')"
		       " FROM standings s JOIN people a"
		       " ON a.id = s.address_id JOIN happened e"
		       " ON e.id = s.event_id WHERE s.state = 1"
		       " AND s.since >= ? AND s.since < ? AND s.reason < 20");
	sqlite3_bind_int64(s, 1, from);
	sqlite3_bind_int64(s, 2, to);
	while (sqlite3_step(s) == SQLITE_ROW) {
		uint32_t slot;
		unsigned generation;

		if (parse((const char *)sqlite3_column_text(s, 1), &slot,
			    &generation) &&
			is_alive(&r->world, slot, generation))
			printf("# living: %s %s, sent %s\n",
				(const char *)sqlite3_column_text(s, 0),
				(const char *)sqlite3_column_text(s, 1),
				(const char *)sqlite3_column_text(s, 2));
	}
	sqlite3_finalize(s);
}

int64_t run_unmailed(const struct run *r)
{
	const struct world *w = &r->world;
	int64_t n = 0;

	for (uint32_t i = 0; i < w->sender.addresses; i++)
		n += (w->flags[i] & (SLOT_DEAD | SLOT_SUPPRESSED)) ==
		     SLOT_SUPPRESSED;
	return n;
}

int64_t run_found(const struct run *r)
{
	const struct world *w = &r->world;
	int64_t n = 0;

	for (uint32_t i = 0; i < w->slots; i++)
		n += (w->flags[i] & (SLOT_FOUND | SLOT_SUPPRESSED)) ==
		     SLOT_FOUND;
	return n;
}

int64_t run_imported(const struct run *r)
{
	const struct world *w = &r->world;
	int64_t n = 0;

	for (uint32_t i = w->sender.addresses; i < w->slots; i++)
		n += !(w->flags[i] & SLOT_SUPPRESSED) &&
		     w->domain[i] != DOMAIN_HOTMAIL &&
		     w->domain[i] != DOMAIN_OUTLOOK;
	return n;
}

void run_forge(struct run *r, int n)
{
	for (int i = 0; i < n; i++) {
		char address[64];
		struct ledger_result result;
		struct verdict v = {
			.class = i % 2 ? CLASS_HARD : CLASS_COMPLAINT,
			.reason = i % 2 ? REASON_USER_UNKNOWN : REASON_ABUSE,
			.origin = ORIGIN_UNVERIFIED,
			.provider = str_from("google"),
			.stream = str_from("news"),
			.rule = str_from("sim"),
		};
		struct verdict_list list = {
			.v = &v, .n = 1, .arrived_at = r->now};
		struct ledger_entry e = {.verdicts = &list};

		(void)snprintf(
			address, sizeof(address), "f%d@g.example.com", i);
		v.recipient = v.recipient_key = str_from(address);
		r->serial++;
		memcpy(e.digest, &r->serial, sizeof(r->serial));
		if (ledger_begin(r->ledger) ||
			ledger_put(r->ledger, &e, r->now, &result) ||
			ledger_commit(r->ledger))
			fail(r, "forge");
	}
}

double run_policy(void)
{
	struct policy_event before[3] = {
		{.at = 20 * DAY, .class = CLASS_SOFT},
		{.at = 10 * DAY, .class = CLASS_HARD, .weak = true},
		{.at = 5 * DAY,              .class = CLASS_SOFT                    },
	};
	struct policy_history h = {.events = before, .n = 3, .decider = -1};
	struct policy_event e = {.at = 30 * DAY, .class = CLASS_HARD};
	struct policy_settings settings;
	int fates = 0;
	double from;

	before[0].reason = before[2].reason = REASON_MAILBOX_FULL;
	before[1].reason = e.reason = REASON_USER_UNKNOWN;
	policy_settings_init(&settings);
	from = seconds();
	for (int i = 0; i < 200000; i++) {
		e.at++;
		fates += (int)policy_decide(&settings, &h, &e, e.at).fate;
	}
	/* Used, so that it is not left out. */
	return (seconds() - from) * 5 + (fates < 0 ? 1 : 0);
}
