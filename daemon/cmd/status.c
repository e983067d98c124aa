/*
 * What the daemon does and what the database holds. The daemon tells it
 * through the database, so that this also works while it is down, and says so.
 */
#include <inttypes.h>

#include "cmd.h"
#include "json.h"
#include "print.h"
#include "query.h"
#include "when.h"

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
		" held, %" PRId64 " released\n",
		(double)t->bytes / 1e6, t->schema_version, t->messages,
		t->events, or_never(t->last_event_at, at), t->addresses,
		t->suppressed, t->held, t->released);
}

static int mailbox_text(void *arg, const struct query_mailbox *m)
{
	struct out *o = arg;
	char at[WHEN_SIZE];

	out_z(o, "  ");
	print_visible(o, m->account);
	out_char(o, '/');
	print_visible(o, m->folder);
	out_printf(o,
		": recorded up to uid %" PRIu32 " (uidvalidity %" PRIu32
		"), last look %s",
		m->last_uid, m->uidvalidity, or_never(m->seen_at, at));
	if (m->pending)
		out_printf(o, ", %" PRId64 " still to be moved or flagged",
			m->pending);
	out_char(o, '\n');
	return 0;
}

static int status_text(void *arg, struct str name, struct str value, int64_t at)
{
	struct out *o = arg;
	char when[WHEN_SIZE];

	out_z(o, "  ");
	print_visible(o, name);
	out_z(o, ": ");
	print_visible(o, value);
	out_printf(o, " (%s)\n", when_format(at, when));
	return 0;
}

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

static void totals_jsonl(struct env *e, const struct query_totals *t)
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
	json_close(&j);
}

static const struct view {
	void (*totals)(struct env *e, const struct query_totals *t);
	const char *mailboxes, *daemon; /* titles */
	query_mailbox_fn *mailbox;
	query_status_fn *status;
} views[] = {
	{totals_text,  "\nmailboxes\n", "\ndaemon\n", mailbox_text,  status_text },
	{totals_jsonl, "",              "",           mailbox_jsonl, status_jsonl},
};

static int run(struct env *e, int argc, char **argv)
{
	const struct view *v = &views[opt.format];
	struct query_totals t;

	(void)argv;
	if (argc)
		return cmd_usage(&cmd_status, "it takes options only");
	if (query_totals(e->db, e->now, &t))
		return env_db_failed(e->db);
	v->totals(e, &t);
	out_z(e->out, v->mailboxes);
	if (query_mailboxes(e->db, v->mailbox, e->out))
		return env_db_failed(e->db);
	out_z(e->out, v->daemon);
	if (query_status(e->db, v->status, e->out))
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
