/*
 * Everything goes through a descriptor of the folder, so that nobody who can
 * rename folders above can send the file elsewhere half-way. A folder that
 * anyone may write to (and is not sticky, as /tmp is) is refused: there anyone
 * could put another list in the place of this one. Nor is what is no file ever
 * replaced: /dev/stdout, or a pipe that somebody reads, would be gone.
 */
#include "atomic.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"

struct atomic {
	char *path;
	const char *name; /* the last part of path */
	char temporary[64];
	char beside[112]; /* temporary, by the descriptor of its folder */
	int dir, fd;
	bool borrowed; /* dir is another's */
	bool made;
	char error[640];
};

static int fail(struct atomic *a, const char *verb)
{
	snprintf(a->error, sizeof(a->error), "unable to %s '%s': %s", verb,
		say_z(a->path), strerror(errno));
	return -1;
}

static int refuse(struct atomic *a, const char *why)
{
	snprintf(a->error, sizeof(a->error), "unable to create '%s': %s",
		say_z(a->path), why);
	return -1;
}

/* What stands in the place of the new file may be replaced: it is a file. */
static int may_replace(struct atomic *a)
{
	struct stat st;

	if (fstatat(a->dir, a->name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : fail(a, "look at");
	/* A link goes to a file or to nothing, else its target is meant. */
	if (S_ISLNK(st.st_mode) && fstatat(a->dir, a->name, &st, 0))
		return 0;
	if (S_ISDIR(st.st_mode))
		return refuse(a, "there is a folder of this name");
	if (!S_ISREG(st.st_mode))
		return refuse(a, "it is no regular file; leave -o out to "
				 "write to standard output");
	return 0;
}

/* The folder of path, opened; .name points at what follows. */
static int open_dir(struct atomic *a, const struct atomic *beside)
{
	char *slash = strrchr(a->path, '/');
	struct stat st;
	char *dir;

	a->name = slash ? slash + 1 : a->path;
	if (!*a->name)
		return refuse(a, "it names a folder, not a file");
	if (beside) {
		a->dir = beside->dir;
		a->borrowed = true;
		return 0;
	}
	dir = slash == a->path ? strdup("/")
	      : slash          ? strndup(a->path, (size_t)(slash - a->path))
			       : strdup(".");
	if (!dir)
		return refuse(a, "out of memory");
	a->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (a->dir < 0 || fstat(a->dir, &st))
		return fail(a, "open the folder of");
	if ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
		return refuse(a, "anyone may write to its folder");
	return 0;
}

/* A name that is free now; nobody else makes the same one for long. */
static int make(struct atomic *a)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	static atomic_uint next;

	for (int i = 0; i < 100 && a->fd < 0; i++) {
		snprintf(a->temporary, sizeof(a->temporary),
			".bouncewatch.%ld.%u.tmp", (long)getpid(),
			atomic_fetch_add(&next, 1));
		a->fd = openat(a->dir, a->temporary, flags, 0600);
		if (a->fd < 0 && errno != EEXIST)
			break;
	}
	a->made = a->fd >= 0;
	snprintf(a->beside, sizeof(a->beside), "/proc/self/fd/%d/%s", a->dir,
		a->temporary);
	return a->made ? 0 : fail(a, "create");
}

int atomic_open_beside(const struct atomic *beside, const char *path,
	unsigned mode, struct atomic **out)
{
	struct atomic *a = calloc(1, sizeof(*a));

	*out = a;
	if (!a)
		return -1;
	a->dir = a->fd = -1;
	a->path = strdup(path);
	if (!a->path) {
		free(a);
		*out = NULL;
		return -1;
	}
	if (open_dir(a, beside) || may_replace(a) || make(a))
		return -1;
	return fchmod(a->fd, mode) ? fail(a, "set the mode of") : 0;
}

int atomic_open(const char *path, unsigned mode, struct atomic **out)
{
	return atomic_open_beside(NULL, path, mode, out);
}

int atomic_fd(const struct atomic *a)
{
	return a->fd;
}

const char *atomic_path(const struct atomic *a)
{
	return a->beside;
}

uint64_t atomic_size(const struct atomic *a)
{
	struct stat st;

	return a->made && !fstatat(a->dir, a->temporary, &st, 0)
		       ? (uint64_t)st.st_size
		       : 0;
}

int atomic_finish(struct atomic *a)
{
	int rc = fsync(a->fd);

	if (!rc) {
		/* close() is where some file systems tell of a full disk. */
		rc = close(a->fd);
		a->fd = -1;
	}
	return rc ? fail(a, "write") : 0;
}

int atomic_commit(struct atomic *a)
{
	if (a->fd >= 0 && atomic_finish(a))
		return -1;
	if (renameat(a->dir, a->temporary, a->dir, a->name))
		return fail(a, "rename a new file to");
	a->made = false;
	return fsync(a->dir) ? fail(a, "sync the folder of") : 0;
}

int atomic_remove(struct atomic *a, const char *name, bool look)
{
	struct stat st;

	if (fstatat(a->dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : fail(a, "look beside");
	if (!S_ISREG(st.st_mode))
		return 0;
	if (!look && unlinkat(a->dir, name, 0))
		return fail(a, "take away what was left beside");
	return 1;
}

void atomic_close(struct atomic *a)
{
	if (!a)
		return;
	if (a->fd >= 0)
		close(a->fd);
	if (a->made)
		unlinkat(a->dir, a->temporary, 0);
	if (a->dir >= 0 && !a->borrowed)
		close(a->dir);
	free(a->path);
	free(a);
}

const char *atomic_error(const struct atomic *a)
{
	return a ? a->error : "out of memory";
}
