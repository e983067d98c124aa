/* By hand: an address that must not be mailed, whatever policy thinks. */
#include "hand.h"

static struct hand hand = {.cmd = &cmd_suppress, .state = STATE_SUPPRESSED};

static const struct option_row rows[] = {
	HAND_OPTION_CSV(hand),
	HAND_OPTION_FILE(hand),
	OPT_TEXT("reason", 0, "TEXT", &hand.reason,
		"why, for the change log; must be given"),
	OPT_TEXT("scope", 0, "SCOPE", &hand.scope,
		"only in this account or stream (*)"),
};

static int run(struct env *e, int argc, char **argv)
{
	return hand_run(&hand, e, argc, argv);
}

const struct cmd cmd_suppress = {
	.name = "suppress",
	.help = "put addresses on the suppression list by hand",
	.synopsis = "--reason=TEXT [--scope=SCOPE] ADDRESS ...\n"
		    "--reason=TEXT [--scope=SCOPE] [--csv=COLUMN] --file=FILE",
	.needs = ENV_DATABASE,
	.database = DB_CREATE,
	.options = CMD_OPTIONS(rows),
	.run = run,
};
