/* conf/check.c: what only the whole file shows; files with secrets. */
#include "test.h"

#include "conf_file.h"

static const char own[] = "own: ['*@own.example']\n";

#define EXPECT(cases)                                                          \
	conf_file_expect(*state, own, cases, sizeof(cases) / sizeof((cases)[0]))

#define A                                                                      \
	"accounts:\n"                                                          \
	"- {name: a, host: h.example, user: u, password_command: [p]"

#define NOT_HERE                                                               \
	"'tls' may be none only where host is 127.0.0.1, ::1 or localhost: "   \
	"the password would cross the network in the clear\n"

/* clang-format off */
static const struct conf_file_case connections[] = {
	{A ", tls: none}\n",
		"3: 'tls' may be none only where host is 127.0.0.1, ::1 or "
		"localhost: the password would cross the network in the "
		"clear\n"},
	{"accounts:\n"
	"- {name: a, host: localhost, user: u, password_command: [p], "
		"tls: none}\n"
	"- {name: b, host: 127.8.9.1, user: u, password_command: [p], "
		"tls: none}\n"
	"- {name: c, host: '::1', user: u, password_command: [p], "
		"tls: none}\n", ""},
	{"accounts:\n"
	"- {name: a, host: localhost.example.com, user: u, "
		"password_command: [p], tls: none}\n"
	"- {name: b, host: 128.0.0.1, user: u, password_command: [p], "
		"tls: none}\n"
	"- {name: c, host: '::2', user: u, password_command: [p], "
		"tls: none}\n"
	"- {name: d, host: 127.1, user: u, password_command: [p], "
		"tls: none}\n",
		"3: 'tls' may be none only where host is 127.0.0.1, ::1 or "
		"localhost: the password would cross the network in the "
		"clear\n"
		"4: 'tls' may be none only where host is 127.0.0.1, ::1 or "
		"localhost: the password would cross the network in the "
		"clear\n"
		"5: 'tls' may be none only where host is 127.0.0.1, ::1 or "
		"localhost: the password would cross the network in the "
		"clear\n"
		"6: 'tls' may be none only where host is 127.0.0.1, ::1 or "
		"localhost: the password would cross the network in the "
		"clear\n"},
	/* told beside what else is wrong with the host */
	{"accounts:\n"
	"- {name: a, host: 'h.example:143', user: u, password_command: [p], "
		"tls: none}\n"
	"- {name: b, host: 'localhost:143', user: u, password_command: [p], "
		"tls: none}\n"
	"- {name: c, host: '[::1]', user: u, password_command: [p], "
		"tls: none}\n"
	"- {name: d, host: 'imap://127.0.0.1:143', user: u, "
		"password_command: [p], tls: none}\n"
	"- {name: e, host: , user: u, password_command: [p], tls: none}\n",
		"3: 'host' must not contain a port: write it as 'port: 993'\n"
		"3: " NOT_HERE
		"4: 'host' must not contain a port: write it as 'port: 993'\n"
		"5: 'host' takes an IPv6 address without brackets\n"
		"6: 'host' must be a host name, not a URL\n"
		"7: 'host' has no value\n"},
	{"accounts:\n"
	"- {name: a, host: localhost, user: u, password_command: [p], "
		"tls: none, ca_file: /x}\n",
		"3: warning: 'ca_file' has no use with 'tls: none'\n"},
};

#define E "exports:\n- {name: a, format: csv, file: /a"

#define R "report:\n  timezone: "

/* Shown failing without is_name() (an absolute name is one below the folder,
 * and leap seconds), without is_zone_file(), and without check_people(). */
