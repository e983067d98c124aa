/*
 * The kinds of mails that come to a bounce address, each as a whole: what an
 * RFC or a platform shows in its documents, wrapped and unwrapped.
 */
#include <stdio.h>

#include "slices.h"

#include "rules.h"
#include "verdict.h"

static struct verdict_context context = {
	.rules = &rules_builtin, .now = 1767225600, /* 2026-01-01 */
};

static struct verdict_list judged;

static void judge(const char *mail)
{
	verdict_parse(&context, &arena, fresh(mail), &judged);
}

/* "class reason recipient" of each verdict, a comma between. */
static void check_told(const char *mail, const char *want)
{
	char buf[1000] = "";
	size_t n = 0;

	judge(mail);
	for (size_t i = 0; i < judged.n && n < sizeof(buf); i++) {
		const struct verdict *v = &judged.v[i];

		n += (size_t)snprintf(buf + n, sizeof(buf) - n,
			"%s%s %s " STR_FMT, i ? ", " : "", class_word(v->class),
			reason_word(v->reason), STR_ARG(v->recipient));
	}
	if (strcmp(buf, want) != 0)
		fail_msg("'%s', not '%s': %.300s", buf, want, mail);
}

struct row {
	const char *mail, *want;
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_told(rows[i].mail, rows[i].want);
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof(*(rows)))

#define BOUNCE                                                                 \
	"Return-Path: <>\n"                                                    \
	"From: MAILER-DAEMON@mx.example.org\n"                                 \
	"To: bounces@news.example.com\n"                                       \
	"Subject: Undelivered Mail Returned to Sender\n"

#define REPORT                                                                 \
	"Content-Type: multipart/report; boundary=b\n\n"                       \
	"--b\nContent-Type: message/delivery-status\n\n"                       \
	"Reporting-MTA: dns; mx.example.org\n\n"

#define END "--b--\n"

/* --- RFC 3464, appendix E, with their texts ------------------------------- */

static const struct row dsn_rows[] = {
	{"From: Mail Delivery Subsystem <MAILER-DAEMON@cs.utk.example>\n"
	 "To: <owner-info-mime@cs.utk.example>\n"
	 "MIME-Version: 1.0\n"
	 "Subject: Returned mail: Cannot send message for 5 days\n"
	 "Content-Type: multipart/report; report-type=delivery-status;\n"
	 "      boundary=\"JAA13167.773673707/CS.UTK.EXAMPLE\"\n\n"
	 "--JAA13167.773673707/CS.UTK.EXAMPLE\n"
	 "content-type: text/plain; charset=us-ascii\n\n"
	 "   ----- The following addresses had delivery problems -----\n"
	 "<arathib@vnet.ibm.example>  (unrecoverable error)\n"
	 "<wsnell@sdcc13.ucsd.example>  (unrecoverable error)\n\n"
	 "--JAA13167.773673707/CS.UTK.EXAMPLE\n"
	 "content-type: message/delivery-status\n\n"
	 "Reporting-MTA: dns; cs.utk.example\n\n"
	 "Original-Recipient: rfc822;arathib@vnet.ibm.example\n"
	 "Final-Recipient: rfc822;arathib@vnet.ibm.example\n"
	 "Action: failed\n"
	 "Status: 5.0.0 (permanent failure)\n"
	 "Diagnostic-Code: smtp;\n"
	 " 550 'arathib@vnet.IBM.EXAMPLE' is not a\n"
	 "  registered gateway user\n"
	 "Remote-MTA: dns; vnet.ibm.example\n\n"
	 "Original-Recipient: rfc822;johnh@hpnjld.njd.hp.example\n"
	 "Final-Recipient: rfc822;johnh@hpnjld.njd.hp.example\n"
	 "Action: delayed\n"
	 "Status: 4.0.0 (hpnjld.njd.hp.example: host name lookup failure)\n\n"
	 "Original-Recipient: rfc822;wsnell@sdcc13.ucsd.example\n"
	 "Final-Recipient: rfc822;wsnell@sdcc13.ucsd.example\n"
	 "Action: failed\n"
	 "Status: 5.0.0\n"
	 "Diagnostic-Code: smtp; 550 user unknown\n"
	 "Remote-MTA: dns; sdcc13.ucsd.example\n\n"
	 "--JAA13167.773673707/CS.UTK.EXAMPLE\n"
	 "content-type: message/rfc822\n\n"
	 "[original message goes here]\n"
	 "--JAA13167.773673707/CS.UTK.EXAMPLE--\n", "block restricted arathib@vnet.ibm.example, "
		"delay delayed johnh@hpnjld.njd.hp.example, "
		"hard user-unknown wsnell@sdcc13.ucsd.example"},
 /* No address of ours: an X.400 gateway names its own user. */
	{BOUNCE "Content-Type: multipart/report; boundary=b\n\n--b\n"
		"Content-Type: message/delivery-status\n\n"
		"Reporting-MTA: mailbus; SYS30\n\n"
		"Final-Recipient: unknown; nair_s\n"
		"Status: 5.0.0 (unknown permanent failure)\n"
		"Action: failed\n\n" END,
         "unknown undetermined "											  },
	{BOUNCE REPORT "Final-Recipient: rfc822;thomas@de-montfort.ac.example\n"
		       "Status: 4.0.0 (unknown temporary failure)\n"
		       "Action: delayed\n\n" END,
         "delay delayed thomas@de-montfort.ac.example"								    },
 /* RFC 3461, 10: success was asked for, and told */
	{BOUNCE REPORT "Final-Recipient: rfc822;dana@ivory.example\n"
		       "Action: relayed\nStatus: 2.0.0\n\n"
		       "Final-Recipient: rfc822;eric@ivory.example\n"
		       "Action: expanded\nStatus: 2.0.0\n\n"
		       "Final-Recipient: rfc822;fred@ivory.example\n"
		       "Action: delivered\nStatus: 2.1.5\n\n"
		       "Final-Recipient: rfc822;gina@ivory.example\n"
		       "Status: 2.1.5\n\n" END,
         "success relayed dana@ivory.example, "
		"success expanded eric@ivory.example, "
		"success delivered fred@ivory.example, "
		"success delivered gina@ivory.example"								    },
};

