/*
 * Catching up: list, take away what is known, fetch in chunks. A mail that
 * cannot be had must neither be lost in silence nor hold up the others: it is
 * fetched alone, a few times, and then recorded as gone or quarantined.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "log.h"
#include "setback.h"
#include "worker_private.h"

#define CHUNK_BYTES (16u << 20)
#define DUE_MAX     1000u
#define REFUSED_MAX 3u /* NOs, until a mail is given up */

enum outcome {
	OPEN,
	GOT,  /* fetched, or otherwise accounted for */
	LEFT, /* to be tried again at the next look */
};

struct look {
	struct worker *w;
	struct imap_list list;
	unsigned char *outcomes; /* enum outcome, for each of the list */
	uint32_t top;            /* the last UID that the server listed */
	size_t settled;          /* all before it are GOT */
	size_t got;              /* mails that came */
	bool failed;             /* w->why is set */
	char left_why[200];      /* of the first that was left */
};

/* The mails of one FETCH: n from the at-th of the list, all OPEN. */
struct chunk {
	struct look *look;
	size_t at, n;
	uint32_t limit; /* 0: whole mails */
	uint64_t bytes;
};

/* --- what is new --- */

struct known {
	int64_t mailbox;
	uint32_t *uids;
	size_t n;
};

static int ask_known(struct ledger *l, void *arg)
{
	struct known *k = arg;

	return ledger_uids(l, k->mailbox, &k->uids, &k->n);
}

/* Both are ascending: one walk. */
static void subtract(struct imap_list *l, const struct known *k)
{
	size_t kept = 0, j = 0;

	for (size_t i = 0; i < l->n; i++) {
		while (j < k->n && k->uids[j] < l->uid[i])
			j++;
		if (j < k->n && k->uids[j] == l->uid[i])
			continue;
		l->uid[kept] = l->uid[i];
		l->size[kept] = l->size[i];
		l->date[kept++] = l->date[i];
	}
	l->n = kept;
}

static enum imap_rc list_new(struct look *k, bool full)
{
	struct worker *w = k->w;
	struct known known = {w->mailbox, NULL, 0};
	bool all = full || w->moves;
	enum imap_rc rc;

	if (!all && w->last == UINT32_MAX)
		return IMAP_OK;
	rc = imap_list(w->im, all ? 1 : w->last + 1, &k->list);
	if (rc != IMAP_OK)
		return worker_failed(w, rc);
	if (k->list.n > 0)
		k->top = k->list.uid[k->list.n - 1];
	if (k->list.n == 0 || !(all || w->holes))
		return IMAP_OK;
	rc = worker_ask(w, ask_known, &known);
	if (rc == IMAP_OK)
		subtract(&k->list, &known);
	free(known.uids);
	return rc;
}

/* --- giving up --- */

/* That of the i-th mail of the list. */
static struct trouble *make_trouble(struct look *k, size_t i)
{
	return worker_trouble_make(k->w, k->list.uid[i], k->got > 0);
}

/* Left for the next look, which lists it again. */
static enum imap_rc leave(struct look *k, size_t i, const char *why)
{
	k->outcomes[i] = LEFT;
	k->w->holes = true;
	if (k->w->left++ == 0)
		snprintf(k->left_why, sizeof(k->left_why), "%s", why);
	return IMAP_OK;
}

static void tell_quarantined(struct worker *w, uint32_t uid, const char *why)
{
	char what[200], detail[400];

	log_warn("mail.quarantined",
		"mailbox=%s uid=%u error=%s hint=\"it stays in the folder and "
		"is not looked at again\"",
		log_q(w->label), uid, log_q(why));
	snprintf(what, sizeof(what), "mails of %s", w->label);
	snprintf(detail, sizeof(detail), "uid %u could not be read: %s", uid,
		why);
	setback_tell(w->shared->writer, what, detail, false);
}

static enum imap_rc give_up(
	struct look *k, size_t i, enum uid_state state, const char *why)
{
	uint32_t uid = k->list.uid[i];

	if (state == UID_QUARANTINED)
		tell_quarantined(k->w, uid, why);
	else
		log_debug("mail.gone", "mailbox=%s uid=%u", log_q(k->w->label),
			uid);
	worker_trouble_forget(k->w, uid);
	k->outcomes[i] = GOT;
	return worker_skip(k->w, uid, state) < 0 ? IMAP_BOX_BAD : IMAP_OK;
}

/*
 * A mail that could not be had so often. When nothing else came either, it is
 * the server, not the mail: nothing is given up for a bad day of a server.
 */
static enum imap_rc resolve_one(
	struct look *k, size_t i, bool often, const char *why)
{
	const struct trouble *t = worker_trouble_find(k->w, k->list.uid[i]);

	if (often && t && t->others_came)
		return give_up(k, i, UID_QUARANTINED, why);
	return leave(k, i, why);
}

/* Mails that a FETCH with a good end did not bring. */
static enum imap_rc resolve_missing(struct look *k, const struct chunk *c)
{
	uint32_t *uids = malloc(c->n * sizeof(*uids));
	size_t n = 0, j = 0;
	enum imap_rc rc;

