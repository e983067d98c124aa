/*
 * Bounces that a machine wrote for people: no report, only text. Finds the
 * addresses that failed, and what was said about each, in any language whose
 * phrases the rules know.
 */
#ifndef TEXT_H
#define TEXT_H

#include "index.h"
#include "rules.h"
#include "verdict.h"

#define TEXT_LINES_MAX    4000u
#define TEXT_FINDINGS_MAX 1000u
#define TEXT_RANGES_MAX   4u

struct text_range {
	size_t from, to; /* folded */
	struct str raw;
};

/* One address that failed, with the places that speak of it, best first. */
struct text_finding {
	struct str address;
	struct str generated_from; /* the address it was expanded from */
	struct text_range range[TEXT_RANGES_MAX];
	size_t ranges;
	unsigned level; /* 3 named as failed, 2 told of, 1 stands alone */
};

struct text {
	struct str raw;        /* the subject, an LF, the text that was read */
	struct rule_text scan; /* of raw */
	/* Folded offsets: behind the subject, and where the original begins. */
	size_t body_at, body_end;
	struct str read; /* raw as far as it was read: up to the original */
	uint32_t marks, subject_marks; /* bits of enum mark */
	struct str original; /* the returned original in the text, or absent */
	struct text_finding *v;
	size_t n;
	struct index by_address; /* of v */
	bool sections;           /* under headings: one more may follow */
	bool only_senders;       /* nobody but the sender was found */
	bool delivered, failed;  /* lines say so, the subject apart */
	/* An address that nothing is said of, and how many such there are. */
	struct str sole;
	size_t sole_n;
	unsigned limits;
};

/* What is read, both UTF-8; the addresses in ignore (the sender's) count only
 * where there is no other. */
struct text_input {
	struct str subject, body;
	const struct str *ignore;
	size_t ignore_n;
};

/*
 * Subject, LF, body; without marks of quotation, without the line breaks in
 * the middle of an address, typographical signs in ASCII.
 */
struct str text_tidy(struct arena *a, struct str subject, struct str body);

/* Read the text; all of *out lives in a. */
void text_parse(const struct verdict_context *ctx, struct arena *a,
	const struct text_input *in, struct text *out);

/* The finding about an address, letters folded; NULL: there is none. */
const struct text_finding *text_find(const struct text *t, struct str address);

/* The first address in a line: its slice, without brackets; or absent. */
struct str text_address(struct str line);

#endif
