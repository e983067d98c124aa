/* The claim comes first, and nothing is sent that was not written down as
 * being sent. */
#include "dispatch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arena.h"
#include "atomic.h"
#include "clock.h"
#include "ledger_trouble.h"
#include "log.h"
#include "post.h"
#include "report/mail.h"
#include "say.h"
#include "schedule.h"
#include "setback.h"
#include "trouble.h"

#define LEASE     600
#define FILE_MODE 0640

struct dispatch {
	const struct conf *conf;
	struct writer *writer;
	struct runner *runner;
	struct wake *wake;
	bool stays;
	struct db *db; /* NULL: to be opened */
	bool restored;
	struct arena arena;
	struct trouble troubles[DISPATCH_WAYS];
	/* The row as it was read or written last. */
	bool has;
	char text[DISPATCH_TEXT];
	struct dispatch_state state;
};

static struct trouble_teller teller(struct dispatch *d)
{
	return (struct trouble_teller){d->conf, d->writer, d->runner, d->wake};
}

static void failed(struct dispatch *d, enum dispatch_way way, const char *why,
	bool serious)
{
	struct trouble_teller by = teller(d);
	char what[64];

	snprintf(
		what, sizeof(what), "the report by %s", dispatch_way_word(way));
	/* Who does not stay cannot count failures. */
	trouble_failed(&d->troubles[way], &by, what, why, serious || !d->stays);
}

/* --- the row --- */

static int found_status(
	void *arg, struct str name, struct str value, int64_t at)
{
	struct dispatch *d = arg;

	(void)at;
	for (int w = 0; w < DISPATCH_WAYS && !d->restored; w++)
		trouble_restore(&d->troubles[w], name, value);
	if (!str_eq(name, str_from(DISPATCH_STATE)))
		return 0;
	d->has = true;
	snprintf(d->text, sizeof(d->text), STR_FMT, STR_ARG(value));
	return 0;
}

static int database_failed(struct dispatch *d)
{
	log_warn("report.failed", "error=%s",
		log_q(d->db && *db_error(d->db) ? db_error(d->db)
						: "out of memory"));
	db_close(d->db);
	d->db = NULL;
	return -1;
}

static int read_row(struct dispatch *d)
{
	d->has = false;
	d->text[0] = '\0';
	if (!d->db && db_open(d->conf->database, DB_READ, &d->db))
		return database_failed(d);
	if (query_status(d->db, found_status, d) < 0)
		return database_failed(d);
	d->restored = true;
	return 0;
}

struct swap {
	struct ledger_swap w;
	bool swapped;
};

static int swap_in_writer(struct ledger *l, void *arg)
{
	struct swap *s = arg;

	return ledger_status_swap(l, &s->w, time(NULL), &s->swapped);
}

/* 1: it is written; 0: somebody else was first; -1: it was logged. */
static int write_row(struct dispatch *d)
{
	char text[DISPATCH_TEXT], why[256];
	struct swap s = {
		.w = {DISPATCH_STATE, d->has ? d->text : NULL,
                      dispatch_state_write(&d->state, text)}
        };

	if (writer_call(d->writer, swap_in_writer, &s, why) != DB_OK) {
		log_warn("report.failed", "error=%s", log_q(why));
		return -1;
	}
	if (!s.swapped)
		return 0;
	d->has = true;
	memcpy(d->text, text, sizeof(text));
	return 1;
}

static bool note_step(
	struct dispatch *d, enum dispatch_way way, enum dispatch_step step)
{
	d->state.steps[way] = step;
	d->state.until = time(NULL) + LEASE;
	return write_row(d) > 0;
}

/* --- the ways --- */

struct sending {
	struct dispatch *dispatch;
	const struct report *report;
	char why[256];
};

static int fail(struct sending *s, const char *why)
{
	snprintf(s->why, sizeof(s->why), "%s", why);
	return -1;
}

static int write_file(
	struct sending *s, enum report_form form, const char *path)
{
	struct atomic *a = NULL;
	struct out *o = malloc(sizeof(*o));
	int rc = -1;

	if (!o || atomic_open(path, FILE_MODE, &a)) {
		fail(s, a ? atomic_error(a) : "out of memory");
	} else {
		out_init(o, atomic_fd(a));
		report_form_write(form, s->report, o);
		if (out_flush(o))
			snprintf(s->why, sizeof(s->why),
				"unable to write '%s': %s", say_z(path),
				strerror(o->error));
		else if (atomic_commit(a))
			fail(s, atomic_error(a));
		else
			rc = 0;
	}
	atomic_close(a);
	free(o);
	return rc;
}

static int to_folder(struct sending *s)
{
	char week[SCHEDULE_WEEK], path[4096];

	schedule_week_name(s->report->from, week);
	for (int f = 0; f < REPORT_FORMS; f++) {
		snprintf(path, sizeof(path), "%s/report-%s.%s",
			s->dispatch->conf->report.folder, week,
			report_form_suffix((enum report_form)f));
		if (write_file(s, (enum report_form)f, path))
			return -1;
	}
	return 0;
}

static int to_program(
	struct sending *s, enum report_form form, const struct conf_list *argv)
{
	const struct conf *conf = s->dispatch->conf;
	struct report_letter l = {&conf->report.to, conf->mail.from, NULL};
	struct str input;
	char id[64];
	int rc;

	snprintf(id, sizeof(id), "report-%" PRId64, s->dispatch->state.due);
	l.id = id;
	if (report_slurp(form, s->report, &l, &input))
		return fail(s, strerror(errno));
	rc = post_run(
		s->dispatch->runner, s->dispatch->wake, argv, input, s->why);
	free((char *)input.p);
	return rc;
}

