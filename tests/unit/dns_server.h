/*
 * A name server on the loopback interface, and who asks it. It is a thread, so
 * that its answers can be any bytes.
 */
#ifndef DNS_SERVER_H
#define DNS_SERVER_H

#include "test.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h" /* before t */
#include "dns.h"

#define PACKET 60000

/* Fill the answer to a question of n bytes; 0: say nothing. */
typedef size_t answer_fn(const unsigned char *q, size_t n, unsigned char *out);

static struct {
	int udp, tcp, open, stop[2]; /* open: a connection, or -1 */
	answer_fn *answer;
	answer_fn *cut; /* by UDP, of what is too long for it */
	char address[64];
	pthread_t thread;
	/* what was asked for: names as in the packet, of type MX */
	unsigned asked;
	struct dns *dns;
} t;

static inline void put16(unsigned char *p, unsigned v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static inline unsigned type_of(const unsigned char *q, size_t n)
{
	return n < 4 ? 0 : (unsigned)q[n - 4] << 8 | q[n - 3];
}

/* The question again, with flags and so many answers to come. */
static inline size_t head(const unsigned char *q, size_t n, unsigned char *out,
	unsigned rcode, unsigned answers)
{
	memcpy(out, q, n);
	put16(out + 2, 0x8180 | rcode);
	put16(out + 6, answers);
	put16(out + 8, 0);
	put16(out + 10, 0);
	return n;
}

/* A record of the name that was asked for. */
static inline size_t record(unsigned char *out, size_t at, unsigned type,
	const void *data, size_t data_n)
{
	put16(out + at, 0xc00c);
	put16(out + at + 2, type);
	put16(out + at + 4, 1);
	memset(out + at + 6, 0, 4);
	put16(out + at + 10, (unsigned)data_n);
	memcpy(out + at + 12, data, data_n);
	return at + 12 + data_n;
}

static inline size_t mx(
	unsigned char *out, size_t at, unsigned preference, const char *label)
{
	unsigned char data[80];
	size_t n = strlen(label);

	put16(data, preference);
	data[2] = (unsigned char)n;
	memcpy(data + 3, label, n);
	if (n)
		data[3 + n] = 0;
	return record(out, at, 15, data, n ? n + 4 : 3);
}

/* --- the server ---------------------------------------------------------- */

static inline void serve_udp(void)
{
	static unsigned char q[PACKET], out[PACKET];
	struct sockaddr_in from;
	socklen_t from_n = sizeof(from);
	ssize_t n = recvfrom(t.udp, q, sizeof(q), 0, (void *)&from, &from_n);
	size_t m;

	if (n < 12)
		return;
	t.asked += type_of(q, (size_t)n) == 15;
	m = t.answer(q, (size_t)n, out);
	if (m > 512) { /* more than that goes by TCP: truncated (RFC 1035) */
		m = t.cut ? t.cut(q, (size_t)n, out)
			  : head(q, (size_t)n, out, 0, 0);
		out[2] |= 2;
	}
	if (m)
		(void)!sendto(t.udp, out, m, 0, (void *)&from, from_n);
}

static inline void accept_tcp(void)
{
	int fd = accept(t.tcp, NULL, NULL);

	if (t.open >= 0)
		close(t.open);
	t.open = fd;
}

/* The next question of the connection that is open, or its end. */
static inline void serve_tcp(void)
{
	static unsigned char q[PACKET], out[PACKET + 2];
	ssize_t n = recv(t.open, q, 2, MSG_WAITALL);
	size_t m;

	if (n == 2)
		n = recv(t.open, q, (size_t)q[0] << 8 | q[1], MSG_WAITALL);
	if (n < 12) {
		close(t.open);
		t.open = -1;
		return;
	}
	m = t.answer(q, (size_t)n, out + 2);
	put16(out, (unsigned)m);
	(void)!send(t.open, out, m + 2, MSG_NOSIGNAL);
}

static inline void *serve(void *arg)
{
	(void)arg;
	for (;;) {
		struct pollfd fds[] = {
			{.fd = t.stop[0], .events = POLLIN},
			{.fd = t.udp,     .events = POLLIN},
			{.fd = t.tcp,     .events = POLLIN},
			{.fd = t.open,    .events = POLLIN},
		};

		poll(fds, 4, -1);
		if (fds[0].revents)
			return NULL;
		if (fds[1].revents)
			serve_udp();
		if (fds[3].revents)
			serve_tcp();
		if (fds[2].revents)
			accept_tcp();
	}
}

/* Both sockets on one port, which the kernel chooses for the first alone. */
static inline bool listens(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(a);

	t.udp = socket(AF_INET, SOCK_DGRAM, 0);
	t.tcp = socket(AF_INET, SOCK_STREAM, 0);
	(void)setsockopt(
		t.tcp, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (!bind(t.udp, (void *)&a, n) &&
		!getsockname(t.udp, (void *)&a, &n) &&
		!bind(t.tcp, (void *)&a, n) && !listen(t.tcp, 4)) {
		snprintf(t.address, sizeof(t.address), "127.0.0.1:%d",
			ntohs(a.sin_port));
		return true;
	}
	close(t.udp);
	close(t.tcp);
	return false;
}

static inline int setup(void **state)
{
	int tries = 100;

	(void)state;
	memset(&t, 0, sizeof(t));
	t.open = -1;
	while (!listens())
		if (!--tries)
			return -1;
	return pipe(t.stop);
}

static inline int teardown(void **state)
{
	(void)state;
	dns_free(t.dns);
	if (t.answer) {
		(void)!write(t.stop[1], "", 1);
		pthread_join(t.thread, NULL);
	}
	close(t.stop[0]);
	close(t.stop[1]);
	close(t.udp);
	close(t.tcp);
	close(t.open);
	return 0;
}

/* A server that answers so, and who asks it. */
static inline void begin(answer_fn *answer, int64_t limit_ms, struct wake *wake)
{
	struct dns_settings s = {
		.server = t.address, .limit_ms = limit_ms, .wake = wake};

	t.answer = answer;
	assert_int_equal(pthread_create(&t.thread, NULL, serve, NULL), 0);
	t.dns = dns_new(&s);
	assert_non_null(t.dns);
}

static inline struct dns_answer ask(const char *domain)
{
	struct str s = str_from(domain);

	dns_ask(t.dns, &s, 1);
	return dns_get(t.dns, s);
}

static inline void assert_not_known(struct dns_answer a, const char *why)
{
	assert_int_equal(a.says, DNS_NOT_KNOWN);
	assert_int_equal(a.hosts_n, 0);
	assert_string_equal(a.why, why);
}

static inline size_t thousands(
	const unsigned char *q, size_t n, unsigned char *out)
{
	size_t at = head(q, n, out, 0, 2000);
	char label[16];

	for (unsigned i = 0; i < 2000; i++) {
		snprintf(label, sizeof(label), "h%u", i);
		at = mx(out, at, i == 9 ? 1 : i == 64 ? 0 : 9999 - i, label);
	}
	return at;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
