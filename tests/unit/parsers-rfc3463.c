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

/* RFC 3463 2: a class, a subject, a detail; what is none of it is no code. */
static void codes_are_read(void **state)
{
	static const struct {
		const char *text;
		bool is;
		struct status status;
	} rows[] = {
		{"2.1.5",                true,  {2, 1, 5}  },
		{"4.2.2 full",           true,  {4, 2, 2}  },
		{"5.7.509",              true,  {5, 7, 509}},
		{"5.1.1 (no such user)", true,  {5, 1, 1}  },
		{"5.1.1.",               true,  {5, 1, 1}  },
		{"5.7.1000",             false, {0, 0, 0}  },
		{"5.8.1",                false, {0, 0, 0}  },
		{"3.1.1",                false, {0, 0, 0}  },
		{"1.1.1",                false, {0, 0, 0}  },
		{"55.1.1",               false, {0, 0, 0}  },
		{"5.1",                  false, {0, 0, 0}  },
		{"5.1.",                 false, {0, 0, 0}  },
		{"5..1",                 false, {0, 0, 0}  },
		{"5",                    false, {0, 0, 0}  },
		{"5.",                   false, {0, 0, 0}  },
		{"5.1.1x",               false, {0, 0, 0}  },
		{"5.1.1.1",              false, {0, 0, 0}  },
		{" 5.1.1",               false, {0, 0, 0}  },
		{"",		     false, {0, 0, 0}  },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct status s = {0, 0, 0};
		bool is = rfc3463_parse(str_from(rows[i].text), &s);

		if (is != rows[i].is || s.class != rows[i].status.class ||
			s.subject != rows[i].status.subject ||
			s.detail != rows[i].status.detail)
			fail_msg("'%s': %d %u.%u.%u", rows[i].text, is, s.class,
				s.subject, s.detail);
	}
}

/* RFC 5321 4.2.1: y is 0 to 5; a number in a sentence is no reply. */
static void replies_are_found(void **state)
{
	static const struct {
		const char *text;
		int smtp;
	} rows[] = {
		{"250 2.1.5 ok, 550 later",    250},
		{"250",			250},
		{"550",			550},
		{"550-first\n550 last",        550},
		{"<<< 550 unknown",            550},
		{"responded with 550 unknown", 550},
		{"(550 unknown)",              550},
		{"error 452: full",            452},
		{"it was 550 metres away",     0  },
		{"[550]",                      0  },
		{"580 no such thing",          0  },
		{"650 no such thing",          0  },
		{"we have 550 5.1.1 of them",  550},
		{"a/550 b",                    0  },
		{"host.550 said",              0  },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rfc3463_reply r;

		rfc3463_scan(str_from(rows[i].text), &r);
		if (r.smtp != rows[i].smtp)
			fail_msg("'%s': %d", rows[i].text, r.smtp);
	}
}

static void replies_mean(void **state)
{
	(void)state;
	assert_int_equal(rfc3463_smtp_reason(552), REASON_MAILBOX_FULL);
	assert_int_equal(rfc3463_smtp_reason(551), REASON_ADDRESS_MOVED);
	assert_int_equal(rfc3463_smtp_reason(556), REASON_DOMAIN_NO_MAIL);
	assert_int_equal(rfc3463_smtp_reason(501), REASON_PROTOCOL_ERROR);
	assert_int_equal(rfc3463_smtp_reason(550), REASON_NONE);
	assert_int_equal(rfc3463_smtp_reason(0), REASON_NONE);
}

