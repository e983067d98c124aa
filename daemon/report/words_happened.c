/*
 * What happened: counts against the usual, the names with the most bounces, and
 * pictures of both.
 */
#include <stdio.h>

#include "when.h"
#include "words.h"

#define DAY 86400

/* What is shown only where there was some. */
static const struct words_class others[] = {
	{CLASS_UNKNOWN, "unknown", "bounce not understood"     },
	{CLASS_DELAY,   "delay",   "still trying"              },
	{CLASS_REPLY,   "reply",   "auto-replies"              },
	{CLASS_SKIPPED, "skipped", "the platform had it listed"},
	{CLASS_SUCCESS, "success", "delivered"                 },
};

/* Periods of which there are data, with this one. */
static int known(const struct report *r)
{
	return r->before < REPORT_PERIODS ? r->before + 1 : REPORT_PERIODS;
}

/* Oldest first, as pictures want them. */
static void turn(const int64_t *latest_first, int n, int64_t *out)
{
	for (int p = 0; p < n; p++)
		out[n - 1 - p] = latest_first[p];
}

static const char *course_head(const struct report *r, struct document *d)
{
	int n = known(r);

	return document_format(d, "%d %s%s", n, words_period(r), words_s(n));
}

/* --- by class --- */

static void class_row(const struct report *r, const struct words_class *c,
	struct document *d, struct document_table *t)
{
	int64_t latest_first[REPORT_PERIODS], course[REPORT_PERIODS];
	bool more = c->class != CLASS_DELAY &&
		    report_numbers_class_is_more(r, c->class);
	int n = known(r);

	for (int p = 0; p < n; p++)
		latest_first[p] = r->periods[p][c->class];
	turn(latest_first, n, course);
	document_cell(d, t, more ? TONE_WARN : TONE_PLAIN, str_from(c->name));
	document_cell_number(d, t, r->periods[0][c->class]);
	document_cell_number(d, t, r->usual[c->class]);
	document_cell_series(d, t, course, (size_t)n);
	document_cell(d, t, TONE_PLAIN, str_from(c->means));
}

static void class_table(const struct report *r, struct document *d)
{
	const char *weeks = course_head(r, d);
	const struct document_column columns[] = {
		{.head = "class"   },
		{.head = "now",      .is_number = true},
		{.head = "usual",                  .is_number = true},
		{.head = weeks,.is_series = true},
		{.head = "means"     },
	};
	struct document_table *t = document_table(d, columns, 5);

	for (size_t i = 0; i < 4; i++)
		class_row(r, &words_classes[i], d, t);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (r->periods[0][others[i].class] ||
			r->usual[others[i].class] > 0)
			class_row(r, &others[i], d, t);
}

/* "8 Sep", for an axis. */
static struct str short_day(struct document *d, int64_t at)
{
	char mail[WHEN_SIZE];
	struct str day = str_sub(str_from(when_mail(at, mail)), 5, 6);

	if (day.n && day.p[0] == '0')
		day = str_sub(day, 1, day.n);
	return arena_dup(d->arena, day);
}

/* As far back as there are data. */
static void course_picture(const struct report *r, struct document *d)
{
	int n = r->before < REPORT_PERIODS ? r->before + 1 : REPORT_PERIODS;
	struct document_picture *p;

	if (n < 2)
		return;
	p = document_picture(d, PICTURE_STACKED,
		str_from(document_format(d, "Bounces by class, %d %s%s", n,
			words_period(r), words_s(n))),
		WORDS_CLASSES, (size_t)n);
	if (!p)
		return;
	p->is_told = true;
	for (size_t s = 0; s < WORDS_CLASSES; s++) {
		p->series[s].name = words_classes[s].name;
		for (int i = 0; i < n; i++)
			p->series[s].values[n - 1 - i] =
				r->periods[i][words_classes[s].class];
	}
	for (int i = 0; i < n; i++)
		p->labels[n - 1 - i] =
			short_day(d, r->from - i * (int64_t)r->days * DAY);
}

/* --- by name --- */

static void course_cell(const struct report_row *row, struct document *d,
	struct document_table *t)
{
	int64_t course[REPORT_PERIODS];

	turn(row->weeks, row->weeks_n, course);
	document_cell_series(d, t, course, (size_t)row->weeks_n);
}

static bool has_course(const struct report_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].weeks_n)
			return true;
	return false;
}

static void reason_table(const struct report *r, struct document *d)
{
	const char *weeks = course_head(r, d);
	const struct document_column columns[] = {
		{.head = "reason"},
		{             .head = "class"               },
		{ .head = "now",                .is_number = true},
		{              .head = "usual",                .is_number = true},
		{                .head = weeks,                .is_series = true},
	};
	bool course = has_course(&r->reasons);
	struct document_table *t = document_table(d, columns, course ? 5 : 4);

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
		if (course)
			course_cell(row, d, t);
	}
}

static void rate_cell(const struct report *r, const struct report_rate *rate,
	struct document *d, struct document_table *t)
{
	enum document_tone tone = words_rate_tone(r, rate);
	bool known_rate = rate->sent && rate->hard <= rate->sent;

	document_cell(d, t, tone == TONE_GOOD ? TONE_PLAIN : tone,
		str_from(known_rate ? words_percent(d, (double)rate->hard,
					      (double)rate->sent)
				    : "-"));
}

/* A table of names: the columns that differ are a matter of what is known. */
struct name_table {
	const struct report_table *names;
	const char *head;
	bool soft; /* soft bounces instead of complaints */
	bool rate;
};

