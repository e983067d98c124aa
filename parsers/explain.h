/*
 * What parse --explain tells of one judgement: the line that decided, the rule
 * and its phrase, and what these outweighed. Nothing of it is worked out
 * without a trace.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "judge.h"

/* Whom the judgement is about, and where that is told; fields: of the report
 * about it, or absent. */
void explain_recipient(const struct verdict_context *ctx, struct arena *a,
	struct str address, struct str fields, const struct judge_case *c);

/* A line that decided by itself; what: the name of its header or field. */
void explain_line(const struct verdict_context *ctx, struct arena *a,
	const char *what, struct str line);

/* The place that a rule went by; v: the range asked, NULL: codes alone. */
void explain_evidence(const struct verdict_context *ctx, struct arena *a,
	const struct judge_case *c, const struct text_range *v,
	const struct rule_conclusion *r);

/* The rule itself; but: what the judgement made of its reason, or "". */
void explain_rule(const struct verdict_context *ctx, struct arena *a,
	const struct rule_conclusion *r, const char *but);

/* The enhanced code, and which field or reply states it. */
void explain_code(const struct verdict_context *ctx, struct arena *a,
	const struct judge_case *c, const struct judgement *out);

/*
 * What says otherwise and counts less: other rules that these facts match,
 * below the one of facts->below, and the code; out: what was concluded.
 */
void explain_outweighed(const struct verdict_context *ctx, struct arena *a,
	const struct rule_facts *facts, const struct judgement *out);

#endif
