/* Finding one's way in the rows of keys.def. */
#ifndef KEY_H
#define KEY_H

#include "conf.h"
#include "str.h"

#define KEY_CHILDREN_MAX 32

enum key_kind {
	KEY_UNKNOWN,
	KEY_VALUE,
	KEY_GROUP,
	KEY_LIST
};

/* The table; *n is set to its length. */
const struct conf_key *key_rows(size_t *n);

/*
 * What path is: a value (*row is set), a group such as "policy", or a list of
 * groups such as "accounts".
 */
enum key_kind key_find(struct str path, const struct conf_key **row);

/*
 * What may stand in the group path ("": in the file): the distinct next parts
 * of its rows, in their order. Returns how many.
 */
size_t key_children(struct str path, struct str out[KEY_CHILDREN_MAX]);

/* The last part of a path: "host" of "accounts[].host". */
const char *key_name(const struct conf_key *row);

#endif
