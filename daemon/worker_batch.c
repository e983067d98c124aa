/*
 * Two batches: while the writer commits one, the other is being filled. What
 * was committed is remembered as due until a moment when the session is
 * between two commands (a batch can become full in the middle of a FETCH).
 */
#include <stdio.h>
#include <time.h>

#include "worker_private.h"

/* Big enough for cheap commits, small enough for little memory. */
#define BATCH_MAILS 1000u
#define BATCH_BYTES (4u << 20)

static struct slot *current(struct worker *w)
{
	return &w->slots[w->slot];
}

bool worker_batch_is_full(const struct worker *w)
{
	const struct ingest_batch *b = w->slots[w->slot].batch;

	return ingest_batch_count(b) >= BATCH_MAILS ||
	       ingest_batch_bytes(b) >= BATCH_BYTES;
}

static enum imap_rc no_memory(struct worker *w)
{
	snprintf(w->why, sizeof(w->why), "out of memory");
	return IMAP_BOX_BAD;
}

/* Take a batch back from the writer. */
static enum imap_rc collect(struct worker *w, struct slot *s)
{
	size_t n = ingest_batch_count(s->batch);
	enum imap_rc rc = IMAP_OK;

	if (!s->busy)
		return IMAP_OK;
	s->busy = false;
	if (writer_wait(w->shared->writer, &s->job) != DB_OK) {
		snprintf(
			w->why, sizeof(w->why), "not recorded: %s", s->job.why);
		rc = IMAP_BOX_BAD;
		n = 0;
	} else {
		tally_add(&w->tally, &s->job.tally);
	}
	for (size_t i = 0; i < n && w->acts && rc == IMAP_OK; i++) {
		struct due d = {ingest_batch_uid(s->batch, i), UID_RECORDED,
			ingest_batch_class(s->batch, i)};

		if (worker_add_due(w, d) < 0)
			rc = no_memory(w);
	}
	ingest_batch_reset(s->batch);
	return rc;
}

enum imap_rc worker_hand_in(struct worker *w)
{
	struct slot *s = current(w);

	if (!s->dirty)
		return IMAP_OK;
	s->dirty = false;
	s->busy = true;
	s->job = (struct writer_job){.batch = s->batch, .lane = &w->lane};
	writer_submit(w->shared->writer, &s->job);
	w->slot ^= 1;
	return collect(w, current(w));
}

enum imap_rc worker_settle(struct worker *w)
{
	enum imap_rc rc = worker_hand_in(w);

	/* The older one first: its failure is the cause of the other's. */
	for (unsigned i = 0; i < 2; i++) {
		enum imap_rc r = collect(w, &w->slots[w->slot ^ i]);

		if (rc == IMAP_OK)
			rc = r;
	}
	return rc;
}

void worker_forget(struct worker *w)
{
	for (unsigned i = 0; i < 2; i++) {
		struct slot *s = &w->slots[i];

		if (s->busy)
			(void)writer_wait(w->shared->writer, &s->job);
		s->busy = s->dirty = false;
		ingest_batch_reset(s->batch);
	}
	w->due_n = 0;
}

int worker_add(struct worker *w, uint32_t uid, int64_t received_at,
	struct str bytes, bool truncated)
{
	char source[200];
	struct ingest_mail m = {
		.bytes = bytes,
		.mailbox = w->mailbox,
		.uid = uid,
		.received_at = received_at,
		.account = w->account->name,
		.source = source,
		.truncated = truncated,
		.act = w->acts,
	};

	snprintf(source, sizeof(source), "%s uid %u", w->label, uid);
	if ((worker_batch_is_full(w) ||
		    ingest_batch_add(current(w)->batch, &m, time(NULL)) < 0)) {
		/* Full: of mails, or of one that names very many addresses. */
		if (worker_hand_in(w) != IMAP_OK)
			return -1;
		if (ingest_batch_add(current(w)->batch, &m, time(NULL)) < 0) {
			no_memory(w);
			return -1;
		}
	}
	current(w)->dirty = true;
	return 0;
}

int worker_skip(struct worker *w, uint32_t uid, enum uid_state state)
{
	if (ingest_batch_skip(current(w)->batch, w->mailbox, uid, state) < 0) {
		no_memory(w);
		return -1;
	}
	current(w)->dirty = true;
	return 0;
}

void worker_cursor(struct worker *w, uint32_t uid)
{
	if (uid <= w->last)
		return;
	ingest_batch_cursor(current(w)->batch, w->mailbox, uid);
	current(w)->dirty = true;
	w->last = uid;
}
