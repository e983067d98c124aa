/* daemon/report/text*.c: a document as text of 76 columns. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "out_file.h"
#include "print.h"
#include "report/document.h"
#include "report/text.h"

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

static const char *shown(void)
{
	text_document(&d, out_file_open());
	return out_file_close(NULL);
}

static void assert_shown(const char *want)
{
	const char *got = shown();

	if (strcmp(got, want))
		fail_msg("got:\n%s\nwant:\n%s", got, want);
}

/* Nothing is wider than 76 columns or obeyed by a terminal; but for commands.
 */
static void assert_narrow(const char *text)
{
	struct str rest = str_from(text), line;

	while (str_line(&rest, &line)) {
		if (print_width(line) > TEXT_COLUMNS)
			fail_msg("%zu columns: " STR_FMT, print_width(line),
				STR_ARG(line));
		if (print_hides(line))
			fail_msg("hidden characters: " STR_FMT, STR_ARG(line));
		if (line.n && line.p[line.n - 1] == ' ')
			fail_msg("blanks at the end: " STR_FMT "$",
				STR_ARG(line));
	}
}

static void marks_what_it_shows(void **state)
{
	(void)state;
	document_title(&d, "A report");
	document_verdict(&d, TONE_BAD, "Something.");
	document_verdict(&d, TONE_WARN, "Another.");
	document_verdict(&d, TONE_GOOD, "Fine.");
	document_verdict(&d, TONE_PLAIN, "A sentence.");
	document_heading(&d, "What to do");
	document_item(&d, TONE_BAD, "at once");
	document_detail(&d, "because of this");
	document_command(&d, "bouncewatch do");
	document_item(&d, TONE_WARN, "soon");
	document_command(&d, "bouncewatch see");
	document_item(&d, TONE_PLAIN, "some day");
	document_paragraph(&d, "Words.");
	document_note(&d, "Small print.");
	document_command(&d, "bouncewatch read");
	assert_shown("A report\n"
		     "\n"
		     "  [alarm] Something.\n"
		     "  [look] Another.\n"
		     "  [good] Fine.\n"
		     "  A sentence.\n"
		     "\n"
		     "What to do\n"
		     "  !! at once\n"
		     "    - because of this\n"
		     "        bouncewatch do\n"
		     "  ! soon\n"
		     "      bouncewatch see\n"
		     "  - some day\n"
		     "\n"
		     "  Words.\n"
		     "  Small print.\n"
		     "    bouncewatch read\n");
}

/* At 76 columns, not one before and not one behind; blanks are one. */
static void wraps_at_its_width(void **state)
{
	static const char of74[] = "1234567890123456789012345678901234567890"
				   "123456789012345678901234567890 234";

	(void)state;
	document_paragraph(&d, "%s next   one", of74);
	document_item(&d, TONE_PLAIN, "%.72s5 next", of74);
	assert_shown("  1234567890123456789012345678901234567890"
		     "123456789012345678901234567890 234\n"
		     "  next one\n"
		     "  - 1234567890123456789012345678901234567890"
		     "123456789012345678901234567890\n"
		     "    25 next\n");
	assert_narrow(shown());
}

/* Two columns for a wide character, none for a mark on another. */
static void wraps_by_columns(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++)
		document_say(&d, DOCUMENT_PARAGRAPH, TONE_PLAIN,
			"\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b %s",
			"e\xcc\x81");
	document_paragraph(&d,
		"\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b"
		"\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b"
		"\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b"
		"\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b"
		"\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b"
		"\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b"
		"\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b"
		"\xe4\xbe\x8b\xe4\xbe\x8b\xe4\xbe\x8b x");
	assert_narrow(shown());
	/* 37 of them fill the 74 columns, the 38th is in the next line */
	assert_non_null(strstr(shown(), "\xe4\xbe\x8b\n  \xe4\xbe\x8b x\n"));
}

static void breaks_what_has_no_blank(void **state)
{
	char name[301];

	(void)state;
	memset(name, 'a', 300);
	name[300] = '\0';
	document_item(&d, TONE_BAD, "of %s, too", name);
	document_paragraph(&d, "\x1b[2J \xe2\x80\xae gone \r\n\t %s", name);
	assert_narrow(shown());
	assert_non_null(strstr(shown(), "  !! of\n     aaaa"));
	assert_non_null(strstr(shown(), "\\x1b[2J \\u{202e} gone \\x0d"));
}

static const struct document_column columns[] = {
	{.head = "name"    },
	{.head = "n",        .is_number = true},
	{.head = "weeks",                  .is_series = true},
	{.head = "means"},
};

static void row(struct document_table *t, enum document_tone tone,
	const char *name, int64_t n, const char *means)
{
	static const int64_t course[] = {0, 1, 100};

	document_cell(&d, t, tone, str_from(name));
	document_cell_number(&d, t, n);
	document_cell_series(&d, t, course, 3);
	document_cell(&d, t, TONE_PLAIN, str_from(means));
}

