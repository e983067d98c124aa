/*
 * One mail's way through the parsers: newlines, parts, the kind of mail, the
 * addresses that failed, what each refusal means. Each kind has a function;
 * the first that knows the mail for its own decides.
 */
#include "verdict.h"

#include "address.h"
#include "judge.h"
#include "mail.h"
#include "newline.h"
#include "rfc2047.h"
#include "rfc3463.h"
#include "rfc3464.h"
#include "rfc5965.h"
#include "text.h"
#include "trace.h"

#define EVIDENCE_MAX   4096u
#define DIAGNOSTIC_MAX 1024u

struct work {
	const struct verdict_context *ctx;
	struct arena *arena;
	struct mail mail;
	struct original original;
	struct str senders[MAIL_IGNORE_MAX];
	size_t senders_n;
	struct text text;
	bool text_read;
	struct verdict_list *out;
	size_t cap;
};

#define BIT(m) (1u << (m))

/* --- the list ------------------------------------------------------------- */

static struct verdict *add_verdict(struct work *w)
{
	struct verdict_list *l = w->out;
	struct verdict *v =
		arena_grow(w->arena, l->v, &w->cap, l->n + 1, sizeof(*v));

	if (!v) {
		l->limits |= LIMIT_MEMORY;
		return NULL;
	}
	l->v = v;
	v += l->n++;
	*v = (struct verdict){.class = CLASS_NONE,
		.original_message_id = w->original.message_id,
		.original_sent_at = w->original.sent_at,
		.stream = w->original.stream};
	return v;
}

/* A verdict about the mail as a whole, without a recipient. */
static void add_whole(struct work *w, enum verdict_class class,
	enum verdict_reason reason, const char *rule)
{
	struct verdict *v = add_verdict(w);

	if (!v)
		return;
	v->class = class;
	v->reason = reason;
	v->rule = str_from(rule);
	trace_add(w->ctx, w->arena, "the mail as a whole: %s (%s)",
		class_word(class), rule);
}

static struct str collapse(struct arena *a, struct str s, size_t max)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	bool space = true;

	if (!p)
		return STR_NULL;
	for (size_t i = 0; i < s.n && n < max; i++) {
		bool is = ascii_is_space((unsigned char)s.p[i]);

		if (!is || !space)
			p[n++] = is ? ' ' : s.p[i];
		space = is;
	}
	return utf8_clean(a, str_trim(str_of(p, n)));
}

/* --- who failed ----------------------------------------------------------- */

struct candidate {
	struct str recipient, final, original, actual;
	enum action action;
	struct str raw; /* evidence */
	struct judge_case judge;
	struct str diagnostic; /* of the report, or absent */
};

static struct str key_of(struct work *w, struct str address)
{
	struct address parsed;

	if (!address.n || address_parse(w->ctx->ops, w->arena, address,
				  &parsed) != ADDRESS_OK)
		return STR_NULL;
	return parsed.key;
}

static struct str domain_of(struct str address)
{
	size_t at = address.n;

	while (at && address.p[at - 1] != '@')
		at--;
	return at ? str_sub(address, at, address.n) : STR_NULL;
}

static bool other_organisation(struct str a, struct str b)
{
	struct str da = domain_of(a), db = domain_of(b);

	return da.n && db.n && !address_same_organisation(da, db);
}

static bool is_address(struct str s)
{
	size_t at = str_chr(s, '@');

	return at > 0 && at + 1 < s.n && s.p[0] != '|' && s.p[0] != '/' &&
	       str_chr(s, ' ') == s.n;
}

static struct str bare(struct str s)
{
	s = str_trim(s);
	if (s.n > 1 && s.p[0] == '<') {
		size_t end = str_chr(s, '>');

		s = str_sub(s, 1, end - 1);
	}
	return str_trim(s);
}

/*
 * The address we sent to: Original-Recipient before Final-Recipient; a host's
 * own alias within one organisation is no forwarding.
 */
static void choose_recipient(struct candidate *c, struct verdict *v)
{
	struct str final = bare(c->final), original = bare(c->original);
	struct str actual = bare(c->actual);

	v->final_recipient = final;
	v->original_recipient = original;
	if (is_address(original)) {
		v->recipient = original;
		v->forwarded = is_address(final) &&
			       other_organisation(original, final);
	} else if (is_address(final)) {
		v->recipient = final;
		v->forwarded =
			is_address(actual) && other_organisation(actual, final);
	} else if (is_address(actual)) {
		v->recipient = actual;
	}
}

