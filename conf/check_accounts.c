/*
 * What contradicts itself in `accounts`: how a server is reached and logged in
 * to, who may read the secrets, and where mails are moved.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "value.h"
#include "verdict.h"

/* One account, as the checks see it. */
struct subject {
	const struct check *check;
	const struct conf_account *account;
	const struct tree_node *node;
};

/* --- how the server is reached ------------------------------------------ */

static bool is_loopback(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return strcasecmp(host, "localhost") == 0;
}

/*
 * The host that text means, though it may be written as a URL, with a port or
 * in brackets: what is wrong with it must not hide where it leads.
 */
static struct str meant_host(struct str text)
{
	size_t scheme = str_find(text, str_from("://")), end;

	if (scheme < text.n)
		text = str_sub(text, scheme + 3, text.n);
	if (text.n && *text.p == '[')
		return str_sub(text, 1, str_chr(text, ']') - 1);
	end = str_chr(text, ':');
	if (end < text.n &&
		memchr(text.p + end + 1, ':', text.n - end - 1) == NULL)
		return str_sub(text, 0, end);
	return text;
}

static bool is_remote(const struct subject *s)
{
	const struct tree_node *node = tree_get(s->node, "host");
	char host[256];
	struct str meant;

	if (s->account->host)
		return !is_loopback(s->account->host);
	if (!node || node->bad || node->kind != TREE_SCALAR ||
		tree_is_empty(node) || node->value.n == 0)
		return false;
	meant = meant_host(node->value);
	snprintf(host, sizeof(host), STR_FMT, STR_ARG(meant));
	return !is_loopback(host);
}

static void check_tls(const struct subject *s)
{
	const struct conf_account *a = s->account;

	if (a->tls == TLS_NONE && is_remote(s))
		mistake_add(s->check->mistakes, check_line(s->node, "tls"),
			"'tls' may be none only where host is 127.0.0.1, ::1 "
			"or localhost: the password would cross the network "
			"in the clear");
	if (a->tls == TLS_NONE && a->ca_file)
		mistake_warn(s->check->mistakes, check_line(s->node, "ca_file"),
			"'ca_file' has no use with 'tls: none'");
}

/* --- secrets -------------------------------------------------------------- */

static const struct secret {
	const char *key;
	bool is_token;
} secrets[] = {
	{"password",         false},
	{"password_file",    false},
	{"password_command", false},
	{"token_file",       true },
	{"token_command",    true },
};

static void check_auth(const struct subject *s, const struct secret *given)
{
	bool xoauth2 = s->account->auth == AUTH_XOAUTH2;

	if (given->is_token && !xoauth2)
		mistake_add(s->check->mistakes, check_line(s->node, given->key),
			"'%s' goes with 'auth: xoauth2'", given->key);
	if (!given->is_token && xoauth2)
		mistake_add(s->check->mistakes, check_line(s->node, given->key),
			"'auth: xoauth2' takes token_file or token_command, "
			"not '%s'",
			given->key);
}

static void check_one_secret(const struct subject *s)
{
	const struct secret *given = NULL;
	size_t i;

	for (i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		if (!tree_get(s->node, secrets[i].key))
			continue;
		if (given)
			mistake_add(s->check->mistakes,
				check_line(s->node, secrets[i].key),
				"'%s' beside '%s': give only one of them",
				secrets[i].key, given->key);
		else
			given = &secrets[i];
	}
	if (given)
		check_auth(s, given);
	else
		mistake_add(s->check->mistakes, s->node->line,
			"the account has no password: give one of password, "
			"password_file, password_command, token_file, "
			"token_command");
}

/*
 * systemd shows the owner root and, because of the entry in its ACL that lets
 * the service read, a readable group.
 */
static bool is_credential(const char *path)
{
	static const char usual[] = "/run/credentials/";
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	size_t n = folder ? strlen(folder) : 0;

	if (strncmp(path, usual, sizeof(usual) - 1) == 0)
		return true;
	return n > 0 && strncmp(path, folder, n) == 0 && path[n] == '/';
}

