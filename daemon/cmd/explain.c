/*
 * Why is this address suppressed, or not? Everything that is known of it: what
 * holds now, what would change it, each event with the lines that decided, and
 * the change log.
 */
#include <stdio.h>
#include <sysexits.h>

#include "cmd.h"
#include "dossier.h"
#include "ingest.h"
#include "json.h"
#include "print.h"
#include "say.h"
#include "when.h"

static const char *const formats[] = {"text", "jsonl", NULL};

static struct {
	int format;
} opt;

static const struct option_row rows[] = {
	OPT_WORD("format", 0, "FORMAT", &opt.format, formats,
		"text or jsonl (text)"),
};

static bool is_everywhere(struct str scope)
{
	return str_eq(scope, (struct str)STR("*"));
}

static void put_scope(struct out *o, struct str scope)
{
	if (is_everywhere(scope)) {
		out_z(o, "everywhere");
		return;
	}
	out_z(o, "in ");
	print_visible(o, scope);
}

/* --- text: what holds ----------------------------------------------------- */

static void now_text(struct out *o, const struct query_suppression *s)
{
	char at[WHEN_SIZE];

	out_printf(o, "  %s ", state_word(s->state));
	put_scope(o, s->scope);
	out_printf(o, " since %s: %s, by %s\n", when_format(s->since, at),
		reason_word(s->reason), cause_word(s->cause));
	if (s->expires_at)
		out_printf(o, "  until %s\n", when_format(s->expires_at, at));
}

/* The address or a scope as an argument of a shell. */
static void put_quoted(struct out *o, struct str s)
{
	out_char(o, '\'');
	print_visible(o, s);
	out_char(o, '\'');
}

/* What would change a state. */
static void way_out(
	struct out *o, const struct query_suppression *s, struct str address)
{
	char at[WHEN_SIZE];

	if (s->state == STATE_RELEASED) {
		out_z(o, "  the bounce of a mail that is sent after the "
			 "release suppresses it again ");
		put_scope(o, s->scope);
		out_char(o, '\n');
		return;
	}
	if (s->expires_at)
		out_printf(o, "  it ends by itself at %s\n",
			when_format(s->expires_at, at));
	out_z(o, "  bouncewatch release --reason=TEXT ");
	if (!is_everywhere(s->scope)) {
		out_z(o, "--scope=");
		put_quoted(o, s->scope);
		out_char(o, ' ');
	}
	put_quoted(o, address);
	out_char(o, '\n');
}

static void write_state(
	struct out *o, const struct dossier *d, struct str address)
{
	print_visible(o, address);
	out_z(o, "\n\nNow\n");
	if (!d->suppressions_n)
		out_z(o, "  not suppressed\n");
	for (size_t i = 0; i < d->suppressions_n; i++)
		now_text(o, &d->suppressions[i]);
	if (!d->suppressions_n)
		return;
	out_z(o, "\nWhat would change it\n");
	for (size_t i = 0; i < d->suppressions_n; i++)
		way_out(o, &d->suppressions[i], address);
}

/* --- text: events and changes ----------------------------------------------
 */

static void detail(struct out *o, const char *name, struct str value)
{
	if (!value.n)
		return;
	out_printf(o, ", %s ", name);
	print_visible(o, value);
}

static void event_text(struct out *o, const struct dossier_event *ev)
{
	const struct query_event *e = &ev->e;
	struct str rest = e->evidence, line;
	char at[WHEN_SIZE], status[16];

	out_printf(o, "  %s  %s %s", when_format(e->at, at),
		class_word(e->class), reason_word(e->reason));
	if (e->status.class)
		out_printf(o, " %s", status_format(e->status, status));
	if (e->smtp)
		out_printf(o, " %d", e->smtp);
	out_printf(o, "\n    origin %s", origin_word(e->origin));
	detail(o, "provider", e->provider);
	detail(o, "account", e->account);
	detail(o, "stream", e->stream);
	detail(o, "rule", e->rule);
	if (e->flags & EVENT_FORWARDED)
		out_z(o, ", forwarded");
	if (e->flags & EVENT_WEAK)
		out_z(o, ", weak evidence");
	if (e->source.n) {
		out_z(o, "\n    read from ");
		print_visible(o, e->source);
	}
	out_printf(
		o, "\n    %s: %s\n", fate_word(ev->fate), fate_text(ev->fate));
	if (!e->evidence.p)
		out_z(o, "    (its evidence is no longer kept)\n");
	while (str_line(&rest, &line)) {
		out_z(o, "    | ");
		print_visible(o, line);
		out_char(o, '\n');
	}
}

static void change_text(struct out *o, const struct query_change *c)
{
	char at[WHEN_SIZE];

	out_printf(o, "  %s  %s -> %s ", when_format(c->at, at),
		c->old_state == STATE_ABSENT ? "nothing"
					     : state_word(c->old_state),
		c->new_state == STATE_ABSENT ? "nothing"
					     : state_word(c->new_state));
	put_scope(o, c->scope);
	out_printf(
		o, ": %s, by %s", reason_word(c->reason), cause_word(c->cause));
	if (c->note.n) {
		out_z(o, " (");
		print_visible(o, c->note);
		out_char(o, ')');
	}
	out_char(o, '\n');
}

