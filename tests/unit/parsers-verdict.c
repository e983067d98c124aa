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

#define FINAL(local) "Final-Recipient: rfc822; " local "@b.example\n"

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

struct row {
	const char *want, *mail;
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		judge(fresh(rows[i].mail));
		check_str(told(), rows[i].want, rows[i].mail);
	}
}

#define MIXED BOUNCE "Content-Type: multipart/report; boundary=b\n\n--b\n\n"

#define COMPLAINT(address)                                                     \
	"{\"notificationType\":\"Complaint\",\"complaint\":{"                  \
	"\"complainedRecipients\":[{\"emailAddress\":\"" address "\"}]}}\n"

static const struct row whole_rows[] = {
	{"none ",			      ""					   },
	{"none ",			      "\n"					 },
	{"hard a@b.example",                   REPORT FINAL("a") "Status: 5.1.1\n" END      },
 /* told twice */
	{"hard a@b.example, soft c@b.example",
         REPORT FINAL("a") "Status: 5.1.1\n\n"
				  "Final-Recipient: rfc822; "
				  "A@b.Example\nStatus: 4.2.2\n\n" FINAL(
					  "c") "Status: 4.2.2\n" END                        },
	{"soft a@b.example",
         BOUNCE "X-Failed-Recipients: a@b.example, a@b.example\n\n"
		       "The mail could not be delivered.\n"                                 },
 /* no address, though there is an '@' in it */
	{"unknown ",			   REPORT FINAL("a\001b") "Status: 5.1.1\n" END },
	{"unknown ",			   REPORT FINAL("a b") "Status: 5.1.1\n" END    },
	{"unknown ",			   REPORT FINAL("|a") "Status: 5.1.1\n" END     },
	{"complaint ",			 MIXED "x\n--b\nContent-Type: message/feedback-report\n\n"
			     "Original-Rcpt-To: a\001@b.example\n" END},
	{"complaint a@b.example",              BOUNCE "\n" COMPLAINT("a@b.example")         },
	{"complaint ",			 BOUNCE "\n" COMPLAINT("a\001@b.example")     },
};

static void whole_mails(void **state)
{
	(void)state;
	check_rows(whole_rows, sizeof(whole_rows) / sizeof(*whole_rows));
}

#define TEXT "<a@b.example>: 550 5.1.1 user unknown\n\n"

#define NOBODY "550 5.1.1 user unknown\n--b\nContent-Type: message/rfc822\n\n"

#define ABUSE                                                                  \
	"x\n--b\nContent-Type: message/feedback-report\n\n"                    \
	"Original-Rcpt-To: a@b.example\n"

#define FIELDS                                                                 \
	"--b\nContent-Type: message/delivery-status\n\n"                       \
	"Reporting-MTA: dns; mx.example.org\n\n"

/* A mail that was cut says less than the whole one, and never worse. */
static const struct row cut_rows[] = {
  /* nothing was cut that anybody could know of */
	{"hard a@b.example",                   BOUNCE "\n" TEXT                                          },
	{"hard a@b.example",                   MIXED TEXT END					    },
	{"unknown a@b.example",                MIXED TEXT						},
	{"unknown a@b.example",                MIXED TEXT FIELDS                                         },
 /* the address may go on, and so may the fields */
	{"soft a@b.example",
         MIXED TEXT FIELDS "Final-Recipient: rfc822; a@b.ex"                                             },
	{"unknown a@b.example",                MIXED TEXT FIELDS FINAL("a")                              },
	{"unknown a@b.example",                MIXED TEXT FIELDS FINAL("a") "Status: 5.0.0\n"            },
	{"hard a@b.example",                   MIXED TEXT FIELDS FINAL("a") "Status: 5.1.1\n"            },
	{"soft a@b.example",                   MIXED FIELDS FINAL("a") "Status: 5.1.1\n"                 },
	{"hard a@b.example",                   MIXED FIELDS FINAL("a") "Status: 5.1.1\n" END             },
	{"hard a@b.example, soft c@b.example",
         MIXED FIELDS FINAL("a") "Status: 5.1.1\n\n" FINAL(
			"c") "Status: 5.1.1\n"							   },
 /* nor is the last word of a mail sure to be whole, or the sentence */
	{"hard c@b.example",                   BOUNCE "\nThe following address failed:\n\n"
				    "550 5.1.1 <c@b.example>\nnor is a@b.exa"},
	{"unknown a@b.example",                BOUNCE "\n<a@b.example>:\nuser unknown"                   },
	{"hard a@b.example",                   BOUNCE "\n<a@b.example>:\nuser unknown."                  },
	{"hard a@b.example",                   BOUNCE "\n<a@b.example>:\nuser unknown\n\nThat"           },
 /* the sole recipient, unless there are more to come */
	{"unknown ",			   MIXED NOBODY "To: a@b.example\n"                          },
	{"hard a@b.example",                   MIXED NOBODY "To: a@b.example\n\nx"                       },
 /* a bounce that was wrapped went to us */
	{"unknown ",			   MIXED NOBODY "To: a@b.example\n"
				  "From: MAILER-DAEMON@b.example\n\nx\n" END         },
	{"unknown a@b.example",                MIXED ABUSE					       },
	{"complaint a@b.example",              MIXED ABUSE END                                           },
};

static void cut_mails(void **state)
{
	(void)state;
	check_rows(cut_rows, sizeof(cut_rows) / sizeof(*cut_rows));
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
	assert_true(str_istarts(judged.v[0].evidence,
		"reporting-mta: dns; mx.example.org\nfinal-recipient:"));
	slice_free(mail);
}

/* Who only shows verdicts gets the same ones. */
static void unkept_is_the_same(void **state)
{
	static const struct str own[] = {STR("*@news.example.com")};
	struct str mail = str_from(REPORT FINAL(
		"a") "Action: failed\n"
		     "Status: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\n"
		     "Return-Path: <bounces@news.example.com>\nTo: "
		     "a@b.example\n"
		     "Date: Thu, 01 May 2025 00:00:00 +0000\n\n" END);
	struct verdict_context ctx = context;

	(void)state;
	ctx.own = own;
	ctx.own_n = 1;
	for (int unkept = 0; unkept < 2; unkept++) {
		const struct verdict *v;

		ctx.unkept = unkept;
		verdict_parse(&ctx, &arena, mail, &judged);
		v = &judged.v[0];
		check_str(told(), "hard a@b.example", "a verdict");
		assert_int_equal(v->origin, ORIGIN_MATCHED);
		assert_int_equal(v->evidence.p == NULL, unkept);
		assert_int_equal(v->recipient_key.p == NULL, unkept);
		assert_int_equal(v->original_sent_at == 0, unkept);
	}
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
		ARENA_TEST(whole_mails),
		ARENA_TEST(cut_mails),
		ARENA_TEST(evidence_is_bounded),
		ARENA_TEST(unkept_is_the_same),
		ARENA_TEST(limits_are_told),
		ARENA_TEST(stays_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
