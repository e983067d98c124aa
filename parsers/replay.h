/*
 * The evidence of a verdict: what decided, in a form that people read, that
 * fits into 4 KiB, and from which the same refusal can be judged again under
 * other rules. Three parts, of which the last two may be absent, divided by
 * lines of two dashes:
 *
 *	the fields of the report (RFC 3464), and what was known otherwise:
 *	"Phase: data", "Queue-Time: over"
 *	--
 *	what the text says of the recipient
 *	--
 *	the rest of the text, where nothing else told
 *
 * Without any of the first it begins with the text.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "judge.h"

#define REPLAY_EVIDENCE_MAX 4096u

/* What replay_write() puts together; absent slices are left out. */
struct replay_evidence {
	struct str fields; /* of the report */
	struct str reporting_mta;
	unsigned phase; /* that counted, or 0; enum phase */
	bool expired;   /* the end of the queue time counted */
	const struct text_range *range;
	size_t ranges; /* what the text says, where it was asked */
	const struct text_range *more;
	size_t more_n; /* the rest of it, where it was asked */
};

/* Valid UTF-8 of at most REPLAY_EVIDENCE_MAX bytes, in a. */
struct str replay_write(struct arena *a, const struct replay_evidence *e);

/*
 * Judge the evidence of one recipient again. False: it holds nothing that
 * could be judged (another kind of mail). pending: as in judge_case.
 */
bool replay_judge(const struct verdict_context *ctx, struct arena *a,
	struct str evidence, bool pending, struct judgement *out);

#endif
