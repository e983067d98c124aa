/* daemon/report/causes.c: features in, a cause out. */
#include "test.h"

#include "report/causes.h"

/* 100 addresses above an ordinary week of 10, which are like any. */
static struct cause_features week(void)
{
	struct cause_features f = {
		.sample_part = 1,
		.domain = {STR("gmail.com"), 0.4, 44, 4, 30},
		.provider = {STR("google"),    0.5, 55, 5, 6 },
		.stream = {STR("news"),      0.5, 60, 6, 3 },
		.in_6_hours = 0.2,
		.in_24_hours = 0.3,
		.log_days = 600,
		.is_provider = true,
	};

	f.now[COUNT_ALL] = f.now[COUNT_LOGGED] = 110;
	f.usual[COUNT_ALL] = f.usual[COUNT_LOGGED] = 10;
	f.usual[COUNT_UNKNOWN] = 8;
	f.usual[COUNT_TROUBLE] = 2;
	f.usual[COUNT_NEW] = 3;
	f.now[COUNT_NEW] = 3;
	return f;
}

static struct cause_features bad_import(void)
{
	struct cause_features f = week();

	f.now[COUNT_UNKNOWN] = 95;
	f.now[COUNT_DOMAIN] = 8;
	f.now[COUNT_NEW] = 98;
	f.stream = (struct cause_top){STR("spring"), 0.98, 98, 0, 3};
	f.in_6_hours = f.in_24_hours = 0.9;
	return f;
}

static struct cause_features broken_form(void)
{
	struct cause_features f = week();

	f.now[COUNT_UNKNOWN] = 60;
	f.now[COUNT_DOMAIN] = 40;
	f.now[COUNT_NEW] = 100;
	f.now[COUNT_TYPO] = 25;
	f.now[COUNT_JUNK] = 15;
	f.now[COUNT_MALFORMED] = 5;
	f.stream = (struct cause_top){STR("welcome"), 0.95, 100, 3, 3};
	return f;
}

static struct cause_features domain_gone(void)
{
	struct cause_features f = week();

	f.now[COUNT_DOMAIN] = 90;
	f.now[COUNT_UNKNOWN] = 14;
	f.domain = (struct cause_top){STR("c1.example.org"), 0.95, 96, 0, 12};
	f.provider = (struct cause_top){.names = 1};
	f.is_provider = false;
	f.domain_known = f.domain_bounced = 96;
	return f;
}

static struct cause_features incident(void)
{
	struct cause_features f = week();

	f.now[COUNT_UNKNOWN] = 105;
	f.domain.part = 0.95;
	f.provider.part = 1;
	f.in_6_hours = f.in_24_hours = 0.95;
	return f;
}

static struct cause_features reputation(void)
{
	struct cause_features f = week();

	f.now[COUNT_UNKNOWN] = 15;
	f.now[COUNT_BLOCK] = 80;
	f.now[COUNT_LIMITED] = 10;
	return f;
}

static struct cause_features forwarding(void)
{
	struct cause_features f = week();

	f.now[COUNT_BLOCK] = 70;
	f.now[COUNT_UNKNOWN] = 30;
	f.now[COUNT_FORWARDED] = 85;
	f.domain = (struct cause_top){STR("c2.example.org"), 0.9, 92, 0, 9};
	f.is_provider = false;
	return f;
}

static struct cause_features list_age(void)
{
	struct cause_features f = week();

	f.now[COUNT_UNKNOWN] = 75;
	f.now[COUNT_DISABLED] = 25;
	f.now[COUNT_OLD] = 85;
	f.stream = (struct cause_top){STR("winback"), 0.95, 95, 0, 3};
	f.in_24_hours = 0.8;
	return f;
}

static struct arena arena;

static struct cause_answer ask(const struct cause_features *f)
{
	struct cause_answer a;

	causes_answer(
		f, REPORT_BY_REASON, str_from("user-unknown"), &arena, &a);
	return a;
}

static bool says(const struct cause_answer *a, const char *text)
{
	for (size_t i = 0; i < a->evidence_n; i++)
		if (str_find(a->evidence[i], str_from(text)) < a->evidence[i].n)
			return true;
	return false;
}