static void write_text(
	struct out *o, const struct dossier *d, struct str address)
{
	write_state(o, d, address);
	out_z(o, "\nEvents, the oldest first\n");
	if (!d->events_n)
		out_z(o, "  none\n");
	for (size_t i = 0; i < d->events_n; i++)
		event_text(o, &d->events[i]);
	out_z(o, "\nChanges\n");
	if (!d->changes_n)
		out_z(o, "  none\n");
	for (size_t i = 0; i < d->changes_n; i++)
		change_text(o, &d->changes[i]);
}

/* --- jsonl -------------------------------------------------------------------
 */

static void suppression_jsonl(
	struct out *o, const struct query_suppression *s, struct str address)
{
	struct json j;

	json_open(&j, o);
	json_z(&j, "kind", "suppression");
	json_str(&j, "address", address);
	json_str(&j, "scope", s->scope);
	json_z(&j, "state", state_word(s->state));
	json_z(&j, "reason", reason_word(s->reason));
	json_z(&j, "cause", cause_word(s->cause));
	json_time(&j, "since", s->since);
	json_time(&j, "expires", s->expires_at);
	json_close(&j);
}

static void event_jsonl(
	struct out *o, const struct dossier_event *ev, struct str address)
{
	const struct query_event *e = &ev->e;
	char status[16];
	struct json j;

	json_open(&j, o);
	json_z(&j, "kind", "event");
	json_str(&j, "address", address);
	json_int(&j, "id", e->id);
	json_time(&j, "at", e->at);
	json_z(&j, "class", class_word(e->class));
	json_z(&j, "reason", reason_word(e->reason));
	json_z(&j, "status",
		e->status.class ? status_format(e->status, status) : NULL);
	if (e->smtp)
		json_int(&j, "smtp", e->smtp);
	else
		json_null(&j, "smtp");
	json_bool(&j, "forwarded", e->flags & EVENT_FORWARDED);
	json_bool(&j, "weak", e->flags & EVENT_WEAK);
	json_z(&j, "origin", origin_word(e->origin));
	json_str(&j, "provider", e->provider);
	json_str(&j, "account", e->account);
	json_str(&j, "stream", e->stream);
	json_str(&j, "rule", e->rule);
	json_time(&j, "sent_at", e->sent_at);
	json_z(&j, "fate", fate_word(ev->fate));
	json_str(&j, "source", e->source);
	json_str(&j, "evidence", e->evidence);
	json_close(&j);
}

static void change_jsonl(
	struct out *o, const struct query_change *c, struct str address)
{
	struct json j;

	json_open(&j, o);
	json_z(&j, "kind", "change");
	json_str(&j, "address", address);
	json_int(&j, "seq", c->seq);
	json_time(&j, "at", c->at);
	json_str(&j, "scope", c->scope);
	json_z(&j, "old_state", state_word(c->old_state));
	json_z(&j, "new_state", state_word(c->new_state));
	json_z(&j, "reason", reason_word(c->reason));
	json_z(&j, "cause", cause_word(c->cause));
	if (c->event_id)
		json_int(&j, "event", c->event_id);
	else
		json_null(&j, "event");
	json_str(&j, "note", c->note.n ? c->note : STR_NULL);
	json_close(&j);
}

static void write_jsonl(
	struct out *o, const struct dossier *d, struct str address)
{
	for (size_t i = 0; i < d->suppressions_n; i++)
		suppression_jsonl(o, &d->suppressions[i], address);
	for (size_t i = 0; i < d->events_n; i++)
		event_jsonl(o, &d->events[i], address);
	for (size_t i = 0; i < d->changes_n; i++)
		change_jsonl(o, &d->changes[i], address);
}

static void (*const writers[])(struct out *, const struct dossier *,
	struct str) = {write_text, write_jsonl};

static int explain(
	struct env *e, const struct house *house, const struct address *a)
{
	const struct ledger_settings *s = house_ledger_settings(house);
	struct dossier d;

	if (dossier_load(e->db, a->key, &s->policy,
		    env_protects(e, a->key) != NULL, e->now, &e->arena, &d)) {
		if (!e->arena.full)
			return env_db_failed(e->db);
		say("out of memory: it has more events than can be shown");
		return EX_OSERR;
	}
	if (!d.suppressions_n && !d.events_n && !d.changes_n) {
		say("nothing is known of '%s'", say_str(a->seen));
		return 1;
	}
	writers[opt.format](e->out, &d, a->seen);
	return 0;
}

static int run(struct env *e, int argc, char **argv)
{
	struct house *house;
	struct address a;
	int status;

	if (argc != 1)
		return cmd_usage(&cmd_explain, "one address is needed");
	status = env_address(e, str_from(argv[0]), &a);
	if (status)
		return status;
	house = house_new(&e->conf);
	if (!house)
		return EX_CONFIG;
	status = explain(e, house, &a);
	house_free(house);
	return status;
}

const struct cmd cmd_explain = {
	.name = "explain",
	.help = "tell everything that is known of an address, and why",
	.synopsis = "[--format=FORMAT] ADDRESS",
	.needs = ENV_DATABASE,
	.database = DB_READ,
	.options = CMD_OPTIONS(rows),
	.run = run,
};
