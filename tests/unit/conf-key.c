/* conf/key.c and keys.def: the table holds together. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "key.h"
#include "value.h"

static void has_rows(void **state)
{
	const struct conf_key *rows;
	size_t n, i, k;

	(void)state;
	rows = conf_keys(&n);
	assert_true(n > 30);
	for (i = 0; i < n; i++) {
		assert_true(*rows[i].help);
		assert_true(*rows[i].type);
		assert_true(rows[i].value >= 0 && rows[i].value < VALUE_COUNT);
		assert_int_equal(rows[i].owner == CONF_ACCOUNT,
			strncmp(rows[i].path, "accounts[].", 11) == 0);
		assert_int_equal(rows[i].owner == CONF_EXPORT,
			strncmp(rows[i].path, "exports[].", 10) == 0);
		assert_true(rows[i].offset <
			    (rows[i].owner == CONF_ACCOUNT
					    ? sizeof(struct conf_account)
				    : rows[i].owner == CONF_EXPORT
					    ? sizeof(struct conf_export)
					    : sizeof(struct conf)));
		for (k = 0; k < i; k++) {
			assert_string_not_equal(rows[i].path, rows[k].path);
			if (rows[i].owner == rows[k].owner)
				assert_int_not_equal(
					rows[i].offset, rows[k].offset);
		}
	}
}

/* The initial value of each key is one that the key takes. */
static void has_good_initial_values(void **state)
{
	struct conf_mistakes m = {0};
	const struct conf_key *rows;
	struct tree tree;
	size_t n, i;

	(void)state;
	rows = conf_keys(&n);
	for (i = 0; i < n; i++) {
		struct value v = {
			.type = (enum value_type)rows[i].value,
			.name = rows[i].path,
			.range = rows[i].range,
			.mistakes = &m,
		};

		union {
			struct conf_list list;
			struct conf_after after;
			int64_t number;
		} field = {{0}};

		if (!rows[i].initial || !*rows[i].initial)
			continue;
		assert_int_equal(tree_parse(rows[i].initial,
					 strlen(rows[i].initial), &tree, &m),
			0);
		v.node = tree.root;
		value_read(&v, &field);
		if (m.n)
			print_message("%s\n", m.v[0].text);
		assert_int_equal(m.n, 0);
		value_release(v.type, &field);
		tree_release(&tree);
	}
}

static void finds(void **state)
{
	static const struct {
		const char *path;
		enum key_kind want;
	} rows[] = {
		{"database",                 KEY_VALUE  },
		{"accounts",                 KEY_LIST   },
		{"accounts[]",               KEY_GROUP  },
		{"accounts[].after",         KEY_GROUP  },
		{"accounts[].after.bounce",  KEY_VALUE  },
		{"policy.expiry",            KEY_GROUP  },
		{"policy.exp",               KEY_UNKNOWN},
		{"polic",                    KEY_UNKNOWN},
		{"policy.",                  KEY_UNKNOWN},
		{"database.x",               KEY_UNKNOWN},
		{"",			 KEY_UNKNOWN},
		{"accounts[].after.bounces", KEY_UNKNOWN},
	};
	const struct conf_key *row;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
			key_find(str_from(rows[i].path), &row), rows[i].want);
	assert_int_equal(
		key_find(str_from("accounts[].host"), &row), KEY_VALUE);
	assert_string_equal(key_name(row), "host");
}

static void lists_children(void **state)
{
	struct str words[KEY_CHILDREN_MAX];
	const struct conf_key *row;
	size_t n, i, k;

	(void)state;
	n = key_children(str_from("policy"), words);
	assert_int_equal(n, 7);
	assert_true(str_eq(words[3], str_from("expiry")));
	n = key_children(str_from("accounts[]"), words);
	assert_true(n > 10 && n < KEY_CHILDREN_MAX);
	/* in the file: each once, so the rows of a group stand together */
	n = key_children(str_from(""), words);
	assert_true(n > 8 && n < KEY_CHILDREN_MAX);
	for (i = 0; i < n; i++) {
		assert_int_not_equal(key_find(words[i], &row), KEY_UNKNOWN);
		for (k = 0; k < i; k++)
			assert_false(str_eq(words[i], words[k]));
	}
}

/* The paragraph of a key in the manual; free() it. NULL: there is none. */
static char *paragraph(const char *manual, const struct conf_key *row)
{
	const char *at, *end;
	char *heading;

	assert_true(asprintf(&heading, "\n.It Ic %s Pq %s\n", row->path,
			    row->type) > 0);
	at = strstr(manual, heading);
	free(heading);
	if (!at)
		return NULL;
	end = strstr(at + 1, "\n.It ");
	return end ? strndup(at, (size_t)(end - at)) : strdup(at);
}

/* Type, default and range in the manual are those of the table. */
static void agrees_with_the_manual(void **state)
{
	static char manual[65536];
	FILE *f = fopen("man/bouncewatch.yaml.5", "r");
	const struct conf_key *rows;
	struct str rest, word;
	size_t n, i;
	char *text;

	(void)state;
	assert_non_null(f);
	n = fread(manual, 1, sizeof(manual) - 1, f);
	assert_true(n > 1000 && n < sizeof(manual) - 1);
	fclose(f);
	rows = conf_keys(&n);
	for (i = 0; i < n; i++) {
		text = paragraph(manual, &rows[i]);
		if (!text)
			fail_msg("no paragraph for '%s' (%s)", rows[i].path,
				rows[i].type);
		if (!rows[i].initial && !strstr(text, "must be given"))
			fail_msg("'%s' must be given", rows[i].path);
		if (rows[i].initial && !strstr(text, rows[i].initial))
			fail_msg("'%s': default %s", rows[i].path,
				rows[i].initial);
		rest = str_from(rows[i].range);
		while (str_cut(&rest, '|', &word))
			if (str_find(str_from(text), word) == strlen(text))
				fail_msg("'%s': range " STR_FMT, rows[i].path,
					STR_ARG(word));
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_rows),
		cmocka_unit_test(has_good_initial_values),
		cmocka_unit_test(finds),
		cmocka_unit_test(lists_children),
		cmocka_unit_test(agrees_with_the_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
