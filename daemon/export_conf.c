/* What formats there are is known here, not where the file is read. */
#include "export_conf.h"

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

void export_conf_check(const struct conf_export *c, struct conf_mistakes *m)
{
	struct export_job job;
	char why[1024];
	int status;

	export_conf_job(c, &job);
	if (!job.format) {
		unknown_format(c, m);
		return;
	}
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
