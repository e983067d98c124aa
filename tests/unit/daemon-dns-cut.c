/*
 * daemon/dns.c: answers that are too long for UDP and were cut short.
 */
#include "dns_server.h"

/* By the first letter of the domain: t and l have too much for UDP, l only of
 * addresses; g does not exist and says so at length; others have a mail host.
 */
static size_t some_long(const unsigned char *q, size_t n, unsigned char *out)
{
	unsigned char pad[600] = {0};
	size_t at;

	switch (q[13]) {
	case 't':
		return thousands(q, n, out);
	case 'l':
		if (type_of(q, n) != 1)
			return head(q, n, out, 0, 0);
		at = record(out, head(q, n, out, 0, 2), 1, "\xc0\0\2\1", 4);
		return record(out, at, 99, pad, sizeof(pad));
	case 'g':
		at = head(q, n, out, 3, 1);
		return record(out, at, 99, pad, sizeof(pad));
	default:
		return mx(out, head(q, n, out, 0, 1), 10, "mail");
	}
}

static size_t only_the_head(
	const unsigned char *q, size_t n, unsigned char *out)
{
	return head(q, n, out, q[13] == 'g' ? 3 : 0, 0);
}

/* Of hosts the first two, of which neither is the best. */
static size_t what_has_room(
	const unsigned char *q, size_t n, unsigned char *out)
{
	size_t at;

	if (q[13] == 'l')
		return record(out, head(q, n, out, 0, 1), 1, "\xc0\0\2\1", 4);
	at = mx(out, head(q, n, out, 0, 2), 30, "h0");
	return mx(out, at, 20, "h1");
}

static size_t a_null_at_first(
	const unsigned char *q, size_t n, unsigned char *out)
{
	return mx(out, head(q, n, out, 0, 1), 0, "");
}

static void nobody_takes_tcp(void)
{
	close(t.tcp);
	t.tcp = -1;
}

static void assert_host(const char *domain, const char *host)
{
	struct dns_answer a = dns_get(t.dns, str_from(domain));

	assert_int_equal(a.says, DNS_MX);
	assert_true(a.hosts_n > 0);
	assert_true(str_eq(a.hosts[0], str_from(host)));
	assert_null(a.why);
}

static const struct str long_and_short[] = {STR("a.example.org"),
	STR("thousands.example.org"), STR("b.example.org"),
	STR("gone.example.org"), STR("c.example.org"), STR("long.example.org")};

#define ASK_LONG_AND_SHORT()                                                   \
	dns_ask(t.dns, long_and_short,                                         \
		sizeof(long_and_short) / sizeof(long_and_short[0]))

/* Shown to fail without ARES_FLAG_IGNTC: a connection that is refused ends all
 * that waits at this server. */
static void one_cut_answer_costs_no_other(void **state)
{
	(void)state;
	nobody_takes_tcp();
	t.cut = only_the_head;
	begin(some_long, 3000, NULL);
	ASK_LONG_AND_SHORT();
	assert_host("a.example.org", "mail");
	assert_host("b.example.org", "mail");
	assert_host("c.example.org", "mail");
	/* That there is no such name stands in the head. */
	assert_int_equal(dns_get(t.dns, str_from("gone.example.org")).says,
		DNS_NO_DOMAIN);
	/* A head alone does not say that there is nothing. */
	assert_not_known(dns_get(t.dns, long_and_short[1]),
		"no name server has an answer");
	assert_not_known(dns_get(t.dns, long_and_short[5]),
		"no name server has an answer");
}

/* Shown to fail without got_mx() reading an answer that was cut. */
static void what_was_cut_counts_without_the_rest(void **state)
{
	(void)state;
	nobody_takes_tcp();
	t.cut = what_has_room;
	begin(some_long, 3000, NULL);
	ASK_LONG_AND_SHORT();
	assert_host("a.example.org", "mail");
	assert_host("thousands.example.org", "h1");
	assert_int_equal(
		dns_get(t.dns, str_from("long.example.org")).says, DNS_ADDRESS);
}

static void the_whole_answer_counts_before(void **state)
{
	(void)state;
	t.cut = what_has_room;
	begin(some_long, 3000, NULL);
	ASK_LONG_AND_SHORT();
	assert_host("a.example.org", "mail");
	assert_host("thousands.example.org", "h9");
	assert_int_equal(dns_get(t.dns, long_and_short[1]).hosts_n, DNS_HOSTS);
	assert_int_equal(
		dns_get(t.dns, str_from("long.example.org")).says, DNS_ADDRESS);
}

/* Beside others it means nothing, and these may have been cut. */
static void a_null_mx_that_was_cut_is_none(void **state)
{
	(void)state;
	nobody_takes_tcp();
	t.cut = a_null_at_first;
	begin(some_long, 3000, NULL);
	assert_not_known(
		ask("thousands.example.org"), "no name server has an answer");
}

static size_t always_cut(const unsigned char *q, size_t n, unsigned char *out)
{
	size_t m = head(q, n, out, 0, 0);

	out[2] |= 2;
	return m;
}

/* By TCP, too, where nothing is cut: it is asked for no third time, and what
 * is not in it may be there all the same. */
static void who_always_cuts_is_not_believed(void **state)
{
	(void)state;
	begin(always_cut, 3000, NULL);
	assert_not_known(
		ask("example.org"), "no answer that can be understood");
	assert_int_equal(t.asked, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_cut_answer_costs_no_other),
		TEST(what_was_cut_counts_without_the_rest),
		TEST(the_whole_answer_counts_before),
		TEST(a_null_mx_that_was_cut_is_none),
		TEST(who_always_cuts_is_not_believed),
	};

	return cmocka_run_group_tests_name("daemon-dns-cut", tests, NULL, NULL);
}
