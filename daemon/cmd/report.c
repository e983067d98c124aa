/* The weekly report, now; the numbers and the words are behind report.h. */
#include "report.h"

#include <string.h>
#include <sysexits.h>

#include "cmd.h"
#include "dispatch_once.h"
#include "export_file.h"
#include "mailable.h"
#include "report/mail.h"
#include "report/typos.h"
#include "runner.h"
#include "say.h"

#define DAY 86400

/* In the order of enum report_form. */
static const char *const formats[] = {"text", "html", "jsonl", "mail", NULL};

static const char *const lists[] = {"text", "csv", NULL};

static struct {
	long days;
	int64_t from, to;
	int format;
	const char *output;
	bool no_dns, if_due, send;
	int typos; /* of lists; -1: the report is wanted */
} opt = {.typos = -1};

static const struct option_row rows[] = {
	OPT_NUMBER("days", 0, "N", &opt.days, 1, 366,
		"the last N days, today included (7)"),
	OPT_WORD("format", 0, "FORMAT", &opt.format, formats,
		"text, html, jsonl or mail"),
	OPT_TIME("from", 0, "DAY", &opt.from, "the first day"),
	OPT_FLAG("if-due", 0, &opt.if_due,
		"send the weekly one, if it is due and was not sent"),
	OPT_FLAG("no-dns", 0, &opt.no_dns,
		"ask DNS about no domain (report.dns: false)"),
	OPT_TEXT("output", 'o', "FILE", &opt.output,
		"write FILE in one step, not standard output"),
	OPT_FLAG("send", 0, &opt.send,
		"mail it to the addresses, or to report.to"),
	OPT_TIME("to", 0, "DAY", &opt.to, "the last day (today)"),
	OPT_WORD("typos", 0, "LIST", &opt.typos, lists,
		"list domains that look mistyped instead: text or csv"),
};

static int64_t day_begin(int64_t at)
{
	return at - at % DAY;
}

/* The options as [*from, *to). */
static int choose_time(const struct env *e, int64_t *from, int64_t *to)
{
	if (opt.from % DAY || opt.to % DAY)
		return cmd_usage(&cmd_report,
			"--from and --to are days: --from=2026-01-01");
	if (opt.from && opt.days)
		return cmd_usage(&cmd_report,
			"either --from or --days says when it begins");
	*to = day_begin(opt.to ? opt.to : e->now) + DAY;
	*from = opt.from ? opt.from : *to - (opt.days ? opt.days : 7) * DAY;
	if (*from >= *to)
		return cmd_usage(&cmd_report, "--from lies after --to");
	if ((*to - *from) / DAY > 366)
		return cmd_usage(
			&cmd_report, "a report is of 366 days at most");
	return 0;
}

/* Into the file of -o, which is there whole or not at all. */
static int write_file(const struct env *e, const struct report *r)
{
	struct export_file f;
	int status = export_file_open(&f, e, NULL, opt.output);

	if (!status) {
		report_form_write((enum report_form)opt.format, r, f.out);
		status = export_file_finish(&f);
	}
	if (!status)
		status = export_file_commit(&f);
	export_file_close(&f);
	return status;
}

/* Domains that look mistyped, and nothing else. */
static int show_typos(struct env *e, const struct report *r)
{
	struct typos t = {
		.to = r->to, .required = (enum origin)e->conf.origin.require};
	int status;

	if (opt.from || opt.days || opt.output || opt.format || opt.send)
		return cmd_usage(&cmd_report,
			"--typos looks at the %d weeks up to --to, and stands "
			"alone",
			TYPOS_WEEKS);
	status = env_open_database(e, DB_READ);
	if (status)
		return status;
	if (typos_find(e->db, &e->arena, &e->conf.report.not_typos, &t))
		return env_db_failed(e->db);
	if (opt.typos == 0)
		typos_text(&t, e->out);
	else if (typos_csv(e->db, &t, e->out))
		return env_db_failed(e->db);
	return 0;
}

static int load(struct env *e, struct report *r)
{
	int status = env_open_database(e, DB_READ);

	if (status)
		return status;
	if (report_load(e->db, &e->arena, &e->conf, r))
		return env_db_failed(e->db);
	if (!e->arena.full)
		return 0;
	say("out of memory");
	return EX_OSERR;
}

