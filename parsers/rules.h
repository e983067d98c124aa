/*
 * Rules: what an MTA or provider says -> what it means. Pure data, loaded from
 * conf/rules/ at build time and from a user's files at start (conf/ruleset.h).
 * One shape for all: exact code or prefix, glob on hosts, case-folded
 * substring or glob on text. No regular expressions.
 */
#ifndef RULES_H
#define RULES_H

#include <stdint.h>

#include "verdict.h"

/* At which point of the SMTP dialogue the refusal came. Bits. */
enum phase {
	PHASE_CONNECT = 1 << 0,
	PHASE_HELO = 1 << 1,
	PHASE_MAIL = 1 << 2,
	PHASE_RCPT = 1 << 3,
	PHASE_DATA = 1 << 4,
};

/*
 * A phrase of a rule. Phrases of all rules are matched in one pass
 * (match.h); fold: ASCII lower-case, runs of white space as one space.
 */
struct rule_phrase {
	struct str text;
};

struct rule {
	struct str name;   /* "google-user-unknown" */
	struct str family; /* the file it came from: "google" */
	/*
	 * Conditions: each one that is given must hold; within one, any of
	 * its values will do.
	 */
	const struct rule_phrase *any; /* one of these phrases occurs */
	const struct rule_phrase *all; /* and all of these */
	const struct rule_phrase *none; /* and none of these */
	const struct str *status; /* "5.1.1" exact, "5.7." prefix, "x.2.2" */
	const int *smtp;          /* 550, or 55 for 55x, or 5 for 5xx */
	const struct str *host;   /* globs on Remote-MTA, Reporting-MTA */
	const struct str *provider; /* of providers, by name */
	uint8_t any_n, all_n, none_n, status_n, smtp_n, host_n, provider_n;
	uint8_t phases; /* enum phase bits, 0: any phase */
	/* Conclusion */
	enum verdict_reason reason;
	bool weak;
	/*
	 * Rank: rules that match are outweighed by those of a higher rank;
	 * within a rank the first in order wins.
	 */
	uint8_t rank;
};

/* Who answered: by host globs, and by phrases in the diagnostic. */
struct rule_provider {
	struct str name;
	const struct str *host;
	const struct rule_phrase *phrase;
	uint8_t host_n, phrase_n;
};

/*
 * Phrases by which the text parser finds its way (conf/rules/marks.yaml):
 * where a failure is told, where the returned original begins, what an
 * auto-reply says in its subject, ...
 */
enum mark {
	MARK_NONE = 0,
	MARK_BOUNCE_SUBJECT, /* subject of a bounce */
	MARK_BOUNCE_FROM,    /* sender of bounces: display name or local part */
	MARK_FAILED,         /* introduces or tells permanent failure */
	MARK_DELAYED,        /* still trying */
	MARK_DELIVERED,      /* delivered, relayed, read */
	MARK_ORIGINAL,       /* here begins the returned original */
	MARK_REPLY_SUBJECT,  /* subject of an auto-reply */
	MARK_REPLY,          /* text of an auto-reply */
	MARK_CHALLENGE,      /* asks the sender to confirm */
	MARK_BYSTANDER,      /* the address on this line is not the failed one */
	MARK_COUNT
};

struct rule_mark {
	enum mark mark;
	struct rule_phrase phrase;
};

struct rules {
	const struct rule *rules;
	size_t rules_n;
	const struct rule_provider *providers;
	size_t providers_n;
	const struct rule_mark *marks;
	size_t marks_n;
	const struct match *match; /* automaton over all phrases (match.h) */
	/* For each phrase of the automaton, what it belongs to: see rules.c */
	const uint32_t *phrase_use;
	size_t phrase_use_n;
};

/* The table made by mkrules. */
extern const struct rules rules_builtin;

#endif
