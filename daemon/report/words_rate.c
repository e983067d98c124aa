/*
 * Is anything wrong, the bounce rate: what it is, what is not in it, and where
 * nobody can know it.
 */
#include "when.h"
#include "words.h"

#define DAY 86400

/* More bounced than was sent: then not all that was sent was told. */
static bool is_absurd(const struct report_rate *rate)
{
	return rate->sent && rate->hard > rate->sent;
}

enum document_tone words_rate_tone(
	const struct report *r, const struct report_rate *rate)
{
	double percent;

	if (!rate->sent || is_absurd(rate))
		return TONE_GOOD;
	percent = 100 * (double)rate->hard / (double)rate->sent;
	if (r->rate_bad && percent >= r->rate_bad)
		return TONE_BAD;
	return r->rate_warn && percent >= r->rate_warn ? TONE_WARN : TONE_GOOD;
}

/* The days of which it is not known how much was sent: "2026-11-24 to
 * 2026-11-25"; NULL: there are none. */
static const char *unknown_days(
	const struct report *r, struct document *d, int *n)
{
	const char *days = NULL;
	char from[WHEN_SIZE], to[WHEN_SIZE];

	*n = 0;
	for (int i = 0, k; i < r->days && i < REPORT_DAYS; i = k) {
		for (k = i; k < r->days && k < REPORT_DAYS &&
			    r->sent_known[k] == r->sent_known[i];
			k++)
			;
		if (r->sent_known[i])
			continue;
		*n += k - i;
		when_day(r->from + i * (int64_t)DAY, from);
		when_day(r->from + (k - 1) * (int64_t)DAY, to);
		days = document_format(d, "%s%s%s%s%s", days ? days : "",
			days ? ", " : "", from, k - i > 1 ? " to " : "",
			k - i > 1 ? to : "");
	}
	return days;
}

/* Without a reproach where nothing is missing: who has a newsletter sends on
 * one day a week. */
static void say_unknown_days(const struct report *r, struct document *d)
{
	int n;
	const char *days = unknown_days(r, d, &n);

	if (!days)
		return;
	if (10 * r->rate_undated <= r->rate.hard)
		document_note(d, "That is of %d of the %d days.", r->days - n,
			r->days);
	else
		document_note(d,
			"That is of %d of the %d days. Of %s nobody told how "
			"many were sent: mails of %s and their bounces (%s) "
			"are in no rate.",
			r->days - n, r->days, days,
			n == 1 ? "that day" : "these days",
			NUMBER(r->rate_undated));
}

/* Whose mails nobody told of: "... such as stream 'alpha' (told was 'News')".
 */
static const char *strangers(const struct report *r, struct document *d)
{
	bool by_stream = r->rate_stranger_by == REPORT_BY_STREAM;

	if (!r->rate_stranger.n)
		return "of mails of which nobody told";
	if (r->rate_stranger_days)
		return document_format(d,
			"of %ss and days of which nobody told how much was "
			"sent, such as '%.*s', told of other days only",
			by_stream ? "stream" : "provider",
			STR_ARG(r->rate_stranger));
	return document_format(d,
		"of %ss of which nobody told how much was sent, such as '%.*s'"
		"%s%.*s%s",
		by_stream ? "stream" : "provider", STR_ARG(r->rate_stranger),
		r->rate_told.n ? " (told was '" : "", STR_ARG(r->rate_told),
		r->rate_told.n ? "')" : "");
}

/* How bad it is with what is not in it: no rate is good that only is so because
 * of what it leaves out. */
static enum document_tone tone_with_all(const struct report *r)
{
	enum document_tone tone = words_rate_tone(r, &r->rate), with;
	struct report_rate all = r->rate;

	if (tone != TONE_GOOD)
		return tone;
	all.hard += r->rate_untold;
	with = is_absurd(&all) ? TONE_BAD : words_rate_tone(r, &all);
	if (with != TONE_GOOD)
		return TONE_WARN;
	if (r->rate_undated >= REPORT_FEW && r->rate_undated > r->rate.hard)
		return TONE_PLAIN; /* most are of days of which nobody told */
	/* Anybody can send these: they are no warning, either. */
	all.hard += r->moves.unverified;
	with = is_absurd(&all) ? TONE_BAD : words_rate_tone(r, &all);
	return with != TONE_GOOD && r->moves.unverified > r->rate.hard
		       ? TONE_PLAIN
		       : TONE_GOOD;
}

enum document_tone words_before_tone(const struct report *r)
{
	struct report_rate then = r->rate_before;
	enum document_tone now = words_rate_tone(r, &r->rate_before);

	then.hard -= r->rate_late;
	return now > words_rate_tone(r, &then) ? now : TONE_GOOD;
}

/* What the rate of older mails has come to. That some bounce later is how
 * things are, and nothing to tell of. */
static void say_before(const struct report *r, struct document *d)
{
	const struct report_rate *rate = &r->rate_before;
	enum document_tone tone = words_before_tone(r);

	if (tone != TONE_GOOD)
		document_verdict(d, tone,
			"The rate of the %s before has come to %s by now: %s "
			"hard bounces of %s mails, %s of them since.",
			words_period(r),
			words_percent(
				d, (double)rate->hard, (double)rate->sent),
			NUMBER(rate->hard), NUMBER(rate->sent),
			NUMBER(r->rate_late));
}

bool words_is_rate_wrong(const struct report *r)
{
	return words_before_tone(r) > TONE_GOOD || is_absurd(&r->rate) ||
	       (report_rate_is_known(r) && tone_with_all(r) > TONE_GOOD);
}

/* Where it is not known although somebody told how much was sent. */
static void say_unknown(const struct report *r, struct document *d)
{
	const struct report_rate *rate = &r->rate;

	if (is_absurd(rate))
		document_verdict(d, TONE_WARN,
			"Bounce rate unknown: %s hard bounces answer the %s "
			"mails that are said to have been sent. The send "
			"counts are not complete.",
			NUMBER(rate->hard), NUMBER(rate->sent));
	else
		document_verdict(d, TONE_PLAIN,
			"Bounce rate unknown: %s of %s hard bounces are %s.",
			NUMBER(r->rate_untold),
			NUMBER(r->rate_untold + rate->hard), strangers(r, d));
}

static void say_known(const struct report *r, struct document *d)
{
	const struct report_rate *rate = &r->rate;

	document_verdict(d, tone_with_all(r),
		"Bounce rate %s: %s hard bounce%s of %s mail%s sent.",
		words_percent(d, (double)rate->hard, (double)rate->sent),
		NUMBER(rate->hard), words_s(rate->hard), NUMBER(rate->sent),
		words_s(rate->sent));
	if (r->mails_rise >= 1.5)
		document_note(d,
			"These are %.1f times the mails of a usual week.",
			r->mails_rise);
	say_unknown_days(r, d);
	if (r->rate_untold)
		document_note(d, "%s more hard bounce%s %s.",
			NUMBER(r->rate_untold),
			r->rate_untold == 1 ? " is" : "s are", strangers(r, d));
}

void words_say_rate(const struct report *r, struct document *d)
{
	if (!words_events(r) && !r->rate.hard)
		return;
	if (report_rate_is_known(r))
		say_known(r, d);
	else if (r->rate.sent)
		say_unknown(r, d);
	else
		document_verdict(
			d, TONE_PLAIN, "Bounce rate unknown: no send counts.");
	say_before(r, d);
	if (r->unsettled)
		document_note(d,
			"An 'import sent' that told of %s of these days did "
			"not come to its end: repeat it.",
			NUMBER(r->unsettled));
}
