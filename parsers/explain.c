/*
 * The path of a judgement, for people. A phrase is found in folded text; the
 * line is told as it stands in the mail, or, where the mail is encoded, in the
 * text that it holds.
 */
#include "explain.h"

#include <stdio.h>

#include "rfc3463.h"
#include "trace.h"

#define SHOWN_MAX      160u
#define OUTWEIGHED_MAX 8
#define CONTEXT_MAX    160u

/* The line of v in which the folded text ends at end. A range of all of the
 * text has its raw from the text's beginning, wherever it begins itself. */
static struct str line_at(struct arena *a, const struct judge_case *c,
	const struct text_range *v, size_t end)
{
	struct str rest = v->raw, line = STR_NULL;
	size_t at = v->raw.p == c->whole.p ? 0 : v->from;

	while (rest.n && at < end) {
		struct str piece = rest;
		char *folded;

		str_line(&rest, &line);
		piece.n -= rest.n;
		folded = arena_alloc(a, piece.n + 1);
		if (!folded)
			break;
		at += match_fold_piece(folded, piece);
	}
	return str_trim(line);
}

/* The field of this name, from its name on; or absent. */
static struct str field_of(struct str fields, const char *name)
{
	struct str line, rest = fields;

	while (str_line(&rest, &line))
		if (str_istarts(line, name))
			return line;
	return STR_NULL;
}

static const char *field_place(const struct verdict_context *ctx,
	struct str field, const char *name, char buf[64])
{
	unsigned number = trace_line_of(ctx, field);

	if (number)
		snprintf(buf, 64, "%s, line %u", name, number);
	else
		snprintf(buf, 64, "%s, decoded", name);
	return buf;
}

/*
 * The line of the mail on which a line of its text stands. Many lines may be
 * alike: what stands before it in the text has to stand there, too.
 */
static unsigned line_in_mail(const struct verdict_context *ctx,
	const struct judge_case *c, struct str line)
{
	size_t body = str_chr(c->whole, '\n') + 1;
	size_t at = (size_t)(line.p - c->whole.p);
	size_t before = at > body + CONTEXT_MAX ? CONTEXT_MAX : at - body;
	struct str s =
		str_trim(str_of(line.p - before, before + str_trim(line).n));
	unsigned number = trace_line_of(ctx, s);

	if (!number)
		return trace_line_of(ctx, line);
	for (const char *p = s.p; p < line.p; p++)
		number += *p == '\n';
	return number;
}

static const char *place_of(const struct verdict_context *ctx,
	const struct judge_case *c, struct str line, char buf[64])
{
	struct str head = str_sub(c->whole, 0, str_chr(c->whole, '\n'));
	unsigned number;
	struct str field = field_of(c->fields, "diagnostic-code:");
	bool inside = c->whole.n && line.p >= c->whole.p &&
		      line.p < c->whole.p + c->whole.n;

	if (c->in_field && field.n)
		return field_place(ctx, field, "Diagnostic-Code", buf);
	if (inside && line.p < head.p + head.n)
		return "the subject";
	number = inside ? line_in_mail(ctx, c, line) : trace_line_of(ctx, line);
	if (number) {
		snprintf(buf, 64, "line %u", number);
	} else if (inside) {
		for (const char *p = head.p; p < line.p; p++)
			number += *p == '\n';
		snprintf(buf, 64, "line %u of the decoded text", number);
	} else {
		snprintf(buf, 64, "the decoded text");
	}
	return buf;
}

void explain_recipient(const struct verdict_context *ctx, struct arena *a,
	struct str address, struct str fields, const struct judge_case *c)
{
	static const char *const names[] = {
		"Original-Recipient", "Final-Recipient", "X-Actual-Recipient"};
	struct str rest = c->ranges ? c->range[0].raw : STR_NULL, line;
	char buf[64];

	if (!ctx->trace)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		line = field_of(fields, names[i]);
		if (!address.n || str_find(line, address) == line.n)
			continue;
		trace_add(ctx, a, "recipient " STR_FMT " by %s",
			STR_ARG(address),
			field_place(ctx, line, names[i], buf));
		return;
	}
	while (address.n && str_line(&rest, &line))
		if (str_find(line, address) < line.n) {
			trace_add(ctx, a, "recipient " STR_FMT " by %s",
				STR_ARG(address), place_of(ctx, c, line, buf));
			return;
		}
	trace_add(ctx, a, "recipient " STR_FMT, STR_ARG(address));
}

void explain_line(const struct verdict_context *ctx, struct arena *a,
	const char *what, struct str line)
{
	unsigned number;

	line = str_sub(str_trim(line), 0, SHOWN_MAX);
	if (!ctx->trace || !line.n)
		return;
	number = trace_line_of(ctx, line);
	if (number)
		trace_add(ctx, a, "%s, line %u: " STR_FMT, what, number,
			STR_ARG(line));
	else
		trace_add(ctx, a, "%s: " STR_FMT, what, STR_ARG(line));
}

