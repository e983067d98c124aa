/*
 * The steps that every kind of bounce needs: a verdict added to the list, a
 * recipient chosen and judged, the text read when somebody asks for it.
 */
#include "work.h"

#include "address.h"
#include "explain.h"
#include "replay.h"
#include "rfc2047.h"
#include "trace.h"

#define DIAGNOSTIC_MAX 1024u
#define RECIPIENTS_MAX 1000u /* DESIGN.md, Limits */

struct verdict *work_add(struct work *w)
{
	struct verdict_list *l = w->out;
	struct verdict *v;

	if (l->n >= RECIPIENTS_MAX) {
		l->limits |= LIMIT_RECIPIENTS;
		return NULL;
	}
	v = arena_grow(w->arena, l->v, &w->cap, l->n + 1, sizeof(*v));
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
void work_add_whole(struct work *w, enum verdict_class class,
	enum verdict_reason reason, const char *rule)
{
	struct verdict *v = work_add(w);

	if (!v)
		return;
	v->class = class;
	v->reason = reason;
	v->rule = str_from(rule);
	trace_add(w->ctx, w->arena, "the mail as a whole: %s (%s)",
		class_word(class), rule);
}

/* How much of s comes before white space that is not a single blank. */
static size_t collapsed_run(struct str s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t v, w;
	size_t i = 0;

	/* Eight bytes, and their neighbours; control bytes are below 0e. */
	for (; i + sizeof(w) < s.n; i += sizeof(w)) {
		memcpy(&w, s.p + i, sizeof(w));
		memcpy(&v, s.p + i + 1, sizeof(v));
		v = (v ^ ones * ' ') | (w ^ ones * ' ');
		if ((((v - ones) & ~v) | ((w - ones * 0x0e) & ~w)) & ones << 7)
			break;
	}
	i -= i && s.p[i - 1] == ' ';
	while (i < s.n &&
		(!ascii_is_space((unsigned char)s.p[i]) ||
			(s.p[i] == ' ' && i + 1 < s.n &&
				!ascii_is_space((unsigned char)s.p[i + 1]))))
		i++;
	return i;
}

/* s with single blanks for its white space, at most max bytes. */
static struct str collapse(struct arena *a, struct str s, size_t max)
{
	struct str cut = str_sub(str_trim(s), 0, max);
	size_t n = collapsed_run(cut), run;
	char *p;

	if (n && n == cut.n)
		return utf8_clean(a, cut);
	s = str_trim(s);
	p = arena_alloc(a, s.n < max ? s.n : max);
	if (!p)
		return STR_NULL;
	for (n = 0; s.n && n < max; n += n < max && s.n) {
		run = collapsed_run(str_sub(s, 0, max - n));
		memcpy(p + n, s.p, run);
		n += run;
		s = str_sub(s, run, s.n);
		while (s.n && ascii_is_space((unsigned char)*s.p))
			s = str_sub(s, 1, s.n);
		if (n < max && s.n)
			p[n] = ' ';
	}
	return utf8_clean(a, str_trim(str_of(p, n)));
}

struct str work_key(struct work *w, struct str address)
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

bool work_is_other_organisation(struct str a, struct str b)
{
	struct str da = domain_of(a), db = domain_of(b);

	return da.n && db.n && !address_same_organisation(da, db);
}

bool work_is_address(struct str s)
{
	size_t at = str_chr(s, '@');

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < ' ' || c == 0x7f || (c == ' ' && s.p[0] != '"'))
			return false;
	}
	return at > 0 && at + 1 < s.n && s.p[0] != '|' && s.p[0] != '/';
}

/* "Some Body <a@b.example>": what stands in the last brackets. */
static struct str in_brackets(struct str s)
{
	size_t open = s.n, n;

	while (open && s.p[open - 1] != '<')
		open--;
	if (!open || (open > 1 && !strchr(" \t\"'", s.p[open - 2])))
		return s;
	n = str_chr(str_sub(s, open, s.n), '>');
	return str_sub(s, open, n);
}

/* Without quotes around the whole of it. */
static struct str without_quotes(struct str s)
{
	if (s.n > 2 && (s.p[0] == '\'' || s.p[0] == '"') &&
		s.p[s.n - 1] == s.p[0])
		s = str_sub(s, 1, s.n - 2);
	return s;
}

/* Up to the first " (". */
static struct str without_comment(struct str s)
{
	size_t n = str_chr(s, '(');

	while (n < s.n && !(n && s.p[n - 1] == ' '))
		n += 1 + str_chr(str_sub(s, n + 1, s.n), '(');
	return n < s.n ? str_sub(s, 0, n - 1) : s;
}

struct str work_bare(struct str s)
{
	s = in_brackets(without_quotes(str_trim(s)));
	s = without_comment(s);
	if (str_istarts(s, "mailto:"))
		s = str_sub(s, 7, s.n);
	/* RFC 5321 4.1.2, "@relay.example,@mx.example:a@b.example" */
	if (s.n && s.p[0] == '@')
		while (str_chr(s, ':') < s.n)
			s = str_sub(s, str_chr(s, ':') + 1, s.n);
	s = without_quotes(str_trim(s));
	while (s.n && strchr(".,;>", s.p[s.n - 1]))
		s.n--;
	return str_trim(s);
}

