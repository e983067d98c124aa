/*
 * mails N SEED FIRST: an mbox of N bounces on stdout, as a sender's own mail
 * server writes them (RFC 3464 with a text and the headers of the mail), each
 * of another recipient, time and Message-ID: the people FIRST to FIRST+N-1 of
 * the world with this seed. Nine of ten are hard, the times are those of sixty
 * days. What the providers answer are a few dozen texts, as many as they have.
 */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "world.h"

#define DAYS 60

struct answer {
	const char *status, *text;
	const char *more[3]; /* further lines of a long reply */
};

static const struct answer hard[] = {
	{"5.1.1",
         "550 5.1.1 <%s>: Recipient address rejected: User unknown in "
		"virtual mailbox table",				     {0}               },
	{"5.1.1",
         "550-5.1.1 The email account that you tried to reach does "
		"not exist. Please try",				     {"550-5.1.1 double-checking the recipient's email address for "
		 "typos or",
			"550-5.1.1 unnecessary spaces. For more information, "
			"go to",
			"550 5.1.1 "
			"https://support.example.com/mail/?p=NoSuchUser "
			"d9443c01a7336-29f7dc - gsmtp"}},
	{"5.5.0",
         "550 5.5.0 Requested action not taken: mailbox unavailable "
		"[VI1EUR04FT012.eop-eur04.prod.protection.example.com "
		"2026-01-05T10:00:00.123Z 08DE]",			    {0}               },
	{"5.0.0",  "552 1 Requested mail action aborted, mailbox not found",
         {0}										   },
	{"5.1.1",  "550 5.1.1 <%s> User unknown",                            {0}               },
	{"5.1.10",
         "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient %s "
		"not found by SMTP address lookup",			  {0}               },
	{"5.1.1",
         "554 delivery error: dd This user doesn't have a %s account "
		"(-5) [0] - mta4212.mail.example.net",		       {0}               },
	{"5.7.1",  "550 5.1.1 unknown or illegal alias: %s",                 {0}               },
	{"5.2.1",
         "550 5.2.1 The user you are trying to contact is not "
		"accepting messages: no such mailbox here",		  {0}               },
};

static const struct answer soft[] = {
	{"4.2.2",
         "452 4.2.2 The email account that you tried to reach is over "
		"quota",			   {0}},
	{"5.2.2", "552 5.2.2 <%s>: Mailbox full",  {0}},
	{"5.7.1",
         "550 5.7.1 Service unavailable, client host [192.0.2.25] "
		"blocked using lists.example.org", {0}},
};

static const char paragraph[] =
	"I'm sorry to have to inform you that your message could not\n"
	"be delivered to one or more recipients. It's attached below.\n"
	"\n"
	"For further assistance, please send mail to postmaster.\n"
	"\n"
	"If you do so, please include this problem report. You can\n"
	"delete your own text from the attached returned message.\n"
	"\n"
	"                   The mail system\n\n";

static const struct answer *answer_of(uint64_t seed, uint64_t i)
{
	uint64_t random = world_random(seed, 20, i);

	if (random % 10 == 0)
		return &soft[(random >> 8) % (sizeof(soft) / sizeof(*soft))];
	return &hard[(random >> 8) % (sizeof(hard) / sizeof(*hard))];
}

static void date(time_t at, char out[40])
{
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(out, 40, "%a, %d %b %Y %H:%M:%S +0000", &tm);
}

