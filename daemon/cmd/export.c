/*
 * The suppression list on its way to whatever sends the mail. A file appears
 * whole or not at all: something may be reading it every minute.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "atomic.h"
#include "cmd.h"
#include "export.h"
#include "progress.h"
#include "say.h"
#include "suggest.h"

#define FILE_MODE 0640u

static struct {
	const char *output, *scope, *domain, *reason;
	int64_t before, after;
} opt;

static const struct option_row rows[] = {
	OPT_TIME("after", 0, "TIME", &opt.after,
		"suppressed at this time or later"),
	OPT_TIME("before", 0, "TIME", &opt.before,
		"suppressed before this time"),
	OPT_TEXT("domain", 0, "DOMAIN", &opt.domain,
		"only addresses of this domain"),
	OPT_TEXT("output", 'o', "FILE", &opt.output,
		"write FILE in one step, not standard output"),
	OPT_TEXT("reason", 0, "REASON", &opt.reason,
		"only this reason (user-unknown, abuse, ...)"),
	OPT_TEXT("scope", 0, "SCOPE", &opt.scope,
		"what holds for this account or stream: its own and *"),
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

/* Without a format, or with one that is none. */
static int which_format(const char *name)
{
	if (name)
		say("export: there is no format '%s'; there are:", say_z(name));
	else
		say("export: a format is needed:");
	for (size_t i = 0; export_at(i); i++)
		say_hint("%-8s %s", export_at(i)->name, export_at(i)->help);
	return EX_USAGE;
}

static void more(struct out *o)
{
	out_z(o, "\nformats:\n");
	for (size_t i = 0; export_at(i); i++)
		out_printf(o, "  %-8s %s\n", export_at(i)->name,
			export_at(i)->help);
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
static int make_filter(struct env *e, struct query_filter *f)
{
	struct address a;
	char buf[512];
	int status, n;

	*f = (struct query_filter){.scope = str_from(opt.scope),
		.reason = -1,
		.before = opt.before,
		.after = opt.after,
		.now = e->now};
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
	int status = make_filter(e, &f);

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

/* Whether a new file at path would take the place of own. */
static bool replaces(const char *path, const char *own)
{
	const char *name = strrchr(path, '/'), *own_name = strrchr(own, '/');
	char *dir, *own_dir;
	struct stat a, b;
	bool same;

	if (!stat(path, &a) && !stat(own, &b) && a.st_dev == b.st_dev &&
		a.st_ino == b.st_ino)
		return true;
	/* What is not there yet (a -wal, say) will be. */
	name = name ? name + 1 : path;
	own_name = own_name ? own_name + 1 : own;
	if (strcmp(name, own_name) != 0)
		return false;
	if (asprintf(&dir, "%.*s.", (int)(name - path), path) < 0)
		return false;
	if (asprintf(&own_dir, "%.*s.", (int)(own_name - own), own) < 0) {
		free(dir);
		return false;
	}
	same = !stat(dir, &a) && !stat(own_dir, &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
	free(dir);
	free(own_dir);
	return same;
}

/* Whether path is the database or one of the files beside it. */
static bool replaces_database(const char *path, const char *database)
{
	static const char *const ends[] = {
		"", "-wal", "-shm", "-journal", ".lock"};
	bool same = false;

	for (size_t i = 0; !same && i < sizeof(ends) / sizeof(*ends); i++) {
		char *own;

		if (asprintf(&own, "%s%s", database, ends[i]) < 0)
			return false;
		same = replaces(path, own);
		free(own);
	}
	return same;
}

/* A mistyped -o must not cost the list itself. 0, or an exit status. */
static int spare_own_files(const struct env *e)
{
	char *real = realpath(e->conf.database, NULL);
	const char *what = NULL;

	if (replaces_database(opt.output, e->conf.database) ||
		(real && replaces_database(opt.output, real)))
		what = "it belongs to the database";
	else if (replaces(opt.output, e->config))
		what = "it is the configuration";
	free(real);
	if (!what)
		return 0;
	say("unable to create '%s': %s", say_z(opt.output), what);
	return EX_CANTCREAT;
}

static int to_file(struct env *e, struct walk *w)
{
	static struct out out;
	struct atomic *file;
	int status = spare_own_files(e);

	if (status)
		return status;
	if (atomic_open(opt.output, FILE_MODE, &file)) {
		say("%s", atomic_error(file));
		atomic_close(file);
		return EX_CANTCREAT;
	}
	out_init(&out, atomic_fd(file));
	w->run.out = &out;
	status = write_rows(e, w);
	if (!status && out_flush(&out)) {
		say("unable to write '%s': %s", say_z(opt.output),
			strerror(out.error));
		status = EX_IOERR;
	}
	if (!status && atomic_commit(file)) {
		say("%s", atomic_error(file));
		status = EX_IOERR;
	}
	atomic_close(file);
	return status;
}

static int run(struct env *e, int argc, char **argv)
{
	struct walk w = {.run = {.out = e->out}};
	int status;

	if (argc > 1)
		return cmd_usage(&cmd_export, "one format at a time");
	w.format = argc ? export_find(argv[0]) : NULL;
	if (!w.format)
		return which_format(argc ? argv[0] : NULL);
	status = opt.output ? to_file(e, &w) : write_rows(e, &w);
	if (!status)
		remark(&w);
	return status;
}

const struct cmd cmd_export = {
	.name = "export",
	.help = "print the suppression list",
	.synopsis = "[-o FILE] [--scope=SCOPE] [--domain=DOMAIN] "
		    "[--reason=REASON] [--after=TIME] [--before=TIME] FORMAT",
	.needs = ENV_DATABASE,
	.database = DB_READ,
	.options = CMD_OPTIONS(rows),
	.more = more,
	.run = run,
};
