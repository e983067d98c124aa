/*
 * One YAML file -> a tree of nodes with line numbers. A small, strict subset:
 * mappings, sequences and scalars; no anchors, aliases, tags or second
 * document. Not named yaml.h because <yaml.h> is the library below it.
 *
 * Everything of a tree lives in its arena until tree_release().
 */
#ifndef TREE_H
#define TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "str.h"

#include "mistake.h"

#define TREE_BYTES_MAX 1048576u
#define TREE_DEPTH_MAX 16u
#define TREE_NODES_MAX 100000u

enum tree_kind {
	TREE_SCALAR,
	TREE_LIST,
	TREE_MAP
};

struct tree_node {
	enum tree_kind kind;
	bool quoted; /* a scalar that was quoted or a block (|, >) */
	bool bad;    /* already reported: read no meaning into it */
	unsigned line;
	unsigned number;  /* of the node, in file order */
	struct str value; /* of a scalar: UTF-8 without NUL, then a NUL */
	struct tree_node *first; /* children of a list or map, in file order */
	struct tree_node *next;
	size_t n; /* number of children */
	/* Of a child of a map. Of two equal keys the second one is bad. */
	struct str key;
	unsigned key_line;
};

struct tree {
	struct arena arena;
	struct tree_node *root; /* NULL: the file holds nothing */
};

/*
 * Parse n bytes. What is wrong is added to m. 0: there is a tree, and all of
 * the file was read; it may hold bad nodes. -1: *t holds nothing that may be
 * used. Release t in either case.
 */
int tree_parse(const char *p, size_t n, struct tree *t, struct conf_mistakes *m)
	__attribute__((warn_unused_result));

/* The same for all that fd gives, which stays open; path is for messages. */
int tree_read(int fd, const char *path, struct tree *t, struct conf_mistakes *m)
	__attribute__((warn_unused_result));

/* The same for the file at path. */
int tree_load(const char *path, struct tree *t, struct conf_mistakes *m)
	__attribute__((warn_unused_result));

void tree_release(struct tree *t);

/* The (first) value of key in a map, or NULL. Looks at each: keys are few. */
const struct tree_node *tree_get(const struct tree_node *map, const char *key);

/* Whether node is what `key:` without a value gives (also ~ and null). */
bool tree_is_empty(const struct tree_node *node);

/* "a mapping", "a list", "text": for messages. */
const char *tree_kind_text(enum tree_kind kind);

#endif
