/*
 * daemon/dns.c: what is asked, for how long, and what servers that mean harm
 * or are not there are taken for. daemon-dns-cut.c has answers that were cut
 * short, daemon-dns-zones.c asks a real server.
 */
#include "dns_server.h"

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
