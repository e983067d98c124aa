/* daemon/export.c and export/: each format as its readers want it. */
#include "test.h"

#include <string.h>

#include "export_writer.h"
#include "out_file.h"

static const struct query_suppression rows[] = {
	{
         .address = STR("a@example.org"),
         .scope = STR("*"),
         .state = STATE_SUPPRESSED,
         .reason = REASON_USER_UNKNOWN,
         .cause = CAUSE_POLICY,
         .since = 86400,
	 },
	{
         .address = STR("a@example.org"),
         .scope = STR("news, weekly"),
         .state = STATE_SUPPRESSED,
         .reason = REASON_ABUSE,
         .cause = CAUSE_POLICY,
         .since = 0,
         .expires_at = 172800,
	 },
	{
         .address = STR("+b@example.org"),
         .scope = STR("*"),
         .state = STATE_SUPPRESSED,
         .reason = REASON_MANUAL,
         .cause = CAUSE_HAND,
         .since = 1,
	 },
	{
         .address = STR("evil\n@example.org"),
         .scope = STR("*"),
         .state = STATE_SUPPRESSED,
         .reason = REASON_USER_UNKNOWN,
         .cause = CAUSE_POLICY,
         .since = 1,
	 },
};

/* The writer of the test that runs, closed. */
static struct export_writer writer;

