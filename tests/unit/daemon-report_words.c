/*
 * daemon/report/words*.c: what a report says of a struct report, of one with
 * everything in it and of ones with little; as text, which is how people read
 * it.
 */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "out_file.h"
#include "print.h"
#include "report.h"

#define DAY  INT64_C(86400)
#define HOUR 3600
#define FROM (20773 * DAY) /* Monday, 2026-11-16 */

static struct report r;

#define STRING(lit) str_of("" lit, sizeof(lit) - 1)

static int nothing(void **state)
{
	(void)state;
	memset(&r, 0, sizeof(r));
	r.from = FROM;
	r.to = FROM + 7 * DAY;
	r.now = r.to + 8 * HOUR;
	r.days = 7;
	r.rate_warn = 2;
	r.rate_bad = 5;
	for (int c = 0; c < CLASS_COUNT; c++)
		r.usual[c] = -1;
	return 0;
}

/* Twelve weeks, of which the last is this one. */
static void weeks(enum verdict_class c, int64_t now, int64_t usual)
{
	for (int p = 0; p < REPORT_PERIODS; p++)
		r.periods[p][c] = p ? usual : now;
	r.usual[c] = usual;
}

static void add_row(struct report_table *t, const char *name,
	enum verdict_class c, int64_t n, int64_t usual)
{
	struct report_row *row = &t->rows[t->n++];

	row->name = str_from(name);
	row->class = t == &r.reasons ? c : CLASS_NONE;
	row->n = n;
	row->classes[c] = n;
	row->usual = usual;
	row->weeks_n = 3;
	row->weeks[0] = n;
	row->weeks[1] = row->weeks[2] = usual < 0 ? 0 : usual;
}

static void add_spike(void)
{
	struct report_spike *s = &r.spikes[r.spikes_n++];

	r.spikes_all++;

	*s = (struct report_spike){
		.by = REPORT_BY_STREAM,
		.name = STRING("autumn"),
		.class = CLASS_HARD,
		.reason = REASON_USER_UNKNOWN,
		.n = 1204,
		.usual = 12.5,
		.limit = 39.2,
		.chance = 2.1e-7,
		.weeks = {1204,                          12, 13},
		.weeks_n = 3,
		.also = {STRING("reason user-unknown"),                           STRING("provider web")},
		.also_n = 2,
		.also_all = 9,
		.cause = CAUSE_BAD_IMPORT,
		.certainty = CERTAINTY_LIKELY,
		.evidence = {STRING("1,100 of 1,204 addresses were never "
				    "mailed before.")},
		.evidence_n = 1,
		.action = STRING("Find out who loaded these addresses."),
	};
}

static void add_list(void)
{
	r.moves = (struct query_moves){.suppressed = 1290,
		.released = 4,
		.expired = 17,
		.now_suppressed = 84211,
		.now_held = 45,
		.now_probation = 6,
		.unverified = 2060,
		.unverified_bare = 940,
		.unverified_other = 605,
		.stale = 2};
	r.incidents[0] = (struct report_incident){.id = 7,
		.kind = INCIDENT_PROVIDER,
		.state = INCIDENT_OPEN,
		.name = STRING("google"),
		.from = FROM + 2 * DAY + 10 * HOUR,
		.events = 40,
		.usual = 2,
		.held = 38,
		.now = true};
	r.incidents_n = r.incidents_all = 1;
	r.held_engaged = 7;
	r.hours_n = REPORT_HOURS;
	r.hours[58] = 30; /* Wednesday, 10:00 */
	r.hours[59] = 10;
	r.released = (struct report_released){
		.n = 12,
		.again = 2,
		.examples = {{STRING("ann@example.org"), FROM - 20 * DAY,
				     FROM + DAY, CLASS_HARD,
				     REASON_USER_UNKNOWN},
			     {STRING("bob@example.org"), FROM - 9 * DAY, FROM,
				CLASS_SOFT, REASON_MAILBOX_FULL}},
		.examples_n = 2
        };
	r.ends = (struct report_ends){.suppressed = 9,
		.held = 1,
		.examples = {{STRING("eve@example.net"),
			REASON_MAILBOX_DISABLED, FROM + 8 * DAY}},
		.examples_n = 1};
}

