/* Whole mails in, verdicts out: what no part of the parsers decides alone. */
#include "slices.h"

#include <stdio.h>

#include "rules.h"
#include "verdict.h"

#define BOUNCE                                                                 \
	"Return-Path: <>\n"                                                    \
	"From: MAILER-DAEMON@mx.example.org\n"                                 \
	"To: bounces@news.example.com\n"                                       \
	"Subject: Undelivered Mail Returned to Sender\n"

#define REPORT                                                                 \
	BOUNCE "Content-Type: multipart/report; boundary=b\n\n"                \
	       "--b\nContent-Type: message/delivery-status\n\n"                \
	       "Reporting-MTA: dns; mx.example.org\n\n"

#define END "--b--\n"

static const struct verdict_context context = {
	.rules = &rules_builtin,
	.now = 1767225600,
};

static struct verdict_list judged;

static void judge(struct str mail)
{
	verdict_parse(&context, &arena, mail, &judged);
}

/* "class recipient" of each verdict, a comma between. */
static struct str told(void)
{
	static char buf[4096];
	size_t n = 0;

	for (size_t i = 0; i < judged.n && n < sizeof(buf); i++) {
		const struct verdict *v = &judged.v[i];

		n += (size_t)snprintf(buf + n, sizeof(buf) - n, "%s%s " STR_FMT,
			i ? ", " : "", class_word(v->class),
			STR_ARG(v->recipient));
	}
	return str_from(buf);
}

static void who_and_what(void **state)
{
	static const struct {
		const char *mail, *want;
	} rows[] = {
		{"",							   "none "           },
		{"\n",							 "none "           },
		{REPORT "Final-Recipient: rfc822; a@b.example\nStatus: "
			"5.1.1\n" END,
                 "hard a@b.example"							      },
 /* told twice */
		{REPORT "Final-Recipient: rfc822; a@b.example\nStatus: 5.1.1\n"
			"\nFinal-Recipient: rfc822; A@b.Example\nStatus: 4.2.2"
			"\n\nFinal-Recipient: rfc822; c@b.example\n"
			"Status: 4.2.2\n" END,
                 "hard a@b.example, soft c@b.example"                                            },
		{BOUNCE "X-Failed-Recipients: a@b.example, a@b.example\n\n"
			"The mail could not be delivered.\n", "soft a@b.example"},
 /* no address, though there is an '@' in it */
		{REPORT "Final-Recipient: rfc822; a\001b@c.example\n"
			"Status: 5.1.1\n" END,
                 "unknown "								      },
		{REPORT "Final-Recipient: rfc822; a b@c.example\n"
			"Status: 5.1.1\n" END,
                 "unknown "								      },
		{REPORT "Final-Recipient: rfc822; |a@c.example\n"
			"Status: 5.1.1\n" END,
                 "unknown "								      },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		judge(fresh(rows[i].mail));
		check_str(told(), rows[i].want, rows[i].mail);
	}
}

#define MIXED BOUNCE "Content-Type: multipart/report; boundary=b\n\n--b\n\n"

#define TEXT "<a@b.example>: 550 5.1.1 user unknown\n\n"

#define FIELDS                                                                 \
	"--b\nContent-Type: message/delivery-status\n\n"                       \
	"Reporting-MTA: dns; mx.example.org\n\n"