static const char *written(const char *format, bool removals, bool hashed,
	const struct query_suppression *list, size_t n)
{
	struct env env = {.out = out_file_open()};

	writer = (struct export_writer){.env = &env,
		.format = export_find(format),
		.removals = removals,
		.hashed = hashed};
	assert_non_null(writer.format);
	assert_int_equal(export_writer_open(&writer), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(export_writer_row(&writer, &list[i]), 0);
	assert_int_equal(export_writer_finish(&writer), 0);
	export_writer_close(&writer);
	return out_file_close(NULL);
}

static const char *exported(const char *format)
{
	return written(
		format, false, false, rows, sizeof(rows) / sizeof(rows[0]));
}

/* One line an address, once, and nothing that is two lines. */
static void writes_plain(void **state)
{
	(void)state;
	assert_string_equal(
		exported("plain"), "a@example.org\n+b@example.org\n");
	assert_int_equal((int)writer.rows, 2);
	assert_int_equal(export_writer_left_out(&writer), 1);
}

static void writes_csv(void **state)
{
	(void)state;
	assert_string_equal(exported("csv"),
		"address,scope,state,class,reason,cause,since,expires\r\n"
		"a@example.org,*,suppressed,hard,user-unknown,policy,"
		"1970-01-02T00:00:00Z,\r\n"
		"a@example.org,\"news, weekly\",suppressed,complaint,abuse,"
		"policy,1970-01-01T00:00:00Z,1970-01-03T00:00:00Z\r\n"
		"'+b@example.org,*,suppressed,,manual,hand,"
		"1970-01-01T00:00:01Z,\r\n"
		"\"evil\n@example.org\",*,suppressed,hard,user-unknown,"
		"policy,1970-01-01T00:00:01Z,\r\n");
}

static void writes_jsonl(void **state)
{
	const char *text = exported("jsonl");

	(void)state;
	assert_int_equal(strncmp(text,
				 "{\"v\":1,\"address\":\"a@example.org\","
				 "\"scope\":\"*\",\"state\":\"suppressed\","
				 "\"class\":\"hard\",\"reason\":\"user-unknown"
				 "\",\"cause\":\"policy\",\"since\":"
				 "\"1970-01-02T00:00:00Z\",\"expires\":null}\n",
				 150),
		0);
	assert_non_null(strstr(text, "\"address\":\"+b@example.org\""));
	assert_non_null(strstr(text, "\"evil\\n@example.org\""));
	assert_int_equal((int)writer.rows, 4);
}

/* --- platforms: expected bytes are written by hand from their documents --- */

/* 2024-05-06T18:11:58Z */
#define MAY 1715019118

#define ROW(address_, scope_, reason_)                                         \
	{                                                                      \
		.address = STR(address_), .scope = STR(scope_),                \
		.state = STATE_SUPPRESSED, .reason = (reason_),                \
		.cause = CAUSE_POLICY, .since = MAY                            \
	}

/* What ordinary, and what odd addresses bring. */
static const struct query_suppression few[] = {
	ROW("foo@example.com", "*", REASON_USER_UNKNOWN),
	ROW("foo@example.com", "news", REASON_ABUSE),
	ROW("bar@example.com", "news", REASON_ABUSE),
	ROW("+x@example.com", "*", REASON_MANUAL),
	ROW("#y@example.com", "*", REASON_DOMAIN_UNKNOWN),
	ROW("\"a, \\\"b\\\"\"@example.com", "*", REASON_DOMAIN_NO_MAIL),
	ROW("\xc3\xa9@example.com", "*", REASON_USER_UNKNOWN),
	ROW("evil\n@example.com", "*", REASON_USER_UNKNOWN),
	ROW("bad\xff@example.com", "*", REASON_USER_UNKNOWN),
};
#define FEW (sizeof(few) / sizeof(few[0]))

static void writes(const char *format, const char *adds, const char *removals)
{
	assert_string_equal(written(format, false, false, few, FEW), adds);
	assert_string_equal(written(format, true, false, few, FEW), removals);
}

/* Cut at commas, so nothing that has one; ASCII. */
static void writes_ses(void **state)
{
	(void)state;
	writes("ses",
		"foo@example.com,BOUNCE\n"
		"bar@example.com,COMPLAINT\n"
		"+x@example.com,BOUNCE\n"
		"#y@example.com,BOUNCE\n",
		"foo@example.com\n"
		"bar@example.com\n"
		"+x@example.com\n"
		"#y@example.com\n");
	assert_int_equal(export_writer_left_out(&writer), 4);
	writes("ses-json",
		"{\"emailAddress\":\"foo@example.com\",\"reason\":\"BOUNCE\"}\n"
		"{\"emailAddress\":\"bar@example.com\",\"reason\":"
		"\"COMPLAINT\"}\n"
		"{\"emailAddress\":\"+x@example.com\",\"reason\":\"BOUNCE\"}\n"
		"{\"emailAddress\":\"#y@example.com\",\"reason\":\"BOUNCE\"}\n"
		"{\"emailAddress\":\"\\\"a, "
		"\\\\\\\"b\\\\\\\"\\\"@example.com\","
		"\"reason\":\"BOUNCE\"}\n",
		"{\"emailAddress\":\"foo@example.com\"}\n"
		"{\"emailAddress\":\"bar@example.com\"}\n"
		"{\"emailAddress\":\"+x@example.com\"}\n"
		"{\"emailAddress\":\"#y@example.com\"}\n"
		"{\"emailAddress\":\"\\\"a, "
		"\\\\\\\"b\\\\\\\"\\\"@example.com\"}"
		"\n");
	assert_int_equal(export_writer_left_out(&writer), 3);
}

/* RFC 4180 without the guard of spreadsheets; dates of RFC 2822. */
static void writes_mailgun(void **state)
{
	(void)state;
	writes("mailgun",
		"address,code,error,created_at\r\n"
		"foo@example.com,550,user-unknown,"
		"\"Mon, 06 May 2024 18:11:58 +0000\"\r\n"
		"bar@example.com,550,abuse,"
		"\"Mon, 06 May 2024 18:11:58 +0000\"\r\n"
		"+x@example.com,550,manual,"
		"\"Mon, 06 May 2024 18:11:58 +0000\"\r\n"
		"#y@example.com,550,domain-unknown,"
		"\"Mon, 06 May 2024 18:11:58 +0000\"\r\n"
		"\"\"\"a, \\\"\"b\\\"\"\"\"@example.com\",556,domain-no-mail,"
		"\"Mon, 06 May 2024 18:11:58 +0000\"\r\n"
		"\xc3\xa9@example.com,550,user-unknown,"
		"\"Mon, 06 May 2024 18:11:58 +0000\"\r\n",
		"foo@example.com\n"
		"bar@example.com\n"
		"+x@example.com\n"
		"#y@example.com\n"
		"\"a, \\\"b\\\"\"@example.com\n"
		"\xc3\xa9@example.com\n");
	assert_int_equal(export_writer_left_out(&writer), 2);
}

static void writes_bodies_of_calls(void **state)
{
	(void)state;
	writes("sendgrid",
		"{\"recipient_emails\":[\"foo@example.com\","
		"\"bar@example.com\",\"+x@example.com\",\"#y@example.com\","
		"\"\\\"a, \\\\\\\"b\\\\\\\"\\\"@example.com\"]}\n",
		"{\"email\":\"foo@example.com\"}\n"
		"{\"email\":\"bar@example.com\"}\n"
		"{\"email\":\"+x@example.com\"}\n"
		"{\"email\":\"#y@example.com\"}\n"
		"{\"email\":\"\\\"a, \\\\\\\"b\\\\\\\"\\\"@example.com\"}\n");
	/* The same body adds and deletes. */
	for (int removals = 0; removals < 2; removals++)
		assert_string_equal(
			written("postmark", removals, false, few, 4),
			"{\"Suppressions\":["
			"{\"EmailAddress\":\"foo@example.com\"},"
			"{\"EmailAddress\":\"bar@example.com\"},"
			"{\"EmailAddress\":\"+x@example.com\"}]}\n");
	/* Nothing is no call. */
	assert_string_equal(written("postmark", false, false, few, 0), "");
	/* A complaint about a newsletter stops no password reset. */
	assert_string_equal(written("sparkpost", false, false, few, 3),
		"{\"recipients\":["
		"{\"recipient\":\"foo@example.com\",\"type\":"
		"\"non_transactional\",\"description\":\"user-unknown\"},"
		"{\"recipient\":\"foo@example.com\",\"type\":"
		"\"transactional\",\"description\":\"user-unknown\"},"
		"{\"recipient\":\"bar@example.com\",\"type\":"
		"\"non_transactional\",\"description\":\"abuse\"}]}\n");
	assert_string_equal(written("sparkpost", true, false, few, 3),
		"{\"recipient\":\"foo@example.com\",\"type\":"
		"\"non_transactional\"}\n"
		"{\"recipient\":\"foo@example.com\",\"type\":"
		"\"transactional\"}\n"
		"{\"recipient\":\"bar@example.com\",\"type\":"
		"\"non_transactional\"}\n");
}

static void writes_lists_of_contacts(void **state)
{
	static const char *const formats[] = {"mailchimp", "listmonk"};
	static const char *const heads[] = {"Email Address", "email"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char want[512];

		snprintf(want, sizeof(want),
			"%s\r\nfoo@example.com\r\nbar@example.com\r\n"
			"+x@example.com\r\n#y@example.com\r\n"
			"\"\"\"a, \\\"\"b\\\"\"\"\"@example.com\"\r\n"
			"\xc3\xa9@example.com\r\n",
			heads[i]);
		writes(formats[i], want, want);
	}
}

/* The only platform that is told when a suppression ends. */
static void writes_cloudflare(void **state)
{
	struct query_suppression two[] = {
		ROW("foo@example.com", "*", REASON_MAILBOX_FULL),
		ROW("a,b@example.com", "*", REASON_USER_UNKNOWN),
		ROW("bar@example.com", "*", REASON_USER_UNKNOWN),
	};

	(void)state;
	two[0].expires_at = MAY;
	assert_string_equal(written("cloudflare", false, false, two, 3),
		"foo@example.com,2024-05-06T18:11:58Z\nbar@example.com\n");
	assert_int_equal(export_writer_left_out(&writer), 1);
	assert_string_equal(written("cloudflare", true, false, two, 3),
		"foo@example.com\nbar@example.com\n");
	assert_true(export_find("cloudflare")->has_expiry);
}

/*
 * access(5): the key as postmap reads it, and as smtpd looks for it where that
 * is another; what cannot be a key at all is left out. The file of lsearch has
 * quotes for all of them.
 */
static void writes_tables_of_mailers(void **state)
{
	static const struct query_suppression keys[] = {
		ROW("a@example.com", "*", REASON_USER_UNKNOWN),
		ROW("#b@example.com", "*", REASON_ABUSE),
		ROW("\"c d\"@example.com", "*", REASON_MANUAL),
		ROW("\"e,f\"@example.com", "*", REASON_MANUAL),
		ROW("\"#g:\"@example.com", "*", REASON_MANUAL),
		ROW("\"h\\\\\\\"\"@example.com", "*", REASON_MANUAL),
		ROW("i@[ipv6:2001:db8::1]", "*", REASON_MANUAL),
	};

	(void)state;
#define ACCESS(key, reason)                                                    \
	key "\t550 5.7.1 recipient is on the suppression list (" reason ")\n"
#define LSEARCH(key, reason)                                                   \
	key ": recipient is on the suppression list (" reason ")\n"
	assert_string_equal(written("postfix-access", false, false, keys, 7),
		ACCESS("a@example.com", "user-unknown") ACCESS(
			"\"c d\"@example.com",
			"manual") ACCESS("\"e,f\"@example.com",
			"manual") ACCESS("e,f@example.com", "manual")
			ACCESS("\"#g:\"@example.com", "manual") ACCESS(
				"\"h\\\\\\\"\"@example.com", "manual")
				ACCESS("i@[ipv6:2001:db8::1]", "manual"));
	assert_int_equal(export_writer_left_out(&writer), 1);
	assert_string_equal(written("postfix-access", true, false, keys, 4),
		"a@example.com\n\"c d\"@example.com\n\"e,f\"@example.com\n"
		"e,f@example.com\n");
	assert_string_equal(written("exim-lsearch", false, false, keys, 7),
		LSEARCH("a@example.com", "user-unknown") LSEARCH(
			"\"#b@example.com\"",
			"abuse") LSEARCH("\"\\\"c d\\\"@example.com\"",
			"manual") LSEARCH("\"c d@example.com\"",
			"manual") LSEARCH("\"\\\"e,f\\\"@example.com\"",
			"manual") LSEARCH("e,f@example.com",
			"manual") LSEARCH("\"\\\"#g:\\\"@example.com\"",
			"manual") LSEARCH("\"#g:@example.com\"", "manual")
			LSEARCH("\"\\\"h\\\\\\\\\\\\\\\"\\\"@example.com\"",
				"manual") LSEARCH("\"h\\\\\\\"@example.com\"",
				"manual")
				LSEARCH("\"i@[ipv6:2001:db8::1]\"", "manual"));
}

/* Whom Postfix and Exim ask for where a domain is given in its own letters.
 * Shown to fail without with_letters(). */
static void names_domains_as_they_are_written(void **state)
{
	static const struct query_suppression idn[] = {
		ROW("anna@xn--bcher-kva.example", "*", REASON_MANUAL),
		ROW("\"e,f\"@xn--bcher-kva.example", "*", REASON_MANUAL),
		ROW("xn--a@plain.example", "*", REASON_MANUAL),
		ROW("x@xn--0.example", "*", REASON_MANUAL),
	};

	(void)state;
	assert_string_equal(written("postfix-access", true, false, idn, 4),
		"anna@xn--bcher-kva.example\nanna@b\xc3\xbc"
		"cher.example\n"
		"\"e,f\"@xn--bcher-kva.example\ne,f@xn--bcher-kva.example\n"
		"\"e,f\"@b\xc3\xbc"
		"cher.example\n"
		"e,f@b\xc3\xbc"
		"cher.example\n"
		"xn--a@plain.example\nx@xn--0.example\n");
	assert_string_equal(written("exim-lsearch", false, false, idn, 1),
		LSEARCH("anna@xn--bcher-kva.example", "manual")
			LSEARCH("anna@b\xc3\xbc"
				"cher.example",
				"manual"));
}

/* SHA-256 of "abc": FIPS 180-2, B.1. */
static void writes_hashes(void **state)
{
	static const struct query_suppression abc[] = {
		ROW("abc", "*", REASON_USER_UNKNOWN),
	};

	(void)state;
	assert_string_equal(written("plain", false, true, abc, 1),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61"
		"f20015ad\n");
	assert_ptr_equal(
		strstr(written("csv", false, true, abc, 1), "sha256,scope,"),
		out_file_text);
	assert_non_null(strstr(written("jsonl", false, true, abc, 1),
		"{\"v\":1,\"sha256\":\"ba7816bf8f01cfea414140de5dae2223b00361"
		"a396177a9cb410ff61f20015ad\",\"scope\""));
}

/* --- parts --- */

/* Write n addresses; the end of a part is a line of its own in standard
 * output only for calls. */
static void many(const char *format, unsigned n)
{
	struct env env = {.out = out_file_open()};
	char buf[64];
	struct query_suppression s = ROW("", "*", REASON_USER_UNKNOWN);

	writer = (struct export_writer){
		.env = &env, .format = export_find(format)};
	assert_int_equal(export_writer_open(&writer), 0);
	for (unsigned i = 0; i < n; i++) {
		snprintf(buf, sizeof(buf), "u%u@example.com", i);
		s.address = str_from(buf);
		assert_int_equal(export_writer_row(&writer, &s), 0);
	}
	assert_int_equal(export_writer_finish(&writer), 0);
	export_writer_close(&writer);
	out_file_close(NULL);
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what)) != NULL) {
		n++;
		text += strlen(what);
	}
	return n;
}

