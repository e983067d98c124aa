/*
 * The configuration: one YAML file -> struct conf. keys.def is the master
 * table of every key; the loader, `config dump` and the test of the man page
 * read it. conf reads files and never logs: every mistake of the file goes
 * into a list, each with its line.
 */
#ifndef CONF_H
#define CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "words.h"

#include "mistake.h"

/* The cursor of on_change.command: no export may have it. */
#define CONF_ON_CHANGE_CURSOR "on_change"

enum conf_tls {
	TLS_IMPLICIT,
	TLS_STARTTLS,
	TLS_NONE
};

enum conf_auth {
	AUTH_LOGIN,
	AUTH_PLAIN,
	AUTH_XOAUTH2
};

/* What to do with a mail on the server after it is recorded. */
enum conf_verb {
	AFTER_KEEP,
	AFTER_FLAG,
	AFTER_MOVE
};

struct conf_after {
	enum conf_verb verb;
	char *folder; /* for move; for flag: the keyword, or NULL: \Seen */
};

struct conf_list {
	char **v;
	size_t n;
};

struct conf_account {
	char *name;
	char *host;
	int port; /* not in the file: 993, or 143 */
	enum conf_tls tls;
	char *ca_file; /* NULL: the system's */
	char *user;
	enum conf_auth auth;
	char *password; /* exactly one of these five is set */
	char *password_file;
	struct conf_list password_command; /* argv, no shell */
	char *token_file;
	struct conf_list token_command;
	struct conf_list folders; /* default INBOX */

	struct {
		struct conf_after bounce, complaint, reply, none, unknown;
	} after;

	int64_t idle; /* seconds until IDLE is issued again */
	int64_t poll; /* seconds between looks where there is no IDLE; and
		       * instead of IDLE when idle is 0 */
	int64_t look; /* seconds between unconditional full looks */
};

/* A list that the daemon writes by itself. */
struct conf_export {
	char *name, *format;
	char *file, *removals; /* removals NULL: the whole list each time */
	char *cursor;          /* with removals; never NULL then */
	int64_t every;         /* seconds */
	struct conf_list then; /* argv; .n 0: nothing is run */
	int64_t limit;         /* seconds that it may take */
	char *scope, *domain, *reason; /* NULL: any */
	int state;                     /* 0 suppressed, 1 held, 2 both */
	int hash;                      /* 0 none, 1 SHA-256 */
	bool include_soft, yes_global;
	unsigned line, format_line, domain_line; /* for its mistakes */
};

/* When soft bounces of a reason suppress. */
struct conf_soft {
	int events;
	int64_t spread, lasts; /* seconds */
};

struct conf {
	char *path; /* of the file it came from */
	char *database;
	struct conf_account *accounts;
	size_t accounts_n;
	struct conf_list own, never_suppress;
	struct conf_list stream_headers;
	struct conf_list rules; /* files of the user's own rules */

	struct {
		bool hard;
		int weak_events;
		int64_t stale_after;
		int64_t expiry_disabled, expiry_owner_changed;
		struct conf_list complaints; /* reasons that suppress */
		struct conf_soft soft_full, soft_expired, soft_network;
		int64_t engaged; /* seconds; 0: off */
	} policy;

	struct {
		bool enabled;
		int least; /* bounces an hour */
		int64_t hold, confirm_after;
	} guard;

	struct {
		int require; /* enum origin of verdict.h */
	} origin;

	struct {
		struct conf_list message_id, return_path, received, header;
	} marks;

	int64_t retain; /* evidence, seconds */

	struct conf_export *exports;
	size_t exports_n;

	struct {
		int least;        /* addresses */
		int grow, shrink; /* percent; 0: any */
	} list_guard;

	struct {
		struct conf_list command; /* argv */
	} on_change;

	struct {
		struct conf_list sendmail; /* argv: a mail on its input */
		char *from;
	} mail;

	struct {
		struct conf_list to;
		struct conf_list command; /* argv: the text on its input */
	} alerts;

	struct {
		int weekday, hour; /* 0 Monday; 0 to 23 */
		char *timezone;    /* a name of the system's zoneinfo */
		struct conf_list to;
		char *folder;             /* NULL: none */
		struct conf_list command; /* argv */
		int command_format;       /* enum report_form */
		bool dns;
		char *dns_server; /* NULL: the system's */
		struct conf_list not_typos;
		int rate_warn, rate_bad; /* percent; 0: never */
	} report;

	int log_level; /* 0 error .. 3 debug */
};

/*
 * Load path. 0: *out is complete; m may hold warnings. -1: m has at least one
 * entry that is no warning, and *out is empty. What *out and *m held before is
 * not looked at; release both in either case. Relative paths in the file are
 * resolved against its folder and are absolute in *out.
 */
int conf_load(const char *path, struct conf *out, struct conf_mistakes *m)
	__attribute__((warn_unused_result));

/*
 * The same. What formats there are is not known here: check, unless NULL, is
 * called for each export that has all it needs, and adds what is wrong with it;
 * of *c the exports before it and what is no export can be looked at.
 */
typedef void conf_export_fn(const struct conf *c, const struct conf_export *e,
	struct conf_mistakes *m);
int conf_load_with(const char *path, conf_export_fn *check, struct conf *out,
	struct conf_mistakes *m) __attribute__((warn_unused_result));

/* The defaults, for commands that need no file. *c is not looked at before. */
void conf_init(struct conf *c);

/* Give all back, wipe passwords; *c is zero afterwards. */
void conf_release(struct conf *c);

/* The effective configuration as YAML; secrets are shown as "(set)". */
void conf_write(const struct conf *c, FILE *f);

/* Whose member a key is. */
enum conf_owner {
	CONF_WHOLE,   /* struct conf */
	CONF_ACCOUNT, /* struct conf_account */
	CONF_EXPORT,  /* struct conf_export */
	CONF_OWNERS
};

/* The rows of keys.def, for completion, documentation and tests. */
struct conf_key {
	const char *path;    /* "accounts[].host" */
	const char *type;    /* "text", "duration", ... */
	const char *initial; /* as YAML; "": nothing; NULL: must be given */
	const char *range;   /* "1 to 65535", "a|b|c", "" */
	const char *help;
	/* For the loader: how to read it, and into which member. */
	int value; /* enum value_type */
	enum conf_owner owner;
	size_t offset;
};

const struct conf_key *conf_keys(size_t *n);

#endif
