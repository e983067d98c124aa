/*
 * The change log tells what changed a list, so only that is weighed: the list
 * itself need not be read again. A delta of a name that has no count yet costs
 * one walk over the list.
 */
#include "export_size.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "export_writer.h"
#include "ledger.h"
#include "say.h"
#include "when.h"

#define ADDRESS_BYTES 30u /* a line of a list, about */

/* --- last time ------------------------------------------------------------ */

struct last {
	char name[4200], value[1400]; /* the row's name; how its value ends */
	char options[1500];           /* how it ended then */
	bool known;
	bool same; /* as now: two numbers of one list */
	uint64_t rows;
	uint64_t bytes; /* of the file; 0: that was not kept */
	int64_t seq, at, purged;
};

/* The name of the row, the same for each way to write one path. */
static void name_row(const struct export_size *s, struct last *last)
{
	const struct export_job *j = s->job;
	const char *slash = j->output ? strrchr(j->output, '/') : NULL;
	char folder[4096], *real;

	if (j->cursor) {
		snprintf(last->name, sizeof(last->name), "list.cursor.%s",
			j->cursor);
		return;
	}
	snprintf(folder, sizeof(folder), "%.*s.",
		slash ? (int)(slash + 1 - j->output) : 0, j->output);
	real = realpath(folder, NULL);
	snprintf(last->name, sizeof(last->name), "list.file.%s/%s",
		real ? real : "", slash ? slash + 1 : j->output);
	free(real);
}

/* What must be the same for two numbers to be comparable. */
static void name_options(const struct export_size *s, struct last *last)
{
	snprintf(last->value, sizeof(last->value), " %s %s scope=%s",
		s->job->format->name, s->options,
		s->job->scope ? s->job->scope : "");
}

static int read_last(void *arg, struct str name, struct str value, int64_t at)
{
	struct last *last = arg;
	char text[1500];
	int end = 0, more = 0;

	if (!str_eq(name, str_from(last->name)) || value.n >= sizeof(text))
		return 0;
	memcpy(text, value.p, value.n);
	text[value.n] = '\0';
	last->at = at;
	last->known = sscanf(text, "%" SCNu64 " %" SCNd64 "%n", &last->rows,
			      &last->seq, &end) == 2;
	if (sscanf(text + end, " @%" SCNu64 ",%" SCNd64 "%n", &last->bytes,
		    &last->purged, &more) == 2)
		end += more;
	memcpy(last->options, text + end, strlen(text + end) + 1);
	last->same = !strcmp(last->options, last->value);
	return 0;
}

static int find_last(const struct export_size *s, struct last *last)
{
	memset(last, 0, sizeof(*last));
	name_row(s, last);
	name_options(s, last);
	return query_status(s->env->db, read_last, last) < 0 ? -1 : 0;
}

/* --- what changed since, and who did it ----------------------------------- */

struct changes {
	const struct export_size *size;
	uint64_t added, removed; /* that count */
	uint64_t came, gone;     /* all of them */
	bool look;               /* into who removed it */
	bool failed;
};

static bool counts(enum cause cause, enum state now)
{
	return cause == CAUSE_POLICY ||
	       (cause == CAUSE_HAND && now != STATE_RELEASED);
}

struct latest {
	struct str scope;
	int64_t to;
	enum cause cause;
	enum state now;
};

static int see_change(void *arg, const struct query_change *c)
{
	struct latest *l = arg;

	if (c->seq > l->to || !str_eq(c->scope, l->scope))
		return 0;
	l->cause = c->cause;
	l->now = c->new_state;
	return 0;
}

static int count_one(
	void *arg, enum query_delta what, const struct query_suppression *s)
{
	struct changes *c = arg;
	struct latest latest = {.scope = s->scope, .to = c->size->to};

	if (what == QUERY_ADD) {
		c->came++;
		c->added += counts(s->cause, s->state);
	}
	if (what != QUERY_REMOVE)
		return 0;
	c->gone++;
	if (!c->look)
		return 0;
	if (query_changes(c->size->env->db, s->address, see_change, &latest) <
		0) {
		c->failed = true;
		return 1;
	}
	c->removed += counts(latest.cause, latest.now);
	return 0;
}

static int count_changes(
	const struct export_size *s, int64_t from, struct changes *c)
{
	struct query_filter filter = *s->filter;

	filter.now = 0; /* by the log alone */
	c->added = c->removed = c->came = c->gone = 0;
	if (query_delta(s->env->db, &filter, from, s->to, count_one, c) < 0 ||
		c->failed)
		return -1;
	return 0;
}

