/*
 * What was more than usual, and why. How sure it is stands in the words: "may
 * be", "is likely", "is clearly".
 */
#include <math.h>

#include "words.h"

/* The chance of such a week when nothing is wrong. */
static const char *chance_words(struct document *d, double chance)
{
	double once = chance > 0 ? 1 / chance : INFINITY;
	double step;

	if (once > 1e9)
		return "less than once in a billion weeks";
	if (once < 10)
		return "not seldom";
	step = pow(10, floor(log10(once)));
	return document_format(d, "about once in %s weeks",
		document_number(d, (int64_t)(round(once / step) * step)));
}

static void say_also(const struct report_spike *s, struct document *d)
{
	const char *names = "";

	for (size_t i = 0; i < s->also_n; i++)
		names = document_format(d, "%s%s" STR_FMT, names, i ? ", " : "",
			STR_ARG(s->also[i]));
	if (s->also_all > s->also_n)
		names = document_format(
			d, "%s, and %zu more", names, s->also_all - s->also_n);
	if (s->also_n)
		document_detail(d, "The same bounces lift: %s.", names);
}

static void say_cause(const struct report_spike *s, struct document *d)
{
	static const char *const sure[] = {
		[CERTAINTY_THIN] = "This may be",
		[CERTAINTY_LIKELY] = "This is likely",
		[CERTAINTY_CLEAR] = "This is clearly",
	};

	if (s->cause == CAUSE_UNCLEAR)
		document_detail(d, "Nothing speaks clearly for one cause.");
	else
		document_detail(d, "%s %s.", sure[s->certainty],
			report_causes_text(s->cause));
	for (size_t i = 0; i < s->evidence_n; i++)
		document_detail(d, STR_FMT, STR_ARG(s->evidence[i]));
}

static void say_spike(const struct report_spike *s, struct document *d)
{
	document_item(d, TONE_BAD,
		"%s: %s bounce%s, most of them %s (%s); %s %s usual, more than "
		"%s is a spike.",
		words_series(d, s->by, s->name), document_number(d, s->n),
		words_s(s->n), reason_word(s->reason), class_word(s->class),
		words_measure(d, s->usual), s->usual == 1 ? "is" : "are",
		document_number(d, (int64_t)s->limit));
	document_detail(d, "By chance alone: %s.", chance_words(d, s->chance));
	say_also(s, d);
	say_cause(s, d);
}

static void spike_table(const struct report *r, struct document *d)
{
	static const struct document_column columns[] = {
		{.head = "spike"   },
		{ .head = "now", .is_number = true},
		{ .head = "usual", .is_number = true},
		{ .head = "weeks", .is_series = true},
	};
	struct document_table *t = document_table(d, columns, 4);

	for (size_t i = 0; i < r->spikes_n; i++) {
		const struct report_spike *s = &r->spikes[i];
		int64_t weeks[REPORT_WEEKS];
		int n = s->weeks_n < REPORT_WEEKS ? s->weeks_n : REPORT_WEEKS;

		for (int w = 0; w < n; w++)
			weeks[n - 1 - w] = s->weeks[w];
		document_cell(d, t, TONE_PLAIN,
			str_from(words_series(d, s->by, s->name)));
		document_cell_number(d, t, s->n);
		document_cell(
			d, t, TONE_PLAIN, str_from(words_measure(d, s->usual)));
		document_cell_series(d, t, weeks, n > 0 ? (size_t)n : 0);
	}
}

static void fact_table(const struct report *r, struct document *d)
{
	static const struct document_column columns[] = {
		{.head = "domain"},
		{.head = "what DNS says of it now"},
	};
	struct document_table *t = document_table(d, columns, 2);

	for (size_t i = 0; i < r->facts_n; i++) {
		document_cell(d, t, TONE_PLAIN, r->facts[i].domain);
		document_cell(d, t, TONE_PLAIN, r->facts[i].fact);
	}
}

void words_spikes(const struct report *r, struct document *d)
{
	if (!r->spikes_n)
		return;
	document_heading(d, "What was more than usual, and why");
	for (size_t i = 0; i < r->spikes_n; i++)
		say_spike(&r->spikes[i], d);
	spike_table(r, d);
	if (r->spikes_all > r->spikes_n)
		document_note(d, "The greatest %zu of %zu.", r->spikes_n,
			r->spikes_all);
	if (r->facts_n)
		fact_table(r, d);
}