static void aligns_tables(void **state)
{
	struct document_table *t = document_table(&d, columns, 4);

	(void)state;
	row(t, TONE_PLAIN, "example.org", 7, "seven");
	row(t, TONE_BAD, "e\xcc\x81\xe4\xbe\x8b.jp", 1234567, "many");
	document_note(&d, "A note.");
	document_table(&d, columns, 4);
	assert_shown(
		"  name                 n  weeks  means\n"
		"  example.org          7  \u2581\u2582\u2588    seven\n"
		"  !! e\xcc\x81\xe4\xbe\x8b.jp    1,234,567  \u2581\u2582\u2588"
		"    many\n"
		"  A note.\n");
}

/* Names are cut, the widest ones; numbers never. */
static void cuts_names(void **state)
{
	struct document_table *t = document_table(&d, columns, 4);
	char name[301];

	(void)state;
	memset(name, 'a', 300);
	name[300] = '\0';
	row(t, TONE_PLAIN, name, INT64_MAX, "a few words");
	row(t, TONE_WARN, "\x1b[31m\xe2\x80\xae", 1, "x");
	row(t, TONE_BAD, name, 12, name);
	assert_narrow(shown());
	assert_non_null(strstr(shown(), "9,223,372,036,854,775,807"));
	assert_non_null(strstr(shown(), "aaaa..  9,223"));
	assert_non_null(strstr(shown(), "! \\x1b[31m"));
	assert_non_null(strstr(shown(), "a few words"));
}

static void draws_weeks(void **state)
{
	struct document_picture *p = document_picture(
		&d, PICTURE_STACKED, str_from("Four weeks"), 2, 4);

	(void)state;
	p->series[0].name = "hard";
	p->series[1].name = "complaint";
	p->series[0].values[0] = 7;
	p->series[0].values[3] = 1;
	p->labels[0] = str_from("1 Sep");
	p->labels[3] = str_from("22 Sep");
	assert_shown("  Four weeks\n"
		     "  hard       \u2588\u2581\u2581\u2582\n"
		     "  complaint  \u2581\u2581\u2581\u2581\n"
		     "             1 Sep  22 Sep\n");
	p->is_told = true;
	assert_shown("");
}

/* 168 hours do not fit: three share a column. */
static void draws_hours(void **state)
{
	struct document_picture *p = document_picture(
		&d, PICTURE_BARS, str_from("The week by hour"), 1, 168);
	const char *text;

	(void)state;
	for (int i = 0; i < 168; i++)
		p->labels[i] = str_from(document_format(&d, "hour %d", i));
	p->series[0].values[0] = 1;
	p->series[0].values[1] = 2;
	p->series[0].values[167] = 1234;
	text = shown();
	assert_narrow(text);
	assert_non_null(strstr(text, "  The week by hour\n  \u2582\u2581"));
	assert_non_null(strstr(text, "\u2581\u2588\n  hour 0  "));
	assert_non_null(strstr(text, "  highest: 1,234, hour 167\n"));
}

static void draws_shares(void **state)
{
	struct document_picture *p =
		document_picture(&d, PICTURE_SHARES, str_from("Share"), 1, 3);

	(void)state;
	p->labels[0] = str_from("google");
	p->labels[1] = str_from("a provider with a long name");
	p->labels[2] = str_from("others");
	p->series[0].values[0] = 1500;
	p->series[0].values[1] = 499;
	p->series[0].values[2] = 1;
	assert_narrow(shown());
	assert_non_null(strstr(
		shown(), "  google                1,500   75 %  \u2588"));
	assert_non_null(strstr(
		shown(), "  a provider with a ..    499   25 %  \u2588"));
	assert_non_null(strstr(
		shown(), "  others                    1   <1 %  \u2588\n"));
}

/* The extremes: none, one, and more than can be multiplied. */
static void survives_any_number(void **state)
{
	static const int64_t v[] = {0, -1, 1, INT64_MAX, INT64_MIN};
	struct document_table *t = document_table(&d, columns, 4);
	struct document_picture *p;

	(void)state;
	document_cell(&d, t, TONE_PLAIN, STR_NULL);
	document_cell_number(&d, t, INT64_MIN);
	document_cell_series(&d, t, v, 5);
	document_cell(&d, t, TONE_PLAIN, STR_NULL);
	p = document_picture(&d, PICTURE_SHARES, str_from("none"), 1, 0);
	assert_non_null(p);
	p = document_picture(&d, PICTURE_BARS, str_from("none"), 0, 3);
	assert_non_null(p);
	p = document_picture(&d, PICTURE_SHARES, str_from("zero"), 1, 1);
	p->labels[0] = str_from("nobody");
	p = document_picture(&d, PICTURE_BARS, str_from("huge"), 1, 1);
	p->labels[0] = str_from("one");
	p->series[0].values[0] = INT64_MAX;
	assert_non_null(strstr(shown(), "\u2581\u2581\u2582\u2588\u2581"));
	assert_non_null(strstr(shown(), "nobody     0    0 %"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(marks_what_it_shows),
		TEST(wraps_at_its_width),
		TEST(wraps_by_columns),
		TEST(breaks_what_has_no_blank),
		TEST(aligns_tables),
		TEST(cuts_names),
		TEST(draws_weeks),
		TEST(draws_hours),
		TEST(draws_shares),
		TEST(survives_any_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
