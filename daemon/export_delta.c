/* Two files and a cursor: files first, so that a crash gives them again, but
 * both with the cursor's lock in hand, so that two do not take one name. */
#include "export_delta.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "export_once.h"
#include "export_size.h"
#include "export_writer.h"
#include "ingest.h"
#include "progress.h"
#include "say.h"

struct delta {
	struct env *env;
	const struct export_job *job;
	const struct query_filter *filter;
	const char *options;
	struct export_result *result;
	struct export_writer adds, removals;
	struct ledger *ledger;
	struct arena arena; /* for one address */
	uint64_t seen;
	bool other; /* the name was made for another export */
	int status;
};

/* --- where the name is --- */

static struct str scope_of(const struct delta *w)
{
	return w->filter->scope.p ? w->filter->scope : str_of("", 0);
}

static int found_cursor(void *arg, const struct query_cursor *c)
{
	struct delta *w = arg;

	w->result->from = c->seq;
	w->other = !str_eq(c->format, str_from(w->job->format->name)) ||
		   !str_eq(c->options, str_from(w->options)) ||
		   !str_eq(c->scope, scope_of(w));
	return 0;
}

static int find_cursor(struct delta *w)
{
	w->result->from = -1;
	if (query_cursors(
		    w->env->db, str_from(w->job->cursor), found_cursor, w) < 0)
		return env_db_failed(w->env->db);
	if (!w->other)
		return 0;
	say("'%s' was last asked with another format or other options: its "
	    "additions and removals would not fit to what it has; use another "
	    "name",
		say_z(w->job->cursor));
	return EX_USAGE;
}

/* Removals first: what is taken off may be added again, not the reverse. */
static int commit_both(void *arg)
{
	struct delta *w = arg;

	w->status = export_writer_commit(&w->removals);
	if (!w->status)
		w->status = export_writer_commit(&w->adds);
	return w->status;
}

/* Whoever loses the name to another one leaves no files, either. */
static int move_cursor(struct delta *w)
{
	const struct query_cursor c = {
		.name = str_from(w->job->cursor),
		.format = str_from(w->job->format->name),
		.scope = scope_of(w),
		.options = str_from(w->options),
		.seq = w->result->to,
		.at = w->env->now,
	};
	bool moved;

	if (ledger_cursor_place(
		    w->ledger, &c, w->result->from, commit_both, w, &moved))
		return env_db_failed(w->env->db);
	if (moved || w->status)
		return w->status;
	say("'%s' was asked by somebody else at the same time: use one name "
	    "for each consumer, and run it again",
		say_z(w->job->cursor));
	return EX_TEMPFAIL;
}

/* --- the rows --- */

static bool is_everywhere(const struct query_suppression *s)
{
	return str_eq(s->scope, (struct str)STR("*"));
}

/* Each scope by itself. */
static int put_scope(struct delta *w, enum query_delta what,
	const struct query_suppression *s)
{
	if (what == QUERY_REMOVE)
		return export_writer_row(&w->removals, s);
	if (what == QUERY_CHANGE && !w->job->format->tells_more)
		return 0;
	return export_writer_row(&w->adds, s);
}

/*
 * Each address once. Where a row differs by whether it holds everywhere, what
 * no longer does is taken off first, and added for what remains.
 */
static int put_address(struct delta *w, enum query_delta what,
	const struct query_suppression *s, const struct export_once *once)
{
	const struct export_format *f = w->job->format;
	int rc = 0;

	/* Where a scope came or went as well, that tells of it. */
	if (what == QUERY_CHANGE)
		return f->tells_more && !once->scope.p &&
				       str_eq(s->scope, once->now.scope)
			       ? export_writer_row(&w->adds, s)
			       : 0;
	if (!str_eq(s->scope, once->scope))
		return 0;
	if (once->was && (!once->is || (f->tells_everywhere &&
					       is_everywhere(&once->before) &&
					       !is_everywhere(&once->now))))
		rc = export_writer_row(&w->removals, &once->before);
	if (!rc && once->is && (!once->was || f->tells_more))
		rc = export_writer_row(&w->adds, &once->now);
	return rc;
}

