/* Folding: what makes a phrase and a text comparable. */
#include "test.h"

#include "match.h"

static void folds(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"User  Unknown",					    "user unknown"           },
		{"user\n\tunknown\n",					"user unknown "          },
		{"<Jim.Doe+x@Mail.Example.Org>... No",                       "<@>... no"              },
		{"to a@b.example.",					  "to @."                  },
		{"a@b.example,c@d.example",                                  "@,@"                    },
		{"an @ alone",					       "an @ alone"             },
		{"@b.example",					       "@b.example"             },
 /* the codes that begin the lines of a long reply */
		{"550-5.1.1 The account\n550-5.1.1 you tried\n550 5.1.1 to",
                 "the account you tried to"							   },
		{"550-No such\n550 user",                                    "no such 550 user"       },
		{"at 550 5.7.1 addresses",                                   "at addresses"           },
		{"pay 5000 or 550 dollars",                                  "pay 5000 or 550 dollars"},
		{"connect to 5.1.1.2",				       "connect to 5.1.1.2"     },
 /* letters beyond ASCII: Latin-1, Greek, Cyrillic */
		{"EMPF\xc3\x84NGER",					 "empf\xc3\xa4nger"       },
		{"\xce\x91\xce\xa9",					 "\xce\xb1\xcf\x89"       },
		{"\xd0\x9d\xd0\x95 \xd0\xa0\xd0\x81",
                 "\xd0\xbd\xd0\xb5 \xd1\x80\xd1\x91"                                                  },
		{"",							 ""		       },
	};
	struct arena a;

	(void)state;
	arena_init(&a, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str got = match_fold(&a, str_from(rows[i].text));

		if (!str_eq(got, str_from(rows[i].want)))
			fail_msg("'%s' -> '" STR_FMT "'", rows[i].text,
				STR_ARG(got));
	}
	arena_release(&a);
}

/* What is folded stays as it is: a phrase found once is found again. */
static void folding_twice_is_folding_once(void **state)
{
	static const char *const rows[] = {"User <A@B.example> Unknown",
		"\xc3\x84 \xd0\xa0 X", "a\n\nb  c"};
	struct arena a;

	(void)state;
	arena_init(&a, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str once = match_fold(&a, str_from(rows[i]));

		assert_true(str_eq(once, match_fold(&a, once)));
	}
	arena_release(&a);
}

/* Line by line comes to the same. */
static void pieces_are_the_whole(void **state)
{
	static const char text[] = "One  two\n\n 550-5.1.1 three\n"
				   "550 5.1.1 a@b.example\nfour";
	struct str rest = str_from(text), line, whole;
	char folded[sizeof(text)];
	struct arena a;
	size_t n = 0;

	(void)state;
	arena_init(&a, 0);
	whole = match_fold(&a, rest);
	assert_true(str_eq(whole, str_from("one two three @ four")));
	while (rest.n) {
		struct str piece = rest;

		str_line(&rest, &line);
		piece.n -= rest.n;
		n += match_fold_piece(folded + n, piece);
	}
	assert_true(str_eq(whole, str_of(folded, n)));
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds),
		cmocka_unit_test(folding_twice_is_folding_once),
		cmocka_unit_test(pieces_are_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
