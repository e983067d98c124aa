/*
 * The report: numbers from the database, and the ways to show them.
 *
 *   load.c      all that asks, one after the other; what we could not do
 *   numbers.c   what happened, by class, reason, provider, stream and domain
 *   spikes.c    what was more than usual (baseline.h), and what it hit
 *   causes.c    why, with the numbers that speak for it, and what to do
 *   typos.c     domains that look like typing errors
 *   rate.c      how much was sent, where somebody told
 *   incidents.c what the guard holds, and the hours of the greatest
 *   list.c      released addresses, and what is about to end
 *   review.c    bounces not understood, and what could not be done
 *   words.c     all that as a document (document.h)
 *   text.c, html.c, jsonl.c, mail.c   show it
 *
 * What asks (the first four) fills struct report; what shows only reads it.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "out.h"
#include "query.h"

#define REPORT_PERIODS 12 /* shown: this one is the last */
#define REPORT_USUAL   8  /* periods before it that say what is usual */
#define REPORT_TOP     10 /* rows of a table of names */

/* Weeks of a series: this one, and those that tell what is usual. */
#define REPORT_WEEKS    27
#define REPORT_SPIKES   12
#define REPORT_ALSO     6
#define REPORT_EVIDENCE 8
#define REPORT_FACTS    50

/* How many rows of these are shown. */
#define REPORT_INCIDENTS 8
#define REPORT_EXAMPLES  5
#define REPORT_SHAPES    8
#define REPORT_TROUBLES  8
#define REPORT_DAYS      366      /* the longest period */
#define REPORT_HOURS     (7 * 24) /* the longest that is shown by hour */
#define REPORT_RELEASED  (8 * 7)  /* days, of released addresses */
#define REPORT_RELEASES  20000    /* of them that are looked at */
#define REPORT_SOON      7        /* days ahead, of what ends */

/* Fewer bounces that are in no rate make none unknown. */
#define REPORT_FEW 10

/*
 * How much was sent, and the hard bounces of just these mails: hard / sent is
 * the bounce rate. Days of which nothing is known are in neither.
 */
struct report_rate {
	int64_t sent; /* 0: not known, and there is no rate */
	int64_t hard;
	int64_t of_incidents; /* of hard: in an incident of their provider or
			       * domain, so their addresses are fine */
};

/* A name (reason, provider, ...) with its counts. */
struct report_row {
	struct str name;
	enum verdict_class class; /* of a reason; else NONE */
	int64_t n;                /* all classes that are bounces */
	int64_t classes[CLASS_COUNT];
	int64_t usual;           /* median of n; -1: not known */
	int64_t id;              /* as in query_series.h; 0: it has none */
	struct report_rate rate; /* of providers and streams */
	/* n by period, 0 is this one; of the first weeks_n of them. */
	int64_t weeks[REPORT_PERIODS];
	int weeks_n;
};

struct report_table {
	struct report_row rows[REPORT_TOP];
	size_t n;
};

/* What a series counts. */
enum report_by {
	REPORT_BY_REASON,
	REPORT_BY_PROVIDER,
	REPORT_BY_DOMAIN,
	REPORT_BY_STREAM,
	REPORT_BYS
};

/* Whether spikes were looked for. */
enum report_spikes {
	SPIKES_LOOKED_FOR,
	SPIKES_FEW_WEEKS, /* not enough weeks yet (spikes_weeks) */
	SPIKES_NO_WEEK,   /* the report is not of seven days */
	SPIKES_NO_MEMORY
};

enum report_cause {
	CAUSE_UNCLEAR, /* nothing speaks clearly for one */
	CAUSE_BAD_IMPORT,
	CAUSE_BROKEN_FORM,
	CAUSE_DOMAIN_GONE,
	CAUSE_PROVIDER_INCIDENT,
	CAUSE_REPUTATION,
	CAUSE_FORWARDING,
	CAUSE_LIST_AGE,
	CAUSES
};

/* How much speaks for a cause. */
enum report_certainty {
	CERTAINTY_THIN, /* "may be": said, and why it is thin */
	CERTAINTY_LIKELY,
	CERTAINTY_CLEAR
};

/*
 * A week that was more than usual in one series. Other series that the same
 * bounces lift (the import's stream, its reason) are not spikes of their own:
 * they stand in `also`.
 */
