/* The daemon, in the foreground; all of it is behind watch.h. */
#include "watch.h"

#include <sysexits.h>

#include "cmd.h"
#include "log.h"
#include "say.h"

static int run(struct env *e, int argc, char **argv)
{
	if (argc)
		return cmd_usage(&cmd_watch,
			"it takes no '%s': the mailboxes are those of %s",
			say_z(argv[0]), say_z(e->config));
	if (!e->conf.accounts_n) {
		say("%s names no mailbox: add 'accounts:'", say_z(e->config));
		return EX_CONFIG;
	}
	log_set_level((enum log_level)e->conf.log_level);
	return watch_run(e->config, &e->conf);
}

const struct cmd cmd_watch = {
	.name = "watch",
	.help = "the daemon: watch the mailboxes and record what comes",
	.synopsis = "",
	.needs = ENV_CONF,
	.run = run,
};
