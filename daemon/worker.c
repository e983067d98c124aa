/*
 * A folder's life, as a loop of sessions. Everything that ends a session is
 * an imap_rc, and its value alone says when the next one begins; no failure
 * of one folder reaches another, and none ends the daemon.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "clock.h"
#include "log.h"
#include "setback.h"
#include "worker_private.h"

#define STACK_SIZE (8u << 20) /* libetpan's parser recurses */
#define STEADY_MS  60000      /* a session that lived so long was no failure */
#define FRUITLESS  5          /* wakes in a row without news, until a pause */
#define ONCE_LOOKS 2          /* more in one pass, for what was left */
#define ONCE_TRIES 12         /* sessions of one pass */

/* --- small things --- */

enum imap_rc worker_ask(struct worker *w, writer_fn *fn, void *arg)
{
	char why[256];

	if (writer_call(w->shared->writer, fn, arg, why) == DB_OK)
		return IMAP_OK;
	snprintf(w->why, sizeof(w->why), "the database: %s", why);
	return IMAP_BOX_BAD;
}

enum imap_rc worker_failed(struct worker *w, enum imap_rc rc)
{
	snprintf(w->why, sizeof(w->why), "%s", imap_error(w->im));
	return rc;
}

static const char *const state_words[] = {
	[WORKER_STARTING] = "connecting",
	[WORKER_READY] = "ready",
	[WORKER_LOOKING] = "fetching",
	[WORKER_TROUBLE] = "waiting to try again",
	[WORKER_ENDED] = "stopped",
};

struct telling {
	const struct worker *worker;
	const char *what, *value;
};

static int tell_ledger(struct ledger *l, void *arg)
{
	const struct telling *t = arg;
	char name[200];

	snprintf(
		name, sizeof(name), "mailbox.%s.%s", t->worker->label, t->what);
	return ledger_status(l, name, t->value, time(NULL));
}

/* `status` reads it. That it cannot be told is no reason to stop. */
static void tell(struct worker *w, const char *what, const char *value)
{
	struct telling t = {w, what, value};
	char why[256];

	(void)writer_call(w->shared->writer, tell_ledger, &t, why);
}

void worker_set_state(struct worker *w, enum worker_state state)
{
	if ((int)state == atomic_load(&w->state))
		return;
	atomic_store(&w->state, (int)state);
	if (!w->once)
		tell(w, "state", state_words[state]);
	if (w->shared->main)
		wake_poke(w->shared->main);
}

enum worker_state worker_state(const struct worker *w)
{
	return (enum worker_state)atomic_load(&w->state);
}

const char *worker_label(const struct worker *w)
{
	return w->label;
}

/* The same for the report. A connection that was lost once is no trouble. */
static void tell_setback(struct worker *w, bool at_once)
{
	char what[200];

	if (!at_once && w->backoff.failures < 2)
		return;
	snprintf(what, sizeof(what), "mailbox %s", w->label);
	setback_tell(w->shared->writer, what, w->why, true);
	w->set_back = true;
}

static void tell_recovery(struct worker *w)
{
	char what[200];

	if (!w->set_back)
		return;
	snprintf(what, sizeof(what), "mailbox %s", w->label);
	setback_over(w->shared->writer, what);
	w->set_back = false;
}

/* --- a session --- */

static void free_session(struct worker *w)
{
	imap_free(w->im);
	w->im = NULL;
}

static enum imap_rc connect_and_login(struct worker *w)
{
	const struct conf_account *a = w->account;
	struct imap_settings s = {
		.host = a->host,
		.port = a->port,
		.tls = a->tls,
		.ca_file = a->ca_file,
		.user = a->user,
		.auth = a->auth,
		.label = w->label,
		.wake = &w->wake,
	};
	enum imap_rc rc;

