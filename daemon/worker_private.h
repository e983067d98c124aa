/*
 * Shared by worker*.c, and by nobody else.
 */
#ifndef WORKER_PRIVATE_H
#define WORKER_PRIVATE_H

#include "backoff.h"
#include "secret.h"
#include "worker.h"

#define WORKER_CHUNK       2000u /* mails of one FETCH */
#define WORKER_TROUBLE_MAX 64u

/* A mail that made trouble, remembered over reconnects. */
struct trouble {
	uint32_t uid;
	unsigned broke;   /* the session was ended because of what came */
	unsigned lost;    /* the connection was lost while fetching it */
	unsigned refused; /* the server said NO */
	bool others_came; /* meanwhile: so it is this mail, not the server */
};

/* A recorded mail whose server action is to do. */
struct due {
	uint32_t uid;
	enum uid_state state;
	enum verdict_class class;
};

struct slot {
	struct ingest_batch *batch;
	struct writer_job job;
	bool busy;  /* the writer has it */
	bool dirty; /* there is something in it */
};

struct worker {
	const struct worker_shared *shared;
	const struct conf_account *account;
	const char *folder;
	char label[160];
	struct wake wake;
	pthread_t thread;
	bool threaded, joined, once;
	_Atomic int state;
	struct backoff backoff;
	struct secret secret;
	int64_t ready_at; /* clock_ms(), 0: never in this session */
	int64_t told_at;  /* when `status` was told of a look */
	char why[512];    /* of the last trouble */

	/* The session. */
	struct imap *im;
	struct imap_box box;
	int64_t mailbox;    /* ledger's id of the epoch */
	uint32_t validity;  /* of the epoch that troubles belong to */
	uint32_t last;      /* the cursor, as recorded or handed in */
	bool holes;         /* some mail above the cursor is recorded */
	bool acts, moves;   /* the configuration has actions */
	bool readonly_told; /* that they are not possible */
	bool progress;      /* something was fetched in this session */
	bool blamed;        /* one mail made it end */
	bool set_back;      /* it was told that this folder is in trouble */

	/* Catching up. */
	struct lane lane;
	struct slot slots[2];
	unsigned slot;
	unsigned chunk; /* mails of the next FETCH */
	struct due *due;
	size_t due_n, due_cap;
	struct trouble troubles[WORKER_TROUBLE_MAX];
	size_t troubles_n;
	struct tally tally; /* of this look */
	size_t left;        /* mails that the last look could not have */
};

/* worker_look.c: fetch and record what is new; full: compare all UIDs. */
enum imap_rc worker_look(struct worker *w, bool full);

/* worker_trouble.c */
struct trouble *worker_trouble_find(struct worker *w, uint32_t uid);
struct trouble *worker_trouble_make(
	struct worker *w, uint32_t uid, bool others_came);
void worker_trouble_forget(struct worker *w, uint32_t uid);

/* This mail came: it is not the server. */
void worker_trouble_came(struct worker *w, uint32_t uid);

/* Why a mail is not asked for again, or NULL. */
const char *worker_trouble_curse(const struct trouble *t);

/* worker_batch.c: mails into batches, batches into the database. */
int worker_add(struct worker *w, uint32_t uid, int64_t received_at,
	struct str bytes, bool truncated);
int worker_skip(struct worker *w, uint32_t uid, enum uid_state state);
void worker_cursor(struct worker *w, uint32_t uid);
bool worker_batch_is_full(const struct worker *w);

/* Hand the batch in hand in and take the other, when its commit is done. */
enum imap_rc worker_hand_in(struct worker *w);

/* All that was handed in is recorded. */
enum imap_rc worker_settle(struct worker *w);

/* Forget what is in hand, after a failure. */
void worker_forget(struct worker *w);

/* worker_act.c: do on the server what is due. */
enum imap_rc worker_act(struct worker *w);

/* Make due what the ledger still knows as not done. */
enum imap_rc worker_load_due(struct worker *w);
int worker_add_due(struct worker *w, struct due d);
const struct conf_after *worker_after(
	const struct conf_account *account, enum verdict_class class);

/* worker.c: a question to the ledger; IMAP_BOX_BAD with w->why. */
enum imap_rc worker_ask(struct worker *w, writer_fn *fn, void *arg);
void worker_set_state(struct worker *w, enum worker_state state);

/* w->why from the session. */
enum imap_rc worker_failed(struct worker *w, enum imap_rc rc);

#endif
