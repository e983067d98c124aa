/*
 * All that is known of one address: what holds, what happened, what was
 * changed, and for each event why it did or did not suppress.
 */
#ifndef DOSSIER_H
#define DOSSIER_H

#include "arena.h"
#include "policy.h"
#include "query.h"

struct dossier_event {
	struct query_event e; /* its strings live in the arena */
	struct str scope;     /* where a suppression for it would hold */
	struct policy_event policy;
	enum fate fate;
};

struct dossier {
	struct query_suppression *suppressions;
	size_t suppressions_n, suppressions_cap;
	struct dossier_event *events; /* oldest first */
	size_t events_n, events_cap;
	struct query_change *changes; /* oldest first */
	size_t changes_n, changes_cap;
	struct arena *arena;
};

/*
 * Read everything of key. An event that changed something by itself has the
 * fate SUPPRESSED; for the others policy is asked again, with s as it is today
 * and the clock as it was at the event. protected: own: or never_suppress:
 * names the address. -1: db_error(), or out of memory (arena->full).
 */
int dossier_load(struct db *db, struct str key, const struct policy_settings *s,
	bool protected, int64_t now, struct arena *arena, struct dossier *out)
	__attribute__((warn_unused_result));

#endif
