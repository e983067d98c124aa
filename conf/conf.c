/*
 * The loader: walks the tree of the file beside the table of keys, so that
 * there is no code for a single key here. It goes on after every mistake; a
 * person who edits a file wants to see all of them at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "key.h"
#include "suggest.h"
#include "tree.h"
#include "value.h"

#define ITEMS_MAX 1000u

/* A group that is still to be read. */
struct group {
	struct group *next;
	const struct tree_node *node; /* a map */
	struct str path;              /* "", "policy", "accounts[].after" */
	void *item; /* account or export that it belongs to, or NULL */
};

struct loader {
	struct conf *conf;
	struct conf_mistakes *mistakes;
	char *folder; /* of the file, absolute */
	struct tree tree;
	struct group *todo;
	const struct tree_node **accounts; /* the node of each account */
	const struct tree_node **exports;
	conf_export_fn *check_export;
	bool has_unknown_key;
};

const struct conf_key *conf_keys(size_t *n)
{
	return key_rows(n);
}

static void *member(const struct conf_key *row, struct conf *c, void *item)
{
	return (row->owner == CONF_WHOLE ? (char *)c : (char *)item) +
	       row->offset;
}

/* Set row's member to its initial value, which is YAML of one line. */
static void set_initial(
	const struct conf_key *row, void *owner, struct conf_mistakes *m)
{
	struct tree_node plain = {.kind = TREE_SCALAR};
	struct value v = {
		.type = (enum value_type)row->value,
		.name = key_name(row),
		.range = row->range,
		.node = &plain,
		.mistakes = m,
	};
	struct tree tree = {0};

	if (!row->initial || !*row->initial)
		return;
	plain.value = str_from(row->initial);
	if (*row->initial == '[') {
		if (tree_parse(row->initial, plain.value.n, &tree, m) == 0)
			v.node = tree.root;
	}
	value_read(&v, (char *)owner + row->offset);
	tree_release(&tree);
}

static void set_all_initial(
	enum conf_owner type, void *owner, struct conf_mistakes *m)
{
	const struct conf_key *rows;
	size_t n, i;

	rows = key_rows(&n);
	for (i = 0; i < n; i++)
		if (rows[i].owner == type)
			set_initial(&rows[i], owner, m);
}

void conf_init(struct conf *c)
{
	struct conf_mistakes m = {0};

	*c = (struct conf){0};
	set_all_initial(CONF_WHOLE, c, &m);
	conf_mistakes_release(&m);
}

static void release_rows(enum conf_owner type, void *owner)
{
	const struct conf_key *rows;
	size_t n, i;

	rows = key_rows(&n);
	for (i = 0; i < n; i++)
		if (rows[i].owner == type)
			value_release((enum value_type)rows[i].value,
				(char *)owner + rows[i].offset);
}

void conf_release(struct conf *c)
{
	size_t i;

	for (i = 0; i < c->accounts_n; i++)
		release_rows(CONF_ACCOUNT, &c->accounts[i]);
	for (i = 0; i < c->exports_n; i++)
		release_rows(CONF_EXPORT, &c->exports[i]);
	free(c->accounts);
	free(c->exports);
	release_rows(CONF_WHOLE, c);
	free(c->path);
	*c = (struct conf){0};
}

/* --- the walk ---------------------------------------------------------- */

static void push(struct loader *l, const struct tree_node *node,
	struct str path, void *item)
{
	struct group *group = arena_zalloc(&l->tree.arena, 1, sizeof(*group));

	if (!group) {
		mistake_add(l->mistakes, node->line, "out of memory");
		return;
	}
	*group = (struct group){l->todo, node, path, item};
	l->todo = group;
}

/* "a, b, c" of what may stand in a group. */
static void list_children(struct str path, char *buf, size_t size)
{
	struct str words[KEY_CHILDREN_MAX];
	size_t n = key_children(path, words), at = 0, i;
	int wrote;

	buf[0] = '\0';
	for (i = 0; i < n && at < size; i++) {
		wrote = snprintf(buf + at, size - at, "%s" STR_FMT,
			i ? ", " : "", STR_ARG(words[i]));
		at += wrote > 0 ? (size_t)wrote : 0;
	}
}

/* The path of the key that is called name somewhere else, or NULL. */
static const char *find_elsewhere(struct str name)
{
	const struct conf_key *rows;
	size_t n, i;

	rows = key_rows(&n);
	for (i = 0; i < n; i++)
		if (str_eq(name, str_from(key_name(&rows[i]))))
			return rows[i].path;
	return NULL;
}

