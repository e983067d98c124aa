/* daemon/report/mail.c and the mail's part of daemon/post.c. tests/cmd/
 * report_mail.sh has another parser read the whole. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "post.h"
#include "report/mail.h"
#include "when.h"

static const char *quoted(const char *text)
{
	static char got[1000];
	struct out *o = post_memory_open();
	struct str s;

	assert_non_null(o);
	post_quoted(o, str_from(text));
	assert_int_equal(post_memory_close(o, &s), 0);
	assert_true(s.n < sizeof(got));
	memcpy(got, s.p, s.n);
	got[s.n] = '\0';
	free((char *)s.p);
	return got;
}

#define TEN  "0123456789"
#define LONG TEN TEN TEN TEN TEN TEN TEN "01234"

/* By RFC 2045 6.7. Shown failing: rule 3 without `last`, rule 5 with 80
 * columns, and without the look at what begins a line. */
static void quotes(void **state)
{
	static const char *const cases[][2] = {
		{"plain\ntwo\n",                        "plain\ntwo\n"      },
		{"a=b \xc3\xa4\x01",                    "a=3Db =C3=A4=01"   },
		{"a \nb\t\nc d\t",                      "a=20\nb=09\nc d=09"},
		{"\r\n",				"=0D\n"             },
		{".\nFrom x\nFromage\n>From\n",
                 "=2E\n=46rom x\nFromage\n>From\n"                          },
 /* 76 columns are a line; the 76th is for the soft break */
		{LONG,				  LONG                },
		{LONG "6",			      LONG "=\n6"         },
		{LONG ".",			      LONG "=\n=2E"       },
		{LONG "From ",                          LONG "=\n=46rom=20" },
		{TEN TEN TEN TEN TEN TEN TEN "0123=45",
                 TEN TEN TEN TEN TEN TEN TEN "0123=\n=3D45"                 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(quoted(cases[i][0]), cases[i][1]);
}

static const char *subject(struct report *r)
{
	static char line[REPORT_SUBJECT];

	r->days = (int)((r->to - r->from) / 86400);
	return report_mail_subject(r, line);
}

static void says_what_matters(void **state)
{
	static struct report r;

	(void)state;
	assert_true(when_parse("2026-11-16", &r.from));
	assert_true(when_parse("2026-11-23", &r.to));
	assert_string_equal(subject(&r),
		"bouncewatch: nothing came in, week of 16 Nov 2026");
	r.periods[0][CLASS_HARD] = 10;
	assert_string_equal(subject(&r),
		"bouncewatch: more hard bounces than usual, week of 16 Nov "
		"2026");
	r.usual[CLASS_HARD] = 10;
	assert_string_equal(subject(&r),
		"bouncewatch: nothing unusual, week of 16 Nov 2026");
	r.rate_warn = 2;
	r.rate_bad = 5;
	r.rate.sent = 1000;
	r.rate.hard = 69;
	assert_string_equal(subject(&r),
		"bouncewatch: bounce rate 6.9 %, week of 16 Nov 2026");
	r.rate.hard = 20;
	assert_string_equal(subject(&r),
		"bouncewatch: bounce rate 2.0 %, week of 16 Nov 2026");
	r.rate_before = (struct report_rate){.sent = 1000, .hard = 50, 0};
	r.rate_late = 1;
	assert_string_equal(subject(&r),
		"bouncewatch: bounce rate 5.0 % in the week before, week of 16 "
		"Nov 2026");
	r.rate_late = 0;
	r.usual[CLASS_HARD] = 0;
	assert_string_equal(subject(&r),
		"bouncewatch: more hard bounces than usual, week of 16 Nov "
		"2026");
	r.rate.hard = 50;
	assert_string_equal(subject(&r),
		"bouncewatch: bounce rate 5.0 %, week of 16 Nov 2026");
	r.rate_untold = 51; /* nobody knows */
	assert_string_equal(subject(&r),
		"bouncewatch: more hard bounces than usual, week of 16 Nov "
		"2026");
	r.spikes_n = 1;
	r.spikes[0].name = str_from("example.com");
	assert_string_equal(subject(&r),
		"bouncewatch: 1 spike (example.com), week of 16 Nov 2026");
	r.spikes_n = 3;
	r.to = r.from + 86400;
	assert_string_equal(subject(&r),
		"bouncewatch: 3 spikes (example.com, ...), 16 Nov 2026");
	r.to = r.from + 31 * 86400;
	assert_string_equal(subject(&r),
		"bouncewatch: 3 spikes (example.com, ...), 16 Nov 2026 to 16 "
		"Dec 2026");
}

static const char *head(const char *says, char **to, size_t n)
{
	static char got[4000];
	const struct conf_list list = {to, n};
	struct post_head h = {
		.to = &list,
		.from = "bw",
		.subject = says,
		.id = "i",
		.kind = "report",
	};
	struct out *o = post_memory_open();
	struct str s;

	assert_non_null(o);
	post_head(o, &h);
	assert_int_equal(post_memory_close(o, &s), 0);
	assert_true(s.n < sizeof(got));
	memcpy(got, s.p, s.n);
	got[s.n] = '\0';
	free((char *)s.p);
	return got;
}

/* RFC 2047: words of 75 at most, no character cut. Shown failing: with 70 for
 * WORD_MAX, and with single bytes for characters. */
static void encodes_subjects(void **state)
{
	char *to[] = {NULL};

	(void)state;
	assert_non_null(strstr(head("a (b), c", to, 0),
		"From: bw\nTo: undisclosed-recipients:;\n"
		"Subject: a (b), c\n"));
	assert_non_null(strstr(head("1 spike (b\xc3\xbc"
				    "cher.example)\n\xff",
				       to, 0),
		"\nSubject: =?utf-8?q?1_spike_=28b=C3=BCcher=2Eexample=29=3F"
		"=3F?=\nDate: "));
	assert_non_null(strstr(head(TEN TEN TEN TEN "12345\xc3\xa4" TEN, to, 0),
		"\nSubject: =?utf-8?q?" TEN TEN TEN TEN "12345?=\n"
		" =?utf-8?q?=C3=A4" TEN "?=\nDate: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes),
		cmocka_unit_test(says_what_matters),
		cmocka_unit_test(encodes_subjects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
