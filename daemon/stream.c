/*
 * Why not libetpan's own network layer: it verifies no certificate, spins at
 * EOF within a literal, has a timeout for each read but none for the whole,
 * and swallows an error after a partial read. Here the first failure is
 * final, so that whatever libetpan makes of it, the next call fails, too.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "dial.h"
#include "guard.h"
#include "log.h"
#include "stream.h"
#include "tls.h"

struct stream {
	struct stream_settings settings;
	int fd;
	struct tls *tls;
	int64_t deadline, idle_ms;
	struct guard guard;
	bool secret;
	enum stream_fault fault;
	char why[256];
	char bye[160];
};

/* Each line that the server sends, for the trace and for its last words. */
static void see_line(void *arg, const char *head, size_t n)
{
	struct stream *s = arg;

	if (n > 5 && strncasecmp(head, "* BYE", 5) == 0)
		snprintf(
			s->bye, sizeof(s->bye), "%.*s", (int)(n - 5), head + 5);
	if (log_get_level() < LOG_LEVEL_DEBUG)
		return;
	log_debug("imap.received", "mailbox=%s line=%s",
		log_q(s->settings.label),
		s->secret ? "(hidden)" : log_qs(str_of(head, n)));
}

static void trace_sent(const struct stream *s, const char *p, size_t n)
{
	if (log_get_level() < LOG_LEVEL_DEBUG)
		return;
	while (n > 0 && (p[n - 1] == '\r' || p[n - 1] == '\n'))
		n--;
	log_debug("imap.sent", "mailbox=%s line=%s", log_q(s->settings.label),
		s->secret ? "(hidden)" : log_qs(str_of(p, n)));
}

struct stream *stream_new(const struct stream_settings *settings)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->settings = *settings;
	s->fd = -1;
	guard_init(&s->guard, see_line, s);
	return s;
}

void stream_free(struct stream *s)
{
	if (!s)
		return;
	tls_free(s->tls, s->fault == STREAM_FINE);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

void stream_kill(struct stream *s, enum stream_fault fault, const char *why)
{
	if (s->fault != STREAM_FINE)
		return;
	s->fault = fault;
	snprintf(s->why, sizeof(s->why), "%s", why);
}

enum stream_fault stream_fault(const struct stream *s)
{
	return s->fault;
}

const char *stream_error(const struct stream *s)
{
	return s->why;
}

const char *stream_bye(const struct stream *s)
{
	return s->bye;
}

bool stream_has_tls(const struct stream *s)
{
	return s->tls != NULL;
}

void stream_secret(struct stream *s, bool on)
{
	s->secret = on;
}

void stream_namespaces(struct stream *s, bool on)
{
	s->guard.namespaces = on;
}

void stream_begin(struct stream *s, const struct stream_limits *limits)
{
	s->deadline = clock_ms() + limits->total_ms;
	s->idle_ms = limits->idle_ms;
	guard_begin(&s->guard, limits->bytes, limits->literal);
}

static int fail(struct stream *s, enum stream_fault fault, const char *why)
{
	stream_kill(s, fault, why);
	return -1;
}

/* Until the socket is ready: 0, or -1 and the stream is dead. */
static int wait_ready(struct stream *s, short events)
{
	int64_t end = clock_ms() + s->idle_ms;

	if (end > s->deadline)
		end = s->deadline;
	switch (wake_wait(s->settings.wake, s->fd, events, end)) {
	case WAKE_READY:
		return 0;
	case WAKE_STOPPED:
		return fail(s, STREAM_STOPPED, "told to stop");
	case WAKE_TIMEOUT:
		break;
	}
	return fail(s, STREAM_TIMEOUT, "the server did not answer in time");
}

int stream_connect(struct stream *s)
{
	char why[256];

	if (s->fault != STREAM_FINE)
		return -1;
	s->fd = dial(s->settings.host, s->settings.port, s->deadline,
		s->settings.wake, why, sizeof(why));
	if (s->fd >= 0)
		return 0;
	if (errno == ECANCELED)
		return fail(s, STREAM_STOPPED, "told to stop");
	return fail(
		s, errno == ETIMEDOUT ? STREAM_TIMEOUT : STREAM_NETWORK, why);
}

static bool is_loopback(const struct sockaddr_storage *a)
{
	const struct sockaddr_in *v4 = (const void *)a;
	const struct sockaddr_in6 *v6 = (const void *)a;

	if (a->ss_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	if (a->ss_family != AF_INET6)
		return false;
	return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) ||
	       (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr) &&
		       v6->sin6_addr.s6_addr[12] == 127);
}