struct report_spike {
	enum report_by by;
	struct str name;              /* "user-unknown", "google", ... */
	enum verdict_class class;     /* of most of its bounces */
	enum verdict_reason reason;   /* the same */
	int64_t n;                    /* bounces of this week */
	double usual;                 /* median of the weeks before */
	double expected;              /* with what was sent this week, or how
				       * far all others rose; >= usual */
	double limit;                 /* what is more than this is a spike */
	double chance;                /* of such a week when nothing is wrong */
	int64_t weeks[REPORT_WEEKS];  /* 0 is this one, 1 the one before it */
	int weeks_n;                  /* how many of them are known */
	struct str also[REPORT_ALSO]; /* "reason user-unknown" */
	size_t also_n;
	size_t also_all; /* how many there are */
	enum report_cause cause;
	enum report_certainty certainty;
	struct str evidence[REPORT_EVIDENCE]; /* sentences with numbers */
	size_t evidence_n;
	struct str action; /* what to do, sentences */
};

/* Addresses at `wrong` that most likely belong at `right`. */
struct report_typo {
	struct str wrong, right;
	int64_t n;
};

/* What DNS says of a domain, in words: "has no MX and no address". */
struct report_fact {
	struct str domain, fact;
	bool takes_no_mail; /* no such domain, no MX and no address, null MX */
};

/* An incident of the guard that lies in the period or still holds something,
 * with what is held now. */
struct report_incident {
	int64_t id;
	enum incident_kind kind;
	enum incident_state state;
	struct str name;  /* of the bucket; "" for all */
	int64_t from, to; /* event time; to 0: it is open */
	int64_t events, engaged;
	double usual;
	int64_t held, probation;
	bool now; /* it lies in the period */
};

/* A released address that bounced again. */
struct report_again {
	struct str address;
	int64_t released_at, at;
	enum verdict_class class;
	enum verdict_reason reason;
};

/* The releases of the last REPORT_RELEASED days. */
struct report_released {
	int64_t n;     /* addresses, in each of their scopes */
	int64_t again; /* of them bounced to a mail sent later */
	bool more;     /* only the latest n were looked at */
	struct report_again examples[REPORT_EXAMPLES];
	size_t examples_n;
};

/* A suppression that is about to end. */
struct report_end {
	struct str address;
	enum verdict_reason reason;
	int64_t at;
};

/* What ends in the REPORT_SOON days behind now. */
struct report_ends {
	int64_t suppressed; /* addresses that become mailable */
	int64_t held;       /* that go on probation */
	struct report_end examples[REPORT_EXAMPLES];
	size_t examples_n;
};

/* Bounces not understood (class unknown), or not why (soft), that look alike.
 */
struct report_shape {
	struct str provider; /* "": not known */
	enum verdict_class class;
	struct status status;
	int smtp; /* 0: none stated */
	int64_t n;
};

/* Mails of a mailbox that could never be fetched, since it is watched. */
struct report_given_up {
	struct str account, folder;
	int64_t n;
};

