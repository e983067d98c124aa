/*
 * oom_parse ARGUMENT...: `bouncewatch ARGUMENT...`, in a process for each n =
 * 1, 2, ... in which the n-th allocation fails, and in one in which all from
 * the n-th on do; until none fails. Each must end by itself. One that says
 * that all is well must print what it prints when there is memory, or tell
 * that memory was short; one that does not says why. What our own code has
 * allocated by the end is counted: it must have been freed.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "failing.h"

#ifdef WITH_ASAN
int main(void)
{
	errx(77, "skipped: the sanitizer has the allocations");
}
#else

#define OUTPUT_MAX 65536

/* What a process leaves behind. */
struct end {
	bool finished;
	int status;
	long calls, ours;
};

static struct end *end; /* shared with the process */
static char output[2][OUTPUT_MAX], whole[OUTPUT_MAX];
static long wrong;

static int make_file(void)
{
	int fd = memfd_create("output", 0);

	if (fd < 0)
		err(1, "unable to make a file");
	return fd;
}

static void read_file(int fd, char *to)
{
	ssize_t n = pread(fd, to, OUTPUT_MAX - 1, 0);

	to[n > 0 ? n : 0] = '\0';
	close(fd);
}

static void child(const int fd[2], int argc, char **argv)
{
	if (dup2(fd[0], 1) < 0 || dup2(fd[1], 2) < 0)
		_exit(1);
	alloc.live = alloc.ours = 0;
	alloc.on = true;
	end->status = cmd_main(argc, argv);
	alloc.on = false;
	end->calls = alloc.calls;
	end->ours = alloc.ours;
	end->finished = true;
	fflush(NULL);
	_exit(0);
}

static void run(long n, bool from_then, int argc, char **argv)
{
	int fd[2] = {make_file(), make_file()}, status;
	pid_t pid;

	*end = (struct end){.status = 1};
	alloc.fail_at = n;
	alloc.from_then = from_then;
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		err(1, "unable to fork");
	if (pid == 0)
		child(fd, argc, argv);
	if (waitpid(pid, &status, 0) != pid)
		err(1, "unable to wait");
	for (int i = 0; i < 2; i++)
		read_file(fd[i], output[i]);
	if (status || !end->finished)
		end->status = -1;
}

static const char *what_is_wrong(void)
{
	if (end->status < 0)
		return "it crashed";
	if (end->ours)
		return "something is not freed";
	if (end->status)
		return *output[1] ? NULL : "it fails without a word";
	if (strcmp(output[0], whole) != 0 && !strstr(output[0], "memory"))
		return "it prints something else and does not tell";
	return NULL;
}

static void look(long n, bool from_then)
{
	const char *what = what_is_wrong();

	if (!what)
		return;
	wrong++;
	printf("when allocation %ld%s fails: %s\n%s%s", n,
		from_then ? " and each after it" : "", what, output[0],
		output[1]);
}

int main(int argc, char **argv)
{
	long n, runs = 0;

	end = mmap(NULL, sizeof(*end), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (end == MAP_FAILED)
		err(1, "out of memory");
	run(0, false, argc, argv);
	n = end->calls;
	memcpy(whole, output[0], sizeof(whole));
	look(0, false);
	if (end->status)
		errx(1, "it fails without our doing: %s", output[1]);
	for (int from_then = 0; from_then < 2; from_then++)
		for (long i = 1; i <= n; i++, runs++) {
			run(i, from_then, argc, argv);
			look(i, from_then);
		}
	printf("# note: %ld failures of malloc in 'bouncewatch %s %s': %ld "
	       "wrong (a "
	       "crash, a leak, or other words without telling)\n",
		runs, argc > 2 ? argv[2] : "", argc > 3 ? argv[3] : "", wrong);
	return wrong || !runs;
}
#endif
