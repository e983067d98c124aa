/* What formats there are is known here, not where the file is read. */
#include "export_conf.h"

#include <string.h>

#include "env.h"
#include "export_writer.h"
#include "say.h"
#include "suggest.h"
#include "words.h"

void export_conf_job(const struct conf_export *c, struct export_job *out)
{
	*out = (struct export_job){
		.format = export_find(c->format),
		.output = c->file,
		.removals = c->removals,
		.cursor = c->cursor,
		.scope = c->scope,
		.domain = c->domain,
		.reason = c->reason ? (int)reason_from_word(str_from(c->reason))
				    : 0,
		.state = c->state == 1 ? STATE_HELD : STATE_SUPPRESSED,
		.or_held = c->state == 2,
		.include_soft = c->include_soft,
		.hashed = c->hash != 0,
		.yes_global = c->yes_global,
	};
}

static void unknown_format(const struct conf_export *c, struct conf_mistakes *m)
{
	struct str words[64];
	size_t n = 0;
	int near;

	while (n < 64 && export_at(n)) {
		words[n] = str_from(export_at(n)->name);
		n++;
	}
	near = suggest(str_from(c->format), words, n);
	if (near >= 0)
		mistake_add(m, c->format_line,
			"'format': there is no format '%s', did you mean '%s'?",
			c->format, words[near].p);
	else
		mistake_add(m, c->format_line,
			"'format': there is no format '%s'; 'bouncewatch help "
			"export' lists them",
			c->format);
}

/* --- parts ---------------------------------------------------------------- */

/* The same of each: file and removals. */
static size_t files_of(const struct conf_export *c, const char *files[2])
{
	files[0] = c->file;
	files[1] = c->removals;
	return c->removals ? 2 : c->file ? 1 : 0;
}

static bool splits(const struct conf_export *c)
{
	const struct export_format *f =
		c->format ? export_find(c->format) : NULL;

	return f && export_writer_splits(f);
}

/* A part of one of c's files that is another one, or NULL. */
static const char *part_among(
	const struct conf_export *c, const char *const *others, size_t others_n)
{
	const char *files[2];
	size_t n = splits(c) ? files_of(c, files) : 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < others_n; k++)
			if (others[k] &&
				export_writer_is_part(files[i], others[k]))
				return others[k];
	return NULL;
}

/* Long lists of some formats take more files than the one that is named. */
static void check_parts(const struct conf *conf, const struct conf_export *c,
	struct conf_mistakes *m)
{
	const char *const *rules = (const char *const *)conf->rules.v;
	const char *files[2];
	size_t n = files_of(c, files);
	const char *part = part_among(c, rules, conf->rules.n);
	const char *const own[] = {conf->database, conf->path};

	if (!part)
		part = part_among(c, own, 2);
	for (size_t i = 0; !part && i < conf->accounts_n; i++) {
		const struct conf_account *a = &conf->accounts[i];
		const char *const of[] = {
			a->password_file, a->token_file, a->ca_file};

		part = part_among(c, of, 3);
	}
	if (part)
		mistake_add(m, c->format_line,
			"'file': a long list of %s has more parts, and '%s' "
			"would be one of them",
			c->format, part);
	for (const struct conf_export *e = conf->exports; e < c; e++) {
		const char *theirs[2];
		size_t theirs_n = files_of(e, theirs);

		part = part_among(c, theirs, theirs_n);
		if (!part)
			part = part_among(e, files, n);
		if (part)
			mistake_add(m, c->format_line,
				"'file': a long list has more parts, and '%s' "
				"would be one of this or of the export on line "
				"%u",
				part, e->line);
	}
}

const struct conf_export *export_conf_of_cursor(
	const struct conf *conf, const char *cursor)
{
	for (size_t i = 0; i < conf->exports_n; i++) {
		const struct conf_export *e = &conf->exports[i];

		if (e->removals && !strcmp(e->cursor, cursor))
			return e;
	}
	return NULL;
}

/* In the words of the command line. */
static void check_domain(const struct conf_export *c, struct conf_mistakes *m)
{
	char why[1024];
	struct str key;
	struct env e;

	if (!c->domain)
		return;
	env_init(&e, NULL, NULL, NULL);
	say_to(why, sizeof(why));
	if (env_domain(&e, c->domain, &key))
		mistake_add(m, c->domain_line, "'domain': %s", why);
	say_to(NULL, 0);
	env_release(&e);
}

void export_conf_check(const struct conf *conf, const struct conf_export *c,
	struct conf_mistakes *m)
{
	struct export_job job;
	char why[1024];
	int status;

	check_domain(c, m);
	export_conf_job(c, &job);
	if (!job.format) {
		unknown_format(c, m);
		return;
	}
	check_parts(conf, c, m);
	/* What the file says of it wrongly was told there. */
	if (job.reason < 0)
		job.reason = 0;
	if (!job.removals)
		job.cursor = NULL;
	if (job.removals && !strcmp(job.removals, job.output))
		return;
	say_to(why, sizeof(why));
	status = export_job_check(&job);
	say_to(NULL, 0);
	if (status)
		mistake_add(m, c->format_line,
			"'format' (options are keys here: yes_global, state, "
			"hash): %s",
			why);
}