static void are_told_apart(void **state)
{
	static const struct {
		struct cause_features (*make)(void);
		enum report_cause cause;
		const char *says, *action;
	} cases[] = {
		{bad_import,  CAUSE_BAD_IMPORT,
                 "98 of 110 addresses were not mailed before",    "stream spring"          },
		{broken_form, CAUSE_BROKEN_FORM,
                 "25 are at domains that look mistyped",          "--typos=csv"            },
		{domain_gone, CAUSE_DOMAIN_GONE,
                 "96 of 96 addresses that are known there",       "--domain=c1.example.org"},
		{incident,    CAUSE_PROVIDER_INCIDENT,
                 "107 of 110 addresses had been mailed before",   "incident mark"          },
		{reputation,  CAUSE_REPUTATION,
                 "80 of 110 were refused for the sender",         "SPF"                    },
		{forwarding,  CAUSE_FORWARDING,
                 "85 of 110 another address than the one mailed", "c2.example.org"         },
		{list_age,    CAUSE_LIST_AGE,
                 "85 of 110 addresses had not been mailed",       "stream winback"         },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct cause_features f = cases[i].make();
		struct cause_answer a = ask(&f);

		if (a.cause != cases[i].cause)
			fail_msg("%s is %s", report_causes_text(cases[i].cause),
				report_causes_text(a.cause));
		assert_int_equal(a.certainty, CERTAINTY_CLEAR);
		if (!says(&a, cases[i].says))
			fail_msg("does not say: %s", cases[i].says);
		if (str_find(a.action, str_from(cases[i].action)) >= a.action.n)
			fail_msg("does not advise: %s", cases[i].action);
	}
}

/* New addresses that are nearly all at one provider, at once, and the guard
 * took them for an incident. */
static void an_import_is_no_incident(void **state)
{
	struct cause_features f = bad_import();
	double s[CAUSES];

	(void)state;
	f.provider.part = f.domain.part = 1;
	f.incident = 7;
	f.now[COUNT_HELD] = 100;
	assert_int_equal(ask(&f).cause, CAUSE_BAD_IMPORT);
	causes_weigh(&f, s);
	assert_true(s[CAUSE_PROVIDER_INCIDENT] < 0.05);
	/* Nor where no send logs are known, nor who opens. */
	f.log_days = 0;
	memset(&f.now[COUNT_LOGGED], 0, 3 * sizeof(f.now[0]));
	assert_int_not_equal(ask(&f).cause, CAUSE_PROVIDER_INCIDENT);
	f.opens_known = true;
	assert_int_not_equal(ask(&f).cause, CAUSE_PROVIDER_INCIDENT);
}

/* The acquaintances of an import, who are at one provider and were mailed
 * lately. */
static void nor_is_a_part_of_one(void **state)
{
	struct cause_features f = incident();

	(void)state;
	assert_int_equal(ask(&f).cause, CAUSE_PROVIDER_INCIDENT);
	f.beside_wider = true;
	assert_int_not_equal(ask(&f).cause, CAUSE_PROVIDER_INCIDENT);
}

static void thin_is_said(void **state)
{
	struct cause_features f = bad_import();
	struct cause_answer a;

	(void)state;
	/* Few. */
	for (int c = 0; c < CAUSE_COUNTS; c++) {
		f.now[c] /= 8;
		f.usual[c] /= 8;
	}
	a = ask(&f);
	assert_int_equal(a.cause, CAUSE_BAD_IMPORT);
	assert_int_equal(a.certainty, CERTAINTY_THIN);
	assert_true(says(&a, "This is thin: only 12 addresses"));
	/* No logs. */
	f = bad_import();
	f.log_days = 0;
	a = ask(&f);
	assert_int_equal(a.cause, CAUSE_BAD_IMPORT);
	assert_int_equal(a.certainty, CERTAINTY_THIN);
	assert_true(says(&a, "no send log tells"));
	/* Logs that do not reach back far tell old ones and new ones alike. */
	f = bad_import();
	f.log_days = 200;
	f.now[COUNT_DISABLED] = 17;
	f.now[COUNT_UNKNOWN] -= 10;
	a = ask(&f);
	assert_int_equal(a.certainty, CERTAINTY_THIN);
	assert_true(says(&a, "an old part of the list"));
}

static void nothing_is_unclear(void **state)
{
	struct cause_features f = week();
	struct cause_answer a;

	(void)state;
	/* More of what always comes, from everywhere. */
	f.now[COUNT_UNKNOWN] = 88;
	f.now[COUNT_TROUBLE] = 22;
	f.now[COUNT_NEW] = 33;
	a = ask(&f);
	assert_int_equal(a.cause, CAUSE_UNCLEAR);
	assert_true(says(&a, "Nothing of this speaks clearly"));
	assert_true(str_find(a.action, str_from("--reason=user-unknown")) <
		    a.action.n);
	/* A week like any other: what is different is chance. */
	f = bad_import();
	f.usual[COUNT_ALL] = 90;
	assert_int_equal(ask(&f).cause, CAUSE_UNCLEAR);
	/* And nothing at all. */
	memset(&f, 0, sizeof(f));
	assert_int_equal(ask(&f).cause, CAUSE_UNCLEAR);
}

