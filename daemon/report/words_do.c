/*
 * What to do, the greatest first. An item says how many it concerns, and what
 * to type where typing helps.
 */
#include "words.h"

static int64_t of_reason(const struct report *r, enum verdict_reason reason)
{
	struct str word = str_from(reason_word(reason));

	for (size_t i = 0; i < r->reasons.n; i++)
		if (r->reasons.rows[i].class == reason_class(reason) &&
			str_eq(r->reasons.rows[i].name, word))
			return r->reasons.rows[i].n;
	return 0;
}

/* --- nothing comes in --- */

static void start(const struct report *r, struct document *d)
{
	if (!r->totals.last_event_at) {
		document_item(d, TONE_WARN,
			"Start it: 'bouncewatch watch' follows the mailboxes "
			"of the configuration. Files are taken with:");
		document_command(d, "bouncewatch ingest FILE");
	} else if (!words_events(r)) {
		document_item(d, TONE_WARN,
			"If mail went out in this time, see that the watch "
			"runs:");
		document_command(d, "bouncewatch status");
	}
}

static void mend(const struct report *r, struct document *d)
{
	bool any = false;

	for (size_t i = 0; i < r->troubles_n; i++) {
		const struct query_trouble *t = &r->troubles[i];

		if (t->ended_at)
			continue;
		document_item(d, TONE_BAD, STR_FMT " fails: " STR_FMT,
			STR_ARG(t->what), STR_ARG(t->detail));
		any = true;
	}
	if (any)
		document_command(d, "bouncewatch status");
}

/* --- spikes, rates, incidents --- */

static void answer_spikes(const struct report *r, struct document *d)
{
	for (size_t i = 0; i < r->spikes_n; i++) {
		const struct report_spike *s = &r->spikes[i];

		if (s->action.n)
			document_item(d, TONE_BAD, "%s: " STR_FMT,
				words_series(d, s->by, s->name),
				STR_ARG(s->action));
	}
}

/* A rate without what lies in an incident of a provider or domain: addresses
 * that are fine, and nothing to clean. */
static struct report_rate without_incidents(const struct report_rate *rate)
{
	return (struct report_rate){
		rate->sent, rate->hard - rate->of_incidents, 0};
}

static const char *but_for(const struct report_rate *rate)
{
	return rate->of_incidents ? ", without those of an incident" : "";
}

/* A spike of an incident that the guard has not seen: what to do is said with
 * the spike. */
static bool is_incident(
	const struct report *r, enum report_by by, struct str name)
{
	for (size_t i = 0; i < r->spikes_n; i++) {
		const struct report_spike *s = &r->spikes[i];

		if (s->cause == CAUSE_PROVIDER_INCIDENT && s->by == by &&
			str_eq(s->name, name))
			return true;
	}
	return false;
}

static void high_rates(const struct report *r, enum report_by by,
	const struct report_table *t, struct document *d)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct report_rate *all = &t->rows[i].rate;
		struct report_rate rate = without_incidents(all);
		enum document_tone tone = words_rate_tone(r, &rate);

		if (tone == TONE_GOOD || rate.hard < 10 ||
			(!all->of_incidents &&
				is_incident(r, by, t->rows[i].name)))
			continue;
		document_item(d, tone,
			"%s: %s of %s mails bounced hard, %s%s. Mail it less "
			"or not at all until you know where its addresses came "
			"from.",
			words_series(d, by, t->rows[i].name), NUMBER(rate.hard),
			NUMBER(rate.sent),
			words_percent(d, (double)rate.hard, (double)rate.sent),
			but_for(all));
	}
}

static void lower_rate(const struct report *r, const struct report_rate *all,
	const char *which, struct document *d)
{
	struct report_rate rate = without_incidents(all);
	enum document_tone tone = words_rate_tone(r, &rate);

	if (tone == TONE_GOOD)
		return;
	document_item(d, tone,
		"Of all mails %s, %s bounced hard%s (%s from %d %% on). "
		"Providers turn away who mails many dead addresses: clean the "
		"list before the next mailing.",
		which, words_percent(d, (double)rate.hard, (double)rate.sent),
		but_for(all), tone == TONE_BAD ? "alarm" : "warning",
		tone == TONE_BAD ? r->rate_bad : r->rate_warn);
}

