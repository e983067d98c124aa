/*
 * The report for people: is anything wrong, what to do, what happened. It
 * names no causes, because it has no evidence for any: it compares with what
 * is usual and says where to look. What the mailbox cannot show is said, too.
 */
#include <inttypes.h>
#include <stdio.h>

#include "print.h"
#include "report.h"
#include "when.h"

#define DAY 86400

/* The classes in the order of their weight; the rest is seldom of interest. */
static const struct {
	enum verdict_class class;
	const char *name, *means;
} classes[] = {
	{CLASS_HARD,      "hard",      "cannot receive mail"       },
	{CLASS_SOFT,      "soft",      "it could not now"          },
	{CLASS_BLOCK,     "block",     "sender or message refused" },
	{CLASS_COMPLAINT, "complaint", "the recipient complained"  },
	{CLASS_UNKNOWN,   "unknown",   "bounce not understood"     },
	{CLASS_DELAY,     "delay",     "still trying"              },
	{CLASS_REPLY,     "reply",     "auto-replies"              },
	{CLASS_SKIPPED,   "skipped",   "the platform had it listed"},
	{CLASS_SUCCESS,   "success",   "delivered"                 },
};

#define CLASSES_N (sizeof(classes) / sizeof(classes[0]))

static const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

static const char *period(const struct report *r)
{
	return r->days == 7 ? "week" : r->days == 1 ? "day" : "period";
}

/* s cut or filled up to width columns. */
static void put_name(struct out *o, struct str s, size_t width)
{
	char cut[128];

	/* A character has at least as many bytes as columns. */
	if (print_width(s) > width)
		s = str_from(print_visible_buf(cut, width + 1, s));
	print_visible(o, s);
	for (size_t n = print_width(s); n < width; n++)
		out_char(o, ' ');
}

/* " 1234", or "    -" for what is not known. */
static void put_number(struct out *o, int64_t n, int width)
{
	if (n < 0)
		out_printf(o, "%*s", width, "-");
	else
		out_printf(o, "%*" PRId64, width, n);
}

/* --- is anything wrong --- */

static void put_usual(struct out *o, const struct report *r)
{
	int n = r->before < REPORT_USUAL ? r->before : REPORT_USUAL;

	if (n == 1)
		out_printf(o, "the %s before", period(r));
	else
		out_printf(o, "the median of the %d %ss before", n, period(r));
}

/* The classes that rose; how many. */
static int put_risen(struct out *o, const struct report *r)
{
	int risen = 0;

	for (size_t i = 0; i < CLASSES_N; i++) {
		enum verdict_class c = classes[i].class;

		if (c == CLASS_DELAY)
			break; /* what follows harms nobody */
		if (!report_numbers_is_more(r->periods[0][c], r->usual[c]))
			continue;
		out_printf(o,
			"  MORE THAN USUAL: %" PRId64 " %s, where %" PRId64
			" %s usual.\n",
			r->periods[0][c], classes[i].name, r->usual[c],
			r->usual[c] == 1 ? "is" : "are");
		risen++;
	}
	return risen;
}

static int64_t all_events(const struct report *r)
{
	int64_t n = 0;

	for (int c = 0; c < CLASS_COUNT; c++)
		n += r->periods[0][c];
	return n;
}

