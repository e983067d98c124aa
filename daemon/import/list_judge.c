/*
 * What a row of a list says. Its platform's word tells the kind; for a bounce
 * the text and the codes, where there are any, tell the reason, and they
 * outweigh the word: what is soft or about the sender suppresses nobody for
 * ever, whoever has it on a list.
 */
#include <string.h>

#include "list.h"
#include "replay.h"

#define TEXT_MAX 2048u

/* What some platforms write for a code of their own. */
static const struct {
	const char *code;
	enum list_meaning means;
} codes[] = {
	{"605", MEANS_BOUNCE     }, /* Mailgun: it had bounced before */
	{"606", MEANS_UNSUBSCRIBE},
	{"607", MEANS_COMPLAINT  },
};

struct writer {
	char *p;
	size_t n, size;
};

static void put(struct writer *w, struct str s)
{
	for (size_t i = 0; i < s.n && i < TEXT_MAX && w->n < w->size; i++) {
		unsigned char c = (unsigned char)s.p[i];

		w->p[w->n++] = c < ' ' || c == 0x7f ? ' ' : s.p[i];
	}
}

static void put_z(struct writer *w, const char *z)
{
	for (; *z && w->n < w->size; z++)
		w->p[w->n++] = *z;
}

static struct str code_of(const struct list_row *row)
{
	struct str code = row->field[LIST_CODE];

	return str_number(code, 999) >= 400 ? str_sub(code, 0, 3) : STR_NULL;
}

/* The row as the fields of a report (RFC 3464), which is what is judged. */
static struct str evidence_of(struct arena *a, const struct list_row *row)
{
	struct writer w = {arena_alloc(a, 3 * TEXT_MAX), 0, 3 * TEXT_MAX};
	struct str status = row->field[LIST_STATUS], code = code_of(row);
	struct str text = row->field[LIST_TEXT];

	if (!w.p || (!status.n && !code.n && !text.n))
		return STR_NULL;
	put_z(&w, "Final-Recipient: rfc822; ");
	put(&w, row->field[LIST_ADDRESS]);
	put_z(&w, "\nAction: failed");
	if (status.n) {
		put_z(&w, "\nStatus: ");
		put(&w, status);
	}
	if (code.n || text.n) {
		put_z(&w, "\nDiagnostic-Code: smtp; ");
		if (!str_starts(text, code)) {
			put(&w, code);
			put_z(&w, " ");
		}
		put(&w, text);
	}
	put_z(&w, "\n");
	return str_of(w.p, w.n);
}

static struct list_sense sense(enum list_verdict v, enum verdict_reason reason)
{
	return (struct list_sense){.verdict = v, .reason = reason};
}

/* A refusal: what the evidence makes of it. otherwise: where it says nothing,
 * REASON_NONE where that does not suffice. */
static struct list_sense judge_refusal(const struct list_judge *j,
	struct arena *a, const struct list_row *row, struct str domain,
	enum verdict_reason otherwise)
{
	const struct rule_facts f = {.domain = domain};
	struct list_sense s = sense(LIST_UNCLEAR, REASON_UNDETERMINED);
	struct judgement got = {.reason = REASON_UNDETERMINED};

	s.bounce = true;
	s.evidence = evidence_of(a, row);
	if (s.evidence.n)
		(void)replay_judge(&j->context, a, s.evidence, false, &got);
	s.provider =
		got.provider.n ? got.provider : rules_provider(&j->context, &f);
	s.rule = got.rule;
	switch (got.reason == REASON_UNDETERMINED ? CLASS_NONE
						  : reason_class(got.reason)) {
	case CLASS_HARD:
		s.verdict = LIST_SUPPRESSES;
		break;
	case CLASS_SOFT:
		s.verdict = LIST_SOFT;
		break;
	case CLASS_BLOCK:
		s.verdict = LIST_BLOCK;
		break;
	default:
		/* Or "not tried, it is on our list". */
		got.reason = otherwise;
		s.verdict = otherwise ? LIST_SUPPRESSES : LIST_UNCLEAR;
	}
	s.reason = got.reason;
	return s;
}

/* One of our own exports, or a list that uses our words. */
static struct list_sense by_our_word(struct str word, int64_t expires_at)
{
	enum verdict_reason r = (enum verdict_reason)reason_from_word(word);

