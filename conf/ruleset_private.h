/*
 * What the files of ruleset share: the set while it grows, and the readers of
 * single values. Every reader adds what is wrong to f->m with its line and goes
 * on, so that one run tells every mistake; it returns -1 if it added any.
 */
#ifndef RULESET_PRIVATE_H
#define RULESET_PRIVATE_H

#include "ruleset.h"
#include "tree.h"

struct ruleset_use {
	struct rule_use use;
	size_t phrase;
};

struct ruleset {
	struct arena arena;
	struct rule *rules;
	size_t rules_n, rules_cap;
	struct rule_provider *providers;
	size_t providers_n, providers_cap;
	struct str *phrases;
	size_t phrases_n, phrases_cap;
	struct ruleset_use *uses;
	size_t uses_n, uses_cap;
	struct ruleset_example *examples;
	size_t examples_n, examples_cap;
	struct rules table;
	struct match match;
};

/* What one file says about all of its rules. */
struct ruleset_file {
	struct ruleset *set;
	struct conf_mistakes *m;
	struct str path, family;
	uint8_t rank;
};

int ruleset_no_memory(struct ruleset_file *f);

/* The rules, providers and marks of a whole file. */
int ruleset_read(struct ruleset_file *f, const struct tree_node *root);

/* --- phrases (ruleset_phrase.c) --- */

/* The phrases of a list, folded as texts are, for this use; what has
 * alternatives is several. ruleset_phrases(): of the list below key, if there
 * is one. */
int ruleset_phrases_read(struct ruleset_file *f, const struct tree_node *list,
	const char *key, struct rule_use use, const uint16_t **out,
	uint16_t *n);
int ruleset_phrases(struct ruleset_file *f, const struct tree_node *rule,
	const char *key, struct rule_use use, const uint16_t **out,
	uint16_t *n);

/* --- values (ruleset_value.c) --- */

/* Text below key; absent: there is none. */
struct str ruleset_text(const struct tree_node *map, const char *key);

/* A list of values that check() knows for good. */
int ruleset_values(struct ruleset_file *f, const struct tree_node *rule,
	const char *key, bool (*check)(struct str), const struct str **out,
	uint8_t *n);
bool ruleset_is_status(struct str s);
bool ruleset_is_smtp(struct str s);
bool ruleset_is_name(struct str s);

/* A bit of enum phase, or -1. */
int ruleset_phase_bit(struct ruleset_file *f, const struct tree_node *node);
int ruleset_phases(
	struct ruleset_file *f, const struct tree_node *rule, uint8_t *out);
int ruleset_rank(
	struct ruleset_file *f, const struct tree_node *map, uint8_t *rank);
int ruleset_flag(struct ruleset_file *f, const struct tree_node *rule,
	const char *key, bool *out);

/* No key of map but these, which end with NULL; what: "a rule". */
int ruleset_keys(struct ruleset_file *f, const struct tree_node *map,
	const char *const *known, const char *what);

#endif
