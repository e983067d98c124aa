/*
 * What others know and a mailbox does not: bounces that an MTA only logged,
 * how much was sent, who opened; and what a platform has on its suppression
 * list. A dry run tells first what it would come to, and of a list nothing else
 * is done without --yes; to import the same file twice changes nothing.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd.h"
#include "import.h"
#include "import/list.h"
#include "print.h"
#include "progress.h"
#include "say.h"

static const char *const formats[] = {"text", "jsonl", "csv", NULL};

static struct {
	bool dry_run, yes, all;
	int format;
	const char *stream;
} opt;

static const struct option_row rows[] = {
	OPT_FLAG("all", 0, &opt.all,
		"of a list, also soft bounces, blocks and what does not tell"),
	OPT_FLAG("dry-run", 'n', &opt.dry_run,
		"tell what it would come to, and change nothing"),
	OPT_WORD("format", 0, "WORD", &opt.format, formats,
		"how conflicts of a list are printed: text, jsonl, csv (text)"),
	OPT_TEXT("stream", 0, "NAME", &opt.stream,
		"the stream of what does not name one itself"),
	OPT_FLAG("yes", 0, &opt.yes,
		"suppress what a list names: without it, it is a dry run"),
};

/* A pipe cannot be looked at twice: it is kept in a temporary file. */
static FILE *rewindable(FILE *f)
{
	char buf[65536];
	uint64_t all = 0;
	FILE *copy;
	size_t n;

	if (!f || fseek(f, 0, SEEK_SET) == 0)
		return f;
	copy = tmpfile();
	progress_start("bytes", 0);
	while (copy && (n = fread(buf, 1, sizeof(buf), f)) > 0) {
		progress_at(all += n);
		if (fwrite(buf, 1, n, copy) != n) {
			fclose(copy);
			copy = NULL;
		}
	}
	progress_end();
	if (f != stdin)
		fclose(f);
	if (copy)
		rewind(copy);
	return copy;
}

static int import_path(
	struct import *i, const struct import_format *f, const char *path)
{
	bool is_stdin = !strcmp(path, "-");
	int status;

	i->name = is_stdin ? "standard input" : path;
	i->told = 0;
	i->file = rewindable(is_stdin ? stdin : fopen(path, "re"));
	if (!i->file) {
		say("unable to open '%s': %s", say_z(i->name), strerror(errno));
		return EX_NOINPUT;
	}
	progress_start_file(i->file);
	status = f->run(i);
	progress_end();
	if (i->file != stdin)
		fclose(i->file);
	return status;
}

/* status: how it ended. */
static void summary(
	const struct import *i, const struct import_format *f, int status)
{
	if (status) {
		if (!i->rows)
			return;
		say("broken off after %" PRIu64 " lines; to import the same "
		    "again counts nothing twice",
			i->rows);
		return;
	}
	if (f->is_list) {
		list_summary(i);
		return;
	}
	say("%s %" PRIu64 " %s from %" PRIu64 " lines; %" PRIu64
	    " of no use here, %" PRIu64 " not understood",
		opt.dry_run ? "would take" : "took", i->taken, f->what, i->rows,
		i->passed, i->bad);
	if (i->known)
		say_hint("%" PRIu64 " of them were known already", i->known);
	if (i->in.tally.messages)
		tally_write(&i->in.tally, stderr);
	if (opt.dry_run)
		say_hint("nothing was changed: leave --dry-run out to do it");
}

static bool word(size_t i, struct cmd_word *w)
{
	const struct import_format *f = import_at(i);

	if (f)
		*w = (struct cmd_word){f->name, f->help};
	return f != NULL;
}

static int import_paths(
	struct import *i, const struct import_format *f, int n, char **paths)
{
	int status = 0, missing = 0;

	if (f->is_list)
		list_begin(i);
	for (int k = 0; !status && k < n; k++) {
		status = import_path(i, f, paths[k]);
		if (status == EX_NOINPUT) {
			missing = status;
			status = 0;
		}
	}
	if (f->finish)
		status = f->finish(i, status);
	if (!status)
		status = intake_commit(&i->in);
	summary(i, f, status);
	if (!status)
		status = intake_finish(&i->in, false);
	return status ? status : missing ? missing : i->bad ? EX_DATAERR : 0;
}

/* No format has a dot or a slash: a file, though it may not be there. */
static bool is_file(const char *word)
{
	return !strcmp(word, "-") || strpbrk(word, "./") || !access(word, F_OK);
}

/* The first operand, or, where that is a file, what the file is. */
static const struct import_format *find_format(int *argc, char ***argv)
{
	const struct import_format *f = *argc ? import_find(**argv) : NULL;

	if (!*argc || (!f && !is_file(**argv)))
		return NULL;
	if (!f)
		return import_find("auto");
	++*argv;
	--*argc;
	return f;
}

static int run(struct env *e, int argc, char **argv)
{
	static char standard_input[] = "-";
	const char *given = argc ? argv[0] : NULL;
	const struct import_format *f = find_format(&argc, &argv);
	struct import i = {.stream = opt.stream, .all = opt.all};
	char *only[] = {standard_input};
	int status;

	if (opt.stream && !*opt.stream)
		return cmd_usage(&cmd_import,
			"--stream is empty: name one, or leave it out");
	if (opt.stream && print_hides(str_from(opt.stream)))
		return cmd_usage(
			&cmd_import, "--stream has an invisible character");
	if (!f)
		return cmd_wrong_word(&cmd_import, given);
	if (!argc && isatty(STDIN_FILENO))
		return cmd_usage(&cmd_import, "name a file, or '-'");
	if (opt.yes && opt.dry_run)
		return cmd_usage(
			&cmd_import, "it is either --dry-run or --yes");
	if (opt.all && !f->is_list)
		return cmd_usage(
			&cmd_import, "--all goes with suppression lists");
	i.dry_run = i.in.rehearsal = opt.dry_run || (f->is_list && !opt.yes);
	i.platform = f->platform;
	i.format = opt.format;
	status = intake_open(&i.in, e);
	if (!status)
		status = import_paths(
			&i, f, argc ? argc : 1, argc ? argv : only);
	intake_close(&i.in);
	return status;
}

const struct cmd cmd_import = {
	.name = "import",
	.help = "take in what others know: suppression lists, events, counts",
	.synopsis = "[-n] [--stream=NAME] FORMAT [FILE ...]\n"
		    "[--yes] [--all] [--format=WORD] [--stream=NAME] "
		    "[FORMAT] [FILE ...]",
	.needs = ENV_NOTHING,
	.options = CMD_OPTIONS(rows),
	.what_word = "format",
	.word = word,
	.files = true,
	.run = run,
};
