/*
 * To forget an address, where the law asks for it, without mailing it again:
 * of the address a hash remains, by which its next bounce, a check and an
 * export of hashes find it; its evidence, and what people wrote about it, goes.
 */
#include "ledger.h"
#include "ledger_private.h"
#include "purged.h"

/* Run a statement with the address id alone; *n rows were changed. */
static int of_address(
	struct ledger *l, enum sql_id what, int64_t id, int64_t *n)
{
	struct sql s = sql_get(l->db, what);

	sql_int(&s, id);
	if (sql_run(&s))
		return -1;
	*n = sql_changed(l->db);
	return 0;
}

static int rename_address(struct ledger *l, int64_t id, struct str key)
{
	char hash[PURGED_SIZE];
	struct sql s = sql_get(l->db, SQL_PURGE_ADDRESS);

	sql_text(&s, purged_name(key, hash));
	sql_int(&s, id);
	return sql_run(&s);
}

/* A domain that nobody has any more could be somebody's name. */
static int drop_domain(struct ledger *l, struct str domain)
{
	struct sql s = sql_get(l->db, SQL_PURGE_DOMAIN);

	sql_text(&s, domain);
	return sql_run(&s);
}

static int purge(struct ledger *l, struct str key, struct ledger_purged *out)
{
	struct str domain = key_domain(key);
	int64_t id, n;
	int rc = ledger_address_find(l, key, &id, &out->before);

	if (ledger_mailed_forget(l, key))
		return -1;
	out->found = rc == 1;
	if (rc != 1)
		return rc < 0 ? -1 : 0;
	if (of_address(l, SQL_PURGE_EVIDENCE, id, &out->evidence) ||
		of_address(l, SQL_PURGE_NOTES, id, &out->notes) ||
		of_address(l, SQL_PURGE_ENGAGED, id, &n))
		return -1;
	if (out->before)
		return 0;
	return rename_address(l, id, key) || drop_domain(l, domain) ? -1 : 0;
}

int ledger_purge(struct ledger *l, struct str address_key, bool dry_run,
	struct ledger_purged *out)
{
	int rc;

	*out = (struct ledger_purged){.found = false};
	if (ledger_begin(l))
		return -1;
	rc = purge(l, address_key, out);
	if (!rc && dry_run)
		ledger_rollback(l);
	else
		rc = ledger_finish(l, rc);
	ledger_intern_forget(l);
	return rc;
}
