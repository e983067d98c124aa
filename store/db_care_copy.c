/*
 * A copy of the file while others write, and the file written anew.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <sqlite3.h>

#include "db_care_private.h"

#define BACKUP_STEP 1024 /* pages */

/* --- a copy --------------------------------------------------------------- */

bool db_care_is_ours(const char *path)
{
	unsigned char head[72] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n;
	uint32_t id;

	if (fd < 0)
		return false;
	n = pread(fd, head, sizeof(head), 0);
	(void)close(fd);
	id = (uint32_t)head[68] << 24 | (uint32_t)head[69] << 16 |
	     (uint32_t)head[70] << 8 | head[71];
	return n == sizeof(head) && id == DB_APPLICATION_ID &&
	       !memcmp(head, "SQLite format 3", 16);
}

/* A failure of the copy, not of the database. */
static int fail_copy(struct db *db, sqlite3 *copy, int rc)
{
	enum db_fault fault =
		(rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB
			? DB_DAMAGED
			: DB_FULL;

	return db_fail(db, fault, "unable to copy '%s': %s", db->path,
		copy && sqlite3_errcode(copy) ? sqlite3_errmsg(copy)
					      : sqlite3_errstr(rc));
}

/*
 * The source is in a read transaction: what others commit meanwhile is not
 * seen, and the copy needs not begin again because of it.
 */
static int copy_pages(struct db *db, sqlite3 *copy,
	const struct db_care_watch *w, int64_t *pages)
{
	sqlite3_backup *b =
		sqlite3_backup_init(copy, "main", db->sqlite, "main");
	int rc, total;

	if (!b)
		return sqlite3_errcode(copy);
	do {
		rc = sqlite3_backup_step(b, BACKUP_STEP);
		total = sqlite3_backup_pagecount(b);
		if (w->at && total > 0)
			w->at(w->arg, "pages",
				(uint64_t)(total - sqlite3_backup_remaining(b)),
				(uint64_t)total);
	} while (rc == SQLITE_OK);
	*pages = total;
	(void)sqlite3_backup_finish(b);
	return rc == SQLITE_DONE ? 0 : rc;
}

/* One file, that can be read where nothing can be written. */
static const char copied[] = "PRAGMA locking_mode = EXCLUSIVE;"
			     "PRAGMA journal_mode = DELETE;"
			     "PRAGMA locking_mode = NORMAL;";

static int backup(struct db *db, sqlite3 *copy, const struct db_care_check *c,
	int64_t *pages)
{
	int64_t first; /* a read transaction begins with the first read */
	int rc;

	if (db_read_begin(db) || db_care_pages(db, &first))
		return -1;
	rc = copy_pages(db, copy, &c->watch, pages);
	db_read_end(db);
	if (!rc)
		rc = sqlite3_exec(copy, copied, NULL, NULL, NULL);
	if (!rc)
		rc = db_care_integrity(copy, c, (uint64_t)*pages);
	return rc ? fail_copy(db, copy, rc) : 0;
}

int db_care_backup(struct db *db, const char *to, const struct db_care_check *c,
	int64_t *pages)
{
	sqlite3 *copy = NULL;
	int rc = sqlite3_open_v2(to, &copy,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
			SQLITE_OPEN_EXRESCODE,
		NULL);

	*pages = 0;
	if (!rc)
		rc = sqlite3_exec(copy,
			"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF",
			NULL, NULL, NULL);
	if (rc)
		rc = fail_copy(db, copy, rc);
	else
		rc = backup(db, copy, c, pages);
	db_read_end(db);
	(void)sqlite3_close(copy);
	return rc;
}

/* --- the file anew -------------------------------------------------------- */

/* The folder of the file; the copy that VACUUM makes lies there, too. */
static int folder_of(const struct db *db, char *buf, size_t size)
{
	const char *slash = strrchr(db->file, '/');
	size_t n = slash && slash > db->file ? (size_t)(slash - db->file) : 1;

	if (n >= size)
		return -1;
	memcpy(buf, db->file, n);
	buf[n] = '\0';
	return setenv("SQLITE_TMPDIR", buf, 1);
}

/* The copy, and once more the same in the WAL. */
static int has_room(struct db *db, const char *folder, int64_t *needs)
{
	int64_t pages, unused, room;
	struct statvfs v;

	if (db_care_pages(db, &pages) ||
		db_exec_int(db, "PRAGMA freelist_count", &unused))
		return -1;
	*needs = 2 * (pages - unused) * 4096;
	if (statvfs(folder, &v))
		return db_fail_errno(db, errno, "look at the folder of");
	room = (int64_t)v.f_bavail * (int64_t)v.f_frsize;
	if (room >= *needs)
		return 0;
	return db_fail(db, DB_FULL,
		"unable to vacuum '%s': it needs %.1f MB free in its folder, "
		"and there are %.1f MB",
		db->path, (double)*needs / 1e6, (double)room / 1e6);
}

int db_care_vacuum(struct db *db, const struct db_care_watch *w, int64_t *needs)
{
	struct db_care_reading r;
	char folder[4096];
	int64_t pages;
	int rc;

	if (db->mode != DB_WATCH)
		return db_fail(db, DB_INTERNAL,
			"unable to vacuum '%s': this is for the watch",
			db->path);
	if (folder_of(db, folder, sizeof(folder)))
		return db_fail_errno(db, ENAMETOOLONG, "vacuum");
	if (has_room(db, folder, needs) || db_care_pages(db, &pages))
		return -1;
	/* The copy may be larger than memory; it is attached under way. */
	if (db_exec(db, "PRAGMA temp_store = FILE"))
		return -1;
	(void)sqlite3_limit(db->sqlite, SQLITE_LIMIT_ATTACHED, 1);
	db_care_reading(&r, db->sqlite, w, (uint64_t)pages);
	db->committing = true;
	rc = db_exec(db, "VACUUM");
	db->committing = false;
	db_care_read(&r);
	(void)sqlite3_limit(db->sqlite, SQLITE_LIMIT_ATTACHED, 0);
	if (rc)
		return -1;
	rc = sqlite3_wal_checkpoint_v2(
		db->sqlite, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	/* Busy: somebody reads; the file shrinks with a later checkpoint. */
	return rc && (rc & 0xff) != SQLITE_BUSY ? db_fail_sqlite(db, rc) : 0;
}
