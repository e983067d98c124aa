/* daemon/json_rows.c: records of JSON that somebody else wrote. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_rows.h"

/* All that is read of a text: "line: key=value;..", a line each; what is wrong
 * as "line: !". */
static char told[65536];
static uint64_t records;

static void tell_row(const struct json_rows *j)
{
	size_t n = strlen(told);

	assert_int_equal(j->record, ++records);
	n += (size_t)snprintf(told + n, sizeof(told) - n, "%d: ", (int)j->line);
	for (size_t i = 0; i < j->n; i++)
		n += (size_t)snprintf(told + n, sizeof(told) - n,
			STR_FMT "=" STR_FMT ";", STR_ARG(j->field[i].key),
			STR_ARG(j->field[i].value));
	(void)snprintf(told + n, sizeof(told) - n, "\n");
}

static const char *read_bytes(const char *p, size_t n)
{
	FILE *f = tmpfile();
	struct json_rows j;
	enum json_result got;

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	rewind(f);
	told[0] = '\0';
	records = 0;
	assert_true(json_rows_init(&j, f));
	while ((got = json_rows_next(&j)) != JSON_END) {
		assert_int_not_equal(got, JSON_ERROR);
		if (got == JSON_ROW) {
			tell_row(&j);
			continue;
		}
		n = strlen(told);
		assert_true(j.mistake && *j.mistake);
		records = j.record;
		(void)snprintf(
			told + n, sizeof(told) - n, "%d: !\n", (int)j.line);
	}
	json_rows_release(&j);
	(void)fclose(f);
	return told;
}

static const char *read_text(const char *z)
{
	return read_bytes(z, strlen(z));
}

