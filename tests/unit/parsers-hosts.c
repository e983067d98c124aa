/* Names of hosts in words. */
#include "slices.h"

#include "hosts.h"

static void check_first(const char *text, const char *want)
{
	struct str rest = fresh(text), host = STR_NULL;

	check_str(hosts_next(&rest, &host) ? host : STR_NULL, want, text);
}

static void finds_the_host_of_each_sentence(void **state)
{
	(void)state;
	check_first("host mx.example.org [192.0.2.1]", "mx.example.org");
	check_first("... while talking to mx.example.org.:", "mx.example.org");
	check_first("host mx.example.org[192.0.2.1] said: 550 5.1.1 no",
		"mx.example.org");
	check_first("<mx.example.org #5.1.1 smtp; 550>", "mx.example.org");
}

static void what_is_no_host_is_left_out(void **state)
{
	(void)state;
	check_first("", NULL);
	check_first("550 5.7.1 see 192.0.2.1 or v1.2", NULL);
	check_first("write to user@mx.example.org", NULL);
	check_first("a.user@mx.example.org", NULL);
	check_first("see https://www.example.org/help", NULL);
	check_first("see https://www.example.org", NULL);
	check_first("the end.of", "end.of");
}

static void the_sender_is_left_out(void **state)
{
	(void)state;
	check_first("mail from mx.example.com refused", NULL);
	check_first("Client host [mx.example.com] by mx.example.org",
		"mx.example.org");
	check_first("HELO mx.example.com", NULL);
}

static void goes_on_behind_the_last(void **state)
{
	struct str rest = fresh("a.example b.example"), host;

	(void)state;
	assert_true(hosts_next(&rest, &host));
	check_str(host, "a.example", "first");
	assert_true(hosts_next(&rest, &host));
	check_str(host, "b.example", "second");
	assert_false(hosts_next(&rest, &host));
	assert_int_equal(rest.n, 0);
}

static void a_field_names_a_host_or_none(void **state)
{
	(void)state;
	check_str(hosts_name(fresh("mx.example.org. (192.0.2.1, the server)")),
		"mx.example.org", "field");
	check_str(hosts_name(fresh("[192.0.2.1]")), NULL, "an address");
	check_str(hosts_name(STR_NULL), NULL, "absent");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(finds_the_host_of_each_sentence),
		ARENA_TEST(what_is_no_host_is_left_out),
		ARENA_TEST(the_sender_is_left_out),
		ARENA_TEST(goes_on_behind_the_last),
		ARENA_TEST(a_field_names_a_host_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