static void refuse_key(
	struct loader *l, struct str group, const struct tree_node *node)
{
	struct str words[KEY_CHILDREN_MAX];
	size_t n = key_children(group, words);
	int near = suggest(node->key, words, n);
	const char *elsewhere = find_elsewhere(node->key);
	char known[300];

	l->has_unknown_key = true;
	list_children(group, known, sizeof(known));
	if (near >= 0)
		mistake_add(l->mistakes, node->key_line,
			"unknown key '%s', did you mean '" STR_FMT "'?",
			node->key.p, STR_ARG(words[near]));
	else if (elsewhere)
		mistake_add(l->mistakes, node->key_line,
			"unknown key '%s' here, did you mean '%s'?",
			node->key.p, elsewhere);
	else
		mistake_add(l->mistakes, node->key_line,
			"unknown key '%s', known here are %s", node->key.p,
			known);
}

/* Push node if it is a map, or say that it must be one. */
static void read_group(struct loader *l, const char *name,
	const struct tree_node *node, struct str path, void *item)
{
	char known[300];

	if (node->kind == TREE_MAP) {
		push(l, node, path, item);
		return;
	}
	if (node->bad || tree_is_empty(node))
		return;
	list_children(path, known, sizeof(known));
	mistake_add(l->mistakes, node->line,
		"'%s' must be a mapping of %s, not %s", name, known,
		tree_kind_text(node->kind));
}

/* A list of mappings, each of which is read into a struct. */
static const struct items {
	const char *key, *what;
	struct str path;
	enum conf_owner owner;
	size_t size, v, n; /* of a struct; offsets in struct conf */
	size_t nodes;      /* offset in struct loader */
} lists[] = {
	{"accounts", "an account", STR("accounts[]"), CONF_ACCOUNT,
         sizeof(struct conf_account), offsetof(struct conf, accounts),
         offsetof(struct conf, accounts_n),
         offsetof(struct loader, accounts)},
	{"exports",  "an export",  STR("exports[]"),  CONF_EXPORT,
         sizeof(struct conf_export),  offsetof(struct conf, exports),
         offsetof(struct conf, exports_n),
         offsetof(struct loader, exports) },
};

static void read_items(
	struct loader *l, const struct items *t, const struct tree_node *list)
{
	char **v = (char **)(void *)((char *)l->conf + t->v);
	size_t *n = (size_t *)(void *)((char *)l->conf + t->n);
	const struct tree_node ***nodes =
		(const struct tree_node ***)(void *)((char *)l + t->nodes);
	const struct tree_node *node;
	char *item;

	*v = calloc(list->n, t->size);
	*nodes = calloc(list->n, sizeof(**nodes));
	if (!*v || !*nodes) {
		mistake_add(l->mistakes, list->line, "out of memory");
		return;
	}
	for (node = list->first; node; node = node->next) {
		if (node->kind != TREE_MAP) {
			if (!node->bad)
				mistake_add(l->mistakes, node->line,
					"%s must be a mapping that "
					"begins with 'name:', not %s",
					t->what, tree_kind_text(node->kind));
			continue;
		}
		(*nodes)[*n] = node;
		item = *v + (*n)++ * t->size;
		set_all_initial(t->owner, item, l->mistakes);
		push(l, node, t->path, item);
	}
}

static void read_list(struct loader *l, const struct tree_node *node)
{
	const struct items *t = lists;

	while (!str_eq(node->key, str_from(t->key)))
		t++;
	if (node->bad || tree_is_empty(node))
		return;
	if (node->kind != TREE_LIST)
		mistake_add(l->mistakes, node->line,
			"'%s' must be a list: begin each %s with '- '", t->key,
			strchr(t->what, ' ') + 1);
	else if (node->n > ITEMS_MAX)
		mistake_add(l->mistakes, node->line,
			"%zu %s: at most %u are read", node->n, t->key,
			ITEMS_MAX);
	else if (node->n > 0)
		read_items(l, t, node);
}

/* "group.key" in the arena. */
static struct str join_path(struct loader *l, struct str group, struct str key)
{
	size_t n = group.n + 1 + key.n;
	char *p;

	if (group.n == 0)
		return key;
	p = arena_alloc(&l->tree.arena, n);
	if (!p)
		return STR_NULL;
	memcpy(p, group.p, group.n);
	p[group.n] = '.';
	memcpy(p + group.n + 1, key.p, key.n);
	return str_of(p, n);
}

static void read_key(
	struct loader *l, const struct group *g, const struct tree_node *node)
{
	struct str path = join_path(l, g->path, node->key);
	const struct conf_key *row;
	struct value v;

