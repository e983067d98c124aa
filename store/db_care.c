/*
 * The size of the file by table, and what is counted in it. How far a look at
 * the whole file is, is told from what SQLite says it has read: each page about
 * once.
 */
#include "db_care.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "db_care_private.h"
#include "verdict.h"

#define TELL_EACH 5000 /* steps of SQLite's machine */

/* --- how far it is -------------------------------------------------------- */

static int pages_read(sqlite3 *sqlite)
{
	int now = 0, most = 0;

	(void)sqlite3_db_status(
		sqlite, SQLITE_DBSTATUS_CACHE_MISS, &now, &most, 0);
	return now;
}

static int tell_pages(void *arg)
{
	const struct db_care_reading *r = arg;
	int n = pages_read(r->sqlite) - r->before;
	uint64_t done = n > 0 ? (uint64_t)n : 0;

	r->watch.at(r->watch.arg, "pages",
		r->total && done > r->total ? r->total : done, r->total);
	return 0;
}

void db_care_reading(struct db_care_reading *r, sqlite3 *sqlite,
	const struct db_care_watch *w, uint64_t total)
{
	*r = (struct db_care_reading){.sqlite = sqlite, .total = total};
	if (!w->at)
		return;
	r->watch = *w;
	r->before = pages_read(sqlite);
	sqlite3_progress_handler(sqlite, TELL_EACH, tell_pages, r);
}

void db_care_read(struct db_care_reading *r)
{
	sqlite3_progress_handler(r->sqlite, 0, NULL, NULL);
}

int db_care_pages(struct db *db, int64_t *pages)
{
	return db_exec_int(db, "PRAGMA page_count", pages);
}

/* --- size ----------------------------------------------------------------- */

/* For an SQLite that cannot tell the size of a table: its rows at least. */
#define TABLES(X)                                                              \
	X(words)                                                               \
	X(labels)                                                              \
	X(mailboxes)                                                           \
	X(uids)                                                                \
	X(messages)                                                            \
	X(domains)                                                             \
	X(addresses)                                                           \
	X(kinds)                                                               \
	X(events)                                                              \
	X(evidence)                                                            \
	X(daily)                                                               \
	X(suppressions)                                                        \
	X(turns)                                                               \
	X(changes)                                                             \
	X(details)                                                             \
	X(incidents)                                                           \
	X(hours)                                                               \
	X(engaged)                                                             \
	X(sent)                                                                \
	X(sendlog)                                                             \
	X(cursors)                                                             \
	X(status)

static const struct {
	const char *name, *sql;
} counts[] = {

#define X(name) {#name, "SELECT count(*) FROM " #name},
	TABLES(X)
#undef X
};

static struct db_care_table *table_of(struct db_care_stat *s, const char *name)
{
	struct db_care_table *t = s->tables;

	while (t < s->tables + s->n && strcmp(t->name, name) != 0)
		t++;
	if (t == s->tables + DB_CARE_TABLES)
		return t - 1; /* there are not so many */
	if (t == s->tables + s->n) {
		s->n++;
		*t = (struct db_care_table){.rows = 0};
		(void)snprintf(t->name, sizeof(t->name), "%s", name);
	}
	return t;
}

static int count_rows(struct db *db, struct db_care_stat *s)
{
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (db_exec_int(db, counts[i].sql,
			    &table_of(s, counts[i].name)->rows))
			return -1;
	return 0;
}

/* One b-tree: a table or an index. */
struct tree {
	char name[64];
	int64_t bytes, cells, leaves;
};

/* Whose it is, and, of a table, where its rows are. */
static int add_tree(struct db *db, sqlite3_stmt *owner, struct db_care_stat *s,
	const struct tree *t)
{
	struct db_care_table *of;
	int rc;

	if (!t->name[0])
		return 0;
	(void)sqlite3_bind_text(owner, 1, t->name, -1, SQLITE_STATIC);
	rc = sqlite3_step(owner);
	if (rc == SQLITE_ROW) {
		of = table_of(s, (const char *)sqlite3_column_text(owner, 0));
		if (sqlite3_column_int(owner, 1)) {
			of->bytes += t->bytes;
			of->rows = sqlite3_column_int(owner, 2) ? t->cells
								: t->leaves;
		} else {
			of->indexes += t->bytes;
		}
		rc = SQLITE_DONE;
	} else if (rc == SQLITE_DONE) { /* the schema itself */
		of = table_of(s, t->name);
		of->bytes = t->bytes;
		of->rows = t->leaves;
	}
	(void)sqlite3_reset(owner);
	return rc == SQLITE_DONE ? 0 : db_fail_sqlite(db, rc);
}

/* Rows of a table WITHOUT ROWID are in the inner pages, too. */
static const char owner_text[] =
	"SELECT tbl_name, type = 'table', sql LIKE '%WITHOUT ROWID' "
	"FROM sqlite_schema WHERE name = ?1";
static const char pages_text[] =
	"SELECT name, pgsize, ncell, pagetype = 'leaf' FROM dbstat";

