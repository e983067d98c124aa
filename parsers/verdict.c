/*
 * One mail's way through the parsers: newlines, parts, the kind of mail, the
 * addresses that failed, what each refusal means. Each kind has a function;
 * the first that knows the mail for its own decides.
 */
#include "verdict.h"

#include "delivery.h"
#include "newline.h"
#include "notice.h"
#include "notification.h"
#include "origin.h"
#include "work.h"

static bool judge_parts(struct work *w)
{
	struct mail *m = &w->mail;

	mail_original(m, STR_NULL, &w->original);
	w->body_read = w->text_read = false;
	if (m->feedback) {
		delivery_judge_feedback(w);
		return true;
	}
	if (delivery_judge_parts(w))
		return true;
	if (m->disposition) {
		work_add_whole(w, CLASS_NONE, REASON_NONE, "disposition");
		return true;
	}
	return notification_judge(w, work_read_body(w)) ||
	       notice_judge_complaint(w) || notice_judge_reply(w) ||
	       notice_judge(w);
}

/* A bounce inside: somebody forwarded it, or a gateway wrapped it. */
static bool judge_wrapped(struct work *w)
{
	struct work outer = *w;

	if ((mail_is_from_daemon(&w->mail) || mail_has_null_path(&w->mail)) &&
		mail_unwrap(&w->mail) &&
		(w->mail.report || w->mail.feedback ||
			mail_is_from_daemon(&w->mail)) &&
		judge_parts(w))
		return true;
	outer.cap = 0;
	*w = outer;
	w->out->n = 0;
	w->out->v = NULL;
	return false;
}

static void judge_mail(struct work *w)
{
	bool bounce;

	if (judge_parts(w))
		return;
	bounce = w->mail.report || notice_is_bounce(w);
	if (judge_wrapped(w))
		return;
	if (bounce)
		notice_judge_weakly(w);
	if (w->out->n)
		return;
	if (bounce)
		work_add_whole(w, CLASS_UNKNOWN, REASON_UNDETERMINED, "none");
	else
		work_add_whole(w, CLASS_NONE, REASON_NONE, "none");
}

static int64_t date_of(const struct work *w, const struct headers *h)
{
	struct str date = rfc5322_unfold(w->arena, h->first[HEADER_DATE]);
	int64_t at;

	return rfc5322_date(date, &at) ? at : 0;
}

/* The time of the event, and of the mail's own Date. */
static void tell_time(struct work *w, const struct headers *h)
{
	struct verdict_list *out = w->out;
	int64_t at = rfc5322_received_date(h->first[HEADER_RECEIVED]);

	if (!w->ctx->unkept || !at)
		out->dated_at = date_of(w, h);
	if (!at)
		at = out->dated_at;
	if (w->ctx->now && at > w->ctx->now)
		at = w->ctx->now;
	out->arrived_at = at;
}

static void describe(struct work *w, struct str mail)
{
	struct verdict_list *out = w->out;
	const struct headers *h = &w->mail.headers;
	const struct str *first = h->first;

	out->subject = w->mail.subject;
	out->from = w->mail.from_address;
	out->message_id = rfc5322_unfold(w->arena, first[HEADER_MESSAGE_ID]);
	tell_time(w, h);
	out->digest_parts[0] = first[HEADER_MESSAGE_ID];
	out->digest_parts[1] = first[HEADER_DATE];
	out->digest_parts[2] = first[HEADER_FROM];
	out->digest_parts[3] = first[HEADER_SUBJECT];
	out->digest_parts[4] =
		h->block.p ? str_of(h->block.p + h->block.n,
				     (size_t)(mail.p + mail.n - h->block.p) -
					     h->block.n)
			   : mail;
}

void verdict_parse(const struct verdict_context *ctx, struct arena *a,
	struct str mail, struct verdict_list *out)
{
	static const struct verdict none = {.class = CLASS_NONE};
	struct work w = {.ctx = ctx, .arena = a, .out = out};

	*out = (struct verdict_list){.limits = 0};
	if (mail.n > VERDICT_MAIL_MAX) {
		mail.n = VERDICT_MAIL_MAX;
		out->limits |= LIMIT_MESSAGE;
	}
	mail = newline_normalise(a, mail);
	if (ctx->trace)
		ctx->trace->mail = mail;
	mail_read(ctx, a, mail, &w.mail);
	describe(&w, mail);
	judge_mail(&w);
	origin_judge(&w);
	out->limits |= w.mail.limits | (a->full ? LIMIT_MEMORY : 0u);
	/* What there was no room for might have said something else. */
	for (size_t i = 0; a->full && i < out->n; i++)
		work_doubt(&out->v[i]);
	if (!out->n) {
		/* No memory for a verdict of its own. */
		out->v = (struct verdict *)&none;
		out->n = 1;
	}
}
