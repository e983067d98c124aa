/* The mail of an event. Values are of strangers: no line end gets through. */
#include "event.h"

#include <inttypes.h>
#include <sysexits.h>
#include <time.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "say.h"

#define MAIL_MAX  16384u
#define VALUE_MAX 2048u

struct writer {
	char *p;
	size_t n;
};

static void put(struct writer *w, struct str s)
{
	for (size_t i = 0; i < s.n && i < VALUE_MAX && w->n < MAIL_MAX; i++) {
		unsigned char c = (unsigned char)s.p[i];

		w->p[w->n++] = c < ' ' || c == 0x7f ? ' ' : s.p[i];
	}
}

static void put_z(struct writer *w, const char *z)
{
	for (; *z && w->n < MAIL_MAX; z++)
		w->p[w->n++] = *z;
}

/* A field, where there is something to say. */
static void field(struct writer *w, const char *head, struct str value)
{
	value = str_trim(value);
	if (!value.n)
		return;
	put_z(w, head);
	put(w, value);
	put_z(w, "\n");
}

static void date(struct writer *w, const char *head, int64_t at)
{
	time_t t = (time_t)at;
	struct tm tm;
	char buf[64];

	if (at <= 0 || !gmtime_r(&t, &tm))
		return;
	strftime(buf, sizeof(buf), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	field(w, head, str_from(buf));
}

/* The first word: "5.1.1 (bad destination mailbox address)". */
static struct str first_word(struct str s)
{
	s = str_trim(s);
	return str_sub(s, 0, str_chr(s, ' '));
}

/* The reply, whose type ("smtp;") is ours to write. */
static struct str reply_of(const struct event *e)
{
	struct str s = str_trim(e->diagnostic);

	return str_istarts(s, "smtp;") ? str_trim(str_sub(s, 5, s.n)) : s;
}

static void put_report(struct writer *w, const struct event *e)
{
	bool failed = e->kind == EVENT_KIND_FAILED;
	struct str reply = reply_of(e), code = str_trim(e->smtp);

	put_z(w, "Content-Type: message/delivery-status\n\n");
	field(w, "Reporting-MTA: dns; ", e->reporting_mta);
	put_z(w, "\n");
	field(w, "Original-Recipient: rfc822; ", e->original_recipient);
	field(w, "Final-Recipient: rfc822; ", e->recipient);
	put_z(w, failed ? "Action: failed\n" : "Action: delayed\n");
	field(w, "Status: ", first_word(e->status));
	field(w, "Remote-MTA: dns; ", e->remote_mta);
	if (!reply.n && !code.n)
		return;
	put_z(w, "Diagnostic-Code: smtp; ");
	if (code.n && !str_starts(reply, code)) {
		put(w, code);
		put_z(w, " ");
	}
	put(w, reply);
	put_z(w, "\n");
}

static void put_complaint(struct writer *w, const struct event *e)
{
	put_z(w, "Content-Type: message/feedback-report\n\n");
	field(w, "Feedback-Type: ",
		e->complaint.n ? e->complaint : (struct str)STR("abuse"));
	put_z(w, "Version: 1\nUser-Agent: import\n");
	field(w, "Original-Rcpt-To: ", e->recipient);
	field(w, "Reporting-MTA: dns; ", e->reporting_mta);
}

/* The same row gives the same Message-ID, and so the same digest. */
static void put_id(struct writer *w, const struct event *e)
{
	unsigned char sum[32];
	char hex[25];

	const struct str parts[] = {e->recipient, e->status, e->smtp,
		e->diagnostic, e->message_id, e->complaint};

	gnutls_hash_hd_t hash;

	if (gnutls_hash_init(&hash, GNUTLS_DIG_SHA256))
		return;
	(void)gnutls_hash(hash, &e->at, sizeof(e->at));
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (parts[i].n)
			(void)gnutls_hash(hash, parts[i].p, parts[i].n);
		(void)gnutls_hash(hash, "", 1);
	}
	gnutls_hash_deinit(hash, sum);
	for (int i = 0; i < 12; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", sum[i]);
	put_z(w, "Message-ID: <");
	put_z(w, hex);
	put_z(w, "@import.invalid>\n");
}

static size_t write_mail(const struct event *e, char *p)
{
	struct writer w = {p, 0};
	put_id(&w, e);
	date(&w, "Received: from log by import; ", e->at);
	date(&w, "Date: ", e->at);
	put_z(&w, "From: MAILER-DAEMON\nSubject: Undelivered mail\n"
		  "MIME-Version: 1.0\n"
		  "Content-Type: multipart/report; boundary=\"=_event\"\n\n"
		  "--=_event\n");
	if (e->kind == EVENT_KIND_COMPLAINT)
		put_complaint(&w, e);
	else
		put_report(&w, e);
	put_z(&w, "\n--=_event\nContent-Type: text/rfc822-headers\n\n");
	field(&w, "Message-ID: ", e->message_id);
	date(&w, "Date: ", e->sent_at);
	put_z(&w, "\n--=_event--\n");
	return w.n;
}

int event_take(struct import *i, const struct event *e, uint64_t line)
{
	char mail[MAIL_MAX + 16], source[256];
	struct ingest_mail m = {
		.account = "", .source = source, .origin = ORIGIN_SIGNED};

	if (e->kind == EVENT_KIND_NONE) {
		i->passed++;
		return 0;
	}
	(void)snprintf(
		source, sizeof(source), "%.200s:%" PRIu64, i->name, line);
	m.bytes = str_of(mail, write_mail(e, mail));
	m.received_at = e->at;
	m.stream = e->stream.n ? e->stream : str_from(i->stream);
	i->taken++;
	return intake_take(&i->in, &m);
}
