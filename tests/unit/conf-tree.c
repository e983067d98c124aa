/* conf/tree.c: YAML as a tree with lines; what is refused; hostile files. */
#include "test.h"

#include <fcntl.h>
#include <time.h>

#include "conf_file.h"
#include "tree.h"

/* A tree as text: maps {k:v}, lists [a], scalars with ' when quoted, ! bad. */
static void show(const struct tree_node *node, FILE *f)
{
	static const char ends[] = " []{}";
	const struct tree_node *child;
	size_t i = (size_t)node->kind * 2;

	if (node->bad)
		putc('!', f);
	if (node->kind == TREE_SCALAR) {
		fprintf(f, "%s%s@%u", node->quoted ? "'" : "", node->value.p,
			node->line);
		return;
	}
	putc(ends[i - 1], f);
	for (child = node->first; child; child = child->next) {
		if (child->key.p)
			fprintf(f, "%s@%u:", child->key.p, child->key_line);
		show(child, f);
		if (child->next)
			putc(',', f);
	}
	putc(ends[i], f);
}

/* "tree\nmistakes" of the bytes; "-" when there is no tree. */
static char *parse(const char *p, size_t n)
{
	struct conf_mistakes m = {0};
	struct tree t;
	char *text = NULL, *mistakes;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	if (tree_parse(p, n, &t, &m) < 0) {
		assert_null(t.root);
		assert_true(mistake_is_fatal(&m));
		putc('-', f);
	} else if (t.root) {
		show(t.root, f);
	}
	mistake_sort(&m);
	mistakes = conf_file_text(&m);
	fprintf(f, "\n%s", mistakes);
	assert_int_equal(fclose(f), 0);
	free(mistakes);
	conf_mistakes_release(&m);
	tree_release(&t);
	return text;
}

/* clang-format off */
static const struct row {
	const char *yaml, *want;
} rows[] = {
	/* what it is for */
	{"", "\n"},
	{"# nothing\n", "\n"},
	{"--- ~\n", "~@1\n"},
	{"a: 1\nb:\n  - x\n  - 'y'\n", "{a@1:1@1,b@2:[x@3,'y@4]}\n"},
	{"a: {b: [c, {d: e}]}\n", "{a@1:{b@1:[c@1,{d@1:e@1}]}}\n"},
	{"a:\nb: ~\n", "{a@1:@1,b@2:~@2}\n"},
	{"a: |\n  b\n  c\n", "{a@1:'b\nc\n@1}\n"},
	{"\xef\xbb\xbf" "a: b\n", "{a@1:b@1}\n"},
	{"a: \"\\u00e4\"\n", "{a@1:'\xc3\xa4@1}\n"},
	{"'a': b\r\nc: d\r\n", "{a@1:b@1,c@2:d@2}\n"},
	{"? a\n: b\n", "{a@1:b@2}\n"},
	{"<<: {a: b}\n", "{<<@1:{a@1:b@1}}\n"},
	/* two equal keys: the second is bad; also within a line, and twice */
	{"a: 1\nb: 2\na: 3\n",
		"{a@1:1@1,b@2:2@2,a@3:!3@3}\n"
		"3: duplicate key 'a': already on line 1\n"},
	{"{a: 1, a: {x: y}, a: 3}\n",
		"{a@1:1@1,a@1:!{x@1:y@1},a@1:!3@1}\n"
		"1: duplicate key 'a': already on line 1\n"
		"1: duplicate key 'a': already on line 1\n"},
	{"x: {a: 1}\ny: {a: 1}\n", "{x@1:{a@1:1@1},y@2:{a@2:1@2}}\n"},
	{"a: 1\n\"a\": 2\n",
		"{a@1:1@1,a@2:!2@2}\n"
		"2: duplicate key 'a': already on line 1\n"},
	/* what YAML has and a config does not need */
	{"a: &x b\nc: *x\n",
		"{a@1:b@1,c@2:!@2}\n"
		"1: the anchor '&x' is not supported: quote text that begins "
		"with '&'\n"
		"2: the alias '*x' is not supported: quote text that begins "
		"with '*'\n"},
	{"a: &x [b]\nd: &y {e: f}\n",
		"{a@1:[b@1],d@2:{e@2:f@2}}\n"
		"1: the anchor '&x' is not supported: quote text that begins "
		"with '&'\n"
		"2: the anchor '&y' is not supported: quote text that begins "
		"with '&'\n"},
	{"a: !!int 3\nb: !x [y]\n",
		"{a@1:3@1,b@2:[y@2]}\n"
		"1: the tag 'tag:yaml.org,2002:int' is not supported: quote "
		"text that begins with '!'\n"
		"2: the tag '!x' is not supported: quote text that begins "
		"with '!'\n"},
	{"<<: *x\n",
		"{<<@1:!@1}\n"
		"1: the alias '*x' is not supported: quote text that begins "
		"with '*'\n"},
	{"*x : b\n",
		"-\n"
		"1: the alias '*x' is not supported: quote text that begins "
		"with '*'\n"},
	{"a: b\n---\nc: d\n",
		"-\n"
		"2: a second document begins here ('---'): one file holds "
		"one\n"},
	{"[a]: b\n",
		"-\n"
		"1: a key must be a single word, not a list or a mapping "
		"(quote text that begins with '[' or '{')\n"},
	{"x:\n  ? {a: b}\n  : c\n",
		"-\n"
		"2: a key must be a single word, not a list or a mapping "
		"(quote text that begins with '[' or '{')\n"},
	{"a: \"x\\0y\"\n", "-\n1: text must not contain a NUL byte\n"},
	/* syntax, with the advice that people need */
	{"a: *@x.example\n",
		"-\n"
		"1: not valid YAML: while scanning an alias did not find "
		"expected alphabetic or numeric character: quote text that "
		"begins with '*'\n"},
	{"a: @x\n",
		"-\n"
		"1: not valid YAML: while scanning for the next token found "
		"character that cannot start any token: quote text that "
		"begins with '@', '%' or '`'\n"},
	{"a:\n\tb: c\n",
		"-\n"
		"2: not valid YAML: while scanning for the next token found "
		"character that cannot start any token: indent with spaces, "
		"not with tabs\n"},
	{"a: b: c\n",
		"-\n"
		"1: not valid YAML: mapping values are not allowed in this "
		"context: quote text that contains ': ', and check the "
		"indentation\n"},
	{"a: [b\n",
		"-\n"
		"2: not valid YAML: while parsing a flow sequence did not "
		"find expected ',' or ']'\n"},
	{"a: 'b\n",
		"-\n"
		"2: not valid YAML: while scanning a quoted scalar found "
		"unexpected end of stream\n"},
	{"a: 1\nb: \xff\n",
		"-\n"
		"2: not a text file in UTF-8: invalid leading UTF-8 octet\n"},
	{"a: 1\n\x01\n",
		"-\n"
		"2: not a text file in UTF-8: control characters are not "
		"allowed\n"},
};

