/*
 * What spikes are worth, in figures: a sender's weeks are made up, two hundred
 * domains, twenty streams, eight providers, twelve reasons, and each week is
 * judged by the program's own code. Nothing is wrong in them, so each spike is
 *a false one; then a domain's week is made three times of what it would be, and
 * is to be found. Exit status 1 when a figure is missed.
 *
 *	weeks [SEED]    SEED: of the first world
 *
 * How its weeks differ: all streams together by 15 % and a season, in which
 * they double; each stream by 25 % in how much is sent and 10 % in what bounces
 * of it; a provider by 8 %, a reason by 12 %, each domain by 5 to 20 % beyond
 * that, half of them gamma distributed and half by a logarithm; and all that
 * is only the mean of a Poisson count. None of it is what the program believes:
 * it knows counts alone. Weekends have a third of a day.
 *
 * Most of it judges counts (spikes_judge()); some worlds are a database, and
 * what is judged is the report. LONG=1: many more of both.
 */
#include <err.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "life.h"
#include "report/spikes.h"

#define SENT_KEPT 10 /* weeks, as the store keeps them */
#define EACH      30 /* in a database one of so many has a spike */

/* --- judged by counts --- */

struct judging {
	struct spikes_kind kinds[REPORT_BYS];
	struct spikes_series series[REPORT_BYS][DOMAINS];
	double mails[STREAMS + 1][BASELINE_WEEKS], chance;
};

static void look(struct spikes_kind *k, struct spikes_series *v, size_t n,
	uint32_t (*counts)[WEEKS], int week)
{
	*k = (struct spikes_kind){.v = v, .n = n};
	baseline_init(&k->base, HISTORY);
	for (size_t i = 0; i < n; i++) {
		v[i] = (struct spikes_series){.id = (int64_t)i + 1};
		for (int b = 0; b <= HISTORY; b++)
			v[i].weeks[b] = counts[i][week - b];
	}
}

static void tell_sent(
	struct judging *j, const struct world *w, int week, int kept)
{
	for (int s = 0; s <= STREAMS; s++)
		for (int b = 0; b < BASELINE_WEEKS; b++)
			j->mails[s][b] = b > kept      ? 0
					 : s < STREAMS ? w->sent[s][week - b]
						       : w->all_sent[week - b];
	for (size_t i = 0; i < STREAMS; i++)
		j->series[REPORT_BY_STREAM][i].mails = j->mails[i];
}

/* sends: weeks before this one of which they are known. */
static void judge(struct judging *j, struct world *w, int week, int sends)
{
	look(&j->kinds[REPORT_BY_REASON], j->series[REPORT_BY_REASON], REASONS,
		w->reason, week);
	look(&j->kinds[REPORT_BY_PROVIDER], j->series[REPORT_BY_PROVIDER],
		PROVIDERS - 1, w->by_provider, week);
	look(&j->kinds[REPORT_BY_DOMAIN], j->series[REPORT_BY_DOMAIN], DOMAINS,
		w->domain, week);
	look(&j->kinds[REPORT_BY_STREAM], j->series[REPORT_BY_STREAM], STREAMS,
		w->stream, week);
	if (sends)
		tell_sent(j, w, week, sends);
	if (!spikes_judge(
		    j->kinds, sends ? j->mails[STREAMS] : NULL, &j->chance))
		errx(70, "out of memory");
}

/* --- figures --- */

static unsigned missed;

static void figure(const char *sends, const char *what, double is,
	const char *bound, double reach)
{
	bool fine = !bound || (bound[0] == '<' ? is <= reach : is >= reach);

	missed += !fine;
	printf("%-12s %-46s %10.4g", sends, what, is);
	if (bound)
		printf("  %s %g%s", bound, reach, fine ? "" : "   MISSED");
	putchar('\n');
	(void)fflush(stdout);
}

/* What was planted and found, by the size of the domain. */
struct tally {
	int planted[4], found[4], tripled, tripled_found;
	int peak, peak_found;
};

