/*
 * Bounces and complaints that bring a report: its fields say who failed; the
 * text part is asked only where they say little.
 */
#include "delivery.h"

#include "explain.h"
#include "rfc3463.h"
#include "rfc3464.h"
#include "rfc5965.h"
#include "trace.h"

#define BIT(m) (1u << (m))

/* Whether what the mail says as a whole is about one recipient. */
static bool is_sole(const struct dsn *dsn)
{
	return dsn->n == 1 && !dsn->cut;
}

static bool says_something(
	struct work *w, const struct dsn_recipient *r, struct rule_text *scan)
{
	struct rfc3463_reply reply;
	struct status s;

	if (!r->diagnostic.n)
		return false;
	rule_text_scan(w->ctx, w->arena, r->diagnostic, scan);
	if (rule_text_marks(w->ctx, scan, 0, scan->folded.n) & BIT(MARK_NONE))
		return true;
	rfc3463_scan(r->diagnostic, &reply);
	s = rfc3463_choose(r->status, reply.status);
	return rfc3463_reason(s) != REASON_UNDETERMINED && s.class;
}

/* What the text part says of a recipient whose report says little. */
static void ask_text(struct work *w, const struct dsn *dsn, struct candidate *c,
	struct text_range more[2])
{
	const struct text_finding *f;

	work_read_text(w);
	f = text_find(&w->text, work_bare(c->final));
	if (!f)
		f = text_find(&w->text, work_bare(c->original));
	if (!f && is_sole(dsn) && w->text.n == 1)
		f = &w->text.v[0];
	c->judge.text = &w->text.scan;
	c->judge.whole = w->text.raw;
	if (f) {
		c->judge.range = f->range;
		c->judge.ranges = f->ranges;
		if (f->generated_from.n && !c->original.n)
			c->original = f->generated_from;
	}
	if (is_sole(dsn)) {
		c->judge.more = more;
		c->judge.more_n = work_whole_text(&w->text, more);
	}
}

/*
 * The phase that a report has no field for, and that the text beside it tells
 * in words of its MTA. Only what turns a verdict round is looked for, in the
 * bytes as they stand: reading the text of each report would cost too much.
 */
static unsigned phase_beside(struct work *w)
{
	static const struct {
		struct str words;
		unsigned phase;
	} rows[] = {
		{STR("MAIL FROM"),   PHASE_MAIL},
		{STR("end of DATA"), PHASE_DATA}, /* Postfix */
		{STR("end of data"), PHASE_DATA}, /* Exim */
	};
	const struct mime *mime = &w->mail.mime;

	for (size_t i = 1; i < mime->n && i < w->mail.report; i++) {
		struct str body = mime->part[i].body;

		if (mime->part[i].type.media != MEDIA_TEXT_PLAIN)
			continue;
		for (size_t k = 0; k < sizeof(rows) / sizeof(*rows); k++)
			if (str_find(body, rows[k].words) < body.n)
				return rows[k].phase;
	}
	return 0;
}

static bool is_hard(struct status s)
{
	return reason_class(rfc3463_reason(s)) == CLASS_HARD;
}

/*
 * open: the mail ends within the fields about this recipient. Then the words
 * of the text, which stands before them, decide; false: and that is not enough.
 */
static bool report_recipient(struct work *w, const struct dsn *dsn,
	const struct dsn_recipient *r, bool open)
{
	struct candidate c = {
		.final = r->final,
		.original = r->original,
		.actual = r->actual,
		.action = r->action,
		.fields = r->raw,
		.diagnostic = r->diagnostic,
		.judge = {.stated = open ? STR_NULL : r->diagnostic,
			  .status = r->status,
			  .fields = r->raw,
			  .expired = r->expired,
			  .remote_mta = r->remote_mta,
			  .reporting_mta = dsn->reporting_mta},
	};
	struct rule_text scan;
	struct text_range range, more[2];

	if (c.action == ACTION_NONE && r->status.class == 2)
		c.action = ACTION_DELIVERED;
	if (open)
		c.judge.status.class = 0;
	if (!open && says_something(w, r, &scan)) {
		range = (struct text_range){0, scan.folded.n, r->diagnostic};
		c.judge.text = &scan;
		c.judge.range = &range;
		c.judge.ranges = 1;
		c.judge.in_field = true;
		c.judge.phase = is_sole(dsn) ? phase_beside(w) : 0;
	} else if (c.action == ACTION_FAILED || c.action == ACTION_NONE ||
		   c.action == ACTION_DELAYED) {
		ask_text(w, dsn, &c, more);
	}
	work_add_candidate(w, &c);
	return !open || (is_hard(r->status) && c.judge.ranges);
}

