/* What both ways have in common: what a job means, and whether it makes sense.
 */
#include "export_job.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "db_care.h"
#include "export_delta.h"
#include "export_file.h"
#include "export_size.h"
#include "export_writer.h"
#include "progress.h"
#include "purged.h"
#include "same_file.h"
#include "say.h"
#include "when.h"

/* --- whether it makes sense --------------------------------------------- */

static int check_files(const struct export_job *j)
{
	if (!j->cursor && j->removals) {
		say("removals are what changed since a name last asked: they "
		    "go with --since-last=NAME");
		return EX_USAGE;
	}
	if (j->cursor && (!j->output || !j->removals)) {
		say("--since-last writes two files: -o FILE for who is to be "
		    "added, --removals=FILE for who is to be taken off");
		return EX_USAGE;
	}
	if (j->cursor &&
		(same_file(j->output, j->removals) ||
			export_writer_is_part(j->output, j->removals) ||
			export_writer_is_part(j->removals, j->output))) {
		say("additions and removals cannot be one file, nor one a "
		    "part of the other (list.csv, list-002.csv)");
		return EX_USAGE;
	}
	return 0;
}

static int refuse(const struct export_job *j, const char *what, const char *why)
{
	say("%s is not for %s: %s", what, j->format->name, why);
	return EX_USAGE;
}

int export_job_check(const struct export_job *j)
{
	const struct export_format *f = j->format;

	if ((j->state == STATE_HELD || j->or_held) && !f->has_expiry)
		return refuse(j, j->or_held ? "--state=both" : "--state=held",
			"it cannot say when that ends, and held addresses are "
			"to be mailed again");
	if (j->hashed && !f->may_hash)
		return refuse(j, "--hash",
			"it is read by what needs the addresses themselves");
	if (f->mixes && !j->yes_global) {
		say("%s: %s; --yes-global does it all the same", f->name,
			f->mixes);
		return EX_USAGE;
	}
	return check_files(j);
}

/* --- what it means ------------------------------------------------------ */

/* domain is looked for as the keys have it. */
static int make_filter(
	struct env *e, const struct export_job *j, struct query_filter *f)
{
	*f = (struct query_filter){
		.scope = str_from(j->scope),
		.reason = j->reason ? j->reason : -1,
		.state = j->state ? j->state : STATE_SUPPRESSED,
		.before = j->before,
		.after = j->after,
		.now = e->now,
		.or_held = j->or_held,
		.no_soft = !j->format->has_expiry && !j->include_soft,
		.purged = j->hashed,
		.brief = !j->format->tells_more,
	};
	return j->domain ? env_domain(e, j->domain, &f->domain) : 0;
}

/* All that decides what is on the list: a cursor stays with it. */
static void write_options(const struct export_job *j, char *buf, size_t size)
{
	char after[WHEN_SIZE] = "", before[WHEN_SIZE] = "";

	if (j->after)
		when_format(j->after, after);
	if (j->before)
		when_format(j->before, before);
	(void)snprintf(buf, size,
		"domain=%s reason=%s after=%s before=%s%s%s%s",
		j->domain ? j->domain : "",
		j->reason ? reason_word((enum verdict_reason)j->reason) : "",
		after, before, j->include_soft ? " soft" : "",
		j->or_held               ? " both"
		: j->state == STATE_HELD ? " held"
					 : "",
		j->hashed ? " sha256" : "");
}

/* --- the whole list ----------------------------------------------------- */

struct walk {
	struct export_writer writer;
	uint64_t scoped; /* rows that do not hold everywhere */
	uint64_t soft;   /* left out: a format cannot say when they end */
	uint64_t purged; /* left out: only their hash is left */
	uint64_t seen;
	bool no_soft;
	char last_purged[PURGED_SIZE];
	const struct export_job *job;
};

/* Once in all of its scopes, which follow each other. */
static void count_purged(struct walk *w, struct str name)
{
	if (str_eq(name, str_from(w->last_purged)) ||
		name.n >= sizeof(w->last_purged))
		return;
	memcpy(w->last_purged, name.p, name.n);
	w->last_purged[name.n] = '\0';
	w->purged++;
}

static int one(void *arg, const struct query_suppression *s)
{
	struct walk *w = arg;

	if (export_job_stopped(w->job, w->seen)) {
		w->writer.status = EX_TEMPFAIL;
		return 1;
	}

	if (!w->job->hashed && purged_is(s->address)) {
		count_purged(w, s->address);
		return 0;
	}
	if (w->no_soft && reason_class(s->reason) == CLASS_SOFT) {
		w->soft++;
		return 0;
	}
	if (!str_eq(s->scope, (struct str)STR("*")))
		w->scoped++;
	progress_at(++w->seen);
	return export_writer_row(&w->writer, s);
}

/* How many there are is asked only for who sees it; what a filter lets pass
 * is not known. */