static void add_review(void)
{
	r.typos[0] = (struct report_typo){
		STRING("gmial.com"), STRING("gmail.com"), 14};
	r.typos[1] = (struct report_typo){
		STRING("hotmial.com"), STRING("hotmail.com"), 3};
	r.typos_n = 2;
	r.typos_all = 20;
	r.facts[0].domain = STRING("gone.example");
	r.facts[0].fact = STRING("does not exist");
	r.facts_n = 1;
	r.shapes[0] = (struct report_shape){
		STRING("google"), CLASS_UNKNOWN, {5, 7, 26},
                  550, 5
        };
	r.shapes[1] = (struct report_shape){
		.provider = STRING(""), .class = CLASS_SOFT, .n = 1};
	r.shapes_n = 2;
	r.troubles[0] =
		(struct query_trouble){.what = STRING("mailbox news/INBOX"),
			.detail = STRING("login refused"),
			.began_at = FROM + 6 * DAY,
			.times = 12};
	r.troubles[1] = (struct query_trouble){.what = STRING("export crm"),
		.detail = STRING("exit status 1"),
		.began_at = FROM,
		.ended_at = FROM + HOUR,
		.times = 1};
	r.troubles_n = 2;
	r.troubles_all = 5;
	r.given_up[0] =
		(struct report_given_up){STRING("news"), STRING("INBOX"), 3};
	r.given_up_n = 1;
	r.given_up_all = 3;
}

static int everything(void **state)
{
	nothing(state);
	r.before = 11;
	r.totals.last_event_at = r.to - 60;
	r.totals.events = 9999;
	weeks(CLASS_HARD, 1312, 210);
	weeks(CLASS_SOFT, 300, 280);
	weeks(CLASS_BLOCK, 45, 40);
	weeks(CLASS_COMPLAINT, 3, 2);
	weeks(CLASS_UNKNOWN, 6, 4);
	weeks(CLASS_REPLY, 80, 75);
	add_row(&r.reasons, "user-unknown", CLASS_HARD, 1300, 205);
	add_row(&r.reasons, "mailbox-full", CLASS_SOFT, 290, 270);
	add_row(&r.domains, "example.com", CLASS_HARD, 512, -1);
	add_row(&r.providers, "google", CLASS_HARD, 700, 100);
	add_row(&r.providers, "microsoft", CLASS_SOFT, 300, 280);
	add_row(&r.streams, "autumn", CLASS_HARD, 1204, 12);
	r.rate = (struct report_rate){25000, 1275, 0};
	r.rate_undated = 130;
	r.streams.rows[0].rate = (struct report_rate){10000, 1200, 0};
	r.providers.rows[0].rate = (struct report_rate){20000, 90, 0};
	r.sent_by_stream = 10000;
	r.sent_by_provider = 25000;
	for (int i = 0; i < 5; i++)
		r.sent_known[i] = true;
	add_spike();
	add_list();
	add_review();
	return 0;
}

static const char *said(void)
{
	report_text(&r, out_file_open());
	return out_file_close(NULL);
}

/* Where lines end is another test's business: blanks are one. */
static const char *flat(const char *text)
{
	static char buf[262144];
	char *to = buf;

	for (; *text; text++)
		if (*text != ' ' && *text != '\n')
			*to++ = *text;
		else if (to > buf && to[-1] != ' ')
			*to++ = ' ';
	*to = '\0';
	return buf;
}

static void assert_said(const char *want)
{
	if (!strstr(flat(said()), want))
		fail_msg("'%s' is not in:\n%s", want, said());
}

static void assert_not_said(const char *unwanted)
{
	if (strstr(flat(said()), unwanted))
		fail_msg("'%s' is in:\n%s", unwanted, said());
}

static void assert_fits(void)
{
	struct str text = str_from(said()), line;

	while (str_line(&text, &line)) {
		struct str words = str_trim(line);

		if (print_hides(line) ||
			(print_width(line) > 76 &&
				!str_starts(words, STRING("bouncewatch "))))
			fail_msg("%zu columns: " STR_FMT, print_width(line),
				STR_ARG(line));
	}
}

/* --- the whole ------------------------------------------------------------ */

static const char golden[] =
#include "report_golden.h"
	;

static void says_everything(void **state)
{
	struct str want = str_from(golden), got = str_from(said());
	struct str w, g = STR_NULL;
	int line = 0;

	(void)state;
	assert_fits();
	got = str_from(said());
	while (str_line(&want, &w)) {
		line++;
		if (!str_line(&got, &g))
			fail_msg("it ends before line %d", line);
		if (!str_eq(w, g))
			fail_msg("line %d is\n" STR_FMT "\nand not\n" STR_FMT,
				line, STR_ARG(g), STR_ARG(w));
	}
	assert_int_equal(got.n, 0);
}

