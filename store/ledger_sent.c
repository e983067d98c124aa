/*
 * How much was sent, as it is told, and for how long that is known. What counts
 * of it: ledger_settle.c.
 */
#include "ledger_sent.h"

#include "ledger_private.h"

/* --- telling -------------------------------------------------------------- */

static const struct {
	enum sql_id put;
	int source; /* as in schema.sql */
} hows[] = {
	[LEDGER_SENT_NUMBER] = {SQL_SENT_IS,    2                },
	[LEDGER_SENT_LOG] = {SQL_SENT_MORE,  LEDGER_SOURCE_LOG},
	[LEDGER_SENT_BARE] = {SQL_SENT_MORE,  1                },
	[LEDGER_SENT_OLD] = {SQL_SENT_LEAST, 1                },
};

static struct str told(struct str name)
{
	return name.p ? name : str_of("", 0);
}

int ledger_tell_one(struct ledger *l, const struct ledger_sent *row)
{
	int64_t at = row->at > 0 ? row->at : 0;
	struct sql s = sql_get(l->db, hows[row->how].put);

	sql_int(&s, at / LEDGER_DAY);
	sql_text(&s, told(row->domain));
	sql_text(&s, told(row->provider));
	sql_text(&s, told(row->stream));
	sql_int(&s, row->whole_day ? LEDGER_WHOLE_DAY : at % LEDGER_DAY / 3600);
	sql_int(&s, hows[row->how].source);
	sql_int(&s, row->n);
	if (sql_run(&s))
		return -1;
	s = sql_get(l->db, SQL_SENT_STALE);
	sql_int(&s, at / LEDGER_DAY);
	return sql_run(&s);
}

int ledger_tell(struct ledger *l, const struct ledger_sent *v, size_t n)
{
	int rc = 0;

	if (ledger_begin(l))
		return -1;
	for (size_t i = 0; !rc && i < n; i++)
		rc = ledger_tell_one(l, &v[i]);
	return ledger_finish(l, rc);
}

/* --- forgetting ----------------------------------------------------------- */

/* By the newest day of which something was told, for a clock may be wrong. */
static int prune(struct ledger *l, int64_t today)
{
	static const struct {
		enum sql_id id;
		int days;
	} steps[] = {
		{SQL_SENT_FOLD,         LEDGER_SENT_DOMAIN_DAYS},
		{SQL_SENT_FOLDED,       LEDGER_SENT_DOMAIN_DAYS},
		{SQL_SENT_FORGET,       LEDGER_SENT_DAYS       },
		{SQL_SENT_DROP_DAYS,    LEDGER_SENT_DAYS       },
		{SQL_SENT_DROP_DOMAINS, LEDGER_SENT_DOMAIN_DAYS},
		{SQL_SENT_DROP,         LEDGER_SENT_DAYS       },
	};
	struct sql s = sql_get(l->db, SQL_SENT_NEWEST);
	int64_t newest = 0;
	int rc;

	sql_int(&s, today);
	rc = sql_one(&s, &newest) < 0 ? -1 : 0;
	for (size_t i = 0; !rc && i < sizeof(steps) / sizeof(*steps); i++) {
		s = sql_get(l->db, steps[i].id);
		sql_int(&s, newest - steps[i].days);
		rc = sql_run(&s);
	}
	return rc;
}

int ledger_sent_tick(struct ledger *l, int64_t now)
{
	int64_t today = now / LEDGER_DAY;

	if (l->sent_pruned != today) {
		if (ledger_begin(l) || ledger_finish(l, prune(l, today)))
			return -1;
		l->sent_pruned = today;
	}
	/* What a killed import left. */
	return ledger_settle_next(l) < 0 ? -1 : 0;
}
