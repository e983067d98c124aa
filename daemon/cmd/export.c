/*
 * The suppression list on its way to whatever sends the mail. A file appears
 * whole or not at all: something may be reading it every minute.
 */
#include <string.h>
#include <sysexits.h>

#include "cmd.h"
#include "export_conf.h"
#include "export_job.h"
#include "same_file.h"
#include "say.h"
#include "suggest.h"
#include "words.h"

static const char *const states[] = {"suppressed", "held", "both", NULL};
static const char *const hashes[] = {"sha256", NULL};

static struct {
	const char *output, *scope, *domain, *reason, *since_last, *removals;
	int64_t before, after;
	int state, hash; /* index in its words; hash -1: none */
	bool include_soft, yes_global, force;
} opt = {.hash = -1};

static const struct option_row rows[] = {
	OPT_TIME("after", 0, "TIME", &opt.after,
		"suppressed at this time or later"),
	OPT_TIME("before", 0, "TIME", &opt.before,
		"suppressed before this time"),
	OPT_TEXT("domain", 0, "DOMAIN", &opt.domain,
		"only addresses of this domain"),
	OPT_FLAG("force", 0, &opt.force,
		"also when the list has changed more than is likely"),
	OPT_WORD("hash", 0, "WORD", &opt.hash, hashes,
		"the hash of each address in its place: sha256"),
	OPT_FLAG("include-soft", 0, &opt.include_soft,
		"also soft bounces, which a format without expiry leaves out"),
	OPT_TEXT("output", 'o', "FILE", &opt.output,
		"write FILE in one step, not standard output"),
	OPT_TEXT("reason", 0, "REASON", &opt.reason,
		"only this reason (user-unknown, abuse, ...)"),
	OPT_TEXT("removals", 0, "FILE", &opt.removals,
		"with --since-last: who is to be taken off"),
	OPT_TEXT("scope", 0, "SCOPE", &opt.scope,
		"what holds for this account or stream: its own and *"),
	OPT_TEXT("since-last", 0, "NAME", &opt.since_last,
		"only what changed since this name last asked"),
	OPT_WORD("state", 0, "WORD", &opt.state, states,
		"suppressed, held or both; the latter two where a format "
		"says until when"),
	OPT_FLAG("yes-global", 0, &opt.yes_global,
		"also for a platform that mixes it with real opt-outs"),
};

static bool word(size_t i, struct cmd_word *w)
{
	const struct export_format *f = export_at(i);

	if (f)
		*w = (struct cmd_word){f->name, f->help};
	return f != NULL;
}

static int unknown_reason(void)
{
	struct str words[REASON_COUNT];
	size_t n = 0;
	int near;

	for (int r = 1; r < REASON_COUNT; r++)
		if (reason_word((enum verdict_reason)r)[0] != '?')
			words[n++] =
				str_from(reason_word((enum verdict_reason)r));
	near = suggest(str_from(opt.reason), words, n);
	if (near >= 0)
		return cmd_usage(&cmd_export,
			"there is no reason '%s'; did you mean '" STR_FMT "'?",
			say_z(opt.reason), STR_ARG(words[near]));
	return cmd_usage(&cmd_export,
		"there is no reason '%s': bouncewatch(1) lists them",
		say_z(opt.reason));
}

/* "-" is standard output, as everywhere. */
static const char *file_of(const char *path)
{
	return path && !strcmp(path, "-") ? NULL : path;
}

/*
 * What is taken from a cursor of `exports:` by hand, its consumer never gets;
 * but into its own files, with --force, is what list_guard: held back.
 */
static int spare_cursor(const struct env *e, const struct export_job *j)
{
	const struct conf_export *c =
		j->cursor ? export_conf_of_cursor(&e->conf, j->cursor) : NULL;

	if (!c || (j->force && same_file(j->output, c->file) &&
			  same_file(j->removals, c->removals)))
		return 0;
	say("'%s' is the cursor of the export '%s' (line %u of %s): what you "
	    "take here, it never gets; use another name",
		say_z(j->cursor), say_z(c->name), c->line, say_z(e->conf.path));
	say_hint("--force with its own files (-o and --removals) writes what "
		 "list_guard: held back");
	return EX_USAGE;
}

/* The options as a job. */
static int make_job(struct export_job *j)
{
	*j = (struct export_job){
		.output = file_of(opt.output),
		.removals = opt.removals,
		.cursor = opt.since_last,
		.scope = opt.scope,
		.domain = opt.domain,
		.state = opt.state == 1 ? STATE_HELD : STATE_SUPPRESSED,
		.or_held = opt.state == 2,
		.after = opt.after,
		.before = opt.before,
		.include_soft = opt.include_soft,
		.hashed = opt.hash >= 0,
		.yes_global = opt.yes_global,
		.force = opt.force,
		.progress = true,
	};
	if (opt.since_last && !*opt.since_last)
		return cmd_usage(
			&cmd_export, "--since-last is empty: name who asks");
	if (opt.since_last && !strcmp(opt.since_last, CONF_ON_CHANGE_CURSOR))
		return cmd_usage(&cmd_export,
			"--since-last: '%s' is the name under which "
			"on_change.command of the configuration asks",
			opt.since_last);
	if (opt.removals && !file_of(opt.removals))
		return cmd_usage(&cmd_export,
			"--removals wants a file: standard output holds none");
	if (!opt.reason)
		return 0;
	j->reason = reason_from_word(str_from(opt.reason));
	return j->reason > 0 ? 0 : unknown_reason();
}

static int run(struct env *e, int argc, char **argv)
{
	struct export_job job;
	struct export_result result;
	int status = make_job(&job);

	if (status)
		return status;
	if (argc > 1)
		return cmd_usage(&cmd_export, "one format at a time");
	job.format = argc ? export_find(argv[0]) : NULL;
	if (!job.format)
		return cmd_wrong_word(&cmd_export, argc ? argv[0] : NULL);
	status = export_job_check(&job);
	if (!status)
		status = env_open_conf(e, ENV_DATABASE);
	if (!status)
		status = spare_cursor(e, &job);
	if (!status)
		status = env_open_database(e, job.cursor ? DB_WRITE : DB_READ);
	if (!status)
		status = env_tell_scope(e, opt.scope);
	return status ? status : export_job_run(e, &job, &result);
}

const struct cmd cmd_export = {
	.name = "export",
	.help = "print the suppression list",
	.synopsis =
		"[-o FILE] [--since-last=NAME --removals=FILE] "
		"[--state=WORD] [--include-soft] [--hash=WORD] "
		"[--force] [--yes-global] [--scope=SCOPE] [--domain=DOMAIN] "
		"[--reason=REASON] [--after=TIME] [--before=TIME] FORMAT",
	.needs = ENV_NOTHING,
	.options = CMD_OPTIONS(rows),
	.what_word = "format",
	.word = word,
	.run = run,
};