static const double sizes[5] = {20, 30, 60, 150, 1e9};

static int size_of(double base)
{
	int i = 0;

	while (base >= sizes[i + 1])
		i++;
	return i;
}

/* Whether n of a domain would be a spike. */
static bool finds(const struct judging *j, int d, uint32_t n)
{
	struct spikes_series s = j->series[REPORT_BY_DOMAIN][d];
	struct baseline_series b = {.weeks = s.weeks, .mails = s.mails};

	s.weeks[0] = n;
	return baseline_judge(&j->kinds[REPORT_BY_DOMAIN].base, &b, j->chance)
		.is_spike;
}

/* A few domains of this week, each by itself. */
static void try_plants(
	struct judging *j, struct world *w, int week, struct tally *t)
{
	for (int d = week % 8; d < DOMAINS; d += 8) {
		double usual = w->base[d];
		uint32_t n = w->domain[d][week];
		bool found;

		if (usual < sizes[0])
			continue;
		found = finds(j, d, n + life_twice(w, week, d));
		t->planted[size_of(usual)]++;
		t->found[size_of(usual)] += found;
		if (w->season[week] > 1.3) {
			t->peak++;
			t->peak_found += found;
		}
		t->tripled++;
		t->tripled_found += finds(j, d, 3 * n);
	}
}

static int false_spikes(
	const struct judging *j, const struct world *w, int week)
{
	int n = 0;

	for (int by = 0; by < REPORT_BYS; by++)
		for (size_t i = 0; i < j->kinds[by].n; i++) {
			const struct spikes_series *s = &j->series[by][i];

			if (!s->result.is_spike)
				continue;
			n++;
			if (getenv("TRACE"))
				printf("  week %d (season %.1f, factor %.2f):"
				       " %d/%zu: %u, usual %.1f, spread %.2f,"
				       " limit %.0f\n",
					week, w->season[week],
					j->kinds[by].base.factor[0], by, i,
					s->weeks[0], s->result.usual,
					s->result.spread, s->result.limit);
		}
	return n;
}

static void tell_found(const char *sends, const struct tally *t)
{
	char text[64];
	int planted = 0, found = 0;

	for (int i = 0; i < 4; i++) {
		(void)snprintf(text, sizeof(text),
			i < 3 ? "found of a domain of %g to %g a week, %%"
			      : "found of a domain of %g and more, %%",
			sizes[i], sizes[i + 1]);
		figure(sends, text, 100.0 * t->found[i] / t->planted[i], NULL,
			0);
		planted += t->planted[i];
		found += t->found[i];
	}
	figure(sends, "spikes of 3 x the week planted", planted, NULL, 0);
	figure(sends, "found, %", 100.0 * found / planted, ">=", 95);
	figure(sends, "found in the peak, %", 100.0 * t->peak_found / t->peak,
		">=", 95);
	figure(sends, "found where its noise is tripled, too, %",
		100.0 * t->tripled_found / t->tripled, NULL, 0);
}

static void by_counts(uint64_t seed, int worlds, bool sends)
{
	static struct world w;
	static struct judging j;
	const char *know = sends ? "sends known" : "";
	int worst = 0, all = 0;
	struct tally t = {0};

	for (int i = 0; i < worlds; i++) {
		int n = 0;

		life_begin(&w, seed + (uint64_t)i, 500);
		life_live(&w, 0);
		for (int week = HISTORY; week < WEEKS; week++) {
			judge(&j, &w, week, sends ? SENT_KEPT : 0);
			n += false_spikes(&j, &w, week);
			try_plants(&j, &w, week, &t);
		}
		all += n;
		worst = n > worst ? n : worst;
	}
	figure(know, "worlds of 52 quiet weeks", worlds, NULL, 0);
	figure(know, "false spikes in a quarter, mean of the worlds",
		all / 4.0 / worlds, "<=", 1);
	figure(know, "in a quarter of the worst world", worst / 4.0, "<=", 1);
	tell_found(know, &t);
}

