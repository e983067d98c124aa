/*
 * What DNS says of the domains that a report is about.
 */
#ifndef FACTS_H
#define FACTS_H

#include "arena.h"
#include "conf.h"
#include "dns.h"
#include "report.h"

/*
 * A struct dns as the configuration wants it, for one report: dns_free() it.
 * NULL: it is switched off there (or no memory), which all below take for
 * "ask nothing". wake may be NULL.
 */
struct dns *facts_dns(const struct conf *c, struct wake *wake);

/*
 * Ask for n domains at once and add what is said, in words, to r->facts, where
 * it is not there yet; what is not known is no fact. The strings are of a. To
 * have more than words, dns_get() behind it asks nobody again.
 */
void facts_add(struct dns *dns, struct arena *a, struct report *r,
	const struct str *domains, size_t n);

/* The same for the domains that spikes are of or that the same bounces lift,
 * r->lifted. */
void facts_of_spikes(struct dns *dns, struct arena *a, struct report *r);

#endif
