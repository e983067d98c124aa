/*
 * From a path to a connection that keeps what it is given. A file is looked at
 * through a connection that cannot write before anything else is done to it:
 * what is not ours, or is from a later version, stays as it was to the byte.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "db_private.h"

/* For every connection. */
static const char setup_all[] = "PRAGMA temp_store = MEMORY;"
				"PRAGMA cache_size = -8192;" /* 8 MiB */
				"PRAGMA cell_size_check = ON;";

/* For those that write. The page size counts only for a new file. */
static const char setup_write[] = "PRAGMA page_size = 4096;"
				  "PRAGMA synchronous = FULL;"
				  "PRAGMA secure_delete = FAST;"
				  "PRAGMA journal_size_limit = 67108864;"
				  "PRAGMA wal_autocheckpoint = 0;";

static void disconnect(struct db *db)
{
	for (int i = 0; i < SQL_COUNT; i++) {
		(void)sqlite3_finalize(db->stmt[i]);
		db->stmt[i] = NULL;
	}
	(void)sqlite3_close(db->sqlite);
	db->sqlite = NULL;
}

/* Whether closing leaves the file and its WAL as they are. */
static void set_hands_off(struct db *db, int on)
{
	(void)sqlite3_db_config(
		db->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on, NULL);
}

/* What a damaged or hostile file could otherwise make of our connection. */
static void defend(struct db *db)
{
	static const struct {
		int option, value;
	} options[] = {
		{SQLITE_DBCONFIG_DEFENSIVE,      1},
		{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_ENABLE_FKEY,    1},
		{SQLITE_DBCONFIG_DQS_DML,        0},
		{SQLITE_DBCONFIG_DQS_DDL,        0},
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		(void)sqlite3_db_config(
			db->sqlite, options[i].option, options[i].value, NULL);
	(void)sqlite3_limit(db->sqlite, SQLITE_LIMIT_ATTACHED, 0);
}

static int connect(struct db *db, int flags)
{
	int persist = 1;
	int rc;

	disconnect(db);
	rc = sqlite3_open_v2(db->file, &db->sqlite,
		flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (!db->sqlite)
		return db_fail_errno(db, ENOMEM, "open");
	if (rc)
		return db_fail_sqlite(db, rc);
	set_hands_off(db, 1);
	/* So that a reader who may not make files finds the WAL. */
	(void)sqlite3_file_control(
		db->sqlite, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
	(void)sqlite3_busy_timeout(db->sqlite, DB_BUSY_MS);
	defend(db);
	rc = sql_given_define(db);
	return rc ? db_fail_sqlite(db, rc) : 0;
}

/* A new file gets its mode before anything is in it, whatever the umask. */
static int create(struct db *db)
{
	int fd = open(db->path,
		O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0640);
	int rc = 0;

	if (fd < 0) /* another program may have been faster */
		return errno == EEXIST ? 0 : db_fail_errno(db, errno, "make");
	if (fchmod(fd, 0640))
		rc = db_fail_errno(db, errno, "set the mode of");
	(void)close(fd);
	return rc;
}

/* *size: of the file before we came; 0 when there was none. */
static int find_file(struct db *db, off_t *size)
{
	struct stat st;

	*size = 0;
	if (stat(db->path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return db_fail_errno(db, EISDIR, "open");
		*size = st.st_size;
	} else if (errno != ENOENT) {
		return db_fail_errno(db, errno, "open");
	} else if (db->mode < DB_CREATE) {
		return db_fail(db, DB_MISSING,
			"unable to open '%s': there is no such file", db->path);
	} else if (create(db)) {
		return -1;
	}
	db->file = realpath(db->path, NULL);
	return db->file ? 0 : db_fail_errno(db, errno, "open");
}

/* Why a file that is there cannot be read, where SQLite's words do not help. */
static int explain_unreadable(struct db *db)
{
	if (access(db->file, R_OK))
		return db_fail_errno(db, errno, "open");
	if (db->code == SQLITE_READONLY_ROLLBACK)
		return -1;
	return db_fail(db, DB_DENIED,
		"unable to open '%s': its -wal and -shm files are missing or "
		"cannot be read, and cannot be made here: run a command that "
		"writes (such as 'bouncewatch ingest /dev/null') as its owner "
		"(SQLite %d)",
		db->path, db->code);
}

/*
 * Look without touching. Where the first start died half-way there is a
 * rollback journal, which only a connection that writes can undo; *identity
 * is then what it comes to: an empty file.
 */
static int look(struct db *db, off_t size, enum db_identity *identity)
{
	if (!connect(db, SQLITE_OPEN_READONLY) && !db_identify(db, identity))
		return 0;
	if (db->code == SQLITE_READONLY_ROLLBACK && size <= 4096 &&
		db->mode >= DB_CREATE) {
		*identity = DB_IS_EMPTY;
		return 0;
	}
	return db->fault == DB_DENIED ? explain_unreadable(db) : -1;
}

static int told_mode(void *arg, int n, char **values, char **names)
{
	(void)names;
	*(bool *)arg = n > 0 && values[0] && strcmp(values[0], "wal") == 0;
	return 0;
}

/* Two that make one file at once are in each other's way for a moment. */
static int set_wal(struct db *db)
{
	const struct timespec pause = {0, 10 * 1000000};
	bool wal = false;
	int rc;

	for (int ms = 0; ms < DB_BUSY_MS; ms += 10) {
		rc = sqlite3_exec(db->sqlite, "PRAGMA journal_mode = WAL",
			told_mode, &wal, NULL);
		if ((rc & 0xff) != SQLITE_BUSY)
			break;
		(void)nanosleep(&pause, NULL);
	}
	if (rc)
		return db_fail_sqlite(db, rc);
	if (!wal)
		return db_fail(db, DB_DENIED,
			"unable to use '%s': its file system does not allow "
			"write-ahead logging; it must be a local one",
			db->path);
	return 0;
}

/* Trust, and read back: a lost commit would be a lost bounce. */
static int verify(struct db *db)
{
	int64_t sync, keys;

	if (db_exec_int(db, "PRAGMA synchronous", &sync) ||
		db_exec_int(db, "PRAGMA foreign_keys", &keys))
		return -1;
	if (sync != 2 || keys != 1)
		return db_fail(db, DB_INTERNAL,
			"unable to use '%s': SQLite refuses synchronous=FULL "
			"or foreign_keys",
			db->path);
	return 0;
}

static int refuse_commit(void *arg)
{
	const struct db *db = arg;

	return !db->committing;
}

static int count_wal(void *arg, sqlite3 *sqlite, const char *name, int pages)
{
	struct db *db = arg;

	(void)sqlite, (void)name;
	db->wal_pages = pages;
	return SQLITE_OK;
}

static int open_to_write(struct db *db)
{
	enum db_identity identity;

	/* Looked at again: what lay in a journal may have come back. */
	if (connect(db, SQLITE_OPEN_READWRITE) || db_identify(db, &identity))
		return -1;
	if (db_exec(db, setup_all) || db_exec(db, setup_write))
		return -1;
	if (set_wal(db) || verify(db))
		return -1;
	(void)sqlite3_wal_hook(db->sqlite, count_wal, db);
	(void)sqlite3_commit_hook(db->sqlite, refuse_commit, db);
	if (db_upgrade(db, db_upgrade_steps, db_upgrade_steps_n) ||
		db_words(db))
		return -1;
	/* It is ours: the last one to close leaves all in the one file. */
	set_hands_off(db, 0);
	return 0;
}

static int open_to_read(struct db *db)
{
	int64_t version;

	if (db_exec(db, setup_all) ||
		db_exec_int(db, "PRAGMA user_version", &version))
		return -1;
	if (version < DB_VERSION)
		return db_fail(db, DB_TOO_OLD,
			"unable to read '%s': it is of schema %d, this program "
			"needs %d",
			db->path, (int)version, DB_VERSION);
	return 0;
}

static int open_all(struct db *db)
{
	enum db_identity identity;
	off_t size;

	if (find_file(db, &size) || look(db, size, &identity))
		return -1;
	if (identity == DB_IS_EMPTY && db->mode < DB_CREATE)
		return db_fail(db, DB_DAMAGED,
			"unable to open '%s': it is empty, not a bouncewatch "
			"database",
			db->path);
	if (db->mode == DB_READ)
		return open_to_read(db);
	if (db->mode == DB_WATCH && db_lock_watch(db))
		return -1;
	return open_to_write(db);
}

int db_open(const char *path, enum db_mode mode, struct db **out)
{
	struct db *db = calloc(1, sizeof(*db));

	*out = db;
	if (!db)
		return -1;
	db->mode = mode;
	db->lock_fd = -1;
	db->path = strdup(path);
	if (!db->path) {
		db->fault = DB_FULL;
		(void)snprintf(db->error, sizeof(db->error), "out of memory");
		return -1;
	}
	return open_all(db);
}

void db_close(struct db *db)
{
	if (!db)
		return;
	db_rollback(db);
	db_shorten_wal(db);
	disconnect(db);
	db_lock_release(db);
	free(db->file);
	free(db->path);
	free(db);
}
