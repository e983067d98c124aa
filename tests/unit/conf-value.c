/* conf/value*.c: every type, what it takes and what it answers. */
#include "test.h"

#include "conf_file.h"

/* Line 1; what is tested follows. */
static const char own[] = "own: me@x.example\n";

/* Lines 1 to 6; what is tested follows as line 7. */
static const char account[] = "own: me@x.example\n"
			      "accounts:\n"
			      "- name: a\n"
			      "  host: h.example\n"
			      "  user: u\n"
			      "  password_command: [p]\n  ";

#define EXPECT(before, cases)                                                  \
	conf_file_expect(                                                      \
		*state, before, cases, sizeof(cases) / sizeof((cases)[0]))

/* clang-format off */
static const struct conf_file_case texts[] = {
	{"database: /x/y.db\n", ""},
	{"database: 'x y'\n", ""},
	{"database: 12\n", "2: 'database' must be a path, not the number 12: "
		"quote it if this is the file's name\n"},
	{"database: 1.5\n", "2: 'database' must be a path, not the number "
		"1.5: quote it if this is the file's name\n"},
	{"database: '12'\n", ""},
	{"database: 12.db\n", ""},
	{"rules: [5, r.yaml]\n", "2: 'rules' must be a path, not the number "
		"5: quote it if this is the file's name\n"},
	{"database: [x]\n", "2: 'database' must be text, not a list\n"},
	{"database:\n  a: b\n", "3: 'database' must be text, not a mapping\n"},
	{"database:\n", "2: 'database' has no value\n"},
	{"database: null\n", "2: 'database' has no value\n"},
	{"database: 'null'\n", ""},
	{"database: ''\n", "2: 'database' has no value\n"},
	{"database: \"a\\nb\"\n",
		"2: 'database' must not contain control characters\n"},
	{"database: \"a\\x7fb\"\n",
		"2: 'database' must not contain control characters\n"},
	{"database: ~/x.db\n",
		"2: 'database' must be written in full: '~' is not "
		"expanded\n"},
	{"database: *x\n",
		"2: the alias '*x' is not supported: quote text that begins "
		"with '*'\n"},
};

static const struct conf_file_case names[] = {
	{"- name: a-1_b\n  host: h\n  user: u\n  password_command: [p]\n", ""},
	{"- name: News\n  host: h\n  user: u\n  password_command: [p]\n",
		"3: 'name' must be in lower case\n"},
	{"- name: a.b\n  host: h\n  user: u\n  password_command: [p]\n",
		"3: 'name' may hold a to z, 0 to 9, '_' and '-' only\n"},
	{"- name: \xc3\xa4\n  host: h\n  user: u\n  password_command: [p]\n",
		"3: 'name' may hold a to z, 0 to 9, '_' and '-' only\n"},
	{"- name: a23456789012345678901234567890123\n  host: h\n  user: u\n"
		"  password_command: [p]\n",
		"3: 'name' must not be longer than 32 characters\n"},
	{"- name: a\n  host: h\n  user: \"u\\r\\na1 LOGOUT\"\n"
		"  password_command: [p]\n",
		"5: 'user' must not contain control characters\n"},
	{"- name: a\n  host: h\n  user: u\n  password: \"p\\nq\"\n",
		"6: 'password' must be one line\n"},
	{"- name: a\n  host: h\n  user: u\n  password: ''\n",
		"6: 'password' has no value\n"},
	{"- name: a\n  host: h\n  user: u\n  password: \"\xc3\xa4 \\t#\"\n",
		""},
};

#define HOST(text) "- name: a\n  user: u\n  password_command: [p]\n  host: " text

static const struct conf_file_case hosts[] = {
	{HOST("imap.example.com\n"), ""},
	{HOST("xn--bcher-kva.example\n"), ""},
	{HOST("192.0.2.1\n"), ""},
	{HOST("2001:db8::1\n"), ""},
	{HOST("fe80::1%eth0\n"), ""},
	{HOST("imaps://h\n"), "6: 'host' must be a host name, not a URL\n"},
	{HOST("h.example:993\n"), "6: 'host' must not contain a port: write it "
		"as 'port: 993'\n"},
	{HOST("'[::1]'\n"), "6: 'host' takes an IPv6 address without "
		"brackets\n"},
	{HOST("b\xc3\xbc.example\n"), "6: 'host' must be written in ASCII "
		"(xn--...)\n"},
	{HOST("a b\n"), "6: 'host' must be a host name or an IP address\n"},
	{HOST("-h\n"), "6: 'host' must be a host name or an IP address\n"},
	{HOST("a/b\n"), "6: 'host' must be a host name or an IP address\n"},
};