static void reads_lists(void **state)
{
	static const struct {
		const char *text, *rows;
	} cases[] = {
		{"[{\"a\":\"x\",\"b\":5},\n {\"a\":\"y\",\"b\":null}]",
                 "1: a=x;b=5;\n2: a=y;b=;\n"							   },
		{"{\"items\":[\n{\"a\":\"x\"},\n\n{\"a\":\"y\"}\n],"
		 "\"paging\":{\"next\":\"z\"}}",         "2: a=x;\n4: a=y;\n"         },
		{"{\"data\":{\"total\":1,\"results\":[{\"a\":\"x\",\"c\":"
		 "{\"id\":3,\"n\":{\"o\":true}}}]}}",    "1: a=x;c.id=3;c.n.o=true;\n"},
 /* a list within a record is not one of records */
		{"[{\"a\":\"x\",\"l\":[{\"a\":\"no\"},\"no\"],\"b\":1}]",
                 "1: a=x;l.a=no;b=1;\n"								},
 /* JSON lines, CRLF, empty lines, no end of the last */
		{"{\"a\":\"x\"}\r\n\r\n{\"a\":\"y\"}\r\n{\"a\":\"z\"}",
                 "1: a=x;\n3: a=y;\n4: a=z;\n"							 },
 /* objects one after the other, over several lines */
		{"{\n\"a\":\"x\"\n}\n{\n\"a\":\"y\"\n}\n",
                 "1: a=x;\n4: a=y;\n"								  },
		{"\xef\xbb\xbf[{\"a\":\"x\"}]",                           "1: a=x;\n"                  },
		{"\xef\xbb\xbf{\"a\":\"x\"}\n{\"a\":\"y\"}\n",
                 "1: a=x;\n2: a=y;\n"								  },
 /* strings that are addresses */
		{"[\"x\",\"y\"]",					 "1: =x;\n1: =y;\n"           },
		{"{\"recipient_emails\":[\"x\",\n\"y\"]}",                "1: =x;\n2: =y;\n"           },
		{"{\"a\":\"x\",\"tags\":[\"t\"]}",                        "1: a=x;\n"                  },
 /* brackets and commas in strings, escapes */
		{"[{\"a\":\"},{\\\"]\\u00e4\\n\",\"b\":\"[\"}]",
                 "1: a=},{\"]\xc3\xa4\n;b=[;\n"							},
		{"",						      ""			   },
		{"[]",						    ""			   },
		{"{}",						    "1: \n"                      },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(read_text(cases[i].text), cases[i].rows);
}

static void tells_what_lists_nothing(void **state)
{
	static const char text[] = "{\"items\":[],\"paging\":{\"next\":\"z\"}}";
	FILE *f = tmpfile();
	struct json_rows j;

	(void)state;
	assert_non_null(f);
	assert_int_equal(
		fwrite(text, 1, sizeof(text) - 1, f), sizeof(text) - 1);
	rewind(f);
	assert_true(json_rows_init(&j, f));
	assert_int_equal(json_rows_next(&j), JSON_ROW);
	assert_true(j.bare);
	json_rows_release(&j);
	(void)fclose(f);
}

static void survives_what_is_broken(void **state)
{
	static const struct {
		const char *text, *rows;
	} cases[] = {
  /* in lines a mistake costs its line, also the first one */
		{"{\"a\":\"x\"}\n{\"a\":}\n{\"a\":\"z\"}\n",
                 "1: a=x;\n2: !\n3: a=z;\n"                                              },
		{"{\"a\":\n{\"a\":\"y\"}\n{\"a\":\"z\"}\n",
                 "1: !\n2: a=y;\n3: a=z;\n"                                              },
		{"{\"a\":\"x\"}\n42\n{\"a\":\"z\"} x\n{\"a\":\"w\"}\n",
                 "1: a=x;\n2: !\n3: a=z;\n3: !\n4: a=w;\n"                               },
 /* in one document what is before it is good */
		{"[\n{\"a\":\"x\"},\n{\"a\":\"y\",]\n,{\"a\":\"z\"}]",
                 "2: a=x;\n3: !\n"						       },
		{"[{\"a\":\"x\"},\n{\"a\":\"y",                         "1: a=x;\n2: !\n"},
		{"{\"items\":[{\"a\":\"x\"},{\"a\":\"y\"",              "1: a=x;\n1: !\n"},
		{"[{\"a\":\"\xff\xfe\"}]",                              "1: !\n"         },
		{"<html>",					      "1: !\n"         },
		{"[1",						  "1: !\n"         },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(read_text(cases[i].text), cases[i].rows);
	assert_string_equal(read_bytes("[{\"a\":\"x\0y\"}]", 13), "1: !\n");
	assert_string_equal(
		read_bytes("{\"a\":\"x\\u0000\"}\n{\"a\":\"y\"}\n", 26),
		"1: a=x;\n2: a=y;\n");
}

/* n times unit between head and tail. */
static char *repeat(
	const char *head, const char *unit, size_t n, const char *tail)
{
	size_t k = strlen(unit), at = strlen(head);
	char *p = malloc(at + n * k + strlen(tail) + 1);

	assert_non_null(p);
	memcpy(p, head, at);
	for (size_t i = 0; i < n; i++, at += k)
		memcpy(p + at, unit, k);
	memcpy(p + at, tail, strlen(tail) + 1);
	return p;
}

static void is(char *text, const char *rows)
{
	assert_string_equal(read_text(text), rows);
	free(text);
}

static void has_limits(void **state)
{
	char *end;

	(void)state;
	is(repeat("", "[", 3000000, ""), "1: !\n");
	is(repeat("[", "{\"a\":", 32, ""), "1: !\n");
	/* 32 deep, and no deeper: what is deepest is empty */
	end = repeat("{}", "}", 30, "]");
	is(repeat("[", "{\"a\":", 30, end), "1: \n");
	free(end);
	/* a value, a key, many fields */
	is(repeat("[{\"a\":\"", "0123456789", 200000, "\"}]"), "1: !\n");
	is(repeat("[{\"", "0123456789", 200, "\":1}]"), "1: !\n");
	is(repeat("{\"a\":\"", "0123456789", 7000, "\"}\n{\"a\":\"y\"}\n"),
		"1: !\n2: a=y;\n");
	is(repeat("[{", "\"a\":1,", 200, "\"b\":1},{\"a\":\"y\"}]"),
		"1: !\n1: a=y;\n");
	is(repeat("{\"a\":\"x\"}\n{\"a\":\"", "0123456789", 200000,
		   "\"}\n{\"a\":\"y\"}\n"),
		"1: a=x;\n2: !\n3: a=y;\n");
	is(repeat("[{\"a\":\"x\"}", " \n", 1000000, "]"), "1: a=x;\n1: !\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_lists),
		cmocka_unit_test(tells_what_lists_nothing),
		cmocka_unit_test(survives_what_is_broken),
		cmocka_unit_test(has_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