void explain_evidence(const struct verdict_context *ctx, struct arena *a,
	const struct judge_case *c, const struct text_range *v,
	const struct rule_conclusion *r)
{
	struct str line;
	char buf[64];

	if (!ctx->trace || !v || !r->phrase.n)
		return;
	line = line_at(a, c, v, r->end);
	trace_add(ctx, a, "%s: " STR_FMT, place_of(ctx, c, line, buf),
		STR_ARG(str_sub(line, 0, SHOWN_MAX)));
}

static const char *source_of(const struct rule *r, char buf[128])
{
	size_t at = r->file.n;

	while (at && r->file.p[at - 1] != '/')
		at--;
	snprintf(buf, 128, STR_FMT ":%u",
		STR_ARG(r->users ? r->file : str_sub(r->file, at, r->file.n)),
		r->line);
	return buf;
}

void explain_rule(const struct verdict_context *ctx, struct arena *a,
	const struct rule_conclusion *r, const char *but)
{
	char buf[128];

	if (!ctx->trace)
		return;
	if (r->phrase.n)
		trace_add(ctx, a,
			"rule " STR_FMT " (%s) by '" STR_FMT "': %s%s",
			STR_ARG(r->rule), source_of(r->by, buf),
			STR_ARG(r->phrase), reason_word(r->reason), but);
	else
		trace_add(ctx, a, "rule " STR_FMT " (%s) by the codes: %s%s",
			STR_ARG(r->rule), source_of(r->by, buf),
			reason_word(r->reason), but);
}

static bool is_same(struct status x, struct status y)
{
	return x.class == y.class && x.subject == y.subject &&
	       x.detail == y.detail;
}

/* The line with the reply that states the code; absent: it is nowhere. */
static struct str reply_line(const struct judge_case *c, struct status status)
{
	for (size_t i = 0; i < c->ranges; i++) {
		struct str rest = c->range[i].raw, line;
		struct rfc3463_reply reply;

		while (str_line(&rest, &line)) {
			rfc3463_scan(line, &reply);
			if (is_same(reply.status, status))
				return line;
		}
	}
	return STR_NULL;
}

void explain_code(const struct verdict_context *ctx, struct arena *a,
	const struct judge_case *c, const struct judgement *out)
{
	struct str field = field_of(c->fields, "status:"), line;
	char buf[64], code[16];

	if (!ctx->trace)
		return;
	status_format(out->status, code);
	line = reply_line(c, out->status);
	if (line.n)
		trace_add(ctx, a, "%s: " STR_FMT, place_of(ctx, c, line, buf),
			STR_ARG(str_sub(str_trim(line), 0, SHOWN_MAX)));
	else if (field.n)
		trace_add(ctx, a, "%s: %s",
			field_place(ctx, field, "Status", buf), code);
	trace_add(ctx, a, "code %s: %s", code, reason_word(out->reason));
}

static void outweighed_rule(const struct verdict_context *ctx, struct arena *a,
	const struct rule_conclusion *r)
{
	char buf[128];

	if (r->phrase.n)
		trace_add(ctx, a,
			"  outweighs rule " STR_FMT " (%s) by '" STR_FMT
			"': %s",
			STR_ARG(r->rule), source_of(r->by, buf),
			STR_ARG(r->phrase), reason_word(r->reason));
	else
		trace_add(ctx, a,
			"  outweighs rule " STR_FMT " (%s) by the codes: %s",
			STR_ARG(r->rule), source_of(r->by, buf),
			reason_word(r->reason));
}

static void outweighed_code(const struct verdict_context *ctx, struct arena *a,
	const struct judgement *out)
{
	enum verdict_reason r = rfc3463_reason(out->status);
	char buf[16];

	if (r != REASON_NONE && r != REASON_UNDETERMINED && r != out->reason)
		trace_add(ctx, a, "  outweighs code %s: %s",
			status_format(out->status, buf), reason_word(r));
	if (r != REASON_NONE && r != REASON_UNDETERMINED)
		return;
	r = rfc3463_smtp_reason(out->smtp);
	if (r != REASON_NONE && r != out->reason)
		trace_add(ctx, a, "  outweighs reply code %d: %s", out->smtp,
			reason_word(r));
}

void explain_outweighed(const struct verdict_context *ctx, struct arena *a,
	const struct rule_facts *facts, const struct judgement *out)
{
	struct rule_facts f = *facts;
	int n = 0;

	if (!ctx->trace)
		return;
	f.users = false;
	do {
		struct rule_conclusion r;

		while ((r = rules_judge(ctx, a, &f)).reason != REASON_NONE &&
			n++ < OUTWEIGHED_MAX) {
			outweighed_rule(ctx, a, &r);
			f.below = r.by;
		}
		f.vague = !f.vague;
	} while (f.vague);
	outweighed_code(ctx, a, out);
}
