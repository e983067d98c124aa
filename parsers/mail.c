/*
 * The parts of a bounce come in many arrangements; what they are is decided
 * by their types, first match in the order of the mail, and never by their
 * position.
 */
#include "html.h"
#include "mail_private.h"
#include "rfc2047.h"
#include "rfc3464.h"
#include "rules.h"

#define TEXTS_MAX  4u
#define JUNK_MAX   32u  /* lines before the headers of an original */
#define PLAIN_LOOK 512u /* bytes that tell text from base64 */

/* Base64 of "Reporting-MTA" and "Final-Recipient". */
static bool is_report_encoded(struct str body)
{
	return str_istarts(body, "UmVwb3J0aW5nLU1UQT") ||
	       str_istarts(body, "RmluYWwtUmVjaXBpZW50");
}

/* By its type; or, in a mail by a mail system, by what it begins with. */
static bool is_report(struct mail *m, size_t i)
{
	const struct mime_part *p = &m->mime.part[i];
	enum media media = p->type.media;

	if (media == MEDIA_MESSAGE_DELIVERY_STATUS ||
		media == MEDIA_MESSAGE_XDELIVERY_STATUS ||
		media == MEDIA_MESSAGE_GLOBAL_DELIVERY_STATUS)
		return true;
	return media == MEDIA_OTHER && i &&
	       (rfc3464_is_report(p->body) ||
		       is_report_encoded(str_trim(p->body))) &&
	       (mail_has_null_path(m) || mail_is_from_daemon(m));
}

static bool is_original(enum media m)
{
	return media_is_message(m) || m == MEDIA_TEXT_RFC822_HEADERS ||
	       m == MEDIA_MESSAGE_RFC822_HEADERS ||
	       m == MEDIA_MESSAGE_GLOBAL_HEADERS;
}

bool mail_is_text(enum media m, bool html)
{
	return html ? m == MEDIA_TEXT_HTML
		    : m == MEDIA_TEXT_PLAIN || m == MEDIA_TEXT;
}

/* Find the parts that matter below (and with) part top. */
static void find_parts(struct mail *m, size_t top)
{
	m->report = m->feedback = m->disposition = m->original = 0;
	for (size_t i = top; i < m->mime.n; i = mime_next(&m->mime, i)) {
		enum media media = m->mime.part[i].type.media;

		if (!m->report && is_report(m, i))
			m->report = i;
		else if (!m->feedback && media == MEDIA_MESSAGE_FEEDBACK_REPORT)
			m->feedback = i;
		else if (!m->disposition &&
			 (media == MEDIA_MESSAGE_DISPOSITION ||
				 media == MEDIA_MESSAGE_GLOBAL_DISPOSITION))
			m->disposition = i;
		else if (i != top && !m->original && is_original(media))
			m->original = i;
	}
}

static void read_headers(struct mail *m, const struct headers *h)
{
	struct mailbox from[1];
	unsigned limits = 0;
	const struct verdict_ops *ops = m->ctx->ops;

	m->headers = *h;
	m->subject = rfc2047_decode(
		m->arena, ops, h->first[HEADER_SUBJECT], &limits);
	m->from = m->from_address = STR_NULL;
	m->daemon_asked = false;
	if (rfc5322_addresses(
		    m->arena, h->first[HEADER_FROM], from, 1, &limits)) {
		m->from =
			rfc2047_decode(m->arena, ops, from[0].display, &limits);
		m->from_address = from[0].addr;
	}
}

size_t mail_next_report(struct mail *m, size_t i)
{
	for (i = mime_next(&m->mime, i); i < m->mime.n;
		i = mime_next(&m->mime, i))
		if (is_report(m, i))
			return i;
	return 0;
}

