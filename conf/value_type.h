/*
 * Inside of value.c and its helpers: what a row of the table of types is made
 * of, and what the readers share.
 */
#ifndef VALUE_TYPE_H
#define VALUE_TYPE_H

#include "value.h"

struct value_type_row {
	void (*read)(const struct value *v, void *field);
	void (*write)(const char *range, const void *field, FILE *f);
	void (*release)(void *field);
	/* NULL, or what the text must be: "must not be ..." */
	const char *(*check)(const char *text);
	bool resolve; /* a relative path begins at the file's folder */
	size_t most;  /* entries in a list; 0: any number */
};

/* The row of a type. */
const struct value_type_row *value_type_row(enum value_type type);

/* value_text.c: text, and lists of text */
void value_read_text(const struct value *v, void *field);
void value_write_text(const char *range, const void *field, FILE *f);
void value_write_secret(const char *range, const void *field, FILE *f);
void value_read_list(const struct value *v, void *field);
void value_read_command(const struct value *v, void *field);
void value_write_list(const char *range, const void *field, FILE *f);

/* value_word.c: words, true and false, what to do with a mail */
void value_read_word(const struct value *v, void *field);
void value_write_word(const char *range, const void *field, FILE *f);
void value_read_bool(const struct value *v, void *field);
void value_write_bool(const char *range, const void *field, FILE *f);
void value_read_action(const struct value *v, void *field);
void value_write_action(const char *range, const void *field, FILE *f);
/* The place of node's text in "a|b|c"; -1: reported. */
int value_word(const struct value *v, const struct tree_node *node);

/* value_number.c: numbers and durations */
void value_read_int(const struct value *v, void *field);
void value_write_int(const char *range, const void *field, FILE *f);
void value_read_duration(const struct value *v, void *field);
void value_write_duration(const char *range, const void *field, FILE *f);

/* value_check.c: the checks of texts */
const char *value_check_text(const char *text);
const char *value_check_name(const char *text);
const char *value_check_host(const char *text);
const char *value_check_secret(const char *text);
const char *value_check_path(const char *text);
const char *value_check_address(const char *text);
const char *value_check_folder(const char *text);
const char *value_check_header(const char *text);
const char *value_check_pattern(const char *text);
/* An IMAP flag: a keyword (RFC 3501, atom), or one that loses no mail. */
const char *value_check_keyword(const char *text);

#endif
