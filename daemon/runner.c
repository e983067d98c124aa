/*
 * Our side of the helper, and the helper's loop: for each request it forks a
 * keeper (runner_keeper.c), so that a slow program delays no other. A request
 * carries the socket that its answer goes to, so that answers cannot mix.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "runner.h"
#include "runner_private.h"

#define GRACE_MS 2000 /* for the keeper to report a time-out */

struct runner {
	pid_t pid;
	int fd;
};

/* A datagram with one descriptor beside it. fd -1: none came. */
static ssize_t receive(int from, void *buf, size_t n, int *fd)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec part = {buf, n};
	struct msghdr m = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	ssize_t k;

	*fd = -1;
	do {
		k = recvmsg(from, &m, MSG_CMSG_CLOEXEC);
	} while (k < 0 && errno == EINTR);
	c = k > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(c), sizeof(*fd));
	return k;
}

static int send_with(int to, const void *buf, size_t n, int fd)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {{0}};
	struct iovec part = {(void *)buf, n};
	struct msghdr m = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(to, &m, MSG_NOSIGNAL) == (ssize_t)n ? 0 : -1;
}

/* The helper. It ends when the daemon's end of the socket is closed. */
static void serve(int fd)
{
	static struct runner_request request;

	runner_reset_signals();
	signal(SIGCHLD, SIG_IGN); /* keepers need no burial */
	signal(SIGHUP, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	/* A terminal and systemd signal the whole group; the daemon, which
	 * may still need us to finish, ends us by closing the socket. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	for (;;) {
		int answer;
		ssize_t n = receive(fd, &request, sizeof(request), &answer);

		if (n <= 0)
			_exit(0);
		if (answer < 0)
			continue;
		if (fork() == 0) {
			close(fd);
			runner_keep(&request, (size_t)n, answer);
		}
		close(answer);
	}
}

struct runner *runner_start(void)
{
	struct runner *r = calloc(1, sizeof(*r));
	int fds[2];

	if (!r)
		return NULL;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0) {
		free(r);
		return NULL;
	}
	r->pid = fork();
	if (r->pid == 0) {
		close(fds[0]);
		serve(fds[1]);
	}
	close(fds[1]);
	r->fd = fds[0];
	if (r->pid > 0)
		return r;
	close(fds[0]);
	free(r);
	return NULL;
}

void runner_stop(struct runner *r)
{
	if (!r)
		return;
	close(r->fd);
	while (waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(r);
}

int runner_fd(const struct runner *r)
{
	return r->fd;
}

static int fail(const struct runner_job *job, const char *what)
{
	snprintf(job->why, job->why_n, "'%s' %s", job->argv[0], what);
	return -1;
}

/* The request as one block; its size, or 0 when it is too long. */
static size_t write_request(
	const struct runner_job *job, struct runner_request *request)
{
	size_t used = 0;

	request->limit_ms = job->limit_ms;
	request->argc = (uint32_t)job->argc;
	for (size_t i = 0; i < job->argc; i++) {
		size_t n = strlen(job->argv[i]) + 1;

		if (n > sizeof(request->argv) - used)
			return 0;
		memcpy(request->argv + used, job->argv[i], n);
		used += n;
	}
	return offsetof(struct runner_request, argv) + used;
}

static int read_reply(const struct runner_job *job, int fd)
{
	struct runner_reply reply;
	int64_t end = clock_ms() + job->limit_ms + GRACE_MS;
	ssize_t n = -1;
	int rc = -1;

	if (wake_wait(job->wake, fd, POLLIN, end) == WAKE_READY)
		n = recv(fd, &reply, sizeof(reply), 0);
	if (n != (ssize_t)sizeof(reply)) {
		fail(job, "could not be run: no answer from the helper");
	} else if (reply.failed) {
		reply.text[sizeof(reply.text) - 1] = '\0';
		fail(job, reply.text);
	} else {
		reply.text[sizeof(reply.text) - 1] = '\0';
		snprintf(job->line, job->line_n, "%s", reply.text);
		rc = 0;
	}
	explicit_bzero(&reply, sizeof(reply));
	return rc;
}

int runner_run(struct runner *r, const struct runner_job *job)
{
	struct runner_request *request = malloc(sizeof(*request));
	size_t n = request ? write_request(job, request) : 0;
	int fds[2], rc;

	if (n == 0) {
		free(request);
		return fail(
			job, "could not be run: its arguments are too long");
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0) {
		free(request);
		return fail(job, "could not be run: no free descriptor");
	}
	rc = send_with(r->fd, request, n, fds[1]);
	free(request);
	close(fds[1]);
	if (rc < 0)
		rc = fail(job, "could not be run: the helper process is gone");
	else
		rc = read_reply(job, fds[0]);
	close(fds[0]); /* a keeper that still waits kills its program */
	return rc;
}
