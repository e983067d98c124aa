/*
 * keys.def as an array. Groups have no rows of their own: a group is whatever
 * some row's path begins with, so that the table cannot contradict itself.
 */
#include "key.h"
#include "value.h"

#define REQUIRED NULL

static const struct conf_key rows[] = {
#define CONF(path, TYPE, member, initial, range, help)                         \
	{path, VALUE_WORD_##TYPE, initial, range, help, VALUE_##TYPE,          \
		CONF_WHOLE, offsetof(struct conf, member)},
#define ACCOUNT(path, TYPE, member, initial, range, help)                      \
	{path, VALUE_WORD_##TYPE, initial, range, help, VALUE_##TYPE,          \
		CONF_ACCOUNT, offsetof(struct conf_account, member)},
#define EXPORT(path, TYPE, member, initial, range, help)                       \
	{path, VALUE_WORD_##TYPE, initial, range, help, VALUE_##TYPE,          \
		CONF_EXPORT, offsetof(struct conf_export, member)},
#include "keys.def"
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const struct conf_key *key_rows(size_t *n)
{
	*n = ROWS;
	return rows;
}

/* What follows path and separator in row's path; absent: it is another one. */
static struct str below(
	const struct conf_key *row, struct str path, const char *separator)
{
	struct str rest = str_from(row->path);

	if (!str_starts(rest, path))
		return STR_NULL;
	rest = str_sub(rest, path.n, rest.n);
	if (!str_starts(rest, str_from(separator)))
		return STR_NULL;
	return str_sub(rest, strlen(separator), rest.n);
}

enum key_kind key_find(struct str path, const struct conf_key **row)
{
	size_t i;

	for (i = 0; i < ROWS; i++) {
		*row = &rows[i];
		if (str_eq(path, str_from(rows[i].path)))
			return KEY_VALUE;
		if (below(&rows[i], path, ".").p)
			return KEY_GROUP;
		if (below(&rows[i], path, "[].").p)
			return KEY_LIST;
	}
	return KEY_UNKNOWN;
}

size_t key_children(struct str path, struct str out[KEY_CHILDREN_MAX])
{
	struct str rest, part;
	size_t i, n = 0;

	for (i = 0; i < ROWS && n < KEY_CHILDREN_MAX; i++) {
		rest = below(&rows[i], path, path.n ? "." : "");
		if (!rest.p || !str_cut(&rest, '.', &part))
			continue;
		part = str_sub(part, 0, str_chr(part, '['));
		/* Rows of a group stand together. */
		if (n == 0 || !str_eq(out[n - 1], part))
			out[n++] = part;
	}
	return n;
}

const char *key_name(const struct conf_key *row)
{
	const char *dot = strrchr(row->path, '.');

	return dot ? dot + 1 : row->path;
}
