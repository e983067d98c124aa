/*
 * One program from start to end: its output is read while it runs, so that it
 * never blocks on a full pipe; of each stream only the first line is kept;
 * when its time is over, or nobody waits for it any more, its whole process
 * group is killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "runner_private.h"

/* The first line of a stream. */
struct line {
	int fd;
	size_t n;
	bool ended, too_long;
	char text[RUNNER_LINE_MAX + 1];
};

struct keeper {
	pid_t pid;
	int pidfd, answer;
	struct line out, err;
};

void runner_reset_signals(void)
{
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Replace this process by the program. */
static _Noreturn void become(char **argv, int in, int out, int err)
{
	if (in < 0)
		in = open("/dev/null", O_RDWR);

	setpgid(0, 0);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGUSR1, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	if (in >= 0 && dup2(in, STDIN_FILENO) >= 0 &&
		dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0)
		execvp(argv[0], argv);
	dprintf(err, "%s\n", strerror(errno));
	_exit(127);
}

static int open_pipes(int out[2], int err[2])
{
	if (pipe2(out, O_CLOEXEC) < 0)
		return -1;
	return pipe2(err, O_CLOEXEC);
}

static int start(struct keeper *k, char **argv, int input)
{
	int out[2], err[2];

	if (open_pipes(out, err) < 0)
		return -1;
	k->pid = fork();
	if (k->pid < 0)
		return -1;
	if (k->pid == 0)
		become(argv, input, out[1], err[1]);
	setpgid(k->pid, k->pid); /* whoever is first */
	close(out[1]);
	close(err[1]);
	k->out.fd = out[0];
	k->err.fd = err[0];
	k->pidfd = pidfd_open(k->pid, 0);
	return k->pidfd < 0 ? -1 : 0;
}

static void take(struct line *l, const char *p, size_t n)
{
	for (size_t i = 0; i < n && !l->ended; i++) {
		if (p[i] == '\n')
			l->ended = true;
		else if (l->n == RUNNER_LINE_MAX)
			l->ended = l->too_long = true;
		else
			l->text[l->n++] = p[i];
	}
}

/* What is there to read. At its end the descriptor becomes -1. */
static void pump(struct line *l)
{
	char buf[4096];
	ssize_t n = read(l->fd, buf, sizeof(buf));

	if (n > 0)
		take(l, buf, (size_t)n);
	else if (n == 0 || errno != EINTR) {
		close(l->fd);
		l->fd = -1;
	}
	explicit_bzero(buf, sizeof(buf));
}

/* What is left in the pipes after the end, without waiting for more. */
static void drain(struct line *l)
{
	if (l->fd >= 0)
		fcntl(l->fd, F_SETFL, O_NONBLOCK);
	while (l->fd >= 0)
		pump(l);
}

/* Until the program has ended. False: it had to be killed. */
static bool watch(struct keeper *k, int64_t limit_ms)
{
	int64_t end = clock_ms() + limit_ms;

	for (;;) {
		struct pollfd p[4] = {
			{k->out.fd, POLLIN, 0},
                        {k->err.fd, POLLIN, 0},
			{k->pidfd,  POLLIN, 0},
                        {k->answer, POLLIN, 0}
                };
		int64_t left = end - clock_ms();
		int n = poll(p, 4, left > 0 ? (int)left : 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || p[3].revents) {
			kill(-k->pid, SIGKILL);
			return false;
		}
		if (p[0].revents)
			pump(&k->out);
		if (p[1].revents)
			pump(&k->err);
		if (p[2].revents) {
			drain(&k->out);
			drain(&k->err);
			return true;
		}
	}
}

static void report(struct runner_reply *r, const struct keeper *k,
	bool may_be_silent, int status)
{
	const char *colon = k->err.n ? ": " : "";

	r->failed = 1;
	if (WIFSIGNALED(status))
		snprintf(r->text, sizeof(r->text),
			"was ended by signal %d%s%.300s", WTERMSIG(status),
			colon, k->err.text);
	else if (WEXITSTATUS(status) == 127 && k->err.n)
		snprintf(r->text, sizeof(r->text), "could not be run: %.300s",
			k->err.text);
	else if (WEXITSTATUS(status) != 0)
		snprintf(r->text, sizeof(r->text),
			"ended with status %d%s%.300s", WEXITSTATUS(status),
			colon, k->err.text);
	else if (k->out.too_long)
		snprintf(r->text, sizeof(r->text),
			"printed a line longer than %u bytes", RUNNER_LINE_MAX);
	else if (k->out.n == 0 && !may_be_silent)
		snprintf(r->text, sizeof(r->text), "printed nothing");
	else if (memchr(k->out.text, '\0', k->out.n))
		snprintf(r->text, sizeof(r->text), "printed a NUL byte");
	else
		r->failed = 0;
	if (!r->failed)
		memcpy(r->text, k->out.text, k->out.n);
}

/* The strings of a request. NULL: it is not in order. */
static char **unpack(const struct runner_request *request, size_t n)
{
	char **argv = calloc((size_t)request->argc + 1, sizeof(*argv));
	const char *p = request->argv, *end = (const char *)request + n;

	for (uint32_t i = 0; argv && i < request->argc; i++) {
		const char *next = memchr(p, '\0', (size_t)(end - p));

		if (!next)
			return NULL;
		argv[i] = (char *)p;
		p = next + 1;
	}
	return request->argc ? argv : NULL;
}

_Noreturn void runner_keep(
	const struct runner_request *request, size_t n, int answer, int input)
{
	static struct keeper k;
	static struct runner_reply reply;
	char **argv = unpack(request, n);
	int status = 0;

	k.answer = answer;
	signal(SIGCHLD, SIG_DFL); /* its status is wanted */
	reply.failed = 1;
	if (!argv || start(&k, argv, input) < 0) {
		snprintf(reply.text, sizeof(reply.text), "could not be run: %s",
			strerror(errno));
	} else if (!watch(&k, request->limit_ms)) {
		snprintf(reply.text, sizeof(reply.text),
			"was killed: it took longer than %lld s",
			(long long)request->limit_ms / 1000);
	} else if (waitpid(k.pid, &status, 0) == k.pid) {
		report(&reply, &k, request->may_be_silent, status);
	}
	(void)send(answer, &reply, sizeof(reply), MSG_NOSIGNAL);
	explicit_bzero(&k, sizeof(k));
	explicit_bzero(&reply, sizeof(reply));
	_exit(0);
}
