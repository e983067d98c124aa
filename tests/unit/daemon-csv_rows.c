/* daemon/csv_rows.c: rows as they stand. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "csv.h"
#include "csv_rows.h"

static FILE *file_of(const char *p, size_t n)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fflush(f), 0);
	assert_int_equal(lseek(fileno(f), 0, SEEK_SET), 0);
	return f;
}

/* The second column of each row in [], its line before it; what is no row as
 * !long, !rest, !open. The rows together are the file, or it fails. */
static const char *rows_of(const char *text, char separator)
{
	static const char *const kinds[] = {"", "!long", "!rest", "!open"};
	static char all[4096];
	FILE *f = file_of(text, strlen(text));
	size_t n = 0, at = 0;
	struct csv_row row;
	struct csv_rows r;
	struct arena a;
	struct str s;

	arena_init(&a, 0);
	assert_int_equal(csv_rows_init(&r, fileno(f)), 0);
	r.separator = separator;
	assert_int_equal(csv_rows_fill(&r), 0);
	at = r.mark ? 3 : 0;
	while (csv_rows_next(&r, &row)) {
		assert_memory_equal(row.raw.p, text + at, row.raw.n);
		at += row.raw.n;
		s = csv_rows_field(csv_rows_body(row.raw), separator, 1, &a);
		n += (size_t)snprintf(all + n, sizeof(all) - n,
			s.p ? "%d%s[" STR_FMT "]" : "%d%s-", (int)row.line,
			kinds[row.kind], STR_ARG(s));
	}
	assert_true(r.end);
	assert_int_equal(at, strlen(text));
	all[n] = '\0';
	csv_rows_release(&r);
	arena_release(&a);
	fclose(f);
	return all;
}

/* Seen to fail: a quote counted within a field; a field did not end where its
 * quotes do; `"b"` at the end of the file was an open one; the mark was in the
 * field. */
static void keeps_rows_as_they_stand(void **state)
{
	static const struct {
		const char *text, *rows;
	} cases[] = {
		{"a,b\r\nc,d",                  "1[b]2[d]"      },
		{"a,\"b\"",                     "1[b]"          },
		{"a,\"b\r\nb\",c\r\nd,e\n",     "1[b\r\nb]3[e]" },
		{"a,\"b\"\"b\"\n",              "1[b\"b]"       },
		{"a,\"b,\n\"\"\",c\n",          "1[b,\n\"]"     },
		{"a,\"b\"x\"\n",                "1[bx\"]"       },
		{"a,b\"\nc,d\n",                "1[b\"]2[d]"    },
		{"12\" x,b\n\"q\",d\n",         "1[b]2[d]"      },
		{"a\n\n,\n\r\nb,\"\"\n",        "1-2-3[]4-5[]"  },
		{"a,\"b\nc,d\n",                "1!open[b\nc,d]"},
		{"\xef\xbb\xbf\"a,\",b\nc,d\n", "1[b]2[d]"      },
		{"",			    ""              },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(rows_of(cases[i].text, ','), cases[i].rows);
	assert_string_equal(rows_of("a;\"b;\"\nc;d,e\n", ';'), "1[b;]2[d,e]");
}

/* Seen to fail: what was left of a buffer was not moved to its front. */
static void goes_on_within_a_row(void **state)
{
	size_t n = CSV_ROWS_TEXT + 9999, at = 0, rows = 0;
	char *text = malloc(n);
	struct csv_rows r;
	struct csv_row row;
	FILE *f;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		text[i] = (char)(i % 97 == 96 ? '\n' : 'a' + i / 97 % 26);
	f = file_of(text, n);
	assert_int_equal(csv_rows_init(&r, fileno(f)), 0);
	do {
		assert_int_equal(csv_rows_fill(&r), 0);
		while (csv_rows_next(&r, &row)) {
			assert_memory_equal(row.raw.p, text + at, row.raw.n);
			assert_int_equal(row.line, ++rows);
			at += row.raw.n;
		}
	} while (!r.end);
	assert_int_equal(at, n);
	csv_rows_release(&r);
	fclose(f);
	free(text);
}

/* Seen to fail: the rest of a long row began a row. */
static void reads_more_than_its_buffer(void **state)
{
	size_t n = CSV_ROWS_TEXT + (CSV_ROWS_TEXT / 2), at = 0, rows = 0;
	char *text = malloc(n);
	struct csv_rows r;
	struct csv_row row;
	FILE *f;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + i % 23);
	for (size_t i = 99; i < n / 4; i += 100)
		text[i] = '\n';
	text[n - 3] = text[n - 1] = '\n';
	f = file_of(text, n);
	assert_int_equal(csv_rows_init(&r, fileno(f)), 0);
	do {
		assert_int_equal(csv_rows_fill(&r), 0);
		while (csv_rows_next(&r, &row)) {
			enum csv_row_kind want =
				row.line <= n / 400      ? CSV_ROWS_ROW
				: at < CSV_ROWS_TEXT / 2 ? CSV_ROWS_TOO_LONG
				: row.raw.n > 2          ? CSV_ROWS_REST
							 : CSV_ROWS_ROW;

			assert_int_equal(row.kind, want);
			assert_memory_equal(row.raw.p, text + at, row.raw.n);
			at += row.raw.n;
			rows++;
		}
	} while (!r.end);
	assert_int_equal(at, n);
	assert_int_equal(rows, n / 400 + 3);
	csv_rows_release(&r);
	fclose(f);
	free(text);
}

/* Seen to fail: a line within the quotes of a long row was a row, also where
 * a piece ended between two quotes. */
