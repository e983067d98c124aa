/*
 * The proof by simulation: six senders, a year each, without incidents and
 * with what is planted; every figure with what is to be reached. Exit status 1
 * when one is missed.
 *
 *	sim            the large senders a hundredth of their size
 *	LONG=1 sim     as large as they are
 *	sim NAME       this sender only
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "run.h"
#include "senders.h"

#define SEED 20201214

static const char *const knows_words[] = {"", "sends", "engaged"};
static unsigned missed;
static bool is_long;

/* One figure: what it is of, what it is, what is to be reached. */
static void figure(const struct run *r, const char *what, double is,
	const char *bound, double reach)
{
	bool fine = bound[0] == '<' ? is <= reach : is >= reach;

	missed += !fine;
	printf("%-8s %-8s %-46s %10.6g  %s %g%s\n", r->world.sender.name,
		knows_words[r->knows], what, is, bound, reach,
		fine ? "" : "   MISSED");
	(void)fflush(stdout);
}

/* Only told. */
static void number(const struct run *r, const char *what, double is)
{
	printf("%-8s %-8s %-46s %10.6g\n", r->world.sender.name,
		knows_words[r->knows], what, is);
	(void)fflush(stdout);
}

static int64_t weeks(int64_t n)
{
	return WORLD_BEGIN + n * (int64_t)WEEK;
}

static struct sender scaled(int i, uint32_t divisor)
{
	struct sender s = senders[i];

	if (s.addresses > 1000000)
		s.addresses /= divisor;
	return s;
}

/* Weeks before the year begins. */
static int prologue(int sender)
{
	return strcmp(senders[sender].name, "backlog") == 0 ? 104 : 0;
}

static void begin(struct run *r, int sender, uint32_t divisor, enum knows knows,
	const struct plant *plants, size_t n)
{
	const struct sender s = scaled(sender, divisor);

	run_begin(r, &s, SEED + (uint64_t)sender, knows, plants, n);
	if (prologue(sender)) {
		run_backlog(r, weeks(prologue(sender)));
		number(r, "backlog: bounces read", (double)r->mails);
		number(r, "backlog: us a bounce",
			r->seconds * 1e6 / (double)r->mails);
	}
}

#define DETECTED "SELECT count(*) FROM incidents WHERE cause = 1"
#define HELD                                                                   \
	"SELECT count(DISTINCT address_id) FROM changes WHERE new_state = 2"   \
	" AND incident_id IS "

/* --- a year without incidents --------------------------------------------- */

static void quiet_year(int sender, uint32_t divisor, enum knows knows)
{
	struct run r;
	uint64_t deaths, late;
	int64_t at;

	begin(&r, sender, divisor, knows, NULL, 0);
	deaths = r.world.deaths;
	late = r.world.late;
	at = r.now;
	run_until(&r, at + 52 * (int64_t)WEEK);
	deaths = r.world.deaths - deaths;
	late = r.world.late - late;
	number(&r, "bounces in the year", (double)r.mails);
	figure(&r, "incidents opened, a quarter",
		(double)run_number(&r, DETECTED, 0, 0) / 4, "<=", 1);
	figure(&r, "genuine hard bounces ever held by one, %",
		100.0 * (double)run_number(&r, HELD "NOT NULL", 0, 0) /
			(double)deaths,
		"<=", 0.5);
	if (knows == KNOWS_ENGAGED)
		number(&r, "held because they had opened lately, %",
			100.0 * (double)run_number(&r, HELD "NULL", 0, 0) /
				(double)deaths);
	if (knows != KNOWS_ENGAGED)
		figure(&r, "dead suppressed within 2 mailings, %",
			100.0 - 100.0 * (double)late / (double)deaths,
			">=", 99);
	else
		number(&r, "dead suppressed within 2 mailings, %",
			100.0 - 100.0 * (double)late / (double)deaths);
	run_trace(&r, at, r.now);
	figure(&r, "living suppressed", (double)run_living(&r, at, r.now),
		"<=", 0);
	run_end(&r);
}