/* A provider's own domain fails: that is no company that closed. A company's,
 * also one whose mail a provider takes, is. */
static void a_provider_is_not_gone(void **state)
{
	struct cause_features f = incident();

	(void)state;
	assert_int_equal(ask(&f).cause, CAUSE_PROVIDER_INCIDENT);
	f.is_provider = false;
	f.domain.name = str_from("c3.example.org");
	assert_int_equal(ask(&f).cause, CAUSE_DOMAIN_GONE);
}

/* "No such user" from a server that nobody knew before. Seen to fail: clear. */
static void a_strange_domain_is_not_clearly_gone(void **state)
{
	struct cause_features f = domain_gone();
	struct cause_answer a;

	(void)state;
	f.now[COUNT_DOMAIN] = 0;
	f.now[COUNT_UNKNOWN] = f.now[COUNT_ALL];
	f.now[COUNT_NEW] = 0;
	f.domain_sent = f.domain_bounced;
	a = ask(&f);
	assert_int_equal(a.cause, CAUSE_DOMAIN_GONE);
	assert_int_equal(a.certainty, CERTAINTY_CLEAR);
	f.now[COUNT_LOGGED] = f.now[COUNT_NEW] = f.now[COUNT_ALL];
	f.log_days = 147;
	a = ask(&f);
	assert_int_equal(a.certainty, CERTAINTY_THIN);
	f.log_days = 0;
	f.now[COUNT_SEEN] = f.domain_sent = 0;
	a = ask(&f);
	assert_int_equal(a.cause, CAUSE_DOMAIN_GONE);
	assert_int_equal(a.certainty, CERTAINTY_THIN);
	f.dns = CAUSE_DNS_NO_MAIL;
	f.dns_says = str_from("does not exist");
	a = ask(&f);
	assert_int_equal(a.certainty, CERTAINTY_CLEAR);
}

/* One domain that nobody has, because all meant another: the form. */
static void a_slip_is_not_gone(void **state)
{
	struct cause_features f = domain_gone();

	(void)state;
	f.now[COUNT_TYPO] = f.now[COUNT_ALL];
	f.log_days = 0;
	f.domain_known = f.domain_sent = 0;
	assert_int_equal(ask(&f).cause, CAUSE_BROKEN_FORM);
}

static void dns_decides(void **state)
{
	struct cause_features f = domain_gone();
	double with[CAUSES], without[CAUSES];

	(void)state;
	f.now[COUNT_DOMAIN] = 0;
	f.now[COUNT_UNKNOWN] = 104;
	f.domain_sent = 200; /* half of the mails seem to arrive */
	causes_weigh(&f, without);
	f.dns = CAUSE_DNS_NO_MAIL;
	f.dns_says = str_from("has no MX and no address");
	causes_weigh(&f, with);
	assert_true(with[CAUSE_DOMAIN_GONE] > without[CAUSE_DOMAIN_GONE]);
	f.dns = CAUSE_DNS_TAKES_MAIL;
	causes_weigh(&f, with);
	assert_true(with[CAUSE_DOMAIN_GONE] < without[CAUSE_DOMAIN_GONE]);
	{
		struct cause_answer a = ask(&f);

		assert_true(says(&a, "has no MX and no address"));
	}
}

/* What a week always has is no part of the spike. */
static void the_usual_is_taken_off(void **state)
{
	struct cause_features f = reputation();

	(void)state;
	f.now[COUNT_ALL] += 250;
	f.usual[COUNT_ALL] += 250;
	f.now[COUNT_UNKNOWN] += 250;
	f.usual[COUNT_UNKNOWN] += 250;
	assert_int_equal(ask(&f).cause, CAUSE_REPUTATION);
}

static void tells_of_a_sample(void **state)
{
	struct cause_features f = bad_import();
	struct cause_answer a;

	(void)state;
	f.sample_part = 0.25;
	a = ask(&f);
	assert_true(says(&a, "Counted are 110 addresses, an even sample of "
			     "about 440."));
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(are_told_apart),
		cmocka_unit_test(an_import_is_no_incident),
		cmocka_unit_test(nor_is_a_part_of_one),
		cmocka_unit_test(thin_is_said),
		cmocka_unit_test(nothing_is_unclear),
		cmocka_unit_test(a_provider_is_not_gone),
		cmocka_unit_test(a_strange_domain_is_not_clearly_gone),
		cmocka_unit_test(a_slip_is_not_gone),
		cmocka_unit_test(dns_decides),
		cmocka_unit_test(the_usual_is_taken_off),
		cmocka_unit_test(tells_of_a_sample),
	};

	return cmocka_run_group_tests_name(
		"daemon-causes", tests, set_up, tear_down);
}
