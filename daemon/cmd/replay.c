/*
 * Rules get better, and events judged by older ones are judged again from what
 * was kept of them. First a dry run: who reads the differences decides.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "charset.h"
#include "cmd.h"
#include "db_care.h"
#include "ingest.h"
#include "json.h"
#include "ledger_replay.h"
#include "print.h"
#include "progress.h"
#include "query.h"
#include "replay.h"
#include "say.h"
#include "when.h"

#define BATCH 500u

static const char *const formats[] = {"text", "jsonl", "csv", NULL};

static struct {
	int format;
	bool dry_run;
	int64_t from, to;
} opt;

static const struct option_row rows[] = {
	OPT_FLAG("dry-run", 'n', &opt.dry_run,
		"print the differences, and change nothing"),
	OPT_WORD("format", 0, "FORMAT", &opt.format, formats,
		"text, jsonl or csv (text)"),
	OPT_TIME("from", 0, "TIME", &opt.from, "only events from then on"),
	OPT_TIME("to", 0, "TIME", &opt.to, "only events before then"),
};

struct replay {
	struct env *env;
	struct ledger *ledger;
	struct verdict_context context;
	struct ledger_replay batch[BATCH];
	size_t n;
	uint64_t seen, same, changed, passed;
	struct ledger_settled settled; /* of all batches */
	int status;
};

static bool is_refusal(enum verdict_class c)
{
	return c == CLASS_HARD || c == CLASS_SOFT || c == CLASS_BLOCK ||
	       c == CLASS_DELAY;
}

/* --- telling --- */

static void tell_text(struct out *o, const struct query_event *e,
	const struct ledger_replay *r)
{
	char at[WHEN_SIZE];

	out_printf(o, "%s  ", when_format(e->at, at));
	print_visible(o, e->address);
	out_printf(
		o, ": %s %s (", class_word(e->class), reason_word(e->reason));
	print_visible(o, e->rule);
	out_printf(o, ") -> %s %s (", class_word(r->class),
		reason_word(r->reason));
	print_visible(o, r->rule);
	out_z(o, ")\n");
}

static void tell_jsonl(struct out *o, const struct query_event *e,
	const struct ledger_replay *r)
{
	struct json j;

	json_open(&j, o);
	json_time(&j, "at", e->at);
	json_str(&j, "address", e->address);
	json_z(&j, "old_class", class_word(e->class));
	json_z(&j, "old_reason", reason_word(e->reason));
	json_str(&j, "old_rule", e->rule);
	json_z(&j, "class", class_word(r->class));
	json_z(&j, "reason", reason_word(r->reason));
	json_str(&j, "rule", r->rule);
	json_close(&j);
}

static void tell_csv(struct out *o, const struct query_event *e,
	const struct ledger_replay *r)
{
	char at[WHEN_SIZE];

	out_printf(o, "%s,", when_format(e->at, at));
	print_csv(o, e->address);
	out_printf(o, ",%s,%s,%s,%s,", class_word(e->class),
		reason_word(e->reason), class_word(r->class),
		reason_word(r->reason));
	print_csv(o, r->rule);
	out_z(o, "\r\n");
}

static void (*const writers[])(struct out *, const struct query_event *,
	const struct ledger_replay *) = {tell_text, tell_jsonl, tell_csv};

/* --- judging --- */

/* Names of rules and providers are literals or of the rule files, but one in a
 * mail's evidence is not: the batch outlives it. */
static struct ledger_replay conclude(
	const struct query_event *e, const struct judgement *j)
{
	struct ledger_replay r = {
		.event_id = e->id,
		.class = e->class == CLASS_DELAY ? CLASS_DELAY
						 : reason_class(j->reason),
		.reason = j->reason,
		.weak = j->weak,
		.status = j->status,
		.smtp = j->smtp,
		.provider = j->provider,
		.rule = j->rule,
	};

	if (e->class == CLASS_DELAY && j->reason == REASON_UNDETERMINED)
		r.reason = REASON_DELAYED;
	return r;
}

static bool is_same(const struct query_event *e, const struct ledger_replay *r)
{
	return r->class == e->class && r->reason == e->reason &&
	       r->weak == !!(e->flags & EVENT_WEAK);
}

