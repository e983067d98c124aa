/*
 * The tables of mailers: a key, and what is replied to who writes to it. A
 * mailer looks for an address as it has it in memory, where a local part has no
 * quotes; tools and our own keys have them. So both are written where they
 * differ.
 *
 * A mailer that refuses by such a table makes a bounce, which comes back to
 * us: its text is one that our rules know for what it is (already-suppressed),
 * so that no list feeds itself.
 */
#ifndef EXPORT_MTA_H
#define EXPORT_MTA_H

#include "export.h"

struct export_mta {
	void (*key)(struct out *o, struct str key);
	/* Whether the table can hold an address without its quotes; NULL: it
	 * can hold each. */
	bool (*may_be_bare)(struct str bare);
	const char *reply; /* what stands between the key and the text */
};

/*
 * An address with the reply, and as a mailer may ask for it, too: without
 * quotes, and with a domain of other letters than those of ASCII (RFC 5890:
 * U-labels) as who writes to it may have given it. removal: the keys alone.
 */
void export_mta_row(struct export_run *r, const struct query_suppression *s,
	const struct export_mta *t, bool removal);

#endif
