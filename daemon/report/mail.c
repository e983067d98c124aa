/* A subject that says whether the rest need be read. */
#include "mail.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "post.h"
#include "utf8.h"
#include "words.h"

#define DAY 86400
/* In quoted-printable '=' is followed by two digits or the end of the line, so
 * this stands in no part. */
#define BOUNDARY "=_bouncewatch_report"

static const struct {
	const char *suffix;
	void (*write)(const struct report *r, struct out *o);
} forms[REPORT_FORMS] = {
	[REPORT_TEXT] = {"txt",   report_text },
	[REPORT_HTML] = {"html",  report_html },
	[REPORT_JSONL] = {"jsonl", report_jsonl},
};

const char *report_form_suffix(enum report_form form)
{
	return forms[form].suffix;
}

void report_form_write(
	enum report_form form, const struct report *r, struct out *o)
{
	forms[form].write(r, o);
}

/* --- the subject --- */

static void put_day(int64_t at, char *buf, size_t size)
{
	time_t t = (time_t)at;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(buf, size, "%-d %b %Y", &tm))
		buf[0] = '\0';
}

static void when(const struct report *r, char *buf, size_t size)
{
	char from[32], to[32];

	put_day(r->from, from, sizeof(from));
	put_day(r->to - 1, to, sizeof(to));
	if (r->days == 7)
		snprintf(buf, size, "week of %s", from);
	else if (r->days == 1)
		snprintf(buf, size, "%s", from);
	else
		snprintf(buf, size, "%s to %s", from, to);
}

static int64_t events(const struct report *r)
{
	int64_t n = 0;

	for (int c = 0; c < CLASS_COUNT; c++)
		n += r->periods[0][c];
	return n;
}

/* The gravest class that rose, or NONE. */
static enum verdict_class risen(const struct report *r)
{
	static const enum verdict_class order[] = {
		CLASS_HARD, CLASS_COMPLAINT, CLASS_BLOCK, CLASS_SOFT};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (report_numbers_class_is_more(r, order[i]))
			return order[i];
	return CLASS_NONE;
}

/* The rate of that tone, if there is one. */
static bool put_rate(
	const struct report *r, enum document_tone tone, char *buf, size_t size)
{
	bool now =
		report_rate_is_known(r) && words_rate_tone(r, &r->rate) == tone;
	bool before = !now && words_before_tone(r) == tone;
	const struct report_rate *rate = now ? &r->rate : &r->rate_before;

	if (!now && !before)
		return false;
	snprintf(buf, size, "bounce rate %.1f %%%s%s%s",
		100 * (double)rate->hard / (double)rate->sent,
		before ? " in the " : "", before ? words_period(r) : "",
		before ? " before" : "");
	return true;
}

static void what(const struct report *r, char *buf, size_t size)
{
	struct str name =
		r->spikes_n ? utf8_cut(r->spikes[0].name, 60) : STR_NULL;

	if (r->spikes_n)
		snprintf(buf, size, "%zu spike%s (" STR_FMT "%s)", r->spikes_n,
			r->spikes_n == 1 ? "" : "s", STR_ARG(name),
			r->spikes_n == 1 ? "" : ", ...");
	else if (put_rate(r, TONE_BAD, buf, size))
		;
	else if (!events(r))
		snprintf(buf, size, "nothing came in");
	else if (risen(r) != CLASS_NONE)
		snprintf(buf, size, "more %s bounces than usual",
			class_word(risen(r)));
	else if (put_rate(r, TONE_WARN, buf, size))
		;
	else
		snprintf(buf, size, "nothing unusual");
}

const char *report_mail_subject(
	const struct report *r, char buf[REPORT_SUBJECT])
{
	char says[160], of[64];

	what(r, says, sizeof(says));
	when(r, of, sizeof(of));
	snprintf(buf, REPORT_SUBJECT, "bouncewatch: %s, %s", says, of);
	return buf;
}

/* --- the mail --- */

static int put_part(
	struct out *o, enum report_form form, const struct report *r)
{
	struct out *part = post_memory_open();
	struct str s;

	if (!part)
		return -1;
	report_form_write(form, r, part);
	if (post_memory_close(part, &s))
		return -1;
	out_printf(o,
		"\n--" BOUNDARY "\n"
		"Content-Type: text/%s; charset=utf-8\n"
		"Content-Transfer-Encoding: quoted-printable\n\n",
		form == REPORT_HTML ? "html" : "plain");
	post_quoted(o, s);
	free((char *)s.p);
	return 0;
}

int report_mail_write(
	const struct report *r, const struct report_letter *l, struct out *o)
{
	char subject[REPORT_SUBJECT];
	struct post_head h = {
		.to = l->to,
		.from = l->from,
		.subject = report_mail_subject(r, subject),
		.id = l->id,
		.kind = "report",
		.now = r->now,
	};

	post_head(o, &h);
	out_z(o, "Content-Type: multipart/alternative;\n"
		 "\tboundary=\"" BOUNDARY "\"\n");
	/* The last is the one that readers prefer. */
	if (put_part(o, REPORT_TEXT, r) || put_part(o, REPORT_HTML, r))
		return -1;
	out_z(o, "\n--" BOUNDARY "--\n");
	return 0;
}

int report_slurp(enum report_form form, const struct report *r,
	const struct report_letter *l, struct str *out)
{
	struct out *o = post_memory_open();
	int rc;

	if (!o)
		return -1;
	if (form != REPORT_MAIL) {
		report_form_write(form, r, o);
		return post_memory_close(o, out);
	}
	rc = report_mail_write(r, l, o);
	if (post_memory_close(o, out))
		return -1;
	if (rc)
		free((char *)out->p);
	return rc;
}
