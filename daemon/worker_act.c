/*
 * After the commit: what the configuration wants done on the server. What
 * cannot be done stays recorded as not done and is tried again at the next
 * session and at each full look; the record itself is safe in any case.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "worker_private.h"

/*
 * Mails of one MOVE or COPY. Few, since a server goes on with what it was told
 * when its client has left: who came back meanwhile would find mails in the
 * folder still, and put second copies beside those under way. So none is begun
 * after a stop, and the answer of one comes within the stop's grace.
 */
#define PART 500u

int worker_add_due(struct worker *w, struct due d)
{
	if (w->due_n == w->due_cap) {
		size_t cap = w->due_cap ? w->due_cap * 2 : 256;
		struct due *grown = realloc(w->due, cap * sizeof(*grown));

		if (!grown)
			return -1;
		w->due = grown;
		w->due_cap = cap;
	}
	w->due[w->due_n++] = d;
	return 0;
}

struct pending {
	int64_t mailbox;
	struct ledger_pending *v;
	size_t n;
};

static int ask_pending(struct ledger *l, void *arg)
{
	struct pending *p = arg;

	return ledger_pending(l, p->mailbox, &p->v, &p->n);
}

enum imap_rc worker_load_due(struct worker *w)
{
	struct pending p = {w->mailbox, NULL, 0};
	enum imap_rc rc = worker_ask(w, ask_pending, &p);

	w->due_n = 0;
	for (size_t i = 0; i < p.n && rc == IMAP_OK; i++) {
		struct due d = {p.v[i].uid, p.v[i].state, p.v[i].class};

		if (worker_add_due(w, d) < 0) {
			snprintf(w->why, sizeof(w->why), "out of memory");
			rc = IMAP_BOX_BAD;
		}
	}
	free(p.v);
	return rc;
}

const struct conf_after *worker_after(
	const struct conf_account *a, enum verdict_class class)
{
	switch (class) {
	case CLASS_COMPLAINT:
		return &a->after.complaint;
	case CLASS_REPLY:
		return &a->after.reply;
	case CLASS_NONE:
		return &a->after.none;
	case CLASS_UNKNOWN:
		return &a->after.unknown;
	default:
		return &a->after.bounce;
	}
}

static bool is_same(const struct conf_after *a, const struct conf_after *b)
{
	const char *x = a->folder ? a->folder : "";
	const char *y = b->folder ? b->folder : "";

	return a->verb == b->verb && strcmp(x, y) == 0;
}

/* UIDs that get the same treatment, ascending. */
struct group {
	uint32_t *uids;
	size_t n;
};

struct marking {
	int64_t mailbox;
	const uint32_t *uids;
	size_t n;
	enum uid_state state;
};

static int mark_in_ledger(struct ledger *l, void *arg)
{
	const struct marking *m = arg;

	return ledger_mark(l, m->mailbox, m->uids, m->n, m->state);
}

static enum imap_rc mark(
	struct worker *w, const uint32_t *uids, size_t n, enum uid_state state)
{
	struct marking m = {w->mailbox, uids, n, state};

	return n ? worker_ask(w, mark_in_ledger, &m) : IMAP_OK;
}

static const char *verb_of(const struct conf_after *rule)
{
	return rule->verb == AFTER_MOVE ? "move" : "flag";
}

/* A NO ends this action for now, not the session. */
static enum imap_rc judge(struct worker *w, const struct conf_after *rule,
	size_t n, enum imap_rc rc)
{
	if (rc != IMAP_MSG_BAD && rc != IMAP_BOX_BAD)
		return rc == IMAP_OK ? IMAP_OK : worker_failed(w, rc);
	log_warn("action.refused",
		"mailbox=%s action=%s folder=%s mails=%zu error=%s "
		"hint=\"the mails are recorded; it is tried again\"",
		log_q(w->label), verb_of(rule),
		log_q(rule->folder ? rule->folder : ""), n,
		log_q(imap_error(w->im)));
	return IMAP_MSG_BAD;
}

static enum imap_rc flag(struct worker *w, const struct conf_after *rule,
	const uint32_t *uids, size_t n)
{
	const char *name = rule->folder ? rule->folder : "\\Seen";
	enum imap_rc rc;

	if (!imap_keeps_flag(w->im, name)) {
		log_warn("action.impossible",
			"mailbox=%s flag=%s mails=%zu hint=\"the server does "
			"not keep this flag in this folder; choose another in "
			"after:\"",
			log_q(w->label), log_q(name), n);
		return IMAP_MSG_BAD;
	}
	rc = judge(w, rule, n, imap_flag(w->im, uids, n, name));
	return rc == IMAP_OK ? mark(w, uids, n, UID_DONE) : rc;
}