static const struct conf_file_case of_reports[] = {
	{"report: {dns_server: '192.0.2.1'}\n", ""},
	{"report: {dns_server: '192.0.2.1:5353'}\n", ""},
	{"report: {dns_server: '2001:db8::1'}\n", ""},
	{"report: {dns_server: '[2001:db8::1]'}\n", ""},
	{"report: {dns_server: '[2001:db8::1]:65535'}\n", ""},
	{"report: {dns_server: 'ns.example.com'}\n", "2: 'dns_server' must be an IP address, or one with a port: "
		"192.0.2.1:5353, [2001:db8::1]:5353\n"},
	{"report: {dns_server: '192.0.2.1:'}\n", "2: 'dns_server' must be an IP address, or one with a port: "
		"192.0.2.1:5353, [2001:db8::1]:5353\n"},
	{"report: {dns_server: '192.0.2.1:0'}\n", "2: 'dns_server' must be an IP address, or one with a port: "
		"192.0.2.1:5353, [2001:db8::1]:5353\n"},
	{"report: {dns_server: '192.0.2.1:65536'}\n", "2: 'dns_server' must be an IP address, or one with a port: "
		"192.0.2.1:5353, [2001:db8::1]:5353\n"},
	{"report: {dns_server: '192.0.2.1:53x'}\n", "2: 'dns_server' must be an IP address, or one with a port: "
		"192.0.2.1:5353, [2001:db8::1]:5353\n"},
	{"report: {dns_server: '192.0.2.1,192.0.2.2'}\n", "2: 'dns_server' must be an IP address, or one with a port: "
		"192.0.2.1:5353, [2001:db8::1]:5353\n"},
	{"report: {dns_server: '[192.0.2.1]:53'}\n", "2: 'dns_server' must be an IP address, or one with a port: "
		"192.0.2.1:5353, [2001:db8::1]:5353\n"},
	{"report: {dns_server: '[2001:db8::1'}\n", "2: 'dns_server' must be an IP address, or one with a port: "
		"192.0.2.1:5353, [2001:db8::1]:5353\n"},
	{"report: {dns_server: '[2001:db8::1]53'}\n", "2: 'dns_server' must be an IP address, or one with a port: "
		"192.0.2.1:5353, [2001:db8::1]:5353\n"},
	{"report: {dns_server: '[2001:db8::1]:'}\n", "2: 'dns_server' must be an IP address, or one with a port: "
		"192.0.2.1:5353, [2001:db8::1]:5353\n"},
	{"report: {dns_server: '11111111111111111111111111111111111111111111111111111111111111111111111111111111'}\n", "2: 'dns_server' must be an IP address, or one with a port: "
		"192.0.2.1:5353, [2001:db8::1]:5353\n"},
	{"report: {not_typos: [gmial.com, xn--bcher-kva.example, a_b.c]}\n", ""},
	{"report: {not_typos: a@gmial.com}\n", "2: 'not_typos' takes domains "
		"only, without what stands before the @\n"},
	{"report: {not_typos: Gmial.com}\n",
		"2: 'not_typos' must be in lower case\n"},
	{"report: {not_typos: b\xc3\xbc.example}\n", "2: 'not_typos' must be "
		"written in ASCII (xn--...)\n"},
	{"report: {not_typos: 'a b'}\n",
		"2: 'not_typos' must hold domains such as example.com\n"},
	{"report: {not_typos: .com}\n",
		"2: 'not_typos' must hold domains such as example.com\n"},
};

static const struct conf_file_case numbers[] = {
	{"report: {rate_warn: 0, rate_bad: 100}\n", ""},
	{"report: {rate_bad: 101}\n",
		"2: 'rate_bad' is 101: must be 0 to 100\n"},
	{"policy: {weak_events: 1}\n", ""},
	{"policy: {weak_events: 10}\n", ""},
	{"policy: {weak_events: 0}\n",
		"2: 'weak_events' is 0: must be 1 to 10\n"},
	{"policy: {weak_events: 11}\n",
		"2: 'weak_events' is 11: must be 1 to 10\n"},
	{"policy: {weak_events: -1}\n",
		"2: 'weak_events' must be a whole number (1 to 10), not "
		"'-1'\n"},
	{"policy: {weak_events: 2.5}\n",
		"2: 'weak_events' must be a whole number (1 to 10), not "
		"'2.5'\n"},
	{"policy: {weak_events: 0x2}\n",
		"2: 'weak_events' must be a whole number (1 to 10), not "
		"'0x2'\n"},
	{"policy: {weak_events: 99999999999999999999}\n",
		"2: 'weak_events' must be a whole number (1 to 10), not "
		"'99999999999999999999'\n"},
	{"policy: {weak_events: '2'}\n",
		"2: 'weak_events' must be a whole number, without quotes\n"},
	{"policy: {weak_events: [2]}\n",
		"2: 'weak_events' must be a whole number, not a list\n"},
	{"policy: {weak_events: }\n", "2: 'weak_events' has no value\n"},
};