static void headline(struct out *o, const struct report *r)
{
	char at[WHEN_SIZE];

	if (!r->totals.events) {
		out_z(o, "  Nothing was ever recorded in this database.\n");
		return;
	}
	if (!all_events(r)) {
		out_printf(o,
			"  Nothing came in this time; the last event is of "
			"%s.\n",
			when_format(r->totals.last_event_at, at));
		return;
	}
	if (!r->before) {
		out_printf(o,
			"  There is no %s before this one to compare with: "
			"%" PRId64 " hard,\n"
			"  %" PRId64 " soft, %" PRId64 " block, %" PRId64
			" complaint%s.\n",
			period(r), r->periods[0][CLASS_HARD],
			r->periods[0][CLASS_SOFT], r->periods[0][CLASS_BLOCK],
			r->periods[0][CLASS_COMPLAINT],
			plural(r->periods[0][CLASS_COMPLAINT]));
		return;
	}
	if (!put_risen(o, r))
		out_printf(o,
			"  Nothing stands out: %" PRId64
			" hard bounce%s, where %" PRId64 " %s usual.\n",
			r->periods[0][CLASS_HARD],
			plural(r->periods[0][CLASS_HARD]), r->usual[CLASS_HARD],
			r->usual[CLASS_HARD] == 1 ? "is" : "are");
	out_z(o, "  Usual is ");
	put_usual(o, r);
	out_z(o, ".\n");
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

/* Said when the number is not 0; %s-free, so that the number leads. */
static const struct {
	int64_t (*n)(const struct report *r);
	bool counted; /* the number stands before the text */
	const char *text;
} advice[] = {
	{never_started,  false,
         "Start it: 'bouncewatch watch' follows the mailboxes of the\n"
		"    configuration, 'bouncewatch ingest FILE' takes files."},
	{silent,         false,
         "If mail went out in this time, see that the watch runs:\n"
		"    bouncewatch status"                                   },
	{load_list,      true,
         "newly suppressed: load the list into what sends your mail.\n"
		"    bouncewatch export csv -o FILE"                       },
	{ask_source,     true,
         "to users that do not exist, more than usual. Ask where these\n"
		"    addresses came from: a form that checks nothing, an "
		"import, an old\n"
		"    list, typing. The tables below show which domains and "
		"streams."						 },
	{look_for_typos, true,
         "to domains or addresses that cannot exist: compare them\n"
		"    letter by letter with your records, most are typing "
		"errors.\n"
		"    bouncewatch export csv --reason=domain-unknown"       },
	{blocks,         true,
         "blocked: the addresses are fine, the sender or the message "
		"was\n"
		"    refused. The reasons below say whether it is reputation, "
		"content or\n"
		"    authentication; mend it before the next mailing."     },
	{complaints,     true,
         "by complaint: stop mailing them, and make leaving the list "
		"easy."						    },
	{unknown,        true,
         "not understood: they suppressed nobody. 'after: unknown:' in "
		"the\n"
		"    configuration can move them to a folder for review."  },
	{bare,           true,
         "unverified, for nothing of your mail came back with them:\n"
		"    they suppressed nobody. 'bouncewatch import sent' of a "
		"send log\n"
		"    can tell them from forgeries."                        },
	{unmarked,       true,
         "unverified, for what came back bears none of your marks: "
		"they\n"
		"    suppressed nobody. Are 'own:' and 'marks:' complete?" },
	{misdirected,    true,
         "unverified, for what came back went to somebody else: they\n"
		"    suppressed nobody."                                   },
	{stale,          true,
         "too old to say anything about today ('policy.stale_after'):\n"
		"    recorded, and suppressed nobody."                     },
};

static void what_to_do(struct out *o, const struct report *r)
{
	bool any = false;

	out_z(o, "\nWhat to do\n");
	for (size_t i = 0; i < sizeof(advice) / sizeof(advice[0]); i++) {
		int64_t n = advice[i].n(r);

		if (!n)
			continue;
		any = true;
		out_z(o, "  - ");
		if (advice[i].counted)
			out_printf(o, "%" PRId64 " ", n);
		out_printf(o, "%s\n", advice[i].text);
	}
	if (!any)
		out_z(o, "  Nothing.\n");
}

/* --- what happened --- */

/* The periods of a class from the oldest, as heights against the highest. */
static void sparkline(
	struct out *o, const struct report *r, enum verdict_class c)
{
	static const char *const heights[] = {"\u2581", "\u2582", "\u2583",
		"\u2584", "\u2585", "\u2586", "\u2587", "\u2588"};
	int64_t top = 1;
	int last = r->before < REPORT_PERIODS ? r->before : REPORT_PERIODS - 1;

	for (int p = 0; p <= last; p++)
		if (r->periods[p][c] > top)
			top = r->periods[p][c];
	for (int p = REPORT_PERIODS - 1; p >= 0; p--)
		if (p > last)
			out_char(o, ' ');
		else
			out_z(o, heights[r->periods[p][c] * 7 / top]);
}

static void class_table(struct out *o, const struct report *r)
{
	char head[32];

	snprintf(head, sizeof(head), "%d %ss", REPORT_PERIODS, period(r));
	out_printf(o, "  %-10s %9s %9s  %s\n", "class", "now", "usual", head);
	for (size_t i = 0; i < CLASSES_N; i++) {
		enum verdict_class c = classes[i].class;

		if (!r->periods[0][c] && r->usual[c] <= 0 && i > 3)
			continue;
		out_printf(o, "  %-10s", classes[i].name);
		put_number(o, r->periods[0][c], 10);
		put_number(o, r->usual[c], 10);
		out_z(o, "  ");
		sparkline(o, r, c);
		out_printf(o, "  %s\n", classes[i].means);
	}
	out_z(o, "  Bounce rate unknown: no send counts.\n");
}

static void reason_table(struct out *o, const struct report *r)
{
	if (!r->reasons.n)
		return;
	out_printf(o, "\n  %-20s %-11s %6s %9s\n", "reason", "class", "now",
		"usual");
	for (size_t i = 0; i < r->reasons.n; i++) {
		const struct report_row *row = &r->reasons.rows[i];
		struct str name = row->name;

		if (str_eq(name, str_from(reason_word(REASON_NONE))))
			name = str_from("(none told)");
		out_z(o, "  ");
		put_name(o, name, 20);
		out_printf(o, " %-10s", class_word(row->class));
		put_number(o, row->n, 8);
		put_number(o, row->usual, 10);
		out_char(o, '\n');
	}
}

/* Names with their classes; usual only where it was asked for. */
static void name_table(struct out *o, const struct report_table *t,
	const char *title, bool usual)
{
	static const enum verdict_class shown[] = {
		CLASS_HARD, CLASS_SOFT, CLASS_BLOCK, CLASS_COMPLAINT};

	if (!t->n)
		return;
	out_printf(o, "\n  %-30s %6s %6s %6s %6s%s\n", title, "hard", "soft",
		"block", "compl.", usual ? "  all/usual" : "");
	for (size_t i = 0; i < t->n; i++) {
		const struct report_row *row = &t->rows[i];

		out_z(o, "  ");
		put_name(o, row->name, 30);
		for (size_t c = 0; c < sizeof(shown) / sizeof(shown[0]); c++)
			put_number(o, row->classes[shown[c]], 7);
		if (usual)
			out_printf(o, "  %" PRId64 "/%" PRId64, row->n,
				row->usual);
		out_char(o, '\n');
	}
}

static void list_changes(struct out *o, const struct report *r)
{
	const struct query_moves *m = &r->moves;

	out_printf(o,
		"\nThe list\n"
		"  Suppressed now: %" PRId64 ". In this time: %" PRId64
		" suppressed, %" PRId64 " released by hand,\n"
		"  %" PRId64 " expired.\n",
		m->now_suppressed, m->suppressed, m->released, m->expired);
}

static void blind_spots(struct out *o)
{
	out_z(o, "\nWhat a mailbox cannot show\n"
		 "  Rejections that your own mail server or platform logs and "
		 "never mails\n"
		 "  back, and complaints at Gmail, which sends no complaint "
		 "reports.\n");
}

void report_text(const struct report *r, struct out *o)
{
	char from[WHEN_SIZE], to[WHEN_SIZE];

	out_printf(o, "bouncewatch report, %s to %s (UTC)%s\n\n",
		when_day(r->from, from), when_day(r->to - 1, to),
		r->now < r->to ? ", today so far" : "");
	headline(o, r);
	what_to_do(o, r);
	if (all_events(r) || r->before) {
		out_z(o, "\nWhat happened\n");
		class_table(o, r);
		reason_table(o, r);
		name_table(o, &r->domains, "domain of the recipient", false);
		name_table(o, &r->providers, "provider", r->before > 0);
		name_table(o, &r->streams, "stream", r->before > 0);
	}
	if (r->totals.events)
		list_changes(o, r);
	blind_spots(o);
}
