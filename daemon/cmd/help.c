/* The same as --help, for those who ask the other way round. */
#include "cmd.h"

#include <sysexits.h>

static int run(struct env *e, int argc, char **argv)
{
	const struct cmd *c = argc ? cmd_find(argv[0]) : NULL;

	if (argc > 1)
		return cmd_usage(&cmd_help, "one command at a time");
	if (argc && !c)
		return cmd_unknown(argv[0]);
	cmd_show_help(c, e->out);
	return 0;
}

static bool word(size_t i, struct cmd_word *w)
{
	const struct cmd *c = cmd_at(i);

	if (c)
		*w = (struct cmd_word){c->name, c->help};
	return c != NULL;
}

const struct cmd cmd_help = {
	.name = "help",
	.help = "list the commands, or explain one",
	.synopsis = "[COMMAND]",
	.needs = ENV_NOTHING,
	.what_word = "command",
	.word = word,
	.run = run,
};
