/*
 * Seven things that happen to senders, fifty times each, and what the report
 * makes of them: every figure with what is to be reached. Exit status 1 when
 * one is missed.
 *
 *	causes [KIND [SEED]]    of one kind, and of one seed, told at length
 *
 * The short form has two of each; LONG=1: fifty. Each is a sender of its own,
 * with a year of bounces through the ledger. Odd seeds were never looked at
 * while the bounds of causes.c were set: their figure stands beside.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plants.h"
#include "report.h"
#include "report/causes.h"

#define SEED    4711
#define PLANTED 50
#define SHORT   2

static const struct {
	const char *name;
	enum report_cause cause;
} kinds[PLANTS] = {
	[PLANT_BAD_IMPORT] = {"bad import",        CAUSE_BAD_IMPORT },
	[PLANT_BROKEN_FORM] = {"broken form",       CAUSE_BROKEN_FORM},
	[PLANT_DOMAIN_GONE] = {"domain gone",       CAUSE_DOMAIN_GONE},
	[PLANT_PROVIDER_INCIDENT] = {"provider incident",
			      CAUSE_PROVIDER_INCIDENT               },
	[PLANT_REPUTATION] = {"reputation",        CAUSE_REPUTATION },
	[PLANT_FORWARDING] = {"forwarding",        CAUSE_FORWARDING },
	[PLANT_LIST_AGE] = {"list age",          CAUSE_LIST_AGE   },
};

struct planted {
	enum plant_kind kind, beside; /* PLANTS: nothing beside it */
	int seed, n;
};

struct result {
	int right[2], of[2]; /* even seeds, odd seeds */
	int found;           /* there was a spike at all */
	int incidents;       /* provider incidents named, in all spikes */
	int by_certainty[3], right_by[3];
};

static unsigned missed;
static bool told;

/* --- one planting --------------------------------------------------------- */

static void tell_spike(const struct report_spike *s, const char *what)
{
	static const char *const by[] = {
		"reason", "provider", "domain", "stream"};

	printf("%s: %s " STR_FMT ", %lld for %.1f: %s, certainty %d\n", what,
		by[s->by], STR_ARG(s->name), (long long)s->n, s->usual,
		report_causes_text(s->cause), s->certainty);
	for (size_t i = 0; i < s->evidence_n; i++)
		printf("  - " STR_FMT "\n", STR_ARG(s->evidence[i]));
	printf("  > " STR_FMT "\n", STR_ARG(s->action));
}

/* What the report says of the spike that it puts first. */
static void judge(const struct planted *p, const char *path, bool logs,
	struct result *res)
{
	struct report r = {.from = LIST_FROM, .to = LIST_TO, .now = LIST_TO};
	enum report_cause is = kinds[p->kind].cause, says = CAUSE_UNCLEAR;
	struct arena a;
	struct db *db;
	char what[80];

	arena_init(&a, 0);
	if (db_open(path, DB_READ, &db))
		errx(70, "causes: %s", db_error(db));
	r.required = ORIGIN_MATCHED;
	if (report_numbers_load(db, &a, &r) || report_causes_load(db, &a, &r))
		errx(70, "causes: %s", db_error(db));
	(void)snprintf(what, sizeof(what), "%s %d (%d, %s%s%s)",
		kinds[p->kind].name, p->seed, p->n, logs ? "logs" : "no logs",
		p->beside < PLANTS ? ", and " : "",
		p->beside < PLANTS ? kinds[p->beside].name : "");
	if (r.spikes_n)
		says = r.spikes[0].cause;
	res->found += r.spikes_n > 0;
	res->of[p->seed % 2]++;
	res->right[p->seed % 2] += says == is;
	for (size_t i = 0; i < r.spikes_n; i++)
		if (r.spikes[i].cause == CAUSE_PROVIDER_INCIDENT &&
			p->beside != PLANT_PROVIDER_INCIDENT) {
			res->incidents++;
			if (p->kind == PLANT_BAD_IMPORT && getenv("TRACE"))
				tell_spike(&r.spikes[i], what);
		}
	if (says != CAUSE_UNCLEAR) {
		res->by_certainty[r.spikes[0].certainty]++;
		res->right_by[r.spikes[0].certainty] += says == is;
	}
	if (told || (getenv("TRACE") && says != is &&
			    logs == (getenv("TRACE")[0] == 'l')))
		for (size_t i = 0; i < r.spikes_n || i == 0; i++)
			tell_spike(&r.spikes[i], what);
	db_close(db);
	arena_release(&a);
}

