/* daemon/options.c: arguments by a table. */
#include "test.h"

#include <stdint.h>
#include <string.h>

#include "options.h"
#include "out_file.h"

static const char *const words[] = {"text", "jsonl", NULL};

static struct {
	bool force, quiet;
	const char *output;
	long days;
	int format;
	int64_t after;
	bool help;
} opt;

static const struct option_row own_rows[] = {
	OPT_FLAG("force", 'f', &opt.force, "do it"),
	OPT_FLAG("quiet", 'q', &opt.quiet, "say nothing"),
	OPT_TEXT("output", 'o', "FILE", &opt.output, "where to"),
	OPT_NUMBER("days", 0, "N", &opt.days, 1, 366, "how long"),
	OPT_WORD("format", 0, "FORMAT", &opt.format, words, "which"),
	OPT_TIME("after", 0, "TIME", &opt.after, "when"),
};
static const struct option_row global_rows[] = {
	OPT_FLAG("help", 'h', &opt.help, "show this"),
};
static const struct option_table tables[2] = {
	{own_rows,    sizeof(own_rows) / sizeof(own_rows[0])},
	{global_rows, 1				     },
};

/* Parse "a b c"; the number of operands, or -1. They are left in argv. */
static char line[256];
static char *argv[32];

static int parse(const char *text, bool first_only)
{
	char *rest = line;
	int argc = 0, n;

	memset(&opt, 0, sizeof(opt));
	snprintf(line, sizeof(line), "%s", text);
	for (char *word; (word = strsep(&rest, " "));)
		if (*word)
			argv[argc++] = word;
	if (options_parse(tables, "test", argc, argv, first_only, &n))
		return -1;
	return n;
}

static void takes_every_spelling(void **state)
{
	static const char *const spellings[] = {"-o x", "-ox", "--output x",
		"--output=x", "-fox", "-f --output=x", "--output=y -o x"};

	(void)state;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		assert_int_equal(parse(spellings[i], false), 0);
		assert_string_equal(opt.output, "x");
	}
	assert_int_equal(parse("-fq", false), 0);
	assert_true(opt.force && opt.quiet && !opt.help);
	assert_int_equal(parse("--help", false), 0);
	assert_true(opt.help);
}

static void keeps_operands_in_order(void **state)
{
	(void)state;
	assert_int_equal(parse("one -f two --output x - three", false), 4);
	assert_string_equal(argv[0], "one");
	assert_string_equal(argv[1], "two");
	assert_string_equal(argv[2], "-");
	assert_string_equal(argv[3], "three");
	assert_true(opt.force);
	assert_int_equal(parse("a -- -f --days", false), 3);
	assert_string_equal(argv[1], "-f");
	assert_string_equal(argv[2], "--days");
	assert_false(opt.force);
}

static void stops_at_the_first(void **state)
{
	(void)state;
	assert_int_equal(parse("-f check -q", true), 1);
	assert_true(opt.force);
	assert_false(opt.quiet);
	assert_int_equal(parse("-f", true), 1);
}

static void reads_values(void **state)
{
	(void)state;
	assert_int_equal(
		parse("--days 366 --format=jsonl --after 1970-01-02", false),
		0);
	assert_int_equal(opt.days, 366);
	assert_int_equal(opt.format, 1);
	assert_int_equal(opt.after, 86400);
	assert_int_equal(parse("--output=", false), 0);
	assert_string_equal(opt.output, "");
}

static void refuses(void **state)
{
	static const char *const wrong[] = {"--outptu=x", "-x", "--out=x",
		"--output", "-o", "--force=1", "--days=0", "--days=367",
		"--days=7x", "--days=", "--days=99999999999999999999",
		"--format=xml", "--after=soon", "-fx"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (parse(wrong[i], false) != -1)
			fail_msg("'%s' was taken", wrong[i]);
}

static void finds_rows(void **state)
{
	(void)state;
	assert_ptr_equal(options_find(tables, "--output=x"), &own_rows[2]);
	assert_ptr_equal(options_find(tables, "-o"), &own_rows[2]);
	assert_ptr_equal(options_find(tables, "--help"), &global_rows[0]);
	assert_null(options_find(tables, "--out"));
	assert_null(options_find(tables, "output"));
	assert_null(options_find(tables, "-"));
}

static void helps(void **state)
{
	(void)state;
	options_help(&tables[1], out_file_open());
	assert_string_equal(out_file_close(NULL),
		"  -h, --help                 show this\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_every_spelling),
		cmocka_unit_test(keeps_operands_in_order),
		cmocka_unit_test(stops_at_the_first),
		cmocka_unit_test(reads_values),
		cmocka_unit_test(refuses),
		cmocka_unit_test(finds_rows),
		cmocka_unit_test(helps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
