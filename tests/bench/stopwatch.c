/*
 * stopwatch PROGRAM ARGUMENT...: run it on one core, its stdout thrown away;
 * print the seconds that it had of that core and the KiB it had resident. On a
 * core of its own those are the seconds of the clock; where others are at work,
 * too, the clock would tell of them.
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* The last core that we may use: the first ones have more to do. */
static void pin(void)
{
	cpu_set_t all, one;
	int core = CPU_SETSIZE;

	if (sched_getaffinity(0, sizeof(all), &all))
		return;
	while (core-- > 0 && !CPU_ISSET(core, &all))
		;
	CPU_ZERO(&one);
	CPU_SET(core, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

static void run(char **argv)
{
	int null = open("/dev/null", O_WRONLY);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		err(1, "unable to open '/dev/null'");
	execv(argv[0], argv);
	err(1, "unable to run '%s'", argv[0]);
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 2)
		errx(64, "usage: stopwatch PROGRAM ARGUMENT...");
	pin();
	pid = fork();
	if (pid < 0)
		err(1, "unable to fork");
	if (pid == 0)
		run(argv + 1);
	if (wait4(pid, &status, 0, &usage) != pid)
		err(1, "unable to wait");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		errx(1, "'%s' ended with status %x", argv[1], status);
	printf("%.6f %ld\n", seconds(usage.ru_utime) + seconds(usage.ru_stime),
		usage.ru_maxrss);
	return 0;
}