/* --- with what is planted ------------------------------------------------- */

/* When enough had happened to tell: more refusals of the living than can be
 * chance, whoever looks: four times the highest ordinary hour of eight weeks,
 * and 15. */
struct enough {
	int64_t at; /* 0: never */
	uint32_t refused, until_told;
	int64_t told;
};

static void settle(struct run *r, const char *name, int64_t from, int64_t to)
{
	char what[64];
	int64_t opened = run_number(r,
		"SELECT min(opened_at) FROM incidents WHERE cause = 1"
		" AND kind IN (1, 2) AND opened_at >= ? AND opened_at < ?",
		from, to + 6 * HOUR);

	(void)snprintf(what, sizeof(what), "%s: minutes to the alert", name);
	number(r, what, opened ? (double)(opened - from) / 60 : -1);
}

static void plant_one(struct run *r, int k, const struct plant *p, size_t n)
{
	const char *name = plantings[k].name;
	int64_t from = p[0].from, to = p[n - 1].to;
	double reach = r->knows == KNOWS_NOTHING ? 15 : 0;
	uint64_t hits = r->world.hits;
	int64_t unmailed = run_unmailed(r);
	char what[80];

	run_until(r, from / DAY * DAY);
	r->quick = true;
	run_until(r, to / DAY * DAY + DAY + 6 * HOUR);
	r->quick = false;
	settle(r, name, from, to);
	(void)snprintf(what, sizeof(what), "%s: living refused", name);
	number(r, what, (double)(r->world.hits - hits));
	(void)snprintf(
		what, sizeof(what), "%s: living suppressed after it", name);
	figure(r, what, (double)run_living(r, from - DAY, r->now), "<=", reach);
	if (k == 0)
		run_number(r, "SELECT 1", 0, 0);
	run_until(r, to / DAY * DAY + 7 * DAY);
	(void)snprintf(what, sizeof(what), "%s: and a week later", name);
	figure(r, what, (double)run_living(r, from - DAY, r->now), "<=", reach);
	(void)snprintf(what, sizeof(what),
		"%s: exported, alive and not taken back", name);
	figure(r, what, (double)(run_unmailed(r) - unmailed), "<=", reach);
	run_trace(r, from - DAY, r->now);
	run_until(r, to / DAY * DAY + 31 * DAY);
	(void)snprintf(what, sizeof(what), "%s: held after 30 days", name);
	figure(r, what,
		(double)run_number(r,
			"SELECT count(*) FROM suppressions WHERE state = 2"
			" AND since < ?",
			to + HOUR, 0),
		"<=", 0);
}

static void planted_year(int sender, uint32_t divisor, enum knows knows)
{
	struct plant plants[PLANT_KINDS][PLANT_MAX];
	struct plant all[PLANT_KINDS * PLANT_MAX] = {{0}};
	size_t n[PLANT_KINDS], all_n = 0;
	int before = prologue(sender);
	struct run r;

	begin(&r, sender, divisor, knows, all, 0);
	for (int k = 0; k < PLANT_KINDS; k++) {
		n[k] = senders_plant(
			k, before, senders_company(&r.world), plants[k]);
		memcpy(all + all_n, plants[k], n[k] * sizeof(*all));
		all_n += n[k];
	}
	r.world.plants_n = all_n;
	for (int k = 0; k < PLANT_KINDS; k++)
		plant_one(&r, k, plants[k], n[k]);
	run_end(&r);
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;
	uint32_t divisor = 100;

	is_long = getenv("LONG") != NULL;
	if (is_long)
		divisor = 1;
	if (getenv("DIVISOR"))
		divisor = (uint32_t)strtoul(getenv("DIVISOR"), NULL, 10);
	for (int i = 0; i < SENDERS; i++) {
		if (only && strcmp(only, senders[i].name) != 0)
			continue;
		for (int k = 0; k < 3; k++) {
			quiet_year(i, divisor, (enum knows)k);
			planted_year(i, divisor, (enum knows)k);
		}
	}
	printf("%u figures missed\n", missed);
	return missed ? 1 : 0;
}
