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

static void usual_means(const struct report *r, struct document *d)
{
	int n = r->before < REPORT_USUAL ? r->before : REPORT_USUAL;

	if (n == 1)
		document_note(d, "Usual is the %s before.", period(r));
	else
		document_note(d, "Usual is the median of the %d %ss before.", n,
			period(r));
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
			"There is no %s before this one to compare with: %s "
			"hard, %s soft, %s block, %s complaints.",
			period(r),
			document_number(d, r->periods[0][CLASS_HARD]),
			document_number(d, r->periods[0][CLASS_SOFT]),
			document_number(d, r->periods[0][CLASS_BLOCK]),
			document_number(d, r->periods[0][CLASS_COMPLAINT]));
	else if (!risen(r, d))
		document_verdict(d, TONE_GOOD,
			"Nothing stands out: %s hard bounces, where %s are "
			"usual.",
			document_number(d, r->periods[0][CLASS_HARD]),
			document_number(d, r->usual[CLASS_HARD]));
	if (r->before && all_events(r))
		usual_means(r, d);
}

/* --- what to do --- */

static int64_t of_reason(const struct report *r, enum verdict_reason reason)
{
	struct str word = str_from(reason_word(reason));

	for (size_t i = 0; i < r->reasons.n; i++)
		if (r->reasons.rows[i].class == reason_class(reason) &&
			str_eq(r->reasons.rows[i].name, word))
			return r->reasons.rows[i].n;
	return 0;
}

static int64_t load_list(const struct report *r)
{
	return r->moves.suppressed;
}

static int64_t ask_source(const struct report *r)
{
	int64_t n = of_reason(r, REASON_USER_UNKNOWN);

	return report_numbers_is_more(
		       r->periods[0][CLASS_HARD], r->usual[CLASS_HARD])
		       ? n
		       : 0;
}

static int64_t look_for_typos(const struct report *r)
{
	return of_reason(r, REASON_DOMAIN_UNKNOWN) +
	       of_reason(r, REASON_ADDRESS_INVALID);
}

static int64_t blocks(const struct report *r)
{
	return r->periods[0][CLASS_BLOCK];
}

static int64_t complaints(const struct report *r)
{
	return r->periods[0][CLASS_COMPLAINT];
}

static int64_t unknown(const struct report *r)
{
	return r->periods[0][CLASS_UNKNOWN];
}

static int64_t bare(const struct report *r)
{
	return r->moves.unverified_bare;
}

static int64_t misdirected(const struct report *r)
{
	return r->moves.unverified_other;
}

static int64_t unmarked(const struct report *r)
{
	return r->moves.unverified - bare(r) - misdirected(r);
}

static int64_t stale(const struct report *r)
{
	return r->moves.stale;
}

static int64_t never_started(const struct report *r)
{
	return r->totals.events == 0;
}

static int64_t silent(const struct report *r)
{
	return r->totals.events && !all_events(r);
}

/* Said when the number is not 0. */
static const struct {
	int64_t (*n)(const struct report *r);
	enum document_tone tone;
	bool counted; /* the number stands before the text */
	const char *text, *command;
} advice[] = {
	{never_started,  TONE_WARN,  false,
         "Start it: 'watch' follows the mailboxes of the configuration, "
		"'ingest' takes files.",				       "bouncewatch ingest FILE"                       },
	{silent,         TONE_WARN,  false,
         "If mail went out in this time, see that the watch runs.",            "bouncewatch status"                            },
	{load_list,      TONE_PLAIN, true,
         "newly suppressed: load the list into what sends your mail.",         "bouncewatch export csv -o FILE"                },
	{ask_source,     TONE_WARN,  true,
         "to users that do not exist, more than usual. Ask where these "
		"addresses came from: a form that checks nothing, an import, "
		"an old list, typing. The tables below show which domains and "
		"streams.",						    NULL					    },
	{look_for_typos, TONE_PLAIN, true,
         "to domains or addresses that cannot exist: compare them "
		"letter by letter with your records, most are typing errors.", "bouncewatch export csv --reason=domain-unknown"},
	{blocks,         TONE_PLAIN, true,
         "blocked: the addresses are fine, the sender or the message "
		"was refused. The reasons below say whether it is reputation, "
		"content or authentication; mend it before the next mailing.", NULL					    },
	{complaints,     TONE_PLAIN, true,
         "by complaint: stop mailing them, and make leaving the list "
		"easy.",						       NULL					    },
	{unknown,        TONE_PLAIN, true,
         "not understood: they suppressed nobody. 'after: unknown:' in "
		"the configuration can move them to a folder for review.",     NULL					    },
	{bare,           TONE_PLAIN, true,
         "unverified, for nothing of your mail came back with them: "
		"they suppressed nobody. A send log can tell them from "
		"forgeries.",						  "bouncewatch import sent FILE"                  },
	{unmarked,       TONE_PLAIN, true,
         "unverified, for what came back bears none of your marks: "
		"they suppressed nobody. Are 'own:' and 'marks:' complete?",   NULL					    },
	{misdirected,    TONE_PLAIN, true,
         "unverified, for what came back went to somebody else: they "
		"suppressed nobody.",					  NULL					    },
	{stale,          TONE_PLAIN, true,
         "too old to say anything about today ('policy.stale_after'): "
		"recorded, and suppressed nobody.",			    NULL					    },
};

static void what_to_do(const struct report *r, struct document *d)
{
	bool any = false;

	document_heading(d, "What to do");
	for (size_t i = 0; i < sizeof(advice) / sizeof(advice[0]); i++) {
		int64_t n = advice[i].n(r);

		if (!n)
			continue;
		any = true;
		document_item(d, advice[i].tone, "%s%s%s",
			advice[i].counted ? document_number(d, n) : "",
			advice[i].counted ? " " : "", advice[i].text);
		if (advice[i].command)
			document_command(d, "%s", advice[i].command);
	}
	if (!any)
		document_paragraph(d, "Nothing.");
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
	p->is_told = true;
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

static void reason_table(const struct report *r, struct document *d)
{
	static const struct document_column columns[] = {
		{.head = "reason"},
		{             .head = "class"               },
		{ .head = "now",                .is_number = true},
		{              .head = "usual",                .is_number = true},
	};
	struct document_table *t;

	if (!r->reasons.n)
		return;
	t = document_table(d, columns, 4);
	for (size_t i = 0; i < r->reasons.n; i++) {
		const struct report_row *row = &r->reasons.rows[i];
		bool none =
			str_eq(row->name, str_from(reason_word(REASON_NONE)));

		document_cell(d, t, TONE_PLAIN,
			none ? str_from("(none told)") : row->name);
		document_cell(
			d, t, TONE_PLAIN, str_from(class_word(row->class)));
		document_cell_number(d, t, row->n);
		document_cell_number(d, t, row->usual);
	}
}

static void list_changes(const struct report *r, struct document *d)
{
	const struct query_moves *m = &r->moves;

	document_heading(d, "The list");
	document_paragraph(d,
		"Suppressed now: %s. In this time: %s suppressed, %s released "
		"by hand, %s expired.",
		document_number(d, m->now_suppressed),
		document_number(d, m->suppressed),
		document_number(d, m->released),
		document_number(d, m->expired));
}

static void what_happened(const struct report *r, struct document *d)
{
	document_heading(d, "What happened");
	class_table(r, d);
	course_picture(r, d);
	reason_table(r, d);
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
	what_to_do(r, d);
	if (all_events(r) || r->before)
		what_happened(r, d);
	if (r->totals.events)
		list_changes(r, d);
	blind_spots(d);
}
