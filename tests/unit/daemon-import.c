/* daemon/import.c and import/event_postfix.c: times and log lines of others. */
#include "test.h"

#include <time.h>

#include "import/event.h"

#define NOW 1764000000 /* 2025-11-24T16:00:00Z */

static void reads_times(void **state)
{
	static const struct {
		const char *text;
		int64_t at; /* 0: none */
	} cases[] = {
		{"2025-11-24T16:00:00Z",                      NOW            },
		{"2025-11-24 16:00:00",                       NOW            },
		{"2025-11-24 17:00:00+0100",                  NOW            },
		{"2025-11-24 17:00:00+01:00",                 NOW            },
		{"2025-11-24T14:00:00-0200",                  NOW            },
		{"2025-11-24",				NOW - 16 * 3600},
		{" 1764000000 ",                              NOW            },
		{"2025-11-24T16:00:00.123456+00:00",          NOW            },
		{"2025-11-24 17:00:00.5+0100",                NOW            },
		{"1764000000.25",                             NOW            },
		{"1764000000999",                             NOW            },
		{"Mon, 24 Nov 2025 16:00:00 UTC",             NOW            },
		{"Mon, 24 Nov 2025 11:00:00 -0500",           NOW            },
		{"1764000000.",                               0              },
		{"1764000000.x",                              0              },
		{"17640000009999999",                         0              },
		{"2025-11-24T16:00:00.123456+00:00 and more", 0              },
		{"24 Nov 2025 16:00:00 +0000",                NOW            },
		{"24.11.2025",				0              },
		{"2025-11-31 10:00:00",                       0              },
		{"12",					0              },
		{"",					  0              },
		{"yesterday",				 0              },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t at = 0;
		bool good = import_time(str_from(cases[i].text), &at);

		assert_int_equal(good, cases[i].at != 0);
		if (good)
			assert_int_equal(at, cases[i].at);
	}
}

static void is(struct str got, const char *want)
{
	assert_true(str_eq(got, str_from(want)));
}

static void reads_a_bounce_of_postfix(void **state)
{
	static const struct str line = STR(
		"Nov 23 08:00:01 mx postfix/smtp[71]: 4Xyz: "
		"to=<a@b.example.org>, orig_to=<c@d.example.org>, "
		"relay=mx.b.example.org[192.0.2.1]:25, delay=1, "
		"delays=0.1/0/0.5/0.4, dsn=5.1.1, status=bounced (host "
		"mx.b.example.org[192.0.2.1] said: 550 5.1.1 <a@b.example.org>,"
		" relay=x, dsn=4.0.0 (no) (in reply to RCPT TO command))");
	struct event e;

	(void)state;
	assert_int_equal(event_postfix(line, NOW, &e), EVENT_LOG_EVENT);
	is(e.recipient, "a@b.example.org");
	is(e.original_recipient, "c@d.example.org");
	is(e.status, "5.1.1");
	is(e.remote_mta, "mx.b.example.org");
	is(e.diagnostic,
		"host mx.b.example.org[192.0.2.1] said: 550 5.1.1 "
		"<a@b.example.org>, relay=x, dsn=4.0.0 (no) (in reply to RCPT "
		"TO command)");
	assert_int_equal(e.at, NOW - 86400 - 8 * 3600 + 1);
	assert_int_equal(e.kind, EVENT_KIND_FAILED);
}

static void tells_lines_apart(void **state)
{
	static const struct {
		const char *line;
		enum event_log what;
		int64_t at;
	} cases[] = {
		{"2025-11-24T16:00:00.123456+00:00 mx postfix/lmtp[7]: A1: "
		 "to=<a@b.example.org>, relay=none, delay=0, dsn=5.4.4, "
		 "status=bounced (Host not found)",             EVENT_LOG_EVENT,  NOW               },
 /* of last year: it is not later than a day from now */
		{"Dec 24 16:00:00 mx postfix/smtp[7]: A1: "
		 "to=<a@b.example.org>, relay=none, dsn=5.4.4, "
		 "status=bounced (x)",			  EVENT_LOG_EVENT,  NOW - 335 * 86400L},
		{"Nov 24 16:00:00 mx postfix/smtp[7]: A1: "
		 "to=<a@b.example.org>, relay=mx[192.0.2.1]:25, dsn=2.0.0, "
		 "status=sent (250 ok)",			EVENT_LOG_PASSED, 0                 },
		{"Nov 24 16:00:00 mx postfix/smtp[7]: A1: "
		 "to=<a@b.example.org>, relay=none, dsn=4.4.1, "
		 "status=deferred (timed out)",                 EVENT_LOG_PASSED, 0                 },
		{"Nov 24 16:00:00 mx postfix/qmgr[7]: A1: removed",
                 EVENT_LOG_OTHER,								  0                 },
		{"Nov 24 16:00:00 mx sshd[7]: A1: to=<x@y>, status=bounced (x)",
                 EVENT_LOG_OTHER,								  0                 },
		{"Nov 24 mx postfix/smtp[7]: A1: to=<a@b>, status=bounced (x)",
                 EVENT_LOG_BAD,								    0                 },
		{"Nov 24 16:00:00 mx postfix/smtp[7]: A1: to=<>, dsn=5.0.0, "
		 "status=bounced (x)",			  EVENT_LOG_BAD,    0                 },
		{"",							     EVENT_LOG_OTHER,  0                 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct event e;

		assert_int_equal(
			event_postfix(str_from(cases[i].line), NOW, &e),
			cases[i].what);
		if (cases[i].at)
			assert_int_equal(e.at, cases[i].at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_times),
		cmocka_unit_test(reads_a_bounce_of_postfix),
		cmocka_unit_test(tells_lines_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
