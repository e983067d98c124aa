/*
 * Bounces that are only text, and the mails that look like them: which mail
 * is one, and who failed in it. Answers of people and of their vacation
 * programs must never become bounces, whatever they quote.
 */
#include "notice.h"

#include "delivery.h"
#include "rfc3464.h"
#include "trace.h"

#define BIT(m) (1u << (m))

/* Add a verdict; the words that it goes by may go on behind the mail's end. */
static void add_candidate(struct work *w, struct candidate *c)
{
	const struct judge_case *j = &c->judge;
	size_t n = w->out->n;

	work_add_candidate(w, c);
	if (w->out->n == n || w->text.original.p ||
		!mail_text_may_go_on(&w->mail))
		return;
	if (c->elsewhere || !j->ranges ||
		j->range[j->ranges - 1].to >= w->text.body_end)
		work_doubt(&w->out->v[n]);
}

/* X-Failed-Recipients names who failed; all of the text is about a sole one. */
static void failed_header(struct work *w)
{
	struct mailbox v[16];
	unsigned limits = 0;
	size_t n = rfc5322_addresses(w->arena,
		w->mail.headers.first[HEADER_X_FAILED_RECIPIENTS], v, 16,
		&limits);
	struct text_range whole[2];
	struct candidate c = {
		.action = ACTION_FAILED,
		.judge = {.text = &w->text.scan, .whole = w->text.raw},
	};

	if (n == 1) {
		work_whole_text(&w->text, whole);
		c.judge.range = &whole[0];
		c.judge.more = &whole[1];
		c.judge.ranges = c.judge.more_n = 1;
	}
	for (size_t i = 0; i < n; i++) {
		c.final = v[i].addr;
		add_candidate(w, &c);
	}
	work_drop_repeated(w);
}

static void original_recipient(struct work *w, enum action action)
{
	struct text_range more[2];
	struct candidate c = {
		.recipient = w->original.to,
		.action = action,
		.judge = {.text = &w->text.scan,
			  .whole = w->text.raw,
			  .more = more},
	};

	if (!work_is_address(w->original.to))
		return;
	c.judge.more_n = work_whole_text(&w->text, more);
	add_candidate(w, &c);
}

static bool says_delayed(const struct text *t)
{
	return (t->marks | t->subject_marks) & BIT(MARK_DELAYED);
}

bool notice_is_bounce(struct work *w)
{
	const struct text *t = &w->text;
	bool daemon = mail_is_from_daemon(&w->mail);
	bool null_path = mail_has_null_path(&w->mail);
	bool subject = t->subject_marks & BIT(MARK_BOUNCE_SUBJECT);
	bool failed = t->marks & (BIT(MARK_FAILED) | BIT(MARK_DELAYED));
	bool found = t->n && t->v[0].level >= 2 && !t->only_senders;

	if (w->mail.headers.first[HEADER_X_FAILED_RECIPIENTS].p)
		return true;
	if (daemon && (subject || failed || found))
		return true;
	/* A person who answers quotes what he answers. */
	if (str_istarts(w->mail.subject, "re:"))
		return false;
	if (subject && (failed || (null_path && found)))
		return true;
	return failed && found && (null_path || w->mail.original);
}

static void add_findings(struct work *w, enum action action)
{
	struct text *t = &w->text;

	for (size_t i = 0; i < t->n; i++) {
		const struct text_finding *f = &t->v[i];
		struct text_range more[2];
		struct candidate c = {
			.final = f->address,
			.original = work_is_other_organisation(
					    f->generated_from, f->address)
					    ? f->generated_from
					    : STR_NULL,
			.action = action,
			.judge = {.text = &t->scan,
				  .whole = t->raw,
				  .range = f->range,
				  .ranges = f->ranges,
				  .more = more},
		};

		c.judge.more_n = t->n == 1 ? work_whole_text(t, more) : 0;
		add_candidate(w, &c);
	}
}

/* Where the mail was cut, a report or the rest of the reply may be missing. */
static void doubt_where_cut(struct work *w)
{
	if (!mail_lacks_report(&w->mail))
		return;
	for (size_t i = 0; i < w->out->n; i++)
		work_doubt(&w->out->v[i]);
}

static void judge_text_bounce(struct work *w)
{
	struct text *t = &w->text;
	enum action action = says_delayed(t) ? ACTION_DELAYED : ACTION_FAILED;

	trace_add(
		w->ctx, w->arena, "bounce in text, %zu addresses found", t->n);
	if (t->n && t->v[0].level >= 2 && !t->only_senders)
		add_findings(w, action);
	if (!w->out->n)
		failed_header(w);
	doubt_where_cut(w);
}

/* Nobody is named as failed: an address that stands alone, or the one that
 * the original went to. */
void notice_judge_weakly(struct work *w)
{
	enum action action =
		says_delayed(&w->text) ? ACTION_DELAYED : ACTION_FAILED;

	if (w->text.n)
		add_findings(w, action);
	else
		original_recipient(w, action);
	doubt_where_cut(w);
}

bool notice_judge(struct work *w)
{
	struct str fields;

	work_read_text(w);
	if (!notice_is_bounce(w))
		return false;
	fields = rfc3464_find(w->text.read);
	if (!fields.n)
		fields = rfc3464_find_indented(w->arena, w->text.read);
	if (fields.n && delivery_judge(w, fields, 0))
		return true;
	judge_text_bounce(w);
	return w->out->n > 0;
}

bool notice_judge_complaint(struct work *w)
{
	static const struct str original_recipient_header =
		STR("X-HmXmrOriginalRecipient");
	struct verdict *v;

	work_read_text(w);
	if (!w->mail.original ||
		!(w->text.subject_marks & BIT(MARK_COMPLAINT_SUBJECT)))
		return false;
	v = work_add(w);
	if (!v)
		return false;
	v->class = CLASS_COMPLAINT;
	v->reason = REASON_ABUSE;
	v->rule = str_from("complaint-subject");
	work_set_recipient(w, v,
		headers_get(&w->original.headers, original_recipient_header));
	if (!v->recipient.n)
		work_set_recipient(w, v, w->original.to);
	if (!v->recipient.n && mail_is_cut(&w->mail))
		work_doubt(v);
	return true;
}

bool notice_judge_reply(struct work *w)
{
	const struct text *t = &w->text;

	work_read_text(w);
	if (mail_is_from_daemon(&w->mail) ||
		w->mail.headers.first[HEADER_X_FAILED_RECIPIENTS].p)
		return false;
	if (t->marks & BIT(MARK_CHALLENGE)) {
		work_add_whole(w, CLASS_REPLY, REASON_CHALLENGE, "challenge");
		return true;
	}
	if (!mail_is_auto_reply(&w->mail) &&
		!(t->subject_marks & BIT(MARK_REPLY_SUBJECT)))
		return false;
	if (t->subject_marks & BIT(MARK_BOUNCE_SUBJECT) &&
		!(t->subject_marks & BIT(MARK_REPLY_SUBJECT)))
		return false;
	work_add_whole(w, CLASS_REPLY, REASON_AUTO_REPLY, "auto-reply");
	return true;
}
