/*
 * A sender with a list, for what is planted into one of its weeks: people with
 * names, providers and ages, mailings, and the bounces of ordinary weeks. The
 * program is given the bounces, through the ledger, and, where it is to know,
 * the send log and who opened.
 */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db_private.h"
#include "ledger.h"
#include "ledger_import.h"
#include "verdict.h"

#define HOUR 3600
#define DAY  86400
#define WEEK (7 * DAY)

/* The week that is reported, from a Monday on, and those of bounces before. */
#define LIST_DAY   INT64_C(20563)
#define LIST_FROM  (LIST_DAY * DAY)
#define LIST_TO    (LIST_FROM + WEEK)
#define LIST_WEEKS 12

#define LIST_STREAMS   6
#define LIST_PROVIDERS 7

enum {
	PROVIDER_GOOGLE,
	PROVIDER_MICROSOFT,
	PROVIDER_YAHOO,
	PROVIDER_APPLE,
	PROVIDER_GMX,
	PROVIDER_COMCAST,
	PROVIDER_NONE
};

extern const char *const list_providers[LIST_PROVIDERS];

struct person {
	char key[80];
	uint8_t provider, stream;
	bool dead, engaged;
	bool in_week; /* it bounced in the week that is reported */
	int32_t first, previous, last; /* days of mails; 0: none */
};

struct list_bounce {
	int64_t at, sent_at;
	size_t person;
	enum verdict_class class;
	enum verdict_reason reason;
	bool forwarded, weak, planted;
	uint8_t provider, stream;
};

/* Mails of the week to people who are not in the list here, and arrived. */
struct list_arrived {
	int stream, provider; /* provider -1: as in life */
	int64_t n;
};

struct list {
	uint64_t state; /* of the generator */
	struct person *people;
	size_t people_n, people_cap, regular_n; /* regular: of the list */
	struct list_bounce *bounces;
	size_t bounces_n, bounces_cap;
	const char *streams[LIST_STREAMS + 2]; /* and two that are new */
	int streams_n;
	double companies; /* part of the addresses at companies' own domains */
	double habit;     /* bounces of an ordinary week */
	struct list_arrived arrived[4];
	int arrived_n;
	uint32_t domains;
	uint32_t serial;
	int32_t log_since; /* the day from which there are send logs */
	bool tells_opened;
};

/* --- chance --- */

void list_seed(struct list *l, uint64_t seed);
double list_draw(struct list *l);                        /* [0, 1) */
double list_between(struct list *l, double a, double b); /* even */
double list_size(struct list *l, double a, double b);    /* by size */
size_t list_pick(struct list *l, size_t n);              /* 0 .. n - 1 */
bool list_chance(struct list *l, double p);

/* One of n, by weight. */
size_t list_weighted(struct list *l, const double *weights, size_t n);

/* --- people --- */

/* A name as people choose them, to stand before the @. */
void list_name(struct list *l, char out[40]);

/* One more person; provider: PROVIDER_..., or -1 as in life. NULL domain: one
 * that fits. */
size_t list_person(struct list *l, const char *domain, int provider);

/* A domain of its own, for a company. */
void list_company(struct list *l, char out[40]);

/* A living regular one (of a provider, or -1), who was mailed before the week.
 * Made when there are few. */
size_t list_regular(struct list *l, int provider);

/* Mailed each week since long ago. */
void list_age(struct list *l, struct person *p);

/* --- bounces --- */

void list_bounce(struct list *l, const struct list_bounce *b);

/* That mails of the same mailing arrived. */
void list_arrive(struct list *l, int stream, int provider, int64_t n);

/* How long a bounce takes. */
int64_t list_delay(struct list *l);

/* An hour of day when people mail, in seconds. */
int64_t list_daytime(struct list *l);

/* --- the whole --- */

/* People, and the bounces of LIST_WEEKS weeks and the one that is reported. */
void list_init(struct list *l, uint64_t seed);
void list_release(struct list *l);

/* All of it into a database at path; `logs`: with what was sent. */
void list_store(struct list *l, const char *path, bool logs);

#endif
