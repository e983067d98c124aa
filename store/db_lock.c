/*
 * The file "<path>.lock": one byte is held by the watch for as long as it
 * lives, another by whoever checkpoints. SQLite before 3.51.3 can corrupt the
 * file when two connections checkpoint at once, so never two may.
 *
 * Open file description locks: they end with the process however it ends, a
 * stale file is harmless, and closing another descriptor of the file does not
 * drop them as it would drop POSIX locks.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "db_private.h"

enum lock_byte {
	BYTE_WATCH = 0,
	BYTE_CHECKPOINT = 1
};

/* 0, or the errno value. */
static int open_lock(struct db *db)
{
	size_t n = strlen(db->file) + sizeof(".lock");
	char *path;
	int error = 0;

	if (db->lock_fd >= 0)
		return 0;
	path = malloc(n);
	if (!path)
		return ENOMEM;
	(void)snprintf(path, n, "%s.lock", db->file);
	db->lock_fd = open(path,
		O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0640);
	if (db->lock_fd < 0)
		error = errno;
	free(path);
	return error;
}

static int set_lock(struct db *db, enum lock_byte byte, short type)
{
	struct flock fl = {
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = (off_t)byte,
		.l_len = 1,
	};

	return fcntl(db->lock_fd, F_OFD_SETLK, &fl) ? errno : 0;
}

static int locked(struct db *db, int error)
{
	if (error != EAGAIN && error != EACCES)
		return db_fail_errno(db, error, "make the lock file of");
	return db_fail(db, DB_LOCKED,
		"another 'bouncewatch watch' is using '%s' (it holds the "
		"lock on '%s.lock')",
		db->path, db->file);
}

/* An ingest that checkpoints just now is done in a moment. */
static int wait_for_checkpoint(struct db *db)
{
	const struct timespec pause = {0, 20 * 1000000};
	int error = set_lock(db, BYTE_CHECKPOINT, F_WRLCK);

	for (int ms = 0; error == EAGAIN && ms < DB_BUSY_MS; ms += 20) {
		(void)nanosleep(&pause, NULL);
		error = set_lock(db, BYTE_CHECKPOINT, F_WRLCK);
	}
	return error;
}

int db_lock_watch(struct db *db)
{
	int error = open_lock(db);

	if (!error)
		error = set_lock(db, BYTE_WATCH, F_WRLCK);
	if (!error)
		error = wait_for_checkpoint(db);
	return error ? locked(db, error) : 0;
}

bool db_lock_checkpoint(struct db *db)
{
	return !open_lock(db) && !set_lock(db, BYTE_CHECKPOINT, F_WRLCK);
}

void db_unlock_checkpoint(struct db *db)
{
	(void)set_lock(db, BYTE_CHECKPOINT, F_UNLCK);
}

void db_lock_release(struct db *db)
{
	if (db->lock_fd >= 0)
		(void)close(db->lock_fd);
	db->lock_fd = -1;
}