/* --- is anything wrong ---------------------------------------------------- */

static void says_that_nothing_is_there(void **state)
{
	(void)state;
	assert_said("[look] Nothing was ever recorded in this database. "
		    "What to do ! Start it: ");
	assert_said("What could not be done Nothing that is known of.");
	assert_not_said("The suppression list");
	assert_not_said("What happened");
	assert_not_said("ounce rate");
	assert_fits();
}

static void says_that_nothing_came(void **state)
{
	(void)state;
	r.before = 3;
	r.totals.last_event_at = FROM - DAY;
	assert_said("[look] Nothing came in this time; the last event is of "
		    "2026-11-15T00:00:00Z. What to do ! If mail went out in "
		    "this time, see that the watch runs: bouncewatch status");
	assert_not_said("ounce rate");
}

static void says_little_of_a_first_week(void **state)
{
	(void)state;
	r.totals.last_event_at = FROM + DAY;
	r.periods[0][CLASS_HARD] = 1;
	assert_said("Bounce rate unknown: no send counts. "
		    "1 hard, 0 soft, 0 block, 0 complaints. "
		    "There is no week before this one to compare with.");
	assert_said("hard 1 - \u2588 cannot receive mail");
	assert_not_said("stands out");
	assert_not_said("usual (");
	assert_not_said("More than");
	r.periods[0][CLASS_HARD] = 0;
	r.periods[0][CLASS_COMPLAINT] = 1;
	r.before = 1;
	weeks(CLASS_HARD, 0, 0);
	assert_said("[good] Nothing stands out.");
	assert_said("0 hard (usual 0), 0 soft, 0 block, 1 complaint. "
		    "Usual is the week before.");
}

static void counts_days_and_periods(void **state)
{
	(void)state;
	r.totals.last_event_at = FROM;
	weeks(CLASS_HARD, 30, 10);
	r.before = 4;
	r.days = 1;
	r.to = r.from + DAY;
	r.now = r.to - 60;
	assert_said("2026-11-16 to 2026-11-16 (UTC), today so far");
	r.now = r.from - 1; /* seen to fail: a day to come was today */
	assert_said("2026-11-16 to 2026-11-16 (UTC), not over yet");
	assert_said("Usual is the median of the 4 days before.");
	assert_said("5 days means");
	r.days = 30;
	assert_said("median of the 4 periods before.");
}

/* --- the rate ------------------------------------------------------------- */

static void rate(int64_t sent, int64_t hard, int days)
{
	r.totals.last_event_at = FROM;
	weeks(CLASS_HARD, hard, hard);
	weeks(CLASS_REPLY, 1, 1);
	r.before = 11;
	r.rate = (struct report_rate){sent, hard, 0};
	for (int i = 0; i < 7; i++)
		r.sent_known[i] = i < days;
}

static void rates_by_what_was_sent(void **state)
{
	static const struct {
		int64_t sent, hard;
		const char *want;
	} cases[] = {
		{1000,   19,
                 "[good] Bounce rate 1.9 %: 19 hard bounces of "
			"1,000 mails sent."                        },
		{1000,   20, "[look] Bounce rate 2.0 %: 20 hard"   },
		{1000,   49, "[look] Bounce rate 4.9 %: 49 hard"   },
		{1000,   50, "[alarm] Bounce rate 5.0 %: 50 hard"  },
		{1000,   0,  "[good] Bounce rate 0.0 %: 0 hard"    },
		{10000,  9,  "[good] Bounce rate 0.09 %: 9 hard"   },
		{999999, 1,
                 "[good] Bounce rate less than 0.01 %: 1 hard "
			"bounce of 999,999 mails"                  },
		{1,      1,
                 "[alarm] Bounce rate 100.0 %: 1 hard bounce of "
			"1 mail sent."                             },
		{0,      50, "Bounce rate unknown: no send counts."},
		{10,     11,
                 "[look] Bounce rate unknown: 11 hard bounces "
			"answer the 10 mails that are said to have been "
			"sent. The send counts are not complete."  },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rate(cases[i].sent, cases[i].hard, 7);
		assert_said(cases[i].want);
		assert_not_said("of the 7 days");
	}
	r.rate_warn = 0;
	r.rate_bad = 0;
	rate(100, 100, 7);
	assert_said("[good] Bounce rate 100.0 %");
}

