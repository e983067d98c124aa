/*
 * By hand: the way back when a suppression was wrong. It holds until a mail
 * that was sent after it bounces. One address, or all that a window of bounces
 * has suppressed.
 */
#include <inttypes.h>
#include <sysexits.h>

#include "hand.h"
#include "ingest.h"
#include "ledger_incident.h"
#include "say.h"

static struct hand hand = {.cmd = &cmd_release, .state = STATE_RELEASED};

static struct {
	const char *domain, *provider, *match;
	int64_t from, to;
	bool dry_run;
} opt;

static const struct option_row rows[] = {
	HAND_OPTION_CSV(hand),
	OPT_TEXT("domain", 0, "DOMAIN", &opt.domain,
		"all addresses of this domain"),
	OPT_FLAG("dry-run", 'n', &opt.dry_run,
		"tell what it would come to, and change nothing"),
	HAND_OPTION_FILE(hand),
	OPT_TIME("from", 0, "TIME", &opt.from,
		"all that a bounce from then on suppressed"),
	OPT_TEXT("match", 0, "GLOB", &opt.match,
		"only where the rule or the evidence matches"),
	OPT_TEXT("provider", 0, "NAME", &opt.provider,
		"all that this provider answered"),
	OPT_TEXT("reason", 0, "TEXT", &hand.reason,
		"why, for the change log; must be given"),
	OPT_TEXT("scope", 0, "SCOPE", &hand.scope,
		"only in this account or stream (*)"),
	OPT_TIME("to", 0, "TIME", &opt.to, "and before then"),
};

static bool is_window(void)
{
	return opt.domain || opt.provider || opt.match || opt.from || opt.to;
}

static int release_all(struct env *e, struct ledger *l)
{
	struct ledger_where where = {
		.provider = str_from(opt.provider),
		.match = str_from(opt.match),
		.from = opt.from,
		.to = opt.to,
	};
	struct ledger_undo u = {0};
	char note[1024];
	int status;

	hand_note(e, hand.reason ? hand.reason : "", note, sizeof(note));
	where.note = str_from(note);
	if (opt.domain) {
		status = env_domain(e, opt.domain, &where.domain);
		if (status)
			return status;
	}
	if (ledger_release_where(l, &where, e->now, opt.dry_run, &u))
		return env_db_failed(e->db);
	say("%s%" PRId64 " addresses",
		opt.dry_run ? "would release " : "released ", u.released);
	if (opt.dry_run)
		say_hint("nothing was changed: leave --dry-run out to do it");
	return 0;
}

static int run_window(struct env *e)
{
	struct house *house;
	struct ledger *l = NULL;
	int status;

	if (!opt.dry_run &&
		(!hand.reason || !str_trim(str_from(hand.reason)).n))
		return cmd_usage(&cmd_release,
			"say why: --reason='they say it was their outage'");
	if (opt.to && opt.from >= opt.to)
		return cmd_usage(&cmd_release, "--from must be before --to");
	house = house_new(&e->conf);
	if (!house)
		return EX_CONFIG;
	if (ledger_open(e->db, house_ledger_settings(house), &l))
		status = env_db_failed(e->db);
	else
		status = release_all(e, l);
	ledger_close(l);
	house_free(house);
	return status;
}

static int run(struct env *e, int argc, char **argv)
{
	if (!is_window() && opt.dry_run)
		return cmd_usage(&cmd_release,
			"--dry-run goes with --domain, --provider, --from, "
			"--to or --match");
	if (!is_window())
		return hand_run(&hand, e, argc, argv);
	if (argc || hand.scope || hand.file || hand.csv)
		return cmd_usage(&cmd_release,
			"it is either addresses (and a scope), or a window of "
			"bounces");
	return run_window(e);
}

const struct cmd cmd_release = {
	.name = "release",
	.help = "take addresses off the suppression list by hand",
	.synopsis = "--reason=TEXT [--scope=SCOPE] ADDRESS ...\n"
		    "--reason=TEXT [--scope=SCOPE] [--csv=COLUMN] --file=FILE\n"
		    "[-n] --reason=TEXT [--domain=DOMAIN] [--provider=NAME] "
		    "[--from=TIME] [--to=TIME] [--match=GLOB]",
	.needs = ENV_DATABASE,
	.database = DB_WRITE,
	.options = CMD_OPTIONS(rows),
	.run = run,
};
