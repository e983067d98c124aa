/*
 * The report: numbers from the database, and the ways to show them.
 *
 *   load.c      all that asks, one after the other; what we could not do
 *   numbers.c   what happened, by class, reason, provider, stream and domain
 *   spikes.c    what was more than usual (baseline.h), and what it hit
 *   causes.c    why, with the numbers that speak for it, and what to do
 *   typos.c     domains that look like typing errors
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
#define REPORT_TROUBLES 10

/* A name (reason, provider, ...) with its counts. */
struct report_row {
	struct str name;
	enum verdict_class class; /* of a reason; else NONE */
	int64_t n;                /* all classes that are bounces */
	int64_t classes[CLASS_COUNT];
	int64_t usual; /* median of n; -1: not known */
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
	int spikes_weeks;    /* before this one, that told what is usual */
	size_t spikes_names; /* that were compared, of all four kinds */
	double spikes_rise;  /* how far all rose together: not counted as
			      * spikes; 1: did not, or not known */
	struct report_typo typos[REPORT_TOP]; /* the most frequent first */
	size_t typos_n;
	int64_t typos_all; /* addresses, also of those that are not shown */
	struct report_fact facts[REPORT_FACTS];
	size_t facts_n;
	/* What we could not do, the latest of it, and how often it was so. */
	struct query_trouble troubles[REPORT_TROUBLES];
	size_t troubles_n, troubles_all;
	enum origin required;
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