static const struct conf_file_case reports[] = {
	{R "Europe/Berlin\n  to: a@b.example\n", ""},
	{R "UTC\n  hour: 0\n  to: a@b.example\n", ""},
	{R "Etc/GMT+12\n  to: a@b.example\n", ""},
	{R "Europe/Berlln\n  to: a@b.example\n",
		"3: 'timezone' must be a name such as Europe/Berlin or UTC: "
		"there is no zone 'Europe/Berlln' in '/usr/share/zoneinfo'\n"},
	{R "../zoneinfo/UTC\n  to: a@b.example\n",
		"3: 'timezone' must be a name such as Europe/Berlin or UTC: "
		"there is no zone '../zoneinfo/UTC' in "
		"'/usr/share/zoneinfo'\n"},
	{R "right/Europe/Berlin\n  to: a@b.example\n",
		"3: 'timezone' must be a name such as Europe/Berlin or UTC: "
		"there is no zone 'right/Europe/Berlin' in "
		"'/usr/share/zoneinfo'\n"},
	{R "zone.tab\n  to: a@b.example\n",
		"3: 'timezone' must be a name such as Europe/Berlin or UTC: "
		"there is no zone 'zone.tab' in '/usr/share/zoneinfo'\n"},
	{R "Europe\n  to: a@b.example\n",
		"3: 'timezone' must be a name such as Europe/Berlin or UTC: "
		"there is no zone 'Europe' in '/usr/share/zoneinfo'\n"},
	{"report:\n  hour: 9\n",
		"3: warning: the report goes nowhere: give 'to', 'folder' or "
		"'command'\n"},
	{"report: {to: a@b.example, command_format: text}\n",
		"2: warning: 'command_format' has no use without "
		"'command'\n"},
	{"report: {folder: /dev/null}\n",
		"2: 'folder': '/dev/null' is no folder\n"},
	{"report: {folder: /is/not/there}\n",
		"2: warning: 'folder': unable to find '/is/not/there': No "
		"such file or directory; make it, it is not made by "
		"itself\n"},
	/* Shown failing without check_rates(). */
	{"report: {to: a@b.example, rate_warn: 5, rate_bad: 2}\n",
		"2: warning: 'rate_warn' is 5 and 'rate_bad' 2: what is looked "
		"at from 5 % on is an alarm before that\n"},
	{"report: {to: a@b.example, rate_warn: 6}\n",
		"2: warning: 'rate_warn' is 6 and 'rate_bad' 5: what is looked "
		"at from 6 % on is an alarm before that\n"},
	{"report: {to: a@b.example, rate_warn: 5, rate_bad: 5}\n", ""},
	{"report: {to: a@b.example, rate_warn: 7, rate_bad: 0}\n", ""},
	{A "}\nreport: {to: [x@y.example, u]}\n",
		"4: 'to' must be an address such as "
		"deliverability@example.com\n"},
	{"accounts:\n- {name: a, host: h.example, user: U@h.example, "
		"password_command: [p]}\nreport:\n  to:\n"
		"  - x@y.example\n  - u@H.example\n",
		"7: report.to: 'u@H.example' is a mailbox that is watched\n"},
};

/* Shown failing without check_exports(); 7 without its look at removals. */
static const struct conf_file_case exports[] = {
	{E "}\n- {name: b, format: csv, file: /b, removals: /c}\n", ""},
	{"exports: x\n",
		"2: 'exports' must be a list: begin each export with '- '\n"},
	{"exports: [x]\n",
		"2: an export must be a mapping that begins with 'name:', not "
		"text\n"},
	{"exports:\n- {name: a}\n",
		"3: missing key 'format'\n3: missing key 'file'\n"},
	/* all at once */
	{E ", every: 9s}\n- {name: a, format: csv, file: /a, reason: rude}\n",
		"3: 'every' is 9s: must be 10s to 30d\n"
		"4: 'name' must be unique: 'a' is already on line 3\n"
		"4: 'reason': there is no reason 'rude'; bouncewatch(1) lists "
		"them\n"
		"4: 'file': '/a' is written by the export on line 3 already\n"},
	{E ", cursor: x}\n",
		"3: 'cursor' is for what changed, and needs 'removals', the "
		"file for who is to be taken off\n"},
	{E ", removals: /a}\n",
		"3: 'removals' and 'file' cannot be one file\n"},
	{E ", removals: /b}\n- {name: b, format: csv, file: /b, removals: /c,"
		" cursor: a}\n",
		"4: 'cursor' must be unique: 'a' is that of the export on line "
		"3, and what one of them asks the other never gets\n"
		"4: 'file': '/b' is written by the export on line 3 already\n"},
	{"database: /d\nexports:\n- {name: a, format: csv, file: /d-wal}\n",
		"4: 'file': '/d-wal' is the database, and would be replaced\n"},
	/* Shown failing without the name being reserved: the two had one cursor,
	 * and what one asked the other never got. */
	{"exports:\n  - {name: on_change, format: plain, file: /tmp/a, "
	 "removals: /tmp/b}\n",
		"3: 'name': 'on_change' is the name under which "
		"on_change.command asks; call it something else\n"},
};