/* A mail that was cut says less than the whole one, and never worse. */
static void cut_mails(void **state)
{
	static const struct {
		const char *mail, *want;
	} rows[] = {
  /* text alone: nothing was cut that anybody could know of */
		{BOUNCE "\n" TEXT,							      "hard a@b.example"                  },
		{MIXED TEXT "--b--\n",							  "hard a@b.example"                  },
		{MIXED TEXT,								    "unknown a@b.example"               },
		{MIXED TEXT FIELDS,							     "unknown a@b.example"               },
 /* the address may go on, and so may the fields */
		{MIXED TEXT FIELDS "Final-Recipient: rfc822; a@b.ex",
                 "unknown a@b.example"											      },
		{MIXED TEXT FIELDS "Final-Recipient: rfc822; a@b.example\n",
                 "unknown a@b.example"											      },
		{MIXED TEXT FIELDS "Final-Recipient: rfc822; a@b.example\n"
				   "Status: 5.1.1\n",			  "hard a@b.example"                  },
		{MIXED FIELDS "Final-Recipient: rfc822; a@b.example\n"
			      "Status: 5.1.1\n",			       "soft a@b.example"                  },
		{MIXED FIELDS "Final-Recipient: rfc822; a@b.example\n"
			      "Status: 5.1.1\n--b--\n",			"hard a@b.example"                  },
		{MIXED FIELDS "Final-Recipient: rfc822; a@b.example\n"
			      "Status: 5.1.1\n\n"
			      "Final-Recipient: rfc822; c@b.example\n"
			      "Status: 5.1.1\n",			       "hard a@b.example, soft c@b.example"},
 /* nor is the last word of a mail sure to be whole */
		{BOUNCE "\nThe following address failed:\n\n"
			"550 5.1.1 <c@b.example>\n550 5.1.1 a@b.exa",          "hard c@b.example"                  },
 /* the sole recipient, unless there are more to come */
		{MIXED "550 5.1.1 user unknown\n--b\n"
		       "Content-Type: message/rfc822\n\nTo: a@b.example\n",    "unknown "                          },
		{MIXED "550 5.1.1 user unknown\n--b\n"
		       "Content-Type: message/rfc822\n\nTo: a@b.example\n\nx", "hard a@b.example"                  },
		{MIXED "x\n--b\nContent-Type: message/feedback-report\n\n"
		       "Original-Rcpt-To: a@b.example\n",                      "unknown a@b.example"               },
		{MIXED "x\n--b\nContent-Type: message/feedback-report\n\n"
		       "Original-Rcpt-To: a@b.example\n--b--\n",               "complaint a@b.example"             },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		judge(fresh(rows[i].mail));
		check_str(told(), rows[i].want, rows[i].mail);
	}
}

/* However long, and whatever its bytes. */
static void evidence_is_bounded(void **state)
{
	struct str mail = repeat(REPORT
		"Final-Recipient: rfc822; a@b.example\nStatus: 5.1.1\n",
		"X: \xe2\x82\xac\xff\n", 2000, "");

	(void)state;
	judge(mail);
	assert_int_equal(judged.n, 1);
	assert_in_range(judged.v[0].evidence.n, 4090, 4096);
	assert_true(str_istarts(judged.v[0].evidence, "final-recipient:"));
	slice_free(mail);
}

/* What was cut short is told. */
static void limits_are_told(void **state)
{
	static const struct {
		const char *head, *unit;
		size_t n;
		unsigned limits;
	} rows[] = {
		{BOUNCE "\n",				       "x\n",					   1000,   0                         },
		{BOUNCE "\n",				       "x ",					    140000, LIMIT_TEXT                },
		{BOUNCE "\n",				       "x ",					    600000, LIMIT_TEXT | LIMIT_MESSAGE},
		{BOUNCE "X-Y: ",				    "x ",					    33000,  LIMIT_HEADER              },
		{REPORT "Final-Recipient: rfc822; a@b.example\n"
			"Diagnostic-Code: smtp; ", "550 no ",				       10000,  LIMIT_HEADER              },
		{REPORT,					    "Final-Recipient: rfc822; a\nStatus: 5.1.1\n\n", 1001,
                 LIMIT_RECIPIENTS														      },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str mail =
			repeat(rows[i].head, rows[i].unit, rows[i].n, "");

		judge(mail);
		if (judged.limits != rows[i].limits)
			fail_msg("'%s': limits are %x, not %x", rows[i].unit,
				judged.limits, rows[i].limits);
		slice_free(mail);
	}
}

static void judge_only(struct str mail)
{
	judge(mail);
}

static void stays_linear(void **state)
{
	static const char *const units[] = {"@", "<", "(", "\"", "a@b ", "> ",
		"550 ", "5.1.1 ", "\n", "\r", "=?", "--b\n", "&#64;", "a\n ",
		"user unknown ", "<a@b.c>: 550 5.1.1 user unknown\n"};

	(void)state;
	check_linear(BOUNCE "\n", units, sizeof(units) / sizeof(*units), "",
		judge_only);
	check_linear(
		REPORT, units, sizeof(units) / sizeof(*units), "", judge_only);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(who_and_what),
		ARENA_TEST(cut_mails),
		ARENA_TEST(evidence_is_bounded),
		ARENA_TEST(limits_are_told),
		ARENA_TEST(stays_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
