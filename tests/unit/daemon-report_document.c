/* daemon/report/document.c: the builders of a document. */
#include "test.h"

#include <string.h>

#include "report/document.h"

static struct arena arena;
static struct document d;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	document_init(&d, &arena);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void assert_str(struct str got, const char *want)
{
	if (!str_eq(got, str_from(want)))
		fail_msg("got '" STR_FMT "', want '%s'", STR_ARG(got), want);
}

static void keeps_words_in_order(void **state)
{
	char name[8] = "first";

	(void)state;
	document_title(&d, "a title");
	document_item(&d, TONE_BAD, "%s of %d", name, 20);
	memset(name, 'x', sizeof(name) - 1); /* it has a copy */
	document_command(&d, "bouncewatch %s", "report");
	assert_int_equal(d.n, 3);
	assert_int_equal(d.blocks[0].kind, DOCUMENT_TITLE);
	assert_str(d.blocks[0].text, "a title");
	assert_int_equal(d.blocks[1].kind, DOCUMENT_ITEM);
	assert_int_equal(d.blocks[1].tone, TONE_BAD);
	assert_str(d.blocks[1].text, "first of 20");
	assert_int_equal(d.blocks[2].kind, DOCUMENT_COMMAND);
	assert_str(d.blocks[2].text, "bouncewatch report");
}

static void groups_digits(void **state)
{
	static const struct {
		int64_t n;
		const char *want;
	} cases[] = {
		{0,         "0"			},
		{999,       "999"                      },
		{1000,      "1,000"                    },
		{123456,    "123,456"                  },
		{1234567,   "1,234,567"                },
		{INT64_MAX, "9,223,372,036,854,775,807"},
		{-1,        "-"			},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
			document_number(&d, cases[i].n), cases[i].want);
}

static void fills_tables(void **state)
{
	static const struct document_column columns[] = {
		{.head = "name"    },
		{ .head = "n", .is_number = true},
		{ .head = "course", .is_series = true},
	};
	int64_t course[2] = {3, 4};
	struct document_table *t = document_table(&d, columns, 3);

	(void)state;
	assert_non_null(t);
	assert_int_equal(t->rows_n, 0);
	for (int i = 0; i < 100; i++) {
		document_cell(&d, t, TONE_WARN, str_from("example.org"));
		document_cell_number(&d, t, 1000 + i);
		document_cell_series(&d, t, course, 2);
	}
	course[0] = 9;
	document_cell(&d, t, TONE_PLAIN, str_from("last"));
	assert_ptr_equal(d.blocks[0].table, t);
	assert_int_equal(t->rows_n, 101);
	assert_str(t->cells[99 * 3].text, "example.org");
	assert_int_equal(t->cells[99 * 3].tone, TONE_WARN);
	assert_str(t->cells[99 * 3 + 1].text, "1,099");
	assert_int_equal(t->cells[99 * 3 + 2].series_n, 2);
	assert_int_equal(t->cells[99 * 3 + 2].series[0], 3);
	/* the row that lacks cells has empty ones */
	assert_str(t->cells[100 * 3].text, "last");
	assert_null(t->cells[100 * 3 + 1].text.p);
	assert_int_equal(t->cells[100 * 3 + 2].series_n, 0);
}

static void makes_pictures(void **state)
{
	struct document_picture *p =
		document_picture(&d, PICTURE_STACKED, str_from("weeks"), 2, 12);

	(void)state;
	assert_non_null(p);
	assert_ptr_equal(d.blocks[0].picture, p);
	assert_int_equal(d.blocks[0].kind, DOCUMENT_PICTURE);
	assert_str(p->title, "weeks");
	assert_int_equal(p->series_n, 2);
	assert_int_equal(p->labels_n, 12);
	assert_int_equal(p->marked, -1);
	assert_int_equal(p->series[1].values[11], 0);
	assert_string_equal(p->series[1].name, "");
	assert_null(p->labels[11].p);
}

/* Whatever little memory there is, what is there is whole. */
static void full_is_shorter(void **state)
{
	static const struct document_column columns[] = {
		{.head = "a"       },
                { .head = "b", .is_number = true}
        };

	(void)state;
	for (size_t limit = 16; limit < 8192; limit += 16) {
		struct document_table *t;
		struct document_picture *p;

		arena_release(&arena);
		arena_init(&arena, limit);
		document_init(&d, &arena);
		document_heading(&d, "a heading of some length");
		t = document_table(&d, columns, 2);
		for (int i = 0; i < 20; i++) {
			document_cell(&d, t, TONE_PLAIN, str_from("cell"));
			document_cell_number(&d, t, 1234);
		}
		p = document_picture(&d, PICTURE_BARS, str_from("x"), 1, 7);
		assert_true(arena.full || p);
		for (size_t i = 0; i < d.n; i++) {
			struct document_block *b = &d.blocks[i];

			assert_true(b->text.p || b->table || b->picture);
			assert_true(!b->table ||
				    b->table->rows_n * b->table->columns_n <=
					    b->table->cells_cap);
		}
	}
	assert_false(arena.full);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keeps_words_in_order),
		TEST(groups_digits),
		TEST(fills_tables),
		TEST(makes_pictures),
		TEST(full_is_shorter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