static const struct conf_file_case durations[] = {
	{"retain: 0\n", ""},
	{"retain: 1d\n", ""},
	{"retain: 24h\n", ""},
	{"retain: 1440m\n", ""},
	{"retain: 86400s\n", ""},
	{"retain: 2w\n", ""},
	{"retain: '3650d'\n", ""},
	{"retain: 9\n", "2: 'retain' needs a unit: 9s, 9m, 9h, 9d or 9w\n"},
	{"retain: 00\n", "2: 'retain' needs a unit: 00s, 00m, 00h, 00d or "
		"00w\n"},
	{"retain: 23h\n",
		"2: 'retain' is 23h: must be 0, or 1d to 3650d\n"},
	{"retain: 3651d\n",
		"2: 'retain' is 3651d: must be 0, or 1d to 3650d\n"},
	{"retain: 1y\n",
		"2: 'retain' must be a time such as 9m, 1h or 180d (0, or 1d "
		"to 3650d), not '1y'\n"},
	{"retain: d\n",
		"2: 'retain' must be a time such as 9m, 1h or 180d (0, or 1d "
		"to 3650d), not 'd'\n"},
	{"retain: 1h30m\n",
		"2: 'retain' must be a time such as 9m, 1h or 180d (0, or 1d "
		"to 3650d), not '1h30m'\n"},
	{"retain: -1d\n",
		"2: 'retain' must be a time such as 9m, 1h or 180d (0, or 1d "
		"to 3650d), not '-1d'\n"},
	{"retain: 99999999999d\n",
		"2: 'retain' must be a time such as 9m, 1h or 180d (0, or 1d "
		"to 3650d), not '99999999999d'\n"},
	{"retain: 999999999w\n",
		"2: 'retain' must be a time such as 9m, 1h or 180d (0, or 1d "
		"to 3650d), not '999999999w'\n"},
	{"retain: {}\n",
		"2: 'retain' must be a time such as 9m, 1h or 180d, not a "
		"mapping\n"},
	{"retain:\n", "2: 'retain' has no value\n"},
};

static const struct conf_file_case words[] = {
	{"log: {level: debug}\n", ""},
	{"log: {level: 'debug'}\n", ""},
	{"log: {level: debgu}\n",
		"2: 'level' must be error, warn, info or debug, not 'debgu': "
		"did you mean 'debug'?\n"},
	{"log: {level: Info}\n",
		"2: 'level' must be error, warn, info or debug, not 'Info': "
		"did you mean 'info'?\n"},
	{"log: {level: loud}\n",
		"2: 'level' must be error, warn, info or debug, not 'loud'\n"},
	{"log: {level: }\n",
		"2: 'level' must be error, warn, info or debug, not ''\n"},
	{"log: {level: [info]}\n",
		"2: 'level' must be error, warn, info or debug, not a list\n"},
	{"policy: {hard: false}\n", ""},
	{"policy: {hard: yes}\n", ""},
	{"policy: {hard: on}\n",
		"2: 'hard' must be true, false, yes or no, not 'on'\n"},
	{"policy: {hard: True}\n",
		"2: 'hard' must be true, false, yes or no, not 'True': did "
		"you mean 'true'?\n"},
	{"policy: {hard: 'no'}\n",
		"2: 'hard' must be true or false, without quotes\n"},
	{"policy: {hard: 1}\n",
		"2: 'hard' must be true, false, yes or no, not '1'\n"},
};

