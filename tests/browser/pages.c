/*
 * pages CASE [text|jsonl]: a report as HTML (or text, jsonl), of numbers that
 * are made up here: what a browser has to show without harm. Without CASE:
 * their names.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "report/document.h"
#include "report/html.h"
#include "report/text.h"
#include "words.h"

#define DAY 86400
#define TO  (20782 * (int64_t)DAY) /* 2026-11-25 */

static struct arena arena;
static struct out out;

static struct str keep(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static struct str keep(const char *format, ...)
{
	char text[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return arena_dup(&arena, str_from(text));
}

static void add_row(struct report_table *t, struct str name, int64_t n,
	enum verdict_class class, int64_t usual)
{
	struct report_row *row = &t->rows[t->n++];

	*row = (struct report_row){
		.name = name, .class = class, .n = n, .usual = usual};
	row->classes[class] = n * 3 / 4;
	row->classes[CLASS_SOFT] += n - n * 3 / 4;
	row->weeks_n = REPORT_PERIODS;
	for (int p = 0; p < REPORT_PERIODS; p++)
		row->weeks[p] = n * (10 - p * 3 % 7) / 10;
}

/* Twelve weeks, `scale` hard bounces in each, and `last` in this one. */
static void weeks(struct report *r, int64_t scale, int64_t last, int before)
{
	static const int wave[REPORT_PERIODS] = {
		10, 9, 11, 10, 8, 12, 10, 9, 13, 10, 11, 7};

	r->before = before;
	for (int p = 0; p < REPORT_PERIODS && p <= before; p++) {
		int64_t *c = r->periods[p];

		c[CLASS_HARD] = scale * wave[p] / 10;
		c[CLASS_SOFT] = scale * wave[(p + 3) % 12] / 14;
		c[CLASS_BLOCK] = scale * wave[(p + 5) % 12] / 40;
		c[CLASS_COMPLAINT] = scale * wave[(p + 7) % 12] / 90;
		c[CLASS_UNKNOWN] = scale / 60;
	}
	r->periods[0][CLASS_HARD] = last;
	for (int c = 0; c < CLASS_COUNT; c++)
		r->usual[c] = before ? r->periods[1][c] : -1;
	r->totals.events = scale * 20;
	r->totals.last_event_at = r->to - 60;
	r->moves.suppressed = last;
	r->moves.now_suppressed = scale * 30;
}

static void tables(struct report *r, int64_t n)
{
	static const char *const domains[] = {"gmail.com", "hotmail.com",
		"yahoo.com", "example.org", "example.net", "mail.example.com",
		"web.de", "a.example", "b.example", "c.example"};
	static const char *const providers[] = {
		"google", "microsoft", "yahoo", "apple", "gmx"};
	static const char *const streams[] = {
		"newsletter", "receipts", "password-reset"};

	for (int i = 0; i < 10; i++)
		add_row(&r->domains, str_from(domains[i]), n / (i + 1) + 1,
			CLASS_HARD, n / (i + 2));
	for (int i = 0; i < 5; i++)
		add_row(&r->providers, str_from(providers[i]), n / (i + 1) + 1,
			CLASS_HARD, n / (i + 2));
	for (int i = 0; i < 3; i++)
		add_row(&r->streams, str_from(streams[i]), n / (i + 1) + 1,
			CLASS_BLOCK, n / (i + 2));
	add_row(&r->reasons, str_from("user-unknown"), n, CLASS_HARD, n - 3);
	add_row(&r->reasons, str_from("mailbox-full"), n / 2, CLASS_SOFT, n);
	add_row(&r->reasons, str_from("reputation"), n / 3, CLASS_BLOCK, 0);
}

static void spike(struct report *r, struct str name, int64_t n)
{
	struct report_spike *s = &r->spikes[r->spikes_n++];

	*s = (struct report_spike){.by = (enum report_by)(r->spikes_n % 4),
		.name = name,
		.class = CLASS_HARD,
		.reason = REASON_USER_UNKNOWN,
		.n = n,
		.usual = (double)n / 9,
		.limit = (double)n / 4,
		.chance = 1e-6,
		.weeks_n = REPORT_WEEKS,
		.cause = (enum report_cause)(r->spikes_n % CAUSES),
		.certainty = (enum report_certainty)(r->spikes_n % 3)};
	s->weeks[0] = n;
	for (int w = 1; w < REPORT_WEEKS; w++)
		s->weeks[w] = n / 9 + w % 3;
	s->also[s->also_n++] = keep("reason user-unknown");
	s->also[s->also_n++] = keep("stream " STR_FMT, STR_ARG(name));
	s->also_all = 9;
	s->evidence[s->evidence_n++] =
		keep("%lld of %lld addresses were never mailed before.",
			(long long)n * 9 / 10, (long long)n);
	s->evidence[s->evidence_n++] =
		keep("They lie in 41 domains, and all are of " STR_FMT ".",
			STR_ARG(name));
	s->action = keep("Stop the import and ask where the list is from.");
}

/* --- what only some reports have --- */

static void sends(struct report *r, int64_t sent)
{
	r->rate = (struct report_rate){sent, sent / 30, 0};
	r->rate_warn = 2;
	r->rate_bad = 5;
	r->sent_by_stream = r->sent_by_provider = sent;
	for (int i = 0; i < r->days; i++)
		r->sent_known[i] = true;
	for (size_t i = 0; i < r->providers.n; i++)
		r->providers.rows[i].rate = (struct report_rate){
			sent / (int64_t)(i + 1), sent / 40, 0};
	for (size_t i = 0; i < r->streams.n; i++)
		r->streams.rows[i].rate = (struct report_rate){
			sent / (int64_t)(i + 1), sent / 90, 0};
}

static void incident(struct report *r, struct str name, int64_t n)
{
	struct report_incident *q = &r->incidents[r->incidents_n++];

	*q = (struct report_incident){.id = (int64_t)r->incidents_n,
		.kind = (enum incident_kind)(1 + r->incidents_n % 4),
		.state = (enum incident_state)(1 + r->incidents_n % 4),
		.name = name,
		.from = TO - 4 * DAY - 3600 * 9,
		.to = TO - 4 * DAY - 3600 * 3,
		.events = n,
		.usual = (double)n / 9,
		.held = n * 3 / 4,
		.probation = n / 8,
		.now = true};
	r->incidents_all++;
	r->hours_n = REPORT_HOURS;
	for (int h = 0; h < REPORT_HOURS; h++)
		r->hours[h] = h * 31 % 7;
	for (int h = 0; h < 6; h++)
		r->hours[63 + h] = n / (h + 2);
}

/* Rows of all the tables that are seldom there. */
static void seldom(struct report *r, struct str name, int64_t n)
{
	r->released = (struct report_released){.n = n, .again = n / 3};
	r->ends = (struct report_ends){.suppressed = n, .held = n / 2};
	for (int i = 0; i < REPORT_EXAMPLES; i++) {
		r->released.examples[r->released.examples_n++] =
			(struct report_again){name, TO - 9 * DAY, TO - 2 * DAY,
				CLASS_HARD, REASON_USER_UNKNOWN};
		r->ends.examples[r->ends.examples_n++] = (struct report_end){
			name, REASON_MAILBOX_FULL, TO + i * DAY};
	}
	for (int i = 0; i < REPORT_SHAPES; i++)
		r->shapes[r->shapes_n++] = (struct report_shape){
			name, CLASS_UNKNOWN, {5, 0, (unsigned short)i},
                          550 + i,
			n
                };
	r->shapes_rest = n;
	for (int i = 0; i < 3; i++)
		r->troubles[r->troubles_n++] = (struct query_trouble){
			name, name, TO - 2 * DAY, i ? TO - DAY : 0, n};
	r->troubles_all = r->troubles_n;
	r->given_up[r->given_up_n++] = (struct report_given_up){name, name, n};
	r->moves.now_held = r->moves.now_probation = n;
	r->moves.unverified = n * 3;
	r->moves.unverified_bare = r->moves.unverified_other = n;
	r->moves.stale = r->moves.unknown = n;
}

/* --- cases of a whole report --- */

static void empty(struct report *r)
{
	for (int c = 0; c < CLASS_COUNT; c++)
		r->usual[c] = -1;
}

static void first(struct report *r)
{
	weeks(r, 3, 1, 0);
	add_row(&r->domains, str_from("example.org"), 1, CLASS_HARD, -1);
}

static void quiet(struct report *r)
{
	weeks(r, 30, 28, 11);
	tables(r, 12);
}

static void typical(struct report *r)
{
	weeks(r, 240, 312, 11);
	tables(r, 140);
	sends(r, 48000);
	spike(r, str_from("newsletter"), 122);
	r->typos[r->typos_n++] = (struct report_typo){
		str_from("gmial.com"), str_from("gmail.com"), 14};
	r->typos_all = 14;
}

static void bad(struct report *r)
{
	weeks(r, 240, 2731, 11);
	tables(r, 900);
	for (int i = 0; i < REPORT_SPIKES; i++)
		spike(r, keep("spike-%d.example", i), 900 / (i + 1));
	for (int i = 0; i < REPORT_TOP; i++)
		r->typos[r->typos_n++] = (struct report_typo){
			keep("gmial%d.com", i), str_from("gmail.com"), 20 - i};
	r->typos_all = 155;
	for (int i = 0; i < REPORT_FACTS; i++)
		r->facts[r->facts_n++] = (struct report_fact){
			.domain = keep("spike-%d.example", i),
			.fact = str_from("has no MX and no address")};
	sends(r, 51200);
	for (int i = 0; i < 3; i++)
		incident(r, keep("spike-%d.example", i), 800 / (i + 1));
	seldom(r, str_from("anna@example.org"), 33);
}

static void hostile(struct report *r)
{
	static const char *const names[] = {
		"<script>document.title='x'</script>.example",
		"\"onload=alert(1) '<img src=x onerror=alert(1)>",
		"</style></table></main><h1>owned</h1>",
		"\x1b[31mred\x1b[0m\x07\r\nSet-Cookie: a=b",
		("\xe2\x80\xae"
		 "moc.elpmaxe"),
		"bad\xff\xfe\xc0\xaf utf8 \xed\xa0\x80",
		"https://evil.example/?a=1&b=2&amp;c",
		"\xef\xbb\xbf\xe2\x80\x8b zero \xe2\x81\xa0 width",
		"<!-- ]]> <![CDATA[ --> &#x202e; &lt;",
		"%s%n%99999d ${7*7} {{7*7}} javascript:alert(1)"};

	weeks(r, 240, 990, 11);
	for (int i = 0; i < 10; i++) {
		struct str name = str_from(names[i]);

		add_row(&r->domains, name, 100 - i, CLASS_HARD, 3);
		add_row(&r->providers, name, 100 - i, CLASS_HARD, 3);
		add_row(&r->streams, name, 100 - i, CLASS_HARD, 3);
		spike(r, name, 100 - i);
		r->typos[r->typos_n++] = (struct report_typo){name, name, 3};
		r->facts[r->facts_n++] =
			(struct report_fact){.domain = name, .fact = name};
	}
	for (int i = 0; i < REPORT_INCIDENTS; i++)
		incident(r, str_from(names[i]), 50 - i);
	seldom(r, str_from(names[0]), 7);
}

static void huge(struct report *r)
{
	int64_t n = 1234567890;

	weeks(r, n, n * 3, 11);
	tables(r, n);
	spike(r, str_from("newsletter"), n);
	r->moves.released = r->moves.expired = n;
	sends(r, n * 40);
	incident(r, str_from("google"), n);
	seldom(r, str_from("anna@example.org"), n);
}

static void wide(struct report *r)
{
	weeks(r, 240, 990, 11);
	for (int i = 0; i < 10; i++) {
		struct str name = keep("a-very-long-name-of-a-domain-that-"
				       "hardly-ends-before-row-%d.example.org",
			i);
		char w[256];

		memset(w, "MWm_@."[i % 6], 254);
		w[254] = '\0';
		add_row(&r->domains, i % 2 ? name : keep("%s", w), 100 - i,
			CLASS_HARD, 3);
		add_row(&r->providers, name, 100 - i, CLASS_HARD, 3);
		add_row(&r->streams, name, 100 - i, CLASS_HARD, 3);
		spike(r, i % 2 ? name : keep("%s", w), 100 - i);
		r->typos[r->typos_n++] = (struct report_typo){name, name, 3};
		if (i < REPORT_INCIDENTS)
			incident(r, name, 50);
	}
	sends(r, 99000);
	seldom(r, r->domains.rows[0].name, 7);
}

/* --- pictures alone --- */

static void stacked(struct document *d, const char *title, size_t series,
	size_t bars, int64_t scale)
{
	static const char *const names[] = {"hard", "soft", "block",
		"complaint", "not understood", "delay"};
	static const char *const months[] = {"Sep", "Oct", "Nov"};
	struct document_picture *p = document_picture(
		d, PICTURE_STACKED, str_from(title), series, bars);

	for (size_t s = 0; s < series; s++) {
		p->series[s].name = names[s];
		for (size_t i = 0; i < bars; i++)
			p->series[s].values[i] =
				scale * (int64_t)(7 + (i * 5 + s * 3) % 6) /
				(int64_t)(s + 1);
	}
	for (size_t i = 0; i < bars; i++)
		p->labels[i] = keep("%zu %s", i * 7 % 30 + 1, months[i / 4]);
}

static void hours(struct document *d)
{
	static const char *const days[] = {
		"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	struct document_picture *p = document_picture(d, PICTURE_BARS,
		str_from("The week by hour; the incident is marked"), 1, 168);

	p->series[0].name = "bounces";
	for (size_t i = 0; i < 168; i++) {
		p->series[0].values[i] = (int64_t)(i * 31 % 7);
		p->labels[i] = keep("%s %02zu:00", days[i / 24], i % 24);
	}
	for (int i = 0; i < 6; i++)
		p->series[0].values[56 + i] = 90 - 12 * i;
	p->group = 24;
	p->marked = 56;
	p->marked_n = 6;
	p->mark = "incident at google";
}

static void some_shares(struct document *d, const char *title, size_t n,
	int64_t scale, const char *name)
{
	struct document_picture *p =
		document_picture(d, PICTURE_SHARES, str_from(title), 1, n);

	for (size_t i = 0; i < n; i++) {
		p->labels[i] = keep("%s-%zu.example", name, i);
		p->series[0].values[i] = scale / (int64_t)(i * i * i + 1);
	}
}

static void pictures(struct document *d)
{
	struct document_picture *p;

	document_title(d, "Pictures");
	stacked(d, "Twelve weeks", 4, 12, 40);
	stacked(d, "Six classes", 6, 12, 3);
	hours(d);
	some_shares(d, "Share by provider", 6, 1000, "provider");
	stacked(d, "One week only", 4, 1, 12);
	stacked(d, "All zero", 4, 12, 0);
	stacked(d, "Thousand millions", 4, 12, 1234567890);
	p = document_picture(d, PICTURE_BARS, str_from("One alone"), 1, 24);
	for (size_t i = 0; i < 24; i++)
		p->labels[i] = keep("%02zu:00", i);
	p->series[0].name = "bounces";
	p->series[0].values[3] = 1;
	some_shares(d, "Twelve names of sixty letters", 12, 1000000,
		"a-name-of-sixty-letters-a-name-of-sixty-letters-abc");
	some_shares(d, "Nothing to share", 2, 0, "provider");
}

/* Every kind of block and tone. */
static void blocks(struct document *d)
{
	static const struct document_column columns[] = {
		{.head = "name"    },
                {.head = "n",        .is_number = true},
		{.head = "weeks",                  .is_series = true},
                {.head = "said"}
        };
	struct document_table *t;
	int64_t course[26];

	for (int i = 0; i < 26; i++)
		course[i] = i * 7 % 9;
	course[25] = 60;
	document_title(d, "bouncewatch report, every block");
	document_verdict(d, TONE_BAD, "Something is wrong: 31 hard bounces.");
	document_verdict(d, TONE_WARN, "Something may be wrong.");
	document_verdict(d, TONE_GOOD, "Nothing stands out.");
	document_heading(d, "What to do");
	document_item(d, TONE_BAD, "An item that is an alarm");
	document_detail(d, "a detail of it");
	document_detail(d, "another one");
	document_command(d, "bouncewatch export csv -o FILE --reason=%s",
		"domain-unknown");
	document_item(d, TONE_WARN, "An item to look at");
	document_command(d, "bouncewatch status");
	document_item(d, TONE_PLAIN, "A plain item");
	document_paragraph(d, "A paragraph after the list.");
	document_note(d, "Small print.");
	t = document_table(d, columns, 4);
	for (int i = 0; i < 4; i++) {
		document_cell(
			d, t, (enum document_tone)i, keep("row-%d.example", i));
		document_cell_number(d, t, 1000 * i + i);
		document_cell_series(d, t, course, 26);
		document_cell(d, t, TONE_PLAIN, str_from("some words"));
	}
}

static const struct {
	const char *name;
	void (*report)(struct report *r);
	void (*document)(struct document *d);
} cases[] = {
	{"empty",    empty,   NULL    },
	{"first",    first,   NULL    },
	{"quiet",    quiet,   NULL    },
	{"typical",  typical, NULL    },
	{"bad",      bad,     NULL    },
	{"hostile",  hostile, NULL    },
	{"huge",     huge,    NULL    },
	{"wide",     wide,    NULL    },
	{"pictures", NULL,    pictures},
	{"blocks",   NULL,    blocks  },
};

static void list(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		printf("%s\n", cases[i].name);
}

int main(int argc, char **argv)
{
	static struct report r = {
		.from = TO - 7 * DAY, .to = TO, .now = TO + 3600, .days = 7};
	const char *as = argc > 2 ? argv[2] : "html";
	struct document d;

	if (argc < 2)
		list();
	arena_init(&arena, 0);
	document_init(&d, &arena);
	out_init(&out, STDOUT_FILENO);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (argc < 2 || strcmp(cases[i].name, argv[1]) != 0)
			continue;
		if (cases[i].report) {
			cases[i].report(&r);
			report_words(&r, &d);
		} else {
			cases[i].document(&d);
		}
		if (!strcmp(as, "jsonl"))
			report_jsonl(&r, &out);
		else if (!strcmp(as, "text"))
			text_document(&d, &out);
		else
			html_document(&d, &out);
	}
	arena_release(&arena);
	return out_flush(&out) ? 1 : 0;
}