struct report {
	int64_t from, to, now; /* [from, to), whole days */
	int days;
	int before; /* periods before this one of which there are data */
	/* [p][class]: p 0 is this period, 1 the one before it, ... */
	int64_t periods[REPORT_PERIODS][CLASS_COUNT];
	int64_t usual[CLASS_COUNT]; /* -1: not known */
	struct report_table reasons, providers, streams, domains;
	struct query_moves moves;
	struct query_totals totals;
	struct report_spike spikes[REPORT_SPIKES]; /* the greatest first */
	size_t spikes_n, spikes_all;               /* shown, found */
	enum report_spikes spikes_state;
	int spikes_weeks;     /* before this one, that told what is usual */
	size_t spikes_names;  /* that were compared, of all four kinds */
	double spikes_chance; /* that each of them may have */
	/* Domains that had more than usual, told as a spike or lifted by one:
	 * the most lifted first, as many as DNS is asked for. */
	struct str lifted[REPORT_FACTS];
	size_t lifted_n;
	double spikes_rise; /* how far all rose together: not counted as
			     * spikes; 1: did not, or not known */
	double mails_rise;  /* mails by those of a usual week; 0: not known */
	/* Bounces that more mails than usual of their stream, or to their
	 * provider, explain. */
	double more_mails[CLASS_COUNT];
	struct report_typo typos[REPORT_TOP]; /* the most frequent first */
	size_t typos_n;
	int64_t typos_all; /* addresses, also of those that are not shown */
	struct report_fact facts[REPORT_FACTS];
	size_t facts_n;
	enum origin required;
	int rate_warn, rate_bad;      /* percent; 0: never */
	struct report_rate rate;      /* of all */
	bool sent_known[REPORT_DAYS]; /* by day from `from` */
	/* Hard bounces that are not in it, though their day is known, for they
	 * are of streams or providers of which nobody told how much they sent:
	 * the name of one (absent: those have none) and of one that was told.
	 */
	int64_t rate_untold;
	struct str rate_stranger, rate_told;
	enum report_by rate_stranger_by;
	bool rate_stranger_days; /* that one was told, of other days */
	int64_t rate_undated;    /* and of days of which nothing is known */
	/* Hard bounces in it that are in no provider's: answered for a domain
	 * of others, of whose mails nobody told that the provider takes them.
	 */
	int64_t rate_hosted;
	/* Those of this time whose mails were sent before it, how many of them
	 * in as long a time before it, and the rate of that by now. */
	int64_t rate_earlier, rate_late;
	struct report_rate rate_before;
	int64_t unsettled; /* days of which an import that was broken off has
			    * told, which do not count yet */
	/* Mails of rate.sent of which the stream and the provider are known. */
	int64_t sent_by_stream, sent_by_provider;
	/* The greatest first. */
	struct report_incident incidents[REPORT_INCIDENTS];
	size_t incidents_n;
	int64_t incidents_all;       /* also those not shown */
	int64_t held_engaged;        /* held, but by no incident */
	int64_t hours[REPORT_HOURS]; /* hard bounces of incidents[0] */
	int hours_n;                 /* from `from` on; 0: not read */
	struct report_released released;
	struct report_ends ends;
	struct report_shape shapes[REPORT_SHAPES]; /* the most frequent first */
	size_t shapes_n;
	int64_t shapes_rest;  /* bounces of those that are not shown */
	int64_t undetermined; /* soft bounces, why was not understood */
	/* What could not be done: what lasts, and the latest first. */
	struct query_trouble troubles[REPORT_TROUBLES];
	size_t troubles_n, troubles_all;
	struct report_given_up given_up[REPORT_TROUBLES];
	size_t given_up_n;
	int64_t given_up_all;
};

/*
 * Fill *r, whose from, to and now are set, by all that asks, in the order in
 * which one needs the other. to - from are whole days. Names live in a. -1:
 * db_error(). Any thread with a connection of its own.
 */
struct conf;
int report_load(struct db *db, struct arena *a, const struct conf *conf,
	struct report *r) __attribute__((warn_unused_result));

/* The numbers; *r also has .required. -1: db_error(). */
int report_numbers_load(struct db *db, struct arena *a, struct report *r)
	__attribute__((warn_unused_result));

/* What is beside them, by these and .now; see the files. Of the rate,
 * .rate_warn and .rate_bad are set by report_load(). */
int report_rate_load(struct db *db, struct arena *a, struct report *r)
	__attribute__((warn_unused_result));
int report_incidents_load(struct db *db, struct arena *a, struct report *r)
	__attribute__((warn_unused_result));
int report_list_load(struct db *db, struct arena *a, struct report *r)
	__attribute__((warn_unused_result));
int report_review_load(struct db *db, struct arena *a, struct report *r)
	__attribute__((warn_unused_result));

/* Whether there is a rate of all: not where more bounced than was sent, nor
 * where most bounces are of those of whom nobody told. */
bool report_rate_is_known(const struct report *r);

/*
 * The cause of each of r->spikes, with what speaks for it (facts of DNS are
 * used where r->facts has them). Names live in a. -1: db_error().
 */
int report_causes_load(struct db *db, struct arena *a, struct report *r)
	__attribute__((warn_unused_result));

/* "a bad import", "unclear" */
const char *report_causes_text(enum report_cause c);

/*
 * Whether n is clearly more than usual: at least twice as many, and at least
 * ten more. Plain on purpose: it compares, it does not test a hypothesis.
 */
bool report_numbers_is_more(int64_t n, int64_t usual);

/* The same of a class; what more mails explain is usual, too. */
bool report_numbers_class_is_more(const struct report *r, enum verdict_class c);

/*
 * What the report says, as a document (report/document.h) that was initialised;
 * when its arena is full some of it is missing.
 */
struct document;
void report_words(const struct report *r, struct document *d);

/* For people, 76 columns. */
void report_text(const struct report *r, struct out *o);

/* One HTML file, with its pictures in it. */
void report_html(const struct report *r, struct out *o);

/* For programs, one JSON object a line: bouncewatch-report(1). */
void report_jsonl(const struct report *r, struct out *o);

#endif
