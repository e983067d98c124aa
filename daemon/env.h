/*
 * What a command works with: the configuration, the database, the way out, the
 * time. Opened before the command runs, by what its row in the table asks for.
 *
 * Functions that return an int give an exit status of sysexits.h: 0, or what
 * the program should end with, after telling why on stderr.
 */
#ifndef ENV_H
#define ENV_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "arena.h"
#include "conf.h"
#include "db.h"
#include "out.h"

#define ENV_CONFIG "/etc/bouncewatch/bouncewatch.yaml"

struct charset;

enum env_needs {
	ENV_NOTHING,
	ENV_CONF_IF_THERE, /* the defaults where there is no file */
	ENV_CONF,
	ENV_DATABASE, /* --database, or the one of the configuration */
};

struct env {
	const char *config;   /* path */
	bool config_given;    /* by --config or BOUNCEWATCH_CONFIG */
	bool configured;      /* there is one, and it was read */
	const char *database; /* --database, or NULL */
	struct conf conf;
	struct db *db; /* NULL: not opened */
	struct out *out;
	struct arena arena;
	struct charset *charset; /* made when first needed */
	int64_t now;
};

/* config, database: as given on the command line, or NULL. */
void env_init(struct env *e, const char *config, const char *database,
	struct out *out);
void env_release(struct env *e);

/* Fill .conf as needs says; conf.database is --database where given. */
int env_open_conf(struct env *e, enum env_needs needs)
	__attribute__((warn_unused_result));

int env_open_database(struct env *e, enum db_mode mode)
	__attribute__((warn_unused_result));

/* Tell on standard error when nothing is known of a scope (NULL: none was
 * given): a letter more, and who complained there is mailed. 0, or an exit
 * status after telling why. */
int env_tell_scope(const struct env *e, const char *scope)
	__attribute__((warn_unused_result));

/* Tell why the last call on db failed; the exit status that says so. */
int env_db_failed(const struct db *db);

/*
 * Read an address of the command line or of a list. 0, or EX_DATAERR after
 * telling what is wrong with it. *out lives until env_forget().
 */
int env_address(struct env *e, struct str given, struct address *out)
	__attribute__((warn_unused_result));
void env_forget(struct env *e);

/* The same of a domain, with or without an @ before it, as keys have it; what
 * is none is EX_USAGE. For a filter: without one all domains are meant. */
int env_domain(struct env *e, const char *given, struct str *out)
	__attribute__((warn_unused_result));

/* The same, but nothing is told: what is wrong is for the caller to say. */
enum address_error env_address_parse(struct env *e, struct str given,
	struct address *out) __attribute__((warn_unused_result));

/* The same of a domain. */
enum address_error env_domain_parse(struct env *e, struct str given,
	struct str *out) __attribute__((warn_unused_result));

/* Tell on standard error why an address is in doubt, if it is, and that it was
 * done ("looked up") all the same. where is "" or what to say in front, such as
 * "list.txt:4: ". */
void env_tell_doubt(const char *where, struct str given,
	enum address_doubt doubt, const char *done);

/*
 * Between two transactions of many: another program that waits for the
 * database, the daemon, gets its turn. It looks again only so often.
 */
void env_yield(void);

/* The key of the configuration that keeps an address (canonical) from being
 * suppressed, "own" or "never_suppress"; NULL: none does. */
const char *env_protects(const struct env *e, struct str key);

/* "alice", or "root (sudo by alice)": for the change log. */
struct str env_user(struct env *e);

#endif