static int walk_trees(struct db *db, sqlite3_stmt *pages, sqlite3_stmt *owner,
	const struct db_care_watch *w, struct db_care_stat *s)
{
	uint64_t done = 0, total = (uint64_t)(s->bytes / 4096);
	struct tree t = {.name = ""};
	int rc;

	while ((rc = sqlite3_step(pages)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(pages, 0);

		if (!name || strcmp(name, t.name) != 0) {
			if (add_tree(db, owner, s, &t))
				return -1;
			t = (struct tree){.bytes = 0};
			(void)snprintf(
				t.name, sizeof(t.name), "%s", name ? name : "");
		}
		t.bytes += sqlite3_column_int64(pages, 1);
		t.cells += sqlite3_column_int64(pages, 2);
		if (sqlite3_column_int(pages, 3))
			t.leaves += sqlite3_column_int64(pages, 2);
		if (w->at)
			w->at(w->arg, "pages", ++done, total);
	}
	if (rc != SQLITE_DONE)
		return db_fail_sqlite(db, rc);
	return add_tree(db, owner, s, &t);
}

static int measure(
	struct db *db, const struct db_care_watch *w, struct db_care_stat *s)
{
	sqlite3_stmt *pages = NULL, *owner = NULL;
	int rc;

	if (!sqlite3_compileoption_used("ENABLE_DBSTAT_VTAB"))
		return count_rows(db, s);
	s->sized = true;
	rc = sqlite3_prepare_v2(db->sqlite, pages_text, -1, &pages, NULL);
	if (!rc)
		rc = sqlite3_prepare_v2(
			db->sqlite, owner_text, -1, &owner, NULL);
	rc = rc ? db_fail_sqlite(db, rc) : walk_trees(db, pages, owner, w, s);
	(void)sqlite3_finalize(pages);
	(void)sqlite3_finalize(owner);
	return rc;
}

static int larger_first(const void *a, const void *b)
{
	const struct db_care_table *x = a, *y = b;
	int64_t m = x->bytes + x->indexes, n = y->bytes + y->indexes;

	return m != n ? (m < n) - (m > n) : strcmp(x->name, y->name);
}

static int64_t wal_bytes(const struct db *db)
{
	char path[4096];
	struct stat st;
	int n = snprintf(path, sizeof(path), "%s-wal", db->file);

	return n > 0 && (size_t)n < sizeof(path) && !stat(path, &st)
		       ? (int64_t)st.st_size
		       : 0;
}

/* Ids of events begin with their day. */
static const char oldest_text[] =
	"SELECT min((id >> 32) * 86400 + second) FROM events WHERE id < "
	"(((SELECT min(id) FROM events) >> 32) + 1) << 32";
static const char newest_text[] =
	"SELECT max((id >> 32) * 86400 + second) FROM events WHERE id >= "
	"((SELECT max(id) FROM events) >> 32) << 32";
static const char evidence_text[] =
	"SELECT (id >> 32) * 86400 + second FROM events WHERE id = "
	"(SELECT min(event_id) FROM evidence)";

static int read_times(struct db *db, struct db_care_stat *s)
{
	if (db_exec_int(db, oldest_text, &s->oldest) ||
		db_exec_int(db, newest_text, &s->newest))
		return -1;
	return db_exec_int(db, evidence_text, &s->oldest_evidence);
}

int db_care_size(struct db *db, struct db_care_stat *s)
{
	int64_t pages, unused;

	memset(s, 0, sizeof(*s));
	if (db_exec_int(db, "PRAGMA user_version", &s->version) ||
		db_care_pages(db, &pages) ||
		db_exec_int(db, "PRAGMA freelist_count", &unused))
		return -1;
	s->bytes = pages * 4096;
	s->free = unused * 4096;
	s->wal = wal_bytes(db);
	return 0;
}

int db_care_stat(
	struct db *db, const struct db_care_watch *w, struct db_care_stat *s)
{
	int rc;

	if (db_read_begin(db))
		return -1;
	rc = db_care_size(db, s) || measure(db, w, s) || read_times(db, s);
	db_read_end(db);
	qsort(s->tables, s->n, sizeof(s->tables[0]), larger_first);
	return rc ? -1 : 0;
}

const struct db_care_table *db_care_table(
	const struct db_care_stat *s, const char *name)
{
	static const struct db_care_table none;

	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->tables[i].name, name))
			return &s->tables[i];
	return &none;
}

/* A number that text gives for its parameters. */
static int ask(struct db *db, int64_t *out, const char *text,
	const int64_t *parameters, int n)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db->sqlite, text, -1, &s, NULL);

	*out = 0;
	for (int i = 0; !rc && i < n; i++)
		rc = sqlite3_bind_int64(s, i + 1, parameters[i]);
	if (!rc && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		*out = sqlite3_column_int64(s, 0);
		rc = 0;
	}
	(void)sqlite3_finalize(s);
	return rc ? db_fail_sqlite(db, rc) : 0;
}

int db_care_evidence(struct db *db, int64_t before, int64_t *n)
{
	const int64_t first = (before > 0 ? before / 86400 : 0) << 32;

	return ask(db, n, "SELECT count(*) FROM evidence WHERE event_id < ?1",
		&first, 1);
}

/* Soft reasons stand together in words.def. */
int db_care_suppressions(struct db *db, int state, bool no_soft, int64_t *n)
{
	int first = 0, last = -1;

	for (int r = 0; no_soft && r < REASON_COUNT; r++)
		if (reason_class((enum verdict_reason)r) == CLASS_SOFT) {
			first = first ? first : r;
			last = r;
		}
	return ask(db, n,
		"SELECT count(*) FROM suppressions WHERE state = ?1 "
		"AND reason NOT BETWEEN ?2 AND ?3",
		(const int64_t[]){state, first, last}, 3);
}
