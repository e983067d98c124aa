/*
 * Rules: what an MTA or provider says -> what it means. Pure data, loaded from
 * conf/rules/ at build time and from a user's files at start (conf/ruleset.h).
 * One shape for all: exact code or prefix, glob on hosts, case-folded
 * substring or glob on text. No regular expressions.
 */
#ifndef RULES_H
#define RULES_H

#include <stdint.h>

#include "match.h"
#include "verdict.h"

/* At which point of the SMTP dialogue the refusal came (RFC 5321). Bits. */
enum phase {
	PHASE_CONNECT = 1 << 0,
	PHASE_HELO = 1 << 1,
	PHASE_MAIL = 1 << 2,
	PHASE_RCPT = 1 << 3,
	PHASE_DATA = 1 << 4,
};

/* Who uses a phrase. */
enum rule_use_kind {
	USE_RULE,   /* one of `any`, or of `all` where there is no `any` */
	USE_BESIDE, /* another phrase of a rule */
	USE_PROVIDER,
	USE_MARK
};

struct rule_use {
	uint8_t kind;
	uint16_t index; /* of rules, providers; or an enum mark */
};

/*
 * A phrase as it is matched: folded (match_fold). With a '*' inside, the part
 * before it is in the automaton and the rest must follow within
 * RULE_GLOB_WINDOW bytes.
 */
struct rule_phrase {
	uint32_t at;         /* where it begins in rules.text */
	uint16_t n;          /* its bytes */
	uint16_t use, use_n; /* in rules.uses */
	uint16_t next;  /* 1 + another phrase with the same beginning, or 0 */
	uint16_t star;  /* where its first '*' stands, or 0 */
	uint32_t marks; /* as rule_text_marks() tells them, and RULE_PROVIDES */
};

#define RULE_GLOB_WINDOW 160u
#define RULE_PROVIDES    (1u << 31) /* it is a provider's */

struct rule {
	struct str name;   /* "google-user-unknown" */
	struct str family; /* "google": taken out together when measuring */
	struct str file;   /* where it stands, for explain */
	uint32_t line;
	bool users; /* of a user's own file */
	/*
	 * Conditions: each one that is given must hold; within any, status,
	 * smtp, host and provider one of the values will do. any, all and none
	 * are numbers of phrases.
	 */
	const uint16_t *any, *all, *none;
	const struct str *status;   /* "5.1.1", "5.7.*", "x.2.2" */
	const struct str *smtp;     /* "550", "55x", "5xx" */
	const struct str *host;     /* globs on Remote-MTA, Reporting-MTA */
	const struct str *provider; /* names */
	uint16_t any_n, all_n, none_n;
	uint8_t status_n, smtp_n, host_n, provider_n;
	uint8_t phases; /* enum phase bits; 0: any phase, also unknown */
	/* Conclusion */
	uint8_t reason; /* enum verdict_reason */
	bool weak;
	bool silent; /* that nobody answered: no news against an expiry */
	/*
	 * Higher ranks outweigh lower ones; within one the first wins. Rank
	 * RULE_VAGUE is asked only where the codes, too, say nothing.
	 */
	uint8_t rank;
};

#define RULE_VAGUE 1u

/* Who answered: by globs on hosts, and by phrases in the diagnostic. */
struct rule_provider {
	struct str name;
	const struct str *host;
	uint8_t host_n;
};

/* A glob of a provider. They are sorted by key, then as the providers are. */
struct rule_host {
	uint32_t key;   /* rules_host_key() */
	uint32_t bytes; /* rules_host_bytes() */
	uint16_t provider, host;
};

/* What stands for the two labels in which a glob ends; 0: it has none. */
uint32_t rules_host_key(struct str glob);

/*
 * Which bytes stand in a glob or a host, case folded: what has not all of a
 * glob's cannot match it. A bit stands for several bytes.
 */
uint32_t rules_host_bytes(struct str s);

