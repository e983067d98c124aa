/* daemon/atomic.c: a file is there whole or not at all. */
#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "atomic.h"

static char folder[64];

/*
 * The program's own fsync() wins over the C library's: what was synced, and
 * what stood in the target's place at that time.
 */
static struct {
	int files, folders;
	bool old_in_place; /* while the file was synced */
	bool new_in_place; /* while the folder was */
	ino_t file;
} synced;

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/atomic-test.XXXXXX");
	umask(077);
	return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static const char *path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

int fsync(int fd)
{
	struct stat st, target;
	bool there = !stat(path_of("synced"), &target);

	if (!fstat(fd, &st) && S_ISDIR(st.st_mode)) {
		synced.folders++;
		synced.new_in_place = there && target.st_ino == synced.file;
	} else {
		synced.files++;
		synced.file = st.st_ino;
		synced.old_in_place = there && target.st_ino != st.st_ino;
	}
	return (int)syscall(SYS_fsync, fd);
}

static void assert_content(const char *name, const char *want)
{
	char buf[64];
	int fd = open(path_of(name), O_RDONLY | O_NOFOLLOW);
	ssize_t n;

	assert_true(fd >= 0);
	n = read(fd, buf, sizeof(buf));
	close(fd);
	assert_int_equal(n, strlen(want));
	assert_memory_equal(buf, want, strlen(want));
}

