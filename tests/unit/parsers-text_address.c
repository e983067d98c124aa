/* Which address a line is about, where many '@' and brackets stand in it. */
#include "slices.h"

#include "text.h"

static void brackets(void **state)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{"<a b@c.example>",                       "b@c.example"             },
		{"<a@b.example",                          "a@b.example"             },
		{"a@b.example>",                          "a@b.example"             },
		{"<a@b@c.example>",                       "a@b@c.example"           },
		{"<@a,@b.example:u@c.example>",           "u@c.example"             },
		{"<x<a@b.example>",                       "a@b.example"             },
		{"<a@b.example<",                         "a@b.example"             },
		{"<@> <a@b.example>",                     "a@b.example"             },
		{"<a@> <@b>",                             NULL                      },
		{"a@ @ <u@c.example>",                    "u@c.example"             },
		{"<mailto:a@b.example>",                  "a@b.example"             },
		{"a@b.example <mailto:c@d.example>",      "a@b.example"             },
		{"a@b.example <c@d.example",              "a@b.example"             },
		{"a@b.example <",                         "a@b.example"             },
		{"<\"a@b\"@c.example>",                   "\"a@b\"@c.example"       },
		{"\"@b.example",                          NULL                      },
		{"\"a\"@b.example",                       "\"a\"@b.example"         },
		{"a\"@b.example",                         NULL                      },
		{"an j\u00fcrgen.m\u00fcller@b.example:",
                 "j\u00fcrgen.m\u00fcller@b.example"                                },
		{"\u00fc@b.example",                      "\u00fc@b.example"        },
		{"anna@b\u00fccher.example.",             "anna@b\u00fccher.example"},
		{"\u0438\u0432\u0430\u043d@b.example",
                 "\u0438\u0432\u0430\u043d@b.example"                               },
		{"\u00abanna@b.example\u00bb",            "anna@b.example"          },
		{"\u5b9b\u5148taro@b.example\u306b",      "taro@b.example"          },
		{"a@-.",				  NULL                      },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_str(text_address(fresh(rows[i].line)), rows[i].want,
			rows[i].line);
}

static void find(struct str s)
{
	text_address(s);
}

/* A line of nothing but '@' took 17 s for a quarter of this. */
static void stays_linear(void **state)
{
	static const char *const heads[] = {"", "<", "<:", "\"", "aaaa"};
	static const char *const units[] = {"@", "@.", "\"@", "<@", "@<", "'@",
		"@>", "a@<", " @", "<@:", ":@", "-@"};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		check_linear(heads[i], units, sizeof(units) / sizeof(*units),
			"", find);
		check_linear(heads[i], units, sizeof(units) / sizeof(*units),
			":>", find);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(brackets),
		ARENA_TEST(stays_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