/* A report's recipient that is no address: look where else one is named. */
static void mend_recipients(struct work *w)
{
	struct verdict *v = w->out->v;
	struct mailbox failed[2];
	unsigned limits = 0;

	if (w->out->n != 1 || v->recipient.n || v->class == CLASS_SUCCESS)
		return;
	work_read_text(w);
	if (rfc5322_addresses(w->arena,
		    w->mail.headers.first[HEADER_X_FAILED_RECIPIENTS], failed,
		    2, &limits) == 1)
		work_set_recipient(w, v, failed[0].addr);
	else if (w->text.n == 1)
		work_set_recipient(w, v, w->text.v[0].address);
	else
		work_set_recipient(
			w, v, mail_original_to(&w->mail, &w->original));
	if (!v->recipient.n)
		return;
	v->class = v->action == ACTION_DELAYED ? CLASS_DELAY
					       : reason_class(v->reason);
}

static bool judge_report(struct work *w, struct str body, size_t part)
{
	bool told = true;
	struct dsn dsn;

	rfc3464_parse(w->arena, body, &dsn);
	dsn.cut = mail_ends_in_line(&w->mail) ||
		  (part ? w->mail.mime.part[part].cut
			: mail_lacks_report(&w->mail) ||
					  mail_text_may_go_on(&w->mail));
	w->out->limits |= dsn.limits;
	if (!dsn.n)
		return false;
	trace_add(w->ctx, w->arena,
		"delivery status report with %zu recipients", dsn.n);
	for (size_t i = 0; i < dsn.n; i++)
		told = report_recipient(
			w, &dsn, &dsn.r[i], dsn.cut && i + 1 == dsn.n);
	mend_recipients(w);
	if (!told && w->out->n)
		work_doubt(&w->out->v[w->out->n - 1]);
	return true;
}

bool delivery_judge(struct work *w, struct str body)
{
	if (!judge_report(w, body, 0))
		return false;
	work_drop_repeated(w);
	return true;
}

bool delivery_judge_parts(struct work *w)
{
	bool any = false;
	size_t part;

	for (part = w->mail.report; part;
		part = mail_next_report(&w->mail, part))
		any |= judge_report(w, mail_body(&w->mail, part), part);
	if (any)
		work_drop_repeated(w);
	return any;
}

/* --- complaints (RFC 5965) --- */

void delivery_judge_feedback(struct work *w)
{
	struct feedback f;

	rfc5965_parse(w->arena, mail_body(&w->mail, w->mail.feedback), &f);
	explain_line(w->ctx, w->arena, "Feedback-Type", f.type);
	trace_add(w->ctx, w->arena, "complaint report: %s",
		reason_word(f.reason));
	for (size_t i = 0; i < (f.n ? f.n : 1); i++) {
		struct verdict *v = work_add(w);

		if (!v)
			break;
		v->class = CLASS_COMPLAINT;
		v->reason = f.reason;
		work_set_recipient(w, v,
			f.n ? work_bare(f.recipient[i])
			    : mail_original_to(&w->mail, &w->original));
		v->reporting_mta = f.reporting_mta;
		v->rule = str_from("feedback-report");
		v->evidence = work_evidence(w, f.raw);
		if (!v->recipient.n ? mail_is_cut(&w->mail)
				    : mail_is_cut_before_original(&w->mail))
			work_doubt(v);
	}
	work_drop_repeated(w);
}
