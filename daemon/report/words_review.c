/*
 * What people have to look at themselves, what the daemon could not do, and
 * what it cannot see.
 */
#include "when.h"
#include "words.h"

/* --- typing errors --- */

static void say_typos(const struct report *r, struct document *d)
{
	int64_t shown = 0;

	if (!r->typos_n)
		return;
	document_heading(d, "Domains that look like typing errors");
	for (size_t i = 0; i < r->typos_n; i++) {
		const struct report_typo *t = &r->typos[i];

		shown += t->n;
		document_item(d, TONE_PLAIN, STR_FMT " -> " STR_FMT " (%s)",
			STR_ARG(t->wrong), STR_ARG(t->right), NUMBER(t->n));
	}
	if (r->typos_all > shown)
		document_note(d, "%s of %s addresses.", NUMBER(shown),
			NUMBER(r->typos_all));
	document_note(
		d, "Nothing is corrected by itself. A list for correction:");
	document_command(d, "bouncewatch report --typos=csv");
}

/* --- not understood --- */

static void shape_table(const struct report *r, struct document *d)
{
	static const struct document_column columns[] = {
		{"answered by", .is_number = false},
		{"class",       .is_number = false},
		{"status",      .is_number = false},
		{"reply",       .is_number = true },
		{"bounces",     .is_number = true },
	};
	struct document_table *t = document_table(d, columns, 5);

	for (size_t i = 0; i < r->shapes_n; i++) {
		const struct report_shape *s = &r->shapes[i];
		const char *status = "none stated";

		if (s->status.class)
			status = document_format(d, "%d.%d.%d", s->status.class,
				s->status.subject, s->status.detail);
		document_cell(d, t, TONE_PLAIN,
			s->provider.n ? s->provider : str_from("not known"));
		document_cell(d, t, TONE_PLAIN, str_from(class_word(s->class)));
		document_cell(d, t, TONE_PLAIN, str_from(status));
		document_cell_number(d, t, s->smtp > 0 ? s->smtp : -1);
		document_cell_number(d, t, s->n);
	}
	if (r->shapes_rest)
		document_note(d, "And %s other%s.", NUMBER(r->shapes_rest),
			words_s(r->shapes_rest));
}

static void say_unknown(const struct report *r, struct document *d)
{
	int64_t n = r->periods[0][CLASS_UNKNOWN];

	if (!n && !r->undetermined)
		return;
	document_heading(d, "Bounces not understood");
	if (n)
		document_paragraph(d,
			"%s bounce%s not understood, and suppressed nobody. "
			"With 'unknown: move Review' under 'after:' of an "
			"account such mails go to the folder Review.",
			NUMBER(n), n == 1 ? " was" : "s were");
	if (r->undetermined)
		document_paragraph(d,
			"Of %s soft bounce%s it was not understood why: they "
			"say that a mail failed, and no more (undetermined).",
			NUMBER(r->undetermined), words_s(r->undetermined));
	document_paragraph(d, "What is made of a mail, and why:");
	document_command(d, "bouncewatch parse --explain FILE");
	if (r->shapes_n)
		shape_table(r, d);
}

/* --- what could not be done --- */

static void say_trouble(const struct query_trouble *t, struct document *d)
{
	char began[WHEN_SIZE], ended[WHEN_SIZE];

	if (t->ended_at)
		document_item(d, TONE_PLAIN,
			STR_FMT ": %s time%s from %s to %s.", STR_ARG(t->what),
			NUMBER(t->times), words_s(t->times),
			when_format(t->began_at, began),
			when_format(t->ended_at, ended));
	else
		document_item(d, TONE_BAD,
			STR_FMT ": %s time%s since %s; it lasts.",
			STR_ARG(t->what), NUMBER(t->times), words_s(t->times),
			when_format(t->began_at, began));
	if (t->detail.n)
		document_detail(d, STR_FMT, STR_ARG(t->detail));
}

static void say_given_up(const struct report *r, struct document *d)
{
	for (size_t i = 0; i < r->given_up_n; i++) {
		const struct report_given_up *g = &r->given_up[i];

		document_item(d, TONE_WARN,
			"%s mail%s of " STR_FMT "/" STR_FMT
			" could never be fetched and %s passed over; %s still "
			"in the folder.",
			NUMBER(g->n), words_s(g->n), STR_ARG(g->account),
			STR_ARG(g->folder), g->n == 1 ? "was" : "were",
			g->n == 1 ? "it is" : "they are");
	}
}

static void say_not_done(const struct report *r, struct document *d)
{
	document_heading(d, "What could not be done");
	if (!r->troubles_n && !r->given_up_n)
		document_paragraph(d, "Nothing that is known of.");
	for (size_t i = 0; i < r->troubles_n; i++)
		say_trouble(&r->troubles[i], d);
	if (r->troubles_all > r->troubles_n)
		document_note(
			d, "And %zu more.", r->troubles_all - r->troubles_n);
	say_given_up(r, d);
}

/* --- what cannot be seen --- */

static void say_blind(struct document *d)
{
	document_heading(d, "What a mailbox cannot show");
	document_paragraph(d,
		"Rejections that your own mail server or platform logs and "
		"never mails back ('bouncewatch import events' takes its log), "
		"and complaints at Gmail, which sends no complaint reports.");
}

void words_review(const struct report *r, struct document *d)
{
	say_typos(r, d);
	say_unknown(r, d);
	say_not_done(r, d);
	say_blind(d);
}
