/*
 * The identity of an address: which two spellings are one mailbox. A
 * canonical key may never make two distinct mailboxes one; what is not
 * certain to be the same stays apart.
 *
 * Key: the domain in lower-case A-labels, without a trailing dot; the local
 * part in NFC with ASCII letters folded, in quotes only where it has other
 * bytes than an atom and dots, and then with as few escapes as can be. (Dots
 * side by side or at an end need quotes by RFC 5321, but carriers gave such
 * addresses out and everybody writes them without.) +tags and dots are never
 * touched: only the receiver knows what they mean (RFC 5321 2.3.11). By the
 * same section letters might differ by case; no known receiver does that, and
 * MTAs change the case of what they report, so ASCII case is folded. The key
 * of a key is that key.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include "arena.h"
#include "str.h"
#include "verdict.h"

enum address_flag {
	ADDRESS_SOURCE_ROUTE = 1 << 0, /* @a,@b:u@c, the route was cut */
	ADDRESS_PERCENT_HACK = 1 << 1, /* u%d@relay, kept as it is; not 100%@ */
	ADDRESS_BANG_PATH = 1 << 2,    /* a!b!u, kept as it is; not wow!@ */
	ADDRESS_LITERAL = 1 << 3,      /* u@[192.0.2.1] */
	ADDRESS_UTF8 = 1 << 4,         /* local part is not ASCII (RFC 6531) */
	ADDRESS_MIXED_SCRIPT = 1 << 5, /* letters of two scripts that look alike
					* (Latin, Greek, Cyrillic, ...) in the
					* local part, up to a +, or a label */
	ADDRESS_QUOTED = 1 << 6,       /* local part needs its quotes */
};

/* Why an address may reach somebody else than whom its reader means. */
enum address_doubt {
	ADDRESS_NO_DOUBT,
	ADDRESS_DOUBT_SCRIPT,
	ADDRESS_DOUBT_PERCENT,
	ADDRESS_DOUBT_BANG,
	ADDRESS_DOUBTS
};

enum address_error {
	ADDRESS_OK = 0,
	ADDRESS_EMPTY,
	ADDRESS_NO_AT,
	ADDRESS_TWO_AT,
	ADDRESS_LOCAL,    /* local part empty or with bytes it may not have */
	ADDRESS_DOMAIN,   /* domain empty or not a domain */
	ADDRESS_TOO_LONG, /* 64 / 255 / 254 octets (RFC 5321 4.5.3.1) */
	ADDRESS_CONTROL,  /* a control byte, or a space outside of quotes */
	ADDRESS_NOT_UTF8,
	ADDRESS_NO_MEMORY,
};

struct address {
	struct str seen;   /* as given, trimmed, without <> */
	struct str key;    /* canonical: equal keys are one mailbox */
	struct str domain; /* of the key */
	unsigned flags;
};

/*
 * Parse one addr-spec, as "u@d" or "<u@d>". *out lives in a or is a slice of
 * in; on an error only .seen is of use. ops gives IDN and NFC; NULL: ASCII
 * only, others are ADDRESS_DOMAIN / kept as they are.
 */
enum address_error address_parse(const struct verdict_ops *ops, struct arena *a,
	struct str in, struct address *out) __attribute__((warn_unused_result));

/* The same of a domain alone, as keys have it: "Example.org." gives
 * "example.org". An @ before it is passed over. ADDRESS_OK, ADDRESS_DOMAIN or
 * ADDRESS_NO_MEMORY. */
enum address_error address_domain(const struct verdict_ops *ops,
	struct arena *a, struct str in, struct str *out)
	__attribute__((warn_unused_result));

/* What is wrong, for a person: "has no @". */
const char *address_error_text(enum address_error e);

/* The gravest doubt that the flags of an address give; its word for programs,
 * "mixed-script", and for a person, behind the address: "has a % that ...". */
enum address_doubt address_doubt(unsigned flags);
const char *address_doubt_word(enum address_doubt d);
const char *address_doubt_text(enum address_doubt d);

/* Whether it is a host name in ASCII or an address literal, as it stands. */
bool address_is_domain(struct str s);

/*
 * Whether two domains belong to one organisation: the same last two labels,
 * or three below something like co.uk; address literals only when they are
 * equal. A guess that needs no list of public suffixes.
 */
bool address_same_organisation(struct str domain_a, struct str domain_b);

#endif
