/*
 * daemon/dns.c asks a real name server: Debian's nsd, which `make check` has
 * unpacked in $B/dns, with a root of our own on a high port of the loopback
 * interface. Without it everything here is skipped.
 */
#include "test.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dns.h"
#include "report/facts.h"

static const char zone[] =
	"$TTL 60\n"
	". SOA ns.example.com. host.example.com. 1 60 60 60 60\n"
	". NS ns.example.com.\n"
	"ns.example.com. A 127.0.0.1\n"
	"mx.example.com. MX 10 Mail.example.com.\n"
	"null.example.com. MX 0 .\n"
	"several.example.com. MX 30 c.example.com.\n"
	"several.example.com. MX 10 a.example.com.\n"
	"several.example.com. MX 40 d.example.com.\n"
	"several.example.com. MX 20 b.example.com.\n"
	"four.example.com. A 192.0.2.1\n"
	"six.example.com. AAAA 2001:db8::1\n"
	"text.example.com. TXT \"no mail here\"\n"
	"alias.example.com. CNAME mx.example.com.\n"
	"lost.example.com. CNAME nowhere.example.com.\n"
	"to-text.example.com. CNAME text.example.com.\n"
	"*.any.example.com. MX 10 any.example.com.\n"
	"xn--bcher-kva.example.com. MX 10 mail.example.com.\n";

static struct {
	char folder[64], server[32];
	pid_t pid;
	struct dns *dns;
} t;

static const char *nsd(void)
{
	static const char *const where[] = {"/dns", "/../dns"};
	static char path[512];
	const char *b = getenv("B");

	for (size_t i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%s%s/usr/sbin/nsd",
			b ? b : "build", where[i]);
		if (!access(path, X_OK))
			return path;
	}
	return NULL;
}

static int free_port(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_int_equal(bind(fd, (void *)&a, n), 0);
	assert_int_equal(getsockname(fd, (void *)&a, &n), 0);
	close(fd);
	return ntohs(a.sin_port);
}

