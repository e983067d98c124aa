/*
 * What the daemon does and what the database holds. The daemon tells it
 * through the database, so that this also works while it is down, and says so.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "cmd.h"
#include "dispatch.h"
#include "feeder.h"
#include "json.h"
#include "print.h"
#include "query.h"
#include "schedule.h"
#include "when.h"

#define RULES_TIME (30 * INT64_C(86400))

static const char *const formats[] = {"text", "jsonl", NULL};

static struct {
	int format;
} opt;

static const struct option_row rows[] = {
	OPT_WORD("format", 0, "FORMAT", &opt.format, formats,
		"text or jsonl (text)"),
};

static const char *or_never(int64_t at, char buf[WHEN_SIZE])
{
	return at ? when_format(at, buf) : "never";
}

static void totals_text(struct env *e, const struct query_totals *t)
{
	struct out *o = e->out;
	char at[WHEN_SIZE];

	out_z(o, "database\n  file        ");
	print_visible(o, str_from(e->conf.database));
	out_printf(o,
		" (%.1f MB, schema %" PRId64 ")\n"
		"  messages    %" PRId64 "\n"
		"  events      %" PRId64 ", the last %s\n"
		"  addresses   %" PRId64 ": %" PRId64 " suppressed, %" PRId64
		" held, %" PRId64 " on probation, %" PRId64 " released\n",
		(double)t->bytes / 1e6, t->schema_version, t->messages,
		t->events, or_never(t->last_event_at, at), t->addresses,
		t->suppressed, t->held, t->probation, t->released);
}

/* --- text: what the daemon told --- */

struct fact {
	struct str name, value;
	int64_t at;
};

struct facts {
	struct env *env;
	struct fact *v;
	size_t n, cap;
};

static int add_fact(void *arg, struct str name, struct str value, int64_t at)
{
	struct facts *f = arg;
	struct arena *a = &f->env->arena;
	struct fact *grown =
		arena_grow(a, f->v, &f->cap, f->n + 1, sizeof(*grown));

	if (!grown)
		return 1;
	f->v = grown;
	grown[f->n++] =
		(struct fact){arena_dup(a, name), arena_dup(a, value), at};
	return 0;
}

static const struct fact *fact(const struct facts *f, const char *name)
{
	static const struct fact none;

	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->v[i].name, str_from(name)))
			return &f->v[i];
	return &none;
}

/* What the daemon said of a mailbox: "mailbox.news/INBOX.state". */
static const struct fact *mailbox_fact(
	const struct facts *f, const struct query_mailbox *m, const char *what)
{
	char name[512];

	snprintf(name, sizeof(name), "mailbox." STR_FMT "/" STR_FMT ".%s",
		STR_ARG(m->account), STR_ARG(m->folder), what);
	return fact(f, name);
}

/* The pid that is told may belong to nobody any more. */
static bool is_running(const struct facts *f)
{
	long pid = str_number(fact(f, "daemon.pid")->value, 1L << 30);

	return pid > 0 && (!kill((pid_t)pid, 0) || errno == EPERM);
}

static void daemon_text(const struct facts *f)
{
	int64_t started = fact(f, "daemon.started_at")->at;
	int64_t stopped = fact(f, "daemon.stopped_at")->at;
	struct out *o = f->env->out;
	char at[WHEN_SIZE];

	out_z(o, "\ndaemon\n  ");
	if (!started)
		out_z(o, "never started: see 'bouncewatch help watch'\n");
	else if (stopped >= started)
		out_printf(o, "stopped at %s\n", when_format(stopped, at));
	else if (is_running(f))
		out_printf(o, "running since %s, pid " STR_FMT "\n",
			when_format(started, at),
			STR_ARG(fact(f, "daemon.pid")->value));
	else
		out_printf(o,
			"NOT RUNNING: started at %s, and ended without "
			"a word\n",
			when_format(started, at));
}

static int mailbox_text(void *arg, const struct query_mailbox *m)
{
	const struct facts *f = arg;
	const struct fact *state = mailbox_fact(f, m, "state");
	const struct fact *error = mailbox_fact(f, m, "last_error");
	struct out *o = f->env->out;
	char at[WHEN_SIZE];

	out_z(o, "  ");
	print_visible(o, m->account);
	out_char(o, '/');
	print_visible(o, m->folder);
	out_z(o, ": ");
	print_visible(
		o, state->value.n ? state->value : str_from("not watched"));
	out_printf(o,
		"\n    recorded up to uid %" PRIu32 " of uidvalidity %" PRIu32
		", last look %s\n",
		m->last_uid, m->uidvalidity, or_never(m->seen_at, at));
	if (m->pending)
		out_printf(o, "    %" PRId64 " still to be moved or flagged\n",
			m->pending);
	if (error->value.n) {
		out_printf(
			o, "    trouble at %s: ", when_format(error->at, at));
		print_visible(o, error->value);
		out_char(o, '\n');
	}
	return 0;
}