static int to_command(struct sending *s)
{
	const struct conf *conf = s->dispatch->conf;

	return to_program(s, (enum report_form)conf->report.command_format,
		&conf->report.command);
}

static int to_mail(struct sending *s)
{
	return to_program(s, REPORT_MAIL, &s->dispatch->conf->mail.sendmail);
}

static int (*const ways[])(struct sending *s) = {
	[DISPATCH_FOLDER] = to_folder,
	[DISPATCH_COMMAND] = to_command,
	[DISPATCH_MAIL] = to_mail,
};

/* --- sending --- */

static void sent(struct dispatch *d, enum dispatch_way way)
{
	struct trouble_teller by = teller(d);
	char name[64], due[32];

	snprintf(name, sizeof(name), "report.%s.sent", dispatch_way_word(way));
	snprintf(due, sizeof(due), "%" PRId64, d->state.due);
	(void)!trouble_note(&by, name, due);
	log_info("report.sent", "way=%s due=%s", dispatch_way_word(way), due);
	trouble_over(&d->troubles[way], &by);
}

enum sending_result {
	SENT,
	FAILED,  /* which was told: the others go on */
	STRANDED /* what became of it could not be written down */
};

static enum sending_result send_by(
	struct dispatch *d, enum dispatch_way way, struct sending *s)
{
	int rc;

	if (!note_step(d, way, STEP_SENDING))
		return STRANDED;
	rc = ways[way](s);
	/* Its program was ended with us: nobody knows how far it came. */
	if (rc && way != DISPATCH_FOLDER && wake_stopped(d->wake))
		return STRANDED;
	if (!note_step(d, way, rc ? STEP_DUE : STEP_SENT))
		return STRANDED;
	if (rc)
		failed(d, way, s->why, false);
	else
		sent(d, way);
	return rc ? FAILED : SENT;
}

static bool may_try(const struct dispatch *d, int way)
{
	return d->state.steps[way] == STEP_DUE &&
	       d->troubles[way].retry_at <= clock_ms();
}

static bool may_try_any(const struct dispatch *d)
{
	for (int w = 0; w < DISPATCH_WAYS; w++)
		if (may_try(d, w))
			return true;
	return false;
}

static int send_all(struct dispatch *d)
{
	struct report r = {.now = time(NULL)};
	struct sending s = {.dispatch = d, .report = &r};
	enum sending_result result = SENT;
	int rc = 1;

	schedule_week(d->state.due, &r.from, &r.to);
	if (report_load(d->db, &d->arena, d->conf, &r) || d->arena.full)
		rc = database_failed(d);
	for (int w = 0; d->db && result != STRANDED && w < DISPATCH_WAYS; w++) {
		if (!may_try(d, w) || wake_stopped(d->wake))
			continue;
		result = send_by(d, (enum dispatch_way)w, &s);
		if (result != SENT)
			rc = -1;
	}
	arena_reset(&d->arena, 0);
	d->state.until = 0;
	return write_row(d) < 0 ? -1 : rc;
}

/* --- what went wrong before --- */

static void tell_lost(struct dispatch *d, const struct dispatch_state *was)
{
	for (int w = 0; w < DISPATCH_WAYS; w++) {
		enum dispatch_way way = (enum dispatch_way)w;
		bool ended =
			was->steps[w] == STEP_SENDING && w != DISPATCH_FOLDER;

		d->troubles[w].no_retry = ended;
		if (ended)
			failed(d, way,
				"it is not known whether the last one left: "
				"the process was ended meanwhile; 'bouncewatch "
				"report --send' sends it again",
				true);
		if (was->due < d->state.due && was->steps[w] == STEP_DUE)
			log_warn("report.given-up",
				"way=%s due=%" PRId64
				" hint=\"the next one is due\"",
				dispatch_way_word(way), was->due);
	}
}

int dispatch_look(struct dispatch *d)
{
	struct dispatch_state was = {0};
	enum dispatch_look look;
	int rc;

	if (read_row(d))
		return -1;
	/* What nobody can read is as if it was not there. */
	look = dispatch_judge(d->conf,
		d->has && dispatch_state_parse(str_from(d->text), &was), &was,
		time(NULL), &d->state);
	if (look == LOOK_NOTHING || (look == LOOK_CLAIM && !may_try_any(d)))
		return 0;
	rc = write_row(d);
	if (rc <= 0)
		return rc;
	tell_lost(d, &was);
	return look == LOOK_CLAIM ? send_all(d) : 0;
}

int64_t dispatch_retry_at(const struct dispatch *d)
{
	int64_t at = 0;

	for (int w = 0; w < DISPATCH_WAYS; w++)
		if (d->state.steps[w] == STEP_DUE &&
			(!at || d->troubles[w].retry_at < at))
			at = d->troubles[w].retry_at;
	return at;
}

struct dispatch *dispatch_new(const struct conf *conf, struct writer *writer,
	struct runner *runner, struct wake *wake, bool stays)
{
	struct dispatch *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->conf = conf;
	d->writer = writer;
	d->runner = runner;
	d->wake = wake;
	d->stays = stays;
	arena_init(&d->arena, 0);
	for (int w = 0; w < DISPATCH_WAYS; w++)
		snprintf(d->troubles[w].name, sizeof(d->troubles[w].name),
			"report.%s", dispatch_way_word((enum dispatch_way)w));
	return d;
}

void dispatch_free(struct dispatch *d)
{
	if (!d)
		return;
	db_close(d->db);
	arena_release(&d->arena);
	free(d);
}
