/*
 * One watched folder: a connection of its own, in a thread of its own. It
 * connects, catches up from the cursor, acts on the server after the commit,
 * waits in IDLE, and begins again, with back-off, after whatever happens.
 */
#ifndef WORKER_H
#define WORKER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "conf.h"
#include "imap.h"
#include "ingest.h"
#include "runner.h"
#include "wake.h"
#include "writer.h"

/* What all workers share; outlives them. */
struct worker_shared {
	const struct house *house;
	struct writer *writer;
	struct runner *runner; /* NULL: no account needs one */
	struct wake *main;     /* poked when a worker's state changes */
};

enum worker_state {
	WORKER_STARTING,
	WORKER_READY,   /* caught up, waits for new mail */
	WORKER_LOOKING, /* fetches and records */
	WORKER_TROUBLE, /* waits to try again */
	WORKER_ENDED,
};

struct worker;

/* account is borrowed. NULL: out of memory or descriptors. */
struct worker *worker_new(const struct worker_shared *shared,
	const struct conf_account *account, const char *folder);
void worker_free(struct worker *w); /* not while its thread runs */

/* Run it in a thread. -1: errno. */
int worker_start(struct worker *w) __attribute__((warn_unused_result));

void worker_poke(struct worker *w); /* look now */
void worker_stop(struct worker *w); /* come to an end; do not wait */

/* Whether its thread has ended; if so it is joined. */
bool worker_has_ended(struct worker *w);

enum worker_state worker_state(const struct worker *w);
const char *worker_label(const struct worker *w); /* "news/INBOX" */

/* One pass in the calling thread, tried again where that helps. */
enum imap_rc worker_once(struct worker *w);

#endif
