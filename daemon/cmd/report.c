/* The weekly report, now; the numbers and the words are behind report.h. */
#include "report.h"

#include <sysexits.h>

#include "cmd.h"
#include "export_file.h"
#include "report/typos.h"
#include "say.h"

#define DAY 86400

/* The words of --format, and what writes each. */
static const char *const formats[] = {"text", "html", "jsonl", NULL};
static void (*const writers[])(const struct report *r, struct out *o) = {
	report_text, report_html, report_jsonl};

static const char *const lists[] = {"text", "csv", NULL};

static struct {
	long days;
	int64_t from, to;
	int format;
	const char *output;
	bool no_dns;
	int typos; /* of lists; -1: the report is wanted */
} opt = {.typos = -1};

static const struct option_row rows[] = {
	OPT_NUMBER("days", 0, "N", &opt.days, 1, 366,
		"the last N days, today included (7)"),
	OPT_WORD("format", 0, "FORMAT", &opt.format, formats,
		"text, html or jsonl"),
	OPT_TIME("from", 0, "DAY", &opt.from, "the first day"),
	OPT_FLAG("no-dns", 0, &opt.no_dns,
		"ask DNS about no domain (report.dns: false)"),
	OPT_TEXT("output", 'o', "FILE", &opt.output,
		"write FILE in one step, not standard output"),
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
		writers[opt.format](r, f.out);
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

	if (opt.from || opt.days || opt.output || opt.format)
		return cmd_usage(&cmd_report,
			"--typos looks at the %d weeks up to --to, and stands "
			"alone",
			TYPOS_WEEKS);
	if (typos_find(e->db, &e->arena, &e->conf.report.not_typos, &t))
		return env_db_failed(e->db);
	if (opt.typos == 0)
		typos_text(&t, e->out);
	else if (typos_csv(e->db, &t, e->out))
		return env_db_failed(e->db);
	return 0;
}

static int run(struct env *e, int argc, char **argv)
{
	struct report report = {.now = e->now};
	int status;

	(void)argv;
	if (argc)
		return cmd_usage(&cmd_report, "it takes options only");
	status = choose_time(e, &report.from, &report.to);
	if (status)
		return status;
	if (opt.typos >= 0)
		return show_typos(e, &report);
	if (opt.no_dns)
		e->conf.report.dns = false;
	if (report_load(e->db, &e->arena, &e->conf, &report))
		return env_db_failed(e->db);
	if (e->arena.full) {
		say("out of memory");
		return EX_OSERR;
	}
	if (opt.output)
		return write_file(e, &report);
	writers[opt.format](&report, e->out);
	return 0;
}

const struct cmd cmd_report = {
	.name = "report",
	.help = "say whether something is wrong, and what happened",
	.synopsis = "[--days=N | --from=DAY] [--to=DAY] [-o FILE] "
		    "[--format=FORMAT] [--no-dns]\n"
		    "--typos=LIST [--to=DAY]",
	.needs = ENV_DATABASE,
	.database = DB_READ,
	.options = CMD_OPTIONS(rows),
	.run = run,
};
