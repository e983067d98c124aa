/*
 * The weekly report: a time zone that the system does not have is UTC to the C
 * library, without a word, and a report that goes nowhere is asked for by
 * mistake.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define ZONES "/usr/share/zoneinfo"

/* Whether the file is one of zones (RFC 8536). */
static bool is_zone_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char magic[4];
	bool is;

	if (fd < 0)
		return false;
	is = read(fd, magic, sizeof(magic)) == (ssize_t)sizeof(magic) &&
	     !memcmp(magic, "TZif", sizeof(magic));
	close(fd);
	return is;
}

/* "right/" counts leap seconds, which our times do not. */
static bool is_name(const char *zone)
{
	for (const char *p = zone; *p; p++)
		if (!ascii_is_alnum((unsigned char)*p) && !strchr("_+-/", *p))
			return false;
	return *zone != '/' && strncmp(zone, "right/", 6) != 0;
}

static void check_zone(const struct check *c, const struct tree_node *map)
{
	const char *zone = c->conf->report.timezone;
	const char *folder = getenv("TZDIR");
	char path[4096];

	if (!zone || !strcmp(zone, "UTC"))
		return;
	if (!folder || *folder != '/')
		folder = ZONES;
	snprintf(path, sizeof(path), "%s/%s", folder, zone);
	if (is_name(zone) && is_zone_file(path))
		return;
	if (access(folder, X_OK) < 0)
		mistake_add(c->mistakes, check_line(map, "timezone"),
			"'timezone': unable to look '%s' up in '%s': %s; the "
			"package tzdata has the zones",
			zone, folder, strerror(errno));
	else
		mistake_add(c->mistakes, check_line(map, "timezone"),
			"'timezone' must be a name such as Europe/Berlin or "
			"UTC: there is no zone '%s' in '%s'",
			zone, folder);
}

static void check_folder(const struct check *c, const struct tree_node *map)
{
	const char *folder = c->conf->report.folder;
	struct stat st;

	if (!folder)
		return;
	/* It may be mounted, or made, later. */
	if (stat(folder, &st) < 0)
		mistake_warn(c->mistakes, check_line(map, "folder"),
			"'folder': unable to find '%s': %s; make it, it is not "
			"made by itself",
			folder, strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		mistake_add(c->mistakes, check_line(map, "folder"),
			"'folder': '%s' is no folder", folder);
}

static void check_rates(const struct check *c, const struct tree_node *map)
{
	int warn = c->conf->report.rate_warn, bad = c->conf->report.rate_bad;
	const char *key = tree_get(map, "rate_warn") ? "rate_warn" : "rate_bad";

	if (bad && warn > bad)
		mistake_warn(c->mistakes, check_line(map, key),
			"'rate_warn' is %d and 'rate_bad' %d: what is looked "
			"at from %d %% on is an alarm before that",
			warn, bad, warn);
}

void check_report(const struct check *c)
{
	const struct tree_node *map =
		c->root ? tree_get(c->root, "report") : NULL;
	const struct conf *conf = c->conf;
	bool leaves = conf->report.to.n || conf->report.folder ||
		      conf->report.command.n;

	if (!map || map->kind != TREE_MAP)
		return;
	check_zone(c, map);
	check_folder(c, map);
	check_rates(c, map);
	if (tree_get(map, "command_format") && !conf->report.command.n)
		mistake_warn(c->mistakes, check_line(map, "command_format"),
			"'command_format' has no use without 'command'");
	/* "to: []" says so on purpose. */
	if (!leaves && !c->has_unknown_key && !tree_get(map, "to") &&
		(tree_get(map, "weekday") || tree_get(map, "hour") ||
			tree_get(map, "timezone")))
		mistake_warn(c->mistakes, map->line,
			"the report goes nowhere: give 'to', 'folder' or "
			"'command'");
}
