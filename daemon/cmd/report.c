/* The weekly report, now; the numbers and the words are behind report.h. */
#include "report.h"

#include <sysexits.h>

#include "cmd.h"

#define DAY 86400

static const char *const formats[] = {"text", NULL};

static struct {
	long days;
	int64_t from, to;
	int format;
} opt;

static const struct option_row rows[] = {
	OPT_NUMBER("days", 0, "N", &opt.days, 1, 366,
		"the last N days, today included (7)"),
	OPT_WORD("format", 0, "FORMAT", &opt.format, formats, "text"),
	OPT_TIME("from", 0, "DAY", &opt.from, "the first day"),
	OPT_TIME("to", 0, "DAY", &opt.to, "the last day (today)"),
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

static int run(struct env *e, int argc, char **argv)
{
	struct report report = {
		.now = e->now, .required = (enum origin)e->conf.origin.require};
	int status;

	(void)argv;
	if (argc)
		return cmd_usage(&cmd_report, "it takes options only");
	status = choose_time(e, &report.from, &report.to);
	if (status)
		return status;
	if (report_numbers_load(e->db, &e->arena, &report))
		return env_db_failed(e->db);
	report_text(&report, e->out);
	return 0;
}

const struct cmd cmd_report = {
	.name = "report",
	.help = "say whether something is wrong, and what happened",
	.synopsis = "[--days=N | --from=DAY] [--to=DAY] [--format=FORMAT]",
	.needs = ENV_DATABASE,
	.database = DB_READ,
	.options = CMD_OPTIONS(rows),
	.run = run,
};
