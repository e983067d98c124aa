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
};

/* "alice: complained by phone", with its NUL, into buf. Returns its length. */
size_t hand_note(struct env *e, const char *reason, char *buf, size_t size);

/* Change the state of each address; a line on stdout for each. */
int hand_run(const struct hand *h, struct env *e, int argc, char **argv);

#endif
