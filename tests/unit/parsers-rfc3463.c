/* Codes in the middle of sentences, and what a code means by itself. */
#include "test.h"

#include "rfc3463.h"

static struct status code(unsigned class, unsigned subject, unsigned detail)
{
	return (struct status){
		(uint8_t) class, (uint16_t)subject, (uint16_t)detail};
}

static void codes_are_found(void **state)
{
	static const struct {
		const char *text;
		int smtp;
		struct status status;
	} rows[] = {
		{"550 5.1.1 <u@d.example>... User unknown", 550, {5, 1, 1}  },
		{"550-5.1.1 does not\n550 5.1.1 exist",     550, {5, 1, 1}  },
		{"host mx[192.0.2.1] said: 452 4.2.2 full", 452, {4, 2, 2}  },
		{"Remote host said: 550 no (#5.1.1)",       550, {5, 1, 1}  },
		{"554 4.4.7 expired <421 4.4.2 timed out>", 421, {4, 4, 2}  },
		{"550 5.7.509 Access denied",               550, {5, 7, 509}},
		{"RCPT TO not accepted: 5.7.1 no",          0,   {5, 7, 1}  },
		{"550 5.0.0 said 550 5.1.1 here",           550, {5, 1, 1}  },
		{"550 5.1.1 first, then 5.0.0",             550, {5, 1, 1}  },
 /* no codes: addresses of hosts, versions, counts, sizes */
		{"connect to 5.1.2.3: no",                  0,   {0, 0, 0}  },
		{"Exim 4.80.1 here",                        0,   {0, 0, 0}  },
		{"version 4.8.5.36",                        0,   {0, 0, 0}  },
		{"after 421 attempts",                      0,   {0, 0, 0}  },
		{"SIZE=5501 and 55012",                     0,   {0, 0, 0}  },
		{"421 4.7.0 deferred - 4.16.55.1; see",     421, {4, 7, 0}  },
		{"x5.1.1 and a5.1.1b",                      0,   {0, 0, 0}  },
		{"",					0,   {0, 0, 0}  },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rfc3463_reply r;

		rfc3463_scan(str_from(rows[i].text), &r);
		if (r.smtp != rows[i].smtp ||
			r.status.class != rows[i].status.class ||
			r.status.subject != rows[i].status.subject ||
			r.status.detail != rows[i].status.detail)
			fail_msg("'%s': %d %u.%u.%u", rows[i].text, r.smtp,
				r.status.class, r.status.subject,
				r.status.detail);
	}
}

static void field_and_reply(void **state)
{
	struct status s;

	(void)state;
	s = rfc3463_choose(code(5, 0, 0), code(5, 1, 1));
	assert_int_equal(s.detail, 1);
	s = rfc3463_choose(code(5, 1, 1), code(5, 0, 0));
	assert_int_equal(s.detail, 1);
	s = rfc3463_choose(code(4, 4, 7), code(4, 7, 1));
	assert_int_equal(s.subject, 7);
	s = rfc3463_choose(code(5, 1, 1), code(5, 1, 0));
	assert_int_equal(s.detail, 1);
	s = rfc3463_choose(code(5, 1, 1), code(0, 0, 0));
	assert_int_equal(s.detail, 1);
	s = rfc3463_choose(code(0, 0, 0), code(0, 0, 0));
	assert_int_equal(s.class, 0);
}

static void codes_mean(void **state)
{
	static const struct {
		struct status s;
		enum verdict_reason reason;
	} rows[] = {
		{{5, 1, 1},   REASON_USER_UNKNOWN    },
		{{4, 1, 1},   REASON_UNDETERMINED    },
		{{5, 1, 0},   REASON_UNDETERMINED    },
		{{5, 1, 10},  REASON_DOMAIN_NO_MAIL  },
		{{4, 2, 2},   REASON_MAILBOX_FULL    },
		{{5, 2, 1},   REASON_MAILBOX_DISABLED},
		{{5, 4, 4},   REASON_DOMAIN_UNKNOWN  },
		{{4, 4, 7},   REASON_EXPIRED         },
		{{5, 7, 1},   REASON_POLICY          },
		{{5, 7, 25},  REASON_NO_PTR          },
		{{5, 7, 26},  REASON_AUTH_FAILURE    },
		{{5, 7, 18},  REASON_OWNER_CHANGED   },
		{{5, 7, 606}, REASON_REPUTATION      },
		{{4, 7, 650}, REASON_REPUTATION      },
		{{5, 7, 133}, REASON_RESTRICTED      },
		{{5, 5, 1},   REASON_PROTOCOL_ERROR  },
		{{5, 0, 0},   REASON_UNDETERMINED    },
		{{2, 1, 5},   REASON_NONE            },
		{{0, 0, 0},   REASON_NONE            },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rfc3463_reason(rows[i].s) != rows[i].reason)
			fail_msg("%u.%u.%u: %s", rows[i].s.class,
				rows[i].s.subject, rows[i].s.detail,
				reason_word(rfc3463_reason(rows[i].s)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_found),
		cmocka_unit_test(field_and_reply),
		cmocka_unit_test(codes_mean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
