/*
 * The suppression list on its way to whatever sends the mail. A file appears
 * whole or not at all: something may be reading it every minute.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cmd.h"
#include "export.h"
#include "export_delta.h"
#include "export_file.h"
#include "progress.h"
#include "say.h"
#include "suggest.h"
#include "when.h"

static struct {
	const char *output, *scope, *domain, *reason, *since_last, *removals;
	int64_t before, after;
	bool include_soft;
} opt;

static const struct option_row rows[] = {
	OPT_TIME("after", 0, "TIME", &opt.after,
		"suppressed at this time or later"),
	OPT_TIME("before", 0, "TIME", &opt.before,
		"suppressed before this time"),
	OPT_TEXT("domain", 0, "DOMAIN", &opt.domain,
		"only addresses of this domain"),
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
};

struct walk {
	const struct export_format *format;
	struct export_run run;
	uint64_t scoped; /* rows that do not hold everywhere */
	uint64_t seen;
};

static int one(void *arg, const struct query_suppression *s)
{
	struct walk *w = arg;

	if (!str_eq(s->scope, (struct str)STR("*")))
		w->scoped++;
	w->format->row(&w->run, s);
	progress_at(++w->seen);
	return out_failed(w->run.out) ? 1 : 0;
}

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
	return cmd_usage(
		&cmd_export, "there is no reason '%s'", say_z(opt.reason));
}

/* The options as a filter; domain is looked for as the keys have it. */
static int make_filter(struct env *e, const struct export_format *format,
	struct query_filter *f)
{
	struct address a;
	char buf[512];
	int status, n;

	*f = (struct query_filter){.scope = str_from(opt.scope),
		.reason = -1,
		.before = opt.before,
		.after = opt.after,
		.now = e->now,
		.no_soft = !format->has_expiry && !opt.include_soft};
	if (opt.reason) {
		f->reason = reason_from_word(str_from(opt.reason));
		if (f->reason <= 0)
			return unknown_reason();
	}
	if (!opt.domain)
		return 0;
	n = snprintf(
		buf, sizeof(buf), "x@%s", opt.domain + (opt.domain[0] == '@'));
	status = env_address(
		e, str_of(buf, (size_t)n < sizeof(buf) ? (size_t)n : 0), &a);
	if (status)
		return cmd_usage(&cmd_export, "--domain wants a domain, as in "
					      "--domain=example.com");
	f->domain = a.domain;
	return 0;
}

static int write_rows(struct env *e, struct walk *w)
{
	struct query_filter f;
	int status = make_filter(e, w->format, &f);

	if (status)
		return status;
	if (w->format->begin)
		w->format->begin(&w->run);
	progress_start("addresses", 0);
	status = query_export(e->db, &f, one, w) < 0 ? env_db_failed(e->db) : 0;
	progress_end();
	return status;
}

/* What the format could not say, or what one may not expect. */
static void remark(const struct walk *w)
{
	if (!w->seen)
		say("nothing is suppressed that fits; 'bouncewatch report' "
		    "says what came in and why it suppressed nobody");
	if (w->run.left_out)
		say("%llu rows were left out: %s",
			(unsigned long long)w->run.left_out,
			w->format->leaves_out);
	if (w->scoped && !opt.scope && !w->format->tells_scope)
		say("%llu suppression%s only in one account or stream "
		    "(complaints); --scope=SCOPE leaves the others out",
			(unsigned long long)w->scoped,
			w->scoped == 1 ? " holds" : "s hold");
}

static int to_file(struct env *e, struct walk *w)
{
	struct export_file file;
	int status = export_file_open(&file, e, opt.output);

	w->run.out = file.out;
	if (!status)
		status = write_rows(e, w);
	if (!status)
		status = export_file_finish(&file);
	if (!status)
		status = export_file_commit(&file);
	export_file_close(&file);
	return status;
}

/* All that decides what is on the list: a cursor stays with it. */
static void write_options(char *buf, size_t size)
{
	char after[WHEN_SIZE] = "", before[WHEN_SIZE] = "";

	if (opt.after)
		when_format(opt.after, after);
	if (opt.before)
		when_format(opt.before, before);
	(void)snprintf(buf, size, "domain=%s reason=%s after=%s before=%s%s",
		opt.domain ? opt.domain : "", opt.reason ? opt.reason : "",
		after, before, opt.include_soft ? " soft" : "");
}

static int delta(struct env *e, const struct export_format *format)
{
	struct export_delta d = {
		.format = format,
		.name = opt.since_last,
		.adds = opt.output,
		.removals = opt.removals,
	};
	char options[1024];
	int status = make_filter(e, format, &d.filter);

	if (status)
		return status;
	write_options(options, sizeof(options));
	d.options = options;
	return export_delta_run(e, &d);
}

static int check_options(void)
{
	if (!opt.since_last && opt.removals)
		return cmd_usage(&cmd_export, "--removals goes with "
					      "--since-last");
	if (opt.since_last && (!opt.output || !opt.removals))
		return cmd_usage(&cmd_export,
			"--since-last writes two files: -o FILE for who is to "
			"be added, --removals=FILE for who is to be taken "
			"off");
	return 0;
}

static int run(struct env *e, int argc, char **argv)
{
	struct walk w = {.run = {.out = e->out}};
	int status = check_options();

	if (status)
		return status;
	if (argc > 1)
		return cmd_usage(&cmd_export, "one format at a time");
	w.format = argc ? export_find(argv[0]) : NULL;
	if (!w.format)
		return cmd_wrong_word(&cmd_export, argc ? argv[0] : NULL);
	status = env_open_conf(e, ENV_DATABASE);
	if (!status)
		status = env_open_database(
			e, opt.since_last ? DB_WRITE : DB_READ);
	if (status)
		return status;
	if (opt.since_last)
		return delta(e, w.format);
	status = opt.output ? to_file(e, &w) : write_rows(e, &w);
	if (!status)
		remark(&w);
	return status;
}

const struct cmd cmd_export = {
	.name = "export",
	.help = "print the suppression list",
	.synopsis = "[-o FILE] [--since-last=NAME --removals=FILE] "
		    "[--include-soft] [--scope=SCOPE] [--domain=DOMAIN] "
		    "[--reason=REASON] [--after=TIME] [--before=TIME] FORMAT",
	.needs = ENV_NOTHING,
	.options = CMD_OPTIONS(rows),
	.what_word = "format",
	.word = word,
	.run = run,
};
