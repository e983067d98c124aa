/*
 * Counts of what was sent by names and time, added up over the files of one
 * command, before they replace what was told.
 */
#ifndef SENT_SUMS_H
#define SENT_SUMS_H

#include "arena.h"
#include "index.h"
#include "ledger_sent.h"

struct sent_sums {
	struct ledger_sent *v; /* n of them: the sums */
	size_t n, cap;
	struct arena arena;
	struct index by_names;
};

void sent_sums_init(struct sent_sums *s);
void sent_sums_release(struct sent_sums *s);

/* Its names are copied. -1: out of memory. */
int sent_sums_add(struct sent_sums *s, const struct ledger_sent *row)
	__attribute__((warn_unused_result));

#endif
