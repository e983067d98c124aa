/* daemon/report/local_part.c: what is written into a form to get past it. */
#include "test.h"

#include "report/local_part.h"

static const struct {
	const char *local;
	enum local_part is;
} cases[] = {
	{"asdf",		     LOCAL_PART_JUNK     },
	{"test",		     LOCAL_PART_JUNK     },
	{"test123",                  LOCAL_PART_JUNK     },
	{"none",		     LOCAL_PART_JUNK     },
	{"aaaa",		     LOCAL_PART_JUNK     },
	{"zzz99",		    LOCAL_PART_JUNK     },
	{"asdasd",		   LOCAL_PART_JUNK     },
	{"sdfgsdfg",                 LOCAL_PART_JUNK     },
	{"dfgkjhdfg",                LOCAL_PART_JUNK     },
	{"xcvbnm",		   LOCAL_PART_JUNK     },
	{"wrtzuiop",                 LOCAL_PART_JUNK     },
	{"12345",		    LOCAL_PART_JUNK     },
	{"john..smith",              LOCAL_PART_MALFORMED},
	{".john",		    LOCAL_PART_MALFORMED},
	{"john.",		    LOCAL_PART_MALFORMED},
	{"john smith",               LOCAL_PART_MALFORMED},
	{"",			 LOCAL_PART_MALFORMED},
 /* People. */
	{"anna.schmidt",             LOCAL_PART_PLAIN    },
	{"hrdlicka",                 LOCAL_PART_PLAIN    },
	{"szczepanski",              LOCAL_PART_PLAIN    },
	{"strnad",		   LOCAL_PART_PLAIN    },
	{"schwartz",                 LOCAL_PART_PLAIN    },
	{"pierre",		   LOCAL_PART_PLAIN    },
	{"pierre1978",               LOCAL_PART_PLAIN    },
	{"ng",		       LOCAL_PART_PLAIN    },
	{"jks82",		    LOCAL_PART_PLAIN    },
	{"lulu",		     LOCAL_PART_PLAIN    },
	{"coco",		     LOCAL_PART_PLAIN    },
	{"salah",		    LOCAL_PART_PLAIN    },
	{"info",		     LOCAL_PART_PLAIN    },
	{"wright",		   LOCAL_PART_PLAIN    },
	{"testa.rossa",              LOCAL_PART_PLAIN    },
	{"0171234567",               LOCAL_PART_PLAIN    },
	{"dpdcnf87nu",               LOCAL_PART_PLAIN    }, /* as Apple gives them out */
	{"\xe6\x9d\x8e\xe6\x98\x8e", LOCAL_PART_PLAIN    },
};

static void looks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (local_part_look(str_from(cases[i].local)) != cases[i].is)
			fail_msg("'%s' is %d", cases[i].local,
				local_part_look(str_from(cases[i].local)));
}

static void needs_a_domain(void **state)
{
	(void)state;
	assert_true(local_part_no_domain(str_from("gmail")));
	assert_false(local_part_no_domain(str_from("example.org")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks),
		cmocka_unit_test(needs_a_domain),
	};

	return cmocka_run_group_tests_name(
		"daemon-local_part", tests, NULL, NULL);
}
