/*
 * The proof by simulation: six senders, a year each, without incidents and
 * with what is planted; every figure with what is to be reached. Exit status 1
 * when one is missed.
 *
 *	sim [NAME]    NAME: this sender only, or import, forged, cost
 *
 * The short form has the two large senders a hundredth of their size and the
 * backlog a quarter, so that all fits into a minute. LONG=1: a tenth, and all
 * variants. DIVISOR=1: as large as they are. TRACE=1 tells of incidents.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ledger_incident.h"
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
	else if (!is_long && s.addresses > 100000)
		s.addresses /= 4;
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
	"SELECT count(DISTINCT address_id) FROM log WHERE new_state = 2"       \
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
	number(&r, "seconds in the ledger", r.seconds);
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
	run_trace(&r, at - 200 * DAY, r.now);
	figure(&r, "living suppressed", (double)run_living(&r, at, r.now),
		"<=", 0);
	run_end(&r);
}

/* --- with what is planted ------------------------------------------------- */

static void figure_of(const struct run *r, const char *name, const char *what,
	double is, const char *bound, double reach)
{
	char text[80];

	(void)snprintf(text, sizeof(text), "%s: %s", name, what);
	if (bound)
		figure(r, text, is, bound, reach);
	else
		number(r, text, is);
}

/* The program has told it: when, and after how many of the living. */
static void alerted(
	struct run *r, const char *name, int64_t from, int64_t enough)
{
	int64_t opened = run_number(r,
		"SELECT min(opened_at) FROM incidents WHERE cause = 1"
		" AND kind IN (1, 2) AND opened_at >= ?"
		" AND opened_at < ? + 5 * 86400",
		from, from);

	figure_of(r, name, "minutes from the first to the alert",
		opened ? (double)(opened - from) / 60 : -1, NULL, 0);
	if (enough)
		figure_of(r, name, "seconds from enough to the alert",
			!opened           ? 1e9
			: opened < enough ? 0
					  : (double)(opened - enough),
			"<=", 60);
}

/* One command: all that Google said in those days. */
static void release(struct run *r, const char *name, int64_t from, int64_t to)
{
	const struct ledger_where all = {
		.provider = str_from("google"),
		.from = from - DAY,
		.to = to + 2 * DAY,
		.note = str_from("sim"),
	};
	struct ledger_undo undo;

	if (ledger_release_where(r->ledger, &all, r->now, false, &undo))
		exit(70);
	figure_of(r, name, "released by one command", (double)undo.released,
		NULL, 0);
	figure_of(r, name, "and still held",
		(double)run_number(r,
			"SELECT count(*) FROM standings s JOIN events e"
			" ON e.id = s.event_id JOIN kinds k ON k.id = e.kind_id"
			" JOIN labels l ON l.id = k.provider"
			" WHERE s.state = 2 AND l.label = 'google'"
			" AND s.since >= ? AND s.since < ?",
			from, to),
		"<=", 0);
}

/*
 * When everybody was mailed twice since the day of a planting, and no other
 * began: within two mailings the dead are to be known. Of a bounce within an
 * incident nothing is learned, and who had opened lately is held after one.
 */
static int64_t mailed_twice(const struct run *r, int64_t day, int64_t next)
{
	int64_t at = day + (2 * r->world.sender.cycle_days + 2) * DAY;

	if (at < day + 48 * DAY)
		at = day + 48 * DAY;
	return at < next ? at : next / DAY * DAY;
}

/* next: when another planting begins. */
static void plant_one(
	struct run *r, int k, const struct plant *p, size_t n, int64_t next)
{
	const char *name = plantings[k].name;
	int64_t from = p[0].from, to = p[n - 1].to, day = to / DAY * DAY;
	double reach = r->knows == KNOWS_NOTHING ? 15 : 0;
	uint64_t hits = r->world.hits, found = r->world.found;
	int64_t unmailed;

