/*
 * How strongly the features speak for each cause. All are measured on what an
 * ordinary week does not have. A strength is a product: what a cause cannot be
 * without makes it 0 when it is missing, what only supports it moves it a
 * little. Bounds are ramps, so that one address more or less decides nothing.
 *
 * What keeps the likely mistakes apart:
 *  - a bad import and a provider's incident: new addresses against known ones.
 *    Without any sign of life (mailed lately, opened, replied) nothing is an
 *    incident, however much of it is at one provider;
 *  - a bad import and an old list: when they were mailed last;
 *  - a bad import and a broken form: typing errors and mashed keys;
 *  - an incident and a domain that is gone: whether the domain is a provider's.
 */
#include <stdarg.h>
#include <stdio.h>

#include "causes_private.h"

#define LEAST  0.3 /* below that nothing speaks for it */
#define CLEAR  0.7
#define MARGIN 0.2  /* above the next best, to be clear */
#define CLOSE  0.12 /* ... to be likely */
#define EXCESS 0.25 /* of a week above the usual: less tells nothing */
#define FEW    20   /* addresses above the usual that make nothing clear */
#define MANY   4    /* domains; more are many */

/* What send logs must reach back so that new and old are never mixed up. */
#define ENOUGH_DAYS 450
#define HALF_A_YEAR 180

double cause_excess(const struct cause_features *f, enum cause_count c)
{
	double n = f->now[c] - f->usual[c];

	return n > 0 ? n : 0;
}

static double limited(double x)
{
	return x < 0 ? 0 : x > 1 ? 1 : x;
}

double cause_part(const struct cause_features *f, enum cause_count c)
{
	double of = cause_excess(
		f, c == COUNT_NEW || c == COUNT_OLD ? COUNT_LOGGED : COUNT_ALL);

	return of > 0 ? limited(cause_excess(f, c) / of) : 0;
}

bool cause_logs_tell(const struct cause_features *f)
{
	return f->log_days >= CAUSE_DAYS &&
	       f->now[COUNT_LOGGED] >= 0.5 * f->now[COUNT_ALL];
}

double cause_dirt(const struct cause_features *f)
{
	return limited(cause_part(f, COUNT_TYPO) + cause_part(f, COUNT_JUNK) +
		       cause_part(f, COUNT_MALFORMED));
}

/* 0 up to a, 1 from b on, even between. */
static double ramp(double x, double a, double b)
{
	return limited((x - a) / (b - a));
}

/* --- what several ask ----------------------------------------------------- */

/* No such address, or no such domain. */
static double gone(const struct cause_features *f)
{
	return limited(
		cause_part(f, COUNT_UNKNOWN) + cause_part(f, COUNT_DISABLED) +
		cause_part(f, COUNT_DOMAIN) + cause_part(f, COUNT_INVALID));
}

static double blocked(const struct cause_features *f)
{
	return limited(
		cause_part(f, COUNT_BLOCK) + cause_part(f, COUNT_LIMITED));
}

/* Signs of life of those who bounced: 0 to 1. With logs: that they were mailed
 * before, and lately; else that they opened, or that something else came. */
static double alive(const struct cause_features *f)
{
	double opened = cause_part(f, COUNT_OPENED) / 0.35;

	if (cause_logs_tell(f))
		return limited(1 - cause_part(f, COUNT_NEW) -
			       cause_part(f, COUNT_OLD));
	if (f->opens_known)
		return limited(opened);
	/* A provider fails in all streams, an import is in one. */
	if (f->stream.part < 0.6)
		return limited(cause_part(f, COUNT_ALIVE) / 0.25 + 0.5);
	return limited(cause_part(f, COUNT_ALIVE) / 0.25);
}

/* Nothing was ever known of them: 0 to 1. */
static double strangers(const struct cause_features *f)
{
	if (cause_logs_tell(f))
		return cause_part(f, COUNT_NEW);
	return limited(1 - alive(f) - cause_part(f, COUNT_STALE) / 0.15);
}

/* What old addresses have beside their age: many disabled, signs of life that
 * are long ago. */
static double old_signs(const struct cause_features *f)
{
	return 0.6 * ramp(cause_part(f, COUNT_STALE), 0.04, 0.12) +
	       0.4 * ramp(cause_part(f, COUNT_DISABLED), 0.1, 0.2);
}

/* Not mailed for long. */
static double aged(const struct cause_features *f)
{
	double old = old_signs(f);

	if (!cause_logs_tell(f)) /* old ones are at all providers */
		return 0.75 * old *
		       (1 - 0.7 * ramp(f->provider.part, 0.7, 0.9));
	/* Those not mailed since the logs begin look like new ones. */
	if (f->log_days < ENOUGH_DAYS)
		old *= cause_part(f, COUNT_NEW);
	else
		old = 0;
	return limited(ramp(cause_part(f, COUNT_OLD), 0.15, 0.45) + old);
}

