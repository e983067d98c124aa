/*
 * Commands say in their row what they need; here it is opened, in one way for
 * all, with one message for each thing that can be wrong.
 */
#include "env.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "charset.h"
#include "export_conf.h"
#include "mistake.h"
#include "progress.h"
#include "say.h"
#include "verdict.h"

/* Without a configuration nobody has said what is our own: no origin can be
 * asked for. */
static void use_defaults(struct env *e)
{
	conf_init(&e->conf);
	e->conf.origin.require = ORIGIN_UNVERIFIED;
}

void env_init(struct env *e, const char *config, const char *database,
	struct out *out)
{
	const char *from_env = getenv("BOUNCEWATCH_CONFIG");

	*e = (struct env){.database = database, .out = out};
	if (!config && from_env && *from_env)
		config = from_env;
	e->config_given = config != NULL;
	e->config = config ? config : ENV_CONFIG;
	e->now = time(NULL);
	arena_init(&e->arena, 0);
	use_defaults(e);
}

void env_release(struct env *e)
{
	db_close(e->db);
	charset_free(e->charset);
	arena_release(&e->arena);
	conf_release(&e->conf);
}

static int load(struct env *e, enum env_needs needs)
{
	struct conf_mistakes m = {0};
	bool there = !access(e->config, F_OK);
	int rc;

	conf_release(&e->conf);
	rc = conf_load_with(e->config, export_conf_check, &e->conf, &m);
	if (rc || needs == ENV_CONF)
		say_mistakes(e->config, &m);
	conf_mistakes_release(&m);
	if (!rc)
		return 0;
	use_defaults(e);
	if (there)
		say("nothing was done: the configuration has mistakes");
	else if (needs == ENV_DATABASE)
		say_hint("name a configuration with --config=FILE, or only the "
			 "database with --database=FILE");
	else
		say_hint("name it with --config=FILE or BOUNCEWATCH_CONFIG");
	return EX_CONFIG;
}

int env_open_conf(struct env *e, enum env_needs needs)
{
	bool must = e->config_given || needs == ENV_CONF ||
		    (needs == ENV_DATABASE && !e->database);
	int status;

	if (needs == ENV_NOTHING)
		return 0;
	if (must || !access(e->config, R_OK)) {
		status = load(e, needs);
		if (status)
			return status;
		e->configured = true;
	}
	if (!e->database)
		return 0;
	free(e->conf.database);
	e->conf.database = strdup(e->database);
	return e->conf.database ? 0 : EX_OSERR;
}

int env_open_database(struct env *e, enum db_mode mode)
{
	if (!db_open(e->conf.database, mode, &e->db))
		return 0;
	return env_db_failed(e->db);
}

int env_tell_scope(const struct env *e, const char *scope)
{
	int64_t id;
	int known = scope ? db_label_find(e->db, str_from(scope), &id) : 1;

	if (known < 0)
		return env_db_failed(e->db);
	if (!known) {
		say("nothing is known of the scope '%s': only what holds "
		    "everywhere counts",
			say_z(scope));
		say_hint("upper and lower case make different scopes; "
			 "'bouncewatch export csv' shows those that there are");
	}
	return 0;
}

/* A word for a shell: in quotes where it needs them. In a buffer of its own. */
static const char *shell_word(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./+,:=@%-";
	static char quoted[2 * PATH_MAX];
	size_t n = 1;

	if (*word && !word[strspn(word, plain)])
		return word;
	quoted[0] = '\'';
	for (; *word && n + 6 < sizeof(quoted); word++)
		if (*word == '\'') {
			memcpy(quoted + n, "'\\''", 4);
			n += 4;
		} else
			quoted[n++] = *word;
	quoted[n++] = '\'';
	quoted[n] = '\0';
	return quoted;
}

/* Reading changes nothing, so who reads is told what brings it up to date. */
static void say_upgrade(const struct db *db)
{
	const struct passwd *pw = NULL;
	char owner[128] = "";
	struct stat st;

	if (!stat(db_path(db), &st) && st.st_uid != geteuid()) {
		pw = getpwuid(st.st_uid);
		if (pw)
			snprintf(owner, sizeof(owner), ", as its owner, %s",
				pw->pw_name);
		else
			snprintf(owner, sizeof(owner),
				", as its owner, uid %ld", (long)st.st_uid);
	}
	say_hint("'bouncewatch watch' brings it there at its start; without "
		 "it, run once%s:",
		say_z(owner));
	say_hint("  bouncewatch --database=%s ingest /dev/null",
		say_z(shell_word(db_path(db))));
}