	if (!uids) {
		snprintf(k->w->why, sizeof(k->w->why), "out of memory");
		return IMAP_BOX_BAD;
	}
	for (size_t i = c->at; i < c->at + c->n; i++)
		if (k->outcomes[i] == OPEN)
			uids[n++] = k->list.uid[i];
	rc = imap_present(k->w->im, uids, &n);
	if (rc != IMAP_OK)
		rc = worker_failed(k->w, rc);
	for (size_t i = c->at; i < c->at + c->n && rc == IMAP_OK; i++) {
		if (k->outcomes[i] != OPEN)
			continue;
		while (j < n && uids[j] < k->list.uid[i])
			j++;
		if (j == n || uids[j] != k->list.uid[i])
			rc = give_up(k, i, UID_GONE, "");
		else if (c->n > 1)
			k->w->chunk = 1; /* once more, alone */
		else if (make_trouble(k, i)->refused++ == 0)
			continue; /* once more */
		else
			rc = resolve_one(k, i, true,
				"the server lists the mail and does not give "
				"its text");
	}
	free(uids);
	return rc;
}

/* The server said NO to a FETCH. */
static enum imap_rc resolve_refused(struct look *k, const struct chunk *c)
{
	struct trouble *t;

	if (c->n > 1) {
		k->w->chunk = 1;
		return IMAP_OK;
	}
	if (k->outcomes[c->at] != OPEN)
		return IMAP_OK; /* it came, in spite of the NO */
	t = make_trouble(k, c->at);
	return resolve_one(
		k, c->at, ++t->refused >= REFUSED_MAX, imap_error(k->w->im));
}

/* The session is gone: whose fault was it? */
static void blame(struct look *k, const struct chunk *c)
{
	struct worker *w = k->w;
	size_t i = c->at;

	if (wake_stopped(&w->wake))
		return;
	while (i < c->at + c->n && k->outcomes[i] != OPEN)
		i++;
	w->chunk = 1;
	w->blamed = true;
	if (i == c->at + c->n || c->n > 1)
		return;
	if (imap_is_poisoned(w->im))
		make_trouble(k, i)->broke++;
	else
		make_trouble(k, i)->lost++;
}

/* --- fetching --- */

static int take(void *arg, size_t i, struct str bytes)
{
	struct chunk *c = arg;
	struct look *k = c->look;

	i += c->at;
	if (worker_add(k->w, k->list.uid[i], k->list.date[i], bytes,
		    c->limit && bytes.n >= c->limit &&
			    bytes.n != k->list.size[i]) < 0) {
		k->failed = true;
		return -1;
	}
	k->outcomes[i] = GOT;
	k->got++;
	k->w->progress = true;
	worker_trouble_came(k->w, k->list.uid[i]);
	return 0;
}

/* Mails that are fetched alone, and only their beginning. */
static bool is_single(const struct look *k, size_t i)
{
	return k->w->chunk == 1 || k->list.size[i] == 0 ||
	       k->list.size[i] > VERDICT_MAIL_MAX ||
	       worker_trouble_find(k->w, k->list.uid[i]);
}

static struct chunk pick(struct look *k, size_t at)
{
	struct chunk c = {k, at, 0, 0, 0};
	const struct imap_list *l = &k->list;

	if (is_single(k, at)) {
		c.n = 1;
		c.limit = VERDICT_MAIL_MAX;
		c.bytes = VERDICT_MAIL_MAX;
		return c;
	}
	while (at + c.n < l->n && c.n < k->w->chunk &&
		k->outcomes[at + c.n] == OPEN && !is_single(k, at + c.n) &&
		(c.n == 0 || c.bytes + l->size[at + c.n] <= CHUNK_BYTES))
		c.bytes += l->size[at + c.n++];
	c.n = imap_fits(l->uid + at, c.n);
	return c;
}

static enum imap_rc judge(struct look *k, struct chunk *c, enum imap_rc rc)
{
	struct worker *w = k->w;
	size_t left = 0;

	if (k->failed)
		return IMAP_BOX_BAD;
	for (size_t i = c->at; i < c->at + c->n; i++)
		left += k->outcomes[i] == OPEN;
	switch (rc) {
	case IMAP_OK:
		if (left)
			return resolve_missing(k, c);
		if (c->n == 1)
			worker_trouble_forget(w, k->list.uid[c->at]);
		w->chunk = w->chunk * 4 < WORKER_CHUNK ? w->chunk * 4
						       : WORKER_CHUNK;
		return IMAP_OK;
	case IMAP_MSG_BAD:
		return resolve_refused(k, c);
	case IMAP_BOX_BAD:
		return worker_failed(w, rc);
	default:
		blame(k, c);
		return worker_failed(w, rc);
	}
}

static enum imap_rc fetch(struct look *k, size_t at)
{
	const char *curse = worker_trouble_curse(
		worker_trouble_find(k->w, k->list.uid[at]));
	struct chunk c;
	struct imap_fetch f;