/* All of it in a stream that is new, as far as bounces tell. */
static double new_stream(const struct cause_features *f)
{
	return ramp(f->stream.part, 0.7, 0.9) *
	       (1 - ramp(f->stream.usual, 0.5, 2));
}

/* At one company's domain. */
static double one_domain(const struct cause_features *f)
{
	return f->is_provider ? 0 : ramp(f->domain.part, 0.45, 0.75);
}

static double or_less(double x, double less)
{
	return less + (1 - less) * x;
}

/* --- the causes ----------------------------------------------------------- */

static double weigh_bad_import(const struct cause_features *f)
{
	double many = f->is_provider || f->domain.names > MANY ? 1 : 0.3;

	/* That nothing is known of those at one provider does not say who is
	 * to blame. */
	if (!cause_logs_tell(f))
		many *= 0.7 - 0.5 * ramp(f->provider.part, 0.7, 0.9);

	return ramp(strangers(f), 0.35, 0.7) * ramp(gone(f), 0.4, 0.65) *
	       or_less(ramp(f->stream.part, 0.4, 0.7), 0.5) *
	       (1 - ramp(cause_dirt(f), 0.15, 0.35)) *
	       (1 - 0.8 * one_domain(f)) * many *
	       (1 - ramp(cause_part(f, COUNT_FORWARDED), 0.3, 0.6)) *
	       (1 - 0.6 * aged(f));
}

static double weigh_broken_form(const struct cause_features *f)
{
	double new = cause_logs_tell(f)
			     ? ramp(cause_part(f, COUNT_NEW), 0.2, 0.5)
			     : or_less(1 - alive(f), 0.3);

	return ramp(cause_dirt(f), 0.1, 0.3) * new;
}

static double weigh_domain_gone(const struct cause_features *f)
{
	double failing = limited(cause_part(f, COUNT_DOMAIN) +
				 cause_part(f, COUNT_TROUBLE) +
				 0.7 * cause_part(f, COUNT_UNKNOWN)),
	       all = 0.85;

	if (f->domain_sent > 0)
		all = ramp((double)f->domain_bounced / (double)f->domain_sent,
			0.3, 0.7);
	if (f->domain_lived)
		all *= 0.6;
	if (f->dns == CAUSE_DNS_NO_MAIL)
		all = 1;
	else if (f->dns == CAUSE_DNS_TAKES_MAIL)
		all *= 0.7;
	/* What looks mistyped never was anybody's domain. */
	return one_domain(f) * ramp(failing, 0.35, 0.65) * all *
	       (1 - 0.7 * ramp(cause_part(f, COUNT_TYPO), 0.3, 0.6)) *
	       (1 - ramp(cause_part(f, COUNT_FORWARDED), 0.3, 0.6));
}

static double weigh_incident(const struct cause_features *f)
{
	double refused = limited(gone(f) + cause_part(f, COUNT_TROUBLE));

	if (f->beside_wider)
		return 0;
	return ramp(f->provider.part, 0.6, 0.85) * ramp(alive(f), 0.35, 0.7) *
	       ramp(refused, 0.5, 0.75) *
	       (1 - ramp(cause_part(f, COUNT_DOMAIN), 0.3, 0.6)) *
	       (f->is_provider ? 1 : 1 - ramp(f->domain.part, 0.5, 0.8)) *
	       or_less(ramp(f->in_24_hours, 0.4, 0.8), 0.4) *
	       or_less(f->incident || f->now[COUNT_HELD] > 0, 0.85) *
	       (cause_logs_tell(f) ? 1 : 1 - 0.8 * new_stream(f)) *
	       (1 - ramp(cause_part(f, COUNT_FORWARDED), 0.3, 0.6));
}

static double weigh_reputation(const struct cause_features *f)
{
	return ramp(blocked(f), 0.35, 0.65) *
	       (1 - ramp(cause_part(f, COUNT_FORWARDED), 0.3, 0.6));
}

static double weigh_forwarding(const struct cause_features *f)
{
	return ramp(cause_part(f, COUNT_FORWARDED), 0.3, 0.6);
}

static double weigh_list_age(const struct cause_features *f)
{
	return aged(f) * ramp(gone(f), 0.4, 0.65) * (1 - 0.8 * one_domain(f)) *
	       (1 - ramp(cause_dirt(f), 0.15, 0.35)) *
	       (1 - ramp(cause_part(f, COUNT_FORWARDED), 0.3, 0.6));
}