static int one(
	void *arg, enum query_delta what, const struct query_suppression *s)
{
	struct delta *w = arg;
	struct query_filter filter = *w->filter;
	struct export_once once = {
		.from = w->result->from, .to = w->result->to};

	if (export_job_stopped(w->job, w->seen)) {
		w->status = EX_TEMPFAIL;
		return 1;
	}
	progress_at(++w->seen);
	/* A new name had nothing, and "*" is what counts where it is. */
	if (w->job->format->tells_scope ||
		(w->result->from < 0 && is_everywhere(s)))
		return put_scope(w, what, s);
	filter.now = 0;
	arena_reset(&w->arena, 0);
	if (export_once_look(
		    w->env->db, &w->arena, &filter, s->address, &once)) {
		w->status = env_db_failed(w->env->db);
		return 1;
	}
	return put_address(w, what, s, &once);
}

static int write_both(struct delta *w)
{
	struct query_filter filter = *w->filter;
	int64_t from = w->result->from;
	int rc;

	filter.now = 0; /* by the log alone */
	if (w->job->progress)
		progress_start("changes",
			(uint64_t)(w->result->to - (from < 0 ? 0 : from)));
	rc = query_delta(w->env->db, &filter, from < 0 ? 0 : from,
		w->result->to, one, w);
	progress_end();
	if (rc < 0)
		return env_db_failed(w->env->db);
	return w->status        ? w->status
	       : w->adds.status ? w->adds.status
				: w->removals.status;
}

static int finish(struct delta *w)
{
	struct export_result *r = w->result;
	int status = export_writer_finish(&w->removals);

	if (!status)
		status = export_writer_finish(&w->adds);
	r->adds = w->adds.rows;
	r->removals = w->removals.rows;
	r->left_out = export_writer_left_out(&w->adds);
	r->adds_parts = w->adds.parts_n;
	r->removals_parts = w->removals.parts_n;
	r->is_new = r->from < 0;
	return status;
}

static int put_in_place(struct delta *w, struct export_size *size)
{
	const struct export_job *j = w->job;
	int status = export_size_check(size, w->result);

	if (!status && j->allow)
		status = j->allow(j->allow_arg, w->result);
	return status ? status : move_cursor(w);
}

static int run(struct delta *w)
{
	struct export_size size = {.env = w->env,
		.job = w->job,
		.filter = w->filter,
		.options = w->options,
		.ledger = w->ledger,
		.bytes = 1};
	size_t ended;
	int status;

	/* What has expired is in the log before it is read. */
	if (ledger_expire(w->ledger, w->env->now, &ended) < 0 ||
		query_last_seq(w->env->db, &w->result->to) < 0)
		return env_db_failed(w->env->db);
	status = find_cursor(w);
	if (!status)
		status = export_writer_open(&w->adds);
	if (!status)
		status = export_writer_open(&w->removals);
	if (!status)
		status = write_both(w);
	if (!status)
		status = finish(w);
	size.to = w->result->to;
	if (!status)
		status = put_in_place(w, &size);
	if (!status)
		status = export_size_keep(&size);
	if (!status)
		export_writer_remark(&w->removals);
	if (!status)
		export_writer_remark(&w->adds);
	if (!status)
		say("%" PRIu64 " to add, %" PRIu64 " to take off%s",
			w->adds.rows, w->removals.rows,
			w->result->is_new ? " (the whole list: the name is new)"
					  : "");
	return status;
}

/* With a ledger of our own where the caller has none. */
static int with_ledger(struct delta *w)
{
	struct house *house;
	int status;

	if (w->ledger)
		return run(w);
	house = house_new(&w->env->conf);
	if (!house)
		return EX_CONFIG;
	if (ledger_open(w->env->db, house_ledger_settings(house), &w->ledger))
		status = env_db_failed(w->env->db);
	else
		status = run(w);
	ledger_close(w->ledger);
	house_free(house);
	return status;
}

static struct export_writer writer_of(
	struct env *e, const struct export_job *j, bool removals)
{
	return (struct export_writer){
		.env = e,
		.format = j->format,
		.path = removals ? j->removals : j->output,
		.removals = removals,
		.hashed = j->hashed,
	};
}

int export_delta_run(struct env *e, const struct export_job *j,
	const struct query_filter *f, const char *options,
	struct export_result *r)
{
	struct delta w = {
		.env = e,
		.job = j,
		.filter = f,
		.options = options,
		.result = r,
		.adds = writer_of(e, j, false),
		.removals = writer_of(e, j, true),
		.ledger = j->ledger,
	};
	int status;

	arena_init(&w.arena, 0);
	status = with_ledger(&w);
	arena_release(&w.arena);
	export_writer_close(&w.adds);
	export_writer_close(&w.removals);
	return status;
}
