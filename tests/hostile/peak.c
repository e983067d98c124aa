/*
 * peak PROGRAM ARGUMENT...: run it, and print the most memory that was
 * resident, in KiB. Small itself, because a process is also charged with what
 * the one that it was forked from had.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(char **argv)
{
	int null = open("/dev/null", O_WRONLY);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		err(1, "unable to open '/dev/null'");
	execvp(argv[0], argv);
	err(1, "unable to run '%s'", argv[0]);
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 2)
		errx(64, "usage: peak PROGRAM ARGUMENT...");
	pid = fork();
	if (pid < 0)
		err(1, "unable to fork");
	if (pid == 0)
		run(argv + 1);
	if (wait4(pid, &status, 0, &usage) != pid)
		err(1, "unable to wait");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		errx(1, "'%s' ended with status %x", argv[1], status);
	printf("%ld\n", usage.ru_maxrss);
	return 0;
}
