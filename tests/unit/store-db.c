/* store/db.c, db_lock.c, db_upgrade.c, db_words.c and sql.c. */
#include "test.h"

#include <sys/wait.h>
#include <time.h>

#include <sqlite3.h>

#include "store_house.h"

static int set_up(void **state)
{
	static struct house h;

	memset(&h, 0, sizeof(h));
	house_folder(&h);
	*state = &h;
	return 0;
}

static int tear_down(void **state)
{
	house_remove(*state);
	return 0;
}

/* --- locks ---------------------------------------------------------------- */

static double seconds(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void lets_one_watch_in(void **state)
{
	struct house *h = *state;
	struct db *first = house_db(h, DB_WATCH);
	struct db *db;
	char other[160];
	double begin = seconds();

	assert_int_equal(db_open(h->path, DB_WATCH, &db), -1);
	assert_true(seconds() - begin < 1);
	assert_int_equal(db_fault(db), DB_LOCKED);
	assert_non_null(strstr(db_error(db), h->path));
	assert_non_null(strstr(db_error(db), "another 'bouncewatch watch'"));
	db_close(db);
	/* By another name it is the same file. */
	(void)snprintf(other, sizeof(other), "%s/other", h->dir);
	assert_int_equal(symlink("test.db", other), 0);
	assert_int_equal(db_open(other, DB_WATCH, &db), -1);
	assert_int_equal(db_fault(db), DB_LOCKED);
	db_close(db);
	db_close(house_db(h, DB_READ));
	db_close(house_db(h, DB_CREATE));
	db_close(first);
	db_close(house_db(h, DB_WATCH));
}

static void lets_one_connection_checkpoint(void **state)
{
	struct house *h = *state;
	struct db *a = house_db(h, DB_CREATE);
	struct db *b = house_db(h, DB_WRITE);
	struct db *watch;

	assert_true(db_lock_checkpoint(a));
	assert_false(db_lock_checkpoint(b));
	db_unlock_checkpoint(a);
	assert_true(db_lock_checkpoint(b));
	db_unlock_checkpoint(b);
	watch = house_db(h, DB_WATCH);
	assert_false(db_lock_checkpoint(a));
	db_close(watch);
	assert_true(db_lock_checkpoint(a));
	db_close(a);
	db_close(b);
}

static void tells_when_another_writes(void **state)
{
	struct house *h = *state;
	struct db *a = house_db(h, DB_CREATE);
	struct db *b = house_db(h, DB_WRITE);

	house_begin(a);
	sqlite3_busy_timeout(b->sqlite, 50);
	assert_int_equal(db_begin(b), -1);
	assert_int_equal(db_fault(b), DB_LOCKED);
	assert_non_null(strstr(db_error(b), "another program"));
	db_rollback(a);
	house_begin(b);
	db_rollback(b);
	db_close(a);
	db_close(b);
}

/* With no watch, a long ingest must keep its WAL short by itself. */
static void checkpoints_where_nobody_watches(void **state)
{
	struct house *h = *state;
	struct db *db = house_db(h, DB_CREATE);
	struct stat st;

	house_begin(db);
	house_exec(db,
		"INSERT INTO status VALUES ('x', hex(zeroblob(33000000)), 0)");
	house_commit(db);
	assert_int_equal(stat(h->path, &st), 0);
	assert_true(st.st_size > 60000000);
	db_close(db);
}

static void leaves_the_checkpoint_to_the_watch(void **state)
{
	struct house *h = *state;
	struct db *watch = house_db(h, DB_WATCH);
	struct db *db = house_db(h, DB_WRITE);
	struct stat st;

	house_begin(db);
	house_exec(db,
		"INSERT INTO status VALUES ('x', hex(zeroblob(33000000)), 0)");
	house_commit(db);
	assert_int_equal(stat(h->path, &st), 0);
	assert_true(st.st_size < 1000000);
	assert_int_equal(db_checkpoint(db), -1);
	assert_int_equal(db_checkpoint(watch), 0);
	assert_int_equal(stat(h->path, &st), 0);
	assert_true(st.st_size > 60000000);
	db_close(db);
	db_close(watch);
}

/* --- transactions and statements ------------------------------------------ */

static void undoes_a_commit_that_is_not_its_own(void **state)
{
	struct db *db = house_db(*state, DB_CREATE);

	assert_int_equal(
		db_exec(db, "INSERT INTO status VALUES ('x', 'y', 0)"), -1);
	assert_int_equal(number(db, "SELECT count(*) FROM status"), 0);
	house_begin(db);
	house_exec(db, "INSERT INTO status VALUES ('x', 'y', 0)");
	assert_int_equal(db_exec(db, "COMMIT"), -1);
	db_rollback(db);
	assert_int_equal(number(db, "SELECT count(*) FROM status"), 0);
	db_rollback(db); /* twice does no harm */
	db_close(db);
}

static void tells_a_full_disk(void **state)
{
	struct db *db = house_db(*state, DB_CREATE);

	house_exec(db, "PRAGMA max_page_count = 60");
	house_begin(db);
	assert_int_equal(db_exec(db, "INSERT INTO status VALUES"
				     " ('x', hex(zeroblob(1000000)), 0)"),
		-1);
	assert_int_equal(db_fault(db), DB_FULL);
	assert_non_null(strstr(db_error(db), "full"));
	db_rollback(db);
	db_close(db);
}

static void cannot_write_what_it_reads(void **state)
{
	struct db *db;

	db_close(house_db(*state, DB_CREATE));
	db = house_db(*state, DB_READ);
	assert_int_equal(
		db_exec(db, "INSERT INTO status VALUES ('x', 'y', 0)"), -1);
	assert_int_equal(db_fault(db), DB_DENIED);
	db_close(db);
}

static void wants_every_parameter(void **state)
{
	struct db *db = house_db(*state, DB_CREATE);
	struct sql s = sql_get(db, SQL_MAILBOX_FIND);
	int64_t id;

	sql_text(&s, str_from("news"));
	assert_int_equal(sql_one(&s, &id), -1);
	assert_int_equal(db_fault(db), DB_INTERNAL);
	s = sql_get(db, SQL_MAILBOX_FIND);
	for (int i = 0; i < 4; i++)
		sql_int(&s, i);
	assert_int_equal(sql_one(&s, &id), -1);
	db_close(db);
}

static void prepares_every_statement(void **state)
{
	struct db *db = house_db(*state, DB_CREATE);

	assert_int_equal(sql_scratch(db, SQL_SETTLE_CLEAR), 0);
	for (int i = 0; i < SQL_COUNT; i++)
		if (!sql_get(db, (enum sql_id)i).stmt)
			fail_msg("statement %d: %s", i,
				sqlite3_errmsg(db->sqlite));
	db_close(db);
}

/* --- labels and words ----------------------------------------------------- */

static void interns_labels(void **state)
{
	static const char nul[] = "a\0b'; DROP TABLE labels; --";
	struct db *db = house_db(*state, DB_CREATE);
	char longer[600];
	int64_t id;

	memset(longer, 'x', sizeof(longer));
	memcpy(longer + 254, "\xc3\xa9", 2); /* cut before, not within */
	house_begin(db);
	assert_int_equal(db_label(db, STR_NULL), 0);
	assert_int_equal(db_label(db, str_from("")), 0);
	assert_int_equal(db_label(db, str_from("*")), 1);
	id = db_label(db, str_from("google"));
	assert_true(id > 1);
	assert_int_equal(db_label(db, str_from("google")), id);
	id = db_label(db, str_of(nul, sizeof(nul) - 1));
	assert_true(id > 1);
	assert_int_equal(db_label(db, str_of(nul, sizeof(nul) - 1)), id);
	assert_int_not_equal(db_label(db, str_from("a")), id);
	id = db_label(db, str_of(longer, sizeof(longer)));
	assert_true(id > 1);
	assert_int_equal(db_label(db, str_of(longer, 254)), id);
	house_commit(db);
	house_begin(db);
	id = db_label(db, str_from("gone"));
	db_rollback(db);
	house_begin(db);
	assert_int_equal(db_label(db, str_from("another")), id);
	assert_int_not_equal(db_label(db, str_from("gone")), id);
	db_rollback(db);
	db_close(db);
}

static void spells_the_numbers_out(void **state)
{
	static const char count[] = "SELECT count(*) FROM words WHERE"
				    " (kind, number, word) IN (VALUES"
				    " ('class', 1, 'hard'),"
				    " ('reason', 5, 'mailbox-disabled'),"
				    " ('state', 1, 'suppressed'),"
				    " ('cause', 2, 'hand'),"
				    " ('origin', 0, 'unverified'),"
				    " ('fate', 8, 'no-recipient'),"
				    " ('fate', 10, 'held'),"
				    " ('incident-kind', 2, 'domain'),"
				    " ('incident-cause', 3, 'known'),"
				    " ('incident-state', 4, 'released'))";
	struct db *db = house_db(*state, DB_CREATE);
	int64_t all = number(db, "SELECT count(*) FROM words");

	assert_int_equal(number(db, count), 10);
	assert_int_equal(
		number(db, "SELECT count(*) FROM words WHERE word = '?'"), 0);
	house_begin(db);
	house_exec(db, "UPDATE words SET word = 'tough' WHERE word = 'hard';"
		       "INSERT INTO words VALUES ('state', 77, 'odd');"
		       "DELETE FROM words WHERE word = 'hand'");
	house_commit(db);
	db_close(db);
	db = house_db(*state, DB_WRITE);
	assert_int_equal(number(db, count), 10);
	assert_int_equal(number(db, "SELECT count(*) FROM words"), all);
	db_close(db);
}

/* --- upgrades ------------------------------------------------------------- */

#define NEXT (DB_VERSION + 1)

static int calls;

static int step_three(struct db *db)
{
	calls++;
	return db_exec(db, "INSERT INTO extra VALUES (7)");
}

static int step_fails(struct db *db)
{
	return db_fail(db, DB_INTERNAL, "the step failed");
}

static void upgrades_step_by_step_and_once(void **state)
{
	static const struct db_step steps[] = {
		{0,          DB_VERSION, "CREATE TABLE never (a)", NULL      },
		{1,          DB_VERSION, "CREATE TABLE never (a)", NULL      },
		{DB_VERSION, NEXT,       "CREATE TABLE extra (a)", NULL      },
		{NEXT,       NEXT + 1,   NULL,                     step_three},
	};
	struct db *a = house_db(*state, DB_CREATE);
	struct db *b = house_db(*state, DB_WRITE);

	calls = 0;
	assert_int_equal(db_upgrade(a, steps, 4), 0);
	assert_int_equal(number(a, "PRAGMA user_version"), NEXT + 1);
	assert_int_equal(number(a, "SELECT a FROM extra"), 7);
	assert_int_equal(number(a, "SELECT count(*) FROM sqlite_master"
				   " WHERE name = 'never'"),
		0);
	assert_int_equal(db_upgrade(a, steps, 4), 0);
	assert_int_equal(db_upgrade(b, steps, 4), 0);
	assert_int_equal(calls, 1);
	/* An older program that is still running finds a later version. */
	assert_int_equal(db_upgrade(b, steps, 3), -1);
	assert_int_equal(db_fault(b), DB_TOO_NEW);
	db_close(a);
	db_close(b);
}

static void undoes_an_upgrade_that_fails(void **state)
{
	static const struct db_step steps[] = {
		{DB_VERSION, NEXT,     "CREATE TABLE extra (a)", NULL      },
		{NEXT,       NEXT + 1, NULL,                     step_fails},
	};
	struct db *db = house_db(*state, DB_CREATE);

	assert_int_equal(db_upgrade(db, steps, 2), -1);
	assert_string_equal(db_error(db), "the step failed");
	assert_int_equal(number(db, "PRAGMA user_version"), DB_VERSION);
	assert_int_equal(number(db, "SELECT count(*) FROM sqlite_master"
				    " WHERE name = 'extra'"),
		0);
	db_close(db);
}

static void exec_foreign(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

/* A file as an earlier version made it, and what it has in it. */
static void make_version(const struct house *h, int version, const char *rows)
{
	static char sql[65536];
	char name[64], header[128];
	sqlite3 *db;
	size_t n;
	FILE *f;

	(void)snprintf(name, sizeof(name), "tests/unit/schema-%d.sql", version);
	(void)snprintf(header, sizeof(header),
		"PRAGMA application_id = 0x62776174; PRAGMA user_version = %d;"
		"PRAGMA journal_mode = WAL",
		version);
	f = fopen(name, "r");
	assert_non_null(f);
	n = fread(sql, 1, sizeof(sql) - 1, f);
	assert_in_range(n, 5000, sizeof(sql) - 2);
	sql[n] = '\0';
	(void)fclose(f);
	assert_int_equal(sqlite3_open(h->path, &db), SQLITE_OK);
	exec_foreign(db, sql);
	exec_foreign(db, header);
	exec_foreign(db, rows);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* What a schema comes to: columns of tables and views, and indices. */
static const char columns[] =
	"SELECT group_concat(t, ';') FROM (SELECT m.name || ' ' || p.cid ||"
	" p.name || p.type || p.\"notnull\" || coalesce(p.dflt_value, '-') ||"
	" p.pk AS t FROM sqlite_master m, pragma_table_info(m.name) p"
	" WHERE m.type IN ('table', 'view')"
	" UNION ALL SELECT type || name || tbl_name FROM sqlite_master"
	" UNION ALL SELECT sql FROM sqlite_master"
	" WHERE type IN ('index', 'view', 'trigger') AND sql IS NOT NULL"
	" ORDER BY t)";

static char *schema_of(struct db *db)
{
	sqlite3_stmt *s;
	char *text;

	assert_int_equal(
		sqlite3_prepare_v2(db->sqlite, columns, -1, &s, NULL), 0);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	text = strdup((const char *)sqlite3_column_text(s, 0));
	assert_non_null(text);
	(void)sqlite3_finalize(s);
	return text;
}

static void reads_no_earlier_version(void **state)
{
	struct house *h = *state;
	struct db *db;

	make_version(h, DB_VERSION - 1, "");
	assert_int_equal(db_open(h->path, DB_READ, &db), -1);
	assert_int_equal(db_fault(db), DB_TOO_OLD);
	assert_string_equal(db_path(db), h->path);
	db_close(db);
	db_close(house_db(h, DB_WRITE));
	db_close(house_db(h, DB_READ));
}

/* It has come to the same as a new one. */
static void is_up_to_date(struct db *db)
{
	char *upgraded = schema_of(db), *made;
	struct house fresh;
	struct db *new;

	assert_int_equal(number(db, "PRAGMA user_version"), DB_VERSION);
	assert_int_equal(number(db, "PRAGMA foreign_keys"), 1);
	house_folder(&fresh);
	new = house_db(&fresh, DB_CREATE);
	made = schema_of(new);
	assert_string_equal(upgraded, made);
	db_close(new);
	house_remove(&fresh);
	free(upgraded);
	free(made);
}

static void brings_version_1_up_to_date(void **state)
{
	struct house *old = *state;
	struct db *db;

	make_version(old, 1,
		"INSERT INTO addresses VALUES (7, 'a@example.org', NULL);"
		"INSERT INTO suppressions VALUES"
		" (7, 1, 1, 1, 1, 1000, NULL, 3, NULL);"
		"INSERT INTO changes VALUES"
		" (1, 1001, 7, 1, 0, 1, 1, 1, 3, NULL, 'note');");
	assert_int_equal(db_open(old->path, DB_READ, &db), -1);
	db_close(db);
	db = house_db(old, DB_WRITE);
	assert_int_equal(number(db, "SELECT since FROM standings"
				    " WHERE incident_id IS NULL"),
		1000);
	assert_int_equal(number(db, "SELECT count(*) FROM log"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM suppressed"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM held"), 0);
	is_up_to_date(db);
	db_close(db);
}

/* Fails when the upgrade takes the first '@', leaves prev, since or the rest
 * of details out, or keeps the whole time in second. */
static void brings_version_2_up_to_date(void **state)
{
	struct house *old = *state;
	struct db *db;

	make_version(old, 2,
		"INSERT INTO labels VALUES (2, 'weekly');"
		"INSERT INTO addresses VALUES (3, 'a@example.org', 'A@b'),"
		" (4, '\"x@y\"@example.org', NULL), (6, 'nobody', NULL),"
		" (9, 'b@example.com', NULL);"
		"INSERT INTO kinds VALUES (1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0);"
		"INSERT INTO events VALUES ((20000 << 32) + 1, 3,"
		" 20000 * 86400 + 77, 1, 20000 * 86400 - 23, 1),"
		" ((20001 << 32) + 1, NULL, 20001 * 86400, 1, NULL, 2);"
		"INSERT INTO evidence VALUES ((20000 << 32) + 1, X'00');"
		"INSERT INTO engaged VALUES (9, 5);"
		"INSERT INTO suppressions VALUES"
		" (3, 1, 1, 1, 1, 20000 * 86400 + 77, 99, (20000 << 32) + 1,"
		" NULL, 8),"
		" (3, 2, 1, 2, 3, 70, NULL, NULL, NULL, NULL),"
		" (9, 1, 4, 2, 2, 50, NULL, NULL, 50, NULL);"
		"INSERT INTO changes VALUES"
		" (1, 40, 9, 1, 0, 1, 1, 1, NULL, NULL, NULL, NULL),"
		" (2, 45, 3, 1, 0, 1, 1, 1, (20000 << 32) + 1, 99, NULL, 8),"
		" (4, 50, 9, 1, 1, 4, 2, 2, NULL, NULL, 'by me', NULL),"
		" (5, 71, 3, 2, 0, 1, 2, 3, NULL, NULL, NULL, NULL);");
	db = house_db(old, DB_WRITE);
	is_up_to_date(db);
	assert_int_equal(number(db, "SELECT group_concat(id || address ||"
				    " coalesce(seen, '')) = '3a@example.orgA@b,"
				    "4\"x@y\"@example.org,6nobody,"
				    "9b@example.com' FROM (SELECT * FROM people"
				    " ORDER BY id)"),
		1);
	assert_int_equal(number(db, "SELECT count(*) FROM domains"), 3);
	assert_int_equal(number(db, "SELECT group_concat(at || ' ' ||"
				    " coalesce(sent_at, '-')) = '1728000077"
				    " 1727999977,1728086400 -' FROM happened"),
		1);
	assert_int_equal(number(db, "SELECT group_concat(seq || ' ' || prev ||"
				    " ' ' || note) = '4 1 by me' FROM log"
				    " WHERE prev IS NOT NULL"),
		1);
	assert_int_equal(
		number(db, "SELECT group_concat(scope || ' ' || seq ||"
			   " ' ' || since || ' ' || coalesce(expires_at"
			   ", 0) || ' ' || coalesce(incident_id, 0))"
			   " = '1 2 1728000077 99 8,2 5 70 0 0,"
			   "1 4 50 0 0' FROM standings"),
		1);
	assert_int_equal(number(db, "SELECT count(*) FROM evidence"), 1);
	assert_int_equal(number(db, "SELECT at FROM engaged"), 5);
	db_close(db);
}

static void brings_version_3_up_to_date(void **state)
{
	struct house *old = *state;
	struct db *db;

	make_version(old, 3,
		"INSERT INTO domains VALUES (1, 'example.org');"
		"INSERT INTO addresses VALUES (3, 1, 'a', NULL);"
		"INSERT INTO engaged VALUES (3, 5);");
	db = house_db(old, DB_WRITE);
	is_up_to_date(db);
	assert_int_equal(number(db, "SELECT at FROM engaged"), 5);
	assert_int_equal(number(db, "SELECT count(*) FROM mailed"), 0);
	db_close(db);
}

/* The daily counts are made anew, with the origin. */
static void brings_version_4_up_to_date(void **state)
{
	struct house *old = *state;
	struct db *db;

	make_version(old, 4,
		"INSERT INTO labels VALUES (2, 'weekly');"
		"INSERT INTO kinds VALUES (1, 1, 1, 0, 0, 0, 1, 0, 2, 0, 0),"
		" (2, 1, 1, 0, 0, 0, 0, 0, 2, 0, 0),"
		" (3, 1, 1, 7, 0, 0, 0, 0, 2, 0, 0);"
		"INSERT INTO events VALUES ((20000 << 32) + 1, NULL, 7, 1, 0,"
		" 1), ((20000 << 32) + 2, NULL, 7, 2, 0, 1),"
		" ((20000 << 32) + 3, NULL, 7, 3, 0, 1),"
		" ((20001 << 32) + 1, NULL, 7, 2, 0, 1);"
		"INSERT INTO daily VALUES (20000, 1, 1, 0, 2, 3),"
		" (20001, 1, 1, 0, 2, 1);");
	db = house_db(old, DB_WRITE);
	is_up_to_date(db);
	assert_int_equal(
		number(db, "SELECT group_concat(day || ' ' || class || ' ' ||"
			   " reason || ' ' || provider || ' ' || stream ||"
			   " ' ' || origin || ' ' || n) ="
			   " '20000 1 1 0 2 0 2,20000 1 1 0 2 1 1,"
			   "20001 1 1 0 2 0 1' FROM (SELECT * FROM daily"
			   " ORDER BY day, origin)"),
		1);
	db_close(db);
}

/* How much was sent: what counted goes on to count, and can be told anew. */
static void brings_version_5_up_to_date(void **state)
{
	struct house *old = *state;
	struct db *db;

	make_version(old, 5,
		"INSERT INTO sent (kind, name, hour, whole, n) VALUES"
		" (4, '', 480000, 1, 1000), (4, '', 480003, 0, 300),"
		" (4, '', 480003, 2, 310), (4, '', 480005, 2, 90),"
		" (1, 'google', 480003, 0, 200), (2, 'gmail.com', 480003, 0,"
		" 200), (3, 'news', 480000, 1, 500), (3, 'news', 480030, 2,"
		" 5), (4, '', 480030, 2, 5);");
	db = house_db(old, DB_WRITE);
	is_up_to_date(db);
	assert_int_equal(
		number(db, "SELECT group_concat(kind || name || ' ' ||"
			   " (hour - 480000) || ' ' || n) ="
			   " '1google 3 200,2gmail.com 3 200,3news 0 500,"
			   "3news 30 5,4 0 600,4 3 310,4 5 90,4 30 5'"
			   " FROM (SELECT * FROM sent"
			   " ORDER BY kind, name, hour)"),
		1);
	assert_int_equal(
		number(db, "SELECT group_concat((day - 20000) || provider ||"
			   " stream || ' ' || hour || ' ' || source || ' ' ||"
			   " n) = '0 3 0 300,0 3 2 310,0 5 2 90,0 24 2 1000,"
			   "0news 24 2 500,0? 3 0 200,0google 3 0 200,"
			   "1 6 2 5,1news 6 2 5' FROM (SELECT * FROM sent_told "
			   "ORDER BY"
			   " day, provider, stream, hour, source)"),
		1);
	assert_int_equal(number(db, "SELECT group_concat(day || stale || ' ' ||"
				    " by_day) = '200000 1000,200010 0'"
				    " FROM sent_days"),
		1);
	db_close(db);
}

/* Many start at the same moment on a file that does not exist. */
static void is_made_by_many_at_once(void **state)
{
	struct house *h = *state;
	int failed = 0;

	for (int i = 0; i < 6; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			struct db *db;
			int rc = db_open(h->path, DB_CREATE, &db);

			if (rc)
				(void)fprintf(stderr, "%s\n", db_error(db));
			db_close(db);
			_exit(rc ? 1 : 0);
		}
		assert_true(pid > 0);
	}
	for (int i = 0; i < 6; i++) {
		int status;

		assert_true(wait(&status) > 0);
		failed += status != 0;
	}
	assert_int_equal(failed, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lets_one_watch_in),
		TEST(lets_one_connection_checkpoint),
		TEST(tells_when_another_writes),
		TEST(checkpoints_where_nobody_watches),
		TEST(leaves_the_checkpoint_to_the_watch),
		TEST(undoes_a_commit_that_is_not_its_own),
		TEST(tells_a_full_disk),
		TEST(cannot_write_what_it_reads),
		TEST(wants_every_parameter),
		TEST(prepares_every_statement),
		TEST(interns_labels),
		TEST(spells_the_numbers_out),
		TEST(upgrades_step_by_step_and_once),
		TEST(undoes_an_upgrade_that_fails),
		TEST(brings_version_1_up_to_date),
		TEST(brings_version_2_up_to_date),
		TEST(brings_version_3_up_to_date),
		TEST(brings_version_4_up_to_date),
		TEST(reads_no_earlier_version),
		TEST(brings_version_5_up_to_date),
		TEST(is_made_by_many_at_once),
	};

	return cmocka_run_group_tests_name("store-db", tests, NULL, NULL);
}
