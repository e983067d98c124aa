/*
 * Lists that the daemon writes by itself: two must not write to one place, nor
 * over what is ours, and what only deltas have goes with `removals`.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "same_file.h"
#include "verdict.h"

static unsigned line_of(const struct check *c, size_t i, const char *key)
{
	return check_line(c->exports[i], key);
}

/* --- its files ------------------------------------------------------------ */

static bool is_of_account(const struct conf_account *a, const char *path)
{
	const char *const files[] = {
		a->password_file, a->token_file, a->ca_file};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (files[i] && same_file(path, files[i]))
			return true;
	return false;
}

/* What of the database or of the configuration lies at path, or NULL. */
static const char *ours(const struct check *c, const char *path)
{
	static const char *const ends[] = {
		"", "-wal", "-shm", "-journal", ".lock"};
	const struct conf_list *rules = &c->conf->rules;
	char name[4096];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(
			name, sizeof(name), "%s%s", c->conf->database, ends[i]);
		if (same_file(path, name))
			return "the database";
	}
	for (size_t i = 0; i < rules->n; i++)
		if (same_file(path, rules->v[i]))
			return "a file of rules";
	for (size_t i = 0; i < c->conf->accounts_n; i++)
		if (is_of_account(&c->conf->accounts[i], path))
			return "what an account is logged in with";
	return same_file(path, c->conf->path) ? "the configuration" : NULL;
}

/* Whether path is written by one of the exports before i, or by `own`. */
static void check_file(const struct check *c, size_t i, const char *key,
	const char *path, const char *own)
{
	const char *what = path ? ours(c, path) : NULL;

	if (!path)
		return;
	if (what)
		mistake_add(c->mistakes, line_of(c, i, key),
			"'%s': '%s' is %s, and would be replaced", key, path,
			what);
	if (own && same_file(path, own))
		mistake_add(c->mistakes, line_of(c, i, key),
			"'%s' and 'file' cannot be one file", key);
	for (size_t k = 0; k < i; k++) {
		const struct conf_export *e = &c->conf->exports[k];

		if ((e->file && same_file(path, e->file)) ||
			(e->removals && same_file(path, e->removals))) {
			mistake_add(c->mistakes, line_of(c, i, key),
				"'%s': '%s' is written by the export on line "
				"%u already",
				key, path, c->exports[k]->line);
			return;
		}
	}
}

/* --- names ------------------------------------------------------------------
 */

static void check_name(const struct check *c, size_t i)
{
	const char *name = c->conf->exports[i].name;

	for (size_t k = 0; name && k < i; k++) {
		if (!c->conf->exports[k].name ||
			strcmp(c->conf->exports[k].name, name))
			continue;
		mistake_add(c->mistakes, line_of(c, i, "name"),
			"'name' must be unique: '%s' is already on line %u",
			name, line_of(c, k, "name"));
		return;
	}
}

static void check_cursor(const struct check *c, size_t i)
{
	const struct conf_export *e = &c->conf->exports[i];
	const char *key = tree_get(c->exports[i], "cursor") ? "cursor" : "name";

	if (!e->cursor)
		return;
	if (!e->removals) {
		mistake_add(c->mistakes, line_of(c, i, "cursor"),
			"'cursor' is for what changed, and needs 'removals', "
			"the file for who is to be taken off");
		return;
	}
	if (!strcmp(e->cursor, CONF_ON_CHANGE_CURSOR)) {
		mistake_add(c->mistakes, line_of(c, i, key),
			"'%s': '%s' is the name under which on_change.command "
			"asks; call it something else",
			key, e->cursor);
		return;
	}
	for (size_t k = 0; k < i; k++) {
		const struct conf_export *other = &c->conf->exports[k];

		if (!other->removals || !other->cursor ||
			strcmp(other->cursor, e->cursor))
			continue;
		mistake_add(c->mistakes, line_of(c, i, key),
			"'cursor' must be unique: '%s' is that of the export "
			"on line %u, and what one of them asks the other "
			"never gets",
			e->cursor, c->exports[k]->line);
		return;
	}
}

static void check_reason(const struct check *c, size_t i)
{
	const struct conf_export *e = &c->conf->exports[i];

	if (e->reason && reason_from_word(str_from(e->reason)) <= 0)
		mistake_add(c->mistakes, line_of(c, i, "reason"),
			"'reason': there is no reason '%s'; bouncewatch(1) "
			"lists them",
			e->reason);
}

/* What the file does not say: a delta has a cursor. */
static void set_cursors(const struct check *c)
{
	for (size_t i = 0; i < c->conf->exports_n; i++) {
		struct conf_export *e = &c->conf->exports[i];

		e->line = c->exports[i]->line;
		e->format_line = line_of(c, i, "format");
		e->domain_line = line_of(c, i, "domain");
		if (e->removals && !e->cursor && e->name)
			e->cursor = strdup(e->name);
	}
}

void check_exports(const struct check *c)
{
	set_cursors(c);
	for (size_t i = 0; i < c->conf->exports_n; i++) {
		const struct conf_export *e = &c->conf->exports[i];

		check_name(c, i);
		check_cursor(c, i);
		check_reason(c, i);
		check_file(c, i, "file", e->file, NULL);
		check_file(c, i, "removals", e->removals, e->file);
		if (c->check_export && e->name && e->format && e->file)
			c->check_export(c->conf, e, c->mistakes);
	}
}