static enum verdict_class class_of(
	const struct candidate *c, const struct judgement *j)
{
	switch (c->action) {
	case ACTION_DELAYED:
		return CLASS_DELAY;
	case ACTION_DELIVERED:
	case ACTION_RELAYED:
	case ACTION_EXPANDED:
		return CLASS_SUCCESS;
	default:
		return reason_class(j->reason);
	}
}

static enum verdict_reason reason_of(
	const struct candidate *c, const struct judgement *j)
{
	switch (c->action) {
	case ACTION_DELAYED:
		return REASON_DELAYED;
	case ACTION_DELIVERED:
		return REASON_DELIVERED;
	case ACTION_RELAYED:
		return REASON_RELAYED;
	case ACTION_EXPANDED:
		return REASON_EXPANDED;
	default:
		return j->reason;
	}
}

static void add_candidate(struct work *w, struct candidate *c)
{
	struct verdict *v = add_verdict(w);
	struct judgement j;

	if (!v)
		return;
	trace_add(w->ctx, w->arena, "recipient " STR_FMT,
		STR_ARG(c->recipient.n ? c->recipient : c->final));
	judge(w->ctx, w->arena, &c->judge, &j);
	choose_recipient(c, v);
	if (c->recipient.n)
		v->recipient = c->recipient;
	v->recipient_key = key_of(w, v->recipient);
	v->class = class_of(c, &j);
	v->reason = reason_of(c, &j);
	if (!v->recipient.n && v->class != CLASS_SUCCESS)
		v->class = CLASS_UNKNOWN;
	v->weak = j.weak;
	v->action = c->action;
	v->status = j.status;
	v->smtp = j.smtp;
	v->provider = j.provider;
	v->rule = j.rule;
	v->remote_mta = c->judge.remote_mta;
	v->reporting_mta = c->judge.reporting_mta;
	v->diagnostic = collapse(w->arena,
		c->diagnostic.n ? c->diagnostic : j.diagnostic, DIAGNOSTIC_MAX);
	v->evidence = utf8_cut(utf8_clean(w->arena, c->raw), EVIDENCE_MAX);
}

/* --- text ----------------------------------------------------------------- */

static void read_text(struct work *w)
{
	struct str body;

	if (w->text_read)
		return;
	w->text_read = true;
	body = mail_text(&w->mail);
	if (!w->senders_n)
		w->senders_n = mail_senders(&w->mail, &w->original, w->senders);
	text_parse(w->ctx, w->arena, w->mail.subject, body, w->senders,
		w->senders_n, &w->text);
	w->out->limits |= w->text.limits;
	if (!w->original.found)
		mail_original(&w->mail, w->text.original, &w->original);
}

/* All of the text, and then with the subject: what one may ask at last. */
static size_t whole_text(const struct text *t, struct text_range v[2])
{
	v[0] = (struct text_range){t->body_at, t->body_end, t->read};
	v[1] = (struct text_range){0, t->body_at, t->read};
	return 2;
}

static const struct text_finding *finding_for(
	const struct text *t, struct str address)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_ieq(t->v[i].address, address))
			return &t->v[i];
	return NULL;
}

/* --- reports (RFC 3464) --------------------------------------------------- */

static bool says_something(
	struct work *w, const struct dsn_recipient *r, struct rule_text *scan)
{
	struct rfc3463_reply reply;
	struct status s;

	if (!r->diagnostic.n)
		return false;
	rule_text_scan(w->ctx, w->arena, r->diagnostic, NULL, scan);
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

	read_text(w);
	f = finding_for(&w->text, bare(c->final));
	if (!f)
		f = finding_for(&w->text, bare(c->original));
	if (!f && dsn->n == 1 && w->text.n == 1)
		f = &w->text.v[0];
	c->judge.text = &w->text.scan;
	if (f) {
		c->judge.range = f->range;
		c->judge.ranges = f->ranges;
		if (f->generated_from.n && !c->original.n)
			c->original = f->generated_from;
	}
	if (dsn->n == 1) {
		c->judge.more = more;
		c->judge.more_n = whole_text(&w->text, more);
	}
}

static void report_recipient(
	struct work *w, const struct dsn *dsn, const struct dsn_recipient *r)
{
	struct candidate c = {
		.final = r->final,
		.original = r->original,
		.actual = r->actual,
		.action = r->action,
		.raw = r->raw,
		.diagnostic = r->diagnostic,
		.judge = {.status = r->status,
			  .remote_mta = r->remote_mta,
			  .reporting_mta = dsn->reporting_mta},
	};
	struct rule_text scan;
	struct text_range range, more[2];

