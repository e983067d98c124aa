/*
 * What can only be judged when the whole file is known: values that contradict
 * each other, secrets that others can read, and what is worth a warning.
 */
#ifndef CHECK_H
#define CHECK_H

#include <sys/stat.h>

#include "conf.h"
#include "tree.h"

struct check {
	struct conf *conf;
	const struct tree_node *root;            /* NULL: the file is empty */
	const struct tree_node *const *accounts; /* of conf->accounts, each */
	const struct tree_node *const *exports;  /* of conf->exports, each */
	conf_export_fn *check_export;            /* or NULL */
	const struct stat *file;                 /* the config file */
	bool has_unknown_key;
	struct conf_mistakes *mistakes;
};

void check_conf(const struct check *c);

/* The line of a key in a map, or of the map where it is not there. */
unsigned check_line(const struct tree_node *map, const char *key);

/* The line of the i-th item of a list, which may be a single text. */
unsigned check_line_item(const struct tree_node *list, size_t i);

/* check_people.c: whom alerts and reports are mailed to. */
void check_people(const struct check *c);

/* check_report.c: when and how the report leaves. */
void check_report(const struct check *c);

/* check_accounts.c: the mailboxes. */
void check_accounts(const struct check *c);

/* check_exports.c: the lists that the daemon writes. */
void check_exports(const struct check *c);

#endif
