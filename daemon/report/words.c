/*
 * What the report says: is anything wrong, what to do, what happened. It is
 * said here once, as a document; text.c and html.c show it. Each number comes
 * from struct report, so that what jsonl.c prints and what is read here are
 * the same.
 */
#include "words.h"

#include <math.h>

#include "print.h"
#include "when.h"

#define DAY 86400

const struct words_class words_classes[WORDS_CLASSES] = {
	{CLASS_HARD,      "hard",      "cannot receive mail"      },
	{CLASS_SOFT,      "soft",      "could not now"            },
	{CLASS_BLOCK,     "block",     "sender or message refused"},
	{CLASS_COMPLAINT, "complaint", "the recipient complained" },
	{CLASS_UNKNOWN,   "unknown",   "bounce not understood"    },
};

const char *words_period(const struct report *r)
{
	return r->days == 7 ? "week" : r->days == 1 ? "day" : "period";
}

const char *words_s(int64_t n)
{
	return n == 1 ? "" : "s";
}

const char *words_percent(struct document *d, double part, double whole)
{
	double percent = whole > 0 ? 100 * part / whole : 0;

	if (part > 0 && percent < 0.01)
		return "less than 0.01 %";
	return document_format(
		d, "%.*f %%", percent < 1 && part > 0 ? 2 : 1, percent);
}

const char *words_measure(struct document *d, double n)
{
	double half = floor(n * 2 + 0.5) / 2;

	if (n < 10 && half > floor(half))
		return document_format(d, "%.1f", half);
	return document_number(d, (int64_t)(n + 0.5));
}

int64_t words_events(const struct report *r)
{
	int64_t n = r->moves.unverified; /* which are in no other count */

	for (int c = 0; c < CLASS_COUNT; c++)
		n += r->periods[0][c];
	return n;
}

const char *words_series(struct document *d, enum report_by by, struct str name)
{
	static const char *const kinds[REPORT_BYS] = {
		"reason", "provider", "domain", "stream"};

	return document_format(d, "%s " STR_FMT, kinds[by], STR_ARG(name));
}

const char *words_bucket(
	struct document *d, enum incident_kind kind, struct str name)
{
	if (kind == INCIDENT_ALL || !name.n)
		return "all together";
	return document_format(
		d, "%s " STR_FMT, incident_kind_word(kind), STR_ARG(name));
}

/* --- is anything wrong ---------------------------------------------------- */

static void title(const struct report *r, struct document *d)
{
	char from[WHEN_SIZE], to[WHEN_SIZE];

	document_title(d, "bouncewatch report, %s to %s (UTC)%s",
		when_day(r->from, from), when_day(r->to - 1, to),
		r->now >= r->to               ? ""
		: r->now >= r->to - 24 * 3600 ? ", today so far"
					      : ", not over yet");
}

/* "1 spike: domain example.org (30 bounces, 2 are usual)" */
static int say_spikes(const struct report *r, struct document *d)
{
	const char *names = "";
	size_t shown = r->spikes_n < 3 ? r->spikes_n : 3;

	if (!r->spikes_n)
		return 0;
	for (size_t i = 0; i < shown; i++) {
		const struct report_spike *s = &r->spikes[i];

		names = document_format(d, "%s%s%s (%s bounce%s, %s usual)",
			names, i ? ", " : "", words_series(d, s->by, s->name),
			NUMBER(s->n), words_s(s->n),
			words_measure(d, s->usual));
	}
	if (r->spikes_all > shown)
		names = document_format(
			d, "%s and %zu more", names, r->spikes_all - shown);
	document_verdict(d, TONE_BAD, "%zu spike%s: %s.", r->spikes_all,
		words_s((int64_t)r->spikes_all), names);
	return 1;
}

static int say_risen(const struct report *r, struct document *d)
{
	int n = 0;

	for (size_t i = 0; i < WORDS_CLASSES; i++) {
		enum verdict_class c = words_classes[i].class;

		if (!report_numbers_class_is_more(r, c))
			continue;
		document_verdict(d, TONE_WARN,
			"More than usual: %s %s, where %s %s usual.",
			NUMBER(r->periods[0][c]), words_classes[i].name,
			NUMBER(r->usual[c]), r->usual[c] == 1 ? "is" : "are");
		n++;
	}
	return n;
}

