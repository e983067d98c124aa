/* The helper process: what programs print, how they fail, how they end. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "runner.h"
#include "test.h"

static struct runner *runner;
static struct wake wake;
static char line[2 * RUNNER_LINE_MAX], why[400];

static int run_argv(const char *const *argv, size_t argc, int64_t limit_ms)
{
	struct runner_job job = {
		.argv = (char *const *)argv,
		.argc = argc,
		.limit_ms = limit_ms,
		.wake = &wake,
		.line = line,
		.line_n = sizeof(line),
		.why = why,
		.why_n = sizeof(why),
	};

	line[0] = why[0] = '\0';
	return runner_run(runner, &job);
}

static int run_shell(const char *script)
{
	const char *const argv[] = {"sh", "-c", script};

	return run_argv(argv, 3, 5000);
}

static void test_first_line(void **state)
{
	static const char *const argv[] = {"echo", "-n", "a  b", "", "*"};

	(void)state;
	assert_int_equal(run_shell("echo one; echo two"), 0);
	assert_string_equal(line, "one");
	assert_int_equal(run_shell("printf 'no end'"), 0);
	assert_string_equal(line, "no end");
	/* The words reach the program as they are: no shell. */
	assert_int_equal(run_argv(argv, 5, 5000), 0);
	assert_string_equal(line, "a  b  *");
}

static void test_failures(void **state)
{
	static const char *const missing[] = {"/no/such/program"};

	(void)state;
	assert_int_equal(run_shell("echo words >&2; echo secret; exit 4"), -1);
	assert_string_equal(why, "'sh' ended with status 4: words");
	assert_int_equal(run_shell("exit 1"), -1);
	assert_string_equal(why, "'sh' ended with status 1");
	assert_int_equal(run_shell("kill -11 $$"), -1);
	assert_string_equal(why, "'sh' was ended by signal 11");
	assert_int_equal(run_shell("true"), -1);
	assert_string_equal(why, "'sh' printed nothing");
	assert_int_equal(run_shell("printf 'a\\0b'"), -1);
	assert_string_equal(why, "'sh' printed a NUL byte");
	assert_int_equal(run_argv(missing, 1, 5000), -1);
	assert_string_equal(why, "'/no/such/program' could not be run: No such "
				 "file or directory");
}

/* More than a pipe holds, and a program that reads none of it. */
static void test_input(void **state)
{
	static char big[300000];
	static const char *const count[] = {"wc", "-c"};
	static const char *const deaf[] = {"echo", "deaf"};
	struct runner_job job = {
		.argv = (char *const *)count,
		.argc = 2,
		.limit_ms = 20000,
		.input = {big, sizeof(big)},
		.wake = &wake,
		.line = line,
		.line_n = sizeof(line),
		.why = why,
		.why_n = sizeof(why),
	};

	(void)state;
	memset(big, 'x', sizeof(big));
	assert_int_equal(runner_run(runner, &job), 0);
	assert_string_equal(line, "300000");
	job.argv = (char *const *)deaf;
	assert_int_equal(runner_run(runner, &job), 0);
	assert_string_equal(line, "deaf");
	job.argv = (char *const *)count;
	job.input = (struct str)STR("");
	assert_int_equal(runner_run(runner, &job), 0);
	assert_string_equal(line, "0");
}

static void test_silence(void **state)
{
	static const char *const silent[] = {"true"};
	static const char *const failing[] = {"false"};
	struct runner_job job = {
		.argv = (char *const *)silent,
		.argc = 1,
		.limit_ms = 20000,
		.may_be_silent = true,
		.wake = &wake,
		.line = line,
		.line_n = sizeof(line),
		.why = why,
		.why_n = sizeof(why),
	};

	(void)state;
	assert_int_equal(runner_run(runner, &job), 0);
	assert_string_equal(line, "");
	job.argv = (char *const *)failing;
	assert_int_equal(runner_run(runner, &job), -1);
	assert_string_equal(why, "'false' ended with status 1");
}

static void test_length(void **state)
{
	(void)state;
	assert_int_equal(run_shell("head -c 4096 /dev/zero | tr '\\0' x"), 0);
	assert_int_equal(strlen(line), 4096);
	assert_int_equal(run_shell("head -c 4097 /dev/zero | tr '\\0' x"), -1);
	assert_string_equal(why, "'sh' printed a line longer than 4096 bytes");
	/* More than a pipe holds, after the line: it must not block. */
	assert_int_equal(run_shell("echo a; head -c 300000 /dev/zero"), 0);
	assert_int_equal(run_shell("head -c 300000 /dev/zero >&2; echo a"), 0);
	assert_string_equal(line, "a");
}

static void test_limit(void **state)
{
	static const char *const argv[] = {"sh", "-c", "echo x; sleep 60"};
	int64_t began = clock_ms();

	(void)state;
	assert_int_equal(run_argv(argv, 3, 200), -1);
	assert_string_equal(why, "'sh' was killed: it took longer than 0 s");
	assert_in_range(clock_ms() - began, 200, 30000);
}

static void test_background_processes_do_not_hold_it_up(void **state)
{
	int64_t began = clock_ms();

	(void)state;
	assert_int_equal(run_shell("sleep 20 & echo done"), 0);
	assert_string_equal(line, "done");
	assert_in_range(clock_ms() - began, 0, 15000);
}

static void *run_slow(void *arg)
{
	static const char *const argv[] = {"sh", "-c", "sleep 3; echo slow"};
	char my_line[2 * RUNNER_LINE_MAX], my_why[100];
	struct runner_job job = {
		.argv = (char *const *)argv,
		.argc = 3,
		.limit_ms = 20000,
		.wake = &wake,
		.line = my_line,
		.line_n = sizeof(my_line),
		.why = my_why,
		.why_n = sizeof(my_why),
	};

	*(int *)arg = runner_run(runner, &job);
	if (strcmp(my_line, "slow") != 0)
		*(int *)arg = -2;
	return NULL;
}

static void test_slow_ones_delay_no_other(void **state)
{
	int64_t began = clock_ms();
	pthread_t thread;
	int slow = -3;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, run_slow, &slow), 0);
	for (int i = 0; i < 10; i++)
		assert_int_equal(run_shell("echo fast"), 0);
	assert_in_range(clock_ms() - began, 0, 2800);
	pthread_join(thread, NULL);
	assert_int_equal(slow, 0);
}

static void test_stop_ends_the_wait(void **state)
{
	static const char *const argv[] = {"sleep", "20"};
	int64_t began = clock_ms();

	(void)state;
	wake_stop(&wake);
	assert_int_equal(run_argv(argv, 2, 30000), -1);
	assert_in_range(clock_ms() - began, 0, WAKE_GRACE_MS + 10000);
	wake_release(&wake);
	assert_int_equal(wake_init(&wake), 0);
}

static void test_its_death_is_seen(void **state)
{
	struct runner *mine = runner_start();
	struct pollfd p;

	(void)state;
	assert_non_null(mine);
	p = (struct pollfd){runner_fd(mine), POLLIN, 0};
	assert_int_equal(poll(&p, 1, 0), 0);
	assert_true(runner_fd(mine) >= 0);
	runner_stop(mine);
}

static int start(void **state)
{
	(void)state;
	runner = runner_start();
	return runner && wake_init(&wake) == 0 ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	runner_stop(runner);
	wake_release(&wake);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_line),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_input),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_background_processes_do_not_hold_it_up),
		cmocka_unit_test(test_slow_ones_delay_no_other),
		cmocka_unit_test(test_stop_ends_the_wait),
		cmocka_unit_test(test_its_death_is_seen),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
