/*
 * What DNS says of the domains of addresses: whether mail can go there at all
 * (RFC 5321 5.1, RFC 7505). Only names of domains are asked for, of the
 * resolver that the system is set up with.
 *
 * A struct dns asks for so many domains and waits so long in all its life, and
 * remembers what it was told as long: make one for each report. It belongs to
 * one thread; several threads may have one each.
 */
#ifndef DNS_H
#define DNS_H

#include <stddef.h>
#include <stdint.h>

#include "str.h"
#include "wake.h"

#define DNS_MOST     50   /* domains */
#define DNS_LIMIT_MS 5000 /* for all of them */
#define DNS_HOSTS    3    /* whose names are kept */

enum dns_says {
	DNS_NOT_KNOWN, /* .why: not asked, no answer, or none that is one */
	DNS_NO_DOMAIN, /* there is no such name */
	DNS_NO_HOST,   /* neither MX nor address: no mail can go there */
	DNS_NULL_MX,   /* it says that it takes no mail (RFC 7505) */
	DNS_ADDRESS,   /* no MX but an address, where mail goes then */
	DNS_MX,
};

struct dns_answer {
	enum dns_says says;
	/* Of DNS_MX: the first by preference, in lower case. Where an answer
	 * was cut short and the whole one cannot be had, of those in it. */
	struct str hosts[DNS_HOSTS];
	size_t hosts_n;
	const char *why; /* of DNS_NOT_KNOWN, else NULL */
};

struct dns_settings {
	/* "192.0.2.1" or "192.0.2.1:5353", several with commas; NULL: those
	 * of the system. */
	const char *server;
	int64_t limit_ms;  /* 0: DNS_LIMIT_MS */
	struct wake *wake; /* its stop ends the wait; NULL: nothing does */
};

struct dns;

/* NULL: out of memory. *s is copied, what it points to must live on. */
struct dns *dns_new(const struct dns_settings *s);
void dns_free(struct dns *d); /* NULL: nothing */

/*
 * Ask for n domains (canonical: lower-case A-labels) at the same time, and
 * wait. Those that are known, or that were not answered before, are not asked
 * for again; nor is what is no name of a domain.
 */
void dns_ask(struct dns *d, const struct str *domains, size_t n);

/* What is known now; its strings live as long as d. d may be NULL. */
struct dns_answer dns_get(const struct dns *d, struct str domain);

#endif
