/*
 * Rows as the ledger would have made them, but straight: each bounce is of an
 * address of its own.
 */
#include "house.h"

#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bulk.h"
#include "ledger_incident.h"

static const enum verdict_reason reasons[REASONS] = {REASON_USER_UNKNOWN,
	REASON_MAILBOX_FULL, REASON_SPAM, REASON_MAILBOX_DISABLED,
	REASON_EXPIRED, REASON_POLICY, REASON_NETWORK_ERROR, REASON_REPUTATION,
	REASON_RATE_LIMITED, REASON_DOMAIN_UNKNOWN, REASON_ABUSE,
	REASON_SYSTEM_ERROR};

#define LABEL_PROVIDER(p) (int64_t)((p) < PROVIDERS - 1 ? 2 + (p) : 0)
#define LABEL_STREAM(s)   (int64_t)(2 + PROVIDERS + (s))

static void name_label(struct db *db, int64_t id, const char *what, int n)
{
	sqlite3_stmt *s = bulk_prepare(
		db, "INSERT INTO labels (id, label) VALUES (?, ?)");
	char name[32];

	(void)snprintf(name, sizeof(name), "%s%d", what, n);
	(void)sqlite3_bind_text(s, 2, name, -1, SQLITE_STATIC);
	bulk_put(s, 1, id);
	(void)sqlite3_finalize(s);
}

static int64_t kind_id(int reason, int provider, int stream)
{
	return 1 + stream + STREAMS * (provider + PROVIDERS * reason);
}

static void house_kinds(struct db *db)
{
	sqlite3_stmt *s = bulk_prepare(db,
		"INSERT INTO kinds (id, class, reason, provider, stream,"
		" status, smtp, flags, origin, account, rule)"
		" VALUES (?, ?, ?, ?, ?, 0, 0, 0, 1, 0, 0)");

	for (int r = 0; r < REASONS; r++)
		for (int p = 0; p < PROVIDERS; p++)
			for (int k = 0; k < STREAMS; k++)
				bulk_put(s, 5, kind_id(r, p, k),
					(int64_t)reason_class(reasons[r]),
					(int64_t)reasons[r], LABEL_PROVIDER(p),
					LABEL_STREAM(k));
	(void)sqlite3_finalize(s);
}

void house_domain_name(int d, char name[32])
{
	(void)snprintf(name, 32, "d%03d.example", d);
}

static void house_domains(struct db *db)
{
	sqlite3_stmt *s = bulk_prepare(
		db, "INSERT INTO domains (id, domain) VALUES (?, ?)");
	char name[32];

	for (int d = 0; d < DOMAINS; d++) {
		house_domain_name(d, name);
		(void)sqlite3_bind_text(s, 2, name, -1, SQLITE_STATIC);
		bulk_put(s, 1, (int64_t)d + 1);
	}
	(void)sqlite3_finalize(s);
}

void house_begin(struct house *h)
{
	const char *base = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";

	memset(h, 0, sizeof(*h));
	(void)snprintf(h->path, sizeof(h->path), "%s/bouncewatch-weeks-%d.db",
		base, (int)getpid());
	h->db = bulk_open(h->path);
	for (int p = 0; p < PROVIDERS - 1; p++)
		name_label(h->db, LABEL_PROVIDER(p), "provider", p);
	for (int s = 0; s < STREAMS; s++)
		name_label(h->db, LABEL_STREAM(s), "stream", s);
	house_kinds(h->db);
	house_domains(h->db);
	h->event = bulk_prepare(h->db,
		"INSERT INTO events (id, address_id, second, kind_id, fate)"
		" VALUES (?, ?, ?, ?, 0)");
	h->address = bulk_prepare(h->db,
		"INSERT INTO addresses (id, domain_id, local)"
		" VALUES (?, ?, ?)");
	h->daily = bulk_prepare(h->db,
		"INSERT INTO daily (day, class, reason, provider, stream,"
		" origin, n) VALUES (?, ?, ?, ?, ?, 1, ?)");
	h->sent = bulk_prepare(h->db, "INSERT INTO sent (kind, hour, n, name)"
				      " VALUES (?, ?, ?, ?)");
}

void house_event(struct house *h, int week, struct house_bounce b)
{
	char local[32];
	int64_t of = MONDAY + 7 * (int64_t)week + b.day;

	(void)snprintf(local, sizeof(local), "u%lld", (long long)++h->people);
	(void)sqlite3_bind_text(h->address, 3, local, -1, SQLITE_STATIC);
	bulk_put(h->address, 2, h->people, (int64_t)b.domain + 1);
	bulk_put(h->event, 4, (of << 32) + ++h->number[b.day], h->people,
		INT64_C(43200), kind_id(b.reason, b.provider, b.stream));
	h->counts[b.day][b.reason][b.provider][b.stream]++;
}

void house_week(struct house *h, int week)
{
	for (int day = 0; day < 7; day++)
		for (int r = 0; r < REASONS; r++)
			for (int p = 0; p < PROVIDERS; p++)
				for (int s = 0; s < STREAMS; s++)
					if (h->counts[day][r][p][s])
						bulk_put(h->daily, 6,
							MONDAY +
								7 * (int64_t)week +
								day,
							(int64_t)reason_class(
								reasons[r]),
							(int64_t)reasons[r],
							LABEL_PROVIDER(p),
							LABEL_STREAM(s),
							h->counts[day][r][p]
								 [s]);
	memset(h->counts, 0, sizeof(h->counts));
	memset(h->number, 0, sizeof(h->number));
}

void house_sent(struct house *h, int week, int stream, double n)
{
	char name[32] = "";

	if (stream >= 0)
		(void)snprintf(name, sizeof(name), "stream%d", stream);
	(void)sqlite3_bind_text(h->sent, 4, name, -1, SQLITE_STATIC);
	bulk_put(h->sent, 3,
		(int64_t)(stream < 0 ? INCIDENT_ALL : INCIDENT_STREAM),
		(MONDAY + 7 * (int64_t)week) * 24, (int64_t)n);
}

void house_ready(struct house *h)
{
	(void)sqlite3_finalize(h->event);
	(void)sqlite3_finalize(h->address);
	(void)sqlite3_finalize(h->daily);
	(void)sqlite3_finalize(h->sent);
	bulk_close(h->db);
	if (db_open(h->path, DB_READ, &h->db))
		errx(70, "%s", db_error(h->db));
}

void house_end(struct house *h)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	char name[80];

	db_close(h->db);
	for (int i = 0; i < 4; i++) {
		(void)snprintf(name, sizeof(name), "%s%s", h->path, ends[i]);
		(void)unlink(name);
	}
}