static void write_file(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", t.folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* A zone that cannot be read is what SERVFAIL comes from. */
static void write_conf(int port)
{
	char text[1024];

	(void)snprintf(text, sizeof(text),
		"server:\n ip-address: 127.0.0.1@%d\n do-ip6: no\n"
		" username: \"\"\n chroot: \"\"\n database: \"\"\n"
		" pidfile: \"\"\n zonesdir: \"%s\"\n xfrdir: \"%s\"\n"
		" xfrdfile: \"%s/xfrd\"\n zonelistfile: \"%s/zones\"\n"
		"remote-control:\n control-enable: no\n"
		"zone:\n name: \".\"\n zonefile: root\n"
		"zone:\n name: \"broken.example.net\"\n zonefile: missing\n",
		port, t.folder, t.folder, t.folder, t.folder);
	write_file("nsd.conf", text);
}

static void start(const char *path)
{
	char conf[128];

	(void)snprintf(conf, sizeof(conf), "%s/nsd.conf", t.folder);
	t.pid = fork();
	if (!t.pid) {
		setpgid(0, 0);
		(void)!freopen("/dev/null", "w", stderr);
		execl(path, "nsd", "-d", "-c", conf, (char *)NULL);
		_exit(127);
	}
	setpgid(t.pid, t.pid);
}

static struct dns_answer ask(const char *domain)
{
	struct str s = str_from(domain);

	dns_ask(t.dns, &s, 1);
	return dns_get(t.dns, s);
}

/* A moment passes before it listens. */
static bool answers(void)
{
	const struct dns_settings s = {.server = t.server};

	for (int i = 0; i < 100; i++) {
		t.dns = dns_new(&s);
		if (ask("mx.example.com").says != DNS_NOT_KNOWN)
			return true;
		dns_free(t.dns);
		t.dns = NULL;
		usleep(50000);
	}
	return false;
}

static int group_setup(void **state)
{
	const char *path = nsd();
	int port;

	(void)state;
	if (!path)
		return 0;
	(void)snprintf(t.folder, sizeof(t.folder), "/tmp/dns-test.XXXXXX");
	if (!mkdtemp(t.folder))
		return -1;
	port = free_port();
	(void)snprintf(t.server, sizeof(t.server), "127.0.0.1:%d", port);
	write_file("root", zone);
	write_conf(port);
	start(path);
	return answers() ? 0 : -1;
}

static int group_teardown(void **state)
{
	char command[128];

	(void)state;
	dns_free(t.dns);
	if (t.pid <= 0)
		return 0;
	kill(-t.pid, SIGTERM);
	waitpid(t.pid, NULL, 0);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", t.folder);
	return system(command);
}

static void tells_what_there_is(void **state)
{
	static const struct {
		const char *domain;
		enum dns_says says;
	} cases[] = {
		{"mx.example.com",            DNS_MX       },
		{"null.example.com",          DNS_NULL_MX  },
		{"four.example.com",          DNS_ADDRESS  },
		{"six.example.com",           DNS_ADDRESS  },
		{"text.example.com",          DNS_NO_HOST  },
		{"gone.example.com",          DNS_NO_DOMAIN},
		{"alias.example.com",         DNS_MX       },
		{"lost.example.com",          DNS_NO_DOMAIN},
		{"to-text.example.com",       DNS_NO_HOST  },
		{"a.b.any.example.com",       DNS_MX       },
		{"xn--bcher-kva.example.com", DNS_MX       },
		{"broken.example.net",        DNS_NOT_KNOWN},
		{"example.com",               DNS_NO_HOST  },
	};

	const size_t n = sizeof(cases) / sizeof(cases[0]);
	struct str domains[sizeof(cases) / sizeof(cases[0])];

	(void)state;
	if (!t.dns)
		skip();
	for (size_t i = 0; i < n; i++)
		domains[i] = str_from(cases[i].domain);
	dns_ask(t.dns, domains, n);
	for (size_t i = 0; i < n; i++) {
		struct dns_answer a = dns_get(t.dns, domains[i]);

		if (a.says != cases[i].says)
			fail_msg("%s: %d", cases[i].domain, (int)a.says);
		assert_true((a.hosts_n > 0) == (a.says == DNS_MX));
		assert_true(!a.why == (a.says != DNS_NOT_KNOWN));
	}
}

static void names_hosts_in_order(void **state)
{
	static const char *const want[] = {
		"a.example.com", "b.example.com", "c.example.com"};
	struct dns_answer a;

	(void)state;
	if (!t.dns)
		skip();
	a = ask("several.example.com");
	assert_int_equal(a.hosts_n, 3);
	for (size_t i = 0; i < 3; i++)
		assert_true(str_eq(a.hosts[i], str_from(want[i])));
	a = ask("mx.example.com");
	assert_int_equal(a.hosts_n, 1);
	assert_true(str_eq(a.hosts[0], str_from("mail.example.com")));
}

static void assert_fact(const struct report *r, size_t i, const char *domain,
	const char *fact, bool takes_no_mail)
{
	assert_true(i < r->facts_n);
	assert_true(str_eq(r->facts[i].domain, str_from(domain)));
	assert_true(str_eq(r->facts[i].fact, str_from(fact)));
	assert_int_equal(r->facts[i].takes_no_mail, takes_no_mail);
}

/* In words, once each. */
static void tells_of_spikes(void **state)
{
	static struct report r = {
		.lifted = {STR("null.example.com"), STR("several.example.com"),
			   STR("gone.example.com"), STR("null.example.com"),
			   STR("broken.example.net"), STR("text.example.com"),
			   STR("six.example.com")},
		.lifted_n = 7,
	};
	struct arena a;

	(void)state;
	if (!t.dns)
		skip();
	arena_init(&a, 0);
	facts_of_spikes(NULL, &a, &r);
	assert_int_equal(r.facts_n, 0);
	facts_of_spikes(t.dns, &a, &r);
	assert_fact(&r, 0, "null.example.com",
		"has a null MX: it takes no mail", true);
	assert_fact(&r, 1, "several.example.com",
		"has its mail at a.example.com, b.example.com, c.example.com",
		false);
	assert_fact(&r, 2, "gone.example.com", "does not exist", true);
	/* what is not known is no fact */
	assert_fact(&r, 3, "text.example.com",
		"has no MX and no address: no mail can go there", true);
	assert_fact(&r, 4, "six.example.com",
		"has no MX, but an address, where mail goes then", false);
	assert_int_equal(r.facts_n, 5);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_there_is),
		cmocka_unit_test(names_hosts_in_order),
		cmocka_unit_test(tells_of_spikes),
	};

	return cmocka_run_group_tests_name(
		"daemon-dns-zones", tests, group_setup, group_teardown);
}