	if (c.action == ACTION_NONE && r->status.class == 2)
		c.action = ACTION_DELIVERED;
	if (says_something(w, r, &scan)) {
		range = (struct text_range){0, scan.folded.n, r->diagnostic};
		c.judge.text = &scan;
		c.judge.range = &range;
		c.judge.ranges = 1;
	} else if (c.action == ACTION_FAILED || c.action == ACTION_NONE) {
		ask_text(w, dsn, &c, more);
	}
	add_candidate(w, &c);
}

/* Whether the same address was told of before (some systems say it twice). */
static void drop_repeated(struct verdict_list *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		size_t k = 0;

		while (k < n &&
			(!l->v[k].recipient.n ||
				!str_ieq(l->v[k].recipient, l->v[i].recipient)))
			k++;
		if (k == n)
			l->v[n++] = l->v[i];
	}
	l->n = n;
}

static void add_failed_header(struct work *w)
{
	struct mailbox v[16];
	unsigned limits = 0;
	size_t n = rfc5322_addresses(w->arena,
		w->mail.headers.first[HEADER_X_FAILED_RECIPIENTS], v, 16,
		&limits);
	struct text_range more[2];
	struct candidate c = {
		.action = ACTION_FAILED,
		.judge = {.text = &w->text.scan, .more = more}
        };

	for (size_t i = 0; i < n; i++) {
		c.final = v[i].addr;
		c.judge.more_n = n == 1 ? whole_text(&w->text, more) : 0;
		add_candidate(w, &c);
	}
}

static void add_original_recipient(struct work *w, enum action action)
{
	struct text_range more[2];
	struct candidate c = {
		.recipient = w->original.to,
		.action = action,
		.judge = {.text = &w->text.scan, .more = more}
        };

	if (!is_address(w->original.to))
		return;
	c.judge.more_n = whole_text(&w->text, more);
	add_candidate(w, &c);
}

/* A report's recipient that is no address: look where else one is named. */
static void mend_recipients(struct work *w)
{
	struct verdict *v = w->out->v;
	struct mailbox failed[2];
	unsigned limits = 0;

	if (w->out->n != 1 || v->recipient.n || v->class == CLASS_SUCCESS)
		return;
	read_text(w);
	if (rfc5322_addresses(w->arena,
		    w->mail.headers.first[HEADER_X_FAILED_RECIPIENTS], failed,
		    2, &limits) == 1)
		v->recipient = failed[0].addr;
	else if (w->text.n == 1)
		v->recipient = w->text.v[0].address;
	else if (is_address(w->original.to))
		v->recipient = w->original.to;
	if (!v->recipient.n)
		return;
	v->recipient_key = key_of(w, v->recipient);
	v->class = v->action == ACTION_DELAYED ? CLASS_DELAY
					       : reason_class(v->reason);
}

static bool judge_report(struct work *w, struct str body)
{
	struct dsn dsn;

	rfc3464_parse(w->arena, body, &dsn);
	w->out->limits |= dsn.limits;
	if (!dsn.n)
		return false;
	trace_add(w->ctx, w->arena,
		"delivery status report with %zu recipients", dsn.n);
	for (size_t i = 0; i < dsn.n; i++)
		report_recipient(w, &dsn, &dsn.r[i]);
	mend_recipients(w);
	drop_repeated(w->out);
	return true;
}

/* --- complaints (RFC 5965) ------------------------------------------------ */

static void judge_feedback(struct work *w)
{
	struct feedback f;
	struct str to = STR_NULL;

	rfc5965_parse(w->arena, mail_body(&w->mail, w->mail.feedback), &f);
	trace_add(w->ctx, w->arena, "complaint report: %s",
		reason_word(f.reason));
	if (!f.n && is_address(w->original.to))
		to = w->original.to;
	for (size_t i = 0; i < (f.n ? f.n : 1); i++) {
		struct verdict *v = add_verdict(w);

		if (!v)
			break;
		v->class = CLASS_COMPLAINT;
		v->reason = f.reason;
		v->recipient = f.n ? bare(f.recipient[i]) : to;
		v->recipient_key = key_of(w, v->recipient);
		v->reporting_mta = f.reporting_mta;
		v->rule = str_from("feedback-report");
		v->evidence =
			utf8_cut(utf8_clean(w->arena, f.raw), EVIDENCE_MAX);
	}
	drop_repeated(w->out);
}

/* --- text bounces --------------------------------------------------------- */

static bool says_delayed(const struct text *t)
{
	return (t->marks | t->subject_marks) & BIT(MARK_DELAYED);
}

