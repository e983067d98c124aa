/*
 * Values of keys: read from the tree into a member, released, and written as
 * YAML again. What each type does is a row of value.c; keys.def names them.
 */
#ifndef VALUE_H
#define VALUE_H

#include <stdbool.h>
#include <stdio.h>

#include "conf.h"
#include "tree.h"

/* The word of each type for people; at its end the C type of the member. */
#define VALUE_WORD_TEXT      "text"                 /* char * */
#define VALUE_WORD_NAME      "name"                 /* char * */
#define VALUE_WORD_HOST      "host"                 /* char * */
#define VALUE_WORD_SECRET    "secret"               /* char * */
#define VALUE_WORD_PATH      "path"                 /* char * */
#define VALUE_WORD_BOOL      "true or false"        /* bool */
#define VALUE_WORD_INT       "number"               /* int */
#define VALUE_WORD_DURATION  "duration"             /* int64_t, seconds */
#define VALUE_WORD_WORD      "word"                 /* int or enum */
#define VALUE_WORD_ACTION    "action"               /* struct conf_after */
#define VALUE_WORD_COMMAND   "command"              /* struct conf_list */
#define VALUE_WORD_PATHS     "list of paths"        /* struct conf_list */
#define VALUE_WORD_WORDS     "list of words"        /* struct conf_list */
#define VALUE_WORD_FOLDERS   "list of folders"      /* struct conf_list */
#define VALUE_WORD_HEADERS   "list of header names" /* struct conf_list */
#define VALUE_WORD_PATTERNS  "list of patterns"     /* struct conf_list */
#define VALUE_WORD_ADDRESSES "list of addresses"    /* struct conf_list */
#define VALUE_WORD_GLOBS     "list of globs"        /* struct conf_list */
#define VALUE_WORD_MARKS     "list of header globs" /* struct conf_list */
#define VALUE_WORD_DOMAINS   "list of domains"      /* struct conf_list */
#define VALUE_WORD_SERVER    "server"               /* char * */
#define VALUE_WORD_SENDER    "sender"               /* char * */

enum value_type {
	VALUE_TEXT,
	VALUE_NAME,
	VALUE_HOST,
	VALUE_SECRET,
	VALUE_PATH,
	VALUE_BOOL,
	VALUE_INT,
	VALUE_DURATION,
	VALUE_WORD,
	VALUE_ACTION,
	VALUE_COMMAND,
	VALUE_PATHS,
	VALUE_WORDS,
	VALUE_FOLDERS,
	VALUE_HEADERS,
	VALUE_PATTERNS,
	VALUE_ADDRESSES,
	VALUE_GLOBS,
	VALUE_MARKS,
	VALUE_DOMAINS,
	VALUE_SERVER,
	VALUE_SENDER,
	VALUE_COUNT
};

/* A value on its way from the tree into a member. */
struct value {
	enum value_type type;
	const char *name;  /* of the key, for messages: "host" */
	const char *range; /* as in keys.def */
	const struct tree_node *node;
	const char *folder; /* where relative paths begin */
	struct conf_mistakes *mistakes;
};

/*
 * Read v into *field, which is zero or holds a value (that is released). On a
 * mistake *field is as it was.
 */
void value_read(const struct value *v, void *field);

void value_release(enum value_type type, void *field);

/* Whether there is anything to write: false for a text that is not set. */
bool value_is_set(enum value_type type, const void *field);

/* Write *field as YAML, on one line; a secret as "(set)". */
void value_write(
	enum value_type type, const char *range, const void *field, FILE *f);

/* Whether two names are one IMAP folder: INBOX is so in any case. */
bool value_same_folder(const char *a, const char *b);

#endif
