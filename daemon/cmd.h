/*
 * The commands as a table. To add one: a file cmd/NAME.c that exports
 * `const struct cmd cmd_NAME`, and a row in cmd/commands.def.
 */
#ifndef CMD_H
#define CMD_H

#include "env.h"
#include "options.h"

/* What the first operand may be: `check` of config, `csv` of export. */
struct cmd_word {
	const char *name;
	const char *help; /* one line */
};

struct cmd {
	const char *name;
	const char *help; /* one line for `bouncewatch help` */
	/*
	 * What follows "bouncewatch NAME", a line for each way to call it;
	 * the same as in the SYNOPSIS of the man page.
	 */
	const char *synopsis;
	enum env_needs needs;  /* opened before run() */
	enum db_mode database; /* for ENV_DATABASE */
	struct option_table options;
	/*
	 * The words that the first operand is one of: the i-th, false behind
	 * the last. --help lists them as "formats:" where what_word is
	 * "format"; completion offers them. NULL: any operand.
	 */
	const char *what_word;
	bool (*word)(size_t i, struct cmd_word *w);
	/* Of the options those that go with word i, by their names with spaces
	 * between them, for completion; NULL: all go with each. */
	const char *(*word_options)(size_t i);
	/* Completion offers files for operands that are no such words. */
	bool files;
	/* What --help says below all that; NULL: nothing. */
	void (*more)(struct out *o);
	/* argv: the operands, without the command's name. An exit status. */
	int (*run)(struct env *env, int argc, char **argv);
	/*
	 * Whether these arguments (all, unread) make it take in a message from
	 * standard input. Then whatever fails is EX_TEMPFAIL: a mailer throws
	 * the message away at any other status. NULL: never.
	 */
	bool (*takes_message)(int argc, char **argv);
};

#define CMD_OPTIONS(array)                                                     \
	{                                                                      \
		array, sizeof(array) / sizeof((array)[0])                      \
	}

#define CMD(word) extern const struct cmd cmd_##word;
#include "cmd/commands.def"
#undef CMD

/* The command of this name, or NULL. */
const struct cmd *cmd_find(const char *name);

/* All of them, in the order of `bouncewatch help`; NULL behind the last. */
const struct cmd *cmd_at(size_t i);

/* Tell a mistake in the arguments with a pointer to the help. EX_USAGE. */
int cmd_usage(const struct cmd *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Say that the first operand of c is none of its words, with the nearest one
 * or all of them; given NULL: that one is needed. EX_USAGE.
 */
int cmd_wrong_word(const struct cmd *c, const char *given);

/* --help of a command; c NULL: the list of commands. */
void cmd_show_help(const struct cmd *c, struct out *o);

/* Say that there is no such command, with the nearest one. EX_USAGE. */
int cmd_unknown(const char *name);

/* The options that every command takes, also before its name. */
extern const struct option_table cmd_global_options;

/* The whole program: find the command, open what it needs, run it. */
int cmd_main(int argc, char **argv);

#endif