static int start_bar(
	struct db *db, const struct export_job *j, const struct query_filter *f)
{
	bool all = f->reason < 0 && !f->scope.p && !f->domain.p && !f->before &&
		   !f->after;
	int64_t n = 0;

	if (!progress_is_on())
		return 0;
	if (all && db_care_suppressions(db, (int)j->state, f->no_soft, &n))
		return -1;
	progress_start("addresses", (uint64_t)n);
	return 0;
}

static int write_rows(struct walk *w, struct env *e, const struct export_job *j,
	const struct query_filter *f)
{
	struct query_filter all = *f;
	int rc;

	if (j->progress && start_bar(e->db, j, f))
		return env_db_failed(e->db);
	/* What is left out is counted, too. */
	w->no_soft = f->no_soft;
	all.no_soft = false;
	all.purged = true;
	rc = query_export(e->db, &all, one, w);
	progress_end();
	return rc < 0 ? env_db_failed(e->db) : w->writer.status;
}

static struct walk walk_of(const struct env *e, const struct export_job *j)
{
	return (struct walk){
		.job = j,
		.writer = {.env = e,
			   .format = j->format,
			   .path = j->output,
			   .hashed = j->hashed}
        };
}

/* Standard output holds one file: that it suffices is to be known before the
 * first byte. It costs a look at as many rows as fit into one. */
static int try_one_file(
	struct env *e, const struct export_job *j, const struct query_filter *f)
{
	const struct export_shape *shape = export_shape_of(j->format, false);
	struct walk w = walk_of(e, j);
	int status;

	if (j->output || shape->calls ||
		(!shape->limit.entries && !shape->limit.bytes))
		return 0;
	w.writer.dry = true;
	status = export_writer_open(&w.writer);
	if (!status)
		status = write_rows(&w, e, j, f);
	export_writer_close(&w.writer);
	return status;
}

static bool is_filtered(const struct export_job *j)
{
	return j->scope || j->domain || j->reason || j->after || j->before;
}

/* What one may not expect. */
static void remark(const struct walk *w, const struct export_job *j)
{
	const char *word = j->state == STATE_HELD ? "held" : "suppressed";

	if (!w->seen && is_filtered(j))
		say("nothing of what is %s fits the filter (--reason, "
		    "--domain, --scope, --before, --after)",
			word);
	else if (!w->seen)
		say("nothing is %s; 'bouncewatch report' says what came in and "
		    "why it suppressed nobody",
			word);
	if (w->soft)
		say("%llu soft bounce%s left out: %s cannot say when their "
		    "suppression ends; --include-soft writes them",
			(unsigned long long)w->soft,
			w->soft == 1 ? " is" : "s are", j->format->name);
	if (w->purged)
		say("%llu left out that %s forgotten (db purge): of these only "
		    "a hash is known, which --hash=sha256 writes where a "
		    "format may have it",
			(unsigned long long)w->purged,
			w->purged == 1 ? "was" : "were");
	export_writer_remark(&w->writer);
	if (w->scoped && !j->scope && !j->format->tells_scope)
		say("%llu suppression%s only in one account or stream "
		    "(complaints); --scope=SCOPE leaves the others out",
			(unsigned long long)w->scoped,
			w->scoped == 1 ? " holds" : "s hold");
}

static int put_in_place(struct walk *w, const struct export_job *j,
	struct export_size *size, struct export_result *r)
{
	int status = export_writer_finish(&w->writer);

	r->adds = w->writer.rows;
	r->left_out = export_writer_left_out(&w->writer);
	r->adds_parts = w->writer.parts_n;
	size->rows = r->adds;
	size->bytes = export_writer_bytes(&w->writer);
	if (!status)
		status = export_size_check(size, r);
	if (!status && j->allow)
		status = j->allow(j->allow_arg, r);
	if (!status)
		status = export_writer_commit(&w->writer);
	return status ? status : export_size_keep(size);
}

static int whole(struct env *e, const struct export_job *j,
	const struct query_filter *f, const char *options,
	struct export_result *r)
{
	struct export_size size = {
		.env = e, .job = j, .filter = f, .options = options};
	struct walk w = walk_of(e, j);
	int status = try_one_file(e, j, f);

	if (!status && query_last_seq(e->db, &size.to))
		status = env_db_failed(e->db);
	if (!status)
		status = export_writer_open(&w.writer);
	if (!status)
		status = write_rows(&w, e, j, f);
	if (!status)
		status = put_in_place(&w, j, &size, r);
	if (!status)
		remark(&w, j);
	export_writer_close(&w.writer);
	return status;
}

int export_job_run(
	struct env *e, const struct export_job *j, struct export_result *r)
{
	struct query_filter f;
	char options[1024];
	int status = export_job_check(j);

	*r = (struct export_result){.from = -1};
	if (!status)
		status = make_filter(e, j, &f);
	if (status)
		return status;
	write_options(j, options, sizeof(options));
	if (!j->cursor)
		return whole(e, j, &f, options, r);
	return export_delta_run(e, j, &f, options, r);
}