static int count_row(void *arg, const struct query_suppression *s)
{
	(void)s;
	++*(uint64_t *)arg;
	return 0;
}

/* --- the judgement -------------------------------------------------------- */

/* Whether n is more than percent of rows. */
static bool is_over(uint64_t n, int percent, uint64_t rows)
{
	return percent && n * 100 > (uint64_t)percent * rows;
}

static int refuse_other(const struct export_size *s, uint64_t had, bool about,
	const char *what, struct export_result *r)
{
	r->refused = true;
	say("'%s' was not written: it has %s%" PRIu64
	    " addresses %s, and this list %" PRIu64,
		say_z(s->job->output), about ? "about " : "", had, what,
		s->rows);
	say_hint("another file for another list; 'bouncewatch export --force', "
		 "with the same options, writes it all the same");
	return EX_DATAERR;
}

static int refuse(const struct export_size *s, const struct last *last,
	uint64_t n, bool grew, struct export_result *r)
{
	const struct conf *conf = &s->env->conf;
	char at[WHEN_SIZE];

	r->refused = true;
	say("'%s' was not written: since %s its list of %" PRIu64
	    " addresses %s by %.1f %% (%" PRIu64
	    " more %s), not counting imports, incidents, releases and "
	    "expiries; at most %d %% is believed",
		say_z(s->job->output),
		last->at ? when_format(last->at, at) : "the last time",
		last->rows, grew ? "grew" : "shrank",
		(double)((n * 1000 + last->rows - 1) / last->rows) / 10, n,
		grew ? "came than went" : "went than came",
		grew ? conf->list_guard.grow : conf->list_guard.shrink);
	say_hint("'bouncewatch report' says what came in; 'bouncewatch export "
		 "--force', with the same options, writes it all the same; "
		 "list_guard: sets the limits");
	return EX_DATAERR;
}

static int judge(const struct export_size *s, const struct last *last,
	const struct changes *c, struct export_result *r)
{
	const struct conf *conf = &s->env->conf;

	if (c->added > c->removed && is_over(c->added - c->removed,
					     conf->list_guard.grow, last->rows))
		return refuse(s, last, c->added - c->removed, true, r);
	if (c->removed > c->added &&
		is_over(c->removed - c->added, conf->list_guard.shrink,
			last->rows))
		return refuse(s, last, c->removed - c->added, false, r);
	return 0;
}

static int weigh(const struct export_size *s, const struct last *last,
	struct export_result *r)
{
	const struct conf *conf = &s->env->conf;
	struct changes c = {.size = s};

	if (last->seq > s->to) {
		/* An older copy of the database: the log cannot tell. */
		c.added = s->rows > last->rows ? s->rows - last->rows : 0;
		c.removed = last->rows > s->rows ? last->rows - s->rows : 0;
		return judge(s, last, &c, r);
	}
	if (count_changes(s, last->seq, &c))
		return env_db_failed(s->env->db);
	/* Who took them off is looked up only where it matters. */
	c.look = c.gone > 0 &&
		 (is_over(c.gone, conf->list_guard.shrink, last->rows) ||
			 is_over(c.added, conf->list_guard.grow, last->rows));
	if (c.look && count_changes(s, last->seq, &c))
		return env_db_failed(s->env->db);
	return judge(s, last, &c, r);
}

/* --- what stands in the place of the list --------------------------------- */

static bool differs(const struct conf *conf, uint64_t had, uint64_t has)
{
	return has > had ? is_over(has - had, conf->list_guard.grow, had)
			 : is_over(had - has, conf->list_guard.shrink, had);
}

/* Who may not write the database keeps no number, and is not asked for one. */
static bool may_keep(const struct export_size *s)
{
	return s->ledger || !access(s->env->conf.database, W_OK);
}

/*
 * A file that this database did not write, another one did: how many addresses
 * it has can only be guessed, by how long those of the new one are.
 */
static int weigh_file(const struct export_size *s, const struct last *last,
	struct export_result *r)
{
	const struct conf *conf = &s->env->conf;
	uint64_t bytes = export_writer_in_place(s->job->format, s->job->output);
	uint64_t had = s->rows ? (uint64_t)((double)bytes * (double)s->rows /
					    (double)s->bytes)
			       : bytes / ADDRESS_BYTES;

