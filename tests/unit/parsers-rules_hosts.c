/* parsers/rules_hosts.c: what is found by key is what asking all would find. */
#include "rules_private.h"
#include "test.h"

static struct str by_asking_all(struct str host)
{
	const struct rules *r = &rules_builtin;

	for (size_t i = 0; i < r->providers_n; i++)
		if (rules_any_host(
			    r->providers[i].host, r->providers[i].host_n, host))
			return r->providers[i].name;
	return STR_NULL;
}

static void check(const char *name)
{
	struct str host = str_from(name), got, want;

	got = rules_host_provider(&rules_builtin, host);
	want = by_asking_all(host);
	if (!str_eq(got, want) || !got.p != !want.p)
		fail_msg("%s: '" STR_FMT "', not '" STR_FMT "'", name,
			STR_ARG(got), STR_ARG(want));
}

/* A host that the glob matches, or nearly. */
static void fill(struct str glob, const char *in_place, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < glob.n; i++) {
		const char *p = glob.p[i] == '*' ? in_place : NULL;

		if (!p)
			out[n++] = glob.p[i] == '?' ? 'q' : glob.p[i];
		while (p && *p)
			out[n++] = *p++;
	}
	out[n] = '\0';
}

static void each_glob_of_each_provider(void **state)
{
	static const char *const in_place[] = {
		"", "mx1", "MX.Example.COM", "com", "co.uk", "a.b.c", "."};
	const struct rules *r = &rules_builtin;
	char host[1024];

	(void)state;
	assert_true(r->hosts_n > 0);
	for (size_t i = 0; i < r->providers_n; i++)
		for (unsigned k = 0; k < r->providers[i].host_n; k++)
			for (size_t j = 0; j < 7; j++) {
				fill(r->providers[i].host[k], in_place[j],
					host);
				check(host);
			}
}

static void hosts_of_nobody(void **state)
{
	(void)state;
	check("");
	check(".");
	check("com");
	check("localhost");
	check("mx.example.com");
	check("example.com.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_glob_of_each_provider),
		cmocka_unit_test(hosts_of_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
