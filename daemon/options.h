/*
 * Options of a command as a table: parsing, --help and completion are made
 * from its rows. `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`, flags
 * joined (`-ab`); options and operands may be mixed; `--` ends the options.
 * Names are never shortened: a shortened name would be a promise.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "out.h"

enum option_kind {
	OPTION_FLAG,   /* value: bool * */
	OPTION_TEXT,   /* value: const char ** */
	OPTION_NUMBER, /* value: long *, from min to max */
	OPTION_WORD,   /* value: int *, the index in words */
	OPTION_TIME,   /* value: int64_t *, see when_parse() */
};

struct option_row {
	const char *name; /* without the dashes */
	char letter;      /* 0: none */
	enum option_kind kind;
	const char *arg; /* what --help calls the value; NULL for a flag */
	void *value;     /* where it goes */
	const char *help;
	const char *const *words; /* for OPTION_WORD, ends with NULL */
	long min, max;            /* for OPTION_NUMBER */
};

#define OPT_FLAG(name, letter, value, help)                                    \
	{                                                                      \
		name, letter, OPTION_FLAG, NULL, value, help, NULL, 0, 0       \
	}
#define OPT_TEXT(name, letter, arg, value, help)                               \
	{                                                                      \
		name, letter, OPTION_TEXT, arg, value, help, NULL, 0, 0        \
	}
#define OPT_TIME(name, letter, arg, value, help)                               \
	{                                                                      \
		name, letter, OPTION_TIME, arg, value, help, NULL, 0, 0        \
	}
#define OPT_WORD(name, letter, arg, value, words, help)                        \
	{                                                                      \
		name, letter, OPTION_WORD, arg, value, help, words, 0, 0       \
	}
#define OPT_NUMBER(name, letter, arg, value, min, max, help)                   \
	{                                                                      \
		name, letter, OPTION_NUMBER, arg, value, help, NULL, min, max  \
	}

struct option_table {
	const struct option_row *rows;
	size_t n;
};

/*
 * Read argv[0..argc) by two tables (a command's own and the global one; .n may
 * be 0). Operands are moved to the front of argv in their order and counted in
 * *operands. first_only: stop at the first operand, *operands is then its
 * index and nothing is moved. -1: it was told on stderr, as `who`.
 */
int options_parse(const struct option_table tables[2], const char *who,
	int argc, char **argv, bool first_only, int *operands)
	__attribute__((warn_unused_result));

/* The rows for --help, two columns. */
void options_help(const struct option_table *t, struct out *o);

/* A row by its long name (as given up to '=') or letter; NULL: none. */
const struct option_row *options_find(
	const struct option_table tables[2], const char *arg);

#endif
