/* store/db*.c and sql.c: opening, refusing, locking, upgrading, committing. */
#include "test.h"

#include <errno.h>
#include <grp.h>
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

/* --- files -----------------------------------------------------------------
 */

static void write_file(const char *path, const void *p, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* A digest is not needed: tests compare whole files of some pages. */
struct bytes {
	size_t n;
	char p[65536];
};

static void read_file(const char *path, struct bytes *out)
{
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	out->n = fread(out->p, 1, sizeof(out->p), f);
	assert_int_equal(fclose(f), 0);
}

static void exec_foreign(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

/* A database of another program, with sql in it. */
static void make_foreign(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	exec_foreign(db, sql);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void make_ours(const struct house *h)
{
	db_close(house_db(h, DB_CREATE));
}

/* Every mode refuses the file with this fault, and leaves it as it is. */
static void refuse(const struct house *h, enum db_fault fault, const char *says)
{
	static struct bytes before, after;

	read_file(h->path, &before);
	for (int mode = DB_READ; mode <= DB_WATCH; mode++) {
		struct db *db;

		assert_int_equal(db_open(h->path, (enum db_mode)mode, &db), -1);
		if (db_fault(db) != fault || !strstr(db_error(db), says) ||
			!strstr(db_error(db), h->path))
			fail_msg("mode %d: fault %d, '%s'", mode, db_fault(db),
				db_error(db));
		db_close(db);
		read_file(h->path, &after);
		assert_int_equal(after.n, before.n);
		assert_memory_equal(after.p, before.p, before.n);
	}
}

/* --- creation --------------------------------------------------------------
 */

static void assert_mode(const char *path, const char *suffix, mode_t mode)
{
	char name[192];
	struct stat st;

	(void)snprintf(name, sizeof(name), "%s%s", path, suffix);
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

static void makes_files_of_mode_0640(void **state)
{
	static const mode_t masks[] = {0, 022, 0777};
	struct house *h = *state;

	for (size_t i = 0; i < 3; i++) {
		mode_t old = umask(masks[i]);
		struct db *db = house_db(h, DB_CREATE);

		umask(old);
		assert_mode(h->path, "", 0640);
		assert_mode(h->path, "-wal", 0640);
		assert_mode(h->path, "-shm", 0640);
		db_close(db);
		house_remove(h);
		house_folder(h);
	}
}

static void sets_what_was_promised(void **state)
{
	struct db *db = house_db(*state, DB_WATCH);

	assert_int_equal(number(db, "PRAGMA application_id"), 0x62776174);
	assert_int_equal(number(db, "PRAGMA user_version"), DB_VERSION);
	assert_int_equal(number(db, "PRAGMA page_size"), 4096);
	assert_int_equal(number(db, "PRAGMA synchronous"), 2);
	assert_int_equal(number(db, "PRAGMA foreign_keys"), 1);
	assert_int_equal(number(db, "PRAGMA trusted_schema"), 0);
	assert_int_equal(number(db, "PRAGMA busy_timeout"), 5000);
	assert_int_equal(number(db, "PRAGMA wal_autocheckpoint"), 16000);
	assert_int_equal(number(db, "PRAGMA journal_size_limit"), 64 << 20);
	assert_int_equal(number(db, "SELECT count(*) FROM pragma_journal_mode"
				    " WHERE journal_mode = 'wal'"),
		1);
	db_close(db);
	db = house_db(*state, DB_WRITE);
	assert_int_equal(number(db, "PRAGMA wal_autocheckpoint"), 0);
	assert_int_equal(number(db, "PRAGMA synchronous"), 2);
	db_close(db);
}

static void needs_a_file_to_read_or_write(void **state)
{
	struct house *h = *state;
	struct db *db;

	for (int mode = DB_READ; mode <= DB_WRITE; mode++) {
		assert_int_equal(db_open(h->path, (enum db_mode)mode, &db), -1);
		assert_int_equal(db_fault(db), DB_MISSING);
		assert_non_null(strstr(db_error(db), h->path));
		db_close(db);
		assert_int_equal(access(h->path, F_OK), -1);
	}
	strcat(h->path, "/no/where");
	assert_int_equal(db_open(h->path, DB_CREATE, &db), -1);
	assert_int_equal(db_fault(db), DB_MISSING);
	db_close(db);
	assert_int_equal(db_open(h->dir, DB_CREATE, &db), -1);
	assert_int_equal(db_fault(db), DB_DAMAGED);
	assert_non_null(strstr(db_error(db), "directory"));
	db_close(db);
}

static void takes_every_path_as_a_path(void **state)
{
	static const char *const names[] = {
		"file:x?mode=memory", ":memory:", "a b'c\"d%41"};
	struct house *h = *state;
	char cwd[256];

	assert_non_null(getcwd(cwd, sizeof(cwd)));
	assert_int_equal(chdir(h->dir), 0);
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(h->path, sizeof(h->path), "%s", names[i]);
		make_ours(h);
		assert_int_equal(access(names[i], F_OK), 0);
	}
	assert_int_equal(chdir(cwd), 0);
}

/* --- refusal ---------------------------------------------------------------
 */

static void refuses_what_is_no_database(void **state)
{
	struct house *h = *state;
	char text[9000];

	memset(text, 'x', sizeof(text));
	write_file(h->path, text, sizeof(text));
	refuse(h, DB_DAMAGED, "not a database");
	write_file(h->path, text, 3);
	refuse(h, DB_DAMAGED, "");
}

static void refuses_another_programs_database(void **state)
{
	struct house *h = *state;

	make_foreign(h->path, "CREATE TABLE notes (a); INSERT INTO notes"
			      " VALUES ('keep me')");
	refuse(h, DB_DAMAGED, "another program");
	assert_int_equal(unlink(h->path), 0);
	make_foreign(h->path, "PRAGMA application_id = 7");
	refuse(h, DB_DAMAGED, "another program");
	assert_int_equal(unlink(h->path), 0);
	make_foreign(h->path, "PRAGMA user_version = 7");
	refuse(h, DB_DAMAGED, "another program");
}

/* Its WAL would be lost for it if we were the last to close. */
static void leaves_another_programs_wal(void **state)
{
	static struct bytes before, after;
	struct house *h = *state;
	char wal[160];
	sqlite3 *db;

	(void)snprintf(wal, sizeof(wal), "%s-wal", h->path);
	assert_int_equal(sqlite3_open(h->path, &db), SQLITE_OK);
	exec_foreign(db, "PRAGMA journal_mode = WAL; CREATE TABLE notes (a)");
	assert_int_equal(sqlite3_db_config(
				 db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	read_file(wal, &before);
	assert_true(before.n > 0);
	refuse(h, DB_DAMAGED, "another program");
	read_file(wal, &after);
	assert_int_equal(after.n, before.n);
	assert_memory_equal(after.p, before.p, before.n);
}

static void refuses_a_later_version(void **state)
{
	struct house *h = *state;

	make_ours(h);
	make_foreign(h->path, "PRAGMA user_version = 99;"
			      "PRAGMA wal_checkpoint(TRUNCATE)");
	refuse(h, DB_TOO_NEW, "later version");
}

static void refuses_a_damaged_file(void **state)
{
	static struct bytes file;
	struct house *h = *state;

	make_ours(h);
	read_file(h->path, &file);
	assert_true(file.n > 8192);
	memset(file.p + 100, 0x5a, 3996); /* the page of the schema */
	write_file(h->path, file.p, file.n);
	refuse(h, DB_DAMAGED, "damaged");
}

static void takes_an_empty_file_as_new(void **state)
{
	struct house *h = *state;
	struct db *db;

	write_file(h->path, "", 0);
	assert_int_equal(db_open(h->path, DB_WRITE, &db), -1);
	assert_int_equal(db_fault(db), DB_DAMAGED);
	assert_non_null(strstr(db_error(db), "empty"));
	db_close(db);
	make_ours(h);
	db_close(house_db(h, DB_READ));
}

/* The first start can die between the two writes of its first page. */
static void recovers_from_a_death_at_birth(void **state)
{
	struct house *h = *state;
	char journal[160];
	pid_t pid;
	int status;

	(void)snprintf(journal, sizeof(journal), "%s-journal", h->path);
	pid = fork();
	if (pid == 0) {
		sqlite3 *db;

		if (sqlite3_open(h->path, &db) == SQLITE_OK &&
			sqlite3_exec(db,
				"PRAGMA cache_size = 1; BEGIN;"
				"PRAGMA application_id = 7;"
				"CREATE TABLE a (b);"
				"PRAGMA cache_spill = 1;",
				NULL, NULL, NULL) == SQLITE_OK &&
			sqlite3_db_cacheflush(db) == SQLITE_OK)
			_exit(0); /* the journal is hot */
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(access(journal, F_OK), 0);
	if (truncate(h->path, 4096))
		fail_msg("%s", strerror(errno));
	make_ours(h);
	db_close(house_db(h, DB_READ));
}

/* --- locks -----------------------------------------------------------------
 */

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

static void begin(struct db *db)
{
	if (db_begin(db))
		fail_msg("%s", db_error(db));
}

static void commit(struct db *db)
{
	if (db_commit(db))
		fail_msg("%s", db_error(db));
}

static void exec(struct db *db, const char *sql)
{
	if (db_exec(db, sql))
		fail_msg("%s: %s", sql, db_error(db));
}

static void tells_when_another_writes(void **state)
{
	struct house *h = *state;
	struct db *a = house_db(h, DB_CREATE);
	struct db *b = house_db(h, DB_WRITE);

	begin(a);
	sqlite3_busy_timeout(b->sqlite, 50);
	assert_int_equal(db_begin(b), -1);
	assert_int_equal(db_fault(b), DB_LOCKED);
	assert_non_null(strstr(db_error(b), "another program"));
	db_rollback(a);
	begin(b);
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

	begin(db);
	exec(db, "INSERT INTO status VALUES ('x', hex(zeroblob(33000000)), 0)");
	commit(db);
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

	begin(db);
	exec(db, "INSERT INTO status VALUES ('x', hex(zeroblob(33000000)), 0)");
	commit(db);
	assert_int_equal(stat(h->path, &st), 0);
	assert_true(st.st_size < 1000000);
	assert_int_equal(db_checkpoint(watch), 0);
	assert_int_equal(stat(h->path, &st), 0);
	assert_true(st.st_size > 60000000);
	db_close(db);
	db_close(watch);
}

/* --- transactions and statements -------------------------------------------
 */

static void undoes_a_commit_that_is_not_its_own(void **state)
{
	struct db *db = house_db(*state, DB_CREATE);

	assert_int_equal(
		db_exec(db, "INSERT INTO status VALUES ('x', 'y', 0)"), -1);
	assert_int_equal(number(db, "SELECT count(*) FROM status"), 0);
	begin(db);
	exec(db, "INSERT INTO status VALUES ('x', 'y', 0)");
	assert_int_equal(db_exec(db, "COMMIT"), -1);
	db_rollback(db);
	assert_int_equal(number(db, "SELECT count(*) FROM status"), 0);
	db_rollback(db); /* twice does no harm */
	db_close(db);
}

static void tells_a_full_disk(void **state)
{
	struct db *db = house_db(*state, DB_CREATE);

	exec(db, "PRAGMA max_page_count = 60");
	begin(db);
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

	make_ours(*state);
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

/* --- labels and words ------------------------------------------------------
 */

static void interns_labels(void **state)
{
	static const char nul[] = "a\0b'; DROP TABLE labels; --";
	struct db *db = house_db(*state, DB_CREATE);
	char longer[600];
	int64_t id;

	memset(longer, 'x', sizeof(longer));
	memcpy(longer + 254, "\xc3\xa9", 2); /* cut before, not within */
	begin(db);
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
	commit(db);
	begin(db);
	id = db_label(db, str_from("gone"));
	db_rollback(db);
	begin(db);
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
				    " ('origin', 0, 'unverified'))";
	struct db *db = house_db(*state, DB_CREATE);
	int64_t all = number(db, "SELECT count(*) FROM words");

	assert_int_equal(number(db, count), 5);
	assert_int_equal(
		number(db, "SELECT count(*) FROM words WHERE word = '?'"), 0);
	begin(db);
	exec(db, "UPDATE words SET word = 'tough' WHERE word = 'hard';"
		 "INSERT INTO words VALUES ('state', 77, 'odd');"
		 "DELETE FROM words WHERE word = 'hand'");
	commit(db);
	db_close(db);
	db = house_db(*state, DB_WRITE);
	assert_int_equal(number(db, count), 5);
	assert_int_equal(number(db, "SELECT count(*) FROM words"), all);
	db_close(db);
}

/* --- upgrades ---------------------------------------------------------------
 */

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
		{1, "CREATE TABLE never (a)", NULL      },
		{2, "CREATE TABLE extra (a)", NULL      },
		{3, NULL,                     step_three},
	};
	struct db *a = house_db(*state, DB_CREATE);
	struct db *b = house_db(*state, DB_WRITE);

	calls = 0;
	assert_int_equal(db_upgrade(a, steps, 3), 0);
	assert_int_equal(number(a, "PRAGMA user_version"), 3);
	assert_int_equal(number(a, "SELECT a FROM extra"), 7);
	assert_int_equal(number(a, "SELECT count(*) FROM sqlite_master"
				   " WHERE name = 'never'"),
		0);
	assert_int_equal(db_upgrade(a, steps, 3), 0);
	assert_int_equal(db_upgrade(b, steps, 3), 0);
	assert_int_equal(calls, 1);
	/* An older program that is still running finds a later version. */
	assert_int_equal(db_upgrade(b, steps, 2), -1);
	assert_int_equal(db_fault(b), DB_TOO_NEW);
	db_close(a);
	db_close(b);
}

static void undoes_an_upgrade_that_fails(void **state)
{
	static const struct db_step steps[] = {
		{2, "CREATE TABLE extra (a)", NULL      },
		{3, NULL,                     step_fails},
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

/* --- other readers -----------------------------------------------------------
 */

static int lines;

static void count_line(void *arg, const char *line)
{
	(void)arg, (void)line;
	lines++;
}

static void finds_damage(void **state)
{
	struct house *h = *state;
	struct db *db = house_db(h, DB_CREATE);
	int fd;

	lines = 0;
	assert_int_equal(db_check(db, count_line, NULL), 0);
	assert_int_equal(lines, 0);
	exec(db, "PRAGMA foreign_keys = OFF");
	begin(db);
	exec(db, "INSERT INTO events VALUES (1, 99, 0, 98, NULL)");
	commit(db);
	assert_int_equal(db_check(db, count_line, NULL), 0);
	assert_int_equal(lines, 2);
	db_close(db);
	fd = open(h->path, O_RDWR);
	assert_int_equal(pwrite(fd, "\xff\xff\xff\xff", 4, 4096 * 4), 4);
	close(fd);
	lines = 0;
	db = house_db(h, DB_READ);
	if (db_check(db, count_line, NULL))
		assert_int_equal(db_fault(db), DB_DAMAGED);
	else
		assert_true(lines > 0);
	db_close(db);
}

/* Read as a user who may not write: 0, or what went wrong as exit status. */
static int read_as_nobody(const struct house *h, enum db_fault fault)
{
	struct db *db;
	int64_t n;

	if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
		return 2;
	if (db_open(h->path, DB_READ, &db)) {
		bool told = strstr(db_error(db), h->path) != NULL;

		if (fault == DB_OK)
			(void)fprintf(stderr, "%s\n", db_error(db));
		return db_fault(db) == fault && told ? 0 : 3;
	}
	if (db_exec_int(db, "SELECT count(*) FROM status", &n) || n != 1)
		return 4;
	db_close(db);
	return fault == DB_OK ? 0 : 5;
}

static void let_nobody_read(const struct house *h, enum db_fault fault)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(read_as_nobody(h, fault));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void give_to_group(const struct house *h, const char *suffix)
{
	char name[192];

	(void)snprintf(name, sizeof(name), "%s%s", h->path, suffix);
	assert_int_equal(chown(name, (uid_t)-1, 65534), 0);
}

/* The daemon is up, is down, and its WAL is gone. */
static void serves_readers_of_its_group(void **state)
{
	struct house *h = *state;
	struct db *db;
	char name[192];

	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(h->dir, 0755), 0);
	db = house_db(h, DB_CREATE);
	begin(db);
	exec(db, "INSERT INTO status VALUES ('x', 'y', 0)");
	commit(db);
	let_nobody_read(h, DB_DENIED);
	give_to_group(h, "");
	give_to_group(h, "-wal");
	give_to_group(h, "-shm");
	let_nobody_read(h, DB_OK);
	db_close(db);
	let_nobody_read(h, DB_OK);
	(void)snprintf(name, sizeof(name), "%s-wal", h->path);
	assert_int_equal(unlink(name), 0);
	(void)snprintf(name, sizeof(name), "%s-shm", h->path);
	assert_int_equal(unlink(name), 0);
	let_nobody_read(h, DB_DENIED);
	db_close(house_db(h, DB_WRITE)); /* mends it */
	give_to_group(h, "-wal");
	give_to_group(h, "-shm");
	let_nobody_read(h, DB_OK);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(makes_files_of_mode_0640),
		TEST(sets_what_was_promised),
		TEST(needs_a_file_to_read_or_write),
		TEST(takes_every_path_as_a_path),
		TEST(refuses_what_is_no_database),
		TEST(refuses_another_programs_database),
		TEST(leaves_another_programs_wal),
		TEST(refuses_a_later_version),
		TEST(refuses_a_damaged_file),
		TEST(takes_an_empty_file_as_new),
		TEST(recovers_from_a_death_at_birth),
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
		TEST(is_made_by_many_at_once),
		TEST(finds_damage),
		TEST(serves_readers_of_its_group),
	};

	return cmocka_run_group_tests_name("store-db", tests, NULL, NULL);
}
