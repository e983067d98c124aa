/*
 * The program begins: make the first three descriptors safe, then let the
 * table of commands (cmd.c) work.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd.h"

/*
 * Started with a descriptor closed, the database would become number 1 and be
 * written over by what we print. What we put there fails at its wrong use.
 */
static int fill_descriptors(void)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
			open("/dev/null", modes[fd]) != fd)
			return -1;
	return 0;
}

int main(int argc, char **argv)
{
	if (fill_descriptors())
		return EX_OSERR;
	/* A reader that goes away is an error of write(), not our end. */
	signal(SIGPIPE, SIG_IGN);
	/* So is a limit on the size of files, as a full disk is. */
	signal(SIGXFSZ, SIG_IGN);
	return cmd_main(argc, argv);
}
