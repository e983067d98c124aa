/*
 * The bounces of a time that have a name in common (a reason, a provider, a
 * domain, a stream), address by address, with what else is known of each: what
 * a cause is told by. Of many an even sample, so that a bad week of millions
 * costs no more than one of thousands.
 */
#ifndef QUERY_SAMPLE_H
#define QUERY_SAMPLE_H

#include "query.h"

#define QUERY_SAMPLE_HOURS 168 /* of a week; longer times go round */

/* Which bounces. */
struct query_sample_ask {
	enum query_by by;           /* REASON, PROVIDER, DOMAIN or STREAM */
	struct str name;            /* unless by reason */
	enum verdict_reason reason; /* by reason */
};

/* An address that bounced; strings live until the callback returns. */
struct query_sampled {
	size_t ask; /* which of them it belongs to */
	struct str address, domain, provider, stream;
	/* Of its bounces in that time the most telling one. */
	enum verdict_class class;
	enum verdict_reason reason;
	int64_t at, sent_at; /* sent_at 0: not known */
	unsigned flags;      /* EVENT_..., of all of them together */
	int64_t events;      /* bounces in that time */
	/* Of its twenty latest events, those before that time: the first, 0:
	 * none; when it last showed life (a reply, mail delivered, a soft
	 * bounce, a block), and the last that was hard. */
	int64_t known_since, lived_at, hard_at;
	bool lives;        /* it showed life after that bounce */
	int64_t opened_at; /* opened or clicked last; 0: not known */
	/* Days of mails to it, of send logs; 0: none known. */
	int64_t mailed_first, mailed_previous, mailed_last;
};

/* All of them, also those that are not in the sample; but of a domain with more
 * than 200,000 addresses, those of the part that was looked for. */
struct query_sample_sums {
	int64_t bounces;
	int64_t nobody;                    /* of these: no recipient is known */
	int64_t hours[QUERY_SAMPLE_HOURS]; /* of event time, from `from` on */
	double part; /* of the addresses that is in the sample: (0, 1] */
};

/* Bounces (hard, soft, block, complaint, unknown) of [from, to), whole days. */
struct query_sampling {
	int64_t from, to;
	const struct query_sample_ask *asks;
	enum origin required; /* of a lower one they do not count */
	size_t n;             /* of asks */
	size_t most;          /* addresses of each */
};

typedef int query_sampled_fn(void *arg, const struct query_sampled *s);

/* One read of the events of that time, and five look-ups for an address. sums
 * has a member for each ask. */
int query_sample(struct db *db, const struct query_sampling *what,
	struct query_sample_sums *sums, query_sampled_fn *fn, void *arg)
	__attribute__((warn_unused_result));

#endif