static bool is_bounce(struct work *w)
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
			.original = other_organisation(
					    f->generated_from, f->address)
					    ? f->generated_from
					    : STR_NULL,
			.action = action,
			.raw = f->range[0].raw,
			.judge = {.text = &t->scan,
				  .range = f->range,
				  .ranges = f->ranges,
				  .more = more},
		};

		c.judge.more_n = t->n == 1 ? whole_text(t, more) : 0;
		add_candidate(w, &c);
	}
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
		add_failed_header(w);
}

/* Nobody is named as failed: an address that stands alone, or the one that
 * the original went to. */
static void judge_text_weakly(struct work *w)
{
	enum action action =
		says_delayed(&w->text) ? ACTION_DELAYED : ACTION_FAILED;

	if (w->text.n)
		add_findings(w, action);
	else
		add_original_recipient(w, action);
}

static bool judge_text(struct work *w)
{
	struct str fields;

	read_text(w);
	if (!is_bounce(w))
		return false;
	fields = rfc3464_find(w->text.read);
	if (fields.n && judge_report(w, fields))
		return true;
	judge_text_bounce(w);
	return w->out->n > 0;
}

/* --- the kind of mail ----------------------------------------------------- */

static bool judge_reply(struct work *w)
{
	const struct text *t = &w->text;

	read_text(w);
	if (mail_is_from_daemon(&w->mail) ||
		w->mail.headers.first[HEADER_X_FAILED_RECIPIENTS].p)
		return false;
	if (t->marks & BIT(MARK_CHALLENGE)) {
		add_whole(w, CLASS_REPLY, REASON_CHALLENGE, "challenge");
		return true;
	}
	if (!mail_is_auto_reply(&w->mail) &&
		!(t->subject_marks & BIT(MARK_REPLY_SUBJECT)))
		return false;
	if (t->subject_marks & BIT(MARK_BOUNCE_SUBJECT) &&
		!(t->subject_marks & BIT(MARK_REPLY_SUBJECT)))
		return false;
	add_whole(w, CLASS_REPLY, REASON_AUTO_REPLY, "auto-reply");
	return true;
}

static bool judge_parts(struct work *w)
{
	struct mail *m = &w->mail;

	mail_original(m, STR_NULL, &w->original);
	w->text_read = false;
	w->senders_n = 0;
	if (m->feedback) {
		judge_feedback(w);
		return true;
	}
	if (m->report && judge_report(w, mail_body(m, m->report)))
		return true;
	if (m->disposition) {
		add_whole(w, CLASS_NONE, REASON_NONE, "disposition");
		return true;
	}
	return judge_reply(w) || judge_text(w);
}

/* A bounce inside: somebody forwarded it, or a gateway wrapped it. */
static bool judge_wrapped(struct work *w)
{
	struct work outer = *w;

	if ((mail_is_from_daemon(&w->mail) || mail_has_null_path(&w->mail)) &&
		mail_unwrap(&w->mail) && (w->mail.report || w->mail.feedback) &&
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
	bounce = w->mail.report || is_bounce(w);
	if (judge_wrapped(w))
		return;
	if (bounce)
		judge_text_weakly(w);
	if (w->out->n)
		return;
	if (bounce)
		add_whole(w, CLASS_UNKNOWN, REASON_UNDETERMINED, "none");
	else
		add_whole(w, CLASS_NONE, REASON_NONE, "none");
}

/* --- the face ------------------------------------------------------------- */

static int64_t event_time(const struct work *w, const struct headers *h)
{
	int64_t at = rfc5322_received_date(h->first[HEADER_RECEIVED]);

	if (!at)
		at = w->out->dated_at;
	if (w->ctx->now && at > w->ctx->now)
		at = w->ctx->now;
	return at;
}

static void describe(struct work *w, struct str mail)
{
	struct verdict_list *out = w->out;
	const struct headers *h = &w->mail.headers;
	const struct str *first = h->first;

	out->subject = w->mail.subject;
	out->from = w->mail.from_address;
	out->message_id = rfc5322_unfold(w->arena, first[HEADER_MESSAGE_ID]);
	if (!rfc5322_date(rfc5322_unfold(w->arena, first[HEADER_DATE]),
		    &out->dated_at))
		out->dated_at = 0;
	out->arrived_at = event_time(w, h);
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
	mail_read(ctx, a, mail, &w.mail);
	describe(&w, mail);
	judge_mail(&w);
	out->limits |= w.mail.limits | (a->full ? LIMIT_MEMORY : 0u);
	if (!out->n) {
		/* No memory for a verdict of its own. */
		out->v = (struct verdict *)&none;
		out->n = 1;
	}
}
