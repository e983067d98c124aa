/* What the files spikes.c and spikes_sent.c share: what has been read. */
#ifndef SPIKES_PRIVATE_H
#define SPIKES_PRIVATE_H

#include "arena.h"
#include "spikes.h"

struct db;

#define SPIKES_WEEK 7 /* days */

struct spikes_loading {
	struct db *db;
	struct arena *arena;
	struct report *r;
	struct spikes_kind kinds[REPORT_BYS];
	int weeks; /* before this one, of which there are data */
	double (*mails)[BASELINE_WEEKS]; /* of names; all together is 0 */
	size_t mails_n, mails_cap;
	bool all_sent;     /* the first of mails is of all together */
	enum report_by by; /* that is being read */
	struct spikes_found found[SPIKES_FOUND];
	size_t found_n;
	struct spikes_cell *cells;
	size_t cells_n, cells_cap;
	struct query_cell *before; /* of all the weeks before */
	size_t before_n, before_cap;
	bool full; /* out of memory */
};

/* p with room for one more than n things of a size, or NULL: l->full. */
void *spikes_grow(
	struct spikes_loading *l, void *p, size_t n, size_t *cap, size_t size);

/* How much was sent, into l->mails and the series of all kinds. */
int spikes_load_sent(struct spikes_loading *l)
	__attribute__((warn_unused_result));

/* Spikes once more, by the mails of weeks that begin and end some hours
 * earlier. */
int spikes_judge_sent_late(struct spikes_loading *l)
	__attribute__((warn_unused_result));

#endif
