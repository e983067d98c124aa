/*
 * The pure core as a command: mails in, verdicts out, nothing stored. It is
 * made for a hundred thousand files in one call: one read buffer, one arena,
 * one output buffer, and no stdio on the way in.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "charset.h"
#include "cmd.h"
#include "ingest.h"
#include "json.h"
#include "mbox.h"
#include "print.h"
#include "progress.h"
#include "rules.h"
#include "say.h"
#include "verdict.h"
#include "when.h"

#define BUFFER_SIZE  (VERDICT_MAIL_MAX + 1u)
#define FAMILIES_MAX 64u

static const char *const formats[] = {"text", "jsonl", "csv", NULL};

static struct {
	int format;
	bool explain;
	const char *rules, *without;
} opt;

static const struct option_row rows[] = {
	OPT_FLAG("explain", 0, &opt.explain,
		"show which line and which rule decided"),
	OPT_WORD("format", 0, "FORMAT", &opt.format, formats,
		"text, jsonl or csv (text)"),
	OPT_TEXT("rules", 0, "FILE", &opt.rules,
		"ask the rules of this file first of all"),
	OPT_TEXT("without", 0, "RULE,...", &opt.without,
		"judge without these built-in rules, or families of them"),
};

/* One verdict on its way out. */
struct row {
	const char *file;
	const struct verdict_list *list;
	const struct verdict *v;
};

static const char *reason(const struct row *r)
{
	return r->v->reason == REASON_NONE ? NULL : reason_word(r->v->reason);
}

static const char *action(const struct row *r)
{
	return r->v->action == ACTION_NONE ? NULL : action_word(r->v->action);
}

static void write_jsonl(struct out *o, const struct row *r)
{
	const struct verdict *v = r->v;
	char status[16];
	struct json j;

	json_open(&j, o);
	json_z(&j, "file", r->file);
	json_str(&j, "recipient", v->recipient);
	json_z(&j, "class", class_word(v->class));
	json_z(&j, "reason", reason(r));
	json_z(&j, "status",
		v->status.class ? status_format(v->status, status) : NULL);
	if (v->smtp)
		json_int(&j, "smtp", v->smtp);
	else
		json_null(&j, "smtp");
	json_str(&j, "final_recipient", v->final_recipient);
	json_str(&j, "original_recipient", v->original_recipient);
	json_bool(&j, "forwarded", v->forwarded);
	json_z(&j, "action", action(r));
	json_str(&j, "diagnostic", v->diagnostic);
	json_str(&j, "remote_mta", v->remote_mta);
	json_str(&j, "reporting_mta", v->reporting_mta);
	json_str(&j, "provider", v->provider);
	json_str(&j, "stream", v->stream);
	json_str(&j, "original_message_id", v->original_message_id);
	json_time(&j, "arrived_at", r->list->arrived_at);
	json_str(&j, "rule", v->rule);
	json_z(&j, "origin", origin_word(v->origin));
	json_list_open(&j, "limits");
	for (unsigned i = 0; i < LIMIT_COUNT; i++)
		if (r->list->limits & 1u << i)
			json_item(&j, limit_word(1u << i));
	json_list_close(&j);
	json_bool(&j, "weak", v->weak);
	json_close(&j);
}

static const char csv_head[] =
	"file,recipient,class,reason,status,smtp,final_recipient,"
	"original_recipient,forwarded,action,diagnostic,remote_mta,"
	"reporting_mta,provider,stream,original_message_id,arrived_at,rule,"
	"origin,limits,weak\r\n";

static void cell(struct out *o, struct str s)
{
	print_csv(o, s);
	out_char(o, ',');
}

static void cell_z(struct out *o, const char *z)
{
	cell(o, str_from(z));
}

