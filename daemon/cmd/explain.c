/*
 * Why is this address suppressed, or not? Everything that is known of it: what
 * holds now, what would change it, each event with the lines that decided, and
 * the change log.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "cmd.h"
#include "json.h"
#include "print.h"
#include "query.h"
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

/* What the rows of a query become in one format. */
struct view {
	void (*begin)(struct out *o, struct str address);
	const char *state_title, *events_title, *changes_title;
	query_suppression_fn *state;
	query_event_fn *event;
	query_change_fn *change;
	/* Instead of rows, where there are none. */
	const char *no_state, *no_events, *no_changes;
};

/* An explanation on its way: rows are told as they come. */
struct telling {
	struct out *o;
	const struct address *address;
	const struct view *view;
	int64_t confirm_after; /* of the guard, seconds */
	size_t states, events, changes;
};

/* --- text: what holds --- */

/*
 * The address or a scope as an argument of a shell. Somebody will paste it, and
 * a stranger may have chosen it.
 */
static void put_quoted(struct out *o, struct str s)
{
	out_char(o, '\'');
	while (s.n) {
		size_t n = str_chr(s, '\'');

		print_visible(o, str_sub(s, 0, n));
		if (n < s.n)
			out_z(o, "'\\''");
		s = str_sub(s, n + 1, s.n);
	}
	out_char(o, '\'');
}

/* Why it is held, and what comes after it. */
static void held(
	struct out *o, const struct query_suppression *s, int64_t confirm_after)
{
	char at[WHEN_SIZE];

	if (s->incident_id)
		out_printf(o,
			"    an incident holds it: bouncewatch incident show "
			"%" PRId64 "\n",
			s->incident_id);
	else
		out_z(o, "    held, because it opened or clicked lately\n");
	out_printf(o,
		"    a hard bounce from %s on, in no incident, suppresses "
		"it\n",
		when_format(s->since + confirm_after, at));
	if (s->expires_at)
		out_printf(o,
			"    without one it is on probation from %s: it may be "
			"mailed, and its next\n    hard bounce suppresses "
			"it\n",
			when_format(s->expires_at, at));
}

/* What would change a state. */
static void way_out(const struct telling *t, const struct query_suppression *s)
{
	struct str address = t->address->seen;
	struct out *o = t->o;
	char at[WHEN_SIZE];

	if (s->state == STATE_RELEASED) {
		out_z(o, "    the bounce of a mail that is sent after the "
			 "release ends it\n");
		return;
	}
	if (s->state == STATE_PROBATION)
		out_z(o, "    it may be mailed; its next hard bounce "
			 "suppresses it\n");
	else if (s->state == STATE_HELD)
		held(o, s, t->confirm_after);
	else if (s->expires_at)
		out_printf(o, "    it ends by itself at %s\n",
			when_format(s->expires_at, at));
	out_z(o, "    to end it: bouncewatch release --reason=TEXT ");
	if (!is_everywhere(s->scope)) {
		out_z(o, "--scope=");
		put_quoted(o, s->scope);
		out_char(o, ' ');
	}
	put_quoted(o, address);
	out_char(o, '\n');
}

static int state_text(void *arg, const struct query_suppression *s)
{
	struct telling *t = arg;
	char at[WHEN_SIZE];

	t->states++;
	out_printf(t->o, "  %s ", state_word(s->state));
	put_scope(t->o, s->scope);
	out_printf(t->o, " since %s: %s, by %s\n", when_format(s->since, at),
		reason_word(s->reason), cause_word(s->cause));
	way_out(t, s);
	return 0;
}

/* --- text: events and changes --- */

static void detail(struct out *o, const char *name, struct str value)
{
	if (!value.n)
		return;
	out_printf(o, ", %s ", name);
	print_visible(o, value);
}

static const char *why_unverified(const struct query_event *e)
{
	if (e->flags & EVENT_NO_ORIGINAL)
		return " (nothing of our mail came back)";
	return e->flags & EVENT_OTHER_RECIPIENT
		       ? " (what came back went to another recipient)"
		       : "";
}

