/* daemon/csv.c: the rows of RFC 4180 section 2, and of those who never read
 * it. */
#include "test.h"

#include <stdlib.h>

#include "csv.h"

static FILE *open_text(const char *text)
{
	FILE *f = tmpfile();

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	rewind(f);
	return f;
}

/* All rows: fields in [], rows ended by |; what is no row as !long !open. */
static const char *rows_of(const char *text, char separator)
{
	static char all[4096];
	FILE *f = open_text(text);
	enum csv_result got;
	struct csv c;
	size_t n = 0;

	csv_init(&c, f, separator);
	while ((got = csv_next(&c)) != CSV_END) {
		assert_int_not_equal(got, CSV_ERROR);
		if (got != CSV_ROW) {
			n += (size_t)snprintf(all + n, sizeof(all) - n, "!%s",
				got == CSV_LONG ? "long" : "open");
			if (got == CSV_OPEN)
				break;
			continue;
		}
		for (size_t i = 0; i < c.n; i++)
			n += (size_t)snprintf(all + n, sizeof(all) - n,
				"[" STR_FMT "]", STR_ARG(c.field[i]));
		n += (size_t)snprintf(all + n, sizeof(all) - n, "|");
	}
	all[n] = '\0';
	csv_release(&c);
	fclose(f);
	return all;
}

static void reads_rows(void **state)
{
	static const struct {
		const char *text, *rows;
	} cases[] = {
  /* RFC 4180 2: 1 to 7 */
		{"aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n",
                 "[aaa][bbb][ccc]|[zzz][yyy][xxx]|"                        },
		{"aaa,bbb\r\nzzz,yyy",             "[aaa][bbb]|[zzz][yyy]|"},
		{"\"aaa\",\"b\r\nbb\",ccc\r\n",    "[aaa][b\r\nbb][ccc]|"  },
		{"\"a\"\"aa\",bbb\n",              "[a\"aa][bbb]|"         },
		{"\"a,b\",c\n",                    "[a,b][c]|"             },
 /* Excel's first line */
		{"sep=;\r\na,b;c\n",               "[a,b][c]|"             },
		{"\xef\xbb\xbfSEP=\t\na,b\tc\n",   "[a,b][c]|"             },
		{"a\nsep=;\n",                     "[a]|[sep=;]|"          },
		{"sep=;;\na;b\n",                  "[sep=][][]|[a][b]|"    },
		{",,\n",			   "[][][]|"               },
		{"\"\",\"\"\"\"\n",                "[][\"]|"               },
 /* others */
		{"\xef\xbb\xbfmail;at\nx;y,z\n",   "[mail][at]|[x][y,z]|"  },
		{"a\tb\nc\td,e;f\n",               "[a][b]|[c][d,e;f]|"    },
		{"\n\r\na\n\nb\n",                 "[a]|[b]|"              },
		{"12\" disk,x\"y\n",               "[12\" disk][x\"y]|"    },
		{"\"a\"b,c\n",                     "[ab][c]|"              },
		{"a,\"b\nc,d\n",                   "!open"                 },
		{"",			       ""                      },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(rows_of(cases[i].text, 0), cases[i].rows);
}

static void keeps_the_row_as_it_stands(void **state)
{
	FILE *f = open_text("a,\"b\"\r\n\"x\ny\",z\nlast");
	struct csv c;

	(void)state;
	csv_init(&c, f, ',');
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_true(str_eq(c.raw, (struct str)STR("a,\"b\"\r\n")));
	assert_int_equal(c.line, 1);
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_true(str_eq(c.raw, (struct str)STR("\"x\ny\",z\n")));
	assert_int_equal(c.line, 2);
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_true(str_eq(c.raw, (struct str)STR("last")));
	assert_int_equal(c.line, 4);
	assert_int_equal(csv_next(&c), CSV_END);
	csv_release(&c);
	fclose(f);
}

/* A row without an end costs its own lines, not the rows behind it. */
static void passes_over_what_is_too_long(void **state)
{
	FILE *f = tmpfile();
	struct csv c;

	(void)state;
	assert_non_null(f);
	fputs("a,\"", f);
	for (size_t i = 0; i < CSV_ROW_MAX; i++)
		putc('x', f);
	fputs("\nno,row\n\"\"neither\n\"\nb,c\n", f);
	for (size_t i = 0; i < CSV_FIELDS_MAX; i++)
		putc(',', f);
	fputs("\nd,e\n", f);
	rewind(f);
	csv_init(&c, f, ',');
	assert_int_equal(csv_next(&c), CSV_LONG);
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_true(str_eq(csv_field(&c, 1), (struct str)STR("c")));
	assert_int_equal(csv_next(&c), CSV_LONG);
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_true(str_eq(csv_field(&c, 0), (struct str)STR("d")));
	assert_int_equal(csv_next(&c), CSV_END);
	csv_release(&c);
	fclose(f);
}

/* A quote that was never meant as one takes the rest of the file: told. */
static void tells_of_a_long_open_quote(void **state)
{
	FILE *f = tmpfile();
	struct csv c;

	(void)state;
	assert_non_null(f);
	fputs("x,y\na,\"", f);
	for (size_t i = 0; i < CSV_ROW_MAX; i++)
		putc('x', f);
	fputs("\nb,c\n", f);
	rewind(f);
	csv_init(&c, f, ',');
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_int_equal(csv_next(&c), CSV_OPEN);
	assert_int_equal(c.line, 2);
	csv_release(&c);
	fclose(f);
}

static void tells_of_text_behind_a_quote(void **state)
{
	FILE *f = open_text("\"a\",\"b\"x,\"c\"\"\",d\"e\n\"a\" ,b\n");
	struct csv c;

	(void)state;
	csv_init(&c, f, ',');
	assert_int_equal(csv_next(&c), CSV_ROW);
	for (int i = -1; i < 5; i++)
		assert_int_equal(csv_is_stray(&c, i), i == 1);
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_true(csv_is_stray(&c, 0));
	assert_false(csv_is_stray(&c, 1));
	csv_release(&c);
	fclose(f);
}

static void finds_columns(void **state)
{
	FILE *f = open_text("E-Mail, Status ,at\n");
	struct csv c;

	(void)state;
	csv_init(&c, f, 0);
	assert_int_equal(csv_next(&c), CSV_ROW);
	assert_int_equal(csv_column(&c, "e-mail"), 0);
	assert_int_equal(csv_column(&c, "status"), 1);
	assert_int_equal(csv_column(&c, "mail"), -1);
	assert_null(csv_field(&c, -1).p);
	assert_null(csv_field(&c, 3).p);
	csv_release(&c);
	fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_rows),
		cmocka_unit_test(keeps_the_row_as_it_stands),
		cmocka_unit_test(passes_over_what_is_too_long),
		cmocka_unit_test(tells_of_a_long_open_quote),
		cmocka_unit_test(tells_of_text_behind_a_quote),
		cmocka_unit_test(finds_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
