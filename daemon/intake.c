/* Batches of a command that runs once. */
#include "intake.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "incident.h"
#include "query.h"
#include "say.h"

#define BATCH_MAILS 1000u
#define BATCH_BYTES (16u << 20)

/* What changes nothing makes no database either. */
static int use_scratch(struct intake *in)
{
	struct conf *conf = &in->env->conf;
	char *path;

	if (!in->rehearsal || !access(conf->database, F_OK) || errno != ENOENT)
		return 0;
	(void)snprintf(
		in->scratch, sizeof(in->scratch), "/tmp/bouncewatch.XXXXXX");
	if (!mkdtemp(in->scratch)) {
		say("unable to make a folder in '/tmp': %s", strerror(errno));
		in->scratch[0] = '\0';
		return EX_CANTCREAT;
	}
	if (asprintf(&path, "%s/dry-run.db", in->scratch) < 0) {
		say("out of memory");
		return EX_OSERR;
	}
	free(conf->database);
	conf->database = path;
	return 0;
}

static void drop_scratch(struct intake *in)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	char path[64];

	if (!in->scratch[0])
		return;
	db_close(in->env->db);
	in->env->db = NULL;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		(void)snprintf(path, sizeof(path), "%s/dry-run.db%s",
			in->scratch, ends[i]);
		(void)unlink(path);
	}
	(void)rmdir(in->scratch);
}

int intake_open(struct intake *in, struct env *e)
{
	int status = env_open_conf(e, ENV_DATABASE);

	in->env = e;
	if (status)
		return status;
	in->house = house_new(&e->conf);
	if (!in->house)
		return EX_CONFIG;
	status = use_scratch(in);
	if (!status)
		status = env_open_database(e, DB_CREATE);
	if (status)
		return status;
	if (ledger_open(e->db, house_ledger_settings(in->house), &in->ledger))
		return env_db_failed(e->db);
	in->batch = ingest_batch_new(in->house);
	if (in->batch)
		return 0;
	say("out of memory");
	return EX_OSERR;
}

void intake_close(struct intake *in)
{
	ingest_batch_free(in->batch);
	ledger_close(in->ledger);
	house_free(in->house);
	drop_scratch(in);
}

static int commit(struct intake *in)
{
	return in->rehearsal ? ingest_batch_rehearse(in->batch, in->ledger,
				       in->env->now, &in->tally)
			     : ingest_batch_commit(in->batch, in->ledger,
				       in->env->now, &in->tally);
}

int intake_commit(struct intake *in)
{
	size_t n = ingest_batch_count(in->batch);
	int status;

	if (!n)
		return 0;
	if (commit(in)) {
		status = env_db_failed(in->env->db);
		say_hint("the last %zu messages were not recorded; run it "
			 "again, nothing counts twice",
			n);
		return status;
	}
	ingest_batch_reset(in->batch);
	return 0;
}

int intake_take(struct intake *in, const struct ingest_mail *m)
{
	int status = 0;

	if (ingest_batch_count(in->batch) >= BATCH_MAILS ||
		ingest_batch_bytes(in->batch) >= BATCH_BYTES)
		status = intake_commit(in);
	if (status || !ingest_batch_add(in->batch, m, in->env->now))
		return status;
	/* A batch of mails with very many recipients can be full sooner. */
	status = intake_commit(in);
	if (status)
		return status;
	ingest_batch_reset(in->batch);
	if (!ingest_batch_add(in->batch, m, in->env->now))
		return 0;
	say("out of memory at %s", say_z(m->source));
	return EX_OSERR;
}

/* One that opened since the command began. */
static int tell_incident(void *arg, const struct query_incident *q)
{
	const struct intake *in = arg;
	char line[INCIDENT_LINE];

	if (q->i.cause != INCIDENT_DETECTED || q->i.opened_at < in->env->now)
		return 0;
	say("incident %" PRId64 ": %s", q->i.id,
		incident_headline(&q->i, line));
	say_hint("%" PRId64 " of these addresses are held, not suppressed; "
		 "'bouncewatch incident show %" PRId64 "' tells more",
		q->held, q->i.id);
	return 0;
}

int intake_finish(struct intake *in, bool quiet)
{
	struct ledger_ticked ticked;

	if (in->rehearsal)
		return 0;
	do
		if (ledger_tick(in->ledger, in->env->now, &ticked) < 0)
			return env_db_failed(in->env->db);
	while (ticked.more);
	if (!quiet && query_incidents(in->env->db, 0, tell_incident, in) < 0)
		return env_db_failed(in->env->db);
	return 0;
}
