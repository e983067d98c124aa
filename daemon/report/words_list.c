/*
 * The suppression list: how it changed, whether those that were released are
 * living addresses, who is held and why, and who leaves it by himself.
 */
#include "when.h"
#include "words.h"

static void say_changes(const struct report *r, struct document *d)
{
	const struct query_moves *m = &r->moves;

	document_paragraph(d,
		"%s suppressed now. In this time: %s newly suppressed, %s "
		"released by hand, %s expired.",
		NUMBER(m->now_suppressed), NUMBER(m->suppressed),
		NUMBER(m->released), NUMBER(m->expired));
}

/* --- released --- */

static void again_table(const struct report_released *l, struct document *d)
{
	static const struct document_column columns[] = {
		{.head = "released, bounced again"},
		{.head = "released"},
		{.head = "bounced"},
		{.head = "as"},
	};
	struct document_table *t = document_table(d, columns, 4);

	for (size_t i = 0; i < l->examples_n; i++) {
		const struct report_again *a = &l->examples[i];
		char day[WHEN_SIZE];

		document_cell(d, t, TONE_PLAIN, a->address);
		document_cell(d, t, TONE_PLAIN,
			str_from(when_day(a->released_at, day)));
		document_cell(d, t, TONE_PLAIN, str_from(when_day(a->at, day)));
		document_cell(d, t, TONE_PLAIN,
			str_from(document_format(d, "%s %s",
				class_word(a->class), reason_word(a->reason))));
	}
}

static void say_released(const struct report *r, struct document *d)
{
	const struct report_released *l = &r->released;
	int64_t quiet = l->n - l->again;
	const char *fate = l->n == 1 ? "It has been quiet since."
				     : "All of them have been quiet since.";

	if (!l->n)
		return;
	if (l->again)
		fate = document_format(d,
			"%s %s been quiet since, %s bounced again.",
			NUMBER(quiet), quiet == 1 ? "has" : "have",
			NUMBER(l->again));
	document_paragraph(d,
		"Released in the last %d weeks: %s%s address%s. %s",
		REPORT_RELEASED / 7, l->more ? "the latest " : "", NUMBER(l->n),
		l->n == 1 ? "" : "es", fate);
	if (!l->examples_n)
		return;
	again_table(l, d);
	if (l->again > (int64_t)l->examples_n)
		document_note(d, "The latest %zu of %s.", l->examples_n,
			NUMBER(l->again));
}

/* --- held --- */

static void incident_table(const struct report *r, struct document *d)
{
	/* clang-format off */
	static const struct document_column columns[] = {
		{.head = "incident of"},
		{.head = "state"},
		{.head = "began"},
		{.head = "no.", .is_number = true},
		{.head = "bounces", .is_number = true},
		{.head = "held", .is_number = true},
		{.head = "probation", .is_number = true},
	};
	/* clang-format on */
	struct document_table *t = document_table(d, columns, 7);

	for (size_t i = 0; i < r->incidents_n; i++) {
		const struct report_incident *q = &r->incidents[i];
		char day[WHEN_SIZE];

		document_cell(d, t, TONE_PLAIN,
			str_from(words_bucket(d, q->kind, q->name)));
		document_cell(d, t,
			q->state == INCIDENT_OPEN ? TONE_BAD : TONE_PLAIN,
			str_from(incident_state_word(q->state)));
		document_cell(
			d, t, TONE_PLAIN, str_from(when_day(q->from, day)));
		document_cell_number(d, t, q->id);
		document_cell_number(d, t, q->events);
		document_cell_number(d, t, q->held);
		document_cell_number(d, t, q->probation);
	}
}

static void say_held(const struct report *r, struct document *d)
{
	const struct query_moves *m = &r->moves;

	if (m->now_held || m->now_probation)
		document_paragraph(d,
			"%s held now, %s on probation. Held: not to be mailed "
			"until another bounce confirms that the address is "
			"gone. On probation: may be mailed, and the next hard "
			"bounce suppresses.",
			NUMBER(m->now_held), NUMBER(m->now_probation));
	if (r->held_engaged)
		document_paragraph(d,
			"%s of the held %s by no incident: they opened or "
			"clicked lately, so that one bounce is not believed "
			"('policy.engaged').",
			NUMBER(r->held_engaged),
			r->held_engaged == 1 ? "is held" : "are held");
	if (r->incidents_n)
		incident_table(r, d);
	if (r->incidents_all > (int64_t)r->incidents_n)
		document_note(d, "%s more in 'bouncewatch incident list'.",
			NUMBER(r->incidents_all - (int64_t)r->incidents_n));
}

/* --- about to end --- */

static void end_table(const struct report_ends *e, struct document *d)
{
	static const struct document_column columns[] = {
		{.head = "ends by itself"},
		{.head = "on"},
		{.head = "was suppressed for"},
	};
	struct document_table *t = document_table(d, columns, 3);

	for (size_t i = 0; i < e->examples_n; i++) {
		const struct report_end *x = &e->examples[i];
		char day[WHEN_SIZE];

		document_cell(d, t, TONE_PLAIN, x->address);
		document_cell(d, t, TONE_PLAIN, str_from(when_day(x->at, day)));
		document_cell(
			d, t, TONE_PLAIN, str_from(reason_word(x->reason)));
	}
}

static void say_ends(const struct report *r, struct document *d)
{
	const struct report_ends *e = &r->ends;

	if (e->suppressed)
		document_paragraph(d,
			"Within the next %d days %s suppression%s by %s: these "
			"addresses may be mailed again, and 'bouncewatch "
			"export --since-last' gives them as removals.",
			REPORT_SOON, NUMBER(e->suppressed),
			e->suppressed == 1 ? " ends" : "s end",
			e->suppressed == 1 ? "itself" : "themselves");
	if (e->examples_n)
		end_table(e, d);
	if (e->suppressed > (int64_t)e->examples_n)
		document_note(d, "The first %zu of %s.", e->examples_n,
			NUMBER(e->suppressed));
	if (e->held)
		document_paragraph(d,
			"Within the next %d days %s held address%s on "
			"probation, unless a bounce confirms it.",
			REPORT_SOON, NUMBER(e->held),
			e->held == 1 ? " goes" : "es go");
}

void words_list(const struct report *r, struct document *d)
{
	if (!r->totals.last_event_at && !r->moves.now_suppressed)
		return;
	document_heading(d, "The suppression list");
	say_changes(r, d);
	say_released(r, d);
	say_held(r, d);
	say_ends(r, d);
}
