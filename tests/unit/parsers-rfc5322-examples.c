/* The messages of RFC 5322, appendix A, read as a whole. */
#include <stdio.h>

#include "slices.h"

#include "rfc5322.h"
#include "verdict.h"

struct example {
	const char *what, *mail;
	/* Addresses with a space between; NULL: no such header. */
	const char *from, *to, *cc;
	const char *subject, *message_id;
	int64_t date; /* 0: none that can be an event's */
	const char *body;
};

/* Blank lines are two spaces long in A.6.3. */
static const struct example examples[] = {
	{"A.1.1",
         "From: John Doe <jdoe@machine.example>\n"
		"To: Mary Smith <mary@example.net>\n"
		"Subject: Saying Hello\n"
		"Date: Fri, 21 Nov 1997 09:55:06 -0600\n"
		"Message-ID: <1234@local.machine.example>\n"
		"\n"
		"This is a message just to say hello.\n"
		"So, \"Hello\".\n", "jdoe@machine.example",      "mary@example.net",                      NULL,
         "Saying Hello",																 "<1234@local.machine.example>",                880127706,
         "This is a message just to say hello.\nSo, \"Hello\".\n"																				   },
	{"A.1.2",
         "From: \"Joe Q. Public\" <john.q.public@example.com>\n"
		"To: Mary Smith <mary@x.test>, jdoe@example.org, Who? "
		"<one@y.test>\n"
		"Cc: <boss@nil.test>, \"Giant; \\\"Big\\\" Box\" "
		"<sysservices@example.net>\n"
		"Date: Tue, 1 Jul 2003 10:52:37 +0200\n"
		"Message-ID: <5678.21-Nov-1997@example.com>\n"
		"\n"
		"Hi everyone.\n",   "john.q.public@example.com",
         "mary@x.test jdoe@example.org one@y.test",						       "boss@nil.test sysservices@example.net", NULL,
         "<5678.21-Nov-1997@example.com>",																			      1057049557, "Hi everyone.\n"},
	{"A.1.3: a group, and one without members",
         "From: Pete <pete@silly.example>\n"
		"To: A Group:Ed Jones <c@a.test>,joe@where.test,John "
		"<jdoe@one.test>;\n"
		"Cc: Undisclosed recipients:;\n"
		"Date: Thu, 13 Feb 1969 23:32:54 -0330\n"
		"Message-ID: <testabcd.1234@silly.example>\n"
		"\n"
		"Testing.\n",       "pete@silly.example",        "c@a.test joe@where.test jdoe@one.test",
         "",																       NULL, "<testabcd.1234@silly.example>",               0,          "Testing.\n"    },
	{"A.3: resent",
         "Resent-From: Mary Smith <mary@example.net>\n"
		"Resent-To: Jane Brown <j-brown@other.example>\n"
		"Resent-Date: Mon, 24 Nov 1997 14:22:01 -0800\n"
		"Resent-Message-ID: <78910@example.net>\n"
		"From: John Doe <jdoe@machine.example>\n"
		"To: Mary Smith <mary@example.net>\n"
		"Subject: Saying Hello\n"
		"Date: Fri, 21 Nov 1997 09:55:06 -0600\n"
		"Message-ID: <1234@local.machine.example>\n"
		"\n"
		"Hello.\n",         "jdoe@machine.example",      "mary@example.net",                      NULL,
         "Saying Hello",																 "<1234@local.machine.example>",                880127706,
         "Hello.\n"																										 },
	{"A.5: white space, comments, and other oddities",
         "From: Pete(A nice \\) chap) <pete(his account)@silly.test(his "
		"host)>\n"
		"To:A Group(Some people)\n"
		"     :Chris Jones <c@(Chris's host.)public.example>,\n"
		"         joe@example.org,\n"
		"  John <jdoe@one.test> (my dear friend); (the end of the "
		"group)\n"
		"Cc:(Empty list)(start)Hidden recipients  :(nobody(that I "
		"know))  ;\n"
		"Date: Thu,\n"
		"      13\n"
		"        Feb\n"
		"          1969\n"
		"      23:32\n"
		"               -0330 (Newfoundland Time)\n"
		"Message-ID:              <testabcd.1234@silly.test>\n"
		"\n"
		"Testing.\n",       "pete@silly.test",
         "c@public.example joe@example.org "
		"jdoe@one.test",									  "",				      NULL, "<testabcd.1234@silly.test>",                  0,          "Testing.\n"    },
	{"A.6.1: obsolete addressing",
         "From: Joe Q. Public <john.q.public@example.com>\n"
		"To: Mary Smith <@node.test:mary@example.net>, , jdoe@test  . "
		"example\n"
		"Date: Tue, 1 Jul 2003 10:52:37 +0200\n"
		"Message-ID: <5678.21-Nov-1997@example.com>\n"
		"\n"
		"Hi everyone.\n",   "john.q.public@example.com",
         "mary@example.net jdoe@test.example",							    NULL,                                    NULL,
         "<5678.21-Nov-1997@example.com>",																			      1057049557, "Hi everyone.\n"},
	{"A.6.2: obsolete dates",
         "From: John Doe <jdoe@machine.example>\n"
		"To: Mary Smith <mary@example.net>\n"
		"Subject: Saying Hello\n"
		"Date: 21 Nov 97 09:55:06 GMT\n"
		"Message-ID: <1234@local.machine.example>\n"
		"\n"
		"Hello.\n",         "jdoe@machine.example",      "mary@example.net",                      NULL,
         "Saying Hello",																 "<1234@local.machine.example>",                880106106,
         "Hello.\n"																										 },
	{"A.6.3: obsolete white space and comments",
         "From  : John Doe <jdoe@machine(comment).  example>\n"
		"To    : Mary Smith\n"
		"  \n"
		"          <mary@example.net>\n"
		"Subject     : Saying Hello\n"
		"Date  : Fri, 21 Nov 1997 09(comment):   55  :  06 -0600\n"
		"Message-ID  : <1234   @   local(blah)  .machine .example>\n"
		"\n"
		"Hello.\n",         "jdoe@machine.example",      "mary@example.net",                      NULL,
         "Saying Hello",																 "<1234   @   local(blah)  .machine .example>",
         880127706,																								 "Hello.\n"      },
};