void mail_read(const struct verdict_context *ctx, struct arena *a,
	struct str bytes, struct mail *out)
{
	*out = (struct mail){.ctx = ctx, .arena = a};
	mime_parse(a, bytes, &out->mime);
	mail_find_end(out);
	out->limits = out->mime.limits | out->mime.headers.limits;
	read_headers(out, &out->mime.headers);
	find_parts(out, 0);
}

bool mail_unwrap(struct mail *m)
{
	size_t inner;

	/* 0, the mail itself, where all of it is a wrapping */
	if (!media_is_message(m->mime.part[m->original].type.media))
		return false;
	inner = mime_open_message(&m->mime, m->original);
	m->limits |= m->mime.limits;
	if (!inner || !m->mime.part[inner].headers)
		return false;
	read_headers(m, m->mime.part[inner].headers);
	find_parts(m, inner);
	return true;
}

/* The part that the judged mail begins with. */
size_t mail_top(const struct mail *m)
{
	size_t i = m->mime.n;

	while (i-- > 1)
		if (m->mime.part[i].headers &&
			m->mime.part[i].headers->block.p == m->headers.block.p)
			return i;
	return 0;
}

/* s without an address or a code at its end, which may have been longer. */
static struct str whole_words(struct str s)
{
	bool part = false;
	size_t n = s.n;

	for (; n && !ascii_is_space((unsigned char)s.p[n - 1]); n--) {
		unsigned char c = (unsigned char)s.p[n - 1];

		part |= c == '@' || ascii_is_digit(c);
		if (!ascii_is_alnum(c) && !strchr("@.-_+=%", c))
			break;
	}
	return part ? str_sub(s, 0, n) : s;
}

/* Base64 has no blanks between words, and no '@'. */
static bool is_plain(struct str body)
{
	size_t n = 0, max = body.n < PLAIN_LOOK ? body.n : PLAIN_LOOK;

	for (size_t i = 0; i < max; i++)
		n += body.p[i] == ' ' || body.p[i] == '@' || body.p[i] == '<' ||
		     body.p[i] == ':';
	return n >= 3 && n >= max / 32;
}

struct str mail_body(struct mail *m, size_t part)
{
	const struct mime_part *p = &m->mime.part[part];
	bool plain = p->encoding == ENCODING_BASE64 && is_plain(p->body);
	struct str body =
		rfc2045_decode(m->arena, plain ? ENCODING_8BIT : p->encoding,
			p->body, RFC2045_TEXT_MAX, &m->limits);
	bool open = p->last && p->body.n && p->body.p[p->body.n - 1] != '\n';

	return open || p->cut || body.n == RFC2045_TEXT_MAX ? whole_words(body)
							    : body;
}

/* --- the text for people -------------------------------------------------- */

static struct str part_text(struct mail *m, size_t i)
{
	const struct mime_part *p = &m->mime.part[i];
	const struct verdict_ops *ops = m->ctx->ops;
	struct str bytes = mail_body(m, i), text = STR_NULL;
	struct str charset =
		rfc2045_param(m->arena, p->type.params, "charset", &m->limits);

	if (ops && ops->to_utf8)
		text = ops->to_utf8(ops->arg, m->arena,
			charset.p ? charset : str_of("us-ascii", 8), bytes);
	/* An unknown charset is no reason to read nothing. */
	if (!text.p)
		text = utf8_clean(m->arena, bytes);
	/* After the charset: in ISO-2022-JP a '<' may be half a character. */
	return p->type.media == MEDIA_TEXT_HTML ? html_text(m->arena, text)
						: text;
}

static struct str join(struct arena *a, const struct str *v, size_t n)
{
	size_t bytes = 0;
	char *p;

	if (n == 1)
		return v[0];
	for (size_t i = 0; i < n; i++)
		bytes += v[i].n + 1;
	p = arena_alloc(a, bytes + 1);
	if (!p)
		return STR_NULL;
	bytes = 0;
	for (size_t i = 0; i < n; i++) {
		if (v[i].n)
			memcpy(p + bytes, v[i].p, v[i].n);
		bytes += v[i].n;
		p[bytes++] = '\n';
	}
	return str_of(p, bytes);
}