/* Twice the mails, and so twice the bounces. Seen to fail. */
static void twice_the_mails_bounce_twice(void **state)
{
	(void)state;
	rate(30500, 271, 7);
	weeks(CLASS_HARD, 271, 101);
	assert_said("More than usual: 271 hard, where 101 are usual.");
	/* of mails of which nobody knows how they bounce */
	r.mails_rise = 1.97;
	assert_said("More than usual: 271 hard, where 101 are usual.");
	r.more_mails[CLASS_HARD] = 98;
	assert_not_said("More than usual");
	assert_said("Nothing stands out.");
	assert_said(
		"271 hard bounces of 30,500 mails sent. These are 2.0 times "
		"the mails of a usual week.");
	weeks(CLASS_HARD, 400, 101);
	assert_said("More than usual: 400 hard, where 101 are usual.");
	/* each class for itself */
	weeks(CLASS_HARD, 271, 101);
	weeks(CLASS_BLOCK, 271, 101);
	assert_said("More than usual: 271 block, where 101 are usual.");
	assert_not_said("271 hard, where");
}

/* No rate over days of which nothing is known. */
static void says_which_days_it_is_of(void **state)
{
	(void)state;
	rate(1000, 5, 6);
	assert_said("That is of 6 of the 7 days. ");
	assert_not_said("nobody told");
	r.rate_undated = 1;
	assert_said("That is of 6 of the 7 days. Of 2026-11-22 nobody told how "
		    "many were sent: mails of that day and their bounces (1) "
		    "are in no rate.");
	r.sent_known[1] = r.sent_known[2] = false;
	assert_said("That is of 4 of the 7 days. Of 2026-11-17 to 2026-11-18, "
		    "2026-11-22 nobody told how many were sent: mails of these "
		    "days");
}

static void tells_of_streams_with_a_rate(void **state)
{
	(void)state;
	rate(1000, 5, 7);
	add_row(&r.streams, "news", CLASS_HARD, 40, 40);
	add_row(&r.streams, "alerts", CLASS_HARD, 12, 12);
	add_row(&r.streams, "small", CLASS_HARD, 9, 9);
	assert_not_said("rate 3 weeks");
	r.streams.rows[0].rate = (struct report_rate){600, 40, 0};
	r.streams.rows[2].rate = (struct report_rate){10, 9, 0};
	r.sent_by_stream = 700;
	assert_said("!! stream news: 40 of 600 mails bounced hard, 6.7 %.");
	assert_said("!! 6.7 %");
	assert_said("alerts 12 0 0 12 12 - ");
	/* nine bounces are not worth an item */
	assert_not_said("stream small");
	assert_said("Of 1,000 mails sent, the stream of 700 is known.");
}

static void says_why_there_are_no_spikes(void **state)
{
	(void)state;
	assert_not_said("looked for");
	assert_not_said("rose together");
	r.spikes_n = r.spikes_all = 0;
	r.spikes_state = SPIKES_FEW_WEEKS;
	assert_said("Spikes are not looked for yet: that takes eight weeks");
	r.spikes_state = SPIKES_NO_WEEK;
	assert_said("looked for in a report of seven days only.");
	r.spikes_state = SPIKES_NO_MEMORY;
	assert_said("[look] Spikes could not be looked for");
	/* 1,312 hard (210 are usual), but 300 soft (280), 45 block (40) */
	r.spikes_rise = 1.83;
	assert_not_said("rose together");
	r.periods[0][CLASS_SOFT] = 400;
	r.periods[0][CLASS_BLOCK] = 60;
	assert_said("All rose together, to 1.8 times what is usual");
	r.spikes_rise = 1.2;
	assert_not_said("rose together");
}

/* --- sections with and without what they are about ------------------------ */

