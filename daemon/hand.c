/*
 * What a person decides wins over policy, so it is written down with who and
 * why. Addresses that the configuration protects cannot be suppressed by hand
 * either: the list of never_suppress is somebody's decision, too.
 *
 * A file is done in transactions of a few thousand: one for each address waits
 * for the disk each time, one for all keeps the daemon waiting. To do it again
 * after it was cut off changes only what was not done.
 */
#include "hand.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "csv.h"
#include "ingest.h"
#include "lines.h"
#include "no_text.h"
#include "print.h"
#include "progress.h"
#include "say.h"

#define BATCH    2000u
#define TOLD_MAX 20u

struct work {
	const struct hand *hand;
	struct env *env;
	struct ledger *ledger;
	struct str note, scope;
	int status; /* of addresses that could not be done */
	/* Of a file: */
	FILE *file;
	const char *name;

	struct counts {
		uint64_t changed, already;
		uint64_t idle;   /* released without having been suppressed */
		uint64_t purged; /* released, and in no delta */
	} done, batch;           /* batch: not committed yet */

	uint64_t wrong, doubtful, line;
	size_t in_batch;
	bool begun;
};

/* A release of what could be mailed before. */
static bool is_idle(const struct work *w, const struct ledger_handed *did)
{
	return w->hand->state == STATE_RELEASED && did->changed &&
	       (did->was == STATE_ABSENT || did->was == STATE_RELEASED);
}

/* What an export of changes cannot tell its reader. */
static bool is_untold(const struct work *w, const struct ledger_handed *did)
{
	return w->hand->state == STATE_RELEASED && did->purged &&
	       did->was == STATE_SUPPRESSED;
}

static void tell(
	const struct work *w, struct str seen, const struct ledger_handed *did)
{
	struct out *o = w->env->out;
	bool changed = did->changed;

	print_visible(o, seen);
	out_printf(
		o, ": %s%s", changed ? "" : "was ", state_word(w->hand->state));
	if (w->hand->scope) {
		out_z(o, " in ");
		print_visible(o, w->scope);
	}
	out_z(o, !changed          ? " already\n"
		 : is_idle(w, did) ? " (it was not suppressed)\n"
				   : "\n");
	if (is_untold(w, did))
		say("'%s' was forgotten (db purge): no export --since-last "
		    "names it but one of hashes, so take it off by hand where "
		    "it was exported",
			say_str(seen));
}

static const char *protecting(const struct work *w, struct str key)
{
	return w->hand->state == STATE_SUPPRESSED ? env_protects(w->env, key)
						  : NULL;
}

static struct ledger_hand hand_of(const struct work *w, const struct address *a)
{
	return (struct ledger_hand){
		a->key, a->seen, w->scope, w->hand->state, w->note};
}

static const char *config_of(const struct env *e)
{
	return say_z(e->conf.path ? e->conf.path : e->config);
}

/* 0, or the exit status of what ends the work. */
static int change(struct work *w, const char *given)
{
	struct env *e = w->env;
	const char *key;
	struct ledger_hand by;
	struct address a;
	struct ledger_handed did;
	int status = env_address(e, str_from(given), &a);

	if (status) {
		w->status = status;
		return status == EX_DATAERR ? 0 : status;
	}
	if (print_hides(str_from(given))) {
		say("'%s' has an invisible character: not done", say_z(given));
		w->status = EX_DATAERR;
		return 0;
	}
	key = protecting(w, a.key);
	if (key) {
		say("'%s' stays as it is: '%s:' in %s names it",
			say_str(a.seen), key, config_of(e));
		w->status = EX_DATAERR;
		return 0;
	}
	by = hand_of(w, &a);
	if (ledger_hand(w->ledger, &by, e->now, &did))
		return env_db_failed(e->db);
	tell(w, a.seen, &did);
	env_tell_doubt(
		"", a.seen, address_doubt(a.flags), state_word(w->hand->state));
	return 0;
}

static int change_all(struct work *w, int argc, char **argv)
{
	int status = 0;

	for (int i = 0; !status && i < argc; i++)
		status = change(w, argv[i]);
	return status;
}

/* --- of a file ------------------------------------------------------------ */

__attribute__((format(printf, 2, 3))) static void mistake(
	struct work *w, const char *format, ...)
{
	char text[512];
	va_list ap;

	w->status = EX_DATAERR;
	if (w->wrong == TOLD_MAX)
		say("%s: more mistakes are counted, not shown", say_z(w->name));
	if (++w->wrong > TOLD_MAX)
		return;
	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	progress_hide();
	say("%s:%" PRIu64 ": %s", say_z(w->name), w->line, text);
}