static size_t collect_texts(struct mail *m, bool html, struct str v[TEXTS_MAX])
{
	size_t n = 0, top = mail_top(m);

	for (size_t i = top; i < m->mime.n && n < TEXTS_MAX;
		i = mime_next(&m->mime, i)) {
		const struct mime_part *p = &m->mime.part[i];

		if (i != top && is_original(p->type.media))
			break;
		if (media_is_multipart(p->type.media) && !html &&
			str_trim(p->preamble).n)
			v[n++] = utf8_clean(m->arena, p->preamble);
		else if (mail_is_text(p->type.media, html))
			v[n++] = part_text(m, i);
	}
	return n;
}

struct str mail_text(struct mail *m)
{
	struct str v[TEXTS_MAX + 1];
	size_t n = collect_texts(m, false, v);
	struct str text = n ? join(m->arena, v, n) : STR_NULL;

	/* The text part is often there and empty, or only says "see HTML". */
	if (!memchr(text.n ? text.p : "", '@', text.n)) {
		v[0] = text;
		n = collect_texts(m, true, v + 1);
		if (n)
			text = join(m->arena, v, n + 1);
	}
	return text;
}

static bool is_daemon(struct str from)
{
	static const char *const names[] = {"mailer-daemon", "postmaster",
		"mailerdaemon", "mailer_daemon", "mail-daemon", "maildaemon",
		"post_master", "mailer", "double-bounce", "mail-delivery",
		"mail.delivery", "maildelivery", "bounce-notification", NULL};

	for (size_t i = 0; names[i]; i++)
		if (str_istarts(from, names[i]))
			return true;
	return false;
}

/* --- the returned original ------------------------------------------------ */

static struct str sole_recipient(struct mail *m, const struct headers *h)
{
	struct mailbox to[2], cc[1];
	unsigned limits = 0;

	if (rfc5322_addresses(m->arena, h->first[HEADER_TO], to, 2, &limits) !=
			1 ||
		rfc5322_addresses(
			m->arena, h->first[HEADER_CC], cc, 1, &limits) ||
		str_chr(to[0].addr, '@') == to[0].addr.n)
		return STR_NULL;
	return to[0].addr;
}

static struct str message_id(struct mail *m, const struct headers *h)
{
	return rfc5322_unfold(m->arena, h->first[HEADER_MESSAGE_ID]);
}

static struct str stream_of(struct mail *m, const struct headers *h)
{
	unsigned limits = 0;

	for (size_t i = 0; i < m->ctx->stream_headers_n; i++) {
		struct str v = headers_get(h, m->ctx->stream_headers[i]);

		if (str_trim(v).n)
			return rfc2047_decode(
				m->arena, m->ctx->ops, v, &limits);
	}
	return STR_NULL;
}

/* Whether it has a header that every mail has. */
static bool is_of_a_mail(const struct headers *h)
{
	static const enum header_id any[] = {HEADER_FROM, HEADER_MESSAGE_ID,
		HEADER_DATE, HEADER_SUBJECT, HEADER_TO, HEADER_RECEIVED,
		HEADER_RETURN_PATH};

	for (size_t i = 0; i < sizeof(any) / sizeof(*any); i++)
		if (h->first[any[i]].p)
			return true;
	return false;
}

/* Headers of an attached original, behind lines of which some systems lost the
 * folds: those end a header block before anything has been told. */
static struct str attached_headers(struct str part, struct headers *out)
{
	struct str rest = headers_parse(part, out), line;

	for (unsigned i = 0; i < JUNK_MAX && rest.n && !is_of_a_mail(out);
		i++) {
		if (str_line(&rest, &line) && rest.n)
			rest = headers_parse(rest, out);
	}
	return rest;
}

