/*
 * Is this a bad hour of a provider, or ordinary life? The statistical test of
 * the guard as a pure function: counts in, an answer with its numbers out. No
 * database, no clock. DESIGN.md ("The guard") has the figures by which it was
 * chosen.
 *
 * A bucket is one provider, domain or stream, or all together; what is counted
 * are addresses that were answered to be gone. Hours are hours since 1970.
 */
#ifndef INCIDENT_TEST_H
#define INCIDENT_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers are on disk. Stream and all hold nothing: they only alert. */
enum incident_kind {
	INCIDENT_PROVIDER = 1,
	INCIDENT_DOMAIN = 2,
	INCIDENT_STREAM = 3,
	INCIDENT_ALL = 4,
	INCIDENT_KINDS
};

#define INCIDENT_BASELINE (70 * 24) /* hours that tell what is usual */
#define INCIDENT_WINDOW   24        /* the longest window that is tested */

/* One hour. Hours in which nothing happened need not be there. */
struct incident_hour {
	int64_t hour;
	uint32_t n;       /* gone, in the bucket */
	uint32_t all;     /* gone, in all buckets */
	uint32_t engaged; /* of n: had opened or clicked lately */
	uint32_t sent;    /* mails sent to the bucket; 0: none, or not known */
	uint32_t unclaimed; /* mails of which nobody told what provider takes
			     * them, or to what domain they go */
	uint32_t all_sent;  /* to all */
	bool out;  /* within an incident: says nothing about what is usual */
	bool told; /* within one of this bucket: it is explained already */
};

struct incident_series {
	enum incident_kind kind;
	const struct incident_hour *h; /* ascending */
	size_t n;
	int lag; /* hours before a window whose mails may bounce in it: 1, or
		  * 25 where sends are known by day only */
	/* From this hour on nobody has told yet how much was sent: the log of
	 * a day comes in the night after it. 0: all is told. */
	int64_t untold_from;
};

/* Which evidence told. */
enum incident_why {
	INCIDENT_ORDINARY = 0,
	INCIDENT_RATE,    /* of the mails that were sent */
	INCIDENT_ENGAGED, /* addresses that had opened lately */
	INCIDENT_SHARE,   /* the bucket's part of all */
	INCIDENT_RISE,    /* stream, all: the number alone */
};

struct incident_result {
	enum incident_why why;
	int64_t hour, from; /* the window: its last and its first hour */
	int hours;          /* length of the window that told */
	uint32_t n;         /* in that window */
	uint32_t engaged;
	double p;       /* how likely such a window is in ordinary life */
	double usual;   /* what was to be expected in it */
	double highest; /* the most in a window of that length so far */
};

/* Lengths of the windows that are tested, in hours. */
#define INCIDENT_LENGTHS 6

/* Sums over a window, or over a baseline. */
struct incident_sums {
	double n, all, engaged, sent, unclaimed, all_sent;
};

/* What is usual in an hour: of the hours before it. */
struct incident_usual {
	enum incident_kind kind;
	int64_t hour;
	bool knows_sends; /* it is told how much was sent up to that hour */

	struct incident_length {
		struct incident_sums before; /* of the window, without hour */
		struct incident_sums late;   /* sent in the days before */
		struct incident_sums base;
		double part;   /* of the unclaimed mails, that counts as its
				* own: by what came of them before */
		double told;   /* gone since engaged addresses are known */
		double span;   /* hours since the first of the base */
		double active; /* hours in which anything happened */
		/* the highest windows of that length, the last day left out */
		double most;         /* n */
		double most_engaged; /* engaged */
		double most_others;  /* all - n */
		double most_excess;  /* n above its share */
	} length[INCIDENT_LENGTHS];
};

/* Learn what is usual in hour from the hours before it. Linear in the series:
 * once for each bucket and hour. */
void incident_learn(const struct incident_series *s, int64_t hour,
	struct incident_usual *out);

/*
 * Test the windows that end with the hour of *u; now: its counts so far. Cheap:
 * after each batch.
 */
struct incident_result incident_test(
	const struct incident_usual *u, const struct incident_hour *now);

/*
 * Whether nothing can have happened, by what was usual some hours ago: then
 * nothing need be learned anew. recent: the bucket's last 24 hours.
 */
bool incident_is_quiet(const struct incident_usual *u,
	const struct incident_series *recent, int64_t hour);

/* The first hour of an incident that was told by *r: back over what is high,
 * too, and one window more: the first bounces are too few to stand out. */
int64_t incident_begin(
	const struct incident_series *s, const struct incident_result *r);

/* The fewest that can tell in any window. engaged: of them; sent: mails known
 * to be sent, in all. Below, nothing need be asked. */
uint32_t incident_floor(
	enum incident_kind kind, uint32_t engaged, uint32_t sent);

/*
 * When an incident that began at `from` is over, as far as is known at `to`:
 * an hour after its last high one, or more where its bounces are rare. Asked
 * with a lower bar than to open one. It is over when that is not after `to`.
 */
int64_t incident_end(const struct incident_series *s, int64_t from, int64_t to);

/* Whether the others rose, too, from..to: then it was our own list, an import
 * for example, and no provider's bad day. */
bool incident_is_import(
	const struct incident_series *s, int64_t from, int64_t to);

const char *incident_why_word(enum incident_why why);

#endif
