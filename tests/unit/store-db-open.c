/* store/db_open.c: what it makes, what it refuses, who may read. */
#include "test.h"

#include <errno.h>
#include <grp.h>
#include <sys/wait.h>

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

/* --- files ---------------------------------------------------------------- */

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

/* --- creation ------------------------------------------------------------- */

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
	/* db_commit() does it, and knows when readers are to be waited for. */
	assert_int_equal(number(db, "PRAGMA wal_autocheckpoint"), 0);
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

/* Shown to fail: without the call of checkpoint() in db_commit(). */
static void keeps_the_wal_short(void **state)
{
	const enum db_mode modes[] = {DB_WATCH, DB_WRITE};
	struct house *h = *state;

	for (size_t m = 0; m < 2; m++) {
		struct db *db = house_db(h, modes[m]);
		char name[300];
		struct stat st;

		/* Eight times 5,000 pages. */
		for (int i = 0; i < 8; i++) {
			assert_int_equal(db_begin(db), 0);
			assert_int_equal(
				db_exec(db, "REPLACE INTO status VALUES"
					    " ('x', zeroblob(20000000), 0)"),
				0);
			assert_int_equal(db_commit(db), 0);
		}
		snprintf(name, sizeof(name), "%s-wal", h->path);
		assert_int_equal(stat(name, &st), 0);
		assert_in_range(st.st_size, 1, 128 << 20);
		db_close(db);
	}
}

/* Shown to fail without db_shorten_wal(): a reader that ends after the writer
 * left all of it, and whoever came next read it whole before anything else. */
static void leaves_no_wal_to_be_read(void **state)
{
	struct house *h = *state;
	struct db *db = house_db(h, DB_CREATE);
	struct db *reader = house_db(h, DB_READ);
	char name[300];
	struct stat st;

	assert_int_equal(db_begin(db), 0);
	assert_int_equal(db_exec(db, "REPLACE INTO status VALUES"
				     " ('x', zeroblob(20000000), 0)"),
		0);
	assert_int_equal(db_commit(db), 0);
	snprintf(name, sizeof(name), "%s-wal", h->path);
	assert_int_equal(stat(name, &st), 0);
	assert_in_range(st.st_size, 20000000, 30000000);
	db_close(db);
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(number(reader, "SELECT length(value) FROM status"
					" WHERE name = 'x'"),
		20000000);
	db_close(reader);
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
	(void)snprintf(h->path, sizeof(h->path), "%s/no/where", h->dir);
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

/* --- refusal -------------------------------------------------------------- */

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

/* --- other readers -------------------------------------------------------- */

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
	house_exec(db, "PRAGMA foreign_keys = OFF");
	house_begin(db);
	house_exec(db, "INSERT INTO events VALUES (1, 99, 0, 98, NULL, 0)");
	house_commit(db);
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
	house_begin(db);
	house_exec(db, "INSERT INTO status VALUES ('x', 'y', 0)");
	house_commit(db);
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
		TEST(keeps_the_wal_short),
		TEST(leaves_no_wal_to_be_read),
		TEST(needs_a_file_to_read_or_write),
		TEST(takes_every_path_as_a_path),
		TEST(refuses_what_is_no_database),
		TEST(refuses_another_programs_database),
		TEST(leaves_another_programs_wal),
		TEST(refuses_a_later_version),
		TEST(refuses_a_damaged_file),
		TEST(takes_an_empty_file_as_new),
		TEST(recovers_from_a_death_at_birth),
		TEST(finds_damage),
		TEST(serves_readers_of_its_group),
	};

	return cmocka_run_group_tests_name("store-db-open", tests, NULL, NULL);
}
