/* parsers/rfc5965.c: feedback reports, by the examples of their RFCs. */
#include <stdio.h>

#include "slices.h"

#include "rfc5965.h"

static struct feedback parse(const char *body)
{
	struct feedback f;

	rfc5965_parse(&arena, fresh(body), &f);
	return f;
}

/* RFC 5965, appendix B.1: without optional fields */
static void reads_the_simple_report(void **state)
{
	struct feedback f = parse("Feedback-Type: abuse\n"
				  "User-Agent: SomeGenerator/1.0\n"
				  "Version: 1\n");

	(void)state;
	check_str(f.type, "abuse", "type");
	assert_int_equal(f.reason, REASON_ABUSE);
	assert_int_equal(f.n, 0);
	assert_int_equal(f.arrival_date, 0);
	check_str(f.reporting_mta, NULL, "reporting_mta");
	check_str(f.mail_from, NULL, "mail_from");
}

/* RFC 5965, appendix B.2: with all of them; the zone is obsolete, and EDT */
static void reads_the_full_report(void **state)
{
	struct feedback f =
		parse("Feedback-Type: abuse\n"
		      "User-Agent: SomeGenerator/1.0\n"
		      "Version: 1\n"
		      "Original-Mail-From: <somespammer@example.net>\n"
		      "Original-Rcpt-To: <user@example.com>\n"
		      "Arrival-Date: Thu, 8 Mar 2005 14:00:00 EDT\n"
		      "Reporting-MTA: dns; mail.example.com\n"
		      "Source-IP: 192.0.2.1\n"
		      "Authentication-Results: mail.example.com;\n"
		      "            spf=fail smtp.mail=somespammer@example.com\n"
		      "Reported-Domain: example.net\n"
		      "Reported-Uri: http://example.net/earn_money.html\n"
		      "Reported-Uri: mailto:user@example.com\n"
		      "Removal-Recipient: user@example.com\n");

	(void)state;
	assert_int_equal(f.reason, REASON_ABUSE);
	check_str(f.mail_from, "<somespammer@example.net>", "mail_from");
	check_str(f.reporting_mta, "mail.example.com", "reporting_mta");
	assert_int_equal(f.n, 2);
	check_str(f.recipient[0], "<user@example.com>", "recipient");
	check_str(f.recipient[1], "user@example.com", "to be removed");
	assert_int_equal(f.arrival_date, 1110304800); /* 18:00 UTC */
}

/* RFC 6591, appendix B.1, its fields of RFC 5965 */
static void reads_the_failure_report(void **state)
{
	struct feedback f =
		parse("Feedback-Type: auth-failure\n"
		      "User-Agent: Someisp!-Mail-Feedback/1.0\n"
		      "Version: 1\n"
		      "Original-Mail-From: anexample.reply@a.sender.example\n"
		      "Original-Envelope-Id: o3F52gxO029144\n"
		      "Authentication-Results: mta1011.mail.tp2.example;\n"
		      " dkim=fail (bodyhash) header.d=sender.example\n"
		      "Auth-Failure: bodyhash\n"
		      "Delivery-Result: none\n"
		      "Arrival-Date: 8 Oct 2011 20:15:58 +0000 (GMT)\n"
		      "Source-IP: 192.0.2.1\n"
		      "Reporting-MTA: dns; mta1011.mail.tp2.example\n");

	(void)state;
	assert_int_equal(f.reason, REASON_AUTH_REPORT);
	check_str(f.reporting_mta, "mta1011.mail.tp2.example", "host");
	assert_int_equal(f.arrival_date, 1318104958);
	assert_int_equal(f.n, 0);
}

/* The registry of RFC 5965 7.3 and later, and what providers made of it. */
static void knows_the_types(void **state)
{
	static const struct {
		const char *type;
		enum verdict_reason reason;
	} rows[] = {
		{"abuse",        REASON_ABUSE       },
		{"Abuse",        REASON_ABUSE       },
		{"fraud",        REASON_FRAUD       },
		{"virus",        REASON_VIRUS_REPORT},
		{"not-spam",     REASON_NOT_SPAM    }, /* RFC 6430 */
		{"auth-failure", REASON_AUTH_REPORT }, /* RFC 6591 */
		{"opt-out",      REASON_UNSUBSCRIBE },
		{"unheard-of",   REASON_ABUSE       }, /* 3.5: as abuse */
		{"",             REASON_ABUSE       },
	};

	char body[100];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(body, sizeof(body), "Feedback-Type: %s\nVersion: 1\n",
			rows[i].type);
		if (parse(body).reason != rows[i].reason)
			fail_msg("'%s' is %s", rows[i].type,
				reason_word(parse(body).reason));
	}
	/* 3.1: it comes once; the first counts */
	assert_int_equal(
		parse("Feedback-Type: fraud\nFeedback-Type: abuse\n").reason,
		REASON_FRAUD);
	assert_int_equal(parse("").reason, REASON_ABUSE);
}

/* 3.2: Original-Rcpt-To may come often; RFC 6533's form of an address. */
static void reads_recipients(void **state)
{
	struct feedback f =
		parse("Original-Rcpt-To: <a@example.com>\n"
		      "Original-Rcpt-To:\n"
		      "Original-Rcpt-To : b@example.com\n"
		      "Original-Rcpt-To: utf-8;c\\x{FC}@example.org\n"
		      "Arrival-Date: no date\n");
	struct str many = repeat("", "Original-Rcpt-To: a@example.com\n",
		RFC5965_RECIPIENTS_MAX + 5, "");

	(void)state;
	assert_int_equal(f.n, 3);
	check_str(f.recipient[0], "<a@example.com>", "first");
	check_str(f.recipient[1], "b@example.com", "second");
	check_str(f.recipient[2], "c\xc3\xbc@example.org", "third");
	assert_int_equal(f.arrival_date, 0);
	rfc5965_parse(&arena, many, &f);
	assert_int_equal(f.n, RFC5965_RECIPIENTS_MAX);
	slice_free(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(reads_the_simple_report),
		ARENA_TEST(reads_the_full_report),
		ARENA_TEST(reads_the_failure_report),
		ARENA_TEST(knows_the_types),
		ARENA_TEST(reads_recipients),
	};

	return cmocka_run_group_tests_name(
		"parsers-rfc5965", tests, NULL, NULL);
}
