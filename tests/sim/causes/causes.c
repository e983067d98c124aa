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

#define SEED     4711
#define PLANTED  50
#define SHORT    2
#define BASELINE 8

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

struct result {
	int n, right[2]; /* even seeds, odd seeds */
	int of[2];
	int incidents; /* provider incidents named */
	int answers[CAUSES];
	int by_certainty[3], right_by[3];
};

static unsigned missed;
static bool told;

/* --- the spike ------------------------------------------------------------ */

struct counted {
	struct arena *arena;
	struct report_spike v[8192];
	size_t n;
	enum report_by by;
	int week; /* 0 is this one */
};

static int count_one(void *arg, const struct query_count *c)
{
	struct counted *w = arg;
	struct str name = w->by == REPORT_BY_REASON
				  ? str_from(reason_word(c->reason))
				  : c->name;
	struct report_spike *s = NULL;

	if (!name.n ||
		(c->class != CLASS_HARD && c->class != CLASS_SOFT &&
			c->class != CLASS_BLOCK && c->class != CLASS_COMPLAINT))
		return 0;
	for (size_t i = 0; i < w->n && !s; i++)
		if (w->v[i].by == w->by && str_eq(w->v[i].name, name))
			s = &w->v[i];
	if (!s && (w->week || w->n == 8192))
		return 0; /* what is not there this week is no spike */
	if (!s) {
		s = &w->v[w->n++];
		*s = (struct report_spike){
			.by = w->by, .name = arena_dup(w->arena, name)};
	}
	s->weeks[w->week] += c->n;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* How far above what is usual; the greatest is the spike of the week. */
static double height(struct report_spike *s)
{
	int64_t v[BASELINE];

	memcpy(v, s->weeks + 1, sizeof(v));
	qsort(v, BASELINE, sizeof(*v), by_number);
	s->n = s->weeks[0];
	s->usual = (double)(v[BASELINE / 2 - 1] + v[BASELINE / 2]) / 2;
	return ((double)s->n - s->usual) * ((double)s->n - s->usual) /
	       (s->usual + 0.09 * s->usual * s->usual + 4);
}

static void find_spike(struct db *db, struct report *r, struct counted *w)
{
	static const enum query_by by[REPORT_BYS] = {QUERY_BY_REASON,
		QUERY_BY_PROVIDER, QUERY_BY_DOMAIN, QUERY_BY_STREAM};

	double best = 0;

	w->n = 0;
	for (int b = 0; b < REPORT_BYS; b++)
		for (w->week = 0; w->week <= BASELINE; w->week++) {
			int64_t to = r->to - w->week * (int64_t)WEEK;

			w->by = (enum report_by)b;
			if (query_counts(
				    db, by[b], to - WEEK, to, count_one, w))
				errx(70, "causes: %s", db_error(db));
		}
	r->spikes_n = 1;
	for (size_t i = 0; i < w->n; i++) {
		double h = height(&w->v[i]);

		if (h <= best)
			continue;
		best = h;
		r->spikes[0] = w->v[i];
	}
}

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

static void judge(const char *path, enum plant_kind kind, int seed, bool logs,
	int n, struct result *res)
{
	static struct counted counted;
	struct report r = {.from = LIST_FROM, .to = LIST_TO, .now = LIST_TO};
	const struct report_spike *s = &r.spikes[0];
	struct arena a;
	struct db *db;
	char what[80];

	arena_init(&a, 0);
	counted.arena = &a;
	if (db_open(path, DB_READ, &db))
		errx(70, "causes: %s", db_error(db));
	find_spike(db, &r, &counted);
	if (report_causes_load(db, &a, &r))
		errx(70, "causes: %s", db_error(db));
	res->of[seed % 2]++;
	res->right[seed % 2] += s->cause == kinds[kind].cause;
	res->incidents += s->cause == CAUSE_PROVIDER_INCIDENT;
	res->answers[s->cause]++;
	res->by_certainty[s->certainty] += s->cause != CAUSE_UNCLEAR;
	res->right_by[s->certainty] += s->cause == kinds[kind].cause;
	(void)snprintf(what, sizeof(what), "%s %d (%d, %s)", kinds[kind].name,
		seed, n, logs ? "logs" : "no logs");
	if (told || (getenv("TRACE") && s->cause != kinds[kind].cause &&
			    logs == (getenv("TRACE")[0] == 'l')))
		tell_spike(s, what);
	db_close(db);
	arena_release(&a);
}

static void one(enum plant_kind kind, int seed, struct result res[2])
{
	const char *base = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	char dir[64], path[80], rest[96];
	struct list l;
	int n;

	(void)snprintf(dir, sizeof(dir), "%s/bouncewatch-causes-XXXXXX", base);
	if (!mkdtemp(dir))
		err(70, "causes: %s", dir);
	for (int logs = 1; logs >= 0; logs--) {
		(void)snprintf(path, sizeof(path), "%s/%d.db", dir, logs);
		list_init(&l, (uint64_t)(SEED + seed * 100 + (int)kind));
		n = (int)list_size(&l, 30, 2000);
		/* What it is measured by is to be more than a bad week. */
		if (n < l.habit)
			n = (int)l.habit;
		plant(&l, kind, n);
		if (list_chance(&l, 0.25))
			plant(&l, (enum plant_kind)list_pick(&l, PLANTS),
				(int)(n * list_between(&l, 0.05, 0.25)));
		list_store(&l, path, logs);
		list_release(&l);
		judge(path, kind, seed, logs, n, &res[logs]);
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
	char text[80];

	for (int k = 0; k < PLANTS; k++) {
		const struct result *r = &res[k][logs];

		for (int half = 0; half < 2; half++) {
			right[half] += r->right[half];
			of[half] += r->of[half];
		}
		for (int c = CERTAINTY_LIKELY; c <= CERTAINTY_CLEAR; c++) {
			sure += r->by_certainty[c];
			sure_right += r->right_by[c];
		}
		(void)snprintf(text, sizeof(text), "%s: %s named, %%", with,
			kinds[k].name);
		number(text, percent(r->right[0] + r->right[1],
				     r->of[0] + r->of[1]));
	}
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