	static const enum list_verdict verdicts[] = {
		[CLASS_NONE] = LIST_SUPPRESSES, /* by hand */
		[CLASS_HARD] = LIST_SUPPRESSES,
		[CLASS_SOFT] = LIST_SOFT,
		[CLASS_BLOCK] = LIST_BLOCK,
		[CLASS_COMPLAINT] = LIST_SUPPRESSES,
		[CLASS_DELAY] = LIST_GOOD,
		[CLASS_REPLY] = LIST_GOOD,
		[CLASS_SUCCESS] = LIST_GOOD,
		[CLASS_SKIPPED] = LIST_UNCLEAR,
		[CLASS_UNKNOWN] = LIST_UNCLEAR,
	};
	struct list_sense s = sense(verdicts[reason_class(r)], r);

	s.bounce = reason_class(r) == CLASS_HARD;
	if (s.verdict == LIST_SOFT && expires_at)
		s.verdict = LIST_SUPPRESSES;
	if (reason_class(r) == CLASS_COMPLAINT && !policy_is_wish(r))
		s.verdict = LIST_GOOD; /* a report, but no wish */
	return s;
}

static bool is_our_word(struct str word)
{
	return reason_from_word(word) > 0;
}

/* What we export to a platform that keeps a text has our reason there. */
static bool is_our_export(const struct list_row *row)
{
	return is_our_word(row->field[LIST_TEXT]);
}

static enum list_meaning meaning_of(
	const struct list_shape *s, const struct list_row *row)
{
	enum list_meaning m = list_meaning(s, row->field[LIST_WORD]);

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (m == MEANS_BOUNCE &&
			str_ieqz(row->field[LIST_CODE], codes[i].code))
			return codes[i].means;
	return m;
}

/* What policy ends by itself ends here, too; not where nobody tells when it
 * began. */
static void apply_policy(
	const struct list_judge *j, struct list_sense *s, int64_t at)
{
	const struct policy_event e = {.at = at,
		.class = reason_class(s->reason),
		.reason = s->reason};
	int64_t end = at ? policy_expiry(j->policy, &e) : 0;

	if (s->verdict != LIST_SUPPRESSES || e.class != CLASS_HARD || !end)
		return;
	if (!s->expires_at || end < s->expires_at)
		s->expires_at = end;
	if (end <= j->now)
		s->verdict = LIST_OVER;
}

/* A word of ours, or, in lists of unknown origin, the reply itself. */
static struct list_sense judge_word(const struct list_judge *j, struct arena *a,
	const struct list_case *c, bool *ours)
{
	struct list_row row = *c->row;

	*ours = is_our_word(row.field[LIST_WORD]);
	if (*ours)
		return by_our_word(row.field[LIST_WORD], c->expires_at);
	if (c->shape->flags & NEEDS_WORD)
		return sense(LIST_MISTAKE, REASON_NONE);
	if (!row.field[LIST_TEXT].n)
		row.field[LIST_TEXT] = row.field[LIST_WORD];
	return judge_refusal(j, a, &row, c->domain, REASON_MANUAL);
}

/* "250", "250 2.0.0 ok" */
static bool is_good_reply(struct str s)
{
	return str_number(str_sub(s, 0, 3), 299) >= 200 &&
	       (s.n == 3 || s.p[3] == ' ' || s.p[3] == '-');
}

/* A reply of a mail that arrived: a log of deliveries is no list. */
static bool is_delivered(const struct list_row *row)
{
	return str_starts(row->field[LIST_STATUS], (struct str)STR("2.")) ||
	       is_good_reply(row->field[LIST_CODE]) ||
	       is_good_reply(row->field[LIST_TEXT]) ||
	       is_good_reply(row->field[LIST_WORD]);
}

/* "5.1.1" or "550": what stands in a column `status` is not always a code. */
static bool is_code(struct str s)
{
	return str_number(str_sub(s, 0, 3), 599) >= 200 ||
	       (s.n >= 3 && s.p[0] >= '2' && s.p[0] <= '5' && s.p[1] == '.');
}

/* Whether a row says why without its type. */
static bool tells(const struct str *field, struct str word)
{
	return word.n || field[LIST_WORD].n || field[LIST_CODE].n ||
	       field[LIST_TEXT].n || field[LIST_STATUS].n;
}

/*
 * What columns about the address itself say: MEANS_MAILABLE when one of them
 * does, MEANS_UNKNOWN when one has a word that is not known, else the first
 * that tells anything. Takes words out of the column of the status code.
 */