static void name_row(const struct report *r, const struct name_table *n,
	const struct report_row *row, struct document *d,
	struct document_table *t)
{
	document_cell(d, t, TONE_PLAIN, row->name);
	document_cell_number(d, t, row->classes[CLASS_HARD]);
	document_cell_number(d, t, row->classes[CLASS_BLOCK]);
	document_cell_number(
		d, t, row->classes[n->soft ? CLASS_SOFT : CLASS_COMPLAINT]);
	document_cell_number(d, t, row->n);
	document_cell_number(d, t, row->usual);
	if (n->rate)
		rate_cell(r, &row->rate, d, t);
	if (has_course(n->names))
		course_cell(row, d, t);
}

static void name_table(
	const struct report *r, const struct name_table *n, struct document *d)
{
	const char *third = n->soft ? "soft" : "compl.";
	struct document_column columns[DOCUMENT_COLUMNS] = {
		{.head = n->head   },
		{ .head = "hard", .is_number = true},
		{ .head = "block", .is_number = true},
		{ .head = third, .is_number = true},
		{ .head = "all", .is_number = true},
		{ .head = "usual", .is_number = true},
	};
	size_t columns_n = 6;
	struct document_table *t;

	if (!n->names->n)
		return;
	if (n->rate)
		columns[columns_n++] = (struct document_column){
			.head = "rate", .is_number = true};
	if (has_course(n->names))
		columns[columns_n++] = (struct document_column){
			.head = course_head(r, d), .is_series = true};
	t = document_table(d, columns, columns_n);
	for (size_t i = 0; i < n->names->n; i++)
		name_row(r, n, &n->names->rows[i], d, t);
}

/* Of which mails the stream or the provider is known. */
static void say_known_rates(const struct report *r, struct document *d)
{
	if (!r->rate.sent)
		return;
	if (r->sent_by_stream < r->rate.sent && r->streams.n)
		document_note(d, "Of %s mails sent, the stream of %s is known.",
			NUMBER(r->rate.sent), NUMBER(r->sent_by_stream));
	if (r->sent_by_provider < r->rate.sent && r->providers.n)
		document_note(d,
			"Of %s mails sent, the provider of %s is known.",
			NUMBER(r->rate.sent), NUMBER(r->sent_by_provider));
	if (r->rate_hosted)
		document_note(d,
			"%s hard bounce%s that a provider answered for a "
			"domain "
			"of others %s in the rate of none: what was told of "
			"sent mails does not say that it takes these (a column "
			"provider can).",
			NUMBER(r->rate_hosted), words_s(r->rate_hosted),
			r->rate_hosted == 1 ? "is" : "are");
}

static void name_tables(const struct report *r, struct document *d)
{
	const struct name_table tables[] = {
		{&r->domains,   "domain of the recipient", true,  false                  },
		{&r->providers, "provider",                false, r->sent_by_provider > 0},
		{&r->streams,   "stream",                  false, r->sent_by_stream > 0  },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		name_table(r, &tables[i], d);
	say_known_rates(r, d);
}

/* --- pictures --- */

/* Of the incident, as far as it lies in the picture. */
static void mark_incident(const struct report *r,
	const struct report_incident *q, struct document_picture *p)
{
	int64_t first = (q->from - r->from) / 3600;
	int64_t last = q->to ? (q->to - 1 - r->from) / 3600 : r->hours_n - 1;

	if (q->from < r->from)
		first = 0;
	if (last >= r->hours_n)
		last = r->hours_n - 1;
	if (first > last)
		return;
	p->marked = (int)first;
	p->marked_n = (int)(last - first + 1);
	p->mark = "in the incident";
}

static void hour_picture(const struct report *r, struct document *d)
{
	static const char *const days[] = {
		"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	const struct report_incident *q = &r->incidents[0];
	struct document_picture *p;

	if (!r->hours_n)
		return;
	p = document_picture(d, PICTURE_BARS,
		str_from(document_format(d,
			"Incident %s, %s: hard bounces by hour (UTC)",
			NUMBER(q->id), words_bucket(d, q->kind, q->name))),
		1, (size_t)r->hours_n);
	if (!p)
		return;
	p->series[0].name = "hard";
	p->group = 24;
	for (int h = 0; h < r->hours_n; h++) {
		p->series[0].values[h] = r->hours[h];
		p->labels[h] = str_from(document_format(d, "%s %02d:00",
			days[(r->from / DAY + h / 24) % 7], h % 24));
	}
	mark_incident(r, q, p);
}

static int64_t all_bounces(const struct report *r)
{
	int64_t n = 0;

	for (size_t i = 0; i < WORDS_CLASSES; i++)
		n += r->periods[0][words_classes[i].class];
	return n;
}

static void provider_picture(const struct report *r, struct document *d)
{
	const struct report_table *t = &r->providers;
	int64_t rest = all_bounces(r);
	struct document_picture *p;

	if (!t->n)
		return;
	for (size_t i = 0; i < t->n; i++)
		rest -= t->rows[i].n;
	p = document_picture(d, PICTURE_SHARES, str_from("Bounces by provider"),
		1, t->n + (rest > 0));
	if (!p)
		return;
	p->series[0].name = "bounces";
	for (size_t i = 0; i < t->n; i++) {
		p->labels[i] = t->rows[i].name;
		p->series[0].values[i] = t->rows[i].n;
	}
	if (rest > 0) {
		p->labels[t->n] = str_from("others, or not known");
		p->series[0].values[t->n] = rest;
	}
}

void words_happened(const struct report *r, struct document *d)
{
	if (!words_events(r) && !r->before)
		return;
	document_heading(d, "What happened");
	class_table(r, d);
	course_picture(r, d);
	hour_picture(r, d);
	if (r->reasons.n)
		reason_table(r, d);
	name_tables(r, d);
	provider_picture(r, d);
}
