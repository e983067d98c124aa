/*
 * May this address be mailed? The answer is the exit status (1: at least one
 * may not), so that a shell script can ask before it sends.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "check_csv.h"
#include "cmd.h"
#include "json.h"
#include "lines.h"
#include "print.h"
#include "progress.h"
#include "query.h"
#include "say.h"
#include "screen.h"
#include "when.h"

#define BATCH       200000u     /* addresses looked up at once */
#define BATCH_BYTES (16u << 20) /* of them */

static const char *const formats[] = {"text", "jsonl", "csv", NULL};

static struct {
	int format;
	const char *scope, *csv, *rejected;
} opt;

static const struct option_row rows[] = {
	OPT_TEXT("csv", 0, "COLUMN", &opt.csv,
		"pass the rows of a CSV file that may be mailed"),
	OPT_TEXT("rejected", 0, "FILE", &opt.rejected,
		"with --csv: where the other rows go, and why"),
	OPT_WORD("format", 0, "FORMAT", &opt.format, formats,
		"text, jsonl or csv (text)"),
	OPT_TEXT("scope", 0, "SCOPE", &opt.scope,
		"only what holds for this account or stream: its own and *"),
};

struct item {
	struct str given;
	uint64_t line; /* of standard input; 0: an argument */
};

struct check {
	struct env *env;
	struct screen *screen;
	struct arena arena; /* of the items */
	struct item *item;
	size_t n;
	bool any;   /* of all: one may not be mailed */
	int status; /* of addresses that are none */
	uint64_t done;
	bool is_file; /* standard input: the bar goes by its bytes */
};

/* An answer: an address and what holds for it in one scope (NULL: nothing). */
struct answer {
	struct str given;
	const struct query_answer *s;
};

static bool is_barred(const struct query_answer *s)
{
	return s && (s->state == STATE_SUPPRESSED || s->state == STATE_HELD);
}

static void write_text(struct out *o, const struct answer *a)
{
	const struct query_answer *s = a->s;
	char at[WHEN_SIZE];

	print_visible(o, a->given);
	if (!s) {
		out_z(o, ": not suppressed\n");
		return;
	}
	out_printf(o, ": %s since %s", state_word(s->state),
		when_day(s->since, at));
	if (s->expires_at)
		out_printf(o, " until %s", when_day(s->expires_at, at));
	if (str_eq(s->scope, (struct str)STR("*"))) {
		out_z(o, " everywhere");
	} else {
		out_z(o, " in ");
		print_visible(o, s->scope);
	}
	out_printf(o, ": %s (by %s)\n", reason_word(s->reason),
		cause_word(s->cause));
}

static void write_jsonl(struct out *o, const struct answer *a)
{
	const struct query_answer *s = a->s;
	struct json j;

	json_open(&j, o);
	json_str(&j, "address", a->given);
	json_bool(&j, "suppressed", is_barred(s));
	json_z(&j, "state", s ? state_word(s->state) : NULL);
	json_str(&j, "scope", s ? s->scope : STR_NULL);
	json_z(&j, "reason", s ? reason_word(s->reason) : NULL);
	json_z(&j, "cause", s ? cause_word(s->cause) : NULL);
	json_time(&j, "since", s ? s->since : 0);
	json_time(&j, "expires", s ? s->expires_at : 0);
	json_close(&j);
}

static void write_csv(struct out *o, const struct answer *a)
{
	const struct query_answer *s = a->s;
	char at[WHEN_SIZE];

	print_csv(o, a->given);
	out_printf(o, ",%s,", is_barred(s) ? "true" : "false");
	if (s) {
		out_printf(o, "%s,", state_word(s->state));
		print_csv(o, s->scope);
		out_printf(o, ",%s,%s,%s,", reason_word(s->reason),
			cause_word(s->cause), when_format(s->since, at));
		if (s->expires_at)
			out_z(o, when_format(s->expires_at, at));
		out_z(o, "\r\n");
	} else {
		out_z(o, ",,,,,\r\n");
	}
}

static void (*const writers[])(struct out *, const struct answer *) = {
	write_text, write_jsonl, write_csv};

/* What is wrong with it, or why it is in doubt. */
static void tell_wrong(const struct item *i, struct screen_item wrong)
{
	char where[64] = "";

	progress_hide();
	if (i->line)
		snprintf(where, sizeof(where),
			"standard input, line %" PRIu64 ": ", i->line);
	if (!wrong.wrong) {
		env_tell_doubt(where, i->given, (enum address_doubt)wrong.doubt,
			"looked up");
		return;
	}
	if (wrong.wrong == SCREEN_HIDDEN)
		say("%s'%s' has an invisible character: not checked", where,
			say_str(i->given));
	else
		say("%s'%s' is no address: it %s", where, say_str(i->given),
			address_error_text(wrong.wrong == SCREEN_EMPTY
						   ? ADDRESS_EMPTY
						   : wrong.error));
}

/* 0, or the exit status of what ends the work. */
static int write_item(struct check *c, size_t i)
{
	const struct query_asked *asked = screen_answer(c->screen, i);
	struct screen_item wrong = screen_at(c->screen, i);
	struct answer a = {c->item[i].given, asked->answers};
	struct env *e = c->env;

	if (wrong.wrong) {
		tell_wrong(&c->item[i], wrong);
		c->status = EX_DATAERR;
		return 0;
	}
	if (wrong.doubt)
		tell_wrong(&c->item[i], wrong);
	do {
		writers[opt.format](e->out, &a);
		c->any = c->any || is_barred(a.s);
		a.s = a.s ? a.s->next : NULL;
	} while (a.s);
	return out_failed(e->out) ? EX_IOERR : 0;
}

