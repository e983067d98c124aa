/* daemon/report/html.c and svg.c: what a browser is given. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "out_file.h"
#include "report/document.h"
#include "report/html.h"
#include "report/svg.h"

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

static const char *shown(size_t *n)
{
	html_document(&d, out_file_open());
	return out_file_close(n);
}

/* What stands between <main> and </main>. */
static const char *body(void)
{
	char *text = strstr(shown(NULL), "<main>\n");
	char *end = text ? strstr(text, "</main>") : NULL;

	assert_non_null(end);
	*end = '\0';
	return text + strlen("<main>\n");
}

static void says_that_nothing_is_there(void **state)
{
	(void)state;
	assert_string_equal(body(), "");
	assert_non_null(strstr(shown(NULL), "<title>bouncewatch report<"));
}

/* Lists close where something else begins, commands stay in their item. */
static void nests_lists(void **state)
{
	(void)state;
	document_item(&d, TONE_PLAIN, "a");
	document_detail(&d, "b");
	document_detail(&d, "c");
	document_command(&d, "d <FILE>");
	document_item(&d, TONE_PLAIN, "e");
	document_command(&d, "f");
	document_paragraph(&d, "g");
	document_detail(&d, "h");
	document_item(&d, TONE_PLAIN, "i");
	assert_string_equal(body(),
		"<ul>\n<li>a<ul>\n<li>b</li>\n<li>c<pre><code>d &lt;FILE&gt;"
		"</code></pre>\n</li></ul>\n</li>\n<li>e<pre><code>f</code>"
		"</pre>\n</li></ul>\n<p>g</p>\n<ul><li><ul>\n<li>h</li></ul>\n"
		"</li>\n<li>i</li></ul>\n");
}

/* Nobody should read "--" at the end of a line. */
static void keeps_options_whole(void **state)
{
	(void)state;
	document_command(&d, "export csv --a-b -o F %040d-x", 7);
	/* a value may be broken, and never from "--" to "-" */
	document_command(&d, "export --domain=%040d.example", 7);
	document_paragraph(&d, "'export csv --reason=domain-unknown'.");
	document_paragraph(&d, "from 2026-11-18 on");
	assert_string_equal(body(),
		"<pre><code>export csv <span class=\"word\">--a-b</span> "
		"<span class=\"word\">-o</span> F "
		"0000000000000000000000000000000000000007-x</code></pre>\n"
		"<pre><code>export <span class=\"word\">--domain=</span><wbr>"
		"0000000000000000000000000000000000000007.example</code>"
		"</pre>\n"
		"<p>&#39;export csv <span class=\"word\">--reason=</span><wbr>"
		"<span class=\"word\">domain-unknown&#39;.</span></p>\n"
		"<p>from <span class=\"word\">2026-11-18</span> on</p>\n");
}

/* Cut between characters, and seen to be cut. */
static void cuts_what_is_too_long(void **state)
{
	static char text[5001];
	const char *end;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xbc", 2);
	for (int shift = 0; shift < 2; shift++) {
		d.n = 0;
		document_command(&d, "%s%s", shift ? "x" : "", text);
		end = strstr(body(), "\xe2\x80\xa6</code>");
		assert_non_null(end);
		assert_memory_equal(end - 2, "\xc3\xbc", 2);
		assert_null(strstr(body(), "\\x"));
	}
}

/* Names in sentences, too; what is typed as a command is not cut. */
static void cuts_names_after_64(void **state)
{
	char name[256], want[128];

	(void)state;
	memset(name, 'x', 255);
	name[255] = '\0';
	document_detail(
		&d, "The same bounces lift: stream %s, and more.", name);
	snprintf(want, sizeof(want), "stream %.64s\xe2\x80\xa6 and more.<",
		name);
	assert_non_null(strstr(body(), want));
	d.n = 0;
	document_command(&d, "export --domain=%s", name);
	assert_non_null(strstr(body(), name));
	/* 64 are not cut */
	d.n = 0;
	document_paragraph(&d, "stream %.64s is", name);
	assert_null(strstr(body(), "\xe2\x80\xa6"));
}