/* Held by the guard, or seen by it. */
static int say_incidents(const struct report *r, struct document *d)
{
	int n = 0;

	for (size_t i = 0; i < r->incidents_n; i++) {
		const struct report_incident *q = &r->incidents[i];

		if (!q->now)
			continue;
		document_verdict(d,
			q->state == INCIDENT_OPEN ? TONE_BAD : TONE_WARN,
			"Incident %s, %s: %s answers \"no such address\", "
			"where %.0f %s usual; %s held.",
			NUMBER(q->id), words_bucket(d, q->kind, q->name),
			NUMBER(q->events), q->usual,
			q->usual > 0.5 && q->usual < 1.5 ? "is" : "are",
			q->held ? NUMBER(q->held) : "none");
		n++;
	}
	return n;
}

/* "30 hard bounces (3 are usual), 0 soft (0), ..." */
static void say_counts(const struct report *r, struct document *d)
{
	const char *text = "";

	for (size_t i = 0; i < 4; i++) {
		const struct words_class *c = &words_classes[i];
		int64_t n = r->periods[0][c->class];
		int64_t usual = r->usual[c->class];

		text = document_format(d, "%s%s%s %s%s", text, i ? ", " : "",
			NUMBER(n), c->name,
			c->class == CLASS_COMPLAINT ? words_s(n) : "");
		if (usual >= 0)
			text = document_format(d, "%s (%s%s)", text,
				i ? "" : "usual ", NUMBER(usual));
	}
	document_paragraph(d, "%s.", text);
}

static void say_usual(const struct report *r, struct document *d)
{
	int n = r->before < REPORT_USUAL ? r->before : REPORT_USUAL;
	const char *period = words_period(r);

	if (!n)
		document_note(d,
			"There is no %s before this one to compare with.",
			period);
	else if (n == 1)
		document_note(d, "Usual is the %s before.", period);
	else
		document_note(d, "Usual is the median of the %d %ss before.", n,
			period);
}

static void say_unverified(const struct report *r, struct document *d)
{
	if (r->moves.unverified)
		document_note(d,
			"%s more answer%s no mail of yours, as far as can be "
			"told (unverified): no count, rate or spike here has "
			"them.",
			NUMBER(r->moves.unverified),
			r->moves.unverified == 1 ? "s" : "");
}

/* Whether it is told that all rose: not where only some of the classes did,
 * since one bad import lifts most names of a few. */
static bool have_all_risen(const struct report *r)
{
	static const enum verdict_class classes[] = {
		CLASS_HARD, CLASS_SOFT, CLASS_BLOCK};

	double half = 1 + (r->spikes_rise - 1) / 2;

	if (r->spikes_n || r->spikes_rise < 1.25)
		return false; /* a spike may be what lifts the others */
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		enum verdict_class c = classes[i];

		if (r->usual[c] >= 10 &&
			(double)r->periods[0][c] < half * (double)r->usual[c])
			return false;
	}
	return true;
}

/* Where no spikes were looked for, and what was not taken for one. */
static void say_spikes_state(const struct report *r, struct document *d)
{
	switch (r->spikes_state) {
	case SPIKES_LOOKED_FOR:
		break;
	case SPIKES_FEW_WEEKS:
		document_note(d,
			"Spikes are not looked for yet: that takes eight weeks "
			"to compare with.");
		break;
	case SPIKES_NO_WEEK:
		document_note(d,
			"Spikes are looked for in a report of seven days "
			"only.");
		break;
	case SPIKES_NO_MEMORY:
		document_verdict(d, TONE_WARN,
			"Spikes could not be looked for: out of memory.");
		break;
	}
	if (have_all_risen(r))
		document_note(d,
			"All rose together, to %.1f times what is usual: that "
			"is no spike of one name.",
			r->spikes_rise);
}

static void is_anything_wrong(const struct report *r, struct document *d)
{
	char at[WHEN_SIZE];
	int wrong;

	if (!r->totals.last_event_at) {
		document_verdict(d, TONE_WARN,
			"Nothing was ever recorded in this database.");
		return;
	}
	if (!words_events(r)) {
		document_verdict(d, TONE_WARN,
			"Nothing came in this time; the last event is of %s.",
			when_format(r->totals.last_event_at, at));
		words_say_rate(r, d);
		return;
	}
	wrong = say_spikes(r, d) + say_risen(r, d) + say_incidents(r, d);
	if (!wrong && r->before && !words_is_rate_wrong(r))
		document_verdict(d, TONE_GOOD, "Nothing stands out.");
	words_say_rate(r, d);
	say_counts(r, d);
	say_usual(r, d);
	say_unverified(r, d);
	say_spikes_state(r, d);
}

void report_words(const struct report *r, struct document *d)
{
	title(r, d);
	is_anything_wrong(r, d);
	words_do(r, d);
	words_spikes(r, d);
	words_happened(r, d);
	words_list(r, d);
	words_review(r, d);
}