static enum list_meaning standing_of(
	const struct list_shape *shape, struct list_row *row, struct str *word)
{
	struct str *f = row->field, no_code = STR_NULL;
	enum list_meaning all = MEANS_OURS;

	if (!is_code(f[LIST_STATUS])) {
		no_code = f[LIST_STATUS];
		f[LIST_STATUS] = STR_NULL;
	}
#define LAST 3 /* a type is often that of the person, not of the entry */
	const struct str of[] = {
		shape->flags & NEEDS_STATE ? STR_NULL : f[LIST_STATE],
		f[LIST_STANDING],
		no_code,
		f[LIST_TYPE],
	};

	for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++) {
		enum list_meaning m = list_standing(of[i]);

		if (!of[i].n)
			continue;
		if (m == MEANS_MAILABLE)
			return m;
		if (m == MEANS_UNKNOWN && (i < LAST || !tells(f, *word)))
			all = m;
		if (m != MEANS_UNKNOWN && m != MEANS_MANUAL && !word->n)
			*word = of[i];
	}
	return all;
#undef LAST
}

/* By hand, or of a list that has no words, but a reply. */
static struct list_sense judge_manual(
	const struct list_judge *j, struct arena *a, const struct list_case *c)
{
	const struct str *f = c->row->field;

	if (f[LIST_WORD].n ||
		(!f[LIST_TEXT].n && !f[LIST_CODE].n && !f[LIST_STATUS].n))
		return sense(LIST_SUPPRESSES, REASON_MANUAL);
	return judge_refusal(j, a, c->row, c->domain, REASON_MANUAL);
}

/* *fixed: it is not for our policy to end. */
static struct list_sense judge_row(const struct list_judge *j, struct arena *a,
	const struct list_case *c, bool *fixed)
{
	*fixed = is_our_export(c->row);
	if (is_delivered(c->row))
		return sense(LIST_GOOD, REASON_NONE);
	if (*fixed)
		return by_our_word(c->row->field[LIST_TEXT], c->expires_at);
	switch (meaning_of(c->shape, c->row)) {
	case MEANS_OURS:
		return judge_word(j, a, c, fixed);
	case MEANS_BOUNCE:
		return judge_refusal(j, a, c->row, c->domain, REASON_MANUAL);
	case MEANS_REFUSAL:
		return judge_refusal(j, a, c->row, c->domain, REASON_NONE);
	case MEANS_INVALID:
		return judge_refusal(
			j, a, c->row, c->domain, REASON_ADDRESS_INVALID);
	case MEANS_SOFT:
		return sense(LIST_SOFT, REASON_UNDETERMINED);
	case MEANS_COMPLAINT:
		return sense(LIST_SUPPRESSES, REASON_ABUSE);
	case MEANS_UNSUBSCRIBE:
		return sense(LIST_SUPPRESSES, REASON_UNSUBSCRIBE);
	case MEANS_MANUAL:
		return judge_manual(j, a, c);
	case MEANS_MAILABLE:
		return sense(LIST_GOOD, REASON_NONE);
	default:
		return sense(LIST_MISTAKE, REASON_NONE);
	}
}

/* What says of an address that it may be mailed suppresses it in no list. */
static struct list_sense judge_standing(const struct list_judge *j,
	struct arena *a, const struct list_case *c, bool *fixed)
{
	bool loose = c->shape->flags & (NAMED_ONLY | ANYBODYS);
	struct list_row row = *c->row;
	struct list_case as = *c;
	struct str word = STR_NULL;

	*fixed = true;
	switch (standing_of(c->shape, &row, &word)) {
	case MEANS_MAILABLE:
		return sense(LIST_GOOD, REASON_NONE);
	case MEANS_UNKNOWN:
		if (loose)
			return sense(LIST_UNKNOWN, REASON_NONE);
		break;
	default:
		if ((c->shape->flags & ANYBODYS) && !row.field[LIST_WORD].n)
			row.field[LIST_WORD] = word;
	}
	as.row = &row;
	return judge_row(j, a, &as, fixed);
}

struct list_sense list_judge(
	const struct list_judge *j, struct arena *a, const struct list_case *c)
{
	bool fixed;
	struct list_sense s = judge_standing(j, a, c, &fixed);

	s.expires_at = c->expires_at;
	if (!fixed)
		apply_policy(j, &s, c->at);
	return s;
}
