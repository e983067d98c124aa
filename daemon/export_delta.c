/* Two files and a cursor: files first, so that a crash gives them again. */
#include "export_delta.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "export_file.h"
#include "ingest.h"
#include "say.h"

struct delta {
	struct env *env;
	const struct export_delta *d;
	struct export_file adds_file, removals_file;
	struct export_run adds, removals;
	int64_t from; /* -1: the name is new */
	int64_t to;
	bool other; /* the name was made for another export */
	int status;
};

/* --- where the name is --- */

static int found_cursor(void *arg, const struct query_cursor *c)
{
	struct delta *w = arg;
	const struct export_delta *d = w->d;

	w->from = c->seq;
	w->other = !str_eq(c->format, str_from(d->format->name)) ||
		   !str_eq(c->options, str_from(d->options)) ||
		   !str_eq(c->scope,
			   d->filter.scope.p ? d->filter.scope : str_of("", 0));
	return 0;
}

static int find_cursor(struct delta *w)
{
	w->from = -1;
	if (query_cursors(w->env->db, str_from(w->d->name), found_cursor, w) <
		0)
		return env_db_failed(w->env->db);
	if (!w->other)
		return 0;
	say("'%s' was last asked with another format or other options: its "
	    "additions and removals would not fit to what it has; use another "
	    "name",
		say_z(w->d->name));
	return EX_USAGE;
}

static int move_cursor(struct delta *w, struct ledger *l)
{
	const struct query_cursor c = {
		.name = str_from(w->d->name),
		.format = str_from(w->d->format->name),
		.scope = w->d->filter.scope.p ? w->d->filter.scope
					      : str_of("", 0),
		.options = str_from(w->d->options),
		.seq = w->to,
		.at = w->env->now,
	};
	bool moved;

	if (ledger_cursor_move(l, &c, w->from, &moved))
		return env_db_failed(w->env->db);
	if (moved)
		return 0;
	say("'%s' was asked by somebody else at the same time: use one name "
	    "for each consumer, and run it again",
		say_z(w->d->name));
	return EX_TEMPFAIL;
}

/* --- the rows --- */

static int still_there(void *arg, const struct query_suppression *s)
{
	const struct query_filter *f = arg;

	return s->state == STATE_SUPPRESSED &&
	       (!f->scope.p || str_eq(s->scope, f->scope) ||
		       str_eq(s->scope, (struct str)STR("*")));
}

/* A format without scopes names an address once: it goes with the last. */
static int is_still_on(
	const struct delta *w, const struct query_suppression *s, bool *on)
{
	struct query_filter f = w->d->filter;
	int rc = 0;

	if (!w->d->format->tells_scope)
		rc = query_check(
			w->env->db, s->address, w->env->now, still_there, &f);
	*on = rc > 0;
	return rc < 0 ? -1 : 0;
}

static int one(
	void *arg, enum query_delta what, const struct query_suppression *s)
{
	struct delta *w = arg;
	bool on;

	if (what == QUERY_REMOVE) {
		if (is_still_on(w, s, &on)) {
			w->status = env_db_failed(w->env->db);
			return 1;
		}
		if (!on)
			w->d->format->row(&w->removals, s);
	} else if (what == QUERY_ADD || w->d->format->tells_scope) {
		w->d->format->row(&w->adds, s);
	}
	return out_failed(w->adds.out) || out_failed(w->removals.out);
}

static int write_both(struct delta *w)
{
	const struct export_format *f = w->d->format;
	struct query_filter filter = w->d->filter;

	filter.now = 0; /* by the log alone */
	if (f->begin) {
		f->begin(&w->adds);
		f->begin(&w->removals);
	}
	if (query_delta(w->env->db, &filter, w->from < 0 ? 0 : w->from, w->to,
		    one, w) < 0)
		return env_db_failed(w->env->db);
	return w->status;
}

/* Removals first: what is taken off may be added again, not the reverse. */
static int put_in_place(struct delta *w)
{
	int status = export_file_finish(&w->removals_file);

	if (!status)
		status = export_file_finish(&w->adds_file);
	if (!status)
		status = export_file_commit(&w->removals_file);
	if (!status)
		status = export_file_commit(&w->adds_file);
	return status;
}

static int open_both(struct delta *w)
{
	int status = export_file_open(&w->adds_file, w->env, w->d->adds);

	if (!status && !strcmp(w->d->adds, w->d->removals)) {
		say("additions and removals cannot be one file");
		return EX_USAGE;
	}
	if (!status)
		status = export_file_open(
			&w->removals_file, w->env, w->d->removals);
	w->adds.out = w->adds_file.out;
	w->removals.out = w->removals_file.out;
	return status;
}

static int run(struct delta *w, struct ledger *l)
{
	size_t ended;
	int status;

	/* What has expired is in the log before it is read. */
	if (ledger_expire(l, w->env->now, &ended) < 0 ||
		query_last_seq(w->env->db, &w->to) < 0)
		return env_db_failed(w->env->db);
	status = find_cursor(w);
	if (!status)
		status = open_both(w);
	if (!status)
		status = write_both(w);
	if (!status)
		status = put_in_place(w);
	if (!status)
		status = move_cursor(w, l);
	if (!status)
		say("%" PRIu64 " to add, %" PRIu64 " to take off%s",
			w->adds.rows, w->removals.rows,
			w->from < 0 ? " (the whole list: the name is new)"
				    : "");
	return status;
}

int export_delta_run(struct env *e, struct export_delta *d)
{
	struct delta w = {.env = e, .d = d};
	struct house *house = house_new(&e->conf);
	struct ledger *l = NULL;
	int status;

	if (!house)
		return EX_CONFIG;
	if (ledger_open(e->db, house_ledger_settings(house), &l))
		status = env_db_failed(e->db);
	else
		status = run(&w, l);
	export_file_close(&w.adds_file);
	export_file_close(&w.removals_file);
	ledger_close(l);
	house_free(house);
	return status;
}
