/* The version, on one line, as bug reports want it. */
#include "cmd.h"

static int run(struct env *e, int argc, char **argv)
{
	if (argc)
		return cmd_usage(&cmd_version, "it takes no '%s'", argv[0]);
	out_z(e->out, "bouncewatch " BOUNCEWATCH_VERSION "\n");
	return 0;
}

const struct cmd cmd_version = {
	.name = "version",
	.help = "print the version",
	.synopsis = "",
	.needs = ENV_NOTHING,
	.run = run,
};
