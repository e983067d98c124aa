/*
 * The table of types. A key's row in keys.def says which type it has; what
 * that means when a file is read, released or dumped stands here once.
 */
#include <stdlib.h>
#include <string.h>

#include "value_check.h"
#include "value_number.h"
#include "value_text.h"
#include "value_type.h"
#include "value_word.h"

static void release_text(void *field)
{
	char **text = field;

	free(*text);
	*text = NULL;
}

static void release_secret(void *field)
{
	char **text = field;

	if (*text)
		explicit_bzero(*text, strlen(*text));
	release_text(field);
}

static void release_list(void *field)
{
	struct conf_list *list = field;
	size_t i;

	for (i = 0; i < list->n; i++)
		free(list->v[i]);
	free(list->v);
	*list = (struct conf_list){0};
}

static void release_action(void *field)
{
	struct conf_after *after = field;

	free(after->folder);
	*after = (struct conf_after){0};
}

static void release_nothing(void *field)
{
	(void)field;
}

#define TEXT_ROW                                                               \
	.read = value_read_text, .write = value_write_text,                    \
	.release = release_text
#define LIST_ROW                                                               \
	.read = value_read_list, .write = value_write_list,                    \
	.release = release_list
#define PLAIN_ROW(what)                                                        \
	.read = value_read_##what, .write = value_write_##what,                \
	.release = release_nothing

/* clang-format 14 dies of this table. */
/* clang-format off */
static const struct value_type_row rows[VALUE_COUNT] = {
	[VALUE_TEXT] = {TEXT_ROW, .check = value_check_text},
	[VALUE_NAME] = {TEXT_ROW, .check = value_check_name},
	[VALUE_HOST] = {TEXT_ROW, .check = value_check_host},
	[VALUE_PATH] = {TEXT_ROW, .check = value_check_path, .resolve = true},
	[VALUE_SECRET] = {.read = value_read_text, .write = value_write_secret,
		.release = release_secret, .check = value_check_secret},
	[VALUE_BOOL] = {PLAIN_ROW(bool)},
	[VALUE_INT] = {PLAIN_ROW(int)},
	[VALUE_DURATION] = {PLAIN_ROW(duration)},
	[VALUE_WORD] = {PLAIN_ROW(word)},
	[VALUE_ACTION] = {.read = value_read_action,
		.write = value_write_action, .release = release_action},
	[VALUE_COMMAND] = {.read = value_read_command,
		.write = value_write_list, .release = release_list},
	[VALUE_PATHS] = {LIST_ROW, .check = value_check_path, .resolve = true},
	[VALUE_WORDS] = {LIST_ROW},
	/* Each folder costs a connection and a thread. */
	[VALUE_FOLDERS] = {LIST_ROW, .check = value_check_folder, .most = 100},
	[VALUE_HEADERS] = {LIST_ROW, .check = value_check_header},
	[VALUE_PATTERNS] = {LIST_ROW, .check = value_check_pattern},
	[VALUE_ADDRESSES] = {LIST_ROW, .check = value_check_address},
	[VALUE_GLOBS] = {LIST_ROW, .check = value_check_glob},
	[VALUE_MARKS] = {LIST_ROW, .check = value_check_mark},
	[VALUE_DOMAINS] = {LIST_ROW, .check = value_check_domain},
	[VALUE_SERVER] = {TEXT_ROW, .check = value_check_server},
	[VALUE_SENDER] = {TEXT_ROW, .check = value_check_sender},
};

/* clang-format on */

const struct value_type_row *value_type_row(enum value_type type)
{
	return &rows[type];
}

void value_read(const struct value *v, void *field)
{
	rows[v->type].read(v, field);
}

void value_release(enum value_type type, void *field)
{
	rows[type].release(field);
}

bool value_is_set(enum value_type type, const void *field)
{
	if (rows[type].read == value_read_text)
		return *(char *const *)field != NULL;
	/* A command that is not set is no empty command. */
	if (type == VALUE_COMMAND)
		return ((const struct conf_list *)field)->n > 0;
	return true;
}

void value_write(
	enum value_type type, const char *range, const void *field, FILE *f)
{
	rows[type].write(range, field, f);
}