	w->im = imap_new(&s);
	if (!w->im) {
		snprintf(w->why, sizeof(w->why), "out of memory");
		return IMAP_CONN_BAD;
	}
	rc = imap_connect(w->im);
	if (rc != IMAP_OK)
		return worker_failed(w, rc);
	/* Only now: a password agent is not asked for a server that is down. */
	if (secret_get(&w->secret, a, w->shared->runner, &w->wake, w->why,
		    sizeof(w->why)) < 0)
		return IMAP_CONN_BAD;
	rc = imap_login(w->im, w->secret.text);
	secret_clear(&w->secret);
	return rc == IMAP_OK ? IMAP_OK : worker_failed(w, rc);
}

struct epoch {
	const struct worker *worker;
	struct ledger_mailbox box;
};

static int ask_epoch(struct ledger *l, void *arg)
{
	struct epoch *e = arg;

	return ledger_mailbox(l, str_from(e->worker->account->name),
		str_from(e->worker->folder), e->worker->box.uidvalidity,
		&e->box);
}

/* Where this folder stands in the ledger. */
static enum imap_rc find_epoch(struct worker *w)
{
	struct epoch e = {.worker = w};
	enum imap_rc rc = worker_ask(w, ask_epoch, &e);

	if (rc != IMAP_OK)
		return rc;
	if (w->validity != w->box.uidvalidity)
		w->troubles_n = 0;
	w->validity = w->box.uidvalidity;
	w->mailbox = e.box.id;
	w->last = e.box.last_uid;
	if (e.box.other_epoch && w->last == 0)
		log_warn("mailbox.renumbered",
			"mailbox=%s uidvalidity=%u hint=\"the server has "
			"numbered the folder anew: all of it is read again, "
			"what is known does not count twice\"",
			log_q(w->label), w->box.uidvalidity);
	return IMAP_OK;
}

static enum imap_rc open_session(struct worker *w)
{
	enum imap_rc rc = connect_and_login(w);

	if (rc != IMAP_OK)
		return rc;
	rc = imap_select(w->im, w->folder, !w->acts, &w->box);
	if (rc != IMAP_OK)
		return worker_failed(w, rc);
	w->lane.broken = false;
	w->holes = false;
	worker_forget(w);
	return find_epoch(w);
}

static bool uses_idle(const struct worker *w)
{
	return w->account->idle > 0 && imap_can(w->im, IMAP_CAN_IDLE);
}

static void log_ready(const struct worker *w)
{
	log_info("mailbox.ready", "mailbox=%s host=%s mails=%u mode=%s",
		log_q(w->label), log_q(w->account->host), w->box.exists,
		uses_idle(w) ? "idle" : "poll");
}

/* What the wait keeps in mind. */
struct rest {
	bool idle;     /* IDLE works here */
	int fruitless; /* wakes in a row without news */
};

/* Wait for new mail, for at most ms. */
static enum imap_rc wait_for_news(struct worker *w, struct rest *r, int64_t ms)
{
	int64_t began = clock_ms();
	bool news = false;
	enum imap_rc rc;

	if (!r->idle) {
		int64_t poll = w->account->poll * 1000;

		(void)wake_sleep(&w->wake, ms < poll ? ms : poll);
		if (wake_stopped(&w->wake))
			return IMAP_OK;
		rc = imap_noop(w->im, &news);
		return rc == IMAP_OK ? IMAP_OK : worker_failed(w, rc);
	}
	if (ms > w->account->idle * 1000)
		ms = w->account->idle * 1000;
	rc = imap_idle(w->im, ms, &news);
	if (rc == IMAP_MSG_BAD) {
		log_warn("mailbox.no-idle",
			"mailbox=%s error=%s hint=\"the server refuses IDLE; "
			"looking every %lld s instead\"",
			log_q(w->label), log_q(imap_error(w->im)),
			(long long)w->account->poll);
		r->idle = false;
		return IMAP_OK;
	}
	if (rc != IMAP_OK)
		return worker_failed(w, rc);
	/* A server that keeps waking us for nothing is slowed down. */
	r->fruitless = news || clock_ms() - began > 1000 ? 0 : r->fruitless + 1;
	if (r->fruitless > FRUITLESS)
		(void)wake_sleep(&w->wake, 1000);
	return IMAP_OK;
}