static const struct conf_file_case lists[] = {
	{"rules: a.yaml\n", ""},
	{"rules: []\n", ""},
	{"rules:\n", ""},
	{"rules: [a.yaml, /b.yaml]\n", ""},
	{"rules: {a: b}\n", "2: 'rules' must be a list, not a mapping\n"},
	{"rules: [[a]]\n", "2: 'rules' must be text, not a list\n"},
	{"rules: [a, '', ~]\n",
		"2: 'rules' has no value\n"
		"2: 'rules' has no value\n"},
	{"rules:\n- a\n- ~/b\n- \"c\\td\"\n",
		"4: 'rules' must be written in full: '~' is not expanded\n"
		"5: 'rules' must not contain control characters\n"},
	{"never_suppress: ['*@x.example', a@b, '?@x.example']\n", ""},
	{"never_suppress:\n- x.example\n- 'a@'\n- '@x.example'\n",
		"3: 'never_suppress' must hold addresses or patterns such as "
		"*@news.example.com\n"
		"4: 'never_suppress' must hold addresses or patterns such as "
		"*@news.example.com\n"
		"5: 'never_suppress' must hold addresses or patterns such as "
		"*@news.example.com\n"},
	{"never_suppress: [a b@x.example, \xc3\xa4@x.example, a@\xc3\xa4.b]\n",
		"2: 'never_suppress' must not contain spaces or control "
		"characters\n"
		"2: 'never_suppress' must have its domain in ASCII "
		"(xn--...)\n"},
	{"streams: {headers: [List-Id, X-Campaign]}\n", ""},
	{"streams: {headers: ['List-Id:', 'a b', \xc3\xa4]}\n",
		"2: 'headers' takes names of headers without the colon\n"
		"2: 'headers' must hold names of headers such as List-Id\n"
		"2: 'headers' must hold names of headers such as List-Id\n"},
	{"policy: {complaints: []}\n", ""},
	{"policy: {complaints: abuse}\n", ""},
	{"policy: {complaints: }\n",
		"2: 'complaints' has no value: write [] for none of them\n"},
	{"policy: {complaints: [abuse, not-spam, frauds]}\n",
		"2: 'complaints' must be abuse, fraud or unsubscribe, not "
		"'not-spam'\n"
		"2: 'complaints' must be abuse, fraud or unsubscribe, not "
		"'frauds': did you mean 'fraud'?\n"},
};

static const struct conf_file_case of_accounts[] = {
	{"port: 65535\n", ""},
	{"port: 0\n", "7: 'port' is 0: must be 1 to 65535\n"},
	{"port: 65536\n", "7: 'port' is 65536: must be 1 to 65535\n"},
	{"tls: starttls\n", ""},
	{"tls: ssl\n",
		"7: 'tls' must be implicit, starttls or none, not 'ssl'\n"},
	{"idle: 0\n", ""},
	{"idle: 28m\n", ""},
	{"idle: 59s\n", "7: 'idle' is 59s: must be 0, or 1m to 28m\n"},
	{"idle: 29m\n", "7: 'idle' is 29m: must be 0, or 1m to 28m\n"},
	{"poll: 9s\n", "7: 'poll' is 9s: must be 10s to 1d\n"},
	{"poll: 0\n", "7: 'poll' is 0: must be 10s to 1d\n"},
	{"look: 25h\n", "7: 'look' is 25h: must be 1m to 1d\n"},
	{"folders: INBOX\n", ""},
	{"folders: [INBOX, 'Bounces/2026', Entw\xc3\xbcrfe]\n", ""},
	{"folders: []\n",
		"7: 'folders' is empty: name at least one folder\n"},
	{"folders:\n", "7: 'folders' is empty: name at least one folder\n"},
	{"folders: [A, inbox, A, INBOX]\n",
		"7: 'folders' names the folder 'A' twice\n"
		"7: 'folders' names the folder 'INBOX' twice\n"},
	{"folders: [\"a\\r\\nb\"]\n",
		"7: 'folders' must not contain control characters\n"},
	{"after: {bounce: keep, complaint: flag, reply: flag $Reply, none: "
		"move A b, unknown: 'move \xc3\xa4'}\n", ""},
	{"after: {bounce: delete}\n",
		"7: 'bounce' must be 'keep', 'flag', 'flag KEYWORD' or 'move "
		"FOLDER', not 'delete'\n"},
	{"after: {bounce: }\n",
		"7: 'bounce' must be 'keep', 'flag', 'flag KEYWORD' or 'move "
		"FOLDER', not ''\n"},
	{"after: {bounce: keep it}\n",
		"7: 'bounce' takes nothing behind 'keep'\n"},
	{"after: {bounce: 'move '}\n",
		"7: 'bounce' needs a folder, as in 'move Done'\n"},
	{"after: {bounce: \"move a\\rb\"}\n",
		"7: 'bounce' must not contain control characters\n"},
	{"after: {bounce: flag \\Seen, reply: flag \\Flagged}\n", ""},
	{"after: {bounce: flag \\Deleted}\n",
		"7: 'bounce' takes \\Seen, \\Answered, \\Flagged or a keyword "
		"such as $Bounce behind 'flag'\n"},
	{"after: {bounce: flag a b}\n",
		"7: 'bounce' takes \\Seen, \\Answered, \\Flagged or a keyword "
		"such as $Bounce behind 'flag'\n"},
	{"after: {bounce: [move, A]}\n",
		"7: 'bounce' must be text such as keep or \"move Done\", not "
		"a list\n"},
};