static const struct conf_file_case secrets[] = {
	{"accounts:\n- {name: a, host: h, user: u}\n",
		"3: the account has no password: give one of password, "
		"password_file, password_command, token_file, "
		"token_command\n"},
	{"accounts:\n- name: a\n  host: h\n  user: u\n  password: x\n"
		"  password_command: [p]\n  token_command: [p]\n",
		"7: 'password_command' beside 'password': give only one of "
		"them\n"
		"8: 'token_command' beside 'password': give only one of "
		"them\n"},
	{A ", auth: plain}\n", ""},
	{A ", auth: xoauth2}\n",
		"3: 'auth: xoauth2' takes token_file or token_command, not "
		"'password_command'\n"},
	{"accounts:\n- {name: a, host: h, user: u, token_command: [p]}\n",
		"3: 'token_command' goes with 'auth: xoauth2'\n"},
	{"accounts:\n- {name: a, host: h, user: u, token_command: [p], auth: "
		"xoauth2}\n", ""},
	{"accounts:\n- {name: a, host: h, user: u, password_file: none.txt}\n",
		"3: warning: 'password_file': unable to find 'DIR/none.txt': "
		"No such file or directory\n"},
	{"accounts:\n- {name: a, host: h, user: u, password_file: /tmp}\n",
		"3: 'password_file': '/tmp' is a folder\n"},
};

static const struct conf_file_case folders[] = {
	{A ",\n  folders: [A, inbox],\n"
		"  after: {bounce: move B, reply: move INBOX, none: move A}}\n",
		"5: 'reply' moves to 'INBOX', which is watched itself: its "
		"mails would be found again and again\n"
		"5: 'none' moves to 'A', which is watched itself: its mails "
		"would be found again and again\n"},
	{A ",\n  folders: A, after: {bounce: flag A, none: move INBOX}}\n", ""},
	{A "}\n"
	"- {name: a, host: other.example, user: u, password_command: [p]}\n",
		"4: 'name' must be unique: 'a' is already on line 3\n"},
	{A "}\n"
	"- name: b\n  host: H.Example\n  user: u\n  password_command: [p]\n"
		"  folders: [X, inbox]\n"
	"- {name: c, host: h.example, user: u, password_command: [p], "
		"folders: X}\n"
	"- {name: d, host: h.example, user: v, password_command: [p]}\n"
	"- {name: e, host: h.example, user: u, password_command: [p], "
		"tls: starttls}\n",
		"8: the folder 'INBOX' is watched already, by account 'a'\n"
		"9: the folder 'X' is watched already, by account 'b'\n"},
};

static const struct conf_file_case others[] = {
	{"origin:\n  require: none\n",
		"3: warning: 'require: none' lets anybody who can send you a "
		"mail suppress any address\n"},
	{"origin:\n  require: matched\n", ""},
	{"origin: {require: signed}\n",
		"2: 'require: signed' is not available yet: this version has "
		"none and matched\n"},
	{"origin: {require: unverified}\n",
		"2: 'require' must be none, matched or signed, not "
		"'unverified'\n"},
	{"never_suppress:\n- a@b.example\n- '*@*'\n",
		"4: warning: 'never_suppress' matches every address: nothing "
		"will be suppressed\n"},
};

