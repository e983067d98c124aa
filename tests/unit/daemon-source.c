/* daemon/source.c: files, folders and pipes as mails. */
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source.h"
#include "verdict.h"

static char folder[64];

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/source-test.XXXXXX");
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

static void put(const char *name, const char *text, time_t mtime)
{
	struct timespec times[2] = {
		{mtime, 0},
                {mtime, 0}
        };
	FILE *f = fopen(path_of(name), "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(utimensat(AT_FDCWD, path_of(name), times, 0), 0);
}

static void make_folder(const char *name)
{
	assert_int_equal(mkdir(path_of(name), 0700), 0);
}

/* All mails of s: "first line@time " of each, "!" for a bad one. */
static const char *read_all(struct source *s)
{
	static char all[4096];
	struct source_mail m;
	enum source_result got;
	size_t n = 0;

	all[0] = '\0';
	while ((got = source_next(s, &m)) != SOURCE_END) {
		if (got != SOURCE_MAIL) {
			n += (size_t)snprintf(all + n, sizeof(all) - n, "! ");
			continue;
		}
		n += (size_t)snprintf(all + n, sizeof(all) - n,
			STR_FMT "@%lld ",
			STR_ARG(str_sub(m.bytes, 0, str_chr(m.bytes, '\n'))),
			(long long)m.received_at);
	}
	return all;
}

static void assert_source(
	const char *name, const char *want, const char *remark)
{
	struct source *s;
	uint64_t done, total;

	assert_int_equal(source_open(path_of(name), &s), 0);
	assert_string_equal(read_all(s), want);
	source_progress(s, &done, &total);
	assert_int_equal(done, total);
	if (remark)
		assert_non_null(strstr(source_remark(s), remark));
	else
		assert_null(source_remark(s));
	source_close(s);
}

static void reads_files(void **state)
{
	(void)state;
	put("one.eml", "A: 1\n\nx\n", 77);
	put("box",
		"From a Thu Jan  1 00:00:10 1970\nA: 1\n\n"
		"From b Thu Jan  1 00:00:20 1970\nA: 2\n",
		77);
	put("empty", "", 77);
	assert_source("one.eml", "A: 1@0 ", NULL);
	assert_source("box", "A: 1@10 A: 2@20 ", NULL);
	assert_source("empty", "", NULL);
}

/* Both halves in the order of time; the time of a file is when it came. */
static void reads_a_maildir(void **state)
{
	(void)state;
	make_folder("md");
	make_folder("md/new");
	make_folder("md/cur");
	make_folder("md/tmp");
	put("md/new/200.b", "B: 1\n", 200);
	put("md/cur/100.a:2,S", "A: 1\n", 100);
	put("md/cur/300.c:2,", "From x Thu Jan  1 00:00:10 1970\nC: 1\n", 300);
	put("md/cur/.hidden", "no\n", 1);
	put("md/tmp/400.d", "no\n", 1);
	assert_source("md",
		"A: 1@100 B: 1@200 From x Thu Jan  1 00:00:10 1970@10 ", NULL);
}

static void reads_a_folder(void **state)
{
	(void)state;
	make_folder("dir");
	put("dir/b.eml", "B: 1\n", 7);
	put("dir/a.EML", "A: 1\n", 7);
	put("dir/c.eml",
		"From x Thu Jan  1 00:00:10 1970\nC: 1\n\n"
		"From x Thu Jan  1 00:00:20 1970\nD: 1\n",
		7);
	put("dir/README", "no\n", 7);
	make_folder("dir/sub.eml");
	assert_source("dir", "A: 1@0 B: 1@0 C: 1@10 D: 1@20 ", "1 file");
}

/* What cannot be read is told, and the rest is read. */
static void goes_on_after_a_bad_one(void **state)
{
	struct source *s;
	struct source_mail m;

	(void)state;
	make_folder("bad");
	put("bad/a.eml", "A: 1\n", 7);
	put("bad/c.eml", "C: 1\n", 7);
	assert_int_equal(symlink("nowhere", path_of("bad/b.eml")), 0);
	assert_int_equal(mkfifo(path_of("bad/b2.eml"), 0600), 0);
	assert_int_equal(source_open(path_of("bad"), &s), 0);
	assert_int_equal(source_next(s, &m), SOURCE_MAIL);
	assert_int_equal(source_next(s, &m), SOURCE_BAD);
	assert_non_null(strstr(source_error(s), "bad/b.eml': No such file"));
	assert_int_equal(source_next(s, &m), SOURCE_BAD);
	assert_non_null(strstr(source_error(s), "bad/b2.eml"));
	assert_int_equal(source_next(s, &m), SOURCE_MAIL);
	assert_string_equal(strrchr(m.name, '/'), "/c.eml");
	assert_int_equal(source_next(s, &m), SOURCE_END);
	source_close(s);
}

static void refuses(void **state)
{
	struct source *s;

	(void)state;
	assert_int_equal(source_open(path_of("absent"), &s), -1);
	assert_non_null(strstr(source_error(s), "absent': No such file"));
	source_close(s);
	source_close(NULL);
}

static void reads_a_pipe(void **state)
{
	static const char mbox[] = "From a Thu Jan  1 00:00:10 1970\nA: 1\n\n"
				   "From b Thu Jan  1 00:00:20 1970\nB: 2\n";
	struct source *s;
	struct source_mail m;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], mbox, strlen(mbox)), strlen(mbox));
	close(fds[1]);
	assert_int_equal(source_open_stream(fds[0], "standard input", &s), 0);
	assert_int_equal(source_next(s, &m), SOURCE_MAIL);
	assert_int_equal(m.bytes.n, strlen(mbox));
	assert_int_equal(m.received_at, 10);
	assert_int_equal(source_next(s, &m), SOURCE_END);
	assert_non_null(strstr(source_remark(s), "looks like an mbox"));
	source_close(s);
	close(fds[0]);
}

/* A writer must not be cut off, however long its message is. */
static void drains_a_pipe(void **state)
{
	static char chunk[65536];
	struct source *s;
	struct source_mail m;
	int fds[2];
	pid_t child;

	(void)state;
	memset(chunk, 'x', sizeof(chunk));
	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		close(fds[0]);
		for (int i = 0; i < 40; i++)
			if (write(fds[1], chunk, sizeof(chunk)) !=
				sizeof(chunk))
				_exit(1);
		_exit(0);
	}
	close(fds[1]);
	assert_int_equal(source_open_stream(fds[0], "standard input", &s), 0);
	assert_int_equal(source_next(s, &m), SOURCE_MAIL);
	assert_int_equal(m.bytes.n, VERDICT_MAIL_MAX);
	assert_true(m.truncated);
	assert_int_equal(read(fds[0], chunk, 1), 0);
	source_close(s);
	close(fds[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_files),
		cmocka_unit_test(reads_a_maildir),
		cmocka_unit_test(reads_a_folder),
		cmocka_unit_test(goes_on_after_a_bad_one),
		cmocka_unit_test(refuses),
		cmocka_unit_test(reads_a_pipe),
		cmocka_unit_test(drains_a_pipe),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
