/*
 * Rule files (YAML) -> struct rules. The same loader serves mkrules, which
 * compiles conf/rules/ into the program, and a user's own files at start.
 * The shape of a rule file is told in HACKING.md, "To add a rule".
 */
#ifndef RULESET_H
#define RULESET_H

#include "mistake.h"
#include "rules.h"

struct ruleset;

/* NULL: out of memory. */
struct ruleset *ruleset_new(void);
void ruleset_free(struct ruleset *r);

/*
 * Read one file. Its mistakes are added to m, each with its line: show them
 * with this path before adding the next file. -1: there were any.
 */
int ruleset_add(struct ruleset *r, const char *path, struct conf_mistakes *m)
	__attribute__((warn_unused_result));

/* After the last file: build the automaton. -1: out of memory. */
int ruleset_finish(struct ruleset *r) __attribute__((warn_unused_result));

/* The table; valid until ruleset_free(). */
const struct rules *ruleset_rules(const struct ruleset *r);

/* Examples and counter-examples of the rules. */
struct ruleset_example {
	struct str file;
	unsigned line;
	size_t rule;           /* index into ruleset_rules()->rules */
	bool matches;          /* false: a counter-example */
	struct str text, host; /* host: absent when not given */
	unsigned phase;        /* a bit of enum phase, or 0 */
};

const struct ruleset_example *ruleset_examples(
	const struct ruleset *r, size_t *n);

/*
 * Run the examples of the file at path, after ruleset_finish(): each that its
 * rule does not decide, or decides and should not, is a mistake in m. builtin:
 * the rules that these are asked before, whose names they must not have; NULL:
 * these are the built-in ones.
 * -1: there were mistakes.
 */
int ruleset_check(const struct ruleset *r, const struct rules *builtin,
	const char *path, struct conf_mistakes *m)
	__attribute__((warn_unused_result));

#endif
