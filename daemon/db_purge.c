/*
 * To forget, and to make room. An address that was forgotten is still known as
 * suppressed, by its hash (store/purged.h).
 */
#include "db_purge.h"

#include <inttypes.h>
#include <sysexits.h>

#include "db_care.h"
#include "ingest.h"
#include "print.h"
#include "progress.h"
#include "say.h"

struct purge {
	struct env *env;
	struct house *house;
	struct ledger *ledger;
	bool dry_run;
};

static int open_ledger(struct purge *p, struct env *e, bool dry_run)
{
	*p = (struct purge){.env = e, .dry_run = dry_run};
	p->house = house_new(&e->conf);
	if (!p->house)
		return EX_CONFIG;
	return ledger_open(e->db, house_ledger_settings(p->house), &p->ledger)
		       ? env_db_failed(e->db)
		       : 0;
}

static void close_ledger(struct purge *p)
{
	ledger_close(p->ledger);
	house_free(p->house);
}

static void hint(const struct purge *p, bool room)
{
	if (p->dry_run)
		say_hint("nothing was changed: leave --dry-run out to do it");
	else if (room)
		say_hint("the room is used again; 'bouncewatch db vacuum' "
			 "gives it back to the system");
}

/* --- evidence --- */

static int drop_evidence(struct purge *p, int64_t before, int64_t *total)
{
	size_t dropped = 1;
	int64_t n;

	if (db_care_evidence(p->env->db, before, &n))
		return -1;
	*total = p->dry_run ? n : 0;
	progress_start("pieces of evidence", (uint64_t)n);
	while (!p->dry_run && dropped) {
		if (ledger_retain(p->ledger, before, &dropped))
			return -1;
		*total += (int64_t)dropped;
		progress_at((uint64_t)*total);
	}
	progress_end();
	return 0;
}

int db_purge_evidence(struct env *e, int64_t before, bool dry_run)
{
	struct purge p;
	int64_t n = 0;
	int status = open_ledger(&p, e, dry_run);

	if (!status && drop_evidence(&p, before, &n))
		status = env_db_failed(e->db);
	close_ledger(&p);
	if (status)
		return status;
	say("%s the evidence of %" PRId64 " event%s",
		dry_run ? "would drop" : "dropped", n, n == 1 ? "" : "s");
	hint(&p, n > 0);
	return 0;
}

/* --- addresses --- */

static void tell(
	const struct purge *p, struct str given, const struct ledger_purged *r)
{
	struct out *o = p->env->out;

	print_visible(o, given);
	if (!r->found)
		out_z(o, ": not known\n");
	else if (r->before)
		out_z(o, ": was forgotten before\n");
	else
		out_printf(o,
			": %s, with %" PRId64
			" piece%s of evidence and %" PRId64 " note%s\n",
			p->dry_run ? "would be forgotten" : "forgotten",
			r->evidence, r->evidence == 1 ? "" : "s", r->notes,
			r->notes == 1 ? "" : "s");
}

/* 0, 1 (not known), or the exit status of what went wrong. */
static int forget(struct purge *p, struct str given, bool *some)
{
	struct ledger_purged r;
	struct address a;
	int status = env_address(p->env, given, &a);

	if (status)
		return status;
	if (ledger_purge(p->ledger, a.key, p->dry_run, &r))
		return env_db_failed(p->env->db);
	tell(p, given, &r);
	*some = *some || (r.found && !r.before);
	return r.found ? 0 : 1;
}

int db_purge_addresses(struct env *e, char **addresses, int n, bool dry_run)
{
	struct purge p;
	bool some = false;
	int status = open_ledger(&p, e, dry_run);
	int worst = 0;

	for (int i = 0; !status && i < n; i++) {
		status = forget(&p, str_from(addresses[i]), &some);
		if (status != 1 && status != EX_DATAERR)
			continue;
		worst = status > worst ? status : worst;
		status = 0;
	}
	close_ledger(&p);
	if (status)
		return status;
	if (some && !dry_run)
		say_hint("what holds for them is still known, by a hash; "
			 "backups, exports and the mailbox may still have "
			 "them");
	else if (some)
		hint(&p, false);
	return worst;
}