static void write_csv(struct out *o, const struct row *r)
{
	const struct verdict *v = r->v;
	char status[16], at[WHEN_SIZE] = "";
	const char *space = "";

	cell_z(o, r->file);
	cell(o, v->recipient);
	cell_z(o, class_word(v->class));
	cell_z(o, reason(r));
	cell_z(o, status_format(v->status, status));
	if (v->smtp)
		out_int(o, v->smtp);
	out_char(o, ',');
	cell(o, v->final_recipient);
	cell(o, v->original_recipient);
	cell_z(o, v->forwarded ? "true" : "false");
	cell_z(o, action(r));
	cell(o, v->diagnostic);
	cell(o, v->remote_mta);
	cell(o, v->reporting_mta);
	cell(o, v->provider);
	cell(o, v->stream);
	cell(o, v->original_message_id);
	if (r->list->arrived_at)
		when_format(r->list->arrived_at, at);
	cell_z(o, at);
	cell(o, v->rule);
	cell_z(o, origin_word(v->origin));
	for (unsigned i = 0; i < LIMIT_COUNT; i++)
		if (r->list->limits & 1u << i) {
			out_z(o, space);
			out_z(o, limit_word(1u << i));
			space = " ";
		}
	out_z(o, v->weak ? ",true\r\n" : ",false\r\n");
}

/* "  name: value", where there is one. */
static void line(struct out *o, const char *name, struct str value)
{
	if (!value.n)
		return;
	out_printf(o, "  %-10s ", name);
	print_visible(o, value);
	out_char(o, '\n');
}

static void line_z(struct out *o, const char *name, const char *value)
{
	line(o, name, str_from(value));
}

static void write_text(struct out *o, const struct row *r)
{
	const struct verdict *v = r->v;
	char status[16], at[WHEN_SIZE];

	print_visible(o, str_from(r->file));
	out_printf(o, ": %s", class_word(v->class));
	if (reason(r))
		out_printf(o, " %s", reason(r));
	if (v->recipient.p) {
		out_char(o, ' ');
		print_visible(o, v->recipient);
	}
	out_char(o, '\n');
	line_z(o, "status", status_format(v->status, status));
	line(o, "said", v->diagnostic);
	line(o, "by", v->remote_mta);
	line(o, "provider", v->provider);
	if (v->forwarded)
		line(o, "forwarded", v->final_recipient);
	line(o, "stream", v->stream);
	if (r->list->arrived_at)
		line_z(o, "at", when_format(r->list->arrived_at, at));
	line(o, "rule", v->rule);
	if (v->weak)
		line_z(o, "weak", "one such bounce alone does not suppress");
	for (unsigned i = 0; i < LIMIT_COUNT; i++)
		if (r->list->limits & 1u << i)
			line_z(o, "cut", limit_word(1u << i));
}

static void (*const writers[])(struct out *, const struct row *) = {
	write_text, write_jsonl, write_csv};

/* Read fd to its end or to one byte more than is parsed. -1: errno. */
static ssize_t read_mail(int fd, char *buf)
{
	size_t n = 0;

	while (n < BUFFER_SIZE) {
		ssize_t got = read(fd, buf + n, BUFFER_SIZE - n);

		if (got > 0)
			n += (size_t)got;
		else if (!got)
			break;
		else if (errno != EINTR)
			return -1;
	}
	return (ssize_t)n;
}

static ssize_t read_path(const char *path, char *buf)
{
	ssize_t n;
	int fd, saved;

	if (!strcmp(path, "-"))
		return read_mail(STDIN_FILENO, buf);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read_mail(fd, buf);
	saved = errno;
	close(fd);
	errno = saved;
	return n;
}

static int unreadable(const char *path)
{
	say("unable to read '%s': %s", say_z(path), strerror(errno));
	if (errno == EISDIR)
		say_hint("parse takes mails, one in a file; "
			 "'bouncewatch ingest' takes folders and mboxes");
	return EX_NOINPUT;
}

static void explain(struct out *o, const struct trace *t)
{
	for (const struct trace_line *l = t->first; l; l = l->next) {
		out_z(o, "  | ");
		print_visible(o, l->text);
		out_char(o, '\n');
	}
}

static void judge(struct env *e, struct verdict_context *ctx, const char *path,
	struct str mail)
{
	struct trace trace = {.first = NULL};
	struct verdict_list list;
	struct row r = {path, &list, NULL};

