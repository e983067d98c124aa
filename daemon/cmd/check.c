/*
 * May this address be mailed? The answer is the exit status (1: at least one
 * may not), so that a shell script can ask before it sends.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd.h"
#include "json.h"
#include "print.h"
#include "progress.h"
#include "query.h"
#include "quote.h"
#include "say.h"
#include "when.h"

#define NO_BREAK_SPACE 0xa0u

static const char *const formats[] = {"text", "jsonl", "csv", NULL};

static struct {
	int format;
	const char *scope;
} opt;

static const struct option_row rows[] = {
	OPT_WORD("format", 0, "FORMAT", &opt.format, formats,
		"text, jsonl or csv (text)"),
	OPT_TEXT("scope", 0, "SCOPE", &opt.scope,
		"only what holds for this account or stream: its own and *"),
};

struct check {
	struct env *env;
	struct str given; /* the address as it was asked */
	bool known;       /* a row was written for it */
	bool any;         /* of all: one may not be mailed */
	int status;       /* of addresses that are none */
	uint64_t done;
	uint64_t line; /* of standard input; 0: an argument */
};

/* An answer: an address and what holds for it in one scope (NULL: nothing). */
struct answer {
	struct str given;
	const struct query_suppression *s;
};

static bool is_barred(const struct query_suppression *s)
{
	return s && (s->state == STATE_SUPPRESSED || s->state == STATE_HELD);
}

static void write_text(struct out *o, const struct answer *a)
{
	const struct query_suppression *s = a->s;
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
	const struct query_suppression *s = a->s;
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
	const struct query_suppression *s = a->s;
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

static int one_scope(void *arg, const struct query_suppression *s)
{
	struct check *c = arg;
	const struct answer a = {c->given, s};

	if (opt.scope && !str_eq(s->scope, (struct str)STR("*")) &&
		!str_eq(s->scope, str_from(opt.scope)))
		return 0;
	c->known = true;
	c->any = c->any || is_barred(s);
	writers[opt.format](c->env->out, &a);
	return 0;
}

/*
 * A character that nobody sees makes another address of one that is on the
 * list, and the answer would be that it may be mailed.
 */
static bool hides_something(struct str given)
{
	struct print_char c;

	while (print_next(&given, &c))
		if (c.code == PRINT_BAD || quote_is_unsafe(c.code) ||
			c.code == NO_BREAK_SPACE) {
			return true;
		}
	return false;
}

static int suspicious(struct check *c, struct str given)
{
	if (c->line)
		say("standard input, line %" PRIu64
		    ": '%s' has an invisible character: not checked",
			c->line, say_str(given));
	else
		say("'%s' has an invisible character: not checked",
			say_str(given));
	return EX_DATAERR;
}

/* 0, or the exit status of what ends the work. */
static int check_one(struct check *c, struct str given)
{
	const struct answer nothing = {given, NULL};
	struct env *e = c->env;
	struct address a;
	int status = hides_something(given) ? suspicious(c, given)
					    : env_address(e, given, &a);

	progress_at(++c->done);
	if (status) {
		c->status = status;
		return status == EX_DATAERR ? 0 : status;
	}
	c->given = given;
	c->known = false;
	if (query_check(e->db, a.key, e->now, one_scope, c) < 0)
		return env_db_failed(e->db);
	if (!c->known)
		writers[opt.format](e->out, &nothing);
	env_forget(e);
	return 0;
}

static int check_stdin(struct check *c)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int status = 0;

	while (!status && (errno = 0, n = getline(&line, &size, stdin)) >= 0) {
		struct str s = str_of(line, (size_t)n);

		/* A byte order mark, as editors of Windows write it. */
		if (!c->line++ &&
			str_starts(s, (struct str)STR("\xef\xbb\xbf")))
			s = str_sub(s, 3, s.n);
		s = str_trim(s);
		if (s.n)
			status = check_one(c, s);
	}
	if (!status && ferror(stdin)) {
		say("unable to read standard input: %s", strerror(errno));
		status = EX_NOINPUT;
	}
	free(line);
	return status;
}

static int run(struct env *e, int argc, char **argv)
{
	struct check c = {.env = e};
	int status = 0;

	if (!argc && isatty(STDIN_FILENO))
		return cmd_usage(&cmd_check,
			"name an address, or give a list on standard input");
	if (opt.format == 2)
		out_z(e->out, "address,suppressed,state,scope,reason,cause,"
			      "since,expires\r\n");
	progress_start("addresses", (uint64_t)argc);
	for (int i = 0; !status && i < argc; i++)
		status = check_one(&c, str_from(argv[i]));
	if (!argc)
		status = check_stdin(&c);
	if (status || c.status)
		return status ? status : c.status;
	return c.any ? 1 : 0;
}

const struct cmd cmd_check = {
	.name = "check",
	.help = "say whether addresses are suppressed (exit status 1: one is)",
	.synopsis = "[--scope=SCOPE] [--format=FORMAT] [ADDRESS ...]",
	.needs = ENV_DATABASE,
	.database = DB_READ,
	.options = CMD_OPTIONS(rows),
	.run = run,
};
