/*
 * What only the report asks: how much was sent and bounced by day, what became
 * of released addresses, what is about to end. The rules for callbacks are
 * those of query.h. Every walk goes in pieces of about 100 ms at most, and
 * costs what the time in question holds, not what the database does.
 */
#ifndef QUERY_REPORT_H
#define QUERY_REPORT_H

#include "query.h"

/* Days are days since 1970 (UTC). */
struct query_sent_day {
	struct str name; /* of the kind asked for; "": all */
	int64_t day, n;
};

typedef int query_sent_day_fn(void *arg, const struct query_sent_day *d);

/* How much was sent in whole days [from, to), for each day and name of which
 * it is known. */
int query_sent_days(struct db *db, int kind, int64_t from, int64_t to,
	query_sent_day_fn *fn, void *arg) __attribute__((warn_unused_result));

/* How many days of [from, to) were told of by an import that did not come to
 * its end: what it told of them does not count yet. */
int query_sent_unsettled(struct db *db, int64_t from, int64_t to, int64_t *n)
	__attribute__((warn_unused_result));

struct query_hard_day {
	int64_t day;   /* when the mail was sent; where that is not known, when
			* it bounced */
	bool is_dated; /* it is known when the mail was sent */
	struct str provider, stream; /* "": none */
	int64_t n;

	bool in_incident; /* of its provider or domain: the address is fine */

	/* Only with_sent_to. The provider among whose mails its mail was told;
	 * "": none. That is not the one that answered where a log does not say
	 * who takes the mail of a company. Absent: nobody told of any that it
	 * can be. QUERY_TOLD_BEFORE_6: told before version 6 of the schema, by
	 * what the rules say of the domain. */
	struct str sent_to, domain;
};

#define QUERY_TOLD_BEFORE_6 "?"

typedef int query_hard_day_fn(void *arg, const struct query_hard_day *d);

struct query_hard_ask {
	enum origin required; /* of a lower one they do not count */
	int64_t from, to;
	bool with_sent_to; /* else it is absent: to look for it takes as long
			    * as all of the rest */
};

/* The hard bounces of [from, to). The same may come more than once, to be added
 * up. */
int query_hard_days(struct db *db, const struct query_hard_ask *ask,
	query_hard_day_fn *fn, void *arg) __attribute__((warn_unused_result));

/* The hard bounces of [from, to) in the bucket of an incident, by hour: n[i] is
 * of the i-th hour behind from, for hours_n hours. */
struct query_hours {
	enum incident_kind kind;
	struct str name;
	enum origin required; /* of a lower one they do not count */
	int64_t from, to;
};

int query_hours(struct db *db, const struct query_hours *ask, int64_t *n,
	size_t hours_n) __attribute__((warn_unused_result));

/* An address that was released, and its first bounce since to a mail sent after
 * what the release is about: the release by hand, or the end of the incident.
 */
struct query_release {
	struct str address;
	int64_t at;    /* of the release, whatever it is about */
	int64_t again; /* event time, later than .at; 0: none */
	enum verdict_class class;
	enum verdict_reason reason;
};

typedef int query_release_fn(void *arg, const struct query_release *r);

/*
 * The releases that were made in [from, to), the latest first; of an address in
 * a scope only the last one, and `most` at most. Where it is not known when the
 * mail of a bounce was sent, it counts from five days after that on (policy.h).
 */
int query_releases(struct db *db, int64_t from, int64_t to, size_t most,
	query_release_fn *fn, void *arg) __attribute__((warn_unused_result));

/* What ends by itself in (from, to]. */
struct query_ends {
	int64_t suppressed; /* become mailable */
	int64_t held;       /* go on probation, which also is mailable */
};

int query_ends(struct db *db, int64_t from, int64_t to, struct query_ends *out)
	__attribute__((warn_unused_result));

/* The suppressed ones of them, the first first, `most` at most. */
int query_ends_list(struct db *db, int64_t from, int64_t to, int most,
	query_suppression_fn *fn, void *arg)
	__attribute__((warn_unused_result));

/* Mails that could never be fetched, by mailbox. */
typedef int query_given_up_fn(
	void *arg, struct str account, struct str folder, int64_t n);
int query_given_up(struct db *db, query_given_up_fn *fn, void *arg)
	__attribute__((warn_unused_result));

#endif
