/*
 * Bounces that the guard holds back, and the undo of a window of time. Every
 * change is one transaction, can be rehearsed, and is in the change log.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cmd.h"
#include "hand.h"
#include "incident.h"
#include "ingest.h"
#include "json.h"
#include "print.h"
#include "say.h"
#include "when.h"

static const char *const formats[] = {"text", "jsonl", "csv", NULL};

static struct {
	int format;
	bool dry_run;
	const char *reason, *provider, *domain, *match;
	int64_t from, to;
	struct str domain_key; /* of domain; absent: none was given */
} opt;

static const struct option_row rows[] = {
	OPT_TEXT("domain", 0, "DOMAIN", &opt.domain,
		"mark: bounces of addresses of this domain"),
	OPT_FLAG("dry-run", 'n', &opt.dry_run,
		"tell what it would come to, and change nothing"),
	OPT_WORD("format", 0, "FORMAT", &opt.format, formats,
		"list, show: text, jsonl or csv (text)"),
	OPT_TIME("from", 0, "TIME", &opt.from, "mark: the first of its times"),
	OPT_TEXT("match", 0, "GLOB", &opt.match,
		"mark: only where the rule or the evidence matches"),
	OPT_TEXT("provider", 0, "NAME", &opt.provider,
		"mark: bounces that this provider answered"),
	OPT_TEXT("reason", 0, "TEXT", &opt.reason,
		"confirm, release, mark: why, for the change log"),
	OPT_TIME("to", 0, "TIME", &opt.to, "mark: the first time behind it"),
};

/* --- list --- */

static void row_text(struct out *o, const struct query_incident *q)
{
	char from[WHEN_SIZE], to[WHEN_SIZE], name[64];

	out_printf(o,
		"%-5" PRId64 " %-9s %-8s %-20s %-16.16s %-16.16s %7" PRId64
		" %6" PRId64 " %6" PRId64 "\n",
		q->i.id, incident_state_word(q->i.state),
		incident_kind_word(q->i.kind),
		print_visible_buf(name, sizeof(name), q->i.name),
		q->i.from ? when_format(q->i.from, from) : "",
		q->i.to ? when_format(q->i.to, to) : "", q->i.events, q->held,
		q->suppressed);
}

static void row_jsonl(struct out *o, const struct query_incident *q)
{
	struct json j;

	json_open(&j, o);
	json_int(&j, "id", q->i.id);
	json_z(&j, "state", incident_state_word(q->i.state));
	json_z(&j, "kind", incident_kind_word(q->i.kind));
	json_str(&j, "name", q->i.name);
	json_z(&j, "cause", incident_cause_word(q->i.cause));
	json_time(&j, "from", q->i.from);
	json_time(&j, "to", q->i.to);
	json_time(&j, "opened_at", q->i.opened_at);
	json_time(&j, "closed_at", q->i.closed_at);
	json_int(&j, "events", q->i.events);
	json_int(&j, "usual", (int64_t)(q->i.usual + 0.5));
	json_int(&j, "engaged", q->i.engaged);
	json_int(&j, "held", q->held);
	json_int(&j, "probation", q->probation);
	json_int(&j, "suppressed", q->suppressed);
	json_int(&j, "released", q->released);
	json_str(&j, "match", q->i.match);
	json_str(&j, "note", q->i.note);
	json_close(&j);
}

static void row_csv(struct out *o, const struct query_incident *q)
{
	char from[WHEN_SIZE], to[WHEN_SIZE];

	out_printf(o, "%" PRId64 ",%s,%s,", q->i.id,
		incident_state_word(q->i.state), incident_kind_word(q->i.kind));
	print_csv(o, q->i.name);
	out_printf(o,
		",%s,%s,%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64
		",%" PRId64 "\r\n",
		incident_cause_word(q->i.cause),
		q->i.from ? when_format(q->i.from, from) : "",
		q->i.to ? when_format(q->i.to, to) : "", q->i.events, q->held,
		q->probation, q->suppressed, q->released);
}

static const struct {
	const char *head;
	void (*row)(struct out *o, const struct query_incident *q);
} writers[] = {
	{"ID    STATE     KIND     NAME                 FROM             TO    "
	 "           BOUNCES   HELD  SUPPR\n", row_text },
	{"",					    row_jsonl},
	{"id,state,kind,name,cause,from,to,events,held,probation,suppressed,"
	 "released\r\n",		       row_csv  },
};

struct walk {
	struct out *out;
	uint64_t seen;
};

