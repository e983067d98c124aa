/*
 * What others know and a mailbox does not: bounces that an MTA only logged,
 * how much was sent, who opened. A dry run tells first what it would come to;
 * to import the same file twice changes nothing.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd.h"
#include "import.h"
#include "progress.h"
#include "say.h"

static struct {
	bool dry_run;
	const char *stream;
} opt;

static const struct option_row rows[] = {
	OPT_FLAG("dry-run", 'n', &opt.dry_run,
		"tell what it would come to, and change nothing"),
	OPT_TEXT("stream", 0, "NAME", &opt.stream,
		"the stream of what does not name one itself"),
};

/* A pipe cannot be looked at twice: it is kept in a temporary file. */
static FILE *rewindable(FILE *f)
{
	char buf[65536];
	FILE *copy;
	size_t n;

	if (!f || fseek(f, 0, SEEK_SET) == 0)
		return f;
	copy = tmpfile();
	while (copy && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		if (fwrite(buf, 1, n, copy) != n) {
			fclose(copy);
			copy = NULL;
		}
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
	status = f->run(i);
	if (i->file != stdin)
		fclose(i->file);
	return status;
}

static void summary(const struct import *i, const struct import_format *f)
{
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

static int run(struct env *e, int argc, char **argv)
{
	static char standard_input[] = "-";
	const struct import_format *f = argc ? import_find(argv[0]) : NULL;
	struct import i = {.in = {.rehearsal = opt.dry_run},
		.stream = opt.stream,
		.dry_run = opt.dry_run};
	char *only[] = {standard_input};
	int status, missing = 0;

	if (!f)
		return cmd_wrong_word(&cmd_import, argc ? argv[0] : NULL);
	if (argc == 1 && isatty(STDIN_FILENO))
		return cmd_usage(&cmd_import, "name a file, or '-'");
	argv = argc > 1 ? argv + 1 : only;
	argc = argc > 1 ? argc - 1 : 1;
	status = intake_open(&i.in, e);
	for (int k = 0; !status && k < argc; k++) {
		status = import_path(&i, f, argv[k]);
		if (status == EX_NOINPUT) {
			missing = status;
			status = 0;
		}
	}
	if (!status)
		status = intake_commit(&i.in);
	if (i.in.batch)
		summary(&i, f);
	if (!status)
		status = intake_finish(&i.in, false);
	intake_close(&i.in);
	return status ? status : missing ? missing : i.bad ? EX_DATAERR : 0;
}

const struct cmd cmd_import = {
	.name = "import",
	.help = "take in what others know: events, counts, engaged addresses",
	.synopsis = "[-n] [--stream=NAME] FORMAT [FILE ...]",
	.needs = ENV_NOTHING,
	.options = CMD_OPTIONS(rows),
	.what_word = "format",
	.word = word,
	.files = true,
	.run = run,
};
