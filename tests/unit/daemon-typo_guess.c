/*
 * daemon/report/typo_guess.c: which names look mistyped, and for what. The
 * pairs are what hands do, not what the program says.
 */
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "report/typo_guess.h"

static struct typo_guess *guess;

static int setup(void **state)
{
	(void)state;
	guess = typo_guess_new();
	return guess ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	typo_guess_free(guess);
	return 0;
}

static void ready(void)
{
	assert_true(typo_guess_ready(guess));
}

static bool find(const char *domain, struct typo_found *f)
{
	return typo_guess_find(guess, str_from(domain), f);
}

#define NEVER 0
#define FAILS 1 /* where the domain fails */
#define USERS 2 /* also where only users are unknown */

static void assert_guess(const char *wrong, const char *right, int when)
{
	struct typo_found f = {.slip = TYPO_NONE};
	bool found = find(wrong, &f);

	if (found != (when != NEVER))
		fail_msg("%s: %s%.*s", wrong, found ? "" : "nothing",
			(int)f.right.n, f.right.p ? f.right.p : "");
	if (!found)
		return;
	if (!str_eq(f.right, str_from(right)))
		fail_msg("%s: %.*s, not %s", wrong, (int)f.right.n, f.right.p,
			right);
	if (!f.domain || f.users != (when == USERS))
		fail_msg("%s: %s", wrong, typo_slip_text(f.slip));
}

/* clang-format off */
static const struct {
	const char *wrong, *right;
	int when;
} pairs[] = {
	/* exchanged */
	{"gmial.com",      "gmail.com",      USERS},
	{"gamil.com",      "gmail.com",      USERS},
	{"gmali.com",      "gmail.com",      USERS},
	{"mgail.com",      "gmail.com",      USERS},
	{"hotmial.com",    "hotmail.com",    USERS},
	{"yhaoo.fr",       "yahoo.fr",       USERS},
	{"otulook.com",    "outlook.com",    USERS},
	{"lvie.com",       "live.com",       FAILS},
	{"t-onlnie.de",    "t-online.de",    USERS},
	/* left out, doubled, halved */
	{"gmil.com",       "gmail.com",      USERS},
	{"gmai.com",       "gmail.com",      USERS},
	{"gmal.com",       "gmail.com",      USERS},
	{"gmaill.com",     "gmail.com",      USERS},
	{"gmmail.com",     "gmail.com",      USERS},
	{"yaho.com",       "yahoo.com",      USERS},
	{"yahooo.com",     "yahoo.com",      USERS},
	{"hotmil.com",     "hotmail.com",    USERS},
	{"hotmal.co.uk",   "hotmail.co.uk",  USERS},
	{"outlok.com",     "outlook.com",    USERS},
	{"wanado.fr",      "wanadoo.fr",     USERS},
	{"tonline.de",     "t-online.de",    USERS},
	{"comcas.net",     "comcast.net",    USERS},
	{"yanex.ru",       "yandex.ru",      USERS},
	/* the key beside it, another */
	{"gnail.com",      "gmail.com",      USERS},
	{"gmaul.com",      "gmail.com",      USERS},
	{"hitmail.com",    "hotmail.com",    USERS},
	{"yshoo.com",      "yahoo.com",      USERS},
	{"0utlook.com",    "outlook.com",    USERS},
	{"hotnail.fr",     "hotmail.fr",     USERS},
	{"autlook.com",    "outlook.com",    USERS},
	{"iclowd.com",     "icloud.com",     FAILS},
	/* one too many */
	{"gmawil.com",     "gmail.com",      FAILS},
	{"hotmaiql.com",   "hotmail.com",    USERS},
	/* the top-level domain */
	{"gmail.con",      "gmail.com",      USERS},
	{"gmail.cmo",      "gmail.com",      USERS},
	{"gmail.co",       "gmail.com",      USERS},
	{"gmail.cm",       "gmail.com",      USERS},
	{"gmail.om",       "gmail.com",      USERS},
	{"gmail.vom",      "gmail.com",      USERS},
	{"gmail.comm",     "gmail.com",      USERS},
	{"gmail.coom",     "gmail.com",      USERS},
	{"gmail.xom",      "gmail.com",      USERS},
	{"aol.con",        "aol.com",        USERS},
	{"qq.con",         "qq.com",         FAILS},
	{"gmx.ed",         "gmx.de",         USERS},
	{"web.d",          "web.de",         USERS},
	{"orange.rf",      "orange.fr",      USERS},
	{"libero.ti",      "libero.it",      USERS},
	{"comcast.nte",    "comcast.net",    USERS},
	{"comcast.ner",    "comcast.net",    USERS},
	{"mail.ur",        "mail.ru",        USERS},
	{"yahoo.co.ul",    "yahoo.co.uk",    USERS},
	{"yahoo.couk",     "yahoo.co.uk",    USERS},
	{"hotmail.c.uk",   "hotmail.co.uk",  USERS},
	/* both */
	{"gmial.con",      "gmail.com",      FAILS},
	{"hotmal.con",     "hotmail.com",    USERS},
	/* dots, and what was put before or behind */
	{"gmailcom",       "gmail.com",      USERS},
	{"gmail.c.om",     "gmail.com",      USERS},
	{"gmailc.om",      "gmail.com",      USERS},
	{"g.mail.com",     "gmail.com",      USERS},
	{"yahoocouk",      "yahoo.co.uk",    USERS},
	{"tonline.d.e",    NULL,             NEVER},
	{"www.gmail.com",  "gmail.com",      USERS},
	{"gmail.com.com",  "gmail.com",      USERS},
	{"gmail.com.br",   "gmail.com",      USERS},
	/* two slips */
	{"googelmial.com", "googlemail.com", USERS},
	{"homtial.com",    "hotmail.com",    FAILS},
	{"sbcgloabl.ent",  "sbcglobal.net",  USERS},
	{"sbgclobla.ent",  NULL,             NEVER},
	{"sbcgobla.net",   "sbcglobal.net",  USERS},
	{"protnomial.com", "protonmail.com", USERS},
};