/* --- judged by the report --- */

static struct str also_domain(int d, char buf[40])
{
	char name[32];

	house_domain_name(d, name);
	(void)snprintf(buf, 40, "domain %s", name);
	return str_from(buf);
}

/* Whether the report says so, by itself or beside another. */
static bool is_told(const struct report *r, int d)
{
	char name[32], also[40];

	house_domain_name(d, name);
	(void)also_domain(d, also);
	for (size_t i = 0; i < r->spikes_n; i++) {
		const struct report_spike *s = &r->spikes[i];

		if (s->by == REPORT_BY_DOMAIN &&
			str_eq(s->name, str_from(name)))
			return true;
		for (size_t k = 0; k < s->also_n; k++)
			if (str_eq(s->also[k], str_from(also)))
				return true;
	}
	return false;
}

static void report_week(struct house *h, int week, struct report *r)
{
	static struct arena arena;

	arena_release(&arena);
	arena_init(&arena, 0);
	*r = (struct report){.to = (MONDAY + 7 * (week + INT64_C(1))) * DAY};
	r->from = r->to - 7 * DAY;
	r->now = r->to + 3600;
	if (report_numbers_load(h->db, &arena, r))
		errx(70, "%s", db_error(h->db));
}

/* What the report of a week has against what its counts have. */
struct checked {
	int weeks, spikes, wrong, planted, found;
	double chance_off;
};

static void check_week(
	struct world *w, const struct report *r, int week, struct checked *c)
{
	static struct judging j;

	judge(&j, w, week, HISTORY);
	c->weeks++;
	c->spikes += (int)r->spikes_all;
	c->chance_off =
		fmax(c->chance_off, fabs(r->spikes_chance / j.chance - 1));
	for (int d = 0; d < DOMAINS; d++) {
		bool is = j.series[REPORT_BY_DOMAIN][d].result.is_spike;

		c->wrong += is != is_told(r, d);
		c->planted += life_is_planted(w, week, d, EACH);
		c->found += life_is_planted(w, week, d, EACH) && is_told(r, d);
	}
}

/* A world as a database, quiet or with spikes; every step-th week. */
static struct checked by_report(uint64_t seed, int each, int step)
{
	static struct world w;
	static struct house h;
	static struct report r;
	struct checked c = {0};

	house_begin(&h);
	life_begin(&w, seed, 150);
	w.house = &h;
	life_live(&w, each);
	house_ready(&h);
	for (int week = WEEKS - 1; week >= HISTORY; week -= step) {
		report_week(&h, week, &r);
		check_week(&w, &r, week, &c);
	}
	house_end(&h);
	return c;
}

static void reports(uint64_t seed, bool is_long)
{
	struct checked c = by_report(seed, 0, is_long ? 1 : 17);

	figure("report", "quiet weeks", c.weeks, NULL, 0);
	figure("report", "false spikes in a quarter of them",
		13.0 * c.spikes / c.weeks, is_long ? "<=" : NULL, 1);
	figure("report", "domains told otherwise than by counts", c.wrong,
		"<=", 0);
	c = by_report(seed, EACH, is_long ? 1 : 17);
	figure("report", "weeks with spikes", c.weeks, NULL, 0);
	figure("report", "spikes of 3 x the week planted", c.planted, NULL, 0);
	figure("report", "told of, %", 100.0 * c.found / c.planted, NULL, 0);
	figure("report", "domains told otherwise than by counts", c.wrong,
		"<=", 0);
	figure("report", "chance of each, off by", c.chance_off, "<=", 0.05);
}

int main(int argc, char **argv)
{
	bool is_long = getenv("LONG") != NULL;
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 20201214;

	for (int sends = 0; sends < 2; sends++)
		by_counts(seed, is_long ? 50 : 2, sends);
	reports(seed, is_long);
	printf("%u figures missed\n", missed);
	return missed ? 1 : 0;
}
