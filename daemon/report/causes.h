/*
 * Why a week was more than usual: features in, a cause with its certainty out.
 * Pure: no database, no clock, no DNS. features.c asks the database.
 *
 * Each cause is a row of a table (causes.c): how strongly the features speak
 * for it, the sentences that say so in numbers, and what to do about it.
 */
#ifndef CAUSES_H
#define CAUSES_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "report.h"

/* Addresses that bounced, counted by what they have in common. */
enum cause_count {
	COUNT_ALL,
	COUNT_UNKNOWN,   /* no such user, moved, another's by now */
	COUNT_DISABLED,  /* mailbox-disabled */
	COUNT_DOMAIN,    /* domain-unknown, domain-no-mail */
	COUNT_INVALID,   /* address-invalid */
	COUNT_TROUBLE,   /* soft, but for the next two */
	COUNT_FULL,      /* mailbox-full */
	COUNT_LIMITED,   /* rate-limited */
	COUNT_BLOCK,     /* class block */
	COUNT_FORWARDED, /* another address refused */
	COUNT_LOGGED,    /* of which a send log tells */
	COUNT_NEW,       /* ... first mailed within a week before the bounce */
	COUNT_OLD,       /* ... not mailed for 150 days before that */
	COUNT_SEEN,      /* with events before */
	COUNT_STALE,     /* ... and opens, the last 150 days ago */
	COUNT_ALIVE,     /* replied, opened, was full, ... in those days */
	COUNT_OPENED,    /* opened or clicked in those days */
	COUNT_TYPO,      /* at a domain that looks mistyped */
	COUNT_JUNK,      /* local_part.h */
	COUNT_MALFORMED, /* the same, or without a domain */
	COUNT_HELD,      /* in an incident of the guard */
	CAUSE_COUNTS
};

/* The name that most of the excess has. */
struct cause_top {
	struct str name;
	double part;    /* of the excess */
	double n;       /* addresses of this week */
	double usual;   /* of an ordinary one */
	unsigned names; /* how many names there are this week */
};

/* What DNS says of the domain that most of the excess is of. */
enum cause_dns {
	CAUSE_DNS_NOT_KNOWN,
	CAUSE_DNS_TAKES_MAIL,
	CAUSE_DNS_NO_MAIL /* no such domain, no MX and no address, null MX */
};

struct cause_features {
	/* Of this week; and of an ordinary one before it. */
	double now[CAUSE_COUNTS], usual[CAUSE_COUNTS];
	double sample_part; /* of the addresses that are counted: (0, 1] */
	struct cause_top domain, provider, stream;
	/* Part of the bounces within the busiest 6 and 24 hours, and when
	 * those begin. */
	double in_6_hours, in_24_hours;
	int64_t busiest_at; /* of the 6 hours */
	int log_days;       /* that send logs reach back; 0: there are none */
	bool opens_known;   /* somebody told who opens */
	/* Of the domain at the top: */
	bool is_provider; /* it is a provider's own, as gmail.com is */
	int64_t domain_known, domain_bounced, domain_lived, domain_sent;
	enum cause_dns dns;
	struct str dns_says; /* in words: "has no MX and no address" */
	/* A greater spike of the same stream has a cause that is no provider's:
	 * a part of it is none, either. */
	bool beside_wider;
	int64_t incident; /* of the provider or domain at the top; 0: none */
};

struct cause_answer {
	enum report_cause cause;
	enum report_certainty certainty;
	double strength, second; /* of it, and of the next best: 0 to 1 */
	struct str evidence[REPORT_EVIDENCE];
	size_t evidence_n;
	struct str action;
};

/* How strongly each cause is spoken for. */
void causes_weigh(const struct cause_features *f, double strengths[CAUSES]);

/* The answer; its strings live in a. by, name: of the spike. */
void causes_answer(const struct cause_features *f, enum report_by by,
	struct str name, struct arena *a, struct cause_answer *out);

#endif