/* Names that do not match: nobody finds that by himself. */
static void name_as_bounces_do(const struct report *r, struct document *d)
{
	bool by_stream = r->rate_stranger_by == REPORT_BY_STREAM;

	if (report_rate_is_known(r) || !r->rate_stranger.n)
		return;
	if (r->rate_stranger_days) {
		document_item(d, TONE_PLAIN,
			"Tell of each day how much was sent: of the %s '%.*s' "
			"days (of UTC) are missing.",
			by_stream ? "stream" : "provider",
			STR_ARG(r->rate_stranger));
		document_command(d, "bouncewatch import sent FILE");
		return;
	}
	document_item(d, TONE_PLAIN,
		"Tell how much was sent under the names that the bounces have: "
		"of the %s '%.*s' nothing is known. If it is told under "
		"another name%s%.*s%s, write that of the bounces into the "
		"column %s of what you import.",
		by_stream ? "stream" : "provider", STR_ARG(r->rate_stranger),
		r->rate_told.n ? " (there is '" : "", STR_ARG(r->rate_told),
		r->rate_told.n ? "')" : "", by_stream ? "stream" : "provider");
	document_command(d, "bouncewatch import sent FILE");
}

static void lower_rates(const struct report *r, struct document *d)
{
	if (report_rate_is_known(r))
		lower_rate(r, &r->rate,
			r->rate_untold ? "that are known of" : "sent", d);
	if (words_before_tone(r) != TONE_GOOD)
		lower_rate(r, &r->rate_before,
			document_format(
				d, "sent in the %s before", words_period(r)),
			d);
	name_as_bounces_do(r, d);
	high_rates(r, REPORT_BY_STREAM, &r->streams, d);
	high_rates(r, REPORT_BY_PROVIDER, &r->providers, d);
}

static void decide_incidents(const struct report *r, struct document *d)
{
	for (size_t i = 0; i < r->incidents_n; i++) {
		const struct report_incident *q = &r->incidents[i];

		if (!q->held)
			continue;
		document_item(d, TONE_WARN,
			"%s address%s of incident %s (%s) %s held: look at "
			"what the servers said, then confirm or release:",
			NUMBER(q->held), q->held == 1 ? "" : "es",
			NUMBER(q->id), words_bucket(d, q->kind, q->name),
			q->held == 1 ? "is" : "are");
		document_command(d, "bouncewatch incident show %s",
			document_format(d, "%lld", (long long)q->id));
	}
}

static void released_again(const struct report *r, struct document *d)
{
	const struct report_released *l = &r->released;

	if (!l->again)
		return;
	document_item(d, TONE_WARN,
		"%s released address%s bounced again: look at %s before the "
		"next release.",
		NUMBER(l->again), l->again == 1 ? "" : "es",
		l->again == 1 ? "it" : "some of them");
	if (l->examples_n && !memchr(l->examples[0].address.p, '\'',
				     l->examples[0].address.n))
		document_command(d, "bouncewatch explain '" STR_FMT "'",
			STR_ARG(l->examples[0].address));
}

/* --- by class --- */

static void ask_source(const struct report *r, struct document *d)
{
	int64_t n = of_reason(r, REASON_USER_UNKNOWN);

	if (r->spikes_n || !n || !report_numbers_class_is_more(r, CLASS_HARD))
		return;
	document_item(d, TONE_WARN,
		"%s to users that do not exist, more than usual. Ask where "
		"these addresses came from: a form that checks nothing, an "
		"import, an old list, typing. The tables below show which "
		"domains and streams.",
		NUMBER(n));
}

static void mend_sender(const struct report *r, struct document *d)
{
	int64_t n = r->periods[0][CLASS_BLOCK];

	if (n)
		document_item(d,
			report_numbers_class_is_more(r, CLASS_BLOCK)
				? TONE_WARN
				: TONE_PLAIN,
			"%s blocked: the addresses are fine, the sender or the "
			"message was refused. The reasons below say whether it "
			"is reputation, content or authentication; mend it "
			"before the next mailing.",
			NUMBER(n));
}