/* --- text: what it exports --- */

static const struct fact *export_fact(
	const struct facts *f, const struct conf_export *c, const char *what)
{
	char name[100];

	snprintf(name, sizeof(name), "export.%s.%s", c->name, what);
	return fact(f, name);
}

static void trouble_text(
	struct out *o, const char *what, const struct fact *error)
{
	char at[WHEN_SIZE];

	if (!error->value.n)
		return;
	out_printf(o, "    %s at %s: ", what, when_format(error->at, at));
	print_visible(o, error->value);
	out_char(o, '\n');
}

static void export_text(const struct facts *f, const struct conf_export *c)
{
	const struct fact *count = export_fact(f, c, "rows");
	const struct fact *pushed = export_fact(f, c, "pushed");
	struct out *o = f->env->out;
	struct str removals = count->value, adds;
	char at[WHEN_SIZE];

	out_printf(o, "  %s: ", c->name);
	print_visible(o, str_from(c->file));
	if (!count->at) {
		out_z(o, "\n    not written yet\n");
	} else if (str_cut(&removals, ' ', &adds)) {
		out_printf(o, "\n    written at %s: " STR_FMT " addresses",
			when_format(count->at, at), STR_ARG(adds));
		if (c->removals)
			out_printf(o, " to add, " STR_FMT " to take off",
				STR_ARG(removals));
		out_printf(o, "; the next at %s\n",
			when_format(count->at + c->every, at));
	}
	trouble_text(o, "NOT WRITTEN", export_fact(f, c, "error"));
	if (c->then.n)
		out_printf(o, "    its command succeeded last: %s\n",
			or_never(pushed->at, at));
	trouble_text(o, "its command FAILED", export_fact(f, c, "then.error"));
}

static int place_text(void *arg, const struct query_cursor *c)
{
	const struct facts *f = arg;
	struct out *o = f->env->out;
	char at[WHEN_SIZE];
	int64_t last;

	if (query_last_seq(f->env->db, &last) < 0)
		return 1;
	out_printf(o,
		"  on_change: %" PRId64 " changes to come, the last taken at "
		"%s\n",
		last - c->seq, when_format(c->at, at));
	return 0;
}

static int exports_text(const struct facts *f)
{
	const struct conf *conf = &f->env->conf;

	if (!conf->exports_n && !conf->on_change.command.n)
		return 0;
	out_z(f->env->out, "\nexports\n");
	for (size_t i = 0; i < conf->exports_n; i++)
		export_text(f, &conf->exports[i]);
	if (!conf->on_change.command.n)
		return 0;
	if (query_cursors(
		    f->env->db, str_from(FEEDER_CURSOR), place_text, (void *)f))
		return -1;
	trouble_text(
		f->env->out, "its command FAILED", fact(f, "on_change.error"));
	return 0;
}

/* --- text: the weekly report --- */

static void way_text(
	const struct facts *f, enum dispatch_way way, enum dispatch_step step)
{
	const struct fact *sent, *error;
	struct out *o = f->env->out;
	char at[WHEN_SIZE], name[64];

	snprintf(name, sizeof(name), "report.%s.sent", dispatch_way_word(way));
	sent = fact(f, name);
	snprintf(name, sizeof(name), "report.%s.error", dispatch_way_word(way));
	error = fact(f, name);
	if (step == STEP_NONE && !sent->at && !error->value.n)
		return;
	out_printf(o, "  by %s: ", dispatch_way_word(way));
	if (step == STEP_DUE)
		out_z(o, "to be sent; ");
	else if (step == STEP_SENDING)
		out_z(o, "being sent; ");
	out_printf(o, "sent last: %s\n", or_never(sent->at, at));
	trouble_text(o, "NOT SENT", error);
}

static void dispatch_text(const struct facts *f)
{
	const struct conf *conf = &f->env->conf;
	const struct fact *row = fact(f, DISPATCH_STATE);
	struct schedule s = {conf->report.weekday, conf->report.hour};
	struct dispatch_state state = {0};
	struct out *o = f->env->out;
	char at[WHEN_SIZE];

	if (!dispatch_is_on(conf) || schedule_zone(conf->report.timezone))
		return;
	out_z(o, "\nreport\n  ");
	if (dispatch_state_parse(row->value, &state))
		out_printf(o, "due last at %s, ", when_format(state.due, at));
	out_printf(o, "the next at %s\n",
		when_format(schedule_next(&s, f->env->now), at));
	for (int w = 0; w < DISPATCH_WAYS; w++)
		if (dispatch_uses(conf, (enum dispatch_way)w))
			way_text(f, (enum dispatch_way)w, state.steps[w]);
}

/* --- which rules earn their place --- */

