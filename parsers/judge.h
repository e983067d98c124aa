/*
 * What a refusal means: the words, the codes and the phase together. The words
 * outweigh a code that they contradict; a code decides where they say nothing
 * (DESIGN.md, "Words").
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "rules.h"
#include "text.h"

struct judge_case {
	const struct rule_text *text; /* may be NULL: no words at all */
	/* Places that speak of this recipient, the most telling first. */
	const struct text_range *range;
	size_t ranges;
	/* Asked only when those and the codes say nothing; n 0: none. */
	const struct text_range *more;
	size_t more_n;
	/* The report's Diagnostic-Code: its codes, where all those have none.
	 */
	struct str stated;
	struct status status; /* of the report's Status field, or class 0 */
	unsigned phase;       /* enum phase: known from elsewhere, or 0 */
	bool pending;         /* a delay: the queue time is not over */
	bool expired;         /* said in so many words by a report's field */
	struct str remote_mta, reporting_mta;
	/* For explain: the report's fields as they stand, and whether the range
	 * is the Diagnostic-Code of them; the text that the ranges are of. */
	struct str fields, whole;
	bool in_field;
	struct str recipient; /* whose domain tells who answers for it */
};

struct judgement {
	enum verdict_reason reason;
	bool weak;
	struct status status; /* the one that counts */
	int smtp;
	struct str provider;
	struct str rule;
	unsigned phase;        /* that counted; 0: none was known */
	bool expired;          /* the end of the queue time counted */
	struct str diagnostic; /* the decisive words, as they stand */
	bool elsewhere;        /* what speaks of the recipient does not tell */
};

void judge(const struct verdict_context *ctx, struct arena *a,
	const struct judge_case *c, struct judgement *out);

#endif
