/*
 * Rows from other programs. A send log can be as long as all that was ever
 * sent, so that a row of it is 12 bytes of a digest and a time.
 */
#include "ledger_import.h"

#include <string.h>

#include <gnutls/crypto.h>

#include "ledger_private.h"

#define HOUR   3600
#define SLICES 256 /* of a table of digests; one is looked at a minute */

/* One row; -1. *news is raised. */
typedef int put_fn(struct ledger *l, const void *row, size_t *news);

static int put_all(struct ledger *l, const void *v, size_t n, size_t size,
	put_fn *put, size_t *news)
{
	size_t count = 0;
	int rc = 0;

	*news = 0;
	if (ledger_begin(l))
		return -1;
	for (size_t i = 0; !rc && i < n; i++)
		rc = put(l, (const char *)v + i * size, &count);
	if (ledger_finish(l, rc))
		return -1;
	*news = count;
	return 0;
}

/* --- engaged -------------------------------------------------------------- */

static int put_engaged(struct ledger *l, const void *row, size_t *news)
{
	const struct ledger_engaged *e = row;
	struct sql s;
	struct ledger_who who;

	if (!e->address_key.n || e->address_key.n > LEDGER_ADDRESS)
		return 0;
	if (ledger_address(l, e->address_key, e->seen, &who))
		return -1;
	s = sql_get(l->db, SQL_ENGAGED_PUT);
	sql_int(&s, who.id);
	sql_int(&s, e->at);
	if (sql_run(&s))
		return -1;
	*news += sql_changed(l->db) > 0;
	return 0;
}

int ledger_engaged_put(struct ledger *l, const struct ledger_engaged *v,
	size_t n, size_t *news)
{
	return put_all(l, v, n, sizeof(*v), put_engaged, news);
}

/* --- sent ----------------------------------------------------------------- */

static int put_sent(struct ledger *l, const struct ledger_sent *row)
{
	static const enum sql_id how[] = {
		[LEDGER_SENT_IS] = SQL_SENT_PUT,
		[LEDGER_SENT_LEAST] = SQL_SENT_LEAST,
		[LEDGER_SENT_MORE] = SQL_SENT_ADD,
	};
	struct sql s = sql_get(l->db, how[row->how]);
	int64_t at = row->at > 0 ? row->at : 0;

	if (row->whole_day)
		at -= at % LEDGER_DAY;
	sql_int(&s, row->kind);
	sql_text(&s, row->name.p ? row->name : str_of("", 0));
	sql_int(&s, at / HOUR);
	sql_int(&s, row->whole_day ? 1 : row->how == LEDGER_SENT_MORE ? 0 : 2);
	sql_int(&s, row->n);
	return sql_run(&s);
}

int ledger_sent_put(struct ledger *l, const struct ledger_sent *v, size_t n)
{
	int rc = 0;

	if (ledger_begin(l))
		return -1;
	for (size_t i = 0; !rc && i < n; i++)
		rc = put_sent(l, &v[i]);
	return ledger_finish(l, rc);
}

int ledger_sent_total(struct ledger *l, int64_t from, int64_t to)
{
	static const enum incident_kind kinds[] = {
		INCIDENT_PROVIDER, INCIDENT_STREAM};

	int rc = 0;

	if (ledger_begin(l))
		return -1;
	for (size_t i = 0; !rc && i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct sql s = sql_get(l->db, SQL_SENT_TOTAL);

		sql_int(&s, kinds[i]);
		sql_int(&s, (from - from % LEDGER_DAY) / HOUR);
		sql_int(&s, to / HOUR);
		rc = sql_run(&s);
	}
	return ledger_finish(l, rc);
}

/* --- the send log --------------------------------------------------------- */

static struct str bare_id(struct str id)
{
	id = str_trim(id);
	if (id.n && id.p[0] == '<')
		id = str_sub(id, 1, id.n);
	return str_trim(str_sub(id, 0, str_chr(id, '>')));
}

