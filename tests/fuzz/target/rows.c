/* Rows of files that somebody else wrote: JSON, CSV, lines. */
#include "fuzz.h"

#include <string.h>

#include "csv.h"
#include "json_rows.h"
#include "lines.h"

static void check_json(FILE *f, size_t bytes, size_t ends)
{
	struct json_rows j;
	enum json_result got;
	size_t calls = 0, total;

	CHECK(json_rows_init(&j, f));
	while ((got = json_rows_next(&j)) != JSON_END) {
		CHECK(got != JSON_ERROR && ++calls <= bytes + 1);
		CHECK(j.line >= 1 && j.line <= ends + 1);
		CHECK(got == JSON_ROW || (j.mistake && *j.mistake));
		if (got != JSON_ROW)
			continue;
		CHECK(j.n <= JSON_FIELDS_MAX && j.record <= bytes);
		total = 0;
		for (size_t i = 0; i < j.n; i++) {
			CHECK(j.field[i].key.p && j.field[i].value.p);
			total += j.field[i].key.n + j.field[i].value.n;
			PLANT(str_chr(j.field[i].value, '{') <
				j.field[i].value.n);
		}
		CHECK(total <= JSON_ROW_MAX);
	}
	CHECK(json_rows_next(&j) == JSON_END);
	json_rows_release(&j);
}

static void check_csv(FILE *f, size_t ends)
{
	struct csv c;
	enum csv_result got;
	size_t total;

	csv_init(&c, f, 0);
	while ((got = csv_next(&c)) != CSV_END) {
		CHECK(got != CSV_ERROR);
		CHECK(c.line >= 1 && c.line <= ends + 1);
		if (got == CSV_OPEN)
			break;
		if (got != CSV_ROW)
			continue;
		total = 0;
		for (size_t i = 0; i < c.n; i++)
			total += c.field[i].n;
		CHECK(c.n && total + c.n - 1 <= c.raw.n);
	}
	csv_release(&c);
}

static void check_lines(FILE *f, size_t ends)
{
	static struct lines l;
	enum lines_result got;

	lines_init(&l, f);
	while ((got = lines_next(&l)) != LINES_END) {
		CHECK(got == LINES_LINE ||
			(got == LINES_NO_TEXT && l.line == 1));
		CHECK(l.line <= ends + 1 && l.text.n);
		CHECK(str_chr(l.text, '\n') == l.text.n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	size_t ends = 0;
	FILE *f;

	if (!n)
		return 0;
	for (size_t i = 0; i < n; i++)
		ends += data[i] == '\n';
	f = fmemopen((void *)(uintptr_t)data, n, "r");
	CHECK(f);
	check_json(f, n, ends);
	rewind(f);
	check_csv(f, ends);
	rewind(f);
	check_lines(f, ends);
	fclose(f);
	return 0;
}