static int entries(void)
{
	DIR *d = opendir(folder);
	int n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void put(const char *name, const char *text)
{
	struct atomic *a;

	assert_int_equal(atomic_open(path_of(name), 0640, &a), 0);
	assert_int_equal(write(atomic_fd(a), text, strlen(text)), strlen(text));
	assert_int_equal(atomic_commit(a), 0);
	atomic_close(a);
}

static void writes_and_replaces(void **state)
{
	struct stat st;

	(void)state;
	put("list", "one");
	assert_content("list", "one");
	put("list", "two");
	assert_content("list", "two");
	assert_int_equal(stat(path_of("list"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(entries(), 1);
	unlink(path_of("list"));
}

/* Power may fail at any time: the bytes first, then the name, then its folder.
 */
static void syncs_in_order(void **state)
{
	(void)state;
	put("synced", "old");
	memset(&synced, 0, sizeof(synced));
	put("synced", "new");
	assert_int_equal(synced.files, 1);
	assert_int_equal(synced.folders, 1);
	assert_true(synced.old_in_place);
	assert_true(synced.new_in_place);
	unlink(path_of("synced"));
}

static void leaves_nothing_behind(void **state)
{
	struct atomic *a;

	(void)state;
	put("list", "old");
	assert_int_equal(atomic_open(path_of("list"), 0640, &a), 0);
	assert_int_equal(write(atomic_fd(a), "new", 3), 3);
	assert_int_equal(entries(), 2);
	assert_content("list", "old");
	atomic_close(a);
	assert_int_equal(entries(), 1);
	assert_content("list", "old");
	atomic_close(NULL);
	unlink(path_of("list"));
}

static void never_follows_a_link(void **state)
{
	struct stat st;

	(void)state;
	put("victim", "mine");
	assert_int_equal(symlink("victim", path_of("link")), 0);
	put("link", "list");
	assert_content("victim", "mine");
	assert_content("link", "list");
	assert_int_equal(lstat(path_of("link"), &st), 0);
	assert_true(S_ISREG(st.st_mode));
	unlink(path_of("victim"));
	unlink(path_of("link"));
}

static void assert_refused(const char *path, const char *why)
{
	struct atomic *a;

	assert_int_equal(atomic_open(path, 0640, &a), -1);
	assert_non_null(strstr(atomic_error(a), why));
	atomic_close(a);
}

static void refuses_what_is_no_file(void **state)
{
	static const char why[] = "no regular file";

	(void)state;
	assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
	assert_refused(path_of("pipe"), why);
	assert_int_equal(symlink("pipe", path_of("link")), 0);
	assert_refused(path_of("link"), why);
	unlink(path_of("link"));
	assert_int_equal(symlink("/dev/null", path_of("link")), 0);
	assert_refused(path_of("link"), why);
	unlink(path_of("link"));
	assert_refused("/dev/null", why);
	/* a link to nothing is replaced */
	assert_int_equal(symlink("absent", path_of("link")), 0);
	put("link", "list");
	assert_content("link", "list");
	unlink(path_of("link"));
	unlink(path_of("pipe"));
	assert_int_equal(entries(), 0);
}

static void refuses(void **state)
{
	(void)state;
	assert_refused(path_of("absent/list"), "No such file");
	assert_refused(path_of("list/"), "unable to");
	assert_refused(folder, "there is a folder of this name");
	assert_refused("", "it names a folder");
	assert_int_equal(mkdir(path_of("open"), 0700), 0);
	assert_int_equal(chmod(path_of("open"), 0777), 0);
	assert_refused(path_of("open/list"), "anyone may write");
	assert_int_equal(chmod(path_of("open"), 01777), 0);
	put("open/list", "sticky");
	assert_content("open/list", "sticky");
}

/* Parts of one list: complete side by side, in place one after the other, and
 * one descriptor for the folder. Shown to fail with open_dir() opening it for
 * each, and with atomic_finish() that leaves the file open. */
static void holds_many_of_a_folder(void **state)
{
	struct atomic *a[200];
	int first, last;

	(void)state;
	assert_int_equal(atomic_open(path_of("part"), 0640, &a[0]), 0);
	assert_int_equal(write(atomic_fd(a[0]), "0", 1), 1);
	assert_int_equal(atomic_finish(a[0]), 0);
	first = dup(0);
	close(first);
	for (int i = 1; i < 200; i++) {
		char name[16];

		snprintf(name, sizeof(name), "part-%03d", i);
		assert_int_equal(
			atomic_open_beside(a[0], path_of(name), 0640, &a[i]),
			0);
		assert_int_equal(write(atomic_fd(a[i]), name, 8), 8);
		assert_int_equal(atomic_finish(a[i]), 0);
	}
	last = dup(0);
	close(last);
	assert_int_equal(last, first);
	assert_int_equal(access(path_of("part-199"), F_OK), -1);
	for (int i = 199; i >= 0; i--) {
		if (i != 7)
			assert_int_equal(atomic_commit(a[i]), 0);
		atomic_close(a[i]);
	}
	assert_content("part", "0");
	assert_content("part-199", "part-199");
	assert_int_equal(access(path_of("part-007"), F_OK), -1);
	assert_int_equal(entries(), 199);
	for (int i = 1; i < 200; i++) {
		char name[16];

		snprintf(name, sizeof(name), "part-%03d", i);
		unlink(path_of(name));
	}
	unlink(path_of("part"));
}

/* Only files go, and a look takes nothing. */
static void removes_files(void **state)
{
	struct atomic *a;

	(void)state;
	put("old", "x");
	assert_int_equal(mkdir(path_of("folder"), 0700), 0);
	assert_int_equal(symlink("old", path_of("link")), 0);
	assert_int_equal(atomic_open(path_of("list"), 0640, &a), 0);
	assert_int_equal(atomic_remove(a, "old", true), 1);
	assert_content("old", "x");
	assert_int_equal(atomic_remove(a, "absent", false), 0);
	assert_int_equal(atomic_remove(a, "folder", false), 0);
	assert_int_equal(atomic_remove(a, "link", false), 0);
	assert_int_equal(atomic_remove(a, "old", false), 1);
	assert_int_equal(access(path_of("old"), F_OK), -1);
	atomic_close(a);
	unlink(path_of("link"));
	rmdir(path_of("folder"));
	assert_int_equal(entries(), 0);
}

/* A program that writes two files of the folder, until a signal ends it. */
static void write_and_end_by(int number)
{
	struct atomic *a, *b;
	int status, before = entries();
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		if (!atomic_open(path_of("list"), 0640, &a) &&
			!atomic_open_beside(a, path_of("list-2"), 0640, &b) &&
			entries() == before + 2)
			raise(number);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), number);
}

/* Shown to fail without the handler, and with raise() left out of it. */
static void takes_its_files_away_when_it_is_ended(void **state)
{
	(void)state;
	write_and_end_by(SIGTERM);
	assert_int_equal(entries(), 0);
	write_and_end_by(SIGINT);
	assert_int_equal(entries(), 0);
}

/* Make all that lies in the folder two minutes old. */
static void grow_old(void)
{
	struct timespec then[2];
	struct dirent *e;
	DIR *d = opendir(folder);

	clock_gettime(CLOCK_REALTIME, &then[0]);
	then[0].tv_sec -= 120;
	then[1] = then[0];
	assert_non_null(d);
	while ((e = readdir(d)))
		if (e->d_name[0] != '.' || e->d_name[1] == 'b')
			assert_int_equal(
				utimensat(dirfd(d), e->d_name, then, 0), 0);
	closedir(d);
}

/* A journal for each of the first files that lie there. */
static void add_journals(void)
{
	char name[300];
	struct dirent *e;
	DIR *d = opendir(folder);

	assert_non_null(d);
	while ((e = readdir(d))) {
		size_t n = strlen(e->d_name);

		if (n < 5 || strcmp(e->d_name + n - 4, ".tmp") != 0 ||
			strchr(e->d_name, '-') || strstr(e->d_name, "yaml"))
			continue;
		snprintf(name, sizeof(name), "%s-journal", e->d_name);
		put(name, "x");
	}
	closedir(d);
}

/*
 * Shown to fail without clean(); with the age not asked (the young); without
 * the lock (the living); with is_temporary() always true (the others); with a
 * journal not known, or taken for nobody's.
 */
static void takes_away_what_a_killed_one_left(void **state)
{
	struct atomic *a, *b;

	(void)state;
	put(".bouncewatch.yaml.tmp", "x");
	put(".bouncewatch.7.0.tmp~", "x");
	write_and_end_by(SIGKILL);
	assert_int_equal(entries(), 4);
	add_journals();
	assert_int_equal(entries(), 5);
	put("list", "young");
	assert_int_equal(entries(), 6);
	assert_int_equal(atomic_open(path_of("living"), 0640, &a), 0);
	assert_int_equal(
		atomic_open_beside(a, path_of("living-2"), 0640, &b), 0);
	assert_int_equal(atomic_finish(b), 0);
	assert_int_equal(atomic_finish(a), 0);
	assert_int_equal(entries(), 8);
	add_journals();
	assert_int_equal(entries(), 9);
	grow_old();
	put("list", "old");
	assert_int_equal(entries(), 6);
	assert_int_equal(atomic_commit(b), 0);
	assert_int_equal(atomic_commit(a), 0);
	atomic_close(b);
	atomic_close(a);
	assert_int_equal(entries(), 6);
	grow_old();
	put("list", "older");
	assert_int_equal(entries(), 5);
	unlink(path_of(".bouncewatch.yaml.tmp"));
	unlink(path_of(".bouncewatch.7.0.tmp~"));
	unlink(path_of("living"));
	unlink(path_of("living-2"));
	unlink(path_of("list"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_and_replaces),
		cmocka_unit_test(syncs_in_order),
		cmocka_unit_test(leaves_nothing_behind),
		cmocka_unit_test(never_follows_a_link),
		cmocka_unit_test(refuses_what_is_no_file),
		cmocka_unit_test(holds_many_of_a_folder),
		cmocka_unit_test(removes_files),
		cmocka_unit_test(takes_its_files_away_when_it_is_ended),
		cmocka_unit_test(takes_away_what_a_killed_one_left),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