static const struct cause_row {
	const char *text;
	double (*weigh)(const struct cause_features *f);
} rows[CAUSES] = {
	[CAUSE_UNCLEAR] = {"unclear",               NULL             },
	[CAUSE_BAD_IMPORT] = {"a bad import",          weigh_bad_import },
	[CAUSE_BROKEN_FORM] = {"a broken form",         weigh_broken_form},
	[CAUSE_DOMAIN_GONE] = {"a domain that is gone", weigh_domain_gone},
	[CAUSE_PROVIDER_INCIDENT] = {"a provider's incident", weigh_incident   },
	[CAUSE_REPUTATION] = {"our reputation",        weigh_reputation },
	[CAUSE_FORWARDING] = {"forwarding",            weigh_forwarding },
	[CAUSE_LIST_AGE] = {"the age of the list",   weigh_list_age   },
};

const char *report_causes_text(enum report_cause c)
{
	return rows[c].text;
}

void causes_weigh(const struct cause_features *f, double strengths[CAUSES])
{
	bool tells = cause_excess(f, COUNT_ALL) > EXCESS * f->now[COUNT_ALL];

	for (int c = 0; c < CAUSES; c++)
		strengths[c] = tells && rows[c].weigh ? rows[c].weigh(f) : 0;
}

/* --- the answer ----------------------------------------------------------- */

static enum report_cause best(const double s[CAUSES], enum report_cause but_for)
{
	enum report_cause b = CAUSE_UNCLEAR;

	for (int c = CAUSE_UNCLEAR + 1; c < CAUSES; c++)
		if (c != (int)but_for && s[c] > s[b])
			b = (enum report_cause)c;
	return b;
}

/* Who answers "no such user" is there: that a domain is gone must then be told
 * by people that were known there. */
static bool is_of_strangers(const struct cause_features *f)
{
	if (f->dns == CAUSE_DNS_NO_MAIL ||
		cause_part(f, COUNT_UNKNOWN) + cause_part(f, COUNT_INVALID) <
			0.5)
		return false;
	if (cause_logs_tell(f))
		return cause_part(f, COUNT_NEW) > 0.5;
	return f->now[COUNT_SEEN] < 0.1 * f->now[COUNT_ALL] && !f->domain_lived;
}

/* How sure it is, and why it is not surer. */
static void judge(struct cause_telling *t, enum report_cause next)
{
	const struct cause_features *f = t->f;
	struct cause_answer *out = t->out;
	bool by_logs = out->cause == CAUSE_BAD_IMPORT ||
		       out->cause == CAUSE_LIST_AGE ||
		       out->cause == CAUSE_PROVIDER_INCIDENT;

	out->certainty = CERTAINTY_THIN;
	if (cause_excess(f, COUNT_ALL) < FEW)
		causes_say(t,
			"This is thin: only %.0f addresses more than usual.",
			cause_excess(f, COUNT_ALL));
	else if (out->strength - out->second < CLOSE)
		causes_say(t, "This is thin: %s would look much the same.",
			rows[next].text);
	else if (by_logs && !cause_logs_tell(f))
		causes_say(t,
			"This is thin: no send log tells when these addresses "
			"were mailed before ('import sent' with recipients).");
	else if (out->cause == CAUSE_DOMAIN_GONE && is_of_strangers(f))
		causes_say(t,
			"This is thin: who says \"no such user\" is there, and "
			"%s; guessed or bought addresses would look the same.",
			cause_logs_tell(f)
				? "most of these were never mailed before"
				: "nothing is known of these from before");
	else if (out->cause == CAUSE_BAD_IMPORT && old_signs(f) > 0.15)
		causes_say(t,
			"This is thin: an old part of the list that was not "
			"mailed in those %d days would look much the same.",
			f->log_days);
	else if (out->strength < 0.5)
		causes_say(t, "This is thin: part of it does not fit.");
	else if (out->strength >= CLEAR &&
		 out->strength - out->second >= MARGIN &&
		 (out->cause != CAUSE_BAD_IMPORT || f->log_days >= HALF_A_YEAR))
		out->certainty = CERTAINTY_CLEAR;
	else
		out->certainty = CERTAINTY_LIKELY;
}

void causes_answer(const struct cause_features *f, enum report_by by,
	struct str name, struct arena *a, struct cause_answer *out)
{
	struct cause_telling t = {f, by, name, a, out};
	double s[CAUSES];
	enum report_cause next;

	*out = (struct cause_answer){.cause = CAUSE_UNCLEAR};
	causes_weigh(f, s);
	out->cause = best(s, CAUSE_UNCLEAR);
	next = best(s, out->cause);
	out->strength = s[out->cause];
	out->second = s[next];
	if (out->strength < LEAST)
		out->cause = CAUSE_UNCLEAR;
	causes_tell(&t);
	if (out->cause == CAUSE_UNCLEAR)
		causes_say(&t, "Nothing of this speaks clearly for a cause%s.",
			cause_logs_tell(f)
				? ""
				: "; send logs with recipients ('import sent') "
				  "would tell new addresses from old ones");
	if (out->cause != CAUSE_UNCLEAR)
		judge(&t, next);
}
