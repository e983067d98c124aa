/* suppress and release: the same work with another state. */
#ifndef HAND_H
#define HAND_H

#include "cmd.h"
#include "policy.h"

/* What both commands take; each has its own rows that point here. */
struct hand {
	const struct cmd *cmd;
	enum state state;
	const char *scope;  /* NULL: everywhere */
	const char *reason; /* must be given */
	const char *file;   /* of addresses, "-": standard input; or NULL */
	const char *csv;    /* the column of it; NULL: an address a line */
};

/* Their rows of options; the scope of a hand is a row of its own. */
#define HAND_OPTION_CSV(hand)                                                  \
	OPT_TEXT("csv", 0, "COLUMN", &(hand).csv,                              \
		"the file is CSV, and this its column of addresses")
#define HAND_OPTION_FILE(hand)                                                 \
	OPT_TEXT("file", 'f', "FILE", &(hand).file,                            \
		"take the addresses of a file, one a line (-: standard "       \
		"input)")

/* "alice: complained by phone", with its NUL, into buf. Returns its length. */
size_t hand_note(struct env *e, const char *reason, char *buf, size_t size);

/* Change the state of each address: a line on stdout for each; those of a file
 * are counted on stderr, and only mistakes are told one by one. */
int hand_run(const struct hand *h, struct env *e, int argc, char **argv);

#endif