static int apply(struct replay *p)
{
	int rc = 0;

	if (!p->n)
		return 0;
	if (ledger_begin(p->ledger))
		return -1;
	for (size_t i = 0; !rc && i < p->n; i++)
		rc = ledger_replay(
			p->ledger, &p->batch[i], p->env->now, &p->settled);
	p->n = 0;
	if (!rc && !opt.dry_run)
		rc = ledger_commit(p->ledger);
	if (rc || opt.dry_run)
		ledger_rollback(p->ledger);
	return rc;
}

/* What the rules say now, where it differs. */
static void judge_again(struct replay *p, const struct query_event *e)
{
	struct judgement j;
	struct ledger_replay r;

	arena_reset(&p->env->arena, 0);
	if (!is_refusal(e->class) ||
		!replay_judge(&p->context, &p->env->arena, e->evidence,
			e->class == CLASS_DELAY, &j)) {
		p->passed++;
		return;
	}
	r = conclude(e, &j);
	if (is_same(e, &r)) {
		p->same++;
		return;
	}
	p->changed++;
	writers[opt.format](p->env->out, e, &r);
	p->batch[p->n++] = r;
}

static int one(void *arg, const struct query_event *e)
{
	struct replay *p = arg;

	judge_again(p, e);
	progress_at(++p->seen);
	if (p->n == BATCH && apply(p)) {
		p->status = env_db_failed(p->env->db);
		return 1;
	}
	return out_failed(p->env->out) ? 1 : 0;
}

static void summary(const struct replay *p)
{
	say("judged %" PRIu64 " events again: %" PRIu64 " the same, %" PRIu64
	    " changed, %" PRIu64 " of other kinds",
		p->seen, p->same, p->changed, p->passed);
	say("%s%" PRId64 " addresses suppressed, %" PRId64
	    " no longer suppressed",
		opt.dry_run ? "would be: " : "", p->settled.suppressed,
		p->settled.ended);
	if (opt.dry_run)
		say_hint("nothing was changed: leave --dry-run out to do it");
}

/* How many there are is asked only for who sees it. */
static int start_bar(struct db *db, int64_t from, int64_t to)
{
	int64_t before = 0, upto = 0;

	if (!progress_is_on())
		return 0;
	if (db_care_evidence(db, from, &before) ||
		db_care_evidence(db, to + 86399, &upto))
		return -1;
	progress_start("events", (uint64_t)(upto - before));
	return 0;
}

static int replay_all(struct replay *p)
{
	int64_t to = opt.to ? opt.to : p->env->now + 1;
	int rc;

	if (opt.format == 2)
		out_z(p->env->out, "at,address,old_class,old_reason,class,"
				   "reason,rule\r\n");
	if (start_bar(p->env->db, opt.from, to))
		return env_db_failed(p->env->db);
	rc = query_evidence(p->env->db, opt.from, to, one, p);
	if (!rc && apply(p))
		rc = -1;
	progress_end();
	if (rc < 0)
		return env_db_failed(p->env->db);
	if (!p->status)
		summary(p);
	return p->status;
}

static int run(struct env *e, int argc, char **argv)
{
	static struct replay p;
	struct house *house;
	int status;

	if (argc)
		return cmd_usage(&cmd_replay,
			"it takes no names, so '%s' has no place here",
			say_z(argv[0]));
	house = house_new(&e->conf);
	if (!house)
		return EX_CONFIG;
	p.env = e;
	p.context = house_context(house, e->now);
	e->charset = charset_new();
	if (!e->charset ||
		ledger_open(e->db, house_ledger_settings(house), &p.ledger)) {
		status = e->charset ? env_db_failed(e->db) : EX_OSERR;
	} else {
		p.context.ops = charset_ops(e->charset);
		status = replay_all(&p);
	}
	ledger_close(p.ledger);
	house_free(house);
	return status;
}

const struct cmd cmd_replay = {
	.name = "replay",
	.help = "judge recorded bounces again under the rules of today",
	.synopsis = "[-n] [--format=FORMAT] [--from=TIME] [--to=TIME]",
	.needs = ENV_DATABASE,
	.database = DB_WRITE,
	.options = CMD_OPTIONS(rows),
	.run = run,
};