/* A file that holds a secret: nobody else may read or write it. */
static void check_private(struct conf_mistakes *m, unsigned line,
	const char *what, const char *path, const struct stat *st)
{
	unsigned mode = st->st_mode & 07777;

	if (is_credential(path))
		return;
	if (S_ISREG(st->st_mode) && (mode & 066))
		mistake_add(m, line,
			"%s can be read or changed by others (mode %04o): "
			"chmod 600 '%s'",
			what, mode, path);
	if (st->st_uid != 0 && st->st_uid != geteuid())
		mistake_add(m, line,
			"%s belongs to user %lu, who is neither root nor the "
			"user that bouncewatch runs as: chown %lu '%s'",
			what, (unsigned long)st->st_uid,
			(unsigned long)geteuid(), path);
}

/* A warning only: whoever renews a token may be writing it just now. */
static void warn_of_empty(struct conf_mistakes *m, unsigned line,
	const char *what, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char first[2] = "";
	ssize_t n;

	if (fd < 0)
		return;
	n = read(fd, first, sizeof(first));
	close(fd);
	if (n == 0 || (n > 0 && first[0] == '\n') ||
		(n == 2 && memcmp(first, "\r\n", 2) == 0))
		mistake_warn(m, line,
			"%s: its first line is empty, and should be the secret",
			what);
	explicit_bzero(first, sizeof(first));
}

static void check_secret_file(
	const struct subject *s, const char *key, const char *path)
{
	struct conf_mistakes *m = s->check->mistakes;
	unsigned line = check_line(s->node, key);
	struct stat st;
	char *what;

	if (!path)
		return;
	/* It may be there only while the daemon runs (LoadCredential=). */
	if (stat(path, &st) < 0) {
		mistake_warn(m, line, "'%s': unable to find '%s': %s", key,
			path, strerror(errno));
		return;
	}
	if (S_ISDIR(st.st_mode)) {
		mistake_add(m, line, "'%s': '%s' is a folder", key, path);
		return;
	}
	if (asprintf(&what, "'%s': '%s'", key, path) < 0) {
		mistake_add(m, line, "out of memory");
		return;
	}
	check_private(m, line, what, path, &st);
	if (S_ISREG(st.st_mode))
		warn_of_empty(m, line, what, path);
	free(what);
}

static void check_secrets(const struct subject *s)
{
	const struct check *c = s->check;
	const struct tree_node *password = tree_get(s->node, "password");

	check_one_secret(s);
	check_secret_file(s, "password_file", s->account->password_file);
	check_secret_file(s, "token_file", s->account->token_file);
	if (password)
		check_private(c->mistakes, password->line,
			"the file holds a password and", c->conf->path,
			c->file);
}

/* --- folders ---------------------------------------------------------------
 */

static const struct outcome {
	const char *key;
	size_t offset;
} outcomes[] = {
	{"bounce",    offsetof(struct conf_account, after.bounce)   },
	{"complaint", offsetof(struct conf_account, after.complaint)},
	{"reply",     offsetof(struct conf_account, after.reply)    },
	{"none",      offsetof(struct conf_account, after.none)     },
	{"unknown",   offsetof(struct conf_account, after.unknown)  },
};

static void check_target(const struct subject *s, const struct outcome *o)
{
	const struct conf_list *folders = &s->account->folders;
	const struct tree_node *after = tree_get(s->node, "after");
	const struct conf_after *do_after =
		(const void *)((const char *)s->account + o->offset);
	size_t i;

	if (!after || do_after->verb != AFTER_MOVE)
		return;
	for (i = 0; i < folders->n; i++)
		if (value_same_folder(folders->v[i], do_after->folder))
			mistake_add(s->check->mistakes,
				check_line(after, o->key),
				"'%s' moves to '%s', which is watched itself: "
				"its mails would be found again and again",
				o->key, do_after->folder);
}