/* clang-format on */

static void parses(void **state)
{
	size_t i, failed = 0;
	char *got;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		got = parse(rows[i].yaml, strlen(rows[i].yaml));
		if (strcmp(got, rows[i].want) != 0) {
			print_message("row %zu: %s---\n%s--- not\n%s\n", i,
				rows[i].yaml, got, rows[i].want);
			failed++;
		}
		free(got);
	}
	assert_int_equal(failed, 0);
}

/* n times unit, between before and after. */
static char *repeat(const char *before, const char *unit, size_t n,
	const char *after, size_t *size)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, size);

	assert_non_null(f);
	fputs(before, f);
	while (n--)
		fputs(unit, f);
	fputs(after, f);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void expect(char *yaml, size_t n, const char *want)
{
	char *got = parse(yaml, n);

	assert_string_equal(got, want);
	free(got);
	free(yaml);
}

static void bounds_depth(void **state)
{
	static const char too_deep[] =
		"-\n1: nested too deep: at most 16 levels are read\n";
	size_t n;
	char *yaml;

	(void)state;
	yaml = repeat("", "[", 16, "x]]]]]]]]]]]]]]]]", &n);
	expect(yaml, n, "[[[[[[[[[[[[[[[[x@1]]]]]]]]]]]]]]]]\n");
	yaml = repeat("", "[", 17, "x", &n);
	expect(yaml, n, too_deep);
	yaml = repeat("", "[", 1000000, "", &n);
	expect(yaml, n, too_deep);
	yaml = repeat("", "{a: ", 200000, "", &n);
	expect(yaml, n, too_deep);
	yaml = repeat("", "- ", 500000, "", &n);
	expect(yaml, n, too_deep);
	yaml = repeat("", "? ", 500000, "", &n);
	expect(yaml, n,
		"-\n1: a key must be a single word, not a list or a mapping "
		"(quote text that begins with '[' or '{')\n");
}

static void bounds_nodes(void **state)
{
	struct conf_mistakes m = {0};
	struct tree t;
	size_t n;
	char *yaml;

	(void)state;
	yaml = repeat("", "- a\n", 99999, "", &n);
	assert_int_equal(tree_parse(yaml, n, &t, &m), 0);
	assert_int_equal(t.root->n, 99999);
	tree_release(&t);
	free(yaml);
	yaml = repeat("", "- a\n", 100000, "", &n);
	expect(yaml, n,
		"-\n100000: too many entries: at most 100000 are read\n");
	conf_mistakes_release(&m);
}

