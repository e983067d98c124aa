/*
 * Why not libetpan's own connect: it uses select(), waits without end for the
 * resolver, sets no keepalive and cannot be interrupted. The resolver runs in
 * the worker's own thread, so that a slow one delays no other folder; a
 * connection to a dead address costs at most its share of the time.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "dial.h"

/* A dead peer is noticed after two minutes at most, also without traffic. */
static void keep_alive(int fd)
{
	static const struct {
		int level, name, value;
	} options[] = {
		{IPPROTO_TCP, TCP_NODELAY,      1     },
		{SOL_SOCKET,  SO_KEEPALIVE,     1     },
		{IPPROTO_TCP, TCP_KEEPIDLE,     60    },
		{IPPROTO_TCP, TCP_KEEPINTVL,    15    },
		{IPPROTO_TCP, TCP_KEEPCNT,      4     },
		{IPPROTO_TCP, TCP_USER_TIMEOUT, 120000},
	};

	/* Each makes it better; the connection works without. */
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		(void)setsockopt(fd, options[i].level, options[i].name,
			&options[i].value, sizeof(options[i].value));
}

static int finish_connect(int fd, int64_t deadline, struct wake *wake)
{
	int error = 0;
	socklen_t n = sizeof(error);

	switch (wake_wait(wake, fd, POLLOUT, deadline)) {
	case WAKE_STOPPED:
		return ECANCELED;
	case WAKE_TIMEOUT:
		return ETIMEDOUT;
	case WAKE_READY:
		break;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0)
		return errno;
	return error;
}

/* A descriptor, or -1 with errno. */
static int connect_to(
	const struct addrinfo *a, int64_t deadline, struct wake *wake)
{
	int error = 0;
	int fd = socket(
		a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	keep_alive(fd);
	if (connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
		error = errno;
		if (error == EINPROGRESS || error == EINTR)
			error = finish_connect(fd, deadline, wake);
	}
	if (!error)
		return fd;
	close(fd);
	errno = error;
	return -1;
}

static int connect_to_any(
	const struct addrinfo *list, int64_t deadline, struct wake *wake)
{
	int64_t left = 0;
	int fd = -1;

	for (const struct addrinfo *a = list; a; a = a->ai_next)
		left++;
	errno = EHOSTUNREACH;
	for (const struct addrinfo *a = list; a; a = a->ai_next) {
		int64_t now = clock_ms();
		int64_t share = now + (deadline - now) / left--;

		fd = connect_to(a, share, wake);
		if (fd >= 0 || errno == ECANCELED)
			break;
	}
	return fd;
}

int dial(const char *host, int port, int64_t deadline, struct wake *wake,
	char *why, size_t why_n)
{
	struct addrinfo *list = NULL;
	struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV,
	};
	char service[16];
	int fd, r, error;

	snprintf(service, sizeof(service), "%d", port);
	r = getaddrinfo(host, service, &hints, &list);
	if (r == EAI_ADDRFAMILY || r == EAI_NONAME) {
		/* AI_ADDRCONFIG does not count loopback: a machine without
		 * network can still watch itself. */
		hints.ai_flags = AI_NUMERICSERV;
		r = getaddrinfo(host, service, &hints, &list);
	}
	if (r != 0) {
		error = r == EAI_SYSTEM ? errno : EHOSTUNREACH;
		snprintf(why, why_n, "unable to find the host '%s': %s", host,
			r == EAI_SYSTEM ? strerror(error) : gai_strerror(r));
		errno = error;
		return -1;
	}
	fd = connect_to_any(list, deadline, wake);
	error = errno;
	freeaddrinfo(list);
	if (fd < 0)
		snprintf(why, why_n, "unable to connect to %s port %d: %s",
			host, port, strerror(error));
	errno = error;
	return fd;
}