/* clang-format on */

static void finds_what_hands_do(void **state)
{
	(void)state;
	ready();
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_guess(pairs[i].wrong, pairs[i].right, pairs[i].when);
}

static void leaves_real_ones_alone(void **state)
{
	static const char *const real[] = {"gmail.com", "ymail.com", "mail.com",
		"email.com", "aol.de", "gmx.de", "gmx.net", "gmx.at",
		"hotmail.fr", "live.nl", "live.fr", "me.com", "mac.com",
		"msn.com", "aim.com", "q.com", "in.com", "hey.com", "web.de",
		"bk.ru", "ya.ru", "i.ua", "wp.pl", "op.pl", "vp.pl", "o2.pl",
		"love.com", "line.com", "life.com", "orange.com", "free.com",
		"yahoo-inc.com", "comcast.com", "telenet.com", "fastmail.net",
		"mail.by", "gmail.ru", "qmail.com", "grange.fr", "plus.net",
		/* never in a table: too short, or too far away */
		"abc.com", "ail.com", "al.com", "qqq.com", "aoe.com", "me.net",
		"gm.com", "gmail.cam", "gmail.dev", "gmail.next", "mai.ru",
		"hot.com", "out.com", "look.com", "mall.com", "maria.com",
		"company.com", "example.com", "example.org", "ibm.com",
		"web.dk", "gmx.dk", "free.fi", "hotels.com", "goggles.com",
		"mailinglist.example.org", "university.edu", "com", "net",
		"xn--gmil-6na.com", "mail.gmail.com"};

	(void)state;
	ready();
	for (size_t i = 0; i < sizeof(real) / sizeof(real[0]); i++)
		assert_guess(real[i], NULL, NEVER);
}