/* A long line as mail systems fold it; between is what it is folded by. */
static void reply(
	const struct answer *a, const char *address, const char *between)
{
	char buf[300];

	/* The texts are ours; what has no place for it ignores it. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
	snprintf(buf, sizeof(buf), a->text, address);
	fputs(buf, stdout);
	for (int k = 0; k < 3 && a->more[k]; k++)
		printf("%s%s", between, a->more[k]);
}

static void dkim(uint64_t seed, uint64_t i)
{
	static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789+/";

	fputs("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\n"
	      "\td=news.example.com; s=2026; t=1767600000;\n"
	      "\th=From:To:Subject:Date:Message-ID:List-Id:List-Unsubscribe;\n"
	      "\tb=",
		stdout);
	for (uint64_t k = 0; k < 344; k++) {
		putchar(base64[world_random(seed, 21, i * 344 + k) % 64]);
		if (k % 70 == 69)
			fputs("\n\t ", stdout);
	}
	putchar('\n');
}

static void original(uint64_t seed, uint64_t i, const char *address, time_t at)
{
	char when[40];

	date(at, when);
	printf("Return-Path: <bounce+%" PRIu64 "@news.example.com>\n"
	       "Received: from app3.news.example.com (app3 [198.51.100.7])\n"
	       "\tby out1.news.example.com (Postfix) with ESMTPS id 4%08" PRIx64
	       "\n\tfor <%s>; %s\n",
		i, i, address, when);
	dkim(seed, i);
	printf("From: The News <news@news.example.com>\n"
	       "To: %s\n"
	       "Subject: =?utf-8?Q?What=E2=80=99s_new_this_week=3A_%" PRIu64
	       "_things?=\n"
	       "Date: %s\n"
	       "Message-ID: <n%" PRIu64 ".%" PRIu64 "@news.example.com>\n"
	       "List-Id: The weekly letter <weekly.news.example.com>\n"
	       "List-Unsubscribe: <https://news.example.com/u/%016" PRIx64 ">\n"
	       "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
	       "Feedback-ID: 42:weekly:news:example\n"
	       "MIME-Version: 1.0\n"
	       "Content-Type: multipart/alternative; boundary=\"=_%" PRIu64
	       "\"\n\n",
		address, i % 9 + 3, when, i, seed, world_random(seed, 22, i),
		i);
}

static void report(const struct answer *a, uint64_t i, const char *address,
	const char *when)
{
	const char *domain = strchr(address, '@') + 1;

	printf("Content-Description: Delivery report\n"
	       "Content-Type: message/delivery-status\n\n"
	       "Reporting-MTA: dns; out1.news.example.com\n"
	       "X-Postfix-Queue-ID: 4%08" PRIx64 "\n"
	       "X-Postfix-Sender: rfc822; bounce+%" PRIu64 "@news.example.com\n"
	       "Arrival-Date: %s\n\n"
	       "Final-Recipient: rfc822; %s\n"
	       "Original-Recipient: rfc822;%s\n"
	       "Action: failed\n"
	       "Status: %s\n"
	       "Remote-MTA: dns; mx.%s\n"
	       "Diagnostic-Code: smtp; ",
		i, i, when, address, address, a->status, domain);
	reply(a, address, "\n    ");
}

static void mail(uint64_t seed, uint64_t i, time_t at)
{
	const struct answer *a = answer_of(seed, i);
	char address[WORLD_ADDRESS], when[40], sent[40];

	world_address(seed, i, address);
	date(at, when);
	date(at - 2, sent);
	printf("From MAILER-DAEMON %.3s %.3s %.2s 00:00:00 2026\n"
	       "Return-Path: <>\n"
	       "X-Original-To: bounce+%" PRIu64 "@news.example.com\n"
	       "Delivered-To: bounces@news.example.com\n"
	       "Received: by out1.news.example.com (Postfix)\n"
	       "\tid 5%08" PRIx64 "; %s\n"
	       "Date: %s\n"
	       "From: MAILER-DAEMON@out1.news.example.com (Mail Delivery "
	       "System)\n"
	       "Subject: Undelivered Mail Returned to Sender\n"
	       "To: bounce+%" PRIu64 "@news.example.com\n"
	       "Auto-Submitted: auto-replied\n"
	       "MIME-Version: 1.0\n"
	       "Content-Type: multipart/report; report-type=delivery-status;\n"
	       "\tboundary=\"4%08" PRIx64 ".17676/out1.news.example.com\"\n"
	       "Message-Id: <2026.5%08" PRIx64 "@out1.news.example.com>\n\n"
	       "This is a MIME-encapsulated message.\n\n",
		when, when + 8, when + 5, i, i, when, when, i, i, i);
	printf("--4%08" PRIx64 ".17676/out1.news.example.com\n"
	       "Content-Description: Notification\n"
	       "Content-Type: text/plain; charset=us-ascii\n\n"
	       "This is the mail system at host out1.news.example.com.\n\n%s"
	       "<%s>: host mx.%s[203.0.113.%d] said:\n    ",
		i, paragraph, address, strchr(address, '@') + 1,
		(int)(i % 250 + 1));
	reply(a, address, "\n    ");
	printf(" (in reply to RCPT TO\n    command)\n\n--4%08" PRIx64
	       ".17676/out1.news.example.com\n",
		i);
	report(a, i, address, sent);
	printf("\n\n--4%08" PRIx64 ".17676/out1.news.example.com\n"
	       "Content-Description: Undelivered Message Headers\n"
	       "Content-Type: text/rfc822-headers\n\n",
		i);
	original(seed, i, address, at - 5);
	printf("--4%08" PRIx64 ".17676/out1.news.example.com--\n\n", i);
}

int main(int argc, char **argv)
{
	static char buffer[1 << 20];
	uint64_t n, seed, first;
	/* The newest is an hour old, whatever the day. */
	time_t end = time(NULL) - 3600, from = end - DAYS * 86400;

	if (argc != 4)
		errx(64, "usage: mails N SEED FIRST");
	n = strtoull(argv[1], NULL, 10);
	seed = strtoull(argv[2], NULL, 10);
	first = strtoull(argv[3], NULL, 10);
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	for (uint64_t i = 0; i < n; i++)
		mail(seed, first + i,
			from + (time_t)((double)(end - from) * (double)i /
					(double)n));
	if (fflush(stdout) || ferror(stdout))
		err(74, "unable to write");
	return 0;
}