int env_db_failed(const struct db *db)
{
	static const struct {
		int status;
		const char *hint;
	} faults[] = {
		[DB_OK] = {EX_SOFTWARE, NULL               },
		[DB_MISSING] = {EX_NOINPUT,
			   "watch, ingest, import or suppress make it; "
			"--database=FILE names another one"},
		[DB_DENIED] = {EX_NOPERM,
			   "it belongs to the user and group of the daemon: "
			"run this as one of them"          },
		[DB_LOCKED] = {EX_TEMPFAIL, "try again"        },
		[DB_FULL] = {EX_IOERR,    NULL               },
		[DB_DAMAGED] = {EX_DATAERR,  NULL               },
		[DB_TOO_NEW] = {EX_CONFIG,   NULL               },
		[DB_TOO_OLD] = {EX_CONFIG,   NULL               },
		[DB_INTERNAL] = {EX_SOFTWARE, NULL               },
	};

	/* No fault of its own: what was done with its rows failed. */
	if (!db || !db_fault(db)) {
		say("out of memory");
		return EX_OSERR;
	}
	say("%s", say_z(db_error(db)));
	if (db_fault(db) == DB_TOO_OLD)
		say_upgrade(db);
	else if (db_fault(db) == DB_DENIED && db_is_mounted_read_only(db))
		say_hint("its file system is mounted read-only: what writes "
			 "needs another (mount -o remount,rw)");
	else if (faults[db_fault(db)].hint)
		say_hint("%s", faults[db_fault(db)].hint);
	return faults[db_fault(db)].status;
}

/* Made when first needed. */
static const struct verdict_ops *ops_of(struct env *e)
{
	if (!e->charset)
		e->charset = charset_new();
	return e->charset ? charset_ops(e->charset) : NULL;
}

enum address_error env_address_parse(
	struct env *e, struct str given, struct address *out)
{
	const struct verdict_ops *ops = ops_of(e);

	return ops ? address_parse(ops, &e->arena, given, out)
		   : ADDRESS_NO_MEMORY;
}

int env_address(struct env *e, struct str given, struct address *out)
{
	enum address_error wrong = env_address_parse(e, given, out);

	if (!wrong)
		return 0;
	if (wrong == ADDRESS_NO_MEMORY) {
		say("out of memory");
		return EX_OSERR;
	}
	say("'%s' is no address: it %s", say_str(given),
		address_error_text(wrong));
	return EX_DATAERR;
}

enum address_error env_domain_parse(
	struct env *e, struct str given, struct str *out)
{
	const struct verdict_ops *ops = ops_of(e);

	return ops ? address_domain(ops, &e->arena, given, out)
		   : ADDRESS_NO_MEMORY;
}

int env_domain(struct env *e, const char *given, struct str *out)
{
	enum address_error wrong = env_domain_parse(e, str_from(given), out);

	if (wrong == ADDRESS_NO_MEMORY) {
		say("out of memory");
		return EX_OSERR;
	}
	if (!wrong)
		return 0;
	say("'%s' is no domain such as example.com; leave it out for all "
	    "domains",
		say_z(given));
	return EX_USAGE;
}

void env_tell_doubt(const char *where, struct str given,
	enum address_doubt doubt, const char *done)
{
	if (!doubt)
		return;
	progress_hide();
	say("%s'%s' %s; %s as it is written", where, say_str(given),
		address_doubt_text(doubt), done);
}

void env_forget(struct env *e)
{
	arena_reset(&e->arena, 0);
}

void env_yield(void)
{
	const struct timespec pause = {.tv_nsec = 5000000};

	(void)nanosleep(&pause, NULL);
}

const char *env_protects(const struct env *e, struct str key)
{
	const struct conf *c = &e->conf;

	for (size_t i = 0; i < c->own.n; i++)
		if (str_glob(key, str_from(c->own.v[i])))
			return "own";
	for (size_t i = 0; i < c->never_suppress.n; i++)
		if (str_glob(key, str_from(c->never_suppress.v[i])))
			return "never_suppress";
	return NULL;
}

struct str env_user(struct env *e)
{
	const struct passwd *pw = getpwuid(getuid());
	const char *sudo = getuid() == 0 ? getenv("SUDO_USER") : NULL;
	char name[128];

	if (!pw)
		snprintf(name, sizeof(name), "uid %ld", (long)getuid());
	else if (sudo && *sudo && strcmp(sudo, pw->pw_name) != 0)
		snprintf(name, sizeof(name), "%s (sudo by %s)", pw->pw_name,
			sudo);
	else
		snprintf(name, sizeof(name), "%s", pw->pw_name);
	return arena_dup(&e->arena, str_from(name));
}
