/* Folder names as servers want them (the examples of RFC 3501 5.1.3, too). */
#include <string.h>

#include "imap_name.h"
#include "test.h"

static const struct {
	const char *name, *prefix;
	char delimiter;
	const char *wire; /* NULL: refused */
} names[] = {
	{"INBOX",		    "INBOX.", '.',  "INBOX"                          },
	{"inbox",		    "",       '/',  "INBOX"                          },
	{"Bounces",                  "",       '/',  "Bounces"                        },
	{"Bounces",                  "INBOX.", '.',  "INBOX.Bounces"                  },
	{"INBOX/Bounces",            "INBOX.", '.',  "INBOX.Bounces"                  },
	{"INBOX.Bounces",            "INBOX.", '.',  "INBOX.Bounces"                  },
	{"inbox/Bounces",            "INBOX.", '.',  "inbox.Bounces"                  },
	{"Archive/2026",             "",       '.',  "Archive.2026"                   },
	{"Archive/2026",             "",       '\0', "Archive/2026"                   },
	{"a.b",		      "",       '/',  "a.b"                            },
	{"~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac"
	 "\xe8\xaa\x9e",    "",       '/',  "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
	{"R\xc3\xbc"
	 "ckl\xc3\xa4ufer", "",       '/',  "R&APw-ckl&AOQ-ufer"             },
	{"a & b",		    "",       '/',  "a &- b"                         },
	{"\xf0\x9f\x93\xac",         "",       '/',  "&2D3c7A-"                       },
	{"&\xc3\xa4&",               "",       '/',  "&-&AOQ-&-"                      },
	{"\xc3",		     "",       '/',  NULL                             },
	{"\xc0\xaf",                 "",       '/',  NULL                             },
	{"\xed\xa0\x80",             "",       '/',  NULL                             },
	{"\xe5\x8f",                 "",       '/',  NULL                             },
	{"\xff",		     "",       '/',  NULL                             },
};

static void test_names(void **state)
{
	char out[100];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int r = imap_name_write(names[i].name, names[i].prefix,
			names[i].delimiter, out, sizeof(out));

		assert_int_equal(r, names[i].wire ? 0 : -1);
		if (names[i].wire)
			assert_string_equal(out, names[i].wire);
	}
}

static void test_too_long(void **state)
{
	char out[8];

	(void)state;
	assert_int_equal(imap_name_write("1234567", "", '/', out, 8), 0);
	assert_int_equal(imap_name_write("12345678", "", '/', out, 8), -1);
	assert_int_equal(imap_name_write("7", "123456", '/', out, 8), 0);
	assert_int_equal(imap_name_quote("12345", out, 8), 0);
	assert_int_equal(imap_name_quote("123456", out, 8), -1);
}

static void test_quotes(void **state)
{
	char out[100];

	(void)state;
	assert_int_equal(imap_name_quote("a \"b\\c\"", out, 100), 0);
	assert_string_equal(out, "\"a \\\"b\\\\c\\\"\"");
	assert_int_equal(imap_name_quote("", out, 100), 0);
	assert_string_equal(out, "\"\"");
	assert_int_equal(imap_name_quote("a\r\n2 LOGOUT", out, 100), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