static void reports(void **state)
{
	(void)state;
	CHECK_ROWS(dsn_rows);
}

/* --- RFC 8098 ------------------------------------------------------------- */

#define MDN(type, disposition)                                                 \
	"Return-Path: <>\n"                                                    \
	"From: Joe Recipient <Joe_Recipient@example.com>\n"                    \
	"Subject: Disposition notification\n"                                  \
	"To: Jane Sender <Jane_Sender@example.org>\n"                          \
	"Content-Type: multipart/report;\n"                                    \
	"      report-type=disposition-notification;\n"                        \
	"      boundary=\"RAA14128.773615765/example.com\"\n\n"                \
	"--RAA14128.773615765/example.com\n\n"                                 \
	"The message sent on 1995 Sep 19 at 13:30:00 (EDT) -0400 to Joe\n"     \
	"Recipient <Joe_Recipient@example.com> with subject \"First draft "    \
	"of\n"                                                                 \
	"report\" has been displayed.\n"                                       \
	"This is no guarantee that the message has been read or "              \
	"understood.\n\n"                                                      \
	"--RAA14128.773615765/example.com\n"                                   \
	"content-type: " type "\n\n"                                           \
	"Reporting-UA: joes-pc.cs.example.com; Foomail 97.1\n"                 \
	"Original-Recipient: rfc822;Joe_Recipient@example.com\n"               \
	"Final-Recipient: rfc822;Joe_Recipient@example.com\n"                  \
	"Original-Message-ID: <199509192301.23456@example.org>\n"              \
	"Disposition: " disposition "\n\n"                                     \
	"--RAA14128.773615765/example.com\n"                                   \
	"content-type: message/rfc822\n\n"                                     \
	"[original message optionally goes here]\n\n"                          \
	"--RAA14128.773615765/example.com--\n"

