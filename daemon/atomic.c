/*
 * Everything goes through a descriptor of the folder, so that nobody who can
 * rename folders above can send the file elsewhere half-way. A folder that
 * anyone may write to (and is not sticky, as /tmp is) is refused: there anyone
 * could put another list in the place of this one. Nor is what is no file ever
 * replaced: /dev/stdout, or a pipe that somebody reads, would be gone.
 */
#include "atomic.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "say.h"

struct atomic {
	char *path;
	const char *name; /* the last part of path */
	char temporary[64];
	char beside[112]; /* temporary, by the descriptor of its folder */
	int dir, fd;
	int lock;      /* of the first in a folder: that it is alive */
	int slot;      /* of `open`, or -1 */
	bool borrowed; /* dir is another's */
	bool made;
	bool no_file; /* what stands in its place is none */
	char error[640];
};

#define PREFIX  ".bouncewatch."
#define SUFFIX  ".tmp"
#define JOURNAL "-journal" /* of a copy of the database, behind that */

/* --- what an ended program leaves behind ---------------------------------- */

#define SLOTS 256 /* what does not fit is left to the next that comes by */
#define OLD   60 /* seconds: one that was made just now may not be locked yet */

/* For the handler of signals: files that are to be taken away. */
static struct slot {
	atomic_int state; /* 0 free, 1 being filled, 2 in use */
	int dir;
	char name[64];
} slots[SLOTS];

static void end_by(int number)
{
	for (int i = 0; i < SLOTS; i++)
		if (atomic_load(&slots[i].state) == 2)
			unlinkat(slots[i].dir, slots[i].name, 0);
	raise(number); /* SA_RESETHAND: now it ends */
}

/* Only where nobody else has a use for them. */
static void catch_signals(void)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
	struct sigaction old;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct sigaction act = {.sa_handler = end_by};

		act.sa_flags = (int)(SA_RESETHAND | SA_NODEFER);
		if (!sigaction(numbers[i], NULL, &old) &&
			!(old.sa_flags & SA_SIGINFO) &&
			old.sa_handler == SIG_DFL)
			sigaction(numbers[i], &act, NULL);
	}
}

static void take_slot(struct atomic *a)
{
	for (a->slot = 0; a->slot < SLOTS; a->slot++) {
		struct slot *s = &slots[a->slot];
		int none = 0;

		if (!atomic_compare_exchange_strong(&s->state, &none, 1))
			continue;
		s->dir = a->dir;
		memcpy(s->name, a->temporary, sizeof(s->name));
		atomic_store(&s->state, 2);
		return;
	}
	a->slot = -1;
}

static void leave_slot(struct atomic *a)
{
	if (a->slot >= 0)
		atomic_store(&slots[a->slot].state, 0);
	a->slot = -1;
}

/* The bytes of a name without what SQLite adds for a journal. */
static size_t base_length(const char *name)
{
	size_t n = strlen(name), journal = sizeof(JOURNAL) - 1;

	return n > journal && !strcmp(name + n - journal, JOURNAL) ? n - journal
								   : n;
}

/*
 * Who is killed leaves files behind. The first of a folder is locked as long as
 * its program lives, and the others are named after it (".7.0.tmp" has
 * ".7.0-1.tmp" and ".7.0.tmp-journal"): what nobody locks, is ours and not of
 * this minute, is nobody's.
 */
static bool is_left(int dir, const char *name)
{
	size_t base = base_length(name);
	size_t n = sizeof(PREFIX) - 1 + strcspn(name + sizeof(PREFIX) - 1, "-");
	char first[64];
	struct stat st;
	bool left;
	int fd;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) ||
		!S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
		st.st_mtime > time(NULL) - OLD)
		return false;
	if (n < base)
		snprintf(first, sizeof(first), "%.*s" SUFFIX, (int)n, name);
	else
		snprintf(first, sizeof(first), "%.*s", (int)base, name);
	fd = openat(dir, first, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT;
	left = !flock(fd, LOCK_EX | LOCK_NB);
	close(fd);
	return left;
}

/* ".bouncewatch.7.0.tmp", ".bouncewatch.7.0-1.tmp", with or without JOURNAL */
static bool is_temporary(const char *name)
{
	size_t n = base_length(name);

	return n < 64 && n > sizeof(PREFIX) + sizeof(SUFFIX) - 2 &&
	       !strncmp(name, PREFIX, sizeof(PREFIX) - 1) &&
	       !strncmp(name + n - sizeof(SUFFIX) + 1, SUFFIX,
		       sizeof(SUFFIX) - 1) &&
	       strspn(name + sizeof(PREFIX) - 1, "0123456789.-") ==
		       n - sizeof(PREFIX) - sizeof(SUFFIX) + 3;
}

static void clean(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!d && fd >= 0)
		close(fd);
	while (d && (e = readdir(d)))
		if (is_temporary(e->d_name) && is_left(dir, e->d_name))
			unlinkat(dir, e->d_name, 0);
	if (d)
		closedir(d);
}

/* --- one file ------------------------------------------------------------- */

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
	if (!S_ISREG(st.st_mode)) {
		a->no_file = true;
		return refuse(a, "it is no regular file");
	}
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

/* The stem of the temporary name of the first, for those beside it. */
static void name_it(struct atomic *a, const struct atomic *beside)
{
	static atomic_uint next;
	unsigned n = atomic_fetch_add(&next, 1);

	if (beside)
		snprintf(a->temporary, sizeof(a->temporary), "%.*s-%u" SUFFIX,
			(int)(strlen(beside->temporary) - sizeof(SUFFIX) + 1),
			beside->temporary, n);
	else
		snprintf(a->temporary, sizeof(a->temporary),
			PREFIX "%ld.%u" SUFFIX, (long)getpid(), n);
}

/* A name that is free now; nobody else makes the same one for long. */
static int make(struct atomic *a, const struct atomic *beside)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

	if (!beside)
		clean(a->dir);
	for (int i = 0; i < 100 && a->fd < 0; i++) {
		name_it(a, beside);
		a->fd = openat(a->dir, a->temporary, flags, 0600);
		if (a->fd < 0 && errno != EEXIST)
			break;
	}
	a->made = a->fd >= 0;
	if (a->made) {
		take_slot(a);
		catch_signals();
	}
	if (a->made && !beside) {
		/* Of its own: that of a->fd ends with the writing. */
		a->lock = openat(a->dir, a->temporary,
			O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		if (a->lock >= 0)
			(void)flock(a->lock, LOCK_SH | LOCK_NB);
	}
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
	a->dir = a->fd = a->lock = a->slot = -1;
	a->path = strdup(path);
	if (!a->path) {
		free(a);
		*out = NULL;
		return -1;
	}
	if (open_dir(a, beside) || may_replace(a) || make(a, beside))
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
	leave_slot(a);
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
	leave_slot(a);
	if (a->lock >= 0)
		close(a->lock);
	if (a->dir >= 0 && !a->borrowed)
		close(a->dir);
	free(a->path);
	free(a);
}

bool atomic_is_no_file(const struct atomic *a)
{
	return a && a->no_file;
}

const char *atomic_error(const struct atomic *a)
{
	return a ? a->error : "out of memory";
}
