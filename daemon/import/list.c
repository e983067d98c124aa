/*
 * A suppression list on its way in. First a dry run: each batch is done and
 * taken back, so that what is told is what would be; addresses that an earlier
 * batch has taken are remembered, because they count once.
 */
#include "list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sysexits.h>

#include "charset.h"
#include "fnv.h"
#include "print.h"
#include "progress.h"
#include "say.h"
#include "when.h"

#define BATCH 2000u

/* What a dry run would have suppressed so far: hashes of scope and key. */
struct seen {
	uint64_t *v; /* 0: free */
	size_t n, cap;
};

struct lister {
	struct import *i;
	struct list_source source;
	struct list_judge judge;
	struct seen seen;
	size_t in_batch;
	uint64_t committed_line;
	bool begun;
	char user[128];
};

/* --- what a dry run remembers --------------------------------------------- */

static uint64_t hash(struct str a, struct str b)
{
	uint64_t h = fnv_bytes(fnv_bytes(FNV_BEGIN, a), b);

	h ^= h >> 29;
	return h ? h : 1;
}

static void put(uint64_t *v, size_t cap, uint64_t h)
{
	size_t k = (size_t)h & (cap - 1);

	while (v[k])
		k = (k + 1) & (cap - 1);
	v[k] = h;
}

static bool grow(struct seen *s)
{
	size_t cap = s->cap ? 2 * s->cap : 4096;
	uint64_t *v = calloc(cap, sizeof(*v));

	if (!v)
		return false;
	for (size_t k = 0; k < s->cap; k++)
		if (s->v[k])
			put(v, cap, s->v[k]);
	free(s->v);
	s->v = v;
	s->cap = cap;
	return true;
}

static bool has(const struct seen *s, uint64_t h)
{
	size_t k;

	if (!s->cap)
		return false;
	for (k = (size_t)h & (s->cap - 1); s->v[k]; k = (k + 1) & (s->cap - 1))
		if (s->v[k] == h)
			return true;
	return false;
}

static bool remember(struct seen *s, uint64_t h)
{
	if (2 * s->n >= s->cap && !grow(s))
		return false;
	put(s->v, s->cap, h);
	s->n++;
	return true;
}

/* --- batches -------------------------------------------------------------- */

static int end_batch(struct lister *w)
{
	struct import *i = w->i;
	int rc = 0;

	if (w->begun && i->dry_run)
		ledger_rollback(i->in.ledger);
	else if (w->begun)
		rc = ledger_commit(i->in.ledger);
	w->begun = false;
	w->in_batch = 0;
	return rc ? env_db_failed(i->in.env->db) : 0;
}

static int begin_batch(struct lister *w)
{
	if (w->begun)
		return 0;
	if (ledger_begin(w->i->in.ledger))
		return env_db_failed(w->i->in.env->db);
	w->begun = true;
	return 0;
}

/* Nothing of the batch is in; what is before it stays. */
static int give_up(struct lister *w, int status)
{
	if (w->begun)
		ledger_rollback(w->i->in.ledger);
	w->begun = false;
	say_hint("it ended in '%s'; import it again, what is in counts once",
		say_z(w->i->name));
	return status;
}

/* --- a row ---------------------------------------------------------------- */

/* A row with all that is made of it. */
struct entry {
	const struct list_row *row;
	struct address address;
	int64_t at, expires_at; /* 0: not known, never */
	struct list_sense sense;
	struct str scope;
};

/* Told as a mistake: false. */
static bool read_time(struct lister *w, const struct list_row *row,
	enum list_field field, int64_t *at)
{
	struct str s = row->field[field];

	*at = 0;
	if (!s.n || import_time(s, at))
		return true;
	list_mistake(w->i, row, "'%s' is no time (2026-11-23T08:00:00Z)",
		say_str(s));
	return false;
}

/* What our own CSV has in a column, without what it guards it with. */
static struct str unguarded(const struct lister *w, struct str s)
{
	bool guarded = (w->source.shape->flags & GUARDED) &&
		       w->source.kind == LIST_CSV;

	return guarded ? print_csv_unguard(s) : s;
}

