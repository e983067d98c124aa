/*
 * A sender's world, made up from a seed: addresses that live and die,
 * providers with their share of the list and their bad days, mailings, and the
 * bounces that come of them. It knows the truth; the program sees only
 * bounces. Its numbers come from its own generator and from no library
 * function, so that each run is the same.
 */
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "verdict.h"

#define HOUR 3600
#define DAY  86400
#define WEEK (7 * DAY)

/* A Monday, 00:00 UTC, when each world begins. */
#define WORLD_BEGIN (INT64_C(20451) * DAY)

enum habit {
	HABIT_WEEKLY,  /* Tuesdays, 18:00 to 24:00 UTC */
	HABIT_STEADY,  /* around the clock, each address once a week */
	HABIT_DAILY,   /* 19:00 to 21:00 */
	HABIT_MONTHLY, /* each fourth Tuesday, 18:00 to 22:00 */
	HABIT_TRICKLE, /* single mails, most by day */
};

struct sender {
	const char *name;
	enum habit habit;
	uint32_t addresses;
	double deaths;  /* part of the list that dies in a week */
	int cycle_days; /* from one mail to an address to the next */
	double gmail;   /* share of gmail and what it hosts; 0: as in life */
};

/* A time in which a provider (or one domain) refuses the living. */
struct plant {
	int64_t from, to;
	int provider; /* index of world_providers, or -1 */
	int domain;   /* index of a domain, or -1 */
	double part;  /* of the mails that are refused */
	bool weak;    /* with words that count as weak evidence */
};

/* What a bounce is, with the truth. */
struct bounce {
	int64_t at, sent_at;
	uint32_t slot;
	uint8_t generation;
	uint8_t class, reason; /* enum verdict_class, verdict_reason */
	bool weak, dead, engaged, tells_sent;
	bool planted;   /* it comes of a plant */
	uint8_t stream; /* 0: the news; 1: what was imported */
};

enum {
	WORLD_GOOGLE,
	WORLD_MICROSOFT,
	WORLD_YAHOO,
	WORLD_APPLE,
	WORLD_GMX,
	WORLD_COMCAST,
	WORLD_NOBODY, /* small domains that serve themselves */
	WORLD_PROVIDERS
};

extern const char *const world_providers[WORLD_PROVIDERS];

struct world_domain {
	uint8_t provider;
	bool closed;         /* for good, with all its addresses */
	bool closes_unknown; /* and the name is gone, too */
};

/* Bits of what is known of a slot. */
enum {
	SLOT_DEAD = 1,
	SLOT_ENGAGED = 2,
	SLOT_SUPPRESSED = 4, /* on the sender's list: is not mailed */
	SLOT_HIT = 8,        /* alive, and was refused by a plant */
	SLOT_IMPORTED = 16,
	SLOT_FOUND = 32, /* dead, and bounced within a plant */
};

struct world {
	struct sender sender;
	uint64_t seed, state;
	bool unread; /* nobody takes the dead off the list */
	const struct plant *plants;
	size_t plants_n;
	uint8_t *flags;       /* one for each slot: an address, until it is */
	uint8_t *generation;  /* dead and suppressed: then another's */
	uint8_t *mailed_dead; /* mailings since its death */
	uint32_t *domain;
	struct world_domain *domains;
	double ranks; /* logarithm of the number of small domains */
	uint32_t domains_n, slots; /* slots: with what is imported */
	uint32_t next;
	double day_factor[WORLD_PROVIDERS];
	int64_t day;
	struct minute *ring;
	uint32_t *sent; /* in the hour of the last world_hour(), by domain */
	uint32_t sent_by[WORLD_PROVIDERS];
	uint64_t mails;
	/* of the dead that were mailed three times since: too late */
	uint64_t deaths, late;
	uint64_t found, hits; /* by a plant: the dead, the living */
};

/* The first domains are the providers' own; world_domain_name() tells. */
enum {
	DOMAIN_GMAIL,
	DOMAIN_HOTMAIL,
	DOMAIN_OUTLOOK,
	DOMAIN_YAHOO,
	DOMAIN_AOL,
	DOMAIN_APPLE,
	DOMAIN_GMX,
	DOMAIN_COMCAST,
	DOMAIN_CUSTOM
};

void world_init(struct world *w, const struct sender *s, uint64_t seed,
	const struct plant *plants, size_t n);
void world_release(struct world *w);

/* Send what the sender sends in the hour that begins at `at`. */
void world_hour(struct world *w, int64_t at);

/* Mail n new addresses that all are dead, over two hours from `at`; gmail:
 * their share. Bounces have stream 1. */
void world_import(struct world *w, int64_t at, uint32_t n, double gmail);

/* The bounces that arrive in the minute that begins at `at`, in order; they
 * live until the next call. */
size_t world_minute(struct world *w, int64_t at, const struct bounce **out);

void world_address(
	const struct world *w, uint32_t slot, uint8_t generation, char buf[64]);
void world_domain_name(uint32_t domain, char buf[48]);

/* The sender takes it off its list, or takes it back. */
void world_suppress(
	struct world *w, uint32_t slot, uint8_t generation, bool suppressed);

#endif
