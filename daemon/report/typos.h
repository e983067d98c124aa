/*
 * Domains of the user's own addresses that look mistyped, with what was meant
 * most likely: suggested, never corrected. A domain that ever had an address at
 * which something else than a failure happened is none of them, nor one that
 * takes a third of the mails that were sent there.
 */
#ifndef TYPOS_H
#define TYPOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "conf.h"
#include "db.h"
#include "out.h"
#include "report.h"
#include "report/typo_slip.h"

#define TYPOS_WEEKS 26 /* that are looked at */

struct typos_pair {
	struct str wrong, right;
	enum typo_slip slip;
	int64_t id; /* of wrong in the database */
	int64_t n;  /* addresses at it that failed */
};

struct typos {
	int64_t from, to;         /* [from, to), whole days */
	enum origin required;     /* of bounces that count */
	struct typos_pair *pairs; /* those with the most addresses first */
	size_t n;
	int64_t addresses; /* of all pairs */
};

/*
 * Find them: t->to and t->required are set, not_typos are domains of the
 * configuration that are right. Memory is of a. -1: db_error().
 */
int typos_find(struct db *db, struct arena *a,
	const struct conf_list *not_typos, struct typos *t)
	__attribute__((warn_unused_result));

/* Find them for a report, whose to and required are set, and fill the members
 * that tell of them. -1: db_error(). */
int typos_load(struct db *db, struct arena *a,
	const struct conf_list *not_typos, struct report *r)
	__attribute__((warn_unused_result));

/* For people, 76 columns. */
void typos_text(const struct typos *t, struct out *o);

/*
 * CSV (RFC 4180, guarded against spreadsheets), a row for each address that
 * failed: address, wrong, suggested, corrected, count (addresses of the pair).
 * -1: db_error().
 */
int typos_csv(struct db *db, const struct typos *t, struct out *o)
	__attribute__((warn_unused_result));

#endif