/* A folder that is watched, and by whom. */
struct watched {
	const struct subject *subject;
	const char *folder; /* INBOX in any case as "INBOX" */
	size_t number;      /* in the order of the file */
};

static int by_mailbox(const void *left, const void *right)
{
	const struct watched *a = left, *b = right;
	const struct conf_account *x = a->subject->account;
	const struct conf_account *y = b->subject->account;
	int order = strcasecmp(x->host, y->host);

	if (!order)
		order = (x->port > y->port) - (x->port < y->port);
	if (!order)
		order = strcmp(x->user, y->user);
	return order ? order : strcmp(a->folder, b->folder);
}

static int by_mailbox_and_number(const void *left, const void *right)
{
	const struct watched *a = left, *b = right;
	int order = by_mailbox(a, b);

	return order ? order : a->number < b->number ? -1 : 1;
}

static void report_watched_twice(struct watched *all, size_t n)
{
	const struct subject *first, *again;
	size_t i;

	qsort(all, n, sizeof(*all), by_mailbox_and_number);
	for (i = 1; i < n; i++) {
		if (by_mailbox(&all[i - 1], &all[i]) != 0)
			continue;
		first = all[i - 1].subject;
		again = all[i].subject;
		mistake_add(again->check->mistakes,
			check_line(again->node, "folders"),
			"the folder '%s' is watched already, by account '%s'",
			all[i].folder,
			first->account->name ? first->account->name : "");
	}
}

static size_t list_watched(
	const struct subject *s, struct watched *out, size_t at)
{
	const struct conf_account *a = s->account;
	const char *folder;
	size_t i;

	if (!a->host || !a->user)
		return at;
	for (i = 0; i < a->folders.n; i++) {
		folder = a->folders.v[i];
		if (value_same_folder(folder, "INBOX"))
			folder = "INBOX";
		out[at] = (struct watched){s, folder, at};
		at++;
	}
	return at;
}

/* Two accounts may share a login, but not a folder. */
static void check_mailboxes(const struct subject *subjects, size_t n)
{
	struct watched *all;
	size_t total = 0, at = 0, i;

	for (i = 0; i < n; i++)
		total += subjects[i].account->folders.n;
	all = calloc(total + 1, sizeof(*all));
	if (!all) {
		mistake_add(subjects[0].check->mistakes, 0, "out of memory");
		return;
	}
	for (i = 0; i < n; i++)
		at = list_watched(&subjects[i], all, at);
	report_watched_twice(all, at);
	free(all);
}

/* --- accounts ----------------------------------------------------------- */

static void check_names(const struct subject *subjects, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < i; k++) {
			const char *name = subjects[i].account->name;
			const char *other = subjects[k].account->name;

			if (!name || !other || strcmp(name, other) != 0)
				continue;
			mistake_add(subjects[i].check->mistakes,
				check_line(subjects[i].node, "name"),
				"'name' must be unique: '%s' is already on "
				"line %u",
				name, check_line(subjects[k].node, "name"));
			break;
		}
}

void check_accounts(const struct check *c)
{
	size_t n = c->conf->accounts_n, i, k;
	struct subject *subjects;

	if (n == 0)
		return;
	subjects = calloc(n, sizeof(*subjects));
	if (!subjects) {
		mistake_add(c->mistakes, 0, "out of memory");
		return;
	}
	for (i = 0; i < n; i++) {
		subjects[i] = (struct subject){
			c, &c->conf->accounts[i], c->accounts[i]};
		check_tls(&subjects[i]);
		check_secrets(&subjects[i]);
		for (k = 0; k < sizeof(outcomes) / sizeof(outcomes[0]); k++)
			check_target(&subjects[i], &outcomes[k]);
	}
	check_names(subjects, n);
	check_mailboxes(subjects, n);
	free(subjects);
}
