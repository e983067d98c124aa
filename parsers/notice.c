/*
 * Bounces that are only text, and the mails that look like them: which mail
 * is one, and who failed in it. Answers of people and of their vacation
 * programs must never become bounces, whatever they quote.
 */
#include "notice.h"

#include "delivery.h"
#include "explain.h"
#include "rfc3464.h"
#include "trace.h"

#define BIT(m) (1u << (m))

/* Add a verdict; the words that it goes by may go on behind the mail's end. */
static void add_candidate(struct work *w, struct candidate *c)
{
	const struct judge_case *j = &c->judge;
	size_t n = w->out->n;

	work_add_candidate(w, c);
	if (w->out->n == n || w->text.original.p)
		return;
	/* What is weak may be turned round by a section that is missing. */
	if (!mail_text_may_go_on(&w->mail) &&
		!(w->out->v[n].weak && w->text.sections))
		return;
	if (c->elsewhere || !j->ranges || w->text.sections ||
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

	/* What the text says of nobody by name is about all of them. */
	if (n == 1 || !w->text.n) {
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

/* All of the mail is about this address, if it is one. */
static void whole_about(struct work *w, struct str address, enum action action)
{
	struct text_range more[2];
	struct candidate c = {
		.recipient = address,
		.action = action,
		.judge = {.text = &w->text.scan,
			  .whole = w->text.raw,
			  .more = more},
	};

	if (!work_is_address(address))
		return;
	c.judge.more_n = work_whole_text(&w->text, more);
	add_candidate(w, &c);
}

static bool says_delayed(const struct text *t)
{
	return (t->marks | t->subject_marks) & BIT(MARK_DELAYED);
}

static bool begins_with(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (str_istarts(s, *words))
			return true;
	return false;
}

/*
 * A person who answers quotes what he answers; one who forwards a bounce may
 * do so with its report, and then it is as good as the bounce.
 */
static bool is_answer(struct work *w)
{
	static const char *const answers[] = {"re:", "re :", "aw:", "sv:",
		"vs:", "antw:", "odp:", "r:", "rif:", "res:", "ynt:", "回复",
		"回覆", "答复", NULL};

	static const char *const forwards[] = {
		"fw:", "fwd:", "wg:", "tr:", "rv:", "enc:", "i:", "pd:", "vb:",
		"vl:", "doorst:", "ilt:", "转发", "轉寄", NULL};

	if (begins_with(w->mail.subject, answers))
		return true;
	return begins_with(w->mail.subject, forwards) &&
	       !rfc3464_find(w->text.read).n;
}

/* A person, or a list, that only talks of bounces. */
static bool is_talk(const struct work *w)
{
	const struct str *h = w->mail.headers.first;

	return h[HEADER_LIST_ID].p || h[HEADER_LIST_UNSUBSCRIBE].p ||
	       w->text.marks & BIT(MARK_PERSON);
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
	/* Who writes so, and from nowhere, reports something. */
	if (daemon && null_path && (t->n || t->sole_n))
		return true;
	if (is_answer(w) || (!null_path && is_talk(w)))
		return false;
	if (subject && failed)
		return found || null_path || w->original.found;
	return found && null_path ? subject || failed
				  : failed && found && w->mail.original;
}

static void add_findings(struct work *w, enum action action)
{
	struct text *t = &w->text;

	for (size_t i = 0; i < t->n; i++) {
		const struct text_finding *f = &t->v[i];
		struct text_range more[2];
		struct candidate c = {
			.final = f->address,
			.original =
				str_ieq(f->address, mail_original_to(&w->mail,
							    &w->original))
					? STR_NULL
					: f->generated_from,
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
	enum action action = w->text.delivered && !w->text.failed
				     ? ACTION_DELIVERED
			     : says_delayed(&w->text) ? ACTION_DELAYED
						      : ACTION_FAILED;

	/* The sender, unless he is named as the one who failed, comes last. */
	if (w->text.n && (!w->text.only_senders || w->text.v[0].level >= 3))
		add_findings(w, action);
	if (!w->out->n)
		whole_about(
			w, mail_original_to(&w->mail, &w->original), action);
	if (!w->out->n && w->text.sole_n == 1)
		whole_about(w, w->text.sole, action);
	if (!w->out->n)
		add_findings(w, action);
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
	if (fields.n && delivery_judge(w, fields))
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
	explain_line(w->ctx, w->arena, "Subject", w->mail.subject);
	v->class = CLASS_COMPLAINT;
	v->reason = REASON_ABUSE;
	v->rule = str_from("complaint-subject");
	work_set_recipient(w, v,
		work_bare(headers_get(
			&w->original.headers, original_recipient_header)));
	if (!v->recipient.n)
		work_set_recipient(
			w, v, mail_original_to(&w->mail, &w->original));
	if (!v->recipient.n && mail_is_cut(&w->mail))
		work_doubt(v);
	return true;
}

/* What shows a reply: its subject, its words, or one of its headers. */
static void tell_reply(struct work *w)
{
	static const struct {
		enum header_id header;
		const char *name;
	} rows[] = {
		{HEADER_AUTO_SUBMITTED,    "Auto-Submitted"   },
		{HEADER_PRECEDENCE,        "Precedence"       },
		{HEADER_X_AUTOREPLY,       "X-Autoreply"      },
		{HEADER_X_AUTORESPOND,     "X-Autorespond"    },
		{HEADER_X_MAIL_AUTOREPLY,  "X-Mail-Autoreply" },
		{HEADER_X_AUTO_REPLY_FROM, "X-Auto-Reply-From"},
	};

	if (w->text.subject_marks & BIT(MARK_REPLY_SUBJECT))
		explain_line(w->ctx, w->arena, "Subject", w->mail.subject);
	else if (w->text.marks & BIT(MARK_REPLY))
		trace_add(w->ctx, w->arena, "the words of one who is away");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		explain_line(w->ctx, w->arena, rows[i].name,
			w->mail.headers.first[rows[i].header]);
}

/* A line of the mail that is answered: "> text", and no dialogue's ">>>". */
static bool is_quote(struct str line)
{
	return line.n && line.p[0] == '>' && (line.n == 1 || line.p[1] == ' ');
}

/* Words of somebody's own, and below them what they answer. */
static bool quotes_below_words(struct str body)
{
	bool words = false;
	struct str line;

	while (str_line(&body, &line)) {
		if (is_quote(line))
			return words;
		words = words || str_trim(line).n;
	}
	return false;
}

/*
 * An answer to a bounce: "Re:", or sent by a program in its own name, with the
 * bounce quoted. "[#4711] Re: ..." is a ticket system's.
 */
static bool quotes_a_bounce(struct work *w)
{
	const struct str *h = w->mail.headers.first;
	struct str subject = str_trim(w->mail.subject);
	bool path = str_trim(h[HEADER_RETURN_PATH]).n > 2 &&
		    !mail_has_null_path(&w->mail);

	if (w->mail.report || h[HEADER_X_FAILED_RECIPIENTS].p)
		return false;
	if (subject.n && subject.p[0] == '[')
		subject = str_trim(
			str_sub(subject, str_chr(subject, ']') + 1, subject.n));
	/* A mail system quotes the original of a bounce in this way, too. */
	if (mail_is_from_daemon(&w->mail) &&
		!(path && str_istarts(subject, "re:")))
		return false;
	return (str_istarts(subject, "re:") ||
		       (path && h[HEADER_AUTO_SUBMITTED].p)) &&
	       quotes_below_words(work_read_body(w));
}

/* A machine's answer, or that of a person, who writes for himself. */
static void answer(struct work *w)
{
	struct str subject = str_trim(w->mail.subject);

	if (w->mail.headers.first[HEADER_AUTO_SUBMITTED].p ||
		(subject.n && subject.p[0] == '['))
		work_add_whole(w, CLASS_REPLY, REASON_AUTO_REPLY, "answer");
	else
		work_add_whole(w, CLASS_NONE, REASON_NONE, "answer");
}

bool notice_judge_reply(struct work *w)
{
	const struct text *t = &w->text;
	bool daemon, failed, bounce, reply;

	work_read_text(w);
	daemon = mail_is_from_daemon(&w->mail);
	failed = t->marks & BIT(MARK_FAILED);
	bounce = t->subject_marks & BIT(MARK_BOUNCE_SUBJECT);
	reply = t->subject_marks & BIT(MARK_REPLY_SUBJECT);
	if (quotes_a_bounce(w)) {
		answer(w);
		return true;
	}
	if (w->mail.headers.first[HEADER_X_FAILED_RECIPIENTS].p ||
		(daemon && (bounce || failed)))
		return false;
	if (t->marks & BIT(MARK_CHALLENGE)) {
		work_add_whole(w, CLASS_REPLY, REASON_CHALLENGE, "challenge");
		return true;
	}
	/* Postmasters, too, go on holiday. */
	if (daemon && !reply)
		return false;
	/* The words of one who is away, unless they come from nowhere. */
	if (t->marks & BIT(MARK_REPLY) && !bounce &&
		!(failed && mail_has_null_path(&w->mail)))
		reply = true;
	if (!reply && (bounce || !mail_is_auto_reply(&w->mail)))
		return false;
	tell_reply(w);
	work_add_whole(w, CLASS_REPLY, REASON_AUTO_REPLY, "auto-reply");
	return true;
}