/* Section 9, and other ends: whatever a reader did, the mail arrived. */
static void receipts(void **state)
{
	static const char *const mails[] = {
		MDN("message/disposition-notification",
			"manual-action/MDN-sent-manually; displayed"),
		MDN("message/disposition-notification",
			"automatic-action/MDN-sent-automatically; "
			"deleted/error\nError: 550 5.1.1 user unknown"),
		MDN("message/disposition-notification",
			"automatic-action/MDN-sent-automatically; failed"),
		MDN("message/global-disposition-notification",
			"manual-action/MDN-sent-manually; displayed"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(mails) / sizeof(*mails); i++) {
		judge(mails[i]);
		assert_int_equal(judged.n, 1);
		assert_true(judged.v[0].class == CLASS_NONE ||
			    judged.v[0].class == CLASS_REPLY ||
			    judged.v[0].class == CLASS_SUCCESS);
	}
}

/* --- complaints ----------------------------------------------------------- */

#define FEEDBACK(type)                                                         \
	"From: <abusedesk@example.com>\n"                                      \
	"To: <abuse@example.net>\n"                                            \
	"Subject: FW: Earn money\n"                                            \
	"Content-Type: multipart/report; report-type=feedback-report;\n"       \
	"     boundary=\"part1_13d.2e68ed54_boundary\"\n\n"                    \
	"--part1_13d.2e68ed54_boundary\n\n"                                    \
	"This is an email abuse report for an email message received from "    \
	"IP\n"                                                                 \
	"192.0.2.1 on Thu, 8 Mar 2005 14:00:00 EDT.\n\n"                       \
	"--part1_13d.2e68ed54_boundary\n"                                      \
	"Content-Type: message/feedback-report\n\n"                            \
	"Feedback-Type: " type "\n"                                            \
	"Version: 1\n"

#define EARN_MONEY                                                             \
	"\n--part1_13d.2e68ed54_boundary\n"                                    \
	"Content-Type: message/rfc822\n\n"                                     \
	"From: <somespammer@example.net>\n"                                    \
	"To: <Undisclosed Recipients>\n"                                       \
	"Subject: Earn money\n\n"                                              \
	"Spam Spam Spam\n"                                                     \
	"--part1_13d.2e68ed54_boundary--\n"

#define COMPLAINT_ABOUT                                                        \
	"From: <staff@hotmail.example>\n"                                      \
	"Subject: complaint about message from 192.0.2.1\n"                    \
	"Content-Type: multipart/mixed; boundary=b\n\n"                        \
	"--b\nContent-Type: message/rfc822\n\n"

static const struct row complaint_rows[] = {
  /* RFC 5965, B.1: nobody is named */
	{FEEDBACK("abuse") "User-Agent: SomeGenerator/1.0\n" EARN_MONEY,
         "complaint abuse "                   },
 /* B.2: named twice */
	{FEEDBACK("abuse") "Original-Rcpt-To: <user@example.com>\n"
			   "Removal-Recipient: user@example.com\n" EARN_MONEY,
         "complaint abuse user@example.com"   },
	{FEEDBACK(
		 "auth-failure") "Original-Rcpt-To: u@example.com\n" EARN_MONEY,
         "complaint auth-report u@example.com"},
 /* no report: the header of one provider, or the original's To */
	{COMPLAINT_ABOUT "X-HmXmrOriginalRecipient: <a@example.org>\n"
			 "To: list@example.org\n\nhello\n" END,
         "complaint abuse a@example.org"      },
	{COMPLAINT_ABOUT
		"To: b@example.org\nFrom: news@example.com\n\nhello\n" END,
         "complaint abuse b@example.org"      },
	{COMPLAINT_ABOUT "To: b@example.org, c@example.org\n\nhello\n" END,
         "complaint abuse "                   },
};

static void complaints(void **state)
{
	(void)state;
	CHECK_ROWS(complaint_rows);
}

/* --- notifications of Amazon SES ------------------------------------------ */

#define JSON BOUNCE "Content-Type: text/plain; charset=utf-8\n\n"

/* As in its documentation, shortened; SNS puts it into a string of JSON. */
static const struct row notification_rows[] = {
	{JSON "{\"notificationType\":\"Bounce\",\"bounce\":{"
	      "\"bounceType\":\"Permanent\",\"reportingMTA\":\"dns; "
	      "email.example.com\",\"bouncedRecipients\":[{"
	      "\"emailAddress\":\"jane@example.com\",\"status\":\"5.1.1\","
	      "\"action\":\"failed\",\"diagnosticCode\":\"smtp; 550 5.1.1 "
	      "<jane@example.com>... User unknown\"},{\"emailAddress\":"
	      "\"joe@example.com\",\"status\":\"4.2.2\"}]}}\n",		 "hard user-unknown jane@example.com, "
		"soft mailbox-full joe@example.com"   },
	{JSON "{\"eventType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{"
	      "\"emailAddress\":\"jane@example.com\",\"status\":\"none\","
	      "\"diagnosticCode\":\"550 5.1.1 user unknown\"}]}}\n",            "hard user-unknown jane@example.com" },
	{JSON "{\"notificationType\":\"Complaint\",\"complaint\":{"
	      "\"complainedRecipients\":[{\"emailAddress\":"
	      "\"richard@example.com\"}],\"complaintFeedbackType\":"
	      "\"abuse\"}}\n",						  "complaint abuse richard@example.com"},
	{JSON "{\"notificationType\":\"Delivery\",\"delivery\":{\"recipients\":"
	      "[\"jane@example.com\"],\"processingTimeMillis\":546}}\n",        "success delivered "                 },
	{JSON "{\n  \"Type\" : \"Notification\",\n  \"Message\" : "
	      "\"{\\\"notificationType\\\":\\\"Bounce\\\",\\\"bounce\\\":{"
	      "\\\"bouncedRecipients\\\":[{\\\"emailAddress\\\":"
	      "\\\"jane@example.com\\\",\\\"status\\\":\\\"5.1.1\\\"}]}}\"}\n", "hard user-unknown jane@example.com" },
 /* a long line, broken as some mail systems do */
	{JSON "{\"notificationType\":\"Bounce\",\"bounce\":{\"bounced!\n "
	      "Recipients\":[{\"emailAddress\":\"jane@exam!\n ple.com\","
	      "\"status\":\"5.1.1\"}]}}\n",				     "hard user-unknown jane@example.com" },
 /* other JSON, and words about it */
	{JSON "{\"kind\":\"Bounce\",\"emailAddress\":\"jane\"}\n",
         "unknown undetermined "											      },
	{JSON "{\"notificationType\":\"Bounce\"}\n",                                     "unknown undetermined "              },
};

static void notifications(void **state)
{
	(void)state;
	CHECK_ROWS(notification_rows);
}

/* --- wrapped, and named elsewhere ------------------------------------------
 */

#define WRAP(head)                                                             \
	head "Content-Type: multipart/mixed; boundary=w\n\n--w\n\n"            \
	     "See what came in.\n--w\nContent-Type: message/rfc822\n\n"

#define INNER                                                                  \
	BOUNCE REPORT "Final-Recipient: rfc822; a@b.example\nAction: failed\n" \
		      "Status: 5.1.1\n\n" END "\n--w--\n"

static const struct row other_rows[] = {
  /* a mail system wraps a bounce; a person forwards one */
	{WRAP("Return-Path: <>\nFrom: postmaster@gate.example.net\n"
	      "Subject: Undeliverable\n") INNER,
         "hard user-unknown a@b.example"  },
	{WRAP("From: person@example.net\nSubject: Fwd: what is this?\n") INNER,
         "none none "                     },
 /* the report names nobody, but the mail does */
	{"X-Failed-Recipients: c@b.example\n" BOUNCE REPORT
	 "Final-Recipient: rfc822; postmaster\nStatus: 5.1.1\n\n" END,
         "hard user-unknown c@b.example"  },
	{BOUNCE "Content-Type: multipart/report; boundary=b\n\n--b\n"
		"Content-Type: text/plain\n\n"
		"<d@b.example>: 550 5.1.1 user unknown\n--b\n"
		"Content-Type: message/delivery-status\n\n"
		"Final-Recipient: local; root\nStatus: 5.1.1\n\n" END,
         "hard user-unknown d@b.example"  },
	{BOUNCE REPORT "Final-Recipient: local; root\nStatus: 5.1.1\n\n--b\n"
		       "Content-Type: message/rfc822\n\nTo: e@b.example\n"
		       "From: news@example.com\n\nhello\n" END,
         "hard user-unknown e@b.example"  },
	{BOUNCE REPORT "Final-Recipient: local; root\nAction: delayed\n"
		       "Status: 4.4.1\n\n--b\n"
		       "Content-Type: message/rfc822\n\nTo: e@b.example\n"
		       "From: news@example.com\n\nhello\n" END,
         "delay network-error e@b.example"},
 /* X-Actual-Recipient alone, where it was forwarded to */
	{BOUNCE REPORT "X-Actual-Recipient: rfc822; f@c.example\n"
		       "Final-Recipient: rfc822; f@b.example\n"
		       "Status: 5.1.1\n\n" END,
         "hard user-unknown f@b.example"  },
};

static void others(void **state)
{
	(void)state;
	CHECK_ROWS(other_rows);
	judge(other_rows[6].mail);
	assert_true(judged.v[0].forwarded);
}

/* --- what goes with a verdict ----------------------------------------------
 */

#define SOFT                                                                   \
	REPORT "Final-Recipient: rfc822; a@b.example\nStatus: 4.2.2\n\n"       \
	       "--b\nContent-Type: message/rfc822\n\nTo: a@b.example\n"        \
	       "Date: Sun, 2 Mar 2025 10:00:00 +0000\n"                        \
	       "Message-ID: <1@news.example.com>\nList-Id:\n"                  \
	       "Feedback-ID: =?us-ascii?q?spring=5Fsale?=\n\nhello\n" END

static void knows_the_stream_and_the_time(void **state)
{
	static const struct str headers[] = {
		STR("List-Id"), STR("Feedback-ID")};
	struct verdict_context before = context;

	(void)state;
	judge(BOUNCE SOFT);
	check_str(judged.v[0].stream, NULL, "not configured");
	context.stream_headers = headers;
	context.stream_headers_n = 2;
	judge("Received: from a by b; Mon, 3 Mar 2025 15:00:10 +0000\n" BOUNCE
			SOFT);
	check_str(judged.v[0].stream, "spring_sale", "the first that says it");
	check_str(judged.v[0].original_message_id, "<1@news.example.com>", "");
	assert_int_equal(judged.v[0].original_sent_at, 1740909600);
	assert_int_equal(judged.arrived_at, 1741014010);
	context = before;
	/* Received is ours, Date is not; neither is ever later than now. */
	judge("Date: Mon, 3 Mar 2025 15:00:10 +0000\n" BOUNCE SOFT);
	assert_int_equal(judged.arrived_at, 1741014010);
	judge("Received: from a by b; Tue, 3 Mar 2099 15:00:10 +0000\n" BOUNCE
			SOFT);
	assert_int_equal(judged.arrived_at, context.now);
	judge(BOUNCE SOFT);
	assert_int_equal(judged.arrived_at, 0);
}

static void leaves_out_families(void **state)
{
	static const struct str words[] = {STR("nothing"), STR("Words")};
	const char *mail =
		BOUNCE "\nThe following address failed:\n\n<a@b.example>:\n"
		       "this user does not exist here\n";
	struct verdict_context before = context;

	(void)state;
	check_told(mail, "hard user-unknown a@b.example");
	context.without = words;
	context.without_n = 2;
	judge(mail);
	assert_int_equal(judged.n, 1);
	assert_int_not_equal(judged.v[0].class, CLASS_HARD);
	context = before;
}

/* --- little memory ----------------------------------------------------------
 */

/*
 * With any amount of memory there is a verdict; what there was no memory for
 * is told, and nobody is given up for it. With enough it is the whole one.
 */
static void survives_little_memory(void **state)
{
	static const struct row *const rows[] = {&dsn_rows[0],
		&complaint_rows[1], &complaint_rows[4], &notification_rows[0],
		&notification_rows[4], &other_rows[0], &other_rows[3]};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool all = false;

		for (size_t limit = 1; !all; limit += 61) {
			assert_true(limit < 1000000);
			arena_shrink(limit);
			verdict_parse(&context, &arena, str_from(rows[i]->mail),
				&judged);
			assert_true(judged.n >= 1);
			all = !(judged.limits & LIMIT_MEMORY);
			for (size_t k = 0; k < judged.n && !all; k++)
				assert_true(
					judged.v[k].class != CLASS_HARD &&
					judged.v[k].class != CLASS_COMPLAINT);
		}
		arena_shrink(0);
		check_told(rows[i]->mail, rows[i]->want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(reports),
		ARENA_TEST(receipts),
		ARENA_TEST(complaints),
		ARENA_TEST(notifications),
		ARENA_TEST(others),
		ARENA_TEST(knows_the_stream_and_the_time),
		ARENA_TEST(leaves_out_families),
		ARENA_TEST(survives_little_memory),
	};

	return cmocka_run_group_tests_name(
		"parsers-verdict-kinds", tests, NULL, NULL);
}
