/*
 * The causes of the spikes of a report: asks, weighs and writes down.
 */
#include <string.h>

#include "query_known.h"
#include "report/causes.h"
#include "report/features.h"
#include "report/typo_guess.h"

#define DAY       86400
#define INCIDENTS 64 /* the latest of that time */

struct incidents {
	const struct report *r;
	struct arena *arena;
	struct features_incident v[INCIDENTS];
	size_t n;
};

/* What was no incident in the end is none here. */
static bool counts(const struct ledger_incident *i, const struct report *r)
{
	return (i->kind == INCIDENT_PROVIDER || i->kind == INCIDENT_DOMAIN) &&
	       i->state != INCIDENT_IMPORT && i->state != INCIDENT_CONFIRMED &&
	       i->from < r->to && (!i->to || i->to > r->from);
}

static int one_incident(void *arg, const struct query_incident *i)
{
	struct incidents *w = arg;

	if (counts(&i->i, w->r) && w->n < INCIDENTS)
		w->v[w->n++] = (struct features_incident){
			.id = i->i.id,
			.by_domain = i->i.kind == INCIDENT_DOMAIN,
			.name = arena_dup(w->arena, i->i.name),
			.from = i->i.from,
			.to = i->i.to,
		};
	return 0;
}

static void ask_dns(const struct report *r, struct cause_features *f)
{
	for (size_t i = 0; i < r->facts_n; i++)
		if (str_eq(r->facts[i].domain, f->domain.name)) {
			f->dns_says = r->facts[i].fact;
			f->dns = r->facts[i].takes_no_mail
					 ? CAUSE_DNS_NO_MAIL
					 : CAUSE_DNS_TAKES_MAIL;
		}
}

static void write_down(struct report *r, struct report_spike *s,
	struct cause_features *f, struct arena *a)
{
	struct cause_answer answer;

	ask_dns(r, f);
	causes_answer(f, s->by, s->name, a, &answer);
	s->cause = answer.cause;
	s->certainty = answer.certainty;
	s->action = answer.action;
	memcpy(s->evidence, answer.evidence, sizeof(s->evidence));
	s->evidence_n = answer.evidence_n;
}

/* By its name alone: of a spike it is asked how many look so, not which are. */
static bool is_typo(void *guess, struct str domain)
{
	struct typo_found found;

	return typo_guess_find(guess, domain, &found);
}

/* Of an incident with some of an import's or old addresses: what is wider than
 * the provider is no incident of it. */
static bool is_part(
	const struct report *r, const struct cause_features *f, size_t i)
{
	const struct cause_top *mine = &f[i].stream;

	for (size_t k = 0; k < i && mine->name.n && mine->part >= 0.5; k++)
		if ((r->spikes[k].cause == CAUSE_UNCLEAR ||
			    r->spikes[k].cause == CAUSE_BAD_IMPORT ||
			    r->spikes[k].cause == CAUSE_BROKEN_FORM ||
			    r->spikes[k].cause == CAUSE_LIST_AGE) &&
			f[k].stream.part >= 0.5 &&
			str_eq(f[k].stream.name, mine->name))
			return true;
	return false;
}

static int load(struct db *db, struct arena *a, struct report *r,
	const struct incidents *w, struct typo_guess *guess)
{
	struct cause_features f[REPORT_SPIKES];
	const struct features_ask ask = {
		.from = r->from,
		.to = r->to,
		.required = r->required,
		.is_typo = guess ? is_typo : NULL,
		.arg = guess,
		.incidents = w->v,
		.incidents_n = w->n,
	};
	struct query_known known;
	int64_t days;

	if (query_known(db, &known) ||
		features_load(db, &ask, r->spikes, r->spikes_n, a, f))
		return -1;
	days = known.mailed_since ? r->from / DAY - known.mailed_since : 0;
	for (size_t i = 0; i < r->spikes_n; i++) {
		f[i].log_days = days > 0 ? (int)days : 0;
		f[i].opens_known = known.opens;
		f[i].beside_wider = is_part(r, f, i);
		write_down(r, &r->spikes[i], &f[i], a);
	}
	return 0;
}

int report_causes_load(struct db *db, struct arena *a, struct report *r)
{
	struct incidents w = {.r = r, .arena = a};
	struct typo_guess *guess;
	int rc;

	if (!r->spikes_n)
		return 0;
	if (query_incidents(db, 0, one_incident, &w))
		return -1;
	guess = typo_guess_new();
	if (guess && !typo_guess_ready(guess)) {
		typo_guess_free(guess);
		guess = NULL;
	}
	rc = load(db, a, r, &w, guess);
	typo_guess_free(guess);
	return rc;
}
