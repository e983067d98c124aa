/* conf/conf.c: the walk beside the table of keys, defaults, paths. */
#include "test.h"

#include <fcntl.h>

#include "conf_file.h"
#include "verdict.h"

static const char own[] = "own: me@x.example\n";

#define EXPECT(cases)                                                          \
	conf_file_expect(*state, own, cases, sizeof(cases) / sizeof((cases)[0]))

/* clang-format off */
static const struct conf_file_case keys[] = {
	{"# nothing more\n", ""},
	{"databse: /x\n",
		"2: unknown key 'databse', did you mean 'database'?\n"},
	{"neversuppress: []\n", "2: unknown key 'neversuppress', did you mean "
		"'never_suppress'?\n"},
	{"Retain: 1d\n", "2: unknown key 'Retain', did you mean 'retain'?\n"},
	{"host: h\n", "2: unknown key 'host' here, did you mean "
		"'accounts[].host'?\n"},
	{"reports: {to: a@b.example}\n", "2: unknown key 'reports', did you "
		"mean 'report'?\n"},
	{"charts: {on: true}\n", "2: unknown key 'charts', known here are "
		"database, accounts, own, never_suppress, streams, rules, "
		"policy, guard, origin, marks, retain, exports, "
		"list_guard, on_change, mail, alerts, report, log\n"},
	{"policy: {hardd: true, expiry: {owner_changed: 1d}}\n",
		"2: unknown key 'hardd', did you mean 'hard'?\n"
		"2: unknown key 'owner_changed', did you mean "
		"'owner-changed'?\n"},
	{"'': x\n", "2: unknown key '', known here are database, accounts, "
		"own, never_suppress, streams, rules, policy, guard, origin, marks, retain, "
		"exports, list_guard, on_change, mail, alerts, report, log\n"},
	/* how we write a key is not how a file may */
	{"policy.hard: true\n", "2: unknown key 'policy.hard', known here are "
		"database, accounts, own, never_suppress, streams, rules, "
		"policy, guard, origin, marks, retain, exports, "
		"list_guard, on_change, mail, alerts, report, log\n"},
	{"accounts[].host: x\n", "2: unknown key 'accounts[].host', known here "
		"are database, accounts, own, never_suppress, streams, rules, "
		"policy, guard, origin, marks, retain, exports, "
		"list_guard, on_change, mail, alerts, report, log\n"},
	{"accounts[]: {host: x}\n", "2: unknown key 'accounts[]', did you mean "
		"'accounts'?\n"},
	{"\"a\\e[31mb\\u202e\": x\n", "2: unknown key 'a?[31mb?', known here "
		"are database, accounts, own, never_suppress, streams, rules, "
		"policy, guard, origin, marks, retain, exports, "
		"list_guard, on_change, mail, alerts, report, log\n"},
	{"retain: 1d\nown: a@b.example\nretain: 2d\n",
		"3: duplicate key 'own': already on line 1\n"
		"4: duplicate key 'retain': already on line 2\n"},
	{"log:\norigin: ~\npolicy: {}\naccounts:\n", ""},
	{"log: debug\n", "2: 'log' must be a mapping of level, not text\n"},
	{"policy: [hard]\n",
		"2: 'policy' must be a mapping of hard, weak_events, "
		"stale_after, expiry, complaints, soft, engaged, not a list\n"},
	{"accounts: {name: a}\n",
		"2: 'accounts' must be a list: begin each account with '- '\n"},
	{"accounts: news\n",
		"2: 'accounts' must be a list: begin each account with '- '\n"},
	{"accounts: [news, [a], {}]\n",
		"2: an account must be a mapping that begins with 'name:', not "
		"text\n"
		"2: an account must be a mapping that begins with 'name:', not "
		"a list\n"
		"2: missing key 'name'\n"
		"2: missing key 'host'\n"
		"2: missing key 'user'\n"
		"2: the account has no password: give one of password, "
		"password_file, password_command, token_file, "
		"token_command\n"},
	{"accounts: []\n", ""},
	/* a value that is wrong is not missing, too */
	{"accounts:\n- name: A\n  host: [h]\n  user: *u\n"
		"  password_command: [p]\n",
		"3: 'name' must be in lower case\n"
		"4: 'host' must be text, not a list\n"
		"5: the alias '*u' is not supported: quote text that begins "
		"with '*'\n"},
	/* everything at once, by line */
	{"retain: 5\naccounts:\n- name: a\n  hosst: h\n  user: u\n"
		"  user: v\n  password_command: p\n  tls: none\n  port: 0\n"
		"policy:\n  stale_after: 1\n  hrad: true\nlog: {level: x}\n",
		"2: 'retain' needs a unit: 5s, 5m, 5h, 5d or 5w\n"
		"4: missing key 'host'\n"
		"5: unknown key 'hosst', did you mean 'host'?\n"
		"7: duplicate key 'user': already on line 6\n"
		"8: 'password_command' must be a list of words such as [pass, "
		"show, bounces]: it is run without a shell, which alone would "
		"split a line\n"
		"10: 'port' is 0: must be 1 to 65535\n"
		"12: 'stale_after' needs a unit: 1s, 1m, 1h, 1d or 1w\n"
		"13: unknown key 'hrad', did you mean 'hard'?\n"
		"14: 'level' must be error, warn, info or debug, not 'x'\n"},
	/* syntax ends it */
	{"retain: 5\nlog: [\n",
		"4: not valid YAML: while parsing a flow node did not find "
		"expected node content\n"},
};

