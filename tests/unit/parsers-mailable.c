/*
 * parsers/mailable.c: what may stand in a To. The cases are those of RFC 5322
 * 3.4.1 and RFC 5321 4.1.2. Shown to fail with address_parse() in its place,
 * which takes most of the wrong ones.
 */
#include "test.h"

#include "mailable.h"

static void takes_addresses(void **state)
{
	static const char *const good[] = {"a@example.com",
		"A.b-c+d@EXAMPLE.com", "o'hara@example.com",
		"!#$%&'+-/=^_`{|}~@example.com", "\"a b\"@example.com",
		"\"a@b\"@example.com", "\"a..b\"@example.com",
		"\"a\\\"b\\\\\"@example.com", "\"a*b\"@example.com",
		"a@localhost", "a@xn--bcher-kva.example", "a@[192.0.2.1]",
		"a@[IPv6:2001:db8::1]",
		"12345678901234567890123456789012345678901234567890123456789012"
		"34"
		"@example.com"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (mailable_error(str_from(good[i])))
			fail_msg("%s: %s", good[i],
				mailable_error(str_from(good[i])));
		assert_null(mailable_sender_error(str_from(good[i])));
	}
}

static void refuses_others(void **state)
{
	static const struct {
		const char *address, *why;
	} bad[] = {
		{"",				    "such as"           },
		{"a",				   "such as"           },
		{"m\xc3\xbcller@example.com",           "ASCII before the @"},
		{"\"m\xc3\xbcller\"@example.com",       "ASCII before the @"},
		{"a@b\xc3\xbc"
		 "cher.example",       "xn--"              },
		{"a(b)@example.com",                    "in quotes"         },
		{"a;b@example.com",                     "in quotes"         },
		{"a,b@example.com",                     "in quotes"         },
		{"a b@example.com",                     "in quotes"         },
		{"a:b@example.com",                     "in quotes"         },
		{"<a@example.com>",                     "in quotes"         },
		{"A <a@example.com>",                   "in quotes"         },
		{"@x.example:a@example.com",            "in quotes"         },
		{"*@example.com",                       "in quotes"         },
		{"a?@example.com",                      "in quotes"         },
		{".a@example.com",                      "in quotes"         },
		{"a.@example.com",                      "in quotes"         },
		{"a..b@example.com",                    "in quotes"         },
		{"@example.com",                        "in quotes"         },
		{"a\n@example.com",                     "in quotes"         },
		{"\"a\n\"@example.com",                 "in quotes"         },
		{"\"a\"b\"@example.com",                "in quotes"         },
		{"\"a@example.com",                     "in quotes"         },
		{"\"a\\\"@example.com",                 "in quotes"         },
		{"\"a\".b@example.com",                 "in quotes"         },
		{"12345678901234567890123456789012345678901234567890123456789"
		 "012345@example.com", "64 at most"        },
		{"a@",				  "after the @"       },
		{"a@example.com.",                      "after the @"       },
		{"a@b@example.com",                     "after the @"       },
		{"a@example.com, b@example.com",        "after the @"       },
		{"a@example.com\nBcc: b@example.com",   "after the @"       },
		{"a@192.0.2.1",                         "after the @"       },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *why = mailable_error(str_from(bad[i].address));

		if (!why || !strstr(why, bad[i].why))
			fail_msg("%s: %s", bad[i].address, why ? why : "good");
	}
}

static void knows_senders(void **state)
{
	static const char *const good[] = {"bouncewatch", "bw.news",
		"Bounce watch <bw@example.com>", "<bw@example.com>",
		"\"Watch, the\" <bw@example.com>"};
	static const char *const bad[] = {"", "b w", "b\xc3\xbc", "bw@",
		"B\xc3\xbc <bw@example.com>", "a@example.com <bw@example.com>",
		"a, b <bw@example.com>", "a <m\xc3\xbc@example.com>", "a <b>",
		">", "a\nb <bw@example.com>", "a@example.com, b@example.com"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (mailable_sender_error(str_from(good[i])))
			fail_msg("%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!mailable_sender_error(str_from(bad[i])))
			fail_msg("%s", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_addresses),
		cmocka_unit_test(refuses_others),
		cmocka_unit_test(knows_senders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
