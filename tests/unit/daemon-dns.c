/*
 * daemon/dns.c: what is asked, for how long, and what servers that mean harm
 * or are not there are taken for. The server is a thread here, so that its
 * answers can be any bytes; daemon-dns-zones.c asks a real one.
 */
#include "test.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "dns.h"

#define PACKET 60000

/* Fill the answer to a question of n bytes; 0: say nothing. */
typedef size_t answer_fn(const unsigned char *q, size_t n, unsigned char *out);

static struct {
	int udp, tcp, stop[2];
	answer_fn *answer;
	char address[64];
	pthread_t thread;
	/* what was asked for: names as in the packet, of type MX */
	unsigned asked;
	struct dns *dns;
} t;

static void put16(unsigned char *p, unsigned v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static unsigned type_of(const unsigned char *q, size_t n)
{
	return n < 4 ? 0 : (unsigned)q[n - 4] << 8 | q[n - 3];
}

/* The question again, with flags and so many answers to come. */
static size_t head(const unsigned char *q, size_t n, unsigned char *out,
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
static size_t record(unsigned char *out, size_t at, unsigned type,
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

static size_t mx(
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

static void serve_udp(void)
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
		m = head(q, (size_t)n, out, 0, 0);
		out[2] |= 2;
	}
	if (m)
		(void)!sendto(t.udp, out, m, 0, (void *)&from, from_n);
}

static void serve_tcp(void)
{
	static unsigned char q[PACKET], out[PACKET + 2];
	int fd = accept(t.tcp, NULL, NULL);
	ssize_t n = recv(fd, q, 2, MSG_WAITALL);
	size_t m;

	if (n == 2)
		n = recv(fd, q, (size_t)q[0] << 8 | q[1], MSG_WAITALL);
	if (n >= 12) {
		m = t.answer(q, (size_t)n, out + 2);
		put16(out, (unsigned)m);
		(void)!send(fd, out, m + 2, MSG_NOSIGNAL);
		(void)!recv(fd, q, 1, 0);
	}
	close(fd);
}

static void *serve(void *arg)
{
	struct pollfd fds[] = {
		{.fd = t.stop[0], .events = POLLIN},
		{.fd = t.udp,     .events = POLLIN},
		{.fd = t.tcp,     .events = POLLIN},
	};

	(void)arg;
	for (;;) {
		poll(fds, 3, -1);
		if (fds[0].revents)
			return NULL;
		if (fds[1].revents)
			serve_udp();
		if (fds[2].revents)
			serve_tcp();
	}
}

/* Both sockets on one port, which the kernel chooses for the first alone. */
static bool listens(void)
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

static int setup(void **state)
{
	int tries = 100;

	(void)state;
	memset(&t, 0, sizeof(t));
	while (!listens())
		if (!--tries)
			return -1;
	return pipe(t.stop);
}

static int teardown(void **state)
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
	return 0;
}

/* A server that answers so, and who asks it. */
static void begin(answer_fn *answer, int64_t limit_ms, struct wake *wake)
{
	struct dns_settings s = {
		.server = t.address, .limit_ms = limit_ms, .wake = wake};

	t.answer = answer;
	assert_int_equal(pthread_create(&t.thread, NULL, serve, NULL), 0);
	t.dns = dns_new(&s);
	assert_non_null(t.dns);
}

static struct dns_answer ask(const char *domain)
{
	struct str s = str_from(domain);

	dns_ask(t.dns, &s, 1);
	return dns_get(t.dns, s);
}

static void assert_not_known(struct dns_answer a, const char *why)
{
	assert_int_equal(a.says, DNS_NOT_KNOWN);
	assert_int_equal(a.hosts_n, 0);
	assert_string_equal(a.why, why);
}

/* --- what is asked, and for how long ------------------------------------- */

static size_t silent(const unsigned char *q, size_t n, unsigned char *out)
{
	(void)q;
	(void)n;
	(void)out;
	return 0;
}

static size_t no_domain(const unsigned char *q, size_t n, unsigned char *out)
{
	return head(q, n, out, 3, 0);
}

/* Shown to fail without the deadline in wait_for_all(). */
static void waits_no_longer_than_told(void **state)
{
	int64_t began = clock_ms();

	(void)state;
	begin(silent, 600, NULL);
	assert_not_known(ask("example.org"), "no answer in time");
	assert_in_range(clock_ms() - began, 550, 10000);
	/* The time is used up: nothing more is waited for. */
	began = clock_ms();
	assert_not_known(ask("example.net"), "no answer in time");
	assert_in_range(clock_ms() - began, 0, 500);
}

static void stops_when_told(void **state)
{
	int64_t began = clock_ms();
	struct wake wake;

	(void)state;
	assert_int_equal(wake_init(&wake), 0);
	wake_stop(&wake);
	begin(silent, 60000, &wake);
	assert_not_known(ask("example.org"), "no answer in time");
	assert_in_range(clock_ms() - began, 0, 30000);
	wake_release(&wake);
}

/* Shown to fail with DNS_MOST - 1 in add(). */
static void asks_for_no_more_than_fifty(void **state)
{
	static char names[80][32];
	struct str domains[80];

	(void)state;
	for (int i = 0; i < 80; i++) {
		snprintf(names[i], sizeof(names[i]), "d%d.example.org", i);
		domains[i] = str_from(names[i]);
	}
	begin(no_domain, 3000, NULL);
	dns_ask(t.dns, domains, 80);
	assert_int_equal(t.asked, 50);
	assert_int_equal(dns_get(t.dns, domains[49]).says, DNS_NO_DOMAIN);
	assert_not_known(dns_get(t.dns, domains[50]), "it was not asked for");
}

static void asks_once(void **state)
{
	struct str twice[] = {
		STR("example.org"), STR("example.org"), STR("example.net")};

	(void)state;
	begin(no_domain, 3000, NULL);
	dns_ask(t.dns, twice, 3);
	assert_int_equal(ask("example.org").says, DNS_NO_DOMAIN);
	assert_int_equal(t.asked, 2);
}

static void asks_for_domains_only(void **state)
{
	static const struct str names[] = {
		STR(""), STR("localhost"), STR("gmailcom"), STR("."),
		STR(".example.org"), STR("example.org."),
		STR("mail..example.org"), STR("[192.0.2.1]"),
		STR("[ipv6:2001:db8::1]"), STR("192.0.2.1"),
		STR("a b.example.org"), STR("a\0b.example.org"),
		STR("a\n.example.org"), STR("\xc3\xa4.example.org"),
		STR("-a.example.org"), STR("a-.example.org"),
		STR("a\\.example.org"),
		STR("0123456789012345678901234567890123456789012345678901234567"
		    "890123.example.org"), /* 64 */
	};
	char far[320];

	(void)state;
	begin(no_domain, 3000, NULL);
	dns_ask(t.dns, names, sizeof(names) / sizeof(names[0]));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_not_known(
			dns_get(t.dns, names[i]), "it was not asked for");
	memset(far, 'a', sizeof(far));
	for (size_t i = 3; i < sizeof(far); i += 4)
		far[i] = '.';
	dns_ask(t.dns, &(struct str){far, 255}, 1); /* 254 is too long */
	dns_ask(t.dns, &(struct str){far, 254}, 1);
	assert_int_equal(t.asked, 0);
	dns_ask(t.dns, &(struct str){far, 253}, 1);
	assert_int_equal(dns_get(t.dns, str_of(far, 253)).says, DNS_NO_DOMAIN);
	assert_int_equal(ask("xn--gml-qla7h.example.org").says, DNS_NO_DOMAIN);
	assert_int_equal(ask("_a.example.org").says, DNS_NO_DOMAIN);
}

static void knows_nothing_without(void **state)
{
	struct dns_settings s = {.server = "no server", .limit_ms = 100};

	(void)state;
	assert_not_known(
		dns_get(NULL, str_from("example.org")), "it was not asked for");
	t.dns = dns_new(&s);
	assert_not_known(ask("example.org"), "there is no resolver to ask");
	dns_free(t.dns);
	/* A port where nobody listens: free a moment ago. */
	close(t.udp);
	s.server = t.address;
	s.limit_ms = 2000;
	t.dns = dns_new(&s);
	assert_not_known(ask("example.org"), "no name server has an answer");
}

/* --- servers that mean harm ---------------------------------------------- */

static size_t fails(const unsigned char *q, size_t n, unsigned char *out)
{
	return head(q, n, out, 2, 0);
}

static size_t refuses(const unsigned char *q, size_t n, unsigned char *out)
{
	return head(q, n, out, 5, 0);
}

static size_t noise(const unsigned char *q, size_t n, unsigned char *out)
{
	for (size_t i = 0; i < 200; i++)
		out[i] = (unsigned char)(q[i % n] * 31 + i);
	return 200;
}

/* The answer to another question, by its number. */
static size_t other_id(const unsigned char *q, size_t n, unsigned char *out)
{
	size_t m = mx(out, head(q, n, out, 0, 1), 10, "evil");

	out[0] ^= 0x55;
	return m;
}

static size_t other_name(const unsigned char *q, size_t n, unsigned char *out)
{
	size_t m = mx(out, head(q, n, out, 0, 1), 10, "evil");

	out[13] ^= 1;
	return m;
}

/* The name of the mail host is where it stands itself. */
static size_t loop(const unsigned char *q, size_t n, unsigned char *out)
{
	unsigned char data[4] = {0, 10};
	size_t at = head(q, n, out, 0, 1);

	put16(data + 2, 0xc000 | (unsigned)(at + 14));
	return record(out, at, 15, data, 4);
}

static size_t lies_about_counts(
	const unsigned char *q, size_t n, unsigned char *out)
{
	return mx(out, head(q, n, out, 0, 65535), 10, "mail");
}

static size_t lies_about_length(
	const unsigned char *q, size_t n, unsigned char *out)
{
	size_t at = head(q, n, out, 0, 1), end = mx(out, at, 10, "mail");

	put16(out + at + 10, 60000);
	return end;
}

static size_t cut_short(const unsigned char *q, size_t n, unsigned char *out)
{
	return mx(out, head(q, n, out, 0, 1), 10, "mail") - 4;
}

static void takes_no_nonsense(void **state)
{
	static const struct {
		answer_fn *answer;
		const char *why;
	} cases[] = {
		{fails,             "no name server has an answer"    },
		{refuses,           "no name server has an answer"    },
		{noise,             "no answer in time"               },
		{other_id,          "no answer in time"               },
		{other_name,        "no answer in time"               },
		{loop,              "no answer that can be understood"},
		{lies_about_counts, "no answer that can be understood"},
		{lies_about_length, "no answer that can be understood"},
		{cut_short,         "no answer that can be understood"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(cases[i].answer, 200, NULL);
		assert_not_known(ask("example.org"), cases[i].why);
		assert_int_equal(teardown(state), 0);
		assert_int_equal(setup(state), 0);
	}
}

static size_t thousands(const unsigned char *q, size_t n, unsigned char *out)
{
	size_t at = head(q, n, out, 0, 2000);
	char label[16];

	for (unsigned i = 0; i < 2000; i++) {
		snprintf(label, sizeof(label), "h%u", i);
		at = mx(out, at, i == 9 ? 1 : i == 64 ? 0 : 9999 - i, label);
	}
	return at;
}

/* By TCP; of the first 64 of them the three that come first. Shown to fail
 * without LOOKED_AT (h64 is first then). */
static void looks_at_few_of_many(void **state)
{
	struct dns_answer a;

	(void)state;
	begin(thousands, 3000, NULL);
	a = ask("example.org");
	assert_int_equal(a.says, DNS_MX);
	assert_int_equal(a.hosts_n, 3);
	assert_true(str_eq(a.hosts[0], str_from("h9")));
	assert_true(str_eq(a.hosts[1], str_from("h63")));
	assert_true(str_eq(a.hosts[2], str_from("h62")));
}

static size_t null_and_more(
	const unsigned char *q, size_t n, unsigned char *out)
{
	size_t at = head(q, n, out, 0, 2);

	return mx(out, mx(out, at, 0, ""), 10, "MaIl");
}

static size_t null_alone(const unsigned char *q, size_t n, unsigned char *out)
{
	return mx(out, head(q, n, out, 0, 1), 0, "");
}

static void a_null_mx_stands_alone(void **state)
{
	struct dns_answer a;

	begin(null_and_more, 3000, NULL);
	a = ask("example.org");
	assert_int_equal(a.says, DNS_MX);
	assert_int_equal(a.hosts_n, 1);
	assert_true(str_eq(a.hosts[0], str_from("mail")));
	assert_int_equal(teardown(state), 0);
	assert_int_equal(setup(state), 0);
	begin(null_alone, 3000, NULL);
	a = ask("example.org");
	assert_int_equal(a.says, DNS_NULL_MX);
	assert_int_equal(a.hosts_n, 0);
	assert_null(a.why);
}

/* No MX; of addresses one kind is absent and one is not answered for. */
static size_t half_an_answer(
	const unsigned char *q, size_t n, unsigned char *out)
{
	return type_of(q, n) == 28 ? head(q, n, out, 2, 0)
				   : head(q, n, out, 0, 0);
}

static void half_an_answer_is_none(void **state)
{
	(void)state;
	begin(half_an_answer, 3000, NULL);
	assert_not_known(ask("example.org"), "no name server has an answer");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(waits_no_longer_than_told),
		TEST(stops_when_told),
		TEST(asks_for_no_more_than_fifty),
		TEST(asks_once),
		TEST(asks_for_domains_only),
		TEST(knows_nothing_without),
		TEST(takes_no_nonsense),
		TEST(looks_at_few_of_many),
		TEST(a_null_mx_stands_alone),
		TEST(half_an_answer_is_none),
	};

	return cmocka_run_group_tests_name("daemon-dns", tests, NULL, NULL);
}
