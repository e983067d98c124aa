/*
 * The flow of watch, once: from files, from the configured mailboxes, or one
 * message from a mailer's pipe. The mailer is the reason for the hard promise:
 * unless the message is safely in the database, the exit status is 75, and the
 * mailer keeps it.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd.h"
#include "intake.h"
#include "progress.h"
#include "say.h"
#include "source.h"
#include "suggest.h"
#include "watch.h"

static struct {
	bool once, quiet;
	const char *account;
} opt;

static const struct option_row rows[] = {
	OPT_TEXT("account", 0, "NAME", &opt.account,
		"with --once: only this account"),
	OPT_FLAG("once", 0, &opt.once,
		"fetch what the configured mailboxes hold now"),
	OPT_FLAG("quiet", 'q', &opt.quiet, "no summary"),
};

/* The signal that asked us to stop; 0: none did. */
static volatile sig_atomic_t stopped;

static void stop(int number)
{
	stopped = number;
}

/* With files there is something to finish: the batch, and the account. */
static void stop_on_signals(void)
{
	static const int numbers[] = {SIGHUP, SIGINT, SIGTERM};
	/* A second one ends us at once. */
	struct sigaction act = {.sa_handler = stop, .sa_flags = SA_RESETHAND};
	struct sigaction old;

	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (!sigaction(numbers[i], NULL, &old) &&
			old.sa_handler == SIG_DFL)
			sigaction(numbers[i], &act, NULL);
}

static void could_not_read(struct intake *in, const struct source *s)
{
	say("%s", source_error(s));
	in->tally.messages++;
	in->tally.failed++;
	in->status = EX_NOINPUT;
}

/*
 * Where all paths are files there is one bar for their bytes, for ten thousand
 * small files are a long work, too; else each source has a bar of its own.
 */
static struct {
	bool whole;
	uint64_t before; /* bytes of the files that are done */
} bar;

static void bar_open(int argc, char **argv)
{
	uint64_t total = 0;
	struct stat st;

	bar.whole = progress_is_on();
	for (int i = 0; i < argc && bar.whole; i++) {
		bar.whole = !stat(argv[i], &st) && S_ISREG(st.st_mode);
		total += bar.whole ? (uint64_t)st.st_size : 0;
	}
	if (bar.whole)
		progress_start("bytes", total);
}

static void bar_begin(const struct source *s)
{
	uint64_t done, total;

	source_progress(s, &done, &total);
	if (!bar.whole)
		progress_start(source_unit(s), total);
}

static void bar_move(const struct source *s)
{
	uint64_t done, total;

	source_progress(s, &done, &total);
	progress_at(bar.before + done);
}

static void bar_end(const struct source *s)
{
	uint64_t done, total;

	source_progress(s, &done, &total);
	if (bar.whole)
		bar.before += total;
	else
		progress_end();
}

/* All mails of one source. */
static int take_source(struct intake *in, struct source *s, int64_t now)
{
	enum source_result got;
	struct source_mail mail = {0}; /* not set where none could be read */
	int status = 0;

	bar_begin(s);
	while (!status && !stopped &&
		(got = source_next(s, &mail)) != SOURCE_END) {
		const struct ingest_mail m = {.bytes = mail.bytes,
			.received_at =
				mail.received_at ? mail.received_at : now,
			.account = "",
			.source = mail.name,
			.truncated = mail.truncated};

		if (got == SOURCE_MAIL)
			status = intake_take(in, &m);
		else
			could_not_read(in, s);
		bar_move(s);
	}
	bar_end(s);
	if (!status && source_remark(s))
		say("%s", source_remark(s));
	return status;
}

static int take_path(struct intake *in, const char *path)
{
	bool stream = !strcmp(path, "-");
	struct source *s;
	int status = 0;

	if (stream ? source_open_stream(STDIN_FILENO, "standard input", &s)
		   : source_open(path, &s)) {
		say("%s", source_error(s));
		in->status = EX_NOINPUT;
	} else {
		status = take_source(in, s, stream ? in->env->now : 0);
	}
	source_close(s);
	return status;
}

/* As the signal would have ended us, so that a shell's loop ends, too. */
static void end_by_signal(struct env *e)
{
	say("stopped by a signal: what is accounted for is recorded; run it "
	    "again, nothing counts twice");
	env_release(e);
	signal(stopped, SIG_DFL);
	raise(stopped);
}

/* What the daemon does all the time, for those who never run it. */
static int keep_house(struct intake *in)
{
	struct ledger_ticked ticked = {.more = true};
	size_t opened = 0;

	while (ticked.more && !stopped) {
		if (ledger_tick(in->ledger, in->env->now, &ticked))
			return env_db_failed(in->env->db);
		opened += ticked.opened;
	}
	if (opened)
		say("%zu incident%s opened: what bounced there is held, see "
		    "'bouncewatch incident list'",
			opened, opened == 1 ? "" : "s");
	return 0;
}