static const struct conf_file_case commands[] = {
	{"[pass, show, 'a b', '']\n", ""},
	{"pass show x\n",
		"6: 'password_command' must be a list of words such as [pass, "
		"show, bounces]: it is run without a shell, which alone would "
		"split a line\n"},
	{"[]\n", "6: 'password_command' names no program\n"},
	{"['', x]\n", "6: 'password_command' names no program\n"},
	{"[pass, [x]]\n",
		"6: 'password_command' must be text, not a list\n"},
	{"[pass, ]\n", ""},
};

/* clang-format on */

static void takes_texts(void **state)
{
	EXPECT(own, texts);
}

static void takes_names(void **state)
{
	EXPECT("own: me@x.example\naccounts:\n", names);
}

static void takes_hosts(void **state)
{
	EXPECT("own: me@x.example\naccounts:\n", hosts);
}

static void takes_servers_and_domains(void **state)
{
	EXPECT(own, of_reports);
}

static void takes_numbers(void **state)
{
	EXPECT(own, numbers);
}

static void takes_durations(void **state)
{
	EXPECT(own, durations);
}

static void takes_words(void **state)
{
	EXPECT(own, words);
}

static void takes_lists(void **state)
{
	EXPECT(own, lists);
}

static void takes_account_values(void **state)
{
	EXPECT(account, of_accounts);
}

static void takes_commands(void **state)
{
	EXPECT("own: me@x.example\naccounts:\n- name: a\n  host: h\n"
	       "  user: u\n  password_command: ",
		commands);
}

/* 101 folders would be 101 connections. */
static void limits_folders(void **state)
{
	char *yaml = NULL, *got;
	struct conf c;
	size_t n = 0;
	FILE *f = open_memstream(&yaml, &n);
	int i;

	assert_non_null(f);
	fprintf(f, "%sfolders: [", account);
	for (i = 0; i <= 100; i++)
		fprintf(f, "f%d,", i);
	fputs("]\n", f);
	assert_int_equal(fclose(f), 0);
	got = conf_file_load(*state, yaml, &c);
	assert_string_equal(
		got, "7: 'folders' has 101 entries: at most 100 are allowed\n");
	free(got);
	free(yaml);
	conf_release(&c);
}

