/* HTML, as far as a bounce needs it. */
#include "test.h"

#include "html.h"

static void texts(void **state)
{
	static const struct {
		const char *html, *want;
	} rows[] = {
		{"<p>No <b>such</b> user</p>",                 "\nNo such user\n"       },
		{"a<br>b<br/>c",                               "a\nb\nc"                },
		{"<td>a@b.example</td><td>550</td>",           "\na@b.example\n\n550\n" },
		{"&lt;a&#64;b.example&gt; &amp; &#x41;",       "<a@b.example> & A"      },
		{"<style>p { x }</style>x<script>y</script>z", "xz"                     },
		{"<!-- no <b> -->x",                           "x"                      },
		{"1 < 2 & 3 > 2",                              "1 < 2 & 3 > 2"          },
		{"&#34;&#228;&#x20ac;&#X1F600;",
                 "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"                               },
		{"a&nbsp;b&#160;c&#xA0;d",                     "a b c d"                },
		{"&quot;&apos;&LT;",                           "\"'<"                   },
		{"&#12x; &#xG; &#x110000; &#; &",
                 "&#12x; &#xG; &#x110000; &#; &"                                        },
		{"&amp without its end",                       "&amp without its end"   },
		{"a<!DOCTYPE html>b<?xml?>c</p>d",             "abc\nd"                 },
		{"<>a< b>",				    "<>a< b>"                },
		{"<!-- never closed",                          ""                       },
		{"<SCRIPT>x</Script >y",                       "y"                      },
		{"x</style>y",				 "xy"                     },
		{"&unknown; &#0; &#xD800;",                    "&unknown; &#0; &#xD800;"},
		{"<unclosed",				  ""                       },
		{"<style>never closed",                        ""                       },
		{"&",					  "&"                      },
		{"",					   ""		       },
	};
	struct arena a;

	(void)state;
	arena_init(&a, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str got = html_text(&a, str_from(rows[i].html));

		if (!str_eq(got, str_from(rows[i].want)))
			fail_msg("'%s' -> '" STR_FMT "'", rows[i].html,
				STR_ARG(got));
	}
	arena_release(&a);
	arena_init(&a, 1);
	assert_null(html_text(&a, str_from("<p>no memory")).p);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