static void says_how_sure_it_is(void **state)
{
	struct report_spike *s = &r.spikes[0];

	(void)state;
	s->certainty = CERTAINTY_THIN;
	assert_said("This may be a bad import.");
	s->certainty = CERTAINTY_CLEAR;
	s->cause = CAUSE_DOMAIN_GONE;
	assert_said("This is clearly a domain that is gone.");
	s->cause = CAUSE_UNCLEAR;
	assert_said("Nothing speaks clearly for one cause.");
	assert_not_said("This is");
	s->chance = 0;
	assert_said("By chance alone: less than once in a billion weeks.");
	s->chance = 0.004;
	assert_said("By chance alone: about once in 300 weeks.");
	s->usual = 1;
	assert_said("1 is usual, more than 39 is a spike.");
	for (int i = 1; i < 5; i++)
		r.spikes[r.spikes_n++] = r.spikes[0];
	r.spikes_all = 5;
	assert_said("5 spikes: stream autumn (1,204 bounces, 1 usual), stream "
		    "autumn (1,204 bounces, 1 usual), stream autumn (1,204 "
		    "bounces, 1 usual) and 2 more.");
	r.spikes_all = 9;
	assert_said("The greatest 5 of 9.");
	assert_said("9 spikes: ");
	r.spikes_n = r.spikes_all = 0;
	assert_not_said("What was more than usual");
	assert_not_said("what DNS says");
}

/* A few come always, and ask for nothing. */
static void asks_of_unverified_only_where_they_are_many(void **state)
{
	(void)state;
	assert_said("Are 'own:' and 'marks:' complete?");
	r.moves.unverified = 150;
	r.moves.unverified_bare = r.moves.unverified_other = 50;
	assert_said("150 more answer no mail of yours");
	assert_not_said("suppressed nobody. Are 'own:'");
	assert_not_said("suppressed nobody. Nothing tells them");
	assert_not_said("went to somebody else");
}

/* Whose addresses are fine need not be mailed less. Seen to fail. */
static void cleans_nothing_in_an_incident(void **state)
{
	(void)state;
	r.providers.rows[0].rate = (struct report_rate){5000, 400, 0};
	assert_said("Of all mails sent, 5.1 % bounced hard (alarm");
	assert_said("provider google: 400 of 5,000 mails bounced hard, 8.0 %.");
	assert_said("stream autumn: 1,200 of 10,000 mails bounced hard");
	r.rate.of_incidents = 1000;
	r.streams.rows[0].rate.of_incidents = 1000;
	r.providers.rows[0].rate.of_incidents = 390;
	assert_said("[alarm] Bounce rate 5.1 %: 1,275 hard bounces of 25,000");
	assert_not_said("mails bounced hard, 8.0 %");
	assert_not_said("Of all mails sent");
	/* what else is high is told */
	assert_said("! stream autumn: 200 of 10,000 mails bounced hard, 2.0 %, "
		    "without those of an incident. Mail it less");
	r.rate.of_incidents = 700;
	assert_said("Of all mails sent, 2.3 % bounced hard, without those of "
		    "an incident (warning from 2 % on).");
	/* the guard has not seen it, the report has */
	r.streams.rows[0].rate.of_incidents = 0;
	r.spikes[0].cause = CAUSE_PROVIDER_INCIDENT;
	assert_not_said("stream autumn: 1,200 of 10,000");
	r.rate_before = (struct report_rate){1000, 60, 0};
	r.rate_late = 50;
	assert_said("Of all mails sent in the week before, 6.0 % bounced");
	r.rate_before.of_incidents = 50;
	assert_not_said("sent in the week before");
}

static void tells_what_was_half_understood(void **state)
{
	(void)state;
	assert_not_said("not understood why");
	r.undetermined = 12;
	assert_said("- 18 not understood: look at them");
	assert_said("Of 12 soft bounces it was not understood why: they say "
		    "that a mail failed, and no more (undetermined). What is "
		    "made of a mail, and why: bouncewatch parse --explain");
	assert_said("google unknown 5.7.26 550 5 not known soft none stated");
	assert_not_said("And 12 others");
	r.shapes_rest = 12;
	assert_said("And 12 others.");
	r.shapes_rest = 1;
	assert_said("And 1 other.");
	r.periods[0][CLASS_UNKNOWN] = 0;
	assert_said("Bounces not understood Of 12 soft bounces");
}