void mail_original(struct mail *m, struct str text, struct original *out)
{
	struct headers *h = &out->headers;

	*out = (struct original){.found = false};
	if (m->original)
		out->cut = !attached_headers(mail_body(m, m->original), h).n &&
			   m->mime.part[m->original].cut;
	else if (text.n)
		headers_parse(text, h);
	else
		return;
	out->found = h->block.n > 0;
	if (!out->found)
		return;
	out->message_id = message_id(m, h);
	out->stream = stream_of(m, h);
	if (m->ctx->unkept ||
		!rfc5322_date(rfc5322_unfold(m->arena, h->first[HEADER_DATE]),
			&out->sent_at))
		out->sent_at = 0;
}

struct str mail_original_to(struct mail *m, struct original *o)
{
	const struct headers *h = &o->headers;

	/* A bounce that was wrapped went to us; who failed stands inside. */
	if (o->found && !o->to_asked && !o->cut &&
		!is_daemon(rfc5322_first_address(h->first[HEADER_FROM])))
		o->to = sole_recipient(m, h);
	o->to_asked = true;
	return o->to;
}

/* --- who sent it ---------------------------------------------------------- */

static void add_senders(
	struct mail *m, struct str value, struct str *out, size_t *n)
{
	struct mailbox v[4];
	unsigned limits = 0;
	size_t found = rfc5322_addresses(m->arena, value, v, 4, &limits);

	for (size_t i = 0; i < found && *n < MAIL_IGNORE_MAX; i++)
		if (str_chr(v[i].addr, '@') < v[i].addr.n)
			out[(*n)++] = v[i].addr;
}

size_t mail_senders(const struct mail *mail, const struct original *original,
	struct str out[MAIL_IGNORE_MAX])
{
	static const enum header_id outer[] = {HEADER_TO, HEADER_DELIVERED_TO,
		HEADER_X_ORIGINAL_TO, HEADER_FROM};

	static const enum header_id inner[] = {
		HEADER_RETURN_PATH, HEADER_FROM, HEADER_SENDER};
	struct mail *m = (struct mail *)mail;
	size_t n = 0;

	for (size_t i = 0; i < sizeof(outer) / sizeof(*outer); i++)
		add_senders(m, m->headers.first[outer[i]], out, &n);
	for (size_t i = 0; original && original->found &&
			   i < sizeof(inner) / sizeof(*inner);
		i++)
		add_senders(m, original->headers.first[inner[i]], out, &n);
	return n;
}

static bool is_from_daemon(const struct mail *m)
{
	struct rule_text scan;

	if (is_daemon(m->from_address))
		return true;
	if (!m->from.n)
		return false;
	rule_text_scan(m->ctx, m->arena, m->from, &scan);
	return rule_text_marks(m->ctx, &scan, 0, scan.folded.n) &
	       (1u << MARK_BOUNCE_FROM);
}

bool mail_is_from_daemon(struct mail *m)
{
	if (!m->daemon_asked)
		m->daemon = is_from_daemon(m);
	m->daemon_asked = true;
	return m->daemon;
}

bool mail_has_null_path(const struct mail *m)
{
	struct str path = str_trim(m->headers.first[HEADER_RETURN_PATH]);

	return path.p && (path.n <= 2 || str_istarts(path, "<mailer-daemon") ||
				 str_istarts(path, "mailer-daemon"));
}

bool mail_is_auto_reply(const struct mail *m)
{
	const struct str *h = m->headers.first;
	struct str precedence = str_trim(h[HEADER_PRECEDENCE]);

	return str_istarts(
		       str_trim(h[HEADER_AUTO_SUBMITTED]), "auto-replied") ||
	       h[HEADER_X_AUTOREPLY].p || h[HEADER_X_AUTORESPOND].p ||
	       h[HEADER_X_MAIL_AUTOREPLY].p || h[HEADER_X_AUTO_REPLY_FROM].p ||
	       str_istarts(precedence, "auto_reply") ||
	       str_istarts(precedence, "auto-reply");
}
