/*
 * The order in which evidence is asked: words about this recipient, codes,
 * words elsewhere in the mail, the bare reply code. The first that says
 * something decides; each step is told to the trace.
 */
#include "judge.h"

#include "explain.h"
#include "rfc3463.h"
#include "rfc5322.h"
#include "trace.h"

/* The last reply told in v, as far as *reply does not know one yet. */
static void read_replies(
	const struct text_range *v, size_t n, struct rfc3463_reply *reply)
{
	for (size_t i = 0; i < n; i++) {
		struct rfc3463_reply r;

		if (reply->smtp && rfc3463_is_specific(reply->status))
			return;
		rfc3463_scan(v[i].raw, &r);
		if (!reply->smtp)
			reply->smtp = r.smtp;
		if (!rfc3463_is_specific(reply->status) && r.status.class)
			reply->status = r.status;
	}
}

static void read_codes(const struct judge_case *c, struct judgement *out)
{
	struct rfc3463_reply reply = {.smtp = 0};

	read_replies(c->range, c->ranges, &reply);
	if (!reply.smtp && !reply.status.class) {
		read_replies(c->more, c->more_n, &reply);
		out->elsewhere = reply.smtp || reply.status.class;
	}
	if (!reply.smtp && !reply.status.class)
		rfc3463_scan(c->stated, &reply);
	out->smtp = reply.smtp;
	out->status = rfc3463_choose(c->status, reply.status);
}

static unsigned phase_of(const struct verdict_context *ctx,
	const struct judge_case *c, const struct text_range *v, size_t n)
{
	unsigned phase = 0;

	for (size_t i = 0; c->text && i < n && !phase; i++)
		phase = rule_text_phase(ctx, c->text, v[i].from, v[i].to);
	if (!phase)
		phase = c->phase;
	/* Gateways print the command apart. What is said of a connection or
	 * a sender somewhere in the mail proves less. */
	for (size_t i = 0; c->text && i < c->more_n && !phase; i++)
		phase = rule_text_phase(
				ctx, c->text, c->more[i].from, c->more[i].to) &
			(PHASE_RCPT | PHASE_DATA);
	return phase;
}

/*
 * A refusal before RCPT TO is not about the recipient, whatever it says: the
 * sender's address or host is what does not exist.
 */
static enum verdict_reason by_phase(enum verdict_reason reason, unsigned phase)
{
	static const struct {
		unsigned phase;
		enum verdict_reason from, to;
	} rows[] = {
		{PHASE_MAIL,    REASON_USER_UNKNOWN,     REASON_SENDER_REJECTED},
		{PHASE_MAIL,    REASON_DOMAIN_UNKNOWN,   REASON_SENDER_REJECTED},
		{PHASE_MAIL,    REASON_ADDRESS_INVALID,  REASON_SENDER_REJECTED},
		{PHASE_MAIL,    REASON_ADDRESS_MOVED,    REASON_SENDER_REJECTED},
		{PHASE_MAIL,    REASON_DOMAIN_NO_MAIL,   REASON_SENDER_REJECTED},
		{PHASE_MAIL,    REASON_MAILBOX_DISABLED, REASON_SENDER_REJECTED},
		{PHASE_CONNECT, REASON_USER_UNKNOWN,     REASON_POLICY         },
		{PHASE_CONNECT, REASON_ADDRESS_INVALID,  REASON_POLICY         },
		{PHASE_CONNECT, REASON_MAILBOX_DISABLED, REASON_POLICY         },
		{PHASE_HELO,    REASON_USER_UNKNOWN,     REASON_POLICY         },
		{PHASE_HELO,    REASON_DOMAIN_UNKNOWN,   REASON_POLICY         },
		{PHASE_HELO,    REASON_ADDRESS_INVALID,  REASON_POLICY         },
		{PHASE_HELO,    REASON_MAILBOX_DISABLED, REASON_POLICY         },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].phase == phase && rows[i].from == reason)
			return rows[i].to;
	return reason;
}

/*
 * Whether the mail says that the queue time of this recipient is over. To give
 * up where the failure is a transient one (RFC 3463 2: "persistence of some
 * temporary condition has caused abandonment") is to say so.
 */