static enum imap_rc keep_watching(struct worker *w)
{
	int64_t every = w->account->look * 1000;
	int64_t next = clock_ms() + every;
	struct rest r = {uses_idle(w), 0};
	enum imap_rc rc = IMAP_OK;

	while (rc == IMAP_OK && !wake_stopped(&w->wake)) {
		int64_t left = next - clock_ms();
		bool full = left <= 0;

		worker_set_state(w, WORKER_READY);
		if (!full)
			rc = wait_for_news(w, &r, left);
		wake_drain(&w->wake);
		if (rc != IMAP_OK || wake_stopped(&w->wake))
			break;
		if (full)
			next = clock_ms() + every;
		rc = worker_look(w, full);
	}
	return rc;
}

static enum imap_rc session(struct worker *w)
{
	enum imap_rc rc;

	w->ready_at = 0;
	w->progress = w->blamed = false;
	w->why[0] = '\0';
	worker_set_state(w, WORKER_STARTING);
	rc = open_session(w);
	if (rc == IMAP_OK) {
		wake_drain(&w->wake);
		rc = worker_load_due(w);
	}
	if (rc == IMAP_OK)
		rc = worker_act(w);
	if (rc == IMAP_OK)
		rc = worker_look(w, false);
	for (int i = 0; i < ONCE_LOOKS && w->once && w->left; i++)
		if (rc == IMAP_OK)
			rc = worker_look(w, false);
	if (rc != IMAP_OK || w->once)
		return rc;
	w->ready_at = clock_ms();
	log_ready(w);
	tell(w, "last_error", "");
	tell_recovery(w);
	return keep_watching(w);
}

/* --- the loop --- */

static const struct {
	enum backoff_kind kind;
	bool error; /* a person has to do something */
	const char *hint;
} troubles[] = {
	[IMAP_MSG_BAD] = {BACKOFF_LINK, false, "it is tried again"                    },
	[IMAP_BOX_BAD] = {BACKOFF_LINK, false,
			  "this folder is left for now; the others go on"             },
	[IMAP_CONN_BAD] = {BACKOFF_LINK, false, "it is tried again"                    },
	[IMAP_AUTH_BAD] = {BACKOFF_SLOW, true,
			  "check user, auth and the password or token of this account"},
	[IMAP_CONF_BAD] = {BACKOFF_SLOW, true,
			  "nothing was sent; mend this, then kill -HUP the daemon"    },
};

static void log_trouble(struct worker *w, enum imap_rc rc, int64_t wait_ms)
{
	(troubles[rc].error ? log_error : log_warn)("mailbox.trouble",
		"mailbox=%s host=%s error=%s retry_in=%llds hint=\"%s\"",
		log_q(w->label), log_q(w->account->host), log_q(w->why),
		(long long)(wait_ms + 999) / 1000, troubles[rc].hint);
}

static uint32_t chance(void)
{
	uint32_t r;

	if (getrandom(&r, sizeof(r), GRND_NONBLOCK) != (ssize_t)sizeof(r))
		r = (uint32_t)clock_ms() * 2654435761u;
	return r;
}

/* After a session: wait, unless told to stop or to look. */
static void pause_after(struct worker *w, enum imap_rc rc)
{
	bool slow = troubles[rc].kind == BACKOFF_SLOW;
	int64_t ms, end;

	if (w->ready_at && clock_ms() - w->ready_at > STEADY_MS)
		backoff_reset(&w->backoff);
	ms = backoff_next(&w->backoff, troubles[rc].kind, chance());
	log_trouble(w, rc, ms);
	tell(w, "last_error", w->why);
	tell_setback(w, slow);
	worker_set_state(w, WORKER_TROUBLE);
	end = clock_ms() + ms;
	wake_drain(&w->wake);
	/* A poke must not become a way to try refused passwords faster. */
	while (!wake_stopped(&w->wake) && clock_ms() < end) {
		if (wake_sleep(&w->wake, end - clock_ms()) && !slow)
			break;
		wake_drain(&w->wake);
	}
}

