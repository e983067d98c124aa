/*
 * stopwatch [-w] [-s STATUS] PROGRAM ARGUMENT...: run it on one core, its
 * stdout thrown away; print the seconds that it had of that core and the KiB it
 * had resident. On a core of its own those are the seconds of the clock; where
 * others are at work, too, the clock would tell of them. It must end with
 * status 0, or with STATUS.
 *
 * -w: on all cores; print seconds of the clock, KiB, seconds of processors.
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
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
	execvp(argv[0], argv);
	err(1, "unable to run '%s'", argv[0]);
}

static double clock_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What the program took. */
static struct rusage measure(char **argv, int other)
{
	struct rusage usage;
	int status;
	pid_t pid = fork();

	if (pid < 0)
		err(1, "unable to fork");
	if (pid == 0)
		run(argv);
	if (wait4(pid, &status, 0, &usage) != pid)
		err(1, "unable to wait");
	if (!WIFEXITED(status) ||
		(WEXITSTATUS(status) && WEXITSTATUS(status) != other))
		errx(1, "'%s' ended with status %x", argv[0], status);
	return usage;
}

int main(int argc, char **argv)
{
	bool wall = false;
	int c, other = 0;
	double begin, processor;
	struct rusage usage;

	while ((c = getopt(argc, argv, "+ws:")) != -1)
		if (c == 'w')
			wall = true;
		else if (c == 's')
			other = (int)strtol(optarg, NULL, 10);
		else
			return 64;
	if (optind == argc)
		errx(64, "usage: stopwatch [-w] [-s STATUS] PROGRAM "
			 "ARGUMENT...");
	if (!wall)
		pin();
	begin = clock_seconds();
	usage = measure(argv + optind, other);
	processor = seconds(usage.ru_utime) + seconds(usage.ru_stime);
	if (wall)
		printf("%.6f %ld %.6f\n", clock_seconds() - begin,
			usage.ru_maxrss, processor);
	else
		printf("%.6f %ld\n", processor, usage.ru_maxrss);
	return 0;
}