	if (!path.p) {
		mistake_add(l->mistakes, node->key_line, "out of memory");
		return;
	}
	/* "policy.hard" is how we write it, not how a file may. */
	if (strpbrk(node->key.p, ".[]")) {
		refuse_key(l, g->path, node);
		return;
	}
	switch (key_find(path, &row)) {
	case KEY_UNKNOWN:
		refuse_key(l, g->path, node);
		break;
	case KEY_GROUP:
		read_group(l, node->key.p, node, path, g->item);
		break;
	case KEY_LIST:
		read_list(l, node);
		break;
	case KEY_VALUE:
		v = (struct value){
			.type = (enum value_type)row->value,
			.name = key_name(row),
			.range = row->range,
			.node = node,
			.folder = l->folder,
			.mistakes = l->mistakes,
		};
		value_read(&v, member(row, l->conf, g->item));
		break;
	}
}

static void walk(struct loader *l)
{
	const struct tree_node *node;
	struct group *g;

	while (l->todo) {
		g = l->todo;
		l->todo = g->next;
		for (node = g->node->first; node; node = node->next)
			if (!node->bad)
				read_key(l, g, node);
	}
}

/* --- loading ----------------------------------------------------------- */

static void require_keys(struct loader *l, enum conf_owner owner,
	const struct tree_node *const *nodes, size_t nodes_n)
{
	const struct conf_key *rows;
	size_t n, i, k;

	rows = key_rows(&n);
	for (k = 0; k < nodes_n; k++)
		for (i = 0; i < n; i++)
			if (rows[i].owner == owner && !rows[i].initial &&
				!tree_get(nodes[k], key_name(&rows[i])))
				mistake_add(l->mistakes, nodes[k]->line,
					"missing key '%s'", key_name(&rows[i]));
}

static void set_ports(struct conf *c)
{
	size_t i;

	for (i = 0; i < c->accounts_n; i++)
		if (c->accounts[i].port == 0)
			c->accounts[i].port =
				c->accounts[i].tls == TLS_IMPLICIT ? 993 : 143;
}

/* The folder of the file at path, absolute and without "/" at its end. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	int n = slash ? (int)(slash - path) : 0;
	char *here, *folder;

	if (*path == '/')
		return strndup(path, (size_t)n);
	here = getcwd(NULL, 0);
	if (!here)
		return NULL;
	if (asprintf(&folder, "%s%s%.*s", here, n ? "/" : "", n, path) < 0)
		folder = NULL;
	free(here);
	return folder;
}

static void read_file(struct loader *l, int fd, const char *path)
{
	struct check check = {.conf = l->conf, .mistakes = l->mistakes};
	struct stat st;

	if (fstat(fd, &st) < 0) {
		mistake_add(l->mistakes, 0, "unable to stat '%s': %s", path,
			strerror(errno));
		return;
	}
	if (tree_read(fd, path, &l->tree, l->mistakes) < 0)
		return;
	if (l->tree.root)
		read_group(
			l, "the file", l->tree.root, (struct str)STR(""), NULL);
	walk(l);
	require_keys(l, CONF_ACCOUNT, l->accounts, l->conf->accounts_n);
	require_keys(l, CONF_EXPORT, l->exports, l->conf->exports_n);
	set_ports(l->conf);
	check.root = l->tree.root;
	check.accounts = l->accounts;
	check.exports = l->exports;
	check.check_export = l->check_export;
	check.file = &st;
	check.has_unknown_key = l->has_unknown_key;
	check_conf(&check);
}

int conf_load(const char *path, struct conf *out, struct conf_mistakes *m)
{
	return conf_load_with(path, NULL, out, m);
}

int conf_load_with(const char *path, conf_export_fn *check_export,
	struct conf *out, struct conf_mistakes *m)
{
	struct loader l = {
		.conf = out, .mistakes = m, .check_export = check_export};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	*out = (struct conf){0};
	*m = (struct conf_mistakes){0};
	if (fd < 0) {
		mistake_add(
			m, 0, "unable to open '%s': %s", path, strerror(errno));
		return -1;
	}
	set_all_initial(CONF_WHOLE, out, m);
	out->path = strdup(path);
	l.folder = folder_of(path);
	if (out->path && l.folder)
		read_file(&l, fd, path);
	else
		mistake_add(m, 0, "unable to find the folder of '%s': %s", path,
			strerror(errno));
	close(fd);
	tree_release(&l.tree);
	free(l.folder);
	free(l.accounts);
	free(l.exports);
	mistake_sort(m);
	if (!mistake_is_fatal(m))
		return 0;
	conf_release(out);
	return -1;
}