static bool is_over(const struct verdict_context *ctx, struct arena *a,
	const struct judge_case *c, const struct judgement *out)
{
	struct rule_facts f = {.text = c->text, .expiry = true};

	if (c->expired || rfc3463_reason(c->status) == REASON_EXPIRED ||
		rfc3463_reason(out->status) == REASON_EXPIRED ||
		(out->status.class == 4 && !out->smtp))
		return true;
	for (size_t i = 0; c->text && i < c->ranges + c->more_n; i++) {
		const struct text_range *v =
			i < c->ranges ? &c->range[i] : &c->more[i - c->ranges];

		f.from = v->from;
		f.to = v->to;
		if (rules_judge(ctx, a, &f).reason == REASON_EXPIRED)
			return true;
	}
	return false;
}

/* v: where the rule was asked, or NULL: by codes alone. */
static void conclude(const struct verdict_context *ctx, struct arena *a,
	const struct judge_case *c, const struct text_range *v,
	const struct rule_conclusion *r, struct judgement *out)
{
	const char *but = "";

	out->reason = by_phase(r->reason, out->phase);
	if (out->reason != r->reason)
		but = ", but before RCPT TO";
	if (r->silent && c->pending && !out->smtp) {
		out->reason = REASON_DELAYED;
		but = ", but nobody answered, and it is still tried";
	} else if (r->silent && !c->pending && is_over(ctx, a, c, out)) {
		out->reason = REASON_EXPIRED;
		out->expired = true;
		but = ", but it was tried until the queue time was over";
	}
	out->weak = r->weak;
	out->rule = r->rule;
	explain_evidence(ctx, a, c, v, r);
	explain_rule(ctx, a, r, but);
}

/* Which words are asked: where, of which rules. */
enum ask {
	ASK_MORE = 1,  /* elsewhere in the mail, not beside the recipient */
	ASK_VAGUE = 2, /* the vague rules */
	ASK_USERS = 4, /* only the user's own rules */
};

/* What is known, with the first of the places that are asked. */
static struct rule_facts facts_of(const struct verdict_context *ctx,
	const struct judge_case *c, unsigned ask, const struct judgement *out)
{
	const struct text_range *v = ask & ASK_MORE ? c->more : c->range;
	size_t n = ask & ASK_MORE ? c->more_n : c->ranges;

	return (struct rule_facts){
		.text = n ? c->text : NULL,
		.from = n ? v->from : 0,
		.to = n ? v->to : 0,
		.status = out->status,
		.smtp = out->smtp,
		.phase = phase_of(ctx, c, v, n),
		.remote_mta = c->remote_mta,
		.reporting_mta = c->reporting_mta,
		.provider = out->provider,
		.vague = ask & ASK_VAGUE,
		.users = ask & ASK_USERS,
		.pending = c->pending,
	};
}

static bool by_words(const struct verdict_context *ctx, struct arena *a,
	const struct judge_case *c, unsigned ask, struct judgement *out)
{
	const struct text_range *v = ask & ASK_MORE ? c->more : c->range;
	size_t n = ask & ASK_MORE ? c->more_n : c->ranges;
	struct rule_facts f = facts_of(ctx, c, ask, out);

	/* Without words the rules that go by codes alone still count. */
	for (size_t i = 0; i < (n ? n : 1); i++) {
		struct rule_conclusion r;

		f.from = n ? v[i].from : 0;
		f.to = n ? v[i].to : 0;
		r = rules_judge(ctx, a, &f);
		if (r.reason == REASON_NONE)
			continue;
		out->phase = f.phase;
		conclude(ctx, a, c, n ? &v[i] : NULL, &r, out);
		f.below = r.by;
		explain_outweighed(ctx, a, &f, out);
		return true;
	}
	return false;
}

/* The body to its vaguest word, and only then the subject. */
static bool by_words_elsewhere(const struct verdict_context *ctx,
	struct arena *a, const struct judge_case *c, struct judgement *out)
{
	struct judge_case one = *c;

	for (size_t i = 0; i < c->more_n; i++) {
		one.more = &c->more[i];
		one.more_n = 1;
		if (by_words(ctx, a, &one, ASK_MORE, out) ||
			by_words(ctx, a, &one, ASK_MORE | ASK_VAGUE, out))
			return true;
	}
	return !c->more_n &&
	       (by_words(ctx, a, c, ASK_MORE, out) ||
		       by_words(ctx, a, c, ASK_MORE | ASK_VAGUE, out));
}