/* What the values become. */
static void stores_values(void **state)
{
	static const char yaml[] =
		"own: [a@x.example, '*@y.example']\n"
		"database: sub/x.db\n"
		"rules: [/r.yaml, s.yaml]\n"
		"retain: 2w\n"
		"policy: {hard: no, weak_events: 3, stale_after: 36h,\n"
		"  expiry: {mailbox-disabled: 0, owner-changed: 1d},\n"
		"  complaints: [fraud], engaged: 30d,\n"
		"  soft: {mailbox-full: {events: 2, spread: 1d, lasts: 5d},\n"
		"    expired: {events: 0}, network-error: {lasts: 0}}}\n"
		"marks: {message_id: ['*.bulk@x.example', 'yyy@*'], header: "
		"'X-Mailer: "
		"Bulk *'}\n"
		"guard: {enabled: no, least: 99, hold: 7d, confirm_after: 1h}\n"
		"log: {level: warn}\n";
	struct conf_file *file = *state;
	char *got, want[128];
	struct conf c;

	got = conf_file_load(file, yaml, &c);
	assert_string_equal(got, "");
	free(got);
	assert_int_equal(c.own.n, 2);
	assert_string_equal(c.own.v[1], "*@y.example");
	snprintf(want, sizeof(want), "%s/sub/x.db", file->folder);
	assert_string_equal(c.database, want);
	assert_string_equal(c.rules.v[0], "/r.yaml");
	snprintf(want, sizeof(want), "%s/s.yaml", file->folder);
	assert_string_equal(c.rules.v[1], want);
	assert_int_equal(c.retain, 14 * 86400);
	assert_false(c.policy.hard);
	assert_int_equal(c.policy.weak_events, 3);
	assert_int_equal(c.policy.stale_after, 36 * 3600);
	assert_int_equal(c.policy.expiry_disabled, 0);
	assert_int_equal(c.policy.expiry_owner_changed, 86400);
	assert_int_equal(c.policy.complaints.n, 1);
	assert_string_equal(c.policy.complaints.v[0], "fraud");
	assert_int_equal(c.policy.soft_full.events, 2);
	assert_int_equal(c.policy.soft_full.spread, 86400);
	assert_int_equal(c.policy.soft_full.lasts, 5 * 86400);
	assert_int_equal(c.policy.soft_expired.events, 0);
	assert_int_equal(c.policy.soft_expired.spread, 21 * 86400);
	assert_int_equal(c.policy.soft_network.lasts, 0);
	assert_int_equal(c.policy.engaged, 30 * 86400);
	assert_int_equal(c.marks.message_id.n, 2);
	assert_string_equal(c.marks.message_id.v[0], "*.bulk@x.example");
	assert_int_equal(c.marks.received.n, 0);
	assert_string_equal(c.marks.header.v[0], "X-Mailer: Bulk *");
	assert_false(c.guard.enabled);
	assert_int_equal(c.guard.least, 99);
	assert_int_equal(c.guard.hold, 7 * 86400);
	assert_int_equal(c.guard.confirm_after, 3600);
	assert_int_equal(c.log_level, 1);
	conf_release(&c);
}

static void stores_accounts(void **state)
{
	static const char yaml[] =
		"own: me@x.example\n"
		"accounts:\n"
		"- {name: a, host: h, user: u, auth: xoauth2,\n"
		"   token_command: [t, 'x y'], tls: starttls, port: 1143,\n"
		"   after: {bounce: ' move  A b ', reply: flag $R, none: "
		"flag},\n"
		"   folders: Bounces, ca_file: ca.pem}\n"
		"- {name: b, host: localhost, user: 0123, tls: none,\n"
		"   password: 0x10, idle: 0, poll: 10s, look: 1d}\n";
	struct conf_file *file = *state;
	const struct conf_account *a, *b;
	char *got, want[128];
	struct conf c;

	got = conf_file_load(file, yaml, &c);
	assert_string_equal(got, "");
	free(got);
	assert_int_equal(c.accounts_n, 2);
	a = &c.accounts[0];
	assert_int_equal(a->auth, AUTH_XOAUTH2);
	assert_int_equal(a->tls, TLS_STARTTLS);
	assert_int_equal(a->port, 1143);
	assert_int_equal(a->token_command.n, 2);
	assert_string_equal(a->token_command.v[1], "x y");
	assert_int_equal(a->after.bounce.verb, AFTER_MOVE);
	assert_string_equal(a->after.bounce.folder, "A b");
	assert_int_equal(a->after.reply.verb, AFTER_FLAG);
	assert_string_equal(a->after.reply.folder, "$R");
	assert_int_equal(a->after.none.verb, AFTER_FLAG);
	assert_null(a->after.none.folder);
	assert_int_equal(a->after.unknown.verb, AFTER_KEEP);
	assert_int_equal(a->folders.n, 1);
	assert_string_equal(a->folders.v[0], "Bounces");
	snprintf(want, sizeof(want), "%s/ca.pem", file->folder);
	assert_string_equal(a->ca_file, want);

	b = &c.accounts[1];
	assert_string_equal(b->user, "0123");
	assert_string_equal(b->password, "0x10");
	assert_int_equal(b->tls, TLS_NONE);
	assert_int_equal(b->port, 143);
	assert_int_equal(b->idle, 0);
	assert_int_equal(b->poll, 10);
	assert_int_equal(b->look, 86400);
	conf_release(&c);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, conf_file_setup, conf_file_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(takes_texts),
		TEST(takes_names),
		TEST(takes_hosts),
		TEST(takes_servers_and_domains),
		TEST(takes_numbers),
		TEST(takes_durations),
		TEST(takes_words),
		TEST(takes_lists),
		TEST(takes_account_values),
		TEST(takes_commands),
		TEST(limits_folders),
		TEST(stores_values),
		TEST(stores_accounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