static const struct conf_file_case no_own[] = {
	{"retain: 1d\nown: []\n",
		"2: 'own' is empty: list the addresses you send from, or no "
		"bounce can be known to answer your own mail ('origin: "
		"require: matched')\n"},
	{"own: []\norigin: {require: none}\n",
		"1: warning: 'own' is empty: list the addresses you send "
		"from, or a bounce of a bounce could suppress one of them\n"
		"2: warning: 'require: none' lets anybody who can send you a "
		"mail suppress any address\n"},
	/* a key that is misspelt may be this one */
	{"onw: me@x.example\n",
		"1: unknown key 'onw', did you mean 'own'?\n"},
};

#define OPEN(mode)                                                             \
	"6: the file holds a password and can be read or changed by others "   \
	"(mode " mode "): chmod 600 'DIR/bw.yaml'\n"

static const struct {
	unsigned mode;
	const char *want;
} modes[] = {
	{0600, ""}, {0400, ""}, {0700, ""},
	{0640, OPEN("0640")}, {0604, OPEN("0604")}, {0620, OPEN("0620")},
};

/* clang-format on */

static void checks_connections(void **state)
{
	EXPECT(connections);
}

static void checks_exports(void **state)
{
	EXPECT(exports);
}

static void checks_reports(void **state)
{
	EXPECT(reports);
}

static void checks_secrets(void **state)
{
	EXPECT(secrets);
}

static void checks_folders(void **state)
{
	EXPECT(folders);
}

static void checks_others(void **state)
{
	EXPECT(others);
}

static void warns_of_no_own(void **state)
{
	conf_file_expect(
		*state, "", no_own, sizeof(no_own) / sizeof(no_own[0]));
}

static const char with_password[] =
	"own: me@x.example\naccounts:\n- name: a\n  host: h\n  user: u\n"
	"  password: geheim\n";

static const char with_file[] =
	"own: me@x.example\naccounts:\n- name: a\n  host: h\n  user: u\n"
	"  auth: xoauth2\n  token_file: token\n";

/* What a load of bw.yaml says once name has this mode and owner. */
static char *load_with(
	struct conf_file *file, const char *name, unsigned mode, long owner)
{
	char path[128], config[128];
	struct conf_mistakes m;
	struct conf c;
	char *text;

	snprintf(path, sizeof(path), "%s/%s", file->folder, name);
	assert_int_equal(chmod(path, mode), 0);
	if (owner >= 0)
		assert_int_equal(chown(path, (uid_t)owner, (gid_t)-1), 0);
	snprintf(config, sizeof(config), "%s/bw.yaml", file->folder);
	(void)!conf_load(config, &c, &m);
	text = conf_file_masked(file, &m);
	assert_null(strstr(text, "geheim"));
	conf_mistakes_release(&m);
	conf_release(&c);
	return text;
}

static void refuses_open_config(void **state)
{
	struct conf_file *file = *state;
	size_t i;
	char *got;

	conf_file_put(
		file, "bw.yaml", with_password, sizeof(with_password) - 1);
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		got = load_with(file, "bw.yaml", modes[i].mode, -1);
		assert_string_equal(got, modes[i].want);
		free(got);
	}
}

static void refuses_open_files(void **state)
{
	struct conf_file *file = *state;
	char *got;

	conf_file_put(file, "token", "t\n", 2);
	conf_file_put(file, "bw.yaml", with_file, sizeof(with_file) - 1);
	got = load_with(file, "token", 0600, -1);
	assert_string_equal(got, "");
	free(got);
	got = load_with(file, "token", 0644, -1);
	assert_string_equal(got,
		"7: 'token_file': 'DIR/token' can be read or changed by others "
		"(mode 0644): chmod 600 'DIR/token'\n");
	free(got);
	/* the config itself holds no secret and may be read by all */
	got = load_with(file, "token", 0600, -1);
	free(got);
	got = load_with(file, "bw.yaml", 0644, -1);
	assert_string_equal(got, "");
	free(got);
}

