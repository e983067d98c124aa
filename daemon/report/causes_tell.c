/*
 * The sentences: what was counted, and what to do. Each cause names the facts
 * that speak for it, in order; a fact that is not there says nothing.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "causes_private.h"
#include "when.h"

#define SENTENCE 400
#define FACTS    7

/* --- sentences ------------------------------------------------------------ */

static struct str __attribute__((format(printf, 2, 0)))
print(struct arena *a, const char *format, va_list args)
{
	char text[SENTENCE];
	int n = vsnprintf(text, sizeof(text), format, args);

	if (n < 0)
		return STR_NULL;
	return arena_dup(
		a, str_of(text, (size_t)n < sizeof(text) ? (size_t)n
							 : sizeof(text) - 1));
}

void causes_say(struct cause_telling *t, const char *format, ...)
{
	struct cause_answer *out = t->out;
	va_list args;
	struct str s;

	if (out->evidence_n == REPORT_EVIDENCE)
		return;
	va_start(args, format);
	s = print(t->arena, format, args);
	va_end(args);
	if (s.n)
		out->evidence[out->evidence_n++] = s;
}

static void act(struct cause_telling *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void act(struct cause_telling *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	t->out->action = print(t->arena, format, args);
	va_end(args);
}

static int percent(double part)
{
	return (int)(part * 100 + 0.5);
}

/* "412 of 450 addresses" is what most of them begin with. */
static double now(const struct cause_telling *t, enum cause_count c)
{
	return t->f->now[c];
}

#define OF_ALL(t, c) now(t, c), now(t, COUNT_ALL)

/* --- facts ---------------------------------------------------------------- */

static void say_new(struct cause_telling *t)
{
	if (cause_logs_tell(t->f) && now(t, COUNT_NEW) >= 1)
		causes_say(t,
			"%.0f of %.0f addresses were not mailed before this "
			"week (the send logs reach back %d days).",
			now(t, COUNT_NEW), now(t, COUNT_LOGGED),
			t->f->log_days);
}

static void say_old(struct cause_telling *t)
{
	if (cause_logs_tell(t->f))
		causes_say(t,
			"%.0f of %.0f addresses had not been mailed for 150 "
			"days or more, %.0f never in the %d days of the send "
			"logs.",
			now(t, COUNT_OLD), now(t, COUNT_LOGGED),
			now(t, COUNT_NEW), t->f->log_days);
	else if (now(t, COUNT_STALE) >= 1)
		causes_say(t,
			"Of %.0f of %.0f addresses the last sign is older than "
			"150 days.",
			OF_ALL(t, COUNT_STALE));
}

static void say_mailed_lately(struct cause_telling *t)
{
	double n = now(t, COUNT_LOGGED) - now(t, COUNT_NEW) - now(t, COUNT_OLD);

	if (cause_logs_tell(t->f))
		causes_say(t,
			"%.0f of %.0f addresses had been mailed before, and "
			"lately.",
			n > 0 ? n : 0, now(t, COUNT_LOGGED));
}

static void say_alive(struct cause_telling *t)
{
	if (now(t, COUNT_OPENED) >= 1)
		causes_say(t,
			"%.0f of %.0f addresses opened or clicked in the 150 "
			"days before.",
			OF_ALL(t, COUNT_OPENED));
	else if (now(t, COUNT_ALIVE) >= 1)
		causes_say(t,
			"%.0f of %.0f addresses had shown life in the 150 days "
			"addresses.",
			OF_ALL(t, COUNT_ALIVE));
}

static void say_unheard(struct cause_telling *t)
{
	double n = now(t, COUNT_ALL) - now(t, COUNT_SEEN);

	if (!cause_logs_tell(t->f) && n >= 1)
		causes_say(t,
			"Nothing ever came before of %.0f of the %.0f "
			"addresses.",
			n, now(t, COUNT_ALL));
}

static void say_domains(struct cause_telling *t)
{
	const struct cause_top *d = &t->f->domain;

	if (d->names > 1)
		causes_say(t,
			"They lie in %u domains; %.0f of %.0f in the "
			"largest, " STR_FMT ".",
			d->names, d->n, now(t, COUNT_ALL), STR_ARG(d->name));
}

static void say_stream(struct cause_telling *t)
{
	const struct cause_top *s = &t->f->stream;

	if (s->name.n && s->part >= 0.4)
		causes_say(t,
			"%.0f of %.0f came of the stream " STR_FMT
			", which usually has %.0f of them.",
			s->n, now(t, COUNT_ALL), STR_ARG(s->name), s->usual);
}

static void say_provider(struct cause_telling *t)
{
	const struct cause_top *p = &t->f->provider;

	if (p->name.n)
		causes_say(t,
			"%.0f of %.0f were answered by " STR_FMT
			", of %u providers; %.0f is usual.",
			p->n, now(t, COUNT_ALL), STR_ARG(p->name), p->names,
			p->usual);
}

static void say_sudden(struct cause_telling *t)
{
	char at[WHEN_SIZE];

	if (t->f->in_6_hours >= 0.5)
		causes_say(t, "%d %% came within 6 hours, from %s on.",
			percent(t->f->in_6_hours),
			when_format(t->f->busiest_at, at));
	else if (t->f->in_24_hours >= 0.6)
		causes_say(t, "%d %% came within 24 hours.",
			percent(t->f->in_24_hours));
}

static void say_spread(struct cause_telling *t)
{
	if (t->f->in_24_hours < 0.6)
		causes_say(t,
			"They came through the week, not more than %d %% "
			"within "
			"24 hours.",
			percent(t->f->in_24_hours));
}

static void say_reasons(struct cause_telling *t)
{
	causes_say(t,
		"%.0f of %.0f say no such user, %.0f disabled, %.0f no such "
		"domain or no mail there, %.0f refused the sender or the "
		"message.",
		OF_ALL(t, COUNT_UNKNOWN), now(t, COUNT_DISABLED),
		now(t, COUNT_DOMAIN), now(t, COUNT_BLOCK));
}

static void say_blocks(struct cause_telling *t)
{
	causes_say(t,
		"%.0f of %.0f were refused for the sender or the message, %.0f "
		"for mailing too fast; %.0f say that there is no such user.",
		OF_ALL(t, COUNT_BLOCK), now(t, COUNT_LIMITED),
		now(t, COUNT_UNKNOWN));
}

static void say_dirt(struct cause_telling *t)
{
	causes_say(t,
		"Of %.0f addresses %.0f are at domains that look mistyped, "
		"%.0f look like keys hit at random, %.0f cannot be addresses.",
		now(t, COUNT_ALL), now(t, COUNT_TYPO), now(t, COUNT_JUNK),
		now(t, COUNT_MALFORMED));
}

static void say_forwarded(struct cause_telling *t)
{
	causes_say(t,
		"Of %.0f of %.0f another address than the one mailed refused: "
		"they are forwarded.",
		OF_ALL(t, COUNT_FORWARDED));
}

static void say_domain(struct cause_telling *t)
{
	const struct cause_features *f = t->f;

	causes_say(t,
		"%.0f of %.0f are at " STR_FMT
		", which usually has %.0f of them.",
		f->domain.n, now(t, COUNT_ALL), STR_ARG(f->domain.name),
		f->domain.usual);
	if (f->domain_sent > 0)
		causes_say(t,
			"%" PRId64 " addresses there bounced; %" PRId64
			" mails were sent there.",
			f->domain_bounced, f->domain_sent);
	else if (f->domain_known > 0)
		causes_say(t,
			"%" PRId64 " of %" PRId64
			" addresses that are known there bounced, and %s was "
			"delivered or answered.",
			f->domain_bounced, f->domain_known,
			f->domain_lived ? "some mail" : "nothing");
}

static void say_dns(struct cause_telling *t)
{
	if (t->f->dns_says.n)
		causes_say(t, "DNS says: " STR_FMT " " STR_FMT ".",
			STR_ARG(t->f->domain.name), STR_ARG(t->f->dns_says));
}

static void say_incident(struct cause_telling *t)
{
	if (t->f->incident)
		causes_say(t,
			"%.0f of %.0f lie in incident %" PRId64
			" of the guard.",
			now(t, COUNT_HELD), now(t, COUNT_ALL), t->f->incident);
}

static void say_sample(struct cause_telling *t)
{
	if (t->f->sample_part < 1)
		causes_say(t,
			"Counted are %.0f addresses, an even sample of about "
			"%.0f.",
			now(t, COUNT_ALL),
			now(t, COUNT_ALL) / t->f->sample_part);
}

/* --- what to do ----------------------------------------------------------- */

static void act_unclear(struct cause_telling *t)
{
	static const char *const by[REPORT_BYS] = {
		"reason", NULL, "domain", NULL};

	if (by[t->by])
		act(t,
			"Look at some of them: 'bouncewatch export csv "
			"--%s=" STR_FMT
			"', then 'bouncewatch explain ADDRESS'.",
			by[t->by], STR_ARG(t->name));
	else
		act(t, "Look at some of them: 'bouncewatch explain ADDRESS' "
		       "shows what the servers said.");
}

static void act_bad_import(struct cause_telling *t)
{
	struct str s = t->f->stream.name;

	act(t,
		"Find out who loaded these addresses and from where, and stop "
		"mailing that list (stream " STR_FMT "): take out all of it, "
		"not only what bounced, unless each of them asked for your "
		"mail. 'bouncewatch check --csv=COLUMN FILE' filters a file "
		"before it is mailed.",
		STR_ARG(s.n ? s : str_from("unknown")));
}

static void act_broken_form(struct cause_telling *t)
{
	struct str s = t->f->stream.name;

	act(t,
		"Look at the form that feeds the stream " STR_FMT
		": let it check the address and ask for a confirmation, and "
		"keep bots out. 'bouncewatch report --typos=csv' lists what "
		"was "
		"most likely meant.",
		STR_ARG(s.n ? s : str_from("unknown")));
}

static void act_domain_gone(struct cause_telling *t)
{
	act(t,
		"Ask whether the company has another domain now; if not, take "
		"its addresses off the list: 'bouncewatch export csv "
		"--domain=" STR_FMT "'. If its server only failed: "
		"'bouncewatch incident mark --domain=" STR_FMT "'.",
		STR_ARG(t->f->domain.name), STR_ARG(t->f->domain.name));
}

static void act_incident(struct cause_telling *t)
{
	if (t->f->incident)
		act(t,
			"Nothing has to be taken off: 'bouncewatch incident "
			"show %" PRId64 "' tells what is held. When the "
			"provider says that it is over: 'bouncewatch incident "
			"release %" PRId64 "'.",
			t->f->incident, t->f->incident);
	else
		act(t,
			"Do not take these addresses off. Look at the "
			"provider's status page; if it had a bad day: "
			"'bouncewatch incident mark --provider=" STR_FMT
			" --from=TIME --to=TIME' holds them, and releases what "
			"was suppressed.",
			STR_ARG(t->f->provider.name));
}

static void act_reputation(struct cause_telling *t)
{
	struct str p = t->f->provider.name;

	act(t,
		"The addresses are fine: mend the sender before the next "
		"mailing. Check SPF, DKIM and DMARC, block lists, and what was "
		"different in this mailing%s" STR_FMT
		"; mail less and slower until it is accepted again.",
		p.n && t->f->provider.part >= 0.6 ? "; ask at the postmaster "
						    "pages of "
						  : "",
		STR_ARG(p.n && t->f->provider.part >= 0.6 ? p : STR_NULL));
}

static void act_forwarding(struct cause_telling *t)
{
	const struct cause_top *d = &t->f->domain;

	act(t,
		"The addresses that you mail may be fine; where they forward "
		"to is not. Ask these people for another address, or the "
		"postmaster%s" STR_FMT
		" to mend the forwarding (SRS, ARC). Sign with DKIM: it "
		"survives being forwarded, SPF does not.",
		d->part >= 0.5 && !t->f->is_provider ? " of " : "",
		STR_ARG(d->part >= 0.5 && !t->f->is_provider ? d->name
							     : STR_NULL));
}

static void act_list_age(struct cause_telling *t)
{
	struct str s = t->f->stream.name;

	act(t,
		"Stop mailing this old part of the list at once "
		"(stream " STR_FMT
		"). Mail first those who opened in the last year, in "
		"small parts; ask the others once, and drop who does not "
		"answer.",
		STR_ARG(s.n && t->f->stream.part >= 0.4 ? s : str_from("any")));
}

typedef void tell_fn(struct cause_telling *t);

static const struct tell_row {
	tell_fn *facts[FACTS];
	tell_fn *act;
} rows[CAUSES] = {
	[CAUSE_UNCLEAR] = {{say_reasons, say_domains, say_stream, say_new,
				   say_sudden},
			   act_unclear    },
	[CAUSE_BAD_IMPORT] = {{say_new, say_unheard, say_domains, say_stream,
				      say_sudden, say_reasons},
			   act_bad_import },
	[CAUSE_BROKEN_FORM] = {{say_dirt, say_new, say_stream, say_spread},
			   act_broken_form},
	[CAUSE_DOMAIN_GONE] = {{say_domain, say_new, say_dns, say_reasons},
			   act_domain_gone},
	[CAUSE_PROVIDER_INCIDENT] = {{say_provider, say_mailed_lately,
					     say_alive, say_sudden,
					     say_incident},
			   act_incident   },
	[CAUSE_REPUTATION] = {{say_blocks, say_provider, say_stream,
				      say_mailed_lately},
			   act_reputation },
	[CAUSE_FORWARDING] = {{say_forwarded, say_domains, say_reasons},
			   act_forwarding },
	[CAUSE_LIST_AGE] = {{say_old, say_reasons, say_domains, say_stream},
			   act_list_age   },
};

void causes_tell(struct cause_telling *t)
{
	const struct tell_row *row = &rows[t->out->cause];

	say_sample(t);
	for (int i = 0; i < FACTS && row->facts[i]; i++)
		row->facts[i](t);
	row->act(t);
}