	if (!bytes || (last->known && !last->bytes) ||
		(last->known && !differs(conf, last->bytes, bytes)) ||
		had <= (uint64_t)conf->list_guard.least || !may_keep(s) ||
		!differs(conf, had, s->rows))
		return 0;
	return refuse_other(
		s, had, true, "that this database did not write", r);
}

/* With other options than last time: how long this list was then. */
static int weigh_other(
	const struct export_size *s, struct last *last, struct export_result *r)
{
	struct changes c = {.size = s};
	uint64_t then;
	char what[1600];

	if (last->seq > s->to)
		return 0; /* weighed by their lengths alone */
	if (count_changes(s, last->seq, &c))
		return env_db_failed(s->env->db);
	then = s->rows + c.gone;
	then -= then > c.came ? c.came : then;
	if (!differs(&s->env->conf, last->rows, then)) {
		last->rows = then;
		return 0;
	}
	snprintf(what, sizeof(what), "of another list (%s)",
		say_str(str_trim(str_from(last->options))));
	return refuse_other(s, last->rows, false, what, r);
}

/* A name's list is what it was, with what came and without what went. */
static int size_of_delta(
	struct export_size *s, struct last *last, const struct export_result *r)
{
	struct query_filter filter = *s->filter;
	int64_t purged = s->purged - last->purged;

	if (r->is_new) {
		s->rows = r->adds;
		return 0;
	}
	if (!last->known || !last->same || last->seq != r->from) {
		filter.now = 0;
		s->rows = 0;
		if (query_export(s->env->db, &filter, count_row, &s->rows) < 0)
			return -1;
		last->rows = s->rows + r->removals;
		last->rows -= last->rows > r->adds ? r->adds : last->rows;
		last->seq = r->from;
		last->at = 0;
		last->known = last->same = true;
		return 0;
	}
	/* Forgotten, they left the list without a change in the log. */
	if (last->bytes && purged > 0)
		last->rows -= last->rows > (uint64_t)purged ? (uint64_t)purged
							    : last->rows;
	s->rows = last->rows + r->adds;
	s->rows -= s->rows > r->removals ? r->removals : s->rows;
	return 0;
}

int export_size_check(struct export_size *s, struct export_result *r)
{
	const struct conf *conf = &s->env->conf;
	const struct export_job *j = s->job;
	struct last last;
	int status = 0;

	if (!j->output)
		return 0;
	if (query_purged(s->env->db, &s->purged) || find_last(s, &last) ||
		(j->cursor && size_of_delta(s, &last, r)))
		return env_db_failed(s->env->db);
	if (j->force || (j->cursor && r->is_new))
		return 0;
	if (!j->cursor)
		status = weigh_file(s, &last, r);
	if (status || !last.known ||
		last.rows <= (uint64_t)conf->list_guard.least)
		return status;
	if (!j->cursor && !last.same) {
		status = weigh_other(s, &last, r);
		if (status)
			return status;
	}
	/* Few changes in a delta: nothing to look up. */
	if (j->cursor && !is_over(r->adds, conf->list_guard.grow, last.rows) &&
		!is_over(r->removals, conf->list_guard.shrink, last.rows))
		return 0;
	return weigh(s, &last, r);
}

/* --- for the next time ---------------------------------------------------- */

static int write_row(const struct export_size *s, struct ledger *l)
{
	char value[1500];
	struct last last;

	memset(&last, 0, sizeof(last));
	name_row(s, &last);
	name_options(s, &last);
	snprintf(value, sizeof(value),
		"%" PRIu64 " %" PRId64 " @%" PRIu64 ",%" PRId64 "%s", s->rows,
		s->to, s->bytes, s->purged, last.value);
	return ledger_status(l, last.name, value, s->env->now);
}

int export_size_keep(const struct export_size *s)
{
	static const struct ledger_settings plain;
	struct ledger *l = NULL;
	struct db *db = NULL;
	int status = 0;

	if (!s->job->output)
		return 0;
	if (s->ledger)
		return write_row(s, s->ledger) ? env_db_failed(s->env->db) : 0;
	if (db_open(s->env->conf.database, DB_WRITE, &db)) {
		if (!db || db_fault(db) != DB_DENIED)
			status = env_db_failed(db);
	} else if (ledger_open(db, &plain, &l) || write_row(s, l)) {
		status = env_db_failed(db);
	}
	ledger_close(l);
	db_close(db);
	return status;
}