	if (mbox_has_more(mail))
		say("'%s' looks like an mbox of several mails, but is judged "
		    "as one; 'bouncewatch ingest' takes an mbox",
			say_z(path));
	arena_reset(&e->arena, 0);
	ctx->trace = opt.explain ? &trace : NULL;
	verdict_parse(ctx, &e->arena, mail, &list);
	for (size_t i = 0; i < list.n; i++) {
		r.v = &list.v[i];
		writers[opt.format](e->out, &r);
	}
	explain(e->out, &trace);
}

static int parse_all(
	struct env *e, struct verdict_context *ctx, int argc, char **argv)
{
	char *buf = malloc(BUFFER_SIZE);
	int status = 0;

	if (!buf) {
		say("out of memory");
		return EX_OSERR;
	}
	progress_start("mails", (uint64_t)argc);
	if (opt.format == 2)
		out_z(e->out, csv_head);
	for (int i = 0; i < argc && !out_failed(e->out); i++) {
		ssize_t n = read_path(argv[i], buf);

		if (n < 0)
			status = unreadable(argv[i]);
		else
			judge(e, ctx, argv[i], str_of(buf, (size_t)n));
		progress_at((uint64_t)i + 1);
	}
	free(buf);
	return status;
}

static bool is_family_or_rule(struct str word)
{
	for (size_t i = 0; i < rules_builtin.rules_n; i++)
		if (str_eq(rules_builtin.rules[i].family, word) ||
			str_eq(rules_builtin.rules[i].name, word))
			return true;
	return false;
}

/* 0, or EX_USAGE: a misspelt one would make a measurement wrong in silence. */
static int read_families(
	struct str list, struct str out[FAMILIES_MAX], size_t *n)
{
	struct str one;

	*n = 0;
	while (*n < FAMILIES_MAX && str_cut(&list, ',', &one)) {
		if (!one.n)
			continue;
		if (!is_family_or_rule(one))
			return cmd_usage(&cmd_parse,
				"there is no rule or family '%s'",
				say_str(one));
		out[(*n)++] = one;
	}
	return 0;
}

/* The rules of opt.rules stand before those of the configuration. */
static bool put_rules_first(struct conf_list *rules)
{
	char **v = malloc((rules->n + 1) * sizeof(*v));

	if (v)
		v[0] = strdup(opt.rules);
	if (!v || !v[0]) {
		free(v);
		return false;
	}
	for (size_t i = 0; i < rules->n; i++)
		v[i + 1] = rules->v[i];
	free(rules->v);
	rules->v = v;
	rules->n++;
	return true;
}

static int run(struct env *e, int argc, char **argv)
{
	struct house *house;
	struct verdict_context ctx;
	struct str without[FAMILIES_MAX];
	int status;

	if (!argc)
		return cmd_usage(&cmd_parse,
			"name at least one file ('-' is standard input)");
	if (opt.explain && opt.format)
		return cmd_usage(&cmd_parse,
			"--explain is for people: leave --format=%s out",
			formats[opt.format]);
	if (opt.rules && !put_rules_first(&e->conf.rules)) {
		say("out of memory");
		return EX_OSERR;
	}
	house = house_new(&e->conf);
	if (!house)
		return EX_CONFIG;
	e->charset = charset_new();
	if (!e->charset) {
		house_free(house);
		say("out of memory");
		return EX_OSERR;
	}
	ctx = house_context(house, e->now);
	ctx.ops = charset_ops(e->charset);
	ctx.unkept = true;
	ctx.without = without;
	status = read_families(str_from(opt.without), without, &ctx.without_n);
	if (!status)
		status = parse_all(e, &ctx, argc, argv);
	house_free(house);
	return status;
}

const struct cmd cmd_parse = {
	.name = "parse",
	.help = "judge mails and store nothing",
	.synopsis = "[--explain | --format=FORMAT] [--rules=FILE] "
		    "[--without=RULE,...] FILE ...",
	.needs = ENV_CONF_IF_THERE,
	.options = CMD_OPTIONS(rows),
	.files = true,
	.run = run,
};