static void bounds_bytes(void **state)
{
	size_t n;
	char *yaml;

	(void)state;
	yaml = repeat("a: \"", "x", TREE_BYTES_MAX, "\"", &n);
	expect(yaml, n, "-\n0: too large: at most 1 MiB is read\n");
	yaml = repeat("# ", "x", TREE_BYTES_MAX - 2, "", &n);
	expect(yaml, n, "\n");
}

/* 60,000 equal keys must not cost the square of their number. */
static void bounds_time(void **state)
{
	struct timespec before, after;
	struct conf_mistakes m = {0};
	struct tree t;
	size_t n;
	char *yaml;

	(void)state;
	yaml = repeat("", "a: \n", 40000, "", &n);
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(tree_parse(yaml, n, &t, &m), 0);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(after.tv_sec - before.tv_sec < 5);
	assert_int_equal(m.n, MISTAKES_MAX);
	assert_int_equal(m.dropped, 39999 - MISTAKES_MAX);
	tree_release(&t);
	conf_mistakes_release(&m);
	free(yaml);
}

/* Every beginning of a file, and every byte of it changed: no crash. */
static void survives_damage(void **state)
{
	static const char yaml[] = "a: {b: ['c', \"d\\x41\"], e: |\n"
				   "    f\n  }\nb:\n- g: h\n  i: j # k\n- l\n";
	char copy[sizeof(yaml)];
	size_t i;
	int c;

	(void)state;
	for (i = 0; i < sizeof(yaml); i++)
		free(parse(yaml, i));
	for (i = 0; i < sizeof(yaml) - 1; i++)
		for (c = 0; c < 256; c++) {
			memcpy(copy, yaml, sizeof(yaml));
			copy[i] = (char)c;
			free(parse(copy, sizeof(yaml) - 1));
		}
}

static void gets(void **state)
{
	static const char yaml[] = "a: 1\nb: null\nc: ''\na: 2\n";
	struct conf_mistakes m = {0};
	struct tree t;

	(void)state;
	assert_int_equal(tree_parse(yaml, sizeof(yaml) - 1, &t, &m), 0);
	assert_string_equal(tree_get(t.root, "a")->value.p, "1");
	assert_false(tree_is_empty(tree_get(t.root, "a")));
	assert_true(tree_is_empty(tree_get(t.root, "b")));
	assert_false(tree_is_empty(tree_get(t.root, "c")));
	assert_null(tree_get(t.root, "d"));
	tree_release(&t);
	conf_mistakes_release(&m);
}

static void loads_files(void **state)
{
	struct conf_file *file = *state;
	struct conf_mistakes m = {0};
	struct tree t;
	char *text, want[200];

	conf_file_put(file, "a.yaml", "a: b\n", 5);
	assert_int_equal(tree_load(file->path, &t, &m), 0);
	assert_string_equal(tree_get(t.root, "a")->value.p, "b");
	tree_release(&t);

	assert_int_equal(tree_load(file->folder, &t, &m), -1);
	tree_release(&t);
	assert_int_equal(tree_load("/nowhere/x", &t, &m), -1);
	tree_release(&t);
	text = conf_file_text(&m);
	snprintf(want, sizeof(want),
		"0: unable to read '%s': Is a directory\n"
		"0: unable to open '/nowhere/x': No such file or directory\n",
		file->folder);
	assert_string_equal(text, want);
	free(text);
	conf_mistakes_release(&m);
}

static void reads_pipes(void **state)
{
	struct conf_mistakes m = {0};
	struct tree t;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "a: b", 4), 4);
	close(fds[1]);
	assert_int_equal(tree_read(fds[0], "-", &t, &m), 0);
	assert_string_equal(tree_get(t.root, "a")->value.p, "b");
	tree_release(&t);
	close(fds[0]);
	assert_int_equal(tree_read(-1, "-", &t, &m), -1);
	tree_release(&t);
	assert_int_equal(m.n, 1);
	conf_mistakes_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses),
		cmocka_unit_test(bounds_depth),
		cmocka_unit_test(bounds_nodes),
		cmocka_unit_test(bounds_bytes),
		cmocka_unit_test(bounds_time),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(gets),
		cmocka_unit_test_setup_teardown(
			loads_files, conf_file_setup, conf_file_teardown),
		cmocka_unit_test(reads_pipes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