/* Phrases by which the parsers find their way through text. */
enum mark {
	MARK_NONE = 0,
	MARK_BOUNCE_SUBJECT, /* subject of a bounce */
	MARK_BOUNCE_FROM,    /* sender of bounces: display name or local part */
	MARK_FAILED,         /* introduces or tells a failure */
	MARK_DELAYED,        /* the sender's MTA is still trying */
	MARK_DELIVERED,      /* delivered, relayed, read */
	MARK_ORIGINAL,       /* here begins the returned original */
	MARK_COMPLAINT_SUBJECT, /* subject of a complaint without a report */
	MARK_REPLY_SUBJECT,     /* subject of an auto-reply */
	MARK_REPLY,             /* text of an auto-reply */
	MARK_PERSON,            /* somebody talks of a bounce, or asks */
	MARK_CHALLENGE,         /* asks the sender to confirm */
	MARK_BYSTANDER, /* an address on this line is not the failed one */
	MARK_RECIPIENT, /* an address on this line is the failed one */
	/* At which point of the dialogue: in the order of enum phase. */
	MARK_PHASE_CONNECT,
	MARK_PHASE_HELO,
	MARK_PHASE_MAIL,
	MARK_PHASE_RCPT,
	MARK_PHASE_DATA,
	MARK_COUNT
};

struct rules {
	const struct rule *rules;
	size_t rules_n;
	const uint16_t *wordless; /* of them, those that need no phrase */
	size_t wordless_n;
	const struct rule_provider *providers;
	size_t providers_n;
	const struct rule_host *hosts; /* of all providers */
	size_t hosts_n;
	const struct rule_phrase *phrases;
	size_t phrases_n;
	/* Of all phrases, one behind the other: ten thousand pointers would
	 * have to be set whenever the program starts. */
	const char *text;
	const struct rule_use *uses;
	const struct match *match;
};

/* The table made by mkrules from conf/rules/. */
extern const struct rules rules_builtin;

/* A slice of rules.text. */
struct str rules_phrase_text(
	const struct rules *rules, const struct rule_phrase *p);

/* The name of a mark as rule files spell it, "bounce-subject"; or -1. */
const char *mark_word(enum mark m);
int mark_from_word(struct str word);

/* A text, folded and scanned once; ranges of it are then asked about. */
struct rule_text {
	struct str folded;
	struct match_hits hits, user_hits;
};

/* Fold and scan text with both rule sets of ctx. */
void rule_text_scan(const struct verdict_context *ctx, struct arena *a,
	struct str text, struct rule_text *out);

/*
 * The same in pieces that end with a line: for a text of at most max bytes
 * (false: no memory), each is folded behind the one before; then what is
 * folded is scanned, up to where somebody will ask.
 */
bool rule_text_open(struct arena *a, size_t max, struct rule_text *out);
void rule_text_fold(struct rule_text *t, struct str piece);
void rule_text_scan_to(const struct verdict_context *ctx, struct arena *a,
	struct rule_text *t, size_t to);

/*
 * Marks (bits, 1 << enum mark) whose phrases end in folded (from, to]. The
 * bit of MARK_NONE: a phrase of some rule is there.
 */
uint32_t rule_text_marks(const struct verdict_context *ctx,
	const struct rule_text *t, size_t from, size_t to);

/* The phase told last in (from, to]: one bit of enum phase, or 0. */
unsigned rule_text_phase(const struct verdict_context *ctx,
	const struct rule_text *t, size_t from, size_t to);

/* What is known of one refusal, beside its words. */
struct rule_facts {
	const struct rule_text *text; /* words; NULL: none */
	size_t from, to;              /* the part of it that counts */
	struct status status;
	int smtp;
	unsigned phase; /* enum phase bits; 0: not known */
	struct str remote_mta, reporting_mta;
	struct str said; /* the words as they stand: hosts are named in them */
	struct str domain; /* of the recipient */
	struct str provider;
	bool vague;   /* ask the rules of rank RULE_VAGUE, and only those */
	bool pending; /* a delay: rules that say expired do not count */
	bool expiry;  /* ask the rules that say expired, and only those */
	bool users;   /* ask the user's own rules, and only those */
	const struct rule *below; /* and only what this one outweighs */
};

struct rule_conclusion {
	enum verdict_reason reason; /* REASON_NONE: no rule matched */
	bool weak, silent;
	struct str rule; /* its name */
	const struct rule *by;
	struct str phrase; /* that matched, for explain; may be absent */
	size_t end;        /* where it ends in the text, folded */
};

/* The rule that decides; the user's rules are asked first. */
struct rule_conclusion rules_judge(const struct verdict_context *ctx,
	struct arena *a, const struct rule_facts *f);

/*
 * The provider by the remote host, or by a host that the words name; else by
 * phrases, by the recipient's domain, by the reporting host; absent when not
 * known.
 */
struct str rules_provider(
	const struct verdict_context *ctx, const struct rule_facts *f);

#endif
