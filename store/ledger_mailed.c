/*
 * When addresses were mailed, as send logs tell: the first day, the last and
 * the one before it, so that a report can say "never mailed before" and "not
 * mailed for two years". A log may have every mail that was ever sent, so that
 * an address is 8 bytes of a digest here.
 *
 * Digests are random: put one by one into a table of millions each takes a page
 * of its own. So many are put at a time, in order.
 */
#include "ledger_import.h"

#include <stdlib.h>
#include <string.h>

#include <gnutls/crypto.h>

#include "ledger_private.h"

#define SLICE 10000 /* rows in a transaction: others wait for it */

bool ledger_mailed_make(
	struct ledger_mailed *m, struct str address_key, int64_t at)
{
	unsigned char whole[32];

	if (!address_key.n || address_key.n > LEDGER_ADDRESS || at < 0 ||
		gnutls_hash_fast(GNUTLS_DIG_SHA256, address_key.p,
			address_key.n, whole) < 0)
		return false;
	memcpy(m->key, whole, sizeof(m->key));
	m->day = (int32_t)(at / LEDGER_DAY);
	return true;
}

static struct str key_of(const struct ledger_mailed *m)
{
	return str_of((const char *)m->key, sizeof(m->key));
}

static int in_order(const void *a, const void *b)
{
	const struct ledger_mailed *x = a, *y = b;
	int by_key = memcmp(x->key, y->key, sizeof(x->key));

	return by_key ? by_key : (x->day > y->day) - (x->day < y->day);
}

static int put(struct ledger *l, const struct ledger_mailed *m, size_t *news)
{
	struct sql s = sql_get(l->db, SQL_MAILED_PUT);

	sql_bytes(&s, key_of(m));
	sql_int(&s, m->day);
	if (sql_run(&s))
		return -1;
	*news += sql_changed(l->db) > 0;
	return 0;
}

static int put_slice(
	struct ledger *l, const struct ledger_mailed *v, size_t n, size_t *news)
{
	size_t count = 0;
	int rc = 0;

	if (ledger_begin(l))
		return -1;
	for (size_t i = 0; !rc && i < n; i++)
		if (!i || in_order(&v[i - 1], &v[i]) != 0)
			rc = put(l, &v[i], &count);
	if (ledger_finish(l, rc))
		return -1;
	*news += count;
	return 0;
}

int ledger_mailed_put(
	struct ledger *l, struct ledger_mailed *v, size_t n, size_t *news)
{
	*news = 0;
	qsort(v, n, sizeof(*v), in_order);
	for (size_t i = 0; i < n; i += SLICE)
		if (put_slice(l, v + i, n - i < SLICE ? n - i : SLICE, news))
			return -1;
	return 0;
}

int ledger_mailed_tick(struct ledger *l, int64_t now)
{
	return ledger_drop_slice(l, SQL_MAILED_ANY, SQL_MAILED_DROP, now,
		now / LEDGER_DAY - LEDGER_MAILED_DAYS);
}

int ledger_mailed_forget(struct ledger *l, struct str address_key)
{
	struct ledger_mailed m;
	struct sql s;

	if (!ledger_mailed_make(&m, address_key, 0))
		return 0;
	s = sql_get(l->db, SQL_PURGE_MAILED);
	sql_bytes(&s, key_of(&m));
	return sql_run(&s);
}