	run_until(r, from / DAY * DAY);
	unmailed = run_unmailed(r);
	r->quick = true;
	run_watch(r, &p[0]);
	run_until(r, day + DAY + 6 * HOUR);
	r->quick = false;
	hits = r->world.hits - hits;
	figure_of(r, name, "living refused", (double)hits, NULL, 0);
	alerted(r, name, from, r->enough);
	figure_of(r, name, "living suppressed when it is over",
		(double)run_living(r, from - DAY, r->now), "<=", reach);
	if (k == 0)
		release(r, name, from, to);
	run_until(r, day + 7 * DAY);
	figure_of(r, name, "living suppressed a week later",
		(double)run_living(r, from - DAY, r->now), "<=", reach);
	if (!r->checks)
		figure_of(r, name, "exported, alive and not taken back",
			(double)(run_unmailed(r) - unmailed), "<=", reach);
	run_trace(r, from - DAY, r->now);
	run_until(r, day + 31 * DAY);
	figure_of(r, name, "held after 30 days",
		(double)run_number(r,
			"SELECT count(*) FROM standings WHERE state = 2"
			" AND since < ?",
			to + HOUR, 0),
		"<=", 0);
	run_until(r, mailed_twice(r, day, next));
	run_trace(r, from - DAY, r->now);
	found = r->world.found - found;
	if (found >= 20)
		figure_of(r, name, "dead found in it, suppressed later, %",
			100 - 100.0 * (double)run_found(r) / (double)found,
			">=", 99);
}

/* While nobody read: the same, months before. */
static void plant_backlog(struct run *r, const struct plant *p, size_t n)
{
	figure_of(r, "gmail, in the backlog", "living suppressed",
		(double)run_living(r, p[0].from - DAY, p[n - 1].to + 5 * DAY),
		"<=", 15);
}

static void planted_year(
	int sender, uint32_t divisor, enum knows knows, bool checks)
{
	struct plant plants[PLANT_KINDS][PLANT_MAX];
	struct plant all[PLANT_KINDS * PLANT_MAX + PLANT_MAX] = {{0}};
	size_t n[PLANT_KINDS], all_n = 0, early = 0;
	int before = prologue(sender);
	struct run r;

	if (before)
		early = all_n = senders_plant(0, before - 20, 0, all);
	begin(&r, sender, divisor, knows, all, all_n);
	r.checks = checks;
	if (early)
		plant_backlog(&r, all, early);
	for (int k = 0; k < PLANT_KINDS; k++) {
		n[k] = senders_plant(
			k, before, senders_company(&r.world), plants[k]);
		memcpy(all + all_n, plants[k], n[k] * sizeof(*all));
		all_n += n[k];
	}
	r.world.plants_n = all_n;
	for (int k = 0; k < PLANT_KINDS; k++)
		plant_one(&r, k, plants[k], n[k],
			k + 1 < PLANT_KINDS ? plants[k + 1]->from : INT64_MAX);
	run_end(&r);
}

/* --- an import ------------------------------------------------------------ */

#define IMPORTED 30000

static void import(int sender, uint32_t divisor, double gmail)
{
	const char *name = gmail > 0 ? "import, 90 % gmail" : "import";
	int64_t at = weeks(12) + 3 * DAY + 10 * HOUR, told;
	struct run r;

	begin(&r, sender, divisor, KNOWS_NOTHING, NULL, 0);
	run_until(&r, weeks(12) + 3 * DAY);
	r.quick = true;
	run_until(&r, at);
	world_import(&r.world, at, IMPORTED, gmail);
	run_until(&r, weeks(12) + 4 * DAY);
	told = run_number(&r,
		"SELECT min(opened_at) FROM incidents WHERE opened_at >= ?"
		" AND (name = 'imported' OR note LIKE '%stream imported%')",
		at, 0);
	figure_of(&r, name, "minutes until an alert names the stream",
		told ? (double)(told - at) / 60 : 1e9, "<=", 5);
	figure_of(&r, name, "held on that day",
		(double)run_number(&r,
			"SELECT count(*) FROM standings WHERE state = 2", 0, 0),
		NULL, 0);
	run_until(&r, at + 25 * HOUR);
	figure_of(&r, name, "held longer than 24 hours",
		(double)run_number(&r,
			"SELECT count(*) FROM standings WHERE state = 2"
			" AND since >= ? AND since < ?",
			at, at + HOUR),
		"<=", 0);
	run_trace(&r, at - DAY, r.now);
	run_until(&r, weeks(17));
	figure_of(&r, name, "suppressed in the end, %",
		100 - 100.0 * (double)run_imported(&r) / IMPORTED, ">=", 99);
	run_end(&r);
}

