/*
 * `config dump`: every key with the value that counts, defaults included, as a
 * file that loads to the same configuration. It follows the table of keys, so
 * a new key is dumped without a line here.
 */
#include <string.h>

#include "conf.h"
#include "key.h"
#include "value.h"

/* Where a writer is: what it wrote last decides which headings are due. */
struct writer {
	FILE *f;
	const char *base; /* the struct that the rows' members are in */
	int indent;
	const char *last; /* path of the row written last, or "" */
	bool dash;        /* the next line begins an item of a list */
};

static void begin_line(struct writer *w, int depth)
{
	int spaces = w->indent + 2 * depth;

	if (w->dash)
		fprintf(w->f, "%*s- ", spaces - 2, "");
	else
		fprintf(w->f, "%*s", spaces, "");
	w->dash = false;
}

/* Headings of the groups of path that the last row was not in; the rest of
 * path, which is the key's own name, is put into *name. Returns its depth. */
static int write_headings(struct writer *w, const char *path, const char **name)
{
	bool same = true;
	const char *dot;
	int depth = 0;
	size_t n;

	for (*name = path; (dot = strchr(*name, '.')); *name = dot + 1) {
		n = (size_t)(dot + 1 - path);
		same = same && strncmp(path, w->last, n) == 0;
		if (!same) {
			begin_line(w, depth);
			fprintf(w->f, "%.*s:\n", (int)(dot - *name), *name);
		}
		depth++;
	}
	w->last = path;
	return depth;
}

static void write_row(struct writer *w, const struct conf_key *row)
{
	enum value_type type = (enum value_type)row->value;
	const void *field = w->base + row->offset;
	const char *path = row->path, *name;
	int depth;

	if (!value_is_set(type, field))
		return;
	if (row->owner != CONF_WHOLE)
		path = strstr(path, "[].") + 3;
	depth = write_headings(w, path, &name);
	begin_line(w, depth);
	fprintf(w->f, "%s: ", name);
	value_write(type, row->range, field, w->f);
	putc('\n', w->f);
}

static void write_item(const void *item, enum conf_owner owner, FILE *f)
{
	struct writer w = {
		.f = f,
		.base = item,
		.indent = 4,
		.last = "",
		.dash = true,
	};
	const struct conf_key *rows;
	size_t n, i;

	rows = key_rows(&n);
	for (i = 0; i < n; i++)
		if (rows[i].owner == owner)
			write_row(&w, &rows[i]);
}

static void write_accounts(const struct conf *c, FILE *f)
{
	size_t i;

	fputs(c->accounts_n ? "accounts:\n" : "accounts: []\n", f);
	for (i = 0; i < c->accounts_n; i++)
		write_item(&c->accounts[i], CONF_ACCOUNT, f);
}

static void write_exports(const struct conf *c, FILE *f)
{
	size_t i;

	fputs(c->exports_n ? "exports:\n" : "exports: []\n", f);
	for (i = 0; i < c->exports_n; i++)
		write_item(&c->exports[i], CONF_EXPORT, f);
}

void conf_write(const struct conf *c, FILE *f)
{
	struct writer w = {.f = f, .base = (const char *)c, .last = ""};
	static void (*const write_list[CONF_OWNERS])(
		const struct conf *, FILE *) = {
		[CONF_ACCOUNT] = write_accounts,
		[CONF_EXPORT] = write_exports,
	};
	const struct conf_key *rows;
	bool written[CONF_OWNERS] = {false};
	size_t n, i;

	rows = key_rows(&n);
	for (i = 0; i < n; i++) {
		enum conf_owner owner = rows[i].owner;

		if (owner == CONF_WHOLE)
			write_row(&w, &rows[i]);
		else if (!written[owner])
			write_list[owner](c, f);
		written[owner] = true;
	}
}
