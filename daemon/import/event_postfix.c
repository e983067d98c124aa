/*
 * Delivery lines of Postfix as syslog and journald write them:
 *
 *	Nov 23 08:00:01 mx postfix/smtp[71]: 4Xyz: to=<a@b.example>,
 *	 orig_to=<c@d.example>, relay=mx.b.example[192.0.2.1]:25, delay=1,
 *	 delays=0/0/1/0, dsn=5.1.1, status=bounced (host mx.b.example[192.0.2.1]
 *	 said: 550 5.1.1 ... (in reply to RCPT TO command))
 */
#include <string.h>
#include <time.h>

#include "event.h"

#define DAY 86400

/* "Nov 23 08:00:01": the year is the latest that is not in the future. */
static bool traditional_time(struct str s, int64_t now, int64_t *at)
{
	time_t t = (time_t)now;
	struct tm today, tm = {.tm_isdst = 0};
	char z[16];

	if (s.n < 15 || !gmtime_r(&t, &today))
		return false;
	memcpy(z, s.p, 15);
	z[15] = '\0';
	if (!strptime(z, "%b %d %H:%M:%S", &tm))
		return false;
	tm.tm_year = today.tm_year + 1;
	do {
		tm.tm_year--;
		*at = (int64_t)timegm(&tm);
	} while (*at > now + DAY);
	return true;
}

/* "2026-11-23T08:00:01.123456+01:00" without its fraction. */
static bool modern_time(struct str s, int64_t *at)
{
	char z[48];
	size_t n = 0, i = 0, end = str_chr(s, ' ');

	if (end >= sizeof(z))
		return false;
	for (; i < end && s.p[i] != '.'; i++)
		z[n++] = s.p[i];
	for (i += i < end; i < end && ascii_is_digit((unsigned char)s.p[i]);)
		i++;
	for (; i < end; i++)
		z[n++] = s.p[i];
	return import_time(str_of(z, n), at);
}

static bool line_time(struct str line, int64_t now, int64_t *at)
{
	return line.n && ascii_is_digit((unsigned char)line.p[0])
		       ? modern_time(line, at)
		       : traditional_time(line, now, at);
}

/* What stands behind ", name=" up to the next ", "; absent: it is not there. */
static struct str value(struct str s, const char *name)
{
	size_t at = str_ifind(s, name);

	if (at == s.n)
		return STR_NULL;
	s = str_sub(s, at + strlen(name), s.n);
	return str_sub(s, 0, str_find(s, (struct str)STR(", ")));
}

static struct str in_brackets(struct str s)
{
	if (s.n < 2 || s.p[0] != '<' || s.p[s.n - 1] != '>')
		return STR_NULL;
	return str_sub(s, 1, s.n - 2);
}

/* "host mx[192.0.2.1] said: 550 ... (in reply to RCPT TO command)" as it is:
 * the rules know its words. */
static struct str said(struct str s)
{
	size_t open = str_find(s, (struct str)STR(" ("));

	s = str_sub(s, open + 2, s.n);
	return s.n && s.p[s.n - 1] == ')' ? str_sub(s, 0, s.n - 1) : s;
}

static bool is_delivery(struct str line, struct str *rest)
{
	static const struct str daemon = STR(" postfix"), end = STR("]: "),
				to = STR(": to=<");
	size_t at = str_find(line, daemon);

	*rest = str_sub(line, at, line.n);
	if (!rest->n || str_find(*rest, end) == rest->n)
		return false;
	*rest = str_sub(*rest, str_find(*rest, end), rest->n);
	at = str_find(*rest, to);
	*rest = str_sub(*rest, at + 2, rest->n);
	return rest->n > 0;
}

enum event_log event_postfix(struct str line, int64_t now, struct event *e)
{
	static const struct str status_head = STR(", status=");
	struct str rest, status, relay;

	*e = (struct event){.kind = EVENT_KIND_FAILED};
	if (!is_delivery(line, &rest))
		return EVENT_LOG_OTHER;
	status = str_sub(rest, str_find(rest, status_head), rest.n);
	if (!status.n || !line_time(line, now, &e->at))
		return EVENT_LOG_BAD;
	/* What a server said may hold anything: it is not looked into. */
	rest = str_sub(rest, 0, rest.n - status.n);
	status = str_sub(status, status_head.n, status.n);
	if (!str_istarts(status, "bounced"))
		return EVENT_LOG_PASSED;
	e->recipient = in_brackets(value(rest, "to="));
	e->original_recipient = in_brackets(value(rest, ", orig_to="));
	e->status = value(rest, ", dsn=");
	relay = value(rest, ", relay=");
	if (!str_ieqz(relay, "none"))
		e->remote_mta = str_sub(relay, 0, str_chr(relay, '['));
	e->diagnostic = said(status);
	return e->recipient.n ? EVENT_LOG_EVENT : EVENT_LOG_BAD;
}