/* The same, every hour. */
static int drop_old_evidence(struct intake *in)
{
	int64_t before = in->env->now - in->env->conf.retain;
	size_t dropped = 1;

	while (dropped && !stopped)
		if (ledger_retain(in->ledger, before, &dropped) < 0)
			return env_db_failed(in->env->db);
	return 0;
}

static void tell_all(const struct env *e, const struct tally *t)
{
	tally_write(t, stderr);
	if (!e->configured)
		fputs("without a configuration nothing is asked of a bounce's "
		      "origin: forged ones count, too\n",
			stderr);
}

static int from_paths(struct env *e, int argc, char **argv)
{
	struct intake in = {.env = NULL};
	int status = intake_open(&in, e);

	stop_on_signals();
	bar_open(argc, argv);
	for (int i = 0; !status && !stopped && i < argc; i++)
		status = take_path(&in, argv[i]);
	progress_end();
	if (!status)
		status = intake_commit(&in);
	/* A message on standard input is safe by now, whatever this says. */
	if (!status && !in.status && !stopped)
		in.status = keep_house(&in);
	if (!status && !in.status && !stopped)
		in.status = drop_old_evidence(&in);
	if (in.opened && !opt.quiet)
		tell_all(e, &in.tally);
	if (!status && !in.status && !stopped)
		in.status = intake_finish(&in, opt.quiet);
	intake_close(&in);
	if (stopped)
		end_by_signal(e);
	return status ? status : in.status;
}

static int unknown_account(const struct conf *conf)
{
	say("there is no account '%s' in %s; it has:", say_z(opt.account),
		say_z(conf->path));
	for (size_t i = 0; i < conf->accounts_n; i++)
		say_hint("%s", say_z(conf->accounts[i].name));
	return EX_USAGE;
}

static int from_mailboxes(struct env *e)
{
	struct tally tally = {0};
	int status = env_open_conf(e, ENV_CONF);
	bool found = !opt.account;

	for (size_t i = 0; !status && i < e->conf.accounts_n; i++)
		found = found || !strcmp(e->conf.accounts[i].name, opt.account);
	if (status)
		return status;
	if (!e->conf.accounts_n) {
		say("%s names no mailbox: add 'accounts:'",
			say_z(e->conf.path));
		return EX_CONFIG;
	}
	if (!found)
		return unknown_account(&e->conf);
	status = watch_once(&e->conf, opt.account, &tally);
	if (!opt.quiet)
		tally_write(&tally, stderr);
	return status;
}

static int run(struct env *e, int argc, char **argv)
{
	static char standard_input[] = "-";
	char *only[] = {standard_input, NULL};

	if (opt.once && argc)
		return cmd_usage(&cmd_ingest,
			"--once reads mailboxes, so '%s' has no place here",
			say_z(argv[0]));
	if (opt.account && !opt.once)
		return cmd_usage(&cmd_ingest, "--account goes with --once");
	if (opt.once)
		return from_mailboxes(e);
	if (argc)
		return from_paths(e, argc, argv);
	if (isatty(STDIN_FILENO))
		return cmd_usage(&cmd_ingest,
			"name an mbox, a Maildir, a mail, or --once; without "
			"a name a message is expected on standard input");
	return from_paths(e, 1, only);
}

/*
 * Read leniently, for what is wrong with the arguments must not cost a
 * message: only a clear case of other work is none.
 */
static bool takes_message(int argc, char **argv)
{
	const struct option_table tables[2] = {
		cmd_ingest.options, cmd_global_options};
	bool other = false;

	for (int i = 0; i < argc; i++) {
		const struct option_row *row = options_find(tables, argv[i]);

		if (row && !strcmp(row->name, "once"))
			return false;
		if (!strcmp(argv[i], "-") || !strcmp(argv[i], "/dev/stdin"))
			return true;
		if (row && row->kind != OPTION_FLAG && !strchr(argv[i], '='))
			i++;
		else if (argv[i][0] == '-' && argv[i][1] && !row)
			return !isatty(STDIN_FILENO);
		else if (!row)
			other = true;
	}
	return !other && !isatty(STDIN_FILENO);
}

const struct cmd cmd_ingest = {
	.name = "ingest",
	.help = "record bounces once: mailboxes, files, or one from a pipe",
	.synopsis = "[-q] [PATH ...]\n"
		    "--once [--account=NAME] [-q]",
	.needs = ENV_NOTHING,
	.options = CMD_OPTIONS(rows),
	.files = true,
	.run = run,
	.takes_message = takes_message,
};