static bool read_address(struct lister *w, struct entry *e)
{
	struct str given = unguarded(w, e->row->field[LIST_ADDRESS]);

	if (!given.n) {
		list_mistake(w->i, e->row, "there is no address");
		return false;
	}
	if (e->row->stray) {
		list_mistake(w->i, e->row,
			"text follows the quote that ends the address");
		return false;
	}
	if (print_hides(given)) {
		list_mistake(w->i, e->row,
			"'%s' has an invisible character: not taken",
			say_str(given));
		return false;
	}
	return import_address(w->i, given, e->row->line, &e->address) == 0;
}

static bool read_scope(struct lister *w, struct entry *e)
{
	e->scope = unguarded(w, e->row->field[LIST_SCOPE]);
	if (!print_hides(e->scope))
		return true;
	list_mistake(w->i, e->row,
		"the scope '%s' has an invisible character: not taken",
		say_str(e->scope));
	return false;
}

static bool is_suppressed_there(const struct lister *w, const struct entry *e)
{
	const struct list_shape *s = w->source.shape;
	struct str state = e->row->field[LIST_STATE];

	struct str rest = str_from(s->key), one;

	if (!(s->flags & NEEDS_STATE))
		return true;
	while (str_cut(&rest, ',', &one))
		if (str_ieq(state, one))
			return true;
	return !state.n && s->key[strlen(s->key) - 1] == ',';
}

/* What our own words and settings have against it; LISTED_NEW: nothing. */
static unsigned refuse(const struct lister *w, const struct entry *e)
{
	static const unsigned of[] = {
		[LIST_SOFT] = LIST_OUT_SOFT,
		[LIST_BLOCK] = LIST_OUT_BLOCK,
		[LIST_UNCLEAR] = LIST_OUT_UNCLEAR,
		[LIST_OVER] = LIST_OUT_OVER,
		[LIST_GOOD] = LIST_OUT_STATE,
		[LIST_UNKNOWN] = LIST_OUT_UNKNOWN,
	};

	const char *key = env_protects(w->i->in.env, e->address.key);

	if (!is_suppressed_there(w, e))
		return LIST_OUT_STATE;
	if (key)
		return *key == 'o' ? LIST_OUT_OWN : LIST_OUT_NEVER;
	if (e->row->field[LIST_EXPIRES].n && e->expires_at &&
		e->expires_at <= w->i->in.env->now &&
		e->sense.verdict != LIST_OVER)
		return LIST_OUT_ENDED;
	if (e->sense.verdict != LIST_SUPPRESSES)
		return of[e->sense.verdict];
	return LISTED_NEW;
}

/* A row that says nothing but "all of it". */
static void take_all_the_same(struct entry *e)
{
	e->sense.verdict = LIST_SUPPRESSES;
	e->sense.reason = REASON_MANUAL;
	e->expires_at = 0;
}

static bool read_entry(struct lister *w, struct entry *e)
{
	struct env *env = w->i->in.env;
	struct list_case c;

	if (!read_address(w, e) || !read_scope(w, e) ||
		!read_time(w, e->row, LIST_AT, &e->at) ||
		!read_time(w, e->row, LIST_EXPIRES, &e->expires_at))
		return false;
	if (e->at > env->now)
		e->at = env->now;
	c = (struct list_case){w->source.shape, e->row, e->address.domain,
		e->at, e->expires_at};
	e->sense = list_judge(&w->judge, &env->arena, &c);
	e->expires_at = e->sense.expires_at;
	if (e->sense.verdict == LIST_MISTAKE && !e->row->field[LIST_WORD].n) {
		list_mistake(w->i, e->row, "there is no reason");
		return false;
	}
	if (e->sense.verdict == LIST_MISTAKE) {
		list_mistake(w->i, e->row, "'%s' is no reason of %s",
			say_str(e->row->field[LIST_WORD]),
			w->source.shape->platform);
		return false;
	}
	if (w->i->all && e->sense.verdict != LIST_SUPPRESSES &&
		e->sense.verdict != LIST_GOOD)
		take_all_the_same(e);
	if (!e->scope.n) {
		bool wish = reason_class(e->sense.reason) == CLASS_COMPLAINT;

		e->scope = str_from(wish && w->i->stream ? w->i->stream : "*");
	}
	return true;
}

