/*
 * A scanner that gives braces and strings, and a reader that knows few keys.
 * An object with an emailAddress is a recipient; what else stands in that
 * object is said of it.
 */
#include "notification.h"

#include "rfc3463.h"
#include "rfc3464.h"
#include "rfc5965.h"
#include "trace.h"

enum token {
	TOKEN_END,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_KEY,
	TOKEN_TEXT
};

static size_t string_length(struct str s)
{
	size_t n = 1;

	while (n < s.n && s.p[n] != '"')
		n += s.p[n] == '\\' ? 2 : 1;
	return n < s.n ? n + 1 : s.n;
}

static enum token next(struct str *rest, struct str *out)
{
	while (rest->n) {
		char c = rest->p[0];
		size_t n = c == '"' ? string_length(*rest) : 1;

		*out = str_sub(*rest, 1, n > 2 ? n - 2 : 0);
		*rest = str_sub(*rest, n, rest->n);
		if (c == '{')
			return TOKEN_OPEN;
		if (c == '}')
			return TOKEN_CLOSE;
		if (c == '"')
			return str_trim(*rest).n && str_trim(*rest).p[0] == ':'
				       ? TOKEN_KEY
				       : TOKEN_TEXT;
	}
	return TOKEN_END;
}

/*
 * The JSON without the "!", line end and space at which a mail system broke
 * its long lines, and, where it is a string within JSON, without the
 * backslashes of that.
 */
static struct str flatten(struct arena *a, struct str text)
{
	static const struct str inner[] = {
		STR("\\\"notificationType\\\""), STR("\\\"eventType\\\"")};
	size_t at = str_find(text, inner[0]);
	bool nested;
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0;

	if (!p)
		return STR_NULL;
	if (at == text.n)
		at = str_find(text, inner[1]);
	nested = at < text.n;
	while (nested && at && text.p[at] != '{')
		at--;
	if (nested)
		text = str_sub(text, at, text.n);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '!' && i + 2 < text.n &&
			text.p[i + 1] == '\n' && text.p[i + 2] == ' ')
			i += 2;
		else if (text.p[i] == '\n')
			continue;
		else if (nested && text.p[i] == '\\' && i + 1 < text.n)
			p[n++] = text.p[++i];
		else
			p[n++] = text.p[i];
	}
	return str_of(p, n);
}

struct recipient {
	struct str address, status, diagnostic;
};

struct reader {
	struct work *work;
	struct str kind; /* Bounce, Complaint, Delivery, DeliveryDelay */
	struct str sub;  /* bounceSubType, delayType */
	struct recipient now;
};

static void add_complaint(struct reader *r)
{
	struct verdict *v = work_add(r->work);

	if (!v)
		return;
	v->class = CLASS_COMPLAINT;
	v->reason = REASON_ABUSE;
	work_set_recipient(r->work, v, r->now.address);
	v->rule = str_from("ses-notification");
}

/*
 * The kind of bounce is asked where the diagnostic says nothing; but that the
 * platform had the address on its list outweighs what it says of that.
 */
static void add_bounce(struct reader *r, enum action action)
{
	struct candidate c = {
		.final = r->now.address,
		.action = action,
		.diagnostic = r->now.diagnostic,
	};
	struct str said = r->now.diagnostic;
	struct rule_text scan;
	struct text_range range;

	if (!said.n || str_ifind(r->sub, "suppress") < r->sub.n)
		said = r->sub;
	rule_text_scan(r->work->ctx, r->work->arena, said, &scan);
	range = (struct text_range){0, scan.folded.n, said};
	c.judge.text = &scan;
	c.judge.range = &range;
	c.judge.ranges = said.n > 0;
	if (!rfc3463_parse(r->now.status, &c.judge.status))
		c.judge.status.class = 0;
	work_add_candidate(r->work, &c);
}

static void close_object(struct reader *r)
{
	if (r->now.address.n && str_ieqz(r->kind, "bounce"))
		add_bounce(r, ACTION_FAILED);
	else if (r->now.address.n && str_ieqz(r->kind, "deliverydelay"))
		add_bounce(r, ACTION_DELAYED);
	else if (r->now.address.n && str_ieqz(r->kind, "complaint"))
		add_complaint(r);
	r->now = (struct recipient){STR_NULL, STR_NULL, STR_NULL};
}

/* The kind of complaint stands behind those whom it is about. */
static void name_complaints(struct reader *r, struct str type)
{
	struct verdict_list *l = r->work->out;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].class == CLASS_COMPLAINT)
			l->v[i].reason = rfc5965_reason(type);
}

/* The envelope sender of the mail: all that comes back of it. */
static void keep_source(struct work *w, struct str address)
{
	if (w->original.found || !work_is_address(address))
		return;
	w->original.found = true;
	w->original.headers.first[HEADER_RETURN_PATH] = address;
}

static void take(struct reader *r, struct str key, struct str value)
{
	if (str_ieqz(key, "notificationType") || str_ieqz(key, "eventType"))
		r->kind = value;
	else if (str_ieqz(key, "bounceSubType") || str_ieqz(key, "delayType"))
		r->sub = value;
	else if (str_ieqz(key, "complaintFeedbackType"))
		name_complaints(r, value);
	else if (str_ieqz(key, "emailAddress"))
		r->now.address = value;
	else if (str_ieqz(key, "status"))
		r->now.status = value;
	else if (str_ieqz(key, "diagnosticCode"))
		r->now.diagnostic = rfc3464_address(r->work->arena, value);
	else if (str_ieqz(key, "source"))
		keep_source(r->work, value);
}

/* The list of recipients also tells the kind: it may stand before that. */
static void take_key(struct reader *r, struct str key)
{
	if (str_ieqz(key, "bouncedRecipients"))
		r->kind = str_from("Bounce");
	else if (str_ieqz(key, "complainedRecipients"))
		r->kind = str_from("Complaint");
	else if (str_ieqz(key, "delayedRecipients"))
		r->kind = str_from("DeliveryDelay");
}

static void read_all(struct reader *r, struct str rest)
{
	struct str s, key = STR_NULL;
	enum token t;

	while ((t = next(&rest, &s)) != TOKEN_END) {
		if (t == TOKEN_OPEN || t == TOKEN_CLOSE)
			close_object(r);
		else if (t == TOKEN_TEXT)
			take(r, key, s);
		else
			take_key(r, s);
		key = t == TOKEN_KEY ? s : STR_NULL;
	}
}

bool notification_judge(struct work *w, struct str text)
{
	struct str s = str_trim(text);
	struct reader r = {.work = w};

	if (!s.n || s.p[0] != '{' ||
		(str_ifind(s, "notificationType") == s.n &&
			str_ifind(s, "eventType") == s.n))
		return false;
	read_all(&r, flatten(w->arena, s));
	trace_add(w->ctx, w->arena, "SES notification: " STR_FMT,
		STR_ARG(r.kind));
	if (!w->out->n && str_ieqz(r.kind, "delivery"))
		work_add_whole(
			w, CLASS_SUCCESS, REASON_DELIVERED, "ses-notification");
	work_drop_repeated(w);
	return w->out->n > 0;
}