/* The known outages of the past concern nobody who has nothing in them. */
static bool is_idle(const struct query_incident *q)
{
	return q->i.cause == INCIDENT_KNOWN && !q->held && !q->probation &&
	       !q->suppressed && !q->released;
}

static int list_one(void *arg, const struct query_incident *q)
{
	struct walk *w = arg;

	if (opt.format == 0 && is_idle(q))
		return 0;
	if (!w->seen++)
		out_z(w->out, writers[opt.format].head);
	writers[opt.format].row(w->out, q);
	return 0;
}

static int list(struct env *e, int64_t id)
{
	struct walk w = {.out = e->out};

	(void)id;
	if (query_incidents(e->db, 0, list_one, &w) < 0)
		return env_db_failed(e->db);
	if (!w.seen)
		say("no incidents");
	return 0;
}

/* --- show --- */

static int show_address(void *arg, const struct query_suppression *s)
{
	struct out *o = ((struct walk *)arg)->out;
	char at[WHEN_SIZE];

	((struct walk *)arg)->seen++;
	if (opt.format == 1) {
		struct json j;

		json_open(&j, o);
		json_str(&j, "address", s->address);
		json_str(&j, "scope", s->scope);
		json_z(&j, "state", state_word(s->state));
		json_z(&j, "reason", reason_word(s->reason));
		json_time(&j, "since", s->since);
		json_time(&j, "until", s->expires_at);
		json_close(&j);
		return 0;
	}
	out_z(o, "  ");
	print_visible(o, s->address);
	out_printf(o, ": %s", state_word(s->state));
	if (s->expires_at)
		out_printf(o, " until %s", when_day(s->expires_at, at));
	out_printf(o, ", %s\n", reason_word(s->reason));
	return 0;
}

static int show_one(void *arg, const struct query_incident *q)
{
	struct walk *w = arg;

	w->seen++;
	if (opt.format) {
		if (opt.format == 2)
			out_z(w->out, writers[opt.format].head);
		writers[opt.format].row(w->out, q);
		return 0;
	}
	incident_write(w->out, q);
	out_char(w->out, '\n');
	incident_write_next(w->out, q);
	return 0;
}

static int unknown_incident(int64_t id)
{
	say("there is no incident %" PRId64
	    "; 'bouncewatch incident list' shows them",
		id);
	return EX_DATAERR;
}

static int show(struct env *e, int64_t id)
{
	struct walk w = {.out = e->out}, addresses = {.out = e->out};

	if (query_incidents(e->db, id, show_one, &w) < 0)
		return env_db_failed(e->db);
	if (!w.seen)
		return unknown_incident(id);
	if (opt.format == 2)
		return 0;
	if (!opt.format)
		out_z(e->out, "\naddresses\n");
	if (query_incident_addresses(e->db, id, show_address, &addresses) < 0)
		return env_db_failed(e->db);
	if (!addresses.seen && !opt.format)
		out_z(e->out, "  none\n");
	return 0;
}

/* --- confirm, release, mark --- */

static void tell(const struct ledger_undo *u)
{
	say("%s%" PRId64 " suppressed, %" PRId64 " held, %" PRId64 " released",
		opt.dry_run ? "would be: " : "", u->suppressed, u->held,
		u->released);
	if (opt.dry_run)
		say_hint("nothing was changed: leave --dry-run out to do it");
}

typedef int undo_fn(struct ledger *l, int64_t id, struct str note, int64_t now,
	bool dry_run, struct ledger_undo *out);

static int mark_it(struct ledger *l, int64_t id, struct str note, int64_t now,
	bool dry_run, struct ledger_undo *out)
{
	const struct ledger_incident mark = {
		.kind = opt.provider ? INCIDENT_PROVIDER : INCIDENT_DOMAIN,
		.name = opt.provider ? str_from(opt.provider) : opt.domain_key,
		.from = opt.from,
		.to = opt.to,
		.match = str_from(opt.match),
		.note = note,
	};

	(void)id;
	return ledger_incident_mark(l, &mark, now, dry_run, out);
}