static void warns_of_empty_files(void **state)
{
	static const char *const empty[] = {"", "\n", "\r\n", "\nt\n"};
	struct conf_file *file = *state;
	char *got;

	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
		conf_file_put(file, "token", empty[i], strlen(empty[i]));
		conf_file_put(
			file, "bw.yaml", with_file, sizeof(with_file) - 1);
		got = load_with(file, "token", 0600, -1);
		assert_string_equal(got,
			"7: warning: 'token_file': 'DIR/token': its first line "
			"is empty, and should be the secret\n");
		free(got);
	}
}

/* systemd's credentials look as if a group could read them. */
static void accepts_credentials(void **state)
{
	struct conf_file *file = *state;
	char *got;

	conf_file_put(file, "token", "t\n", 2);
	conf_file_put(file, "bw.yaml", with_file, sizeof(with_file) - 1);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", file->folder, 1), 0);
	got = load_with(file, "token", 0440, -1);
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	assert_string_equal(got, "");
	free(got);
	got = load_with(file, "token", 0440, -1);
	assert_string_not_equal(got, "");
	free(got);
}

static void refuses_other_owners(void **state)
{
	struct conf_file *file = *state;
	char *got;

	if (geteuid() != 0)
		skip();
	conf_file_put(
		file, "bw.yaml", with_password, sizeof(with_password) - 1);
	got = load_with(file, "bw.yaml", 0600, 12345);
	assert_string_equal(got,
		"6: the file holds a password and belongs to user 12345, who "
		"is neither root nor the user that bouncewatch runs as: chown "
		"0 'DIR/bw.yaml'\n");
	free(got);
	/* the effective user's own file; then root's, read by another */
	assert_int_equal(chmod(file->folder, 0755), 0);
	assert_int_equal(seteuid(12345), 0);
	got = load_with(file, "bw.yaml", 0600, -1);
	assert_int_equal(seteuid(0), 0);
	assert_string_equal(got, "");
	free(got);
	conf_file_put(file, "token", "t\n", 2);
	conf_file_put(file, "bw.yaml", with_file, sizeof(with_file) - 1);
	got = load_with(file, "bw.yaml", 0644, 0);
	free(got);
	got = load_with(file, "token", 0600, 0);
	assert_string_equal(got, "");
	free(got);
	got = load_with(file, "token", 0600, 12345);
	assert_string_equal(got,
		"7: 'token_file': 'DIR/token' belongs to user 12345, who is "
		"neither root nor the user that bouncewatch runs as: chown 0 "
		"'DIR/token'\n");
	free(got);
}

static void refuses_writable_config(void **state)
{
	struct conf_file *file = *state;
	char *got;

	conf_file_put(file, "bw.yaml", own, sizeof(own) - 1);
	got = load_with(file, "bw.yaml", 0666, -1);
	assert_string_equal(got,
		"0: others can change the file (mode 0666), and it names "
		"programs to run: chmod o-w 'DIR/bw.yaml'\n");
	free(got);
	got = load_with(file, "bw.yaml", 0664, -1);
	assert_string_equal(got, "");
	free(got);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, conf_file_setup, conf_file_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(checks_connections),
		TEST(checks_exports),
		TEST(checks_reports),
		TEST(checks_secrets),
		TEST(checks_folders),
		TEST(checks_others),
		TEST(warns_of_no_own),
		TEST(refuses_open_config),
		TEST(refuses_open_files),
		TEST(warns_of_empty_files),
		TEST(accepts_credentials),
		TEST(refuses_other_owners),
		TEST(refuses_writable_config),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