static const struct conf_file_case roots[] = {
	{"[a]\n",
		"0: 'own' is empty: list the addresses you send from, or no "
		"bounce can be known to answer your own mail ('origin: "
		"require: matched')\n"
		"1: 'the file' must be a mapping of database, accounts, own, "
		"never_suppress, streams, rules, policy, guard, origin, marks, retain, "
		"exports, list_guard, on_change, mail, alerts, report, log, not a list\n"},
	{"news\n",
		"0: 'own' is empty: list the addresses you send from, or no "
		"bounce can be known to answer your own mail ('origin: "
		"require: matched')\n"
		"1: 'the file' must be a mapping of database, accounts, own, "
		"never_suppress, streams, rules, policy, guard, origin, marks, retain, "
		"exports, list_guard, on_change, mail, alerts, report, log, not text\n"},
};

/* clang-format on */

static void reports_keys(void **state)
{
	EXPECT(keys);
}

static void refuses_other_roots(void **state)
{
	conf_file_expect(*state, "", roots, sizeof(roots) / sizeof(roots[0]));
}

static void has_defaults(void **state)
{
	struct conf_file *file = *state;
	struct conf c;
	char *got;

	got = conf_file_load(file, "own: '*@x.example'\n", &c);
	assert_string_equal(got, "");
	free(got);
	assert_string_equal(c.path, file->path);
	conf_release(&c);

	conf_init(&c);
	assert_null(c.path);
	assert_string_equal(c.database, "/var/lib/bouncewatch/bouncewatch.db");
	assert_int_equal(c.accounts_n, 0);
	assert_int_equal(c.own.n, 0);
	assert_true(c.policy.hard);
	assert_int_equal(c.policy.weak_events, 2);
	assert_int_equal(c.policy.stale_after, 180 * 86400);
	assert_int_equal(c.policy.expiry_disabled, 180 * 86400);
	assert_int_equal(c.policy.expiry_owner_changed, 180 * 86400);
	assert_int_equal(c.policy.complaints.n, 3);
	assert_string_equal(c.policy.complaints.v[2], "unsubscribe");
	assert_int_equal(c.origin.require, ORIGIN_MATCHED);
	assert_int_equal(c.retain, 180 * 86400);
	assert_int_equal(c.log_level, 2);
	conf_release(&c);
	assert_null(c.database);
	conf_release(&c);
}

static void has_account_defaults(void **state)
{
	const struct conf_account *a;
	struct conf c;
	char *got;

	got = conf_file_load(*state,
		"own: me@x.example\n"
		"accounts: [{name: a, host: h, user: u, "
		"password_command: [p]}]\n",
		&c);
	assert_string_equal(got, "");
	free(got);
	a = &c.accounts[0];
	assert_int_equal(a->port, 993);
	assert_int_equal(a->tls, TLS_IMPLICIT);
	assert_int_equal(a->auth, AUTH_LOGIN);
	assert_int_equal(a->folders.n, 1);
	assert_string_equal(a->folders.v[0], "INBOX");
	assert_int_equal(a->after.bounce.verb, AFTER_KEEP);
	assert_int_equal(a->after.unknown.verb, AFTER_KEEP);
	assert_int_equal(a->idle, 540);
	assert_int_equal(a->poll, 60);
	assert_int_equal(a->look, 1800);
	conf_release(&c);
}