static void says_tones_in_words(void **state)
{
	static const struct {
		enum document_tone tone;
		const char *word;
	} cases[] = {
		{TONE_GOOD,  ">good</strong> it"      },
		{TONE_WARN,  ">look</strong> it"      },
		{TONE_BAD,   ">alarm</strong> it"     },
		{TONE_PLAIN, "<p class=\"verdict\">it"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		d.n = 0;
		document_verdict(&d, cases[i].tone, "it");
		assert_non_null(strstr(body(), cases[i].word));
	}
}

/* Every place where a string of a document can stand. */
static void fill(const char *text)
{
	const struct document_column columns[] = {
		{.head = text      },
                { .head = text, .is_number = true}
        };
	struct document_table *t;

	for (int k = DOCUMENT_TITLE; k <= DOCUMENT_NOTE; k++)
		document_say(&d, (enum document_kind)k, TONE_BAD, "%s", text);
	t = document_table(&d, columns, 2);
	for (int i = 0; i < 4; i++)
		document_cell(&d, t, TONE_WARN, str_from(text));
	for (int f = PICTURE_STACKED; f <= PICTURE_SHARES; f++) {
		struct document_picture *p = document_picture(&d,
			(enum document_picture_form)f, str_from(text), 2, 12);

		for (int i = 0; i < 12; i++)
			p->labels[i] = str_from(text);
		p->series[0].name = p->series[1].name = p->mark = text;
		p->series[0].values[3] = 5;
		p->marked = 3;
	}
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

/* A text that would be markup changes nothing in the markup: there are as many
 * angle brackets and quotes as with a harmless one. */
static void lets_nothing_through(void **state)
{
	static const char bad[] = "<b a='\"'>&\x1b\x9b\xe2\x80\xae\n";
	size_t want[4];
	const char *text;

	(void)state;
	fill("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"); /* as wide as bad is shown */
	text = shown(NULL);
	want[0] = count(text, "<");
	want[1] = count(text, ">");
	want[2] = count(text, "\"");
	want[3] = count(text, "'");
	d.n = 0;
	fill(bad);
	text = shown(NULL);
	assert_int_equal(count(text, "<"), want[0]);
	assert_int_equal(count(text, ">"), want[1]);
	assert_int_equal(count(text, "\""), want[2]);
	assert_int_equal(count(text, "'"), want[3]);
	assert_null(strpbrk(text, "\x1b\x9b\r"));
	assert_null(strstr(text, "\xe2\x80\xae"));
	/* title, 8 blocks, 2 heads, 4 cells, titles in figcaption and svg,
	 * legends, labels, numbers: none was left out */
	assert_true(count(text, "&lt;b a=&#39;&quot;&#39;&gt;&amp;") > 30);
}

/* Gmail cuts a mail at 102 kB, and drops a style of more than 8,192 bytes. */
static void is_bounded(void **state)
{
	static char name[100001];
	const char *text, *style;
	size_t n;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	fill(name);
	text = shown(&n);
	assert_true(n < 102000);
	style = strstr(text, "<style>");
	assert_true(strstr(style, "</style>") - style < 8192);
}

static void is_short_on_an_axis(void **state)
{
	static const struct {
		int64_t n;
		const char *want;
	} cases[] = {
		{0,          "0"     },
		{999,        "999"   },
		{1000,       "1,000" },
		{9999,       "9,999" },
		{10000,      "10 k"  },
		{12345,      "12 k"  },
		{999499,     "999 k" },
		{999600,     "1 M"   },
		{1234567,    "1.2 M" },
		{9960000,    "10 M"  },
		{123456789,  "123 M" },
		{1000000000, "1 bn"  },
		{2500000000, "2.5 bn"},
	};

	char buf[SVG_SHORT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(svg_short(buf, cases[i].n), cases[i].want);
}

static struct document_picture *bars(size_t n, int64_t value)
{
	struct document_picture *p;

	d.n = 0;
	p = document_picture(&d, PICTURE_STACKED, str_from("t"), 1, n);
	for (size_t i = 0; i < n; i++) {
		p->labels[i] = str_from("l");
		p->series[0].values[i] = value;
	}
	return p;
}

static void draws_bars(void **state)
{
	struct document_picture *p = bars(10, 40);

	(void)state;
	/* 10 bars, a square of the legend where there are more series */
	assert_int_equal(count(body(), "<rect"), 10);
	/* the axis ends at 40: a bar of 40 is 132 pixels high, a half 66 */
	p->series[0].values[4] = 20;
	assert_int_equal(count(body(), "height=\"132.00\""), 9);
	assert_int_equal(count(body(), "height=\"66.00\""), 1);
	/* one in a million is seen, 0 is not */
	p->series[0].values[0] = 1000000000;
	p->series[0].values[1] = 0;
	assert_int_equal(count(body(), "<rect"), 9);
	assert_int_equal(count(body(), "height=\"1.50\""), 8);
	/* the greatest numbers that there are */
	bars(3, INT64_MAX);
	assert_int_equal(count(body(), "<rect"), 3);
	assert_null(strstr(body(), "\"-"));
}

static void has_numbers_for_who_sees_no_picture(void **state)
{
	struct document_picture *p = bars(2, 1234);

	(void)state;
	p->series[0].values[1] = 77;
	assert_non_null(strstr(body(), ">1,234</td>"));
	assert_non_null(strstr(body(), ">77</td>"));
	bars(2, 0);
	assert_non_null(strstr(body(), "Nothing: all are 0."));
	assert_int_equal(count(body(), "<svg"), 0);
}

static void shares_are_parts_of_the_whole(void **state)
{
	struct document_picture *p;

	(void)state;
	p = document_picture(&d, PICTURE_SHARES, str_from("t"), 1, 3);
	p->series[0].values[0] = 750;
	p->series[0].values[1] = 249;
	p->series[0].values[2] = 1;
	assert_non_null(strstr(body(), "width=\"75.00%\""));
	assert_non_null(strstr(body(), ">75 %<"));
	assert_non_null(strstr(body(), ">25 %<"));
	assert_non_null(strstr(body(), ">&lt;1 %<"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(says_that_nothing_is_there),
		TEST(nests_lists),
		TEST(keeps_options_whole),
		TEST(cuts_what_is_too_long),
		TEST(cuts_names_after_64),
		TEST(says_tones_in_words),
		TEST(lets_nothing_through),
		TEST(is_bounded),
		cmocka_unit_test(is_short_on_an_axis),
		TEST(draws_bars),
		TEST(has_numbers_for_who_sees_no_picture),
		TEST(shares_are_parts_of_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