/* "ann: mailgun, list.csv:7: 550 No such user" */
static struct str note_of(struct lister *w, const struct entry *e)
{
	const struct str *f = e->row->field;
	struct str says = f[LIST_TEXT].n   ? f[LIST_TEXT]
			  : f[LIST_WORD].n ? f[LIST_WORD]
					   : f[LIST_CODE];
	char *buf = arena_alloc(&w->i->in.env->arena, 512), record[32] = "";
	int n;

	if (!buf)
		return STR_NULL;
	if (says.n > 160)
		says.n = 160;
	if (e->row->record)
		(void)snprintf(record, sizeof(record), " record %" PRIu64,
			e->row->record);
	n = snprintf(buf, 512, "%s: %s, %.120s:%" PRIu64 "%s%s" STR_FMT,
		w->user, w->source.shape->platform, w->i->name, e->row->line,
		record, says.n ? ": " : "", STR_ARG(says));
	return str_of(buf, n < 512 ? (size_t)n : 511);
}

/* Into the store. An exit status. */
static int put_entry(struct lister *w, const struct entry *e,
	struct ledger_listed_result *got)
{
	const struct ledger_listed listed = {
		.address_key = e->address.key,
		.seen = e->address.seen,
		.scope = e->scope,
		.reason = e->sense.reason,
		.bounce = e->sense.bounce,
		.since = e->at,
		.expires_at = e->expires_at,
		.provider = e->sense.provider,
		.rule = e->sense.rule,
		.evidence = e->sense.evidence,
		.note = note_of(w, e),
	};
	uint64_t h = hash(e->scope, e->address.key);
	struct import *i = w->i;
	int status = begin_batch(w);

	if (status)
		return status;
	if (ledger_listed_put(i->in.ledger, &listed, i->in.env->now, got))
		return give_up(w, env_db_failed(i->in.env->db));
	if (!i->dry_run || !listed_changes(got->fate))
		return 0;
	if (has(&w->seen, h)) {
		*got = (struct ledger_listed_result){.fate = LISTED_ALREADY};
	} else if (!remember(&w->seen, h)) {
		say("out of memory");
		return give_up(w, EX_OSERR);
	}
	return 0;
}

static int take(struct lister *w, const struct list_row *row)
{
	struct entry e = {.row = row};
	struct ledger_listed_result got = {.fate = LISTED_NEW};
	struct list_told t;
	int status;

	if (!read_entry(w, &e))
		return 0;
	t = (struct list_told){
		.line = row->line,
		.address = e.address.seen,
		.outcome = refuse(w, &e),
		.reason = e.sense.reason,
	};
	if (t.outcome == LISTED_NEW) {
		status = put_entry(w, &e, &got);
		if (status)
			return status;
		t.outcome = got.fate;
		t.at = got.at;
		t.incident_id = got.incident_id;
	}
	list_tell(w->i, &t);
	if (t.outcome == got.fate && listed_changes(got.fate) &&
		reason_class(t.reason) == CLASS_COMPLAINT &&
		str_eq(e.scope, (struct str)STR("*")))
		w->i->account.wide++;
	if (++w->in_batch < BATCH)
		return 0;
	status = end_batch(w);
	env_yield();
	return status;
}

/* --- a file --------------------------------------------------------------- */

static int take_rows(struct lister *w)
{
	struct list_row row;
	int got = 1, status = 0;

	got = list_open(&w->source, w->i, w->i->platform);
	while (got > 0 && !status && (got = list_next(&w->source, &row)) > 0) {
		status = take(w, &row);
		progress_at_file(w->i->file);
		env_forget(w->i->in.env);
	}
	if (!status)
		status = end_batch(w);
	return status ? status : got < 0 ? EX_NOINPUT : 0;
}

int list_run(struct import *i)
{
	struct lister *w = calloc(1, sizeof(*w));
	struct env *e = i->in.env;
	int status;

	if (!e->charset)
		e->charset = charset_new();
	if (!w || !e->charset) {
		say("out of memory");
		free(w);
		return EX_OSERR;
	}
	w->i = i;
	(void)snprintf(w->user, sizeof(w->user), STR_FMT, STR_ARG(env_user(e)));
	w->judge = (struct list_judge){
		.context = house_context(i->in.house, e->now),
		.policy = &house_ledger_settings(i->in.house)->policy,
		.now = e->now,
	};
	w->judge.context.ops = charset_ops(e->charset);
	status = take_rows(w);
	list_release(&w->source);
	free(w->seen.v);
	free(w);
	return status;
}