static int print(struct env *e, struct report *r)
{
	int status = load(e, r);

	if (status)
		return status;
	if (opt.format == REPORT_MAIL)
		return dispatch_print(e, r, &e->conf.report.to);
	if (opt.output)
		return write_file(e, r);
	report_form_write((enum report_form)opt.format, r, e->out);
	return 0;
}

/* The helper that runs sendmail is started before the database is open. */
static int send_now(struct env *e, struct report *r, const struct conf_list *to)
{
	struct runner *runner = runner_start();
	int status = runner ? load(e, r) : EX_OSERR;

	if (!status)
		status = dispatch_mail(e, runner, r, to);
	runner_stop(runner);
	return status;
}

/* As a mail can name it, its domain in A-labels. */
static int choose_one(struct env *e, const char *given, char **to)
{
	struct address a;
	int status = env_address(e, str_from(given), &a);
	const char *at, *wrong;
	size_t n;

	if (status)
		return status;
	at = memrchr(a.seen.p, '@', a.seen.n);
	n = (size_t)(at - a.seen.p) + 1;
	*to = arena_alloc(&e->arena, n + a.domain.n + 1);
	if (!*to) {
		say("out of memory");
		return EX_OSERR;
	}
	memcpy(*to, a.seen.p, n);
	memcpy(*to + n, a.domain.p, a.domain.n);
	(*to)[n + a.domain.n] = '\0';
	wrong = mailable_error(str_from(*to));
	if (!wrong)
		return 0;
	say("no mail can be sent to '%s': it %s", say_z(given), wrong);
	return EX_DATAERR;
}

/* Whom --send means: these, or those of the configuration. */
static int choose_to(struct env *e, int argc, char **argv, struct conf_list *to)
{
	int status = 0;

	*to = argc ? (struct conf_list){argv, (size_t)argc} : e->conf.report.to;
	for (int i = 0; i < argc && !status; i++)
		status = choose_one(e, argv[i], &argv[i]);
	if (!to->n) {
		say("whom to? give addresses, or report.to in the "
		    "configuration");
		return EX_CONFIG;
	}
	return status;
}

static int check_options(int argc)
{
	if (argc && !opt.send)
		return cmd_usage(&cmd_report, "addresses go with --send");
	if (opt.if_due && (opt.send || opt.output || opt.from || opt.to ||
				  opt.days || opt.format || opt.typos >= 0))
		return cmd_usage(&cmd_report,
			"--if-due stands alone: the configuration says the "
			"rest");
	if (opt.send && (opt.output || opt.format))
		return cmd_usage(&cmd_report,
			"--send sends a mail: no --format and no --output");
	if (opt.output && opt.format == REPORT_MAIL)
		return cmd_usage(
			&cmd_report, "--format=mail goes to standard output");
	return 0;
}

static int run(struct env *e, int argc, char **argv)
{
	struct report report = {.now = e->now};
	struct conf_list to;
	int status = check_options(argc);

	if (!status)
		status = choose_time(e, &report.from, &report.to);
	if (!status)
		status = env_open_conf(e, ENV_DATABASE);
	if (status)
		return status;
	if (opt.no_dns)
		e->conf.report.dns = false;
	if (opt.if_due)
		return dispatch_once(e);
	if (opt.typos >= 0)
		return show_typos(e, &report);
	if (!opt.send)
		return print(e, &report);
	status = choose_to(e, argc, argv, &to);
	return status ? status : send_now(e, &report, &to);
}

const struct cmd cmd_report = {
	.name = "report",
	.help = "say whether something is wrong, and what happened",
	.synopsis = "[--days=N | --from=DAY] [--to=DAY] [-o FILE] "
		    "[--format=FORMAT] [--no-dns]\n"
		    "--typos=LIST [--to=DAY]\n"
		    "--send [--days=N | --from=DAY] [--to=DAY] [ADDRESS ...]\n"
		    "--if-due",
	.needs = ENV_NOTHING,
	.options = CMD_OPTIONS(rows),
	.run = run,
};
