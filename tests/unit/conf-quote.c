/* conf/quote.c: nothing steers a terminal; YAML that loads again. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "quote.h"
#include "tree.h"

static void decodes(void **state)
{
	static const struct {
		const char *text;
		uint32_t want;
		size_t n;
	} rows[] = {
		{"a",                0x61,    1},
		{"\x7f",             0x7f,    1},
		{"\xc3\xa4",         0xe4,    2},
		{"\xe2\x80\xae",     0x202e,  3},
		{"\xf0\x9f\x98\x80", 0x1f600, 4},
		{"\x80",             0xfffd,  1},
		{"\xc0\x80",         0xfffd,  1},
		{"\xf5\x80\x80\x80", 0xfffd,  1},
		{"\xc3",             0xfffd,  1}, /* ends too early */
		{"\xe2\x80",         0xfffd,  1},
		{"\xe2(\xa1",        0xfffd,  1},
	};

	const char *p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		p = rows[i].text;
		assert_int_equal(quote_next(&p), rows[i].want);
		assert_int_equal(p - rows[i].text, rows[i].n);
	}
}

static void cleans(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"",				""            },
		{"plain \xc3\xa4 \xf0\x9f\x98\x80",
                 "plain \xc3\xa4 \xf0\x9f\x98\x80"                },
		{"a\033[31mb\nc\td\x7f",            "a?[31mb?c?d?"},
		{"\xc2\x9b"
		 "31m",            "?31m"        }, /* C1 CSI */
		{"a\xe2\x80\xae"
		 "b",              "a?b"         }, /* RLO */
		{"a\xe2\x81\xa6"
		 "b",              "a?b"         }, /* LRI */
		{"a\xe2\x80\x8b"
		 "b",              "a?b"         }, /* ZWSP */
		{"\xef\xbb\xbfx",                   "?x"          },
		{"x\xf3\xa0\x81\x81",               "x?"          }, /* tag */
		{"\xff\xfe",                        "??"          },
		{"\xe2\x80",                        "??"          },
	};

	char buf[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(buf, sizeof(buf), "%s", rows[i].text);
		quote_clean(buf);
		assert_string_equal(buf, rows[i].want);
	}
}

static char *quoted(const char *text)
{
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	assert_non_null(f);
	quote_yaml(text, f);
	assert_int_equal(fclose(f), 0);
	return out;
}

static void quotes(void **state)
{
	static const char *const texts[] = {"a", "/a/b.c", "a@b", "null", "~",
		"true", "", " ", "1", "-", "- a", "a: b", "a #b", "*a", "&a",
		"!a", "@a", "%a", "'", "\"", "\\", "a\\nb", "a\nb", "a\r", "\t",
		"[a]", "{a}", "a, b", "\033[0m", "\xc2\x85", "\xe2\x80\xa8",
		"\xc3\xa4", "\xf3\xa0\x81\x81", "\xef\xbb\xbf", "---", "<<",
		"? a", "| a", "> a", "`a"};
	struct conf_mistakes m = {0};
	struct tree tree;
	char *yaml, *list;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		yaml = quoted(texts[i]);
		assert_true(asprintf(&list, "[x, %s, y]\n", yaml) > 0);
		assert_int_equal(tree_parse(list, strlen(list), &tree, &m), 0);
		assert_int_equal(tree.root->n, 3);
		assert_string_equal(tree.root->first->next->value.p, texts[i]);
		assert_false(tree_is_empty(tree.root->first->next));
		tree_release(&tree);
		free(list);
		free(yaml);
	}
	assert_int_equal(m.n, 0);
	yaml = quoted("/var/lib/x.db");
	assert_string_equal(yaml, "/var/lib/x.db");
	free(yaml);
	yaml = quoted("a\033\xe2\x80\xae\"");
	assert_string_equal(yaml, "\"a\\u001b\\u202e\\\"\"");
	free(yaml);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes),
		cmocka_unit_test(cleans),
		cmocka_unit_test(quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
