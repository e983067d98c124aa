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
#include <sys/mman.h>
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

/* What goes with a request: where its answer goes to, and what the program
 * reads (-1: nothing). */
struct descriptors {
	int answer, input;
};

/* A datagram with descriptors beside it; -1 where none came. */
static ssize_t receive(int from, void *buf, size_t n, struct descriptors *d)
{
	char control[CMSG_SPACE(sizeof(*d))];
	struct iovec part = {buf, n};
	struct msghdr m = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	ssize_t k;

	*d = (struct descriptors){-1, -1};
	do {
		k = recvmsg(from, &m, MSG_CMSG_CLOEXEC);
	} while (k < 0 && errno == EINTR);
	c = k > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	if (c && c->cmsg_type == SCM_RIGHTS &&
		c->cmsg_len <= CMSG_LEN(sizeof(*d)))
		memcpy(d, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
	return k;
}

static int send_with(int to, const void *buf, size_t n, struct descriptors d)
{
	union {
		char bytes[CMSG_SPACE(sizeof(d))];
		struct cmsghdr align;
	} control = {{0}};

	size_t size = d.input < 0 ? sizeof(d.answer) : sizeof(d);
	struct iovec part = {(void *)buf, n};
	struct msghdr m = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = CMSG_SPACE(size),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(c), &d, size);
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
		struct descriptors d;
		ssize_t n = receive(fd, &request, sizeof(request), &d);

		if (n <= 0)
			_exit(0);
		if (d.answer < 0)
			continue;
		if (fork() == 0) {
			close(fd);
			runner_keep(&request, (size_t)n, d.answer, d.input);
		}
		close(d.answer);
		if (d.input >= 0)
			close(d.input);
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
	request->may_be_silent = job->may_be_silent;
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

/* A file without a name that holds the input; *fd -1: there is none. */
static int make_input(struct str input, int *fd)
{
	*fd = -1;
	if (!input.p)
		return 0;
	*fd = memfd_create("input", MFD_CLOEXEC);
	for (size_t done = 0; *fd >= 0 && done < input.n;) {
		ssize_t n = pwrite(
			*fd, input.p + done, input.n - done, (off_t)done);

		if (n <= 0 && errno != EINTR) {
			close(*fd);
			*fd = -1;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	return *fd < 0 ? -1 : 0;
}

/* Hand it to the helper and wait. */
static int ask(struct runner *r, const struct runner_job *job,
	const struct runner_request *request, size_t n)
{
	struct descriptors d;
	int fds[2], rc;

	if (make_input(job->input, &d.input) < 0)
		return fail(job, "could not be run: no memory for its input");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0) {
		if (d.input >= 0)
			close(d.input);
		return fail(job, "could not be run: no free descriptor");
	}
	d.answer = fds[1];
	rc = send_with(r->fd, request, n, d);
	close(fds[1]);
	if (d.input >= 0)
		close(d.input);
	if (rc < 0)
		rc = fail(job, "could not be run: the helper process is gone");
	else
		rc = read_reply(job, fds[0]);
	close(fds[0]); /* a keeper that still waits kills its program */
	return rc;
}

int runner_run(struct runner *r, const struct runner_job *job)
{
	struct runner_request *request = calloc(1, sizeof(*request));
	size_t n = request ? write_request(job, request) : 0;
	int rc;

	rc = n ? ask(r, job, request, n)
	       : fail(job, "could not be run: its arguments are too long");
	free(request);
	return rc;
}
