/*
 * Incidents in words: for `incident show`, and for the alerts, which say the
 * same to somebody who is not at the keyboard.
 */
#ifndef INCIDENT_H
#define INCIDENT_H

#include "out.h"
#include "query.h"

/* "google answers 'no such address' far more often than usual": one line,
 * without its end, of at most 160 bytes in buf. */
#define INCIDENT_LINE 256
const char *incident_headline(
	const struct ledger_incident *i, char buf[INCIDENT_LINE]);

/* What it is, since when, how many, what is done about it; lines. */
void incident_write(struct out *o, const struct query_incident *q);

/* What one may type next, with its number; lines. */
void incident_write_next(struct out *o, const struct query_incident *q);

#endif
