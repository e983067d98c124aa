/* parsers/origin.c: what shows that a bounce answers a mail of ours. */
#include "slices.h"

#include <stdio.h>

#include "origin.h"
#include "rules.h"
#include "verdict.h"

#define BOUNCE                                                                 \
	"Return-Path: <>\n"                                                    \
	"From: MAILER-DAEMON@mx.example.org\n"                                 \
	"To: bounces@news.example.com\n"                                       \
	"Subject: Undelivered Mail Returned to Sender\n"

#define REPORT(type)                                                           \
	BOUNCE "Content-Type: multipart/report; report-type=" type             \
	       "; boundary=b\n\n"

#define FAILED(to)                                                             \
	"--b\nContent-Type: message/delivery-status\n\n"                       \
	"Reporting-MTA: dns; mx.example.org\n\n"                               \
	"Final-Recipient: rfc822; " to "\nAction: failed\nStatus: 5.1.1\n"     \
	"Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"

#define COMPLAINT(to)                                                          \
	"--b\nContent-Type: message/feedback-report\n\n"                       \
	"Feedback-Type: abuse\nUser-Agent: x\nVersion: 1\n"                    \
	"Original-Rcpt-To: " to "\n\n"

#define ORIGINAL(headers)                                                      \
	"--b\nContent-Type: message/rfc822\n\n" headers "\nNews\n\n--b--\n"

#define DSN(headers)                                                           \
	REPORT("delivery-status") FAILED("a@example.org") ORIGINAL(headers)
#define ARF(headers)                                                           \
	REPORT("feedback-report") COMPLAINT("a@example.org") ORIGINAL(headers)
#define TEXT(words) BOUNCE "\n<a@example.org>: 550 5.1.1 User unknown\n\n" words

static const struct str own[] = {
	STR("*@news.example.com"), STR("boss@example.com"),
	STR("*@*.lists.example.com"),
	STR("*@net"), /* no domain, but all of them */
};

static const struct str ids[] = {STR("k7.*@*")};
static const struct str paths[] = {STR("b-*@news.example.com")};
static const struct str hosts[] = {STR("mta?.example.net")};
static const struct str headers[] = {
	STR("X-Key: q9*"), STR("Feedback-ID:*:us")};
static const struct origin_marks marks = {
	ids, paths, hosts, headers, 1, 1, 1, 2};
static const struct origin_marks one_mark = {
	.message_id = ids, .message_id_n = 1};

struct row {
	const char *says, *mail;
	/* "matched", "weak", or why it is neither */
	const char *want;
};

static const char *told(
	const struct origin_marks *m, size_t own_n, const char *mail)
{
	const struct verdict_context context = {
		.rules = &rules_builtin,
		.own = own,
		.own_n = own_n,
		.marks = m,
		.now = 1767225600,
	};
	static const char *const whys[ORIGIN_WHYS] = {
		[ORIGIN_NOT_ASKED] = "not asked",
		[ORIGIN_FITS] = "matched",
		[ORIGIN_NO_ORIGINAL] = "no original",
		[ORIGIN_NO_MARK] = "no mark",
		[ORIGIN_OTHER_RECIPIENT] = "another",
	};
	struct verdict_list list;
	const struct verdict *v;

	verdict_parse(&context, &arena, fresh(mail), &list);
	v = &list.v[0];
	assert_int_equal(
		v->origin == ORIGIN_MATCHED, v->origin_why == ORIGIN_FITS);
	return v->origin_why == ORIGIN_FITS && v->weak ? "weak"
						       : whys[v->origin_why];
}

static void check(const struct origin_marks *m, size_t own_n,
	const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *got = told(m, own_n, rows[i].mail);

		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s: it is %s", rows[i].says, got);
	}
}

#define CHECK(m, own_n, rows)                                                  \
	check(m, own_n, rows, sizeof(rows) / sizeof(*(rows)))