static bool by_codes(const struct verdict_context *ctx, struct arena *a,
	const struct judge_case *c, struct judgement *out)
{
	enum verdict_reason r = rfc3463_reason(out->status);
	struct rule_facts f;

	if (r == REASON_NONE || r == REASON_UNDETERMINED ||
		(c->pending && r == REASON_EXPIRED))
		return false;
	f = facts_of(ctx, c, ASK_VAGUE, out);
	out->phase = f.phase;
	out->reason = by_phase(r, f.phase);
	out->rule = str_from("code");
	explain_code(ctx, a, c, out);
	explain_outweighed(ctx, a, &f, out);
	return true;
}

static bool by_reply_code(const struct verdict_context *ctx, struct arena *a,
	struct judgement *out)
{
	enum verdict_reason r = rfc3463_smtp_reason(out->smtp);

	if (r == REASON_NONE)
		return false;
	out->reason = r;
	/* One number, and no word: not enough to give an address up. */
	out->weak = reason_class(r) == CLASS_HARD;
	out->rule = str_from("reply-code");
	trace_add(ctx, a, "reply code %d: %s", out->smtp, reason_word(r));
	return true;
}

/*
 * No word, no code: the point in the dialogue still tells whom it is about.
 * Where RCPT TO was refused nothing more is known.
 */
static bool by_phase_alone(const struct verdict_context *ctx, struct arena *a,
	const struct judge_case *c, struct judgement *out)
{
	static const struct {
		unsigned phase;
		enum verdict_reason reason;
	} rows[] = {
		{PHASE_CONNECT, REASON_REPUTATION     },
		{PHASE_MAIL,    REASON_SENDER_REJECTED},
		{PHASE_DATA,    REASON_FILTERED       },
	};

	unsigned phase = phase_of(ctx, c, c->range, c->ranges);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (out->smtp >= 500 && rows[i].phase == phase) {
			out->phase = phase;
			out->reason = rows[i].reason;
			out->rule = str_from("phase");
			trace_add(ctx, a, "by the phase of the refusal: %s",
				reason_word(out->reason));
			return true;
		}
	return false;
}

static struct str domain_of(struct str address)
{
	return str_sub(address, str_chr(address, '@') + 1, address.n);
}

static void find_provider(const struct verdict_context *ctx,
	const struct judge_case *c, struct judgement *out)
{
	struct rule_facts f = {
		.text = c->text,
		.remote_mta = c->remote_mta,
		.reporting_mta = c->reporting_mta,
		.domain = domain_of(c->recipient),
	};

	if (c->ranges) {
		f.said = c->range[0].raw;
		f.from = c->range[0].from;
		f.to = c->range[0].to;
	} else {
		f.text = NULL;
	}
	out->provider = rules_provider(ctx, &f);
	if (!out->provider.p && c->more_n) {
		f.text = c->text;
		f.said = STR_NULL;
		f.from = c->more[0].from;
		f.to = c->more[0].to;
		out->provider = rules_provider(ctx, &f);
	}
}

void judge(const struct verdict_context *ctx, struct arena *a,
	const struct judge_case *c, struct judgement *out)
{
	*out = (struct judgement){.reason = REASON_UNDETERMINED};
	read_codes(c, out);
	find_provider(ctx, c, out);
	if (c->ranges)
		out->diagnostic = c->range[0].raw;
	/* Codes that stand elsewhere count no more than the words there. */
	if ((ctx->user_rules && by_words(ctx, a, c, ASK_USERS, out)) ||
		by_words(ctx, a, c, 0, out) ||
		(out->elsewhere && by_words(ctx, a, c, ASK_MORE, out)) ||
		by_codes(ctx, a, c, out) || by_words(ctx, a, c, ASK_VAGUE, out))
		return;
	out->elsewhere = true;
	if (by_words_elsewhere(ctx, a, c, out) ||
		by_phase_alone(ctx, a, c, out) || by_reply_code(ctx, a, out))
		return;
	out->rule = str_from("none");
	trace_add(ctx, a, "no rule matches: undetermined");
}