static void leaves_out_what_is_not_there(void **state)
{
	(void)state;
	memset(&r.released, 0, sizeof(r.released));
	memset(&r.ends, 0, sizeof(r.ends));
	memset(&r.moves, 0, sizeof(r.moves));
	r.moves.now_suppressed = 1;
	r.incidents_n = r.typos_n = r.troubles_n = r.given_up_n = 0;
	r.incidents_all = r.held_engaged = r.troubles_all = 0;
	r.hours_n = 0;
	r.periods[0][CLASS_UNKNOWN] = 0;
	assert_said("The suppression list 1 suppressed now. In this time: 0 "
		    "newly suppressed, 0 released by hand, 0 expired. "
		    "What could not be done Nothing that is known of. What a "
		    "mailbox");
	assert_not_said("Released in");
	assert_not_said("probation");
	assert_not_said("by hour");
	assert_not_said("typing errors");
	assert_not_said("not understood:");
	assert_not_said("unverified");
	assert_not_said("fails:");
}

static void tells_how_released_addresses_fare(void **state)
{
	(void)state;
	assert_said("12 addresses. 10 have been quiet since, 2 bounced again.");
	r.released.again = 11;
	assert_said("1 has been quiet since, 11 bounced again.");
	assert_said("The latest 2 of 11.");
	r.released.again = r.released.examples_n = 0;
	assert_said("12 addresses. All of them have been quiet since.");
	r.released.n = 1;
	assert_said("weeks: 1 address. It has been quiet since.");
	r.released.n = REPORT_RELEASES;
	r.released.more = true;
	assert_said("weeks: the latest 20,000 addresses.");
}

/* --- what strangers wrote ------------------------------------------------- */

#define EVIL "\x1b[2J\xe2\x80\xae\r\n\x9b<b>\xe4\xbe\x8b\xe4\xbe\x8b'$(x)"

/* Everywhere where a name can come from a mail. */
static void obeys_nobody(void **state)
{
	static char label[300];
	const struct str names[] = {STRING(EVIL), str_of(label, 300)};

	(void)state;
	memset(label, 'x', sizeof(label));
	for (size_t i = 0; i < 2; i++) {
		r.domains.rows[0].name = r.providers.rows[0].name =
			r.streams.rows[0].name = names[i];
		r.spikes[0].name = r.spikes[0].also[0] =
			r.spikes[0].evidence[0] = r.spikes[0].action = names[i];
		r.incidents[0].name = names[i];
		r.released.examples[0].address = names[i];
		r.ends.examples[0].address = names[i];
		r.typos[0].wrong = r.typos[0].right = names[i];
		r.facts[0].domain = r.facts[0].fact = names[i];
		r.shapes[0].provider = names[i];
		r.troubles[0].what = r.troubles[0].detail = names[i];
		r.given_up[0].account = r.given_up[0].folder = names[i];
		assert_fits();
		/* no shell is given what would leave its quotes */
		assert_not_said(i ? "'x''" : "explain '\\x1b");
	}
}

static void bears_huge_numbers(void **state)
{
	(void)state;
	for (int c = 0; c < CLASS_COUNT; c++)
		weeks((enum verdict_class)c, 2000000000000, 1);
	r.rate = (struct report_rate){INT64_MAX, INT64_MAX, 0};
	r.spikes[0].n = INT64_MAX;
	r.spikes[0].usual = 1e15;
	r.spikes[0].limit = 1e15;
	r.moves.now_suppressed = INT64_MAX;
	r.hours[0] = INT64_MAX;
	r.typos[0].n = INT64_MAX / 2;
	assert_fits();
	assert_said("Bounce rate 100.0 %: 9,223,372,036,854,775,807 hard "
		    "bounces of 9,223,372,036,854,775,807 mails sent.");
}

#define TEST(f, setup) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(says_everything, everything),
		TEST(says_that_nothing_is_there, nothing),
		TEST(says_that_nothing_came, nothing),
		TEST(says_little_of_a_first_week, nothing),
		TEST(counts_days_and_periods, nothing),
		TEST(rates_by_what_was_sent, nothing),
		TEST(twice_the_mails_bounce_twice, nothing),
		TEST(says_which_days_it_is_of, nothing),
		TEST(tells_of_streams_with_a_rate, nothing),
		TEST(says_why_there_are_no_spikes, everything),
		TEST(says_how_sure_it_is, everything),
		TEST(cleans_nothing_in_an_incident, everything),
		TEST(asks_of_unverified_only_where_they_are_many, everything),
		TEST(tells_what_was_half_understood, everything),
		TEST(leaves_out_what_is_not_there, everything),
		TEST(tells_how_released_addresses_fare, everything),
		TEST(obeys_nobody, everything),
		TEST(bears_huge_numbers, everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