/* clang-format off */
static const struct row by_own[] = {
	{"a Message-ID of ours",
		DSN("Message-ID: <1@news.example.com>\nTo: a@example.org\n"), "matched"},
	{"of a host of ours",
		DSN("Message-Id:\n <1@mta1.news.example.com>\n"), "matched"},
	{"of the brand's domain is not of the mail domain",
		DSN("Message-ID: <1@example.com>\nTo: a@example.org\n"), "no mark"},
	{"of a domain that ends like ours",
		DSN("Message-ID: <1@othernews.example.com>\n"), "no mark"},
	{"of a domain that begins like ours",
		DSN("Message-ID: <1@news.example.com.example.net>\n"), "no mark"},
	{"that has our domain on its left",
		DSN("Message-ID: <news.example.com@example.net>\n"), "no mark"},
	{"an own address makes no domain ours",
		DSN("Message-ID: <boss@example.com>\n"), "no mark"},
	{"a Return-Path of ours",
		DSN("Return-Path: <b-a=example.org@NEWS.example.com>\n"), "matched"},
	{"of somebody else",
		DSN("Return-Path: <news.example.com@example.net>\n"), "no mark"},
	{"a Received from a host of ours",
		DSN("Received: from mta1.news.example.com (mta1 [192.0.2.1])\n"
		    "\tby mx.example.org; Thu, 1 Jan 2026 00:00:00 +0000\n"), "matched"},
	{"the lowest of them",
		DSN("Received: from a.example.net by mx.example.org; x\n"
		    "Received: from [192.0.2.1] by OUT.news.example.com with ESMTP\n"), "matched"},
	{"in brackets",
		DSN("Received: from unknown (HELO out.news.example.com) (192.0.2.1) by x\n"), "matched"},
	{"an address in Received is no host",
		DSN("Received: from a.example.net (envelope-from x@news.example.com) by\n"
		    " mx.example.org for <news.example.com@example.net>\n"), "no mark"},
	{"From is weak",
		DSN("From: News <news@news.example.com>\nTo: a@example.org\n"), "weak"},
	{"From and more is not",
		DSN("From: news@news.example.com\nMessage-ID: <1@news.example.com>\n"), "matched"},
	{"an own address alone in From",
		DSN("From: boss@example.com\n"), "weak"},
	{"somebody else's From",
		DSN("From: news@example.com\n"), "no mark"},
	{"our name in front of another address",
		DSN("From: \"news@news.example.com\" <x@example.net>\n"), "no mark"},
	{"a glob in the domain",
		DSN("Message-ID: <1@x.lists.example.com>\n"), "matched"},
	{"nothing came back",
		REPORT("delivery-status") FAILED("a@example.org") "--b--\n", "no original"},
	{"only the body came back",
		DSN(""), "no original"},
	{"headers alone",
		REPORT("delivery-status") FAILED("a@example.org")
		"--b\nContent-Type: text/rfc822-headers\n\n"
		"Message-ID: <1@news.example.com>\n\n--b--\n", "matched"},
	{"our marks in the bounce itself show nothing",
		"Message-ID: <1@news.example.com>\nReceived: from a.news.example.com by b\n"
		DSN("Message-ID: <1@example.net>\n"), "no mark"},
	{"nor in the body of what came back",
		DSN("Message-ID: <1@example.net>\n\nMessage-ID: <1@news.example.com>\n"), "no mark"},
	/* Whom it binds. */
	{"it went to the one who failed",
		DSN("Message-ID: <1@news.example.com>\nTo: \"A\" <A@Example.Org>\n"), "matched"},
	{"it went to another",
		DSN("Message-ID: <1@news.example.com>\nTo: b@example.org\n"), "another"},
	{"to several",
		DSN("Message-ID: <1@news.example.com>\nTo: b@example.org, c@example.org\n"), "matched"},
	{"to a list of ours",
		DSN("Message-ID: <1@news.example.com>\nTo: readers@news.example.com\n"), "matched"},
	{"To is another, but it was sent for this one",
		DSN("Received: from x by y.example.net with ESMTP id 1 for\n <a@example.org>; Thu\n"
		    "Message-ID: <1@news.example.com>\nTo: b@example.org\n"), "matched"},
	{"and without brackets",
		DSN("Received: from x by y.example.net for a@example.org; Thu\n"
		    "Message-ID: <1@news.example.com>\nTo: b@example.org\n"), "matched"},
	{"or for yet another",
		DSN("Received: from x by y.example.net for <c@example.org>; Thu\n"
		    "Message-ID: <1@news.example.com>\nTo: b@example.org\n"), "another"},
	{"it was delivered to this one",
		DSN("Delivered-To: a@example.org\n"
		    "Message-ID: <1@news.example.com>\nTo: b@example.org\n"), "matched"},
	/* Complaints. */
	{"a complaint with a mail of ours",
		ARF("Message-ID: <1@news.example.com>\nTo: a@example.org\n"), "matched"},
	{"that went to another",
		ARF("Message-ID: <1@news.example.com>\nTo: b@example.org\n"), "another"},
	{"From alone is not enough for a complaint",
		ARF("From: news@news.example.com\nTo: a@example.org\n"), "no mark"},
	{"without a mail",
		REPORT("feedback-report") COMPLAINT("a@example.org") "--b--\n", "no original"},
	/* Texts. */
	{"what a text returns",
		TEXT("--- Below this line is a copy of the message.\n\n"
		     "Return-Path: <b@news.example.com>\nTo: a@example.org\n\nNews\n"), "matched"},
	{"what a text quotes of its headers",
		TEXT("Your message had these headers:\n\n"
		     "    Message-id: <1@news.example.com>\n"
		     "    To: a@example.org\n"), "matched"},
	{"with lines folded",
		TEXT("Of your message:\n  Received: from x.example.net\n"
		     "     by out.news.example.com; Thu\n  To: a@example.org\n"), "matched"},
	{"that went to another",
		TEXT("Of your message:\n  Message-id: <1@news.example.com>\n"
		     "  To: b@example.org\n"), "another"},
	{"none of ours",
		TEXT("Of your message:\n  Message-id: <1@example.net>\n"
		     "  To: a@example.org\n"), "no original"},
	{"nor what stands in its body",
		TEXT("--- Below this line is a copy of the message.\n\n"
		     "Return-Path: <b@example.net>\nTo: a@example.org\n\n"
		     "From: news@news.example.com\nMessage-ID: <1@news.example.com>\n"), "no mark"},
	{"words are no headers",
		TEXT("We talked to news.example.com about news@news.example.com.\n"), "no original"},
	/* Odd forms. */
	{"the head of a part is the mail's",
		BOUNCE "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
		"<a@example.org>: 550 5.1.1 User unknown\n\n--b\n"
		"Received: from out.news.example.com by x.example.net; Thu\n"
		"To: a@example.org\n\nNews\n--b--\n", "matched"},
	{"headers that lost their folds come first",
		DSN("X-Odd:\n1;lost;=:more\nMessage-ID: <1@news.example.com>\n"
		    "To: a@example.org\n"), "matched"},
	{"SES tells the envelope sender",
		BOUNCE "\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":["
		"{\"emailAddress\":\"a@example.org\",\"status\":\"5.1.1\"}]},"
		"\"mail\":{\"source\":\"b@news.example.com\"}}\n", "matched"},
	{"and another's",
		BOUNCE "\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":["
		"{\"emailAddress\":\"a@example.org\",\"status\":\"5.1.1\"}]},"
		"\"mail\":{\"source\":\"b@example.net\"}}\n", "no mark"},
};

static const struct row by_marks[] = {
	{"an id of ours", DSN("Message-ID: <k7.1@news.example.com>\n"), "matched"},
	{"of any domain", DSN("Message-ID: <K7.1@anything.example>\n"), "matched"},
	{"another id in our domain", DSN("Message-ID: <1@news.example.com>\n"), "no mark"},
	{"a path of ours", DSN("Return-Path: <b-7@news.example.com>\n"), "matched"},
	{"another in our domain", DSN("Return-Path: <c-7@news.example.com>\n"), "no mark"},
	{"a host of ours",
		DSN("Received: from x (mta3.example.net [192.0.2.1]) by y.example.org\n"), "matched"},
	{"not a host of ours",
		DSN("Received: from out.news.example.com by mta31.example.net\n"), "no mark"},
	{"a header of ours", DSN("x-key: q9-1\nFrom: a@b.example\n"), "matched"},
	{"folded", DSN("X-Key:\n q9-1\nFrom: a@b.example\n"), "matched"},
	{"the second kind", DSN("Feedback-ID: 77:x:us\n"), "matched"},
	{"with another value", DSN("X-Key: p9q9\n"), "no mark"},
	{"in another header", DSN("X-Key-2: q9-1\n"), "no mark"},
	{"the second of that name", DSN("X-Key: a\nX-Key: q9\n"), "matched"},
	{"From counts no more", DSN("From: news@news.example.com\n"), "no mark"},
	{"a complaint with a mark", ARF("X-Key: q9\nTo: a@example.org\n"), "matched"},
	{"that went to another", ARF("X-Key: q9\nTo: b@example.org\n"), "another"},
};

static const struct row by_one_mark[] = {
	{"its own", DSN("Message-ID: <k7.1@x.example>\n"), "matched"},
	{"nothing else", DSN("X-Key: q9\nReceived: from mta1.example.net by x\n"), "no mark"},
};

static const struct row without[] = {
	{"without own or marks nobody asks",
		DSN("Message-ID: <1@news.example.com>\n"), "not asked"},
};

static const struct row quiet[] = {
	{"a mail that is no bounce is not asked",
		"From: x@example.net\nSubject: hello\n\nShall we?\n", "not asked"},
};

/* clang-format on */

static void knows_its_own(void **state)
{
	(void)state;
	CHECK(NULL, 4, by_own);
	CHECK(NULL, 0, without);
	CHECK(NULL, 3, quiet);
}

static void knows_its_marks(void **state)
{
	(void)state;
	CHECK(&marks, 3, by_marks);
	CHECK(&one_mark, 3, by_one_mark);
	CHECK(&marks, 0, by_marks);
}

static void finds_listings(void **state)
{
	static const char text[] = "Words: first\nno header\n\n"
				   "   A-b: c\n     more\n   Dd: e\n  Ff: g\n"
				   "::\n: x\nlast: one";
	static const char *const want[] = {"Words: first\n",
		"A-b: c\n  more\nDd: e\n", "Ff: g\n", "last: one\n"};
	struct str rest = str_from(text), run;
	size_t n = 0;

	(void)state;
	while ((run = origin_next_listing(&arena, &rest)).p) {
		assert_true(n < 4);
		check_str(run, want[n], "a listing");
		n++;
	}
	assert_int_equal(n, 4);
}

static void parse_only(struct str mail)
{
	const struct verdict_context context = {
		.rules = &rules_builtin, .own = own, .own_n = 3, .marks = NULL};
	struct verdict_list list;

	verdict_parse(&context, &arena, mail, &list);
}

static void stays_linear(void **state)
{
	static const char *const units[] = {
		"Received: from a.b.c.d.e.f.g.h.i.j by news.example.net\n",
		"a:\n",
		"  a:\n\n",
		"a.b.",
		"From: x\n y\n\n",
	};

	(void)state;
	check_linear(BOUNCE "\n<a@example.org>: 550 5.1.1 User unknown\n\n",
		units, 5, "", parse_only);
	check_linear(REPORT("delivery-status")
			     FAILED("a@example.org") "--b\nContent-Type: "
						     "message/rfc822\n\n",
		units, 5, "\n\n--b--\n", parse_only);
	check_linear(REPORT("delivery-status") FAILED(
			     "a@example.org") "--b\nContent-Type: "
					      "message/rfc822\n\nReceived: ",
		units, 5, "\n\n--b--\n", parse_only);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(knows_its_own),
		ARENA_TEST(knows_its_marks),
		ARENA_TEST(finds_listings),
		ARENA_TEST(stays_linear),
	};

	return cmocka_run_group_tests_name("origin", tests, NULL, NULL);
}