/* A relative name of the file itself, as from a shell. */
static void resolves_from_here(void **state)
{
	static const char yaml[] = "own: me@x.example\ndatabase: a/b.db\n";
	struct conf_file *file = *state;
	char want[128], *got;
	struct conf_mistakes m;
	struct conf c;
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	conf_file_put(file, "bw.yaml", yaml, sizeof(yaml) - 1);
	assert_true(here >= 0);
	assert_int_equal(chdir(file->folder), 0);
	assert_int_equal(conf_load("bw.yaml", &c, &m), 0);
	got = getcwd(NULL, 0);
	snprintf(want, sizeof(want), "%s/a/b.db", got);
	assert_string_equal(c.database, want);
	conf_release(&c);
	conf_mistakes_release(&m);
	assert_int_equal(conf_load("./bw.yaml", &c, &m), 0);
	snprintf(want, sizeof(want), "%s/./a/b.db", got);
	assert_string_equal(c.database, want);
	conf_release(&c);
	conf_mistakes_release(&m);
	assert_int_equal(fchdir(here), 0);
	close(here);
	free(got);
}

static void reports_no_file(void **state)
{
	struct conf_file *file = *state;
	struct conf_mistakes m;
	struct conf c;
	char *text;

	assert_int_equal(conf_load("/nowhere/bw.yaml", &c, &m), -1);
	text = conf_file_text(&m);
	assert_string_equal(text, "0: unable to open '/nowhere/bw.yaml': No "
				  "such file or directory\n");
	free(text);
	conf_mistakes_release(&m);
	conf_release(&c);

	assert_int_equal(conf_load(file->folder, &c, &m), -1);
	text = conf_file_masked(file, &m);
	assert_string_equal(text, "0: unable to read 'DIR': Is a directory\n");
	free(text);
	conf_mistakes_release(&m);
	conf_release(&c);
}

/* 2,000 mistakes: the first ones, and how many more there are. */
static void reports_no_flood(void **state)
{
	char *yaml = NULL, *got, *last;
	struct conf c;
	size_t n = 0;
	FILE *f = open_memstream(&yaml, &n);
	int i;

	assert_non_null(f);
	fputs(own, f);
	for (i = 0; i < 2000; i++)
		fprintf(f, "k%d:\n", i);
	assert_int_equal(fclose(f), 0);
	got = conf_file_load(*state, yaml, &c);
	last = strstr(got, "501: 1500 more mistakes are not shown\n");
	assert_non_null(last);
	assert_int_equal(strlen(last),
		strlen("501: 1500 more mistakes are not shown\n"));
	free(got);
	free(yaml);
	conf_release(&c);
}

/* Every beginning of the sample: an answer, never a crash. */
static void survives_truncation(void **state)
{
	static char sample[16384];
	FILE *f = fopen("conf/bouncewatch.yaml", "r");
	size_t n, i;
	struct conf c;
	char *yaml;

	assert_non_null(f);
	n = fread(sample, 1, sizeof(sample), f);
	assert_true(n > 500 && n < sizeof(sample));
	fclose(f);
	for (i = 0; i < n; i += 7) {
		yaml = strndup(sample, i);
		assert_non_null(yaml);
		free(conf_file_load(*state, yaml, &c));
		conf_release(&c);
		free(yaml);
	}
}

/* The sample as it is installed: its password is still to be written. */
static void loads_the_sample(void **state)
{
	struct conf_mistakes m;
	struct conf c;
	size_t i;

	(void)state;
	assert_int_equal(conf_load("conf/bouncewatch.yaml", &c, &m), 0);
	for (i = 0; i < m.n; i++)
		assert_non_null(strstr(m.v[i].text,
			"unable to find '/etc/bouncewatch/news.password'"));
	assert_string_equal(c.database, "/var/lib/bouncewatch/bouncewatch.db");
	assert_int_equal(c.accounts_n, 1);
	assert_true(c.own.n > 0);
	conf_mistakes_release(&m);
	conf_release(&c);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, conf_file_setup, conf_file_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reports_keys),
		TEST(refuses_other_roots),
		TEST(has_defaults),
		TEST(has_account_defaults),
		TEST(resolves_from_here),
		TEST(reports_no_file),
		TEST(reports_no_flood),
		TEST(survives_truncation),
		cmocka_unit_test(loads_the_sample),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
