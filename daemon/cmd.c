/*
 * From argv to an exit status. What differs between commands stands in their
 * rows; the rest happens here, once: options, --help, opening, the check that
 * the data was really written, and the promise to mailers.
 */
#include "cmd.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "progress.h"
#include "say.h"
#include "suggest.h"

static const struct cmd *const commands[] = {
#define CMD(word) &cmd_##word,
#include "cmd/commands.def"
#undef CMD
};

#define COMMANDS_N (sizeof(commands) / sizeof(commands[0]))
#define WORDS_MAX  64u

static struct {
	const char *config, *database;
	bool help, version;
} global;

static const struct option_row global_rows[] = {
	OPT_TEXT("config", 0, "FILE", &global.config,
		"the configuration (" ENV_CONFIG ")"),
	OPT_TEXT("database", 0, "FILE", &global.database,
		"the database, instead of the configured one"),
	OPT_FLAG("help", 'h', &global.help, "show this"),
	OPT_FLAG("version", 0, &global.version, "show the version"),
};

const struct option_table cmd_global_options = CMD_OPTIONS(global_rows);

const struct cmd *cmd_find(const char *name)
{
	for (size_t i = 0; i < COMMANDS_N; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

const struct cmd *cmd_at(size_t i)
{
	return i < COMMANDS_N ? commands[i] : NULL;
}

int cmd_unknown(const char *name)
{
	struct str words[COMMANDS_N];
	int near;

	for (size_t i = 0; i < COMMANDS_N; i++)
		words[i] = str_from(commands[i]->name);
	near = suggest(str_from(name), words, COMMANDS_N);
	if (near < 0)
		say("'%s' is no command; see 'bouncewatch help'", say_z(name));
	else
		say("'%s' is no command; did you mean '%s'?", say_z(name),
			commands[near]->name);
	return EX_USAGE;
}

static void see_help(const struct cmd *c)
{
	say_hint("see 'bouncewatch help %s'", c->name);
}

int cmd_usage(const struct cmd *c, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say("%s: %s", c->name, text);
	see_help(c);
	return EX_USAGE;
}

static int word_width(const struct cmd *c)
{
	struct cmd_word w;
	size_t width = 8;

	for (size_t i = 0; c->word(i, &w); i++)
		if (strlen(w.name) > width)
			width = strlen(w.name);
	return (int)width;
}

/* The word of c nearest to what was given, or NULL. */
static const char *near_word(const struct cmd *c, const char *given)
{
	struct str words[WORDS_MAX];
	struct cmd_word w;
	size_t n = 0;
	int near;

	while (n < WORDS_MAX && c->word(n, &w))
		words[n++] = str_from(w.name);
	near = suggest(str_from(given), words, n);
	return near < 0 || !c->word((size_t)near, &w) ? NULL : w.name;
}

int cmd_wrong_word(const struct cmd *c, const char *given)
{
	const char *near = given ? near_word(c, given) : NULL;
	struct cmd_word w;

	if (near) {
		say("%s: there is no %s '%s'; did you mean '%s'?", c->name,
			c->what_word, say_z(given), near);
		return EX_USAGE;
	}
	if (given)
		say("%s: there is no %s '%s'; there are:", c->name,
			c->what_word, say_z(given));
	else
		say("%s: a %s is needed:", c->name, c->what_word);
	for (size_t i = 0; c->word(i, &w); i++)
		say_hint("%-*s  %s", word_width(c), w.name, w.help);
	return EX_USAGE;
}

/* One way to call c, broken between its words where 78 columns end. */
static void usage_line(
	const char *lead, const struct cmd *c, struct str rest, struct out *o)
{
	size_t column =
		       strlen(lead) + strlen(" bouncewatch ") + strlen(c->name),
	       indent = column;
	struct str word;

	out_printf(o, "%s bouncewatch %s", lead, c->name);
	while (str_cut(&rest, ' ', &word)) {
		if (column + 1 + word.n > 78) {
			out_printf(o, "\n%*s", (int)indent, "");
			column = indent;
		}
		out_char(o, ' ');
		out_str(o, word);
		column += 1 + word.n;
	}
	out_char(o, '\n');
}

static void usage_lines(const struct cmd *c, struct out *o)
{
	struct str rest = str_from(c->synopsis), line = STR_NULL;
	const char *lead = "usage:";

	do {
		(void)str_line(&rest, &line);
		usage_line(lead, c, line, o);
		lead = "   or:";
	} while (rest.n);
}

static void help_words(const struct cmd *c, struct out *o)
{
	struct cmd_word w;

	out_printf(o, "\n%ss:\n", c->what_word);
	for (size_t i = 0; c->word(i, &w); i++)
		out_printf(o, "  %-*s  %s\n", word_width(c), w.name, w.help);
}

/* What is asked of a value and cannot be guessed from its name. */
static void help_values(const struct cmd *c, struct out *o)
{
	for (size_t i = 0; i < c->options.n; i++) {
		const struct option_row *row = &c->options.rows[i];

		if (row->kind != OPTION_TIME)
			continue;
		out_printf(o, "\n%s is a day%s, UTC: 2026-01-31%s\n", row->arg,
			strcmp(row->arg, "DAY") ? " or a time" : "",
			strcmp(row->arg, "DAY") ? ", 2026-01-31T12:00:00Z"
						: "");
		return;
	}
}

void cmd_show_help(const struct cmd *c, struct out *o)
{
	if (c) {
		usage_lines(c, o);
		out_printf(o, "\n%s\n", c->help);
		if (c->word)
			help_words(c, o);
		if (c->options.n) {
			out_z(o, "\noptions:\n");
			options_help(&c->options, o);
			help_values(c, o);
		}
		if (c->more)
			c->more(o);
		out_z(o, "\noptions of every command:\n");
		options_help(&cmd_global_options, o);
		out_printf(o, "\nMore: man bouncewatch-%s\n", c->name);
		return;
	}
	out_z(o, "usage: bouncewatch [--config=FILE] [--database=FILE] "
		 "COMMAND [ARGUMENT ...]\n\n"
		 "Watches bounce mailboxes and keeps the suppression list.\n\n"
		 "commands:\n");
	for (size_t i = 0; i < COMMANDS_N; i++)
		out_printf(o, "  %-10s %s\n", commands[i]->name,
			commands[i]->help);
	out_z(o, "\noptions:\n");
	options_help(&cmd_global_options, o);
	out_z(o, "\nMore: bouncewatch help COMMAND, man bouncewatch\n");
}

/* Whether a mailer waits for us with a message in its hands. */
static bool takes_message(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const struct cmd *c = cmd_find(argv[i]);

		if (c)
			return c->takes_message &&
			       c->takes_message(argc - i - 1, argv + i + 1);
	}
	return false;
}

static void keep_message(int number)
{
	(void)number;
	_exit(EX_TEMPFAIL);
}

/*
 * Killed, too, the answer to a mailer is 75: what was not committed by then is
 * rolled back by whoever opens the database next, and what was counts once.
 */
static void answer_signals(void)
{
	static const int numbers[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGXCPU};
	struct sigaction act = {.sa_handler = keep_message}, old;

	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (!sigaction(numbers[i], NULL, &old) &&
			old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &act, NULL);
}

static int run(const struct cmd *c, struct out *out, int argc, char **argv)
{
	struct env env;
	int status;

	env_init(&env, global.config, global.database, out);
	status = env_open_conf(&env, c->needs);
	if (!status && c->needs == ENV_DATABASE)
		status = env_open_database(&env, c->database);
	if (!status)
		status = c->run(&env, argc, argv);
	progress_end();
	env_release(&env);
	return status;
}

/* The command and its arguments; argv[0] is its name. */
static int dispatch(struct out *out, int argc, char **argv)
{
	struct option_table tables[2] = {
		{NULL, 0},
                cmd_global_options
        };
	const struct cmd *c = cmd_find(argv[0]);
	int operands;

	if (!c)
		return cmd_unknown(argv[0]);
	tables[0] = c->options;
	if (options_parse(
		    tables, c->name, argc - 1, argv + 1, false, &operands)) {
		see_help(c);
		return EX_USAGE;
	}
	if (global.version)
		return run(&cmd_version, out, 0, NULL);
	if (global.help) {
		cmd_show_help(c, out);
		return 0;
	}
	return run(c, out, operands, argv + 1);
}

/* The data has to be on its way, or the command did not do its work. */
static int finish(struct out *out, int status)
{
	if (!out_flush(out))
		return status;
	/* The reader has seen enough (`| head`): nothing to tell. */
	if (out->error != EPIPE)
		say("unable to write to standard output: %s",
			strerror(out->error));
	return EX_IOERR;
}

int cmd_main(int argc, char **argv)
{
	static struct out out;
	const struct option_table tables[2] = {
		{NULL, 0},
                cmd_global_options
        };
	bool message = takes_message(argc, argv);
	int first, status = EX_USAGE;

	if (message)
		answer_signals();
	out_init(&out, 1);
	if (options_parse(
		    tables, "bouncewatch", argc - 1, argv + 1, true, &first)) {
		say_hint("see 'bouncewatch help'");
	} else if (first + 1 < argc) {
		status = dispatch(&out, argc - 1 - first, argv + 1 + first);
	} else if (global.version) {
		status = run(&cmd_version, &out, 0, NULL);
	} else if (global.help) {
		cmd_show_help(NULL, &out);
		status = 0;
	} else {
		say("a command is needed; see 'bouncewatch help'");
	}
	status = finish(&out, status);
	return status && message ? EX_TEMPFAIL : status;
}
