/*
 * What the report says: is anything wrong, what to do, what happened. It is
 * said here once, as a document; text.c and html.c show it. Each number comes
 * from struct report, so that what jsonl.c prints and what is read here are
 * the same.
 */
#include "document.h"
#include "report.h"
#include "when.h"

#define DAY 86400

/* The classes in the order of their weight; the rest is seldom of interest. */
static const struct {
	enum verdict_class class;
	const char *name, *means;
} classes[] = {
	{CLASS_HARD,      "hard",      "cannot receive mail"       },
	{CLASS_SOFT,      "soft",      "could not now"             },
	{CLASS_BLOCK,     "block",     "sender or message refused" },
	{CLASS_COMPLAINT, "complaint", "the recipient complained"  },
	{CLASS_UNKNOWN,   "unknown",   "bounce not understood"     },
	{CLASS_DELAY,     "delay",     "still trying"              },
	{CLASS_REPLY,     "reply",     "auto-replies"              },
	{CLASS_SKIPPED,   "skipped",   "the platform had it listed"},
	{CLASS_SUCCESS,   "success",   "delivered"                 },
};

#define CLASSES_N (sizeof(classes) / sizeof(classes[0]))
#define PICTURED  5 /* of them are bounces */

static const char *period(const struct report *r)
{
	return r->days == 7 ? "week" : r->days == 1 ? "day" : "period";
}

static void title(const struct report *r, struct document *d)
{
	char from[WHEN_SIZE], to[WHEN_SIZE];

	document_title(d, "bouncewatch report, %s to %s (UTC)%s",
		when_day(r->from, from), when_day(r->to - 1, to),
		r->now < r->to ? ", today so far" : "");
}

/* --- is anything wrong --- */

static int risen(const struct report *r, struct document *d)
{
	int n = 0;

	for (size_t i = 0; i < PICTURED; i++) {
		enum verdict_class c = classes[i].class;

		if (!report_numbers_is_more(r->periods[0][c], r->usual[c]))
			continue;
		document_verdict(d, TONE_BAD,
			"More than usual: %s %s, where %s %s usual.",
			document_number(d, r->periods[0][c]), classes[i].name,
			document_number(d, r->usual[c]),
			r->usual[c] == 1 ? "is" : "are");
		n++;
	}
	return n;
}

static int64_t all_events(const struct report *r)
{
	int64_t n = 0;

	for (int c = 0; c < CLASS_COUNT; c++)
		n += r->periods[0][c];
	return n;
}

static void headline(const struct report *r, struct document *d)
{
	char at[WHEN_SIZE];

	if (!r->totals.events)
		document_verdict(d, TONE_WARN,
			"Nothing was ever recorded in this database.");
	else if (!all_events(r))
		document_verdict(d, TONE_WARN,
			"Nothing came in this time; the last event is of %s.",
			when_format(r->totals.last_event_at, at));
	else if (!r->before)
		document_verdict(d, TONE_PLAIN,
			"There is no %s before this one to compare with.",
			period(r));
	else if (!risen(r, d))
		document_verdict(d, TONE_GOOD, "Nothing stands out.");
}

/* --- what happened --- */

static void class_table(const struct report *r, struct document *d)
{
	static const struct document_column columns[] = {
		{.head = "class"   },
		{.head = "now",      .is_number = true},
		{.head = "usual",                  .is_number = true},
		{.head = "12 weeks",.is_series = true},
		{.head = "means"},
	};
	struct document_table *t = document_table(d, columns, 5);
	int last = r->before < REPORT_PERIODS ? r->before : REPORT_PERIODS - 1;

	for (size_t i = 0; i < CLASSES_N; i++) {
		enum verdict_class c = classes[i].class;
		int64_t course[REPORT_PERIODS];

		if (!r->periods[0][c] && r->usual[c] <= 0 && i > 3)
			continue;
		for (int p = 0; p <= last; p++)
			course[last - p] = r->periods[p][c];
		document_cell(d, t, TONE_PLAIN, str_from(classes[i].name));
		document_cell_number(d, t, r->periods[0][c]);
		document_cell_number(d, t, r->usual[c]);
		document_cell_series(d, t, course, (size_t)last + 1);
		document_cell(d, t, TONE_PLAIN, str_from(classes[i].means));
	}
	document_note(d, "Bounce rate unknown: no send counts.");
}

static void course_picture(const struct report *r, struct document *d)
{
	struct document_picture *p = document_picture(d, PICTURE_STACKED,
		str_from("Twelve weeks of bounces by class"), PICTURED,
		REPORT_PERIODS);

	if (!p)
		return;
	for (size_t s = 0; s < PICTURED; s++) {
		p->series[s].name = classes[s].name;
		for (int i = 0; i < REPORT_PERIODS; i++)
			p->series[s].values[i] =
				r->periods[REPORT_PERIODS - 1 - i]
					  [classes[s].class];
	}
	for (int i = 0; i < REPORT_PERIODS; i++) {
		char day[WHEN_SIZE];
		int64_t back = (REPORT_PERIODS - 1 - i) * (int64_t)r->days;

		p->labels[i] = arena_dup(d->arena,
			str_from(when_day(r->from - back * DAY, day)));
	}
}

static void name_table(
	const struct report_table *names, const char *head, struct document *d)
{
	const struct document_column columns[] = {
		{.head = head      },
		{ .head = "hard", .is_number = true},
		{ .head = "soft", .is_number = true},
		{ .head = "block", .is_number = true},
		{ .head = "compl.", .is_number = true},
		{ .head = "all", .is_number = true},
		{ .head = "usual", .is_number = true},
	};
	struct document_table *t;

	if (!names->n)
		return;
	t = document_table(d, columns, 7);
	for (size_t i = 0; i < names->n; i++) {
		const struct report_row *row = &names->rows[i];

		document_cell(d, t, TONE_PLAIN, row->name);
		for (size_t c = 0; c < 4; c++)
			document_cell_number(
				d, t, row->classes[classes[c].class]);
		document_cell_number(d, t, row->n);
		document_cell_number(d, t, row->usual);
	}
}

static void what_happened(const struct report *r, struct document *d)
{
	document_heading(d, "What happened");
	class_table(r, d);
	course_picture(r, d);
	name_table(&r->domains, "domain of the recipient", d);
	name_table(&r->providers, "provider", d);
	name_table(&r->streams, "stream", d);
}

static void blind_spots(struct document *d)
{
	document_heading(d, "What a mailbox cannot show");
	document_paragraph(d,
		"Rejections that your own mail server or platform logs and "
		"never mails back, and complaints at Gmail, which sends no "
		"complaint reports.");
}

void report_words(const struct report *r, struct document *d)
{
	title(r, d);
	headline(r, d);
	if (all_events(r) || r->before)
		what_happened(r, d);
	blind_spots(d);
}