int stream_require_loopback(struct stream *s)
{
	struct sockaddr_storage a = {0};
	socklen_t n = sizeof(a);

	if (s->fault != STREAM_FINE)
		return -1;
	if (getpeername(s->fd, (struct sockaddr *)&a, &n) == 0 &&
		is_loopback(&a))
		return 0;
	return fail(s, STREAM_PLAINTEXT,
		"tls: none is for this machine only, and the server is "
		"another one; set tls: implicit or starttls");
}

/* What a TLS call left behind: wait and call again (0), or fail (-1). */
static int after_tls(struct stream *s, enum tls_result r)
{
	switch (r) {
	case TLS_WANTS_READ:
		return wait_ready(s, POLLIN);
	case TLS_WANTS_WRITE:
		return wait_ready(s, POLLOUT);
	case TLS_CLOSED:
		return fail(
			s, STREAM_NETWORK, "the server closed the connection");
	case TLS_UNTRUSTED:
		return fail(s, STREAM_CERTIFICATE, tls_error(s->tls));
	case TLS_FAILED:
	case TLS_DONE:
		break;
	}
	return fail(s, STREAM_TLS, tls_error(s->tls));
}

int stream_start_tls(struct stream *s)
{
	enum tls_result r;
	char why[256];

	if (s->fault != STREAM_FINE)
		return -1;
	s->tls = tls_new(
		s->fd, s->settings.host, s->settings.ca_file, why, sizeof(why));
	if (!s->tls)
		return fail(s, STREAM_CONFIG, why);
	while ((r = tls_handshake(s->tls)) != TLS_DONE)
		if (after_tls(s, r) < 0)
			return -1;
	log_debug("imap.tls", "mailbox=%s session=%s", log_q(s->settings.label),
		log_q(tls_describe(s->tls)));
	return 0;
}

/* 0: nothing yet, the wait is over; > 0: bytes; -1: dead. */
static ssize_t receive(struct stream *s, void *buf, size_t n)
{
	enum tls_result r;
	size_t got = 0;
	ssize_t k;

	if (s->tls) {
		r = tls_read(s->tls, buf, n, &got);
		return r == TLS_DONE ? (ssize_t)got : after_tls(s, r);
	}
	k = recv(s->fd, buf, n, 0);
	if (k > 0)
		return k;
	if (k == 0)
		return fail(
			s, STREAM_NETWORK, "the server closed the connection");
	if (errno == EAGAIN)
		return wait_ready(s, POLLIN);
	return errno == EINTR ? 0 : fail(s, STREAM_NETWORK, strerror(errno));
}

ssize_t stream_read(struct stream *s, void *buf, size_t n)
{
	ssize_t k = 0;

	if (s->fault == STREAM_FINE && clock_ms() >= s->deadline)
		stream_kill(s, STREAM_TIMEOUT,
			"the answer took longer than is allowed");
	while (s->fault == STREAM_FINE && k == 0)
		k = receive(s, buf, n);
	if (s->fault != STREAM_FINE)
		return -1;
	if (guard_feed(&s->guard, buf, (size_t)k) < 0) {
		snprintf(s->why, sizeof(s->why),
			"refused what the server sent: %s",
			guard_why(&s->guard));
		s->fault = STREAM_REFUSED;
		return -1;
	}
	return k;
}

/* As receive(). */
static ssize_t send_some(struct stream *s, const void *buf, size_t n)
{
	enum tls_result r;
	size_t sent = 0;
	ssize_t k;

	if (s->tls) {
		r = tls_write(s->tls, buf, n, &sent);
		return r == TLS_DONE ? (ssize_t)sent : after_tls(s, r);
	}
	k = send(s->fd, buf, n, MSG_NOSIGNAL);
	if (k >= 0)
		return k;
	if (errno == EAGAIN)
		return wait_ready(s, POLLOUT);
	return errno == EINTR ? 0 : fail(s, STREAM_NETWORK, strerror(errno));
}

ssize_t stream_write(struct stream *s, const void *buf, size_t n)
{
	ssize_t k = 0;

	while (s->fault == STREAM_FINE && k == 0)
		k = send_some(s, buf, n);
	if (s->fault != STREAM_FINE)
		return -1;
	trace_sent(s, buf, (size_t)k);
	return k;
}

bool stream_pending(const struct stream *s)
{
	return s->tls && tls_pending(s->tls);
}

enum stream_event stream_wait(struct stream *s, int64_t ms)
{
	struct pollfd p[2] = {
		{s->fd,                POLLIN, 0},
                {s->settings.wake->fd, POLLIN, 0}
        };
	int64_t end = clock_ms() + ms;

	if (s->fault != STREAM_FINE || stream_pending(s))
		return STREAM_DATA;
	for (;;) {
		int64_t left = end - clock_ms();

		if (left <= 0)
			return STREAM_QUIET;
		if (poll(p, 2, left > 3600000 ? 3600000 : (int)left) <= 0)
			continue;
		return p[1].revents ? STREAM_WOKEN : STREAM_DATA;
	}
}