/* Postmark takes 50 a call: 101 are three calls, the last of one. */
static void cuts_into_calls(void **state)
{
	const char *last;

	(void)state;
	many("postmark", 101);
	assert_int_equal(count(out_file_text, "{\"Suppressions\":["), 3);
	assert_int_equal(count(out_file_text, "]}\n"), 3);
	last = strrchr(out_file_text, '[');
	assert_string_equal(
		last, "[{\"EmailAddress\":\"u100@example.com\"}]}\n");
	many("postmark", 50);
	assert_int_equal(count(out_file_text, "\n"), 1);
}

/* A row knows all that is unfit, each by its first. */
static void knows_what_is_unfit(void **state)
{
	static const struct {
		const char *address;
		unsigned fit;
	} cases[] = {
		{"a@example.com",         0                                 },
		{"a+b=c/d'e@example.com", 0                                 },
		{"a\x1f@example.com",     EXPORT_CONTROL                    },
		{"a\x7f@example.com",     EXPORT_CONTROL                    },
		{"\xc3\xa9@example.com",  EXPORT_NOT_ASCII                  },
		{"\xe9@example.com",      EXPORT_NOT_ASCII | EXPORT_BAD_UTF8},
		{"\"a b\"@example.com",   EXPORT_QUOTED                     },
		{"a,b@example.com",       EXPORT_QUOTED                     },
		{"#a@example.com",        EXPORT_HASH                       },
		{"a#b@example.com",       0                                 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(export_fit_of(str_from(cases[i].address)),
			cases[i].fit);
}

static void knows_its_formats(void **state)
{
	(void)state;
	assert_null(export_find("xml"));
	for (size_t i = 0; export_at(i); i++) {
		const struct export_format *f = export_at(i);

		assert_ptr_equal(export_find(f->name), f);
		/* What a person opts out of mixes only where it is said. */
		assert_true(!f->mixes || !strcmp(f->name, "sendgrid"));
		/* Only what an address may be changed in is not refused it. */
		assert_true(f->tells_scope || (f->unfit & EXPORT_CONTROL));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_plain),
		cmocka_unit_test(writes_csv),
		cmocka_unit_test(writes_jsonl),
		cmocka_unit_test(writes_ses),
		cmocka_unit_test(writes_mailgun),
		cmocka_unit_test(writes_bodies_of_calls),
		cmocka_unit_test(writes_lists_of_contacts),
		cmocka_unit_test(writes_cloudflare),
		cmocka_unit_test(writes_tables_of_mailers),
		cmocka_unit_test(writes_hashes),
		cmocka_unit_test(cuts_into_calls),
		cmocka_unit_test(knows_what_is_unfit),
		cmocka_unit_test(names_domains_as_they_are_written),
		cmocka_unit_test(knows_its_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
