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

#endif
