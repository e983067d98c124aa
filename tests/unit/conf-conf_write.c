/* conf/conf_write.c: a dump loads to the same, and shows no secret. */
#include "test.h"

#include "conf_file.h"

static char *dump(const struct conf *c)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	conf_write(c, f);
	assert_int_equal(fclose(f), 0);
	return text;
}

static const char defaults[] =
	"database: /var/lib/bouncewatch/bouncewatch.db\n"
	"accounts: []\n"
	"own: []\n"
	"never_suppress: []\n"
	"streams:\n"
	"  headers: []\n"
	"rules: []\n"
	"policy:\n"
	"  hard: true\n"
	"  weak_events: 2\n"
	"  stale_after: 180d\n"
	"  expiry:\n"
	"    mailbox-disabled: 180d\n"
	"    owner-changed: 180d\n"
	"  complaints: [abuse, fraud, unsubscribe]\n"
	"  soft:\n"
	"    mailbox-full:\n"
	"      events: 3\n"
	"      spread: 14d\n"
	"      lasts: 90d\n"
	"    expired:\n"
	"      events: 5\n"
	"      spread: 21d\n"
	"      lasts: 90d\n"
	"    network-error:\n"
	"      events: 5\n"
	"      spread: 21d\n"
	"      lasts: 90d\n"
	"  engaged: 90d\n"
	"guard:\n"
	"  enabled: true\n"
	"  least: 15\n"
	"  hold: 14d\n"
	"  confirm_after: 3d\n"
	"origin:\n"
	"  require: matched\n"
	"marks:\n"
	"  message_id: []\n"
	"  return_path: []\n"
	"  received: []\n"
	"  header: []\n"
	"retain: 180d\n"
	"exports: []\n"
	"list_guard:\n"
	"  least: 1000\n"
	"  grow: 50\n"
	"  shrink: 20\n"
	"mail:\n"
	"  sendmail: [/usr/sbin/sendmail, \"-oi\", \"-t\"]\n"
	"  from: bouncewatch\n"
	"alerts:\n"
	"  to: []\n"
	"report:\n"
	"  weekday: monday\n"
	"  hour: 8\n"
	"  timezone: UTC\n"
	"  to: []\n"
	"  command_format: text\n"
	"  dns: true\n"
	"  not_typos: []\n"
	"  rate_warn: 2\n"
	"  rate_bad: 5\n"
	"log:\n"
	"  level: info\n";

static void writes_defaults(void **state)
{
	struct conf c;
	char *text;

	(void)state;
	conf_init(&c);
	text = dump(&c);
	assert_string_equal(text, defaults);
	free(text);
	conf_release(&c);
}

