/*
 * What the tables of mailers have in common. A mailer looks for an address as
 * it has it in memory, where a local part has no quotes; tools and our own
 * keys have them. So both are written where they differ.
 *
 * A mailer that refuses by such a table makes a bounce, which comes back to
 * us: its text is one that our rules know for what it is (already-suppressed),
 * so that no list feeds itself.
 */
#ifndef EXPORT_MTA_H
#define EXPORT_MTA_H

#include "query.h"

#define EXPORT_MTA_TEXT "recipient is on the suppression list"

/* The address without quotes and escapes, in buf; absent: it has none. */
struct str export_mta_bare(struct str address, char *buf, size_t size);

#endif