/* The signature is not ours. */
static struct str given(void *arg, size_t i, struct arena *a)
{
	const struct check *c = arg;

	(void)a;
	return c->item[i].given;
}

/* What was collected, in its order. */
static int do_batch(struct check *c)
{
	int status = screen_run(c->screen, c->n, given, c);

	for (size_t i = 0; !status && i < c->n; i++) {
		status = write_item(c, i);
		c->done++;
		if (!c->is_file)
			progress_at(c->done);
	}
	c->n = 0;
	arena_reset(&c->arena, BATCH_BYTES);
	return status;
}

static int too_long(struct check *c, uint64_t line)
{
	progress_hide();
	say("standard input, line %" PRIu64 ": too long for an address", line);
	c->status = EX_DATAERR;
	return 0;
}

static int add_line(struct check *c, const struct lines *l)
{
	struct str given = arena_dup(&c->arena, l->text);

	if (!given.p) {
		say("out of memory");
		return EX_OSERR;
	}
	c->item[c->n++] = (struct item){given, l->line};
	if (c->n < BATCH && c->arena.taken < BATCH_BYTES)
		return 0;
	return do_batch(c);
}

static int check_lines(struct check *c, struct lines *l)
{
	enum lines_result got;
	int status = 0;

	lines_init(l, stdin);
	while (!status && (got = lines_next(l)) != LINES_END) {
		if (c->is_file)
			progress_at_file(stdin);
		if (got == LINES_ERROR) {
			say("unable to read standard input: %s",
				strerror(errno));
			status = EX_NOINPUT;
		} else if (got == LINES_NO_TEXT) {
			say("standard input is no list: %s", say_str(l->text));
			status = EX_DATAERR;
		} else if (got == LINES_LONG) {
			status = too_long(c, l->line);
		} else {
			status = add_line(c, l);
		}
	}
	return status ? status : do_batch(c);
}

static int check_all(struct check *c, int argc, char **argv)
{
	struct lines *l;
	int status;

	if (argc) {
		for (int i = 0; i < argc; i++)
			c->item[c->n++] = (struct item){str_from(argv[i]), 0};
		return do_batch(c);
	}
	l = malloc(sizeof(*l));
	if (!l) {
		say("out of memory");
		return EX_OSERR;
	}
	status = check_lines(c, l);
	free(l);
	return status;
}

static int run_list(struct env *e, int argc, char **argv)
{
	const struct screen_how how = {.tell = QUERY_CHECK_EACH};
	struct check c = {.env = e};
	int status = EX_OSERR;
	struct stat st;

	if (opt.format == 2)
		out_z(e->out, "address,suppressed,state,scope,reason,cause,"
			      "since,expires\r\n");
	arena_init(&c.arena, 2 * (size_t)BATCH_BYTES);
	c.item = malloc((argc ? (size_t)argc : BATCH) * sizeof(*c.item));
	c.screen = screen_new(e, str_from(opt.scope), &how);
	c.is_file = !argc && !fstat(STDIN_FILENO, &st) && S_ISREG(st.st_mode);
	if (c.is_file)
		progress_start_file(stdin);
	else
		progress_start("addresses", (uint64_t)argc);
	if (c.item && c.screen)
		status = check_all(&c, argc, argv);
	else
		say("out of memory");
	screen_free(c.screen);
	free(c.item);
	arena_release(&c.arena);
	if (status || c.status)
		return status ? status : c.status;
	return c.any ? 1 : 0;
}

static int run(struct env *e, int argc, char **argv)
{
	const struct check_csv csv = {
		opt.csv, argc ? argv[0] : NULL, opt.rejected, opt.scope};
	int status;

	if (opt.rejected && !strcmp(opt.rejected, "-"))
		return cmd_usage(&cmd_check,
			"--rejected goes to a file: standard output has the "
			"rows that may be mailed");
	if (opt.rejected && !opt.csv)
		return cmd_usage(&cmd_check, "--rejected goes with --csv");
	if (opt.csv && opt.format)
		return cmd_usage(&cmd_check,
			"--csv passes rows as they are: --format has no say");
	if (opt.csv && argc > 1)
		return cmd_usage(&cmd_check, "--csv takes one file");
	if (!argc && isatty(STDIN_FILENO))
		return cmd_usage(&cmd_check,
			opt.csv ? "name a file, or give it on standard input"
				: "name an address, or give a list on "
				  "standard input");
	status = env_tell_scope(e, opt.scope);
	if (status)
		return status;
	return opt.csv ? check_csv_run(&csv, e) : run_list(e, argc, argv);
}

const struct cmd cmd_check = {
	.name = "check",
	.help = "say whether addresses are suppressed (exit status 1: one is)",
	.synopsis = "[--scope=SCOPE] [--format=FORMAT] [ADDRESS ...]\n"
		    "--csv=COLUMN [--rejected=FILE] [--scope=SCOPE] [FILE]",
	.needs = ENV_DATABASE,
	.database = DB_READ,
	.options = CMD_OPTIONS(rows),
	.run = run,
};