static void one(enum plant_kind kind, int seed, struct result res[2])
{
	const char *base = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	char dir[64], path[80], rest[96];
	struct planted p = {.kind = kind, .seed = seed, .beside = PLANTS};
	struct list l;

	(void)snprintf(dir, sizeof(dir), "%s/bouncewatch-causes-XXXXXX", base);
	if (!mkdtemp(dir))
		err(70, "causes: %s", dir);
	for (int logs = 1; logs >= 0; logs--) {
		(void)snprintf(path, sizeof(path), "%s/%d.db", dir, logs);
		list_init(&l, (uint64_t)(SEED + seed * 100 + (int)kind));
		p.n = (int)list_size(&l, 30, 2000);
		/* What it is measured by is to be more than a bad week. */
		if (p.n < l.habit)
			p.n = (int)l.habit;
		plant(&l, kind, p.n);
		p.beside = PLANTS;
		if (list_chance(&l, 0.25)) {
			p.beside = (enum plant_kind)list_pick(&l, PLANTS);
			plant(&l, p.beside,
				(int)(p.n * list_between(&l, 0.05, 0.25)));
		}
		list_store(&l, path, logs);
		list_release(&l);
		judge(&p, path, logs, &res[logs]);
		(void)unlink(path);
		(void)snprintf(rest, sizeof(rest), "%s-wal", path);
		(void)unlink(rest);
		(void)snprintf(rest, sizeof(rest), "%s-shm", path);
		(void)unlink(rest);
	}
	(void)rmdir(dir);
}

/* --- figures -------------------------------------------------------------- */

static void figure(const char *what, double is, const char *bound, double reach)
{
	bool fine = bound[0] == '<' ? is <= reach : is >= reach;

	missed += !fine;
	printf("%-60s %8.4g  %s %g%s\n", what, is, bound, reach,
		fine ? "" : "   MISSED");
}

static void number(const char *what, double is)
{
	printf("%-60s %8.4g\n", what, is);
}

static double percent(int n, int of)
{
	return of ? 100.0 * n / of : 0;
}

static void sum(const struct result res[PLANTS][2], int logs)
{
	const char *with = logs ? "with send logs" : "nothing but bounces";
	int right[2] = {0, 0}, of[2] = {0, 0}, sure = 0, sure_right = 0;
	int found = 0;
	char text[80];

	for (int k = 0; k < PLANTS; k++) {
		const struct result *r = &res[k][logs];

		for (int half = 0; half < 2; half++) {
			right[half] += r->right[half];
			of[half] += r->of[half];
		}
		found += r->found;
		for (int c = CERTAINTY_LIKELY; c <= CERTAINTY_CLEAR; c++) {
			sure += r->by_certainty[c];
			sure_right += r->right_by[c];
		}
		(void)snprintf(text, sizeof(text), "%s: %s named, %%", with,
			kinds[k].name);
		number(text, percent(r->right[0] + r->right[1],
				     r->of[0] + r->of[1]));
	}
	(void)snprintf(text, sizeof(text), "%s: a spike was found, %%", with);
	number(text, percent(found, of[0] + of[1]));
	(void)snprintf(text, sizeof(text), "%s: cause named right, %%", with);
	if (logs)
		figure(text, percent(right[0] + right[1], of[0] + of[1]),
			">=", 90);
	else
		number(text, percent(right[0] + right[1], of[0] + of[1]));
	(void)snprintf(
		text, sizeof(text), "%s: of the seeds held out, %%", with);
	number(text, percent(right[1], of[1]));
	(void)snprintf(
		text, sizeof(text), "%s: said without \"thin\", %%", with);
	number(text, percent(sure, of[0] + of[1]));
	(void)snprintf(text, sizeof(text), "%s: ... of these right, %%", with);
	number(text, percent(sure_right, sure));
	(void)snprintf(text, sizeof(text),
		"%s: \"provider incident\" for a bad import", with);
	figure(text, res[PLANT_BAD_IMPORT][logs].incidents, "<=", 0);
}

int main(int argc, char **argv)
{
	static struct result res[PLANTS][2];
	int n = getenv("LONG") ? PLANTED : SHORT;

	if (getenv("PLANTED"))
		n = (int)strtoul(getenv("PLANTED"), NULL, 10);
	for (int k = 0; k < PLANTS; k++) {
		if (argc > 1 && strcmp(argv[1], kinds[k].name) != 0)
			continue;
		told = argc > 2;
		if (told)
			one((enum plant_kind)k, (int)strtoul(argv[2], NULL, 10),
				res[k]);
		for (int seed = 0; !told && seed < n; seed++)
			if (!getenv("EVEN") || seed % 2 == 0)
				one((enum plant_kind)k, seed, res[k]);
	}
	for (int logs = 1; logs >= 0 && !told; logs--)
		sum((const struct result(*)[2])res, logs);
	if (!told)
		printf("%u figures missed\n", missed);
	return missed ? 1 : 0;
}