/* --- forged --------------------------------------------------------------- */

/* Bounces without our marks, for the living; what parsers/origin.c has to say
 * of mails is tested beside it. */
static void forged(void)
{
	const struct sender s = senders[4];
	struct run r;

	run_begin(&r, &s, SEED, KNOWS_NOTHING, NULL, 0);
	run_until(&r, weeks(1));
	run_forge(&r, 300);
	figure(&r, "forged: suppressed or held of 300",
		(double)run_number(&r,
			"SELECT count(*) FROM suppressions s JOIN people a"
			" ON a.id = s.address_id WHERE a.address LIKE 'f%'",
			0, 0),
		"<=", 0);
	figure(&r, "forged: incidents", (double)run_number(&r, DETECTED, 0, 0),
		"<=", 0);
	run_end(&r);
}

/* --- cost ----------------------------------------------------------------- */

/* The same weeks with the guard and without, and policy by itself. */
static void cost(uint32_t divisor)
{
	const struct sender s = scaled(0, divisor);
	double us[2] = {1e9, 1e9}, policy = run_policy();
	struct run r;

	for (int i = 0; i < 6; i++) {
		run_begin(&r, &s, SEED, KNOWS_NOTHING, NULL, 0);
		r.settings.guard = i % 2;
		r.bulk = true;
		run_until(&r, weeks(3));
		if (r.seconds * 1e6 / (double)r.mails < us[i % 2])
			us[i % 2] = r.seconds * 1e6 / (double)r.mails;
		if (i == 5)
			break;
		run_end(&r);
	}
	number(&r, "us a bounce, all of the ledger", us[1]);
	number(&r, "us a bounce, the guard", us[1] - us[0]);
	number(&r, "us a bounce, policy", policy);
	figure(&r, "us a bounce, policy and guard", us[1] - us[0] + policy,
		"<=", 5);
	run_end(&r);
}

/* In the short form these two stand for all where sends or engaged addresses
 * are known: the smallest, and the one that mails in bursts. */
static bool shows(int sender)
{
	return senders[sender].habit == HABIT_TRICKLE ||
	       senders[sender].habit == HABIT_DAILY;
}

static bool is_asked(const char *only, const char *what)
{
	return !only || strcmp(only, what) == 0;
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;
	uint32_t divisor = 100;

	is_long = getenv("LONG") != NULL;
	if (is_long)
		divisor = 10;
	if (getenv("DIVISOR"))
		divisor = (uint32_t)strtoul(getenv("DIVISOR"), NULL, 10);
	for (int i = 0; i < SENDERS; i++) {
		if (only && strcmp(only, senders[i].name) != 0)
			continue;
		for (int k = 0; k < 3; k++) {
			if (!is_long && k && !shows(i))
				continue;
			quiet_year(i, divisor, (enum knows)k);
			planted_year(i, divisor, (enum knows)k, false);
		}
		if (is_long)
			planted_year(i, divisor, KNOWS_NOTHING, true);
	}
	for (int i = 2; is_asked(only, "import") && i <= 4; i += 2) {
		import(i, divisor, 0);
		import(i, divisor, 0.9);
	}
	if (is_asked(only, "forged"))
		forged();
	if (is_asked(only, "cost"))
		cost(20);
	printf("%u figures missed\n", missed);
	return missed ? 1 : 0;
}