static int rule_text(void *arg, const struct query_count *c)
{
	struct out *o = arg;

	out_printf(o, "  %8" PRId64 "  %-10s ", c->n, class_word(c->class));
	print_visible(o, c->name);
	out_char(o, '\n');
	return 0;
}

static int rules(struct env *e, query_count_fn *fn)
{
	const struct query_span span = {
		e->now - RULES_TIME, e->now + 1, ORIGIN_UNVERIFIED};

	return query_counts(e->db, QUERY_BY_RULE, &span, fn, e->out);
}

static int unverified(struct env *e, struct query_moves *m)
{
	return query_unverified(e->db, (enum origin)e->conf.origin.require,
		e->now - RULES_TIME, e->now + 1, m);
}

static void unverified_text(struct env *e, const struct query_moves *m)
{
	if (m->unverified)
		out_printf(e->out,
			"  unverified  %" PRId64 " in the last 30 days, which "
			"suppressed nobody: see 'bouncewatch report'\n",
			m->unverified);
}

static int text(struct env *e, const struct query_totals *t)
{
	struct facts f = {.env = e};
	struct query_moves m;

	totals_text(e, t);
	if (unverified(e, &m))
		return -1;
	unverified_text(e, &m);
	if (query_status(e->db, add_fact, &f))
		return -1;
	daemon_text(&f);
	out_z(e->out, "\nmailboxes\n");
	if (query_mailboxes(e->db, mailbox_text, &f))
		return -1;
	if (exports_text(&f))
		return -1;
	dispatch_text(&f);
	out_z(e->out, "\nwhat decided in the last 30 days\n");
	if (t->last_event_at < e->now - RULES_TIME)
		out_z(e->out, "  nothing: there was no event\n");
	return rules(e, rule_text);
}

/* --- jsonl --- */

static int mailbox_jsonl(void *arg, const struct query_mailbox *m)
{
	struct json j;

	json_open(&j, arg);
	json_z(&j, "kind", "mailbox");
	json_str(&j, "account", m->account);
	json_str(&j, "folder", m->folder);
	json_int(&j, "uidvalidity", m->uidvalidity);
	json_int(&j, "last_uid", m->last_uid);
	json_time(&j, "seen_at", m->seen_at);
	json_int(&j, "pending", m->pending);
	json_close(&j);
	return 0;
}

static int status_jsonl(
	void *arg, struct str name, struct str value, int64_t at)
{
	struct json j;

	json_open(&j, arg);
	json_z(&j, "kind", "status");
	json_str(&j, "name", name);
	json_str(&j, "value", value);
	json_time(&j, "at", at);
	json_close(&j);
	return 0;
}

static void totals_jsonl(struct env *e, const struct query_totals *t,
	const struct query_moves *m)
{
	struct json j;

	json_open(&j, e->out);
	json_z(&j, "kind", "database");
	json_z(&j, "file", e->conf.database);
	json_int(&j, "bytes", t->bytes);
	json_int(&j, "schema", t->schema_version);
	json_int(&j, "messages", t->messages);
	json_int(&j, "events", t->events);
	json_time(&j, "last_event_at", t->last_event_at);
	json_int(&j, "addresses", t->addresses);
	json_int(&j, "suppressed", t->suppressed);
	json_int(&j, "held", t->held);
	json_int(&j, "released", t->released);
	json_int(&j, "probation", t->probation);
	json_int(&j, "unverified", m->unverified);
	json_close(&j);
}

static int rule_jsonl(void *arg, const struct query_count *c)
{
	struct json j;

	json_open(&j, arg);
	json_z(&j, "kind", "rule");
	json_str(&j, "rule", c->name);
	json_z(&j, "class", class_word(c->class));
	json_int(&j, "n", c->n);
	json_close(&j);
	return 0;
}

static int jsonl(struct env *e, const struct query_totals *t)
{
	struct query_moves m;

	if (unverified(e, &m))
		return -1;
	totals_jsonl(e, t, &m);
	if (query_mailboxes(e->db, mailbox_jsonl, e->out) ||
		rules(e, rule_jsonl))
		return -1;
	return query_status(e->db, status_jsonl, e->out);
}

static int run(struct env *e, int argc, char **argv)
{
	static int (*const views[])(
		struct env *, const struct query_totals *) = {text, jsonl};
	struct query_totals t;

	(void)argv;
	if (argc)
		return cmd_usage(&cmd_status, "it takes options only");
	if (query_totals(e->db, e->now, &t) || views[opt.format](e, &t))
		return env_db_failed(e->db);
	return 0;
}

const struct cmd cmd_status = {
	.name = "status",
	.help = "say what the daemon is doing and what is stored",
	.synopsis = "[--format=FORMAT]",
	.needs = ENV_DATABASE,
	.database = DB_READ,
	.options = CMD_OPTIONS(rows),
	.run = run,
};
