/*
 * Completion for bash and zsh. The logic of each is a script of
 * daemon/completion/, whose lines of the form @WORD@ are filled here from the
 * tables that the commands are parsed by: what is offered is what exists.
 */
#include "cmd.h"

#include "verdict.h"

/* How a script is told of all that a command or an option takes. */
struct value {
	const char *const *words; /* ends with NULL; NULL: no words */
	bool reasons;             /* those of parsers/words.def */
	bool files;
};

static struct value value_of(const struct option_row *row)
{
	return (struct value){
		.words = row->kind == OPTION_WORD ? row->words : NULL,
		.reasons = row->arg && !strcmp(row->arg, "REASON"),
		.files = row->arg && !strcmp(row->arg, "FILE"),
	};
}

static void put_words(struct out *o, const struct value *v)
{
	const char *space = "";

	for (size_t i = 0; v->words && v->words[i]; i++, space = " ")
		out_printf(o, "%s%s", space, v->words[i]);
	for (int r = 1; v->reasons && r < REASON_COUNT; r++) {
		const char *word = reason_word((enum verdict_reason)r);

		if (word[0] == '?')
			continue;
		out_printf(o, "%s%s", space, word);
		space = " ";
	}
}

/* Whether an option goes with a word of its command; names NULL: with each. */
static bool goes_with(const char *names, const struct option_row *row)
{
	struct str rest = str_from(names), name;

	if (!names)
		return true;
	while (str_cut(&rest, ' ', &name))
		if (str_eq(name, str_from(row->name)))
			return true;
	return false;
}

/* --- bash --- */

static void bash_options(
	struct out *o, const struct option_table *t, const char *names)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct option_row *row = &t->rows[i];

		if (!goes_with(names, row))
			continue;
		out_printf(o, " --%s%s", row->name, row->arg ? "=" : "");
		if (row->letter)
			out_printf(o, " -%c", row->letter);
	}
}

static void bash_commands(struct out *o)
{
	const struct cmd *c;
	struct cmd_word w;

	out_z(o, "\t'')\n\t\toptions='");
	bash_options(o, &cmd_global_options, NULL);
	out_z(o, "'\n\t\twords='");
	for (size_t i = 0; (c = cmd_at(i)); i++)
		out_printf(o, " %s", c->name);
	out_z(o, "'\n\t\t;;\n");
	for (size_t i = 0; (c = cmd_at(i)); i++) {
		out_printf(o, "\t%s)\n\t\toptions='", c->name);
		bash_options(o, &c->options, NULL);
		bash_options(o, &cmd_global_options, NULL);
		out_z(o, "'\n\t\twords='");
		for (size_t k = 0; c->word && c->word(k, &w); k++)
			out_printf(o, " %s", w.name);
		out_printf(o, "' files=%s\n\t\t;;\n", c->files ? "yes" : "''");
	}
}

/* Where the options of a command go with some of its words only. */
static void bash_verbs(struct out *o)
{
	const struct cmd *c;
	struct cmd_word w;

	for (size_t i = 0; (c = cmd_at(i)); i++)
		for (size_t k = 0; c->word_options && c->word(k, &w); k++) {
			out_printf(o, "\t%s:%s) options='", c->name, w.name);
			bash_options(o, &c->options, c->word_options(k));
			bash_options(o, &cmd_global_options, NULL);
			out_z(o, "' ;;\n");
		}
}

static void bash_value(
	struct out *o, const char *command, const struct option_row *row)
{
	struct value v = value_of(row);

	out_printf(o, "\t%s:--%s", command, row->name);
	if (row->letter)
		out_printf(o, " | %s:-%c", command, row->letter);
	out_z(o, ") words='");
	put_words(o, &v);
	out_printf(o, "' files=%s ;;\n", v.files ? "yes" : "''");
}

static void bash_values(struct out *o)
{
	const struct option_table *every = &cmd_global_options;
	const struct cmd *c;

	for (size_t k = 0; (c = cmd_at(k)); k++)
		for (size_t i = 0; i < c->options.n; i++)
			if (c->options.rows[i].arg)
				bash_value(o, c->name, &c->options.rows[i]);
	for (size_t i = 0; i < every->n; i++)
		if (every->rows[i].arg)
			bash_value(o, "*", &every->rows[i]);
}

/* --- zsh --- */

/* Within '...' of the shell; what quoted has gets a backslash before it. */
static void zsh_text(struct out *o, const char *text, const char *quoted)
{
	for (; *text; text++) {
		if (*text == '\'')
			out_z(o, "'\\''");
		else if (strchr(quoted, *text))
			out_printf(o, "\\%c", *text);
		else
			out_char(o, *text);
	}
}

/* An element for _describe. */
static void zsh_word(struct out *o, const char *name, const char *help)
{
	out_z(o, "'");
	zsh_text(o, name, ":\\");
	out_z(o, ":");
	zsh_text(o, help, "");
	out_z(o, "'\n");
}