/* Every key, each with a value that is not its default. */
static const char everything[] =
	"database: \"/x y/\\\"q\\\".db\"\n"
	"accounts:\n"
	"  - name: a\n"
	"    host: localhost\n"
	"    port: 1143\n"
	"    tls: none\n"
	"    user: \"u \\\\ \\u00e4: #\"\n"
	"    auth: plain\n"
	"    password: geheim\n"
	"    folders: [INBOX, \"a, b]\", \"null\", \"- x\"]\n"
	"    after: {bounce: move A b, complaint: flag, reply: flag $R,\n"
	"      none: move X, unknown: flag \\Flagged}\n"
	"    idle: 61s\n"
	"    poll: 1h\n"
	"    look: 90m\n"
	"  - name: b\n"
	"    host: \"2001:db8::1\"\n"
	"    tls: starttls\n"
	"    ca_file: /ca.pem\n"
	"    user: \"yes\"\n"
	"    auth: xoauth2\n"
	"    token_command: [t, \"\", \"a\\nb\\e\\u202e\\U000e0041\"]\n"
	"own: \"*@x.example\"\n"
	"never_suppress: [a@b.example]\n"
	"streams: {headers: [X-Campaign]}\n"
	"rules: [r.yaml]\n"
	"policy: {hard: false, weak_events: 9, stale_after: 1d, complaints: "
	"[],\n"
	"  expiry: {mailbox-disabled: 0, owner-changed: 25h},\n"
	"  soft: {mailbox-full: {events: 0, spread: 0, lasts: 0},\n"
	"    expired: {events: 2, spread: 1d, lasts: 1d}}, engaged: 0}\n"
	"guard: {enabled: false, least: 5, hold: 1d, confirm_after: 1h}\n"
	"marks: {message_id: '*.bulk@x.example', return_path: "
	"bounce-*@x.example,\n"
	"  received: 'mta*.x.example', header: 'X-Mailer: Bulk *'}\n"
	"retain: 0\n"
	"exports:\n"
	"  - {name: crm, format: csv, file: /a, removals: /r, cursor: c,\n"
	"    every: 2h, then: [push, \"\"], limit: 3s, scope: news,\n"
	"    domain: x.example, reason: abuse, state: held, hash: sha256,\n"
	"    include_soft: true, yes_global: true}\n"
	"  - {name: web, format: plain, file: /w}\n"
	"list_guard: {least: 5, grow: 7, shrink: 0}\n"
	"on_change: {command: [feed, \"a b\"]}\n"
	"mail: {sendmail: [m, \"-t\"], from: b@x.example}\n"
	"alerts: {to: [d@x.example], command: [page, me]}\n"
	"report: {weekday: sunday, hour: 23, timezone: Asia/Kathmandu,\n"
	"  to: [r@x.example], folder: /tmp, command: [post, it],\n"
	"  command_format: jsonl, dns: false, dns_server: '[::1]:53',\n"
	"  not_typos: [gmial.com], rate_warn: 1, rate_bad: 0}\n"
	"log: {level: error}\n";

static void loads_again(void **state)
{
	struct conf_file *file = *state;
	struct conf c, again;
	char *got, *first, *second;

	got = conf_file_load(file, everything, &c);
	assert_string_equal(got, "");
	free(got);
	first = dump(&c);
	assert_null(strstr(first, "geheim"));
	assert_non_null(strstr(first, "    password: \"(set)\"\n"));
	/* nothing that steers a terminal */
	assert_null(strchr(first, '\033'));
	assert_null(strstr(first, "\xe2\x80\xae"));

	got = conf_file_load(file, first, &again);
	assert_string_equal(got, "");
	free(got);
	assert_string_equal(again.accounts[0].password, "(set)");
	assert_string_equal(again.accounts[0].user, "u \\ \xc3\xa4: #");
	assert_int_equal(again.exports_n, 2);
	assert_string_equal(again.exports[0].then.v[0], "push");
	assert_int_equal(again.exports[0].hash, 1);
	assert_int_equal(again.exports[1].every, 3600);
	assert_string_equal(again.accounts[1].token_command.v[2],
		"a\nb\033\xe2\x80\xae\xf3\xa0\x81\x81");
	second = dump(&again);
	assert_string_equal(first, second);
	free(first);
	free(second);
	conf_release(&c);
	conf_release(&again);
}

/* A key that the dump forgets would not survive it. */
static void writes_every_key(void **state)
{
	struct conf_file *file = *state;
	const struct conf_key *rows;
	char *text, line[80];
	const char *name;
	struct conf c;
	size_t n, i;

	free(conf_file_load(file, everything, &c));
	assert_int_equal(c.accounts_n, 2);
	/* given one at a time only; they are written alike */
	c.accounts[0].password_file = strdup("/p");
	c.accounts[0].token_file = strdup("/t");
	text = dump(&c);
	rows = conf_keys(&n);
	for (i = 0; i < n; i++) {
		name = strrchr(rows[i].path, '.');
		snprintf(line, sizeof(line),
			"%s: ", name ? name + 1 : rows[i].path);
		if (!strcmp(line, "password_command: "))
			continue; /* as token_command */
		if (!strstr(text, line))
			print_message("not in the dump: %s\n", rows[i].path);
		assert_non_null(strstr(text, line));
	}
	free(text);
	conf_release(&c);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, conf_file_setup, conf_file_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_defaults),
		TEST(loads_again),
		TEST(writes_every_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