/* Every row of the tables is itself, and none is there twice. */
static void knows_its_own_rows(void **state)
{
	static const char *const rows[] = {
#define PROVIDER(domain) domain,
#include "report/typo_providers.def"
#define REAL(domain) domain,
#include "report/typo_real.def"
	};
	const size_t n = sizeof(rows) / sizeof(rows[0]);

	(void)state;
	ready();
	for (size_t i = 0; i < n; i++) {
		assert_guess(rows[i], NULL, NEVER);
		for (size_t k = 0; k < i; k++)
			if (!strcmp(rows[i], rows[k]))
				fail_msg("twice: %s", rows[i]);
		for (const char *p = rows[i]; *p; p++)
			assert_true(ascii_is_alnum((unsigned char)*p) ||
				    *p == '.' || *p == '-');
	}
}

static void knows_what_it_is_told(void **state)
{
	(void)state;
	assert_true(
		typo_guess_add(guess, str_from("customers.example.org"), 5000));
	assert_true(typo_guess_add(guess, str_from("customers.example"), 500));
	assert_true(typo_guess_add(guess, str_from("swanmail.com"), 10));
	assert_true(typo_guess_add(guess, str_from("swarmail.com"), 90));
	assert_true(typo_guess_add(guess, str_from("northern.co.uk"), 50));
	assert_true(typo_guess_except(guess, str_from("gmial.com")));
	assert_true(typo_guess_except(guess, str_from("custmoers.example")));
	ready();
	assert_guess("gmial.com", NULL, NEVER);
	assert_guess("custmoers.example", NULL, NEVER);
	/* two slips, in a long name */
	assert_guess("costumers.example", "customers.example", USERS);
	assert_guess("cosdumers.example", NULL, NEVER); /* three */
	assert_guess("cutsomers.example", "customers.example", USERS);
	assert_guess("customers.exmaple.org", "customers.example.org", USERS);
	assert_guess("customers.example.ogr", "customers.example.org", USERS);
	assert_guess("nothern.co.uk", "northern.co.uk", USERS);
	/* of two that may be meant the one with more addresses; as near */
	assert_guess("swamail.com", "swarmail.com", USERS);
	/* and the nearer one before it */
	assert_guess("swanmial.com", "swanmail.com", USERS);
	/* com behind a provider is a slip; behind others it is a country */
	assert_guess("swanmail.com.au", NULL, NEVER);
}

/*
 * Hosts below one parent are its owner's, who can spell them: no slip, however
 * near. What hangs below com, or co.uk, is not. Shown to fail before both.
 */
static void leaves_siblings_alone(void **state)
{
	static const char *const own[] = {"us.bank.example.com",
		"corp01.example.org", "co02.example.org", "members.example.com",
		"members.sales.example.co.uk", "northern.co.uk",
		"a.b.c.example.net"};

	static const char *const siblings[] = {"uk.bank.example.com",
		"su.bank.example.com", "corp10.example.org", "co42.example.org",
		"corp02.example.org", "corp0l.example.org",
		"memebrs.example.com", "memberrs.example.com",
		"usbank.example.com", "members.sale.example.co.uk",
		"memebrs.sales.example.co.uk", "a.d.c.example.net",
		"a.bc.example.net"};

	(void)state;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		assert_true(typo_guess_add(guess, str_from(own[i]), 5000));
	ready();
	for (size_t i = 0; i < sizeof(siblings) / sizeof(siblings[0]); i++)
		assert_guess(siblings[i], NULL, NEVER);
	assert_guess("members.exmaple.com", "members.example.com", USERS);
	assert_guess("us.bank.exmaple.com", "us.bank.example.com", USERS);
	assert_guess("corp01.exmaple.org", "corp01.example.org", USERS);
	assert_guess("nothern.co.uk", "northern.co.uk", USERS);
	assert_guess("yaho.co.uk", "yahoo.co.uk", USERS);
	assert_guess("gmial.com", "gmail.com", USERS);
	assert_guess("www.us.bank.example.com", "us.bank.example.com", USERS);
}

/* By the letters of the label that has the slip, not of all before it. Shown
 * to fail with those. */