/* The last part of a move without MOVE: what was copied goes. */
static enum imap_rc remove_copied(struct worker *w,
	const struct conf_after *rule, const uint32_t *uids, size_t n)
{
	enum imap_rc rc;

	rc = judge(w, rule, n, imap_flag(w->im, uids, n, "\\Deleted"));
	/* Without UIDPLUS it stays, marked: a plain EXPUNGE would remove what
	 * others have marked, too. */
	if (rc == IMAP_OK && imap_can(w->im, IMAP_CAN_UIDPLUS))
		rc = judge(w, rule, n, imap_expunge(w->im, uids, n));
	return rc == IMAP_OK ? mark(w, uids, n, UID_DONE) : rc;
}

static enum imap_rc copy_and_remove(struct worker *w,
	const struct conf_after *rule, const uint32_t *uids, size_t n)
{
	enum imap_rc rc;

	rc = judge(w, rule, n, imap_copy(w->im, uids, n, rule->folder));
	/* COPY repeated would be a second copy: note it first. */
	if (rc == IMAP_OK)
		rc = mark(w, uids, n, UID_COPIED);
	return rc == IMAP_OK ? remove_copied(w, rule, uids, n) : rc;
}

static enum imap_rc move_part(struct worker *w, const struct conf_after *rule,
	const uint32_t *uids, size_t n)
{
	enum imap_rc rc;

	if (!imap_can(w->im, IMAP_CAN_MOVE))
		return copy_and_remove(w, rule, uids, n);
	rc = judge(w, rule, n, imap_move(w->im, uids, n, rule->folder));
	return rc == IMAP_OK ? mark(w, uids, n, UID_DONE) : rc;
}

static enum imap_rc move(struct worker *w, const struct conf_after *rule,
	const uint32_t *uids, size_t n)
{
	enum imap_rc rc = IMAP_OK;

	/* What is left at a stop is to do at the next start. */
	for (size_t i = 0; i < n && rc == IMAP_OK && !wake_stopped(&w->wake);
		i += PART)
		rc = move_part(w, rule, uids + i, n - i < PART ? n - i : PART);
	return rc;
}

static bool is_allowed(struct worker *w)
{
	if (!w->box.readonly)
		return true;
	if (!w->readonly_told)
		log_warn("action.impossible",
			"mailbox=%s hint=\"the server opens this folder "
			"read-only for user %s: mails are recorded and stay "
			"where they are\"",
			log_q(w->label), log_q(w->account->user));
	w->readonly_told = true;
	return false;
}

static enum imap_rc apply(struct worker *w, const struct conf_after *rule,
	enum uid_state state, const uint32_t *uids, size_t n)
{
	if (n == 0)
		return IMAP_OK;
	if (rule->verb != AFTER_KEEP && !is_allowed(w))
		return IMAP_MSG_BAD;
	switch (rule->verb) {
	case AFTER_FLAG:
		return flag(w, rule, uids, n);
	case AFTER_MOVE:
		return state == UID_COPIED ? remove_copied(w, rule, uids, n)
					   : move(w, rule, uids, n);
	case AFTER_KEEP:
		break;
	}
	return mark(w, uids, n, UID_DONE);
}

static int by_uid(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static enum imap_rc apply_to_all(struct worker *w,
	const struct conf_after *rule, enum uid_state state, uint32_t *uids)
{
	enum imap_rc rc;
	size_t n = 0;

	for (size_t i = 0; i < w->due_n; i++) {
		const struct due *d = &w->due[i];

		if (d->state == state &&
			is_same(worker_after(w->account, d->class), rule))
			uids[n++] = d->uid;
	}
	qsort(uids, n, sizeof(*uids), by_uid);
	rc = apply(w, rule, state, uids, n);
	return rc == IMAP_MSG_BAD ? IMAP_OK : rc;
}

enum imap_rc worker_act(struct worker *w)
{
	static const enum uid_state states[] = {UID_COPIED, UID_RECORDED};
	const struct conf_after *rules[] = {&w->account->after.bounce,
		&w->account->after.complaint, &w->account->after.reply,
		&w->account->after.none, &w->account->after.unknown};
	enum imap_rc rc = IMAP_OK;
	uint32_t *uids;

	if (w->due_n == 0)
		return IMAP_OK;
	uids = malloc(w->due_n * sizeof(*uids));
	if (!uids) {
		snprintf(w->why, sizeof(w->why), "out of memory");
		return IMAP_BOX_BAD;
	}
	for (size_t i = 0; i < 10 && rc == IMAP_OK; i++) {
		const struct conf_after *rule = rules[i / 2];
		bool done = false;

		for (size_t j = 0; j < i / 2; j++)
			done = done || is_same(rules[j], rule);
		if (!done)
			rc = apply_to_all(w, rule, states[i % 2], uids);
	}
	free(uids);
	w->due_n = 0;
	return rc;
}
