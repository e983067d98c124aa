/* Whom alerts and reports are mailed to. */
#include <string.h>

#include "check.h"

static bool is_watched(const struct conf *conf, const char *address)
{
	for (size_t i = 0; i < conf->accounts_n; i++)
		if (conf->accounts[i].user &&
			!strcasecmp(address, conf->accounts[i].user))
			return true;
	return false;
}

/* A mail about bounces must not become one. */
static void check_to(
	const struct check *c, const char *key, const struct conf_list *to)
{
	const struct tree_node *map = tree_get(c->root, key);

	for (size_t i = 0; i < to->n; i++)
		if (is_watched(c->conf, to->v[i]))
			mistake_add(c->mistakes,
				check_line_item(tree_get(map, "to"), i),
				"%s.to: '%s' is a mailbox that is watched", key,
				to->v[i]);
}

void check_people(const struct check *c)
{
	if (!c->root)
		return;
	check_to(c, "alerts", &c->conf->alerts.to);
	check_to(c, "report", &c->conf->report.to);
}