	if (curse)
		return resolve_one(k, at, true, curse);
	c = pick(k, at);
	f = (struct imap_fetch){
		.uids = k->list.uid + at,
		.n = c.n,
		.bytes = c.bytes,
		.limit = c.limit,
		.fn = take,
		.arg = &c,
	};
	return judge(k, &c, imap_fetch(k->w->im, &f));
}

/* The cursor: all before it are accounted for. */
static void advance(struct look *k)
{
	size_t from = k->settled;

	while (k->settled < k->list.n && k->outcomes[k->settled] == GOT)
		k->settled++;
	if (k->settled > from)
		worker_cursor(k->w, k->list.uid[k->settled - 1]);
}

/* What was left may be given up now: others came after it. */
static enum imap_rc sweep(struct look *k)
{
	enum imap_rc rc = IMAP_OK;

	for (size_t i = 0; i < k->list.n && rc == IMAP_OK; i++) {
		const struct trouble *t =
			worker_trouble_find(k->w, k->list.uid[i]);
		const char *curse = worker_trouble_curse(t);

		if (k->outcomes[i] != LEFT || !curse || !t->others_came)
			continue;
		k->w->left--;
		rc = give_up(k, i, UID_QUARANTINED, curse);
	}
	advance(k);
	return rc;
}

static enum imap_rc fetch_all(struct look *k)
{
	struct worker *w = k->w;
	enum imap_rc rc = IMAP_OK;
	size_t at = 0;

	while (rc == IMAP_OK && !wake_stopped(&w->wake)) {
		while (at < k->list.n && k->outcomes[at] != OPEN)
			at++;
		if (at == k->list.n)
			return w->left ? sweep(k) : IMAP_OK;
		rc = fetch(k, at);
		advance(k);
		if (rc == IMAP_OK && worker_batch_is_full(w))
			rc = worker_hand_in(w);
		if (rc == IMAP_OK && w->due_n >= DUE_MAX)
			rc = worker_act(w);
	}
	return rc;
}

/* --- the whole look --- */

struct seen {
	int64_t mailbox;
};

static int tell_seen(struct ledger *l, void *arg)
{
	const struct seen *s = arg;

	return ledger_seen(l, s->mailbox, time(NULL));
}

/* `status` need not know it by the second. */
static enum imap_rc tell_look(struct worker *w)
{
	struct seen s = {w->mailbox};
	int64_t now = clock_ms();

	if (w->told_at && now - w->told_at < 60000 && w->tally.messages == 0)
		return IMAP_OK;
	w->told_at = now;
	return worker_ask(w, tell_seen, &s);
}

static void log_recorded(struct worker *w)
{
	const struct tally *t = &w->tally;
	unsigned long other = t->messages - t->duplicates - t->failed -
			      t->classes[CLASS_HARD] - t->classes[CLASS_SOFT] -
			      t->classes[CLASS_BLOCK] -
			      t->classes[CLASS_COMPLAINT];

	if (t->messages)
		log_info("mailbox.recorded",
			"mailbox=%s messages=%lu duplicates=%lu hard=%lu "
			"soft=%lu block=%lu complaint=%lu other=%lu failed=%lu "
			"suppressed=%lu",
			log_q(w->label), t->messages, t->duplicates,
			t->classes[CLASS_HARD], t->classes[CLASS_SOFT],
			t->classes[CLASS_BLOCK], t->classes[CLASS_COMPLAINT],
			other, t->failed, t->fates[FATE_SUPPRESSED]);
}

static void log_left(const struct look *k)
{
	if (k->w->left)
		log_warn("mail.left",
			"mailbox=%s mails=%zu error=%s hint=\"they stay where "
			"they are, and are tried again at the next look\"",
			log_q(k->w->label), k->w->left, log_q(k->left_why));
}

static enum imap_rc run(struct look *k, bool full)
{
	struct worker *w = k->w;
	enum imap_rc rc = list_new(k, full), settled;

	if (rc != IMAP_OK)
		return rc;
	k->outcomes = calloc(k->list.n + 1, 1);
	if (!k->outcomes) {
		snprintf(w->why, sizeof(w->why), "out of memory");
		return IMAP_BOX_BAD;
	}
	if (k->list.n)
		worker_set_state(w, WORKER_LOOKING);
	rc = fetch_all(k);
	/* What was taken away from the list is recorded, too. */
	if (k->settled == k->list.n)
		worker_cursor(w, k->top);
	/* What came is valid whatever happened then; commit it in any case. */
	settled = worker_settle(w);
	if (rc == IMAP_OK)
		rc = settled;
	if (rc == IMAP_OK)
		rc = worker_act(w);
	if (rc != IMAP_OK || k->settled < k->list.n)
		return rc;
	w->holes = false;
	return tell_look(w);
}

enum imap_rc worker_look(struct worker *w, bool full)
{
	struct look k = {.w = w};
	enum imap_rc rc;

	memset(&w->tally, 0, sizeof(w->tally));
	w->left = 0;
	rc = full ? worker_load_due(w) : IMAP_OK;
	if (rc == IMAP_OK)
		rc = worker_act(w);
	if (rc == IMAP_OK)
		rc = run(&k, full);
	log_recorded(w);
	log_left(&k);
	imap_list_release(&k.list);
	free(k.outcomes);
	return rc;
}
