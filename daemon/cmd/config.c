/* What is wrong with the configuration, all at once, and what it comes to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cmd.h"
#include "ingest.h"
#include "policy_text.h"
#include "say.h"

static int check(struct env *e)
{
	int status = env_open_conf(e, ENV_CONF);
	struct house *house;

	if (status)
		return status;
	house = house_new(&e->conf); /* reads the files of rules: */
	if (!house)
		return EX_CONFIG;
	house_free(house);
	say_line("%s: no mistakes", say_z(e->config));
	policy_text_write(e->out, &e->conf);
	return 0;
}

static int dump(struct env *e)
{
	int status = env_open_conf(e, ENV_CONF);
	char *text = NULL;
	size_t n = 0;
	FILE *f;

	if (status)
		return status;
	f = open_memstream(&text, &n);
	if (f)
		conf_write(&e->conf, f);
	if (!f || fclose(f)) {
		free(text);
		say("out of memory");
		return EX_OSERR;
	}
	out_bytes(e->out, text, n);
	free(text);
	return 0;
}

static const struct verb {
	struct cmd_word word;
	int (*run)(struct env *e);
} verbs[] = {
	{{"check", "every mistake at once, and what policy and guard do"},
         check								 },
	{{"dump", "every key with its value in force"},                    dump},
};

#define VERBS_N (sizeof(verbs) / sizeof(verbs[0]))

static bool word(size_t i, struct cmd_word *w)
{
	if (i < VERBS_N)
		*w = verbs[i].word;
	return i < VERBS_N;
}

static int run(struct env *e, int argc, char **argv)
{
	if (argc > 1)
		return cmd_usage(
			&cmd_config, "'%s' has no place here", say_z(argv[1]));
	for (size_t i = 0; argc && i < VERBS_N; i++)
		if (!strcmp(verbs[i].word.name, argv[0]))
			return verbs[i].run(e);
	return cmd_wrong_word(&cmd_config, argc ? argv[0] : NULL);
}

const struct cmd cmd_config = {
	.name = "config",
	.help = "check the configuration, or print what is in force",
	.synopsis = "check\ndump",
	.needs = ENV_NOTHING,
	.what_word = "command",
	.word = word,
	.run = run,
};