void work_set_recipient(struct work *w, struct verdict *v, struct str address)
{
	if (!work_is_address(address))
		return;
	v->recipient = address;
	if (!w->ctx->unkept)
		v->recipient_key = work_key(w, address);
}

/*
 * The address we sent to: Original-Recipient before Final-Recipient; a host's
 * own alias within one organisation is no forwarding.
 */
static void choose_recipient(struct candidate *c, struct verdict *v)
{
	struct str final = work_bare(c->final),
		   original = work_bare(c->original);
	struct str actual = work_bare(c->actual);

	v->final_recipient = final;
	v->original_recipient = original;
	if (work_is_address(original)) {
		v->recipient = original;
		v->forwarded = work_is_address(final) &&
			       work_is_other_organisation(original, final);
	} else if (work_is_address(final)) {
		v->recipient = final;
		v->forwarded = work_is_address(actual) &&
			       work_is_other_organisation(actual, final);
	} else if (work_is_address(actual)) {
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

/* A delay has the reason of what delays it, where somebody tells. */
static enum verdict_reason reason_of(
	const struct candidate *c, const struct judgement *j)
{
	switch (c->action) {
	case ACTION_DELAYED:
		return j->reason == REASON_UNDETERMINED ? REASON_DELAYED
							: j->reason;
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

struct str work_evidence(struct work *w, struct str raw)
{
	/* Cut first: a hundred recipients may share one long report. */
	raw = utf8_clean(w->arena, utf8_cut(raw, REPLAY_EVIDENCE_MAX));
	return utf8_cut(raw, REPLAY_EVIDENCE_MAX);
}

/* What was looked at, of the report and of the text. */
static struct str evidence_of(
	struct work *w, const struct candidate *c, const struct judgement *by)
{
	const struct judge_case *j = &c->judge;
	struct replay_evidence e = {
		.fields = c->fields,
		.reporting_mta = j->reporting_mta,
		.phase = by->phase,
		.expired = by->expired,
	};

	/* A diagnostic is among the fields already. */
	if (!c->fields.n || j->text == &w->text.scan) {
		e.range = j->range;
		e.ranges = j->ranges;
		e.more = j->more;
		e.more_n = by->elsewhere ? j->more_n : 0;
	}
	return replay_write(w->arena, &e);
}

void work_add_candidate(struct work *w, struct candidate *c)
{
	struct verdict *v = work_add(w);
	struct judgement j;

	if (!v)
		return;
	choose_recipient(c, v);
	if (c->recipient.n)
		v->recipient = c->recipient;
	explain_recipient(w->ctx, w->arena, v->recipient, c->fields, &c->judge);
	c->judge.recipient =
		work_bare(c->recipient.n ? c->recipient : c->final);
	c->judge.pending = c->action == ACTION_DELAYED;
	judge(w->ctx, w->arena, &c->judge, &j);
	c->elsewhere = j.elsewhere;
	if (!w->ctx->unkept)
		v->recipient_key = work_key(w, v->recipient);
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
	if (!w->ctx->unkept)
		v->evidence = evidence_of(w, c, &j);
}

struct str work_read_body(struct work *w)
{
	if (!w->body_read)
		w->body = mail_text(&w->mail);
	w->body_read = true;
	return w->body;
}

void work_read_text(struct work *w)
{
	struct text_input in;

	if (w->text_read)
		return;
	w->text_read = true;
	w->senders_n = mail_senders(&w->mail, &w->original, w->senders);
	in = (struct text_input){
		w->mail.subject, work_read_body(w), w->senders, w->senders_n};
	text_parse(w->ctx, w->arena, &in, &w->text);
	w->out->limits |= w->text.limits;
	if (!w->original.found)
		mail_original(&w->mail, w->text.original, &w->original);
}

/* All of the text, and then with the subject: what one may ask at last. */
size_t work_whole_text(const struct text *t, struct text_range v[2])
{
	size_t subject = str_chr(t->read, '\n');

	v[0] = (struct text_range){t->body_at, t->body_end,
		str_sub(t->read, subject + 1, t->read.n)};
	v[1] = (struct text_range){0, t->body_at, str_sub(t->read, 0, subject)};
	return 2;
}

void work_doubt(struct verdict *v)
{
	if (v->class != CLASS_HARD && v->class != CLASS_COMPLAINT)
		return;
	v->class = CLASS_UNKNOWN;
	v->reason = REASON_UNDETERMINED;
	v->rule = str_from("cut");
}

/* Some systems tell of the same address twice. */
void work_drop_repeated(struct work *w)
{
	struct verdict_list *l = w->out;
	struct index seen = {.arena = w->arena};
	size_t n = 0, first;

	for (size_t i = 0; i < l->n; i++) {
		struct str recipient = l->v[i].recipient;

		if (recipient.n && index_get(&seen, recipient, &first))
			continue;
		if (recipient.n)
			index_put(&seen, recipient, n);
		l->v[n++] = l->v[i];
	}
	l->n = n;
}