/* An element for _arguments. */
static void zsh_option(struct out *o, const struct option_row *row)
{
	const char *plus = row->arg ? "+" : "", *equal = row->arg ? "=" : "";
	struct value v = value_of(row);

	if (row->letter)
		out_printf(o, "'(-%c --%s)'{-%c%s,--%s%s}'", row->letter,
			row->name, row->letter, plus, row->name, equal);
	else
		out_printf(o, "'--%s%s", row->name, equal);
	out_char(o, '[');
	zsh_text(o, row->help, "[]\\");
	out_char(o, ']');
	if (row->arg) {
		out_char(o, ':');
		zsh_text(o, row->arg, ":\\");
		out_z(o, ":");
		if (v.files) {
			out_z(o, "_files");
		} else if (v.words || v.reasons) {
			out_char(o, '(');
			put_words(o, &v);
			out_char(o, ')');
		}
	}
	out_z(o, "'\n");
}

static void zsh_commands(struct out *o)
{
	const struct cmd *c;

	for (size_t i = 0; (c = cmd_at(i)); i++) {
		out_z(o, "\t\t");
		zsh_word(o, c->name, c->help);
	}
}

static void zsh_options(struct out *o, const char *indent,
	const struct option_table *t, const char *names)
{
	for (size_t i = 0; i < t->n; i++) {
		if (!goes_with(names, &t->rows[i]))
			continue;
		out_z(o, indent);
		zsh_option(o, &t->rows[i]);
	}
}

static void zsh_every(struct out *o)
{
	zsh_options(o, "\t\t", &cmd_global_options, NULL);
}

/* The same for zsh: the first operand is the word. */
static void zsh_verbs(struct out *o, const struct cmd *c)
{
	struct cmd_word w;

	if (!c->word_options)
		return;
	out_z(o, "\t\t\tcase ${${words[2,CURRENT-1]:#-*}[1]} in\n");
	for (size_t k = 0; c->word(k, &w); k++) {
		out_printf(o, "\t\t\t%s)\n\t\t\t\toptions=(\n", w.name);
		zsh_options(o, "\t\t\t\t\t", &c->options, c->word_options(k));
		out_z(o, "\t\t\t\t)\n\t\t\t\t;;\n");
	}
	out_z(o, "\t\t\tesac\n");
}

static void zsh_arguments(struct out *o)
{
	const struct cmd *c;
	struct cmd_word w;

	for (size_t i = 0; (c = cmd_at(i)); i++) {
		out_printf(o, "\t\t%s)\n\t\t\toptions=(\n", c->name);
		zsh_options(o, "\t\t\t\t", &c->options, NULL);
		out_z(o, "\t\t\t)\n");
		zsh_verbs(o, c);
		out_z(o, "\t\t\toptions+=(\n");
		if (c->word)
			out_printf(o,
				"\t\t\t\t'1: :{_describe -t %ss %s "
				"offered%s}'\n",
				c->what_word, c->what_word,
				c->files ? " || _files" : "");
		if (c->files)
			out_z(o, "\t\t\t\t'*:file:_files'\n");
		out_z(o, "\t\t\t)\n\t\t\toffered=(\n");
		for (size_t k = 0; c->word && c->word(k, &w); k++) {
			out_z(o, "\t\t\t\t");
			zsh_word(o, w.name, w.help);
		}
		out_z(o, "\t\t\t)\n\t\t\t;;\n");
	}
}

/* --- the scripts --- */

struct part {
	const char *line; /* of the script; NULL ends them */
	void (*put)(struct out *o);
};

static const char bash_script[] =
#include "completion.bash.inc"
	;
static const struct part bash_parts[] = {
	{"@COMMANDS@", bash_commands},
	{"@VERBS@",    bash_verbs   },
	{"@VALUES@",   bash_values  },
	{NULL,         NULL         },
};

static const char zsh_script[] =
#include "completion.zsh.inc"
	;
static const struct part zsh_parts[] = {
	{"@COMMANDS@",  zsh_commands },
	{"@EVERY@",     zsh_every    },
	{"@ARGUMENTS@", zsh_arguments},
	{NULL,          NULL         },
};

static const struct shell {
	const char *name, *help, *script;
	const struct part *parts;
} shells[] = {
	{"bash", "for bash 4 and later", bash_script, bash_parts},
	{"zsh",  "for zsh",              zsh_script,  zsh_parts },
};

#define SHELLS_N (sizeof(shells) / sizeof(shells[0]))

static bool word(size_t i, struct cmd_word *w)
{
	if (i < SHELLS_N)
		*w = (struct cmd_word){shells[i].name, shells[i].help};
	return i < SHELLS_N;
}

static void put_line(struct out *o, const struct part *parts, struct str line)
{
	for (; parts->line; parts++)
		if (str_eq(line, str_from(parts->line))) {
			parts->put(o);
			return;
		}
	out_str(o, line);
	out_char(o, '\n');
}

static int run(struct env *e, int argc, char **argv)
{
	struct str rest, line;

	if (argc > 1)
		return cmd_usage(&cmd_completion, "one shell at a time");
	for (size_t i = 0; argc && i < SHELLS_N; i++) {
		if (strcmp(shells[i].name, argv[0]) != 0)
			continue;
		rest = str_from(shells[i].script);
		while (str_line(&rest, &line))
			put_line(e->out, shells[i].parts, line);
		return 0;
	}
	return cmd_wrong_word(&cmd_completion, argc ? argv[0] : NULL);
}

const struct cmd cmd_completion = {
	.name = "completion",
	.help = "print what makes a shell complete commands and options",
	.synopsis = "SHELL",
	.needs = ENV_NOTHING,
	.what_word = "shell",
	.word = word,
	.run = run,
};