/* The key of schema.sql. False: there is none. */
static bool sendlog_key(
	struct str message_id, struct str address_key, unsigned char key[32])
{
	char text[1024 + 1 + LEDGER_ADDRESS];

	message_id = bare_id(message_id);
	if (!message_id.n || message_id.n > 1024 || !address_key.n ||
		address_key.n > LEDGER_ADDRESS)
		return false;
	memcpy(text, message_id.p, message_id.n);
	text[message_id.n] = '\0';
	memcpy(text + message_id.n + 1, address_key.p, address_key.n);
	return gnutls_hash_fast(GNUTLS_DIG_SHA256, text,
		       message_id.n + 1 + address_key.n, key) == 0;
}

static struct str key_bytes(const unsigned char key[32])
{
	return str_of((const char *)key, 12);
}

static int put_mail(struct ledger *l, struct ledger_sendlog *e)
{
	unsigned char key[32];
	struct sql s;

	e->is_new = false;
	if (!sendlog_key(e->message_id, e->address_key, key))
		return 0;
	s = sql_get(l->db, SQL_SENDLOG_PUT);
	sql_bytes(&s, key_bytes(key));
	sql_int(&s, e->at);
	if (sql_run(&s))
		return -1;
	e->is_new = sql_changed(l->db) > 0;
	return 0;
}

int ledger_sendlog_put(struct ledger *l, struct ledger_sendlog *v, size_t n,
	ledger_sums_fn *sums, void *arg, size_t *news)
{
	const struct ledger_sent *sum = NULL;
	size_t count = 0, sums_n;
	int rc = 0;

	*news = 0;
	if (ledger_begin(l))
		return -1;
	for (size_t i = 0; !rc && i < n; i++) {
		rc = put_mail(l, &v[i]);
		count += v[i].is_new;
	}
	sums_n = rc || !sums ? 0 : sums(arg, &sum);
	for (size_t i = 0; !rc && i < sums_n; i++)
		rc = put_sent(l, &sum[i]);
	if (ledger_finish(l, rc))
		return -1;
	*news = count;
	return 0;
}

int ledger_sendlog_has(struct ledger *l, struct str message_id,
	struct str address_key, bool *has)
{
	int rc = ledger_has_rows(l, SQL_SENDLOG_ANY, &l->sendlog);
	unsigned char key[32];
	struct sql s;
	int64_t at;

	*has = false;
	if (rc <= 0 || !sendlog_key(message_id, address_key, key))
		return rc < 0 ? -1 : 0;
	s = sql_get(l->db, SQL_SENDLOG_FIND);
	sql_bytes(&s, key_bytes(key));
	rc = sql_one(&s, &at);
	*has = rc == 1;
	return rc < 0 ? -1 : 0;
}

int ledger_drop_slice(struct ledger *l, enum sql_id any, enum sql_id drop,
	int64_t now, int64_t before)
{
	unsigned char first = (unsigned char)(now / 60 % SLICES), last[13];
	struct sql s = sql_get(l->db, any);
	int64_t is = 0;

	if (sql_one(&s, &is) < 0)
		return -1;
	if (!is)
		return 0;
	if (ledger_begin(l))
		return -1;
	s = sql_get(l->db, drop);
	memset(last, 0xff, sizeof(last));
	last[0] = first;
	sql_bytes(&s, str_of((const char *)&first, 1));
	sql_bytes(&s, str_of((const char *)last, sizeof(last)));
	sql_int(&s, before);
	return ledger_finish(l, sql_run(&s));
}

int ledger_sendlog_tick(struct ledger *l, int64_t now)
{
	return ledger_drop_slice(l, SQL_SENDLOG_ANY, SQL_SENDLOG_DROP, now,
		now - (int64_t)LEDGER_SENDLOG_DAYS * LEDGER_DAY);
}