static int event_text(void *arg, const struct query_event *e)
{
	struct telling *t = arg;
	struct out *o = t->o;
	struct str rest = e->evidence, line;
	char at[WHEN_SIZE], status[16];

	t->events++;
	out_printf(o, "  %s  %s %s", when_format(e->at, at),
		class_word(e->class), reason_word(e->reason));
	if (e->status.class)
		out_printf(o, " %s", status_format(e->status, status));
	if (e->smtp)
		out_printf(o, " %d", e->smtp);
	out_printf(o, "\n    origin %s%s", origin_word(e->origin),
		why_unverified(e));
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
	out_printf(o, "\n    %s: %s\n", fate_word(e->fate), fate_text(e->fate));
	if (!e->evidence.p)
		out_z(o, "    (its evidence is no longer kept)\n");
	while (str_line(&rest, &line)) {
		out_z(o, "    | ");
		print_visible(o, line);
		out_char(o, '\n');
	}
	return 0;
}

static int change_text(void *arg, const struct query_change *c)
{
	struct telling *t = arg;
	struct out *o = t->o;
	char at[WHEN_SIZE];

	t->changes++;
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
	return 0;
}

/* --- jsonl --- */

static int state_jsonl(void *arg, const struct query_suppression *s)
{
	struct telling *t = arg;
	struct json j;

	t->states++;
	json_open(&j, t->o);
	json_z(&j, "kind", "suppression");
	json_str(&j, "address", t->address->seen);
	json_str(&j, "scope", s->scope);
	json_z(&j, "state", state_word(s->state));
	json_z(&j, "reason", reason_word(s->reason));
	json_z(&j, "cause", cause_word(s->cause));
	json_time(&j, "since", s->since);
	json_time(&j, "expires", s->expires_at);
	json_close(&j);
	return 0;
}

static int event_jsonl(void *arg, const struct query_event *e)
{
	struct telling *t = arg;
	char status[16];
	struct json j;

	t->events++;
	json_open(&j, t->o);
	json_z(&j, "kind", "event");
	json_str(&j, "address", t->address->seen);
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
	json_z(&j, "fate", fate_word(e->fate));
	json_str(&j, "source", e->source);
	json_str(&j, "evidence", e->evidence);
	json_close(&j);
	return 0;
}

static int change_jsonl(void *arg, const struct query_change *c)
{
	struct telling *t = arg;
	struct json j;

	t->changes++;
	json_open(&j, t->o);
	json_z(&j, "kind", "change");
	json_str(&j, "address", t->address->seen);
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
	return 0;
}

/* --- the command --- */

static void begin_text(struct out *o, struct str address)
{
	print_visible(o, address);
	out_char(o, '\n');
}

static const struct view views[] = {
	{begin_text, "\nNow\n", "\nEvents, the oldest first\n", "\nChanges\n",
         state_text,									event_text,  change_text,  "  not suppressed\n",
         "  none\n",															     "  none\n"},
	{NULL,       "",        "",			     "",            state_jsonl, event_jsonl, change_jsonl, "",                   "", ""        },
};

static int any_event(void *arg, const struct query_event *e)
{
	(void)arg;
	(void)e;
	return 1;
}

static int any_change(void *arg, const struct query_change *c)
{
	(void)arg;
	(void)c;
	return 1;
}

/* 1: something is, 0: nothing; -1. Nothing holds that no change made. */
static int is_known(struct db *db, struct str key)
{
	int rc = query_events(db, key, any_event, NULL);

	return rc ? rc : query_changes(db, key, any_change, NULL);
}

static int tell(struct env *e, struct telling *t)
{
	const struct view *v = t->view;
	struct str key = t->address->key;

	if (v->begin)
		v->begin(t->o, t->address->seen);
	out_z(t->o, v->state_title);
	if (query_check(e->db, key, e->now, v->state, t))
		return -1;
	out_z(t->o, t->states ? "" : v->no_state);
	out_z(t->o, v->events_title);
	if (query_events(e->db, key, v->event, t))
		return -1;
	out_z(t->o, t->events ? "" : v->no_events);
	out_z(t->o, v->changes_title);
	if (query_changes(e->db, key, v->change, t))
		return -1;
	out_z(t->o, t->changes ? "" : v->no_changes);
	return 0;
}

static int run(struct env *e, int argc, char **argv)
{
	struct address a;
	struct telling t = {
		.o = e->out,
		.address = &a,
		.view = &views[opt.format],
		.confirm_after = e->conf.guard.confirm_after,
	};
	int status, known;

	if (argc != 1)
		return cmd_usage(&cmd_explain, "one address is needed");
	status = env_address(e, str_from(argv[0]), &a);
	if (status)
		return status;
	known = is_known(e->db, a.key);
	if (!known) {
		say("nothing is known of '%s'", say_str(a.seen));
		return 1;
	}
	return known < 0 || tell(e, &t) ? env_db_failed(e->db) : 0;
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