static int end_batch(struct work *w)
{
	int rc = w->begun ? ledger_commit(w->ledger) : 0;

	w->begun = false;
	if (rc) {
		ledger_rollback(w->ledger);
		return env_db_failed(w->env->db);
	}
	w->done.changed += w->batch.changed;
	w->done.already += w->batch.already;
	w->done.idle += w->batch.idle;
	w->done.purged += w->batch.purged;
	w->batch = (struct counts){0};
	w->in_batch = 0;
	return 0;
}

/* Inside a batch, which is begun when it must be. */
static int put(struct work *w, const struct address *a)
{
	const struct ledger_hand by = hand_of(w, a);
	struct ledger_handed did;
	int status;

	if (!w->begun && ledger_begin(w->ledger))
		return env_db_failed(w->env->db);
	w->begun = true;
	if (ledger_hand_put(w->ledger, &by, w->env->now, &did)) {
		w->begun = false;
		ledger_rollback(w->ledger);
		return env_db_failed(w->env->db);
	}
	w->batch.changed += did.changed && !is_idle(w, &did);
	w->batch.idle += is_idle(w, &did);
	w->batch.already += !did.changed;
	w->batch.purged += is_untold(w, &did);
	if (++w->in_batch < BATCH)
		return 0;
	status = end_batch(w);
	env_yield();
	return status;
}

static void tell_doubt(struct work *w, const struct address *a)
{
	enum address_doubt doubt = address_doubt(a->flags);
	char where[512];

	if (!doubt || ++w->doubtful > TOLD_MAX)
		return;
	(void)snprintf(where, sizeof(where), "%s:%" PRIu64 ": ", say_z(w->name),
		w->line);
	env_tell_doubt(where, a->seen, doubt, state_word(w->hand->state));
}

static int change_row(struct work *w, struct str given)
{
	enum address_error wrong;
	const char *key;
	struct address a;

	if (print_hides(given)) {
		mistake(w, "'%s' has an invisible character: not done",
			say_str(given));
		return 0;
	}
	wrong = env_address_parse(w->env, given, &a);
	if (wrong == ADDRESS_NO_MEMORY) {
		say("out of memory");
		return EX_OSERR;
	}
	if (wrong) {
		mistake(w, "'%s' is no address: it %s", say_str(given),
			address_error_text(wrong));
		return 0;
	}
	key = protecting(w, a.key);
	if (key) {
		mistake(w, "'%s' stays as it is: '%s:' in %s names it",
			say_str(a.seen), key, config_of(w->env));
		return 0;
	}
	tell_doubt(w, &a);
	return put(w, &a);
}

static int unreadable(const struct work *w)
{
	say("unable to read '%s': %s", say_z(w->name), strerror(errno));
	return EX_NOINPUT;
}

/* Nothing of it is taken. */
static int no_list(const struct work *w, struct str why)
{
	say("'%s' is no list: %s", say_z(w->name), say_str(why));
	return EX_DATAERR;
}

static int change_lines(struct work *w)
{
	struct lines *l = malloc(sizeof(*l));
	enum lines_result got = LINES_END;
	int status = 0;

	if (!l) {
		say("out of memory");
		return EX_OSERR;
	}
	lines_init(l, w->file);
	while (!status && (got = lines_next(l)) != LINES_END) {
		w->line = l->line;
		progress_at(w->line);
		if (got == LINES_ERROR)
			status = unreadable(w);
		else if (got == LINES_NO_TEXT)
			status = no_list(w, l->text);
		else if (got == LINES_LONG)
			mistake(w, "the line is too long for an address");
		else
			status = change_row(w, l->text);
		env_forget(w->env);
	}
	free(l);
	return status;
}

/* A row behind the head. */
static int change_csv_row(
	struct work *w, struct csv *c, enum csv_result got, int column)
{
	w->line = c->line;
	progress_at(w->line);
	if (got == CSV_ERROR)
		return unreadable(w);
	if (got == CSV_LONG)
		mistake(w, "the row is too long for a CSV file");
	else if (got == CSV_OPEN)
		mistake(w, "a quote is opened and never closed");
	else if (!csv_field(c, column).p)
		mistake(w, "the row has no column '%s'", say_z(w->hand->csv));
	else if (csv_is_stray(c, column))
		mistake(w, "text follows the quote that ends the address");
	else
		return change_row(w, str_trim(csv_field(c, column)));
	return 0;
}

static const char *why_no_text(const struct csv *head)
{
	struct str first = csv_field(head, 0);

	return no_text(first.p, first.n);
}