/* What a code means where the words say nothing: RFC 3463 3 and later. */
static const struct {
	struct status s;
	enum verdict_reason reason;
} codes[] = {
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
 /* x.Y.0 says nothing beyond its class */
	{{5, 2, 0},   REASON_UNDETERMINED    },
	{{5, 3, 0},   REASON_UNDETERMINED    },
	{{5, 5, 0},   REASON_UNDETERMINED    },
	{{4, 0, 0},   REASON_UNDETERMINED    },
 /* X.1.Y: the address */
	{{5, 1, 2},   REASON_DOMAIN_UNKNOWN  },
	{{5, 1, 3},   REASON_ADDRESS_INVALID },
	{{5, 1, 6},   REASON_ADDRESS_MOVED   },
	{{5, 1, 7},   REASON_SENDER_REJECTED },
	{{4, 1, 8},   REASON_SENDER_REJECTED },
	{{5, 1, 351}, REASON_USER_UNKNOWN    },
 /* X.2.Y: the mailbox */
	{{4, 2, 1},   REASON_UNDETERMINED    },
	{{5, 2, 2},   REASON_MAILBOX_FULL    },
	{{5, 2, 3},   REASON_TOO_LARGE       },
	{{5, 2, 4},   REASON_SYSTEM_ERROR    },
	{{5, 2, 122}, REASON_RATE_LIMITED    },
 /* X.3.Y: the mail system */
	{{4, 3, 1},   REASON_SYSTEM_FULL     },
	{{4, 3, 2},   REASON_SYSTEM_ERROR    },
	{{5, 3, 3},   REASON_SYSTEM_ERROR    },
	{{5, 3, 4},   REASON_TOO_LARGE       },
	{{5, 3, 5},   REASON_SYSTEM_ERROR    },
 /* X.4.Y: the network */
	{{4, 4, 1},   REASON_NETWORK_ERROR   },
	{{4, 4, 2},   REASON_NETWORK_ERROR   },
	{{4, 4, 3},   REASON_NETWORK_ERROR   },
	{{5, 4, 310}, REASON_DOMAIN_UNKNOWN  },
	{{5, 4, 312}, REASON_NETWORK_ERROR   },
	{{4, 4, 5},   REASON_RATE_LIMITED    },
	{{5, 4, 6},   REASON_LOOP            },
	{{5, 4, 14},  REASON_LOOP            },
	{{5, 4, 7},   REASON_EXPIRED         },
	{{5, 4, 300}, REASON_EXPIRED         },
	{{5, 4, 316}, REASON_EXPIRED         },
 /* X.5.Y, X.6.Y: the protocol, the content; RFC 6531 */
	{{5, 5, 4},   REASON_PROTOCOL_ERROR  },
	{{5, 6, 1},   REASON_CONTENT         },
	{{5, 6, 7},   REASON_PROTOCOL_ERROR  },
	{{5, 6, 9},   REASON_PROTOCOL_ERROR  },
 /* X.7.Y: security and policy; RFC 7293, 7372, 7505 */
	{{5, 7, 3},   REASON_RELAY_DENIED    },
	{{5, 7, 8},   REASON_RELAY_DENIED    },
	{{5, 7, 14},  REASON_RELAY_DENIED    },
	{{5, 7, 57},  REASON_RELAY_DENIED    },
	{{5, 7, 60},  REASON_RELAY_DENIED    },
	{{5, 7, 10},  REASON_TLS_REQUIRED    },
	{{5, 7, 29},  REASON_TLS_REQUIRED    },
	{{5, 7, 13},  REASON_MAILBOX_DISABLED},
	{{5, 7, 17},  REASON_OWNER_CHANGED   },
	{{5, 7, 20},  REASON_AUTH_FAILURE    },
	{{5, 7, 24},  REASON_AUTH_FAILURE    },
	{{5, 7, 27},  REASON_AUTH_FAILURE    },
	{{5, 7, 30},  REASON_AUTH_FAILURE    },
	{{5, 7, 509}, REASON_AUTH_FAILURE    },
	{{5, 7, 515}, REASON_AUTH_FAILURE    },
	{{4, 7, 28},  REASON_RATE_LIMITED    },
	{{5, 7, 124}, REASON_RESTRICTED      },
	{{5, 7, 136}, REASON_RESTRICTED      },
	{{5, 7, 511}, REASON_REPUTATION      },
	{{5, 7, 649}, REASON_REPUTATION      },
	{{4, 7, 500}, REASON_REPUTATION      },
	{{4, 7, 699}, REASON_REPUTATION      },
	{{0, 0, 0},   REASON_NONE            },
};

static void codes_mean(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (rfc3463_reason(codes[i].s) != codes[i].reason)
			fail_msg("%u.%u.%u: %s", codes[i].s.class,
				codes[i].s.subject, codes[i].s.detail,
				reason_word(rfc3463_reason(codes[i].s)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_found),
		cmocka_unit_test(field_and_reply),
		cmocka_unit_test(codes_are_read),
		cmocka_unit_test(replies_are_found),
		cmocka_unit_test(replies_mean),
		cmocka_unit_test(codes_mean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