static int undo(struct env *e, undo_fn *fn, int64_t id)
{
	struct house *house = house_new(&e->conf);
	struct ledger_undo u = {.found = true};
	struct ledger *l = NULL;
	char note[1024];
	size_t n;
	int status = 0;

	if (!house)
		return EX_CONFIG;
	n = hand_note(e, opt.reason, note, sizeof(note));
	if (ledger_open(e->db, house_ledger_settings(house), &l) ||
		fn(l, id, str_of(note, n), e->now, opt.dry_run, &u))
		status = env_db_failed(e->db);
	else if (!u.found)
		status = unknown_incident(id);
	else
		tell(&u);
	if (!status && fn == mark_it && !opt.dry_run)
		say_hint(
			"it is incident %" PRId64
			": 'bouncewatch incident release --reason=TEXT %" PRId64
			"' frees what it holds",
			u.id, u.id);
	ledger_close(l);
	house_free(house);
	return status;
}

static int confirm(struct env *e, int64_t id)
{
	return undo(e, ledger_incident_confirm, id);
}

static int release(struct env *e, int64_t id)
{
	return undo(e, ledger_incident_release, id);
}

static int mark(struct env *e, int64_t id)
{
	int status = 0;

	if (!opt.from || !opt.to || opt.from >= opt.to)
		return cmd_usage(&cmd_incident,
			"give the window: --from=TIME --to=TIME, the earlier "
			"first");
	if (opt.provider && opt.domain)
		return cmd_usage(
			&cmd_incident, "it is either --provider or --domain");
	if (!opt.provider && !opt.domain && !opt.match)
		return cmd_usage(&cmd_incident,
			"say whose bounces: --provider, --domain or --match");
	if (opt.domain)
		status = env_domain(e, opt.domain, &opt.domain_key);
	return status ? status : undo(e, mark_it, id);
}

/* --- the verbs --- */

static const struct verb {
	struct cmd_word word;
	bool id;     /* it is about one incident */
	bool writes; /* it needs a reason */
	int (*run)(struct env *e, int64_t id);
} verbs[] = {
	{{"list", "the incidents, the latest first (without a command, too)"},
         false,								       false, list   },
	{{"show", "one of them, and what became of its addresses"},            true,  false,
         show										       },
	{{"confirm", "its bounces were right: suppress what it holds"},        true,
         true,									       confirm},
	{{"release", "its bounces were wrong: free what it holds"},            true,  true,
         release										    },
	{{"mark", "treat a window of time as an incident"},                    false, true,  mark   },
};

#define VERBS_N (sizeof(verbs) / sizeof(verbs[0]))

static bool word(size_t i, struct cmd_word *w)
{
	if (i < VERBS_N)
		*w = verbs[i].word;
	return i < VERBS_N;
}

static int run_verb(struct env *e, const struct verb *v, const char *number)
{
	char *end = NULL;
	long long id = number ? strtoll(number, &end, 10) : 0;
	int status;

	if (v->id && (!number || *end || id <= 0))
		return cmd_usage(&cmd_incident,
			"%s wants the number of an incident: 'bouncewatch "
			"incident list' shows them",
			v->word.name);
	if (v->writes && !opt.dry_run &&
		(!opt.reason || !str_trim(str_from(opt.reason)).n))
		return cmd_usage(&cmd_incident,
			"say why: --reason='they say it is fixed'");
	if (!opt.reason)
		opt.reason = "";
	status = env_open_conf(e, ENV_DATABASE);
	if (!status)
		status = env_open_database(e, v->writes ? DB_WRITE : DB_READ);
	return status ? status : v->run(e, id);
}

static int run(struct env *e, int argc, char **argv)
{
	const char *name = argc ? argv[0] : "list";
	size_t i = 0;

	while (i < VERBS_N && strcmp(verbs[i].word.name, name) != 0)
		i++;
	if (i == VERBS_N)
		return cmd_wrong_word(&cmd_incident, name);
	if (argc > 1 + verbs[i].id)
		return cmd_usage(&cmd_incident, "%s: '%s' has no place here",
			name, say_z(argv[1 + verbs[i].id]));
	return run_verb(e, &verbs[i], argc > 1 ? argv[1] : NULL);
}

const struct cmd cmd_incident = {
	.name = "incident",
	.help = "providers' bad days: what is held, and the undo",
	.synopsis = "[list] [--format=FORMAT]\n"
		    "show [--format=FORMAT] ID\n"
		    "confirm [-n] --reason=TEXT ID\n"
		    "release [-n] --reason=TEXT ID\n"
		    "mark [-n] --reason=TEXT --from=TIME --to=TIME "
		    "[--provider=NAME | --domain=DOMAIN] [--match=GLOB]",
	.needs = ENV_NOTHING,
	.options = CMD_OPTIONS(rows),
	.what_word = "command",
	.word = word,
	.run = run,
};