static void counts_letters_of_the_label(void **state)
{
	(void)state;
	assert_true(typo_guess_add(guess, str_from("members.aol.com"), 5000));
	assert_true(
		typo_guess_add(guess, str_from("members.comcast.net"), 5000));
	ready();
	assert_guess("members.aul.com", NULL, NEVER);
	assert_guess("members.alo.com", NULL, NEVER);
	assert_guess("members.ao.com", NULL, NEVER);
	assert_guess("memberss.aoll.com", NULL, NEVER);
	assert_guess("mebmers.aol.net", NULL, NEVER);
	assert_guess("membersaul.com", NULL, NEVER); /* and the dot */
	assert_guess("members.aol.con", "members.aol.com", USERS);
	assert_guess("members.comacst.net", "members.comcast.net", USERS);
	assert_guess("members.compast.net", "members.comcast.net", USERS);
	/* two: in one label, and in one each */
	assert_guess("members.cmocats.net", "members.comcast.net", FAILS);
	assert_guess("mebmers.comcats.net", "members.comcast.net", FAILS);
}

/* Who numbers his names has all of them. Shown to fail without that. */
static void leaves_numbers_alone(void **state)
{
	static const char *const numbered[] = {"north10.example",
		"north21.example", "north1.example", "north001.example",
		"north.example", "yahoo2.com", "gmail1.com", "hotmail24.com"};

	(void)state;
	assert_true(typo_guess_add(guess, str_from("north01.example"), 5000));
	ready();
	for (size_t i = 0; i < sizeof(numbered) / sizeof(numbered[0]); i++)
		assert_guess(numbered[i], NULL, NEVER);
	/* but a digit for a letter is a slip */
	assert_guess("0utlook.com", "outlook.com", USERS);
	assert_guess("hotma8l.com", "hotmail.com", USERS);
	assert_guess("nroth01.example", "north01.example", USERS);
}

/* Names come from mail: nothing is found, and nothing breaks. */
static void bears_any_name(void **state)
{
	char name[300];
	struct typo_found f;

	(void)state;
	ready();
	for (size_t n = 0; n <= sizeof(name); n++) {
		memset(name, 'g', n);
		assert_false(typo_guess_find(guess, str_of(name, n), &f));
		memset(name, '.', n);
		assert_false(typo_guess_find(guess, str_of(name, n), &f));
		for (size_t i = 0; i < n; i++)
			name[i] = (char)(i * 151 + n);
		assert_false(typo_guess_find(guess, str_of(name, n), &f));
		if (n > 4) {
			memset(name, 'g', n);
			memcpy(name + n - 4, ".com", 4);
			assert_false(
				typo_guess_find(guess, str_of(name, n), &f));
		}
	}
	assert_guess("", NULL, NEVER);
	assert_guess("[192.0.2.1]", NULL, NEVER);
	assert_guess("www.", NULL, NEVER);
	assert_guess(".com", NULL, NEVER);
	assert_guess("gmial.", NULL, NEVER);
}

/* 200,000 names, all of them as near as they can be without being found, and
 * as many that are nothing: in
 * processor time, since the machine is busy with other tests. */
static void is_quick(void **state)
{
	clock_t began = clock();
	struct typo_found f;
	size_t found = 0;
	long ms;
	char name[64];

	(void)state;
	ready();
	for (unsigned i = 0; i < 200000; i++) {
		(void)snprintf(name, sizeof(name), "%cotm%xil.com",
			'a' + (int)(i % 26), i);
		found += find(name, &f);
		(void)snprintf(name, sizeof(name), "a%u-company.example", i);
		found += find(name, &f);
	}
	ms = (long)((clock() - began) * 1000 / CLOCKS_PER_SEC);
	printf("# note: 400,000 names looked at in %ld ms of the processor, "
	       "%zu found\n",
		ms, found);
	assert_in_range(ms, 0, 5000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finds_what_hands_do),
		TEST(leaves_real_ones_alone),
		TEST(knows_its_own_rows),
		TEST(knows_what_it_is_told),
		TEST(leaves_siblings_alone),
		TEST(counts_letters_of_the_label),
		TEST(leaves_numbers_alone),
		TEST(bears_any_name),
		TEST(is_quick),
	};

	return cmocka_run_group_tests_name(
		"daemon-typo_guess", tests, NULL, NULL);
}
