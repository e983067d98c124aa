/* Words for what the guard found. A name may come from a mail: it is shown,
 * never obeyed. */
#include "incident.h"

#include <inttypes.h>
#include <stdio.h>

#include "print.h"
#include "when.h"

static bool holds(const struct ledger_incident *i)
{
	return i->kind == INCIDENT_PROVIDER || i->kind == INCIDENT_DOMAIN;
}

static const char *name_of(
	const struct ledger_incident *i, char *buf, size_t size)
{
	if (i->kind == INCIDENT_ALL || !i->name.n)
		return "everybody";
	return print_visible_buf(buf, size, i->name);
}

const char *incident_headline(
	const struct ledger_incident *i, char buf[INCIDENT_LINE])
{
	char name[128];
	const char *what = i->cause == INCIDENT_MARKED ? "was marked by hand as"
			   : i->cause == INCIDENT_KNOWN
				   ? "had a known outage:"
				   : "far above the usual:";

	name_of(i, name, sizeof(name));
	if (i->kind == INCIDENT_STREAM)
		snprintf(buf, INCIDENT_LINE,
			"stream %s: unknown addresses far above the usual",
			name);
	else if (i->kind == INCIDENT_ALL)
		snprintf(buf, INCIDENT_LINE,
			"unknown addresses far above the usual");
	else
		snprintf(buf, INCIDENT_LINE, "%s %s %s \"no such address\"",
			i->kind == INCIDENT_DOMAIN ? "domain" : "provider",
			name, what);
	return buf;
}

static const char *state_text(const struct ledger_incident *i)
{
	switch (i->state) {
	case INCIDENT_OPEN:
		return holds(i) ? "open: its hard bounces are held"
				: "open: for your information, nothing is held";
	case INCIDENT_CLOSED:
		return holds(i) ? "over: what it holds waits for a second "
				  "bounce, or for you"
				: "over";
	case INCIDENT_CONFIRMED:
		return "confirmed: the addresses were dead, and are suppressed";
	case INCIDENT_RELEASED:
		return "released: the addresses were alive, and may be mailed";
	default:
		return "an import: the others rose, too, so "
		       "the addresses are suppressed";
	}
}

static void write_time(
	struct out *o, const char *head, int64_t at, const char *otherwise)
{
	char buf[WHEN_SIZE];

	out_printf(
		o, "  %-11s %s\n", head, at ? when_format(at, buf) : otherwise);
}

void incident_write(struct out *o, const struct query_incident *q)
{
	const struct ledger_incident *i = &q->i;
	char line[INCIDENT_LINE];

	out_printf(o, "incident %" PRId64 ": %s\n", i->id,
		incident_headline(i, line));
	out_printf(o, "  %-11s %s\n", "state", state_text(i));
	write_time(o, "from", i->from, "the beginning");
	write_time(o, "to", i->to, "not over yet");
	out_printf(o, "  %-11s %" PRId64, "bounces", i->events);
	if (i->usual > 0)
		out_printf(o, ", where %.0f are usual", i->usual);
	out_char(o, '\n');
	if (i->engaged)
		out_printf(o,
			"  %-11s %" PRId64
			" of them opened or clicked lately\n",
			"engaged", i->engaged);
	if (holds(i))
		out_printf(o,
			"  %-11s %" PRId64 " held, %" PRId64
			" on probation, %" PRId64 " suppressed, %" PRId64
			" released\n",
			"addresses", q->held, q->probation, q->suppressed,
			q->released);
	if (i->match.n) {
		out_printf(o, "  %-11s ", "match");
		print_visible(o, i->match);
		out_char(o, '\n');
	}
	if (i->note.n) {
		out_printf(o, "  %-11s ", "note");
		print_visible(o, i->note);
		out_char(o, '\n');
	}
}

void incident_write_next(struct out *o, const struct query_incident *q)
{
	const int64_t id = q->i.id;

	if (!holds(&q->i)) {
		out_z(o, "If a list was imported lately, look where its "
			 "addresses came from:\n"
			 "  bouncewatch report\n");
		return;
	}
	if (q->i.state != INCIDENT_OPEN && q->i.state != INCIDENT_CLOSED)
		return;
	out_printf(o,
		"Look at it:\n"
		"  bouncewatch incident show %" PRId64 "\n"
		"If the provider had a bad day and the addresses live:\n"
		"  bouncewatch incident release --reason=TEXT %" PRId64 "\n"
		"If they are dead, for a list was imported or closed:\n"
		"  bouncewatch incident confirm --reason=TEXT %" PRId64 "\n"
		"If you do nothing, each address waits for a second bounce, "
		"days later.\n",
		id, id, id);
}
