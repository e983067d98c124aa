/*
 * The mistakes that no single key shows. Each check takes the lines it names
 * from the tree, so that a person finds the place; each message says what to
 * write or type instead.
 */
#include "check.h"

#include <string.h>

#include "verdict.h"

unsigned check_line(const struct tree_node *map, const char *key)
{
	const struct tree_node *node = tree_get(map, key);

	return node ? node->line : map->line;
}

unsigned check_line_item(const struct tree_node *list, size_t i)
{
	const struct tree_node *node;

	if (list->kind != TREE_LIST)
		return list->line;
	for (node = list->first; node && i > 0; i--)
		node = node->next;
	return node ? node->line : list->line;
}

static void check_origin(const struct check *c)
{
	const struct tree_node *map =
		c->root ? tree_get(c->root, "origin") : NULL;
	unsigned line = map ? check_line(map, "require") : 0;

	if (c->conf->origin.require == ORIGIN_SIGNED)
		mistake_add(c->mistakes, line,
			"'require: signed' is not available yet: this version "
			"has none and matched");
	if (c->conf->origin.require == ORIGIN_UNVERIFIED)
		mistake_warn(c->mistakes, line,
			"'require: none' lets anybody who can send you a mail "
			"suppress any address");
}

static void warn_of_all(
	const struct check *c, const char *key, const struct conf_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strspn(list->v[i], "*?@") == strlen(list->v[i]))
			mistake_warn(c->mistakes,
				check_line_item(tree_get(c->root, key), i),
				"'%s' matches every address: nothing will be "
				"suppressed",
				key);
}

static void check_own(const struct check *c)
{
	const struct tree_node *own = c->root ? tree_get(c->root, "own") : NULL;

	/* The key that nobody knows may be this one. */
	if (c->conf->own.n > 0 || c->has_unknown_key)
		return;
	if (c->conf->origin.require != ORIGIN_UNVERIFIED)
		mistake_add(c->mistakes, own ? own->line : 0,
			"'own' is empty: list the addresses you send from, or "
			"no bounce can be known to answer your own mail "
			"('origin: require: matched')");
	else
		mistake_warn(c->mistakes, own ? own->line : 0,
			"'own' is empty: list the addresses you send from, or "
			"a bounce of a bounce could suppress one of them");
}

void check_conf(const struct check *c)
{
	if (S_ISREG(c->file->st_mode) && (c->file->st_mode & S_IWOTH))
		mistake_add(c->mistakes, 0,
			"others can change the file (mode %04o), and it names "
			"programs to run: chmod o-w '%s'",
			(unsigned)c->file->st_mode & 07777, c->conf->path);
	check_own(c);
	if (!c->root || c->root->kind != TREE_MAP)
		return;
	check_accounts(c);
	check_origin(c);
	check_exports(c);
	check_people(c);
	check_report(c);
	warn_of_all(c, "own", &c->conf->own);
	warn_of_all(c, "never_suppress", &c->conf->never_suppress);
}