/* The addresses of a header with a space between. */
static void check_addresses(
	struct str raw, const char *want, const struct example *e)
{
	struct mailbox m[8];
	unsigned limits = 0;
	char got[200] = "";
	size_t n, used = 0;

	assert_int_equal(raw.p != NULL, want != NULL);
	if (!want)
		return;
	n = rfc5322_addresses(&arena, raw, m, 8, &limits);
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(got + used, sizeof(got) - used,
			"%s" STR_FMT, i ? " " : "", STR_ARG(m[i].addr));
	check_str(str_from(got), want, e->what);
	assert_int_equal(limits, 0);
}

static void check_example(const struct example *e)
{
	struct headers h;
	struct str body = headers_parse(fresh(e->mail), &h);
	int64_t date = 0;

	check_addresses(h.first[HEADER_FROM], e->from, e);
	check_addresses(h.first[HEADER_TO], e->to, e);
	check_addresses(h.first[HEADER_CC], e->cc, e);
	check_str(h.first[HEADER_SUBJECT], e->subject, e->what);
	check_str(h.first[HEADER_MESSAGE_ID], e->message_id, e->what);
	check_str(body, e->body, e->what);
	if (!rfc5322_date(rfc5322_unfold(&arena, h.first[HEADER_DATE]), &date))
		date = 0;
	if (date != e->date)
		fail_msg("%s: date %lld", e->what, (long long)date);
	assert_int_equal(h.limits, 0);
}

static void reads_the_rfcs_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
		check_example(&examples[i]);
}

/* A.4: trace fields. The topmost one is the last that was added. */
static void reads_the_trace(void **state)
{
	struct headers h;

	(void)state;
	headers_parse(str_from("Received: from x.y.test\n"
			       "   by example.net\n"
			       "   via TCP\n"
			       "   with ESMTP\n"
			       "   id ABC12345\n"
			       "   for <mary@example.net>;  21 Nov 1997 "
			       "10:05:43 -0600\n"
			       "Received: from node.example by x.y.test; 21 "
			       "Nov 1997 10:01:22 -0600\n"
			       "From: John Doe <jdoe@node.example>\n"
			       "\n"),
		&h);
	assert_int_equal(
		rfc5322_received_date(h.first[HEADER_RECEIVED]), 880128343);
	assert_int_equal(rfc5322_received_date(h.last_received), 880128082);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(reads_the_rfcs_messages),
		ARENA_TEST(reads_the_trace),
	};

	return cmocka_run_group_tests_name(
		"parsers-rfc5322-examples", tests, NULL, NULL);
}