static void heed_complaints(const struct report *r, struct document *d)
{
	int64_t n = r->periods[0][CLASS_COMPLAINT];

	if (n)
		document_item(d,
			report_numbers_class_is_more(r, CLASS_COMPLAINT)
				? TONE_WARN
				: TONE_PLAIN,
			"%s complaint%s: stop mailing them, and make leaving "
			"the list easy.",
			NUMBER(n), words_s(n));
}

static void correct_typos(const struct report *r, struct document *d)
{
	int64_t n = of_reason(r, REASON_DOMAIN_UNKNOWN) +
		    of_reason(r, REASON_ADDRESS_INVALID);

	if (r->typos_n) {
		document_item(d, TONE_PLAIN,
			"%s address%s at domains that look like typing errors: "
			"correct them where your records tell what was meant.",
			NUMBER(r->typos_all), r->typos_all == 1 ? "" : "es");
		document_command(d, "bouncewatch report --typos=csv");
	} else if (n) {
		document_item(d, TONE_PLAIN,
			"%s to domains or addresses that cannot exist: compare "
			"them letter by letter with your records, many are "
			"typing errors.",
			NUMBER(n));
		document_command(
			d, "bouncewatch export csv --reason=domain-unknown");
	}
}

/* --- the list --- */

static void load_list(const struct report *r, struct document *d)
{
	if (!r->moves.suppressed)
		return;
	document_item(d, TONE_PLAIN,
		"%s newly suppressed: load the list into what sends your mail "
		"('exports:' in the configuration does it by itself).",
		NUMBER(r->moves.suppressed));
	document_command(d, "bouncewatch export csv -o FILE");
}

/* Anybody may send bounces, and a few always come: that they are told is
 * enough.
 */
static bool is_a_part(const struct report *r, int64_t n)
{
	return 10 * n >= words_events(r);
}

static void verify(const struct report *r, struct document *d)
{
	const struct query_moves *m = &r->moves;
	int64_t bare = m->unverified_bare, other = m->unverified_other;
	int64_t unmarked = m->unverified - bare - other;

	if (bare && is_a_part(r, bare)) {
		document_item(d, TONE_PLAIN,
			"%s unverified, for nothing of your mail came back "
			"with them: they suppressed nobody. Nothing tells them "
			"from forgeries. If servers of yours send them, have "
			"these return the headers of the mail; and their log "
			"is believed:",
			NUMBER(bare));
		document_command(d, "bouncewatch import events FILE");
	}
	if (unmarked > 0 && is_a_part(r, unmarked)) {
		document_item(d, TONE_PLAIN,
			"%s unverified, for what came back bears none of your "
			"marks: they suppressed nobody. Are 'own:' and "
			"'marks:' complete? Mails that bear no mark are known "
			"by a send log that has their Message-IDs. Either "
			"helps with bounces that come later, so import the "
			"log when you send:",
			NUMBER(unmarked));
		document_command(d, "bouncewatch import sent FILE");
	}
	if (other && is_a_part(r, other))
		document_item(d, TONE_PLAIN,
			"%s unverified, for what came back went to somebody "
			"else: they suppressed nobody.",
			NUMBER(other));
	if (m->stale)
		document_item(d, TONE_PLAIN,
			"%s too old to say anything about today "
			"('policy.stale_after'): recorded, and suppressed "
			"nobody.",
			NUMBER(m->stale));
}

static void review(const struct report *r, struct document *d)
{
	int64_t n = r->periods[0][CLASS_UNKNOWN] + r->undetermined;

	if (n)
		document_item(d, TONE_PLAIN,
			"%s not understood: look at them, see below.",
			NUMBER(n));
}

static void tell_sends(const struct report *r, struct document *d)
{
	if (r->rate.sent || !words_events(r))
		return;
	document_item(d, TONE_PLAIN,
		"To know the bounce rate, tell how much was sent:");
	document_command(d, "bouncewatch import sent FILE");
}

void words_do(const struct report *r, struct document *d)
{
	static void (*const items[])(
		const struct report *r, struct document *d) = {start, mend,
		answer_spikes, lower_rates, decide_incidents, released_again,
		ask_source, mend_sender, heed_complaints, correct_typos,
		load_list, verify, review, tell_sends};
	size_t before;

	document_heading(d, "What to do");
	before = d->n;
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		items[i](r, d);
	if (d->n == before)
		document_paragraph(d, "Nothing.");
}