static void *run(void *arg)
{
	struct worker *w = arg;

	while (!wake_stopped(&w->wake)) {
		enum imap_rc rc = session(w);

		worker_forget(w);
		free_session(w);
		secret_clear(&w->secret);
		if (rc != IMAP_OK && !wake_stopped(&w->wake))
			pause_after(w, rc);
	}
	worker_set_state(w, WORKER_ENDED);
	return NULL;
}

enum imap_rc worker_once(struct worker *w)
{
	enum imap_rc rc = IMAP_CONN_BAD;
	bool again = true;

	w->once = true;
	for (int i = 0; i < ONCE_TRIES && again; i++) {
		rc = session(w);
		/* Another session may get past the mail that ended this one. */
		again = rc == IMAP_CONN_BAD && (w->blamed || w->progress);
		if (again && i + 1 < ONCE_TRIES)
			log_trouble(w, rc, 0);
		worker_forget(w);
		free_session(w);
	}
	if (rc != IMAP_OK)
		log_error("mailbox.trouble", "mailbox=%s host=%s error=%s",
			log_q(w->label), log_q(w->account->host),
			log_q(w->why));
	return rc == IMAP_OK && w->left ? IMAP_MSG_BAD : rc;
}

/* --- from outside --- */

static void learn_actions(struct worker *w)
{
	const struct conf_after *rules[] = {&w->account->after.bounce,
		&w->account->after.complaint, &w->account->after.reply,
		&w->account->after.none, &w->account->after.unknown};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		w->acts = w->acts || rules[i]->verb != AFTER_KEEP;
		w->moves = w->moves || rules[i]->verb == AFTER_MOVE;
	}
}

struct worker *worker_new(const struct worker_shared *shared,
	const struct conf_account *account, const char *folder)
{
	struct worker *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->shared = shared;
	w->account = account;
	w->folder = folder;
	w->chunk = WORKER_CHUNK;
	w->wake.fd = -1;
	atomic_init(&w->state, WORKER_STARTING);
	snprintf(w->label, sizeof(w->label), "%s/%s", account->name, folder);
	learn_actions(w);
	w->slots[0].batch = ingest_batch_new(shared->house);
	w->slots[1].batch = ingest_batch_new(shared->house);
	if (w->slots[0].batch && w->slots[1].batch &&
		secret_init(&w->secret) == 0 && wake_init(&w->wake) == 0)
		return w;
	worker_free(w);
	return NULL;
}

void worker_free(struct worker *w)
{
	if (!w)
		return;
	ingest_batch_free(w->slots[0].batch);
	ingest_batch_free(w->slots[1].batch);
	secret_release(&w->secret);
	wake_release(&w->wake);
	free(w->due);
	free(w);
}

int worker_start(struct worker *w)
{
	pthread_attr_t a;
	int error = pthread_attr_init(&a);

	if (!error)
		error = pthread_attr_setstacksize(&a, STACK_SIZE);
	if (!error)
		error = pthread_create(&w->thread, &a, run, w);
	pthread_attr_destroy(&a);
	w->threaded = error == 0;
	errno = error;
	return error ? -1 : 0;
}

void worker_poke(struct worker *w)
{
	wake_poke(&w->wake);
}

void worker_stop(struct worker *w)
{
	wake_stop(&w->wake);
}

bool worker_has_ended(struct worker *w)
{
	if (!w->threaded || w->joined)
		return true;
	if (worker_state(w) != WORKER_ENDED)
		return false;
	pthread_join(w->thread, NULL);
	w->joined = true;
	return true;
}