static int change_csv(struct work *w)
{
	enum csv_result got;
	struct csv c;
	int column = -1, status = 0;

	csv_init(&c, w->file, 0);
	got = csv_next(&c);
	if (got == CSV_ROW)
		column = csv_column(&c, w->hand->csv);
	w->line = c.line;
	if (got == CSV_ERROR)
		status = unreadable(w);
	else if (column < 0 && why_no_text(&c))
		status = no_list(w, str_from(why_no_text(&c)));
	else if (column < 0)
		mistake(w, "the head has no column '%s'", say_z(w->hand->csv));
	while (!status && column >= 0 && got != CSV_OPEN &&
		(got = csv_next(&c)) != CSV_END) {
		status = change_csv_row(w, &c, got, column);
		env_forget(w->env);
	}
	csv_release(&c);
	return status;
}

static int change_file(struct work *w)
{
	const char *path = w->hand->file;
	bool is_stdin = !strcmp(path, "-");
	int status, end;

	w->name = is_stdin ? "standard input" : path;
	w->file = is_stdin ? stdin : fopen(path, "re");
	if (!w->file) {
		say("unable to open '%s': %s", say_z(path), strerror(errno));
		return EX_NOINPUT;
	}
	progress_start("lines", 0);
	status = w->hand->csv ? change_csv(w) : change_lines(w);
	progress_end();
	end = end_batch(w);
	if (!is_stdin)
		(void)fclose(w->file);
	say("%s %" PRIu64 " addresses; %" PRIu64 " were so already, %" PRIu64
	    " could not be",
		state_word(w->hand->state), w->done.changed, w->done.already,
		w->wrong);
	if (w->done.idle)
		say_hint("%" PRIu64 " more were not suppressed; their release "
			 "holds against bounces that are under way",
			w->done.idle);
	if (w->doubtful > TOLD_MAX)
		say_hint("%" PRIu64 " in all may reach somebody else than who "
			 "is meant; the first were told",
			w->doubtful);
	if (w->done.purged)
		say_hint("%" PRIu64 " of them were forgotten (db purge): no "
			 "export --since-last names these, so take them off by "
			 "hand where they were exported",
			w->done.purged);
	if ((status && status != EX_DATAERR) || end)
		say_hint("it ended before its end; what is done counts, do it "
			 "again for the rest");
	return status ? status : end;
}

/* --- both ----------------------------------------------------------------- */

size_t hand_note(struct env *e, const char *reason, char *buf, size_t size)
{
	int n = snprintf(
		buf, size, STR_FMT ": %s", STR_ARG(env_user(e)), reason);

	return (size_t)n < size ? (size_t)n : size - 1;
}

static int check_usage(const struct hand *h, int argc)
{
	if (h->file && argc)
		return cmd_usage(
			h->cmd, "it is either addresses or a --file of them");
	if (!h->file && h->csv)
		return cmd_usage(h->cmd, "--csv goes with --file");
	if (!h->file && !argc)
		return cmd_usage(h->cmd,
			"name at least one address, or a --file of them");
	if (!h->reason || !str_trim(str_from(h->reason)).n)
		return cmd_usage(
			h->cmd, "say why: --reason='asked for it by phone'");
	return 0;
}

int hand_run(const struct hand *h, struct env *e, int argc, char **argv)
{
	struct work w = {.hand = h, .env = e};
	struct hand from_stdin = *h;
	struct house *house;
	char note[1024];
	int status;

	if (argc == 1 && !strcmp(argv[0], "-") && !h->file) {
		from_stdin.file = "-";
		w.hand = h = &from_stdin;
		argc = 0;
	}
	status = check_usage(h, argc);

	if (status)
		return status;
	if (h->scope && !*h->scope)
		return cmd_usage(h->cmd, "--scope is empty: name an account or "
					 "a stream, or leave it out");
	if (h->scope && print_hides(str_from(h->scope)))
		return cmd_usage(h->cmd, "--scope has an invisible character");
	house = house_new(&e->conf);
	if (!house)
		return EX_CONFIG;
	w.note = str_of(note, hand_note(e, h->reason, note, sizeof(note)));
	w.scope = h->scope ? str_from(h->scope) : (struct str)STR("*");
	if (ledger_open(e->db, house_ledger_settings(house), &w.ledger))
		status = env_db_failed(e->db);
	else
		status = h->file ? change_file(&w) : change_all(&w, argc, argv);
	ledger_close(w.ledger);
	house_free(house);
	return status ? status : w.status;
}