static void passes_over_what_is_quoted_in_a_long_row(void **state)
{
	size_t n = CSV_ROWS_TEXT + 64, kinds[4] = {0};
	static const char tail[] = "\"\"\nno,row\n\"\nb,c\n";
	char *text = malloc(n);
	struct csv_rows r;
	struct csv_row row;
	FILE *f;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', n);
	memcpy(text, "a,\"", 3);
	for (size_t i = CSV_ROWS_LONG + 9; i < CSV_ROWS_TEXT - 9; i += 1000)
		text[i] = '\n';
	/* The first of the two quotes is the last byte that is read at once. */
	text[CSV_ROWS_TEXT - 1] = '"';
	memcpy(text + CSV_ROWS_TEXT, tail + 1, sizeof(tail) - 2);
	n = CSV_ROWS_TEXT + sizeof(tail) - 2;
	f = file_of(text, n);
	assert_int_equal(csv_rows_init(&r, fileno(f)), 0);
	r.separator = ',';
	do {
		assert_int_equal(csv_rows_fill(&r), 0);
		while (csv_rows_next(&r, &row)) {
			kinds[row.kind]++;
			if (row.kind == CSV_ROWS_ROW)
				assert_true(str_eq(
					row.raw, (struct str)STR("b,c\n")));
		}
	} while (!r.end);
	assert_int_equal(kinds[CSV_ROWS_TOO_LONG], 1);
	assert_int_equal(kinds[CSV_ROWS_REST], 1);
	assert_int_equal(kinds[CSV_ROWS_ROW], 1);
	csv_rows_release(&r);
	fclose(f);
	free(text);
}

static void finds_text_behind_a_quote(void **state)
{
	static const struct {
		const char *body;
		bool first, second;
	} cases[] = {
		{"a,b",            false, false},
		{"\"a\",\"b\"",    false, false},
		{"\"a\"x,\"b\"",   true,  false},
		{"\"a\",\"b\"x",   false, true },
		{"\"a\",\"b\"x,c", false, true },
		{"\"a\" ,b",       true,  false},
		{"\"a\"\"\",b\"c", false, false},
		{"\"a,b\"x",       true,  false},
		{"a\"b\"",         false, false},
		{"",               false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str body = str_from(cases[i].body);

		assert_int_equal(csv_rows_stray(body, ',', 0), cases[i].first);
		assert_int_equal(csv_rows_stray(body, ',', 1), cases[i].second);
		assert_false(csv_rows_stray(body, ',', 7));
	}
}

/* Seen to fail: CR in quotes counted. */
static void finds_a_carriage_return(void **state)
{
	static const struct {
		const char *body;
		bool breaks;
	} cases[] = {
		{"a,b",          false},
		{"a\r,b",        true },
		{"a,\"\r\",b",   false},
		{"a,\"\r\"\r",   true },
		{"a,x\"\r\",b",  true },
		{"\"\"\"\r\",b", false},
		{"\r",           true },
		{"",             false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(csv_rows_breaks(str_from(cases[i].body), ','),
			cases[i].breaks);
}

/* Seen to fail: separators in quotes counted. */
static void guesses_the_separator(void **state)
{
	(void)state;
	assert_int_equal(csv_separator(str_from("a")), ',');
	assert_int_equal(csv_separator(str_from("a;b,c;d")), ';');
	assert_int_equal(csv_separator(str_from("\"a;b;c\",d")), ',');
	assert_int_equal(csv_separator(str_from("a\tb,\tc")), '\t');
}

/* Behind the head: the row, what stands before it, what names the separator. */
static void finds_the_head(void **state)
{
	static const struct {
		const char *text, *row, *before, *named;
		char separator;
	} cases[] = {
		{"a;b\nc;d\n",           "a;b\n",   "",          NULL,        ';' },
		{"\r\n\na,b",            "a,b",     "\r\n\n",    NULL,        ',' },
		{"\xef\xbb\xbf\na\tb\n", "a\tb\n",  "\n",        NULL,        '\t'},
		{"sep=;\r\na,b;c\n",     "a,b;c\n", "sep=;\r\n", "sep=;\r\n", ';' },
		{"sep=|\n\na,b\n",       "a,b\n",   "sep=|\n\n", "sep=|\n",   '|' },
		{"sep=;",                "",        "sep=;",     "sep=;",     ';' },
		{"\n\n",                 "",        "\n\n",      NULL,        ',' },
		{"",		     "",        "",          NULL,        ',' },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		FILE *f = file_of(cases[i].text, strlen(cases[i].text));
		struct str before, named;
		struct csv_rows r;
		struct csv_row row;

		assert_int_equal(csv_rows_init(&r, fileno(f)), 0);
		assert_int_equal(csv_rows_fill(&r), 0);
		csv_rows_head(&r, &row, &before, &named);
		assert_true(str_eq(row.raw, str_from(cases[i].row)));
		assert_true(str_eq(before, str_from(cases[i].before)));
		assert_int_equal(named.p != NULL, cases[i].named != NULL);
		if (named.p)
			assert_true(str_eq(named, str_from(cases[i].named)));
		assert_int_equal(r.separator, cases[i].separator);
		csv_rows_release(&r);
		fclose(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_over_what_is_quoted_in_a_long_row),
		cmocka_unit_test(finds_text_behind_a_quote),
		cmocka_unit_test(keeps_rows_as_they_stand),
		cmocka_unit_test(goes_on_within_a_row),
		cmocka_unit_test(reads_more_than_its_buffer),
		cmocka_unit_test(finds_a_carriage_return),
		cmocka_unit_test(guesses_the_separator),
		cmocka_unit_test(finds_the_head),
	};

	return cmocka_run_group_tests_name(
		"daemon-csv_rows", tests, NULL, NULL);
}
